//! Who sent what in which order, and what each segment acknowledged: all that the rules look at while a connection goes
//! by the book, and at the RST that ends it.
//!
//! Read from the segments of a connection that went so, and made into a model of it. This file must not know any rule.

use core::mem;

use fourwave_dissector::FrameId;
use fourwave_dissector::tcp::Flags;

use crate::arrival::Arrival;
use crate::clock::elapsed;
use crate::connection::Moment;
use crate::journal::{Entries, Entry};
use crate::options::Thresholds;
use crate::seq::Seq;
use crate::side::{Both, Side};

/// Places for segments. There is one less of them: the last place stands for none.
const PLACES: usize = code::ACKED as usize + 1;

const SYN_ACK: Flags = Flags(Flags::SYN.0 | Flags::ACK.0);
const RST_ACK: Flags = Flags(Flags::RST.0 | Flags::ACK.0);

/// What one segment is to the rules. The first of each peer is its SYN.
mod code {
    pub(super) const FROM_SERVER: u8 = 1 << 7;
    pub(super) const FIN: u8 = 1 << 6;
    pub(super) const DATA: u8 = 1 << 5;
    /// The place of the segment whose end it acknowledges.
    pub(super) const ACKED: u8 = DATA - 1;
    /// It acknowledges none.
    pub(super) const NO_ACK: u8 = ACKED;
}

/// The shape of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Shape {
    len: u8,
    /// The last segment is a RST.
    is_reset: bool,
    /// Whose TIME-WAIT ended after the last segment.
    expired: Option<Side>,
    codes: [u8; PLACES - 1],
}

/// A connection that has a shape, and what of it is its own.
#[derive(Debug)]
pub(super) struct Course {
    pub shape: Shape,
    /// The packet of each segment.
    packets: [FrameId; PLACES],
    /// Its time.
    times_ns: [i64; PLACES],
    /// Where each ended.
    ends: [Seq; PLACES],
    pub bytes: Both<u64>,
}

/// What one peer has sent so far.
struct Sent {
    /// The number of its next octet.
    next: Seq,
    /// The place of the segment that ends there.
    place: u8,
    /// The place of its FIN.
    fin: Option<u8>,
    /// Payload octets.
    bytes: u64,
}

impl Sent {
    /// A first segment that ended at `end`.
    const fn first(place: u8, end: Seq) -> Self {
        Self { next: end, place, fin: None, bytes: 0 }
    }
}

impl Course {
    /// One without segments.
    pub const fn new() -> Self {
        Self {
            shape: Shape { len: 0, is_reset: false, expired: None, codes: [code::NO_ACK; PLACES - 1] },
            packets: [FrameId::new(0, 1); PLACES],
            times_ns: [0; PLACES],
            ends: [Seq(0); PLACES],
            bytes: Both { client: 0, server: 0 },
        }
    }

    /// Takes the course of a connection that was opened and is open still, or was closed by both peers, reset or refused,
    /// with nothing sent twice or missing, and no pause in its close that is worth a note. What else is by the book is for
    /// the rules to say. `None` if it is no such connection.
    #[inline(never)]
    pub fn take(&mut self, mut entries: Entries<'_>, thresholds: &Thresholds) -> Option<()> {
        let all = entries.clone();
        let (syn, start) = entries.next()?;
        if syn.from() != Side::Client || syn.controls()? != Flags::SYN || syn.window() == 0 {
            return None;
        }
        let syn_end = syn.seq().plus(1);
        self.push(code::NO_ACK, start, syn_end)?;
        let Some((answer, answered)) = entries.next() else { return Some(()) };
        if answer.from() != Side::Server || answer.ack() != syn_end || !self.is_next(answered) {
            return None;
        }
        let answer_end = match answer.controls()? {
            SYN_ACK if answer.window() != 0 => answer.seq().plus(1),
            RST_ACK if answer.len() == 0 => {
                self.shape.is_reset = true;
                self.push(code::FROM_SERVER, answered, answer.seq())?;
                let is_late = self.silence_ns(1) >= thresholds.idle_close;
                let is_in_file = start.at.file() == answered.at.file();
                return (is_in_file && !is_late && entries.next().is_none()).then_some(());
            }
            _ => return None,
        };
        self.push(code::FROM_SERVER, answered, answer_end)?;
        // An array: who comes next cannot be predicted, so that an index is better than a branch.
        let mut peers = [Sent::first(0, syn_end), Sent::first(1, answer_end)];
        while let Some((entry, moment)) = entries.next() {
            if self.go_on(entry, moment, &mut peers).is_none() {
                self.reset(entry, moment, &peers)?;
                if entries.next().is_some() || !has_usual_ttl(entry, all.clone(), thresholds) {
                    return None;
                }
            }
        }
        let [client, server] = peers;
        self.bytes = Both { client: client.bytes, server: server.bytes };
        let last = self.shape.len - 1;
        let close_ns = match (client.fin, server.fin) {
            (None, None) => 0,
            (Some(one), Some(other)) => {
                elapsed(self.at(one).time_ns, self.at(other).time_ns).saturating_abs()
            }
            (Some(_), None) | (None, Some(_)) if self.shape.is_reset => 0,
            (Some(_), None) | (None, Some(_)) => return None,
        };
        let is_idle = |end: u8| self.silence_ns(end) >= thresholds.idle_close;
        let is_late = close_ns >= thresholds.close_wait_note
            || client.fin.is_some_and(is_idle)
            || server.fin.is_some_and(is_idle)
            || self.shape.is_reset && is_idle(last);
        let is_in_file = start.at.file() == self.at(last).at.file();
        (is_in_file && !is_late).then_some(())
    }

