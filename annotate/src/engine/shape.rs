//! Who sent what in which order, and what each segment acknowledged: all that the rules look at while the segments
//! of a connection are regular, and at the RST that ends it.
//!
//! Read from the segments of a connection that went so, all at once for a [`precedent`](super::precedent) or one after the
//! other for the [`book`](super::book), and made into a model of it. This file must not know any rule, but how long a pause
//! may be without a rule that looks at it.

use core::mem;

use fourwave_dissector::FrameId;
use fourwave_dissector::tcp::Flags;

use crate::connection::Moment;
use crate::engine::journal::{Distance, Entries, Entry};
use crate::options::Thresholds;
use crate::rules::arrival::Arrival;
use crate::seq::Seq;
use crate::side::{Both, Side};

/// Places for segments. There is one less of them: the last place stands for none.
const PLACES: usize = code::ACKED as usize + 1;

const SYN_ACK: Flags = Flags(Flags::SYN.0 | Flags::ACK.0);
const RST_ACK: Flags = Flags(Flags::RST.0 | Flags::ACK.0);

/// What one segment is to the rules, but for a RST. The first of each peer is its SYN.
mod code {
    pub(super) const FROM_SERVER: u8 = 1 << 7;
    pub(super) const FIN: u8 = 1 << 6;
    pub(super) const DATA: u8 = 1 << 5;
    /// The place of the segment whose end it acknowledges.
    pub(super) const ACKED: u8 = DATA - 1;
    /// It acknowledges none.
    pub(super) const NO_ACK: u8 = ACKED;
}

/// What one segment adds to a shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "checkpoint", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Turn {
    code: u8,
    /// It is a RST, and so the last one.
    is_reset: bool,
}

/// The shape of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "checkpoint", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Shape {
    len: u8,
    /// The last segment is a RST.
    is_reset: bool,
    /// Whose TIME-WAIT ended after the last segment.
    expired: Option<Side>,
    codes: [u8; PLACES - 1],
}

/// A connection that has a shape, and what of it is its own.
#[derive(Debug)]
pub(crate) struct Course {
    pub shape: Shape,
    /// When its first segment came.
    first: Moment,
    /// How far each segment is behind that.
    distances: [Distance; PLACES],
    /// Where each ended, counted from where its sender began, which need not be known.
    ends: [Seq; PLACES],
    pub bytes: Both<u64>,
}

/// How far a peer has sent, in places; the numbers are apart, as no shape has any.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "checkpoint", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Sent {
    /// That of the last segment with SYN, data or FIN.
    place: u8,
    /// That of its FIN.
    pub fin: Option<u8>,
}

impl Sent {
    /// Of both peers after the SYN and its answer.
    const OPENED: [Self; 2] = [Self { place: 0, fin: None }, Self { place: 1, fin: None }];

    /// Sends a segment that goes on.
    #[inline(always)]
    fn send(&mut self, turn: Turn, place: u8) {
        if turn.code & (code::DATA | code::FIN) != 0 {
            self.place = place;
            self.fin = turn.has_fin().then_some(place);
        }
    }
}

impl Turn {
    pub const fn is_reset(self) -> bool {
        self.is_reset
    }

    pub const fn has_fin(self) -> bool {
        self.code & code::FIN != 0
    }
}

/// What a first segment adds: a SYN. `None` if it is none that opens as most do.
pub(crate) fn first_turn(entry: &Entry) -> Option<Turn> {
    let is_usual = entry.from() == Side::Client && entry.controls()? == Flags::SYN && entry.window() != 0;
    is_usual.then_some(Turn { code: code::NO_ACK, is_reset: false })
}

/// What an answer to the SYN adds that ended at `syn_end`. `None` if it neither accepts nor refuses it.
pub(crate) fn answer_turn(entry: &Entry, syn_end: Seq) -> Option<Turn> {
    if entry.from() != Side::Server || entry.ack() != syn_end {
        return None;
    }
    match entry.controls()? {
        SYN_ACK if entry.window() != 0 => Some(Turn { code: code::FROM_SERVER, is_reset: false }),
        RST_ACK if entry.len() == 0 => Some(Turn { code: code::FROM_SERVER, is_reset: true }),
        _ => None,
    }
}

