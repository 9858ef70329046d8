//! The generated documents that are made of the words: `docs/GLOSSARY.md` and `docs/FINDINGS.md` as Markdown.

use fourwave_annotate::lang::{Label, Phase};
use fourwave_annotate::{
    By, Cause, Certainty, ClientBasis, Code, ConnectionModifier, Duty, Finding, FindingId, InjectionEvidence,
    Kind, Lang, Modifier, On, Raised, ResetForm, ReuseOutcome, Role, Severity, Side, State, VantageLimit,
    Wave, Who,
};

const GENERATED: &str = "<!-- Generated from annotate/src/lang by `cargo xtask docs`; edit there. -->\n";

/// The glossary: every code with its English and its Chinese text.
#[must_use]
pub fn glossary() -> String {
    [
        format!("# Glossary\n\n{GENERATED}\nCodes and state names are never translated.\n"),
        section::<State>("States", Lang::state_phrase),
        section::<Wave>("Waves 挥手", Lang::wave),
        section::<Wave>("What the waves are", Lang::wave_name),
        section::<Role>("Roles of segments", Lang::role),
        section::<Role>("Roles in short", Lang::role_short),
        section::<Modifier>("Modifiers of segments", Lang::modifier),
        section::<Kind>("Kinds of connections", Lang::kind),
        section::<ConnectionModifier>("Modifiers of connections", Lang::connection_modifier),
        section::<Side>("Peers", Lang::side),
        section::<ClientBasis>("How client and server are known", Lang::client_basis),
        section::<Who>("Who began the close", Lang::who),
        section::<By>("What shows it", Lang::by),
        section::<Certainty>("Certainty", Lang::certainty),
        section::<ResetForm>("Forms of a RST", Lang::reset_form),
        section::<Phase>("Phases of a close", Lang::phase),
        section::<Cause>("Who causes the next step", Lang::cause),
        section::<On>("What causes the next step", Lang::on),
        section::<Duty>("What a peer owes", Lang::duty),
        section::<Severity>("Severities", Lang::severity),
        section::<FindingId>("Findings", Lang::finding_title),
        section::<ReuseOutcome>("Outcomes of a reuse", Lang::reuse_outcome),
        section::<InjectionEvidence>("Evidence of injection", Lang::injection_evidence),
        section::<VantageLimit>("Limits of a capture", Lang::vantage_limit),
    ]
    .concat()
}

/// The findings: what each means, why it matters and what to do, in both languages.
#[must_use]
pub fn findings() -> String {
    let mut text = format!("# Findings\n\n{GENERATED}");
    for &id in FindingId::ALL {
        text.push_str(&format!("\n## `{id}`\n\nSeverity: `{}`", id.severity()));
        if let Some(Raised { severity, threshold }) = id.raised() {
            text.push_str(&format!("; `{severity}` from the threshold `{threshold}` on"));
        }
        text.push_str(".\n");
        for &lang in Lang::ALL {
            let (why, advice) = (lang.label(Label::Why), lang.label(Label::Advice));
            let (title, sentence) = (lang.finding_title(id), lang.finding_text(&Finding::bare(id)));
            text.push_str(&format!(
                "
### {title}

{sentence}

"
            ));
            text.push_str(&format!("- **{why}** {}\n", lang.finding_why(id)));
            if let Some(sentence) = lang.finding_advice(id) {
                text.push_str(&format!("- **{advice}** {sentence}\n"));
            }
        }
    }
    text
}

/// A table of one vocabulary.
fn section<T: Code>(title: &str, words: fn(Lang, T) -> &'static str) -> String {
    let mut table = format!("\n## {title}\n\n| code | English | 中文 |\n|---|---|---|\n");
    for &word in T::ALL {
        let (en, zh_hans) = (words(Lang::En, word), words(Lang::ZhHans, word));
        table.push_str(&format!("| `{}` | {en} | {zh_hans} |\n", word.code()));
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_hold_every_code() {
        let (glossary, findings) = (glossary(), findings());
        let has = |text: &str, code: &str| text.contains(&format!("`{code}`"));
        assert!(Role::ALL.iter().all(|role| has(&glossary, role.code())));
        assert!(Kind::ALL.iter().all(|kind| has(&glossary, kind.code())));
        assert!(State::ALL.iter().all(|state| has(&glossary, state.code())));
        assert!(FindingId::ALL.iter().all(|id| has(&glossary, id.code()) && has(&findings, id.code())));
        let columns = |line: &str| line.matches('|').count();
        assert!(glossary.lines().filter(|line| line.starts_with('|')).all(|line| columns(line) == 4));
    }
}
