//! Compact JSON (RFC 8259), the same octets as `serde_json` writes, for records that are mostly names.
//!
//! What makes it fast: names of fields and variants are written as they stand, since they come from source code
//! and need no escapes; text is searched for escapes many octets at a time. What is rare, escapes and fractions,
//! is left to `serde_json`. It must not know any record. It writes what a record consists of; bytes and
//! variants with fields are errors.

use std::fmt::Display;
use std::io::Write as _;
use std::mem;

use serde::ser::{self, Error as _, Impossible, Serialize};
use serde_json::{Error, Result};

/// Adds `value` to `to`.
///
/// # Errors
/// When `value` has a part that this serialiser does not write, or a key that is not text, or fails itself.
pub fn write(value: &impl Serialize, to: &mut Vec<u8>) -> Result<()> {
    value.serialize(Json { to })
}

/// A serialiser that adds to a buffer.
struct Json<'a> {
    to: &'a mut Vec<u8>,
}

impl Json<'_> {
    fn raw(self, octets: &[u8]) -> Result<()> {
        self.to.extend_from_slice(octets);
        Ok(())
    }

    /// Text that needs no escapes.
    fn quoted(self, text: &str) -> Result<()> {
        self.to.push(b'"');
        self.to.extend_from_slice(text.as_bytes());
        self.raw(b"\"")
    }

    fn integer(self, value: impl itoa::Integer) -> Result<()> {
        self.raw(itoa::Buffer::new().format(value).as_bytes())
    }
}

/// True if JSON text cannot hold `octets` as they are. Looks at all of them: that takes no branches.
fn needs_escape(octets: &[u8]) -> bool {
    octets.iter().fold(false, |found, &octet| found | (octet < b' ') | (octet == b'"') | (octet == b'\\'))
}

macro_rules! integers {
    ($($method:ident: $type:ty,)+) => {
        $(#[inline]
        fn $method(self, value: $type) -> Result<()> {
            self.integer(value)
        })+
    };
}

macro_rules! rejected {
    ($($method:ident($($argument:ty),*) -> $ok:ty: $reason:literal;)+) => {
        $(fn $method(self, $(_: $argument),*) -> Result<$ok> {
            Err(Error::custom($reason))
        })+
    };
}

impl<'a> ser::Serializer for Json<'a> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Members<'a>;
    type SerializeTuple = Members<'a>;
    type SerializeTupleStruct = Members<'a>;
    type SerializeTupleVariant = Impossible<(), Error>;
    type SerializeMap = Members<'a>;
    type SerializeStruct = Members<'a>;
    type SerializeStructVariant = Impossible<(), Error>;

    integers! {
        serialize_i8: i8,
        serialize_i16: i16,
        serialize_i32: i32,
        serialize_i64: i64,
        serialize_u8: u8,
        serialize_u16: u16,
        serialize_u32: u32,
        serialize_u64: u64,
    }

    rejected! {
        serialize_bytes(&[u8]) -> (): "a record has no bytes";
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> Self::SerializeTupleVariant:
            "a record has no variants with values";
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> Self::SerializeStructVariant:
            "a record has no variants with values";
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
        _value: &T,
    ) -> Result<()> {
        Err(Error::custom("a record has no variants with values"))
    }

    fn serialize_bool(self, value: bool) -> Result<()> {
        self.raw(if value { b"true" } else { b"false" })
    }

    fn serialize_f32(self, value: f32) -> Result<()> {
        serde_json::to_writer(self.to, &value)
    }

    fn serialize_f64(self, value: f64) -> Result<()> {
        serde_json::to_writer(self.to, &value)
    }

    fn serialize_char(self, value: char) -> Result<()> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result<()> {
        if needs_escape(value.as_bytes()) {
            return serde_json::to_writer(self.to, value);
        }
        self.quoted(value)
    }

    fn collect_str<T: Display + ?Sized>(self, value: &T) -> Result<()> {
        let start = self.to.len();
        write!(self.to, "\"{value}").map_err(Error::io)?;
        if needs_escape(&self.to[start + 1..]) {
            self.to.truncate(start);
            return self.serialize_str(&value.to_string());
        }
        self.raw(b"\"")
    }

    fn serialize_none(self) -> Result<()> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<()> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<()> {
        self.raw(b"null")
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Result<()> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _name: &'static str, _index: u32, variant: &'static str) -> Result<()> {
        self.quoted(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _name: &'static str, value: &T) -> Result<()> {
        value.serialize(self)
    }

    fn serialize_seq(self, _len: Option<usize>) -> Result<Members<'a>> {
        Ok(Members::open(self.to, b'['))
    }

    fn serialize_tuple(self, _len: usize) -> Result<Members<'a>> {
        Ok(Members::open(self.to, b'['))
    }

    fn serialize_tuple_struct(self, _name: &'static str, _len: usize) -> Result<Members<'a>> {
        Ok(Members::open(self.to, b'['))
    }

    fn serialize_map(self, _len: Option<usize>) -> Result<Members<'a>> {
        Ok(Members::open(self.to, b'{'))
    }

    fn serialize_struct(self, _name: &'static str, _len: usize) -> Result<Members<'a>> {
        Ok(Members::open(self.to, b'{'))
    }
}

