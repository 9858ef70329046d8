//! The facts kept of one peer (SPEC 2) and the arithmetic on them.
//!
//! Facts only: what was sent and what is known to have arrived. States are computed from them elsewhere.

use alloc::boxed::Box;
use core::hint;

use fourwave_dissector::FrameId;
use fourwave_dissector::tcp::Flags;

use crate::rules::arrival::Arrival;
use crate::rules::path::Path;
use crate::rules::rare::{Forced, OwnReset, Rare, Unanswered};
use crate::rules::recent::{Recent, SentAt, Ttls};
use crate::rules::sent::Sent;
use crate::seq::Seq;
use crate::state::{Knowledge, State};

/// What is known of one peer. `Q` is its peer in the comments, as in SPEC.
#[derive(Clone, Debug, Default)]
#[cfg_attr(feature = "checkpoint", derive(serde::Serialize, serde::Deserialize))]
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
    /// SR, SA, FR and FA, confirmed.
    pub confirmed: Knowledge,
    /// SR, SA, FR and FA, expected; SR and FR also follow from what Q sent.
    pub expected: Knowledge,
    /// What would confirm SA.
    pub syn_probe: Probe,
    /// What would confirm FA.
    pub fin_probe: Probe,
    /// Its TIME-WAIT.
    pub time_wait: Option<TimeWaitTimer>,
    /// TIME-WAIT is over.
    pub expired: bool,
    /// It owes a repeated ACK of a FIN.
    pub owes_reack: bool,
    /// It owes a challenge ACK.
    pub owes_challenge: bool,
    /// Its previous segment.
    pub last: Option<Last>,
    /// The last data on the connection came from Q.
    pub heard_last: bool,
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
    /// There once it has something of it.
    pub rare: Option<Box<Rare>>,
}

/// A peer's highest ACK.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "checkpoint", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Acked {
    pub number: Seq,
    pub time_ns: i64,
    pub at: FrameId,
}

/// A peer's FIN.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "checkpoint", derive(serde::Serialize, serde::Deserialize))]
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

/// When a TIME-WAIT began, and what waits for its end.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "checkpoint", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct TimeWaitTimer {
    /// The time of the segment.
    pub time_ns: i64,
    /// The clock of the capture then, from which the deadline follows.
    pub clock_ns: i64,
    /// The deadline for which a timer is set.
    pub timer: Option<i64>,
}

/// What identifies a packet recorded twice (SPEC 4.11).
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "checkpoint", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Last {
    pub seq: Seq,
    pub ack: Seq,
    pub len: u32,
    /// FIN, SYN, RST and ACK bits.
    pub flags: u8,
    has_ip_id: bool,
    ip_id: u16,
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
            has_ip_id: arrival.ip_id.is_some(),
            ip_id: match arrival.ip_id {
                Some(id) => id,
                None => 0,
            },
            time_ns: arrival.time_ns,
            at: arrival.at,
        }
    }

    /// The IP identification of its packet, if that had one.
    pub const fn ip_id(&self) -> Option<u16> {
        if self.has_ip_id { Some(self.ip_id) } else { None }
    }

    /// The number after its last octet, SYN and FIN counted.
    pub const fn end(&self) -> Seq {
        let marks = self.has(Flags::SYN) as u32 + self.has(Flags::FIN) as u32;
        self.seq.plus(self.len.wrapping_add(marks))
    }

    pub const fn has_ack(&self) -> bool {
        self.has(Flags::ACK)
    }

    const fn has(&self, flag: Flags) -> bool {
        self.flags as u16 & flag.0 != 0
    }
}

/// The control bits by which two copies of a packet are recognised.
pub(crate) const fn identity_flags(flags: Flags) -> u8 {
    // All four are among the low eight.
    (flags.0 & (Flags::FIN.0 | Flags::SYN.0 | Flags::RST.0 | Flags::ACK.0)) as u8
}

