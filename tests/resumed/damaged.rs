//! Checkpoints that are damaged, or made up: one is not accepted, or gone on with to the end of the capture. What is said
//! from there on may be wrong, but nothing panics, hangs, or takes memory by a number that stands in it.

use std::io::sink;

use fourwave_annotate::{
    Annotation, Connection, ConnectionRecord, Context, Engine, EventRecord, Fields as Keys, Lang, Observer,
    Options, SECOND, SegmentRecord, TimeWaitExpired,
};
use fourwave_dissector::{Dissector, FrameId, LinkType, Packet, Segment, Zone};
use fourwave_tests::reading::Each;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::{FLOWS, flows, on_port, options, segments, starts};

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn engines_of_any_damage_do_no_harm(
        starts in starts(),
        options in options(),
        cut in any::<Index>(),
        wants in select(&Wants::ALL),
        damages in prop::collection::vec(prop::collection::vec(damage(), 1..4), 60),
        end in any::<Index>(),
    ) {
        let flows = flows(&starts);
        let segments = segments(&flows);
        let (before, after) = segments.split_at(cut.index(segments.len()));
        let fields = fields(&engine_behind(before, options, wants));
        let checkpoint = fields.octets();
        prop_assert!(postcard::from_bytes::<Engine>(&checkpoint[..end.index(checkpoint.len())]).is_err());
        for damages in &damages {
            let mut fields = fields.clone();
            damages.iter().for_each(|damage| damage.befall(&mut fields));
            follow_on(&fields.octets(), after, wants);
        }
    }

    #[test]
    fn dissectors_of_any_damage_do_no_harm(
        cut in 0..PARTS.len(),
        damages in prop::collection::vec(prop::collection::vec(damage(), 1..4), 60),
    ) {
        let (before, after) = PARTS.split_at(cut);
        let mut dissector = Dissector::new(Zone::Addresses);
        take_apart(&mut dissector, before);
        let fields = postcard::to_extend(&dissector, Fields::default()).unwrap();
        for damages in &damages {
            let mut fields = fields.clone();
            damages.iter().for_each(|damage| damage.befall(&mut fields));
            if let Ok(mut dissector) = postcard::from_bytes(&fields.octets()) {
                take_apart(&mut dissector, after);
            }
        }
    }
}

/// All fields that there are, each with one of the extremes in turn.
#[test]
fn numbers_at_their_ends_do_no_harm() {
    let mut extremes = EXTREMES.iter().cycle();
    let bounds = [2, 1000].map(|max_connections| Options { max_connections, ..Options::default() });
    let ways = Wants::ALL.iter().flat_map(|wants| bounds.map(|options| (*wants, options))).cycle();
    for (flow, (wants, options)) in FLOWS.iter().zip(ways) {
        // Some are over or nearly so, some in the middle; others come when there is no room, or when all may be forgotten.
        let starts = [0, 1, 2, 3, 1000].map(|start| start * SECOND);
        let flows: Vec<_> =
            (20_000..).zip(starts).map(|(port, start_ns)| (on_port(flow, port), start_ns)).collect();
        let segments = segments(&flows);
        let (before, after) = segments.split_at(segments.len() / 2);
        let fields = fields(&engine_behind(before, options, wants));
        let mut accepted = 0;
        for place in 0..fields.0.len() {
            let mut fields = fields.clone();
            fields.0[place] = extremes.next().unwrap().to_vec();
            accepted += usize::from(follow_on(&fields.octets(), after, wants));
        }
        assert!(accepted > fields.0.len() / 4, "{accepted}");
        // Another extreme for each field of the next.
        extremes.next();
    }
}

/// Two connections that are open at the same time, made one: no more than one can be found.
#[test]
fn no_pair_of_sockets_is_there_twice() {
    let flows = [20_000, 20_001].map(|port| (on_port(&FLOWS[0], port), 0));
    let segments = segments(&flows);
    let [one, other] = [20_000_u16, 20_001].map(|port| postcard::to_allocvec(&port).unwrap());
    let mut fields = fields(&engine_behind(&segments[..2], Options::default(), Wants::ALL[0]));
    let (mut ports, before) = (0, fields.octets());
    for field in fields.0.iter_mut().filter(|field| **field == other) {
        field.clone_from(&one);
        ports += 1;
    }
    assert_eq!(ports, 1);
    assert!(postcard::from_bytes::<Engine>(&before).is_ok());
    assert!(postcard::from_bytes::<Engine>(&fields.octets()).is_err());
}

/// Numbers at the ends of what fields can hold, as postcard writes them: seven bits an octet, the lowest first, and of those
/// with a sign 0, -1, 1 and so on to the largest and the smallest. An octet is written as it is.
const EXTREMES: [&[u8]; 10] = [
    &[0],
    &[1],
    &[2],
    &[0x7f],
    &[0x80],
    &[0xff],
    &[0xff, 0xff, 3],
    &[0xff, 0xff, 0xff, 0xff, 0xf],
    &[0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1],
    &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1],
];

