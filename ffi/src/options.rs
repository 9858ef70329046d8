//! Options of an engine, set by name: a name can be added without a new function.

use core::ffi::c_char;
use std::ffi::CString;

use fourwave_annotate::{Code, Idle, Options, Profile, Thresholds};
use fourwave_dissector::Zone;

use crate::guard::{give, handle, handle_mut, status, take_back, text, value};
use crate::status::{FOURWAVE_INVALID, fourwave_status};

/// What a new engine is to do otherwise than by default. Opaque.
pub struct fourwave_options {
    pub(crate) engine: Options,
    pub(crate) zone: Zone,
    pub(crate) remember: bool,
    error: CString,
}

/// New options, all at their defaults. Free them with fourwave_options_free; an engine does not keep them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fourwave_options_new(out: *mut *mut fourwave_options) -> fourwave_status {
    status(|| {
        let make = || {
            Ok(fourwave_options {
                engine: Options::default(),
                zone: Zone::default(),
                remember: false,
                error: CString::default(),
            })
        };
        // SAFETY: the header asks it of the caller.
        unsafe { give(out, make) }
    })
}

/// Frees options. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fourwave_options_free(options: *mut fourwave_options) {
    // SAFETY: the header asks it of the caller.
    unsafe { take_back(options) };
}

/// Sets an option; both arguments are texts. A later call counts more than an earlier one. Names and values:
///
/// - "msl": seconds, with decimals; TIME-WAIT lasts twice as long (default: as the profile says)
/// - "profile": "linux" (default), "rfc", "freebsd", "macos", "windows": how long TIME-WAIT lasts
/// - "idle": seconds without a packet after which a connection is given up
/// - "key": "addresses" (default), "vlan", "tunnel": what makes two equal 4-tuples different
/// - "max-connections": how many are kept in memory; those ended and not yet forgotten count
/// - "remember": "yes" or "no" (default): keep what fourwave_engine_look and fourwave_engine_connection need
/// - any threshold that `fourwave help thresholds` lists, with a number
///
/// FOURWAVE_INVALID for a name or value that is none; fourwave_options_error then says what was expected.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fourwave_options_set(
    options: *mut fourwave_options,
    name: *const c_char,
    value: *const c_char,
) -> fourwave_status {
    status(|| {
        // SAFETY: the header asks it of the caller.
        let options = unsafe { handle_mut(options) }?;
        options.error = CString::default();
        // SAFETY: the header asks it of the caller.
        let (name, value) = unsafe { (text(name)?, text(value)?) };
        options.set(name, value).map_err(|why| {
            options.error = CString::new(why).unwrap_or_default();
            FOURWAVE_INVALID
        })
    })
}

/// Why the last fourwave_options_set failed with FOURWAVE_INVALID, in English. Belongs to the options, until the next
/// fourwave_options_set with them. Empty if it did not fail so.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fourwave_options_error(options: *const fourwave_options) -> *const c_char {
    value(c"".as_ptr(), || {
        // SAFETY: the header asks it of the caller.
        let options = unsafe { handle(options) }?;
        Ok(options.error.as_ptr())
    })
}

impl fourwave_options {
    fn set(&mut self, name: &str, value: &str) -> Result<(), String> {
        let wrong = |expected| format!("option `{name}` takes {expected}, not `{value}`");
        if let Some((_, take)) = OPTIONS.iter().find(|(known, _)| *known == name) {
            return take(self, value).map_err(wrong);
        }
        if Thresholds::LIST.iter().any(|known| known.name == name) {
            let number = value.parse().map_err(|_| wrong("a number".to_owned()))?;
            return self.engine.thresholds.set(name, number).map_err(|error| error.to_string());
        }
        let known = OPTIONS.map(|(known, _)| known).join(", ");
        Err(format!("no option is called `{name}`; expected {known} or a threshold"))
    }
}

/// Takes the value of an option, or says what it should have been.
type Take = fn(&mut fourwave_options, &str) -> Result<(), String>;

/// The options beside the thresholds, by name.
const OPTIONS: [(&str, Take); 6] = [
    ("msl", |options, value| {
        options.engine.two_msl_ns = 2 * nanoseconds(value)?;
        Ok(())
    }),
    ("profile", |options, value| {
        options.engine.two_msl_ns = Profile::from_code(value).ok_or_else(codes::<Profile>)?.two_msl_ns();
        Ok(())
    }),
    ("idle", |options, value| {
        options.engine.idle = Idle::all(nanoseconds(value)?);
        Ok(())
    }),
    ("key", |options, value| {
        options.zone = match value {
            "addresses" => Zone::Addresses,
            "vlan" => Zone::Vlan,
            "tunnel" => Zone::Tunnel,
            _ => return Err("addresses, vlan or tunnel".to_owned()),
        };
        Ok(())
    }),
    ("max-connections", |options, value| {
        let most = value.parse().ok().filter(|most| *most > 0);
        options.engine.max_connections = most.ok_or("a number from 1")?;
        Ok(())
    }),
    ("remember", |options, value| {
        options.remember = match value {
            "yes" => true,
            "no" => false,
            _ => return Err("yes or no".to_owned()),
        };
        Ok(())
    }),
];

/// Seconds with decimals, as nanoseconds; or what was expected.
fn nanoseconds(text: &str) -> Result<i64, String> {
    let seconds = text.parse().ok().filter(|seconds: &f64| (0.0..=1e9).contains(seconds));
    Ok((seconds.ok_or("seconds from 0 to 1000000000")? * 1e9) as i64)
}

fn codes<T: Code>() -> String {
    T::ALL.iter().map(|word| word.code()).collect::<Vec<_>>().join(", ")
}
