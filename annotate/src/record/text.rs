//! Values that are text or lists in records and something else in the engine.

use fourwave_dissector::FrameId;
use fourwave_dissector::tcp::Flags;
use serde::{Serialize, Serializer};

use crate::code::Code;
use crate::json::{self, Constant, Json, Room};
use crate::modifier::{Modifier, Modifiers};
use crate::record::Context;

/// Serialises as the list that the function makes.
pub(super) struct List<F>(pub F);

impl<F, I> Serialize for List<F>
where
    F: Fn() -> I,
    I: Iterator,
    I::Item: Serialize,
{
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq((self.0)())
    }
}

impl<F, I> Json for List<F>
where
    F: Fn() -> I,
    I: Iterator<Item: Json>,
{
    #[inline(always)]
    fn json<'to>(&self, to: Room<'to>) -> Room<'to> {
        json::list((self.0)(), to)
    }
}

/// The names of the control bits that are set, joined by commas.
pub(super) struct FlagNames(pub Flags);

/// The names of the control bits from the lowest on.
const NAMES: [&str; 9] = ["FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR", "AE"];

impl Json for FlagNames {
    #[inline(always)]
    fn json<'to>(&self, to: Room<'to>) -> Room<'to> {
        FLAGS[usize::from(self.0.0) % FLAGS.len()].copy(to)
    }
}

/// By the control bits.
static FLAGS: [Constant<38>; 1 << NAMES.len()] = {
    let mut texts = [Constant::EMPTY.put(b"\""); 1 << NAMES.len()];
    let mut flags = 0;
    while flags < texts.len() {
        let mut rest = flags;
        while rest != 0 {
            let name = NAMES[rest.trailing_zeros() as usize];
            rest &= rest - 1;
            texts[flags] = texts[flags].put(name.as_bytes()).put(if rest == 0 { b"" } else { b"," });
        }
        texts[flags] = texts[flags].put(b"\"");
        flags += 1;
    }
    texts
};

/// Serialises as a word, of which the control bits are the number.
impl Serialize for FlagNames {
    #[inline(always)]
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let bits = usize::from(self.0.0) % FLAGS.len();
        serializer.serialize_unit_variant("Flags", bits as u32, UNQUOTED_FLAGS[bits])
    }
}

/// [`FLAGS`] without their quotes.
static UNQUOTED_FLAGS: [&str; FLAGS.len()] = {
    let mut texts = [""; FLAGS.len()];
    let mut flags = 0;
    while flags < texts.len() {
        let Ok(text) = str::from_utf8(FLAGS[flags].as_bytes()) else { panic!("names are ASCII") };
        texts[flags] = text.split_at(text.len() - 1).0.split_at(1).1;
        flags += 1;
    }
    texts
};

/// A modifier of a segment, with its number if it carries one.
pub(super) struct Numbered {
    modifier: Modifier,
    number: u32,
}

/// The modifiers of a segment.
pub(super) fn numbered(modifiers: Modifiers) -> impl Iterator<Item = Numbered> {
    modifiers.set.iter().map(move |modifier| Numbered { modifier, number: modifiers.acks_unseen })
}

impl Json for Numbered {
    #[inline]
    fn json<'to>(&self, to: Room<'to>) -> Room<'to> {
        if self.modifier == Modifier::AcksUnseen {
            let to = to.put(b"\"").put(self.modifier.code().as_bytes()).put(b":");
            to.number(self.number.into()).put(b"\"")
        } else {
            self.modifier.json(to)
        }
    }
}

impl Serialize for Numbered {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize_short(self, serializer)
    }
}

/// Serialises what is short text without escapes as what its JSON says.
pub(super) fn serialize_short<S: Serializer>(text: &impl Json, serializer: S) -> Result<S::Ok, S::Error> {
    let mut octets = [0; 96];
    let written = json::write(text, &mut octets).and_then(|len| octets.get(1..len - 1));
    serializer.serialize_str(written.and_then(|text| str::from_utf8(text).ok()).unwrap_or_default())
}

impl<'a> Context<'a> {
    /// The name of the file with this index.
    pub(super) fn file(&self, file: u32) -> Option<&'a str> {
        self.files.get(usize::try_from(file).ok()?).map(|name| name.as_str())
    }

    /// The name of the file of `at`, unless that is the record's own.
    pub(super) fn other_file(&self, own: u32, at: FrameId) -> Option<&'a str> {
        if at.file() == own { None } else { self.file(at.file()) }
    }
}
