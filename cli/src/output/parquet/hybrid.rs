//! Small numbers, which come again and again: runs of one number by its count, all others packed in groups of eight.
//! Levels and places in a dictionary are written this way.
//!
//! <https://parquet.apache.org/docs/file-format/data-pages/encodings/#RLE>

use super::bits;

/// Numbers in a group.
const GROUP: usize = 8;

/// Adds `numbers`, none of which has more than `width` bits, which are 16 at most.
pub fn encode(numbers: &[u16], width: u32, to: &mut Vec<u8>) {
    // Numbers before `at` and from `packed` on are not written yet: no group of them is a run.
    let mut packed = 0;
    let mut at = 0;
    while let Some(group) = numbers[at..].first_chunk::<GROUP>() {
        let run = [group[0]; GROUP];
        if *group == run {
            pack(&numbers[packed..at], width, to);
            let (groups, rest) = numbers[at..].as_chunks::<GROUP>();
            let whole = groups.iter().take_while(|group| **group == run).count();
            let behind = groups[whole..].as_flattened().iter().chain(rest);
            let len = whole * GROUP + behind.take_while(|number| **number == run[0]).count();
            repeat(run[0], len, width, to);
            at += len;
            packed = at;
        } else {
            at += GROUP;
        }
    }
    pack(&numbers[packed..], width, to);
}

/// Adds a run of a number.
pub fn repeat(number: u16, len: usize, width: u32, to: &mut Vec<u8>) {
    bits::uleb((len as u64) << 1, to);
    let end = to.len() + width.div_ceil(8) as usize;
    to.extend_from_slice(&number.to_le_bytes());
    to.truncate(end);
}

/// Adds numbers in groups, of which the last is filled up with zeros.
fn pack(numbers: &[u16], width: u32, to: &mut Vec<u8>) {
    if numbers.is_empty() {
        return;
    }
    bits::uleb((numbers.len().div_ceil(GROUP) as u64) << 1 | 1, to);
    let (groups, rest) = numbers.as_chunks::<GROUP>();
    groups.iter().for_each(|group| pack_group(group, width, to));
    if !rest.is_empty() {
        let mut last = [0; GROUP];
        last[..rest.len()].copy_from_slice(rest);
        pack_group(&last, width, to);
    }
}

/// Adds one group: as many octets as a number has bits.
#[inline]
fn pack_group(group: &[u16; GROUP], width: u32, to: &mut Vec<u8>) {
    // Four numbers at a time, the last one first: 16 bits each are the most there can be.
    let half = |half: &[u16; 4]| half.iter().rev().fold(0, |bits, &number| bits << width | u64::from(number));
    let halves = group.as_chunks().0.iter().rev().map(half);
    let bits = halves.fold(0, |bits, half| bits << (4 * width) | u128::from(half));
    let end = to.len() + width as usize;
    to.extend_from_slice(&bits.to_le_bytes());
    to.truncate(end);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(numbers: &[u16], width: u32) -> Vec<u8> {
        let mut octets = Vec::new();
        encode(numbers, width, &mut octets);
        octets
    }

    /// The example of the specification.
    #[test]
    fn groups_are_packed_from_the_least_significant_bit_on() {
        assert_eq!(encoded(&[0, 1, 2, 3, 4, 5, 6, 7], 3), [0b11, 0b1000_1000, 0b1100_0110, 0b1111_1010]);
    }

    #[test]
    fn runs_go_on_beyond_their_groups() {
        assert_eq!(encoded(&[300; 11], 9), [22, 44, 1]);
        assert_eq!(encoded(&[0; 200], 0), [0x90, 3]);
        let steps = [[1; 11].as_slice(), &[0; 3], &[2]].concat();
        assert_eq!(encoded(&steps, 2), [22, 1, 3, 0b1000_0000, 0]);
        assert_eq!(encoded(&[1], 1), [3, 1]);
        assert!(encoded(&[], 1).is_empty());
    }
}
