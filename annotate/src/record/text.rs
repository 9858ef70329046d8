//! Values written as text or list straight into the serialiser, without a copy in between.

use core::fmt;

use fourwave_dissector::FrameId;
use fourwave_dissector::tcp::Flags;
use serde::{Serialize, Serializer};

use crate::code::Code;
use crate::modifier::{Modifier, Modifiers};
use crate::record::Context;

/// Serialises as what it displays.
pub(super) struct Shown<T>(pub T);

impl<T: fmt::Display> Serialize for Shown<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

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

/// The names of the control bits that are set, joined by commas.
pub(super) struct FlagNames(pub Flags);

impl fmt::Display for FlagNames {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const NAMES: [(Flags, &str); 9] = [
            (Flags::FIN, "FIN"),
            (Flags::SYN, "SYN"),
            (Flags::RST, "RST"),
            (Flags::PSH, "PSH"),
            (Flags::ACK, "ACK"),
            (Flags::URG, "URG"),
            (Flags::ECE, "ECE"),
            (Flags::CWR, "CWR"),
            (Flags::AE, "AE"),
        ];
        let set = NAMES.iter().filter(|(flag, _)| self.0.contains(*flag));
        for (index, (_, name)) in set.enumerate() {
            if index > 0 {
                f.write_str(",")?;
            }
            f.write_str(name)?;
        }
        Ok(())
    }
}

/// The modifiers of a segment, each with its number if it carries one.
pub(super) fn modifiers(modifiers: Modifiers) -> impl Iterator<Item = Shown<Numbered>> {
    modifiers.set.iter().map(move |modifier| {
        Shown(Numbered {
            code: modifier.code(),
            number: (modifier == Modifier::AcksUnseen).then_some(modifiers.acks_unseen),
        })
    })
}

/// A word, and the number that it carries.
pub(super) struct Numbered {
    code: &'static str,
    number: Option<u32>,
}

impl fmt::Display for Numbered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code)?;
        self.number.map_or(Ok(()), |number| write!(f, ":{number}"))
    }
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
