//! Captures made octet by octet, and the program run on them.

#![allow(dead_code, reason = "each test file uses some of it")]
#![allow(clippy::unwrap_used, reason = "a test may fail")]

pub mod archive;
pub mod batch;
pub mod machine;
pub mod schema;

use std::io::Write;
use std::process::{Command, Output, Stdio};

pub const FIN_ACK: u8 = 0x11;
pub const SYN: u8 = 0x02;
pub const SYN_ACK: u8 = 0x12;
pub const RST: u8 = 0x04;
pub const ACK: u8 = 0x10;

/// Who sends.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Sender {
    Client,
    Server,
}
use Sender::{Client, Server};

/// A capture in pcap, microseconds, Ethernet.
pub struct Capture {
    pub octets: Vec<u8>,
    /// Milliseconds since 2023-11-14T22:13:20Z.
    now_ms: u32,
}

impl Default for Capture {
    fn default() -> Self {
        let mut octets = 0xa1b2_c3d4_u32.to_le_bytes().to_vec();
        octets.extend([2, 0, 4, 0]);
        octets.extend([0; 8]);
        octets.extend(262_144_u32.to_le_bytes());
        octets.extend(1_u32.to_le_bytes());
        Self { octets, now_ms: 0 }
    }
}

impl Capture {
    /// Opened by the client from `port`, closed by it in four waves; nine packets.
    pub fn four_way(mut self, port: u16) -> Self {
        self.open(port);
        for (from, flags, seq, ack) in [
            (Client, FIN_ACK, 101, 301),
            (Server, ACK, 301, 102),
            (Server, FIN_ACK, 301, 102),
            (Client, ACK, 102, 302),
        ] {
            self.segment(port, from, flags, seq, ack);
        }
        self
    }

    /// Opened by the client from `port`, reset by the server; four packets.
    pub fn reset(mut self, port: u16) -> Self {
        self.open(port);
        self.segment(port, Server, RST | ACK, 301, 101);
        self
    }

    /// Three packets.
    pub fn open(&mut self, port: u16) {
        self.segment(port, Client, SYN, 100, 0);
        self.segment(port, Server, SYN_ACK, 300, 101);
        self.segment(port, Client, ACK, 101, 301);
    }

    /// Moves the clock.
    pub fn pause(&mut self, ms: u32) {
        self.now_ms += ms;
    }

    /// A segment without payload between 192.0.2.1:`port` and 198.51.100.2:80, with a wrong checksum of 0.
    pub fn segment(&mut self, port: u16, from: Sender, flags: u8, seq: u32, ack: u32) {
        self.text(port, from, flags, seq, ack, &[]);
    }

    /// The same with a payload.
    pub fn text(&mut self, port: u16, from: Sender, flags: u8, seq: u32, ack: u32, payload: &[u8]) {
        let ends = [([192, 0, 2, 1], port), ([198, 51, 100, 2], 80)];
        let [(src, src_port), (dst, dst_port)] = if from == Client { ends } else { [ends[1], ends[0]] };
        let mut frame = vec![0; 12];
        frame.extend([8, 0]);
        frame.extend([0x45, 0, 0, 40 + payload.len() as u8, 0, 0, 0x40, 0, 64, 6, 0, 0]);
        frame.extend(src);
        frame.extend(dst);
        frame.extend(src_port.to_be_bytes());
        frame.extend(dst_port.to_be_bytes());
        frame.extend(seq.to_be_bytes());
        frame.extend(ack.to_be_bytes());
        frame.extend([0x50, flags, 0xff, 0xff, 0, 0, 0, 0]);
        frame.extend(payload);
        self.packet(&frame);
    }

    /// An ARP packet, which holds no segment.
    pub fn arp(&mut self) {
        let mut frame = vec![0; 12];
        frame.extend([8, 6]);
        frame.extend([0; 28]);
        self.packet(&frame);
    }

    /// Any frame.
    pub fn packet(&mut self, frame: &[u8]) {
        self.now_ms += 10;
        let len = u32::try_from(frame.len()).unwrap();
        for field in [1_700_000_000 + self.now_ms / 1000, self.now_ms % 1000 * 1000, len, len] {
            self.octets.extend(field.to_le_bytes());
        }
        self.octets.extend(frame);
    }
}

/// The program with English words and no terminal.
pub fn fourwave(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fourwave"));
    command.args(args).env("LC_ALL", "C").env_remove("CLICOLOR_FORCE");
    command
}

/// Runs the program with `input` on standard input.
pub fn run(args: &[&str], input: &[u8]) -> Output {
    let mut child =
        fourwave(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // The program may have ended before it read all.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

/// Standard output of a run that must end with `code`.
pub fn stdout(args: &[&str], input: &[u8], code: i32) -> String {
    let output = run(args, input);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{args:?}: {stderr}");
    String::from_utf8(output.stdout).unwrap()
}
