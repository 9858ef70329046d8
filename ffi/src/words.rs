//! The vocabularies as numbers, with codes and words for each.
//!
//! One list a vocabulary gives its numbers; `header.rs` makes the constants of the header from the same lists.
//! Numbers never change: a new word gets the next free one, wherever its place in the vocabulary is. 0 is no word.

use core::ffi::{CStr, c_char};
use std::ffi::CString;
use std::sync::LazyLock;

use fourwave_annotate::{
    By, Cause, Certainty, ClientBasis, Code, ConnectionModifier, Duty, FindingId, Kind, Lang, Modifier, Next,
    On, ResetForm, Role, Set, Severity, Side, State, Wave, Who,
};

use crate::guard::{Checked, fill, status, value, versioned};
use crate::status::{FOURWAVE_NOT_FOUND, fourwave_status};

/// A vocabulary whose words have numbers for C.
pub(crate) trait Numbered: Code {
    /// The number of the word, from 1.
    fn number(self) -> u8;

    /// The words as a set for C: bit `number` for each.
    fn bits(set: Set<Self>) -> u64 {
        set.iter().fold(0, |bits, word| bits | 1 << word.number())
    }

    /// The word of a number.
    fn of(number: u32) -> Option<Self> {
        Self::ALL.iter().copied().find(|word| u32::from(word.number()) == number)
    }
}

/// The number of a word that may be missing: 0.
pub(crate) fn number_or_zero<T: Numbered>(word: Option<T>) -> u8 {
    word.map_or(0, T::number)
}

/// A vocabulary, as tables and the header need it.
pub(crate) struct Vocabulary {
    /// As in the names of constants.
    pub name: &'static str,
    /// What its words are.
    pub meaning: &'static str,
    /// Its words, by number.
    pub words: fn() -> Vec<Entry>,
}

/// Number, code, and words in each language.
type Entry = (u8, &'static str, [&'static str; Lang::ALL.len()]);

