//! Whole workbooks without a server, read back by another program's reader.

use super::book::{Book, Plan, Written};
use super::column::Column;
use super::copy_text::escape_from;
use super::manifest::Facts;
use super::read_back::Fault;
use super::source::Source;
use super::verify;
use crate::content::{Relation, RelationKind, TableColumn};
use crate::part_file::PartFile;
use crate::{ErrorKind, Result};
use calamine::{Data, Reader, Xlsx};
use proptest::prelude::*;
use std::io::{self, Cursor, Seek, SeekFrom, Write};

fn column_of(name: &str, base_type: u32) -> Column {
    Column::new(TableColumn {
        name: name.into(),
        data_type: format!("type {base_type}"),
        base_type,
        base_typmod: -1,
        generated: false,
    })
}

fn plan(tables: &[(&str, &[(&str, u32)])], rows_per_sheet: u32) -> Plan {
    let sources = tables.iter().map(|(table, columns)| Source {
        relation: Relation {
            oid: 1,
            name: (*table).into(),
            kind: RelationKind::Table,
            partition: false,
            readable: true,
        },
        columns: columns.iter().map(|(name, oid)| column_of(name, *oid)).collect(),
    });
    Plan {
        facts: Facts { schema: "acme".into(), ..Facts::default() },
        sources: sources.collect(),
        omitted: Vec::new(),
        structure: Vec::new(),
        by_hand: Vec::new(),
        partial: false,
        large_objects: 0,
        language: "en".into(),
        rows_per_sheet,
        folder: std::env::temp_dir(),
    }
}

fn lines(rows: &[Vec<Option<String>>]) -> Vec<u8> {
    let mut out = Vec::new();
    for row in rows {
        for (index, value) in row.iter().enumerate() {
            if index > 0 {
                out.push(b'\t');
            }
            match value {
                Some(value) => {
                    let start = out.len();
                    out.extend_from_slice(value.as_bytes());
                    escape_from(&mut out, start);
                }
                None => out.extend_from_slice(b"\\N"),
            }
        }
        out.push(b'\n');
    }
    out
}

fn write<W: Write + Seek>(plan: &Plan, rows: &[Vec<Option<String>>], out: W) -> Result<W> {
    let failed = super::book::failed(&plan.folder);
    let mut book = Book::new(plan, out)?;
    for _ in &plan.sources {
        let mut table = book.table().map_err(&failed)?;
        table.lines(&lines(rows))?;
        table.finish().map_err(&failed)?;
    }
    Ok(book.finish(&[]).map_err(&failed)?.0)
}

/// A file, and what was written to it.
fn write_file(plan: &Plan, rows: &[Vec<Option<String>>]) -> (PartFile, Written) {
    let failed = super::book::failed(&plan.folder);
    let mut target = PartFile::create(&plan.folder, "acme.xlsx").unwrap();
    let mut book = Book::new(plan, target.file()).unwrap();
    for _ in &plan.sources {
        let mut table = book.table().unwrap();
        table.lines(&lines(rows)).unwrap();
        table.finish().unwrap();
    }
    let (_, written) = book.finish(&[]).map_err(&failed).unwrap();
    (target, written)
}

fn compare(target: &PartFile, written: &Written) -> std::result::Result<(), (String, Fault)> {
    verify::compare(target.temporary_path(), &written.tables, &|| true)
}

fn read(plan: &Plan, rows: &[Vec<Option<String>>]) -> Xlsx<Cursor<Vec<u8>>> {
    let file = write(plan, rows, Cursor::new(Vec::new())).unwrap();
    Xlsx::new(Cursor::new(file.into_inner())).unwrap()
}

/// What a reader must find for a value of a text column.
fn expected_text(value: Option<&String>) -> Data {
    value.map_or(Data::Empty, |text| Data::String(text.clone()))
}

fn column(book: &mut Xlsx<Cursor<Vec<u8>>>, index: u32, rows: usize) -> Vec<Data> {
    let range = book.worksheet_range("t").unwrap();
    (1..=rows as u32).map(|row| range.get_value((row, index)).cloned().unwrap_or(Data::Empty)).collect()
}

fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,30}",
        "[ \\t\\n\\r\\x01-\\x1f\\\\N_x0-9A-F<>&=+@'\"-]{0,20}",
        "(_x[0-9a-fA-F]{4}_){1,3}",
        "[\u{fffd}-\u{ffff}\u{10000}-\u{10010}é😀]{0,5}",
        "[ab]{0,3}",
    ]
}

