//! The words: every sentence that a person reads about a connection, in English and Simplified Chinese (SPEC 5.5,
//! 7, 8.1, 9, 10, 11).
//!
//! Each language is one folder of functions over the vocabularies, exhaustive matches all: a word without its
//! text does not compile. Codes and state names are never translated. Nothing here decides anything, and nothing
//! else in this crate holds a sentence.

use alloc::borrow::Cow;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use fourwave_dissector::FrameId;

use crate::annotation::{Annotation, Duty};
use crate::code::{Code, coded};
use crate::connection::ResetForm;
use crate::finding::{Finding, FindingId, InjectionEvidence, Params, ReuseOutcome, Severity, VantageLimit};
use crate::harmless::harmless;
use crate::kind::{By, Certainty, ClientBasis, Kind, Who};
use crate::modifier::{ConnectionModifier, Modifier};
use crate::next::{Cause, On};
use crate::role::{Role, Wave};
use crate::side::Side;
use crate::state::{Bounds, State};

mod duration;
mod en;
mod label;
mod zh_hans;

pub use duration::duration;
pub use label::Label;

coded! {
    /// A language; its code is its BCP 47 tag.
    pub enum Lang {
        /// English.
        En = "en",
        /// Chinese in simplified characters.
        ZhHans = "zh-CN",
    }
}

coded! {
    /// A phase of a close that has a duration (SPEC 8.5); the codes are the keys of the connection record.
    pub enum Phase {
        /// Wave 1 to wave 2.
        Fin1Ack = "fin1_ack",
        /// Wave 2 to wave 3.
        CloseWait = "close_wait",
        /// Wave 3 to wave 4.
        LastAck = "last_ack",
        /// 2 MSL.
        TimeWait = "time_wait",
        /// First to last of the waves and counted resets.
        Teardown = "teardown",
    }
}

impl Lang {
    /// The language of a locale name as `LC_ALL`, `LC_MESSAGES` or `LANG` hold it: `zh_CN.UTF-8`, `zh-Hans`, `C`.
    ///
    /// Chinese of every region is given the simplified text, `zh_TW` and `zh_HK` too: there is no traditional
    /// one, and who reads traditional characters is nearer to simplified ones than to English. Everything else
    /// is English.
    #[must_use]
    pub fn from_locale(locale: &str) -> Self {
        let language = locale.split(['_', '-', '.', '@', ':']).next().unwrap_or_default();
        if language.eq_ignore_ascii_case("zh") { Self::ZhHans } else { Self::En }
    }
}

