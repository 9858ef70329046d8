//! Who sent what in which order, and what each segment acknowledged: all that the rules look at while the segments
//! of a connection are regular, and at the RST that ends it.
//!
//! Read from the segments of a connection that went so, all at once for a [`course`](super::course) or one after the other for
//! the [`book`](super::book), and made into a model of it. This file must not know any rule, but how long a pause
//! may be without a rule that looks at it.

use fourwave_dissector::FrameId;
use fourwave_dissector::tcp::Flags;

use crate::engine::journal::{Entries, Entry};
use crate::options::Thresholds;
use crate::rules::arrival::Arrival;
use crate::seq::Seq;
use crate::side::{Both, Side};

/// Places for segments. There is one less of them: the last place stands for none.
pub(super) const PLACES: usize = code::ACKED as usize + 1;

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

/// How far a peer has sent, in places; the numbers are apart, as no shape has any.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "checkpoint", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Extent {
    /// That of the last segment with SYN, data or FIN.
    place: u8,
    /// That of its FIN.
    pub fin: Option<u8>,
}

impl Extent {
    /// Of both peers after the SYN and its answer.
    pub const OPENED: [Self; 2] = [Self { place: 0, fin: None }, Self { place: 1, fin: None }];

    /// Sends a segment that goes on.
    #[inline(always)]
    pub fn send(&mut self, turn: Turn, place: u8) {
        if turn.code & (code::DATA | code::FIN) != 0 {
            self.place = place;
            self.fin = turn.has_fin().then_some(place);
        }
    }
}

impl Turn {
    /// Who sends it.
    pub const fn from(self) -> Side {
        if self.code & code::FROM_SERVER == 0 { Side::Client } else { Side::Server }
    }

    pub const fn is_reset(self) -> bool {
        self.is_reset
    }

    pub const fn has_fin(self) -> bool {
        self.code & code::FIN != 0
    }

    /// The place of the segment whose end it acknowledges.
    const fn acked(self) -> u8 {
        self.code & code::ACKED
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
    peers: &[Extent; 2],
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
    peers: &[Extent; 2],
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
        let mut acks = shape.turns().filter(|turn| turn.from() == side.other());
        acks.any(|turn| turn.acked() == peers[side as usize].place)
    };
    if next[from as usize] != entry.seq() || !is_acked(Side::Client) && !is_acked(Side::Server) {
        return None;
    }
    Some(Turn { code: acked | if from == Side::Server { code::FROM_SERVER } else { 0 }, is_reset: true })
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
    pub fn sent(&self) -> [Extent; 2] {
        let mut peers = Extent::OPENED;
        for (turn, place) in self.turns().zip(0..).skip(2) {
            peers[turn.from() as usize].send(turn, place);
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

    /// The TIME-WAIT of `side` ended after the last segment.
    pub const fn expire(&mut self, side: Side) {
        self.expired = Some(side);
    }

    /// Whose TIME-WAIT ended, and before which packet in the model.
    pub fn expired(&self) -> Option<(Side, FrameId)> {
        self.expired.map(|side| (side, FrameId::new(0, PLACES as u64)))
    }

    /// What each segment added.
    pub fn turns(&self) -> impl Iterator<Item = Turn> {
        let places = 1..;
        self.codes()
            .iter()
            .zip(places)
            .map(|(&code, place): (_, u8)| Turn { code, is_reset: self.is_reset && place == self.len })
    }

    fn codes(&self) -> &[u8] {
        self.codes.get(..usize::from(self.len)).unwrap_or_default()
    }

    /// The segments of the model: the `k`th, from 1, stands in packet `k` and comes at `k` nanoseconds. What data it has
    /// are 2^(k-1) octets, so that a sum of them names the segments.
    pub fn model(&self) -> impl Iterator<Item = (Arrival<'static>, Side)> {
        let mut next = Both::<Option<Seq>>::default();
        let mut ends = [Seq(0); PLACES];
        self.turns().zip(1..).map(move |(turn, k): (_, u8)| {
            let from = turn.from();
            let mut flags = if turn.is_reset {
                Flags::RST
            } else if next[from].is_none() {
                Flags::SYN
            } else if turn.has_fin() {
                Flags::FIN
            } else {
                Flags(0)
            };
            if turn.acked() != code::NO_ACK {
                flags = flags | Flags::ACK;
            }
            let arrival = Arrival {
                at: FrameId::new(0, k.into()),
                layer: 0,
                time_ns: k.into(),
                clock_ns: k.into(),
                flags,
                seq: next[from].unwrap_or(Seq(0)),
                ack: ends[usize::from(turn.acked())],
                len: if turn.code & code::DATA != 0 { 1 << (k - 1) } else { 0 },
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
