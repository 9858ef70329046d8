//! Who sent what in which order, and what each segment acknowledged: all that the rules look at while a connection goes
//! by the book.
//!
//! Read from the segments of a connection that closed so, and made into a model of it. This file must not know any rule.

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

/// Octets of a segment with data in a model: not 1, which probes have.
const MODEL_LEN: u32 = 100;

/// What one segment is to the rules. The first of each peer is its SYN, or its RST if it refuses.
mod code {
    pub(super) const FROM_SERVER: u8 = 1 << 7;
    pub(super) const FIN: u8 = 1 << 6;
    /// The same of a first segment, which is no FIN.
    pub(super) const REFUSES: u8 = FIN;
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
    codes: [u8; PLACES - 1],
}

/// A connection that has a shape, and what of it is its own.
#[derive(Clone, Debug)]
pub(crate) struct Course {
    pub(super) shape: Shape,
    /// Packet in its file, and time, of each segment.
    segments: [(u64, i64); PLACES],
    file: u32,
    pub(super) bytes: Both<u64>,
}

/// A course while it is read.
struct Draft {
    shape: Shape,
    segments: [(u64, i64); PLACES],
    /// Where each segment ended.
    ends: [Seq; PLACES],
    bytes: Both<u64>,
    peers: Both<Option<Sent>>,
}

/// What one peer has sent so far.
#[derive(Clone, Copy)]
struct Sent {
    /// The number of its next octet.
    next: Seq,
    /// The place of the segment that ends there.
    place: u8,
    /// When it sent its FIN.
    fin_ns: Option<i64>,
}

/// What a segment does in a connection that has a shape.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Deed {
    Opens,
    Refuses,
    /// It acknowledges, and may carry data or FIN.
    GoesOn,
}

impl Deed {
    /// The deed of a segment, by whether it is the first of its sender. `None` if it has no place in a shape.
    #[inline]
    fn of(entry: &Entry, is_first: bool) -> Option<Self> {
        const SYN_ACK: u16 = Flags::SYN.0 | Flags::ACK.0;
        const RST_ACK: u16 = Flags::RST.0 | Flags::ACK.0;
        let controls = entry.controls()?.0;
        let deed = match (is_first, entry.from()) {
            (false, _) if controls & !Flags::FIN.0 == Flags::ACK.0 => Self::GoesOn,
            (true, Side::Client) if controls == Flags::SYN.0 => Self::Opens,
            (true, Side::Server) if controls == SYN_ACK => Self::Opens,
            (true, Side::Server) if controls == RST_ACK && entry.len() == 0 => return Some(Self::Refuses),
            (true | false, _) => return None,
        };
        (entry.window() != 0).then_some(deed)
    }
}

impl Course {
    /// The course of a connection whose SYNs and FINs were all seen, with nothing sent twice, reset or missing, and no
    /// pause in its close that is worth a note; or of one that was refused. What else is by the book is for the rules to
    /// say.
    #[inline]
    pub fn of(start: Moment, entries: Entries<'_>, thresholds: &Thresholds) -> Option<Self> {
        let mut draft = Draft {
            shape: Shape { len: 0, codes: [code::NO_ACK; PLACES - 1] },
            segments: [(0, 0); PLACES],
            ends: [Seq(0); PLACES],
            bytes: Both::default(),
            peers: Both::default(),
        };
        let (mut frame, mut time_ns) = (start.at.frame(), start.time_ns);
        let mut before = (0, time_ns);
        for entry in entries {
            if let Some(anchor) = entry.anchored() {
                (frame, time_ns) = (anchor.at.frame(), anchor.time_ns);
                if anchor.at.file() != start.at.file() {
                    return None;
                }
                continue;
            }
            let (since_ns, packets) = entry.since();
            (frame, time_ns) = (frame + u64::from(packets), time_ns + i64::from(since_ns));
            let (before_frame, before_ns) = mem::replace(&mut before, (frame, time_ns));
            let silence_ns = elapsed(before_ns, time_ns);
            let ends = draft.take(entry, frame, time_ns)?;
            if frame <= before_frame || silence_ns < 0 || ends && silence_ns >= thresholds.idle_close {
                return None;
            }
        }
        let Draft { shape, segments, bytes, .. } = draft;
        let is_told = shape.is_refused() || draft.close_ns()? < thresholds.close_wait_note;
        is_told.then_some(Self { shape, segments, file: start.at.file(), bytes })
    }