macro_rules! words {
    ($($(#[doc = $doc:literal])* $name:ident($($arg:ident: $type:ty),*) -> $text:ty;)+) => {
        impl Lang {
            $(
                $(#[doc = $doc])*
                #[must_use]
                pub fn $name(self, $($arg: $type),*) -> $text {
                    match self {
                        Self::En => en::$name($($arg),*),
                        Self::ZhHans => zh_hans::$name($($arg),*),
                    }
                }
            )+
        }
    };
}

words! {
    /// What a segment of this role means: a sentence (SPEC 5.5).
    role(role: Role) -> &'static str;
    /// The role in a few words, for ladders and tables.
    role_short(role: Role) -> &'static str;
    /// "wave 1", 第一次挥手.
    wave(wave: Wave) -> &'static str;
    /// What the wave is (SPEC 7.1): a phrase.
    wave_name(wave: Wave) -> &'static str;
    /// How a connection ended: a phrase (SPEC 8.1).
    kind(kind: Kind) -> &'static str;
    /// What a connection of this kind went through: a sentence (SPEC 8.1).
    kind_sentence(kind: Kind) -> &'static str;
    /// What it means to be in the state: a phrase (RFC 9293 section 3.3.2). The name itself is never translated.
    state_phrase(state: State) -> &'static str;
    /// A modifier of a segment: a phrase (SPEC 5.1).
    modifier(modifier: Modifier) -> &'static str;
    /// A modifier of a connection: a phrase (SPEC 8.1).
    connection_modifier(modifier: ConnectionModifier) -> &'static str;
    /// What shows who began: a noun.
    by(by: By) -> &'static str;
    /// How firm a statement is: one word.
    certainty(certainty: Certainty) -> &'static str;
    /// What the roles of client and server rest on: a phrase (SPEC 8.3).
    client_basis(basis: ClientBasis) -> &'static str;
    /// How much a finding matters: one word.
    severity(severity: Severity) -> &'static str;
    /// What a peer owes: a noun (SPEC 9).
    duty(duty: Duty) -> &'static str;
    /// What causes the expected next step: a noun (SPEC 9).
    on(on: On) -> &'static str;
    /// Who causes it.
    cause(cause: Cause) -> &'static str;
    /// "client", 客户端.
    side(side: Side) -> &'static str;
    /// Who began the close.
    who(who: Who) -> &'static str;
    /// The shape of a RST: a phrase (SPEC 5.4).
    reset_form(form: ResetForm) -> &'static str;
    /// What came of a SYN to a peer in TIME-WAIT: a phrase (SPEC 6.5).
    reuse_outcome(outcome: ReuseOutcome) -> &'static str;
    /// Why a RST is held to be forged: a phrase.
    injection_evidence(evidence: InjectionEvidence) -> &'static str;
    /// In what way a capture is incomplete: a phrase.
    vantage_limit(limit: VantageLimit) -> &'static str;
    /// A phase of a close, by what bounds it (SPEC 8.5): a phrase.
    phase(phase: Phase) -> &'static str;

    /// A finding in a few words.
    finding_title(id: FindingId) -> &'static str;
    /// A finding with its parameters: the sentence of SPEC 10. A parameter that is missing is paraphrased.
    finding_text(finding: &Finding) -> Cow<'static, str>;
    /// What to look at or change: one sentence, or none where nothing is wrong.
    finding_advice(id: FindingId) -> Option<&'static str>;
    /// Why the finding matters, and the section of the RFC that it rests on.
    finding_why(id: FindingId) -> &'static str;

    /// A comment on the packet of a segment: its part, both peers' states after it, the sender's first, and the frames
    /// that it has to do with. `name` gives the name of a frame: its number, as a rule.
    segment_comment(annotation: &Annotation, name: FrameNames<'_>) -> String;
    /// A comment on the packet that completes the evidence of a finding.
    finding_comment(finding: &Finding, name: FrameNames<'_>) -> String;
    /// A comment on a packet at which a finding becomes known, before all is known of it.
    title_comment(id: FindingId) -> String;
}

impl Lang {
    /// A label of a document or walk-through.
    #[must_use]
    pub const fn label(self, label: Label) -> &'static str {
        match self {
            Self::En => label.en(),
            Self::ZhHans => label.zh_hans(),
        }
    }
}

/// What frames are called.
pub type FrameNames<'a> = &'a dyn Fn(FrameId) -> String;

/// The codes of a segment: its role and its modifiers.
fn codes(annotation: &Annotation, separator: &str) -> String {
    let mut codes = String::from(annotation.role.code());
    annotation.modifiers.for_each(|code, number| {
        codes.push_str(separator);
        codes.push_str(code);
        if let Some(number) = number {
            codes.push(':');
            codes.push_str(&number.to_string());
        }
    });
    codes
}

/// The states after a segment, the sender's first.
fn states_after(annotation: &Annotation) -> [(Side, Bounds); 2] {
    [annotation.from, annotation.from.other()].map(|side| (side, annotation.peers[side].after))
}

/// The names of frames, without the middle of a long list.
fn frame_names(frames: &[FrameId], name: FrameNames<'_>) -> Vec<String> {
    const MOST: usize = 8;
    match frames {
        [first @ .., last] if first.len() >= MOST => {
            let first = first.iter().take(MOST - 2).map(|at| name(*at));
            first.chain([String::from("..."), name(*last)]).collect()
        }
        few => few.iter().map(|at| name(*at)).collect(),
    }
}

/// Who is named second in a finding: the other peer, unless the parameters say who.
fn other(params: &Params) -> Option<Side> {
    params.other.or(params.peer.map(Side::other))
}

/// `words` with `separator` between them.
fn join(words: impl Iterator<Item = &'static str>, separator: &str) -> String {
    let mut text = String::new();
    for word in words {
        if !text.is_empty() {
            text.push_str(separator);
        }
        text.push_str(word);
    }
    text
}

/// The text of a RST, if there is any. That of the engine is harmless; parameters can be anybody's.
fn reset_text(params: &Params) -> Option<Cow<'_, str>> {
    params.text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(harmless)
}

#[cfg(test)]
mod tests;
