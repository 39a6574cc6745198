//! Lists of identifiers as settings hold them.

/// The names in the value of a setting like `search_path`, read as the server does: separated by commas, in quotes or folded to
/// lower case (`SplitIdentifierString`). Nothing where the text is no such list.
pub(crate) fn identifiers(text: &str) -> Option<Vec<String>> {
    let mut names = Vec::new();
    let mut rest = text.trim();
    if rest.is_empty() {
        return Some(names);
    }
    loop {
        let (name, behind) = match rest.strip_prefix('"') {
            Some(quoted) => {
                let mut name = String::new();
                let mut characters = quoted.char_indices().peekable();
                let end = loop {
                    match characters.next()? {
                        (_, '"') if characters.peek().is_some_and(|(_, c)| *c == '"') => {
                            characters.next();
                            name.push('"');
                        }
                        (at, '"') => break at,
                        (_, c) => name.push(c),
                    }
                };
                (name, &quoted[end + 1..])
            }
            None => {
                let end = rest.find([',', ' ', '\t', '\n', '\r']).unwrap_or(rest.len());
                (rest[..end].to_lowercase(), &rest[end..])
            }
        };
        if name.is_empty() {
            return None;
        }
        names.push(name);
        let behind = behind.trim_start();
        if behind.is_empty() {
            return Some(names);
        }
        rest = behind.strip_prefix(',')?.trim_start();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::Ident;
    use proptest::prelude::*;

    #[test]
    fn lists_are_read_as_the_server_reads_them() {
        let names = |text: &str| identifiers(text).map(|names| names.join("|"));
        assert_eq!(names("Acme, public").as_deref(), Some("acme|public"));
        assert_eq!(names(" \"$user\" ,\"A\"\"b,c\"").as_deref(), Some("$user|A\"b,c"));
        assert_eq!(names("").as_deref(), Some(""));
        assert_eq!(names("a,,b"), None);
        assert_eq!(names("\"a"), None);
        assert_eq!(names("a b"), None);
    }

    proptest! {
        #[test]
        fn quoted_names_come_back(names in proptest::collection::vec("[^\0]{1,12}", 1..5)) {
            let quoted: Vec<String> = names.iter().map(|name| Ident::new(name.as_str()).unwrap().to_string()).collect();
            prop_assert_eq!(identifiers(&quoted.join(", ")), Some(names));
        }
    }
}
