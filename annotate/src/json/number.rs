//! Numbers: eight digits at a time, without a loop and without a table.

use serde::{Serialize, Serializer};

use crate::json::{Json, Room};

const FOUR_DIGITS: u64 = 10_000;
const EIGHT_DIGITS: u64 = 100_000_000;
const NINE_DIGITS: u64 = 1_000_000_000;

impl Room<'_> {
    /// Adds a whole number.
    #[inline]
    pub fn number(self, number: u64) -> Self {
        if number < FOUR_DIGITS {
            self.at_most_four(number)
        } else if number < EIGHT_DIGITS {
            self.at_most_eight(number)
        } else {
            self.long(number)
        }
    }

    /// Adds a number of more than eight digits.
    #[inline(never)]
    fn long(self, number: u64) -> Self {
        let (high, low) = (number / EIGHT_DIGITS, number % EIGHT_DIGITS);
        if high < FOUR_DIGITS {
            self.at_most_four(high).eight(low)
        } else if high < EIGHT_DIGITS {
            self.at_most_eight(high).eight(low)
        } else {
            self.at_most_four(high / EIGHT_DIGITS).sixteen(high % EIGHT_DIGITS, low)
        }
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

    /// Adds two numbers as exactly eight digits each.
    #[inline(always)]
    fn sixteen(self, high: u64, low: u64) -> Self {
        let digits = u128::from(eight_digits(high) | ASCII) | u128::from(eight_digits(low) | ASCII) << 64;
        self.put(&digits.to_le_bytes())
    }

    /// Adds a number as exactly nine digits.
    #[inline(always)]
    fn nine(self, number: u64) -> Self {
        let digits = u128::from(u64::from(b'0') + number / EIGHT_DIGITS)
            | u128::from(eight_digits(number % EIGHT_DIGITS) | ASCII) << 8;
        self.block(digits.to_le_bytes(), 9)
    }
}

/// What numbers that are near each other begin with: all but the last nine digits of one of them, written out once.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Beginning {
    billions: u64,
    text: [u8; 16],
    len: u8,
}

impl Beginning {
    /// That of `number`, if it is not negative and has more than nine digits.
    pub fn of(number: i64) -> Option<Self> {
        let billions = u64::try_from(number).ok()? / NINE_DIGITS;
        let mut text = [0; 16];
        let left = Room::new(&mut text).number(billions).left();
        (billions > 0).then_some(Self { billions, text, len: 16 - left as u8 })
    }
}

/// A number that may begin as others do.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Near<'a> {
    /// The number.
    pub number: i64,
    /// What others begin with.
    pub beginning: &'a Option<Beginning>,
}

impl Serialize for Near<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.number.serialize(serializer)
    }
}

impl Json for Near<'_> {
    #[inline]
    fn json<'to>(&self, to: Room<'to>) -> Room<'to> {
        let number = self.number.cast_unsigned();
        match self.beginning {
            Some(Beginning { billions, text, len }) if number / NINE_DIGITS == *billions => {
                to.block(*text, usize::from(*len)).nine(number % NINE_DIGITS)
            }
            Some(_) | None => self.number.json(to),
        }
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

whole_numbers!(u8, u16, u64);

impl Json for u32 {
    #[inline(always)]
    fn json<'to>(&self, to: Room<'to>) -> Room<'to> {
        let number = u64::from(*self);
        if number < EIGHT_DIGITS {
            to.number(number)
        } else {
            to.at_most_four(number / EIGHT_DIGITS).eight(number % EIGHT_DIGITS)
        }
    }
}

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
