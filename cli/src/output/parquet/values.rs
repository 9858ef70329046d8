//! The values of a column that wait for their page, and how each type is written.
//!
//! <https://parquet.apache.org/docs/file-format/data-pages/encodings/>

use parquet::basic::Encoding;
use parquet::data_type::ByteArray;
use parquet::file::statistics::Statistics;
use serde_json::Result;

use super::schema::Storage;
use super::texts::Texts;
use super::{PAGE, bits, delta};

/// The least and the greatest value of a row group.
type Bounds<T> = Option<(T, T)>;

/// Values of one page.
#[expect(clippy::large_enum_variant, reason = "columns are few, and most have texts")]
pub enum Values {
    Truth(Vec<bool>, Bounds<bool>),
    Integer(Vec<i64>, Bounds<i64>),
    Number(Vec<f64>),
    Text(Texts),
}

impl Values {
    pub fn new(storage: Storage) -> Self {
        match storage {
            Storage::Truth => Self::Truth(Vec::new(), None),
            Storage::Integer => Self::Integer(Vec::with_capacity(PAGE), None),
            Storage::Number => Self::Number(Vec::new()),
            Storage::Text | Storage::Word => Self::Text(Texts::new()),
        }
    }

    /// How many values wait.
    pub const fn len(&self) -> usize {
        match self {
            Self::Truth(values, _) => values.len(),
            Self::Integer(values, _) => values.len(),
            Self::Number(values) => values.len(),
            Self::Text(texts) => texts.len(),
        }
    }

    /// Octets in memory.
    pub const fn octets(&self) -> usize {
        match self {
            Self::Truth(values, _) => values.len(),
            Self::Integer(values, _) => values.len() * size_of::<i64>(),
            Self::Number(values) => values.len() * size_of::<f64>(),
            Self::Text(texts) => texts.octets(),
        }
    }

    /// Adds the values as a data page has them, and says how that is. Then none wait.
    pub fn take(&mut self, to: &mut Vec<u8>) -> Encoding {
        match self {
            Self::Truth(values, bounds) => {
                extend(bounds, values);
                bits::pack(values.drain(..).map(u64::from), 1, to);
                Encoding::PLAIN
            }
            Self::Integer(values, bounds) => {
                extend(bounds, values);
                delta::encode(values, to);
                values.clear();
                Encoding::DELTA_BINARY_PACKED
            }
            Self::Number(values) => {
                to.extend(values.drain(..).flat_map(f64::to_le_bytes));
                Encoding::PLAIN
            }
            Self::Text(texts) => {
                if texts.take(to) {
                    Encoding::RLE_DICTIONARY
                } else {
                    Encoding::PLAIN
                }
            }
        }
    }

    /// Those behind the first `from`, each by a number; none if there are texts without a place.
    pub fn numbers(&self, from: usize) -> Option<Vec<i64>> {
        match self {
            Self::Truth(values, _) => Some(values[from..].iter().copied().map(i64::from).collect()),
            Self::Integer(values, _) => Some(values[from..].to_vec()),
            Self::Number(values) => {
                Some(values[from..].iter().map(|value| value.to_bits().cast_signed()).collect())
            }
            Self::Text(texts) => Some(texts.places(from)?.iter().copied().map(i64::from).collect()),
        }
    }

    /// Adds values by such numbers.
    ///
    /// # Errors
    /// When a text is too long.
    pub fn again(&mut self, numbers: impl Iterator<Item = i64>) -> Result<()> {
        match self {
            Self::Truth(values, _) => values.extend(numbers.map(|number| number != 0)),
            Self::Integer(values, _) => values.extend(numbers),
            Self::Number(values) => {
                values.extend(numbers.map(|number| f64::from_bits(number.cast_unsigned())));
            }
            Self::Text(texts) => texts.again(numbers.map(|number| number as u16))?,
        }
        Ok(())
    }

    /// The texts, of a column of texts.
    pub const fn texts(&self) -> Option<&Texts> {
        match self {
            Self::Text(texts) => Some(texts),
            Self::Truth(..) | Self::Integer(..) | Self::Number(_) => None,
        }
    }

    /// What a row group says of its values.
    pub fn statistics(&self, nulls: u64) -> Statistics {
        match self {
            Self::Truth(_, bounds) => {
                let (least, greatest) = bounds.unzip();
                Statistics::new(least, greatest, None, Some(nulls), false)
            }
            Self::Integer(_, bounds) => {
                let (least, greatest) = bounds.unzip();
                Statistics::new(least, greatest, None, Some(nulls), false)
            }
            Self::Number(_) => Statistics::new::<f64>(None, None, None, Some(nulls), false),
            Self::Text(texts) => {
                let text = |octets: &[u8]| ByteArray::from(octets.to_vec());
                let (least, greatest) = texts.bounds().unzip();
                Statistics::new(least.map(text), greatest.map(text), None, Some(nulls), false)
            }
        }
    }

    /// Another row group begins.
    pub fn renew(&mut self) {
        match self {
            Self::Truth(_, bounds) => *bounds = None,
            Self::Integer(_, bounds) => *bounds = None,
            Self::Number(_) => {}
            Self::Text(texts) => texts.renew(),
        }
    }
}

/// Lets `bounds` include `values`.
fn extend<T: Ord + Copy>(bounds: &mut Bounds<T>, values: &[T]) {
    let Some(&first) = values.first() else { return };
    let (mut least, mut greatest) = bounds.unwrap_or((first, first));
    for &value in values {
        if value < least {
            least = value;
        }
        if value > greatest {
            greatest = value;
        }
    }
    *bounds = Some((least, greatest));
}
