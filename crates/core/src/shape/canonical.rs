//! One spelling where the server knows two.
//!
//! `CHECK (state IN ('a', 'b'))` on a `varchar` column is printed as `(ARRAY['a'::character varying, …])::text[]`; reading that
//! back, the server moves the cast to the elements and from then on prints `ARRAY[('a'::character varying)::text, …]`. A
//! schema that was dumped and restored, or repaired, would differ for ever from one that was not.

use super::token::{Kind, Token, tokens};
use std::borrow::Cow;

/// Moves the cast of an array constructor to its elements.
pub(super) fn cast_arrays(text: &str) -> Cow<'_, str> {
    if !text.contains("(ARRAY[") {
        return Cow::Borrowed(text);
    }
    Cow::Owned(rewrite(&tokens(text)))
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
            cast_arrays("((a)::text = ANY ((ARRAY['x'::character varying, 'y, ]'::character varying])::text[]))"),
            "((a)::text = ANY (ARRAY[('x'::character varying)::text, ('y, ]'::character varying)::text]))"
        );
        assert_eq!(cast_arrays("(ARRAY[f(1, 2)])::numeric(4,1)[]"), "ARRAY[(f(1, 2))::numeric(4,1)]");
        assert_eq!(cast_arrays("'(ARRAY[1])::text[]'"), "'(ARRAY[1])::text[]'");
        assert_eq!(cast_arrays("(ARRAY[1])::text"), "(ARRAY[1])::text");
    }
}
