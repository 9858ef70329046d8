//! Who began the close, and how we know (SPEC 8.2).

use anstyle::Style;
use fourwave_annotate::lang::Lang;
use fourwave_annotate::{By, Certainty, ConnectionModifier, Side, Wave};
use fourwave_dissector::FrameId;

use super::layout::Page;
use super::story::Story;
use super::{notation, words};

/// Prints the section.
pub fn print(page: &mut Page, lang: Lang, story: &Story) {
    let connection = &story.connection;
    let initiator = &connection.initiator;
    page.section(words::began_title(lang));
    let first = evidence(story).map(|(side, at)| (side, notation::frame(story, at)));
    let first = first.as_ref().map(|(side, number)| (*side, number.as_str()));
    page.paragraph("  ", Style::new(), &words::began(lang, initiator.peer, initiator.by, first));
    if initiator.peer.is_some() && initiator.certainty == Certainty::Likely {
        let mid_stream = connection.modifiers.contains(ConnectionModifier::MidStream);
        page.paragraph("  ", Style::new(), words::likely(lang, initiator.by, mid_stream));
    }
}

/// The segment that shows it: the first FIN, or the first reset that counts.
fn evidence(story: &Story) -> Option<(Side, FrameId)> {
    let connection = &story.connection;
    match connection.initiator.by? {
        By::Fin => Some((connection.initiator.first_seen?, connection.wave(Wave::First)?.at)),
        By::FinInferred => None,
        By::Rst => connection.resets.first().map(|reset| (reset.peer, reset.at)),
    }
}
