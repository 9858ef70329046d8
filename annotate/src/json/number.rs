//! Numbers: eight digits at a time, without a loop and without a table.

use crate::json::{Json, Room};

const FOUR_DIGITS: u64 = 10_000;
const EIGHT_DIGITS: u64 = 100_000_000;

impl Room<'_> {
    /// Adds a whole number.
    #[inline]
    pub fn number(self, number: u64) -> Self {
        if number < EIGHT_DIGITS { self.at_most_eight(number) } else { self.long(number) }
    }

    /// Adds a number of more than eight digits.
    #[inline(never)]
    fn long(self, number: u64) -> Self {
        let (high, low) = (number / EIGHT_DIGITS, number % EIGHT_DIGITS);
        let to = if high < FOUR_DIGITS {
            self.at_most_four(high)
        } else if high < EIGHT_DIGITS {
            self.at_most_eight(high)
        } else {
            self.at_most_four(high / EIGHT_DIGITS).eight(high % EIGHT_DIGITS)
        };
        to.eight(low)
    }

    #[inline(always)]
    fn at_most_four(self, number: u64) -> Self {
        let digits = four_digits(number) as u32;
        let zeros = leading_zeros(digits.into(), 4);
        self.block(((digits | ASCII as u32) >> (8 * zeros)).to_le_bytes(), 4 - zeros)
    }

    #[inline(always)]
    fn at_most_eight(self, number: u64) -> Self {
        let digits = eight_digits(number);
        let zeros = leading_zeros(digits, 8);
        self.block(((digits | ASCII) >> (8 * zeros)).to_le_bytes(), 8 - zeros)
    }

    /// Adds a number as exactly eight digits.
    #[inline(always)]
    fn eight(self, number: u64) -> Self {
        self.put(&(eight_digits(number) | ASCII).to_le_bytes())
    }
}

/// Turns digits into characters.
const ASCII: u64 = 0x3030_3030_3030_3030;

/// The eight digits of a number, the first in the lowest octet.
#[inline(always)]
const fn eight_digits(number: u64) -> u64 {
    four_digits((number / FOUR_DIGITS) | ((number % FOUR_DIGITS) << 32))
}

/// The four digits of a number, or of each of two that are 32 bits apart; the first in the lowest octet. Each step
/// halves all parts at once.
#[inline(always)]
const fn four_digits(fours: u64) -> u64 {
    // Divided by 100: 10486 / 2^20 is just above 1 / 100, near enough for four digits.
    let high = (fours * 10_486) >> 20 & 0x0000_007f_0000_007f;
    let twos = high | (fours - high * 100) << 16;
    // Divided by 10: 103 / 2^10 is just above 1 / 10, near enough for two digits.
    let high = (twos * 103) >> 10 & 0x000f_000f_000f_000f;
    high | (twos - high * 10) << 8
}

/// How many of the `len` digits are zeros at the beginning. The last digit stands even if it is zero.
#[inline(always)]
const fn leading_zeros(digits: u64, len: usize) -> usize {
    (digits | 1 << (8 * (len - 1))).trailing_zeros() as usize / 8
}

macro_rules! whole_numbers {
    ($($type:ty),+) => {
        $(impl Json for $type {
            #[inline(always)]
            fn json<'to>(&self, to: Room<'to>) -> Room<'to> {
                to.number(u64::from(*self))
            }
        })+
    };
}

whole_numbers!(u8, u16, u32, u64);

impl Json for i64 {
    #[inline(always)]
    fn json<'to>(&self, to: Room<'to>) -> Room<'to> {
        let to = if *self < 0 { to.put(b"-") } else { to };
        to.number(self.unsigned_abs())
    }
}

impl Json for f64 {
    fn json<'to>(&self, to: Room<'to>) -> Room<'to> {
        if self.is_finite() {
            to.put(zmij::Buffer::new().format_finite(*self).as_bytes())
        } else {
            to.put(b"null")
        }
    }
}
