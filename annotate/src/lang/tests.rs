//! That every word has a text in every language, that the texts are whole, and that they are those of SPEC.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use super::*;
use crate::code::{Code, Set};
use crate::list::List;

/// What a text is: a sentence ends with a full stop, a phrase does not.
#[derive(Clone, Copy, PartialEq)]
enum Form {
    Phrase,
    Sentence,
}

fn has_han(text: &str) -> bool {
    text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
}

fn check_en(text: &str, form: Form) {
    assert!(!text.is_empty() && text.trim() == text && !text.contains(['{', '}']), "{text:?}");
    assert!(!text.contains("  ") && !text.contains("..") && !has_han(text), "{text:?}");
    assert_eq!(text.ends_with('.'), form == Form::Sentence, "{text:?}");
}

fn check_zh(text: &str, form: Form) {
    assert!(!text.is_empty() && text.trim() == text && !text.contains(['{', '}']), "{text:?}");
    assert!(!text.contains("  ") && !text.contains("。。") && !text.ends_with('.'), "{text:?}");
    assert_eq!(text.ends_with('。'), form == Form::Sentence, "{text:?}");
}

/// Checks the texts of a vocabulary. A Chinese text without Han characters must be the English one: `RST`.
fn check<T: Code>(words: fn(Lang, T) -> &'static str, form: Form) {
    for &word in T::ALL {
        let (en, zh) = (words(Lang::En, word), words(Lang::ZhHans, word));
        check_en(en, form);
        check_zh(zh, Form::Phrase);
        assert!(has_han(zh) || zh == en, "{zh:?}");
    }
    for &lang in Lang::ALL {
        let distinct: BTreeSet<_> = T::ALL.iter().map(|&word| words(lang, word)).collect();
        assert_eq!(distinct.len(), T::ALL.len(), "two words of one text: {distinct:?}");
    }
}

#[test]
fn every_word_has_a_text_of_its_own_in_both_languages() {
    check(Lang::role, Form::Sentence);
    check(Lang::role_short, Form::Phrase);
    check(Lang::wave, Form::Phrase);
    check(Lang::wave_name, Form::Phrase);
    check(Lang::kind, Form::Phrase);
    check(Lang::state_phrase, Form::Phrase);
    check(Lang::modifier, Form::Phrase);
    check(Lang::connection_modifier, Form::Phrase);
    check(Lang::by, Form::Phrase);
    check(Lang::certainty, Form::Phrase);
    check(Lang::client_basis, Form::Phrase);
    check(Lang::severity, Form::Phrase);
    check(Lang::duty, Form::Phrase);
    check(Lang::on, Form::Phrase);
    check(Lang::cause, Form::Phrase);
    check(Lang::side, Form::Phrase);
    check(Lang::who, Form::Phrase);
    check(Lang::reset_form, Form::Phrase);
    check(Lang::reuse_outcome, Form::Phrase);
    check(Lang::injection_evidence, Form::Phrase);
    check(Lang::vantage_limit, Form::Phrase);
    check(Lang::phase, Form::Phrase);
    check(Lang::finding_title, Form::Phrase);
    for &label in Label::ALL {
        check_en(Lang::En.label(label), Form::Phrase);
        check_zh(Lang::ZhHans.label(label), Form::Phrase);
    }
}

#[test]
fn advice_and_reasons_are_whole_sentences_of_their_own() {
    for &lang in Lang::ALL {
        let ends_well = |text: &str| match lang {
            Lang::En => check_en(text, Form::Sentence),
            Lang::ZhHans => check_zh(text, Form::Sentence),
        };
        let mut seen = BTreeSet::new();
        for &id in FindingId::ALL {
            let (why, advice) = (lang.finding_why(id), lang.finding_advice(id));
            for text in advice.into_iter().chain([why]) {
                ends_well(text);
                assert!(has_han(text) == (lang == Lang::ZhHans) && seen.insert(text), "{text:?}");
            }
            assert_eq!(advice.is_some(), Lang::En.finding_advice(id).is_some(), "{id}");
            assert!(id == FindingId::VantageLimits || why.contains("RFC "), "{id} cites no section");
        }
    }
}

fn finding(id: FindingId, params: Params) -> Finding {
    Finding { id, severity: Severity::Note, certainty: Certainty::Certain, frames: List::default(), params }
}

