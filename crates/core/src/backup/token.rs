//! PostgreSQL's tokens, as far as they are needed to find where a statement ends and whom it names.

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// White space and comments.
    Space,
    /// A key word, or an identifier without quotes.
    Word,
    /// An identifier in quotes.
    Quoted,
    /// A string, in dollars or quotes.
    Text,
    Open,
    Close,
    Semicolon,
    Backslash,
    Other,
}

/// A token's place in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token {
    pub kind: Kind,
    pub from: usize,
    pub to: usize,
}

/// The tokens of a text. Where one may go on beyond the text, `None` comes and then nothing; when the text is `whole`, only
/// for one whose end is missing. With `escapes`, a backslash escapes in every string.
pub(super) fn tokens(text: &[u8], whole: bool, escapes: bool) -> impl Iterator<Item = Option<Token>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        if at >= text.len() {
            return None;
        }
        let Some((kind, to)) = one(text, at, whole, escapes) else {
            at = text.len();
            return Some(None);
        };
        let token = Token { kind, from: at, to };
        at = to;
        Some(Some(token))
    })
}

fn one(text: &[u8], at: usize, whole: bool, escapes: bool) -> Option<(Kind, usize)> {
    let rest = &text[at..];
    let second = rest.get(1).copied();
    if second.is_none() && !whole && !matches!(rest[0], b'(' | b')' | b';') {
        return None;
    }
    let run = |fits: &dyn Fn(u8) -> bool| {
        let length = rest.iter().position(|byte| !fits(*byte));
        length.or(whole.then_some(rest.len()))
    };
    let length = |kind, length: usize| Some((kind, at + length));
    match rest[0] {
        byte if byte.is_ascii_whitespace() || byte == 0x0b => {
            let space = rest.iter().position(|b| !b.is_ascii_whitespace() && *b != 0x0b);
            length(Kind::Space, space.unwrap_or(rest.len()))
        }
        b'-' if second == Some(b'-') => length(Kind::Space, run(&|byte| byte != b'\n')?),
        b'/' if second == Some(b'*') => length(Kind::Space, comment(rest)?),
        b'"' => length(Kind::Quoted, quoted(rest, 0, b'"', false, whole)?),
        b'\'' => length(Kind::Text, quoted(rest, 0, b'\'', escapes, whole)?),
        b'e' | b'E' if second == Some(b'\'') => length(Kind::Text, quoted(rest, 1, b'\'', true, whole)?),
        b'$' => match dollar(rest, whole) {
            Dollar::Text(to) => length(Kind::Text, to),
            Dollar::None => length(Kind::Other, 1),
            Dollar::Open => None,
        },
        byte if byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80 => {
            let in_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$' || byte >= 0x80;
            length(Kind::Word, run(&in_word)?)
        }
        b'(' => length(Kind::Open, 1),
        b')' => length(Kind::Close, 1),
        b';' => length(Kind::Semicolon, 1),
        b'\\' => length(Kind::Backslash, 1),
        // Digits with what sticks to them, so that a dollar behind one begins no string.
        byte if byte.is_ascii_digit() => {
            length(Kind::Other, run(&|byte| byte.is_ascii_alphanumeric() || byte == b'$')?)
        }
        _ => length(Kind::Other, 1),
    }
}

/// Comments may hold comments.
fn comment(text: &[u8]) -> Option<usize> {
    let (mut depth, mut at) = (0_usize, 0);
    while at + 1 < text.len() {
        match &text[at..at + 2] {
            b"/*" => {
                depth += 1;
                at += 2;
            }
            b"*/" => {
                depth -= 1;
                at += 2;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => at += 1,
        }
    }
    None
}

fn quoted(text: &[u8], start: usize, quote: u8, escapes: bool, whole: bool) -> Option<usize> {
    let mut at = start + 1;
    while at < text.len() {
        match text[at] {
            b'\\' if escapes => at += 2,
            byte if byte == quote => match text.get(at + 1) {
                Some(next) if *next == quote => at += 2,
                None if !whole => return None,
                _ => return Some(at + 1),
            },
            _ => at += 1,
        }
    }
    None
}

enum Dollar {
    /// A string of this length.
    Text(usize),
    /// No string begins here.
    None,
    /// Its end is not there yet.
    Open,
}

fn dollar(text: &[u8], whole: bool) -> Dollar {
    let in_tag = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80;
    let Some(end) = text[1..].iter().position(|byte| !in_tag(*byte)) else {
        return if whole { Dollar::None } else { Dollar::Open };
    };
    if text[end + 1] != b'$' || text[1].is_ascii_digit() {
        return Dollar::None;
    }
    let (tag, body) = text.split_at(end + 2);
    match memchr::memmem::find(body, tag) {
        Some(close) => Dollar::Text(tag.len() + close + tag.len()),
        None => Dollar::Open,
    }
}

/// Where a statement is: a semicolon in parentheses (`create rule`) or in the body of a routine (`begin atomic`) ends none.
/// These are psql's rules.
#[derive(Debug, Default)]
pub(super) struct Scan {
    words: Vec<String>,
    parentheses: u32,
    bodies: u32,
}

impl Scan {
    pub fn ends_statement(&mut self, token: &Token, text: &[u8]) -> bool {
        match token.kind {
            Kind::Semicolon => return self.parentheses == 0 && self.bodies == 0,
            Kind::Open => self.parentheses += 1,
            Kind::Close => self.parentheses = self.parentheses.saturating_sub(1),
            Kind::Word => {
                let word = String::from_utf8_lossy(text).to_lowercase();
                if self.parentheses == 0 && self.is_routine() {
                    match word.as_str() {
                        "begin" => self.bodies += 1,
                        "case" if self.bodies > 0 => self.bodies += 1,
                        "end" => self.bodies = self.bodies.saturating_sub(1),
                        _ => {}
                    }
                }
                if self.words.len() < 4 {
                    self.words.push(word);
                }
            }
            Kind::Space | Kind::Quoted | Kind::Text | Kind::Backslash | Kind::Other => {}
        }
        false
    }

    fn is_routine(&self) -> bool {
        let word = |index: usize| self.words.get(index).map(String::as_str).unwrap_or_default();
        let what = if word(1) == "or" { word(3) } else { word(1) };
        word(0) == "create" && (what == "function" || what == "procedure")
    }
}
