//! The ladder: the segments between the two peers with the states of both, as figures 12 and 13 of RFC 9293 draw
//! them.
//!
//! An arrow line never wraps: states take what they need, and the arrow what is left of the page.

use anstyle::Style;
use fourwave_annotate::lang::{Label, Lang};
use fourwave_annotate::{Modifier, Role, Side, State};
use fourwave_dissector::tcp::Flags;

use super::collect::{Scene, Shown, Story};
use super::layout::{Page, WIDTH, left, paint, right, width, wrap};
use super::notation::{self, Cell, FORMS, TIME_WIDTH};
use super::words;
use crate::terminal::style::{CLOSE, FAINT, RESET, STRONG};

/// An arrow is no longer than this: the eye has to follow it.
const LONGEST_ARROW: usize = 40;
/// Columns that an arrow needs beside its label: a head, two dashes, two blanks.
const ARROW_ENDS: usize = 5;

/// Draws the ladder of `story`.
pub fn draw(page: &mut Page, lang: Lang, story: &Story) {
    page.section(words::ladder_title(lang));
    let rungs = rungs(lang, story);
    let columns = Columns::for_rungs(lang, &rungs);
    columns.header(page, lang);
    for rung in &rungs {
        columns.draw(page, rung);
    }
    legend(page, lang, story, &rungs, columns.form > 0);
}

/// One line, or a few, of the ladder.
struct Rung {
    frame: String,
    time: String,
    /// What stands above the line.
    captions: Vec<(Style, String)>,
    /// The states of client and server; none beside a fold.
    cells: Option<(Cell, Cell)>,
    middle: Middle,
}

/// What stands between the states.
enum Middle {
    Nothing,
    Arrow(Arrow),
    /// Segments that are not shown.
    Fold(String),
    /// A timer or the end of the capture.
    Event(&'static str),
}

struct Arrow {
    from: Side,
    labels: [String; FORMS],
    style: Style,
    copy: bool,
    refused: bool,
}

fn rungs(lang: Lang, story: &Story) -> Vec<Rung> {
    let start = |side: Side| {
        let path = &story.connection.path[side];
        Cell::given(path.first().map_or(State::Unknown, |step| step.state))
    };
    let mut rungs =
        vec![Rung::still(String::new(), (start(Side::Client), start(Side::Server)), Middle::Nothing)];
    for scene in &story.scenes {
        rungs.push(match scene {
            Scene::Segment(shown) => Rung::segment(lang, story, shown),
            Scene::Fold(fold) => Rung {
                frame: String::new(),
                time: String::new(),
                captions: Vec::new(),
                cells: None,
                middle: Middle::Fold(words::folded(lang, fold)),
            },
            Scene::Expired(event) => {
                let cell = |side: Side| Cell::streamed(event.peers[side].after);
                let time = notation::seconds(story.since_start(event.time_ns));
                Rung::still(
                    time,
                    (cell(Side::Client), cell(Side::Server)),
                    Middle::Event(words::two_msl_over(lang)),
                )
            }
        });
    }
    rungs.extend(last_rung(lang, story));
    rungs
}

/// What comes after the last segment: the end of TIME-WAIT where the capture ends before it, or the end of the
/// capture where the connection goes on.
fn last_rung(lang: Lang, story: &Story) -> Option<Rung> {
    let end = &story.connection.end;
    let is_waiting = |side: Side| end[side].expected == State::TimeWait;
    let deadlines = story.connection.time_wait.iter().filter(|&(side, _)| is_waiting(side));
    if let Some(until_ns) = deadlines.filter_map(|(_, stay)| stay.map(|stay| stay.until_ns)).max() {
        let cell = |side: Side| {
            if is_waiting(side) {
                Cell { state: State::Closed, proved: false, corrected: false }
            } else {
                Cell::streamed(end[side])
            }
        };
        let time = notation::seconds(story.since_start(until_ns));
        let cells = (cell(Side::Client), cell(Side::Server));
        return Some(Rung::still(time, cells, Middle::Event(words::two_msl_over(lang))));
    }
    if end.client.expected.is_closed() && end.server.expected.is_closed() {
        return None;
    }
    let time = notation::seconds(story.since_start(story.end_of_capture_ns?));
    let cells = (Cell::streamed(end.client), Cell::streamed(end.server));
    Some(Rung::still(time, cells, Middle::Event(words::capture_ends(lang))))
}

impl Rung {
    /// A line without a segment.
    fn still(time: String, cells: (Cell, Cell), middle: Middle) -> Self {
        Self { frame: String::new(), time, captions: Vec::new(), cells: Some(cells), middle }
    }

