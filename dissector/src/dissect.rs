//! From one packet to its TCP segments: follows the headers down, through tunnels and fragments.

use core::net::SocketAddr;

use crate::fragment::{Key, Pool};
use crate::ip::{self, Carried, protocol};
use crate::layer::{Layer, LayerKind};
use crate::link::{self, Start, Subframes};
use crate::packet::Packet;
use crate::segment::Segment;
use crate::short;
use crate::skip::Skip;
use crate::span::Span;
use crate::step::{Next, Step};
use crate::tcp::{self, HeaderFault};
use crate::tunnel;
use crate::zone::Zone;

/// Tunnels within tunnels that are followed.
const MAX_TUNNELS: u8 = 4;
/// Headers between two IP headers: room for eight VLAN tags and what else a network may add.
const MAX_LINK_HEADERS: usize = 16;
/// Octets of a TCP header without options.
const TCP_FIXED: u32 = 20;

/// Is told what a packet holds, in the order in which it stands there.
///
/// A reference to a visitor is one, too. So one that is chosen at run time can be handed over:
///
/// ```
/// use fourwave_dissector::{Dissector, FrameId, Layer, LayerKind, LinkType, Packet, Segment, Visitor};
///
/// #[derive(Default)]
/// struct Seen(Vec<LayerKind>, Vec<u16>);
///
/// impl Visitor for Seen {
///     fn header(&mut self, layer: Layer<'_>) {
///         self.0.push(layer.kind);
///     }
///
///     fn segment(&mut self, segment: &Segment<'_>) {
///         self.1.push(segment.dst.port());
///     }
/// }
///
/// fn dissect(packet: &Packet<'_>, mut visitor: &mut dyn Visitor) {
///     Dissector::default().dissect(packet, &mut visitor);
/// }
///
/// # let at = FrameId::new(0, 1);
/// # let data = &[
/// #     0x45, 0, 0, 40, 0, 1, 0x40, 0, 64, 6, 0, 0, 192, 0, 2, 7, 198, 51, 100, 4, // IPv4
/// #     0xc3, 0xca, 0x01, 0xbb, 0, 0, 1, 44, 0, 0, 0, 101, 0x50, 0x11, 0xff, 0xff, 0, 0, 0, 0, // TCP
/// # ];
/// let packet = Packet { at, time_ns: 0, link_type: LinkType::RAW, interface: 0, fcs_len: 0, len: 40, data };
/// let mut seen = Seen::default();
/// dissect(&packet, &mut seen);
/// assert_eq!(seen.0, [LayerKind::Ipv4, LayerKind::Tcp]);
/// assert_eq!(seen.1, [443]);
/// ```
pub trait Visitor {
    /// A header was passed. Does nothing unless overridden, and then costs nothing.
    fn header(&mut self, layer: Layer<'_>) {
        let _ = layer;
    }

    /// A TCP segment was found; its header was shown before.
    fn segment(&mut self, segment: &Segment<'_>);
}

impl<V: Visitor + ?Sized> Visitor for &mut V {
    #[inline]
    fn header(&mut self, layer: Layer<'_>) {
        (**self).header(layer);
    }

    #[inline]
    fn segment(&mut self, segment: &Segment<'_>) {
        (**self).segment(segment);
    }
}

/// What became of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Outcome {
    /// TCP segments found.
    pub segments: u32,
    /// Why there were none, or the first reason why a part of the packet held none.
    pub skipped: Option<Skip>,
}

/// Takes packets apart. Remembers nothing between them but the IP fragments that wait for others.
#[derive(Clone, Debug, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Dissector {
    zone: Zone,
    fragments: Pool,
}

impl Dissector {
    /// A dissector that fills [`Segment::zone`] as `zone` says.
    #[must_use]
    pub fn new(zone: Zone) -> Self {
        Self { zone, fragments: Pool::default() }
    }

