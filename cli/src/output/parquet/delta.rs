//! Whole numbers by their differences, each block of them packed in as few bits as the greatest needs.
//!
//! <https://parquet.apache.org/docs/file-format/data-pages/encodings/#DELTAENC>

use super::bits;

/// Differences of a block, which has a least one of its own.
const BLOCK: usize = 256;
/// Differences that have a width of their own.
const PART: usize = 64;

/// Adds `numbers`.
pub fn encode(numbers: &[i64], to: &mut Vec<u8>) {
    bits::uleb(BLOCK as u64, to);
    bits::uleb((BLOCK / PART) as u64, to);
    bits::uleb(numbers.len() as u64, to);
    bits::zigzag(numbers.first().copied().unwrap_or(0), to);
    let mut differences = [0; BLOCK];
    // The first of each block ends the one before, too.
    let mut rest = numbers;
    while rest.len() > 1 {
        let next = rest.len().min(BLOCK + 1);
        let differences = &mut differences[..next - 1];
        for (difference, pair) in differences.iter_mut().zip(rest[..next].windows(2)) {
            *difference = pair[1].wrapping_sub(pair[0]);
        }
        block(differences, to);
        rest = &rest[next - 1..];
    }
}

fn block(differences: &[i64], to: &mut Vec<u8>) {
    let mut least = i64::MAX;
    // Smaller ones are few. A search for the next one is quicker than what compilers make of a minimum.
    let mut rest = differences.iter();
    while let Some(&less) = rest.find(|&&difference| difference < least) {
        least = less;
    }
    let above = |difference: &i64| difference.wrapping_sub(least).cast_unsigned();
    bits::zigzag(least, to);
    let mut widths = [0; BLOCK / PART];
    for (width, part) in widths.iter_mut().zip(differences.chunks(PART)) {
        *width = bits::width(part.iter().map(above).fold(0, |bits, difference| bits | difference));
    }
    to.extend(widths.map(|width| width as u8));
    for (width, part) in widths.into_iter().zip(differences.chunks(PART)) {
        if width > 0 {
            let end = to.len() + PART * width as usize / 8;
            bits::pack(part.iter().map(above), width, to);
            // A part is complete even if its numbers are not.
            to.resize(end, 0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(numbers: &[i64]) -> Vec<u8> {
        let mut octets = Vec::new();
        encode(numbers, &mut octets);
        octets
    }

    /// The examples of the specification, in larger blocks.
    #[test]
    fn differences_are_packed_above_the_least() {
        assert_eq!(encoded(&[1, 2, 3, 4, 5]), [128, 2, 4, 5, 2, 2, 0, 0, 0, 0]);
        let packed = [0b1100_0000, 0b0011_1111];
        let head = [128, 2, 4, 8, 14, 3, 2, 0, 0, 0];
        assert_eq!(encoded(&[7, 5, 3, 1, 2, 3, 4, 5]), [&head[..], &packed, &[0; 14]].concat());
    }

    #[test]
    fn nothing_and_one_number_have_no_block() {
        assert_eq!(encoded(&[]), [128, 2, 4, 0, 0]);
        assert_eq!(encoded(&[-3]), [128, 2, 4, 1, 5]);
    }
}
