//! Pictures: the ladder of a connection, and the state diagram with its paths, as SVG.
//!
//! | File | Knows |
//! |---|---|
//! | `shape` | shapes with places, and the picture they make |
//! | `look` | colours, patterns, fonts |
//! | `measure`, `lines` | how wide text is; text in lines |
//! | `svg` | how shapes are written; escaping |
//! | `arrow` | lines with a head |
//! | `ladder/` | where the parts of a ladder stand |
//! | `states/` | the state diagram |
//!
//! What is shown is decided by `explain`; nothing here decides anything about TCP.

mod arrow;
mod ladder;
mod lines;
mod look;
mod measure;
mod shape;
mod states;
mod svg;
#[cfg(test)]
mod tests;

use fourwave_annotate::Lang;

use crate::explain::story::Story;

pub use look::{definitions, page_style};
pub use svg::Setting;

/// The ladder of a connection as SVG.
pub fn ladder(lang: Lang, story: &Story, setting: Setting) -> String {
    svg::write(&ladder::draw(lang, story), setting)
}

/// The state diagram as an SVG document, with the paths of a connection if there is one.
pub fn states(lang: Lang, story: Option<&Story>) -> String {
    svg::write(&states::draw(lang, story), svg::Setting::File)
}