    /// The TIME-WAIT of `side` ended before the packet `at`, after all segments.
    pub fn expire(&mut self, side: Side, at: FrameId) {
        self.shape.expired = Some(side);
        self.packets[PLACES - 1] = at;
    }

    /// Adds a segment that acknowledges, and may carry data or FIN. `None` if it is not what its sender sends next.
    // Always: else each segment would pay for a call.
    #[inline(always)]
    fn go_on(&mut self, entry: &Entry, moment: Moment, peers: &mut [Sent; 2]) -> Option<()> {
        if entry.controls()?.0 & !Flags::FIN.0 != Flags::ACK.0 || entry.window() == 0 || !self.is_next(moment)
        {
            return None;
        }
        let (from, seq, len, fin) = (entry.from(), entry.seq(), entry.len(), entry.has_fin());
        let acked = match &peers[from.other() as usize] {
            other if other.next == entry.ack() => other.place,
            _ => self.place_of(entry.ack(), from.other())?,
        };
        let sent = &mut peers[from as usize];
        let end = seq.plus(len + u32::from(fin));
        if sent.next != seq || end != seq && sent.fin.is_some() {
            return None;
        }
        if end != seq {
            (sent.next, sent.place) = (end, self.shape.len);
            sent.fin = fin.then_some(self.shape.len);
        }
        sent.bytes += u64::from(len);
        let mut code = acked;
        code |= if from == Side::Server { code::FROM_SERVER } else { 0 };
        code |= if fin { code::FIN } else { 0 };
        code |= if len > 0 { code::DATA } else { 0 };
        self.push(code, moment, end)
    }

    /// Adds the RST that ends it. `None` if it is none, if it is not what its sender sends next, or if octets of both
    /// peers are not acknowledged: the rules weigh one against the other.
    #[cold]
    fn reset(&mut self, entry: &Entry, moment: Moment, peers: &[Sent; 2]) -> Option<()> {
        let (from, seq) = (entry.from(), entry.seq());
        let acked = match entry.controls()? {
            Flags::RST => code::NO_ACK,
            RST_ACK => self.place_of(entry.ack(), from.other())?,
            _ => return None,
        };
        let is_acked = |side: Side| {
            let mut acks = self.shape.codes().iter().filter(|code| sender(**code) == side.other());
            acks.any(|code| code & code::ACKED == peers[side as usize].place)
        };
        let is_next = peers[from as usize].next == seq && self.is_next(moment);
        if !is_next || !is_acked(Side::Client) && !is_acked(Side::Server) {
            return None;
        }
        self.shape.is_reset = true;
        self.push(acked | if from == Side::Server { code::FROM_SERVER } else { 0 }, moment, seq)
    }

    /// Adds a segment; `None` if there is no place for it.
    #[inline]
    fn push(&mut self, code: u8, moment: Moment, end: Seq) -> Option<()> {
        let place = usize::from(self.shape.len);
        *self.shape.codes.get_mut(place)? = code;
        self.packets[place] = moment.at;
        self.times_ns[place] = moment.time_ns;
        self.ends[place] = end;
        self.shape.len += 1;
        Some(())
    }