impl Peer {
    /// Reads here and there what segments of an open connection are held against, and nothing that has to be waited for
    /// first, so that its memory is fetched.
    pub fn prefetch(&self) {
        let Self { any, segments, bytes, window_closed, sent, ack, last, fin, .. } = self;
        let sent = sent.as_ref().map(|sent| sent.max);
        let ack = ack.as_ref().map(|ack| ack.number);
        let last = last.as_ref().map(|last| last.seq);
        hint::black_box((*any, *segments, *bytes, *window_closed, sent, ack, last, fin.is_some()));
    }

    /// Its RST that counts.
    pub fn reset(&self) -> Option<OwnReset> {
        self.rare.as_ref()?.reset
    }

    /// The state that Q's accepted RST forced upon it.
    pub fn forced(&self) -> Option<Forced> {
        self.rare.as_ref()?.forced
    }

    /// Q acknowledged exactly one octet never seen: its number and where.
    pub fn maybe_fin(&self) -> Option<(Seq, FrameId)> {
        self.rare.as_ref()?.maybe_fin
    }

    /// It skipped exactly one octet itself: its number, and whether its ACK then covered Q's FIN.
    pub fn own_fin(&self) -> Option<(Seq, bool)> {
        self.rare.as_ref()?.own_fin
    }

    /// What it repeated since its peer last sent anything.
    pub fn unanswered(&self) -> Unanswered {
        self.rare.as_ref().map_or_else(Unanswered::default, |rare| rare.unanswered)
    }

    /// It announces `window`, to be shifted by `shift`.
    pub const fn set_window(&mut self, window: u16, shift: u32) {
        self.window_closed = window == 0;
        self.window = Some((window as u32) << shift);
    }

    /// It acknowledges something.
    pub fn acknowledge(&mut self, arrival: &Arrival<'_>) {
        let number = arrival.ack;
        if self.acked().is_none_or(|acked| number.after(acked)) {
            self.ack = Some(Acked { number, time_ns: arrival.time_ns, at: arrival.at });
        }
        self.recent.push(number, arrival.len > 0);
    }

    /// Its peer sent something.
    pub fn is_answered(&mut self) {
        if let Some(rare) = &mut self.rare {
            rare.unanswered = Unanswered::default();
        }
    }

    /// Its rare facts, to be changed.
    pub fn rare_mut(&mut self) -> &mut Rare {
        self.rare.get_or_insert_default()
    }

    pub fn max(&self) -> Option<Seq> {
        self.sent.as_ref().map(|sent| sent.max)
    }

    pub fn contig(&self) -> Option<Seq> {
        self.sent.as_ref().map(|sent| sent.contig)
    }

    /// Payload octets of a segment of it that were not seen before, `syn_octets` of its SYN included, nor acknowledged.
    pub fn new_octets(&self, arrival: &Arrival<'_>, syn_octets: u32) -> u32 {
        let Some(sent) = self.sent.as_ref().filter(|_| arrival.len > 0) else { return arrival.len };
        let first = arrival.first_octet();
        let after_syn = self.isn.filter(|_| syn_octets > 0).map(|isn| isn.plus(1).plus(syn_octets));
        sent.missing(after_syn.map_or(first, |octet| first.or_later(octet)), first.plus(arrival.len))
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
            Some(fin) => Knowledge::FIN_SENT.union(Knowledge::when(fin.after, Knowledge::FIN_AFTER)),
            None => Knowledge::NONE,
        }
    }

    /// True if its FIN is there without a gap before it.
    pub fn fin_in_order(&self) -> bool {
        let (Some(fin), Some(sent)) = (&self.fin, &self.sent) else { return false };
        sent.contig.reaches(fin.number)
    }

    /// The state forced upon it: by the end of TIME-WAIT, or by an accepted RST. Only from SYN-RECEIVED does a RST lead
    /// back to LISTEN; `confirmed` may prove that the peer was further.
    pub fn forced_state(&self, confirmed: State) -> Option<State> {
        if self.expired {
            return Some(State::Closed);
        }
        let forced = self.forced()?.state;
        let was_further = !matches!(confirmed, State::Unknown | State::SynSent | State::SynReceived);
        Some(if was_further { State::Closed } else { forced })
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
