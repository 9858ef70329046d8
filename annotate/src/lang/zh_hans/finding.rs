//! The sentences of the findings (SPEC 10).

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::ToString;
use core::fmt::{self, from_fn};

use super::side;
use crate::finding::{Finding, FindingId, InjectionEvidence, ReuseOutcome, VantageLimit};
use crate::lang::{duration, join, other, reset_text};

pub fn finding_text(finding: &Finding) -> Cow<'static, str> {
    let params = &finding.params;
    let peer = params.peer.map_or("一端", side);
    let other = other(params).map_or("另一端", side);
    let lasted = params.duration_ns.map(|ns| from_fn(move |f| f.write_str(&duration(ns))));
    let time = spaced(lasted.as_ref(), "", "一段时间");
    let after = spaced(lasted.as_ref(), " 后", "一段时间后");
    let octets = spaced(params.octets, " 字节", "若干字节");
    match finding.id {
        FindingId::ThreeSegmentClose => "第二、三次挥手合并，属正常现象。".into(),
        FindingId::SimultaneousClose => "双方同时关闭：都经过 CLOSING，并都进入 TIME-WAIT。".into(),
        FindingId::HalfClose => format!("{other}半关闭后，{peer}又发送了{octets}。").into(),
        FindingId::CloseWaitDwell => {
            format!("{peer}在 CLOSE-WAIT 停留{time}：应用程序迟迟未关闭连接。").into()
        }
        FindingId::CloseWaitLeak => format!("{peer}确认了 FIN 却一直不关闭，疑似套接字泄漏。").into(),
        FindingId::FinUnanswered => format!("{peer}的 FIN 未见确认。").into(),
        FindingId::FinRetransmitted => format!("FIN 在{after}重传；未必丢包，可能是尾部丢包探测。").into(),
        FindingId::FinRetransmissionStorm => match params.copies {
            Some(copies) => format!("FIN 发送了 {copies} 次。").into(),
            None => "FIN 发送了多次。".into(),
        },
        FindingId::FinalAckLost => "最后的 ACK 已发出，FIN 仍重传：ACK 可能在抓包点之后丢失。".into(),
        FindingId::FinalAckMissing => "抓包中没有最后的 ACK。".into(),
        FindingId::FinBehindGap => "FIN 先于缺失数据到达，补齐后才生效。".into(),
        FindingId::FinConflict => "FIN 之后仍占用序号，或 FIN 序号前后不一致。".into(),
        FindingId::RstAbort => format!("{peer}直接用 RST 中止连接。").into(),
        FindingId::RstUnreadData => "可能是 close() 时仍有未读数据；与 SO_LINGER=0 在线上无法区分。".into(),
        FindingId::RstInsteadOfFin => format!("{peer}以 RST 代替 FIN 响应关闭。").into(),
        FindingId::RstAfterFin => format!("{peer}先发 FIN 再发 RST，跳过 TIME-WAIT。").into(),
        FindingId::DataAfterClose => {
            format!("{peer}完全关闭后{other}仍发送数据，{}丢失。", octets.to_string().trim_start()).into()
        }
        FindingId::RstDataLoss => format!("复位时{peer}有{octets}未被确认，可能丢失。").into(),
        FindingId::RstWithPayload => match reset_text(params) {
            Some(text) => format!("RST 携带说明文本：{text}。").into(),
            None => "RST 携带说明文本。".into(),
        },
        FindingId::RstAfterClose => "连接已完整关闭后的 RST，无影响。".into(),
        FindingId::RstIgnored => "RST 序号不精确，符合规范的协议栈不会接受。".into(),
        FindingId::RstChallenged => "RST 触发了挑战 ACK。".into(),
        FindingId::ChallengeAckLoop => "双方反复互发挑战 ACK。".into(),
        FindingId::RstInjectionSuspected => {
            match join(params.evidence.iter().map(injection_evidence), "、").as_str() {
                "" => format!("RST 可能不是{peer}发出的，疑似注入。").into(),
                grounds => format!("RST 可能不是{peer}发出的，疑似注入；依据：{grounds}。").into(),
            }
        }
        FindingId::IdleClose => format!("静默{after}关闭。").into(),
        FindingId::HalfOpenDiscovered => format!("{peer}早已没有该连接（半开连接被发现）。").into(),
        FindingId::TimeWaitReuse => {
            let reused: Cow<'static, str> = match params.outcome {
                Some(outcome) => format!("TIME-WAIT 期间端口被复用：{}", reuse_outcome(outcome)).into(),
                None => "TIME-WAIT 期间端口被复用".into(),
            };
            match params.duration_ns {
                Some(ns) => format!("{reused}（距关闭 {}）。", duration(ns)).into(),
                None => reused + "。",
            }
        }
        FindingId::TimeWaitAssassination => "RST 提前终结了 TIME-WAIT；无攻击时也会发生。".into(),
        FindingId::ConnectionRefused => "端口未监听或被过滤。".into(),
        FindingId::HandshakeReset => "握手被取消。".into(),
        FindingId::KeepaliveTimeout => format!("保活探测无应答，{peer}判定对端失效。").into(),
        FindingId::ZeroWindowAtClose => format!("零窗口推迟了关闭：{other}的应用未读取数据。").into(),
        FindingId::RtxTimeout => format!("{peer}多次重传同一报文段。").into(),
        FindingId::VantageLimits => match join(params.what.iter().map(vantage_limit), "、").as_str() {
            "" => "抓包不完整，结论为推测。".into(),
            missing => format!("抓包不完整：{missing}，结论为推测。").into(),
        },
    }
}

