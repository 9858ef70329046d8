//! What is said of a segment: roles, waves, modifiers, states, and what is expected next.

use crate::annotation::Duty;
use crate::modifier::Modifier;
use crate::next::{Cause, On};
use crate::role::{Role, Wave};
use crate::state::State;

pub const fn role(role: Role) -> &'static str {
    match role {
        Role::Fin1 => "第一次挥手：主动关闭方发送 FIN",
        Role::AckOfFin1 => "第二次挥手：确认第一个 FIN",
        Role::Fin2 => "第三次挥手：被动关闭方发送 FIN",
        Role::AckOfFin2 => "第四次挥手：确认第二个 FIN",
        Role::FinAckCombined => "第二、三次挥手合并（FIN+ACK）",
        Role::FinSimultaneous => "同时关闭：双方的 FIN 交错",
        Role::FinRetransmission => "FIN 重传",
        Role::FinConflict => "与已发送的 FIN 矛盾的报文段",
        Role::ReackOfFin => "重复确认 FIN（TIME-WAIT 下重启 2MSL 计时）",
        Role::HalfCloseData => "半关闭状态下的数据",
        Role::CrossingData => "与 FIN 交错的数据",
        Role::RstRefused => "RST：拒绝连接",
        Role::RstHandshake => "RST：握手期间复位",
        Role::RstAbort => "RST：异常中止连接",
        Role::RstInsteadOfFin => "RST：以复位代替 FIN",
        Role::RstAfterFin => "RST：发送 FIN 之后又复位",
        Role::RstToLateData => "RST：完全关闭后仍收到数据",
        Role::RstInResponse => "RST：应答性复位（该端无此连接）",
        Role::RstIntoTimeWait => "RST：提前终止对端的 TIME-WAIT",
        Role::RstAfterClose => "RST：连接已关闭，无影响",
        Role::RstIgnored => "RST：序号不精确，应被忽略或质询",
        Role::RstRepeat => "重复的 RST",
        Role::ChallengeAck => "挑战 ACK（challenge ACK）",
        Role::AfterOwnRst => "发出 RST 后仍继续发送",
        Role::LateSegment => "RST 到达前已发出的报文段",
        Role::SynInSynchronized => "已同步连接上收到 SYN",
        Role::ReuseSyn => "四元组（端口）复用的 SYN",
        Role::Stray => "无归属的报文段",
        Role::IllegalFlags => "非法标志组合",
        Role::Open => "握手",
        Role::Data => "数据",
        Role::Ack => "确认",
        Role::Keepalive => "保活探测",
        Role::ZeroWindowProbe => "零窗口探测",
        Role::TimeWaitExpired => "TIME-WAIT 结束（2MSL 到期）",
    }
}

pub const fn role_short(role: Role) -> &'static str {
    match role {
        Role::Fin1 => "第一个 FIN",
        Role::AckOfFin1 => "确认第一个 FIN",
        Role::Fin2 => "第二个 FIN",
        Role::AckOfFin2 => "确认第二个 FIN",
        Role::FinAckCombined => "第二个 FIN 兼确认",
        Role::FinSimultaneous => "交错的第二个 FIN",
        Role::FinRetransmission => "FIN 重传",
        Role::FinConflict => "与 FIN 矛盾",
        Role::ReackOfFin => "重复确认 FIN",
        Role::HalfCloseData => "半关闭后的数据",
        Role::CrossingData => "与 FIN 交错的数据",
        Role::RstRefused => "RST：拒绝连接",
        Role::RstHandshake => "RST：握手期间",
        Role::RstAbort => "RST：异常中止",
        Role::RstInsteadOfFin => "RST 代替 FIN",
        Role::RstAfterFin => "FIN 之后的 RST",
        Role::RstToLateData => "RST：数据来迟",
        Role::RstInResponse => "RST：无此连接",
        Role::RstIntoTimeWait => "RST 终止 TIME-WAIT",
        Role::RstAfterClose => "关闭后的 RST",
        Role::RstIgnored => "RST：应被忽略",
        Role::RstRepeat => "重复的 RST",
        Role::ChallengeAck => "挑战 ACK",
        Role::AfterOwnRst => "发 RST 后仍发送",
        Role::LateSegment => "与 RST 交错",
        Role::SynInSynchronized => "连接中的 SYN",
        Role::ReuseSyn => "SYN：端口复用",
        Role::Stray => "无归属",
        Role::IllegalFlags => "非法标志",
        Role::Open => "握手",
        Role::Data => "数据",
        Role::Ack => "确认",
        Role::Keepalive => "保活探测",
        Role::ZeroWindowProbe => "零窗口探测",
        Role::TimeWaitExpired => "2MSL 到期",
    }
}

