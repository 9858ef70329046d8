//! Linux cooked captures, which stand for any device: `LINKTYPE_LINUX_SLL` and `LINKTYPE_LINUX_SLL2`.
//!
//! The device type (ARPHRD) does not matter: the protocol field is an Ethernet type on all that carry IP.

use super::ethernet::by_type;
use crate::span::Span;
use crate::step::{Next, Step};
use crate::{LayerKind, Skip};

/// Version 1: the protocol is the last field.
pub(super) fn sll(span: Span<'_>) -> Result<Step<'_>, Skip> {
    let protocol = span.be16(14).ok_or(Skip::Cut(LayerKind::Sll))?;
    Step::new(LayerKind::Sll, span, 16, by_protocol(protocol)?)
}

/// Version 2: the protocol is the first field.
pub(super) fn sll2(span: Span<'_>) -> Result<Step<'_>, Skip> {
    let protocol = span.be16(0).ok_or(Skip::Cut(LayerKind::Sll2))?;
    Step::new(LayerKind::Sll2, span, 20, by_protocol(protocol)?)
}

/// Ethernet types, and the numbers that Linux uses below them for frames without one.
fn by_protocol(number: u16) -> Result<Next, Skip> {
    match number {
        0x0004 => Ok(Next::Llc),
        0x0000..0x0600 => Err(Skip::NotIp),
        number => Ok(by_type(number)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_device() {
        for arphrd in [1_u16, 512, 768, 772, 776, 778, 65534] {
            let mut packet = [0; 17];
            packet[2..4].copy_from_slice(&arphrd.to_be_bytes());
            packet[14..16].copy_from_slice(&[0x86, 0xdd]);
            let step = sll(Span::new(&packet, 17)).unwrap();
            assert_eq!((step.next, step.rest.len), (Next::Ip, 1));
        }
    }

    #[test]
    fn second_version() {
        let mut packet = [0; 20];
        packet[1] = 4;
        assert_eq!(sll2(Span::new(&packet, 20)).unwrap().next, Next::Llc);
        assert_eq!(sll2(Span::new(&packet[..19], 20)).unwrap_err(), Skip::Cut(LayerKind::Sll2));
    }
}