    /// Shows `visitor` every header and TCP segment of a packet.
    ///
    /// The segment of a fragmented datagram belongs to the packet that completed it.
    #[inline]
    pub fn dissect(&mut self, packet: &Packet<'_>, visitor: &mut impl Visitor) -> Outcome {
        if short::dissect(packet, self.zone, visitor) {
            return Outcome { segments: 1, skipped: None };
        }
        self.dissect_any(packet, visitor)
    }

    /// The long way, for packets of whatever shape.
    #[cold]
    #[inline(never)]
    pub(crate) fn dissect_any(&mut self, packet: &Packet<'_>, visitor: &mut impl Visitor) -> Outcome {
        let mut walk = Walk {
            packet,
            zone: self.zone,
            fragments: &mut self.fragments,
            visitor,
            segments: 0,
            skipped: None,
        };
        let path = Path { zone: 0, tunnels: 0, in_packet: true };
        if let Err(skip) = walk.frame(Next::Link(packet.link_type), packet.span(), path) {
            walk.skipped.get_or_insert(skip);
        }
        Outcome { segments: walk.segments, skipped: walk.skipped }
    }

    /// IP datagrams of which fragments are missing, so far or for good.
    #[must_use]
    pub fn incomplete_datagrams(&self) -> u64 {
        self.fragments.incomplete()
    }
}

/// The way through one packet.
struct Walk<'w, V> {
    packet: &'w Packet<'w>,
    zone: Zone,
    fragments: &'w mut Pool,
    visitor: &'w mut V,
    segments: u32,
    skipped: Option<Skip>,
}

/// What a header inherits from those around it.
#[derive(Clone, Copy)]
struct Path {
    zone: u64,
    tunnels: u8,
    in_packet: bool,
}