/// Every parameter set; `peer` is the server.
fn full() -> Params {
    Params {
        peer: Some(Side::Server),
        other: Some(Side::Client),
        duration_ns: Some(3_987_000_000),
        octets: Some(20),
        copies: Some(4),
        text: Some(String::from("go away")),
        outcome: Some(ReuseOutcome::Challenged),
        evidence: InjectionEvidence::ALL.iter().copied().collect(),
        what: VantageLimit::ALL.iter().copied().collect(),
    }
}

#[test]
fn findings_read_well_with_any_parameters() {
    for &id in FindingId::ALL {
        for params in [
            Params::default(),
            full(),
            Params { peer: Some(Side::Client), ..Params::default() },
            Params { octets: Some(1), ..full() },
        ] {
            let finding = finding(id, params);
            check_en(&Lang::En.finding_text(&finding), Form::Sentence);
            let text = Lang::ZhHans.finding_text(&finding);
            check_zh(&text, Form::Sentence);
            assert!(has_han(&text), "{text:?}");
        }
    }
}

/// The sentences of SPEC 10 with the parameters of [`full`] in their places.
#[test]
fn findings_say_what_the_specification_says() {
    for (id, en, zh) in [
        (
            FindingId::SimultaneousClose,
            "Both sides closed before seeing the other's FIN.",
            "双方同时关闭：都经过 CLOSING，并都进入 TIME-WAIT。",
        ),
        (
            FindingId::HalfClose,
            "The server sent 20 octets after acknowledging the FIN of the client.",
            "客户端半关闭后，服务器又发送了 20 字节。",
        ),
        (
            FindingId::CloseWaitDwell,
            "The server stayed in CLOSE-WAIT for 3.99 s without sending: its application was slow to close.",
            "服务器在 CLOSE-WAIT 停留 3.99 s：应用程序迟迟未关闭连接。",
        ),
        (
            FindingId::CloseWaitLeak,
            "The server acknowledged the FIN but never closed: possible socket leak.",
            "服务器确认了 FIN 却一直不关闭，疑似套接字泄漏。",
        ),
        (
            FindingId::FinUnanswered,
            "The FIN of the server was not acknowledged in this capture.",
            "服务器的 FIN 未见确认。",
        ),
        (
            FindingId::FinRetransmitted,
            "FIN sent again after 3.99 s. This happens without loss too (tail-loss probe before a delayed ACK).",
            "FIN 在 3.99 s 后重传；未必丢包，可能是尾部丢包探测。",
        ),
        (FindingId::FinRetransmissionStorm, "FIN sent 4 times.", "FIN 发送了 4 次。"),
        (
            FindingId::RstInsteadOfFin,
            "The server answered the close of the client with RST.",
            "服务器以 RST 代替 FIN 响应关闭。",
        ),
        (
            FindingId::DataAfterClose,
            "The client sent data after the server had fully closed; 20 octets lost.",
            "服务器完全关闭后客户端仍发送数据，20 字节丢失。",
        ),
        (
            FindingId::RstDataLoss,
            "20 octets from the server were unacknowledged at the reset: possible loss.",
            "复位时服务器有 20 字节未被确认，可能丢失。",
        ),
        (FindingId::RstWithPayload, "RST carries text: go away.", "RST 携带说明文本：go away。"),
        (FindingId::IdleClose, "Closed after 3.99 s of silence.", "静默 3.99 s 后关闭。"),
        (
            FindingId::TimeWaitReuse,
            "Port pair reused 3.99 s after the close, in TIME-WAIT: challenged.",
            "TIME-WAIT 期间端口被复用：被质询（距关闭 3.99 s）。",
        ),
        (
            FindingId::ZeroWindowAtClose,
            "The close came behind a zero window: the client did not read.",
            "零窗口推迟了关闭：客户端的应用未读取数据。",
        ),
        (
            FindingId::KeepaliveTimeout,
            "The server declared the peer dead.",
            "保活探测无应答，服务器判定对端失效。",
        ),
    ] {
        let finding = finding(id, full());
        assert_eq!(Lang::En.finding_text(&finding), en);
        assert_eq!(Lang::ZhHans.finding_text(&finding), zh);
    }
}