proptest! {
    #[test]
    fn every_text_reads_back_as_itself(rows in prop::collection::vec(prop::option::of(texts()), 1..40)) {
        let plan = plan(&[("t", &[("a", 25), ("b", 3802)])], 1_000);
        let both: Vec<_> = rows.iter().map(|v| vec![v.clone(), v.clone()]).collect();
        let mut book = read(&plan, &both);
        let expected: Vec<Data> = rows.iter().map(|v| expected_text(v.as_ref())).collect();
        prop_assert_eq!(column(&mut book, 0, rows.len()), expected.clone());
        prop_assert_eq!(column(&mut book, 1, rows.len()), expected);
    }

    #[test]
    fn every_number_reads_back_exactly_as_number_or_text(
        rows in prop::collection::vec((any::<i64>(), any::<i32>(), any::<f64>(), any::<f32>(), -999_999_999_999i64..999_999_999_999, 0..6u32), 1..40),
    ) {
        let plan = plan(&[("t", &[("large", 20), ("whole", 23), ("double", 701), ("real", 700), ("exact", 1700)])], 1_000);
        let numeric = |value: i64, scale: u32| {
            let unit = 10i64.pow(scale);
            let sign = if value < 0 { "-" } else { "" };
            let (whole, rest) = (value.abs() / unit, value.abs() % unit);
            if scale == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{rest:0width$}", width = scale as usize) }
        };
        let values: Vec<_> = rows
            .iter()
            .map(|(large, whole, double, real, exact, scale)| {
                [large.to_string(), whole.to_string(), format!("{double:?}"), format!("{real:?}"), numeric(*exact, *scale)]
                    .map(Some)
                    .to_vec()
            })
            .collect();
        let mut book = read(&plan, &values);
        for index in 0..5 {
            for (row, data) in column(&mut book, index, rows.len()).into_iter().enumerate() {
                let text = values[row][index as usize].clone().unwrap();
                match data {
                    Data::Float(number) if index == 3 => prop_assert_eq!(number as f32, rows[row].3, "{}", text),
                    Data::Float(number) => prop_assert_eq!(number, text.parse::<f64>().unwrap(), "{}", text),
                    other => prop_assert_eq!(other, Data::String(text.clone())),
                }
            }
        }
        // What fits is a number, not text.
        let whole = column(&mut book, 1, rows.len());
        prop_assert!(whole.iter().all(|data| matches!(data, Data::Float(_))));
        let exact = column(&mut book, 4, rows.len());
        prop_assert!(exact.iter().all(|data| matches!(data, Data::Float(_))));
    }

    #[test]
    fn no_row_is_lost_at_any_limit(count in 0..60usize, limit in 1..20u32) {
        let plan = plan(&[("t", &[("n", 23)]), ("t (2)", &[("n", 23)])], limit);
        let rows: Vec<_> = (0..count).map(|n| vec![Some(n.to_string())]).collect();
        let mut book = read(&plan, &rows);
        let manifest = book.worksheet_range("_manifest").unwrap();
        for table in ["t", "t (2)"] {
            let mut seen = Vec::new();
            let of_table = |row: &&[Data]| row[0] == "sheet" && row[1] == table;
            for entry in manifest.rows().filter(of_table) {
                let range = book.worksheet_range(&entry[2].to_string()).unwrap();
                prop_assert!(range.height() as u32 <= limit + 1);
                seen.extend((1..range.height() as u32).map(|row| range.get_value((row, 0)).unwrap().to_string()));
            }
            prop_assert_eq!(seen, (0..count).map(|n| n.to_string()).collect::<Vec<_>>());
        }
    }
}

/// One value of each kind, as text, as the server would give it.
fn values() -> impl Strategy<Value = Vec<Option<String>>> {
    let text = prop_oneof![9 => texts(), 1 => "[a-zé😀&_\\\\]{2}".prop_map(|t| t.repeat(20_000))];
    let fraction = |micros: u32| match micros {
        0 => String::new(),
        _ => format!(".{micros:06}").trim_end_matches('0').to_owned(),
    };
    let moment = (0..9999i32, 1..=12u32, 1..=28u32, 0..86_400u32, prop_oneof![Just(0), 0..1_000_000u32]).prop_map(
        move |(year, month, day, seconds, micros)| {
            let (h, m, s) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
            let clock = format!("{h:02}:{m:02}:{s:02}{}", fraction(micros));
            (format!("{:04}-{month:02}-{day:02}", year + 1), clock)
        },
    );
    let null = prop::option::weighted(0.85, Just(()));
    let row = (text, any::<i64>(), any::<f64>(), any::<bool>(), moment, prop::collection::vec(null, 8));
    row.prop_map(|(text, whole, double, yes, (day, clock), nulls)| {
        let stamp = format!("{day} {clock}");
        let values = [
            text,
            whole.to_string(),
            format!("{double:?}"),
            (if yes { "t" } else { "f" }).to_owned(),
            format!("{stamp}+00"),
            stamp,
            day,
            clock,
        ];
        values.into_iter().zip(nulls).map(|(value, there)| there.map(|()| value)).collect()
    })
}

