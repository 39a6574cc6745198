//! `cadastre server`

use crate::context::Context;
use crate::output;
use cadastre_core::Result;

pub async fn run(context: &Context) -> Result<u8> {
    let database = context.database().await?;
    let server = database.server();
    if context.common.json {
        output::json(server)?;
        return Ok(0);
    }
    let yes = |b: bool| if b { "yes" } else { "no" }.to_owned();
    let extensions: Vec<String> = server.extensions.iter().map(|e| format!("{} {}", e.name, e.version)).collect();
    output::table(
        &["FACT", "VALUE"],
        &[],
        [
            ("version", format!("PostgreSQL {}", server.version)),
            ("database", server.database.clone()),
            ("role", server.role.clone()),
            ("superuser", yes(server.superuser)),
            ("may create schemas", yes(server.can_create_schema)),
            ("may create databases", yes(server.can_create_db)),
            ("may create roles", yes(server.can_create_role)),
            ("pg_monitor", yes(server.monitor)),
            ("standby", yes(server.standby)),
            ("read-only", yes(server.read_only)),
            ("TLS", server.tls.clone().unwrap_or_else(|| "no".into())),
            ("pooler", server.pooler.clone().unwrap_or_else(|| "none seen".into())),
            ("extensions", extensions.join(", ")),
            ("locks", format!("{} of {} in use", server.lock_budget.used, server.lock_budget.total)),
        ]
        .map(|(fact, value)| vec![fact.to_owned(), value]),
    );
    Ok(0)
}
