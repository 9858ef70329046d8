//! Where the sequence numbers of both peers begin, for relative numbers (RFC 9293 section 3.4.1).
//!
//! The SYN has number 0. Without it, the first octet seen has number 1, as if the SYN had come just before.

use fourwave_annotate::{Both, Side};
use fourwave_dissector::Segment;
use fourwave_dissector::tcp::Flags;

/// Numbers this close before the origin are printed as negative ones: keepalives, old copies.
const BEFORE_ORIGIN: u32 = 1 << 20;

/// The initial sequence numbers, and what else only a SYN tells.
#[derive(Clone, Copy, Debug, Default)]
pub struct Origins {
    isn: Both<Option<Origin>>,
    /// What the SYN says of the window scale, if it was seen.
    scale: Both<Option<Option<u8>>>,
}

#[derive(Clone, Copy, Debug)]
struct Origin {
    isn: u32,
    certain: bool,
}

impl Origins {
    /// Takes in a segment of `from`.
    pub fn see(&mut self, segment: &Segment<'_>, from: Side) {
        let header = &segment.tcp;
        let syn = header.flags.contains(Flags::SYN);
        if syn {
            self.scale[from] = Some(header.window_scale());
        }
        let own = if syn { header.seq } else { header.seq.wrapping_sub(1) };
        self.learn(from, own, syn);
        if header.flags.contains(Flags::ACK) {
            self.learn(from.other(), header.ack.wrapping_sub(1), syn);
        }
    }

    fn learn(&mut self, side: Side, isn: u32, certain: bool) {
        if self.isn[side].is_none_or(|known| certain && !known.certain) {
            self.isn[side] = Some(Origin { isn, certain });
        }
    }

    /// The number of an octet of `side`, counted from its SYN.
    pub fn relative(&self, side: Side, number: u32) -> i64 {
        let distance = number.wrapping_sub(self.isn[side].map_or(0, |origin| origin.isn));
        let before = distance.wrapping_neg();
        if (1..=BEFORE_ORIGIN).contains(&before) { -i64::from(before) } else { i64::from(distance) }
    }

    /// Whose numbers are counted from something else than the SYN, because that is not known.
    pub fn assumed(&self) -> Both<bool> {
        Both::from_fn(|side| self.isn[side].is_some_and(|origin| !origin.certain))
    }

    /// How far a window of `side` is shifted in segments without SYN: 0 unless both SYNs carried the option
    /// (RFC 7323 section 2.2), `None` if a SYN was not seen.
    pub fn window_shift(&self, side: Side) -> Option<u8> {
        match (self.scale.client?, self.scale.server?) {
            (Some(client), Some(server)) => {
                let shifts = Both { client, server };
                Some(shifts[side].min(14))
            }
            (None, _) | (_, None) => Some(0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origins(client: u32, certain: bool) -> Origins {
        Origins {
            isn: Both { client: Some(Origin { isn: client, certain }), server: None },
            ..Origins::default()
        }
    }

    #[test]
    fn numbers_count_from_the_syn() {
        let origins = origins(u32::MAX, true);
        assert_eq!(origins.relative(Side::Client, u32::MAX), 0);
        assert_eq!(origins.relative(Side::Client, 0), 1);
        assert_eq!(origins.relative(Side::Client, u32::MAX - 1), -1);
        assert_eq!(origins.relative(Side::Client, 3_000_000_000), 3_000_000_001);
    }

    #[test]
    fn a_syn_is_believed_before_anything_else() {
        let mut origins = origins(100, false);
        origins.learn(Side::Client, 50, false);
        assert_eq!(origins.relative(Side::Client, 101), 1);
        origins.learn(Side::Client, 50, true);
        assert_eq!(origins.relative(Side::Client, 101), 51);
        origins.learn(Side::Server, 7, false);
        assert_eq!(origins.assumed(), Both { client: false, server: true });
    }

    #[test]
    fn windows_are_scaled_only_if_both_offered_it() {
        let shift = |client, server| {
            Origins { scale: Both { client, server }, ..Origins::default() }.window_shift(Side::Client)
        };
        assert_eq!(shift(Some(Some(7)), Some(Some(2))), Some(7));
        assert_eq!(shift(Some(Some(15)), Some(Some(2))), Some(14));
        assert_eq!(shift(Some(Some(7)), Some(None)), Some(0));
        assert_eq!(shift(Some(Some(7)), None), None);
    }
}
