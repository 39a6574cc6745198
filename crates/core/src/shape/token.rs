//! Reading SQL as PostgreSQL's scanner does, as far as telling names from texts needs it.

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// White space and comments.
    Space,
    /// A key word or a name without quotes.
    Word,
    /// A name in double quotes.
    Quoted,
    /// A text in single quotes, with its prefix.
    Literal,
    /// A text in dollar quotes.
    Dollar,
    /// A number.
    Number,
    /// `::` or one other character.
    Symbol,
}

/// A piece of SQL. All tokens together are the whole text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token<'a> {
    pub kind: Kind,
    pub text: &'a str,
}

impl Token<'_> {
    /// The name that the token stands for, as the catalogs have it.
    pub fn name(&self) -> Option<String> {
        match self.kind {
            Kind::Word => Some(self.text.to_ascii_lowercase()),
            Kind::Quoted => {
                let inner = self.text.strip_prefix('"')?.strip_suffix('"')?;
                Some(inner.replace("\"\"", "\""))
            }
            _ => None,
        }
    }

    pub fn is(&self, text: &str) -> bool {
        matches!(self.kind, Kind::Symbol | Kind::Word) && self.text.eq_ignore_ascii_case(text)
    }
}

/// The tokens of a text.
pub(super) fn tokens(sql: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = sql;
    while !rest.is_empty() {
        let (kind, length) = first(rest);
        let (text, after) = rest.split_at(length);
        tokens.push(Token { kind, text });
        rest = after;
    }
    tokens
}

fn first(s: &str) -> (Kind, usize) {
    let bytes = s.as_bytes();
    let next = bytes.get(1).copied().unwrap_or_default();
    match bytes[0] {
        b'-' if next == b'-' => (Kind::Space, s.find(['\n', '\r']).unwrap_or(s.len())),
        b'/' if next == b'*' => (Kind::Space, block_comment(bytes)),
        b'\'' => (Kind::Literal, quoted(bytes, 0, b'\'', false)),
        b'"' => (Kind::Quoted, quoted(bytes, 0, b'"', false)),
        b'e' | b'E' if next == b'\'' => (Kind::Literal, quoted(bytes, 1, b'\'', true)),
        b'b' | b'B' | b'x' | b'X' | b'n' | b'N' if next == b'\'' => (Kind::Literal, quoted(bytes, 1, b'\'', false)),
        b'u' | b'U' if next == b'&' && bytes.get(2) == Some(&b'\'') => (Kind::Literal, quoted(bytes, 2, b'\'', false)),
        b'$' => dollar(s),
        b':' if next == b':' => (Kind::Symbol, 2),
        b'0'..=b'9' => (Kind::Number, length_while(s, |c| c.is_ascii_alphanumeric() || c == '.' || c == '_')),
        byte if byte.is_ascii_whitespace() || byte == 0x0b => {
            (Kind::Space, length_while(s, |c| c.is_ascii_whitespace() || c == '\u{b}'))
        }
        byte if byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80 => (Kind::Word, length_while(s, in_name)),
        _ => (Kind::Symbol, 1),
    }
}

fn in_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '$' || !c.is_ascii()
}

fn length_while(s: &str, of: impl Fn(char) -> bool) -> usize {
    s.find(|c| !of(c)).unwrap_or(s.len())
}

/// Up to and including the closing quote; a quote may be doubled, or escaped where `escapes`.
fn quoted(bytes: &[u8], opening: usize, quote: u8, escapes: bool) -> usize {
    let mut at = opening + 1;
    while at < bytes.len() {
        if escapes && bytes[at] == b'\\' {
            at += 2;
        } else if bytes[at] == quote {
            if bytes.get(at + 1) != Some(&quote) {
                return at + 1;
            }
            at += 2;
        } else {
            at += 1;
        }
    }
    bytes.len()
}

fn block_comment(bytes: &[u8]) -> usize {
    let (mut at, mut depth) = (2, 1);
    while at < bytes.len() {
        match (bytes[at], bytes.get(at + 1)) {
            (b'/', Some(b'*')) => (at, depth) = (at + 2, depth + 1),
            (b'*', Some(b'/')) => {
                (at, depth) = (at + 2, depth - 1);
                if depth == 0 {
                    return at;
                }
            }
            _ => at += 1,
        }
    }
    bytes.len()
}

fn dollar(s: &str) -> (Kind, usize) {
    let tag = &s[1..];
    let length =
        if tag.starts_with(|c: char| c.is_ascii_digit()) { 0 } else { length_while(tag, |c| in_name(c) && c != '$') };
    if !tag[length..].starts_with('$') {
        // A parameter, `$1`.
        return (Kind::Symbol, 1);
    }
    let delimiter = &s[..length + 2];
    match s[delimiter.len()..].find(delimiter) {
        Some(end) => (Kind::Dollar, end + 2 * delimiter.len()),
        None => (Kind::Dollar, s.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn kinds(sql: &str) -> Vec<(Kind, &str)> {
        tokens(sql).into_iter().filter(|t| t.kind != Kind::Space).map(|t| (t.kind, t.text)).collect()
    }

    #[test]
    fn names_texts_and_comments_are_told_apart() {
        let sql = r#"a."b""c" 'it''s' E'\'x' $$ 'a' $$ $f$ $$ $f$ /* a /* b */ c */ -- d
            :: 1.5e3 $1 é"#;
        assert_eq!(
            kinds(sql),
            [
                (Kind::Word, "a"),
                (Kind::Symbol, "."),
                (Kind::Quoted, r#""b""c""#),
                (Kind::Literal, "'it''s'"),
                (Kind::Literal, r"E'\'x'"),
                (Kind::Dollar, "$$ 'a' $$"),
                (Kind::Dollar, "$f$ $$ $f$"),
                (Kind::Symbol, "::"),
                (Kind::Number, "1.5e3"),
                (Kind::Symbol, "$"),
                (Kind::Number, "1"),
                (Kind::Word, "é"),
            ]
        );
    }

    #[test]
    fn a_dollar_inside_a_name_opens_no_text() {
        assert_eq!(kinds("a$b$ c"), [(Kind::Word, "a$b$"), (Kind::Word, "c")]);
    }

    #[test]
    fn a_name_is_what_the_catalogs_have() {
        let names: Vec<_> = tokens(r#"Acme "Ac""me""#).iter().filter_map(Token::name).collect();
        assert_eq!(names, ["acme", "Ac\"me"]);
    }

    proptest! {
        #[test]
        fn no_character_is_lost(sql in "[a-z'\"$é.:/*\\-\\\\ \n0-9E]{0,40}") {
            let joined: String = tokens(&sql).iter().map(|t| t.text).collect();
            prop_assert_eq!(joined, sql);
        }
    }
}
