//! The truth as tables, for other programs.

use std::fs::File;
use std::io::{self, BufWriter, Write};

use fourwave_generator::{Closed, Frame, Peer, Witness};

/// The tables that were asked for, a line an entry, columns separated by tabs.
pub struct Tables {
    pub roles: Option<BufWriter<File>>,
    pub list: Option<BufWriter<File>>,
}

impl Tables {
    /// Writes what is still held back.
    pub fn flush(&mut self) -> io::Result<()> {
        [&mut self.roles, &mut self.list].into_iter().flatten().try_for_each(Write::flush)
    }
}

impl Witness for Tables {
    fn frame(&mut self, frame: &Frame) -> io::Result<()> {
        let Some(roles) = &mut self.roles else { return Ok(()) };
        let Frame { number, connection, from, part, .. } = frame;
        writeln!(roles, "{number}\t{connection}\t{}\t{}", letter(*from), part.name())
    }

    fn closed(&mut self, closed: &Closed<'_>) -> io::Result<()> {
        let Some(list) = &mut self.list else { return Ok(()) };
        let (client, server) = (closed.ends.client, closed.ends.server);
        let close: Vec<String> =
            closed.close.iter().map(|(frame, part)| format!("{}={frame}", part.name())).collect();
        writeln!(
            list,
            "{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}",
            closed.connection,
            closed.ending.name(),
            letter(closed.closer),
            client.ip(),
            client.port(),
            server.ip(),
            server.port(),
            closed.first_frame,
            u8::from(closed.reused_after_ns.is_some()),
            close.join(";")
        )
    }
}

fn letter(peer: Peer) -> char {
    match peer {
        Peer::Client => 'c',
        Peer::Server => 's',
    }
}
