//! Text for people: one aligned line a record, words in their language, colour where the terminal has it.
//!
//! A state is the expected one; where its peer has not proved it yet, the proved one stands before it,
//! `FIN-WAIT-1~FIN-WAIT-2`, or `UNKNOWN`. Times of day are UTC.

use std::fmt::{self, Write as _};
use std::io;
use std::mem;

use anstyle::Style;
use fourwave_annotate::lang::duration;
use fourwave_annotate::{
    Both, Bounds, Code, Connection, Context, FindingSet, Kind, Lang, Role, TimeWaitExpired, Wave,
};
use fourwave_dissector::FrameId;
use jiff::Timestamp;
use unicode_width::UnicodeWidthStr;

use super::{Annotated, Buffer, Format, Record};
use crate::filter::findings_of;
use crate::stats;
use crate::terminal::{Padded, style};

/// Columns that names of files may take before they push the rest of their line to the right.
const MOST_OF_A_NAME: usize = 40;

/// What stands between two waves that share a segment.
const AND: &str = " + ";

/// Lines for people.
pub struct Text {
    /// Columns for the name of the file; 0 where there is only one.
    file_width: usize,
    /// Columns for how a connection ended.
    kind_width: usize,
    /// The line that is being written; kept for its memory.
    line: String,
}

impl Text {
    /// Lines for the files of `context`.
    #[must_use]
    pub fn new(context: Context<'_>) -> Self {
        let longest = widest(context.files.iter().map(String::as_str));
        Self {
            file_width: if context.files.len() > 1 { longest.min(MOST_OF_A_NAME) } else { 0 },
            kind_width: widest(Kind::ALL.iter().map(|kind| context.lang.kind(*kind))),
            line: String::new(),
        }
    }

    fn segment(&self, to: &mut String, annotated: Annotated<'_>, context: Context<'_>) -> fmt::Result {
        let Annotated { segment, annotation, .. } = annotated;
        let lang = context.lang;
        let (from, to_side) = (annotation.from, annotation.from.other());
        self.place(to, Some(segment.at), segment.time_ns, annotation.connection, context)?;
        let direction = format!("{} → {}", lang.side(from), lang.side(to_side));
        write!(to, "{}  {:<11}  ", Padded(&direction, 15), segment.tcp.flags.to_string())?;
        let role = lang.role_short(annotation.role);
        styled(to, style_of(annotation.role), &Padded(role, 26))?;
        let waves: Vec<_> = annotation.waves.iter().map(|wave| lang.wave(wave)).collect();
        write!(to, " {} ", Padded(&waves.join(AND), wave_width(lang)))?;
        states(to, annotation.peers.client.after, annotation.peers.server.after)?;
        annotation.modifiers.for_each(|code, number| {
            let number = number.map(|number| format!(":{number}")).unwrap_or_default();
            // Writing to a string cannot fail.
            let _ = write!(to, " {code}{number}");
        });
        findings(to, lang, annotation.findings)
    }

    fn event(&self, to: &mut String, event: &TimeWaitExpired, context: Context<'_>) -> fmt::Result {
        let lang = context.lang;
        self.place(to, None, event.time_ns, event.connection, context)?;
        write!(to, "{}  {:<11}  ", Padded(lang.side(event.peer), 15), "")?;
        styled(to, style::FAINT, &Padded(lang.role_short(Role::TimeWaitExpired), 26))?;
        write!(to, " {} ", Padded("", wave_width(lang)))?;
        states(to, event.peers.client.after, event.peers.server.after)
    }

    fn connection(&self, to: &mut String, connection: &Connection, lang: Lang) -> fmt::Result {
        let Both { client, server } = connection.addresses;
        let first = Timestamp::from_nanosecond(connection.first.time_ns.into()).unwrap_or_default();
        write!(to, "{:<5} {first:.6}  ", format!("#{}", connection.number))?;
        write!(to, "{} ", Padded(&format!("{client} → {server}"), 44))?;
        let end = if connection.resets.is_empty() { style::CLOSE } else { style::RESET };
        styled(to, end, &Padded(lang.kind(connection.kind), self.kind_width))?;
        let began = match (connection.initiator.peer, connection.initiator.by) {
            (Some(who), Some(by)) => {
                let (who, by) = (lang.who(who), lang.by(by));
                say!(lang, format!("{who}, {by}"), format!("{who}，{by}"))
            }
            (Some(who), None) => lang.who(who).to_owned(),
            (None, _) => String::from("–"),
        };
        let took = connection.durations.teardown.map(duration).unwrap_or_default();
        write!(to, " {} {} ", Padded(&began, 22), Padded(&took, 9))?;
        states(to, connection.end.client, connection.end.server)?;
        for modifier in connection.modifiers.iter() {
            write!(to, " {modifier}")?;
        }
        findings(to, lang, findings_of(connection))
    }

