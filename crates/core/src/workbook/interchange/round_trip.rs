//! What is written is what is read, whatever the values are.

use super::super::column::Column;
use super::super::copy_text::escape_from;
use super::super::source::Source;
use super::csv::CsvEncoder;
use super::csv_reader::CsvReader;
use super::json::JsonEncoder;
use super::json_reader::JsonReader;
use super::manifest::{self, FileRecord};
use super::{Layout, read_back};
use crate::content::{Relation, RelationKind, RowDigest, TableColumn};
use crate::{ErrorKind, Result};
use proptest::prelude::*;
use sha2::{Digest, Sha256};

/// Columns `c0`, `c1` … of types by their OID.
pub(super) fn columns(types: &[u32]) -> Vec<Column> {
    let named = |(index, oid): (usize, &u32)| {
        Column::new(TableColumn {
            name: format!("c{index}"),
            data_type: String::new(),
            base_type: *oid,
            base_typmod: -1,
            generated: false,
        })
    };
    types.iter().enumerate().map(named).collect()
}

/// A line of COPY text.
fn line_of(values: &[Option<String>]) -> Vec<u8> {
    let mut line = Vec::new();
    for (index, value) in values.iter().enumerate() {
        if index > 0 {
            line.push(b'\t');
        }
        match value {
            None => line.extend_from_slice(b"\\N"),
            Some(value) => {
                let start = line.len();
                line.extend_from_slice(value.as_bytes());
                escape_from(&mut line, start);
            }
        }
    }
    line
}

/// Values as a column of that type gives them, and what looks like them in a text.
fn value(oid: u32) -> BoxedStrategy<Option<String>> {
    let text =
        "\\PC{0,12}|[=+@'\"\\\\,;N.\t\r\n\u{1}\u{b}\u{1f}\u{7f} -]{0,8}|[0-9.e-]{0,20}|null|true|\\\\\\.|[＝－]1";
    let value = match oid {
        16 => "[tf]".boxed(),
        20 => any::<i64>().prop_map(|n| n.to_string()).boxed(),
        1700 => "-?(0|[1-9][0-9]{0,20})(\\.[0-9]{1,20})?|NaN|-?Infinity".boxed(),
        701 => any::<f64>().prop_map(|n| if n.is_finite() { format!("{n:?}") } else { "-Infinity".into() }).boxed(),
        _ => text.boxed(),
    };
    prop::option::weighted(0.85, value).boxed()
}

fn rows() -> impl Strategy<Value = (Vec<u32>, Vec<Vec<Option<String>>>)> {
    prop::collection::vec(prop::sample::select(vec![16, 20, 25, 701, 1082, 1700, 3802]), 0..6).prop_flat_map(|types| {
        let row: Vec<_> = types.iter().map(|oid| value(*oid)).collect();
        (Just(types), prop::collection::vec(row, 0..5))
    })
}

fn written(layout: Layout, columns: &[Column], lines: &[Vec<u8>]) -> (Vec<u8>, u64) {
    let mut out = Vec::new();
    match layout {
        Layout::Csv { guarded } => {
            let mut encoder = CsvEncoder::new(columns, guarded);
            encoder.heading(columns, &mut out);
            lines.iter().for_each(|line| encoder.row(line, &mut out));
            let altered = encoder.altered();
            (out, altered)
        }
        Layout::Json => {
            let mut encoder = JsonEncoder::new(columns);
            lines.iter().for_each(|line| encoder.row(line, &mut out));
            (out, 0)
        }
    }
}

fn read(layout: Layout, columns: &[Column], file: &[u8]) -> Vec<Vec<u8>> {
    let (mut lines, mut line) = (Vec::new(), Vec::new());
    match layout {
        Layout::Csv { guarded } => {
            let mut reader = CsvReader::new(file, columns.len(), guarded);
            reader.heading().unwrap();
            while reader.next_row(&mut line).unwrap() {
                lines.push(line.clone());
            }
        }
        Layout::Json => {
            let names = columns.iter().map(|column| column.name.clone()).collect();
            let mut reader = JsonReader::new(file, names);
            while reader.next_row(&mut line).unwrap() {
                lines.push(line.clone());
            }
        }
    }
    lines
}

