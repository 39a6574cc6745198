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