pub const fn finding_title(id: FindingId) -> &'static str {
    match id {
        FindingId::ThreeSegmentClose => "三次挥手",
        FindingId::SimultaneousClose => "同时关闭",
        FindingId::HalfClose => "半关闭",
        FindingId::CloseWaitDwell => "关闭迟缓",
        FindingId::CloseWaitLeak => "疑似套接字泄漏",
        FindingId::FinUnanswered => "FIN 无应答",
        FindingId::FinRetransmitted => "FIN 重传",
        FindingId::FinRetransmissionStorm => "FIN 反复重传",
        FindingId::FinalAckLost => "最后的 ACK 可能丢失",
        FindingId::FinalAckMissing => "未见最后的 ACK",
        FindingId::FinBehindGap => "FIN 之前有缺失数据",
        FindingId::FinConflict => "前后矛盾的 FIN",
        FindingId::RstAbort => "RST 中止连接",
        FindingId::RstUnreadData => "可能带着未读数据关闭",
        FindingId::RstInsteadOfFin => "以 RST 响应关闭",
        FindingId::RstAfterFin => "FIN 之后又发 RST",
        FindingId::DataAfterClose => "向已关闭的一端发送数据",
        FindingId::RstDataLoss => "复位时有未确认的数据",
        FindingId::RstWithPayload => "RST 携带文本",
        FindingId::RstAfterClose => "关闭之后的无害 RST",
        FindingId::RstIgnored => "RST 序号不精确",
        FindingId::RstChallenged => "RST 被质询",
        FindingId::ChallengeAckLoop => "挑战 ACK 循环",
        FindingId::RstInjectionSuspected => "RST 疑似伪造",
        FindingId::IdleClose => "静默之后关闭",
        FindingId::HalfOpenDiscovered => "半开连接",
        FindingId::TimeWaitReuse => "TIME-WAIT 期间端口复用",
        FindingId::TimeWaitAssassination => "TIME-WAIT 被 RST 终结",
        FindingId::ConnectionRefused => "连接被拒绝",
        FindingId::HandshakeReset => "握手被取消",
        FindingId::KeepaliveTimeout => "保活探测无应答",
        FindingId::ZeroWindowAtClose => "零窗口之后关闭",
        FindingId::RtxTimeout => "重传无应答",
        FindingId::VantageLimits => "抓包不完整",
    }
}

pub const fn injection_evidence(evidence: InjectionEvidence) -> &'static str {
    match evidence {
        InjectionEvidence::SenderContinued => "所称的发送方若无其事地继续发送",
        InjectionEvidence::TtlDiffers => "TTL 与该发送方的其他报文段不同",
    }
}

pub const fn reuse_outcome(outcome: ReuseOutcome) -> &'static str {
    match outcome {
        ReuseOutcome::Accepted => "被接受",
        ReuseOutcome::Challenged => "被质询",
        ReuseOutcome::Ignored => "被忽略",
    }
}

pub const fn vantage_limit(limit: VantageLimit) -> &'static str {
    match limit {
        VantageLimit::MidStream => "始于握手之后",
        VantageLimit::OneWay => "只见一个方向",
        VantageLimit::InferredFin => "有一个 FIN 未见，系推断得出",
        VantageLimit::MaybeUnseenFin => "有一个被确认的字节未见，可能是 FIN",
    }
}

/// A number after Chinese text has a space before it, words have none.
fn spaced(number: Option<impl fmt::Display>, unit: &str, words: &str) -> impl fmt::Display {
    from_fn(move |f| match &number {
        Some(number) => write!(f, " {number}{unit}"),
        None => f.write_str(words),
    })
}
