//! `LINKTYPE_NFLOG`: what the Linux netfilter log says about a packet, as a list of attributes.

use crate::span::Span;
use crate::step::{Next, Step};
use crate::{LayerKind, Skip};

/// Attribute that holds the packet.
const PAYLOAD: u16 = 9;

/// Family, version, resource, then attributes (length, type, value padded to four octets); the packet is one.
pub(super) fn nflog(span: Span<'_>) -> Result<Step<'_>, Skip> {
    let cut = Skip::Cut(LayerKind::Nflog);
    let mut at = 4;
    loop {
        let attribute = span.data.get(at..).and_then(|rest| rest.first_chunk::<4>()).ok_or(cut)?;
        let (len, kind) = attribute_head(*attribute);
        if len < 4 {
            return Err(Skip::Bad(LayerKind::Nflog));
        }
        if kind == PAYLOAD {
            return Ok(Step::new(LayerKind::Nflog, span, at + 4, Next::Ip)?.limit(u32::from(len) - 4));
        }
        at += usize::from(len).next_multiple_of(4);
    }
}

/// Length and type, in the byte order of the machine that captured: types are small, so the order is plain.
fn attribute_head([l0, l1, t0, t1]: [u8; 4]) -> (u16, u16) {
    let (len, kind) = ([l0, l1], [t0, t1]);
    if t1 == 0 {
        (u16::from_le_bytes(len), u16::from_le_bytes(kind))
    } else {
        (u16::from_be_bytes(len), u16::from_be_bytes(kind))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn payload_in_both_orders() {
        let little = [2, 0, 0, 0, 5, 0, 10, 0, 0, 9, 9, 9, 6, 0, 9, 0, 0x45, 0, 9, 9];
        let big = [2, 0, 0, 0, 0, 5, 0, 10, 0, 9, 9, 9, 0, 6, 0, 9, 0x45, 0, 9, 9];
        for packet in [little, big] {
            let step = nflog(Span::new(&packet, 20)).unwrap();
            assert_eq!((step.header, step.rest.data, step.rest.len), (16, &[0x45, 0][..], 2));
        }
    }

    #[test]
    fn no_payload() {
        assert_eq!(nflog(Span::new(&[2, 0, 0, 0, 4, 0, 1, 0], 8)).unwrap_err(), Skip::Cut(LayerKind::Nflog));
        assert_eq!(nflog(Span::new(&[2, 0, 0, 0, 0, 0, 1, 0], 8)).unwrap_err(), Skip::Bad(LayerKind::Nflog));
    }
}
