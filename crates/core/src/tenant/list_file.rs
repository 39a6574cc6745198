//! Files of new tenants: CSV or the first sheet of an Excel workbook, one tenant a line under a heading.

use super::CreateRequest;
use crate::access::RoleRequest;
use crate::registry::FIELDS;
use crate::{Error, ErrorKind, Result};
use calamine::Reader;
use std::path::Path;

/// One line of such a file.
#[derive(Debug)]
pub struct Listed {
    /// Number of the line in the file, or of the row in the sheet, from 1; of a record of several lines the first.
    pub line: u32,
    /// The tenant, or why the line names none.
    pub request: Result<CreateRequest>,
}

/// Reads new tenants from a file. Its heading names the columns, in any order: `name`, and where they are wanted `schema`, `template`,
/// `domains` and `modules` (several in a field, with spaces between them), the fields of an entry ([`FIELDS`]), and `field.NAME` for
/// own fields. A line without a template gets `template`, every tenant gets `role`. Empty lines are left out.
///
/// CSV is UTF-8, with commas, semicolons or tabs between the fields, whichever the heading has.
///
/// # Errors
/// [`ErrorKind::FileUnreadable`]; [`ErrorKind::TenantListInvalid`] for a file that cannot be understood as a whole.
pub fn read_list(path: &Path, template: Option<&str>, role: Option<&RoleRequest>) -> Result<Vec<Listed>> {
    let file = path.display().to_string();
    let unreadable = |e: std::io::Error| Error::new(ErrorKind::FileUnreadable { path: file.clone() }).source(e);
    let is_workbook = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("xlsx"));
    let records = if is_workbook {
        // Opened before it is parsed: that it cannot be read is another matter than that it is no workbook.
        std::fs::File::open(path).map_err(unreadable)?;
        sheet(path).map_err(|reason| invalid(&file, reason))?
    } else {
        let bytes = std::fs::read(path).map_err(unreadable)?;
        let text = String::from_utf8(bytes)
            .map_err(|e| invalid(&file, "it is not UTF-8; save it as “CSV UTF-8”".to_owned()).source(e))?;
        csv(text.strip_prefix('\u{feff}').unwrap_or(&text)).map_err(|reason| invalid(&file, reason))?
    };
    let mut records = records.into_iter().filter(|(_, fields)| fields.iter().any(|field| !field.trim().is_empty()));
    let (_, heading) = records.next().ok_or_else(|| invalid(&file, "it is empty".to_owned()))?;
    let columns = Columns::of(&heading, role).map_err(|reason| invalid(&file, reason))?;
    let lines = records.map(|(line, fields)| Listed { line, request: columns.request(&fields, template) });
    Ok(lines.collect())
}

fn invalid(file: &str, reason: String) -> Error {
    ErrorKind::TenantListInvalid { file: file.to_owned(), reason }.into()
}

/// Where the columns are.
struct Columns {
    width: usize,
    name: usize,
    schema: Option<usize>,
    template: Option<usize>,
    domains: Option<usize>,
    modules: Option<usize>,
    /// Fields of the entry, by their names.
    fields: Vec<(String, usize)>,
    /// The role that every tenant of the file gets, with its own name.
    role: Option<RoleRequest>,
}

/// What a heading says of an own field.
const OWN: &str = "field.";

