//! What the outputs of a batch are called: as the input, with the ending of the format in place of that of a compression. So
//! what is made of a file once it is compressed replaces what was made before.
//!
//! Where inputs in different directories have the same name, so much of their directories is put before it that no
//! two are the same. What would be too long for a file system is cut, and has a hash of the whole instead. Names depend on
//! the names of all inputs and nothing else.

use std::collections::{HashMap, HashSet};
use std::path::{Component, Path};

use sha2::{Digest, Sha256};

use crate::archive::uncompressed;

/// What standard input is called.
const STDIN: &str = "stdin";

/// So many octets has the longest name of an output. File systems take 255, and what a checkpoint is called while it is
/// written is longer by up to 46.
const MOST: usize = 255 - 46;

/// The name of the output for a series that begins with the input of each of `names`.
#[must_use]
pub fn names(names: &[String], ending: &str) -> Vec<String> {
    let parts = shortened(names);
    let mut depths = vec![1; names.len()];
    loop {
        let labels: Vec<_> = parts.iter().zip(&depths).map(|(parts, &depth)| label(parts, depth)).collect();
        let mut counts: HashMap<&str, usize> = HashMap::new();
        for label in &labels {
            *counts.entry(label).or_default() += 1;
        }
        let mut is_final = true;
        for ((label, parts), depth) in labels.iter().zip(&parts).zip(&mut depths) {
            if counts[label.as_str()] > 1 && *depth < parts.len() {
                *depth += 1;
                is_final = false;
            }
        }
        if is_final {
            return numbered(labels, ending);
        }
    }
}

/// The parts of each name, without the ending of a compression. It stays where something else would be called the same, such
/// as a file that is just being compressed.
fn shortened(names: &[String]) -> Vec<Vec<String>> {
    let without = |name: &str| {
        let mut parts = parts(name);
        if let Some(last) = parts.first_mut() {
            let stem = uncompressed(last);
            if !stem.is_empty() {
                *last = stem.to_owned();
            }
        }
        parts
    };
    let mut counts: HashMap<Vec<String>, usize> = HashMap::new();
    for name in names.iter().collect::<HashSet<_>>() {
        *counts.entry(without(name)).or_default() += 1;
    }
    let all = names.iter().map(|name| {
        let short = without(name);
        if counts[&short] == 1 { short } else { parts(name) }
    });
    all.collect()
}

/// Directories and name, from the last on.
fn parts(name: &str) -> Vec<String> {
    if name == "-" {
        return vec![STDIN.to_owned()];
    }
    let normal = Path::new(name).components().rev().filter_map(|component| match component {
        Component::Normal(part) => Some(part.to_string_lossy().into_owned()),
        Component::ParentDir => Some("up".to_owned()),
        Component::CurDir | Component::RootDir | Component::Prefix(_) => None,
    });
    normal.collect()
}

fn label(parts: &[String], depth: usize) -> String {
    let mut parts: Vec<_> = parts.iter().take(depth).map(String::as_str).collect();
    parts.reverse();
    parts.join("_")
}

/// Adds the ending, and a number to what is the same nevertheless, such as an input that was given twice. That gives none
/// the name of another one.
fn numbered(labels: Vec<String>, ending: &str) -> Vec<String> {
    let most = MOST - ".".len() - ending.len();
    let labels: Vec<_> = labels.into_iter().map(|label| cut(label, most)).collect();
    let mut taken: HashSet<String> = labels.iter().cloned().collect();
    let mut counts: HashMap<&str, usize> = HashMap::new();
    let numbered = labels.iter().map(|label| {
        let count = counts.entry(label).or_default();
        loop {
            *count += 1;
            if *count == 1 {
                return format!("{label}.{ending}");
            }
            let numbered = cut(format!("{label}-{count}"), most);
            if taken.insert(numbered.clone()) {
                return format!("{numbered}.{ending}");
            }
        }
    });
    numbered.collect()
}

