//! What a caller can set: timers, thresholds, bounds.

use alloc::borrow::ToOwned;
use alloc::string::String;
use core::fmt;

use crate::code::coded;

/// A second in nanoseconds.
pub const SECOND: i64 = 1_000_000_000;
const MILLISECOND: i64 = 1_000_000;

coded! {
    /// Whose TIME-WAIT is assumed (SPEC 4.10). A profile changes nothing else.
    pub enum Profile {
        /// 60 s: `TCP_TIMEWAIT_LEN` in `include/net/tcp.h`; measured on 6.18.
        Linux = "linux",
        /// 240 s: 2 MSL with the MSL of 2 minutes of RFC 9293 section 3.4.2.
        Rfc = "rfc",
        /// 60 s: default of `net.inet.tcp.msl` (30 s), tcp(4).
        FreeBsd = "freebsd",
        /// 30 s: default of `net.inet.tcp.msl` (15 s).
        MacOs = "macos",
        /// 120 s: documented default of `TcpTimedWaitDelay`.
        Windows = "windows",
    }
}

impl Profile {
    /// 2 MSL in nanoseconds.
    #[must_use]
    pub const fn two_msl_ns(self) -> i64 {
        match self {
            Self::Linux | Self::FreeBsd => 60 * SECOND,
            Self::Rfc => 240 * SECOND,
            Self::MacOs => 30 * SECOND,
            Self::Windows => 120 * SECOND,
        }
    }
}

macro_rules! kept_in {
    (Seconds) => {
        "Nanoseconds"
    };
    (Octets) => {
        "Octets"
    };
    (Count) => {
        "A number"
    };
}

macro_rules! thresholds {
    ($($(#[doc = $doc:literal])* $field:ident $name:literal $unit:ident = $default:expr;)+) => {
        /// The thresholds of SPEC; durations in nanoseconds, everything else in the unit named.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[cfg_attr(feature = "checkpoint", derive(serde::Serialize, serde::Deserialize))]
        pub struct Thresholds {
            $(
                $(#[doc = $doc])*
                #[doc = concat!("\n", kept_in!($unit), "; `", stringify!($default), "` by default.")]
                pub $field: i64,
            )+
        }

        impl Default for Thresholds {
            fn default() -> Self {
                Self { $($field: $default,)+ }
            }
        }

        impl Thresholds {
            /// Name, unit, default and meaning of every threshold.
            pub const LIST: &'static [Threshold] = &[
                $(Threshold { name: $name, unit: Unit::$unit, default: $default, meaning: concat!($($doc),+) },)+
            ];

            fn field(&mut self, name: &str) -> Option<&mut i64> {
                match name {
                    $($name => Some(&mut self.$field),)+
                    _ => None,
                }
            }
        }
    };
}

thresholds! {
    /// A segment this soon after its sender's own RST was overtaken by it.
    reordering "reordering" Seconds = 3 * MILLISECOND;
    /// Equal segments without IP identification this close are one packet recorded twice.
    duplicate "duplicate" Seconds = MILLISECOND;
    /// Equal segments with the same IP identification this close are one packet recorded twice.
    duplicate_ip_id "duplicate-ip-id" Seconds = SECOND;
    /// A peer that still sends this long after a RST was sent to it has not accepted it.
    rst_grace "rst-grace" Seconds = SECOND;
    /// A FIN further beyond the acknowledged end than this, and than the window, is a stray.
    far_fin "far-fin" Octets = 65_535;
    /// Stay in CLOSE-WAIT that is worth a note.
    close_wait_note "close-wait-note" Seconds = SECOND;
    /// Stay in CLOSE-WAIT that is worth a warning.
    close_wait_warn "close-wait-warn" Seconds = 60 * SECOND;
    /// CLOSE-WAIT without end from which a leak is suspected.
    close_wait_leak "close-wait-leak" Seconds = 60 * SECOND;
    /// A FIN without answer for this long is reported.
    fin_unanswered "fin-unanswered" Seconds = 3 * SECOND;
    /// Copies of a FIN that make a storm.
    fin_storm "fin-storm" Count = 3;
    /// Challenge ACKs that make a loop.
    challenge_loop "challenge-loop" Count = 3;
    /// Time within which the challenge ACKs of a loop come.
    challenge_window "challenge-window" Seconds = SECOND;
    /// TTL difference above which a RST is suspected to be forged.
    ttl_difference "ttl-difference" Count = 2;
    /// Silence before a close that is worth a note.
    idle_close "idle-close" Seconds = 30 * SECOND;
    /// Keepalives without answer before a RST.
    keepalives "keepalives" Count = 3;
    /// Copies of a segment that make a retransmission timeout.
    retransmissions "retransmissions" Count = 5;
    /// Repetitions without any answer after which a peer is held to be out of reach.
    unreachable "unreachable" Count = 2;
    /// Time that repetitions without any answer must span before a peer is held to be out of reach.
    unreachable_after "unreachable-after" Seconds = SECOND;
    /// A connection whose last packet is this close to the end of the capture is cut off by it.
    truncated_by_end "truncated-by-end" Seconds = 5 * SECOND;
}

/// The unit of a threshold on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Seconds, with decimals; kept in nanoseconds.
    Seconds,
    /// Octets.
    Octets,
    /// A number.
    Count,
}

/// A threshold as help texts show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Threshold {
    /// Its name.
    pub name: &'static str,
    /// Its unit.
    pub unit: Unit,
    /// Its default; nanoseconds where the unit is seconds.
    pub default: i64,
    /// What it decides.
    pub meaning: &'static str,
}