    /// What every line about a packet begins with.
    fn place(
        &self,
        to: &mut String,
        at: Option<FrameId>,
        time_ns: i64,
        connection: u64,
        context: Context<'_>,
    ) -> fmt::Result {
        if self.file_width > 0 {
            let file = at.and_then(|at| context.files.get(at.file() as usize));
            write!(to, "{} ", Padded(file.map_or("", String::as_str), self.file_width))?;
        }
        let frame = at.map(|at| at.frame().to_string()).unwrap_or_default();
        write!(to, "{frame:>7}  {}  {:<5} ", TimeOfDay(time_ns), format!("#{connection}"))
    }
}

impl Format for Text {
    fn record(&mut self, record: Record<'_>, context: Context<'_>, to: &mut Buffer) -> io::Result<()> {
        let mut line = mem::take(&mut self.line);
        line.clear();
        let written = match record {
            Record::Segment(annotated) => self.segment(&mut line, annotated, context),
            Record::Event(event) => self.event(&mut line, event, context),
            Record::Connection(connection) => self.connection(&mut line, connection, context.lang),
            Record::Stats(stats) => stats::write(stats, context.lang, &mut line),
        };
        written.map_err(io::Error::other)?;
        to.extend_from_slice(line.trim_end().as_bytes());
        to.push(b'\n');
        self.line = line;
        Ok(())
    }
}

/// Columns of the widest of these texts.
fn widest<'a>(texts: impl Iterator<Item = &'a str>) -> usize {
    texts.map(UnicodeWidthStr::width).max().unwrap_or_default()
}

/// Columns for the waves of a segment: waves 2 and 3 can share one.
fn wave_width(lang: Lang) -> usize {
    [lang.wave(Wave::Second), AND, lang.wave(Wave::Third)].iter().map(|text| text.width()).sum()
}

/// Client's and server's states.
fn states(to: &mut String, client: Bounds, server: Bounds) -> fmt::Result {
    write!(to, "{:<23} {:<23}", state(client), state(server))
}

fn state(Bounds { confirmed, expected }: Bounds) -> String {
    if confirmed == expected { expected.code().to_owned() } else { format!("{confirmed}~{expected}") }
}

fn findings(to: &mut String, lang: Lang, findings: FindingSet) -> fmt::Result {
    for id in findings.iter() {
        to.write_char(' ')?;
        styled(to, style::NOTE, &format_args!("[{}]", lang.finding_title(id)))?;
    }
    Ok(())
}

fn styled(to: &mut String, style: Style, what: &impl fmt::Display) -> fmt::Result {
    write!(to, "{style}{what}{style:#}")
}

fn style_of(role: Role) -> Style {
    if !role.is_teardown() {
        style::FAINT
    } else if role.code().starts_with("rst-") {
        style::RESET
    } else {
        style::CLOSE
    }
}

/// A time of day, UTC, to the microsecond.
struct TimeOfDay(i64);

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const MICROSECONDS_A_DAY: i64 = 24 * 3600 * 1_000_000;
        let time = self.0.div_euclid(1000).rem_euclid(MICROSECONDS_A_DAY);
        let (seconds, fraction) = (time / 1_000_000, time % 1_000_000);
        write!(f, "{:02}:{:02}:{:02}.{fraction:06}", seconds / 3600, seconds / 60 % 60, seconds % 60)
    }
}

#[cfg(test)]
mod tests {
    use fourwave_annotate::State;

    use super::*;

    #[test]
    fn a_proved_state_behind_the_expected_one_is_shown() {
        let bounds = |confirmed, expected| state(Bounds { confirmed, expected });
        assert_eq!(bounds(State::FinWait1, State::FinWait2), "FIN-WAIT-1~FIN-WAIT-2");
        assert_eq!(bounds(State::FinWait2, State::FinWait2), "FIN-WAIT-2");
    }

    #[test]
    fn a_state_that_nothing_proves_is_not_shown_as_if_it_were_proved() {
        let bounds = |confirmed, expected| state(Bounds { confirmed, expected });
        assert_eq!(bounds(State::Unknown, State::FinWait2), "UNKNOWN~FIN-WAIT-2");
        assert_eq!(bounds(State::Unknown, State::Unknown), "UNKNOWN");
    }

    #[test]
    fn times_of_day_also_before_1970() {
        assert_eq!(TimeOfDay(1_700_000_001_020_000_999).to_string(), "22:13:21.020000");
        assert_eq!(TimeOfDay(-1).to_string(), "23:59:59.999999");
    }
}