/// What a segment adds that acknowledges, and may carry data or FIN. `None` if it is not what its sender sends next.
/// `next` are the numbers of the next octets of both peers; `place_of` knows the first segment of a side that ended at a
/// number.
// Always: else each segment would pay for a call.
#[inline(always)]
pub(crate) fn next_turn(
    entry: &Entry,
    next: &[Seq; 2],
    peers: &[Sent; 2],
    place_of: impl FnOnce(Seq, Side) -> Option<u8>,
) -> Option<Turn> {
    if entry.controls()?.0 & !Flags::FIN.0 != Flags::ACK.0 || entry.window() == 0 {
        return None;
    }
    let (from, fin, data) = (entry.from(), entry.has_fin(), entry.len() > 0);
    let other = from.other();
    let acks_all = next[other as usize] == entry.ack();
    let acked = if acks_all { peers[other as usize].place } else { place_of(entry.ack(), other)? };
    if next[from as usize] != entry.seq() || (fin || data) && peers[from as usize].fin.is_some() {
        return None;
    }
    let mut code = acked;
    code |= if from == Side::Server { code::FROM_SERVER } else { 0 };
    code |= if fin { code::FIN } else { 0 };
    code |= if data { code::DATA } else { 0 };
    Some(Turn { code, is_reset: false })
}

/// What the RST adds that ends a connection of `shape`. `None` if it is none, if it is not what its sender sends next, or
/// if octets of both peers are not acknowledged: the rules weigh one against the other.
#[cold]
pub(crate) fn reset_turn(
    entry: Entry,
    next: &[Seq; 2],
    peers: &[Sent; 2],
    shape: &Shape,
    place_of: impl FnOnce(Seq, Side) -> Option<u8>,
) -> Option<Turn> {
    let from = entry.from();
    let acked = match entry.controls()? {
        Flags::RST => code::NO_ACK,
        RST_ACK => place_of(entry.ack(), from.other())?,
        _ => return None,
    };
    let is_acked = |side: Side| {
        let mut acks = shape.codes().iter().filter(|code| sender(**code) == side.other());
        acks.any(|code| code & code::ACKED == peers[side as usize].place)
    };
    if next[from as usize] != entry.seq() || !is_acked(Side::Client) && !is_acked(Side::Server) {
        return None;
    }
    Some(Turn { code: acked | if from == Side::Server { code::FROM_SERVER } else { 0 }, is_reset: true })
}

impl Course {
    /// One without segments.
    pub const fn new() -> Self {
        Self {
            shape: Shape::EMPTY,
            first: Moment { at: FrameId::new(0, 1), time_ns: 0 },
            distances: [Distance { ns: 0, packets: 0 }; PLACES],
            ends: [Seq(0); PLACES],
            bytes: Both { client: 0, server: 0 },
        }
    }

    /// Takes the course of a connection that was opened and is open still, or was closed by both peers, reset or refused,
    /// with nothing sent twice or missing, and no pause in its close that is worth a note. Any other, however regular, is
    /// for the rules. `None` if it is no such connection.
    #[inline(never)]
    pub fn take(&mut self, entries: Entries<'_>, thresholds: &Thresholds) -> Option<()> {
        let last = entries.ends_at();
        self.follow(entries, thresholds)?;
        self.first = self.distance(self.shape.len - 1).before(last);
        (self.first.at.file() == last.at.file()).then_some(())
    }

    /// Takes the shape, and distances from a first moment that the caller sets. It counts numbers as the journal does, but
    /// knows nothing of what that leaves out.
    #[inline]
    fn follow(&mut self, mut entries: Entries<'_>, thresholds: &Thresholds) -> Option<()> {
        let all = entries.clone();
        let (syn, start) = entries.next()?;
        self.push(first_turn(&syn)?, start, syn.end())?;
        let Some((answer, answered)) = entries.next() else { return Some(()) };
        let turn = answer_turn(&answer, syn.end())?;
        self.push(turn, answered, answer.end())?;
        if turn.is_reset {
            let is_late = is_late(self.silence_ns(1), 0, thresholds);
            return (!is_late && entries.next().is_none()).then_some(());
        }
        // An array: who comes next cannot be predicted, so that an index is better than a branch.
        let opened = [syn.end(), answer.end()];
        let (mut next, mut peers) = (opened, Sent::OPENED);
        while let Some((entry, distance)) = entries.next() {
            let place_of = |number, side| self.place_of(number, side);
            if let Some(turn) = next_turn(&entry, &next, &peers, place_of) {
                let (from, end) = (entry.from() as usize, entry.end());
                next[from] = end;
                peers[from].send(turn, self.shape.len);
                self.push(turn, distance, end)?;
            } else {
                let turn = reset_turn(entry, &next, &peers, &self.shape, place_of)?;
                self.push(turn, distance, entry.seq())?;
                if entries.next().is_some() || !has_usual_ttl(entry, all.clone(), thresholds) {
                    return None;
                }
            }
        }
        self.bytes = Both::from_fn(|side| {
            let occupied = next[side as usize].0.wrapping_sub(opened[side as usize].0);
            u64::from(occupied) - u64::from(peers[side as usize].fin.is_some())
        });
        let [client, server] = peers;
        let last = self.shape.len - 1;
        let dwelt_ns = match (client.fin, server.fin) {
            (None, None) => 0,
            (Some(one), Some(other)) => whole(self.distance(one).ns.abs_diff(self.distance(other).ns)),
            (Some(_), None) | (None, Some(_)) if self.shape.is_reset => 0,
            (Some(_), None) | (None, Some(_)) => return None,
        };
        let reset = self.shape.is_reset.then_some(last);
        let mut ends = [client.fin, server.fin, reset].into_iter().flatten();
        let is_late = ends.any(|end| is_late(self.silence_ns(end), dwelt_ns, thresholds));
        (!is_late).then_some(())
    }

