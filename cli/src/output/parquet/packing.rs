//! Small numbers bit by bit: the hybrid of runs and packed bits in which Parquet keeps levels and places in a
//! dictionary, and the packed differences in which it keeps whole numbers.
//!
//! <https://github.com/apache/parquet-format/blob/master/Encodings.md>, RLE and DELTA_BINARY_PACKED.

use super::thrift::{signed, unsigned};

/// Values that are packed together, and the shortest run.
const EIGHT: usize = 8;

/// Differences that share their least value.
const BLOCK: usize = 128;

/// Differences that share their width.
const MINIBLOCK: usize = 32;

/// How many bits `largest` takes.
pub const fn width(largest: u64) -> u32 {
    u64::BITS - largest.leading_zeros()
}

/// Adds `values` of `width` bits, at most 32: runs where a value repeats, packed bits elsewhere. Looks at eight values
/// at a time, which is what packed bits come in.
pub fn hybrid<T: Copy + PartialEq + Into<u32>>(values: &[T], width: u32, to: &mut Vec<u8>) {
    // Where the values begin that are still to be packed, and where to look next.
    let (mut packed, mut place) = (0, 0);
    while let Some(eight @ [value, ..]) = values[place..].first_chunk::<EIGHT>() {
        // No branches between the eight.
        if !eight.iter().fold(true, |same, other| same & (other == value)) {
            place += EIGHT;
            continue;
        }
        let after = &values[place + EIGHT..];
        let run = EIGHT + after.iter().position(|other| other != value).unwrap_or(after.len());
        groups(&values[packed..place], width, to);
        unsigned((run as u64) << 1, to);
        to.extend_from_slice(&(*value).into().to_le_bytes()[..width.div_ceil(8) as usize]);
        place += run;
        packed = place;
    }
    groups(&values[packed..], width, to);
}

/// Adds whole numbers as differences from one to the next, packed.
pub fn differences(values: &[i64], to: &mut Vec<u8>) {
    unsigned(BLOCK as u64, to);
    unsigned((BLOCK / MINIBLOCK) as u64, to);
    unsigned(values.len() as u64, to);
    let (first, rest) = values.split_first().unwrap_or((&0, &[]));
    signed(*first, to);
    let mut before = *first;
    for block in rest.chunks(BLOCK) {
        let mut differences = [0; BLOCK];
        for (difference, value) in differences.iter_mut().zip(block) {
            *difference = value.wrapping_sub(before);
            before = *value;
        }
        let differences = &differences[..block.len()];
        let least = differences.iter().copied().min().unwrap_or_default();
        signed(least, to);
        let above = |difference: &i64| difference.wrapping_sub(least) as u64;
        let mut widths = [0; BLOCK / MINIBLOCK];
        for (width_of, miniblock) in widths.iter_mut().zip(differences.chunks(MINIBLOCK)) {
            *width_of = width(miniblock.iter().map(above).fold(0, |all, value| all | value));
        }
        to.extend(widths.iter().map(|width| *width as u8));
        for (width, miniblock) in widths.iter().zip(differences.chunks(MINIBLOCK)) {
            pack(miniblock.iter().map(above), MINIBLOCK, *width, to);
        }
    }
}

/// Adds packed values, and their number in groups of eight.
fn groups<T: Copy + Into<u32>>(values: &[T], width: u32, to: &mut Vec<u8>) {
    if !values.is_empty() {
        let groups = values.len().div_ceil(EIGHT);
        unsigned((groups as u64) << 1 | 1, to);
        pack(values.iter().map(|value| u64::from((*value).into())), groups * EIGHT, width, to);
    }
}