impl Columns {
    fn of(heading: &[String], role: Option<&RoleRequest>) -> Result<Self, String> {
        let words: Vec<String> = heading.iter().map(|word| word.trim().to_lowercase()).collect();
        let width = words.iter().rposition(|word| !word.is_empty()).map_or(0, |last| last + 1);
        let mut fields = Vec::new();
        for (index, word) in words[..width].iter().enumerate() {
            let of_entry = |word: &str| {
                word == "type" || (FIELDS.contains(&word) && !["name", "template", "role"].contains(&word))
            };
            if let Some(own) = word.strip_prefix(OWN) {
                fields.push((own.to_owned(), index));
            } else if of_entry(word) {
                fields.push((word.clone(), index));
            } else if !["name", "schema", "template", "domains", "modules"].contains(&word.as_str()) {
                return Err(format!(
                    "its heading has the column “{}”; there are name, schema, template, domains, modules, {}, and field.NAME \
                     for fields of your own",
                    heading[index].trim(),
                    FIELDS.iter().filter(|field| of_entry(field)).copied().collect::<Vec<_>>().join(", ")
                ));
            }
            if words[..index].contains(word) {
                return Err(format!("its heading has the column {word} twice"));
            }
        }
        let place = |wanted: &str| words.iter().position(|word| word == wanted);
        let name = place("name").ok_or("its heading has no column name")?;
        let (schema, template) = (place("schema"), place("template"));
        let (domains, modules) = (place("domains"), place("modules"));
        Ok(Self { width, name, schema, template, domains, modules, fields, role: role.cloned() })
    }

    fn request(&self, fields: &[String], template: Option<&str>) -> Result<CreateRequest> {
        let filled = fields.iter().rposition(|field| !field.trim().is_empty()).map_or(0, |last| last + 1);
        if filled > self.width {
            let kind = ErrorKind::TenantLineFields { fields: filled.to_string(), heading: self.width.to_string() };
            return Err(kind.into());
        }
        let field = |place: usize| fields.get(place).map(|field| field.trim()).filter(|field| !field.is_empty());
        let name = field(self.name).unwrap_or_default().to_owned();
        let schema = self.schema.and_then(field).map(str::to_owned);
        let template = self.template.and_then(field).or(template).map(str::to_owned);
        let list = |place: Option<usize>| -> Vec<String> {
            let text = place.and_then(field).unwrap_or_default();
            text.split([' ', ',', ';']).filter(|part| !part.is_empty()).map(str::to_owned).collect()
        };
        let filled = self.fields.iter().filter_map(|(name, place)| Some((name.clone(), field(*place)?.to_owned())));
        let (domains, modules, fields) = (list(self.domains), list(self.modules), filled.collect());
        Ok(CreateRequest { name, schema, template, role: self.role.clone(), domains, modules, fields })
    }
}

type Records = Vec<(u32, Vec<String>)>;

/// The first sheet's rows.
fn sheet(path: &Path) -> Result<Records, String> {
    let mut book =
        calamine::open_workbook::<calamine::Xlsx<_>, _>(path).map_err(|e| format!("it is no workbook ({e})"))?;
    let range =
        book.worksheet_range_at(0).ok_or("it has no sheet")?.map_err(|e| format!("its sheet is broken ({e})"))?;
    let first = range.start().map_or(0, |(row, _)| row);
    let rows =
        range.rows().zip(first + 1..).map(|(row, number)| (number, row.iter().map(ToString::to_string).collect()));
    Ok(rows.collect())
}

