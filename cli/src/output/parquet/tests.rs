//! Any columns as the crate reads them again, and the same octets whether or not rows have something in common.

use std::ops::Range;

use bytes::Bytes;
use fourwave_annotate::{
    Annotation, Common, Engine, Lang, Observer, Options, SegmentRecord, TimeWaitExpired,
};
use fourwave_dissector::Segment;
use fourwave_dissector::tcp::Flags;
use fourwave_tests::flow::Flow;
use fourwave_tests::run::{self, Entry};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;
use proptest::collection::vec;
use proptest::prelude::*;

use super::column::Columns;
use super::schema::{self, Elements, Layout, Storage};
use super::*;
use crate::output::Annotated;
use crate::output::flat::{Cells, Key};

const WORDS: [&str; 4] = ["syn", "fin", "", "rst-to-late-data"];

/// A value, or what stands for one.
#[derive(Clone, Debug, PartialEq)]
enum Value {
    Null,
    Truth(bool),
    Integer(i64),
    Number(f64),
    Text(String),
    List(Vec<Self>),
}

/// What a column has in each row.
type Rows = Vec<Value>;

/// A file with these columns, which ends a page or a row group after some rows.
fn file(columns: &[(Layout, Rows)], pages: &[usize], groups: &[usize]) -> Bytes {
    file_in_common(columns, 0, |_| None, pages, groups)
}

/// The same file, where a row has the first few columns in common with those that have the same number.
fn file_in_common(
    columns: &[(Layout, Rows)],
    few: usize,
    number: impl Fn(usize) -> Option<u16>,
    pages: &[usize],
    groups: &[usize],
) -> Bytes {
    let layouts: Vec<Layout> = columns.iter().map(|(layout, _)| layout.clone()).collect();
    let properties = Arc::new(schema::properties());
    let mut writer =
        SerializedFileWriter::new(Vec::new(), schema::tree(&layouts).unwrap(), properties).unwrap();
    let mut to = Columns::new(&layouts, writer.schema_descr()).unwrap();
    let rows = columns[0].1.len();
    let mut page = 0;
    for row in 0..rows {
        let put = |to: &mut Columns, places: Range<usize>| {
            for column in places {
                let (layout, values) = &columns[column];
                put(to, column, layout.storage, &values[row]);
            }
            Ok(())
        };
        let own = match number(row) {
            Some(number) => {
                to.common(common(number), |to| put(to, 0..few)).unwrap();
                few
            }
            None => {
                to.alone().unwrap();
                0
            }
        };
        put(&mut to, own..columns.len()).unwrap();
        page += 1;
        let ends_group = row + 1 == rows || groups.contains(&row);
        if ends_group || pages.contains(&row) {
            to.end_page(page).unwrap();
            page = 0;
        }
        if ends_group {
            to.end_group(writer.next_row_group().unwrap()).unwrap();
        }
    }
    writer.into_inner().unwrap().into()
}

fn put(to: &mut Columns, column: usize, storage: Storage, value: &Value) {
    match value {
        Value::Null => to.null(column),
        Value::Truth(value) => to.truth(column, *value),
        Value::Integer(value) => to.integer(column, *value),
        Value::Number(value) => to.number(column, *value),
        Value::Text(value) => match WORDS.iter().position(|word| word == value) {
            Some(number) if storage == Storage::Word => to.word(column, number as u32, WORDS[number]),
            Some(number) if to.known(column, key(number)).unwrap() => Ok(()),
            Some(number) => to.text(column, value).map(|()| to.name(column, key(number))),
            None => to.text(column, value),
        },
        Value::List(values) => {
            to.open(column).unwrap();
            values.iter().for_each(|value| put(to, column, storage, value));
            to.close(column)
        }
    }
    .unwrap();
}

