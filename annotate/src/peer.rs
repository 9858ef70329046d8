//! The facts kept of one peer (SPEC 2) and the arithmetic on them.
//!
//! Facts only: what was sent and what is known to have arrived. States are computed from them elsewhere.

use alloc::vec::Vec;

use fourwave_dissector::FrameId;
use fourwave_dissector::tcp::Flags;

use crate::arrival::Arrival;
use crate::path::Path;
use crate::role::Role;
use crate::seq::Seq;
use crate::state::{Knowledge, State};

/// Gaps that are kept; beyond, the rest is taken as filled.
const MOST_RANGES: usize = 16;

/// What is known of one peer. `Q` is its peer in the comments, as in SPEC.
#[derive(Clone, Debug, Default)]
pub(crate) struct Peer {
    /// A segment of it was seen (strays excepted), or its SYN is proven.
    pub any: bool,
    /// Passive opener, or sender of a SYN without ACK; unknown in mid-stream.
    pub passive: Option<bool>,
    /// Number of its SYN, sent or inferred.
    pub isn: Option<Seq>,
    /// Where its first SYN stands.
    pub syn_at: Option<FrameId>,
    /// How far it has sent.
    pub sent: Option<Sent>,
    /// Q acknowledged, or it skipped, octets that were not seen.
    pub unseen: bool,
    /// Its highest ACK.
    pub ack: Option<Acked>,
    /// Its last window, scaled.
    pub window: Option<u32>,
    /// Its last window was 0.
    pub window_closed: bool,
    /// Shift count of its window scale option.
    pub scale: Option<u8>,
    /// Its last ACKs.
    pub recent: Recent,
    /// Its FIN.
    pub fin: Option<Fin>,
    /// Q acknowledged exactly one octet never seen: its number and where.
    pub maybe_fin: Option<(Seq, FrameId)>,
    /// It skipped exactly one octet itself: its number, and whether its ACK then covered Q's FIN.
    pub own_fin: Option<(Seq, bool)>,
    /// SR, SA, FR and FA, confirmed.
    pub confirmed: Knowledge,
    /// SR, SA, FR and FA, expected; SR and FR also follow from what Q sent.
    pub expected: Knowledge,
    /// What would confirm SA.
    pub syn_probe: Probe,
    /// What would confirm FA.
    pub fin_probe: Probe,
    /// Its RST that counts.
    pub reset: Option<OwnReset>,
    /// The state that Q's accepted RST forced upon it.
    pub forced: Option<Forced>,
    /// Start of TIME-WAIT.
    pub time_wait: Option<TimeWaitStart>,
    /// TIME-WAIT is over.
    pub expired: bool,
    /// The deadline for which a timer is set.
    pub timer: Option<i64>,
    /// It owes a repeated ACK of a FIN.
    pub owes_reack: bool,
    /// It owes a challenge ACK.
    pub owes_challenge: bool,
    /// Its previous segment.
    pub last: Option<Last>,
    /// The last data on the connection came from Q.
    pub heard_last: bool,
    /// What it repeated since its peer last sent anything.
    pub unanswered: Unanswered,
    /// TTLs of its last segments.
    pub ttls: Ttls,
    /// Where its last segments that occupied sequence space began.
    pub sent_at: SentAt,
    /// Segments, strays excepted.
    pub segments: u64,
    /// New payload octets.
    pub bytes: u64,
    /// Its expected states so far.
    pub path: Path,
}

/// How far a peer has sent.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    /// Highest `end` sent, seen or proven by an ACK (`max`).
    pub max: Seq,
    /// First octet not seen without gap and not acknowledged (`contig`).
    pub contig: Seq,
    /// Ranges above `contig` (`ooo`).
    pub ranges: Vec<(Seq, Seq)>,
}

impl Sent {
    pub const fn to(number: Seq) -> Self {
        Self { max: number, contig: number, ranges: Vec::new() }
    }

    /// True if one single range above `contig` holds `[seq, end)`.
    pub fn holds(&self, seq: Seq, end: Seq) -> bool {
        self.ranges.iter().any(|&(from, to)| !from.after(seq) && !end.after(to))
    }

    /// Adds `[seq, end)`. False if there were too many gaps and the rest was taken as filled.
    pub fn add(&mut self, seq: Seq, end: Seq) -> bool {
        if end.after(self.max) {
            self.max = end;
        }
        if seq.after(self.contig) {
            if self.holds(seq, end) {
                return true;
            }
            if self.ranges.len() == MOST_RANGES {
                self.join_ranges();
            }
            if self.ranges.len() == MOST_RANGES {
                self.contig = self.max;
                self.ranges.clear();
                return false;
            }
            self.ranges.push((seq, end));
        } else {
            self.fill_to(end);
        }
        true
    }

