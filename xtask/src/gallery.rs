//! The pictures of the documents: the gallery, which has each kind of ending with its ladder, the ladder of the
//! README, and the state diagram; each in every language.
//!
//! The program draws them, as anyone could; this file knows which flow script shows which kind, and what the pages of
//! the gallery look like. It must not know what is in a picture.

use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use fourwave_annotate::{Code, Kind, Lang};
use fourwave_tests::flow::Flow;
use fourwave_tests::{capture, here, run};

use crate::command::{cargo, target};

/// The folder of the gallery, below that of the documents.
pub const FOLDER: &str = "gallery";

/// The capture of the README's walk-through.
const WALK_THROUGH: &str = "captures/server-closes-first/capture.pcap";

/// Builds the program as it is built for the tests of the workspace, which need it too: with the same features of every
/// crate, so that nothing is compiled twice where both run.
const BUILD: [&str; 6] = ["test", "--workspace", "--test", "program", "--no-run", "--locked"];

/// Each kind, and the flow script that shows it, in the order of the pages: what is orderly, what is reset, what is
/// left open, what only the capture leaves open.
const ENDINGS: [(Kind, &str); Kind::ALL.len()] = [
    (Kind::FourWay, "close/four-way"),
    (Kind::ThreeSegment, "close/three-segment"),
    (Kind::HalfClose, "close/half-close-with-data"),
    (Kind::Simultaneous, "close/simultaneous"),
    (Kind::Reset, "reset/abort"),
    (Kind::FinThenResetByPeer, "reset/rst-instead-of-fin"),
    (Kind::FinThenResetByCloser, "reset/data-after-full-close"),
    (Kind::ResetDuringClose, "reset/fin-after-full-close"),
    (Kind::Refused, "open/refused"),
    (Kind::HandshakeReset, "open/cancelled"),
    (Kind::HandshakeIncomplete, "open/syn-unanswered"),
    (Kind::FinUnanswered, "loss/fin-unanswered"),
    (Kind::HalfClosedOpen, "close/half-closed"),
    (Kind::OpenAtEnd, "vantage/still-open"),
    (Kind::Superseded, "reuse/found-in-hindsight"),
    (Kind::OneWayClose, "vantage/client-side-only"),
    (Kind::OneWayOpen, "vantage/client-side-only-open"),
    (Kind::StrayOnly, "vantage/reset-of-nothing"),
];

/// Every file, with its path below the folder of the documents.
///
/// # Errors
/// The program that cannot be built, or the picture that cannot be made.
pub fn files() -> Result<Vec<(String, String)>, String> {
    cargo("pictures", &BUILD, &[])?;
    let program = Program(target().join("debug/fourwave"));
    let walk_through = fs::read(here(WALK_THROUGH)).map_err(|error| format!("{WALK_THROUGH}: {error}"))?;
    let exhibits =
        ENDINGS.into_iter().map(|(kind, script)| Exhibit::of(kind, script)).collect::<Result<Vec<_>, _>>()?;
    let mut files = Vec::new();
    for &lang in Lang::ALL {
        files.push((picture("ladder", lang), program.ladder(&walk_through, 1, lang)?));
        files.push((picture("states", lang), program.states(lang)?));
        files.push((format!("{FOLDER}/{}", page_name(lang)), page(&exhibits, lang)));
        for Exhibit { kind, capture, connection, .. } in &exhibits {
            let name = format!("{FOLDER}/{}", picture(kind.code(), lang));
            files.push((name, program.ladder(capture, *connection, lang)?));
        }
    }
    Ok(files)
}

/// A kind of ending and a connection that ends so.
struct Exhibit {
    kind: Kind,
    /// The flow script, below the folder of all.
    script: &'static str,
    /// The script as a capture.
    capture: Vec<u8>,
    /// Which connection of it.
    connection: u64,
}

