//! What the names of files tell about rotated captures: the same name, with other numbers in it.
//!
//! tcpdump counts (`x.pcap`, `x.pcap1`), or puts the time into the name; dumpcap does both
//! (`x_00001_20240101120000.pcap`). Names only help to choose: a series is recognised by its content.

use std::cmp::Ordering;

/// Endings that compressors add; a rotated file may be compressed after its successor was begun.
const COMPRESSED: [&str; 5] = [".gz", ".zst", ".xz", ".lz4", ".zstd"];

/// How strftime writes months and days out, and the half of a day: the first letters of each, or all.
const CALENDAR: [&str; 21] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "am",
    "pm",
];

/// The name without the ending of a compression.
#[must_use]
pub fn uncompressed(name: &str) -> &str {
    COMPRESSED.iter().find_map(|ending| name.strip_suffix(ending)).unwrap_or(name)
}

/// A name, split into its numbers and what is between them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// The name without its numbers.
    stem: String,
    /// Each run of digits, without leading zeros, and each word of the calendar.
    numbers: Vec<String>,
    whole: String,
}

impl Name {
    /// Splits the name of a file.
    #[must_use]
    pub fn new(whole: &str) -> Self {
        let shown = uncompressed(whole);
        let (mut stem, mut numbers) = (String::new(), Vec::new());
        for run in runs(shown) {
            if run.starts_with(|c: char| c.is_ascii_digit()) {
                numbers.push(run.trim_start_matches('0').to_owned());
            } else if is_of_calendar(run) {
                numbers.push(run.to_owned());
            } else {
                stem.push_str(run);
            }
        }
        Self { stem, numbers, whole: whole.to_owned() }
    }

    /// The name without its numbers.
    #[must_use]
    pub fn stem(&self) -> &str {
        &self.stem
    }

    /// How many numbers differ, if the two differ in numbers only. Between successors few do: `eth0-01` is followed by
    /// `eth0-02`, not by `eth1-02`.
    #[must_use]
    pub fn distance(&self, other: &Self) -> Option<usize> {
        let (one, other_numbers) = (&self.numbers, &other.numbers);
        let differing = one.iter().zip(other_numbers).filter(|(one, other)| one != other).count();
        let distance = differing + one.len().abs_diff(other_numbers.len());
        (self.stem == other.stem && distance > 0).then_some(distance)
    }
}

impl Ord for Name {
    /// By stem, then by number, so that 9 comes before 10.
    fn cmp(&self, other: &Self) -> Ordering {
        let numeric = |number: &String| (number.len(), number.clone());
        self.stem
            .cmp(&other.stem)
            .then_with(|| self.numbers.iter().map(numeric).cmp(other.numbers.iter().map(numeric)))
            .then_with(|| self.whole.cmp(&other.whole))
    }
}

impl PartialOrd for Name {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The runs of digits, of letters, and of all else.
fn runs(text: &str) -> impl Iterator<Item = &str> {
    let kind = |octet: u8| (octet.is_ascii_digit(), octet.is_ascii_alphabetic());
    // Between octets of different kinds one is ASCII, so that no character is cut.
    text.as_bytes().chunk_by(move |&one, &other| kind(one) == kind(other)).scan(0, |start, run| {
        let from = *start;
        *start += run.len();
        text.get(from..*start)
    })
}

fn is_of_calendar(run: &str) -> bool {
    let run = run.to_ascii_lowercase();
    CALENDAR.iter().any(|word| run == *word || word.len() > 3 && run == word[..3])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn distance(one: &str, other: &str) -> Option<usize> {
        Name::new(one).distance(&Name::new(other))
    }

    #[test]
    fn what_rotation_makes_is_distance() {
        assert_eq!(distance("x.pcap", "x.pcap1"), Some(1));
        assert_eq!(distance("x.pcap9.gz", "x.pcap10"), Some(1));
        assert_eq!(distance("2024-01-31.pcap", "2024-02-01.pcap"), Some(2));
        assert_eq!(distance("x_00001_20240101120000.pcapng", "x_00002_20240101121000.pcapng"), Some(2));
        assert_eq!(distance("eth0-01.pcap", "eth1-02.pcap"), Some(2));
        assert_eq!(distance("Mon-Jan-31.pcap", "Tue-February-01.pcap"), Some(3));
        assert_eq!(distance("überwachung-1", "überwachung-2"), Some(1));
    }

    #[test]
    fn other_names_and_the_same_name_are_not() {
        assert_eq!(distance("client.pcap", "server.pcap"), None);
        assert_eq!(distance("monitor.pcap", "friends.pcap"), None);
        assert_eq!(distance("a/1.pcap", "b/2.pcap"), None);
        assert_eq!(distance("x1.pcap", "x1.pcap"), None);
        assert_eq!(distance("x1.pcap", "x1.pcap.zst"), None);
        assert_eq!(distance("x1.pcap", "x01.pcap"), None);
    }

    #[test]
    fn numbers_are_ordered_by_value() {
        let mut names = ["x.pcap10", "x.pcap", "x.pcap9", "a.pcap11"].map(Name::new);
        names.sort();
        assert_eq!(names.map(|name| name.whole), ["a.pcap11", "x.pcap", "x.pcap9", "x.pcap10"]);
    }
}
