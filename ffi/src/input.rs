//! What C hands in: whole packets, or TCP headers with what their carriers say.

use core::fmt::Display;
use core::net::{IpAddr, SocketAddr};

use fourwave_dissector::{FrameId, LinkType, Packet, Segment, tcp};

use crate::guard::{octets, versioned};
use crate::status::{FOURWAVE_BAD_HEADER, FOURWAVE_INVALID, fourwave_status};

/// A packet as a capture holds it. Set what you do not know to 0, but for its number.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct fourwave_packet {
    /// sizeof(fourwave_packet), set by the caller.
    pub struct_size: usize,
    /// Its number in its file, rising from 1; below 2^40. Everything that is said of it names it so.
    pub frame: u64,
    /// When it was recorded: nanoseconds since 1970-01-01 UTC.
    pub time_ns: i64,
    /// The octets that were captured; not kept.
    pub data: *const u8,
    /// How many.
    pub captured_len: u32,
    /// How many it had on the wire.
    pub len: u32,
    /// The file, counted by the caller from 0; below 2^24. Files are read one after the other.
    pub file: u32,
    /// How to read the data: a LINKTYPE_ number as in pcap and pcapng files.
    pub link_type: u16,
    /// Octets of frame check sequence at the end of the packet on the wire.
    pub fcs_len: u8,
}
versioned!(fourwave_packet, from fcs_len);

impl fourwave_packet {
    /// The packet, borrowed from the caller.
    ///
    /// # Safety
    /// `data` is NULL, or `captured_len` octets can be read there, which nobody changes during `'a`.
    pub(crate) unsafe fn packet<'a>(&self) -> Result<Packet<'a>, Unread> {
        // SAFETY: what our caller promises.
        let data = unsafe { octets(self.data, self.captured_len as usize) }?;
        Ok(Packet {
            at: place(self.file, self.frame)?,
            time_ns: self.time_ns,
            link_type: LinkType(self.link_type),
            interface: 0,
            fcs_len: self.fcs_len,
            len: self.len,
            data,
        })
    }
}

/// A TCP header with what its carriers say of it: for callers that have taken the packet apart themselves. Set what
/// you do not know to 0, but for the number of its packet.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct fourwave_segment {
    /// sizeof(fourwave_segment), set by the caller.
    pub struct_size: usize,
    /// The number of its packet in its file, rising from 1; below 2^40. Everything that is said of it names it so.
    pub frame: u64,
    /// When that was recorded: nanoseconds since 1970-01-01 UTC.
    pub time_ns: i64,
    /// What sets two equal pairs of addresses and ports apart; 0 if nothing does.
    pub zone: u64,
    /// The sender's IP address, in network order.
    pub src: *const u8,
    /// The receiver's.
    pub dst: *const u8,
    /// Octets of each: 4 or 16.
    pub address_len: usize,
    /// The TCP header with its options, as far as captured; not kept.
    pub tcp: *const u8,
    /// How many octets of it.
    pub tcp_len: usize,
    /// The payload, as far as captured; not kept. Only that of a RST is looked at.
    pub payload: *const u8,
    /// How many octets of it were captured.
    pub payload_captured_len: usize,
    /// How many octets of payload there were, by the length of the IP packet.
    pub payload_len: u32,
    /// The file, counted by the caller from 0; below 2^24. Files are read one after the other.
    pub file: u32,
    /// IPv4 identification.
    pub ip_id: u16,
    /// 1 if there is one: in IPv4.
    pub has_ip_id: u8,
    /// Counts the TCP headers of one packet from 0.
    pub layer: u8,
    /// IPv4 time to live or IPv6 hop limit.
    pub ttl: u8,
}
versioned!(fourwave_segment, from ttl);

/// Why a packet or segment could not be read: the status, and what it is about if there is more to say.
pub(crate) struct Unread {
    pub status: fourwave_status,
    pub why: String,
}

impl Unread {
    fn new(status: fourwave_status, frame: u64, why: impl Display) -> Self {
        Self { status, why: format!("frame {frame}: {why}") }
    }
}

impl From<fourwave_status> for Unread {
    fn from(status: fourwave_status) -> Self {
        Self { status, why: String::new() }
    }
}

impl fourwave_segment {
    /// The segment, borrowed from the caller.
    ///
    /// # Safety
    /// Each of `src`, `dst`, `tcp` and `payload` is NULL, or as many octets as its length says can be read there, which
    /// nobody changes during `'a`.
    pub(crate) unsafe fn segment<'a>(&self) -> Result<Segment<'a>, Unread> {
        // SAFETY: what our caller promises.
        let (src, dst) =
            unsafe { (octets(self.src, self.address_len)?, octets(self.dst, self.address_len)?) };
        // SAFETY: the same.
        let (tcp, payload) =
            unsafe { (octets(self.tcp, self.tcp_len)?, octets(self.payload, self.payload_captured_len)?) };
        let at = place(self.file, self.frame)?;
        let (src, dst) = (self.address(src)?, self.address(dst)?);
        let tcp =
            tcp::Header::parse(tcp).map_err(|error| Unread::new(FOURWAVE_BAD_HEADER, self.frame, error))?;
        Ok(Segment {
            at,
            layer: self.layer,
            time_ns: self.time_ns,
            zone: self.zone,
            in_packet: false,
            src: SocketAddr::new(src, tcp.src_port),
            dst: SocketAddr::new(dst, tcp.dst_port),
            ttl: self.ttl,
            ip_id: (self.has_ip_id != 0).then_some(self.ip_id),
            tcp,
            len: self.payload_len,
            payload,
        })
    }

    fn address(&self, octets: &[u8]) -> Result<IpAddr, Unread> {
        let v4 = <[u8; 4]>::try_from(octets).map(IpAddr::from);
        v4.or_else(|_| <[u8; 16]>::try_from(octets).map(IpAddr::from)).map_err(|_| {
            let why = format_args!("an address has 4 or 16 octets, not {}", self.address_len);
            Unread::new(FOURWAVE_INVALID, self.frame, why)
        })
    }
}

/// The last packet of the last file: of larger numbers a `FrameId` keeps the lower bits only.
const LAST: FrameId = FrameId::new(u32::MAX, u64::MAX);

/// Where a packet stands. Numbers that a `FrameId` does not hold are refused: it would take them for others, and what
/// is said of the packet would name another one.
fn place(file: u32, frame: u64) -> Result<FrameId, Unread> {
    let invalid = |what: &str, first: u64, last: u64, given: u64| {
        let why = format_args!("the number of a {what} is from {first} to {last}, not {given}");
        Unread::new(FOURWAVE_INVALID, frame, why)
    };
    if !(1..=LAST.frame()).contains(&frame) {
        return Err(invalid("packet", 1, LAST.frame(), frame));
    }
    if file > LAST.file() {
        return Err(invalid("file", 0, LAST.file().into(), file.into()));
    }
    Ok(FrameId::new(file, frame))
}
