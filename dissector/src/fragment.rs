//! Reassembly of IP datagrams from fragments (RFC 791 section 3.2, RFC 8200 section 4.5) in bounded memory.
//!
//! Overlapping fragments make a datagram invalid, as RFC 5722 demands for IPv6 and Linux does for IPv4;
//! an exact copy of a fragment is ignored.

use alloc::collections::{BTreeMap, VecDeque};
use alloc::vec::Vec;
use core::net::IpAddr;

use crate::ip::{Carried, Fragment};
use crate::skip::Skip;

/// Datagrams that are put together at the same time.
const MAX_DATAGRAMS: usize = 1_024;
/// Memory for their fragments, octets.
const MAX_OCTETS: usize = 16 << 20;
/// How long a datagram waits for its fragments, nanoseconds of capture time (RFC 791 suggests 15 s, Linux
/// waits 30 s).
const LIFETIME_NS: i64 = 30_000_000_000;
/// Octets that a datagram can have.
const MAX_LEN: u32 = 65_535;

/// What makes fragments belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Key {
    pub src: IpAddr,
    pub dst: IpAddr,
    pub id: u32,
    /// The protocol in IPv4; 0 in IPv6, where only the first fragment's counts.
    pub protocol: u8,
    /// VLANs or tunnels that set equal addresses apart.
    pub zone: u64,
}

/// Datagrams that wait for fragments.
#[derive(Clone, Debug, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Pool {
    waiting: BTreeMap<Key, Datagram>,
    /// Every datagram in the order of arrival, those that are gone included.
    arrivals: VecDeque<(u64, Key)>,
    /// Datagrams that ever arrived.
    arrived: u64,
    /// What the waiting ones occupy.
    octets: usize,
    /// Datagrams given up: too late, contradicting, or pushed out by others.
    given_up: u64,
}

/// A datagram whose fragments are all there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Whole {
    /// Protocol number, from the first fragment.
    pub protocol: u8,
    /// Its octets up to the first one that was not captured.
    pub data: Vec<u8>,
    /// Its length on the wire.
    pub len: u32,
}

#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
struct Datagram {
    /// Tells it from others with the same key before and after it.
    serial: u64,
    first_ns: i64,
    protocol: u8,
    /// Length, once the last fragment is there.
    len: Option<u32>,
    /// In order, without overlap.
    pieces: Vec<Piece>,
    /// Octets that the pieces cover.
    covered: u32,
}

#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
struct Piece {
    start: u32,
    end: u32,
    /// What was captured of it.
    data: Vec<u8>,
}

impl Piece {
    /// Memory it takes.
    fn octets(&self) -> usize {
        size_of::<Self>() + self.data.len()
    }
}

impl Pool {
    /// Takes in a fragment and returns the datagram that it completes.
    ///
    /// # Errors
    /// [`Skip::FragmentWaiting`] if others are missing, [`Skip::FragmentBad`] if it contradicts others.
    pub(crate) fn add(
        &mut self,
        key: Key,
        time_ns: i64,
        fragment: Fragment,
        carried: Carried<'_>,
    ) -> Result<Whole, Skip> {
        self.expire(time_ns);
        let datagram = self.waiting.entry(key).or_insert_with(|| {
            self.arrived = self.arrived.saturating_add(1);
            self.arrivals.push_back((self.arrived, key));
            Datagram::new(self.arrived, time_ns)
        });
        let taken = datagram.add(fragment, carried);
        let complete = datagram.len == Some(datagram.covered);
        self.octets = self.octets.saturating_add(taken.unwrap_or(0));
        let whole = match taken {
            Ok(_) if complete => self.remove(&key).map(Datagram::into_whole).ok_or(Skip::FragmentBad),
            Ok(_) => Err(Skip::FragmentWaiting),
            Err(skip) => {
                self.give_up(&key);
                Err(skip)
            }
        };
        self.make_room();
        whole
    }

    /// Datagrams of which fragments are missing, now or for good.
    pub(crate) fn incomplete(&self) -> u64 {
        self.given_up.saturating_add(self.waiting.len() as u64)
    }

