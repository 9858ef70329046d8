//! The records of OUTPUT.md octet for octet, and every record against its own shape.

use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

use fourwave_dissector::tcp::{Flags, Header};
use fourwave_dissector::{FrameId, Segment};
use serde::Serialize;
use serde_json::Value;

use super::*;
use crate::annotation::{Annotation, Duties, Duty, TimeWaitExpired};
use crate::code::{Code, Set};
use crate::connection::{Connection, Durations, Moment, Reset, ResetForm, Retro, Revision, Step, TimeWait};
use crate::finding::{
    Finding, FindingId, FindingSet, InjectionEvidence, Params, ReuseOutcome, Severity, VantageLimit,
};
use crate::kind::{By, Certainty, ClientBasis, Initiator, Kind, Who};
use crate::modifier::{ConnectionModifier, Modifier, Modifiers};
use crate::role::{Role, Wave, Waves};
use crate::side::{Both, Side};
use crate::state::{Bounds, Change, State};

fn files() -> Vec<String> {
    vec!["a.pcap".to_string(), "b.pcap".to_string()]
}

fn context(files: &[String]) -> Context<'_> {
    Context { files, fields: Fields::STREAMED, lang: Lang::En }
}

fn change(before: (State, State), after: (State, State)) -> Change {
    let bounds = |(confirmed, expected)| Bounds { confirmed, expected };
    Change { before: bounds(before), after: bounds(after) }
}

fn segment() -> Segment<'static> {
    Segment {
        at: FrameId::new(0, 9),
        layer: 0,
        time_ns: 1_700_000_001_020_000_000,
        zone: 0,
        in_packet: true,
        src: "192.0.2.7:443".parse().unwrap(),
        dst: "198.51.100.4:50122".parse().unwrap(),
        ttl: 64,
        ip_id: None,
        tcp: Header {
            src_port: 443,
            dst_port: 50122,
            seq: 300,
            ack: 101,
            flags: Flags(Flags::FIN.0 | Flags::ACK.0),
            window: 65535,
            checksum: 0,
            urgent: 0,
            len: 20,
            options: &[],
        },
        len: 0,
        payload: &[],
    }
}

fn annotation() -> Annotation {
    use State::{CloseWait, FinWait1, FinWait2, LastAck, TimeWait};
    Annotation {
        connection: 1,
        incarnation: 1,
        from: Side::Server,
        role: Role::Fin2,
        waves: Waves::of(Wave::Third),
        modifiers: Modifiers::default(),
        peers: Both {
            client: change((FinWait1, FinWait2), (FinWait1, TimeWait)),
            server: change((CloseWait, CloseWait), (LastAck, LastAck)),
        },
        acks_fin: None,
        repeats: None,
        answers: None,
        owes: Both { client: Duties::of(Duty::AckOfFin), server: Duties::EMPTY },
        findings: FindingSet::EMPTY,
    }
}

fn event() -> TimeWaitExpired {
    use State::{Closed, LastAck, TimeWait};
    TimeWaitExpired {
        connection: 1,
        incarnation: 1,
        peer: Side::Client,
        time_ns: 1_700_000_061_030_000_000,
        peers: Both {
            client: change((TimeWait, TimeWait), (TimeWait, Closed)),
            server: change((LastAck, Closed), (LastAck, Closed)),
        },
    }
}