    /// The TIME-WAIT of `side` ended before the packet `at`, after all segments.
    pub fn expire(&mut self, side: Side, at: FrameId) {
        self.shape.expired = Some(side);
        self.distances[PLACES - 1].packets = at.since(self.first.at).unwrap_or_default();
    }

    /// Adds a segment; `None` if there is no place for it.
    #[inline]
    fn push(&mut self, turn: Turn, distance: Distance, end: Seq) -> Option<()> {
        let place = usize::from(self.shape.len);
        self.shape.add(turn)?;
        self.distances[place] = distance;
        self.ends[place] = end;
        Some(())
    }

    /// The first segment of `side` that ended at `number`.
    #[cold]
    fn place_of(&self, number: Seq, side: Side) -> Option<u8> {
        let mut places = self.shape.codes().iter().zip(&self.ends).zip(0..);
        places.find(|((code, end), _)| sender(**code) == side && **end == number).map(|(_, place)| place)
    }

    /// How long there was nothing before the segment at `place`, which is not the first.
    fn silence_ns(&self, place: u8) -> i64 {
        whole(self.distance(place).ns.saturating_sub(self.distance(place - 1).ns))
    }

    #[inline]
    fn distance(&self, place: u8) -> Distance {
        self.distances[usize::from(place) % PLACES]
    }

    /// Packet and time of the segment that stands in packet `k` of the model, and comes at `k` nanoseconds in it.
    #[inline]
    pub fn moment(&self, k: u64) -> Moment {
        self.distance(k.wrapping_sub(1) as u8).behind(self.first)
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
    /// That of a connection without segments.
    pub const EMPTY: Self =
        Self { len: 0, is_reset: false, expired: None, codes: [code::NO_ACK; PLACES - 1] };

    /// Adds a segment; `None` if there is no place for it.
    #[inline]
    pub fn add(&mut self, turn: Turn) -> Option<()> {
        *self.codes.get_mut(usize::from(self.len))? = turn.code;
        self.len += 1;
        self.is_reset = turn.is_reset;
        Some(())
    }

    /// How far both peers have sent.
    pub fn sent(&self) -> [Sent; 2] {
        let mut peers = Sent::OPENED;
        for (&code, place) in self.codes().iter().zip(0..).skip(2) {
            peers[sender(code) as usize].send(Turn { code, is_reset: false }, place);
        }
        peers
    }

    /// Segments.
    pub const fn len(&self) -> u8 {
        self.len
    }

    /// True if nothing can go on.
    pub const fn is_reset(&self) -> bool {
        self.is_reset
    }

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
                text: &[],
            };
            next[from] = Some(arrival.end());
            ends[usize::from(k - 1) % PLACES] = arrival.end();
            (arrival, from)
        })
    }
}

/// True if a rule looks at the pause before a FIN or RST: nothing came for `silence_ns`, and the FIN of the other peer, if
/// there was one, `dwelt_ns` before.
pub(crate) const fn is_late(silence_ns: i64, dwelt_ns: i64, thresholds: &Thresholds) -> bool {
    silence_ns >= thresholds.idle_close || dwelt_ns >= thresholds.close_wait_note
}

/// True if what else the sender of `entry` sent came about as far as it.
#[cold]
pub(crate) fn has_usual_ttl(entry: Entry, mut all: Entries<'_>, thresholds: &Thresholds) -> bool {
    all.all(|(other, _)| {
        let difference = other.ttl().abs_diff(entry.ttl());
        other.from() != entry.from() || i64::from(difference) <= thresholds.ttl_difference
    })
}

/// So many nanoseconds with a sign, as far as these go.
fn whole(ns: u64) -> i64 {
    i64::try_from(ns).unwrap_or(i64::MAX)
}

fn sender(code: u8) -> Side {
    if code & code::FROM_SERVER == 0 { Side::Client } else { Side::Server }
}