pub const fn wave(wave: Wave) -> &'static str {
    match wave {
        Wave::First => "第一次挥手",
        Wave::Second => "第二次挥手",
        Wave::Third => "第三次挥手",
        Wave::Fourth => "第四次挥手",
    }
}

pub const fn wave_name(wave: Wave) -> &'static str {
    match wave {
        Wave::First => "第一个 FIN",
        Wave::Second => "另一端确认该 FIN",
        Wave::Third => "另一端的 FIN",
        Wave::Fourth => "先关闭的一端确认对方的 FIN",
    }
}

pub const fn modifier(modifier: Modifier) -> &'static str {
    match modifier {
        Modifier::Data => "携带数据",
        Modifier::FillsGap => "填补此前未见的空缺",
        Modifier::Retransmission => "重复此前已见的字节",
        Modifier::AlreadyAcked => "所重复的内容早已被确认",
        Modifier::GapBefore => "其前有未见的字节",
        Modifier::AcksUnseen => "确认了未见的字节",
        Modifier::MaybeAcksUnseenFin => "所确认的一个未见字节可能是 FIN",
        Modifier::InfersUnseenFin => "由此可推断有一个未见的 FIN",
        Modifier::LateCapture => "记录顺序晚于对它的确认",
        Modifier::OldSeq => "序号过旧，接收方不处理其 ACK",
        Modifier::AckInvalid => "确认号无效",
        Modifier::Repeat => "副本，以首份为准",
        Modifier::Duplicate => "同一分组再次出现",
        Modifier::ZeroWindow => "通告零窗口",
        Modifier::Exact => "RST 序号与期望值完全一致",
        Modifier::ExactFin1 => "RST 序号等于其发送方自己的 FIN 的序号",
        Modifier::InWindow => "RST 序号在窗口内，但不是期望值",
        Modifier::OutOfWindow => "序号在窗口之外",
        Modifier::Unknown => "期望的序号未见，无从判断",
        Modifier::AnswersBadAck => "应答握手中不合适的 ACK",
        Modifier::Reordered => "乱序",
        Modifier::RstNotReceived => "发送方没有接受对端的 RST",
        Modifier::FromTimeWait => "接收方预期处于 TIME-WAIT",
        Modifier::Evicted => "所属连接已从内存中移除",
    }
}

pub const fn state_phrase(state: State) -> &'static str {
    match state {
        State::Unknown => "无从判断",
        State::Closed => "无连接",
        State::Listen => "等待 SYN",
        State::SynSent => "已发送 SYN，等待应答",
        State::SynReceived => "已收到对端的 SYN，等待对自己 SYN 的确认",
        State::Established => "连接已建立，双向传输数据",
        State::FinWait1 => "已发送 FIN，等待对它的确认",
        State::FinWait2 => "自己的 FIN 已被确认，等待对端的 FIN",
        State::CloseWait => "已收到对端的 FIN，本端应用程序尚未关闭",
        State::Closing => "双方的 FIN 交错，等待对自己 FIN 的确认",
        State::LastAck => "后发送 FIN，等待对它的确认",
        State::TimeWait => "全部确认完毕，等待 2MSL，让旧报文段消失",
    }
}

pub const fn duty(duty: Duty) -> &'static str {
    match duty {
        Duty::AckOfFin => "对对端 FIN 的确认",
        Duty::ReackOfFin => "对 FIN 的再次确认",
        Duty::ChallengeAck => "挑战 ACK",
        Duty::Retransmission => "重传未被确认的内容",
    }
}

pub const fn on(on: On) -> &'static str {
    match on {
        On::Syn => "SYN",
        On::SynAck => "SYN-ACK",
        On::Ack => "ACK",
        On::Data => "数据",
        On::Fin => "FIN",
        On::AckOfFin => "对 FIN 的确认",
        On::FinAndAck => "FIN 兼对 FIN 的确认",
        On::Rst => "RST",
        On::TwoMsl => "2MSL 到期",
        On::GiveUp => "静默放弃",
    }
}

pub const fn cause(cause: Cause) -> &'static str {
    match cause {
        Cause::Own => "本端",
        Cause::Peer => "对端",
        Cause::Timer => "定时器",
    }
}
