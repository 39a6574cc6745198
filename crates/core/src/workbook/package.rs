//! The parts that bind the sheets of a workbook together (ECMA-376, part 1: SpreadsheetML; part 2: packages).

use super::book::Tab;
use super::manifest::Facts;
use super::style;
use super::text::{push_attribute, push_escaped};

const HEADER: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
const MEDIA: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml";

/// The name of a sheet's part, by its 0-based position among the tabs.
pub(super) fn sheet_part(index: usize) -> String {
    format!("xl/worksheets/sheet{}.xml", index + 1)
}

/// Parts that are known before the first row. Programs that tell file types by their beginning look here.
pub(super) fn opening(facts: &Facts) -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("_rels/.rels", relations()),
        ("docProps/app.xml", app()),
        ("xl/styles.xml", style::styles_xml().into_bytes()),
        ("docProps/core.xml", core(facts)),
    ]
}

/// Parts that name the sheets.
pub(super) fn closing(tabs: &[Tab]) -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("xl/workbook.xml", workbook(tabs)),
        ("xl/_rels/workbook.xml.rels", workbook_relations(tabs)),
        ("[Content_Types].xml", content_types(tabs)),
    ]
}

fn workbook(tabs: &[Tab]) -> Vec<u8> {
    let mut xml = format!(
        "{HEADER}<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><workbookPr defaultThemeVersion=\"124226\"/><bookViews><workbookView xWindow=\"0\" yWindow=\"0\" windowWidth=\"24000\" windowHeight=\"12000\" tabRatio=\"850\" activeTab=\"0\"/></bookViews><sheets>"
    )
    .into_bytes();
    for (index, tab) in tabs.iter().enumerate() {
        let n = index + 1;
        xml.extend_from_slice(b"<sheet name=\"");
        push_attribute(&tab.name, &mut xml);
        let hidden = if tab.hidden { " state=\"hidden\"" } else { "" };
        xml.extend_from_slice(format!("\" sheetId=\"{n}\"{hidden} r:id=\"rId{n}\"/>").as_bytes());
    }
    xml.extend_from_slice(b"</sheets>");
    let ranges: Vec<_> = tabs.iter().enumerate().filter_map(|(i, t)| Some((i, t, t.range.as_deref()?))).collect();
    if !ranges.is_empty() {
        xml.extend_from_slice(b"<definedNames>");
        // Excel keeps the area of a filter as a hidden name beside the filter itself. Names are sorted.
        for (index, tab, range) in &ranges {
            let open = format!("<definedName name=\"_xlnm._FilterDatabase\" localSheetId=\"{index}\" hidden=\"1\">");
            push_name(&open, tab, &absolute(range), &mut xml);
        }
        for (index, tab, _) in &ranges {
            let open = format!("<definedName name=\"_xlnm.Print_Titles\" localSheetId=\"{index}\">");
            push_name(&open, tab, "$1:$1", &mut xml);
        }
        xml.extend_from_slice(b"</definedNames>");
    }
    xml.extend_from_slice(b"</workbook>");
    xml
}

fn push_name(open: &str, tab: &Tab, range: &str, xml: &mut Vec<u8>) {
    xml.extend_from_slice(open.as_bytes());
    push_escaped(format!("'{}'!{range}", tab.name.replace('\'', "''")).as_bytes(), xml);
    xml.extend_from_slice(b"</definedName>");
}

/// `A1:J10` → `$A$1:$J$10`
fn absolute(range: &str) -> String {
    let cell = |cell: &str| {
        let digits = cell.find(|c: char| c.is_ascii_digit()).unwrap_or(cell.len());
        format!("${}${}", &cell[..digits], &cell[digits..])
    };
    range.split(':').map(cell).collect::<Vec<_>>().join(":")
}

