//! What a segment says, held against what was known before it (SPEC 4.1, 4.2, 5.1, 5.3, 5.4).
//!
//! All arithmetic on sequence numbers is done here, once, so that the decision list reads like SPEC 5.2.

use core::ops::Deref;

use crate::connection::ResetForm;
use crate::connection::elapsed;
use crate::modifier::{Modifier, Modifiers};
use crate::options::Options;
use crate::role::Role;
use crate::rules::arrival::Arrival;
use crate::rules::incarnation::Incarnation;
use crate::rules::peer::{Peer, identity_flags};
use crate::seq::{ABSURD, Seq};
use crate::side::{Both, Side};
use crate::state::{Bounds, Knowledge, State};

/// Stands in for a window that is not known: the largest there is (RFC 7323 section 2.3).
const LARGEST_WINDOW: u32 = 65_535 << 14;

/// A segment from `P` to `Q`: all that it brings, and everything else the rules ask of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reading<'a> {
    pub arrival: &'a Arrival<'a>,
    pub from: Side,
    pub syn: bool,
    pub fin: bool,
    pub rst: bool,
    pub has_ack: bool,
    /// Octets of sequence space (`occ`).
    pub occupied: u32,
    pub end: Seq,
    /// It reaches beyond everything `P` had sent.
    pub new: bool,
    /// Payload octets that were neither seen before nor acknowledged.
    pub new_octets: u32,
    /// How far `P` had sent.
    pub sent_before: Option<Seq>,
    /// Its ACK is none, or cannot be meant (4.2).
    pub ack_unusable: bool,
    /// It acknowledges Q's FIN.
    pub acks_fin: bool,
    /// The first to do so.
    pub first_ack_of_fin: bool,
    /// Its receiver drops it before looking at its ACK (4.1).
    pub old: bool,
    /// A FIN a whole window beyond the acknowledged end (D7 a).
    pub far_fin: bool,
    /// `P` was taken to have reset the connection, and this is no refusal (D5).
    pub after_own_rst: bool,
    /// Expected state of `P` before it (`ps`).
    pub sender_state: State,
    /// Expected state of `Q` before it (`qs`).
    pub receiver_state: State,
    /// The modifiers that follow from the numbers alone.
    pub modifiers: Modifiers,
}

/// Whether Q accepts a RST (SPEC 5.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Acceptability {
    Exact,
    ExactFin1,
    InWindow,
    OutOfWindow,
    Unknown,
}

impl Acceptability {
    /// True if the RST resets its receiver.
    pub const fn resets(self) -> bool {
        !matches!(self, Self::InWindow | Self::OutOfWindow)
    }

    pub const fn modifier(self) -> Modifier {
        match self {
            Self::Exact => Modifier::Exact,
            Self::ExactFin1 => Modifier::ExactFin1,
            Self::InWindow => Modifier::InWindow,
            Self::OutOfWindow => Modifier::OutOfWindow,
            Self::Unknown => Modifier::Unknown,
        }
    }
}

impl<'a> Deref for Reading<'a> {
    type Target = Arrival<'a>;

    fn deref(&self) -> &Arrival<'a> {
        self.arrival
    }
}

