//! How connections end: the endings, the parts that segments play in them, and the scripts.

use crate::packet::flag::{ACK, FIN, PSH, RST};
use crate::random::Random;

/// One of the two ends of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Peer {
    /// The one that opens the connection.
    Client,
    /// The other one.
    Server,
}

/// How a connection ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// FIN, ACK, FIN, ACK.
    Clean4,
    /// FIN, FIN that acknowledges it, ACK.
    Clean3,
    /// RST without any FIN.
    RstAbort,
    /// FIN, its ACK, data, and a RST for that data.
    RstAfterFin,
    /// RST in answer to the SYN.
    Refused,
    /// FIN, its ACK, data of the other peer, then its FIN.
    HalfClose,
    /// Two FINs that cross.
    Simultaneous,
    /// One of the FINs is sent again.
    RetransmittedFin,
    /// The capture ends first.
    NeverClosed,
}

/// What a segment is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// Opens the connection.
    Syn,
    /// Answers the SYN.
    SynAck,
    /// Acknowledges no FIN.
    Ack,
    /// Carries data.
    Data,
    /// Data after the other peer's FIN was acknowledged.
    HalfCloseData,
    /// The FIN of the peer that closes first.
    Fin1,
    /// The same again, since it was lost behind the vantage.
    Fin1Again,
    /// Acknowledges it.
    AckOfFin1,
    /// The FIN of the other peer.
    Fin2,
    /// That FIN, which acknowledges the first, too.
    Fin2AckOfFin1,
    /// That FIN, sent before the first one arrived.
    Fin2Crossing,
    /// That FIN again, since its ACK was lost behind the vantage.
    Fin2Again,
    /// Acknowledges the second FIN.
    AckOfFin2,
    /// The same again, for the FIN that came again.
    AckOfFin2Again,
    /// Aborts.
    Rst,
    /// The RST of a peer that sent a FIN before.
    RstAfterFin,
    /// Refuses the connection.
    RstRefused,
}

/// A segment that will be sent.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    pub from: Peer,
    pub flags: u8,
    pub len: u16,
    /// Time since the segment before.
    pub pause_ns: u32,
    pub part: Part,
}

impl Peer {
    /// The other one.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Client => Self::Server,
            Self::Server => Self::Client,
        }
    }
}

impl Ending {
    /// All endings.
    pub const ALL: [Self; 9] = [
        Self::Clean4,
        Self::Clean3,
        Self::RstAbort,
        Self::RstAfterFin,
        Self::Refused,
        Self::HalfClose,
        Self::Simultaneous,
        Self::RetransmittedFin,
        Self::NeverClosed,
    ];

    /// Its name in the truth.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Clean4 => "clean4",
            Self::Clean3 => "clean3",
            Self::RstAbort => "rst_abort",
            Self::RstAfterFin => "rst_after_fin",
            Self::Refused => "refused",
            Self::HalfClose => "half_close",
            Self::Simultaneous => "simultaneous",
            Self::RetransmittedFin => "retransmitted_fin",
            Self::NeverClosed => "never_closed",
        }
    }

    /// Any of them, the usual ones more often.
    pub(crate) fn random(random: &mut Random) -> Self {
        match random.below(100) {
            0..=34 => Self::Clean4,
            35..=69 => Self::Clean3,
            70..=75 => Self::RstAbort,
            76..=77 => Self::RstAfterFin,
            78..=79 => Self::Refused,
            80..=84 => Self::HalfClose,
            85..=89 => Self::Simultaneous,
            90..=94 => Self::RetransmittedFin,
            _ => Self::NeverClosed,
        }
    }
}

impl Part {
    /// All parts.
    pub const ALL: [Self; 17] = [
        Self::Syn,
        Self::SynAck,
        Self::Ack,
        Self::Data,
        Self::HalfCloseData,
        Self::Fin1,
        Self::Fin1Again,
        Self::AckOfFin1,
        Self::Fin2,
        Self::Fin2AckOfFin1,
        Self::Fin2Crossing,
        Self::Fin2Again,
        Self::AckOfFin2,
        Self::AckOfFin2Again,
        Self::Rst,
        Self::RstAfterFin,
        Self::RstRefused,
    ];