    /// Makes one range of those that touch.
    fn join_ranges(&mut self) {
        self.ranges.sort_unstable_by_key(|&(from, _)| from.minus(self.contig));
        self.ranges.dedup_by(|&mut (from, to), (_, end)| {
            let touches = !from.after(*end);
            if touches && to.after(*end) {
                *end = to;
            }
            touches
        });
    }

    /// Everything before `end` is there: seen, or acknowledged.
    pub fn fill_to(&mut self, end: Seq) {
        if end.after(self.contig) {
            self.contig = end;
        }
        while let Some(index) = self.ranges.iter().position(|&(from, _)| !from.after(self.contig)) {
            let (_, to) = self.ranges.swap_remove(index);
            if to.after(self.contig) {
                self.contig = to;
            }
        }
    }
}

/// A peer's highest ACK.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Acked {
    pub number: Seq,
    pub time_ns: i64,
    pub at: FrameId,
}

/// A peer's FIN.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fin {
    /// Number of the FIN octet. FINs are matched by it, never by SEG.SEQ.
    pub number: Seq,
    /// It was seen in a segment, not only inferred.
    pub seen: bool,
    /// It was inferred (SPEC 4.9).
    pub inferred: bool,
    /// Copies seen.
    pub copies: u32,
    /// ACK of the first copy.
    pub ack: Option<Seq>,
    /// The first copy acknowledged Q's FIN: LAST-ACK rather than CLOSING.
    pub after: bool,
    /// The first copy.
    pub at: Option<FrameId>,
}

/// End of the first new segment of Q that carried an acknowledgment: once that is acknowledged, what it acknowledged
/// is confirmed.
pub(crate) type Probe = Option<Seq>;

/// A RST that counts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OwnReset {
    pub seq: Seq,
    pub time_ns: i64,
    pub role: Role,
}

/// What an accepted RST of Q did to a peer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Forced {
    pub state: State,
    pub time_ns: i64,
    /// The greater of Q's highest number and the RST's: an ACK beyond speaks against the reset.
    pub beyond: Seq,
}

/// When a TIME-WAIT began.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TimeWaitStart {
    /// The time of the segment.
    pub time_ns: i64,
    /// The clock of the capture then, from which the deadline follows.
    pub clock_ns: i64,
}

/// What identifies a packet recorded twice (SPEC 4.11).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Last {
    pub seq: Seq,
    pub ack: Seq,
    pub len: u32,
    /// FIN, SYN, RST and ACK bits.
    pub flags: u16,
    pub ip_id: Option<u16>,
    pub time_ns: i64,
    pub at: FrameId,
}

impl Last {
    /// What the next segment of the same sender is compared with.
    pub const fn of(arrival: &Arrival<'_>) -> Self {
        Self {
            seq: arrival.seq,
            ack: arrival.ack,
            len: arrival.len,
            flags: identity_flags(arrival.flags),
            ip_id: arrival.ip_id,
            time_ns: arrival.time_ns,
            at: arrival.at,
        }
    }

    /// The number after its last octet, SYN and FIN counted.
    pub const fn end(&self) -> Seq {
        let marks = (self.flags & Flags::SYN.0 != 0) as u32 + (self.flags & Flags::FIN.0 != 0) as u32;
        self.seq.plus(self.len.wrapping_add(marks))
    }

    pub const fn has_ack(&self) -> bool {
        self.flags & Flags::ACK.0 != 0
    }
}

/// The control bits by which two copies of a packet are recognised.
pub(crate) const fn identity_flags(flags: Flags) -> u16 {
    flags.0 & (Flags::FIN.0 | Flags::SYN.0 | Flags::RST.0 | Flags::ACK.0)
}

/// Repetitions, of data or a FIN, that a peer sent and that its peer must answer.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Unanswered {
    pub count: i64,
    pub since_ns: i64,
    pub until_ns: i64,
}

impl Unanswered {
    pub const fn add(&mut self, time_ns: i64) {
        if self.count == 0 {
            self.since_ns = time_ns;
        }
        self.count += 1;
        self.until_ns = time_ns;
    }
}

/// The last 8 ACKs of a peer, and whether data came with them.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Recent {
    acks: [Seq; 8],
    with_data: u8,
    next: u8,
    len: u8,
}

impl Recent {
    pub const fn push(&mut self, ack: Seq, with_data: bool) {
        let index = self.next & 7;
        self.acks[index as usize] = ack;
        self.with_data = self.with_data & !(1 << index) | (with_data as u8) << index;
        self.next = self.next.wrapping_add(1);
        if self.len < 8 {
            self.len += 1;
        }
    }

    /// True if one of them acknowledged `number`.
    pub fn has(&self, number: Seq) -> bool {
        self.acks[..usize::from(self.len)].contains(&number)
    }

