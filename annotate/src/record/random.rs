//! Records of anything: their JSON is that of `serde_json`, and never longer than its buffer; what they have in common
//! follows from few numbers.

use alloc::string::{String, ToString};
use alloc::vec;

use fourwave_dissector::tcp::{Flags, Header};
use fourwave_dissector::{FrameId, Segment};
use proptest::prelude::*;

use super::*;
use crate::annotation::{Annotation, TimeWaitExpired};
use crate::code::{Code, Set};
use crate::connection::{Connection, Durations, Moment, Reset, Retro, Revision, Step, TimeWait};
use crate::finding::{Finding, Params};
use crate::kind::Initiator;
use crate::modifier::{Modifier, Modifiers};
use crate::side::Both;
use crate::state::{Bounds, Change, State};

/// Draws what a record can be about.
struct Dice(u64);

impl Dice {
    /// Any number; small ones as likely as large ones.
    fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        mixed >> (mixed & 63)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.number() % end as u64) as usize
    }

    fn maybe<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        (self.below(2) == 1).then(|| make(self))
    }

    fn list<T, L: FromIterator<T>>(&mut self, mut make: impl FnMut(&mut Self) -> T) -> L {
        (0..self.below(4)).map(|_| make(self)).collect()
    }

    fn both<T>(&mut self, mut make: impl FnMut(&mut Self) -> T) -> Both<T> {
        Both::from_fn(|_| make(self))
    }

    fn word<T: Code>(&mut self) -> T {
        T::ALL[self.below(T::ALL.len())]
    }

    fn set<T: Code>(&mut self) -> Set<T> {
        self.list(Self::word)
    }

    fn time(&mut self) -> i64 {
        self.number() as i64
    }

    fn at(&mut self) -> FrameId {
        FrameId::new(self.below(3) as u32, self.number() >> 24)
    }

    fn moment(&mut self) -> Moment {
        Moment { at: self.at(), time_ns: self.time() }
    }

    fn bounds(&mut self) -> Bounds {
        Bounds { confirmed: self.word(), expected: self.word() }
    }

    fn change(&mut self) -> Change {
        Change { before: self.bounds(), after: self.bounds() }
    }

    fn address(&mut self) -> core::net::SocketAddr {
        let port = self.number() as u16;
        match self.below(2) {
            0 => ((self.number() as u32).to_be_bytes(), port).into(),
            _ => ([(); 8].map(|()| self.number() as u16), port).into(),
        }
    }

    fn segment(&mut self) -> Segment<'static> {
        let tcp = Header {
            src_port: 0,
            dst_port: 0,
            seq: self.number() as u32,
            ack: self.number() as u32,
            flags: Flags(self.number() as u16),
            window: self.number() as u16,
            checksum: 0,
            urgent: 0,
            len: 20,
            options: &[],
        };
        Segment {
            at: self.at(),
            layer: self.number() as u8,
            time_ns: self.time(),
            zone: 0,
            in_packet: true,
            src: self.address(),
            dst: self.address(),
            ttl: 64,
            ip_id: None,
            tcp,
            len: self.number() as u32,
            payload: &[],
        }
    }

    fn annotation(&mut self) -> Annotation {
        Annotation {
            connection: self.number(),
            incarnation: self.number() as u32,
            from: self.word(),
            role: self.word(),
            waves: self.set(),
            modifiers: Modifiers { set: self.set(), acks_unseen: self.number() as u32 },
            peers: self.both(Self::change),
            acks_fin: self.maybe(Self::at),
            repeats: self.maybe(Self::at),
            answers: None,
            owes: self.both(Self::set),
            findings: self.set(),
        }
    }

    fn event(&mut self) -> TimeWaitExpired {
        TimeWaitExpired {
            connection: self.number(),
            incarnation: self.number() as u32,
            peer: self.word(),
            time_ns: self.time(),
            peers: self.both(Self::change),
        }
    }

    fn connection(&mut self) -> Connection {
        let span = |dice: &mut Self| TimeWait { from_ns: dice.time(), until_ns: dice.time() };
        let step = |dice: &mut Self| Step { state: dice.word(), at: dice.maybe(Self::at) };
        Connection {
            number: self.number(),
            incarnation: self.number() as u32,
            addresses: self.both(Self::address),
            client_basis: self.word(),
            kind: self.word(),
            modifiers: self.set(),
            initiator: Initiator {
                peer: self.maybe(Self::word),
                first_seen: self.maybe(Self::word),
                by: self.maybe(Self::word),
                certainty: self.word(),
            },
            first: self.moment(),
            last: self.moment(),
            files: self.list(|dice| dice.below(3) as u32),
            waves: [(); 4].map(|()| self.maybe(Self::moment)),
            durations: Durations {
                fin1_ack: self.maybe(Self::time),
                close_wait: self.maybe(Self::time),
                last_ack: self.maybe(Self::time),
                teardown: self.maybe(Self::time),
            },
            close_wait_merged: self.below(2) == 1,
            time_wait: self.both(|dice| dice.maybe(span)),
            half_close_bytes: self.number(),
            end: self.both(Self::bounds),
            segments: self.both(Self::number),
            bytes: self.both(Self::number),
            path: self.both(|dice| dice.list(step)),
            retro: self.list(|dice| Retro { at: dice.at(), what: dice.revision() }),
            resets: self.list(|dice| Reset {
                at: dice.at(),
                peer: dice.word(),
                role: dice.word(),
                form: dice.word(),
            }),
            findings: self.list(Self::finding),
        }
    }

    fn revision(&mut self) -> Revision {
        match self.below(3) {
            0 => Revision::Role { was: self.word(), is: self.word() },
            1 => Revision::Moved { was: self.word(), is: self.word(), connection: self.number() },
            _ => Revision::InferenceWithdrawn,
        }
    }

    fn finding(&mut self) -> Finding {
        Finding {
            id: self.word(),
            severity: self.word(),
            certainty: self.word(),
            frames: self.list(Self::at),
            params: Params {
                peer: self.maybe(Self::word),
                other: self.maybe(Self::word),
                duration_ns: self.maybe(Self::time),
                octets: self.maybe(Self::number),
                copies: self.maybe(Self::number),
                text: self.maybe(|_| String::from("\"no\"\tmore\\\u{1}")),
                outcome: self.maybe(Self::word),
                evidence: self.set(),
                what: self.set(),
            },
        }
    }
}