macro_rules! numbered {
    ($($(#[doc = $meaning:literal])+ $name:ident $type:ident by $text:ident { $($number:literal $word:ident)+ })+) => {
        $(impl Numbered for $type {
            fn number(self) -> u8 {
                match self { $(Self::$word => $number,)+ }
            }
        })+

        /// All vocabularies; their own numbers are their places here, from 1.
        pub(crate) const VOCABULARIES: &[Vocabulary] = &[$(Vocabulary {
            name: stringify!($name),
            meaning: concat!($($meaning),+),
            words: || {
                let words = $type::ALL.iter().map(|&word| {
                    (word.number(), word.code(), [Lang::En.$text(word), Lang::ZhHans.$text(word)])
                });
                let mut words: Vec<_> = words.collect();
                words.sort_unstable();
                words
            },
        },)+];
    };
}

numbered! {
    /// An end of a connection.
    SIDE Side by side {
        1 Client  2 Server
    }
    /// A state of RFC 9293, or UNKNOWN: no statement.
    STATE State by state_phrase {
        1 Unknown  2 Closed  3 Listen  4 SynSent  5 SynReceived  6 Established  7 FinWait1  8 FinWait2
        9 CloseWait  10 Closing  11 LastAck  12 TimeWait
    }
    /// What a segment does to the end of its connection.
    ROLE Role by role_short {
        1 Fin1  2 AckOfFin1  3 Fin2  4 AckOfFin2  5 FinAckCombined  6 FinSimultaneous
        7 FinRetransmission  8 FinConflict  9 ReackOfFin  10 HalfCloseData  11 CrossingData
        12 RstRefused  13 RstHandshake  14 RstAbort  15 RstInsteadOfFin  16 RstAfterFin
        17 RstToLateData  18 RstInResponse  19 RstIntoTimeWait  20 RstAfterClose  21 RstIgnored
        22 RstRepeat  23 ChallengeAck  24 AfterOwnRst  25 LateSegment  26 SynInSynchronized
        27 ReuseSyn  28 Stray  29 IllegalFlags  30 Open  31 Data  32 Ack  33 Keepalive
        34 ZeroWindowProbe  35 TimeWaitExpired
    }
    /// One of the four waves of a close.
    WAVE Wave by wave_name {
        1 First  2 Second  3 Third  4 Fourth
    }
    /// What a segment is beside its role.
    MODIFIER Modifier by modifier {
        1 Data  2 FillsGap  3 Retransmission  4 AlreadyAcked  5 GapBefore  6 AcksUnseen
        7 MaybeAcksUnseenFin  8 InfersUnseenFin  9 LateCapture  10 OldSeq  11 AckInvalid  12 Repeat
        13 Duplicate  14 ZeroWindow  15 Exact  16 ExactFin1  17 InWindow  18 OutOfWindow  19 Unknown
        20 AnswersBadAck  21 Reordered  22 RstNotReceived  23 FromTimeWait  24 Evicted
    }
    /// How a connection ended.
    KIND Kind by kind {
        1 StrayOnly  2 Refused  3 Superseded  4 HandshakeReset  5 ResetDuringClose  6 Simultaneous
        7 HalfClose  8 ThreeSegment  9 FourWay  10 FinThenResetByCloser  11 FinThenResetByPeer
        12 OneWayClose  13 HalfClosedOpen  14 FinUnanswered  15 Reset  16 HandshakeIncomplete
        17 OneWayOpen  18 OpenAtEnd
    }
    /// What a connection is beside its kind.
    CONNECTION_MODIFIER ConnectionModifier by connection_modifier {
        1 MidStream  2 OneWay  3 SynNotSeen  4 SimultaneousOpen  5 OooOverflow  6 Mptcp
        7 TruncatedByEnd  8 Evicted
    }
    /// What the roles of client and server rest on.
    CLIENT_BASIS ClientBasis by client_basis {
        1 Syn  2 SynAck  3 Port  4 FirstPacket
    }
    /// Who began a close.
    WHO Who by who {
        1 Client  2 Server  3 Both
    }
    /// What shows who began.
    BY By by by {
        1 Fin  2 FinInferred  3 Rst
    }
    /// How firm a statement is.
    CERTAINTY Certainty by certainty {
        1 Certain  2 Likely
    }
    /// Something worth a remark.
    FINDING FindingId by finding_title {
        1 ThreeSegmentClose  2 SimultaneousClose  3 HalfClose  4 CloseWaitDwell  5 CloseWaitLeak
        6 FinUnanswered  7 FinRetransmitted  8 FinRetransmissionStorm  9 FinalAckLost
        10 FinalAckMissing  11 FinBehindGap  12 FinConflict  13 RstAbort  14 RstUnreadData
        15 RstInsteadOfFin  16 RstAfterFin  17 DataAfterClose  18 RstDataLoss  19 RstWithPayload
        20 RstAfterClose  21 RstIgnored  22 RstChallenged  23 ChallengeAckLoop
        24 RstInjectionSuspected  25 IdleClose  26 HalfOpenDiscovered  27 TimeWaitReuse
        28 TimeWaitAssassination  29 ConnectionRefused  30 HandshakeReset  31 KeepaliveTimeout
        32 ZeroWindowAtClose  33 RtxTimeout  34 VantageLimits
    }
    /// How much a finding matters.
    SEVERITY Severity by severity {
        1 Info  2 Note  3 Warn  4 Error
    }
    /// What a peer must send whatever its application does.
    DUTY Duty by duty {
        1 AckOfFin  2 ReackOfFin  3 ChallengeAck  4 Retransmission
    }
    /// Who causes a step that can come next.
    CAUSE Cause by cause {
        1 Own  2 Peer  3 Timer
    }
    /// What such a step is.
    ON On by on {
        1 Syn  2 SynAck  3 Ack  4 Data  5 Fin  6 AckOfFin  7 FinAndAck  8 Rst  9 TwoMsl  10 GiveUp
    }
    /// The shape of a RST.
    RESET_FORM ResetForm by reset_form {
        1 Reply  2 Active
    }
}

/// The constant texts, with the NUL that C wants; made once, never changed.
static TEXTS: LazyLock<Vec<Vec<Word>>> = LazyLock::new(|| {
    VOCABULARIES.iter().map(|vocabulary| (vocabulary.words)().into_iter().map(Word::new).collect()).collect()
});

struct Word {
    number: u8,
    code: CString,
    texts: [CString; Lang::ALL.len()],
}

impl Word {
    fn new((number, code, texts): Entry) -> Self {
        Self { number, code: c_text(code), texts: texts.map(c_text) }
    }

    fn find(vocabulary: u32, number: u32) -> Checked<&'static Self> {
        let words = vocabulary.checked_sub(1).and_then(|index| TEXTS.get(index as usize));
        let word = words.and_then(|words| words.iter().find(|word| u32::from(word.number) == number));
        word.ok_or(FOURWAVE_NOT_FOUND)
    }
}

/// `text` as C has it. Our own texts have no NUL; what came from the network may, and is cut there.
pub(crate) fn c_text(text: &str) -> CString {
    let end = text.find('\0').unwrap_or(text.len());
    CString::new(&text[..end]).unwrap_or_default()
}

/// The stable code of a word: "fin-1" for FOURWAVE_ROLE_FIN_1 of FOURWAVE_VOCABULARY_ROLE. Static; NULL for a number
/// that is none, so that a loop from 1 ends.
#[unsafe(no_mangle)]
pub extern "C" fn fourwave_code(vocabulary: u32, number: u32) -> *const c_char {
    value(core::ptr::null(), || Ok(Word::find(vocabulary, number)?.code.as_ptr()))
}

/// A word in a few words of a language (FOURWAVE_LANG_...), UTF-8. Static; NULL for a number that is none.
#[unsafe(no_mangle)]
pub extern "C" fn fourwave_text(vocabulary: u32, number: u32, lang: u32) -> *const c_char {
    value(core::ptr::null(), || {
        let texts = &Word::find(vocabulary, number)?.texts;
        let index = lang.checked_sub(1).ok_or(FOURWAVE_NOT_FOUND)?;
        Ok(texts.get(index as usize).ok_or(FOURWAVE_NOT_FOUND)?.as_ptr())
    })
}

/// The language of a number: its place among all, from 1.
pub(crate) fn lang(number: u32) -> Checked<Lang> {
    let index = number.checked_sub(1).ok_or(FOURWAVE_NOT_FOUND)?;
    Lang::ALL.get(index as usize).copied().ok_or(FOURWAVE_NOT_FOUND)
}

/// A language's longer texts.
struct Sentences {
    roles: Vec<CString>,
    advice: Vec<Option<CString>>,
    why: Vec<CString>,
}

static SENTENCES: LazyLock<Vec<Sentences>> = LazyLock::new(|| {
    let of_lang = |lang: &Lang| Sentences {
        roles: Role::ALL.iter().map(|&role| c_text(lang.role(role))).collect(),
        advice: FindingId::ALL.iter().map(|&id| lang.finding_advice(id).map(c_text)).collect(),
        why: FindingId::ALL.iter().map(|&id| c_text(lang.finding_why(id))).collect(),
    };
    Lang::ALL.iter().map(of_lang).collect()
});

/// The texts of a language, and the place in them of the word `number`.
fn sentences<T: Numbered>(number: u32, language: u32) -> Checked<(&'static Sentences, usize)> {
    let word = T::of(number).ok_or(FOURWAVE_NOT_FOUND)?;
    let sentences = SENTENCES.get(lang(language)?.index() as usize).ok_or(FOURWAVE_NOT_FOUND)?;
    Ok((sentences, word.index() as usize))
}

/// What a segment of a role means: a sentence, UTF-8. Static; NULL for a number that is none.
#[unsafe(no_mangle)]
pub extern "C" fn fourwave_role_sentence(role: u32, lang: u32) -> *const c_char {
    value(core::ptr::null(), || {
        let (sentences, index) = sentences::<Role>(role, lang)?;
        Ok(sentences.roles[index].as_ptr())
    })
}

/// 1 if a role says something of the end of a connection; 0 for those of its opening and its life, and for a number
/// that is none.
#[unsafe(no_mangle)]
pub extern "C" fn fourwave_role_is_teardown(role: u32) -> u32 {
    value(0, || Ok(Role::of(role).ok_or(FOURWAVE_NOT_FOUND)?.is_teardown().into()))
}

/// What to look at or change where a finding was made: a sentence, UTF-8. Static; NULL where nothing is wrong, and
/// for a number that is none.
#[unsafe(no_mangle)]
pub extern "C" fn fourwave_finding_advice(finding: u32, lang: u32) -> *const c_char {
    value(core::ptr::null(), || {
        let (sentences, index) = sentences::<FindingId>(finding, lang)?;
        Ok(sentences.advice[index].as_deref().map_or(core::ptr::null(), CStr::as_ptr))
    })
}

/// Why a finding matters and which section of an RFC it rests on, UTF-8. Static; NULL for a number that is none.
#[unsafe(no_mangle)]
pub extern "C" fn fourwave_finding_why(finding: u32, lang: u32) -> *const c_char {
    value(core::ptr::null(), || {
        let (sentences, index) = sentences::<FindingId>(finding, lang)?;
        Ok(sentences.why[index].as_ptr())
    })
}

/// How much a finding matters unless its connection says otherwise: FOURWAVE_SEVERITY_..., 0 for a number that is none.
#[unsafe(no_mangle)]
pub extern "C" fn fourwave_finding_severity(finding: u32) -> u32 {
    value(0, || Ok(FindingId::of(finding).ok_or(FOURWAVE_NOT_FOUND)?.severity().number().into()))
}

/// A step that can come next from a state (docs/SPEC.md, section 9).
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct fourwave_next {
    /// sizeof(fourwave_next), set by the caller.
    pub struct_size: usize,
    /// FOURWAVE_CAUSE_...: who causes it.
    pub by: u8,
    /// FOURWAVE_ON_...: what it is.
    pub on: u8,
    /// FOURWAVE_STATE_...: where it leads.
    pub to: u8,
    /// 1 if only the application can cause it.
    pub app: u8,
}
versioned!(fourwave_next, from app);

/// The index-th step (from 0) that can come next from a state. FOURWAVE_NOT_FOUND after the last.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fourwave_state_next(
    state: u32,
    index: usize,
    out: *mut fourwave_next,
) -> fourwave_status {
    status(|| {
        let state = State::of(state).ok_or(FOURWAVE_NOT_FOUND)?;
        let next = Next::after(state).get(index).ok_or(FOURWAVE_NOT_FOUND)?;
        let next = fourwave_next {
            struct_size: 0,
            by: next.by.number(),
            on: next.on.number(),
            to: next.to.number(),
            app: next.app.into(),
        };
        // SAFETY: the header asks it of the caller.
        unsafe { fill(out, &next) }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_distinct_and_fit_a_set() {
        for vocabulary in VOCABULARIES {
            let words = (vocabulary.words)();
            assert!(words.windows(2).all(|pair| pair[0].0 < pair[1].0), "{}", vocabulary.name);
            assert!(words.iter().all(|(number, ..)| (1..64).contains(number)), "{}", vocabulary.name);
        }
    }

    #[test]
    fn a_loop_over_a_vocabulary_finds_all_and_ends() {
        for (index, vocabulary) in (1..).zip(VOCABULARIES) {
            let count = (1..).take_while(|number| !fourwave_code(index, *number).is_null()).count();
            assert_eq!(count, (vocabulary.words)().len(), "{}", vocabulary.name);
        }
    }
}
