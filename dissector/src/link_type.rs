//! Link types: how to read a packet from its first octet on (tcpdump.org, "Link-layer header types").

/// A link-layer type as registered for pcap and pcapng (the `LINKTYPE_` numbers), without FCS bits.
///
/// Those that mean something here have a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LinkType(pub u16);

impl LinkType {
    /// The BSD loopback device: an address family in the order of the machine.
    pub const NULL: Self = Self(0);
    /// Ethernet.
    pub const ETHERNET: Self = Self(1);
    /// Token Ring.
    pub const IEEE802_5: Self = Self(6);
    /// ARCNET, as BSD has it.
    pub const ARCNET_BSD: Self = Self(7);
    /// PPP.
    pub const PPP: Self = Self(9);
    /// FDDI.
    pub const FDDI: Self = Self(10);
    /// PPP in HDLC framing, or Cisco HDLC.
    pub const PPP_HDLC: Self = Self(50);
    /// PPP over Ethernet, without the Ethernet header.
    pub const PPP_ETHER: Self = Self(51);
    /// LLC over ATM.
    pub const ATM_RFC1483: Self = Self(100);
    /// IP without anything before it.
    pub const RAW: Self = Self(101);
    /// Cisco HDLC.
    pub const C_HDLC: Self = Self(104);
    /// IEEE 802.11.
    pub const IEEE802_11: Self = Self(105);
    /// The OpenBSD loopback device: an address family in network order.
    pub const LOOP: Self = Self(108);
    /// The OpenBSD encapsulating interface.
    pub const ENC: Self = Self(109);
    /// Linux cooked capture.
    pub const LINUX_SLL: Self = Self(113);
    /// The log of the OpenBSD packet filter.
    pub const PFLOG: Self = Self(117);
    /// IEEE 802.11 behind the Prism monitoring header.
    pub const IEEE802_11_PRISM: Self = Self(119);
    /// IEEE 802.11 behind radiotap.
    pub const IEEE802_11_RADIOTAP: Self = Self(127);
    /// ARCNET, as Linux has it.
    pub const ARCNET_LINUX: Self = Self(129);
    /// IP over IEEE 1394, as Apple has it.
    pub const APPLE_IP_OVER_IEEE1394: Self = Self(138);
    /// IEEE 802.11 behind the AVS monitoring header.
    pub const IEEE802_11_AVS: Self = Self(163);
    /// Ethernet behind the header of a Juniper capture.
    pub const JUNIPER_ETHER: Self = Self(178);
    /// Per-packet information, which names another link type.
    pub const PPI: Self = Self(192);
    /// An MPLS label stack.
    pub const MPLS: Self = Self(219);
    /// IPv4.
    pub const IPV4: Self = Self(228);
    /// IPv6.
    pub const IPV6: Self = Self(229);
    /// Messages of D-Bus.
    pub const DBUS: Self = Self(231);
    /// The Linux netfilter log.
    pub const NFLOG: Self = Self(239);
    /// IP over InfiniBand.
    pub const IPOIB: Self = Self(242);
    /// USB, as USBPcap has it.
    pub const USBPCAP: Self = Self(249);
    /// Apple's packet tap, which names another link type.
    pub const PKTAP: Self = Self(258);
    /// Ethernet with preambles, whole or in fragments (IEEE 802.3br).
    pub const ETHERNET_MPACKET: Self = Self(274);
    /// Linux cooked capture, version 2.
    pub const LINUX_SLL2: Self = Self(276);
    /// Elektrobit high speed capture and replay.
    pub const EBHSCR: Self = Self(279);

    // Numbers that are not registered, and stand in files all the same.

    /// What many systems wrote for [`Self::ATM_RFC1483`].
    pub(crate) const OLD_ATM_RFC1483: Self = Self(11);
    /// What most systems wrote for [`Self::RAW`].
    pub(crate) const OLD_RAW: Self = Self(12);
    /// What OpenBSD wrote for [`Self::RAW`].
    pub(crate) const OPENBSD_RAW: Self = Self(14);
    /// What some systems wrote for [`Self::C_HDLC`].
    pub(crate) const OLD_C_HDLC: Self = Self(112);

    /// True where packets begin with IP.
    pub(crate) const fn is_bare_ip(self) -> bool {
        matches!(self, Self::RAW | Self::OLD_RAW | Self::OPENBSD_RAW | Self::IPV4 | Self::IPV6)
    }
}
