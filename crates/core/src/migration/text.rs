//! What a file's bytes may be without being another text: line ends that git changes, a mark that editors add.

use sha2::{Digest, Sha384};

/// What many editors on Windows write before UTF-8. PostgreSQL does not accept it, so it is never sent.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// How a text that a tenant has applied compares with the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    /// Byte by byte the same.
    Same,
    /// The same but for line ends, or a byte-order mark: the same SQL, and another checksum.
    LineEndings,
    /// Another text, as far as a checksum tells.
    Other,
}

/// The text without its byte-order mark, and whether it had one.
pub(super) fn without_mark(text: String) -> (String, bool) {
    match text.strip_prefix(BYTE_ORDER_MARK) {
        Some(rest) => (rest.to_owned(), true),
        None => (text, false),
    }
}

/// The checksums of this text with either kind of line end, with and without the mark.
pub(super) fn checksums(text: &str) -> Vec<Vec<u8>> {
    let unix = text.replace("\r\n", "\n");
    let windows = unix.replace('\n', "\r\n");
    let texts = [&unix, &windows].into_iter().flat_map(|text| [("", text), (BYTE_ORDER_MARK, text)]);
    texts.map(|(mark, text)| Sha384::new().chain_update(mark).chain_update(text).finalize().to_vec()).collect()
}

/// How many lines end as on Windows, and how many do not; the line (from 1) of the first that does.
pub(super) fn line_ends(text: &str) -> (usize, usize, u32) {
    let windows = text.matches("\r\n").count();
    let first = text.find("\r\n").map_or(0, |at| text[..at].matches('\n').count() + 1);
    (windows, text.matches('\n').count() - windows, first as u32)
}

/// A line ends inside quotes: there it is data, or the body of a function.
pub(super) fn has_quoted_line_end(text: &str) -> bool {
    use squawk_syntax::{SourceFile, SyntaxKind as K};
    let tree = SourceFile::parse(text).syntax_node();
    super::lint::tokens(&tree).any(|token| {
        let quoted = matches!(
            token.kind(),
            K::STRING | K::DOLLAR_QUOTED_STRING | K::ESC_STRING | K::UNICODE_ESC_STRING | K::NATIONAL_STRING
        );
        quoted && token.text().contains('\n')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_and_marks_make_the_only_texts_that_count_as_the_same() {
        let sum = |text: &str| Sha384::digest(text).to_vec();
        for text in ["a\nb\n", "a\r\nb\r\n", "a\r\nb\n"] {
            let known = checksums(text);
            for same in ["a\nb\n", "a\r\nb\r\n", "\u{feff}a\nb\n", "\u{feff}a\r\nb\r\n"] {
                assert!(known.contains(&sum(same)), "{same:?}");
            }
            for other in ["a\nb", "a\rb\r", "a \nb\n", "a\n\nb\n"] {
                assert!(!known.contains(&sum(other)), "{other:?}");
            }
        }
        assert_eq!(without_mark("\u{feff}a".into()), ("a".into(), true));
        assert_eq!(line_ends("a\nb\r\nc\r\n"), (2, 1, 2));
    }

    #[test]
    fn line_ends_inside_quotes_are_told_from_others() {
        for quoted in ["select 'a\nb';", "do $$ begin\nend $$;", "select E'\r\n';"] {
            assert!(has_quoted_line_end(quoted), "{quoted}");
        }
        assert!(!has_quoted_line_end("-- a 'b\nselect\n'a' /* '\n' */;\n"));
    }
}
