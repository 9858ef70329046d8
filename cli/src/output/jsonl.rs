//! JSON lines: one object a line, as `fourwave_annotate::record` declares it.

use std::io;

use fourwave_annotate::{ConnectionRecord, Context, EventRecord};

use super::{Buffer, Format, Record, segment_record};

/// JSON lines.
pub struct Jsonl;

impl Format for Jsonl {
    fn record(&mut self, record: Record<'_>, context: Context<'_>, to: &mut Buffer) -> io::Result<()> {
        match record {
            Record::Segment(segment) => {
                let record = segment_record(&segment, context);
                to.fill(|rest| record.write_json(rest));
            }
            Record::Event(event) => {
                let record = EventRecord::new(event, context);
                to.fill(|rest| record.write_json(rest));
            }
            Record::Connection(connection) => {
                let record = ConnectionRecord::new(connection, context);
                to.fill(|rest| record.write_json(rest));
            }
            Record::Stats(stats) => serde_json::to_writer(&mut *to, stats)?,
        }
        to.push(b'\n');
        Ok(())
    }
}