fn connection() -> Connection {
    let at = |frame| FrameId::new(0, frame);
    let moment = |frame, time_ns| Moment { at: at(frame), time_ns };
    let bounds = |confirmed, expected| Bounds { confirmed, expected };
    Connection {
        number: 1,
        incarnation: 1,
        addresses: Both {
            client: "198.51.100.4:50122".parse().unwrap(),
            server: "192.0.2.7:443".parse().unwrap(),
        },
        client_basis: ClientBasis::Syn,
        kind: Kind::FourWay,
        modifiers: Set::EMPTY,
        initiator: Initiator {
            peer: Some(Who::Client),
            first_seen: Some(Side::Client),
            by: Some(By::Fin),
            certainty: Certainty::Certain,
        },
        first: moment(1, 0),
        last: moment(10, 1030),
        files: vec![0].into(),
        waves: [Some(moment(7, 1000)), Some(moment(8, 1010)), Some(moment(9, 1020)), None],
        durations: Durations { fin1_ack: Some(10), close_wait: Some(10), last_ack: None, teardown: Some(20) },
        close_wait_merged: false,
        time_wait: Both { client: Some(TimeWait { from_ns: 1030, until_ns: 61030 }), server: None },
        half_close_bytes: 0,
        end: Both {
            client: bounds(State::TimeWait, State::TimeWait),
            server: bounds(State::LastAck, State::Closed),
        },
        segments: Both { client: 6, server: 4 },
        bytes: Both { client: 10, server: 20 },
        path: Both {
            client: vec![
                Step { state: State::Closed, at: None },
                Step { state: State::SynSent, at: Some(at(1)) },
            ]
            .into(),
            server: vec![Step { state: State::Listen, at: None }].into(),
        },
        retro: vec![Retro { at: at(8), what: Revision::Role { was: Role::Fin1, is: Role::Fin2 } }],
        resets: vec![Reset { at: at(10), peer: Side::Client, role: Role::RstAbort, form: ResetForm::Active }]
            .into(),
        findings: vec![Finding {
            id: FindingId::CloseWaitDwell,
            severity: Severity::Note,
            certainty: Certainty::Certain,
            frames: vec![at(8), at(9)].into(),
            params: Params {
                peer: Some(Side::Server),
                duration_ns: Some(3_990_000_000),
                ..Params::default()
            },
        }],
    }
}

/// A connection that uses every key, and frames of two files.
fn full_connection() -> Connection {
    let mut connection = connection();
    let elsewhere = FrameId::new(1, 3);
    connection.modifiers = Set::of(ConnectionModifier::MidStream);
    connection.last.at = elsewhere;
    connection.files = vec![0, 1, 7].into();
    connection.waves[3] = Some(Moment { at: elsewhere, time_ns: 1030 });
    connection.path.server =
        vec![Step { state: State::Listen, at: None }, Step { state: State::Closed, at: Some(elsewhere) }]
            .into();
    connection.retro.push(Retro {
        at: elsewhere,
        what: Revision::Moved { was: Role::SynInSynchronized, is: Role::ReuseSyn, connection: 2 },
    });
    connection.retro.push(Retro { at: elsewhere, what: Revision::InferenceWithdrawn });
    let finding = &mut connection.findings[0];
    finding.frames = finding.frames.iter().copied().chain([elsewhere]).collect();
    finding.params = Params {
        peer: Some(Side::Client),
        other: Some(Side::Server),
        duration_ns: Some(1_500_000_000),
        octets: Some(5),
        copies: Some(2),
        text: Some("\"no\"".to_string()),
        outcome: Some(ReuseOutcome::Ignored),
        evidence: Set::of(InjectionEvidence::TtlDiffers),
        what: Set::of(VantageLimit::OneWay),
    };
    connection
}

fn json(record: &impl serde::Serialize) -> String {
    serde_json::to_string(record).unwrap()
}

fn value(record: &impl serde::Serialize) -> Value {
    serde_json::to_value(record).unwrap()
}

#[test]
fn segment_of_the_contract() {
    let files = files();
    assert_eq!(
        json(&SegmentRecord::new(&segment(), &annotation(), context(&files))),
        concat!(
            r#"{"record":"segment","file":"a.pcap","frame":9,"layer":0,"time_ns":1700000001020000000,"#,
            r#""connection":1,"incarnation":1,"from":"server","#,
            r#""src":"192.0.2.7:443","dst":"198.51.100.4:50122","#,
            r#""flags":"FIN,ACK","seq":300,"ack":101,"len":0,"window":65535,"#,
            r#""role":"fin-2","waves":[3],"modifiers":[],"#,
            r#""client":{"before":{"confirmed":"FIN-WAIT-1","expected":"FIN-WAIT-2"},"#,
            r#""after":{"confirmed":"FIN-WAIT-1","expected":"TIME-WAIT"}},"#,
            r#""server":{"before":{"confirmed":"CLOSE-WAIT","expected":"CLOSE-WAIT"},"#,
            r#""after":{"confirmed":"LAST-ACK","expected":"LAST-ACK"}},"#,
            r#""acks_fin_frame":null,"acks_fin_file":null,"repeats_frame":null,"repeats_file":null,"#,
            r#""next":{"client":[{"by":"self","on":"ack","to":"TIME-WAIT","app":false},"#,
            r#"{"by":"peer","on":"fin","to":"TIME-WAIT","app":false},"#,
            r#"{"by":"peer","on":"syn","to":"SYN-RECEIVED","app":false},"#,
            r#"{"by":"peer","on":"rst","to":"CLOSED","app":false},"#,
            r#"{"by":"timer","on":"2msl","to":"CLOSED","app":false}],"#,
            r#""server":[{"by":"self","on":"fin","to":"LAST-ACK","app":false},"#,
            r#"{"by":"self","on":"data","to":"LAST-ACK","app":false},"#,
            r#"{"by":"peer","on":"ack-of-fin","to":"CLOSED","app":false},"#,
            r#"{"by":"peer","on":"rst","to":"CLOSED","app":false},"#,
            r#"{"by":"timer","on":"give-up","to":"CLOSED","app":false}]},"#,
            r#""owes":{"client":["ack-of-fin"],"server":[]},"findings":[]}"#,
        )
    );
}