impl Exhibit {
    fn of(kind: Kind, script: &'static str) -> Result<Self, String> {
        let text = fs::read_to_string(here(&format!("flows/{script}.flow")));
        let text = text.map_err(|error| format!("{script}: {error}"))?;
        let flow = Flow::parse(&text).map_err(|error| format!("{script}: {error}"))?;
        let connections = run::run(&flow).connections;
        let shown = connections.iter().find(|connection| connection.kind == kind);
        let connection = shown.ok_or_else(|| format!("{script}: no connection ends as `{kind}`"))?.number;
        Ok(Self { kind, script, capture: capture::pcap(&flow), connection })
    }
}

/// `fourwave`, built.
struct Program(PathBuf);

impl Program {
    fn ladder(&self, capture: &[u8], connection: u64, lang: Lang) -> Result<String, String> {
        self.draw(capture, &["--svg", "-", "--connection", &connection.to_string(), "--lang", lang.code()])
    }

    /// The diagram without a path: that of a capture without packets.
    fn states(&self, lang: Lang) -> Result<String, String> {
        self.draw(&capture::file(capture::ETHERNET, &[]), &["--states", "-", "--lang", lang.code()])
    }

    /// What `explain` draws of a capture. It comes by standard input, so that no picture can know the name of a file.
    fn draw(&self, capture: &[u8], options: &[&str]) -> Result<String, String> {
        let drawn = || {
            let mut explain = Command::new(&self.0);
            explain.args(["explain", "-"]).args(options).stdin(Stdio::piped()).stdout(Stdio::piped());
            let mut explain = explain.spawn()?;
            if let Some(mut input) = explain.stdin.take() {
                input.write_all(capture)?;
            }
            let output = explain.wait_with_output()?;
            if !output.status.success() {
                return Err(io::Error::other(output.status.to_string()));
            }
            String::from_utf8(output.stdout).map_err(io::Error::other)
        };
        drawn().map_err(|error| format!("fourwave explain {}: {error}", options.join(" ")))
    }
}

/// The file of a picture; English, as elsewhere, is what is meant where no language is named.
fn picture(name: &str, lang: Lang) -> String {
    match lang {
        Lang::En => format!("{name}.svg"),
        Lang::ZhHans => format!("{name}.{lang}.svg"),
    }
}

fn page_name(lang: Lang) -> String {
    match lang {
        Lang::En => "README.md".into(),
        Lang::ZhHans => format!("README.{lang}.md"),
    }
}

fn page(exhibits: &[Exhibit], lang: Lang) -> String {
    let (title, introduction, drawn_from) = match lang {
        Lang::En => (
            "How TCP connections end",
            "Every kind of ending, each as `fourwave explain --svg` draws it. Solid bands are states that the \
             segments prove, hatched ones are only expected. [中文](README.zh-CN.md)",
            "Drawn from ",
        ),
        Lang::ZhHans => (
            "TCP 连接是怎样结束的",
            "每一种结束方式各有一幅图，由 `fourwave explain --svg` 绘制。实色表示已由报文段证实的状态，斜线表示仅为预期的状态。\
             [English](README.md)",
            "所用脚本：",
        ),
    };
    let mut page = format!(
        "# {title}\n\n<!-- Generated from tests/flows by `cargo xtask docs`; edit there. -->\n\n{introduction}\n"
    );
    for Exhibit { kind, script, .. } in exhibits {
        let (name, sentence) = (lang.kind(*kind), lang.kind_sentence(*kind));
        let picture = picture(kind.code(), lang);
        page.push_str(&format!(
            "\n## {name} (`{kind}`)\n\n{sentence}\n\n![{name}]({picture})\n\n\
             {drawn_from}[{script}.flow](../../tests/flows/{script}.flow)\n"
        ));
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_in_the_gallery() {
        assert!(Kind::ALL.iter().all(|kind| ENDINGS.iter().any(|(shown, _)| shown == kind)));
    }
}
