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
use crate::journal::Entries;
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

impl Course {
    /// The course of a connection whose SYNs and FINs were all seen, with nothing sent twice, reset or missing, and no
    /// pause in its close that is worth a note; or of one that was refused. What else is by the book is for the rules to
    /// say.
    #[inline]
    pub fn of(start: Moment, entries: Entries<'_>, thresholds: &Thresholds) -> Option<Self> {
        const OPENING: Flags = Flags(Flags::SYN.0 | Flags::ACK.0);
        const REFUSAL: Flags = Flags(Flags::RST.0 | Flags::ACK.0);
        let mut shape = Shape { len: 0, codes: [code::NO_ACK; PLACES - 1] };
        let mut segments = [(0, 0); PLACES];
        let mut ends = [Seq(0); PLACES];
        let mut bytes = Both::default();
        let mut peers = Both::<Option<Sent>>::default();
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
            let (place, from, controls) = (shape.len, entry.from(), entry.controls()?);
            let (sent, other) = peers.of_mut(from);
            let fin = controls.contains(Flags::FIN);
            let (len, is_first) = (entry.len(), sent.is_none());
            let refuses = is_first && place == 1 && controls == REFUSAL && len == 0;
            let expected = match (is_first, from) {
                (true, Side::Client) => Flags::SYN,
                (true, Side::Server) => OPENING,
                (false, _) => Flags::ACK,
            };
            let is_expected = controls.0 & !Flags::FIN.0 == expected.0 && !(is_first && fin);
            if !refuses && (!is_expected || entry.window() == 0) || usize::from(place) == PLACES - 1 {
                return None;
            }
            let comes_late = silence_ns < 0 || (fin || refuses) && silence_ns >= thresholds.idle_close;
            if frame <= before_frame || comes_late {
                return None;
            }
            let acked = match other {
                _ if expected == Flags::SYN => code::NO_ACK,
                Some(other) if other.next == entry.ack() => other.place,
                Some(_) => shape.place_of(entry.ack(), &ends, from.other())?,
                None => return None,
            };
            let sent = sent.get_or_insert(Sent { next: entry.seq(), place, fin_ns: None });
            let end = entry.seq().plus(len + u32::from(is_first && !refuses) + u32::from(fin));
            if sent.next != entry.seq() || sent.fin_ns.is_some() && end != sent.next {
                return None;
            }
            if end != sent.next {
                (sent.next, sent.place) = (end, place);
            }
            if fin {
                sent.fin_ns = Some(time_ns);
            }
            bytes[from] += u64::from(len);
            (segments[usize::from(place)], ends[usize::from(place)]) = ((frame, time_ns), end);
            shape.push(from, fin || refuses, len > 0, acked);
        }
        if !shape.is_refused() {
            let fin_ns = |side: Side| peers[side].as_ref()?.fin_ns;
            let between_ns = elapsed(fin_ns(Side::Client)?, fin_ns(Side::Server)?).saturating_abs();
            if between_ns >= thresholds.close_wait_note {
                return None;
            }
        }
        Some(Self { shape, segments, file: start.at.file(), bytes })
    }

    /// Packet and time of the segment that stands in packet `k` of the model, and comes at `k` nanoseconds in it.
    #[inline]
    pub fn moment(&self, k: u64) -> Moment {
        let (frame, time_ns) = self.segments[k.wrapping_sub(1) as usize % PLACES];
        Moment { at: FrameId::new(self.file, frame), time_ns }
    }
}

impl Shape {
    #[inline]
    fn push(&mut self, from: Side, fin_or_refuses: bool, data: bool, acked: u8) {
        let mut code = acked;
        code |= if from == Side::Server { code::FROM_SERVER } else { 0 };
        code |= if fin_or_refuses { code::FIN } else { 0 };
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
