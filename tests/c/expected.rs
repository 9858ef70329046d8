//! What `capture.c` must print of a capture, from what the engine says in this process.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::path::Path;

use fourwave_annotate::{
    Annotation, Both, Change, Code, Connection, Engine, Lang, Observer, Options, Role, TimeWaitExpired, Wave,
};
use fourwave_dissector::Segment;
use fourwave_tests::reading::read;

pub fn transcript(capture: &Path, lang: Lang) -> String {
    let mut said = Said {
        lang,
        text: String::new(),
        timers: String::new(),
        revised: String::new(),
        annotations: String::new(),
        connections: String::new(),
    };
    let mut engine = Engine::new(Options::default());
    read(capture, |segment| {
        engine.push(segment, &mut said);
        said.end_call();
    });
    engine.finish(&mut said);
    said.end_call();
    said.text
}

/// Of one call the timers come first, then what is revised, and the connections last.
struct Said {
    lang: Lang,
    text: String,
    timers: String,
    revised: String,
    annotations: String,
    connections: String,
}

impl Said {
    fn end_call(&mut self) {
        for part in [&mut self.timers, &mut self.revised, &mut self.annotations, &mut self.connections] {
            self.text.push_str(&std::mem::take(part));
        }
    }

    fn annotated(&self, segment: &Segment<'_>, annotation: &Annotation) -> String {
        let Annotation { role, waves, peers, .. } = annotation;
        let waves: String = waves.iter().map(|wave: Wave| format!("  wave {}", wave.code())).collect();
        format!(
            "{}  {}  {}{waves}\n{}",
            segment.at.frame(),
            endpoints(segment.src, segment.dst),
            word(*role, self.lang.role_short(*role)),
            states(peers),
        )
    }
}

impl Observer for Said {
    fn segment(&mut self, segment: &Segment<'_>, annotation: &Annotation) {
        self.annotations += &self.annotated(segment, annotation);
    }

    fn revised(&mut self, segment: &Segment<'_>, annotation: &Annotation) {
        let annotated = self.annotated(segment, annotation);
        self.revised += &format!("connection {} begins earlier, with  {annotated}", annotation.connection);
    }

    fn time_wait_expired(&mut self, event: &TimeWaitExpired) {
        let role = Role::TimeWaitExpired;
        self.timers += &format!(
            "connection {}, {}  {}\n{}",
            event.connection,
            self.lang.side(event.peer),
            word(role, self.lang.role_short(role)),
            states(&event.peers),
        );
    }

    fn connection(&mut self, it: &Connection) {
        let (text, lang) = (&mut self.connections, self.lang);
        let _ = writeln!(
            text,
            "connection {}  {}  {}",
            it.number,
            endpoints(it.addresses.client, it.addresses.server),
            word(it.kind, lang.kind(it.kind)),
        );
        if let (Some(peer), Some(by)) = (it.initiator.peer, it.initiator.by) {
            let certainty = lang.certainty(it.initiator.certainty);
            let _ = writeln!(text, "    initiator  {}, by {}, {certainty}", lang.who(peer), lang.by(by));
        }
        let durations = [
            ("wave 1 to 2", it.durations.fin1_ack),
            ("wave 2 to 3", it.durations.close_wait),
            ("wave 3 to 4", it.durations.last_ack),
            ("teardown", it.durations.teardown),
        ];
        for (name, nanoseconds) in durations {
            if let Some(nanoseconds) = nanoseconds {
                let _ = writeln!(text, "    {name}  {:.6} s", nanoseconds as f64 / 1e9);
            }
        }
        for finding in &it.findings {
            let _ = writeln!(text, "    {}  {}", lang.severity(finding.severity), lang.finding_text(finding));
        }
    }
}

fn word(word: impl Code, text: &str) -> String {
    format!("{} ({text})", word.code())
}

fn endpoints(from: SocketAddr, to: SocketAddr) -> String {
    format!("{}.{} > {}.{}", from.ip(), from.port(), to.ip(), to.port())
}

fn states(peers: &Both<Change>) -> String {
    let line = |peer, change: Change| {
        let Change { before, after } = change;
        format!(
            "    {peer}  {} -> {}, confirmed {} -> {}\n",
            before.expected.code(),
            after.expected.code(),
            before.confirmed.code(),
            after.confirmed.code(),
        )
    };
    line("client", peers.client) + &line("server", peers.server)
}
