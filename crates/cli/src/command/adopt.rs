//! `cadastre tenant adopt`: which schemas are tenants.

use super::{finish, show_plan};
use crate::arguments::TenantAdopt;
use crate::context::Context;
use crate::output::{self, clean};
use crate::progress;
use cadastre_core::adoption::{
    self, Orphan, Picture, RecognisedRegistry, RegistryKind, RulesSuggestionKind, SchemaLine, SchemaVerdict,
};
use cadastre_core::{ErrorKind, Result, tenant};

/// Tenants that are shown to a person.
const SHOWN: usize = 30;

pub async fn run(context: &Context, arguments: TenantAdopt) -> Result<u8> {
    if arguments.import {
        return import(context).await;
    }
    if arguments.forget {
        // Rules that cannot be read can be forgotten all the same.
        let database = context.connect().await?;
        if !context.common.dry_run {
            adoption::forget(&context.home, &database).await?;
        }
        return show(context, &adoption::look(&context.home, &database, Some(Default::default())).await?, false);
    }
    let rules = arguments.rules();
    let Some(rules) = rules else {
        if arguments.save {
            let reason = "--save needs a rule to keep: --pattern, --except, --query or --registry.".into();
            return Err(ErrorKind::Usage { reason }.into());
        }
        let database = context.database().await?;
        return show(context, &adoption::look(&context.home, &database, None).await?, false);
    };
    let database = context.connect().await?;
    let mut picture = adoption::look(&context.home, &database, Some(rules.clone())).await?;
    let save = arguments.save && !context.common.dry_run;
    if save {
        let unreadable = picture.registry.as_ref().is_none_or(RecognisedRegistry::is_unreadable);
        if rules.registered_only && picture.own_entries.is_none() && unreadable {
            return Err(ErrorKind::RulesNeedRegistry.into());
        }
        picture.saved = !rules.is_default();
        adoption::save(&context.home, &database, rules).await?;
    }
    show(context, &picture, save)
}

/// What another registry says goes into Cadastre's own one.
async fn import(context: &Context) -> Result<u8> {
    let database = context.database().await?;
    if !context.common.dry_run {
        database.require_writable("set")?;
    }
    let plan = tenant::plan_import(&database).await?;
    if context.common.dry_run {
        return show_plan(context, &plan.plan, &plan.plan);
    }
    let run = tenant::apply_set(&context.home, &database, plan).await?;
    let summary = progress::follow(&run, context.common.json).await;
    finish(context, &summary, "registered")
}

fn show(context: &Context, picture: &Picture, saved: bool) -> Result<u8> {
    if context.common.json {
        output::json(picture)?;
        return Ok(0);
    }
    let schemas =
        picture.tenants.len() + picture.left_out.iter().filter(|line| line.reason != SchemaVerdict::Public).count();
    output::line(&match picture.tenants.len() {
        0 => format!("None of {schemas} schemas is a tenant."),
        1 => format!("1 of {schemas} schemas is a tenant."),
        count => format!("{count} of {schemas} schemas are tenants."),
    });
    registries(picture);
    if !picture.tenants.is_empty() {
        output::line("");
        let shown = picture.tenants.iter().take(SHOWN);
        output::table(&["SCHEMA", "NAME", "DOMAIN", "TABLES", "WHY"], &[3], shown.map(row));
        if picture.tenants.len() > SHOWN {
            output::line(&format!("… and {} more: `cadastre tenant list` shows all.", picture.tenants.len() - SHOWN));
        }
    }
    orphans("Registered, but there is no such schema:", &picture.registry_only);
    orphans("Tenants that the registry does not name:", &picture.schema_only);
    if !picture.left_out.is_empty() {
        output::line("\nNo tenants:");
        for line in picture.left_out.iter().take(SHOWN) {
            output::line(&format!("  {}: {}", clean(&line.schema), clean(&line.reason.to_string())));
        }
        if picture.left_out.len() > SHOWN {
            output::line(&format!("  … and {} more", picture.left_out.len() - SHOWN));
        }
    }
    hints(picture);
    output::note(match (saved, picture.saved, context.common.dry_run) {
        (true, true, _) => "These rules are kept for this database on this computer; --forget takes them back.",
        (true, false, _) => "Rules that say nothing are not kept: everything is as without rules.",
        (false, true, _) => "Rules are kept for this database on this computer; --forget takes them back.",
        (false, false, _) => "Nothing was changed. With --save, rules are kept for this database on this computer.",
    });
    Ok(0)
}