#[test]
fn connection_of_the_contract() {
    let files = files();
    let mut connection = connection();
    connection.findings.clear();
    assert_eq!(
        json(&ConnectionRecord::new(&connection, context(&files))),
        concat!(
            r#"{"record":"connection","connection":1,"incarnation":1,"file":"a.pcap","files":["a.pcap"],"#,
            r#""first_frame":1,"last_frame":10,"last_file":null,"first_ns":0,"last_ns":1030,"#,
            r#""client":"198.51.100.4:50122","server":"192.0.2.7:443","client_basis":"syn","#,
            r#""kind":"four-way","modifiers":[],"#,
            r#""initiator":{"peer":"client","first_seen":"client","by":"fin","certainty":"certain"},"#,
            r#""waves":{"1":{"frame":7,"file":null,"time_ns":1000},"2":{"frame":8,"file":null,"time_ns":1010},"#,
            r#""3":{"frame":9,"file":null,"time_ns":1020},"4":null},"#,
            r#""durations_ns":{"fin1_ack":10,"close_wait":10,"last_ack":null,"teardown":20},"#,
            r#""close_wait_merged":false,"#,
            r#""time_wait":[{"peer":"client","from_ns":1030,"until_ns":61030}],"half_close_bytes":0,"#,
            r#""final":{"client":{"confirmed":"TIME-WAIT","expected":"TIME-WAIT"},"#,
            r#""server":{"confirmed":"LAST-ACK","expected":"CLOSED"}},"#,
            r#""segments":{"client":6,"server":4},"bytes":{"client":10,"server":20},"#,
            r#""path":{"client":[{"state":"CLOSED","frame":null,"file":null},"#,
            r#"{"state":"SYN-SENT","frame":1,"file":null}],"#,
            r#""server":[{"state":"LISTEN","frame":null,"file":null}]},"#,
            r#""retro":[{"frame":8,"file":null,"field":"role","was":"fin-1","is":"fin-2","connection":null}],"#,
            r#""resets":[{"frame":10,"file":null,"peer":"client","role":"rst-abort","form":"active"}],"#,
            r#""findings":[]}"#,
        )
    );
}

#[test]
fn event_of_the_contract() {
    let files = files();
    assert_eq!(
        json(&EventRecord::new(&event(), context(&files))),
        concat!(
            r#"{"record":"event","role":"time-wait-expired","file":null,"frame":null,"#,
            r#""time_ns":1700000061030000000,"connection":1,"incarnation":1,"peer":"client","#,
            r#""client":{"before":{"confirmed":"TIME-WAIT","expected":"TIME-WAIT"},"#,
            r#""after":{"confirmed":"TIME-WAIT","expected":"CLOSED"}},"#,
            r#""server":{"before":{"confirmed":"LAST-ACK","expected":"CLOSED"},"#,
            r#""after":{"confirmed":"LAST-ACK","expected":"CLOSED"}},"findings":[]}"#,
        )
    );
}

#[test]
fn finding_of_the_contract() {
    let files = files();
    let connection = connection();
    let record = value(&ConnectionRecord::new(&connection, context(&files)));
    let finding = &record["findings"][0];
    assert_eq!(finding["frames"], serde_json::json!([8, 9]));
    assert_eq!(finding["files"], Value::Null);
    assert_eq!(finding["params"], serde_json::json!({"peer": "server", "seconds": 3.99}));
    assert_eq!(finding["text"], *Lang::En.finding_text(&connection.findings[0]));
}

