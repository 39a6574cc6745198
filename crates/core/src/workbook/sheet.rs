//! The XML around the rows of a sheet, and simple rows of our own.

use super::style::Style;
use super::{temporal, text};

/// Rows of a sheet.
pub(super) const MAX_ROWS: u32 = 1_048_576;
/// Columns of a sheet.
pub(super) const MAX_COLUMNS: usize = 16_384;

/// A cell of our own sheets.
#[derive(Debug, Clone, Copy)]
pub(super) enum Cell<'a> {
    Empty,
    Text(&'a str, Style),
    Number(u64),
    /// A number for people, with its digits grouped.
    Count(u64),
}

/// `A`, `B` … `XFD` for a 0-based column.
pub(super) fn column_letters(index: usize) -> String {
    let mut letters = Vec::new();
    let mut left = index + 1;
    while left > 0 {
        left -= 1;
        letters.push(char::from(b'A' + (left % 26) as u8));
        left /= 26;
    }
    letters.iter().rev().collect()
}

/// `A1:J100`, all rows of a table with its headings; `None` for a table without columns.
pub(super) fn range(columns: usize, last_row: u32) -> Option<String> {
    columns.checked_sub(1).map(|last| format!("A1:{}{last_row}", column_letters(last)))
}

/// How a sheet begins.
#[derive(Debug, Clone, Copy)]
pub(super) struct Head<'a> {
    /// Column widths in characters.
    pub(super) widths: &'a [u32],
    /// The first row stays while the rest scrolls.
    pub(super) frozen: bool,
    /// The sheet that shows when the file is opened.
    pub(super) selected: bool,
    /// Excel's lines between cells.
    pub(super) grid: bool,
}

impl Head<'_> {
    /// Appends everything up to the first row.
    pub(super) fn push(self, out: &mut Vec<u8>) {
        let mut xml = String::from(
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetPr><pageSetUpPr fitToPage=\"1\"/></sheetPr><sheetViews><sheetView",
        );
        if !self.grid {
            xml += " showGridLines=\"0\"";
        }
        if self.selected {
            xml += " tabSelected=\"1\"";
        }
        xml += " workbookViewId=\"0\"";
        xml += if self.frozen {
            "><pane ySplit=\"1\" topLeftCell=\"A2\" activePane=\"bottomLeft\" state=\"frozen\"/><selection pane=\"bottomLeft\" activeCell=\"A2\" sqref=\"A2\"/></sheetView>"
        } else {
            "/>"
        };
        xml += "</sheetViews><sheetFormatPr defaultRowHeight=\"15\"/>";
        if !self.widths.is_empty() {
            xml += "<cols>";
            for (index, width) in self.widths.iter().enumerate() {
                let n = index + 1;
                xml += &format!("<col min=\"{n}\" max=\"{n}\" width=\"{width}.7109375\" customWidth=\"1\"/>");
            }
            xml += "</cols>";
        }
        xml += "<sheetData>";
        out.extend_from_slice(xml.as_bytes());
    }
}

/// Appends everything after the last row: the filter, the page, and that numbers kept as text are meant so.
pub(super) fn push_tail(range: Option<&str>, filter: bool, out: &mut Vec<u8>) {
    push_tail_with_links(range, filter, &[], out);
}

/// The same with cells that lead to other sheets: `(cell, sheet)`.
pub(super) fn push_tail_with_links(range: Option<&str>, filter: bool, links: &[(String, &str)], out: &mut Vec<u8>) {
    let mut xml = String::from("</sheetData>");
    if let Some(range) = range.filter(|_| filter) {
        xml += &format!("<autoFilter ref=\"{range}\"/>");
    }
    if !links.is_empty() {
        xml += "<hyperlinks>";
        for (cell, sheet) in links {
            let mut location = Vec::new();
            text::push_attribute(&format!("'{}'!A1", sheet.replace('\'', "''")), &mut location);
            let location = String::from_utf8_lossy(&location);
            xml += &format!("<hyperlink ref=\"{cell}\" location=\"{location}\"/>");
        }
        xml += "</hyperlinks>";
    }
    xml += "<pageMargins left=\"0.5\" right=\"0.5\" top=\"0.6\" bottom=\"0.6\" header=\"0.3\" footer=\"0.3\"/><pageSetup paperSize=\"9\" orientation=\"landscape\" fitToHeight=\"0\"/><headerFooter><oddFooter>&amp;L&amp;A&amp;R&amp;P / &amp;N</oddFooter></headerFooter>";
    if let Some(range) = range {
        xml += &format!("<ignoredErrors><ignoredError sqref=\"{range}\" numberStoredAsText=\"1\"/></ignoredErrors>");
    }
    xml += "</worksheet>";
    out.extend_from_slice(xml.as_bytes());
}

/// Appends a row of our own.
pub(super) fn push_row(row: u32, cells: &[Cell<'_>], out: &mut Vec<u8>) {
    out.extend_from_slice(format!("<row r=\"{row}\">").as_bytes());
    for (column, cell) in cells.iter().enumerate() {
        push_text_cell(column, row, cell, out);
    }
    out.extend_from_slice(b"</row>");
}

/// Appends one cell of our own.
pub(super) fn push_text_cell(column: usize, row: u32, cell: &Cell<'_>, out: &mut Vec<u8>) {
    let at = format!("<c r=\"{}{row}\"", column_letters(column));
    match *cell {
        Cell::Empty => {}
        Cell::Number(value) | Cell::Count(value) => {
            let style = if matches!(cell, Cell::Count(_)) { Style::Count } else { Style::Integer };
            out.extend_from_slice(format!("{at} s=\"{}\"><v>", style.index()).as_bytes());
            temporal::push_integer(value, out);
            out.extend_from_slice(b"</v></c>");
        }
        Cell::Text(value, style) => {
            out.extend_from_slice(format!("{at} s=\"{}\" t=\"inlineStr\"><is><t", style.index()).as_bytes());
            out.extend_from_slice(if text::needs_preserve(value.as_bytes()) {
                b" xml:space=\"preserve\">"
            } else {
                b">"
            });
            text::push_escaped(value.as_bytes(), out);
            out.extend_from_slice(b"</t></is></c>");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_named_as_in_excel() {
        let names = [0, 25, 26, 51, 701, 702, MAX_COLUMNS - 1].map(column_letters);
        assert_eq!(names, ["A", "Z", "AA", "AZ", "ZZ", "AAA", "XFD"]);
        assert_eq!(range(0, 5), None);
        assert_eq!(range(10, MAX_ROWS).as_deref(), Some("A1:J1048576"));
    }
}