    /// The first segment of `side` that ended at `number`.
    #[cold]
    fn place_of(&self, number: Seq, side: Side) -> Option<u8> {
        let mut places = self.shape.codes().iter().zip(&self.ends).zip(0..);
        places.find(|((code, end), _)| sender(**code) == side && **end == number).map(|(_, place)| place)
    }

    /// True if what is at `moment` comes after the last segment, both in the capture and in time.
    #[inline]
    fn is_next(&self, moment: Moment) -> bool {
        let last = self.at(self.shape.len - 1);
        moment.at > last.at && moment.time_ns >= last.time_ns
    }

    /// How long there was nothing before the segment at `place`, which is not the first.
    fn silence_ns(&self, place: u8) -> i64 {
        elapsed(self.at(place - 1).time_ns, self.at(place).time_ns)
    }

    #[inline]
    fn at(&self, place: u8) -> Moment {
        let place = usize::from(place) % PLACES;
        Moment { at: self.packets[place], time_ns: self.times_ns[place] }
    }

    /// Packet and time of the segment that stands in packet `k` of the model, and comes at `k` nanoseconds in it.
    #[inline]
    pub fn moment(&self, k: u64) -> Moment {
        self.at(k.wrapping_sub(1) as u8)
    }

    /// Octets of the segments that have `sum` in the model.
    pub fn octets(&self, sum: u64) -> u64 {
        let mut next = Both { client: Seq(0), server: Seq(0) };
        let mut octets = 0;
        for ((&code, &end), place) in self.shape.codes().iter().zip(&self.ends).zip(0..) {
            let begin = mem::replace(&mut next[sender(code)], end);
            if sum >> place & 1 == 1 {
                octets += u64::from(end.0.wrapping_sub(begin.0)) - u64::from(code & code::FIN != 0);
            }
        }
        octets
    }
}

impl Shape {
    /// Whose TIME-WAIT ended, and before which packet in the model.
    pub fn expired(&self) -> Option<(Side, FrameId)> {
        self.expired.map(|side| (side, FrameId::new(0, PLACES as u64)))
    }

    fn codes(&self) -> &[u8] {
        self.codes.get(..usize::from(self.len)).unwrap_or_default()
    }

    /// The segments of the model: the `k`th, from 1, stands in packet `k` and comes at `k` nanoseconds. What data it has
    /// are 2^(k-1) octets, so that a sum of them names the segments.
    pub fn model(&self) -> impl Iterator<Item = (Arrival<'static>, Side)> {
        let mut next = Both::<Option<Seq>>::default();
        let mut ends = [Seq(0); PLACES];
        self.codes().iter().zip(1..).map(move |(&code, k): (_, u8)| {
            let from = sender(code);
            let mut flags = if self.is_reset && k == self.len {
                Flags::RST
            } else if next[from].is_none() {
                Flags::SYN
            } else if code & code::FIN != 0 {
                Flags::FIN
            } else {
                Flags(0)
            };
            if code & code::ACKED != code::NO_ACK {
                flags = flags | Flags::ACK;
            }
            let arrival = Arrival {
                at: FrameId::new(0, k.into()),
                layer: 0,
                time_ns: k.into(),
                clock_ns: k.into(),
                flags,
                seq: next[from].unwrap_or(Seq(0)),
                ack: ends[usize::from(code & code::ACKED)],
                len: if code & code::DATA != 0 { 1 << (k - 1) } else { 0 },
                window: u16::MAX,
                scale: None,
                ttl: 0,
                ip_id: None,
                mptcp: false,
                payload: &[],
            };
            next[from] = Some(arrival.end());
            ends[usize::from(k - 1) % PLACES] = arrival.end();
            (arrival, from)
        })
    }
}

/// True if what else the sender of `entry` sent came about as far as it.
#[cold]
fn has_usual_ttl(entry: &Entry, mut all: Entries<'_>, thresholds: &Thresholds) -> bool {
    all.all(|(other, _)| {
        let difference = other.ttl().abs_diff(entry.ttl());
        other.from() != entry.from() || i64::from(difference) <= thresholds.ttl_difference
    })
}

fn sender(code: u8) -> Side {
    if code & code::FROM_SERVER == 0 { Side::Client } else { Side::Server }
}