    /// True if one of them acknowledged `number` and came with data.
    pub fn has_with_data(&self, number: Seq) -> bool {
        let acks = &self.acks[..usize::from(self.len)];
        acks.iter().enumerate().any(|(index, ack)| *ack == number && self.with_data & 1 << index != 0)
    }
}

/// The TTLs of a peer's last 8 segments.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Ttls {
    last: [u8; 8],
    next: u8,
    len: u8,
}

impl Ttls {
    pub const fn push(&mut self, ttl: u8) {
        self.last[(self.next & 7) as usize] = ttl;
        self.next = self.next.wrapping_add(1);
        if self.len < 8 {
            self.len += 1;
        }
    }

    /// The median, from 3 segments on.
    pub fn median(&self) -> Option<u8> {
        let mut sorted = self.last;
        let sorted = &mut sorted[..usize::from(self.len)];
        sorted.sort_unstable();
        if sorted.len() < 3 { None } else { sorted.get(sorted.len() / 2).copied() }
    }
}

/// Where the last segments stand that began at a given number: enough to name what a retransmission repeats
/// while it is recent.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct SentAt {
    seqs: [Seq; 4],
    at: [Option<FrameId>; 4],
    next: u8,
}

impl SentAt {
    pub fn find(&self, seq: Seq) -> Option<FrameId> {
        let mut known = self.seqs.iter().zip(self.at);
        known.find_map(|(number, at)| if *number == seq { at } else { None })
    }

    /// Keeps the first copy only.
    pub fn push(&mut self, seq: Seq, at: FrameId) {
        if self.find(seq).is_none() {
            let index = usize::from(self.next & 3);
            self.seqs[index] = seq;
            self.at[index] = Some(at);
            self.next = self.next.wrapping_add(1);
        }
    }
}

impl Peer {
    pub fn max(&self) -> Option<Seq> {
        self.sent.as_ref().map(|sent| sent.max)
    }

    pub fn contig(&self) -> Option<Seq> {
        self.sent.as_ref().map(|sent| sent.contig)
    }

    /// Its highest ACK number.
    pub fn acked(&self) -> Option<Seq> {
        self.ack.map(|ack| ack.number)
    }

    /// True if its ACKs cover `octet`.
    pub fn has_acked(&self, octet: Seq) -> bool {
        self.ack.is_some_and(|ack| ack.number.covers(octet))
    }

    /// The number of its FIN.
    pub fn fin_number(&self) -> Option<Seq> {
        self.fin.map(|fin| fin.number)
    }

    /// SR confirmed.
    pub const fn has_syn(&self) -> bool {
        self.confirmed.has(Knowledge::HAS_SYN)
    }

    /// FR confirmed.
    pub const fn has_fin(&self) -> bool {
        self.confirmed.has(Knowledge::HAS_FIN)
    }

    /// Sets bits that are proved, and so expected too.
    pub const fn learn(&mut self, bits: Knowledge) {
        self.confirmed.learn(bits);
        self.expected.learn(bits);
    }

    /// Takes bits back.
    pub const fn forget(&mut self, bits: Knowledge) {
        self.confirmed.forget(bits);
        self.expected.forget(bits);
    }

    /// What follows from its own FIN, at both bounds.
    pub const fn fin_knowledge(&self) -> Knowledge {
        match &self.fin {
            Some(fin) => Knowledge::FIN_SENT.and(Knowledge::when(fin.after, Knowledge::FIN_AFTER)),
            None => Knowledge::NONE,
        }
    }

    /// True if its FIN is there without a gap before it.
    pub fn fin_in_order(&self) -> bool {
        let (Some(fin), Some(sent)) = (&self.fin, &self.sent) else { return false };
        !fin.number.after(sent.contig)
    }

    /// The state forced upon it: by the end of TIME-WAIT, or by an accepted RST.
    pub fn forced_state(&self) -> Option<State> {
        if self.expired { Some(State::Closed) } else { self.forced.as_ref().map(|forced| forced.state) }
    }

    /// True if `ack` lies after its SYN and not after all it sent: it can acknowledge the SYN.
    pub fn syn_acceptable(&self, ack: Seq) -> bool {
        match (self.isn, self.max()) {
            (Some(isn), Some(max)) => ack.covers(isn) && !ack.after(max),
            _ => false,
        }
    }

    /// Octets it sent and `other` has not acknowledged, its FIN excluded.
    pub fn unacked_octets(&self, other: &Self) -> u32 {
        let (Some(max), Some(acked)) = (self.max(), other.acked()) else { return 0 };
        let fin = self.fin.is_some_and(|fin| max.after(fin.number) && !acked.after(fin.number));
        max.minus(acked).saturating_sub(i32::from(fin)).max(0).cast_unsigned()
    }
}