    fn segment(lang: Lang, story: &Story, shown: &Shown) -> Self {
        let style = if shown.flags.contains(Flags::RST) {
            RESET
        } else if shown.said.waves.is_empty() {
            Style::new()
        } else {
            CLOSE
        };
        Self {
            frame: notation::frame(story, shown.at),
            time: notation::seconds(story.since_start(shown.time_ns)),
            captions: captions(lang, story, shown, style),
            cells: Some((Cell::after(story, shown, Side::Client), Cell::after(story, shown, Side::Server))),
            middle: Middle::Arrow(Arrow {
                from: shown.said.from,
                labels: notation::labels(story, shown),
                style,
                copy: notation::is_copy(shown),
                refused: is_refused(shown),
            }),
        }
    }
}

/// True if the receiver is not to accept the segment, or not to look at it.
fn is_refused(shown: &Shown) -> bool {
    shown.said.role.is_outsider()
        || shown.said.role == Role::RstIgnored
        || shown.said.modifiers.contains(Modifier::OldSeq)
}

impl Arrow {
    /// The longest form of the label that fits into an arrow of `columns`; the shortest, if none does.
    fn form(&self, columns: usize) -> usize {
        let fits = |label: &String| width(label) + ARROW_ENDS <= columns;
        self.labels.iter().position(fits).unwrap_or(FORMS - 1)
    }
}

/// The arrows of the ladder.
fn arrows(rungs: &[Rung]) -> impl Iterator<Item = &Arrow> {
    rungs.iter().filter_map(|rung| if let Middle::Arrow(arrow) = &rung.middle { Some(arrow) } else { None })
}

/// The greatest of `widths`, and `least` at least.
fn widest(least: usize, widths: impl Iterator<Item = usize>) -> usize {
    widths.fold(least, usize::max)
}

/// What is said above a segment: its waves or its role, and what is special about it.
fn captions(lang: Lang, story: &Story, shown: &Shown, style: Style) -> Vec<(Style, String)> {
    let role = story.role(shown);
    let mut captions = Vec::new();
    if let Some(waves) = words::waves_caption(lang, story.waves_at(shown.at), shown.said.from) {
        captions.push((style.bold(), waves));
    } else if role.is_teardown() {
        captions.push((style.bold(), words::capital(lang.role_short(role))));
    }
    let mut remarks: Vec<String> = Vec::new();
    if notation::is_copy(shown) {
        remarks.push(words::again(
            lang,
            shown.said.repeats.map(|first| notation::frame(story, first)).as_deref(),
        ));
    }
    remarks.extend(
        shown
            .said
            .modifiers
            .set
            .iter()
            .filter(|&word| is_remarkable(word))
            .map(|word| lang.modifier(word).to_owned()),
    );
    if !remarks.is_empty() {
        captions.push((FAINT, words::list(lang, &remarks)));
    }
    captions
}

/// True for what a reader has to know beside the role and the arrow.
fn is_remarkable(modifier: Modifier) -> bool {
    match modifier {
        Modifier::AcksUnseen
        | Modifier::MaybeAcksUnseenFin
        | Modifier::InfersUnseenFin
        | Modifier::LateCapture
        | Modifier::OldSeq
        | Modifier::AckInvalid
        | Modifier::GapBefore
        | Modifier::FillsGap
        | Modifier::Duplicate
        | Modifier::ZeroWindow
        | Modifier::ExactFin1
        | Modifier::InWindow
        | Modifier::OutOfWindow
        | Modifier::Unknown
        | Modifier::AnswersBadAck
        | Modifier::Reordered
        | Modifier::RstNotReceived
        | Modifier::FromTimeWait
        | Modifier::Evicted => true,
        Modifier::Data
        | Modifier::Retransmission
        | Modifier::AlreadyAcked
        | Modifier::Repeat
        | Modifier::Exact => false,
    }
}

/// Widths of the columns, and which form the labels take.
struct Columns {
    frame: usize,
    time: usize,
    client: usize,
    server: usize,
    arrow: usize,
    form: usize,
}

impl Columns {
    fn for_rungs(lang: Lang, rungs: &[Rung]) -> Self {
        let frame = widest(width(lang.label(Label::Frame)), rungs.iter().map(|rung| width(&rung.frame)));
        let time = widest(TIME_WIDTH, rungs.iter().map(|rung| width(&rung.time)));
        let cells = || rungs.iter().filter_map(|rung| rung.cells);
        let client = cells().map(|(client, _)| width(&client.aligned()));
        let client = widest(1 + width(lang.side(Side::Client)), client);
        let server = cells().map(|(_, server)| width(&server.aligned()));
        let server = widest(1 + width(lang.side(Side::Server)), server);
        let taken = frame + 2 + time + 2 + client + 1 + 1 + server;
        let arrow = WIDTH.saturating_sub(taken).min(LONGEST_ARROW);
        let form = arrows(rungs).map(|each| each.form(arrow)).max().unwrap_or(0);
        // The forms that lose something are left to those that need them.
        Self { frame, time, client, server, arrow, form: form.min(1) }
    }