const LAYOUTS: [Layout; 3] = [Layout::Csv { guarded: false }, Layout::Csv { guarded: true }, Layout::Json];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn every_row_reads_back_as_it_was((types, rows) in rows()) {
        let columns = columns(&types);
        let lines: Vec<Vec<u8>> = rows.iter().map(|row| line_of(row)).collect();
        for layout in LAYOUTS {
            let (file, _) = written(layout, &columns, &lines);
            prop_assert_eq!(read(layout, &columns, &file), lines.clone(), "{:?} {}", layout, String::from_utf8_lossy(&file));
        }
    }

    #[test]
    fn another_reader_of_json_finds_the_same_values((types, rows) in rows()) {
        let columns = columns(&types);
        let lines: Vec<Vec<u8>> = rows.iter().map(|row| line_of(row)).collect();
        let (file, _) = written(Layout::Json, &columns, &lines);
        let file = String::from_utf8(file).unwrap();
        prop_assert_eq!(file.lines().count(), rows.len());
        for (text, row) in file.lines().zip(&rows) {
            let object: serde_json::Map<String, serde_json::Value> = serde_json::from_str(text).unwrap();
            prop_assert_eq!(object.len(), row.len());
            for (index, value) in row.iter().enumerate() {
                match (&object[&format!("c{index}")], value) {
                    (serde_json::Value::Null, None) => {}
                    (serde_json::Value::String(found), Some(value)) => prop_assert_eq!(found, value),
                    (serde_json::Value::Bool(found), Some(value)) => prop_assert_eq!(*found, value == "t"),
                    // This reader's own arithmetic may miss the last bit; the double nearest to what is written is exact.
                    (serde_json::Value::Number(found), Some(value)) => {
                        let found = found.as_f64().unwrap();
                        let exact: f64 = value.parse().unwrap();
                        prop_assert!((found - exact).abs() <= exact.abs() * 4.0 * f64::EPSILON, "{} {}", found, value);
                        let digits = format!("{exact:.14e}").parse::<f64>().unwrap();
                        prop_assert!(types[index] == 701 || digits == exact, "{}", value);
                    }
                    (found, value) => prop_assert!(false, "{:?} {:?}", found, value),
                }
            }
        }
    }
}

#[test]
fn a_guarded_file_says_how_many_cells_it_has_altered() {
    let columns = columns(&[25, 20]);
    let lines = [line_of(&[Some("=1".into()), Some("-1".into())]), line_of(&[Some("a".into()), None])];
    assert_eq!(written(Layout::Csv { guarded: true }, &columns, &lines).1, 1);
    assert_eq!(written(Layout::Csv { guarded: false }, &columns, &lines).1, 0);
}

/// A file on disk, and what its record says of another text.
fn compared(layout: Layout, text: &[u8], recorded: &[u8], lines: &[Vec<u8>]) -> Result<()> {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), text).unwrap();
    let relation = Relation { oid: 1, name: "t".into(), kind: RelationKind::Table, partition: false, readable: true };
    let source = Source { relation, columns: columns(&[25, 20]) };
    let mut digest = RowDigest::default();
    lines.iter().for_each(|line| digest.add(line));
    let record = FileRecord {
        name: "t".into(),
        kind: "table",
        file: String::new(),
        bytes: 0,
        sha256: read_back::hexadecimal(&Sha256::digest(recorded)),
        rows: lines.len() as u64,
        digest: digest.text(),
        altered_cells: 0,
        columns: manifest::ColumnRecord::of(&source),
    };
    read_back::compare(file.path(), layout, &source, &record, &|| true)
}

#[test]
fn a_byte_that_is_not_what_was_written_is_found() {
    let lines =
        [line_of(&[Some("=a\"b,c\n".into()), Some("-1".into())]), line_of(&[None, Some("9007199254740993".into())])];
    for layout in LAYOUTS {
        let (file, _) = written(layout, &columns(&[25, 20]), &lines);
        compared(layout, &file, &file, &lines).unwrap();
        for at in 0..file.len() {
            let mut changed = file.clone();
            changed[at] ^= 1;
            let error = compared(layout, &changed, &file, &lines).unwrap_err();
            assert!(matches!(error.kind(), ErrorKind::FileDiffers { .. }), "{layout:?} byte {at}: {error}");
        }
        let missing = &file[..file.len() - 1];
        assert!(compared(layout, missing, &file, &lines).is_err());
        // The rows are the same, and the file is not.
        if layout == Layout::Json {
            let spelled = String::from_utf8(file.clone()).unwrap().replace("b,c", "b\\u002cc").into_bytes();
            let error = compared(layout, &spelled, &file, &lines).unwrap_err();
            assert!(error.to_string().contains("bytes"), "{error}");
        }
    }
}

#[test]
fn a_file_that_was_written_wrong_from_the_start_is_found_though_its_bytes_are_those_that_were_written() {
    let line = |text: &str, number: &str| line_of(&[Some(text.into()), Some(number.into())]);
    let lines = [line("a", "1"), line("b", "2")];
    for layout in LAYOUTS {
        let wrong = |wrong: &[Vec<u8>], reason: &str| {
            let (file, _) = written(layout, &columns(&[25, 20]), wrong);
            let error = compared(layout, &file, &file, &lines).unwrap_err();
            assert!(error.to_string().contains(reason), "{layout:?}: {error}");
        };
        wrong(&lines[..1], "1 rows instead of 2");
        wrong(&[line("a", "1"), line("b", "3")], "another digest");
        if layout != Layout::Json {
            let (file, _) = written(layout, &columns(&[25, 20]), &lines);
            let other = [b"x".as_slice(), &file[1..]].concat();
            let other = if file[0] == b'"' { [b"\"x".as_slice(), &file[2..]].concat() } else { other };
            let error = compared(layout, &other, &other, &lines).unwrap_err();
            assert!(error.to_string().contains("headings"), "{layout:?}: {error}");
        }
    }
}
