//! Every packet in tshark against the library: as it streams, and in hindsight.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use fourwave_tests::capture::{file, frames, pcap};
use fourwave_tests::flow::Flow;
use fourwave_tests::wireshark::Desk;
use fourwave_tests::wrap::WRAPS;
use fourwave_tests::{files, here, public_captures};

use crate::expected::{Field, OF_CONNECTIONS, OF_SEGMENTS, Said};
use crate::{ANALYZERS, complaints};

/// A capture: its name and its octets.
type Capture = (String, Vec<u8>);

#[test]
fn flows() {
    let flows = files("flows", ".flow").unwrap();
    let captures: Vec<Capture> = flows.iter().map(|path| (name(path), pcap(&read_flow(path)))).collect();
    agree(&captures);
}

#[test]
fn captures() {
    let mut captures = files("truth/linux", ".pcap").unwrap();
    captures.extend(files("captures", ".pcap").unwrap());
    agree(&captures.iter().map(|path| (name(path), fs::read(path).unwrap())).collect::<Vec<_>>());
}

#[test]
fn public_ones() {
    let Some(folder) = public_captures() else { return };
    let entries = fs::read_dir(folder.join("files")).unwrap();
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    // Others are of formats, or damaged in ways, that only one of the two reads.
    paths.retain(|path| Said::streaming(path).1.packets > 0);
    agree(&paths.iter().map(|path| (name(path), fs::read(path).unwrap())).collect::<Vec<_>>());
}

#[test]
fn wrapped_flows() {
    let flows =
        ["close/four-way", "reset/fin-then-rst", "reuse/syn-in-time-wait", "reuse/found-in-hindsight"];
    let captures = WRAPS.iter().flat_map(|wrap| {
        flows.iter().map(|name| {
            let flow = read_flow(&here(&format!("flows/{name}.flow")));
            let octets = file(wrap.link_type, &(wrap.apply)(&frames(&flow)));
            (format!("{}-{}", name.replace('/', "-"), wrap.name), octets)
        })
    });
    agree(&captures.collect::<Vec<_>>());
}

fn agree(captures: &[Capture]) {
    let found = ANALYZERS.iter().flat_map(|analyzer| {
        let desk = analyzer.desk();
        let found = complaints(captures, |capture| disagreement(&desk, capture));
        found.into_iter().map(|what| format!("Wireshark {}: {what}", analyzer.version)).collect::<Vec<_>>()
    });
    let found: Vec<String> = found.collect();
    assert!(found.is_empty(), "{} disagreements\n{}", found.len(), found.join("\n"));
}

/// Where tshark shows something else than the library says.
fn disagreement(desk: &Desk<'_>, (name, octets): &Capture) -> Vec<String> {
    let capture = desk.lay(name, octets);
    let (streaming, reading) = Said::streaming(&capture);
    assert!(reading.packets > 0, "{name}: {reading:?}");
    let names: Vec<&str> = OF_SEGMENTS.iter().map(|(name, _)| *name).collect();
    let rows = desk.fields(&capture, &[], &names);
    let mut found = differences("one pass", &rows, &OF_SEGMENTS, &streaming);

    let hindsight = Said::in_hindsight(&capture);
    let fields = [&OF_SEGMENTS[..], &OF_CONNECTIONS].concat();
    let names: Vec<&str> = fields.iter().map(|(name, _)| *name).chain(["teardown.finding"]).collect();
    let rows = desk.fields(&capture, &["-2"], &names);
    found.extend(differences("two passes", &rows, &fields, &hindsight));
    let findings = rows.iter().flat_map(|row| row[fields.len()].split(','));
    let findings: BTreeSet<&str> = findings.filter(|finding| !finding.is_empty()).collect();
    if findings != hindsight.findings() {
        found.push(format!("findings: shown {findings:?}, expected {:?}", hindsight.findings()));
    }
    found.into_iter().map(|what| format!("{name}: {what}")).collect()
}

fn differences(how: &str, rows: &[Vec<String>], fields: &[Field], said: &Said) -> Vec<String> {
    let mut found = Vec::new();
    if said.last_frame() > rows.len() as u64 {
        found.push(format!("{how}: {} packets are shown", rows.len()));
    }
    for (row, frame) in rows.iter().zip(1..) {
        for (field, shown) in fields.iter().zip(row) {
            let expected = said.value(field, frame);
            if *shown != expected {
                found.push(format!("{how}, {frame}, {}: shown `{shown}`, expected `{expected}`", field.0));
            }
        }
    }
    found
}

fn read_flow(path: &Path) -> Flow {
    Flow::parse(&fs::read_to_string(path).unwrap()).unwrap()
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}