/// The label, if it has at most so many octets; else its beginning and a hash, since long names often differ at their ends.
fn cut(label: String, most: usize) -> String {
    if label.len() <= most {
        return label;
    }
    let hash =
        Sha256::digest(&label).iter().take(8).fold(0, |hash: u64, octet| hash << 8 | u64::from(*octet));
    let hash = format!("-{hash:016x}");
    let end = label.floor_char_boundary(most - hash.len());
    label[..end].to_owned() + &hash
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::path::Path;

    use proptest::prelude::*;

    use super::super::checkpoint;
    use super::MOST;
    use crate::output;

    fn names(inputs: &[&str]) -> Vec<String> {
        super::names(&inputs.iter().map(|&name| name.to_owned()).collect::<Vec<_>>(), "csv")
    }

    #[test]
    fn outputs_are_called_as_their_inputs() {
        assert_eq!(names(&["/archive/x.pcap.gz", "y", "-"]), ["x.pcap.csv", "y.csv", "stdin.csv"]);
    }

    #[test]
    fn a_compression_changes_no_name_unless_it_must() {
        assert_eq!(names(&["a/x.zst", "b/x", "y.gz", "y.gz"]), ["a_x.csv", "b_x.csv", "y.csv", "y-2.csv"]);
        assert_eq!(names(&["a/x", "a/x.gz", "a/x.xz"]), ["x.csv", "x.gz.csv", "x.xz.csv"]);
        assert_eq!(names(&["a/.gz", "a/...gz"]), [".gz.csv", "...csv"]);
    }

    #[test]
    fn directories_tell_equal_names_apart() {
        let inputs = ["a/b/x.pcap", "a/c/x.pcap", "d/c/x.pcap", "a/c/y.pcap"];
        assert_eq!(names(&inputs), ["b_x.pcap.csv", "a_c_x.pcap.csv", "d_c_x.pcap.csv", "y.pcap.csv"]);
        assert_eq!(names(&["../x", "x"]), ["up_x.csv", "x.csv"]);
    }

    #[test]
    fn a_number_tells_equal_inputs_apart() {
        assert_eq!(names(&["a/x", "a/x", "x"]), ["a_x.csv", "a_x-2.csv", "x.csv"]);
    }

    #[test]
    fn a_number_takes_no_name_of_another_input() {
        assert_eq!(names(&["x", "x", "x-2"]), ["x.csv", "x-3.csv", "x-2.csv"]);
        assert_eq!(names(&["x-2", "x", "x-2", "x"]), ["x-2.csv", "x.csv", "x-2-2.csv", "x-3.csv"]);
    }

    proptest! {
        #[test]
        fn no_two_outputs_have_the_same_name(
            inputs in prop::collection::vec("([ab]/){0,2}[ab](_[ab]){0,1}(-[23]){0,2}(x{220}){0,1}(\\.gz){0,2}", 0..12),
        ) {
            let outputs = super::names(&inputs, "csv");
            prop_assert_eq!(outputs.iter().collect::<HashSet<_>>().len(), inputs.len(), "{:?}", outputs);
        }
    }

    #[test]
    fn long_names_are_cut_and_stay_different() {
        let fits = "x".repeat(MOST - ".csv".len());
        assert_eq!(names(&[&fits]), [format!("{fits}.csv")]);
        // Characters of two and three octets; three that differ at their ends, and one given twice.
        let long = format!("{}{}", "é".repeat(60), "网".repeat(40));
        let inputs = [format!("{long}1"), format!("{long}2"), format!("x{long}"), format!("{long}1")];
        let cut = names(&inputs.each_ref().map(String::as_str));
        assert_eq!(cut[1], names(&[&inputs[1]])[0], "whatever else there is");
        for (number, name) in cut.iter().enumerate() {
            assert!(name.starts_with("éé") || name.starts_with("xé"), "{name}");
            assert!((MOST - 2..=MOST).contains(&name.len()), "{name}");
            assert!(!cut[..number].contains(name), "{name}");
        }
    }

    #[test]
    fn the_longest_name_leaves_room_for_those_of_other_files() {
        let checkpoint = checkpoint::name_at_end(&"x".repeat(MOST), u64::MAX);
        assert_eq!(output::incomplete(Path::new(&checkpoint)).as_os_str().len(), 255);
    }
}
