//! Which schemas a person's statement names, as far as its text alone tells.

use super::token::{Kind, Token, tokens};
use std::collections::BTreeSet;

/// What a statement's schema is called where it stands for that of any tenant.
const ANY: &str = "{schema}";

/// The schemas that a statement names: as what stands before the point of a name, or in a list that is set as `search_path`. A name that the
/// statement also uses for something else, such as the alias of a table, counts as that.
pub(crate) fn schemas_named(text: &str, is_schema: impl Fn(&str) -> bool) -> Vec<String> {
    let all = tokens(text);
    let words: Vec<&Token<'_>> = all.iter().filter(|token| token.kind != Kind::Space).collect();
    let path = path(&words);
    let (mut named, mut others) = (BTreeSet::new(), BTreeSet::new());
    for (at, token) in words.iter().enumerate() {
        let listed = path.is_some_and(|from| at >= from);
        let Some(name) = name(token, listed).filter(|name| is_schema(name)) else { continue };
        if listed {
            named.insert(name);
        } else if at > 0 && words[at - 1].is(".") {
            // The name of something in a schema, or of a column.
        } else if words.get(at + 1).is_some_and(|next| next.is(".")) {
            named.insert(name);
        } else {
            others.insert(name);
        }
    }
    if path.is_none() {
        named.retain(|name| !others.contains(name));
    }
    named.into_iter().collect()
}

/// A statement that names this schema, written as one that names any.
pub(crate) fn for_any_schema(text: &str, schema: &str) -> String {
    let all = tokens(text);
    let words: Vec<&Token<'_>> = all.iter().filter(|token| token.kind != Kind::Space).collect();
    let path = path(&words);
    let mut place = 0;
    let mut any = String::with_capacity(text.len());
    for token in &all {
        if token.kind == Kind::Space {
            any.push_str(token.text);
            continue;
        }
        let listed = path.is_some_and(|from| place >= from);
        let qualifies = words.get(place + 1).is_some_and(|next| next.is("."));
        let qualified = place > 0 && words[place - 1].is(".");
        let is_it = name(token, listed).is_some_and(|name| name == schema);
        any.push_str(if is_it && (listed || qualifies && !qualified) { ANY } else { token.text });
        place += 1;
    }
    any
}

/// The name that a token stands for; in a list of schemas a text is one too.
fn name(token: &Token<'_>, listed: bool) -> Option<String> {
    match token.kind {
        Kind::Literal if listed => {
            let inner = token.text.strip_prefix('\'')?.strip_suffix('\'')?;
            Some(inner.replace("''", "'"))
        }
        _ => token.name(),
    }
}

/// Where the list of a `set search_path to …` begins.
fn path(words: &[&Token<'_>]) -> Option<usize> {
    if !words.first()?.is("set") {
        return None;
    }
    let at = 1 + usize::from(words.get(1).is_some_and(|word| word.is("local") || word.is("session")));
    let sets = words.get(at)?.is("search_path") && words.get(at + 1).is_some_and(|word| word.is("to") || word.is("="));
    sets.then_some(at + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(text: &str) -> String {
        schemas_named(text, |name| ["acme", "a\"b", "Ref"].contains(&name)).join(" ")
    }

    #[test]
    fn a_schema_is_a_name_before_a_point() {
        assert_eq!(named("select * from acme.person where id = $1"), "acme");
        assert_eq!(named(r#"update "a""b".t set x = "Ref".f(1)"#), "Ref a\"b");
        assert_eq!(named("select ACME . person.id from acme.person"), "acme");
        assert_eq!(named("select 'acme.person', \"ACME\".x, $$ acme.t $$ -- acme.t"), "");
        assert_eq!(named("select acme, x.acme from acme2.t, my_acme.t"), "");
        assert_eq!(named("select x.acme.y from t"), "");
    }

    #[test]
    fn an_alias_is_no_schema() {
        assert_eq!(named("select acme.id from person acme"), "");
        assert_eq!(named("select acme.id from acme"), "");
    }

    #[test]
    fn a_search_path_names_its_schemas() {
        assert_eq!(named("SET LOCAL search_path TO acme, public"), "acme");
        assert_eq!(named("set search_path = 'acme', \"Ref\""), "Ref acme");
        assert_eq!(named("set work_mem to acme"), "");
    }

    #[test]
    fn statements_of_several_tenants_are_one_for_any() {
        assert_eq!(
            for_any_schema("select acme.f(t.acme) from acme.t -- acme.t", "acme"),
            "select {schema}.f(t.acme) from {schema}.t -- acme.t"
        );
        assert_eq!(for_any_schema("set search_path to 'acme', public", "acme"), "set search_path to {schema}, public");
    }
}
