//! Pictures: the ladder of a connection as SVG.
//!
//! | File | Knows |
//! |---|---|
//! | `shape` | shapes with places, and the picture they make |
//! | `look` | colours, patterns, fonts |
//! | `measure`, `lines` | how wide text is; text in lines |
//! | `svg` | how shapes are written; escaping |
//! | `ladder/` | where the parts of a ladder stand |
//!
//! What is shown is decided by `explain`; nothing here decides anything about TCP.

pub mod ladder;
mod lines;
mod look;
mod measure;
mod shape;
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
