//! Text of the catalogs in which the schema's own name is a placeholder, so that two tenants' texts can be equal.
//!
//! The server prints with nothing but `pg_catalog` in its search path, so every object of a tenant stands there with its
//! schema. Where that name stands is decided on tokens, never on characters: not in texts, not in comments, and not where
//! it is the alias of a table ([`neutralise`] gets a second printing to compare with when that is possible).
//!
//! The placeholder begins with NUL, which no text of PostgreSQL can hold.

use super::canonical::canonical;
use super::token::{Kind, Token, tokens};
use crate::sql::{Ident, literal};
use serde::{Serialize, Serializer};
use std::borrow::Cow;
use std::fmt;

/// The schema as a name: `"acme"`.
const NAME: &str = "\0i";
/// The schema as a name inside a text that is read as a name: the content of `'acme.seq'::regclass`.
const NAME_IN_TEXT: &str = "\0s";
/// The schema's bare name inside a text, as in `set search_path to 'acme'`.
const TEXT: &str = "\0l";
/// The owner of the schema, as a name.
const OWNER: &str = "\0o";

/// The placeholders in a file.
const WORDS: &[(&str, &str)] =
    &[(NAME, "schema"), (NAME_IN_TEXT, "schema in a text"), (TEXT, "schema as a text"), (OWNER, "owner")];

/// Types whose text form names an object.
const NAMING_TYPES: &[&str] = &[
    "regclass",
    "regtype",
    "regproc",
    "regprocedure",
    "regnamespace",
    "regconfig",
    "regdictionary",
    "regcollation",
    "regoper",
    "regoperator",
];

/// What kind of text a property is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Names nothing of the schema.
    Plain,
    /// SQL that the server printed.
    Expression,
    /// Text of a function, as somebody wrote it.
    Body,
    /// Role names.
    Roles,
}

/// The names that are replaced.
#[derive(Debug, Clone)]
pub(super) struct Own<'a> {
    pub schema: &'a str,
    pub owner: &'a str,
}

/// A text without its schema's name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Neutral(String);

impl Neutral {
    /// A text that names nothing of the schema.
    pub(super) fn plain(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    pub(super) fn raw(&self) -> &str {
        &self.0
    }

    /// The text with its placeholders in words, for a file: `⟦schema⟧.t`. A bracket of the text's own is doubled.
    pub(super) fn written(&self) -> String {
        Self(self.0.replace('⟦', "⟦⟦")).replaced(&|placeholder| {
            let word = WORDS.iter().find(|(mark, _)| *mark == placeholder).map_or("schema", |(_, word)| word);
            format!("⟦{word}⟧")
        })
    }

    /// Reads [`Neutral::written`]; `None` for what it never writes.
    pub(super) fn of_written(written: &str) -> Option<Self> {
        if written.contains('\0') {
            return None;
        }
        let mut text = String::with_capacity(written.len());
        let mut rest = written;
        while let Some(at) = rest.find('⟦') {
            text.push_str(&rest[..at]);
            rest = &rest[at + '⟦'.len_utf8()..];
            if let Some(after) = rest.strip_prefix('⟦') {
                text.push('⟦');
                rest = after;
                continue;
            }
            let (word, after) = rest.split_once('⟧')?;
            text.push_str(WORDS.iter().find(|(_, known)| *known == word)?.0);
            rest = after;
        }
        text.push_str(rest);
        Some(Self(text))
    }

    /// The text for a schema, to be used as SQL.
    pub(super) fn realise(&self, schema: &Ident, owner: &Ident) -> String {
        let quotes = |text: &str| text.replace('\'', "''");
        self.replaced(&|placeholder| match placeholder {
            NAME => schema.to_string(),
            NAME_IN_TEXT => quotes(&schema.to_string()),
            TEXT => quotes(schema.name()),
            _ => owner.to_string(),
        })
    }

    fn replaced(&self, with: &dyn Fn(&str) -> String) -> String {
        let mut parts = self.0.split('\0');
        let mut text = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (letter, rest) = part.split_at(part.len().min(1));
            text.push_str(&with(&format!("\0{letter}")));
            text.push_str(rest);
        }
        text
    }
}

