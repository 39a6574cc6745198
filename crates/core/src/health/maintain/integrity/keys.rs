//! Rows whose foreign key names a row that is not there.

use super::{IntegrityCheck, IntegrityFinding};
use crate::Result;
use crate::connection::Session;
use crate::health::doctor::Level;
use crate::sql::{Ident, Statement};
use sqlx::Row;
use sqlx::postgres::types::Oid;

/// A foreign key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Key {
    pub name: String,
    pub namespace: u32,
    pub schema: String,
    pub table: String,
    /// Partitions hold the rows of the table.
    partitioned: bool,
    parent_schema: String,
    parent: String,
    parent_partitioned: bool,
    pub validated: bool,
    /// Its triggers are switched off.
    pub disabled: bool,
    /// PostgreSQL 18 has keys that nobody means to be kept.
    enforced: bool,
    match_full: bool,
    /// Over ranges of time, which no simple comparison finds.
    pub period: bool,
    columns: Vec<String>,
    parent_columns: Vec<String>,
    operators: Vec<(String, String)>,
}

/// Foreign keys of these schemas that the server does not vouch for; all of them for a thorough look.
pub(super) async fn read(session: &mut Session, namespaces: &[u32], thorough: bool) -> Result<Vec<Key>> {
    let oids: Vec<Oid> = namespaces.iter().copied().map(Oid).collect();
    let query = sqlx::query(include_str!("keys.sql")).persistent(false).bind(&oids).bind(thorough);
    let rows = query.fetch_all(session.connection()).await?;
    rows.iter()
        .map(|row| {
            let schemas: Vec<String> = row.try_get("operator_schemas")?;
            let operators: Vec<String> = row.try_get("operators")?;
            Ok(Key {
                name: row.try_get("name")?,
                namespace: row.try_get::<Oid, _>("namespace")?.0,
                schema: row.try_get("schema")?,
                table: row.try_get("table")?,
                partitioned: row.try_get::<String, _>("kind")? == "p",
                parent_schema: row.try_get("parent_schema")?,
                parent: row.try_get("parent")?,
                parent_partitioned: row.try_get::<String, _>("parent_kind")? == "p",
                validated: row.try_get("validated")?,
                disabled: row.try_get("disabled")?,
                enforced: row.try_get("enforced")?,
                match_full: row.try_get("match_full")?,
                period: row.try_get("period")?,
                columns: row.try_get("columns")?,
                parent_columns: row.try_get("parent_columns")?,
                operators: schemas.into_iter().zip(operators).collect(),
            })
        })
        .collect()
}

impl Key {
    /// `table.name`
    pub fn object(&self) -> String {
        format!("{}.{}", self.table, self.name)
    }

    fn names(&self) -> Result<(Ident, Ident)> {
        Ok((Ident::new(self.schema.as_str())?, Ident::new(self.table.as_str())?))
    }

    /// Counts the rows without their row, as the key itself would look for it.
    pub fn question(&self) -> Result<Statement> {
        let mut question = Statement::of(format_args!("select pg_catalog.count(*) from "));
        self.rows(&mut question)?;
        Ok(question)
    }

    /// … and shows them.
    fn shown(&self) -> Result<Statement> {
        let mut question = Statement::of(format_args!("select c.* from "));
        self.rows(&mut question)?;
        Ok(question)
    }

    fn rows(&self, question: &mut Statement) -> Result<()> {
        let (schema, table) = self.names()?;
        let parent = Ident::new(self.parent_schema.as_str())?.qualify(&Ident::new(self.parent.as_str())?);
        // Tables that inherit have their own keys.
        let only = |partitioned: bool| if partitioned { "" } else { "only " };
        question.push(format_args!("{}{} c where ", only(self.partitioned), schema.qualify(&table)));
        let columns = self.columns.iter().map(|name| Ident::new(name.as_str())).collect::<Result<Vec<_>>>()?;
        for (number, column) in columns.iter().enumerate() {
            let joined = match (number, self.match_full) {
                (0, true) => "not (",
                (0, false) => "",
                (_, _) => " and ",
            };
            let null = if self.match_full { "is null" } else { "is not null" };
            question.push(format_args!("{joined}c.{column} {null}"));
        }
        let close = if self.match_full { ")" } else { "" };
        let only = only(self.parent_partitioned);
        question.push(format_args!("{close} and not exists (select from {only}{parent} p where "));
        for (number, (column, name)) in columns.iter().zip(&self.parent_columns).enumerate() {
            let and = if number > 0 { " and " } else { "" };
            let name = Ident::new(name.as_str())?;
            let Some((operator_schema, operator)) = self.operators.get(number) else { continue };
            let operator_schema = Ident::new(operator_schema.as_str())?;
            // An operator's name has no letters, so nothing in it could end the call; it comes from pg_operator.
            let sign: String = operator.chars().filter(|c| "+-*/<>=~!@#%^&|`?".contains(*c)).collect();
            question.push(format_args!("{and}p.{name} operator({operator_schema}.{sign}) c.{column}"));
        }
        question.push(format_args!(")"));
        Ok(())
    }

