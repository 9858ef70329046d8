//! The ladder of a connection as a picture: the bands of the two peers, and what is between them.
//!
//! Each file places one part; `columns` and `rows` say where there is room. What the rungs are is decided by
//! `explain::rungs`.

use fourwave_annotate::lang::{Label, Lang};
use fourwave_annotate::{Code, Side, Wave};

use super::look::Look;
use super::shape::{Picture, Rect, Shape};
use crate::explain::rungs;
use crate::explain::story::Story;
use crate::explain::words;
use columns::{Columns, MARGIN};

mod arrows;
mod bands;
mod cards;
mod columns;
mod head;
mod legend;
mod rows;

pub use head::title;

/// The ladder of `story`.
pub fn draw(lang: Lang, story: &Story) -> Picture {
    let rungs = rungs::rungs(lang, story);
    let heads = [lang.label(Label::Frame), lang.label(Label::Time)];
    let columns = Columns::new(story, &rungs, heads, !story.connection.findings.is_empty());
    let mut shapes = Vec::new();
    let top = head::draw(&mut shapes, lang, &columns, story);
    let (rows, end) = rows::place(lang, &columns, &rungs, top);
    for side in [Side::Client, Side::Server] {
        bands::draw(&mut shapes, &columns, story, side, &rows, end);
    }
    for row in &rows {
        arrows::draw(&mut shapes, &columns, story, row);
    }
    let cards = cards::draw(&mut shapes, lang, &columns, story, &rows, top);
    let legend = legend::draw(&mut shapes, lang, &columns, story, &rungs, &rows, end.max(cards) + 16.0);
    let size = (columns.width.ceil(), (legend + MARGIN - 4.0).ceil());
    let paper = Rect { left: 0.0, top: 0.0, width: size.0, height: size.1 };
    shapes.insert(0, Shape::Rect(paper, 0.0, Look::Paper));
    Picture { size, lang, title: head::title(lang, story), description: description(lang, story), shapes }
}

/// The story in sentences: the path of each peer, and the waves.
fn description(lang: Lang, story: &Story) -> String {
    let mut sentences = Vec::new();
    for (side, path) in story.connection.path.iter() {
        let states: Vec<&str> = path.iter().map(|step| step.state.code()).collect();
        sentences.push(words::path(lang, side, &states));
    }
    for &wave in Wave::ALL {
        let shown = story.connection.wave(wave).and_then(|moment| story.at(moment.at));
        let Some(shown) = shown else { continue };
        let frame = crate::explain::notation::frame(story, shown.at);
        let caption = words::waves_caption(lang, [wave].into_iter().collect(), shown.said.from);
        sentences.extend(caption.map(|caption| words::in_frame(lang, &caption, &frame)));
    }
    words::paragraph(lang, &sentences)
}
