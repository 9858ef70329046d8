//! The transition table, derived: an endpoint Z is led through every sequence of events that a closing connection
//! can bring, and what the engine expects of it before and after each event is a cell.
//!
//! The walk sends what endpoints that keep to RFC 9293 send: Z acknowledges all that it has been sent, a FIN comes
//! again at its own number. `document` prints the table for people; the tests in `rfc9293/` hold it against the
//! RFC.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use fourwave_annotate::{Both, Side, State};
use fourwave_dissector::tcp::Flags;

use crate::flow::{Flow, Packet, Step};
use crate::run::{Entry, run};

/// Something that happens to Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Event {
    /// Z sends its FIN, or sends it again.
    SendsFin,
    /// Z acknowledges its peer's FIN.
    AcksFin,
    /// The peer's FIN arrives and does not acknowledge Z's.
    Fin,
    /// An acknowledgment of Z's FIN arrives.
    AckOfFin,
    /// The peer's FIN arrives and acknowledges Z's.
    FinAndAck,
    /// A RST at exactly the expected number arrives.
    Rst,
    /// 2 MSL pass.
    TwoMsl,
}

impl Event {
    /// All events, in the order of the table's columns.
    pub const ALL: [Self; 7] =
        [Self::SendsFin, Self::AcksFin, Self::Fin, Self::AckOfFin, Self::FinAndAck, Self::Rst, Self::TwoMsl];

    const fn heading(self) -> &'static str {
        match self {
            Self::SendsFin => "Z sends FIN",
            Self::AcksFin => "Z acknowledges the peer's FIN",
            Self::Fin => "peer's FIN",
            Self::AckOfFin => "ACK of Z's FIN",
            Self::FinAndAck => "peer's FIN with ACK of Z's FIN",
            Self::Rst => "exact RST",
            Self::TwoMsl => "2 MSL pass",
        }
    }
}

/// What each event makes of each state. More than one state in a cell means that the way to it decides.
pub type Table = BTreeMap<State, BTreeMap<Event, BTreeSet<State>>>;

/// Events in a row that are walked; every state is reached after three.
const DEPTH: usize = 4;
const TWO_MSL: i64 = 60_000_000_000;
const MILLISECOND: i64 = 1_000_000;

/// Derives the table.
#[must_use]
pub fn derive() -> Table {
    let mut table = Table::new();
    for start in
        [Walk::opened(Side::Client), Walk::opened(Side::Server), Walk::syn_received(), Walk::crossed_syns()]
    {
        start.explore(DEPTH, &mut table);
    }
    table
}

/// The table as the text of `docs/TRANSITIONS.md`.
#[must_use]
pub fn document() -> String {
    let mut text = String::from(
        "# The transition table\n\n\
         Derived, not written: `tests/support/transitions.rs` leads an endpoint Z through every sequence of up to four of these events and prints what the\n\
         engine expects of Z. `tests/rfc9293/` holds the table against RFC 9293 figure 5 and section 3.10.7.4. `cargo xtask docs` writes this file.\n\n\
         *same*: the state stays. –: the event cannot happen there. In SYN-RECEIVED a RST leads a passive opener back to LISTEN and an active one to CLOSED\n\
         (figure 5, note 1). A FIN behind a gap, and a RST that is not exact, change nothing.\n\n| Z in |",
    );
    for event in Event::ALL {
        let _ = write!(text, " {} |", event.heading());
    }
    let _ = write!(text, "\n|---|{}\n", "---|".repeat(Event::ALL.len()));
    for (state, row) in derive() {
        let _ = write!(text, "| {state} |");
        for event in Event::ALL {
            let cell = match row.get(&event) {
                None => "–".into(),
                Some(to) => to.iter().map(|to| name(state, *to)).collect::<Vec<_>>().join(" or "),
            };
            let _ = write!(text, " {cell} |");
        }
        text.push('\n');
    }
    text
}

fn name(from: State, to: State) -> String {
    if from == to { "same".into() } else { to.to_string() }
}

