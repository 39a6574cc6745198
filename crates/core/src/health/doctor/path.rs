//! Reading and writing the text of a `search_path`.

use crate::Result;
use crate::sql::Ident;

/// The names in a setting, as the server reads them: folded to lower case outside quotes.
pub(super) fn names(path: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut rest = path.trim_start();
    while !rest.is_empty() {
        let name;
        if let Some(quoted) = rest.strip_prefix('"') {
            let mut text = String::new();
            let mut after = quoted;
            loop {
                let Some(end) = after.find('"') else {
                    text.push_str(after);
                    after = "";
                    break;
                };
                text.push_str(&after[..end]);
                after = &after[end + 1..];
                match after.strip_prefix('"') {
                    Some(more) => {
                        text.push('"');
                        after = more;
                    }
                    None => break,
                }
            }
            (name, rest) = (text, after);
        } else {
            let end = rest.find(',').unwrap_or(rest.len());
            name = rest[..end].trim_end().to_ascii_lowercase();
            rest = &rest[end..];
        }
        // An empty name in quotes stands for no schema at all.
        if !name.is_empty() {
            names.push(name);
        }
        rest = rest.trim_start().trim_start_matches(',').trim_start();
    }
    names
}

/// A list of names for `set search_path = …`.
pub(super) fn list<'a>(names: impl IntoIterator<Item = &'a str>) -> Result<String> {
    let names: Vec<String> = names.into_iter().map(|name| Ok(Ident::new(name)?.to_string())).collect::<Result<_>>()?;
    Ok(names.join(", "))
}

/// The names that are not schemas of one's own: the role's, temporary, the system's.
pub(super) fn is_special(name: &str) -> bool {
    name == "$user" || name.starts_with("pg_") || name == "information_schema"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_the_server_reads_them() {
        assert_eq!(names("acme, \"Öl\"\"1\", \"$user\",public"), ["acme", "Öl\"1", "$user", "public"]);
        assert_eq!(names("ACME"), ["acme"]);
        assert_eq!(names("\"\""), [""; 0]);
        assert_eq!(names("\"a, b\",c"), ["a, b", "c"]);
    }

    #[test]
    fn what_is_written_reads_back() {
        let hostile = ["a\"b", "a, b", "A", "it's\nnew"];
        assert_eq!(names(&list(hostile).unwrap()), hostile);
    }
}
