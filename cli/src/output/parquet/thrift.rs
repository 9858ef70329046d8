//! Structures in Thrift's compact protocol, in which Parquet keeps everything but values.
//!
//! <https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md>

/// The types of fields and elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    True = 1,
    False = 2,
    I16 = 4,
    I32 = 5,
    I64 = 6,
    Binary = 8,
    List = 9,
    Struct = 12,
}

/// A structure that is being written. Fields come in the order of their numbers.
pub struct Struct<'a> {
    to: &'a mut Vec<u8>,
    /// The number of the field before.
    last: u8,
}

impl<'a> Struct<'a> {
    /// Adds a structure to `to`.
    pub fn write(to: &'a mut Vec<u8>, fields: impl FnOnce(&mut Struct<'_>)) {
        let mut structure = Struct { to, last: 0 };
        fields(&mut structure);
        structure.to.push(0);
    }

    pub fn truth(&mut self, number: u8, value: bool) {
        self.field(number, if value { Type::True } else { Type::False });
    }

    pub fn i16(&mut self, number: u8, value: i16) {
        self.field(number, Type::I16);
        signed(value.into(), self.to);
    }

    /// Also of enumerations.
    pub fn i32(&mut self, number: u8, value: i32) {
        self.field(number, Type::I32);
        signed(value.into(), self.to);
    }

    pub fn i64(&mut self, number: u8, value: i64) {
        self.field(number, Type::I64);
        signed(value, self.to);
    }

    pub fn binary(&mut self, number: u8, value: &[u8]) {
        self.field(number, Type::Binary);
        binary(value, self.to);
    }

    pub fn structure(&mut self, number: u8, fields: impl FnOnce(&mut Struct<'_>)) {
        self.field(number, Type::Struct);
        Struct::write(self.to, fields);
    }

    /// A list whose elements each write themselves by `element`.
    pub fn list<T>(
        &mut self,
        number: u8,
        of: Type,
        elements: impl ExactSizeIterator<Item = T>,
        mut element: impl FnMut(T, &mut Vec<u8>),
    ) {
        self.list_start(number, of, elements.len());
        elements.for_each(|value| element(value, self.to));
    }

    /// A list of which `count` elements are already written.
    pub fn list_of_written(&mut self, number: u8, of: Type, count: usize, elements: &[u8]) {
        self.list_start(number, of, count);
        self.to.extend_from_slice(elements);
    }

    fn list_start(&mut self, number: u8, of: Type, count: usize) {
        self.field(number, Type::List);
        if count < 15 {
            self.to.push((count as u8) << 4 | of as u8);
        } else {
            self.to.push(0xf0 | of as u8);
            unsigned(count as u64, self.to);
        }
    }

    fn field(&mut self, number: u8, of: Type) {
        let step = number - self.last;
        debug_assert!((1..16).contains(&step), "fields come in order, without large gaps");
        self.to.push(step << 4 | of as u8);
        self.last = number;
    }
}

/// Octets after their number.
pub fn binary(value: &[u8], to: &mut Vec<u8>) {
    unsigned(value.len() as u64, to);
    to.extend_from_slice(value);
}

/// A whole number with sign: zigzag, so that small ones are short.
pub fn signed(value: i64, to: &mut Vec<u8>) {
    unsigned((value << 1 ^ value >> 63) as u64, to);
}

/// A whole number without sign: seven bits an octet, the lowest first.
pub fn unsigned(mut value: u64, to: &mut Vec<u8>) {
    while value >= 0x80 {
        to.push(value as u8 | 0x80);
        value >>= 7;
    }
    to.push(value as u8);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_the_specification_has_them() {
        let written = |value| {
            let mut to = Vec::new();
            signed(value, &mut to);
            to
        };
        assert_eq!(written(0), [0]);
        assert_eq!(written(-1), [1]);
        assert_eq!(written(1), [2]);
        assert_eq!(written(-65), [0x81, 1]);
        assert_eq!(written(i64::MIN), [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1]);
    }

    #[test]
    fn fields_carry_steps_and_types_and_end_with_a_zero() {
        let mut to = Vec::new();
        Struct::write(&mut to, |it| {
            it.i32(1, 7);
            it.binary(4, b"ab");
            it.truth(5, false);
            it.structure(6, |it| it.i16(1, -2));
            it.list(7, Type::I32, [3, 4].into_iter(), signed);
        });
        assert_eq!(to, [0x15, 14, 0x38, 2, b'a', b'b', 0x12, 0x1c, 0x14, 3, 0, 0x19, 0x25, 6, 8, 0],);
    }
}