/// Holds what `write` writes against what `serde_json` makes of `record`.
#[track_caller]
fn assert_same(record: &impl serde::Serialize, write: impl Fn(&mut [u8]) -> Option<usize>) {
    let expected = serde_json::to_string(record).unwrap();
    let mut octets = vec![b'#'; expected.len() + 64];
    let len = write(&mut octets).unwrap();
    assert_eq!(core::str::from_utf8(&octets[..len]).unwrap(), expected);
    for size in (0..=expected.len()).step_by(7) {
        assert_eq!(write(&mut octets[..size]), None);
    }
}

proptest! {
    #[test]
    fn json_of_any_record(seed: u64, selected in 0..3_usize) {
        let mut dice = Dice(seed);
        let files = ["a.pcap".to_string(), "\"b\".pcap".to_string()];
        let some = Fields::parse("frame,connection,ack,client,next,findings", &[RecordKind::Segment]).unwrap();
        let fields = [Fields::ALL, Fields::STREAMED, some][selected];
        let context = Context { files: &files, fields, lang: dice.word() };

        let (segment, annotation) = (dice.segment(), dice.annotation());
        let record = SegmentRecord::new(&segment, &annotation, context);
        assert_same(&record, |to| record.write_json(to));
        let path = dice.both(|dice| dice.list(Dice::word::<State>));
        let record = record.with_path_in_frame(&path);
        assert_same(&record, |to| record.write_json(to));

        let event = dice.event();
        let record = EventRecord::new(&event, context);
        assert_same(&record, |to| record.write_json(to));

        let connection = dice.connection();
        let record = ConnectionRecord::new(&connection, context);
        assert_same(&record, |to| record.write_json(to));
    }

    /// A record and another that differs from it in some of what it is about.
    #[test]
    fn what_records_have_in_common_is_equal_where_they_say_so(seed: u64) {
        let mut dice = Dice(seed);
        let (segment, mut annotation) = (dice.segment(), dice.annotation());
        if dice.below(2) == 1 {
            annotation.modifiers.insert(Modifier::AcksUnseen);
        }
        let (mut other, mut said) = (segment, annotation);
        for _ in 0..1 + dice.below(3) {
            match dice.below(12) {
                0 => other.at = dice.at(),
                1 => other.layer = dice.number() as u8,
                2 => other.tcp.flags = Flags(dice.number() as u16),
                3 => said.from = dice.word(),
                4 => said.role = dice.word(),
                5 => said.waves = dice.set(),
                6 => said.modifiers.set = dice.set(),
                7 => said.modifiers.acks_unseen = dice.number() as u32,
                8 => {
                    let Change { before, after } = &mut said.peers[dice.word()];
                    let bounds = [before, after].into_iter().nth(dice.below(2)).unwrap();
                    *bounds = match dice.below(2) {
                        0 => Bounds { confirmed: dice.word(), ..*bounds },
                        _ => Bounds { expected: dice.word(), ..*bounds },
                    };
                }
                9 => said.owes[dice.word()] = dice.set(),
                10 => said.findings = dice.set(),
                _ => {
                    other = Segment { at: other.at, layer: other.layer, tcp: other.tcp, ..dice.segment() };
                    said.connection = dice.number();
                }
            }
        }
        let files = ["a.pcap".to_string(), "b.pcap".to_string(), "c.pcap".to_string()];
        let fields = Fields::ALL.filter(|key| key.common);
        let context = Context { files: &files, fields, lang: Lang::En };
        let one = SegmentRecord::new(&segment, &annotation, context);
        let other = SegmentRecord::new(&other, &said, context);
        if one.common() == other.common() {
            let values = |record: &SegmentRecord<'_>| serde_json::to_value(record).unwrap();
            prop_assert_eq!(values(&one), values(&other));
        }
    }
}
