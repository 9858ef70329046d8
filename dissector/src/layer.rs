//! A header that the dissector passed on its way to a TCP segment.

/// One header, as octets. [`crate::fields`] reads it field by field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layer<'a> {
    /// What it is.
    pub kind: LayerKind,
    /// Octets between the start of the packet and this header; of the reassembled datagram, for what was carried
    /// in IP fragments.
    pub offset: u32,
    /// The header, without what it carries.
    pub octets: &'a [u8],
}

macro_rules! layer_kinds {
    ($($(#[$doc:meta])* $name:ident: $stratum:ident = $code:literal,)*) => {
        /// The kinds of headers the dissector knows.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum LayerKind {
            $($(#[$doc])* $name,)*
        }

        impl LayerKind {
            /// A stable kebab-case name.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)*
                }
            }

            /// Where in the stack it stands.
            #[must_use]
            pub const fn stratum(self) -> Stratum {
                match self {
                    $(Self::$name => Stratum::$stratum,)*
                }
            }
        }
    };
}

/// Where in the stack a header stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stratum {
    /// Below IP: it crosses a link, or says how the packet was captured.
    Link,
    /// IP and what belongs to it.
    Network,
    /// Above IP.
    Transport,
    /// It carries packets of a network through another.
    Tunnel,
}

layer_kinds! {
    /// Ethernet II or IEEE 802.3.
    Ethernet: Link = "ethernet",
    /// One IEEE 802.1Q or 802.1ad tag, with the type that follows it.
    Vlan: Link = "vlan",
    /// The I-TAG of IEEE 802.1ah.
    ServiceTag: Link = "service-tag",
    /// The tag of IEEE 802.1BR and its Cisco predecessor VN-Tag, with the type that follows it.
    PortTag: Link = "port-tag",
    /// The tag of Cisco FabricPath.
    FabricPath: Link = "fabric-path",
    /// The preamble of an IEEE 802.3br mPacket.
    Mpacket: Link = "mpacket",
    /// IEEE 802.2 LLC, with its SNAP extension if there is one.
    Llc: Link = "llc",
    /// FDDI.
    Fddi: Link = "fddi",
    /// IEEE 802.5 Token Ring.
    TokenRing: Link = "token-ring",
    /// ARCNET.
    Arcnet: Link = "arcnet",
    /// IP over InfiniBand (RFC 4391), with the global routing header before it.
    Ipoib: Link = "ipoib",
    /// IP over IEEE 1394.
    Firewire: Link = "firewire",
    /// Linux cooked capture.
    Sll: Link = "sll",
    /// Linux cooked capture, version 2.
    Sll2: Link = "sll2",
    /// The address family that BSD loopback devices put before a packet.
    Loopback: Link = "loopback",
    /// PPP (RFC 1661), with HDLC framing if there is one.
    Ppp: Link = "ppp",
    /// Cisco HDLC.
    CiscoHdlc: Link = "cisco-hdlc",
    /// PPP over Ethernet (RFC 2516).
    Pppoe: Link = "pppoe",
    /// An MPLS label stack (RFC 3032).
    Mpls: Link = "mpls",
    /// The control word of an Ethernet pseudowire (RFC 4448).
    ControlWord: Link = "control-word",
    /// The attributes of the Linux netfilter log.
    Nflog: Link = "nflog",
    /// Per-packet information.
    Ppi: Link = "ppi",
    /// The header of Apple's packet tap.
    Pktap: Link = "pktap",
    /// The header of the OpenBSD packet filter's log.
    Pflog: Link = "pflog",
    /// The header of the OpenBSD encapsulating interface.
    Enc: Link = "enc",
    /// The header of a Juniper capture.
    Juniper: Link = "juniper",
    /// Radiotap.
    Radiotap: Link = "radiotap",
    /// The Prism monitoring header.
    Prism: Link = "prism",
    /// The AVS monitoring header.
    Avs: Link = "avs",
    /// IEEE 802.11.
    Wlan: Link = "wlan",
    /// One subframe header of an aggregated IEEE 802.11 frame.
    Amsdu: Link = "a-msdu",
    /// IPv4 (RFC 791).
    Ipv4: Network = "ipv4",
    /// IPv6 (RFC 8200).
    Ipv6: Network = "ipv6",
    /// An IPv6 extension header.
    Ipv6Extension: Network = "ipv6-extension",
    /// IP authentication header (RFC 4302).
    Authentication: Network = "authentication",
    /// GRE (RFC 2784, RFC 2890, RFC 2637).
    Gre: Tunnel = "gre",
    /// ERSPAN type II or III.
    Erspan: Tunnel = "erspan",
    /// Ethernet in IP (RFC 3378).
    EtherIp: Tunnel = "ether-ip",
    /// UDP (RFC 768).
    Udp: Transport = "udp",
    /// VXLAN (RFC 7348).
    Vxlan: Tunnel = "vxlan",
    /// Geneve (RFC 8926).
    Geneve: Tunnel = "geneve",
    /// GTP-U (3GPP TS 29.281).
    Gtp: Tunnel = "gtp",
    /// The indications before a Teredo packet (RFC 4380).
    Teredo: Tunnel = "teredo",
    /// AYIYA, the tunnel of the SixXS brokers.
    Ayiya: Tunnel = "ayiya",
    /// L2TP (RFC 2661).
    L2tp: Tunnel = "l2tp",
    /// TCP (RFC 9293).
    Tcp: Transport = "tcp",
}
