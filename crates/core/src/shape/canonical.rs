//! One spelling where the server knows two.
//!
//! `CHECK (state IN ('a', 'b'))` on a `varchar` column is printed as `(ARRAY['a'::character varying, …])::text[]`; reading that
//! back, the server moves the cast to the elements and from then on prints `ARRAY[('a'::character varying)::text, …]`. A
//! schema that was dumped and restored, or repaired, would differ for ever from one that was not. In the same way
//! `select 'a'` in the body of an SQL function is printed as `SELECT 'a'::text`, and that as `SELECT 'a'::text AS text`.

use super::token::{Kind, Token, tokens};
use std::borrow::Cow;

/// The one spelling.
pub(super) fn canonical(text: &str) -> Cow<'_, str> {
    match (text.contains("(ARRAY["), text.contains("BEGIN ATOMIC") && text.contains(" AS ")) {
        (false, false) => Cow::Borrowed(text),
        (true, false) => Cow::Owned(rewrite(&tokens(text))),
        (false, true) => Cow::Owned(without_implied_names(&tokens(text))),
        (true, true) => Cow::Owned(without_implied_names(&tokens(&rewrite(&tokens(text))))),
    }
}

/// Takes away the name of a column that is the name of the type which it is cast to.
fn without_implied_names(tokens: &[Token<'_>]) -> String {
    let mut text = String::new();
    let mut at = 0;
    while at < tokens.len() {
        if let [space, word, _, name, ..] = &tokens[at..]
            && space.kind == Kind::Space
            && word.text == "AS"
            && name.name().is_some_and(|name| implied_name(&tokens[..at]).as_deref() == Some(&name))
        {
            at += 4;
        } else {
            text.push_str(tokens[at].text);
            at += 1;
        }
    }
    text
}

/// What the server calls the column that ends here with a cast, unless somebody names it.
fn implied_name(before: &[Token<'_>]) -> Option<String> {
    let cast = before.iter().rposition(|token| token.is("::"))?;
    let of_name = |t: &Token<'_>| matches!(t.kind, Kind::Word | Kind::Quoted | Kind::Space) || t.is(".");
    let after = &before[cast + 1..];
    let length = after.iter().position(|token| !of_name(token)).unwrap_or(after.len());
    let (name, modifier) = after.split_at(length);
    let modifies = |t: &Token<'_>| t.kind == Kind::Number || ["(", ")", "[", "]", ","].iter().any(|s| t.is(s));
    if !modifier.iter().all(modifies) {
        return None;
    }
    let words: String = name.iter().map(|token| token.text).collect();
    let own = match words.as_str() {
        "character varying" => "varchar",
        "character" => "bpchar",
        "timestamp with time zone" => "timestamptz",
        "timestamp without time zone" => "timestamp",
        "time with time zone" => "timetz",
        "time without time zone" => "time",
        "double precision" => "float8",
        "real" => "float4",
        "integer" => "int4",
        "bigint" => "int8",
        "smallint" => "int2",
        "boolean" => "bool",
        "bit varying" => "varbit",
        _ => return name.last()?.name(),
    };
    Some(own.to_owned())
}

fn rewrite(tokens: &[Token<'_>]) -> String {
    let mut text = String::new();
    let mut at = 0;
    while at < tokens.len() {
        if let Some((array, length)) = cast_array(&tokens[at..]) {
            text.push_str(&array);
            at += length;
        } else {
            text.push_str(tokens[at].text);
            at += 1;
        }
    }
    text
}

/// `(ARRAY[a, b])::t[]` at the beginning, as `ARRAY[(a)::t, (b)::t]`, and how many tokens it is.
fn cast_array(tokens: &[Token<'_>]) -> Option<(String, usize)> {
    let [open, array, bracket, ..] = tokens else { return None };
    if !(open.is("(") && array.text == "ARRAY" && bracket.is("[")) {
        return None;
    }
    let (elements, end) = elements(&tokens[3..])?;
    let after = &tokens[3 + end..];
    let [close, cast, rest @ ..] = after else { return None };
    if !(close.is(")") && cast.is("::")) {
        return None;
    }
    let type_length = type_name(rest)?;
    let name: String = rest[..type_length].iter().map(|t| t.text).collect();
    let cast: Vec<String> =
        elements.into_iter().map(|element| format!("({})::{name}", rewrite(element).trim())).collect();
    // Two brackets end the name of the array's type.
    Some((format!("ARRAY[{}]", cast.join(", ")), 3 + end + 2 + type_length + 2))
}

/// The elements up to the closing bracket, and how many tokens it took with the bracket.
fn elements<'t, 's>(tokens: &'t [Token<'s>]) -> Option<(Vec<&'t [Token<'s>]>, usize)> {
    let (mut elements, mut depth, mut start) = (Vec::new(), 0, 0);
    for (at, token) in tokens.iter().enumerate() {
        if token.is("(") || token.is("[") {
            depth += 1;
        } else if depth > 0 && (token.is(")") || token.is("]")) {
            depth -= 1;
        } else if depth == 0 && (token.is(",") || token.is("]")) {
            elements.push(&tokens[start..at]);
            start = at + 1;
            if token.is("]") {
                return Some((elements, at + 1));
            }
        }
    }
    None
}

/// How many tokens the element type's name is, when `[]` follows it.
fn type_name(tokens: &[Token<'_>]) -> Option<usize> {
    let mut depth = 0;
    for (at, token) in tokens.iter().enumerate() {
        match token.kind {
            Kind::Word | Kind::Quoted | Kind::Space => {}
            Kind::Number if depth > 0 => {}
            Kind::Symbol if token.is("(") => depth += 1,
            Kind::Symbol if token.is(")") && depth > 0 => depth -= 1,
            Kind::Symbol if token.is(".") || (token.is(",") && depth > 0) => {}
            Kind::Symbol if token.is("[") && at > 0 => return tokens.get(at + 1)?.is("]").then_some(at),
            _ => return None,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cast_of_an_array_stands_with_its_elements() {
        assert_eq!(
            canonical("((a)::text = ANY ((ARRAY['x'::character varying, 'y, ]'::character varying])::text[]))"),
            "((a)::text = ANY (ARRAY[('x'::character varying)::text, ('y, ]'::character varying)::text]))"
        );
        assert_eq!(canonical("(ARRAY[f(1, 2)])::numeric(4,1)[]"), "ARRAY[(f(1, 2))::numeric(4,1)]");
        assert_eq!(canonical("'(ARRAY[1])::text[]'"), "'(ARRAY[1])::text[]'");
        assert_eq!(canonical("(ARRAY[1])::text"), "(ARRAY[1])::text");
    }

    #[test]
    fn a_column_named_like_the_type_it_is_cast_to_is_not_named() {
        let body = |select: &str| format!("BEGIN ATOMIC SELECT {select}; END");
        let same = |one: &str, other: &str| assert_eq!(canonical(&body(one)), body(other));
        same("'a'::text AS text, n AS n", "'a'::text, n AS n");
        same("'a'::character varying(3) AS \"varchar\", s.\"Mood\" AS x", "'a'::character varying(3), s.\"Mood\" AS x");
        same("'a'::s.\"Mood\" AS \"Mood\"", "'a'::s.\"Mood\"");
        same("'a'::text AS name, (n)::text || b AS text", "'a'::text AS name, (n)::text || b AS text");
    }
}
