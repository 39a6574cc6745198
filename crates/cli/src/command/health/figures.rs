//! What takes time and space, for people.

use super::activity::{age, short};
use crate::output::{self, bytes, figure};
use cadastre_core::health::watch::{IndexClass, NeededFor, Queries, QueryFigures, Standbys, Storage, TableStorage};

pub fn queries(queries: &Queries) {
    if let Some(missing) = &queries.missing {
        output::line(missing.why.words());
        output::line("");
        output::print(&output_sql(&missing.sql));
        if missing.restart {
            output::note("The server has to be started again after the setting.");
        }
        return;
    }
    let row = |query: &QueryFigures| {
        let mut tenants: Vec<String> = query.tenants.iter().take(2).map(|one| one.tenant.schema.clone()).collect();
        let more = query.known_tenants as usize - tenants.len().min(query.known_tenants as usize);
        if more > 0 {
            tenants.push(format!("{more} more"));
        }
        if query.unattributed_ms > 0.0 {
            tenants.push("not known".into());
        }
        vec![
            format!("{:.1} %", query.share * 100.0),
            age(query.total_ms as i64),
            format!("{:.2} ms", query.mean_ms),
            figure(query.calls, false),
            figure(query.rows, false),
            query.cache_hit.map(|part| format!("{:.0} %", part * 100.0)).unwrap_or_default(),
            tenants.join(", "),
            short(&query.text),
        ]
    };
    let headers = ["SHARE", "TOTAL", "MEAN", "CALLS", "ROWS", "CACHE", "TENANTS", "STATEMENT"];
    output::table(&headers, &[0, 1, 2, 3, 4, 5], queries.queries.iter().map(row));
    output::line("");
    let since = queries.since.as_deref().map(|since| format!(" since {since}")).unwrap_or_default();
    let more = if queries.more > 0 { format!(", {} more statements", queries.more) } else { String::new() };
    output::line(&format!("{} in all{since}{more}", age(queries.total_ms as i64)));
    let part = if queries.total_ms > 0.0 { queries.attributed_ms / queries.total_ms * 100.0 } else { 0.0 };
    output::note(&format!(
        "Of this time, {part:.1} % can be attributed to a tenant: the statement names its schema, or its own role ran it. A statement \
         that names no schema is one for all tenants."
    ));
    if queries.hidden > 0 {
        output::note(&format!(
            "{} statements of other roles are not visible ({}): this role would need pg_read_all_stats.",
            queries.hidden,
            age(queries.hidden_ms as i64)
        ));
    }
    if let Some(evictions) = queries.evictions.filter(|number| *number > 0) {
        let capacity = queries.capacity.unwrap_or_default();
        output::note(&format!(
            "The server has thrown statements away {evictions} times, because only {capacity} fit (pg_stat_statements.max)."
        ));
    }
}

pub fn storage(storage: &Storage) {
    let row = |table: &TableStorage| {
        let size = |size| if table.estimated { format!("≈ {}", bytes(size)) } else { bytes(size) };
        vec![
            table.schema.clone(),
            table.name.clone(),
            size(table.total_bytes),
            size(table.heap_bytes),
            size(table.toast_bytes),
            size(table.index_bytes),
            figure(table.rows, true),
            figure(table.dead_rows, true),
            table.bloat_bytes.map(|size| format!("≈ {}", bytes(size))).unwrap_or_default(),
            table.vacuumed.clone().unwrap_or_else(|| "never".into()),
        ]
    };
    let headers = ["SCHEMA", "TABLE", "SIZE", "ROWS ALONE", "TOAST", "INDEXES", "ROWS", "DEAD", "BLOAT", "VACUUMED"];
    output::table(&headers, &[2, 3, 4, 5, 6, 7, 8], storage.tables.iter().map(row));
    if !storage.bloated.is_empty() {
        output::line("");
        let rows = storage.bloated.iter().map(|index| {
            let bloat = format!("≈ {}", bytes(index.bloat_bytes));
            vec![index.schema.clone(), index.table.clone(), index.name.clone(), bytes(index.size_bytes), bloat]
        });
        output::table(&["SCHEMA", "TABLE", "INDEX", "SIZE", "BLOAT"], &[3, 4], rows);
    }
    if storage.not_estimated > 0 {
        output::note(&format!(
            "{} tables have no estimate: they were not analysed, or this role may not read their statistics.",
            storage.not_estimated
        ));
    }
}

pub fn indexes(storage: &Storage, every: bool) {
    let shown: Vec<&IndexClass> = storage
        .indexes
        .iter()
        .filter(|class| every || class.verdict.can_go() || class.needed_for.is_none() && class.scans == 0)
        .collect();
    let row = |class: &&IndexClass| {
        let why = class.needed_for.map(|reason| format!(" for {}", NeededFor::words(reason))).unwrap_or_default();
        let by = class.covered_by.as_deref().map(|by| format!(", {by} does the same")).unwrap_or_default();
        vec![
            class.table.clone(),
            class.name.clone(),
            format!("{}{why}{by}", class.verdict.words()),
            class.tenants.to_string(),
            class.scanned_in.to_string(),
            bytes(class.size_bytes),
            short(&class.definition),
        ]
    };
    output::table(
        &["TABLE", "INDEX", "VERDICT", "TENANTS", "SCANNED IN", "SIZE", "DEFINITION"],
        &[3, 4, 5],
        shown.iter().map(row),
    );
    output::line("");
    let start = if storage.since_start { " (the server's start)" } else { "" };
    output::line(&format!("scans counted since {}{start}, in {}", storage.since, output::tenants(storage.tenants)));
    if !storage.long_enough {
        output::note("That is less than a week: too early to call an index unused.");
    }
    match storage.standbys {
        Standbys::None => {}
        Standbys::Connected => output::note("Scans on this server's standbys are not counted here."),
        Standbys::Itself => output::note("This server is a standby: scans on its primary are not counted here."),
    }
    if shown.iter().any(|class| class.drop_sql.is_some()) {
        output::note("`cadastre health indexes --sql` prints what removes them; nothing runs it.");
    }
}

fn output_sql(sql: &str) -> String {
    sql.lines().map(|line| format!("{}\n", output::clean(line))).collect()
}