    /// Its name in the truth: what it is, and what it is besides.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Syn => "syn",
            Self::SynAck => "synack",
            Self::Ack => "ack",
            Self::Data => "data",
            Self::HalfCloseData => "data,half_close_data",
            Self::Fin1 => "fin1",
            Self::Fin1Again => "fin1,retransmission",
            Self::AckOfFin1 => "ack_of_fin1",
            Self::Fin2 => "fin2",
            Self::Fin2AckOfFin1 => "fin2,ack_of_fin1",
            Self::Fin2Crossing => "fin2,simultaneous",
            Self::Fin2Again => "fin2,retransmission",
            Self::AckOfFin2 => "ack_of_fin2,final",
            Self::AckOfFin2Again => "ack_of_fin2,final,repeated_ack",
            Self::Rst => "rst",
            Self::RstAfterFin => "rst,rst_after_fin",
            Self::RstRefused => "rst,refused",
        }
    }

    /// True of a FIN that is sent again.
    #[must_use]
    pub fn repeats_a_fin(self) -> bool {
        matches!(self, Self::Fin1Again | Self::Fin2Again)
    }

    /// True of what belongs to the end of a connection.
    #[must_use]
    pub fn closes(self) -> bool {
        !matches!(self, Self::Syn | Self::SynAck | Self::Ack | Self::Data | Self::HalfCloseData)
    }
}

/// A segment `pause_us` microseconds after the one before.
pub fn step(from: Peer, flags: u8, len: u16, pause_us: u64, part: Part) -> Step {
    Step { from, flags, len, pause_ns: (pause_us * 1000) as u32, part }
}

/// Adds the end of a connection to its script. `closer` begins; `rtt` is the round trip in microseconds, seen from the
/// middle of the path. A refused connection ends before this.
pub fn close(ending: Ending, closer: Peer, rtt: u64, random: &mut Random, script: &mut Vec<Step>) {
    let other = closer.other();
    let trip = rtt / 2 + 1;
    let last_data = if random.percent(30) { 1 + random.below(300) as u16 } else { 0 };
    let push = if last_data > 0 { PSH } else { 0 };
    let fin_1 = step(closer, FIN | ACK | push, last_data, rtt, Part::Fin1);
    let bare_fin_1 = step(closer, FIN | ACK, 0, rtt, Part::Fin1);
    let ack_of_fin_1 = step(other, ACK, 0, trip, Part::AckOfFin1);
    let ack_of_fin_2 = step(closer, ACK, 0, trip, Part::AckOfFin2);
    let fin_2 = |pause| step(other, FIN | ACK, 0, pause, Part::Fin2);
    match ending {
        Ending::Clean4 => {
            script.extend([fin_1, ack_of_fin_1, fin_2(50 + random.below(2000)), ack_of_fin_2]);
        }
        Ending::Clean3 => {
            script.extend([fin_1, step(other, FIN | ACK, 0, trip, Part::Fin2AckOfFin1), ack_of_fin_2]);
        }
        Ending::RstAbort => {
            let flags = if random.percent(70) { RST | ACK } else { RST };
            script.push(step(closer, flags, 0, rtt, Part::Rst));
        }
        Ending::RstAfterFin => {
            let data = step(other, ACK | PSH, 100, 200, Part::HalfCloseData);
            script.extend([fin_1, ack_of_fin_1, data, step(closer, RST, 0, trip, Part::RstAfterFin)]);
        }
        Ending::HalfClose => {
            script.extend([fin_1, ack_of_fin_1]);
            for _ in 0..1 + random.below(4) {
                let len = 100 + random.below(900) as u16;
                let pause = 500 + random.below(5000);
                script.push(step(other, ACK | PSH, len, pause, Part::HalfCloseData));
                script.push(step(closer, ACK, 0, trip, Part::Ack));
            }
            script.extend([fin_2(1000), ack_of_fin_2]);
        }
        Ending::Simultaneous => {
            let crossing = step(other, FIN | ACK, 0, 3, Part::Fin2Crossing);
            let last = step(closer, ACK, 0, 5, Part::AckOfFin2);
            script.extend([bare_fin_1, crossing, ack_of_fin_1, last]);
        }
        Ending::RetransmittedFin if random.percent(50) => {
            // The first FIN is lost behind the vantage.
            script.push(bare_fin_1);
            for copy in 0..1 + random.below(2) {
                script.push(step(closer, FIN | ACK, 0, 200_000 << copy, Part::Fin1Again));
            }
            script.extend([ack_of_fin_1, fin_2(100), ack_of_fin_2]);
        }
        Ending::RetransmittedFin => {
            // The last ACK is lost behind the vantage, and sent again from TIME-WAIT.
            script.extend([bare_fin_1, ack_of_fin_1, fin_2(100), ack_of_fin_2]);
            script.push(step(other, FIN | ACK, 0, 210_000, Part::Fin2Again));
            script.push(step(closer, ACK, 0, trip, Part::AckOfFin2Again));
        }
        Ending::Refused | Ending::NeverClosed => {}
    }
}