impl<'a> Reading<'a> {
    pub fn new(
        incarnation: &Incarnation,
        arrival: &'a Arrival<'a>,
        from: Side,
        before: &Both<Bounds>,
        options: &Options,
    ) -> Self {
        let (sender, receiver) = incarnation.peers.of(from);
        let (syn, fin, rst, has_ack) = (arrival.syn(), arrival.fin(), arrival.rst(), arrival.has_ack());
        let (seq, ack, end, occupied) = (arrival.seq, arrival.ack, arrival.end(), arrival.occupied());
        let mid_stream = incarnation.mid_stream;

        let new = occupied > 0 && sender.max().is_none_or(|max| end.after(max));
        let beyond = if has_ack && !rst { receiver.max().map_or(0, |max| ack.minus(max)) } else { 0 };
        let ack_invalid = beyond >= ABSURD;
        let ack_unusable = !has_ack || ack_invalid;
        let acks_fin = !ack_unusable && receiver.fin.is_some_and(|fin| ack.covers(fin.number));
        let old = has_ack && !syn && !rst && receiver.acked().is_some_and(|acked| acked.after(end));
        let far_fin = fin && !syn && !rst && !mid_stream && is_far(sender, receiver, seq, options);

        let mut reading = Self {
            arrival,
            from,
            syn,
            fin,
            rst,
            has_ack,
            occupied,
            end,
            new,
            new_octets: sender.new_octets(arrival, incarnation.unusual().syn_octets[from]),
            sent_before: sender.max(),
            ack_unusable,
            acks_fin,
            first_ack_of_fin: acks_fin && !sender.has_fin(),
            old,
            far_fin,
            after_own_rst: sender.reset().is_some_and(|reset| reset.role != Role::RstRefused),
            sender_state: before[from].expected,
            receiver_state: before[from.other()].expected,
            modifiers: Modifiers::default(),
        };
        let mut modifiers = Modifiers::default();
        if reading.is_duplicate(sender, options) {
            modifiers.insert(Modifier::Duplicate);
        }
        if occupied > 0 && !new && !rst {
            modifiers.insert(reading.repetition(sender));
            if receiver.acked().is_some_and(|acked| !end.after(acked)) {
                modifiers.insert(Modifier::AlreadyAcked);
            }
        }
        if new && !rst && !syn && sender.contig().is_some_and(|contig| seq.after(contig)) {
            modifiers.insert(Modifier::GapBefore);
        }
        if arrival.len > 0 {
            modifiers.insert(Modifier::Data);
        }
        if arrival.window == 0 && !rst {
            modifiers.insert(Modifier::ZeroWindow);
        }
        if ack_invalid {
            modifiers.insert(Modifier::AckInvalid);
        } else if beyond > 0 {
            modifiers.insert(Modifier::AcksUnseen);
            modifiers.acks_unseen = beyond.cast_unsigned();
            if beyond == 1 && receiver.fin.is_none() {
                modifiers.insert(Modifier::MaybeAcksUnseenFin);
            }
        }
        let ack_matters = acks_fin && !receiver.expected.has(Knowledge::FIN_ACKED)
            || !receiver.expected.has(Knowledge::SYN_ACKED);
        if old && ack_matters {
            modifiers.insert(Modifier::OldSeq);
        }
        reading.modifiers = modifiers;
        reading
    }

    /// Whether Q accepts this RST (5.3).
    pub fn acceptability(&self, sender: &Peer, receiver: &Peer) -> Acceptability {
        let (acked, contig) = (receiver.acked(), sender.contig());
        let Some(expected) = acked.or(contig) else { return Acceptability::Unknown };
        if acked == Some(self.seq) || contig == Some(self.seq) {
            return Acceptability::Exact;
        }
        let closing = matches!(self.receiver_state, State::CloseWait | State::LastAck | State::Closing);
        if closing && sender.fin_number() == Some(self.seq) {
            return Acceptability::ExactFin1;
        }
        // SPEC takes a window of 0 for 1: in that lies the exact number alone, which has been answered.
        let window = receiver.window.unwrap_or(LARGEST_WINDOW);
        let ahead = self.seq.minus(expected);
        if ahead >= 0 && ahead.cast_unsigned() < window {
            Acceptability::InWindow
        } else {
            Acceptability::OutOfWindow
        }
    }

    /// The form of this RST (5.4).
    pub fn reset_form(&self, receiver: &Peer) -> ResetForm {
        if !self.has_ack && receiver.recent.has(self.seq) { ResetForm::Reply } else { ResetForm::Active }
    }

    /// Nothing new: does it fill a gap, or repeat what was seen?
    fn repetition(&self, sender: &Peer) -> Modifier {
        match &sender.sent {
            Some(sent) if self.seq.reaches(sent.contig) && !sent.holds(self.seq, self.end) => {
                Modifier::FillsGap
            }
            _ => Modifier::Retransmission,
        }
    }

    /// The same packet recorded twice (4.11).
    fn is_duplicate(&self, sender: &Peer, options: &Options) -> bool {
        let Some(last) = &sender.last else { return false };
        let same = last.seq == self.seq
            && last.ack == self.ack
            && last.len == self.len
            && last.flags == identity_flags(self.arrival.flags);
        if !same {
            return false;
        }
        let elapsed = elapsed(last.time_ns, self.time_ns).saturating_abs();
        let limits = &options.thresholds;
        match (self.arrival.ip_id, last.ip_id()) {
            (Some(id), Some(last_id)) => id != 0 && id == last_id && elapsed <= limits.duplicate_ip_id,
            (None, None) => elapsed <= limits.duplicate,
            (Some(_), None) | (None, Some(_)) => false,
        }
    }
}

/// D7 a: everything is acknowledged, and the FIN lies a whole window beyond.
fn is_far(sender: &Peer, receiver: &Peer, seq: Seq, options: &Options) -> bool {
    let (Some(max), Some(acked)) = (sender.max(), receiver.acked()) else { return false };
    let limit = i64::from(receiver.window.unwrap_or(0)).max(options.thresholds.far_fin);
    acked == max && i64::from(seq.minus(max)) > limit
}