impl<V: Visitor> Walk<'_, V> {
    /// Follows headers until an IP packet begins.
    fn frame(&mut self, mut next: Next, mut span: Span<'_>, mut path: Path) -> Result<(), Skip> {
        for _ in 0..MAX_LINK_HEADERS {
            let step = match next {
                Next::Ip => return self.ip(span, path),
                Next::Amsdu => return self.subframes(span, path),
                Next::Link(link_type) => match link::start(link_type, span)? {
                    Start::Header(step) => step,
                    Start::Bare(bare) => {
                        next = bare;
                        continue;
                    }
                },
                Next::Ethernet => link::ethernet(span)?,
                Next::EtherType(number) => link::ether_type(number, span)?,
                Next::Llc => link::llc(span)?,
                Next::Ppp => link::ppp(span)?,
                Next::Mpls => link::mpls(span)?,
                Next::ControlWord => link::control_word(span)?,
                Next::Wlan { padded } => link::wlan(span, padded)?,
                Next::Gre => tunnel::gre(span)?,
                Next::Erspan(protocol) => tunnel::erspan(protocol, span)?,
                Next::EtherIp => tunnel::ether_ip(span)?,
                Next::Udp => tunnel::udp(span)?,
                Next::Tunnel(kind) => tunnel::tunnel(kind, span)?,
            };
            path = self.pass(&step, span, path);
            (next, span) = (step.next, step.rest);
        }
        Err(Skip::TooDeep)
    }

    /// Shows a header and takes its part of the zone.
    #[inline]
    fn pass(&mut self, step: &Step<'_>, span: Span<'_>, path: Path) -> Path {
        let layer = Layer { kind: step.kind, offset: span.offset, octets: &span.data[..step.header] };
        self.visitor.header(layer);
        Path { zone: self.zone.enter(path.zone, &layer), ..path }
    }

    /// Follows each frame of an aggregated one by itself: a reason to skip one is none to skip the others.
    fn subframes(&mut self, body: Span<'_>, path: Path) -> Result<(), Skip> {
        let mut subframes = Subframes::new(body).peekable();
        if subframes.peek().is_none() {
            return Err(Skip::Bad(LayerKind::Amsdu));
        }
        for subframe in subframes {
            let (span, step) = subframe?;
            let path = self.pass(&step, span, path);
            if let Err(skip) = self.frame(step.next, step.rest, path) {
                self.skipped.get_or_insert(skip);
            }
        }
        Ok(())
    }

    #[inline]
    fn ip(&mut self, span: Span<'_>, path: Path) -> Result<(), Skip> {
        let packet = ip::read(span, self.visitor)?;
        let Some(fragment) = packet.fragment else {
            return self.carried(&packet, packet.carried, path);
        };
        let protocol = if packet.id.is_some() { packet.carried.protocol } else { 0 };
        let key = Key { src: packet.src, dst: packet.dst, id: fragment.id, protocol, zone: path.zone };
        let whole = self.fragments.add(key, self.packet.time_ns, fragment, packet.carried)?;
        let payload = Span::new(&whole.data, whole.len);
        let chain = ip::extensions(Carried { protocol: whole.protocol, payload }, self.visitor)?;
        match chain.fragment {
            None => self.carried(&packet, chain.carried, Path { in_packet: false, ..path }),
            // A datagram is not fragmented twice under one header.
            Some(_) => Err(Skip::Bad(LayerKind::Ipv6Extension)),
        }
    }

    #[inline]
    fn carried(&mut self, packet: &ip::Packet<'_>, carried: Carried<'_>, path: Path) -> Result<(), Skip> {
        let next = match carried.protocol {
            protocol::TCP => return self.tcp(packet, carried.payload, path),
            protocol::ICMP | protocol::ICMPV6 => return Err(icmp(carried)),
            protocol::IPIP | protocol::IPV6 => Next::Ip,
            protocol::GRE => Next::Gre,
            protocol::UDP => Next::Udp,
            protocol::ETHER_IP => Next::EtherIp,
            protocol::MPLS => Next::Mpls,
            other => return Err(Skip::NotTcp(other)),
        };
        if path.tunnels == MAX_TUNNELS {
            return Err(Skip::TooDeep);
        }
        let zone = self.zone.enter_ip(path.zone, packet.src, packet.dst);
        self.frame(next, carried.payload, Path { zone, tunnels: path.tunnels + 1, ..path })
    }

    #[inline]
    fn tcp(&mut self, packet: &ip::Packet<'_>, span: Span<'_>, path: Path) -> Result<(), Skip> {
        let tcp = tcp::Header::parse(span.data).map_err(|error| match error.why {
            HeaderFault::TooShort if span.len >= TCP_FIXED => Skip::TcpCut,
            HeaderFault::TooShort | HeaderFault::DataOffset(_) => Skip::Bad(LayerKind::Tcp),
        })?;
        let len = span.len.checked_sub(u32::from(tcp.len)).ok_or(Skip::Bad(LayerKind::Tcp))?;
        let layer = u8::try_from(self.segments).map_err(|_| Skip::TooDeep)?;
        self.segments += 1;
        let (octets, payload) = span.data.split_at(span.data.len().min(usize::from(tcp.len)));
        self.visitor.header(Layer { kind: LayerKind::Tcp, offset: span.offset, octets });
        self.visitor.segment(&Segment {
            at: self.packet.at,
            layer,
            time_ns: self.packet.time_ns,
            zone: path.zone,
            in_packet: path.in_packet,
            src: SocketAddr::new(packet.src, tcp.src_port),
            dst: SocketAddr::new(packet.dst, tcp.dst_port),
            ttl: packet.ttl,
            ip_id: packet.id,
            tcp,
            len,
            payload,
        });
        Ok(())
    }
}

/// Errors quote the packet that caused them; that is no packet of its own.
fn icmp(carried: Carried<'_>) -> Skip {
    if ip::quotes_tcp(carried.protocol, carried.payload.data) {
        Skip::IcmpQuote
    } else {
        Skip::NotTcp(carried.protocol)
    }
}