/// The members of a list or an object.
struct Members<'a> {
    to: &'a mut Vec<u8>,
    /// What comes before the next member: the opening bracket or a comma.
    separator: u8,
}

impl<'a> Members<'a> {
    const fn open(to: &'a mut Vec<u8>, bracket: u8) -> Self {
        Self { to, separator: bracket }
    }

    /// What comes before the next member.
    #[inline(always)]
    const fn separator(&mut self) -> u8 {
        mem::replace(&mut self.separator, b',')
    }

    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        let separator = self.separator();
        self.to.push(separator);
        value.serialize(Json { to: self.to })
    }

    #[inline(always)]
    fn close(mut self, bracket: u8) -> Result<()> {
        match self.separator() {
            b',' => self.to.push(bracket),
            open => self.to.extend_from_slice(&[open, bracket]),
        }
        Ok(())
    }
}

/// Keys up to this length are put together before they are added.
const LONGEST_KEY: usize = 36;

impl ser::SerializeStruct for Members<'_> {
    type Ok = ();
    type Error = Error;

    // Inlined, so that the key is a constant. Put together first, it costs one look at the buffer's capacity and
    // a few stores.
    #[inline(always)]
    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<()> {
        let separator = self.separator();
        let mut name = [b'"'; LONGEST_KEY + 4];
        let end = 2 + key.len();
        if key.len() <= LONGEST_KEY {
            name[0] = separator;
            name[2..end].copy_from_slice(key.as_bytes());
            name[end + 1] = b':';
            self.to.extend_from_slice(&name[..end + 2]);
        } else {
            self.to.extend_from_slice(&[separator, b'"']);
            self.to.extend_from_slice(key.as_bytes());
            self.to.extend_from_slice(b"\":");
        }
        value.serialize(Json { to: self.to })
    }

    fn end(self) -> Result<()> {
        self.close(b'}')
    }
}

impl ser::SerializeMap for Members<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<()> {
        let separator = self.separator();
        self.to.push(separator);
        let start = self.to.len();
        key.serialize(Json { to: self.to })?;
        if self.to.get(start) != Some(&b'"') {
            return Err(Error::custom("a key of a record is text"));
        }
        self.to.push(b':');
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        value.serialize(Json { to: self.to })
    }

    fn end(self) -> Result<()> {
        self.close(b'}')
    }
}

macro_rules! lists {
    ($($trait:ident::$method:ident,)+) => {
        $(impl ser::$trait for Members<'_> {
            type Ok = ();
            type Error = Error;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
                self.element(value)
            }

            fn end(self) -> Result<()> {
                self.close(b']')
            }
        })+
    };
}

lists! {
    SerializeSeq::serialize_element,
    SerializeTuple::serialize_element,
    SerializeTupleStruct::serialize_field,
}

#[cfg(test)]
mod tests;
