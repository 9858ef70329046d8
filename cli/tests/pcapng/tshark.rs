//! What tshark reads of captures.

use std::collections::BTreeMap;
use std::process::Command;

/// Between the comments of a packet. None of ours holds it.
const SEPARATOR: char = '|';

/// Octets that cannot be in a field, between fields.
const TAB: char = '\t';

/// The comments of each packet, by its number.
pub fn comments(path: &str) -> BTreeMap<u64, Vec<String>> {
    let packets = fields(path, &["frame.number", "frame.comment"]).into_iter().map(|fields| {
        let said = fields[1].split(SEPARATOR).filter(|comment| !comment.is_empty()).map(unescaped);
        (fields[0].parse().unwrap(), said.collect())
    });
    packets.collect()
}

/// Fields of each packet.
pub fn fields(path: &str, fields: &[&str]) -> Vec<Vec<String>> {
    let aggregator = format!("aggregator={SEPARATOR}");
    let mut command = Command::new("tshark");
    command.args(["-n", "-r", path, "-T", "fields", "-E", &aggregator, "-o", "frame.generate_md5_hash:TRUE"]);
    fields.iter().for_each(|field| {
        command.args(["-e", field]);
    });
    // Its exit code tells of damage, which is no matter here.
    let output = command.output().expect("tshark starts (apt-get install tshark)");
    let text = String::from_utf8_lossy(&output.stdout);
    text.lines().map(|line| line.split(TAB).map(str::to_owned).collect()).collect()
}

/// The comment of the section of a copy, as it is stored: no program prints its line breaks.
pub fn head(copy: &[u8]) -> String {
    let start = copy.windows(9).position(|octets| octets == b"Annotated").unwrap();
    let length = usize::from(u16::from_le_bytes([copy[start - 2], copy[start - 1]]));
    String::from_utf8(copy[start..start + length].to_vec()).unwrap()
}

/// What tshark wrote with escape sequences of C.
fn unescaped(text: &str) -> String {
    text.replace("\\\\", "\\")
}
