//! `report`: one page about everything that was read.

use fourwave_annotate::{Annotation, Connection, Fields, Observer, TimeWaitExpired, is_harmful};
use fourwave_dissector::Segment;

use super::{Session, Usage, check_time};
use crate::args::{FilterArgs, Format, ReportArgs};
use crate::filter::Filter;
use crate::follow::{Consumer, Pieces};
use crate::page::{self, Report};
use crate::run::End;
use crate::stop::Stop;

/// Runs the command.
///
/// # Errors
/// When the output is a terminal, or cannot be written.
pub fn report(args: &ReportArgs, stop: &Stop) -> anyhow::Result<End> {
    check_time(&args.filter)?;
    // A page is no more text for a terminal than JSON is.
    let format = Some(Format::Jsonl);
    let session = Session::new(&args.inputs, &args.engine, format, &args.result, None, Fields::ALL, stop)?;
    if session.on_terminal {
        return Err(Usage("a page is not for a terminal; expected -o FILE.html, or a pipe".into()).into());
    }
    session.print("report", &(), false, |output, reading| {
        let mut gather = Gather { filter: Filter::new(&args.filter), report: Report::new() };
        let outcome = reading.read(&mut gather);
        let run = page::Run {
            surroundings: session.surroundings(session.archive.names.clone()),
            end: outcome.end,
            totals: outcome.totals.clone(),
            inputs: args.inputs.inputs.iter().map(|input| argument(&input.to_string_lossy())).collect(),
            options: args.engine.words(),
            is_filtered: args.filter.is_any(),
        };
        output.write(&gather.report.page(run)?);
        Ok(outcome)
    })
}

/// A report about the connections that pass the filters.
struct Gather {
    filter: Filter,
    report: Report,
}

impl Observer for Gather {
    fn segment(&mut self, segment: &Segment<'_>, annotation: &Annotation) {
        self.filter.note(segment, annotation);
        self.report.segment(segment, annotation);
    }

    fn revised(&mut self, segment: &Segment<'_>, annotation: &Annotation) {
        self.filter.note(segment, annotation);
        self.report.revised(segment, annotation);
    }

    fn time_wait_expired(&mut self, event: &TimeWaitExpired) {
        self.filter.note_event(event);
        self.report.time_wait_expired(event);
    }

    fn connection(&mut self, connection: &Connection) {
        let is_wanted = self.filter.keeps_connection(connection);
        self.report.connection(connection, is_wanted);
    }
}

impl Pieces for Gather {}

impl Consumer for Gather {
    fn capture(&mut self) {
        self.report.capture();
    }
}

impl FilterArgs {
    /// Whether any filter is given.
    fn is_any(&self) -> bool {
        let Self { kind, role, finding, host, port, connection, from, to } = self;
        !(kind.is_empty()
            && role.is_empty()
            && finding.is_empty()
            && host.is_empty()
            && port.is_empty()
            && connection.is_empty()
            && from.is_empty()
            && to.is_empty())
    }
}

/// An input as it is named on a command line: never an option.
fn argument(input: &str) -> String {
    if input.starts_with('-') && input != "-" { quoted(&format!("./{input}")) } else { quoted(input) }
}

/// A word of a command line as a POSIX shell takes it.
fn quoted(word: &str) -> String {
    let is_plain = |character: char| character.is_alphanumeric() || "-_./:@%+=,".contains(character);
    if !word.is_empty() && word.chars().all(is_plain) {
        word.to_owned()
    } else if word.contains(is_harmful) {
        format!("$'{}'", dollar_quoted(word))
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

/// What stands in `$'…'` (POSIX.1-2024) for a word, so that nothing in it is harmful.
fn dollar_quoted(word: &str) -> String {
    let mut safe = String::new();
    for character in word.chars() {
        match character {
            '\'' | '\\' => safe.extend(['\\', character]),
            // Octal: three digits and no more, whatever follows.
            harmful if is_harmful(harmful) => {
                for octet in harmful.to_string().bytes() {
                    safe.push_str(&format!("\\{octet:03o}"));
                }
            }
            other => safe.push(other),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_where_a_shell_would_take_them_apart() {
        for (word, expected) in [
            ("captures/a.pcap", "captures/a.pcap"),
            ("-", "-"),
            ("", "''"),
            ("two words", "'two words'"),
            ("it's", r"'it'\''s'"),
            ("$(reboot)", "'$(reboot)'"),
            ("it's\\ \u{1b}7\n\u{202e}", r"$'it\'s\\ \0337\012\342\200\256'"),
        ] {
            assert_eq!(quoted(word), expected);
        }
    }

    #[test]
    fn no_input_looks_like_an_option() {
        for (input, expected) in [("-x", "./-x"), ("-", "-"), ("--all now", "'./--all now'")] {
            assert_eq!(argument(input), expected);
        }
    }
}
