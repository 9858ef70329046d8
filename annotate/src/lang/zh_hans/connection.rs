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

pub const fn kind_sentence(kind: Kind) -> &'static str {
    match kind {
        Kind::StrayOnly => "只看到不属于任何已知连接的报文段。",
        Kind::Refused => "对 SYN 的应答是 RST：该端口无人监听，或被过滤设备拒绝。",
        Kind::Superseded => "未见旧连接关闭，同一对端口就已用于新的连接。",
        Kind::HandshakeReset => "连接尚在建立时即被 RST 终止。",
        Kind::ResetDuringClose => "双方都已发送 FIN，但挥手尚未完成就出现了 RST。",
        Kind::Simultaneous => {
            "双方在收到对方的 FIN 之前都已发出自己的 FIN：都经过 CLOSING，也都进入 TIME-WAIT。"
        }
        Kind::HalfClose => "一方发送 FIN 之后，另一方继续发送数据，然后才发送自己的 FIN。",
        Kind::ThreeSegment => "第二个 FIN 同时确认第一个 FIN：第二、三次挥手合并在一个报文段里。",
        Kind::FourWay => "两个 FIN 各由单独的报文段确认：完整的四次挥手。",
        Kind::FinThenResetByCloser => "一方发送 FIN，随后又自己复位了连接，未见另一方的 FIN。",
        Kind::FinThenResetByPeer => "一方发送 FIN，另一方复位了连接，未见另一方的 FIN。",
        Kind::OneWayClose => "只抓到一个方向的报文段，其中有 FIN。",
        Kind::HalfClosedOpen => "一方的 FIN 已得到确认，未见另一方的 FIN。",
        Kind::FinUnanswered => "一方发送了 FIN，但抓包中没有任何报文段确认它。",
        Kind::Reset => "连接由 RST 终止，未见 FIN。",
        Kind::HandshakeIncomplete => "看到了连接开始建立，但未见握手完成。",
        Kind::OneWayOpen => "只抓到一个方向的报文段，且未见其关闭。",
        Kind::OpenAtEnd => "直到抓包结束，或因闲置过久不再跟踪，都未见连接关闭。",
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
