//! How states, numbers and times are written in a walk-through.

use fourwave_annotate::lang::duration;
use fourwave_annotate::{Bounds, Modifier, Side, State};
use fourwave_dissector::FrameId;
use fourwave_dissector::tcp::Flags;
use jiff::Timestamp;

use super::story::{Shown, Story};

/// Columns of a time in seconds.
pub const TIME_WIDTH: usize = 9;

/// How long it is from one time to another; nothing if the clock went back (SPEC 8.5).
pub fn span(from_ns: i64, until_ns: i64) -> Option<String> {
    let ns = until_ns.saturating_sub(from_ns);
    (ns >= 0).then(|| duration(ns))
}

/// A state as the ladder shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The state.
    pub state: State,
    /// The peer's own segments prove it; else it is expected.
    pub proved: bool,
    /// It is not what was annotated at the time.
    pub corrected: bool,
}

impl Cell {
    /// The state of `side` after `shown`, with hindsight.
    pub fn after(story: &Story, shown: &Shown, side: Side) -> Self {
        Self::corrected(shown.said.peers[side].after, story.state_after(side, shown.at))
    }

    /// The state of `side` before `shown`, with hindsight.
    pub fn before(story: &Story, shown: &Shown, side: Side) -> Self {
        Self::corrected(shown.said.peers[side].before, story.state_before(side, shown.at))
    }

    /// A state at the beginning of a path: nothing has to be proved.
    pub const fn given(state: State) -> Self {
        Self { state, proved: true, corrected: false }
    }

    /// A state that is expected.
    pub const fn expected(state: State) -> Self {
        Self { state, proved: false, corrected: false }
    }

    /// Both bounds in one: what is expected, and whether it is proved.
    pub fn streamed(bounds: Bounds) -> Self {
        Self::corrected(bounds, bounds.expected)
    }

    fn corrected(streamed: Bounds, state: State) -> Self {
        Self { state, proved: streamed.confirmed == state, corrected: streamed.expected != state }
    }

    /// ` STATE`, or `(STATE)` if it is expected: names line up. Corrected ones carry a star.
    pub fn aligned(self) -> String {
        let star = if self.corrected { "*" } else { "" };
        if self.proved { format!(" {}{star}", self.state) } else { format!("({}){star}", self.state) }
    }
}

/// The number of a packet as Wireshark counts it; with the number of its file before it, unless that is the only
/// one of the connection.
pub fn frame(story: &Story, at: FrameId) -> String {
    if *story.connection.files == [at.file()] {
        at.frame().to_string()
    } else {
        format!("{}:{}", at.file() + 1, at.frame())
    }
}

/// Seconds since the first segment, in [`TIME_WIDTH`] columns: microseconds, and fewer decimals as time goes on.
pub fn seconds(since_start_ns: i64) -> String {
    let sign = if since_start_ns < 0 { "-" } else { "" };
    let total = since_start_ns.unsigned_abs();
    let whole = total / 1_000_000_000;
    let digits = whole.checked_ilog10().unwrap_or(0) as usize + 1 + sign.len();
    let places = (TIME_WIDTH - 1).saturating_sub(digits).min(6);
    let fraction = format!("{:09}", total % 1_000_000_000);
    match fraction.get(..places) {
        Some(fraction) if places > 0 => format!("{sign}{whole}.{fraction}"),
        Some(_) | None => format!("{sign}{whole}"),
    }
}

/// A time of day in UTC, to the microsecond.
pub fn utc(time_ns: i64) -> String {
    Timestamp::from_nanosecond(time_ns.into()).map_or_else(
        |_| format!("{time_ns} ns"),
        |time| time.strftime("%Y-%m-%d %H:%M:%S%.6f UTC").to_string(),
    )
}

/// Ways to write what an arrow carries, from the long to the short.
pub const FORMS: usize = 4;

/// What the arrow of a segment carries, in all forms: `FIN,ACK seq=300 ack=100 len=20`, `FIN,ACK 300+20/100`,
/// `FA 300+20/100`, `FA`.
pub fn labels(story: &Story, shown: &Shown) -> [String; FORMS] {
    let (seq, ack) = numbers(story, shown);
    let long_ack = ack.map(|ack| format!(" ack={ack}")).unwrap_or_default();
    let long_len = if shown.len > 0 { format!(" len={}", shown.len) } else { String::new() };
    let ack = ack.map(|ack| format!("/{ack}")).unwrap_or_default();
    let len = if shown.len > 0 { format!("+{}", shown.len) } else { String::new() };
    let names = match shown.flags.to_string() {
        names if names.is_empty() => String::from("-"),
        names => names,
    };
    let initials: String = names.split(',').filter_map(|name| name.chars().next()).collect();
    [
        format!("{names} seq={seq}{long_ack}{long_len}"),
        format!("{names} {seq}{len}{ack}"),
        format!("{initials} {seq}{len}{ack}"),
        initials,
    ]
}

fn numbers(story: &Story, shown: &Shown) -> (i64, Option<i64>) {
    let from = shown.said.from;
    let ack = shown.flags.contains(Flags::ACK).then(|| story.origins.relative(from.other(), shown.ack));
    (story.origins.relative(from, shown.seq), ack)
}

/// True if the segment repeats one that was seen before.
pub fn is_copy(shown: &Shown) -> bool {
    [Modifier::Repeat, Modifier::Duplicate, Modifier::Retransmission]
        .iter()
        .any(|&modifier| shown.said.modifiers.contains(modifier))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_keep_their_width() {
        for (ns, text) in [
            (0, "0.000000"),
            (1_030_000_000, "1.030000"),
            (99_999_999_999, "99.999999"),
            (123_000_000_000, "123.00000"),
            (9_000_000_020_000_000, "9000000.0"),
            (90_000_000_000_000_000, "90000000"),
            (-10_000, "-0.000010"),
        ] {
            assert_eq!(seconds(ns), text);
            assert!(seconds(ns).len() <= TIME_WIDTH);
        }
    }

    #[test]
    fn states_line_up() {
        let cell = |proved, corrected| Cell { state: State::Closing, proved, corrected }.aligned();
        assert_eq!(cell(true, false), " CLOSING");
        assert_eq!(cell(false, false), "(CLOSING)");
        assert_eq!(cell(true, true), " CLOSING*");
        assert_eq!(cell(false, true), "(CLOSING)*");
    }

    #[test]
    fn times_of_day_are_utc() {
        assert_eq!(utc(1_700_000_000_123_456_789), "2023-11-14 22:13:20.123456 UTC");
    }
}
