//! GRE (RFC 2784, RFC 2890, routing of RFC 1701), its enhanced version for PPP (RFC 2637), and ERSPAN in it.

use crate::span::Span;
use crate::step::{Next, Step};
use crate::{LayerKind, Skip};

const CHECKSUM: u16 = 0x8000;
const ROUTING: u16 = 0x4000;
const KEY: u16 = 0x2000;
const SEQUENCE: u16 = 0x1000;
const ACKNOWLEDGMENT: u16 = 0x0080;
const VERSION: u16 = 0x0007;

/// Protocol types of ERSPAN: types I and II, and type III.
const ERSPAN_2: u16 = 0x88be;
const ERSPAN_3: u16 = 0x22eb;
const PPP: u16 = 0x880b;
/// Cisco WCCP, whose second version puts a header before the packet.
const WCCP: u16 = 0x883e;
/// Aruba access points send 802.11 frames, one number a priority and radio.
const ARUBA_FIRST: u16 = 0x8200;
const ARUBA_LAST: u16 = 0x83ff;

/// The GRE header with its optional fields.
pub(crate) fn gre(span: Span<'_>) -> Result<Step<'_>, Skip> {
    let [f0, f1, p0, p1] = *span.head().ok_or(Skip::Cut(LayerKind::Gre))?;
    let (flags, protocol) = (u16::from_be_bytes([f0, f1]), u16::from_be_bytes([p0, p1]));
    let field = |bit: u16| if flags & bit != 0 { 4 } else { 0 };
    match flags & VERSION {
        0 => {
            let mut len = 4 + field(CHECKSUM | ROUTING) + field(KEY) + field(SEQUENCE);
            if flags & ROUTING != 0 {
                len = end_of_route(span, len)?;
            }
            let next = match protocol {
                // Type I has neither a sequence number nor a header of its own.
                ERSPAN_2 if flags & SEQUENCE == 0 => Next::Ethernet,
                ERSPAN_2 | ERSPAN_3 => Next::Erspan(protocol),
                WCCP => {
                    let redirect = span.data.get(len).is_some_and(|first| first >> 4 != 4);
                    len += if redirect { 4 } else { 0 };
                    Next::Ip
                }
                ARUBA_FIRST..=ARUBA_LAST => Next::Wlan { padded: false },
                0x0800 | 0x86dd => Next::Ip,
                protocol => Next::EtherType(protocol),
            };
            Step::new(LayerKind::Gre, span, len, next)
        }
        // Without a sequence number it carries nothing but an acknowledgment.
        1 if protocol == PPP && flags & SEQUENCE != 0 => {
            Step::new(LayerKind::Gre, span, 8 + field(SEQUENCE) + field(ACKNOWLEDGMENT), Next::Ppp)
        }
        1 => Err(Skip::NotIp),
        _ => Err(Skip::Bad(LayerKind::Gre)),
    }
}

/// Where the source route entries end: with one of family and length 0.
fn end_of_route(span: Span<'_>, mut at: usize) -> Result<usize, Skip> {
    loop {
        let entry = span.data.get(at..).and_then(|rest| rest.first_chunk::<4>());
        let [f0, f1, _, len] = *entry.ok_or(Skip::Cut(LayerKind::Gre))?;
        at += 4 + usize::from(len);
        if [f0, f1, len] == [0, 0, 0] {
            return Ok(at);
        }
    }
}

/// The header of a mirrored frame; types II and III are told apart by the GRE protocol.
pub(crate) fn erspan(protocol: u16, span: Span<'_>) -> Result<Step<'_>, Skip> {
    if protocol == ERSPAN_2 {
        return Step::new(LayerKind::Erspan, span, 8, Next::Ethernet);
    }
    let header: &[u8; 12] = span.head().ok_or(Skip::Cut(LayerKind::Erspan))?;
    let (frame_type, platform) = (header[10] >> 2 & 0x1f, header[11] & 1 != 0);
    let next = match frame_type {
        0 => Next::Ethernet,
        2 => Next::Ip,
        _ => return Err(Skip::NotIp),
    };
    Step::new(LayerKind::Erspan, span, if platform { 20 } else { 12 }, next)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(octets: &[u8]) -> Result<(usize, Next), Skip> {
        gre(Span::new(octets, 60)).map(|step| (step.header, step.next))
    }

    #[test]
    fn optional_fields() {
        assert_eq!(read(&[0, 0, 8, 0]), Ok((4, Next::Ip)));
        assert_eq!(
            read(&[0xb0, 0, 0x65, 0x58, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
            Ok((16, Next::EtherType(0x6558)))
        );
        assert_eq!(read(&[0xb0, 0, 8, 0, 0, 0, 0, 0]), Err(Skip::Cut(LayerKind::Gre)));
        assert_eq!(read(&[0x40, 0, 8, 0, 0, 0, 0, 0, 8, 0, 0, 2, 1, 1, 0, 0, 0, 0]), Ok((18, Next::Ip)));
        assert_eq!(read(&[0, 2, 8, 0]), Err(Skip::Bad(LayerKind::Gre)));
    }

    #[test]
    fn ppp_and_mirrors() {
        assert_eq!(read(&[0x30, 0x81, 0x88, 0x0b, 0, 1, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1]), Ok((16, Next::Ppp)));
        assert_eq!(read(&[0x20, 0x81, 0x88, 0x0b, 0, 0, 0, 2, 0, 0, 0, 1]), Err(Skip::NotIp));
        assert_eq!(read(&[0, 0, 0x88, 0xbe]), Ok((4, Next::Ethernet)));
        assert_eq!(read(&[0x10, 0, 0x88, 0xbe, 0, 0, 0, 1]), Ok((8, Next::Erspan(ERSPAN_2))));
        assert_eq!(read(&[0, 0, 0x82, 0x40]), Ok((4, Next::Wlan { padded: false })));
        let mut third = [0; 20];
        assert_eq!(erspan(ERSPAN_3, Span::new(&third, 20)).unwrap().header, 12);
        (third[10], third[11]) = (2 << 2, 1);
        let step = erspan(ERSPAN_3, Span::new(&third, 20)).unwrap();
        assert_eq!((step.header, step.next), (20, Next::Ip));
    }
}