#[test]
fn findings_name_every_ground() {
    for &lang in Lang::ALL {
        let text = lang.finding_text(&finding(FindingId::RstInjectionSuspected, full()));
        assert!(InjectionEvidence::ALL.iter().all(|&e| text.contains(lang.injection_evidence(e))), "{text}");
        let text = lang.finding_text(&finding(FindingId::VantageLimits, full()));
        assert!(VantageLimit::ALL.iter().all(|&limit| text.contains(lang.vantage_limit(limit))), "{text}");
        let one = Params { what: Set::of(VantageLimit::OneWay), ..Params::default() };
        let text = lang.finding_text(&finding(FindingId::VantageLimits, one));
        assert!(!text.contains(lang.vantage_limit(VantageLimit::MidStream)), "{text}");
    }
}

#[test]
fn one_octet_is_singular_and_the_other_peer_follows_from_the_first() {
    let params = Params { peer: Some(Side::Client), octets: Some(1), ..Params::default() };
    assert_eq!(
        Lang::En.finding_text(&finding(FindingId::RstDataLoss, params.clone())),
        "1 octet from the client was unacknowledged at the reset: possible loss."
    );
    assert_eq!(
        Lang::En.finding_text(&finding(FindingId::HalfClose, params)),
        "The client sent 1 octet after acknowledging the FIN of the server."
    );
}

#[test]
fn text_of_a_rst_cannot_steer_a_terminal() {
    let text = Some(String::from("it's\u{1b}[31m \u{202e}gone\n"));
    let finding = finding(FindingId::RstWithPayload, Params { text, ..Params::default() });
    for &lang in Lang::ALL {
        let text = lang.finding_text(&finding);
        assert!(text.contains("it's\\u{1b}[31m \\u{202e}gone"), "{text}");
    }
}

/// Texts of SPEC 5.5, 7 and 8.1.
#[test]
fn words_are_those_of_the_specification() {
    let (en, zh) = (Lang::En, Lang::ZhHans);
    assert_eq!(en.role(Role::Fin1), "First FIN: the sender will send no more data.");
    assert_eq!(zh.role(Role::Fin1), "第一次挥手：主动关闭方发送 FIN");
    assert_eq!(
        en.role(Role::AckOfFin2),
        "First ACK that covers the second FIN; the final ACK unless the close is simultaneous."
    );
    assert_eq!(zh.role(Role::AckOfFin2), "第四次挥手：确认第二个 FIN");
    assert_eq!(zh.role(Role::TimeWaitExpired), "TIME-WAIT 结束（2MSL 到期）");
    assert_eq!(
        Wave::ALL.iter().map(|&wave| zh.wave(wave)).collect::<Vec<_>>(),
        ["第一次挥手", "第二次挥手", "第三次挥手", "第四次挥手"]
    );
    assert_eq!(en.wave(Wave::Third), "wave 3");
    assert_eq!(en.kind(Kind::ResetDuringClose), "both closed, then reset before the end");
    assert_eq!(zh.kind(Kind::ThreeSegment), "三次挥手（二、三次合并）");
}

#[test]
fn every_kind_has_a_sentence_of_its_own() {
    let mut seen = BTreeSet::new();
    for &kind in Kind::ALL {
        let (en, zh) = (Lang::En.kind_sentence(kind), Lang::ZhHans.kind_sentence(kind));
        check_en(en, Form::Sentence);
        check_zh(zh, Form::Sentence);
        assert!(has_han(zh) && seen.insert(en) && seen.insert(zh), "{kind}");
    }
}

/// SPEC 11, A4 and A16: what was not seen may still have happened.
#[test]
fn nothing_is_claimed_that_a_passive_observer_cannot_know() {
    let mut said = String::new();
    for &kind in Kind::ALL {
        said.push_str(Lang::En.kind(kind));
        said.push_str(Lang::En.kind_sentence(kind));
    }
    for &label in Label::ALL {
        said.push_str(Lang::En.label(label));
    }
    for claim in ["still open", "not sent", "never sent"] {
        assert!(!said.contains(claim), "{claim}");
    }
}

#[test]
fn locales_choose_a_language() {
    for locale in ["zh", "zh_CN.UTF-8", "zh-Hans", "zh-CN", "ZH_cn", "zh_TW.Big5", "zh_HK@euro", "zh.UTF-8"] {
        assert_eq!(Lang::from_locale(locale), Lang::ZhHans, "{locale}");
    }
    for locale in ["", "C", "C.UTF-8", "POSIX", "en_GB.UTF-8", "de_DE", "zha_CN", "ja_JP.UTF-8"] {
        assert_eq!(Lang::from_locale(locale), Lang::En, "{locale}");
    }
    assert_eq!(Lang::from_code("zh-CN"), Some(Lang::ZhHans));
}
