//! Every TCP segment of the public captures as tshark reads it: same frame, sequence number, acknowledgment, flags
//! and payload length, or `tshark-differences.tsv` says why not.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::num::ParseIntError;
use std::path::Path;
use std::process::{Command, Stdio};
use std::str::FromStr;

use fourwave_tests::reading::read;
use fourwave_tests::{here, public_captures};

/// A frame, and the TCP header in it, from 0.
type Place = (u64, u8);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Header {
    seq: u32,
    /// 0 without the ACK flag: tshark prints what is there, which means nothing.
    ack: u32,
    flags: u16,
    len: u32,
}

#[test]
fn tshark_reads_the_same_segments() {
    let Some(folder) = public_captures() else { return };
    let known = fs::read_to_string(here("tshark-differences.tsv")).unwrap();
    let rows = known.lines().filter(|line| !line.starts_with('#'));
    let known: BTreeSet<String> = rows.filter_map(|row| Some(row.rsplit_once('\t')?.0.into())).collect();
    let mut files: Vec<_> =
        fs::read_dir(folder.join("files")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut different = BTreeSet::new();
    for path in files {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        different
            .extend(differences(&path).into_iter().map(|(what, frames)| format!("{name}\t{what}\t{frames}")));
    }
    let new: Vec<_> = different.difference(&known).collect();
    assert!(new.is_empty(), "not in tshark-differences.tsv: {new:#?}");
    let gone: Vec<_> = known.difference(&different).collect();
    assert!(gone.is_empty(), "in tshark-differences.tsv, but we agree: {gone:#?}");
}

/// What differs, and in which frames.
fn differences(path: &Path) -> BTreeMap<&'static str, String> {
    let mut ours = BTreeMap::new();
    let _ = read(path, |segment| {
        let flags = segment.tcp.flags.0 & 0x1ff;
        let ack = if flags & 0x10 == 0 { 0 } else { segment.tcp.ack };
        let header = Header { seq: segment.tcp.seq, ack, flags, len: segment.len };
        ours.insert((segment.at.frame(), segment.layer), header);
    });
    let (theirs, unclear) = tshark(path);
    let mut found: BTreeMap<&'static str, Vec<u64>> = BTreeMap::new();
    for place in ours.keys().chain(theirs.keys()).collect::<BTreeSet<_>>() {
        let what = match (ours.get(place), theirs.get(place)) {
            _ if unclear.contains(&place.0) => continue,
            (Some(our), Some(their)) if our == their => continue,
            (Some(our), Some(their)) if our.len != their.len => "length",
            (Some(_), Some(_)) => "numbers or flags",
            (Some(_), None) => "only fourwave",
            (None, _) => "only tshark",
        };
        found.entry(what).or_default().push(place.0);
    }
    found.into_iter().map(|(what, frames)| (what, ranges(&frames))).collect()
}

/// The TCP headers that tshark finds, those quoted in ICMP errors aside, and the frames with several of which it
/// does not say which field belongs to which.
fn tshark(path: &Path) -> (BTreeMap<Place, Header>, BTreeSet<u64>) {
    let fields = ["frame.number", "frame.protocols", "tcp.seq_raw", "tcp.ack_raw", "tcp.flags", "tcp.len"];
    let output = Command::new("tshark")
        .args(["-n", "-Y", "tcp", "-T", "fields", "-E", "separator=|", "-E", "occurrence=a", "-r"])
        .arg(path)
        .args(["-o", "tcp.analyze_sequence_numbers:FALSE", "-o", "tcp.desegment_tcp_streams:FALSE"])
        .args(fields.iter().flat_map(|field| ["-e", field]))
        .stderr(Stdio::null())
        .output()
        .expect("this test needs tshark: apt-get install tshark");
    let (mut headers, mut unclear) = (BTreeMap::new(), BTreeSet::new());
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let columns: Vec<&str> = line.split('|').collect();
        let [frame, protocols, seqs, acks, flags, lens] = columns[..] else { panic!("{line}") };
        let frame = number(frame);
        let (seqs, acks, flags, lens) = (list(seqs), list(acks), list(flags), list(lens));
        let quoted = quoted(protocols);
        if [seqs.len(), acks.len(), flags.len(), lens.len()] != [quoted.len(); 4] {
            unclear.insert(frame);
            continue;
        }
        let real = (0..quoted.len()).filter(|at| !quoted[*at]);
        for (at, layer) in real.zip(0..) {
            let flags = flags[at].trim_start_matches("0x");
            let flags = u16::from_str_radix(flags, 16).expect("tshark prints control bits as 0x...") & 0x1ff;
            let ack = if flags & 0x10 == 0 { 0 } else { number(acks[at]) };
            let (seq, len) = (number(seqs[at]), number(lens[at]));
            headers.insert((frame, layer), Header { seq, ack, flags, len });
        }
    }
    (headers, unclear)
}

fn number<T: FromStr<Err = ParseIntError>>(column: &str) -> T {
    column.parse().expect("tshark prints decimal numbers")
}

fn list(column: &str) -> Vec<&str> {
    column.split(',').filter(|value| !value.is_empty()).collect()
}

/// For each TCP header of a frame: is it quoted in an ICMP error? A subframe of an aggregate begins anew.
fn quoted(protocols: &str) -> Vec<bool> {
    let mut in_icmp = false;
    let mut headers = Vec::new();
    for protocol in protocols.split(':') {
        match protocol {
            "icmp" | "icmpv6" => in_icmp = true,
            "llc" => in_icmp = false,
            "tcp" => headers.push(in_icmp),
            _ => {}
        }
    }
    headers
}

/// `1-3,7`.
fn ranges(frames: &[u64]) -> String {
    let mut text = Vec::new();
    let mut frames = frames.iter().copied().peekable();
    while let Some(first) = frames.next() {
        let mut last = first;
        while let Some(next) = frames.next_if(|next| *next <= last + 1) {
            last = next;
        }
        text.push(if first == last { first.to_string() } else { format!("{first}-{last}") });
    }
    text.join(",")
}