    /// How many rows lack theirs.
    pub async fn count(&self, session: &mut Session) -> Result<i64> {
        let rows = session.rows(self.question()?).await?;
        let text = rows.first().and_then(|row| row.try_get_raw(0).ok()?.as_str().ok().map(str::to_owned));
        Ok(text.and_then(|text| text.parse().ok()).unwrap_or_default())
    }

    /// What so many rows mean.
    pub fn finding(&self, orphans: i64) -> Result<Option<IntegrityFinding>> {
        let object = self.object();
        let (schema, table) = self.names()?;
        let state = match (self.enforced, self.disabled, self.validated) {
            (false, _, _) => "not_enforced",
            (_, true, _) => "disabled",
            (_, _, false) => "not_validated",
            _ => "valid",
        };
        if orphans > 0 {
            let message = format!(
                "{orphans} rows of {} name a row of {} that is not there ({}).",
                self.table, self.parent, self.name
            );
            let level = if self.enforced { Level::Error } else { Level::Note };
            let finding = IntegrityFinding::new(IntegrityCheck::ForeignKey, level, "orphans", &object, message)
                .param("rows", orphans.to_string())
                .param("table", self.table.as_str())
                .param("parent", self.parent.as_str())
                .param("name", self.name.as_str())
                .param("state", state)
                .detail(format!("{};", self.shown()?));
            return Ok(Some(finding));
        }
        let name = Ident::new(self.name.as_str())?;
        let fix = match state {
            "not_validated" => {
                Statement::of(format_args!("alter table {} validate constraint {name}", schema.qualify(&table)))
            }
            "disabled" => Statement::of(format_args!("alter table {} enable trigger all", schema.qualify(&table))),
            _ => return Ok(None),
        };
        let (code, words) = match state {
            "disabled" => ("key_disabled", "is switched off; every row has its row at this moment"),
            _ => ("key_not_validated", "was never checked against older rows; every one of them has its row"),
        };
        let message = format!("The foreign key {} of {} {words}.", self.name, self.table);
        let level = if state == "disabled" { Level::Warning } else { Level::Note };
        let finding = IntegrityFinding::new(IntegrityCheck::ForeignKey, level, code, &object, message)
            .param("table", self.table.as_str())
            .param("name", self.name.as_str());
        Ok(Some(finding.fix(format!("{fix};"))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> Key {
        Key {
            name: "item_owner".into(),
            namespace: 1,
            schema: "acme".into(),
            table: "it\"em".into(),
            partitioned: false,
            parent_schema: "acme".into(),
            parent: "owner".into(),
            parent_partitioned: true,
            validated: false,
            disabled: false,
            enforced: true,
            match_full: false,
            period: false,
            columns: vec!["a".into(), "b".into()],
            parent_columns: vec!["x".into(), "y".into()],
            operators: vec![("pg_catalog".into(), "=".into()), ("ext".into(), "=".into())],
        }
    }

    #[test]
    fn orphans_are_counted_by_the_key_s_own_operators() {
        assert_eq!(
            key().question().unwrap().text(),
            "select pg_catalog.count(*) from only \"acme\".\"it\"\"em\" c where c.\"a\" is not null and c.\"b\" is not null and not \
             exists (select from \"acme\".\"owner\" p where p.\"x\" operator(\"pg_catalog\".=) c.\"a\" and p.\"y\" operator(\"ext\".=) \
             c.\"b\")"
        );
    }

    #[test]
    fn a_full_match_counts_half_empty_keys() {
        let full = Key { match_full: true, ..key() };
        assert!(
            full.question().unwrap().text().contains("where not (c.\"a\" is null and c.\"b\" is null) and not exists")
        );
    }

    #[test]
    fn a_key_without_orphans_says_how_it_becomes_one_that_is_vouched_for() {
        let finding = key().finding(0).unwrap().unwrap();
        assert_eq!((finding.code.as_str(), finding.is_wrong()), ("key_not_validated", false));
        assert!(finding.fix_sql.unwrap().contains("validate constraint"));
        assert!(Key { validated: true, ..key() }.finding(0).unwrap().is_none());
        assert!(key().finding(3).unwrap().unwrap().is_wrong());
    }
}
