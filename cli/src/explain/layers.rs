//! The headers of the four waves, field by field: data link, network and transport layer.
//!
//! Reading headers is the dissector's work; this file gives the fields their names, and the numbers of TCP what
//! they mean in their connection.

use anstyle::Style;
use fourwave_annotate::lang::Label;
use fourwave_annotate::{Code, Lang, Wave};
use fourwave_dissector::fields::{self, Field};
use fourwave_dissector::tcp::Flags;
use fourwave_dissector::{Dissector, Layer, LayerKind, Packet, Segment, Visitor, Zone};

use super::layout::{Page, left, paint, width};
use super::story::{Kept, Shown, Story};
use super::words::headers;
use super::{notation, words};
use crate::terminal::style::{CLOSE, FAINT, STRONG};

const INDENT: &str = "    ";

/// Prints the section; nothing if no wave was seen.
pub fn print(page: &mut Page, lang: Lang, story: &Story) {
    if story.connection.waves.iter().all(Option::is_none) {
        return;
    }
    page.section(lang.label(Label::Layers));
    for &wave in Wave::ALL {
        let moment = story.connection.wave(wave);
        let place = moment.map_or_else(
            || words::wave_not_seen(lang, &story.connection.resets).to_owned(),
            |moment| words::frame(lang, &notation::frame(story, moment.at)),
        );
        page.blank();
        page.line(&format!("  {}", paint(CLOSE.bold(), &words::titled(lang, lang.wave(wave), &place))));
        let Some(moment) = moment else { continue };
        match story.at(moment.at).map(|shown| (shown, &shown.packet)) {
            Some((shown, Some(kept))) => print_packet(page, lang, story, shown, kept),
            Some((_, None)) => page.paragraph(INDENT, FAINT, headers::not_known_as_own(lang)),
            None => page.paragraph(INDENT, FAINT, headers::not_known_as_wave(lang)),
        }
    }
}

fn print_packet(page: &mut Page, lang: Lang, story: &Story, shown: &Shown, kept: &Kept) {
    for (kind, mut fields) in headers(shown, kept) {
        page.line(&format!("{INDENT}{}", paint(STRONG, &headers::layer(lang, kind))));
        if kind == LayerKind::Tcp {
            explain_numbers(lang, story, shown, &mut fields);
        }
        let names: Vec<String> = fields.iter().map(|field| headers::field(lang, kind, field.name)).collect();
        let column = names.iter().map(|name| width(name)).max().unwrap_or(0);
        for (name, field) in names.iter().zip(&fields) {
            page.paragraph(&format!("{INDENT}  {}  ", left(name, column)), Style::new(), &field.value);
        }
    }
}

/// The headers of the packet down to that of the segment.
fn headers(shown: &Shown, kept: &Kept) -> Vec<(LayerKind, Vec<Field>)> {
    let packet = Packet {
        at: shown.at,
        time_ns: shown.time_ns,
        link_type: kept.link_type,
        interface: 0,
        fcs_len: kept.fcs_len,
        len: kept.len,
        data: &kept.octets,
    };
    let mut reading = Reading { wanted: shown.layer, found: false, headers: Vec::new() };
    Dissector::new(Zone::Addresses).dissect(&packet, &mut reading);
    reading.headers
}

struct Reading {
    /// Which of the TCP headers of the packet ends the list.
    wanted: u8,
    found: bool,
    headers: Vec<(LayerKind, Vec<Field>)>,
}

impl Visitor for Reading {
    fn header(&mut self, layer: Layer<'_>) {
        if !self.found {
            self.headers.push((layer.kind, fields::fields(&layer)));
        }
    }

    fn segment(&mut self, segment: &Segment<'_>) {
        self.found |= segment.layer == self.wanted;
    }
}

/// Adds to the numbers of a TCP header what they mean in its connection.
fn explain_numbers(lang: Lang, story: &Story, shown: &Shown, fields: &mut [Field]) {
    let from = shown.said.from;
    for field in fields {
        match field.name {
            "sequence" => {
                field.value += &headers::relative(lang, story.origins.relative(from, shown.seq));
            }
            "acknowledgment" if shown.flags.contains(Flags::ACK) => {
                field.value += &headers::relative(lang, story.origins.relative(from.other(), shown.ack));
            }
            "window" if !shown.flags.contains(Flags::SYN) => {
                let scaled = story.origins.window_shift(from).map(|shift| u32::from(shown.window) << shift);
                field.value += &headers::scaled(lang, scaled);
            }
            _ => {}
        }
    }
}
