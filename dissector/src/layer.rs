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
    ($($(#[$doc:meta])* $name:ident = $code:literal,)*) => {
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
        }
    };
}

layer_kinds! {
    /// Ethernet II or IEEE 802.3.
    Ethernet = "ethernet",
    /// One IEEE 802.1Q or 802.1ad tag, with the type that follows it.
    Vlan = "vlan",
    /// The I-TAG of IEEE 802.1ah.
    ServiceTag = "service-tag",
    /// The tag of IEEE 802.1BR and its Cisco predecessor VN-Tag, with the type that follows it.
    PortTag = "port-tag",
    /// The tag of Cisco FabricPath.
    FabricPath = "fabric-path",
    /// The preamble of an IEEE 802.3br mPacket.
    Mpacket = "mpacket",
    /// IEEE 802.2 LLC, with its SNAP extension if there is one.
    Llc = "llc",
    /// FDDI.
    Fddi = "fddi",
    /// IEEE 802.5 Token Ring.
    TokenRing = "token-ring",
    /// ARCNET.
    Arcnet = "arcnet",
    /// IP over InfiniBand (RFC 4391), with the global routing header before it.
    Ipoib = "ipoib",
    /// IP over IEEE 1394.
    Firewire = "firewire",
    /// Linux cooked capture.
    Sll = "sll",
    /// Linux cooked capture, version 2.
    Sll2 = "sll2",
    /// The address family that BSD loopback devices put before a packet.
    Loopback = "loopback",
    /// PPP (RFC 1661), with HDLC framing if there is one.
    Ppp = "ppp",
    /// Cisco HDLC.
    CiscoHdlc = "cisco-hdlc",
    /// PPP over Ethernet (RFC 2516).
    Pppoe = "pppoe",
    /// An MPLS label stack (RFC 3032).
    Mpls = "mpls",
    /// The control word of an Ethernet pseudowire (RFC 4448).
    ControlWord = "control-word",
    /// The attributes of the Linux netfilter log.
    Nflog = "nflog",
    /// Per-packet information.
    Ppi = "ppi",
    /// The header of Apple's packet tap.
    Pktap = "pktap",
    /// The header of the OpenBSD packet filter's log.
    Pflog = "pflog",
    /// The header of the OpenBSD encapsulating interface.
    Enc = "enc",
    /// The header of a Juniper capture.
    Juniper = "juniper",
    /// Radiotap.
    Radiotap = "radiotap",
    /// The Prism monitoring header.
    Prism = "prism",
    /// The AVS monitoring header.
    Avs = "avs",
    /// IEEE 802.11.
    Wlan = "wlan",
    /// One subframe header of an aggregated IEEE 802.11 frame.
    Amsdu = "a-msdu",
    /// IPv4 (RFC 791).
    Ipv4 = "ipv4",
    /// IPv6 (RFC 8200).
    Ipv6 = "ipv6",
    /// An IPv6 extension header.
    Ipv6Extension = "ipv6-extension",
    /// IP authentication header (RFC 4302).
    Authentication = "authentication",
    /// GRE (RFC 2784, RFC 2890, RFC 2637).
    Gre = "gre",
    /// ERSPAN type II or III.
    Erspan = "erspan",
    /// Ethernet in IP (RFC 3378).
    EtherIp = "ether-ip",
    /// UDP (RFC 768).
    Udp = "udp",
    /// VXLAN (RFC 7348).
    Vxlan = "vxlan",
    /// Geneve (RFC 8926).
    Geneve = "geneve",
    /// GTP-U (3GPP TS 29.281).
    Gtp = "gtp",
    /// The indications before a Teredo packet (RFC 4380).
    Teredo = "teredo",
    /// AYIYA, the tunnel of the SixXS brokers.
    Ayiya = "ayiya",
    /// L2TP (RFC 2661).
    L2tp = "l2tp",
    /// TCP (RFC 9293).
    Tcp = "tcp",
}