    /// Gives up what has waited too long. Time that runs backwards gives up nothing.
    fn expire(&mut self, now_ns: i64) {
        while let Some(&(serial, key)) = self.arrivals.front() {
            match self.waiting.get(&key) {
                Some(datagram) if datagram.serial == serial => {
                    if now_ns.saturating_sub(datagram.first_ns) <= LIFETIME_NS {
                        return;
                    }
                    self.give_up_first();
                }
                Some(_) | None => self.give_up_first(),
            }
        }
    }

    /// Gives up the oldest while there is too much.
    fn make_room(&mut self) {
        while (self.waiting.len() > MAX_DATAGRAMS || self.octets > MAX_OCTETS) && !self.arrivals.is_empty() {
            self.give_up_first();
        }
        if self.arrivals.len() > 2 * MAX_DATAGRAMS {
            let waiting = &self.waiting;
            let waits =
                |(serial, key): &(u64, Key)| waiting.get(key).is_some_and(|one| one.serial == *serial);
            self.arrivals.retain(waits);
        }
    }

    /// Forgets the first arrival, and the datagram if it still waits.
    fn give_up_first(&mut self) {
        let Some((serial, key)) = self.arrivals.pop_front() else { return };
        if self.waiting.get(&key).is_some_and(|datagram| datagram.serial == serial) {
            self.give_up(&key);
        }
    }

    fn give_up(&mut self, key: &Key) {
        self.remove(key);
        self.given_up = self.given_up.saturating_add(1);
    }

    fn remove(&mut self, key: &Key) -> Option<Datagram> {
        let datagram = self.waiting.remove(key)?;
        let octets = datagram.pieces.iter().map(Piece::octets).sum();
        self.octets = self.octets.saturating_sub(octets);
        Some(datagram)
    }
}

impl Datagram {
    const fn new(serial: u64, first_ns: i64) -> Self {
        Self { serial, first_ns, protocol: 0, len: None, pieces: Vec::new(), covered: 0 }
    }

    /// Takes in a fragment and says how much memory that took.
    fn add(&mut self, fragment: Fragment, carried: Carried<'_>) -> Result<usize, Skip> {
        let (start, len) = (fragment.offset, carried.payload.len);
        let end = start.saturating_add(len);
        let uneven = fragment.more && len % 8 != 0;
        let beyond = self.len.is_some_and(|known| end > known || !fragment.more && end != known);
        let short = !fragment.more && self.pieces.last().is_some_and(|last| last.end > end);
        if uneven || beyond || short || end > MAX_LEN || len == 0 {
            return Err(Skip::FragmentBad);
        }
        if start == 0 {
            self.protocol = carried.protocol;
        }
        if !fragment.more {
            self.len = Some(end);
        }
        let at = self.pieces.partition_point(|piece| piece.end <= start);
        match self.pieces.get(at) {
            Some(piece) if piece.start == start && piece.end == end => Ok(0),
            Some(piece) if piece.start < end => Err(Skip::FragmentBad),
            Some(_) | None => {
                let piece = Piece { start, end, data: carried.payload.data.to_vec() };
                let octets = piece.octets();
                self.covered = self.covered.saturating_add(len);
                self.pieces.insert(at, piece);
                Ok(octets)
            }
        }
    }

