//! The ladder: the segments between the two peers with the states of both, as figures 12 and 13 of RFC 9293 draw
//! them.
//!
//! An arrow line never wraps: states take what they need, and the arrow what is left of the page.

use anstyle::Style;
use fourwave_annotate::lang::{Label, Lang};
use fourwave_annotate::{Both, Code, Finding, Side};

use super::findings;
use super::layout::{Page, WIDTH, left, paint, right, width, wrap};
use super::notation::{self, Cell, FORMS, TIME_WIDTH};
use super::rungs::{self, Arrow, Line, Middle, Rung, Tone};
use super::story::Story;
use super::words;
use crate::terminal::style::{CLOSE, FAINT, RESET, STRONG};

/// An arrow is no longer than this: the eye has to follow it.
const LONGEST_ARROW: usize = 40;
/// Columns that an arrow needs beside its label: a head, two dashes, two blanks.
const ARROW_ENDS: usize = 5;

/// Draws the ladder of `story`.
pub fn draw(page: &mut Page, lang: Lang, story: &Story) {
    page.section(words::ladder_title(lang));
    let rungs = rungs::rungs(lang, story);
    let columns = Columns::for_rungs(lang, story, &rungs);
    columns.header(page, lang);
    // Each finding stands below the last segment that proves it.
    let findings = &story.connection.findings;
    let pinned: Vec<(Option<usize>, &Finding)> = findings
        .iter()
        .map(|finding| (rungs.iter().rposition(|rung| rung.proves(finding)), finding))
        .collect();
    for (place, rung) in rungs.iter().enumerate() {
        match rung {
            Rung::Line(line) => columns.line(page, lang, story, line),
            Rung::Fold(fold) => columns.fold(page, &words::folded(lang, fold, ["-->", "<--"])),
        }
        for (_, finding) in pinned.iter().filter(|(pin, _)| *pin == Some(place)) {
            columns.finding(page, lang, finding);
        }
    }
    legend(page, lang, story, &rungs, columns.form > 0);
}

/// Widths of the columns, and which form the labels take.
struct Columns {
    frame: usize,
    time: usize,
    states: Both<usize>,
    arrow: usize,
    form: usize,
}

impl Columns {
    fn for_rungs(lang: Lang, story: &Story, rungs: &[Rung]) -> Self {
        let frame =
            widest(width(lang.label(Label::Frame)), lines(rungs).map(|line| width(&frame(story, line))));
        let time = widest(TIME_WIDTH, lines(rungs).map(|line| width(&time(story, line))));
        let states = Both::from_fn(|side| {
            widest(1 + width(lang.side(side)), lines(rungs).map(|line| width(&line.cells[side].aligned())))
        });
        let taken = frame + 2 + time + 2 + states.client + 1 + 1 + states.server;
        let arrow = WIDTH.saturating_sub(taken).min(LONGEST_ARROW);
        let form = arrows(rungs).map(|each| form(each, arrow)).max().unwrap_or(0);
        // The forms that lose something are left to those that need them.
        Self { frame, time, states, arrow, form: form.min(1) }
    }

    /// Columns before the client's state.
    const fn margin(&self) -> usize {
        self.frame + 2 + self.time + 2
    }

    fn header(&self, page: &mut Page, lang: Lang) {
        let name = |side: Side| format!(" {}", words::capital(lang.side(side)));
        let (frame, time) =
            (right(lang.label(Label::Frame), self.frame), right(lang.label(Label::Time), self.time));
        let (client, gap) = (left(&name(Side::Client), self.states.client), " ".repeat(self.arrow));
        page.line(&paint(STRONG, &format!("{frame}  {time}  {client} {gap} {}", name(Side::Server))));
    }

    fn line(&self, page: &mut Page, lang: Lang, story: &Story, line: &Line) {
        let middle = match &line.middle {
            Middle::Nothing => " ".repeat(self.arrow),
            Middle::Arrow(arrow) => {
                self.captions(page, lang, arrow);
                paint(style(arrow.tone), &self.arrow(arrow))
            }
            Middle::Timer => self.event(page, words::two_msl_over(lang)),
            Middle::Successor(number) => self.event(page, &words::successor_begins(lang, *number)),
            Middle::End => self.event(page, words::capture_ends(lang)),
        };
        let (frame, time) = (right(&frame(story, line), self.frame), right(&time(story, line), self.time));
        let (client, server) = (cell(line.cells.client, self.states.client), cell(line.cells.server, 0));
        page.line(&format!("{frame}  {time}  {client} {middle} {server}"));
        self.dwell(page, line);
    }

    /// How long the states last, below them; what is too long reaches into the column of the arrows.
    fn dwell(&self, page: &mut Page, line: &Line) {
        let [client, server] =
            [Side::Client, Side::Server].map(|side| line.dwell[side].as_deref().unwrap_or_default());
        if !(client.is_empty() && server.is_empty()) {
            let below = self.margin() + self.states.client + 1 + self.arrow + 2;
            let client = format!("{}{client}", " ".repeat(self.margin() + 1));
            let client = left(&client, below.min(WIDTH.saturating_sub(width(server))));
            page.line(&paint(FAINT, format!("{client}{server}").trim_end()));
        }
    }

    /// A finding, told at length in its own section.
    fn finding(&self, page: &mut Page, lang: Lang, finding: &Finding) {
        let indent = " ".repeat(self.margin() + 1);
        let text = format!("^ [{}] {}", lang.severity(finding.severity), finding.id.code());
        page.paragraph(&indent, findings::colour(finding.severity), &text);
    }

