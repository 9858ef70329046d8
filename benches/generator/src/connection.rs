//! A connection while it lasts: what its two peers would have in their control blocks.

use crate::address::Ends;
use crate::packet::flag::{ACK, FIN, RST, SYN};
use crate::script::{Ending, Part, Peer, Step};

/// One of the two peers.
#[derive(Clone, Copy)]
pub struct Sender {
    /// The next sequence number.
    pub next_seq: u32,
    /// The last acknowledgment number.
    pub acked: u32,
    /// Its timestamp clock.
    pub timestamp: u32,
}

/// A connection.
pub struct Connection {
    pub number: u64,
    pub ends: Ends,
    pub ending: Ending,
    pub closer: Peer,
    pub client: Sender,
    pub server: Sender,
    /// Its segments carry timestamps.
    pub timestamps: bool,
    /// Its data are text, else noise.
    pub text: bool,
    /// The round trip in microseconds.
    pub rtt: u64,
    pub script: Vec<Step>,
    /// How much of the script is done.
    pub done: usize,
    /// When its addresses and ports were last used before.
    pub used_until_ns: Option<u64>,
    pub reused_after_ns: Option<u64>,
    pub first_frame: u64,
    pub close: Vec<(u64, Part)>,
}

impl Connection {
    /// The next step of the script.
    pub fn next(&self) -> Option<Step> {
        self.script.get(self.done).copied()
    }

    /// The sequence and acknowledgment numbers of `step`, and what they change.
    pub fn number(&mut self, step: &Step) -> (u32, u32) {
        let next_of_peer = self.sender(step.from.other()).next_seq;
        let is_closer = step.from == self.closer;
        let sender = self.sender(step.from);
        let repeats = step.part.repeats_a_fin();
        let seq = if repeats { sender.next_seq.wrapping_sub(1) } else { sender.next_seq };
        let ack = if step.flags & ACK == 0 {
            0
        } else if step.part == Part::Fin2Crossing {
            // It left before the first FIN arrived.
            next_of_peer.wrapping_sub(1)
        } else if repeats && is_closer {
            sender.acked
        } else {
            next_of_peer
        };
        sender.acked = ack;
        if !repeats {
            let flags = u32::from(step.flags & SYN != 0) + u32::from(step.flags & FIN != 0);
            sender.next_seq = sender.next_seq.wrapping_add(u32::from(step.len) + flags);
        }
        (seq, ack)
    }

    /// What `peer` acknowledged last.
    pub fn acked_by(&mut self, peer: Peer) -> u32 {
        self.sender(peer).acked
    }

    /// Writes the TCP options of `step` over `options`.
    pub fn options(&mut self, step: &Step, options: &mut Vec<u8>) {
        const MSS: [u8; 4] = [2, 4, 5, 0xb4];
        const SACK_PERMITTED: [u8; 2] = [4, 2];
        const TIMESTAMPS: [u8; 2] = [8, 10];
        const WINDOW_SCALE: [u8; 4] = [1, 3, 3, 7];
        const PADDING: [u8; 2] = [1, 1];
        options.clear();
        let echo = self.sender(step.from.other()).timestamp;
        let sender = self.sender(step.from);
        sender.timestamp = sender.timestamp.wrapping_add(1 + step.pause_ns / 1_000_000);
        let value = sender.timestamp;
        if step.flags & SYN != 0 {
            options.extend(MSS);
            if self.timestamps {
                options.extend(SACK_PERMITTED);
                options.extend(TIMESTAMPS);
                options.extend(value.to_be_bytes());
                let echo = if step.from == Peer::Client { 0 } else { echo };
                options.extend(echo.to_be_bytes());
            } else {
                options.extend(PADDING);
                options.extend(SACK_PERMITTED);
            }
            options.extend(WINDOW_SCALE);
        } else if self.timestamps && step.flags & RST == 0 {
            options.extend(PADDING);
            options.extend(TIMESTAMPS);
            options.extend(value.to_be_bytes());
            options.extend(echo.to_be_bytes());
        }
    }

    fn sender(&mut self, peer: Peer) -> &mut Sender {
        match peer {
            Peer::Client => &mut self.client,
            Peer::Server => &mut self.server,
        }
    }
}