const KINDS: [(&str, u32); 8] = [
    ("text", 25),
    ("whole", 20),
    ("double", 701),
    ("yes", 16),
    ("moment", 1184),
    ("wall", 1114),
    ("day", 1082),
    ("clock", 1083),
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn every_row_reads_back_to_the_same_digest(rows in prop::collection::vec(values(), 0..30), limit in 1..12u32) {
        let plan = plan(&[("t", &KINDS), ("again", &KINDS)], limit);
        let (target, written) = write_file(&plan, &rows);
        let compared = compare(&target, &written);
        prop_assert!(compared.is_ok(), "{:?}", compared);
    }

    #[test]
    fn one_value_that_differs_is_noticed(rows in prop::collection::vec(values(), 1..10), at in any::<prop::sample::Index>(), column in 0..8usize) {
        let plan = plan(&[("t", &KINDS)], 100);
        let (target, _) = write_file(&plan, &rows);
        let mut other = rows.clone();
        let changed = &mut other[at.index(rows.len())][column];
        *changed = match changed {
            Some(_) => None,
            None => Some(["", "1", "1", "t", "2024-02-29 00:00:00+00", "2024-02-29 00:00:00", "2024-02-29", "00:00:00"][column].to_owned()),
        };
        let (_, expected) = write_file(&plan, &other);
        prop_assert!(compare(&target, &expected).is_err());
    }
}

#[test]
fn one_byte_that_differs_is_noticed() {
    let plan = plan(&[("t", &[("a", 25), ("n", 23)])], 100);
    let rows: Vec<_> = (0..200u32)
        .map(|n| vec![Some(format!("{n} ").repeat(if n == 7 { 20_000 } else { 1 })), Some(n.to_string())])
        .collect();
    let (mut target, written) = write_file(&plan, &rows);
    assert!(compare(&target, &written).is_ok());
    let path = target.temporary_path().to_owned();
    let whole = std::fs::read(&path).unwrap();
    let places: Vec<usize> =
        (0..whole.len()).step_by(whole.len() / 700).chain(whole.len() - 300..whole.len()).collect();
    for place in places {
        let mut put = |byte: u8| {
            target.file().seek(SeekFrom::Start(place as u64)).unwrap();
            target.file().write_all(&[byte]).unwrap();
        };
        for other in [!whole[place], whole[place] ^ 0x80, whole[place] ^ 1] {
            put(other);
            let check = verify::check(&path, &|_| true);
            assert!(!check.is_ok_and(|check| check.intact), "{other} as byte {place} of {}", whole.len());
        }
        put(whole[place]);
    }
    assert!(verify::check(&path, &|_| true).unwrap().intact);
}

/// Writes the file again with other text in one of its parts, as a careful forger would.
fn forge(path: &std::path::Path, part: &str, from: &str, to: &str) {
    let mut archive = zip::ZipArchive::new(std::fs::File::open(path).unwrap()).unwrap();
    let mut forged = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).unwrap();
        let name = entry.name().unwrap().into_owned();
        let mut text = io::read_to_string(&mut entry).unwrap();
        if name == part {
            assert!(text.contains(from), "{part} has no {from}");
            text = text.replacen(from, to, 1);
        }
        forged.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        forged.write_all(text.as_bytes()).unwrap();
    }
    std::fs::write(path, forged.finish().unwrap().into_inner()).unwrap();
}