/// What stands in a checkpoint, a field after the other.
#[derive(Clone, Debug, Default)]
struct Fields(Vec<Vec<u8>>);

impl Extend<u8> for Fields {
    /// Postcard adds a field at a time.
    fn extend<T: IntoIterator<Item = u8>>(&mut self, field: T) {
        self.0.push(field.into_iter().collect());
    }
}

impl Fields {
    fn octets(&self) -> Vec<u8> {
        self.0.concat()
    }
}

/// Something that happened to a checkpoint.
#[derive(Clone, Debug)]
enum Damage {
    /// A field has another number.
    Number(Index, &'static [u8]),
    /// Some bits of an octet of a field are others.
    Bits(Index, Index, u8),
}

impl Damage {
    fn befall(&self, Fields(fields): &mut Fields) {
        let len = fields.len();
        match self {
            Self::Number(field, number) => fields[field.index(len)] = number.to_vec(),
            Self::Bits(field, at, bits) => {
                let field = &mut fields[field.index(len)];
                let at = at.index(field.len());
                field[at] ^= bits;
            }
        }
    }
}

fn damage() -> impl Strategy<Value = Damage> {
    prop_oneof![
        3 => (any::<Index>(), select(&EXTREMES)).prop_map(|(field, number)| Damage::Number(field, number)),
        1 => any::<(Index, Index, u8)>().prop_map(|(field, at, bits)| Damage::Bits(field, at, bits)),
    ]
}

/// What is asked of an engine. All that it says is written down, as programs do.
#[derive(Clone, Copy, Debug)]
struct Wants {
    segments: bool,
    data: bool,
}

impl Wants {
    const ALL: [Self; 3] = [
        Self { segments: true, data: true },
        Self { segments: true, data: false },
        Self { segments: false, data: false },
    ];

    const CONTEXT: Context<'static> = Context { files: &[], fields: Keys::ALL, lang: Lang::En };
}

impl Observer for Wants {
    fn wants_segments(&self) -> bool {
        self.segments
    }

    fn wants_data(&self) -> bool {
        self.data
    }

    fn segment(&mut self, segment: &Segment<'_>, annotation: &Annotation) {
        serde_json::to_writer(sink(), &SegmentRecord::new(segment, annotation, Self::CONTEXT)).unwrap();
    }

    fn revised(&mut self, segment: &Segment<'_>, annotation: &Annotation) {
        self.segment(segment, annotation);
    }

    fn time_wait_expired(&mut self, event: &TimeWaitExpired) {
        serde_json::to_writer(sink(), &EventRecord::new(event, Self::CONTEXT)).unwrap();
    }

    fn connection(&mut self, connection: &Connection) {
        serde_json::to_writer(sink(), &ConnectionRecord::new(connection, Self::CONTEXT)).unwrap();
    }
}

fn fields(engine: &Engine) -> Fields {
    postcard::to_extend(engine, Fields::default()).unwrap()
}

fn engine_behind(segments: &[Segment<'_>], options: Options, mut wants: Wants) -> Engine {
    let mut engine = Engine::new(options);
    segments.iter().for_each(|segment| engine.push(segment, &mut wants));
    engine
}

/// Goes on from a checkpoint to the end of a capture; false if it is not accepted.
fn follow_on(checkpoint: &[u8], segments: &[Segment<'_>], mut wants: Wants) -> bool {
    let Ok(mut engine) = postcard::from_bytes::<Engine>(checkpoint) else { return false };
    segments.iter().for_each(|segment| engine.push(segment, &mut wants));
    engine.finish(&mut wants);
    true
}

/// A part of a datagram: its identification, where it begins in units of 8 octets, whether more follow, and its octets.
type Part = (u8, u8, bool, usize);

/// Parts of datagrams, some in disorder, some that others never follow.
const PARTS: [Part; 12] = [
    (1, 0, true, 16),
    (2, 2, false, 40),
    (3, 1, true, 8),
    (1, 0, true, 16),
    (4, 0, true, 24),
    (1, 2, false, 40),
    (3, 5, true, 8),
    (2, 0, true, 16),
    (4, 1, true, 24),
    (3, 0, true, 8),
    (1, 0, true, 16),
    (1, 2, false, 40),
];

/// Takes the packets apart in which the parts come, a second each.
fn take_apart(dissector: &mut Dissector, parts: &[Part]) {
    for (&(id, offset, more, len), second) in parts.iter().zip(1..) {
        let flags = if more { 0x20 } else { 0 };
        let mut data =
            vec![0x45, 0, 0, 20 + len as u8, 0, id, flags, offset, 64, 6, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2];
        data.resize(data.len() + len, 0x50);
        let packet = Packet {
            at: FrameId::new(0, second),
            time_ns: second.cast_signed() * SECOND,
            link_type: LinkType::RAW,
            interface: 0,
            fcs_len: 0,
            len: data.len() as u32,
            data: &data,
        };
        dissector.dissect(&packet, &mut Each(|_: &Segment<'_>| {}));
    }
}
