//! The preferences of the plugin: what each changes, and what it leaves.

use std::collections::BTreeSet;
use std::fs;

use fourwave_tests::capture::{ETHERNET, Frame, file, frames};
use fourwave_tests::flow::Flow;
use fourwave_tests::here;
use fourwave_tests::wrap::WRAPS;

use crate::ANALYZERS;
use crate::expected::{OF_CONNECTIONS, OF_SEGMENTS};

/// Packets of the four-way close before its first FIN.
const OPENING: usize = 6;
/// Where the destination port stands in UDP in IPv4 in Ethernet.
const UDP_PORT: usize = 36;

#[test]
fn msl_and_profile_move_the_end_of_time_wait() {
    // It begins at 1.030 s; only the way in which a date is written differs between versions.
    for (preference, until) in [
        ("teardown.msl:0", ":01:01.03"),
        ("teardown.msl:1", ":00:03.03"),
        ("teardown.profile:macos", ":00:31.03"),
        ("teardown.profile:rfc", ":04:01.03"),
    ] {
        for rows in four_way(preference, &["teardown.time_wait_until"]) {
            let shown: Vec<&String> =
                rows.iter().map(|row| &row[0]).filter(|value| !value.is_empty()).collect();
            assert!(matches!(shown[..], [value] if value.contains(until)), "{preference}: {shown:?}");
        }
    }
}

#[test]
fn show_leaves_out_what_is_no_teardown() {
    let all = four_way("teardown.show:all", &fields());
    let teardowns = four_way("teardown.show:teardown", &fields());
    for (all, teardowns) in all.iter().zip(&teardowns) {
        assert!(all.iter().all(|row| !row[0].is_empty()));
        assert!(teardowns[..OPENING].iter().flatten().all(String::is_empty), "{teardowns:?}");
        assert_eq!(teardowns[OPENING..], all[OPENING..]);
    }
}

#[test]
fn language_changes_no_value() {
    assert_eq!(four_way("teardown.language:zh-CN", &fields()), four_way("teardown.language:en", &fields()));
}

#[test]
fn key_sets_vlans_and_tunnels_apart() {
    let mut copies = packets();
    copies.extend(wrapped("vlan", &packets()));
    copies.extend(wrapped("vxlan", &packets()));
    copies.sort_by_key(|packet| packet.time_ns);
    let octets = file(ETHERNET, &copies);
    let connections = |key: &str| -> Vec<usize> {
        let versions = with(&octets, &["-o", &format!("teardown.key:{key}")], &["teardown.connection"]);
        versions.iter().map(|rows| rows.iter().flatten().collect::<BTreeSet<_>>().len()).collect()
    };
    assert!(connections("addresses").iter().all(|count| *count == 1));
    assert!(connections("vlan").iter().all(|count| *count == 2));
    assert!(connections("tunnel").iter().all(|count| *count == 3));
}

#[test]
fn source_changes_nothing_where_segments_are_found_in_both() {
    // Wireshark shows what an aggregated frame holds below that, not where segments are looked for.
    for wrap in WRAPS.iter().filter(|wrap| wrap.name != "aggregated") {
        let octets = file(wrap.link_type, &(wrap.apply)(&packets()));
        let from_octets = with(&octets, &["-o", "teardown.source:octets"], &fields());
        let from_dissection = with(&octets, &["-o", "teardown.source:dissection"], &fields());
        assert_eq!(from_dissection, from_octets, "{}", wrap.name);
    }
}

#[test]
fn source_can_be_what_only_wireshark_takes_apart() {
    let plain = with(&file(ETHERNET, &wrapped("vxlan", &packets())), &[], &fields());
    let mut moved = wrapped("vxlan", &packets());
    for packet in &mut moved {
        packet.octets[UDP_PORT..UDP_PORT + 2].copy_from_slice(&4321_u16.to_be_bytes());
    }
    let moved = file(ETHERNET, &moved);
    let decode_as = ["-d", "udp.port==4321,vxlan"];
    let from_octets = with(&moved, &decode_as, &fields());
    assert!(from_octets.iter().flatten().flatten().all(String::is_empty));
    let from_dissection = [&decode_as[..], &["-o", "teardown.source:dissection"]].concat();
    assert_eq!(with(&moved, &from_dissection, &fields()), plain);
}

/// The values of `fields` in each packet, read with these arguments, in each version.
fn with(octets: &[u8], arguments: &[&str], fields: &[&str]) -> Vec<Vec<Vec<String>>> {
    let arguments = [&["-2"], arguments].concat();
    let values = ANALYZERS.iter().map(|analyzer| {
        let desk = analyzer.desk();
        let rows = desk.fields(&desk.lay("capture", octets), &arguments, fields);
        assert!(!rows.is_empty(), "{}: {arguments:?}", analyzer.version);
        rows
    });
    values.collect()
}

/// The values of `fields` in each packet of the four-way close, with a preference, in each version.
fn four_way(preference: &str, fields: &[&str]) -> Vec<Vec<Vec<String>>> {
    with(&file(ETHERNET, &packets()), &["-o", preference], fields)
}

fn fields() -> Vec<&'static str> {
    OF_SEGMENTS.iter().chain(&OF_CONNECTIONS).map(|(name, _)| *name).collect()
}

/// The four-way close.
fn packets() -> Vec<Frame> {
    let script = fs::read_to_string(here("flows/close/four-way.flow")).unwrap();
    frames(&Flow::parse(&script).unwrap())
}

fn wrapped(name: &str, packets: &[Frame]) -> Vec<Frame> {
    let wrap = WRAPS.iter().find(|wrap| wrap.name == name).unwrap();
    (wrap.apply)(packets)
}