/// RFC 4180, with the separator of the heading, and any line end.
fn csv(text: &str) -> Result<Records, String> {
    let heading = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let separator =
        [',', ';', '\t'].into_iter().max_by_key(|c| (heading.matches(*c).count(), *c == ',')).unwrap_or(',');
    let mut records = Vec::new();
    let (mut line, mut begun) = (1, 1);
    let (mut fields, mut field) = (Vec::new(), String::new());
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '"' if field.is_empty() => loop {
                match characters.next() {
                    Some('"') if characters.peek() == Some(&'"') => {
                        characters.next();
                        field.push('"');
                    }
                    Some('"') => break,
                    Some(c) => {
                        line += u32::from(c == '\n');
                        field.push(c);
                    }
                    None => return Err(format!("a quote in the record of line {begun} is never closed")),
                }
            },
            '\r' if characters.peek() == Some(&'\n') => {}
            '\n' | '\r' => {
                line += 1;
                fields.push(std::mem::take(&mut field));
                records.push((begun, std::mem::take(&mut fields)));
                begun = line;
            }
            c if c == separator => fields.push(std::mem::take(&mut field)),
            c => field.push(c),
        }
    }
    if !field.is_empty() || !fields.is_empty() {
        fields.push(field);
        records.push((begun, fields));
    }
    Ok(records)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn listed(name: &str, content: &[u8]) -> Result<Vec<Listed>> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        read_list(&path, Some("school"), None)
    }

    /// Line, name, schema and template.
    type Line = (u32, String, Option<String>, Option<String>);

    fn good(content: &str) -> Vec<Line> {
        let lines = listed("list.csv", content.as_bytes()).unwrap().into_iter();
        let line = |line: Listed| {
            let request = line.request.unwrap();
            (line.line, request.name, request.schema, request.template)
        };
        lines.map(line).collect()
    }

    fn refused(content: &[u8]) -> String {
        listed("list.csv", content).unwrap_err().to_string()
    }

    #[test]
    fn a_spreadsheets_csv_is_read_whatever_its_separator_and_line_ends() {
        let some = |text: &str| Some(text.to_owned());
        let wanted = vec![
            (2, "Lycée \"Hugo\"".to_owned(), some("hugo"), some("school")),
            (4, "Un, deux; trois".to_owned(), None, some("health")),
        ];
        for separator in [",", ";", "\t"] {
            for end in ["\n", "\r\n", "\r"] {
                let text = format!(
                    "\u{feff}Name|SCHEMA|template{end}\"Lycée \"\"Hugo\"\"\"|hugo|{end}||{end}\"Un, deux; trois\"||health"
                );
                assert_eq!(good(&text.replace('|', separator)), wanted, "{separator:?} {end:?}");
            }
        }
        assert_eq!(good("name\nA\n")[0].1, "A");
        assert_eq!(good("name\n\"a\nb\"\nC")[1].0, 4, "lines are those of the file");
    }

    #[test]
    fn a_file_that_cannot_be_understood_says_why() {
        assert!(refused(b"").contains("it is empty"));
        assert!(refused(b"schema\nx").contains("no column name"));
        assert!(refused(b"name,colour\nx,y").contains("“colour”"));
        assert!(refused(b"name,name\nx,y").contains("twice"));
        assert!(refused(b"name\n\"x\ny").contains("line 2 is never closed"));
        assert!(refused(b"name\nLyc\xe9e").contains("UTF-8"));
        assert!(listed("list.xlsx", b"name\nx").unwrap_err().to_string().contains("no workbook"));
        assert!(matches!(
            read_list(Path::new("/nowhere/list.csv"), None, None).unwrap_err().kind(),
            ErrorKind::FileUnreadable { .. }
        ));
    }

    #[test]
    fn a_line_with_too_many_fields_is_refused_alone() {
        let lines = listed("list.csv", b"name\nA\nB,b\nC\n").unwrap();
        let bad: Vec<u32> = lines.iter().filter(|line| line.request.is_err()).map(|line| line.line).collect();
        assert_eq!((lines.len(), bad), (3, vec![3]));
        let reason = lines[1].request.as_ref().unwrap_err().to_string();
        assert!(reason.contains("2 fields, and the heading 1"), "{reason}");
    }

    proptest! {
        #[test]
        fn what_is_quoted_comes_back(names in proptest::collection::vec("[^\\r\0]{1,20}", 1..8)) {
            let mut text = String::from("name,schema\n");
            for name in &names {
                text.push_str(&format!("\"{}\",x\n", name.replace('"', "\"\"")));
            }
            let read: Vec<String> = good(&text).into_iter().map(|(_, name, ..)| name).collect();
            let wanted: Vec<String> = names.iter().map(|name| name.trim().to_owned()).collect();
            prop_assert_eq!(read, wanted);
        }
    }
}
