//! What has to hold at the end of a tenant's transaction, before it commits.

use crate::sql::{Statement, literal};

/// The question at the end of a file, as the last statement of its message: where unqualified names lead now, which
/// transaction this is, what outside the tenant it has changed, and what the shared schemas hold besides tables.
pub(super) fn after(schema: &str, touches: &[String]) -> Statement {
    let touched = include_str!("proof.sql").replace("{schema}", &literal(schema).to_string());
    let permitted = touches.iter().map(|name| literal(name).to_string()).collect::<Vec<_>>();
    let permitted = match permitted.as_slice() {
        [] => String::new(),
        names => format!("  and n.nspname not in ({})\n", names.join(", ")),
    };
    Statement::of(format_args!(
        "select pg_catalog.current_schema(), pg_catalog.pg_current_xact_id()::text, ({touched}{permitted}), ({});",
        shared(touches)
    ))
}

/// A mark that changes when functions, types or the rights of `public` change. Tables are not in it: their locks tell.
///
/// Another session may change `public` meanwhile; the next try then compares with what that session left.
pub(super) fn shared(touches: &[String]) -> &'static str {
    if touches.iter().any(|name| name == "public") {
        return "select ''";
    }
    "select pg_catalog.md5(coalesce(pg_catalog.string_agg(o.mark, ',' order by o.mark), '')) from ( \
     select 'f' || p.oid || ':' || p.xmin as mark from pg_catalog.pg_proc p where p.pronamespace = pg_catalog.to_regnamespace('public') \
     union all select 't' || t.oid || ':' || t.xmin from pg_catalog.pg_type t \
       where t.typnamespace = pg_catalog.to_regnamespace('public') and t.typrelid = 0 and t.typelem = 0 \
     union all select 'n' || n.oid || ':' || n.xmin from pg_catalog.pg_namespace n where n.nspname = 'public') o"
}
