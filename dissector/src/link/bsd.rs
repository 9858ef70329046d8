//! Headers of the BSD family and macOS: loopback devices, packet filter logs, IPsec taps, packet taps.

use crate::span::Span;
use crate::step::{Next, Step};
use crate::{LayerKind, LinkType, Skip};

/// `LINKTYPE_NULL`: the address family in the byte order of the machine that captured; `LINKTYPE_LOOP`: in
/// network byte order.
pub(super) fn null(span: Span<'_>) -> Result<Step<'_>, Skip> {
    let family = u32::from_le_bytes(*span.head().ok_or(Skip::Cut(LayerKind::Loopback))?);
    // Families are small, so the order is plain.
    family_header(LayerKind::Loopback, span, 4, if family > 0xffff { family.swap_bytes() } else { family })
}

/// `LINKTYPE_ENC`: family, parameter index and flags before the packet inside IPsec.
pub(super) fn enc(span: Span<'_>) -> Result<Step<'_>, Skip> {
    let family = u32::from_le_bytes(*span.head().ok_or(Skip::Cut(LayerKind::Enc))?);
    family_header(LayerKind::Enc, span, 12, if family > 0xffff { family.swap_bytes() } else { family })
}

/// `LINKTYPE_PFLOG`: its length, padded to four octets, then the family.
pub(super) fn pflog(span: Span<'_>) -> Result<Step<'_>, Skip> {
    let [len, family] = *span.head().ok_or(Skip::Cut(LayerKind::Pflog))?;
    family_header(LayerKind::Pflog, span, usize::from(len).next_multiple_of(4), u32::from(family))
}

/// `LINKTYPE_PKTAP`: its length, a record type, and the link type of what follows, little-endian.
pub(super) fn pktap(span: Span<'_>) -> Result<Step<'_>, Skip> {
    let [l0, l1, l2, l3, _, _, _, _, d0, d1, d2, d3] = *span.head().ok_or(Skip::Cut(LayerKind::Pktap))?;
    let len = usize::try_from(u32::from_le_bytes([l0, l1, l2, l3])).unwrap_or(usize::MAX);
    let number =
        u16::try_from(u32::from_le_bytes([d0, d1, d2, d3])).map_err(|_| Skip::Bad(LayerKind::Pktap))?;
    if len < 12 {
        return Err(Skip::Bad(LayerKind::Pktap));
    }
    Step::new(LayerKind::Pktap, span, len, Next::Link(LinkType(number)))
}

/// IPv4 has one number everywhere, IPv6 one on each system.
fn family_header(kind: LayerKind, span: Span<'_>, header: usize, family: u32) -> Result<Step<'_>, Skip> {
    match family {
        2 | 10 | 23 | 24 | 26 | 28 | 30 => Step::new(kind, span, header, Next::Ip),
        _ => Err(Skip::NotIp),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_in_both_orders() {
        for head in [[2, 0, 0, 0], [0, 0, 0, 2], [30, 0, 0, 0], [0, 0, 0, 28]] {
            assert_eq!(null(Span::new(&head, 4)).unwrap().next, Next::Ip);
        }
        assert_eq!(null(Span::new(&[7, 0, 0, 0], 4)).unwrap_err(), Skip::NotIp);
        assert_eq!(null(Span::new(&[2, 0, 0], 4)).unwrap_err(), Skip::Cut(LayerKind::Loopback));
    }

    #[test]
    fn taps() {
        let packet = [12, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 9];
        let step = pktap(Span::new(&packet, 13)).unwrap();
        assert_eq!((step.next, step.rest.data), (Next::Link(LinkType(1)), &[9][..]));
        let packet = [61; 64];
        assert_eq!(pflog(Span::new(&packet, 64)).unwrap_err(), Skip::NotIp);
        let mut packet = [2; 64];
        packet[0] = 61;
        assert_eq!(pflog(Span::new(&packet, 64)).unwrap().header, 64);
    }
}
