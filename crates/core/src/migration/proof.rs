//! What has to hold at the end of a tenant's transaction, before it commits.

use crate::boundary;
use crate::sql::{Statement, literal};

/// What [`after`] executes, by name.
pub(super) const PREPARED: (&str, &str) = ("cadastre_sign (pg_catalog.text)", include_str!("proof_quick.sql"));

/// The questions at the end of a file, as the last statements of its message. One row says where unqualified names lead
/// now and which transaction this is, the next whether there is a sign that it has changed something outside the tenant.
pub(super) fn after(schema: &str) -> Statement {
    Statement::of(format_args!(
        "select pg_catalog.current_schema(), pg_catalog.pg_current_xact_id()::text; \
         set local search_path = pg_catalog, pg_temp; execute cadastre_sign({});",
        literal(schema)
    ))
}

/// What a sign means: the relations outside the tenant that were changed, and the digest of [`shared`].
pub(super) fn changed(schema: &str, touches: &[String]) -> Statement {
    let touched = boundary::relations(schema, touches);
    let shared = if touches.iter().any(|name| name == "public") { "select ''" } else { SHARED };
    Statement::of(format_args!("select ({touched}), ({shared});"))
}

/// The digest of [`changed`], read before the first tenant.
pub(super) fn shared(touches: &[String]) -> Statement {
    let shared = if touches.iter().any(|name| name == "public") { "select ''" } else { SHARED };
    Statement::of(format_args!("{shared};"))
}

/// A digest that changes when functions, types or the rights of `public` change. Tables are not in it: their locks tell.
const SHARED: &str = "select pg_catalog.md5(coalesce(pg_catalog.string_agg(o.part, ',' order by o.part), '')) from ( \
     select 'f' || p.oid || ':' || p.xmin as part from pg_catalog.pg_proc p \
       where p.pronamespace = pg_catalog.to_regnamespace('public') \
     union all select 't' || t.oid || ':' || t.xmin from pg_catalog.pg_type t \
       where t.typnamespace = pg_catalog.to_regnamespace('public') and t.typrelid = 0 and t.typelem = 0 \
     union all select 'n' || n.oid || ':' || n.xmin from pg_catalog.pg_namespace n where n.nspname = 'public') o";
