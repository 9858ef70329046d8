//! Overlays of data centres: VXLAN (RFC 7348), its generic extension, and Geneve (RFC 8926).

use super::PLAIN_UDP;
use crate::link::by_type;
use crate::span::Span;
use crate::step::{Next, Step};
use crate::{LayerKind, Skip};

/// The network identifier is valid.
const HAS_IDENTIFIER: u8 = 0x08;

/// VXLAN: flags, network identifier, then an Ethernet frame.
pub(super) fn vxlan(span: Span<'_>) -> Result<Step<'_>, Skip> {
    let [flags, ..]: [u8; 8] = *span.head().ok_or(Skip::Cut(LayerKind::Vxlan))?;
    if flags & HAS_IDENTIFIER == 0 {
        return Err(PLAIN_UDP);
    }
    Step::new(LayerKind::Vxlan, span, 8, Next::Ethernet)
}

/// VXLAN with the protocol extension: the last octet of the first word says what follows.
pub(super) fn vxlan_gpe(span: Span<'_>) -> Result<Step<'_>, Skip> {
    let [flags, _, _, protocol, ..]: [u8; 8] = *span.head().ok_or(Skip::Cut(LayerKind::Vxlan))?;
    let next = match protocol {
        1 | 2 => Next::Ip,
        3 => Next::Ethernet,
        5 => Next::Mpls,
        _ => return Err(PLAIN_UDP),
    };
    if flags & HAS_IDENTIFIER == 0 {
        return Err(PLAIN_UDP);
    }
    Step::new(LayerKind::Vxlan, span, 8, next)
}

/// Geneve: version and length of the options, flags, Ethernet type, network identifier, options.
pub(super) fn geneve(span: Span<'_>) -> Result<Step<'_>, Skip> {
    let [first, _, t0, t1, ..]: [u8; 8] = *span.head().ok_or(Skip::Cut(LayerKind::Geneve))?;
    if first >> 6 != 0 {
        return Err(PLAIN_UDP);
    }
    let options = usize::from(first & 0x3f) * 4;
    Step::new(LayerKind::Geneve, span, 8 + options, by_type(u16::from_be_bytes([t0, t1])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_and_options() {
        assert_eq!(vxlan(Span::new(&[8, 0, 0, 0, 0, 0, 1, 0], 8)).unwrap().next, Next::Ethernet);
        assert_eq!(vxlan(Span::new(&[0; 8], 8)).unwrap_err(), PLAIN_UDP);
        assert_eq!(vxlan_gpe(Span::new(&[0x0c, 0, 0, 1, 0, 0, 1, 0], 8)).unwrap().next, Next::Ip);
        let step = geneve(Span::new(&[1, 0, 0x65, 0x58, 0, 0, 1, 0, 9, 9, 9, 9], 12)).unwrap();
        assert_eq!((step.header, step.next), (12, Next::EtherType(0x6558)));
        assert_eq!(geneve(Span::new(&[0x40; 8], 8)).unwrap_err(), PLAIN_UDP);
    }
}
