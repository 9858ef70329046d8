//! The compact form of a value: a few whole numbers, from which its text follows.
//!
//! They are put together in registers. What is written octet by octet and then read in words has to wait until all of
//! it is written.

use std::fmt::Error;

use serde::ser::{Impossible, Serialize, SerializeTuple, Serializer};

/// The numbers; those that are missing are 0.
pub type Key = (u64, u64, u64);

/// The key of `value`, if its compact form is one whole number, or up to three.
#[inline(always)]
pub fn of(value: &(impl Serialize + ?Sized)) -> Option<Key> {
    value.serialize(Numbers::default()).ok()
}

/// Takes the numbers.
#[derive(Default)]
struct Numbers {
    numbers: [u64; 3],
    /// How many of them have come.
    len: usize,
}

macro_rules! rejected {
    ($($method:ident($($argument:ty),*) -> $ok:ty;)+) => {
        $(fn $method(self, $(_: $argument),*) -> Result<$ok, Error> {
            Err(Error)
        })+
    };
}

macro_rules! rejected_around {
    ($($method:ident($($argument:ty),*);)+) => {
        $(fn $method<T: Serialize + ?Sized>(self, $(_: $argument,)* _: &T) -> Result<Key, Error> {
            Err(Error)
        })+
    };
}

impl Serializer for Numbers {
    type Ok = Key;
    type Error = Error;
    type SerializeSeq = Impossible<Key, Error>;
    type SerializeTuple = Self;
    type SerializeTupleStruct = Impossible<Key, Error>;
    type SerializeTupleVariant = Impossible<Key, Error>;
    type SerializeMap = Impossible<Key, Error>;
    type SerializeStruct = Impossible<Key, Error>;
    type SerializeStructVariant = Impossible<Key, Error>;

    fn is_human_readable(&self) -> bool {
        false
    }

    #[inline(always)]
    fn serialize_u64(self, number: u64) -> Result<Key, Error> {
        Ok((number, 0, 0))
    }

    #[inline(always)]
    fn serialize_tuple(self, _len: usize) -> Result<Self, Error> {
        Ok(self)
    }

    rejected! {
        serialize_bool(bool) -> Key;
        serialize_i8(i8) -> Key;
        serialize_i16(i16) -> Key;
        serialize_i32(i32) -> Key;
        serialize_i64(i64) -> Key;
        serialize_u8(u8) -> Key;
        serialize_u16(u16) -> Key;
        serialize_u32(u32) -> Key;
        serialize_f32(f32) -> Key;
        serialize_f64(f64) -> Key;
        serialize_char(char) -> Key;
        serialize_str(&str) -> Key;
        serialize_bytes(&[u8]) -> Key;
        serialize_none() -> Key;
        serialize_unit() -> Key;
        serialize_unit_struct(&'static str) -> Key;
        serialize_unit_variant(&'static str, u32, &'static str) -> Key;
        serialize_seq(Option<usize>) -> Self::SerializeSeq;
        serialize_tuple_struct(&'static str, usize) -> Self::SerializeTupleStruct;
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> Self::SerializeTupleVariant;
        serialize_map(Option<usize>) -> Self::SerializeMap;
        serialize_struct(&'static str, usize) -> Self::SerializeStruct;
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> Self::SerializeStructVariant;
    }

    rejected_around! {
        serialize_some();
        serialize_newtype_struct(&'static str);
        serialize_newtype_variant(&'static str, u32, &'static str);
    }
}

impl SerializeTuple for Numbers {
    type Ok = Key;
    type Error = Error;

    #[inline(always)]
    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        let Some((number, 0, 0)) = of(value) else { return Err(Error) };
        *self.numbers.get_mut(self.len).ok_or(Error)? = number;
        self.len += 1;
        Ok(())
    }

    #[inline(always)]
    fn end(self) -> Result<Key, Error> {
        Ok(self.numbers.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_whole_numbers() {
        assert_eq!(of(&7_u64), Some((7, 0, 0)));
        assert_eq!(of(&(1_u64, 2_u64)), Some((1, 2, 0)));
        assert_eq!(of(&[1_u64, 2, 3]), Some((1, 2, 3)));
        assert_eq!(of(&[0_u64; 4]), None);
        assert_eq!(of(&7_u32), None);
        assert_eq!(of("text"), None);
        assert_eq!(of(&(1_u64, "text")), None);
        assert_eq!(of(&(1_u64, (2_u64, 3_u64))), None);
    }
}