fn workbook_relations(tabs: &[Tab]) -> Vec<u8> {
    let mut xml = format!("{HEADER}<Relationships xmlns=\"{PACKAGE}/relationships\">");
    for (index, tab) in tabs.iter().enumerate() {
        let (n, target) = (index + 1, tab.part.trim_start_matches("xl/"));
        xml += &format!("<Relationship Id=\"rId{n}\" Type=\"{OFFICE}/worksheet\" Target=\"{target}\"/>");
    }
    let n = tabs.len() + 1;
    xml += &format!("<Relationship Id=\"rId{n}\" Type=\"{OFFICE}/styles\" Target=\"styles.xml\"/></Relationships>");
    xml.into_bytes()
}

fn relations() -> Vec<u8> {
    format!(
        "{HEADER}<Relationships xmlns=\"{PACKAGE}/relationships\"><Relationship Id=\"rId1\" Type=\"{OFFICE}/officeDocument\" Target=\"xl/workbook.xml\"/><Relationship Id=\"rId2\" Type=\"{PACKAGE}/relationships/metadata/core-properties\" Target=\"docProps/core.xml\"/><Relationship Id=\"rId3\" Type=\"{OFFICE}/extended-properties\" Target=\"docProps/app.xml\"/></Relationships>"
    )
    .into_bytes()
}

fn content_types(tabs: &[Tab]) -> Vec<u8> {
    let mut xml = format!(
        "{HEADER}<Types xmlns=\"{PACKAGE}/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/><Override PartName=\"/xl/workbook.xml\" ContentType=\"{MEDIA}.sheet.main+xml\"/>"
    );
    for tab in tabs {
        xml += &format!("<Override PartName=\"/{}\" ContentType=\"{MEDIA}.worksheet+xml\"/>", tab.part);
    }
    xml += &format!(
        "<Override PartName=\"/xl/styles.xml\" ContentType=\"{MEDIA}.styles+xml\"/><Override PartName=\"/docProps/core.xml\" ContentType=\"application/vnd.openxmlformats-package.core-properties+xml\"/><Override PartName=\"/docProps/app.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.extended-properties+xml\"/></Types>"
    );
    xml.into_bytes()
}

fn core(facts: &Facts) -> Vec<u8> {
    let mut xml = format!(
        "{HEADER}<cp:coreProperties xmlns:cp=\"{PACKAGE}/metadata/core-properties\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:dcterms=\"http://purl.org/dc/terms/\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><dc:title>"
    )
    .into_bytes();
    push_escaped(facts.schema.as_bytes(), &mut xml);
    xml.extend_from_slice(b"</dc:title><dc:creator>");
    push_escaped(facts.created_by.as_bytes(), &mut xml);
    let created = facts.created.format("%Y-%m-%dT%H:%M:%SZ");
    let end = format!(
        "</dc:creator><dcterms:created xsi:type=\"dcterms:W3CDTF\">{created}</dcterms:created><dcterms:modified xsi:type=\"dcterms:W3CDTF\">{created}</dcterms:modified></cp:coreProperties>"
    );
    xml.extend_from_slice(end.as_bytes());
    xml
}

fn app() -> Vec<u8> {
    format!(
        "{HEADER}<Properties xmlns=\"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties\"><Application>Cadastre</Application></Properties>"
    )
    .into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_become_absolute() {
        assert_eq!(absolute("A1:XFD1048576"), "$A$1:$XFD$1048576");
    }

    #[test]
    fn hostile_sheet_names_stay_inside_their_quotes() {
        let name = "l'été & \"<x>\"".into();
        let tabs = [Tab { name, part: sheet_part(0), range: Some("A1:B2".into()), hidden: false }];
        let xml = String::from_utf8(workbook(&tabs)).unwrap();
        assert!(xml.contains("<sheet name=\"l'été &amp; &quot;&lt;x&gt;&quot;\""), "{xml}");
        assert!(xml.contains(">'l''été &amp; \"&lt;x&gt;\"'!$A$1:$B$2<"), "{xml}");
    }
}
