//! Reading the JSON that our own command line prints. Small on purpose: this crate has no dependencies.

use std::iter::Peekable;
use std::str::Chars;

/// A JSON value.
#[derive(Debug, Clone, PartialEq)]
pub enum Json {
    Null,
    Bool(bool),
    Number(f64),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl Json {
    /// The value of a whole document; nothing when it is not valid.
    pub fn read(text: &str) -> Option<Self> {
        let mut reader = Reader { characters: text.chars().peekable() };
        let value = reader.value()?;
        reader.skip_space();
        reader.characters.next().is_none().then_some(value)
    }

    /// The member of an object.
    pub fn get(&self, name: &str) -> Option<&Self> {
        let Self::Object(members) = self else { return None };
        members.iter().find(|(member, _)| member == name).map(|(_, value)| value)
    }

    /// The entries of the list in a member; none when there is no such list.
    pub fn list(&self, name: &str) -> &[Self] {
        self.get(name).map_or(&[], Self::entries)
    }

    /// The entries of a list; none for anything else.
    pub fn entries(&self) -> &[Self] {
        if let Self::List(entries) = self { entries } else { &[] }
    }

    /// The text in a member.
    pub fn text(&self, name: &str) -> Option<&str> {
        if let Self::Text(text) = self.get(name)? { Some(text) } else { None }
    }

    /// The number in a member.
    pub fn number(&self, name: &str) -> Option<f64> {
        if let Self::Number(number) = self.get(name)? { Some(*number) } else { None }
    }
}

struct Reader<'a> {
    characters: Peekable<Chars<'a>>,
}

impl Reader<'_> {
    fn value(&mut self) -> Option<Json> {
        self.skip_space();
        match self.characters.peek()? {
            '{' => self.sequence('{', '}', Self::member).map(Json::Object),
            '[' => self.sequence('[', ']', Self::value).map(Json::List),
            '"' => self.text().map(Json::Text),
            _ => self.word(),
        }
    }

    fn sequence<T>(&mut self, open: char, close: char, entry: fn(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        self.expect(open)?;
        let mut entries = Vec::new();
        self.skip_space();
        if self.characters.next_if_eq(&close).is_some() {
            return Some(entries);
        }
        loop {
            entries.push(entry(self)?);
            self.skip_space();
            match self.characters.next()? {
                ',' => {}
                end if end == close => return Some(entries),
                _ => return None,
            }
        }
    }

    fn member(&mut self) -> Option<(String, Json)> {
        self.skip_space();
        let name = self.text()?;
        self.skip_space();
        self.expect(':')?;
        Some((name, self.value()?))
    }

    fn text(&mut self) -> Option<String> {
        self.expect('"')?;
        let mut text = String::new();
        loop {
            match self.characters.next()? {
                '"' => return Some(text),
                '\\' => text.push(self.escaped()?),
                character => text.push(character),
            }
        }
    }

    fn escaped(&mut self) -> Option<char> {
        Some(match self.characters.next()? {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            'b' => '\u{8}',
            'f' => '\u{c}',
            'u' => {
                let first = self.unit()?;
                if (0xd800..0xdc00).contains(&first) {
                    self.expect('\\')?;
                    self.expect('u')?;
                    let second = self.unit()?.checked_sub(0xdc00)?;
                    char::from_u32(0x10000 + ((first - 0xd800) << 10) + second)?
                } else {
                    char::from_u32(first)?
                }
            }
            character @ ('"' | '\\' | '/') => character,
            _ => return None,
        })
    }

    /// Four hexadecimal digits.
    fn unit(&mut self) -> Option<u32> {
        (0..4).try_fold(0, |unit, _| Some(unit * 16 + self.characters.next()?.to_digit(16)?))
    }

    fn word(&mut self) -> Option<Json> {
        let mut word = String::new();
        while let Some(character) = self.characters.next_if(|c| c.is_ascii_alphanumeric() || "+-.".contains(*c)) {
            word.push(character);
        }
        match word.as_str() {
            "null" => Some(Json::Null),
            "true" => Some(Json::Bool(true)),
            "false" => Some(Json::Bool(false)),
            number => number.parse().ok().map(Json::Number),
        }
    }

    fn expect(&mut self, character: char) -> Option<()> {
        self.characters.next_if_eq(&character).map(drop)
    }

    fn skip_space(&mut self) {
        while self.characters.next_if(char::is_ascii_whitespace).is_some() {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_read() {
        let text = r#" {"files": [{"schema": "lycée \"é\" 🏫", "rows": 200123, "ok": true, "none": null}, {}]} "#;
        let document = Json::read(text).unwrap();
        let file = &document.list("files")[0];
        assert_eq!(file.text("schema"), Some("lycée \"é\" 🏫"));
        assert_eq!(file.number("rows"), Some(200_123.0));
        assert_eq!(file.get("none"), Some(&Json::Null));
        assert_eq!(document.list("files").len(), 2);
    }

    #[test]
    fn escapes_outside_the_first_plane_are_two_units() {
        assert_eq!(Json::read(r#""\ud83c\udfeb""#), Some(Json::Text("🏫".into())));
    }

    #[test]
    fn half_a_document_is_none() {
        for text in ["", "{", "[1,", "{\"a\"}", "[1] 2", "\"\\u12\"", "nul"] {
            assert_eq!(Json::read(text), None, "{text}");
        }
    }
}
