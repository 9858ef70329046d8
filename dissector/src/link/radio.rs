//! Headers that monitoring interfaces put before IEEE 802.11 frames: radiotap, PPI, Prism, AVS.

use crate::span::Span;
use crate::step::{Next, Step};
use crate::{LayerKind, LinkType, Skip};

const PLAIN_WLAN: Next = Next::Wlan { padded: false };

/// Radiotap: version, padding, length, bitmaps of what is present, then the fields. One field matters here.
pub(super) fn radiotap(span: Span<'_>) -> Result<Step<'_>, Skip> {
    let [_, _, l0, l1] = *span.head().ok_or(Skip::Cut(LayerKind::Radiotap))?;
    let len = usize::from(u16::from_le_bytes([l0, l1]));
    if len < 8 {
        return Err(Skip::Bad(LayerKind::Radiotap));
    }
    let header = span.data.get(..len).ok_or(Skip::Cut(LayerKind::Radiotap))?;
    /// The frame's header is padded to a multiple of four octets.
    const DATA_PAD: u8 = 0x20;
    let padded = radiotap_flags(header).is_some_and(|flags| flags & DATA_PAD != 0);
    Step::new(LayerKind::Radiotap, span, len, Next::Wlan { padded })
}

/// The flags field, which is the second one, after the eight octets of a timestamp aligned to eight.
fn radiotap_flags(header: &[u8]) -> Option<u8> {
    const TIMESTAMP: u8 = 0x01;
    const FLAGS: u8 = 0x02;
    const MORE_BITMAPS: u8 = 0x80;
    let mut bitmaps = header.get(4..)?.chunks_exact(4);
    let first = bitmaps.next()?[0];
    let last = header.get(4..)?.chunks_exact(4).position(|bitmap| bitmap[3] & MORE_BITMAPS == 0)?;
    let fields = 4 + 4 * (last + 1);
    match (first & FLAGS != 0, first & TIMESTAMP != 0) {
        (false, _) => None,
        (true, false) => header.get(fields).copied(),
        (true, true) => header.get(fields.next_multiple_of(8) + 8).copied(),
    }
}

/// PPI: version, flags, length, and the link type of what follows, little-endian.
pub(super) fn ppi(span: Span<'_>) -> Result<Step<'_>, Skip> {
    let [_, _, l0, l1, d0, d1, d2, d3] = *span.head().ok_or(Skip::Cut(LayerKind::Ppi))?;
    let len = usize::from(u16::from_le_bytes([l0, l1]));
    let number =
        u16::try_from(u32::from_le_bytes([d0, d1, d2, d3])).map_err(|_| Skip::Bad(LayerKind::Ppi))?;
    if len < 8 {
        return Err(Skip::Bad(LayerKind::Ppi));
    }
    Step::new(LayerKind::Ppi, span, len, Next::Link(LinkType(number)))
}

/// Prism: a message code and a length in the byte order of the machine that captured. AVS may stand in its place.
pub(super) fn prism(span: Span<'_>) -> Result<Step<'_>, Skip> {
    let [c0, c1, _, _, len @ ..]: [u8; 8] = *span.head().ok_or(Skip::Cut(LayerKind::Prism))?;
    if [c0, c1] == [0x80, 0x21] {
        return avs(span);
    }
    let len = u32::from_le_bytes(len);
    monitored(LayerKind::Prism, span, if len > 0xffff { len.swap_bytes() } else { len })
}

/// AVS: version and length, big-endian.
pub(super) fn avs(span: Span<'_>) -> Result<Step<'_>, Skip> {
    let [_, _, _, _, len @ ..]: [u8; 8] = *span.head().ok_or(Skip::Cut(LayerKind::Avs))?;
    monitored(LayerKind::Avs, span, u32::from_be_bytes(len))
}

fn monitored(kind: LayerKind, span: Span<'_>, len: u32) -> Result<Step<'_>, Skip> {
    match usize::try_from(len) {
        Ok(len) if len >= 8 => Step::new(kind, span, len, PLAIN_WLAN),
        _ => Err(Skip::Bad(kind)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn radiotap_finds_the_flags() {
        let plain = [0, 0, 9, 0, 0x02, 0, 0, 0, 0x20];
        assert_eq!(radiotap(Span::new(&plain, 9)).unwrap().next, Next::Wlan { padded: true });
        // Two bitmaps and a timestamp: the fields start at 12, the timestamp at 16, the flags at 24.
        let mut long = [0; 25];
        (long[2], long[4], long[7], long[24]) = (25, 0x03, 0x80, 0x20);
        assert_eq!(radiotap(Span::new(&long, 25)).unwrap().next, Next::Wlan { padded: true });
        long[24] = 0x10;
        assert_eq!(radiotap(Span::new(&long, 25)).unwrap().next, PLAIN_WLAN);
        assert_eq!(radiotap(Span::new(&long[..20], 25)).unwrap_err(), Skip::Cut(LayerKind::Radiotap));
    }

    #[test]
    fn the_others() {
        assert_eq!(ppi(Span::new(&[0, 0, 8, 0, 105, 0, 0, 0], 8)).unwrap().next, Next::Link(LinkType(105)));
        let mut packet = [0; 144];
        (packet[0], packet[4]) = (0x44, 144);
        assert_eq!(prism(Span::new(&packet, 144)).unwrap().header, 144);
        (packet[0], packet[1], packet[4], packet[7]) = (0x80, 0x21, 0, 64);
        let step = prism(Span::new(&packet, 144)).unwrap();
        assert_eq!((step.kind, step.header), (LayerKind::Avs, 64));
        packet[7] = 7;
        assert_eq!(avs(Span::new(&packet, 144)).unwrap_err(), Skip::Bad(LayerKind::Avs));
    }
}