/// For reading: what belongs to the schema stands without it.
impl fmt::Display for Neutral {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.0.contains('\0') {
            return f.write_str(&self.0);
        }
        let text = Self(self.0.replace("\0i.", "").replace("\0s.", ""));
        f.write_str(&text.replaced(&|placeholder| if placeholder == OWNER { "{owner}" } else { "{schema}" }.to_owned()))
    }
}

impl Serialize for Neutral {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A neutral text, and whether the server has to print it a second time to be sure.
pub(super) struct Neutralised {
    pub text: Neutral,
    /// The schema's name is also used for something else in this text.
    pub ambiguous: bool,
}

/// Replaces the schema's name. `unqualified` is the same text printed with the schema in the search path: where the name
/// stands there too, it is not the schema.
pub(super) fn neutralise(text: &str, form: Form, own: &Own<'_>, unqualified: Option<&str>) -> Neutralised {
    let unchanged = || Neutralised { text: Neutral::plain(text), ambiguous: false };
    match form {
        Form::Plain => unchanged(),
        Form::Roles => Neutralised { text: roles(text, own.owner), ambiguous: false },
        Form::Body => Neutralised { text: Neutral(qualifiers(&tokens(text), own.schema, &[]).0), ambiguous: false },
        Form::Expression => {
            let text = canonical(text);
            if !mentions(&text, own.schema) {
                return Neutralised { text: Neutral::plain(text), ambiguous: false };
            }
            let other = unqualified.map(canonical);
            let kept = other.map(|other| not_the_schema(&text, &other, own.schema)).unwrap_or_default();
            let (text, ambiguous) = qualifiers(&tokens(&text), own.schema, &kept);
            Neutralised { text: Neutral(text), ambiguous }
        }
    }
}

/// SQL that the server has printed, with `to` where it names the schema `from`. `None` where that name may mean something else there.
pub(crate) fn in_schema(text: &str, from: &str, to: &Ident) -> Option<String> {
    let own = Own { schema: from, owner: "" };
    let neutral = neutralise(text, Form::Expression, &own, None);
    (!neutral.ambiguous).then(|| neutral.text.realise(to, to))
}

/// Quick: most texts do not name the schema at all.
fn mentions(text: &str, schema: &str) -> bool {
    schema.contains(['"', '\'', '\\']) || memchr::memmem::find(text.as_bytes(), schema.as_bytes()).is_some()
}

/// Replaces `schema.` and what names the schema inside texts. `kept` are positions of tokens that are something else.
fn qualifiers(tokens: &[Token<'_>], schema: &str, kept: &[usize]) -> (String, bool) {
    let mut text = String::with_capacity(tokens.iter().map(|t| t.text.len()).sum());
    let mut ambiguous = matches!(schema, "new" | "old" | "excluded");
    // Where a list of schemas is being read, as in `SET search_path TO 'acme', 'public'`.
    let mut path = false;
    for (at, token) in tokens.iter().enumerate() {
        let next = tokens.get(at + 1);
        let before = tokens[..at].iter().rev().find(|t| t.kind != Kind::Space);
        match token.kind {
            Kind::Word | Kind::Quoted if token.name().as_deref() == Some(schema) => {
                let qualifies = next.is_some_and(|t| t.is("."));
                let qualified = at > 0 && tokens[at - 1].is(".");
                if path && !qualifies {
                    text.push_str(NAME);
                    continue;
                }
                if qualifies && !qualified && !kept.contains(&at) {
                    text.push_str(NAME);
                    continue;
                }
                ambiguous |= !qualifies;
            }
            Kind::Literal if path && content(token.text).as_deref() == Some(schema) => {
                text.push_str(&format!("'{TEXT}'"));
                continue;
            }
            Kind::Literal if names_an_object(&tokens[at + 1..]) => {
                text.push_str(&named_object(token.text, schema));
                continue;
            }
            _ => {}
        }
        path = match token.kind {
            Kind::Word if token.is("search_path") => true,
            Kind::Space => path && !token.text.contains('\n'),
            Kind::Symbol => path && (token.is(",") || token.is("=")),
            Kind::Word => path && (token.is("to") || before.is_some_and(|t| t.is(",") || t.is("to") || t.is("="))),
            Kind::Quoted | Kind::Literal => path,
            Kind::Dollar | Kind::Number => false,
        };
        text.push_str(token.text);
    }
    (text, ambiguous)
}

/// Positions of tokens that name the schema in both printings, and so are an alias.
fn not_the_schema(text: &str, unqualified: &str, schema: &str) -> Vec<usize> {
    let (with, without) = (tokens(text), tokens(unqualified));
    let significant = |all: &[Token<'_>]| -> Vec<usize> {
        all.iter().enumerate().filter(|(_, t)| t.kind != Kind::Space).map(|(at, _)| at).collect()
    };
    let (a, b) = (significant(&with), significant(&without));
    let names = |all: &[Token<'_>], order: &[usize], at: usize| {
        let token = |at: usize| order.get(at).map(|i| all[*i]);
        token(at).and_then(|t| t.name()).as_deref() == Some(schema) && token(at + 1).is_some_and(|t| t.is("."))
    };
    let (mut i, mut j) = (0, 0);
    let mut kept = Vec::new();
    while i < a.len() {
        if names(&with, &a, i) {
            if names(&without, &b, j) {
                // What is defined, and the table it is for, the server always prints with the schema.
                let before = i.checked_sub(1).map(|at| with[a[at]]);
                if !before.is_some_and(|t| ["FUNCTION", "PROCEDURE", "ON", "TO"].contains(&t.text)) {
                    kept.push(a[i]);
                }
                (i, j) = (i + 2, j + 2);
            } else {
                i += 2;
            }
        } else {
            (i, j) = (i + 1, j + 1);
        }
    }
    kept
}

fn names_an_object(after: &[Token<'_>]) -> bool {
    matches!(after, [cast, to, ..] if cast.is("::") && NAMING_TYPES.iter().any(|name| to.is(name)))
}

/// The literal of a `regclass` and its kind: its content is SQL in itself.
fn named_object(token: &str, schema: &str) -> String {
    let Some(content) = content(token) else { return token.to_owned() };
    let parts = tokens(&content);
    // `'acme'::regnamespace` is the name alone.
    if let [only] = parts.as_slice()
        && only.name().as_deref() == Some(schema)
    {
        return format!("'{NAME_IN_TEXT}'");
    }
    let (inner, _) = qualifiers(&parts, schema, &[]);
    if !inner.contains('\0') {
        return token.to_owned();
    }
    format!("'{}'", inner.replace('\'', "''").replace(NAME, NAME_IN_TEXT))
}

/// What a literal stands for.
pub(super) fn content(literal: &str) -> Option<String> {
    if let Some(escaped) = literal.strip_prefix(['E', 'e']) {
        // The server escapes nothing but the backslash itself.
        let inner = escaped.strip_prefix('\'')?.strip_suffix('\'')?;
        return Some(inner.replace("''", "'").replace("\\\\", "\\"));
    }
    Some(literal.strip_prefix('\'')?.strip_suffix('\'')?.replace("''", "'"))
}

fn roles(text: &str, owner: &str) -> Neutral {
    let tokens = tokens(text);
    let replaced = tokens.iter().map(|token| {
        if token.name().as_deref() == Some(owner) { Cow::Borrowed(OWNER) } else { Cow::Borrowed(token.text) }
    });
    Neutral(replaced.collect())
}

/// A text between dollar signs, or quotes, whatever it holds.
pub(super) fn dollar_quoted(text: &str) -> String {
    let tags = ["$function$", "$body$", "$cadastre$", "$cadastre_body$"];
    let tag = tags.iter().find(|tag| !format!("{text}$").contains(&tag[..tag.len() - 1]));
    tag.map_or_else(|| literal(text), |tag| format!("{tag}{text}{tag}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn neutral(text: &str, schema: &str) -> String {
        let own = Own { schema, owner: "boss" };
        neutralise(text, Form::Expression, &own, None).text.raw().replace('\0', "%")
    }

    #[test]
    fn only_the_qualifier_is_replaced() {
        assert_eq!(neutral("acme.f(x.acme, 'acme.t', acme)", "acme"), "%i.f(x.acme, 'acme.t', acme)");
        assert_eq!(neutral("'x'::acme.mood /* acme.t */ -- acme.t", "acme"), "'x'::%i.mood /* acme.t */ -- acme.t");
        assert_eq!(
            neutral("other_acme.t, acme_2.t, \"Acme\".t, db.acme.t", "acme"),
            "other_acme.t, acme_2.t, \"Acme\".t, db.acme.t"
        );
        assert_eq!(neutral("\"A.b\"\"c\".t", "A.b\"c"), "%i.t");
        assert_eq!(neutral("\"🦀\".t + '🦀.t'", "🦀"), "%i.t + '🦀.t'");
    }

    #[test]
    fn texts_that_name_an_object_are_read() {
        assert_eq!(neutral("nextval('acme.s'::regclass)", "acme"), "nextval('%s.s'::regclass)");
        assert_eq!(neutral("nextval('other.s'::regclass)", "acme"), "nextval('other.s'::regclass)");
        assert_eq!(neutral("nextval('\"O''x\".s'::regclass)", "O'x"), "nextval('%s.s'::regclass)");
        assert_eq!(neutral("'acme'::regnamespace", "acme"), "'%s'::regnamespace");
        assert_eq!(neutral("E'\"a\\\\b\".s'::regclass", "a\\b"), "'%s.s'::regclass");
        assert_eq!(
            neutral("f() SET search_path TO 'acme', 'public'\n AS 'acme'", "acme"),
            "f() SET search_path TO '%l', 'public'\n AS 'acme'"
        );
    }

    #[test]
    fn a_second_printing_tells_an_alias_from_the_schema() {
        let own = Own { schema: "acme", owner: "boss" };
        let first = "SELECT acme.id, acme.f(acme.id) FROM acme.acme";
        let plain = neutralise(first, Form::Expression, &own, None);
        assert!(plain.ambiguous);
        let second = "SELECT acme.id, f(acme.id) FROM acme";
        let exact = neutralise(first, Form::Expression, &own, Some(second));
        assert_eq!(exact.text.raw(), "SELECT acme.id, \0i.f(acme.id) FROM \0i.acme");
    }

    #[test]
    fn a_neutral_text_takes_any_schema() {
        let own = Own { schema: "acme", owner: "boss" };
        let target = (Ident::new("O'x\".y").unwrap(), Ident::new("chef").unwrap());
        let realised = |text: &str, form| neutralise(text, form, &own, None).text.realise(&target.0, &target.1);
        assert_eq!(
            realised("acme.t + 'acme.s'::regclass", Form::Expression),
            "\"O'x\"\".y\".t + '\"O''x\"\".y\".s'::regclass"
        );
        assert_eq!(realised("boss, reader", Form::Roles), "\"chef\", reader");
        assert_eq!(
            realised("begin perform ACME.f('acme.f'); end", Form::Body),
            "begin perform \"O'x\"\".y\".f('acme.f'); end"
        );
    }

    #[test]
    fn a_neutral_text_comes_back_from_a_file() {
        for raw in ["\0i.t", "a ⟦schema⟧ ⟦⟦ \0s.x '\0l' \0o ⟧", "", "⟦"] {
            let neutral = Neutral(raw.to_owned());
            assert_eq!(Neutral::of_written(&neutral.written()), Some(neutral));
        }
        assert_eq!(Neutral::plain("⟦").written(), "⟦⟦");
        assert_eq!(Neutral("\0i.t".into()).written(), "⟦schema⟧.t");
        assert_eq!(["⟦x⟧", "⟦schema", "\0i"].map(Neutral::of_written), [None, None, None]);
    }

    #[test]
    fn no_text_ends_its_own_quotes() {
        assert_eq!(dollar_quoted("a"), "$function$a$function$");
        assert_eq!(dollar_quoted("a$function$"), "$body$a$function$$body$");
        assert_eq!(dollar_quoted("a$function"), "$body$a$function$body$");
    }
}
