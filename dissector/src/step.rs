//! What reading one header gives: where it ends, and how to read what follows.

use crate::span::Span;
use crate::tunnel::Tunnel;
use crate::{LayerKind, LinkType, Skip};

/// How to read the octets that come next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// A packet of this link type.
    Link(LinkType),
    /// An Ethernet frame.
    Ethernet,
    /// What this Ethernet type stands for.
    EtherType(u16),
    /// IEEE 802.2 LLC.
    Llc,
    /// PPP from its protocol field or its HDLC address on.
    Ppp,
    /// An MPLS label stack.
    Mpls,
    /// The control word of a pseudowire, then an Ethernet frame.
    ControlWord,
    /// An IEEE 802.11 frame, its header padded to four octets or not.
    Wlan {
        /// Padded to a multiple of four octets.
        padded: bool,
    },
    /// The subframes of an aggregated IEEE 802.11 frame.
    Amsdu,
    /// GRE.
    Gre,
    /// ERSPAN, by its GRE protocol type.
    Erspan(u16),
    /// Ethernet in IP.
    EtherIp,
    /// UDP, as far as it carries a tunnel.
    Udp,
    /// A tunnel in UDP.
    Tunnel(Tunnel),
    /// An IP packet; its first nibble says which.
    Ip,
}

/// One header that was read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Step<'a> {
    /// What it is.
    pub kind: LayerKind,
    /// Its length, octets.
    pub header: usize,
    /// How to read `rest`.
    pub next: Next,
    /// What it carries.
    pub rest: Span<'a>,
}

impl<'a> Step<'a> {
    /// The first `header` octets of `span` are a header of this kind.
    #[inline]
    pub(crate) fn new(kind: LayerKind, span: Span<'a>, header: usize, next: Next) -> Result<Self, Skip> {
        let rest = span.skip(header).ok_or(Skip::Cut(kind))?;
        Ok(Self { kind, header, next, rest })
    }

    /// The same, where the header says that it carries `len` octets.
    #[inline]
    pub(crate) fn limit(mut self, len: u32) -> Self {
        self.rest = self.rest.limit(len);
        self
    }
}