    fn into_whole(self) -> Whole {
        let len = self.len.unwrap_or(0);
        let mut data = Vec::with_capacity(self.pieces.iter().map(|piece| piece.data.len()).sum());
        for piece in self.pieces {
            // A piece that was cut by a snap length leaves a hole; what is behind it has no place.
            if data.len() < piece.start as usize {
                break;
            }
            data.extend_from_slice(&piece.data);
        }
        Whole { protocol: self.protocol, data, len }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::span::Span;

    fn key(id: u32) -> Key {
        let ip = IpAddr::from([192, 0, 2, 1]);
        Key { src: ip, dst: ip, id, protocol: 6, zone: 0 }
    }

    fn add(
        pool: &mut Pool,
        id: u32,
        time_ns: i64,
        offset: u32,
        data: &[u8],
        more: bool,
    ) -> Result<Whole, Skip> {
        let carried = Carried { protocol: 6, payload: Span::new(data, data.len() as u32) };
        pool.add(key(id), time_ns, Fragment { id, offset, more }, carried)
    }

    #[test]
    fn in_any_order() {
        let mut pool = Pool::default();
        assert_eq!(add(&mut pool, 1, 0, 16, &[3; 3], false), Err(Skip::FragmentWaiting));
        assert_eq!(add(&mut pool, 1, 0, 0, &[1; 8], true), Err(Skip::FragmentWaiting));
        assert_eq!(add(&mut pool, 1, 0, 0, &[1; 8], true), Err(Skip::FragmentWaiting), "a copy");
        assert_eq!(pool.incomplete(), 1);
        let whole = add(&mut pool, 1, 0, 8, &[2; 8], true).unwrap();
        assert_eq!((whole.len, whole.data.len(), whole.data[18]), (19, 19, 3));
        assert_eq!(pool.incomplete(), 0);
    }

    #[test]
    fn contradictions() {
        let mut pool = Pool::default();
        let _ = add(&mut pool, 1, 0, 0, &[1; 16], true);
        assert_eq!(add(&mut pool, 1, 0, 8, &[2; 16], true), Err(Skip::FragmentBad), "overlap");
        assert_eq!(add(&mut pool, 2, 0, 0, &[1; 7], true), Err(Skip::FragmentBad), "not a multiple of eight");
        let _ = add(&mut pool, 3, 0, 8, &[1; 8], false);
        assert_eq!(add(&mut pool, 3, 0, 16, &[1; 8], true), Err(Skip::FragmentBad), "beyond the end");
        assert_eq!(add(&mut pool, 4, 0, 65_528, &[1; 8], false), Err(Skip::FragmentBad), "too long");
        assert_eq!(pool.incomplete(), 4);
    }

    #[test]
    fn bounded_in_time_and_number() {
        let mut pool = Pool::default();
        let _ = add(&mut pool, 1, 0, 0, &[1; 8], true);
        assert_eq!(add(&mut pool, 1, LIFETIME_NS + 1, 8, &[1; 8], false), Err(Skip::FragmentWaiting));
        for id in 2..2_000 {
            let _ = add(&mut pool, id, LIFETIME_NS + 1, 0, &[1; 8], true);
        }
        assert_eq!(pool.waiting.len(), MAX_DATAGRAMS);
        assert_eq!(pool.incomplete(), 2_000);
        assert!(add(&mut pool, 1_999, LIFETIME_NS + 1, 8, &[1; 8], false).is_ok(), "the oldest goes first");
    }

    #[test]
    fn bounded_in_octets() {
        let mut pool = Pool::default();
        for id in 0..1_000 {
            let _ = add(&mut pool, id, 0, 0, &[1; 65_000], true);
            assert!(pool.octets <= MAX_OCTETS);
        }
        assert_eq!(pool.incomplete(), 1_000);
    }

    #[test]
    fn what_is_gone_is_forgotten() {
        let mut pool = Pool::default();
        for _ in 0..10_000 {
            let _ = add(&mut pool, 1, 0, 0, &[1; 8], true);
            assert!(add(&mut pool, 1, 0, 8, &[1; 8], false).is_ok());
            let _ = add(&mut pool, 2, 0, 0, &[1; 8], true);
        }
        assert!(pool.arrivals.len() <= 2 * MAX_DATAGRAMS + 2);
        assert_eq!((pool.waiting.len(), pool.given_up), (1, 0));
    }

    #[test]
    fn a_cut_piece_leaves_a_hole() {
        let mut pool = Pool::default();
        let cut = Carried { protocol: 6, payload: Span::new(&[1; 5], 8) };
        let _ = pool.add(key(1), 0, Fragment { id: 1, offset: 0, more: true }, cut);
        let whole = add(&mut pool, 1, 0, 8, &[2; 4], false).unwrap();
        assert!(whole.data.capacity() <= 5 + 4, "by what was captured, not by what is claimed");
        assert_eq!((whole.len, whole.data), (12, alloc::vec![1; 5]));
    }
}
