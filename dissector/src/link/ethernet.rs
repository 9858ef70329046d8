//! Ethernet II and IEEE 802.3, and the tags that networks add: VLAN (IEEE 802.1Q, 802.1ad), service
//! (802.1ah), port (802.1BR, VN-Tag), FabricPath.

use crate::span::Span;
use crate::step::{Next, Step};
use crate::{LayerKind, Skip};

/// Types below this are lengths (IEEE 802.3 clause 3.2.6).
const FIRST_TYPE: u16 = 0x0600;
/// PPPoE session stage (RFC 2516).
pub(super) const PPPOE_SESSION: u16 = 0x8864;

/// Destination, source, type or length.
#[inline]
pub(crate) fn ethernet(span: Span<'_>) -> Result<Step<'_>, Skip> {
    let header: &[u8; 14] = span.head().ok_or(Skip::Cut(LayerKind::Ethernet))?;
    typed(LayerKind::Ethernet, span, 14, u16::from_be_bytes([header[12], header[13]]))
}

/// What follows an Ethernet type that is not IP.
pub(crate) fn ether_type(number: u16, span: Span<'_>) -> Result<Step<'_>, Skip> {
    match number {
        number if is_vlan(number) => {
            let inner = span.be16(2).ok_or(Skip::Cut(LayerKind::Vlan))?;
            typed(LayerKind::Vlan, span, 4, inner)
        }
        0x8926 => {
            let inner = span.be16(4).ok_or(Skip::Cut(LayerKind::PortTag))?;
            typed(LayerKind::PortTag, span, 6, inner)
        }
        0x893f => {
            let inner = span.be16(6).ok_or(Skip::Cut(LayerKind::PortTag))?;
            typed(LayerKind::PortTag, span, 8, inner)
        }
        0x8903 => Step::new(LayerKind::FabricPath, span, 2, Next::Ethernet),
        0x88e7 => Step::new(LayerKind::ServiceTag, span, 4, Next::Ethernet),
        0x8847 | 0x8848 => super::mpls(span),
        PPPOE_SESSION => super::ppp::pppoe(span),
        0x880b => super::ppp(span),
        0x6558 => ethernet(span),
        0x8870 => super::llc(span),
        _ => Err(Skip::NotIp),
    }
}

/// Whether this type announces a VLAN tag: those of the standards, and those that were in use before.
#[inline]
pub(crate) const fn is_vlan(number: u16) -> bool {
    matches!(number, 0x8100 | 0x88a8 | 0x9100 | 0x9200 | 0x9300)
}

/// How to read what an Ethernet type announces.
#[inline]
pub(crate) const fn by_type(number: u16) -> Next {
    match number {
        // The first nibble of the packet says which of the two it really is.
        0x0800 | 0x86dd => Next::Ip,
        number => Next::EtherType(number),
    }
}

/// A header that ends in an Ethernet type or, in IEEE 802.3 frames, in the length of what follows.
#[inline]
fn typed(kind: LayerKind, span: Span<'_>, header: usize, type_or_len: u16) -> Result<Step<'_>, Skip> {
    if type_or_len >= FIRST_TYPE {
        Step::new(kind, span, header, by_type(type_or_len))
    } else {
        Ok(Step::new(kind, span, header, Next::Llc)?.limit(u32::from(type_or_len)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(tail: &[u8]) -> alloc::vec::Vec<u8> {
        let mut frame = alloc::vec![0; 12];
        frame.extend_from_slice(tail);
        frame
    }

    #[test]
    fn type_or_length() {
        let frame = frame(&[0x08, 0x00, 0x45]);
        let step = ethernet(Span::new(&frame, 3000)).unwrap();
        assert_eq!((step.next, step.rest.data, step.rest.len), (Next::Ip, &[0x45][..], 2986));
        let frame = self::frame(&[0, 3, 0xaa, 0xaa, 3, 0, 0]);
        let step = ethernet(Span::new(&frame, 60)).unwrap();
        assert_eq!((step.next, step.rest.data, step.rest.len), (Next::Llc, &[0xaa, 0xaa, 3][..], 3));
        assert_eq!(ethernet(Span::new(&frame[..13], 60)).unwrap_err(), Skip::Cut(LayerKind::Ethernet));
    }

    #[test]
    fn tags() {
        let step = ether_type(0x88a8, Span::new(&[0, 1, 0x81, 0, 0, 2, 0x86, 0xdd], 8)).unwrap();
        assert_eq!((step.kind, step.next), (LayerKind::Vlan, Next::EtherType(0x8100)));
        assert_eq!(ether_type(0x8100, step.rest).unwrap().next, Next::Ip);
        assert_eq!(ether_type(0x8100, Span::new(&[0, 1, 8], 8)).unwrap_err(), Skip::Cut(LayerKind::Vlan));
        let step = ether_type(0x8926, Span::new(&[0, 0, 0, 1, 0x81, 0, 0, 5, 8, 0], 10)).unwrap();
        assert_eq!((step.kind, step.header, step.next), (LayerKind::PortTag, 6, Next::EtherType(0x8100)));
        assert_eq!(ether_type(0x8903, Span::new(&[0, 1], 10)).unwrap().next, Next::Ethernet);
        assert_eq!(ether_type(0x0806, step.rest).unwrap_err(), Skip::NotIp);
    }
}
