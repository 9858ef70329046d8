//! Words of the state diagram.

use fourwave_annotate::lang::Lang;
use fourwave_annotate::{Cause, Next, On, Side};

use super::capital;
use super::story::spaced;

/// The title of the diagram without a connection.
pub fn states_title(lang: Lang) -> &'static str {
    say!(lang, "The states of a TCP endpoint (RFC 9293, figure 5)", "TCP 端点的状态（RFC 9293 图 5）")
}

/// What is to be seen.
pub fn states_description(lang: Lang) -> &'static str {
    say!(
        lang,
        "State diagram: the eleven states of a TCP endpoint, the steps between them, what causes each and what is sent.",
        "状态图：TCP 端点的十一个状态、状态之间的转换、触发条件以及所发送的报文段。"
    )
}

/// The call that waits for a connection.
pub fn passive_open(lang: Lang) -> &'static str {
    say!(lang, "passive OPEN", "被动打开")
}

/// The call that opens a connection.
pub fn active_open(lang: Lang, sends: Option<On>) -> String {
    caused(lang, say!(lang, "active OPEN", "主动打开"), sends)
}

/// What causes a step, and what is sent.
pub fn edge(lang: Lang, next: Next, sends: Option<On>) -> String {
    let name = received(lang, next.on);
    match next.by {
        Cause::Own if next.app => caused(lang, say!(lang, "CLOSE", "应用关闭"), sends),
        Cause::Own => caused(lang, "", sends),
        Cause::Peer => {
            let event = say!(lang, format!("receives {name}"), format!("收到{}", spaced(name)));
            caused(lang, &event, sends)
        }
        Cause::Timer => say!(lang, format!("{name} over"), format!("{name} 到期")),
    }
}

fn caused(lang: Lang, event: &str, sends: Option<On>) -> String {
    match sends.map(segment) {
        Some(sends) => say!(lang, format!("{event} / sends {sends}"), format!("{event} / 发送 {sends}")),
        None => event.to_owned(),
    }
}

/// What is received.
fn received(lang: Lang, on: On) -> &'static str {
    match on {
        On::AckOfFin => say!(lang, "ACK of FIN", "对 FIN 的 ACK"),
        On::FinAndAck => say!(lang, "FIN + ACK of FIN", "FIN 及对 FIN 的 ACK"),
        On::Syn | On::SynAck | On::Ack | On::Data | On::Fin | On::Rst | On::TwoMsl | On::GiveUp => {
            segment(on)
        }
    }
}

/// What is sent or received, as it is called on the wire.
const fn segment(on: On) -> &'static str {
    match on {
        On::Syn => "SYN",
        On::SynAck => "SYN,ACK",
        On::Ack => "ACK",
        On::Data => "data",
        On::Fin => "FIN",
        On::AckOfFin => "ACK of FIN",
        On::FinAndAck => "FIN + ACK of FIN",
        On::Rst => "RST",
        On::TwoMsl => "2 MSL",
        On::GiveUp => "timeout",
    }
}

/// A step of a connection that the diagram does not have: to CLOSED, or past states that were not seen.
pub fn abrupt_end(lang: Lang, is_closed: bool) -> &'static str {
    if is_closed { "RST" } else { say!(lang, "steps not seen", "中间状态未见") }
}

/// From where a step for this reason leads to CLOSED.
pub fn leads_to_closed(lang: Lang, on: On, states: &[&str]) -> String {
    let states_en = states.join(", ");
    let states_zh = states.join("、");
    match on {
        On::GiveUp => say!(
            lang,
            format!("A stack can give up, silently, in {states_en}."),
            format!("协议栈可能在 {states_zh} 中超时放弃连接，且不发送任何报文段。")
        ),
        On::Syn
        | On::SynAck
        | On::Ack
        | On::Data
        | On::Fin
        | On::AckOfFin
        | On::FinAndAck
        | On::Rst
        | On::TwoMsl => {
            let name = segment(on);
            say!(
                lang,
                format!("{name}, sent or received, leads to CLOSED from {states_en}."),
                format!("在 {states_zh} 中，发送或收到 {name} 都会进入 CLOSED。")
            )
        }
    }
}

/// How to read the diagram.
pub fn states_note(lang: Lang) -> &'static str {
    say!(
        lang,
        "Before the slash: what happens; after it: what is sent. OPEN and CLOSE are calls of the application. CLOSED is drawn twice, before a connection and after it. Of figure 5, calls that no segment shows are left out: CLOSE in LISTEN and SYN-SENT, SEND in LISTEN.",
        "斜线之前为触发事件，之后为所发送的报文段。打开与关闭由应用程序调用。CLOSED 画了两次：连接之前与连接之后。图 5 中没有报文段可见的调用未画出：LISTEN 和 SYN-SENT 中的关闭，LISTEN 中的发送。"
    )
}

/// How to read what stands below the names of states.
pub fn reached_note(lang: Lang) -> &'static str {
    say!(
        lang,
        "Below a state: whose path leads through it, and from which frame on.",
        "状态下方：哪一端经过该状态，自哪一帧起。"
    )
}

/// Whose path a line is.
pub fn path_of(lang: Lang, side: Side, address: &str) -> String {
    let who = lang.side(side);
    say!(lang, format!("{} {address}", capital(who)), format!("{who} {address}"))
}

/// Who reached a state, and in which frame.
pub fn reached(lang: Lang, side: Side, frame: Option<&str>) -> String {
    let who = lang.side(side);
    frame.map_or_else(|| who.to_owned(), |frame| format!("{who} {frame}"))
}