    /// What stands above an arrow.
    fn captions(&self, page: &mut Page, lang: Lang, arrow: &Arrow) {
        let remarks = (!arrow.remarks.is_empty()).then(|| words::list(lang, &arrow.remarks));
        if arrow.caption.is_some() || remarks.is_some() {
            page.blank();
        }
        let indent = " ".repeat(self.margin() + 1);
        if let Some(caption) = &arrow.caption {
            page.paragraph(&indent, style(arrow.tone).bold(), caption);
        }
        if let Some(remarks) = &remarks {
            page.paragraph(&indent, FAINT, remarks);
        }
    }

    /// What happens without a segment.
    fn event(&self, page: &mut Page, text: &str) -> String {
        page.blank();
        paint(FAINT, &threaded(text, self.arrow, '.', true))
    }

    fn fold(&self, page: &mut Page, text: &str) {
        let room = self.states.client + 1 + self.arrow + 1 + self.states.server;
        for line in wrap(&format!("... {text} ..."), room) {
            let indent = self.margin() + room.saturating_sub(width(&line)) / 2;
            page.line(&format!("{}{}", " ".repeat(indent), paint(FAINT, &line)));
        }
    }

    /// An arrow as wide as its column.
    fn arrow(&self, arrow: &Arrow) -> String {
        let label = &arrow.labels[self.form.max(form(arrow, self.arrow))];
        let body = threaded(label, self.arrow.saturating_sub(1), '-', arrow.copy);
        match (arrow.from, arrow.refused) {
            (Side::Client, false) => format!("{body}>"),
            (Side::Client, true) => format!("{body}x"),
            (Side::Server, false) => format!("<{body}"),
            (Side::Server, true) => format!("x{body}"),
        }
    }
}

/// The number of the packet; empty without one.
fn frame(story: &Story, line: &Line) -> String {
    match &line.middle {
        Middle::Arrow(arrow) => notation::frame(story, arrow.at),
        Middle::Nothing | Middle::Timer | Middle::Successor(_) | Middle::End => String::new(),
    }
}

/// The time; empty without one.
fn time(story: &Story, line: &Line) -> String {
    line.time_ns.map_or_else(String::new, |time_ns| notation::seconds(story.since_start(time_ns)))
}

const fn style(tone: Tone) -> Style {
    match tone {
        Tone::Plain => Style::new(),
        Tone::Close => CLOSE,
        Tone::Reset => RESET,
    }
}

/// The longest form of a label that fits into an arrow of `columns`; the shortest, if none does.
fn form(arrow: &Arrow, columns: usize) -> usize {
    let fits = |label: &String| width(label) + ARROW_ENDS <= columns;
    arrow.labels.iter().position(fits).unwrap_or(FORMS - 1)
}

fn lines(rungs: &[Rung]) -> impl Iterator<Item = &Line> {
    rungs.iter().filter_map(|rung| match rung {
        Rung::Line(line) => Some(line),
        Rung::Fold(_) => None,
    })
}

fn arrows(rungs: &[Rung]) -> impl Iterator<Item = &Arrow> {
    lines(rungs).filter_map(|line| match &line.middle {
        Middle::Arrow(arrow) => Some(arrow),
        Middle::Nothing | Middle::Timer | Middle::Successor(_) | Middle::End => None,
    })
}

/// The greatest of `widths`, and `least` at least.
fn widest(least: usize, widths: impl Iterator<Item = usize>) -> usize {
    widths.fold(least, usize::max)
}

/// A state in its colour: what is only expected is faint.
fn cell(cell: Cell, columns: usize) -> String {
    let text = left(&cell.aligned(), columns);
    if cell.proved { text } else { paint(FAINT, &text) }
}

/// `text` in the middle of a line of `columns` columns; a `sparse` line leaves out every second bead.
fn threaded(text: &str, columns: usize, bead: char, sparse: bool) -> String {
    let free = columns.saturating_sub(width(text) + 2);
    let beads = |place: usize| if sparse && place % 2 == 1 { ' ' } else { bead };
    let before: String = (0..free / 2).rev().map(beads).collect();
    let after: String = (0..free - free / 2).map(beads).collect();
    format!("{before} {text} {after}")
}

fn legend(page: &mut Page, lang: Lang, story: &Story, rungs: &[Rung], short: bool) {
    let corrected = lines(rungs).any(|line| line.cells.iter().any(|(_, cell)| cell.corrected));
    let numbers = if short { words::legend_short_numbers(lang) } else { words::legend_numbers(lang) };
    let mut sentences = vec![words::legend_states(lang), numbers];
    sentences.extend(words::legend_without_syn(lang, story.origins.assumed()));
    sentences.extend(corrected.then(|| words::legend_corrected(lang)));
    sentences.extend(arrows(rungs).any(|arrow| arrow.copy).then(|| words::legend_copies(lang)));
    let proves = |finding| rungs.iter().any(|rung| rung.proves(finding));
    sentences.extend(story.connection.findings.iter().any(proves).then(|| words::legend_findings(lang)));
    sentences.extend(arrows(rungs).any(|arrow| arrow.refused).then(|| words::legend_refused(lang)));
    page.blank();
    for sentence in sentences {
        page.paragraph("  ", Style::new(), sentence);
    }
}
