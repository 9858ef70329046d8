//! IEEE 802.2 LLC and SNAP (RFC 1042), and the rings that carry them: FDDI and IEEE 802.5.

use super::ethernet::by_type;
use crate::span::Span;
use crate::step::{Next, Step};
use crate::{LayerKind, Skip};

/// The LLC header, and the SNAP header where it announces one.
pub(crate) fn llc(span: Span<'_>) -> Result<Step<'_>, Skip> {
    let cut = Skip::Cut(LayerKind::Llc);
    match span.head::<3>().ok_or(cut)? {
        [0xaa, 0xaa, 0x03] => {
            let [_, _, _, o0, o1, o2, p0, p1] = *span.head::<8>().ok_or(cut)?;
            let next = match ([o0, o1, o2], u16::from_be_bytes([p0, p1])) {
                // Ethernet types, as such or bridged from a Token Ring or 802.11 network (IEEE 802.1H).
                ([0, 0, 0] | [0, 0, 0xf8], number) => by_type(number),
                // Bridged Ethernet (RFC 2684).
                ([0, 0x80, 0xc2], 0x0001 | 0x0007) => Next::Ethernet,
                _ => return Err(Skip::NotIp),
            };
            Step::new(LayerKind::Llc, span, 8, next)
        }
        [0x06, 0x06, 0x03] => Step::new(LayerKind::Llc, span, 3, Next::Ip),
        _ => Err(Skip::NotIp),
    }
}

/// FDDI: frame control, destination, source. Only LLC frames carry IP.
pub(super) fn fddi(span: Span<'_>) -> Result<Step<'_>, Skip> {
    let [control] = *span.head::<1>().ok_or(Skip::Cut(LayerKind::Fddi))?;
    if control & 0x30 != 0x10 {
        return Err(Skip::NotIp);
    }
    Step::new(LayerKind::Fddi, span, 13, Next::Llc)
}

/// IEEE 802.5: access control, frame control, destination, source, and the route if the source's first bit is set.
pub(super) fn token_ring(span: Span<'_>) -> Result<Step<'_>, Skip> {
    let fixed: &[u8; 14] = span.head().ok_or(Skip::Cut(LayerKind::TokenRing))?;
    if fixed[1] & 0xc0 != 0x40 {
        return Err(Skip::NotIp);
    }
    let route = if fixed[8] & 0x80 != 0 {
        usize::from(span.data.get(14).ok_or(Skip::Cut(LayerKind::TokenRing))? & 0x1f)
    } else {
        0
    };
    Step::new(LayerKind::TokenRing, span, 14 + route, Next::Llc)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn snap() {
        let step = llc(Span::new(&[0xaa, 0xaa, 3, 0, 0, 0, 8, 0, 0x45], 9)).unwrap();
        assert_eq!((step.header, step.next), (8, Next::Ip));
        assert_eq!(llc(Span::new(&[0xaa, 0xaa, 3, 0, 0], 9)).unwrap_err(), Skip::Cut(LayerKind::Llc));
        assert_eq!(llc(Span::new(&[0x42, 0x42, 3], 3)).unwrap_err(), Skip::NotIp);
        assert_eq!(llc(Span::new(&[0xaa, 0xaa, 3, 0, 0x80, 0xc2, 0, 7], 9)).unwrap().next, Next::Ethernet);
    }

    #[test]
    fn rings() {
        let mut frame = [0; 20];
        frame[0] = 0x50;
        assert_eq!(fddi(Span::new(&frame, 20)).unwrap().header, 13);
        frame[0] = 0x41;
        assert_eq!(fddi(Span::new(&frame, 20)).unwrap_err(), Skip::NotIp);
        (frame[1], frame[8], frame[14]) = (0x40, 0x80, 0x06);
        assert_eq!(token_ring(Span::new(&frame, 20)).unwrap().header, 20);
    }
}
