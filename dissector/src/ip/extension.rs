//! Extension headers of IPv6 (RFC 8200 section 4) and the authentication header of both versions (RFC 4302).

use core::net::Ipv6Addr;

use etherparse::{IpAuthHeaderSlice, Ipv6FragmentHeaderSlice, Ipv6RawExtHeaderSlice};

use super::{Carried, Fragment, protocol};
use crate::dissect::Visitor;
use crate::layer::{Layer, LayerKind};
use crate::skip::Skip;

const HOP_BY_HOP: u8 = 0;
const ROUTING: u8 = 43;
const FRAGMENT: u8 = 44;
const DESTINATION: u8 = 60;
const MOBILITY: u8 = 135;
const HOST_IDENTITY: u8 = 139;
const SHIM6: u8 = 140;

/// What a chain of extension headers says.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Chain<'a> {
    /// What comes behind the chain, or behind the header that says it is a fragment.
    pub carried: Carried<'a>,
    /// Set for a part of a datagram.
    pub fragment: Option<Fragment>,
    /// Where a routing header finally leads, which is what checksum and connection go by (RFC 8200 section 8.1).
    pub final_destination: Option<Ipv6Addr>,
}

/// Walks extension headers, if there are any, in whatever order they stand.
#[inline]
pub(crate) fn extensions<'a>(carried: Carried<'a>, visitor: &mut impl Visitor) -> Result<Chain<'a>, Skip> {
    let mut chain = Chain { carried, fragment: None, final_destination: None };
    loop {
        let Carried { protocol, payload } = chain.carried;
        let kind = if protocol == protocol::AUTHENTICATION {
            LayerKind::Authentication
        } else {
            LayerKind::Ipv6Extension
        };
        let cut = Skip::Cut(kind);
        let (octets, next) = match protocol {
            HOP_BY_HOP | ROUTING | DESTINATION | MOBILITY | HOST_IDENTITY | SHIM6 => {
                let header = Ipv6RawExtHeaderSlice::from_slice(payload.data).map_err(|_| cut)?;
                if protocol == ROUTING {
                    chain.final_destination = final_destination(header.slice()).or(chain.final_destination);
                }
                (header.slice(), header.next_header().0)
            }
            FRAGMENT => {
                let header = Ipv6FragmentHeaderSlice::from_slice(payload.data).map_err(|_| cut)?;
                if header.is_fragmenting_payload() {
                    chain.fragment = Some(Fragment {
                        id: header.identification(),
                        offset: u32::from(header.fragment_offset().value()) * 8,
                        more: header.more_fragments(),
                    });
                }
                (header.slice(), header.next_header().0)
            }
            protocol::AUTHENTICATION => {
                if payload.data.get(1) == Some(&0) {
                    return Err(Skip::Bad(kind));
                }
                let header = IpAuthHeaderSlice::from_slice(payload.data).map_err(|_| cut)?;
                (header.slice(), header.next_header().0)
            }
            _ => return Ok(chain),
        };
        visitor.header(Layer { kind, offset: payload.offset, octets });
        chain.carried = Carried { protocol: next, payload: payload.skip(octets.len()).ok_or(cut)? };
        if chain.fragment.is_some() {
            return Ok(chain);
        }
    }
}

/// The last stop of a routing header that has stops left; `None` if there is none, or the type is unknown.
fn final_destination(header: &[u8]) -> Option<Ipv6Addr> {
    let (&[_, _, kind, left, ..], addresses) = header.split_first_chunk::<8>()?;
    let octets: &[u8; 16] = match kind {
        _ if left == 0 => return None,
        // Source route (deprecated by RFC 5095), home address (RFC 6275): the last address.
        0 | 2 => addresses.last_chunk()?,
        // Segment routing (RFC 8754): the list is in reverse order.
        4 => addresses.first_chunk()?,
        _ => return None,
    };
    Some(Ipv6Addr::from(*octets))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::span::Span;

    struct Count(usize);
    impl Visitor for Count {
        fn header(&mut self, _: Layer<'_>) {
            self.0 += 1;
        }
        fn segment(&mut self, _: &crate::Segment<'_>) {}
    }

    fn walk(protocol: u8, data: &[u8]) -> Result<(Chain<'_>, usize), Skip> {
        let mut count = Count(0);
        let chain =
            extensions(Carried { protocol, payload: Span::new(data, data.len() as u32) }, &mut count)?;
        Ok((chain, count.0))
    }

    #[test]
    fn a_chain_in_any_order() {
        let mut data = [0; 8 + 8 + 12 + 8 + 1];
        (data[0], data[8], data[16], data[17], data[28]) =
            (MOBILITY, protocol::AUTHENTICATION, DESTINATION, 1, 6);
        let (chain, headers) = walk(HOP_BY_HOP, &data).unwrap();
        assert_eq!((chain.carried.protocol, chain.carried.payload.len, headers), (6, 1, 4));
        assert!(walk(HOP_BY_HOP, &data[..7]).is_err());
    }

    #[test]
    fn an_atomic_fragment_is_whole() {
        let data = [6, 0, 0, 0, 0, 0, 0, 1];
        assert_eq!(walk(FRAGMENT, &data).unwrap().0.fragment, None);
    }

    #[test]
    fn a_fragment_ends_the_walk() {
        // What follows would be read as another extension header.
        let data = [DESTINATION, 0, 0, 9, 0, 0, 0, 1, 0xff, 0xff];
        let (chain, headers) = walk(FRAGMENT, &data).unwrap();
        assert_eq!(chain.fragment, Some(Fragment { id: 1, offset: 8, more: true }));
        assert_eq!(
            (chain.carried.protocol, chain.carried.payload.data, headers),
            (DESTINATION, &[0xff, 0xff][..], 1)
        );
    }

    #[test]
    fn routes_lead_elsewhere() {
        let mut data = [0; 40];
        (data[0], data[1], data[3], data[39]) = (6, 4, 1, 9);
        let last = walk(ROUTING, &data).unwrap().0.final_destination;
        assert_eq!(last, Some(Ipv6Addr::from(9)));
        (data[2], data[23]) = (4, 5);
        assert_eq!(walk(ROUTING, &data).unwrap().0.final_destination, Some(Ipv6Addr::from(5)));
        data[3] = 0;
        assert_eq!(walk(ROUTING, &data).unwrap().0.final_destination, None);
    }
}
