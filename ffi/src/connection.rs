//! A connection as a handle: a summary, and lists by index.

use core::cell::OnceCell;
use core::ffi::c_char;
use core::net::{IpAddr, SocketAddr};
use std::ffi::CString;

use fourwave_annotate::{Code, Connection, Lang, Moment, Side};
use fourwave_dissector::FrameId;

use crate::annotation::fourwave_bounds;
use crate::guard::{fill, handle, status, take_back, versioned};
use crate::status::{FOURWAVE_NOT_FOUND, fourwave_status};
use crate::words::{self, Numbered, c_text, number_or_zero};

/// How one connection ended. Opaque; depends on no engine.
pub struct fourwave_connection {
    connection: Connection,
    is_settled: bool,
    /// The text of each finding in each language, once somebody asks.
    texts: OnceCell<Vec<[CString; Lang::ALL.len()]>>,
}

impl fourwave_connection {
    pub(crate) fn new(connection: Connection, is_settled: bool) -> Self {
        Self { connection, is_settled, texts: OnceCell::new() }
    }

    fn texts(&self) -> &[[CString; Lang::ALL.len()]] {
        let text = |finding| core::array::from_fn(|index| c_text(&Lang::ALL[index].finding_text(finding)));
        self.texts.get_or_init(|| self.connection.findings.iter().map(text).collect())
    }
}

/// A time or duration that is not known, in nanoseconds.
pub const FOURWAVE_NO_TIME: i64 = i64::MIN;

/// An address and a port.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct fourwave_endpoint {
    /// The IP address in network order; of IPv4 the first four octets.
    pub address: [u8; 16],
    /// 4 or 16.
    pub address_len: u8,
    /// The port, in the order of the host.
    pub port: u16,
}

/// A packet and its time.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct fourwave_moment {
    /// Its number in its file, from 1; 0 for none.
    pub frame: u64,
    /// Nanoseconds since 1970-01-01 UTC; FOURWAVE_NO_TIME for none.
    pub time_ns: i64,
    /// Its file.
    pub file: u32,
}

/// Who closed a connection, how, and how long it took. Durations and times in nanoseconds, FOURWAVE_NO_TIME if not
/// known. The records of the program call octets bytes; the keys that stand here are those of JSON.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct fourwave_summary {
    /// sizeof(fourwave_summary), set by the caller.
    pub struct_size: usize,
    /// The connection: incarnations in the order of their first segments, from 1.
    pub connection: u64,
    /// Its first segment.
    pub first: fourwave_moment,
    /// Its last.
    pub last: fourwave_moment,
    /// Waves 1 to 4.
    pub waves: [fourwave_moment; 4],
    /// Wave 1 to wave 2.
    pub fin1_ack_ns: i64,
    /// Wave 2 to wave 3.
    pub close_wait_ns: i64,
    /// Wave 3 to wave 4.
    pub last_ack_ns: i64,
    /// The first to the last of the waves and the resets that count.
    pub teardown_ns: i64,
    /// When the client's TIME-WAIT ends.
    pub client_time_wait_until_ns: i64,
    /// When the server's ends.
    pub server_time_wait_until_ns: i64,
    /// New octets of the passive closer after its first ACK of the first FIN. In the records: half_close_bytes.
    pub half_close_octets: u64,
    /// Segments of the client.
    pub client_segments: u64,
    /// Segments of the server.
    pub server_segments: u64,
    /// New payload octets of the client. In the records: bytes.client.
    pub client_octets: u64,
    /// New payload octets of the server. In the records: bytes.server.
    pub server_octets: u64,
    /// FOURWAVE_CONNECTION_MODIFIER_..., a set.
    pub modifiers: u64,
    /// States of the client's path, for fourwave_connection_step.
    pub client_steps: usize,
    /// Those of the server's.
    pub server_steps: usize,
    /// Findings, for fourwave_connection_finding.
    pub findings: usize,
    /// Resets that count, for fourwave_connection_reset.
    pub resets: usize,
    /// The client.
    pub client: fourwave_endpoint,
    /// The server.
    pub server: fourwave_endpoint,
    /// Counts the incarnations of one pair of addresses and ports from 1.
    pub incarnation: u32,
    /// FOURWAVE_CLIENT_BASIS_...: what the roles of client and server rest on.
    pub client_basis: u8,
    /// FOURWAVE_KIND_...: how it ended.
    pub kind: u8,
    /// FOURWAVE_WHO_...: who began the close; 0 if nobody did.
    pub initiator: u8,
    /// FOURWAVE_SIDE_...: whose FIN was recorded first; 0 if there was no close.
    pub initiator_first_seen: u8,
    /// FOURWAVE_BY_...: what shows who began; 0 if nobody did.
    pub initiator_by: u8,
    /// FOURWAVE_CERTAINTY_...: how firm that is.
    pub initiator_certainty: u8,
    /// 1 if waves 2 and 3 share a segment.
    pub close_wait_merged: u8,
    /// 1 if nothing can change it any more; 0 for what would be if the input ended now.
    pub is_settled: u8,
    /// Where it left the client.
    pub client_end: fourwave_bounds,
    /// Where it left the server.
    pub server_end: fourwave_bounds,
}
versioned!(fourwave_summary, from server_end);