/// Largest value of a threshold: in nanoseconds it still fits.
const MOST: f64 = 9.0e9;

/// Why a threshold cannot be set.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum ThresholdError {
    /// None has this name.
    Unknown {
        /// The name. [`Thresholds::LIST`] has those that there are.
        name: String,
    },
    /// No threshold takes such a value.
    OutOfRange {
        /// The name of the threshold.
        name: &'static str,
        /// The value.
        value: f64,
    },
}

impl fmt::Display for ThresholdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown { name } => write!(f, "no threshold is called `{name}`"),
            Self::OutOfRange { name, value } => {
                write!(f, "threshold `{name}` takes a number from 0 to {MOST}, not {value}")
            }
        }
    }
}

impl core::error::Error for ThresholdError {}

impl Thresholds {
    /// Copies of a segment that make a retransmission timeout. What was sent once was not sent again, whatever is asked for.
    pub(crate) fn many_copies(&self) -> i64 {
        self.retransmissions.max(2)
    }

    /// Sets the threshold `name` to `value` (seconds, octets or a number), from 0 to 9·10⁹.
    ///
    /// # Errors
    /// If there is no such threshold, or the value is not between these.
    pub fn set(&mut self, name: &str, value: f64) -> Result<(), ThresholdError> {
        let Some(known) = Self::LIST.iter().find(|known| known.name == name) else {
            return Err(ThresholdError::Unknown { name: name.to_owned() });
        };
        if !(0.0..=MOST).contains(&value) {
            return Err(ThresholdError::OutOfRange { name: known.name, value });
        }
        let scale = match known.unit {
            Unit::Seconds => 1e9,
            Unit::Octets | Unit::Count => 1.0,
        };
        if let Some(field) = self.field(name) {
            *field = (value * scale) as i64;
        }
        Ok(())
    }
}

/// After how long without a packet a connection is forgotten (SPEC 6.8): nanoseconds of capture time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "checkpoint", derive(serde::Serialize, serde::Deserialize))]
pub struct Idle {
    /// No peer is in ESTABLISHED.
    pub unestablished_ns: i64,
    /// One FIN was seen.
    pub half_closed_ns: i64,
    /// Any other.
    pub established_ns: i64,
}

impl Idle {
    /// The same limit for all.
    #[must_use]
    pub const fn all(limit_ns: i64) -> Self {
        Self { unestablished_ns: limit_ns, half_closed_ns: limit_ns, established_ns: limit_ns }
    }
}

impl Default for Idle {
    fn default() -> Self {
        Self { unestablished_ns: 120 * SECOND, half_closed_ns: 600 * SECOND, established_ns: 3600 * SECOND }
    }
}

/// The options of the engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "checkpoint", derive(serde::Serialize, serde::Deserialize))]
pub struct Options {
    /// Length of TIME-WAIT, nanoseconds.
    pub two_msl_ns: i64,
    /// Thresholds.
    pub thresholds: Thresholds,
    /// When to forget.
    pub idle: Idle,
    /// Most connections kept in memory, those over and not yet forgotten included.
    pub max_connections: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            two_msl_ns: Profile::Linux.two_msl_ns(),
            thresholds: Thresholds::default(),
            idle: Idle::default(),
            max_connections: 1_000_000,
        }
    }
}
