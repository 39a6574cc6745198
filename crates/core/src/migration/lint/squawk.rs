//! Locks, rewrites and losses: squawk's rules, each with what it means for the table.

use super::file::{self, Parsed};
use super::{Effect, Finding};
use squawk_linter::{Linter, Rule};
use squawk_syntax::ast::AstNode;

/// Rules that this program takes care of itself, or that are a matter of taste.
const LEFT_OUT: &[Rule] = &[
    Rule::PreferBigintOverInt,
    Rule::PreferBigintOverSmallint,
    Rule::PreferIdentity,
    Rule::PreferRobustStmts,
    Rule::PreferTextField,
    Rule::PreferRepack,
    Rule::PreferTimestampTz,
    Rule::RequireLockTimeout,
    Rule::RequireStatementTimeout,
    Rule::RequireTimeoutSettings,
    Rule::RequireTableSchema,
    Rule::TransactionNesting,
    Rule::BanUncommittedTransaction,
    Rule::UnusedIgnore,
];

pub(super) fn findings(parsed: &Parsed<'_>) -> Vec<Finding> {
    let mut linter = Linter::with_default_rules();
    for rule in LEFT_OUT {
        linter.rules.remove(rule);
    }
    linter.settings.assume_in_transaction = parsed.in_transaction;
    let statements = parsed.statements();
    let found = linter.lint(&parsed.tree, parsed.text).into_iter().map(|violation| {
        let message = violation.message.trim_end_matches('.').to_owned();
        let mut finding = parsed.finding(violation.text_range.start().into(), &violation.code.to_string(), message);
        let around = statements.iter().find(|s| s.syntax().text_range().contains_range(violation.text_range));
        finding.effect = effect(violation.code);
        finding.table = around.and_then(|statement| file::table(statement.syntax()));
        finding
    });
    found.collect()
}

/// What the statement does to its table.
fn effect(rule: Rule) -> Option<Effect> {
    match rule {
        Rule::ChangingColumnType | Rule::AddingFieldWithDefault | Rule::AddingSerialPrimaryKeyField => {
            Some(Effect::Rewrite)
        }
        Rule::AddingNotNullableField
        | Rule::AddingRequiredField
        | Rule::ConstraintMissingNotValid
        | Rule::AddingForeignKeyConstraint => Some(Effect::Scan),
        Rule::RequireConcurrentIndexCreation
        | Rule::RequireConcurrentIndexDeletion
        | Rule::RequireConcurrentReindex
        | Rule::DisallowedUniqueConstraint => Some(Effect::BlocksWrites),
        Rule::BanDropColumn | Rule::BanDropTable | Rule::BanTruncateCascade | Rule::BanDropDatabase => {
            Some(Effect::Loss)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_its_words_in_the_window() {
        for text in [
            include_str!("../../../../../ui/src/i18n/en/plan.json"),
            include_str!("../../../../../ui/src/i18n/fr/plan.json"),
        ] {
            let texts: serde_json::Value = serde_json::from_str(text).unwrap();
            let mut rules = Linter::with_default_rules().rules;
            LEFT_OUT.iter().for_each(|rule| _ = rules.remove(rule));
            let mut missing: Vec<String> = rules.iter().map(ToString::to_string).collect();
            missing.retain(|rule| texts["finding"][rule].as_str().is_none());
            missing.sort();
            assert_eq!(missing, Vec::<String>::new());
        }
    }
}