/// A connection on its way, seen from Z.
#[derive(Clone)]
struct Walk {
    flow: Flow,
    z: Side,
    /// Next sequence number of each peer.
    next: Both<u32>,
    /// What each peer has acknowledged.
    acked: Both<u32>,
    /// Who has sent a FIN.
    fin: Both<bool>,
    time_ns: i64,
}

impl Walk {
    fn new(script: &str, z: Side, next: [u32; 2], acked: [u32; 2]) -> Self {
        Self {
            flow: Flow::parse(script).expect("the scripts below are well formed"),
            z,
            next: Both { client: next[0], server: next[1] },
            acked: Both { client: acked[0], server: acked[1] },
            fin: Both::default(),
            time_ns: 1000 * MILLISECOND,
        }
    }

    /// ESTABLISHED.
    fn opened(z: Side) -> Self {
        Self::new("Opened.\nopened", z, [100, 300], [300, 100])
    }

    /// The server in SYN-RECEIVED after a passive open.
    fn syn_received() -> Self {
        let script = "Half open.
            0.000 C > S  S   89:89(0)
            0.010 S > C  S.  279:279(0) ack 90";
        Self::new(script, Side::Server, [90, 280], [280, 90])
    }

    /// The client in SYN-RECEIVED after a simultaneous open (RFC 9293 figure 7).
    fn crossed_syns() -> Self {
        let script = "Crossed SYNs.
            0.000 C > S  S   89:89(0)
            0.001 S > C  S   279:279(0)";
        Self::new(script, Side::Client, [90, 280], [280, 0])
    }

    fn explore(&self, depth: usize, table: &mut Table) {
        let before = self.state();
        if depth == 0 || before.is_closed() {
            return;
        }
        for event in Event::ALL {
            let Some(walk) = self.after(event) else { continue };
            table.entry(before).or_default().entry(event).or_default().insert(walk.state());
            if event != Event::TwoMsl {
                walk.explore(depth - 1, table); // silence for longer would be the end of any connection
            }
        }
    }

    /// What the engine expects of Z at the end.
    fn state(&self) -> State {
        let story = run(&self.flow);
        let peers = story.entries.last().map(|entry| match entry {
            Entry::Segment(_, said) => said.peers,
            Entry::Expired(event) => event.peers,
        });
        peers.map_or(State::Unknown, |peers| peers[self.z].after.expected)
    }

    /// The walk after one more event; `None` where it cannot happen.
    fn after(&self, event: Event) -> Option<Self> {
        let (z, peer) = (self.z, self.z.other());
        let mut walk = self.clone();
        walk.time_ns += MILLISECOND;
        let fin = Flags(Flags::FIN.0 | Flags::ACK.0);
        match event {
            Event::SendsFin => walk.send(z, fin, self.next[peer]),
            Event::AcksFin if self.fin[peer] => walk.send(z, Flags::ACK, self.next[peer]),
            Event::Fin => walk.send(peer, fin, self.acked[peer]),
            Event::AckOfFin if self.fin[z] => walk.send(peer, Flags::ACK, self.next[z]),
            Event::FinAndAck if self.fin[z] => walk.send(peer, fin, self.next[z]),
            Event::Rst => walk.send(peer, Flags::RST, 0),
            Event::TwoMsl => {
                walk.time_ns += TWO_MSL;
                walk.flow.steps.push(Step::Clock(walk.time_ns));
            }
            Event::AcksFin | Event::AckOfFin | Event::FinAndAck => return None,
        }
        Some(walk)
    }

    /// `from` sends a segment; a FIN at the number of the first.
    fn send(&mut self, from: Side, flags: Flags, ack: u32) {
        let is_fin = flags.contains(Flags::FIN);
        let seq = if is_fin && self.fin[from] { self.next[from].wrapping_sub(1) } else { self.next[from] };
        if is_fin && !self.fin[from] {
            self.fin[from] = true;
            self.next[from] = self.next[from].wrapping_add(1);
        }
        self.acked[from] = ack;
        self.flow.steps.push(Step::Packet(Packet {
            time_ns: self.time_ns,
            from,
            flags,
            seq,
            ack,
            window: 65535,
            ttl: None,
            id: None,
            options: Vec::new(),
            payload: Vec::new(),
        }));
    }
}
