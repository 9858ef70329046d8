//! What tshark prints of each frame, as far as its command line says so for sure.
//!
//! Up to Wireshark 4.0 nothing else says it: for `-T fields` the tree shows everything, as for `-V`, and the values are
//! picked out of it when the plugin has done its work. Later versions ask for the fields beforehand. What is not sure
//! counts as [`Printed::Anything`], which costs time and nothing else.

use std::ffi::OsString;
use std::path::Path;

/// What is printed of the protocol tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Printed {
    /// All of it, or that is not known.
    Anything = 0,
    /// Fields, and some of the plugin.
    Ours = 1,
    /// Fields, and none of the plugin.
    Others = 2,
}

/// What a program prints that was started with these arguments, its name first.
pub fn printed(arguments: impl Iterator<Item = OsString>) -> Printed {
    let arguments: Vec<String> = arguments.map(|argument| argument.to_string_lossy().into_owned()).collect();
    let [program, arguments @ ..] = arguments.as_slice() else { return Printed::Anything };
    if Path::new(program).file_stem().is_none_or(|name| name != "tshark") {
        return Printed::Anything;
    }
    let fields = fields(arguments);
    if fields.iter().any(|field| is_of(field, "teardown")) {
        Printed::Ours
    } else if prints_fields(arguments) && !fields.iter().any(|field| is_of(field, "_ws.expert")) {
        Printed::Others
    } else {
        Printed::Anything
    }
}

/// Whether `-T fields` holds. As two arguments it means nothing else: were the first the value of another option, as in
/// `-r -T fields`, tshark would take the second for a display filter, and end, as there is no such field. No other `-T`
/// may stand beside it.
fn prints_fields(arguments: &[String]) -> bool {
    let formats = arguments.iter().filter(|argument| is_option(argument) && argument.contains('T'));
    formats.count() == 1 && arguments.windows(2).any(|pair| pair == ["-T", "fields"])
}

/// What can be the value of `-e`, in any way to write it: `-e NAME`, `-eNAME`, `-ne NAME`. Rather too much than too
/// little.
fn fields(arguments: &[String]) -> Vec<&str> {
    let values = arguments.iter().enumerate().filter_map(|(index, argument)| {
        match argument.split_once('e').filter(|_| is_option(argument))? {
            (_, "") => arguments.get(index + 1).map(String::as_str),
            (_, rest) => Some(rest),
        }
    });
    values.collect()
}

/// One letter or more after one hyphen.
fn is_option(argument: &str) -> bool {
    argument.starts_with('-') && !argument.starts_with("--")
}

fn is_of(field: &str, protocol: &str) -> bool {
    field.strip_prefix(protocol).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}
