//! Where the tests of Zeek say how a connection ended, we say the same, or `docs/ZEEK.md` says why not.

use std::collections::BTreeSet;
use std::fs;
use std::net::{IpAddr, SocketAddr};

use fourwave_annotate::{Connection, Kind, Observer, Side, Wave};
use fourwave_tests::reading::annotate;
use fourwave_tests::{here, public_captures};

/// A row of the oracle: a connection that a test of Zeek logs.
struct Row {
    file: String,
    originator: SocketAddr,
    responder: SocketAddr,
    state: String,
}

#[derive(Default)]
struct Connections(Vec<Connection>);

impl Observer for Connections {
    fn connection(&mut self, connection: &Connection) {
        self.0.push(connection.clone());
    }
}

#[test]
fn we_agree_with_zeek_or_say_why_not() {
    let Some(folder) = public_captures() else { return };
    let table = fs::read_to_string(folder.join("zeek_oracle.tsv")).unwrap();
    let mut different = BTreeSet::new();
    for row in table.lines().skip(1).filter_map(row) {
        let mut connections = Connections::default();
        let _ = annotate(&folder.join("files").join(&row.file), &mut connections);
        let own: Vec<_> = connections.0.iter().filter(|connection| is_of(connection, &row)).collect();
        if !own.iter().any(|connection| agrees(connection, &row)) {
            let kinds: Vec<_> = own.iter().map(|connection| connection.kind.to_string()).collect();
            let (originator, responder) = (row.originator, row.responder);
            let ours = if kinds.is_empty() { "no such connection".into() } else { kinds.join(", ") };
            different
                .insert(format!("| {} | {originator} > {responder} | {} | {ours} |", row.file, row.state));
        }
    }
    let document = fs::read_to_string(here("../docs/ZEEK.md")).unwrap();
    let explained: BTreeSet<String> = document
        .lines()
        .filter(|line| line.starts_with("| zeek__"))
        .filter_map(|line| {
            line.trim_end_matches(['|', ' ']).rsplit_once('|').map(|(row, _)| format!("{row}|"))
        })
        .collect();
    let new: Vec<_> = different.difference(&explained).collect();
    assert!(new.is_empty(), "not in docs/ZEEK.md: {new:#?}");
    let gone: Vec<_> = explained.difference(&different).collect();
    assert!(gone.is_empty(), "in docs/ZEEK.md, but we agree: {gone:#?}");
}

/// Rows without connection or state, and those in which Zeek itself has no verdict (`OTH`), say nothing.
fn row(line: &str) -> Option<Row> {
    let mut fields = line.split('\t');
    let file = fields.next()?.into();
    let mut end = {
        let mut fields = fields.by_ref().skip(1);
        move || -> Option<SocketAddr> {
            let address: IpAddr = fields.next()?.parse().ok()?;
            Some(SocketAddr::new(address, fields.next()?.parse().ok()?))
        }
    };
    let (originator, responder) = (end()?, end()?);
    let state: String = line.split('\t').nth(6)?.into();
    (!["", "OTH"].contains(&state.as_str())).then_some(Row { file, originator, responder, state })
}

fn is_of(connection: &Connection, row: &Row) -> bool {
    let ends = BTreeSet::from([connection.addresses.client, connection.addresses.server]);
    ends == BTreeSet::from([row.originator, row.responder])
}

/// What Zeek's `conn_state` says of an end, in our words.
fn agrees(connection: &Connection, row: &Row) -> bool {
    let originator = if connection.addresses.client == row.originator { Side::Client } else { Side::Server };
    let both_fins = connection.wave(Wave::First).is_some() && connection.wave(Wave::Third).is_some();
    let first_closer = connection.initiator.first_seen;
    let resetter = connection.resets.first().map(|reset| reset.peer);
    match row.state.as_str() {
        // A FIN that crossed a RST is no wave, but Zeek counts it.
        "SF" => both_fins || connection.kind == Kind::ResetDuringClose,
        "S2" => !both_fins && connection.wave(Wave::First).is_some() && first_closer == Some(originator),
        "S3" => {
            !both_fins && connection.wave(Wave::First).is_some() && first_closer == Some(originator.other())
        }
        "RSTO" => resetter == Some(originator),
        "RSTR" => resetter == Some(originator.other()),
        "REJ" => connection.kind == Kind::Refused,
        "S0" | "SH" | "SHR" => {
            matches!(connection.kind, Kind::HandshakeIncomplete | Kind::OneWayOpen | Kind::OneWayClose)
        }
        "RSTOS0" | "RSTRH" => connection.kind == Kind::HandshakeReset,
        "S1" => connection.kind == Kind::OpenAtEnd,
        _ => false,
    }
}