#[test]
fn frames_of_other_files_name_them() {
    let files = files();
    let mut annotation = annotation();
    annotation.acks_fin = Some(FrameId::new(1, 2));
    annotation.repeats = Some(FrameId::new(0, 2));
    let segment = segment();
    let record = value(&SegmentRecord::new(&segment, &annotation, context(&files)));
    assert_eq!((&record["acks_fin_frame"], &record["acks_fin_file"]), (&2.into(), &"b.pcap".into()));
    assert_eq!((&record["repeats_frame"], &record["repeats_file"]), (&2.into(), &Value::Null));

    let connection = full_connection();
    let record = value(&ConnectionRecord::new(&connection, context(&files)));
    assert_eq!(record["files"], serde_json::json!(["a.pcap", "b.pcap", null]));
    assert_eq!(record["last_file"], "b.pcap");
    assert_eq!(record["waves"]["4"]["file"], "b.pcap");
    assert_eq!(record["path"]["server"][1]["file"], "b.pcap");
    assert_eq!(record["findings"][0]["files"], serde_json::json!([null, null, "b.pcap"]));
}

#[test]
fn words_and_numbers_of_a_segment() {
    let files = files();
    let mut segment = segment();
    let mut annotation = annotation();
    segment.src = "[::1]:80".parse().unwrap();
    segment.tcp.flags = Flags(Flags::RST.0 | Flags::PSH.0 | Flags::CWR.0);
    annotation.modifiers.insert(Modifier::Repeat);
    annotation.modifiers.insert(Modifier::AcksUnseen);
    annotation.modifiers.acks_unseen = 20;
    let record = value(&SegmentRecord::new(&segment, &annotation, context(&files)));
    assert_eq!(record["src"], "[::1]:80");
    assert_eq!(record["flags"], "RST,PSH,CWR");
    assert_eq!(record["ack"], Value::Null);
    assert_eq!(record["modifiers"], serde_json::json!(["acks-unseen:20", "repeat"]));
}

#[test]
fn nobody_began_what_has_no_end() {
    let files = files();
    let mut connection = connection();
    connection.initiator.peer = None;
    connection.initiator.first_seen = None;
    connection.initiator.by = None;
    let record = value(&ConnectionRecord::new(&connection, context(&files)));
    assert_eq!(
        record["initiator"],
        serde_json::json!({"peer": null, "first_seen": null, "by": null, "certainty": null})
    );
}

