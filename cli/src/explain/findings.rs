//! What is to be said of the connection: findings with their frames and advice, and what was corrected.

use anstyle::Style;
use fourwave_annotate::lang::Lang;
use fourwave_annotate::{Certainty, Code, Finding, Revision, Severity};

use super::layout::{Page, WIDTH, paint, width};
use super::story::Story;
use super::verdict::Verdict;
use super::{notation, words};
use crate::terminal::style::{CLOSE, FAINT, NOTE, RESET};

/// Prints the findings.
pub fn print(page: &mut Page, lang: Lang, story: &Story) {
    page.section(words::findings_title(lang));
    if story.connection.findings.is_empty() {
        let text = match Verdict::of(&story.connection) {
            Verdict::Orderly => words::nothing_found(lang),
            Verdict::ClosedWithRemarks | Verdict::Reset | Verdict::NoEnd | Verdict::NoConnection => {
                words::nothing_to_report(lang)
            }
        };
        page.paragraph("  ", Style::new(), text);
    }
    for finding in &story.connection.findings {
        print_one(page, lang, story, finding);
    }
}

fn print_one(page: &mut Page, lang: Lang, story: &Story, finding: &Finding) {
    let severity = format!("[{}]", lang.severity(finding.severity));
    let certainty = match finding.certainty {
        Certainty::Certain => String::new(),
        Certainty::Likely => format!(" ({})", lang.certainty(finding.certainty)),
    };
    let frames: Vec<String> = finding.frames.iter().map(|&at| notation::frame(story, at)).collect();
    let frames = if frames.is_empty() { String::new() } else { words::frames(lang, &words::shorten(frames)) };
    let head = format!("{severity} {}{certainty}", finding.id.code());
    let painted =
        format!("  {} {}{certainty}", paint(colour(finding.severity), &severity), finding.id.code());
    if width(&head) + width(&frames) + 4 <= WIDTH {
        page.line(&format!("{painted}  {}", paint(FAINT, &frames)));
    } else {
        page.line(&painted);
        page.paragraph("      ", FAINT, &frames);
    }
    page.paragraph("      ", Style::new(), &lang.finding_text(finding));
    if let Some(advice) = lang.finding_advice(finding.id) {
        page.paragraph("      ", Style::new(), &words::advice(lang, advice));
    }
}

/// The colour of a severity.
pub const fn colour(severity: Severity) -> Style {
    match severity {
        Severity::Info => CLOSE,
        Severity::Note => NOTE,
        Severity::Warn => NOTE.bold(),
        Severity::Error => RESET.bold(),
    }
}

/// Prints what later segments showed to have been otherwise than annotated.
pub fn print_hindsight(page: &mut Page, lang: Lang, story: &Story) {
    if story.connection.retro.is_empty() {
        return;
    }
    page.section(words::hindsight_title(lang));
    for retro in &story.connection.retro {
        let what = match retro.what {
            Revision::Role { was, is } => {
                words::role_corrected(lang, lang.role_short(was), lang.role_short(is))
            }
            Revision::Moved { connection, .. } => words::moved_away(lang, connection),
            Revision::InferenceWithdrawn => words::inference_withdrawn(lang).to_owned(),
        };
        let frame = words::frame(lang, &notation::frame(story, retro.at));
        page.paragraph("  ", Style::new(), &words::titled(lang, &frame, &what));
    }
}
