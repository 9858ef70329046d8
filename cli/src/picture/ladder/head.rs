//! What stands above the ladder: how the connection ended, when it was recorded, who the two peers are.

use fourwave_annotate::Side;
use fourwave_annotate::lang::{Label, Lang};

use super::columns::{Columns, MARGIN};
use crate::explain::notation;
use crate::explain::story::Story;
use crate::explain::words;
use crate::picture::lines::{baseline, stack, text, wrap};
use crate::picture::look::Letters;
use crate::picture::shape::{Anchor, Shape};

/// Draws the head; returns where it ends.
pub fn draw(shapes: &mut Vec<Shape>, lang: Lang, columns: &Columns, story: &Story) -> f64 {
    let room = columns.width - 2.0 * MARGIN;
    let title = wrap(&title(lang, story), Letters::Title, room);
    let top = stack(shapes, MARGIN, MARGIN - 4.0, Anchor::Start, Letters::Title, &title);
    let recorded = wrap(&recorded(lang, story), Letters::Faint, room);
    let top = stack(shapes, MARGIN, top + 2.0, Anchor::Start, Letters::Faint, &recorded) + 14.0;
    let bottom = peer(shapes, lang, columns, story, Side::Client, top).max(peer(
        shapes,
        lang,
        columns,
        story,
        Side::Server,
        top,
    ));
    let y = baseline(bottom - Letters::Faint.leading(), Letters::Faint);
    for (x, label) in [(columns.frame, Label::Frame), (columns.time, Label::Time)] {
        shapes.push(text(x, y, Anchor::End, Letters::Faint, lang.label(label)));
    }
    bottom + 4.0
}

/// How the connection ended.
pub fn title(lang: Lang, story: &Story) -> String {
    let connection = &story.connection;
    let ended = words::ended(lang, lang.kind(connection.kind), connection.initiator.peer);
    words::title(lang, connection.number, &ended)
}

fn recorded(lang: Lang, story: &Story) -> String {
    let connection = &story.connection;
    let (first, last) = (connection.first, connection.last);
    let frames = (notation::frame(story, first.at), notation::frame(story, last.at));
    words::recorded(lang, &notation::utc(first.time_ns), story.length_ns(), &frames.0, &frames.1)
}

/// The name and address of a peer above its band; returns where they end.
fn peer(shapes: &mut Vec<Shape>, lang: Lang, columns: &Columns, story: &Story, side: Side, top: f64) -> f64 {
    let (x, anchor) = match side {
        Side::Client => (columns.bands.client.left, Anchor::Start),
        Side::Server => (columns.bands.server.right, Anchor::End),
    };
    let room = (columns.bands.server.right - columns.bands.client.left) / 2.0 - 8.0;
    let name = [words::capital(lang.side(side))];
    let address = wrap(&story.connection.addresses[side].to_string(), Letters::Number, room);
    let below = stack(shapes, x, top, anchor, Letters::Strong, &name);
    stack(shapes, x, below, anchor, Letters::Number, &address)
}
