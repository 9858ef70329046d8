//! A story as a ladder, in the layout of RFC 9293 figures 12 and 13: the client's state, the segment, the
//! server's state. Each state is that after the segment, `confirmed/expected`, or one word if they are equal.

use std::fmt::Write;

use fourwave_annotate::{Annotation, Bounds, Code, Connection, Revision, Side, Step, TimeWaitExpired, Who};
use fourwave_dissector::tcp::Flags;

use crate::notation::{list, seconds};
use crate::run::{Entry, Seen, Story};

/// Draws the ladder of `story`, and below it what is said of each connection.
#[must_use]
pub fn draw(title: &str, story: &Story) -> String {
    let mut text = format!("{title}\n\n{:20}{:77}server\n", "", "client");
    for entry in &story.entries {
        match entry {
            Entry::Segment(seen, said) => segment(&mut text, seen, said),
            Entry::Expired(event) => expired(&mut text, event),
        }
    }
    for connection in &story.connections {
        let _ = writeln!(text);
        describe(&mut text, connection);
    }
    text
}

fn segment(text: &mut String, seen: &Seen, said: &Annotation) {
    let mut words = vec![said.role.to_string()];
    words.extend(said.waves.iter().map(|wave| format!("wave {}", wave.number())));
    said.modifiers.for_each(|code, number| {
        words.push(number.map_or_else(|| format!("+{code}"), |number| format!("+{code} {number}")));
    });
    words.extend(said.acks_fin.map(|fin| format!("acknowledges the FIN of {}", fin.frame())));
    words.extend(said.repeats.map(|first| format!("repeats {}", first.frame())));
    for (side, duties) in said.owes.iter().filter(|(_, duties)| !duties.is_empty()) {
        words.push(format!("{side} owes {}", list(duties.iter(), " and ")));
    }
    words.extend(said.findings.iter().map(|finding| format!("({finding})")));
    let arrow = match said.from {
        Side::Client => "-->",
        Side::Server => "<--",
    };
    let _ = writeln!(
        text,
        "{:3}. {:>12}   {:26} {arrow} {:42} {arrow}  {:26} {}",
        seen.frame,
        seconds(seen.time_ns),
        bounds(said.peers.client.after),
        header(seen),
        bounds(said.peers.server.after),
        words.join(", ")
    );
}

fn expired(text: &mut String, event: &TimeWaitExpired) {
    let _ = writeln!(
        text,
        "     {:>12}   {:77}{:26} 2 MSL are over for the {}",
        seconds(event.time_ns),
        bounds(event.peers.client.after),
        bounds(event.peers.server.after),
        event.peer
    );
}

fn header(seen: &Seen) -> String {
    let names = [
        (Flags::SYN, "SYN"),
        (Flags::FIN, "FIN"),
        (Flags::RST, "RST"),
        (Flags::PSH, "PSH"),
        (Flags::ACK, "ACK"),
    ];
    let mut text = format!("<SEQ={}>", seen.seq);
    if seen.flags.contains(Flags::ACK) {
        let _ = write!(text, "<ACK={}>", seen.ack);
    }
    if seen.len > 0 {
        let _ = write!(text, "<LEN={}>", seen.len);
    }
    let set = names.iter().filter(|(flag, _)| seen.flags.contains(*flag)).map(|(_, name)| name);
    let _ = write!(text, "<CTL={}>", list(set, ","));
    text
}

fn describe(text: &mut String, connection: &Connection) {
    let initiator = &connection.initiator;
    let who = initiator.peer.map_or("nobody", Code::code);
    let by = initiator.by.map_or(String::new(), |by| format!(" by {by}"));
    let both = initiator.first_seen.filter(|_| initiator.peer == Some(Who::Both));
    let first = both.map_or(String::new(), |side| format!(", {side} seen first"));
    let rows = [
        ("kind", connection.kind.to_string()),
        ("initiator", format!("{who}{by}{first}, {}", initiator.certainty)),
        ("client by", connection.client_basis.to_string()),
        ("modifiers", list(connection.modifiers.iter(), ", ")),
        ("waves", waves(connection)),
        ("durations", durations(connection)),
        ("time-wait", time_wait(connection)),
        ("half-close", count(connection.half_close_bytes)),
        ("segments", format!("client {}, server {}", connection.segments.client, connection.segments.server)),
        ("octets", format!("client {}, server {}", connection.bytes.client, connection.bytes.server)),
        ("client", path(&connection.path.client)),
        ("server", path(&connection.path.server)),
        (
            "end",
            format!("client {}, server {}", bounds(connection.end.client), bounds(connection.end.server)),
        ),
        ("resets", resets(connection)),
        ("retro", list(connection.retro.iter().map(|retro| revision(retro.at.frame(), retro.what)), ", ")),
    ];
    let _ = writeln!(text, "connection {}, incarnation {}", connection.number, connection.incarnation);
    for (name, value) in rows.iter().filter(|(_, value)| !value.is_empty()) {
        let _ = writeln!(text, "  {name:12}{value}");
    }
    for finding in &connection.findings {
        let frames = list(finding.frames.iter().map(|at| at.frame()), ", ");
        let _ = writeln!(
            text,
            "  {:12}{} ({}, {}) at {frames}",
            "finding", finding.id, finding.severity, finding.certainty
        );
    }
}

fn waves(connection: &Connection) -> String {
    let numbered = connection.waves.iter().zip(1..);
    list(
        numbered.filter_map(|(wave, number)| wave.map(|wave| format!("{number} at {}", wave.at.frame()))),
        ", ",
    )
}

fn durations(connection: &Connection) -> String {
    let durations = &connection.durations;
    let named = [
        ("fin1-ack", durations.fin1_ack),
        ("close-wait", durations.close_wait),
        ("last-ack", durations.last_ack),
        ("teardown", durations.teardown),
    ];
    let mut known: Vec<_> =
        named.iter().filter_map(|(name, ns)| ns.map(|ns| format!("{name} {}", seconds(ns)))).collect();
    if connection.close_wait_merged {
        known.push("close-wait merged".into());
    }
    known.join(", ")
}

fn time_wait(connection: &Connection) -> String {
    let stays = connection.time_wait.iter().filter_map(|(side, stay)| stay.map(|stay| (side, stay)));
    let stays = stays
        .map(|(side, stay)| format!("{side} from {} to {}", seconds(stay.from_ns), seconds(stay.until_ns)));
    list(stays, ", ")
}

fn count(octets: u64) -> String {
    if octets == 0 { String::new() } else { format!("{octets} octets") }
}

fn resets(connection: &Connection) -> String {
    let resets = connection.resets.iter();
    list(
        resets.map(|reset| {
            format!("{} by the {} at {} ({})", reset.role, reset.peer, reset.at.frame(), reset.form)
        }),
        ", ",
    )
}

fn path(steps: &[Step]) -> String {
    let step = |step: &Step| match step.at {
        Some(at) => format!("{} {}", step.state, at.frame()),
        None => step.state.to_string(),
    };
    list(steps.iter().map(step), ", ")
}

fn revision(frame: u64, what: Revision) -> String {
    match what {
        Revision::Role { was, is } => format!("{frame} was {was}, is {is}"),
        Revision::Moved { was, is, connection } => {
            format!("{frame} was {was}, is {is} of connection {connection}")
        }
        Revision::InferenceWithdrawn => format!("{frame} withdraws the inferred FIN"),
    }
}

fn bounds(bounds: Bounds) -> String {
    if bounds.confirmed == bounds.expected {
        bounds.confirmed.to_string()
    } else {
        format!("{}/{}", bounds.confirmed, bounds.expected)
    }
}