/// A state that a peer was in.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct fourwave_step {
    /// sizeof(fourwave_step), set by the caller.
    pub struct_size: usize,
    /// The packet at which it got there, or before which a timer fired; 0 for where it began.
    pub frame: u64,
    /// The file of that packet.
    pub file: u32,
    /// FOURWAVE_STATE_....
    pub state: u8,
}
versioned!(fourwave_step, from state);

/// A RST that counts.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct fourwave_reset {
    /// sizeof(fourwave_reset), set by the caller.
    pub struct_size: usize,
    /// Its packet.
    pub frame: u64,
    /// The file of that.
    pub file: u32,
    /// FOURWAVE_SIDE_...: who sent it.
    pub peer: u8,
    /// FOURWAVE_ROLE_....
    pub role: u8,
    /// FOURWAVE_RESET_FORM_....
    pub form: u8,
}
versioned!(fourwave_reset, from form);

/// Something worth a remark.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct fourwave_finding {
    /// sizeof(fourwave_finding), set by the caller.
    pub struct_size: usize,
    /// The sentence, in the language asked for, UTF-8. Belongs to the connection and lives as long.
    pub text: *const c_char,
    /// Packets that prove it, for fourwave_connection_evidence.
    pub evidence: usize,
    /// FOURWAVE_FINDING_....
    pub id: u8,
    /// FOURWAVE_SEVERITY_....
    pub severity: u8,
    /// FOURWAVE_CERTAINTY_....
    pub certainty: u8,
}
versioned!(fourwave_finding, from certainty);

/// A packet that proves a finding.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct fourwave_evidence {
    /// sizeof(fourwave_evidence), set by the caller.
    pub struct_size: usize,
    /// Its number in its file, from 1.
    pub frame: u64,
    /// Its file.
    pub file: u32,
}
versioned!(fourwave_evidence, from file);

/// Frees a connection. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fourwave_connection_free(connection: *mut fourwave_connection) {
    // SAFETY: the header asks it of the caller.
    unsafe { take_back(connection) };
}

/// The summary of a connection.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fourwave_connection_summary(
    connection: *const fourwave_connection,
    out: *mut fourwave_summary,
) -> fourwave_status {
    status(|| {
        // SAFETY: the header asks it of the caller.
        let fourwave_connection { connection: it, is_settled, .. } = unsafe { handle(connection) }?;
        let until = |side| it.time_wait[side].map_or(FOURWAVE_NO_TIME, |stay| stay.until_ns);
        let summary = fourwave_summary {
            struct_size: 0,
            connection: it.number,
            first: Some(it.first).into(),
            last: Some(it.last).into(),
            waves: it.waves.map(fourwave_moment::from),
            fin1_ack_ns: it.durations.fin1_ack.unwrap_or(FOURWAVE_NO_TIME),
            close_wait_ns: it.durations.close_wait.unwrap_or(FOURWAVE_NO_TIME),
            last_ack_ns: it.durations.last_ack.unwrap_or(FOURWAVE_NO_TIME),
            teardown_ns: it.durations.teardown.unwrap_or(FOURWAVE_NO_TIME),
            client_time_wait_until_ns: until(Side::Client),
            server_time_wait_until_ns: until(Side::Server),
            half_close_octets: it.half_close_bytes,
            client_segments: it.segments.client,
            server_segments: it.segments.server,
            client_octets: it.bytes.client,
            server_octets: it.bytes.server,
            modifiers: Numbered::bits(it.modifiers),
            client_steps: it.path.client.len(),
            server_steps: it.path.server.len(),
            findings: it.findings.len(),
            resets: it.resets.len(),
            client: it.addresses.client.into(),
            server: it.addresses.server.into(),
            incarnation: it.incarnation,
            client_basis: it.client_basis.number(),
            kind: it.kind.number(),
            initiator: number_or_zero(it.initiator.peer),
            initiator_first_seen: number_or_zero(it.initiator.first_seen),
            initiator_by: number_or_zero(it.initiator.by),
            initiator_certainty: it.initiator.certainty.number(),
            close_wait_merged: it.close_wait_merged.into(),
            is_settled: (*is_settled).into(),
            client_end: it.end.client.into(),
            server_end: it.end.server.into(),
        };
        // SAFETY: the header asks it of the caller.
        unsafe { fill(out, &summary) }
    })
}

