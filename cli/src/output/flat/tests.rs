//! Which values a table knows by their compact forms.

use std::collections::BTreeMap;

use fourwave_annotate::{Annotation, Engine, Lang, Observer, Options};
use fourwave_dissector::Segment;
use fourwave_tests::flow::Flow;

use super::*;
use crate::output::Annotated;

/// Knows every key, and counts how many there were in each column.
#[derive(Default)]
struct Keyed(BTreeMap<usize, usize>);

impl Cells for Keyed {
    const KEYS: bool = true;
    const OBJECTS_APART: bool = false;

    fn null(&mut self, _: usize) -> Result<()> {
        Ok(())
    }

    fn truth(&mut self, _: usize, _: bool) -> Result<()> {
        Ok(())
    }

    fn integer(&mut self, _: usize, _: i64) -> Result<()> {
        Ok(())
    }

    fn number(&mut self, _: usize, _: f64) -> Result<()> {
        Ok(())
    }

    fn text(&mut self, _: usize, _: &str) -> Result<()> {
        Ok(())
    }

    fn known(&mut self, column: usize, _: Key) -> Result<bool> {
        *self.0.entry(column).or_default() += 1;
        Ok(true)
    }

    fn open(&mut self, _: usize) -> Result<()> {
        Ok(())
    }

    fn close(&mut self, _: usize) -> Result<()> {
        Ok(())
    }
}

/// A table of segments.
struct Rows {
    flat: Flat,
    cells: Keyed,
}

impl Observer for Rows {
    fn segment(&mut self, segment: &Segment<'_>, annotation: &Annotation) {
        let files = ["a.pcap".to_owned()];
        let context = Context { files: &files, fields: Fields::STREAMED, lang: Lang::En };
        let record = Record::Segment(Annotated { segment, annotation, path_in_frame: None });
        self.flat.row(record, context, &mut self.cells).unwrap();
    }
}

/// Without a key a value is written out as text in each row: the same table, made in more time.
#[test]
fn addresses_and_outlooks_are_known_by_their_keys() {
    const CLOSE: &str =
        "A close.\nopened\n1.0 C > S  F. 100:100(0) ack 300\n1.1 S > C  F. 300:300(0) ack 101\n";
    let over_ipv6 = CLOSE.replace("opened", "client [2001:db8::1]:50122\nserver [2001:db8::2]:443\nopened");
    for script in [CLOSE, &over_ipv6] {
        let flow = Flow::parse(script).unwrap();
        let mut rows =
            Rows { flat: Flat::new(Table::Annotations, Fields::STREAMED), cells: Keyed::default() };
        let mut engine = Engine::new(Options::default());
        for (packet, frame) in flow.packets().zip(1..) {
            engine.push(&flow.segment(packet, frame), &mut rows);
        }
        let Rows { flat, cells } = rows;
        let keyed: Vec<_> =
            cells.0.iter().map(|(&column, &keys)| (flat.columns()[column].name.as_str(), keys)).collect();
        let segments = flow.packets().count();
        let columns = ["src", "dst", "next_client", "next_server"];
        assert_eq!(keyed, columns.map(|column| (column, segments)));
    }
}
