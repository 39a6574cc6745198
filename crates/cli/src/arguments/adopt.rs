//! The words of `cadastre tenant adopt`.

use cadastre_core::adoption::{RegistryChoice, RegistryKind, Rules};
use clap::Args;

/// Which schemas are tenants. Without any rule: what is found by itself.
#[derive(Debug, Args)]
pub struct TenantAdopt {
    /// Only schemas that fit a pattern with * and ?
    #[arg(long, value_name = "GLOB")]
    pub pattern: Vec<String>,
    /// Leave out schemas that fit a pattern
    #[arg(long, value_name = "GLOB")]
    pub except: Vec<String>,
    /// A select that returns the column schema, and where wanted name, domain and state
    #[arg(long, value_name = "SQL")]
    pub query: Option<String>,
    /// Where names, domains and states come from: auto, none, or one that was recognised (django_tenants,
    /// django_tenant_schemas, pepro_scolaire, stancl, apartment, listed), with :schema.table where there are several
    #[arg(long, value_name = "auto|none|KIND", value_parser = registry)]
    pub registry: Option<RegistryChoice>,
    /// Only schemas that the registry names
    #[arg(long)]
    pub registered_only: bool,
    /// Keep these rules for this database, on this computer
    #[arg(long)]
    pub save: bool,
    /// Forget the rules of this database
    #[arg(long, conflicts_with_all = ["pattern", "except", "query", "registry", "registered_only", "save"])]
    pub forget: bool,
    /// Make an entry in Cadastre's own registry for every tenant that has none, with what is known of it
    #[arg(long, conflicts_with_all = ["pattern", "except", "query", "registry", "registered_only", "save", "forget"])]
    pub import: bool,
}

impl TenantAdopt {
    /// The rules that the words make; `None` where no word is about rules.
    pub fn rules(&self) -> Option<Rules> {
        let said = !self.pattern.is_empty()
            || !self.except.is_empty()
            || self.query.is_some()
            || self.registry.is_some()
            || self.registered_only;
        said.then(|| Rules {
            include: self.pattern.clone(),
            exclude: self.except.clone(),
            query: self.query.clone(),
            registry: self.registry.clone().unwrap_or_default(),
            registered_only: self.registered_only,
        })
    }
}

/// `auto`, `none`, `stancl` or `listed:public.programmes`.
fn registry(text: &str) -> Result<RegistryChoice, String> {
    match text {
        "auto" => return Ok(RegistryChoice::Auto),
        "none" => return Ok(RegistryChoice::None),
        _ => {}
    }
    let (code, table) = match text.split_once(':') {
        Some((code, table)) => (code, Some(table.to_owned())),
        None => (text, None),
    };
    let code = code.replace('-', "_");
    let kind = RegistryKind::RECOGNISED.into_iter().find(|kind| kind.code() == code);
    let kind = kind.ok_or_else(|| {
        let known: Vec<&str> = RegistryKind::RECOGNISED.iter().map(|kind| kind.code()).collect();
        format!("{text} is none of auto, none, {}", known.join(", "))
    })?;
    Ok(RegistryChoice::Named { kind, table })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_registry_is_named_by_its_kind_and_where_wanted_its_table() {
        assert_eq!(registry("auto"), Ok(RegistryChoice::Auto));
        let named = RegistryChoice::Named { kind: RegistryKind::DjangoTenants, table: None };
        assert_eq!(registry("django-tenants"), Ok(named));
        let table = Some("public.programmes".to_owned());
        assert_eq!(
            registry("listed:public.programmes"),
            Ok(RegistryChoice::Named { kind: RegistryKind::Listed, table })
        );
        assert!(registry("cadastre").is_err());
    }
}
