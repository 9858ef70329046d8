//! JSON lines: one object a line, as `fourwave_annotate::record` declares it.

use std::io;

use fourwave_annotate::{ConnectionRecord, Context, EventRecord};
use serde::Serialize;

use super::{Format, Record, json, segment_record};

/// JSON lines.
pub struct Jsonl;

impl Format for Jsonl {
    fn head(&self, _to: &mut Vec<u8>) {}

    fn record(&self, record: Record<'_>, context: Context<'_>, to: &mut Vec<u8>) -> io::Result<()> {
        match record {
            Record::Segment(segment) => line(&segment_record(&segment, context), to),
            Record::Event(event) => line(&EventRecord::new(event, context), to),
            Record::Connection(connection) => line(&ConnectionRecord::new(connection, context), to),
            Record::Stats(stats) => line(stats, to),
        }
    }
}

fn line(record: &impl Serialize, to: &mut Vec<u8>) -> io::Result<()> {
    json::write(record, to)?;
    to.push(b'\n');
    Ok(())
}