    /// Packet and time of the segment that stands in packet `k` of the model, and comes at `k` nanoseconds in it.
    #[inline]
    pub fn moment(&self, k: u64) -> Moment {
        let (frame, time_ns) = self.segments[k.wrapping_sub(1) as usize % PLACES];
        Moment { at: FrameId::new(self.file, frame), time_ns }
    }
}

impl Draft {
    /// Adds a segment; says whether it ends anything. `None` if it has no place in a shape.
    #[inline]
    fn take(&mut self, entry: &Entry, frame: u64, time_ns: i64) -> Option<bool> {
        let (place, from, seq, len) = (self.shape.len, entry.from(), entry.seq(), entry.len());
        if usize::from(place) == PLACES - 1 {
            return None;
        }
        let (sent, other) = self.peers.of_mut(from);
        let deed = Deed::of(entry, sent.is_none())?;
        let acked = match other {
            // Its SYN is the first segment of all.
            _ if deed == Deed::Opens && from == Side::Client => code::NO_ACK,
            Some(other) if other.next == entry.ack() => other.place,
            Some(_) => self.shape.place_of(entry.ack(), &self.ends, from.other())?,
            None => return None,
        };
        let fin = entry.has_fin();
        let end = seq.plus(len + u32::from(deed == Deed::Opens) + u32::from(fin));
        let sent = sent.get_or_insert(Sent { next: seq, place, fin_ns: None });
        if sent.next != seq || sent.fin_ns.is_some() && end != seq {
            return None;
        }
        if end != seq {
            (sent.next, sent.place) = (end, place);
        }
        if fin {
            sent.fin_ns = Some(time_ns);
        }
        let ends = fin || deed == Deed::Refuses;
        self.bytes[from] += u64::from(len);
        self.segments[usize::from(place)] = (frame, time_ns);
        self.ends[usize::from(place)] = end;
        self.shape.push(from, ends, len > 0, acked);
        Some(ends)
    }

    /// Time between the FINs, if both peers sent theirs.
    fn close_ns(&self) -> Option<i64> {
        let fin_ns = |side: Side| self.peers[side].as_ref()?.fin_ns;
        Some(elapsed(fin_ns(Side::Client)?, fin_ns(Side::Server)?).saturating_abs())
    }
}

impl Shape {
    #[inline]
    fn push(&mut self, from: Side, ends: bool, data: bool, acked: u8) {
        let mut code = acked;
        code |= if from == Side::Server { code::FROM_SERVER } else { 0 };
        code |= if ends { code::FIN } else { 0 };
        code |= if data { code::DATA } else { 0 };
        if let Some(place) = self.codes.get_mut(usize::from(self.len)) {
            *place = code;
            self.len += 1;
        }
    }

    /// A SYN, and the RST that refuses it.
    pub fn is_refused(&self) -> bool {
        *self.codes() == [code::NO_ACK, code::FROM_SERVER | code::REFUSES]
    }

    fn codes(&self) -> &[u8] {
        self.codes.get(..usize::from(self.len)).unwrap_or_default()
    }

    /// The first segment of `side` that ended at `number`.
    fn place_of(&self, number: Seq, ends: &[Seq; PLACES], side: Side) -> Option<u8> {
        let mut places = self.codes().iter().zip(ends).zip(0..);
        places.find(|((code, end), _)| sender(**code) == side && **end == number).map(|(_, place)| place)
    }

    /// The segments of the model: the `k`th, from 1, stands in packet `k` and comes at `k` nanoseconds.
    pub fn model(&self) -> impl Iterator<Item = (Arrival<'static>, Side)> {
        let mut next = Both::<Option<Seq>>::default();
        let mut ends = [Seq(0); PLACES];
        self.codes().iter().zip(1..).map(move |(&code, k): (_, u8)| {
            let from = sender(code);
            let mut flags = match (next[from].is_none(), code & code::FIN != 0) {
                (true, false) => Flags::SYN,
                (true, true) => Flags::RST,
                (false, false) => Flags(0),
                (false, true) => Flags::FIN,
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
                len: if code & code::DATA != 0 { MODEL_LEN } else { 0 },
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

fn sender(code: u8) -> Side {
    if code & code::FROM_SERVER == 0 { Side::Client } else { Side::Server }
}
