//! From script, style and data to one file. It must not know what the data say.
//!
//! Data are packed (zlib, then base64), so nothing that a capture holds can end the element that it stands in. What
//! the browser may do is said by a Content-Security-Policy: run this script, use this style, and nothing else.

use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use fourwave_annotate::{Code, Lang};
use sha2::{Digest, Sha256};

use crate::picture;

const TEMPLATE: &str = include_str!("page.html");
/// The style of the page; that of pictures is added.
const STYLE: &str = include_str!("page.css");

/// One script, a file an idea.
pub const SCRIPT: &str = concat!(
    include_str!("script/words.js"),
    include_str!("script/element.js"),
    include_str!("script/data.js"),
    include_str!("script/route.js"),
    include_str!("script/charts.js"),
    include_str!("script/overview.js"),
    include_str!("script/selection.js"),
    include_str!("script/table.js"),
    include_str!("script/records.js"),
    include_str!("script/detail.js"),
    include_str!("script/main.js"),
);

/// Data that the script finds by their name.
pub struct Data {
    /// The name.
    pub name: String,
    /// What [`packed`] made of them.
    pub packed: String,
}

/// The page that shows `data`, at first in this language.
#[must_use]
pub fn page(lang: Lang, data: &[Data]) -> Vec<u8> {
    let (before, after) = TEMPLATE.split_once("<!-- data -->").unwrap_or((TEMPLATE, ""));
    let style = format!("{STYLE}{}", picture::page_style());
    let before = before
        .replace("{lang}", lang.code())
        .replace("{script-hash}", &hash(SCRIPT))
        .replace("{style-hash}", &hash(&style))
        .replace("/* style */", &style)
        .replace("<!-- definitions -->", picture::definitions());
    let after = after.replace("/* script */", SCRIPT);
    let mut page = before.into_bytes();
    for Data { name, packed } in data {
        page.extend_from_slice(b"<script type=\"application/octet-stream\" id=\"");
        page.extend_from_slice(name.as_bytes());
        page.extend_from_slice(b"\">");
        page.extend_from_slice(packed.as_bytes());
        page.extend_from_slice(b"</script>\n");
    }
    page.extend_from_slice(after.as_bytes());
    page
}

/// Data as they stand in a page: zlib, base64.
#[must_use]
pub fn packed(octets: &[u8]) -> String {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    // Writing to memory cannot fail.
    let written = encoder.write_all(octets).and_then(|()| encoder.finish());
    STANDARD.encode(written.unwrap_or_default())
}

/// What a Content-Security-Policy calls a text by.
fn hash(text: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_left_to_be_filled_in() {
        let page = String::from_utf8(page(Lang::ZhHans, &[])).unwrap();
        for place in ["{lang}", "{script-hash}", "{style-hash}", "/* style */", "/* script */", "<!--"] {
            assert!(!page.contains(place), "{place}");
        }
        assert!(page.contains("<html lang=\"zh-CN\">"));
    }

    #[test]
    fn what_the_browser_hashes_is_what_was_hashed() {
        let page = String::from_utf8(page(Lang::En, &[])).unwrap();
        for (start, end) in [("<style>", "</style>"), ("<script type=\"module\">", "</script>")] {
            let (_, rest) = page.split_once(start).unwrap();
            let (text, _) = rest.split_once(end).unwrap();
            assert!(page.contains(&hash(text)), "{start}");
        }
    }

    #[test]
    fn the_script_makes_no_html_of_text() {
        for way in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "Function("] {
            assert!(!SCRIPT.contains(way), "{way}");
        }
        for way in ["fetch(", "XMLHttpRequest", "WebSocket", "import(", "http://", "https://"] {
            assert!(!SCRIPT.replace("http://www.w3.org/2000/svg", "").contains(way), "{way}");
        }
    }
}
