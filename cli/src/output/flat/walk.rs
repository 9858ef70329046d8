//! The walk through one record: a serialiser that hands each value to the column that is next in the plan.
//!
//! It must not know any record. Where a record departs from its plan, the walk ends with an error.

use std::fmt::Display;
use std::io::Write as _;
use std::slice;

use serde::ser::{self, Error as _, Impossible, Serialize};
use serde_json::{Error, Result};

use super::{Cells, Place, Step, key};

/// Hands the values of `record` to `cells` along `steps`.
///
/// # Errors
/// When the record does not fit the steps, or `cells` does not take a value.
pub fn walk<C: Cells>(
    record: &impl Serialize,
    steps: &[Step],
    cells: &mut C,
    scratch: &mut Vec<u8>,
) -> Result<()> {
    let step = Step::Object(steps.len() as Place);
    let mut walk = Walk { steps: steps.iter(), step, cells, scratch };
    record.serialize(Value { walk: &mut walk })?;
    match walk.steps.next() {
        None => Ok(()),
        Some(_) => Err(Error::custom("a record has fewer values than it declares")),
    }
}

struct Walk<'a, C> {
    /// The steps after this one.
    steps: slice::Iter<'a, Step>,
    /// Where the walk is: at a value, or at an element of the list there.
    step: Step,
    cells: &'a mut C,
    scratch: &'a mut Vec<u8>,
}

impl<C: Cells> Walk<'_, C> {
    /// Hands on `value` as JSON text.
    fn json(&mut self, column: usize, value: &(impl Serialize + ?Sized)) -> Result<()> {
        self.scratch.clear();
        serde_json::to_writer(&mut *self.scratch, value)?;
        match self.scratch.as_slice() {
            b"null" => self.cells.null(column),
            text => self.cells.text(column, utf8(text)?),
        }
    }

    /// Leaves the next `steps` steps without a value.
    fn nulls(&mut self, steps: usize) -> Result<()> {
        let inside = self.steps.by_ref().take(steps).filter_map(|step| step.column());
        for column in inside {
            self.cells.null(column)?;
        }
        Ok(())
    }
}

/// A serialiser for the value at one step, or an element of the list there.
struct Value<'w, 'a, C> {
    walk: &'w mut Walk<'a, C>,
}

impl<C: Cells> Value<'_, '_, C> {
    #[inline(always)]
    fn column(&self) -> Result<usize> {
        self.walk
            .step
            .column()
            .ok_or_else(|| Error::custom("a record has a value where it declares an object"))
    }

    #[inline(always)]
    fn whole(self, value: Option<i64>) -> Result<()> {
        let value = value.ok_or_else(|| Error::custom("a whole number of a record has 64 bits with sign"))?;
        self.walk.cells.integer(self.column()?, value)
    }
}