fn registries(picture: &Picture) {
    if let Some(entries) = picture.own_entries {
        output::line(&format!("\nCadastre's own registry names {}.", output::tenants(entries)));
    }
    match &picture.registry {
        Some(registry) => {
            output::line(&format!("\nNames, domains and states come from {}:", title(registry)));
            evidence(registry);
        }
        None if picture.others.is_empty() => {
            output::line("\nNo registry of another framework was recognised.");
        }
        None => output::line("\nNo registry is used."),
    }
    for registry in &picture.others {
        output::line(&format!("\nNot used: {}:", title(registry)));
        evidence(registry);
        output::line(&format!("  --registry {}:{} uses it.", registry.kind.code(), clean(&registry.table)));
    }
    for convention in &picture.conventions {
        output::line(&format!(
            "\n{} has noted its migrations in {} of the schemas ({}).",
            convention.framework, convention.schemas, convention.table
        ));
    }
}

fn title(registry: &RecognisedRegistry) -> String {
    let domains = registry.domains_table.as_ref().map(|table| format!(" and {}", clean(table))).unwrap_or_default();
    let confidence = match registry.confidence {
        adoption::Confidence::Certain => "certain",
        adoption::Confidence::Likely => "likely",
        adoption::Confidence::Possible => "possible",
    };
    format!("{} in {}{domains} ({confidence})", kind(registry.kind), clean(&registry.table))
}

/// What people call it.
pub fn kind(kind: RegistryKind) -> &'static str {
    match kind {
        RegistryKind::Cadastre => "Cadastre's registry",
        RegistryKind::Query => "the query",
        RegistryKind::DjangoTenants => "django-tenants",
        RegistryKind::DjangoTenantSchemas => "django-tenant-schemas",
        RegistryKind::PeproScolaire => "PeproScolaire",
        RegistryKind::Stancl => "stancl/tenancy",
        RegistryKind::Apartment => "apartment",
        RegistryKind::Listed => "a table of schemas",
    }
}

fn evidence(registry: &RecognisedRegistry) {
    registry.evidence.iter().for_each(|evidence| output::line(&format!("  {}", clean(&evidence.to_string()))));
}

fn row(line: &SchemaLine) -> Vec<String> {
    let domain = line.domains.first().cloned().unwrap_or_else(|| "–".into());
    vec![line.schema.clone(), line.name.clone(), domain, line.tables.to_string(), line.reason.to_string()]
}

fn orphans(title: &str, orphans: &[Orphan]) {
    if orphans.is_empty() {
        return;
    }
    output::line(&format!("\n{title}"));
    for orphan in orphans.iter().take(SHOWN) {
        let mut text = format!("  {}", orphan.schema);
        if orphan.name != orphan.schema {
            text += &format!(" ({})", orphan.name);
        }
        if let Some(other) = &orphan.differs_in_case {
            text += &format!(": the other side spells it {other}");
        }
        output::line(&clean(&text));
    }
    if orphans.len() > SHOWN {
        output::line(&format!("  … and {} more", orphans.len() - SHOWN));
    }
}

fn hints(picture: &Picture) {
    if picture.suggestions.is_empty() {
        return;
    }
    output::line("\nTo narrow it down:");
    for suggestion in &picture.suggestions {
        let (word, why) = match suggestion.kind {
            RulesSuggestionKind::Prefix => ("--pattern", format!("fits {} schemas", suggestion.schemas)),
            RulesSuggestionKind::Shared => {
                ("--except", format!("foreign keys of {} schemas lead there", suggestion.schemas))
            }
            RulesSuggestionKind::Odd => ("--except", "their tables are nobody else's".to_owned()),
        };
        let patterns: Vec<String> =
            suggestion.patterns.iter().map(|pattern| format!("{word} {}", quoted(pattern))).collect();
        output::line(&format!("  {}  ({why})", clean(&patterns.join(" "))));
    }
}

/// A word as a shell takes it.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    if word.chars().all(plain) { word.to_owned() } else { format!("'{}'", word.replace('\'', r"'\''")) }
}
