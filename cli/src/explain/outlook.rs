//! What can come next if the connection is not over (SPEC 9), and no other has its addresses and ports.

use anstyle::Style;
use fourwave_annotate::lang::Lang;
use fourwave_annotate::{Next, Side};

use super::layout::{Page, paint};
use super::story::Story;
use super::words;
use crate::terminal::style::{FAINT, STRONG};

/// Prints the section; nothing if both peers are closed or only wait for 2 MSL, or if another connection followed.
pub fn print(page: &mut Page, lang: Lang, story: &Story) {
    let end = &story.connection.end;
    let is_at_rest = |side: Side| end[side].expected.is_at_rest();
    if story.successor.is_some() || is_at_rest(Side::Client) && is_at_rest(Side::Server) {
        return;
    }
    page.section(words::next_title(lang));
    for side in [Side::Client, Side::Server].into_iter().filter(|&side| !is_at_rest(side)) {
        let state = end[side].expected;
        page.line(&format!("  {}", paint(STRONG, &words::in_state(lang, side, state))));
        page.paragraph("    ", FAINT, lang.state_phrase(state));
        let duties: Vec<&str> = story
            .shown()
            .next_back()
            .map(|shown| shown.said.owes[side].iter().map(|duty| lang.duty(duty)).collect())
            .unwrap_or_default();
        if !duties.is_empty() {
            page.paragraph("    ", Style::new(), &words::owes(lang, &duties));
        }
        for &next in Next::after(state) {
            page.paragraph("    ", Style::new(), &words::step(lang, next, state));
        }
    }
}