macro_rules! integers {
    ($($method:ident: $type:ty,)+) => {
        $(#[inline(always)]
        fn $method(self, value: $type) -> Result<()> {
            self.whole(i64::try_from(value).ok())
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

impl<'w, 'a, C: Cells> ser::Serializer for Value<'w, 'a, C> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Elements<'w, 'a, C>;
    type SerializeTuple = Impossible<(), Error>;
    type SerializeTupleStruct = Impossible<(), Error>;
    type SerializeTupleVariant = Impossible<(), Error>;
    type SerializeMap = Impossible<(), Error>;
    type SerializeStruct = Members<'w, 'a, C>;
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
        serialize_tuple(usize) -> Self::SerializeTuple: "a record has no tuples";
        serialize_tuple_struct(&'static str, usize) -> Self::SerializeTupleStruct: "a record has no tuples";
        serialize_map(Option<usize>) -> Self::SerializeMap: "a record has keys that vary where it declares none";
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

    #[inline(always)]
    fn serialize_bool(self, value: bool) -> Result<()> {
        self.walk.cells.truth(self.column()?, value)
    }

    fn serialize_f32(self, value: f32) -> Result<()> {
        self.serialize_f64(value.into())
    }

    fn serialize_f64(self, value: f64) -> Result<()> {
        self.walk.cells.number(self.column()?, value)
    }

    fn serialize_char(self, value: char) -> Result<()> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    #[inline(always)]
    fn serialize_str(self, value: &str) -> Result<()> {
        self.walk.cells.text(self.column()?, value)
    }

    fn collect_str<T: Display + ?Sized>(self, value: &T) -> Result<()> {
        let column = self.column()?;
        let Walk { cells, scratch, .. } = self.walk;
        scratch.clear();
        write!(scratch, "{value}").map_err(Error::io)?;
        cells.text(column, utf8(scratch)?)
    }

    #[inline(always)]
    fn serialize_none(self) -> Result<()> {
        match self.walk.step {
            Step::Object(steps) => self.walk.nulls(steps.into()),
            Step::Value(column) | Step::List(column) | Step::Objects(column) | Step::Json(column) => {
                self.walk.cells.null(column.into())
            }
        }
    }

    #[inline(always)]
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<()> {
        value.serialize(self)
    }

    #[inline(always)]
    fn serialize_unit(self) -> Result<()> {
        self.serialize_none()
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Result<()> {
        self.serialize_none()
    }

    #[inline(always)]
    fn serialize_unit_variant(self, _name: &'static str, index: u32, variant: &'static str) -> Result<()> {
        self.walk.cells.word(self.column()?, index, variant)
    }

    /// A newtype with a short compact form is known by that.
    #[inline(always)]
    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _name: &'static str, value: &T) -> Result<()> {
        let column = match self.walk.step {
            Step::Value(column) | Step::Objects(column) if C::KEYS => column.into(),
            Step::Value(_) | Step::List(_) | Step::Objects(_) | Step::Json(_) | Step::Object(_) => {
                return value.serialize(self);
            }
        };
        let Some(key) = key::of(value) else {
            return value.serialize(self);
        };
        if !self.walk.cells.known(column, key)? {
            value.serialize(Value { walk: &mut *self.walk })?;
            self.walk.cells.name(column, key);
        }
        Ok(())
    }

    #[inline(always)]
    fn serialize_seq(self, _len: Option<usize>) -> Result<Elements<'w, 'a, C>> {
        let (column, form) = match self.walk.step {
            Step::List(column) => (column, Form::Values),
            Step::Objects(column) if C::OBJECTS_APART => (column, Form::Objects),
            Step::Objects(column) => (column, Form::Text),
            Step::Value(_) | Step::Json(_) | Step::Object(_) => {
                return Err(Error::custom("a record has a list where it declares none"));
            }
        };
        match form {
            Form::Values | Form::Objects => {
                self.walk.cells.open(column.into())?;
                self.walk.step = Step::Value(column);
            }
            Form::Text => self.walk.scratch.clear(),
        }
        Ok(Elements { walk: self.walk, column, form })
    }

    #[inline(always)]
    fn serialize_struct(self, _name: &'static str, _len: usize) -> Result<Members<'w, 'a, C>> {
        match self.walk.step {
            Step::Object(_) => Ok(Members { walk: self.walk }),
            Step::Value(_) | Step::List(_) | Step::Objects(_) | Step::Json(_) => {
                Err(Error::custom("a record has an object where it declares none"))
            }
        }
    }
}

/// The members of an object that lies flat.
struct Members<'w, 'a, C> {
    walk: &'w mut Walk<'a, C>,
}

impl<C: Cells> ser::SerializeStruct for Members<'_, '_, C> {
    type Ok = ();
    type Error = Error;

    #[inline(always)]
    fn serialize_field<T: Serialize + ?Sized>(&mut self, _key: &'static str, value: &T) -> Result<()> {
        match self.walk.steps.next() {
            None => Err(Error::custom("a record has more values than it declares")),
            Some(&Step::Json(column)) => self.walk.json(column.into(), value),
            Some(&step) => {
                self.walk.step = step;
                value.serialize(Value { walk: self.walk })
            }
        }
    }

    #[inline(always)]
    fn end(self) -> Result<()> {
        Ok(())
    }
}

/// The elements of a list.
struct Elements<'w, 'a, C> {
    walk: &'w mut Walk<'a, C>,
    column: Place,
    form: Form,
}

/// What becomes of a list.
#[derive(Clone, Copy)]
enum Form {
    /// A list of values.
    Values,
    /// A list of objects as JSON texts.
    Objects,
    /// JSON text.
    Text,
}

impl<C: Cells> ser::SerializeSeq for Elements<'_, '_, C> {
    type Ok = ();
    type Error = Error;

    #[inline(always)]
    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        match self.form {
            Form::Values => value.serialize(Value { walk: self.walk }),
            Form::Objects => self.walk.json(self.column.into(), value),
            Form::Text => {
                let scratch = &mut *self.walk.scratch;
                scratch.push(if scratch.is_empty() { b'[' } else { b',' });
                serde_json::to_writer(scratch, value)
            }
        }
    }

    #[inline(always)]
    fn end(self) -> Result<()> {
        let Walk { cells, scratch, .. } = self.walk;
        match self.form {
            Form::Values | Form::Objects => cells.close(self.column.into()),
            Form::Text if scratch.is_empty() => cells.text(self.column.into(), "[]"),
            Form::Text => {
                scratch.push(b']');
                cells.text(self.column.into(), utf8(scratch)?)
            }
        }
    }
}

fn utf8(text: &[u8]) -> Result<&str> {
    str::from_utf8(text).map_err(Error::custom)
}