/// The index-th state of a peer's path (FOURWAVE_SIDE_...): the expected states in order, corrected by what came later.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fourwave_connection_step(
    connection: *const fourwave_connection,
    side: u32,
    index: usize,
    out: *mut fourwave_step,
) -> fourwave_status {
    status(|| {
        // SAFETY: the header asks it of the caller.
        let it = unsafe { handle(connection) }?;
        let path = &it.connection.path[Side::of(side).ok_or(FOURWAVE_NOT_FOUND)?];
        let step = path.get(index).ok_or(FOURWAVE_NOT_FOUND)?;
        let step = fourwave_step {
            struct_size: 0,
            frame: step.at.map_or(0, FrameId::frame),
            file: step.at.map_or(0, FrameId::file),
            state: step.state.number(),
        };
        // SAFETY: the header asks it of the caller.
        unsafe { fill(out, &step) }
    })
}

/// The index-th reset that counts.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fourwave_connection_reset(
    connection: *const fourwave_connection,
    index: usize,
    out: *mut fourwave_reset,
) -> fourwave_status {
    status(|| {
        // SAFETY: the header asks it of the caller.
        let it = unsafe { handle(connection) }?;
        let reset = it.connection.resets.get(index).ok_or(FOURWAVE_NOT_FOUND)?;
        let reset = fourwave_reset {
            struct_size: 0,
            frame: reset.at.frame(),
            file: reset.at.file(),
            peer: reset.peer.number(),
            role: reset.role.number(),
            form: reset.form.number(),
        };
        // SAFETY: the header asks it of the caller.
        unsafe { fill(out, &reset) }
    })
}

/// The index-th finding, with its sentence in a language (FOURWAVE_LANG_...).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fourwave_connection_finding(
    connection: *const fourwave_connection,
    index: usize,
    lang: u32,
    out: *mut fourwave_finding,
) -> fourwave_status {
    status(|| {
        // SAFETY: the header asks it of the caller.
        let it = unsafe { handle(connection) }?;
        let finding = it.connection.findings.get(index).ok_or(FOURWAVE_NOT_FOUND)?;
        let texts = it.texts().get(index).ok_or(FOURWAVE_NOT_FOUND)?;
        let finding = fourwave_finding {
            struct_size: 0,
            text: texts[words::lang(lang)?.index() as usize].as_ptr(),
            evidence: finding.frames.len(),
            id: finding.id.number(),
            severity: finding.severity.number(),
            certainty: finding.certainty.number(),
        };
        // SAFETY: the header asks it of the caller.
        unsafe { fill(out, &finding) }
    })
}

/// The place-th packet (from 0) that proves the index-th finding.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fourwave_connection_evidence(
    connection: *const fourwave_connection,
    index: usize,
    place: usize,
    out: *mut fourwave_evidence,
) -> fourwave_status {
    status(|| {
        // SAFETY: the header asks it of the caller.
        let it = unsafe { handle(connection) }?;
        let finding = it.connection.findings.get(index).ok_or(FOURWAVE_NOT_FOUND)?;
        let at = finding.frames.get(place).ok_or(FOURWAVE_NOT_FOUND)?;
        let evidence = fourwave_evidence { struct_size: 0, frame: at.frame(), file: at.file() };
        // SAFETY: the header asks it of the caller.
        unsafe { fill(out, &evidence) }
    })
}

impl From<Option<Moment>> for fourwave_moment {
    fn from(moment: Option<Moment>) -> Self {
        Self {
            frame: moment.map_or(0, |moment| moment.at.frame()),
            time_ns: moment.map_or(FOURWAVE_NO_TIME, |moment| moment.time_ns),
            file: moment.map_or(0, |moment| moment.at.file()),
        }
    }
}

impl From<SocketAddr> for fourwave_endpoint {
    fn from(endpoint: SocketAddr) -> Self {
        let mut address = [0; 16];
        let address_len = match endpoint.ip() {
            IpAddr::V4(ip) => {
                address[..4].copy_from_slice(&ip.octets());
                4
            }
            IpAddr::V6(ip) => {
                address = ip.octets();
                16
            }
        };
        Self { address, address_len, port: endpoint.port() }
    }
}
