//! Numbers in as few bits as they need, the least significant bit first, and in groups of seven bits (ULEB128): what
//! every encoding of whole numbers is made of.
//!
//! <https://parquet.apache.org/docs/file-format/data-pages/encodings/>

/// Bits of the greatest of `values`, or of all of them combined by or.
#[inline]
pub const fn width(values: u64) -> u32 {
    u64::BITS - values.leading_zeros()
}

/// Adds `values`, none of which has more than `width` bits. The last octet is filled up with zeros.
#[inline]
pub fn pack(values: impl IntoIterator<Item = u64>, width: u32, to: &mut Vec<u8>) {
    let mut word = 0;
    let mut used = 0;
    for value in values {
        word |= value << used;
        used += width;
        if used >= u64::BITS {
            to.extend_from_slice(&word.to_le_bytes());
            used -= u64::BITS;
            // What found no room; nothing where the value ended with the word.
            word = value.checked_shr(width - used).unwrap_or(0);
        }
    }
    let end = to.len() + used.div_ceil(8) as usize;
    to.extend_from_slice(&word.to_le_bytes());
    to.truncate(end);
}

/// Adds `number` by seven bits an octet.
pub fn uleb(mut number: u64, to: &mut Vec<u8>) {
    while number >= 0x80 {
        to.push(number as u8 | 0x80);
        number >>= 7;
    }
    to.push(number as u8);
}

/// Adds `number` so that a small one is short whatever its sign.
pub fn zigzag(number: i64, to: &mut Vec<u8>) {
    uleb((number << 1 ^ number >> 63).cast_unsigned(), to);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn bits_stand_where_the_format_has_them(wide: u64, width in 0..=64_u32, len in 0..70_usize) {
            let value = |place: usize| {
                wide.rotate_left(u32::try_from(place).unwrap()) & 1_u64.checked_shl(width).unwrap_or(0).wrapping_sub(1)
            };
            let mut octets = Vec::new();
            pack((0..len).map(value), width, &mut octets);
            let width = width as usize;
            prop_assert_eq!(octets.len(), (len * width).div_ceil(8));
            for bit in 0..octets.len() * 8 {
                let wanted = bit < len * width && value(bit / width) >> (bit % width) & 1 == 1;
                prop_assert_eq!(octets[bit / 8] >> (bit % 8) & 1 == 1, wanted, "bit {}", bit);
            }
        }
    }

    #[test]
    fn numbers_by_seven_bits() {
        let written = |write: fn(&mut Vec<u8>)| {
            let mut octets = Vec::new();
            write(&mut octets);
            octets
        };
        assert_eq!(written(|to| uleb(0, to)), [0]);
        assert_eq!(written(|to| uleb(300, to)), [0xac, 2]);
        assert_eq!(written(|to| zigzag(-1, to)), [1]);
        assert_eq!(written(|to| zigzag(64, to)), [0x80, 1]);
        assert_eq!(written(|to| zigzag(i64::MIN, to)), [[0xff; 9].as_slice(), &[1]].concat());
        assert_eq!([width(0), width(1), width(255), width(u64::MAX)], [0, 1, 8, 64]);
    }
}