#[test]
fn what_was_changed_is_named_with_its_sheet_and_row() {
    let plan = plan(&[("t", &[("a", 25), ("n", 23)]), ("other", &[("a", 25), ("n", 23)])], 100);
    let rows: Vec<_> = (0..250u32).map(|n| vec![Some(format!("text {n}")), Some(n.to_string())]).collect();
    let check = |part: &str, from: &str, to: &str| {
        let (target, _) = write_file(&plan, &rows);
        forge(target.temporary_path(), part, from, to);
        verify::check(target.temporary_path(), &|_| true).unwrap()
    };
    let changed = check("xl/worksheets/sheet2.xml", "text 142<", "text 143<");
    assert!(!changed.intact && !changed.tables[0].equal && changed.tables[1].equal, "{changed:?}");
    let named: Vec<_> = changed.tables[0].changed.iter().map(|c| (c.sheet.as_str(), c.row)).collect();
    assert_eq!(named, [("t (2)", 44)]);

    let row = "<row r=\"12\"><c r=\"A12\" s=\"2\" t=\"inlineStr\"><is><t>text 10</t></is></c><c r=\"B12\" s=\"3\"><v>10</v></c></row>";
    let missing = check("xl/worksheets/sheet4.xml", row, "");
    assert!(missing.tables[0].equal && !missing.tables[1].equal, "{missing:?}");
    assert_eq!((missing.tables[1].changed[0].sheet.as_str(), missing.tables[1].changed[0].row), ("other", 12));

    let kind = check("xl/worksheets/sheet8.xml", "<t>integer</t>", "<t>text</t>");
    assert!(!kind.intact && kind.problems.iter().any(|p| p.contains("_manifest")), "{kind:?}");
}

/// A disk that takes only so many bytes.
struct SmallDisk {
    file: Cursor<Vec<u8>>,
    room: usize,
}

impl Write for SmallDisk {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        if self.file.position() as usize + data.len() > self.room {
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.file.write(data)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Seek for SmallDisk {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

#[test]
fn a_full_disk_is_an_error_wherever_it_happens() {
    let plan = plan(&[("t", &[("a", 25), ("n", 23)])], 1_000_000);
    let noise = |n: u64| format!("{:x}", n.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let rows: Vec<_> = (0..20_000u64).map(|n| vec![Some(noise(n)), Some(n.to_string())]).collect();
    let whole = write(&plan, &rows, Cursor::new(Vec::new())).unwrap().into_inner().len();
    assert!(whole > 200_000);
    for room in [0, 100, 5_000, 150_000, whole - 3_000, whole - 100, whole - 1] {
        let disk = SmallDisk { file: Cursor::default(), room };
        let Err(error) = write(&plan, &rows, disk) else { panic!("{room} of {whole} bytes were enough") };
        let path = plan.folder.display().to_string();
        assert_eq!(*error.kind(), ErrorKind::DiskFull { path: path.clone() }, "{room} of {whole}");
    }
    assert!(write(&plan, &rows, SmallDisk { file: Cursor::default(), room: whole }).is_ok());
}

#[test]
fn text_that_is_not_utf_8_is_refused_with_its_row() {
    let plan = plan(&[("t", &[("a", 25)])], 10);
    let mut book = Book::new(&plan, Cursor::new(Vec::new())).unwrap();
    let error = book.table().unwrap().lines(b"fine\nbroken \xff\n").unwrap_err();
    let refused = ErrorKind::CellRefused { table: "t".into(), row: "2".into(), reason: "it is not UTF-8".into() };
    assert_eq!(*error.kind(), refused);
}

#[test]
fn a_table_wider_than_a_sheet_is_refused() {
    let columns = vec![("a", 23); 16_385];
    let plan = plan(&[("wide", &columns)], 10);
    let Err(error) = Book::new(&plan, Cursor::new(Vec::new())) else { panic!("it was accepted") };
    assert_eq!(*error.kind(), ErrorKind::TooManyColumns { table: "wide".into(), columns: 16_385 });
}

#[test]
fn rows_longer_than_the_window_come_through() {
    let plan = plan(&[("t", &[("a", 25), ("b", 25)])], 1_000);
    let rows: Vec<_> = (0..40u32)
        .map(|n| vec![Some(format!("{n} {}", "lorem ipsum ".repeat(2_500))), (n % 3 > 0).then(|| "é".repeat(30_000))])
        .collect();
    let mut book = read(&plan, &rows);
    let expected: Vec<Data> = rows.iter().map(|r| expected_text(r[0].as_ref())).collect();
    assert_eq!(column(&mut book, 0, rows.len()), expected);
    let expected: Vec<Data> = rows.iter().map(|r| expected_text(r[1].as_ref())).collect();
    assert_eq!(column(&mut book, 1, rows.len()), expected);
}