/// Adds `count` values of `width` bits, a multiple of eight; zeros for those that are lacking.
fn pack(values: impl Iterator<Item = u64>, count: usize, width: u32, to: &mut Vec<u8>) {
    let end = to.len() + count / 8 * width as usize;
    let (mut bits, mut held) = (0, 0);
    for value in values {
        bits |= value << held;
        held += width;
        if held >= u64::BITS {
            to.extend_from_slice(&bits.to_le_bytes());
            held -= u64::BITS;
            // What did not fit; nothing, if the value fitted.
            bits = value.checked_shr(width - held).unwrap_or_default();
        }
    }
    to.extend_from_slice(&bits.to_le_bytes()[..held.div_ceil(8) as usize]);
    to.resize(end, 0);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Reads what [`pack`] wrote.
    fn unpack(octets: &[u8], place: usize, width: u32) -> u64 {
        let bit = |at: usize| u64::from(octets[at / 8] >> (at % 8) & 1);
        (0..width as usize).fold(0, |value, i| value | bit(place * width as usize + i) << i)
    }

    fn number(octets: &mut &[u8]) -> u64 {
        let mut value = 0;
        for shift in (0..).step_by(7) {
            let (first, rest) = octets.split_first().unwrap();
            *octets = rest;
            value |= u64::from(first & 0x7f) << shift;
            if first & 0x80 == 0 {
                break;
            }
        }
        value
    }

    fn signed_number(octets: &mut &[u8]) -> i64 {
        let value = number(octets);
        (value >> 1) as i64 ^ -((value & 1) as i64)
    }

    fn read_hybrid(mut octets: &[u8], width: u32, count: usize) -> Vec<u32> {
        let mut values = Vec::new();
        while !octets.is_empty() {
            let head = number(&mut octets);
            let many = (head >> 1) as usize;
            if head & 1 == 0 {
                let mut value = [0; 4];
                let (run, rest) = octets.split_at(width.div_ceil(8) as usize);
                value[..run.len()].copy_from_slice(run);
                octets = rest;
                values.extend(std::iter::repeat_n(u32::from_le_bytes(value), many));
            } else {
                let (group, rest) = octets.split_at(many * width as usize);
                octets = rest;
                values.extend((0..many * 8).map(|place| unpack(group, place, width) as u32));
            }
        }
        assert!(values.len() - count < 8);
        values.truncate(count);
        values
    }

    fn read_differences(mut octets: &[u8]) -> Vec<i64> {
        assert_eq!((number(&mut octets), number(&mut octets)), (128, 4));
        let count = number(&mut octets) as usize;
        let mut value = signed_number(&mut octets);
        let mut values = vec![value];
        while values.len() < count {
            let least = signed_number(&mut octets);
            let (widths, mut rest) = octets.split_at(4);
            for width in widths {
                let (miniblock, after) = rest.split_at(4 * usize::from(*width));
                rest = after;
                for place in 0..32 {
                    let above = unpack(miniblock, place, u32::from(*width));
                    value = value.wrapping_add(least).wrapping_add(above as i64);
                    values.push(value);
                }
            }
            octets = rest;
        }
        assert!(octets.is_empty());
        values.truncate(count);
        values
    }

    proptest! {
        #[test]
        fn hybrid_comes_back(runs in prop::collection::vec((0..1000_u32, 1..30_usize), 0..40)) {
            let values: Vec<u32> =
                runs.iter().flat_map(|(value, times)| std::iter::repeat_n(*value, *times)).collect();
            let mut octets = Vec::new();
            hybrid(&values, 10, &mut octets);
            prop_assert_eq!(read_hybrid(&octets, 10, values.len()), values);
        }

        #[test]
        fn differences_come_back(
            values in prop_oneof![
                prop::collection::vec(any::<i64>(), 1..400),
                prop::collection::vec(-9..1000_i64, 1..400),
            ],
        ) {
            let mut octets = Vec::new();
            differences(&values, &mut octets);
            prop_assert_eq!(read_differences(&octets), values);
        }
    }

    #[test]
    fn a_long_run_is_two_numbers() {
        let mut octets = Vec::new();
        hybrid(&[1_u8; 100], 1, &mut octets);
        assert_eq!(octets, [200, 1, 1]);
    }

    #[test]
    fn a_run_begins_after_eight() {
        let mut octets = Vec::new();
        hybrid(&[2_u8, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1], 2, &mut octets);
        assert_eq!(octets, [3, 0b0101_0110, 0b0101_0101, 18, 1]);
    }
}
