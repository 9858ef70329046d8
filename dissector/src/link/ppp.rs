//! PPP (RFC 1661), bare or in HDLC-like framing (RFC 1662), PPP over Ethernet (RFC 2516), and Cisco HDLC.

use super::ethernet::by_type;
use crate::span::Span;
use crate::step::{Next, Step};
use crate::{LayerKind, Skip};

/// PPP: address and control if not compressed away, then the protocol in one or two octets.
pub(crate) fn ppp(span: Span<'_>) -> Result<Step<'_>, Skip> {
    let cut = Skip::Cut(LayerKind::Ppp);
    let framing = if span.data.starts_with(&[0xff, 0x03]) { 2 } else { 0 };
    let first = *span.data.get(framing).ok_or(cut)?;
    // The first octet of a protocol number is even, the last odd: an odd first one is all there is.
    let (protocol, len) =
        if first & 1 != 0 { (u16::from(first), 1) } else { (span.be16(framing).ok_or(cut)?, 2) };
    let next = match protocol {
        0x0021 | 0x0057 => Next::Ip,
        0x0031 => Next::Ethernet,
        0x0281 | 0x0283 => Next::Mpls,
        _ => return Err(Skip::NotIp),
    };
    Step::new(LayerKind::Ppp, span, framing + len, next)
}

/// `LINKTYPE_PPP_HDLC`: PPP in HDLC-like framing, or Cisco HDLC; the address tells.
pub(super) fn hdlc(span: Span<'_>) -> Result<Step<'_>, Skip> {
    match span.head().ok_or(Skip::Cut(LayerKind::Ppp))? {
        [0x0f | 0x8f] => cisco_hdlc(span),
        _ => ppp(span),
    }
}

/// Cisco HDLC: address, control, Ethernet type.
pub(super) fn cisco_hdlc(span: Span<'_>) -> Result<Step<'_>, Skip> {
    let number = span.be16(2).ok_or(Skip::Cut(LayerKind::CiscoHdlc))?;
    Step::new(LayerKind::CiscoHdlc, span, 4, by_type(number))
}

/// PPPoE: version and type, code (0 in the session stage), session, length.
pub(super) fn pppoe(span: Span<'_>) -> Result<Step<'_>, Skip> {
    match *span.head().ok_or(Skip::Cut(LayerKind::Pppoe))? {
        [0x11, 0, _, _, l0, l1] => {
            let len = u32::from(u16::from_be_bytes([l0, l1]));
            Ok(Step::new(LayerKind::Pppoe, span, 6, Next::Ppp)?.limit(len))
        }
        _ => Err(Skip::NotIp),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compressed_or_not() {
        for head in [&[0xff, 3, 0, 0x21][..], &[0, 0x21], &[0x21], &[0xff, 3, 0x57]] {
            let step = ppp(Span::new(head, 40)).unwrap();
            assert_eq!((step.header, step.next), (head.len(), Next::Ip));
        }
        assert_eq!(ppp(Span::new(&[0xc0, 0x21], 40)).unwrap_err(), Skip::NotIp);
        assert_eq!(ppp(Span::new(&[0xff, 3, 0], 40)).unwrap_err(), Skip::Cut(LayerKind::Ppp));
    }

    #[test]
    fn hdlc_by_address() {
        assert_eq!(hdlc(Span::new(&[0x0f, 0, 8, 0], 4)).unwrap().kind, LayerKind::CiscoHdlc);
        assert_eq!(hdlc(Span::new(&[0xff, 3, 0, 0x21], 4)).unwrap().kind, LayerKind::Ppp);
    }

    #[test]
    fn session_only() {
        let step = pppoe(Span::new(&[0x11, 0, 0, 1, 0, 2, 0, 0x21, 0, 0], 10)).unwrap();
        assert_eq!((step.rest.data, step.rest.len), (&[0, 0x21][..], 2));
        assert_eq!(pppoe(Span::new(&[0x11, 9, 0, 1, 0, 2], 6)).unwrap_err(), Skip::NotIp);
    }
}
