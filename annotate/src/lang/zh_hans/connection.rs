//! What is said of a connection and its peers.

use crate::connection::ResetForm;
use crate::finding::Severity;
use crate::kind::{By, Certainty, ClientBasis, Kind, Who};
use crate::lang::Phase;
use crate::modifier::ConnectionModifier;
use crate::side::Side;

pub const fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::StrayOnly => "仅有无归属报文",
        Kind::Refused => "连接被拒绝",
        Kind::Superseded => "未见关闭即被复用",
        Kind::HandshakeReset => "握手期间复位",
        Kind::ResetDuringClose => "挥手过程中复位",
        Kind::Simultaneous => "同时关闭",
        Kind::HalfClose => "半关闭后关闭",
        Kind::ThreeSegment => "三次挥手（二、三次合并）",
        Kind::FourWay => "四次挥手",
        Kind::FinThenResetByCloser => "FIN 后由主动关闭方复位",
        Kind::FinThenResetByPeer => "FIN 后由被动关闭方复位",
        Kind::OneWayClose => "单向抓包：已关闭",
        Kind::HalfClosedOpen => "半关闭，未见另一端关闭",
        Kind::FinUnanswered => "FIN 无应答",
        Kind::Reset => "复位",
        Kind::HandshakeIncomplete => "握手未完成",
        Kind::OneWayOpen => "单向抓包：未关闭",
        Kind::OpenAtEnd => "抓包结束前未见关闭",
    }
}

pub const fn connection_modifier(modifier: ConnectionModifier) -> &'static str {
    match modifier {
        ConnectionModifier::MidStream => "抓包始于握手之后",
        ConnectionModifier::OneWay => "只见一个方向",
        ConnectionModifier::SynNotSeen => "有一个 SYN 未见",
        ConnectionModifier::SimultaneousOpen => "双方同时打开",
        ConnectionModifier::OooOverflow => "空缺过多，其余按已收到处理",
        ConnectionModifier::Mptcp => "多路径 TCP 的子流：状态仅指该子流",
        ConnectionModifier::TruncatedByEnd => "因抓包结束而中断",
        ConnectionModifier::Evicted => "未见关闭便不再跟踪",
    }
}

pub const fn by(by: By) -> &'static str {
    match by {
        By::Fin => "FIN",
        By::FinInferred => "未见但可由确认号推断的 FIN",
        By::Rst => "RST",
    }
}

pub const fn certainty(certainty: Certainty) -> &'static str {
    match certainty {
        Certainty::Certain => "确定",
        Certainty::Likely => "可能",
    }
}

pub const fn client_basis(basis: ClientBasis) -> &'static str {
    match basis {
        ClientBasis::Syn => "看到了它的 SYN",
        ClientBasis::SynAck => "看到了服务器的 SYN-ACK",
        ClientBasis::Port => "可能，依据端口号",
        ClientBasis::FirstPacket => "猜测：首个分组由它发送",
    }
}

pub const fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "信息",
        Severity::Note => "注意",
        Severity::Warn => "警告",
        Severity::Error => "错误",
    }
}

pub const fn side(side: Side) -> &'static str {
    match side {
        Side::Client => "客户端",
        Side::Server => "服务器",
    }
}

pub const fn who(who: Who) -> &'static str {
    match who {
        Who::Client => "客户端",
        Who::Server => "服务器",
        Who::Both => "双方",
    }
}

pub const fn reset_form(form: ResetForm) -> &'static str {
    match form {
        ResetForm::Reply => "形式上是对某报文段的应答",
        ResetForm::Active => "形式上不是应答",
    }
}

pub const fn phase(phase: Phase) -> &'static str {
    match phase {
        Phase::Fin1Ack => "第一个 FIN 到其确认",
        Phase::CloseWait => "确认到第二个 FIN（CLOSE-WAIT）",
        Phase::LastAck => "第二个 FIN 到其确认",
        Phase::TimeWait => "TIME-WAIT（假定值）",
        Phase::Teardown => "整个关闭过程",
    }
}