#[test]
fn hindsight_adds_the_path_in_the_frame() {
    let files = files();
    let all = Context { fields: Fields::ALL, ..context(&files) };
    let path = Both { client: vec![], server: vec![State::CloseWait, State::LastAck] };
    let (segment, annotation) = (segment(), annotation());
    let record = SegmentRecord::new(&segment, &annotation, all);
    assert!(json(&record).ends_with(r#","path_in_frame":null}"#));
    assert!(
        json(&record.with_path_in_frame(&path))
            .ends_with(r#","path_in_frame":{"client":[],"server":["CLOSE-WAIT","LAST-ACK"]}}"#)
    );
}

#[test]
fn selected_fields_keep_the_order_of_the_record() {
    let files = files();
    let fields = Fields::parse("role, frame", &[RecordKind::Segment, RecordKind::Event]).unwrap();
    let context = Context { fields, ..context(&files) };
    assert_eq!(
        json(&SegmentRecord::new(&segment(), &annotation(), context)),
        r#"{"frame":9,"role":"fin-2"}"#
    );
    assert_eq!(json(&EventRecord::new(&event(), context)), r#"{"role":"time-wait-expired","frame":null}"#);
    assert_eq!(json(&ConnectionRecord::new(&connection(), context)), "{}");
}

#[test]
fn unknown_fields_are_named_with_those_that_exist() {
    let unknown = Fields::parse("role,colour", &[RecordKind::Event]).unwrap_err();
    assert_eq!(
        unknown.to_string(),
        "no field is called `colour`; expected one of record, role, file, frame, time_ns, connection, \
         incarnation, peer, client, server, findings"
    );
    assert!(Fields::parse("kind", &[RecordKind::Segment]).is_err());
    assert!(Fields::parse("", &[RecordKind::Segment]).is_err());
}

#[test]
fn columns_are_the_keys_flat() {
    let names = |kind| -> Vec<String> {
        Fields::STREAMED.columns(kind).into_iter().map(|column| column.name).collect()
    };
    let segment = names(RecordKind::Segment);
    assert!(segment.contains(&"client_before_confirmed".to_string()));
    assert!(segment.contains(&"next_server".to_string()));
    assert!(!segment.contains(&"path_in_frame_client".to_string()));
    let connection = names(RecordKind::Connection);
    for name in ["waves_1_frame", "durations_ns_close_wait", "path_client", "time_wait", "initiator_by"] {
        assert!(connection.contains(&name.to_string()), "{name}");
    }
    let selected = Fields::parse("initiator", &[RecordKind::Connection]).unwrap();
    assert_eq!(selected.columns(RecordKind::Connection).len(), 4);
    assert!(selected.columns(RecordKind::Connection).iter().all(|column| column.nullable));
}

#[test]
fn records_have_the_shapes_they_declare() {
    let files = files();
    let all = Context { fields: Fields::ALL, ..context(&files) };
    let path = Both { client: vec![], server: vec![State::CloseWait, State::LastAck] };
    let mut annotation = annotation();
    annotation.modifiers.insert(Modifier::AcksUnseen);
    annotation.findings.insert(FindingId::RstAbort);
    annotation.repeats = Some(FrameId::new(1, 1));
    let segment = segment();
    let segment = SegmentRecord::new(&segment, &annotation, all).with_path_in_frame(&path);
    assert_shape("segment", &value(&segment), Shape::Object(RecordKind::Segment.keys()));
    assert_shape("event", &value(&EventRecord::new(&event(), all)), Shape::Object(RecordKind::Event.keys()));
    for connection in [connection(), full_connection()] {
        assert_shape(
            "connection",
            &value(&ConnectionRecord::new(&connection, all)),
            Shape::Object(RecordKind::Connection.keys()),
        );
    }
}

/// Holds `value` against `shape`; `place` names it in the message.
fn assert_shape(place: &str, value: &Value, shape: Shape) {
    let fits = match shape {
        Shape::Always(word) => value == word,
        Shape::Text => value.is_string(),
        Shape::Integer => value.is_i64() || value.is_u64(),
        Shape::Number => value.is_number(),
        Shape::Truth => value.is_boolean(),
        Shape::Null => value.is_null(),
        Shape::Word(words) => value.as_str().is_some_and(|word| words().contains(&word)),
        Shape::Numbered(words) => {
            value.as_str().and_then(|word| word.split(':').next()).is_some_and(|word| words().contains(&word))
        }
        Shape::List(item) => value
            .as_array()
            .map(|items| items.iter().for_each(|value| assert_shape(place, value, *item)))
            .is_some(),
        Shape::Object(keys) => {
            keys.iter().for_each(|key| {
                let value = value.get(key.name).unwrap_or_else(|| panic!("{place} has no `{}`", key.name));
                assert_shape(key.name, value, key.shape);
            });
            value.as_object().is_some_and(|object| object.len() == keys.len())
        }
        Shape::Sparse(keys) => value.as_object().is_some_and(|object| {
            object.iter().all(|(name, value)| {
                let key = keys.iter().find(|key| key.name == name);
                key.map(|key| assert_shape(name, value, key.shape)).is_some()
            })
        }),
        Shape::OrNull(shape) => {
            if !value.is_null() {
                assert_shape(place, value, *shape);
            }
            true
        }
    };
    assert!(fits, "{place}: {value} is not {shape:?}");
}

#[test]
fn schema_requires_what_is_never_absent() {
    let schema = value(&Schema);
    let segment = &schema["oneOf"][0];
    assert_eq!(segment["properties"]["record"]["const"], "segment");
    assert_eq!(segment["properties"]["ack"]["anyOf"][1]["type"], "null");
    assert!(segment["properties"]["path_in_frame"].is_object());
    let required = segment["required"].as_array().unwrap();
    assert_eq!(required.len(), RecordKind::Segment.keys().len() - 1);
    let roles = segment["properties"]["role"]["enum"].as_array().unwrap();
    assert_eq!(roles.len(), Role::ALL.len());
}

#[test]
fn a_format_for_programs_has_the_same_values() {
    fn octets(value: impl Serialize) -> Vec<u8> {
        postcard::to_allocvec(&value).unwrap()
    }
    for address in ["192.0.2.1:80", "[2001:db8::1]:443"] {
        assert_eq!(octets(endpoint::Endpoint(&address.parse().unwrap())), octets(address));
    }
    for &state in State::ALL {
        assert_eq!(octets(states::Outlook(state)), octets(crate::next::Next::after(state)));
    }
}
