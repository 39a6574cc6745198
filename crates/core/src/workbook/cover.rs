//! The first sheet: what this file is, how to read it, and where everything is. For people alone.

use super::language::Words;
use super::manifest::Record;
use super::sheet::{self, Cell, Head, column_letters};
use super::style::Style;

/// The whole sheet.
pub(super) fn cover_xml(record: &Record<'_>, words: &Words) -> Vec<u8> {
    let facts = record.facts;
    let mut xml = Vec::new();
    Head { widths: &[3, 44, 16, 12, 46], frozen: false, selected: true, grid: false }.push(&mut xml);
    let (mut row, mut links) = (1, Vec::new());
    let mut push = |cells: &[Cell<'_>], xml: &mut Vec<u8>| {
        row += 1;
        sheet::push_row(row, cells, xml);
        row
    };
    let plain = |text| Cell::Text(text, Style::General);
    let bold = |text| Cell::Text(text, Style::Heading);
    let named = facts.tenant.as_deref().filter(|name| !name.trim().is_empty());
    let title = named.map_or_else(|| facts.schema.clone(), |name| name.lines().next().unwrap_or(name).to_owned());
    push(&[Cell::Empty, Cell::Text(&title, Style::Title)], &mut xml);
    push(&[Cell::Empty, plain(words.about)], &mut xml);
    push(&[], &mut xml);
    let moment = facts.snapshot_time.get(..16).unwrap_or(&facts.snapshot_time).replace('T', " ");
    let rows: u64 = record.tables.iter().map(|table| table.written.rows).sum();
    for (label, value) in [
        (words.schema, facts.schema.as_str()),
        (words.database, &facts.database),
        (words.snapshot_time, &moment),
        (words.created_by, &facts.created_by),
        (words.schema_version, facts.schema_version.as_deref().unwrap_or("–")),
    ] {
        push(&[Cell::Empty, bold(label), plain(value)], &mut xml);
    }
    push(&[Cell::Empty, bold(words.rows), Cell::Count(rows)], &mut xml);
    push(&[], &mut xml);
    push(&[Cell::Empty, bold(words.how_to_read)], &mut xml);
    for line in words.reading {
        push(&[Cell::Empty, plain(line)], &mut xml);
    }
    if record.partial {
        push(&[Cell::Empty, plain(words.only_chosen)], &mut xml);
    }
    push(&[], &mut xml);
    push(&[Cell::Empty, bold(words.table), bold(words.rows), bold(words.columns), bold(words.sheets)], &mut xml);
    for table in record.tables {
        let columns = table.source.columns.len() as u64;
        // Further sheets stand side by side.
        let mut cells =
            vec![Cell::Empty, Cell::Text(&table.written.table, Style::Link), Cell::Count(table.written.rows)];
        cells.push(Cell::Count(columns));
        cells.extend(table.sheets.iter().take(sheet::MAX_COLUMNS - 8).map(|s| Cell::Text(&s.name, Style::Link)));
        let row = push(&cells, &mut xml);
        if let Some(first) = table.sheets.first() {
            links.push((format!("B{row}"), first.name.as_str()));
        }
        for (index, sheet) in table.sheets.iter().take(sheet::MAX_COLUMNS - 8).enumerate() {
            links.push((format!("{}{row}", column_letters(4 + index)), sheet.name.as_str()));
        }
    }
    // Excel takes no more than 65,530 links on a sheet.
    links.truncate(65_000);
    sheet::push_tail_with_links(None, false, &links, &mut xml);
    xml
}
