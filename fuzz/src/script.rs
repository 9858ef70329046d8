//! Octets as what two hosts send each other over two pairs of ports: five octets a segment, whatever they are.
//!
//! Most numbers are as RFC 9293 has them: arbitrary ones would make nothing but strays.

use std::net::SocketAddr;

use fourwave_dissector::tcp::{self, Flags};
use fourwave_dissector::{FrameId, Segment};

/// Octets of a segment.
const SEGMENT: usize = 5;

/// Nanoseconds in a second.
const SECOND: i64 = 1_000_000_000;

const FLAGS: [Flags; 16] = {
    const FIN: u16 = Flags::FIN.0;
    const SYN: u16 = Flags::SYN.0;
    const RST: u16 = Flags::RST.0;
    const ACK: u16 = Flags::ACK.0;
    [
        Flags(ACK),
        Flags(ACK),
        Flags(ACK),
        Flags(ACK),
        Flags(FIN | ACK),
        Flags(FIN | ACK),
        Flags(FIN | ACK),
        Flags(FIN),
        Flags(SYN),
        Flags(SYN | ACK),
        Flags(RST),
        Flags(RST | ACK),
        Flags(SYN | FIN),
        Flags(SYN | FIN | ACK),
        Flags(SYN | RST),
        Flags(0),
    ]
};

/// Octets of payload.
const LENGTHS: [u32; 8] = [0, 0, 0, 1, 7, 100, 1_460, 65_535];

/// Nanoseconds since the segment before: on either side of what the rules look at, and back.
const PAUSES: [i64; 16] = [
    0,
    1_000,
    1_000_000,
    2_000_000,
    50_000_000,
    300_000_000,
    SECOND,
    11 * SECOND,
    16 * SECOND,
    61 * SECOND,
    66 * SECOND,
    121 * SECOND,
    301 * SECOND,
    3_601 * SECOND,
    50 * 86_400 * SECOND,
    -SECOND,
];

/// What can be wrong with a number, from the one that is as it should be.
const ERRORS: [u32; 8] =
    [0, 1, 1_u32.wrapping_neg(), 2_u32.wrapping_neg(), 100, 100_u32.wrapping_neg(), 70_000, 1 << 31];

const OPTIONS: [&[u8]; 4] = [&[], &[], &[3, 3, 7, 1], &[30, 4, 0, 0]];

/// The segments of a script.
pub fn segments(octets: &[u8]) -> Vec<Segment<'static>> {
    let mut hosts =
        [[Numbers::new(1_000), Numbers::new(u32::MAX - 5)], [Numbers::new(9), Numbers::new(70_000)]];
    let (mut at, mut time_ns, mut ip_id) = (FrameId::new(0, 1), 1_700_000_000 * SECOND, 0_u16);
    let (segments, _) = octets.as_chunks::<SEGMENT>();
    let mut segment = |octets: &[u8; SEGMENT]| {
        let mut choices = Choices::new(octets);
        let (pair, from) = (choices.of(&[0, 1]), choices.of(&[0, 1]));
        let (flags, len) = (choices.of(&FLAGS), choices.of(&LENGTHS));
        let is_usual = choices.of(&[true, false]);
        let (seq_error, ack_error) = (choices.of(&ERRORS), choices.of(&ERRORS));
        let (seq_error, ack_error) = if is_usual { (0, 0) } else { (seq_error, ack_error) };
        let is_again = choices.of(&[false, false, false, true]);
        time_ns += choices.of(&PAUSES);
        // The same as that of the segment before, where the network has doubled it.
        ip_id = ip_id.wrapping_add(choices.of(&[1, 1, 1, 0]));
        let is_numbered = choices.of(&[true, false]);
        let ttl = choices.of(&[64, 64, 63, 255]);
        let options = choices.of(&OPTIONS);
        let window = choices.of(&[500, 500, 1, 0]);
        at = at.plus(choices.of(&[1, 2]));
        let is_in_next_file = choices.of(&[false, false, false, false, false, false, false, true]);
        if is_in_next_file {
            at = FrameId::new(at.file() + 1, 1);
        }

        let hosts = &mut hosts[pair];
        let peer = hosts[1 - from];
        let own = &mut hosts[from];
        // A SYN that is not sent again begins anew, beyond all numbers so far.
        if flags.contains(Flags::SYN) && !is_again {
            *own = Numbers::new(own.next.wrapping_add(64_000));
        }
        let seq = if is_again { own.first } else { own.next }.wrapping_add(seq_error);
        let ack = if flags.contains(Flags::ACK) { peer.next.wrapping_add(ack_error) } else { 0 };
        let controls = [Flags::SYN, Flags::FIN].iter().filter(|flag| flags.contains(**flag)).count();
        if is_usual && !is_again {
            own.next = seq.wrapping_add(len).wrapping_add(controls as u32);
        }
        let sockets: [SocketAddr; 2] =
            [([10, 0, 0, 1], 40_000 + pair as u16).into(), ([10, 0, 0, 2], 80).into()];
        let (src, dst) = (sockets[from], sockets[1 - from]);
        let header = tcp::Header {
            src_port: src.port(),
            dst_port: dst.port(),
            seq,
            ack,
            flags,
            window,
            checksum: 0,
            urgent: 0,
            len: 20 + options.len() as u8,
            options,
        };
        Segment {
            at,
            layer: 0,
            time_ns,
            zone: 0,
            in_packet: true,
            src,
            dst,
            ttl,
            ip_id: is_numbered.then_some(ip_id),
            tcp: header,
            len,
            payload: if len < 7 { b"" } else { b"why not" },
        }
    };
    segments.iter().map(&mut segment).collect()
}

/// The numbers of one peer.
#[derive(Clone, Copy)]
struct Numbers {
    first: u32,
    next: u32,
}

impl Numbers {
    const fn new(first: u32) -> Self {
        Self { first, next: first }
    }
}

/// What octets choose, a few bits for each choice.
struct Choices(u64);

impl Choices {
    fn new(octets: &[u8; SEGMENT]) -> Self {
        Self(octets.iter().fold(0, |bits, octet| bits << 8 | u64::from(*octet)))
    }

    /// One of `all`, of which there are 2, 4, 8 or 16.
    fn of<T: Copy, const N: usize>(&mut self, all: &[T; N]) -> T {
        const { assert!(N.is_power_of_two()) };
        let chosen = all[self.0 as usize % N];
        self.0 /= N as u64;
        chosen
    }
}
