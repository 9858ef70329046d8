//! Numbers: three digits at a time, from a table, and six of them a block.

use serde::{Serialize, Serializer};

use crate::json::{Constant, Json, Room};

const THOUSAND: u64 = 1_000;
const MILLION: u64 = 1_000_000;
const TRILLION: u64 = 1_000_000_000_000;

impl Room<'_> {
    /// Adds a whole number.
    #[inline(always)]
    pub fn number(self, number: u64) -> Self {
        if number < MILLION { self.at_most_six(number) } else { self.long(number) }
    }

    #[inline(never)]
    fn long(self, number: u64) -> Self {
        match number / TRILLION {
            0 => self.at_most_twelve(number),
            trillions => self.at_most_twelve(trillions).twelve(number % TRILLION),
        }
    }

    #[inline(always)]
    fn at_most_six(self, number: u64) -> Self {
        let digits = six_digits(number);
        let zeros = leading_zeros(digits);
        self.block((digits >> (8 * zeros)).to_le_bytes(), 6 - zeros)
    }

    #[inline(always)]
    fn at_most_twelve(self, number: u64) -> Self {
        if number < MILLION {
            self.at_most_six(number)
        } else {
            let [high, low] = [number / MILLION, number % MILLION].map(six_digits);
            let zeros = leading_zeros(high);
            self.space(|to: &mut [u8; 16]| {
                let len = 6 - zeros;
                to[..8].copy_from_slice(&(high >> (8 * zeros)).to_le_bytes());
                to[len..len + 8].copy_from_slice(&low.to_le_bytes());
                len + 6
            })
        }
    }

    /// Adds a number as exactly six digits.
    #[inline(always)]
    fn six(self, number: u64) -> Self {
        self.block(six_digits(number).to_le_bytes(), 6)
    }

    /// Adds a number as exactly twelve digits.
    #[inline(always)]
    fn twelve(self, number: u64) -> Self {
        self.six(number / MILLION).six(number % MILLION)
    }

    /// Adds a number by what it begins with, and its last twelve digits.
    #[inline(always)]
    fn begun(self, Beginning { text, len, .. }: &Beginning, rest: u64) -> Self {
        let [high, low] = [rest / MILLION, rest % MILLION].map(|six| six_digits(six).to_le_bytes());
        self.space(|to: &mut [u8; 24]| {
            let len = usize::from(len % 8);
            to[..8].copy_from_slice(text);
            to[len..len + 8].copy_from_slice(&high);
            to[len + 6..len + 14].copy_from_slice(&low);
            len + 12
        })
    }

    /// Adds a number with text before and behind it, each of which is short.
    #[inline(always)]
    pub fn number_in(self, before: &Constant<32>, number: u64, behind: &Constant<24>) -> Self {
        if number >= MILLION {
            return behind.copy(before.copy(self).long(number));
        }
        let digits = six_digits(number);
        let zeros = leading_zeros(digits);
        let digits = (digits >> (8 * zeros)).to_le_bytes();
        self.space(|to: &mut [u8; 32 + 6 + 24]| {
            let start = before.copy_into(to);
            let end = start + 6 - zeros;
            to[start..start + 8].copy_from_slice(&digits);
            end + behind.copy_into(&mut to[end..])
        })
    }

    /// Adds a number with an octet before and one behind it.
    #[inline(always)]
    pub fn number_between(self, before: u8, number: u16, behind: u8) -> Self {
        let digits = six_digits(number.into());
        let zeros = leading_zeros(digits);
        let text = ((digits | u64::from(behind) << 48) >> (8 * zeros) << 8) | u64::from(before);
        self.block(text.to_le_bytes(), 8 - zeros)
    }
}

/// What numbers that are near each other begin with: all but the last twelve digits of one of them, written out once.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Beginning {
    /// The number without its last twelve digits.
    number: u64,
    text: [u8; 8],
    len: u8,
}

impl Beginning {
    /// That of `number`, if it is not negative and has more than twelve digits.
    pub fn of(number: i64) -> Option<Self> {
        let trillions = u64::try_from(number).ok()? / TRILLION;
        let mut text = [0; 16];
        let left = Room::new(&mut text).at_most_twelve(trillions).left();
        let number = trillions * TRILLION;
        (trillions > 0).then_some(Self { number, text: *text.first_chunk()?, len: 16 - left as u8 })
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
        if let Some(beginning) = self.beginning {
            let rest = self.number.cast_unsigned().wrapping_sub(beginning.number);
            if rest < TRILLION {
                return to.begun(beginning, rest);
            }
        }
        self.number.json(to)
    }
}

/// The characters of the three digits of each number, the first in the lowest octet.
static THREE_DIGITS: [u32; THOUSAND as usize] = {
    let mut digits = [0; THOUSAND as usize];
    let mut number = 0;
    while number < digits.len() {
        let [hundreds, tens, ones] = [number / 100, number / 10 % 10, number % 10];
        digits[number] = 0x0030_3030 | (hundreds | tens << 8 | ones << 16) as u32;
        number += 1;
    }
    digits
};

/// The characters of six digits, the first in the lowest octet.
#[inline(always)]
fn six_digits(number: u64) -> u64 {
    let [high, low] = [number / THOUSAND, number % THOUSAND].map(|three| THREE_DIGITS[three as usize]);
    u64::from(high) | u64::from(low) << 24
}

/// How many of six digits are zeros at the beginning. The last digit stands even if it is zero.
#[inline(always)]
const fn leading_zeros(digits: u64) -> usize {
    (digits & 0x0f0f_0f0f_0f0f | 1 << 40).trailing_zeros() as usize / 8
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
        to.at_most_twelve(u64::from(*self))
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