/// What a record has in common with others: as many as there are numbers.
fn common(number: u16) -> Common {
    let flow = Flow::parse("A FIN.\n1.0 C > S  F. 100:100(0) ack 300\n").unwrap();
    let Entry::Segment(_, annotation) = run::run(&flow).entries[0] else { panic!("a segment comes first") };
    let mut segment = flow.segment(flow.packets().next().unwrap(), 1);
    segment.tcp.flags = Flags(number);
    let context = Context { files: &[], fields: Fields::ALL, lang: Lang::En };
    SegmentRecord::new(&segment, &annotation, context).common()
}

/// Keys of all kinds.
const fn key(number: usize) -> Key {
    let number = number as u64;
    if number < 2 { (number, 0, 0) } else { (number << 32, number & 1, 0) }
}

fn read(file: Bytes) -> Vec<Rows> {
    let reader = SerializedFileReader::new(file).unwrap();
    let rows: Vec<_> = reader.get_row_iter(None).unwrap().map(Result::unwrap).collect();
    let columns = reader.metadata().file_metadata().schema().get_fields().len();
    let value = |row: &parquet::record::Row, column| found(row.get_column_iter().nth(column).unwrap().1);
    (0..columns).map(|column| rows.iter().map(|row| value(row, column)).collect()).collect()
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the crate has types that no column has")]
fn found(field: &Field) -> Value {
    match field {
        Field::Null => Value::Null,
        Field::Bool(value) => Value::Truth(*value),
        Field::Long(value) => Value::Integer(*value),
        Field::Double(value) => Value::Number(*value),
        Field::Str(value) => Value::Text(value.clone()),
        Field::ListInternal(list) => Value::List(list.elements().iter().map(found).collect()),
        other => panic!("{other:?}"),
    }
}

fn scalar(storage: Storage) -> BoxedStrategy<Value> {
    match storage {
        Storage::Truth => any::<bool>().prop_map(Value::Truth).boxed(),
        Storage::Integer => {
            let near = -3..3_i64;
            prop_oneof![8 => near, 1 => any::<i64>(), 1 => Just(i64::MIN)].prop_map(Value::Integer).boxed()
        }
        Storage::Number => prop_oneof![Just(0.5), -1e9..1e9].prop_map(Value::Number).boxed(),
        Storage::Text | Storage::Word => {
            let word = prop::sample::select(WORDS.as_slice()).prop_map(str::to_owned);
            prop_oneof![8 => word, 1 => "[a-cä]{0,3}", 1 => "x{300,400}"].prop_map(Value::Text).boxed()
        }
    }
}

/// A value, or null in one of eight cases if it can be null.
fn or_null(value: impl Strategy<Value = Value> + 'static, nullable: bool) -> BoxedStrategy<Value> {
    if nullable { prop_oneof![1 => Just(Value::Null), 7 => value].boxed() } else { value.boxed() }
}

/// A value several times in turn.
fn run(value: BoxedStrategy<Value>) -> impl Strategy<Value = Rows> {
    (value, prop_oneof![4 => Just(1), 1 => 1..40_usize]).prop_map(|(value, times)| vec![value; times])
}

fn column(rows: usize) -> impl Strategy<Value = (Layout, Rows)> {
    let storages = [Storage::Truth, Storage::Integer, Storage::Number, Storage::Text, Storage::Word];
    let layout = (prop::sample::select(storages.to_vec()), any::<bool>(), any::<Option<bool>>());
    layout.prop_flat_map(move |(storage, nullable, elements)| {
        let list = elements.map(|nullable| Elements { nullable });
        let bounds = list.is_none();
        let layout = Layout { name: String::new(), storage, nullable, list, bounds };
        let value = match elements {
            None => or_null(scalar(storage), nullable),
            Some(inside) => {
                let elements = vec(or_null(scalar(storage), inside), 0..4);
                or_null(elements.prop_map(Value::List), nullable)
            }
        };
        let rows = vec(run(value), rows)
            .prop_map(move |runs| runs.into_iter().flatten().take(rows).collect::<Rows>());
        (Just(layout), rows)
    })
}

fn columns() -> impl Strategy<Value = Vec<(Layout, Rows)>> {
    (1..600_usize).prop_flat_map(|rows| vec(column(rows), 1..5)).prop_map(|mut columns| {
        for (number, (layout, _)) in columns.iter_mut().enumerate() {
            layout.name = format!("column_{number}");
        }
        columns
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn columns_are_read_as_they_were(
        columns in columns(),
        pages in vec(0..600_usize, 0..4),
        groups in vec(0..600_usize, 0..2),
    ) {
        let read = read(file(&columns, &pages, &groups));
        for (number, ((_, wanted), found)) in columns.iter().zip(&read).enumerate() {
            prop_assert_eq!(wanted, found, "column {}", number);
        }
    }

    #[test]
    fn what_rows_have_in_common_changes_no_octet(
        mut columns in columns(),
        few in 1..5_usize,
        period in 1..20_usize,
        alone in vec(0..600_usize, 0..9),
        pages in vec(0..600_usize, 0..4),
        groups in vec(0..600_usize, 0..2),
    ) {
        let few = few.min(columns.len());
        for (_, values) in &mut columns[..few] {
            *values = values.iter().take(period).cycle().take(values.len()).cloned().collect();
        }
        let number = |row| (!alone.contains(&row)).then_some((row % period) as u16);
        let octets = file_in_common(&columns, few, number, &pages, &groups);
        prop_assert!(octets == file(&columns, &pages, &groups));
    }
}

/// More texts than a dictionary has places, longer ones than it has octets, and a row group after that.
#[test]
fn texts_without_a_place_are_read_as_they_were() {
    let text = |storage, rows: Rows| {
        let layout =
            Layout { name: format!("{storage:?}"), storage, nullable: true, list: None, bounds: true };
        (layout, rows)
    };
    let rows = 80_000;
    let many = (0..rows).map(|row| match row % 8 {
        0 => Value::Null,
        1 => Value::Text(WORDS[row / 8 % WORDS.len()].into()),
        _ => Value::Text(format!("{row:x}")),
    });
    let long = "long".repeat(1 << 18);
    let few = (0..rows).map(|row| match row {
        40_000 | 70_001 => Value::Text(long.clone()),
        _ => Value::Text(WORDS[row % WORDS.len()].into()),
    });
    let columns = [text(Storage::Text, many.collect()), text(Storage::Word, few.collect())];
    let file = file(&columns, &[30_000, 39_999, 50_000, 70_000], &[60_000]);
    let metadata = SerializedFileReader::new(file.clone()).unwrap();
    let groups = metadata.metadata().row_groups();
    let bounds =
        |group: usize, column| groups[group].column(column).statistics().unwrap().max_bytes_opt().unwrap();
    assert_eq!(groups.len(), 2);
    assert_eq!([bounds(0, 0), bounds(1, 0)], [b"syn"; 2]);
    assert_eq!(bounds(0, 1), b"syn");
    let found = read(file);
    assert!(found[0] == columns[0].1 && found[1] == columns[1].1);
}

#[test]
fn a_row_without_a_value_or_with_two_is_an_error() {
    let layout = Layout {
        name: "number".into(),
        storage: Storage::Integer,
        nullable: false,
        list: None,
        bounds: true,
    };
    let layouts = [layout];
    let schema = schema::tree(&layouts).unwrap();
    let writer = SerializedFileWriter::new(Vec::new(), schema, Arc::new(schema::properties())).unwrap();
    let mut columns = Columns::new(&layouts, writer.schema_descr()).unwrap();
    assert!(columns.null(0).is_err() && columns.open(0).is_err() && columns.text(0, "").is_err());
    columns.integer(0, 7).unwrap();
    assert!(columns.end_page(2).is_err());
    columns.integer(0, 7).unwrap();
    assert!(columns.end_page(1).is_err());
}

/// What was in common before goes on without a place, and what comes after it is not known again.
#[test]
fn what_rows_have_in_common_can_lose_its_place() {
    let rows = ["fin", "long", "fin", "new", "new", "fin"].map(|text| match text {
        "long" => Value::Text("long".repeat(1 << 18)),
        text => Value::Text(text.into()),
    });
    let layout =
        Layout { name: "text".into(), storage: Storage::Text, nullable: false, list: None, bounds: true };
    let columns = [(layout, rows.to_vec())];
    for group in [0, 1, 2, 4] {
        for numbers in [[0, 1, 0, 2, 2, 0].map(Some), [Some(0), None, Some(0), Some(2), Some(2), Some(0)]] {
            let octets = file_in_common(&columns, 1, |row| numbers[row], &[2], &[group]);
            assert!(octets == file(&columns, &[2], &[group]));
        }
    }
}

/// More than is known at once.
#[test]
fn rows_can_have_much_in_common() {
    let layout =
        |storage| Layout { name: format!("{storage:?}"), storage, nullable: true, list: None, bounds: true };
    let number = |row: usize| row * row % 3001;
    let texts = (0..6000).map(|row| Value::Text(number(row).to_string()));
    let numbers = (0..6000).map(|row| Value::Integer(number(row) as i64));
    let columns =
        [(layout(Storage::Text), texts.collect()), (layout(Storage::Integer), numbers.collect::<Rows>())];
    let octets = file_in_common(&columns, 2, |row| Some(number(row) as u16), &[2000], &[3000]);
    assert!(octets == file(&columns, &[2000], &[3000]));
}

/// The same records in three files, in some of which they wait before they are written.
struct Files([(Parquet, Buffer); 3]);

impl Files {
    fn add(&mut self, record: Record<'_>, frame: u64) {
        let files = ["a.pcap".to_owned()];
        let context = Context { files: &files, fields: Fields::STREAMED, lang: Lang::En };
        let waits = [false, true, frame.is_multiple_of(3)];
        for ((format, to), waits) in self.0.iter_mut().zip(waits) {
            if waits {
                let mut row = Buffer::default();
                format.defer(record, context, &mut row).unwrap();
                format.deferred(row.as_bytes(), to).unwrap();
            } else {
                format.record(record, context, to).unwrap();
            }
        }
    }
}

impl Observer for Files {
    fn segment(&mut self, segment: &Segment<'_>, annotation: &Annotation) {
        let record = Record::Segment(Annotated { segment, annotation, path_in_frame: None });
        self.add(record, segment.at.frame());
    }

    fn time_wait_expired(&mut self, event: &TimeWaitExpired) {
        self.add(Record::Event(event), 1);
    }
}

#[test]
fn records_that_wait_make_the_same_octets() {
    let flow = Flow::parse(
        "A close.\nopened\n1.0 C > S  F. 100:100(0) ack 300\n1.1 S > C  F. 300:300(0) ack 101\n\
         1.2 C > S  . 101:101(0) ack 301\n",
    )
    .unwrap();
    let packets = flow.packets().count() as u64;
    let format = || Parquet::new(Table::Annotations, Fields::STREAMED).unwrap();
    let mut files = Files([(); 3].map(|()| (format(), Buffer::default())));
    for _ in 0..20 {
        let mut engine = Engine::new(Options::default());
        for (packet, frame) in flow.packets().zip(1..) {
            let segment = flow.segment(packet, frame);
            engine.push(&segment, &mut files);
            engine.advance(segment.time_ns + if frame == packets { 100_000_000_000 } else { 0 }, &mut files);
        }
        engine.finish(&mut files);
    }
    let [first, others @ ..] = files.0.map(|(mut format, mut to)| {
        format.end(&mut to).unwrap();
        to.as_bytes().to_vec()
    });
    assert!(first.len() > 1000 && others.iter().all(|other| *other == first));
}