    /// Columns before the client's state.
    const fn margin(&self) -> usize {
        self.frame + 2 + self.time + 2
    }

    fn header(&self, page: &mut Page, lang: Lang) {
        let header = format!(
            "{}  {}  {} {} {}",
            right(lang.label(Label::Frame), self.frame),
            right(lang.label(Label::Time), self.time),
            left(&format!(" {}", words::capital(lang.side(Side::Client))), self.client),
            " ".repeat(self.arrow),
            format_args!(" {}", words::capital(lang.side(Side::Server))),
        );
        page.line(&paint(STRONG, header.trim_end()));
    }

    fn draw(&self, page: &mut Page, rung: &Rung) {
        if !rung.captions.is_empty() || matches!(rung.middle, Middle::Event(_)) {
            page.blank();
        }
        for (style, caption) in &rung.captions {
            for line in wrap(caption, WIDTH - self.margin() - 1) {
                page.line(&format!("{}{}", " ".repeat(self.margin() + 1), paint(*style, &line)));
            }
        }
        let lead = format!("{}  {}  ", right(&rung.frame, self.frame), right(&rung.time, self.time));
        let Some((client, server)) = rung.cells else {
            if let Middle::Fold(text) = &rung.middle {
                let room = self.client + 1 + self.arrow + 1 + self.server;
                for line in wrap(&format!("... {text} ..."), room) {
                    let indent = room.saturating_sub(width(&line)) / 2;
                    page.line(&format!("{lead}{}{}", " ".repeat(indent), paint(FAINT, &line)));
                }
            }
            return;
        };
        let middle = match &rung.middle {
            Middle::Nothing | Middle::Fold(_) => " ".repeat(self.arrow),
            Middle::Arrow(arrow) => paint(arrow.style, &self.arrow(arrow)),
            Middle::Event(text) => paint(FAINT, &threaded(text, self.arrow, '.', true)),
        };
        page.line(&format!("{lead}{} {middle} {}", cell(client, self.client), cell(server, 0)));
    }

    /// An arrow of exactly the width of its column, if its label leaves room for a head.
    fn arrow(&self, arrow: &Arrow) -> String {
        let label = &arrow.labels[self.form.max(arrow.form(self.arrow))];
        let body = threaded(label, self.arrow.saturating_sub(1), '-', arrow.copy);
        let head = if arrow.refused {
            'x'
        } else if arrow.from == Side::Client {
            '>'
        } else {
            '<'
        };
        match arrow.from {
            Side::Client => format!("{body}{head}"),
            Side::Server => format!("{head}{body}"),
        }
    }
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
    let corrected = rungs
        .iter()
        .filter_map(|rung| rung.cells)
        .any(|(client, server)| client.corrected || server.corrected);
    let numbers = match (short, story.origins.is_certain()) {
        (true, _) => words::legend_short_numbers(lang),
        (false, true) => words::legend_numbers(lang),
        (false, false) => words::legend_numbers_without_syn(lang),
    };
    let mut sentences = vec![words::legend_states(lang), numbers];
    sentences.extend(corrected.then(|| words::legend_corrected(lang)));
    sentences.extend(arrows(rungs).any(|arrow| arrow.copy).then(|| words::legend_copies(lang)));
    sentences.extend(arrows(rungs).any(|arrow| arrow.refused).then(|| words::legend_refused(lang)));
    page.blank();
    for sentence in sentences {
        page.paragraph("  ", Style::new(), sentence);
    }
}
