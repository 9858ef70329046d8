//! What is in a capture, told while it is made.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;

use crate::address::Ends;
use crate::plan::Plan;
use crate::script::{Ending, Part, Peer};

/// A frame of the capture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Its number, from 1.
    pub number: u64,
    /// Its time, in nanoseconds since 1970.
    pub time_ns: u64,
    /// The number of its connection, from 0.
    pub connection: u64,
    /// Who sent it.
    pub from: Peer,
    /// What it is for.
    pub part: Part,
    /// A RST without an acknowledgment number, at the number that the other peer acknowledged last. Nothing in it tells
    /// it from an answer to that segment (RFC 9293 section 3.5.2).
    pub reply_form: bool,
}

/// A connection, told after its last frame.
#[derive(Clone, Copy, Debug)]
pub struct Closed<'a> {
    /// Its number.
    pub connection: u64,
    /// How it ended.
    pub ending: Ending,
    /// Who closed, if anyone did.
    pub closer: Peer,
    /// Its addresses and ports.
    pub ends: &'a Ends,
    /// Its first frame.
    pub first_frame: u64,
    /// The time of its last frame.
    pub last_ns: u64,
    /// If its addresses and ports belonged to a connection before: the time between that one's last frame and the
    /// first of this.
    pub reused_after_ns: Option<u64>,
    /// The frames of its end, with their parts.
    pub close: &'a [(u64, Part)],
}

/// Gets the truth.
pub trait Witness {
    /// A frame was written.
    ///
    /// # Errors
    /// What the witness cannot do.
    fn frame(&mut self, frame: &Frame) -> io::Result<()>;

    /// A connection had its last frame.
    ///
    /// # Errors
    /// What the witness cannot do.
    fn closed(&mut self, closed: &Closed<'_>) -> io::Result<()>;
}

/// Listens to nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Nobody;

impl Witness for Nobody {
    fn frame(&mut self, _: &Frame) -> io::Result<()> {
        Ok(())
    }

    fn closed(&mut self, _: &Closed<'_>) -> io::Result<()> {
        Ok(())
    }
}

/// Numbers of a whole capture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Totals {
    /// What was asked for.
    pub plan: Plan,
    /// Frames.
    pub packets: u64,
    /// Octets of the file.
    pub octets: u64,
    /// Connections.
    pub connections: u64,
    /// Those of them on IPv6.
    pub on_ipv6: u64,
    /// Those of them with VLAN tags.
    pub with_vlan: u64,
    /// Those of them with the addresses and ports of another before.
    pub reused: u64,
    /// Those of them that the client closes, if anyone does.
    pub closed_by_client: u64,
    /// Connections of each ending, in the order of [`Ending::ALL`].
    pub endings: [u64; Ending::ALL.len()],
    /// Frames of each part that occurs, by its name.
    pub parts: BTreeMap<&'static str, u64>,
}

impl Totals {
    /// No packet yet.
    pub(crate) fn new(plan: &Plan) -> Self {
        Self {
            plan: *plan,
            packets: 0,
            octets: 0,
            connections: 0,
            on_ipv6: 0,
            with_vlan: 0,
            reused: 0,
            closed_by_client: 0,
            endings: [0; Ending::ALL.len()],
            parts: BTreeMap::new(),
        }
    }

    /// As a line of JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        let endings = Ending::ALL.iter().map(|ending| ending.name()).zip(&self.endings);
        let mut json = format!(
            "{{\"profile\":\"{}\",\"seed\":{},\"packets\":{},\"file_bytes\":{},\"connections\":{}",
            self.plan.profile.name(),
            self.plan.seed,
            self.packets,
            self.octets,
            self.connections
        );
        let _ = write!(
            json,
            ",\"endings\":{{{}}},\"ipv6_connections\":{},\"vlan_connections\":{},\"reused_tuples\":{},\
             \"client_closes_first_if_any\":{},\"frames_by_role\":{{{}}}}}",
            members(endings),
            self.on_ipv6,
            self.with_vlan,
            self.reused,
            self.closed_by_client,
            members(self.parts.iter().map(|(name, count)| (*name, count)))
        );
        json
    }
}

fn members<'a>(counts: impl Iterator<Item = (&'a str, &'a u64)>) -> String {
    let members: Vec<String> = counts.map(|(name, count)| format!("\"{name}\":{count}")).collect();
    members.join(",")
}
