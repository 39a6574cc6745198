//! The same file for a tenant that is just being made: nobody uses it, so nobody is to be locked out, and all of it is one
//! transaction.

use super::super::lint::tokens;
use super::split;
use squawk_syntax::{SourceFile, SyntaxToken};

/// The file without `concurrently`, without the transactions that it begins and ends, and without the upkeep of tables in
/// which nothing is yet. Blanks stand for what is left out, so that the server's positions are those of the file.
pub(crate) fn for_new_tenant(text: &str) -> String {
    let tree = SourceFile::parse(text).syntax_node();
    let mut changed = text.to_owned();
    let mut blank = |tokens: &[SyntaxToken]| {
        for token in tokens {
            let range = usize::from(token.text_range().start())..usize::from(token.text_range().end());
            let blanks: String = token.text().chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect();
            // A character of several bytes would move what follows.
            if blanks.len() == range.len() {
                changed.replace_range(range, &blanks);
            }
        }
    };
    for statement in split::statements(tokens(&tree)) {
        let words: Vec<String> = statement.iter().map(|token| token.text().to_lowercase()).collect();
        let at = |word: &str| words.iter().position(|w| w == word);
        match words.first().map(String::as_str) {
            Some("vacuum" | "reindex" | "cluster" | "begin" | "start" | "commit" | "end") => blank(&statement),
            Some("create" | "drop") if at("index").is_some_and(|index| at("concurrently") == Some(index + 1)) => {
                if let Some(word) = at("concurrently") {
                    blank(&statement[word..=word]);
                }
            }
            Some("alter") if at("detach").is_some() && words.last().is_some_and(|word| word == "concurrently") => {
                blank(&statement[statement.len() - 1..]);
            }
            _ => {}
        }
    }
    changed
}

#[cfg(test)]
mod tests {
    use super::for_new_tenant;

    #[test]
    fn what_needs_to_be_outside_a_transaction_is_blank_or_goes_without() {
        let text = "-- no-transaction concurrently\ncreate unique index concurrently a on b (concurrently);\nvacuum\n b;\n\
                    begin; select 'concurrently'; commit; drop index CONCURRENTLY a;\nalter table a detach partition b concurrently;\n";
        let expected = "-- no-transaction concurrently\ncreate unique index              a on b (concurrently);\n      \n  ;\n\
                        \u{20}    ; select 'concurrently';       ; drop index              a;\nalter table a detach partition b             ;\n";
        assert_eq!(for_new_tenant(text), expected);
    }
}
