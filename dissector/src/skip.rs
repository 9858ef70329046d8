//! Why a packet held no TCP segment, or not only segments. Nothing is dropped without one of these.

use core::fmt;

use crate::LayerKind;

/// The reason why the dissector stopped before a TCP header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Skip {
    /// Packets of this link type are not read.
    LinkType(u16),
    /// What the link layer carries is not IP.
    NotIp,
    /// What IP carries is neither TCP nor a tunnel that is read: its protocol number.
    NotTcp(u8),
    /// An ICMP error that quotes a TCP header; the quoted header is not a segment.
    IcmpQuote,
    /// The capture ends inside this header, which comes before any TCP header.
    Cut(LayerKind),
    /// The capture ends inside the fixed part of a TCP header.
    TcpCut,
    /// This header contradicts itself.
    Bad(LayerKind),
    /// An IP fragment; others are missing so far.
    FragmentWaiting,
    /// An IP fragment that overlaps another or lies beyond the end of its datagram.
    FragmentBad,
    /// A fragment of an IEEE 802.11 frame.
    LinkFragment,
    /// More headers within each other than are followed.
    TooDeep,
    /// An IEEE 802.11 frame whose body is encrypted.
    Encrypted,
}

impl Skip {
    /// A stable kebab-case name, without the numbers that belong to the reason.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::LinkType(_) => "link-type",
            Self::NotIp => "not-ip",
            Self::NotTcp(_) => "not-tcp",
            Self::IcmpQuote => "icmp-quote",
            Self::Cut(_) => "cut-before-tcp",
            Self::TcpCut => "tcp-header-cut",
            Self::Bad(_) => "bad-header",
            Self::FragmentWaiting => "fragment-waiting",
            Self::FragmentBad => "fragment-bad",
            Self::LinkFragment => "link-fragment",
            Self::TooDeep => "too-deep",
            Self::Encrypted => "encrypted",
        }
    }
}

impl fmt::Display for Skip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LinkType(number) => write!(f, "link type {number}"),
            Self::NotIp => f.write_str("not IP"),
            Self::NotTcp(protocol) => write!(f, "not TCP (IP protocol {protocol})"),
            Self::IcmpQuote => f.write_str("TCP header quoted in an ICMP error"),
            Self::Cut(kind) => write!(f, "captured only up to the {} header", kind.code()),
            Self::TcpCut => f.write_str("TCP header cut by the capture"),
            Self::Bad(kind) => write!(f, "malformed {} header", kind.code()),
            Self::FragmentWaiting => f.write_str("IP fragment that waits for others"),
            Self::FragmentBad => f.write_str("IP fragment that contradicts others"),
            Self::LinkFragment => f.write_str("fragment of an 802.11 frame"),
            Self::TooDeep => f.write_str("too many headers within each other"),
            Self::Encrypted => f.write_str("encrypted 802.11 frame"),
        }
    }
}
