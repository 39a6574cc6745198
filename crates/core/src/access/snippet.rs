//! How an application reaches a tenant, to be copied.

use crate::connection::{Profile, percent_encode};
use crate::sql::Ident;
use crate::{Result, registry};
use serde::Serialize;

/// Connection settings of one tenant, as texts. None holds a password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Snippets {
    /// The role that it connects as.
    pub role: String,
    /// `search_path` of its sessions.
    pub search_path: String,
    /// `postgresql://…` with the search path among its options.
    pub url: String,
    /// Python, SQLAlchemy with one engine for all tenants (FastAPI).
    pub sqlalchemy: String,
    /// Python, Django's `DATABASES`.
    pub django: String,
    /// SQL that finds the schema for a host name; where there is a registry.
    pub lookup: String,
}

/// The snippets for a tenant; `role` is its own one, or whichever connects.
///
/// # Errors
/// [`crate::ErrorKind::IdentifierInvalid`].
pub fn snippets(profile: &Profile, schema: &str, role: &str) -> Result<Snippets> {
    let ident = Ident::new(schema)?.to_string();
    // Quotes only where a tool needs them: most connection strings are typed and read by people.
    let plain = schema.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && !schema.starts_with(|c: char| c.is_ascii_digit());
    let name = if plain { schema.to_owned() } else { ident.clone() };
    let search_path = format!("{name},public");
    // The server splits options at spaces, unless a backslash stands before them.
    let option = format!("-csearch_path={}", search_path.replace('\\', "\\\\").replace(' ', "\\ "));
    let (host, port, database) = (profile.host.as_str(), profile.port, profile.database.as_str());
    let (place, host_parameter) = match profile.is_local_socket() {
        true => (String::new(), format!("host={}&port={port}&", percent_encode(host))),
        false if host.contains(':') => (format!("[{host}]:{port}"), String::new()),
        false => (format!("{host}:{port}"), String::new()),
    };
    let url = format!(
        "postgresql://{}@{place}/{}?{host_parameter}options={}",
        percent_encode(role),
        percent_encode(database),
        percent_encode(&option)
    );
    let sqlalchemy = format!(
        "from sqlalchemy import create_engine\n\n\
         # Tables are mapped without a schema; each request gets the one of its tenant.\n\
         engine = create_engine({})\n\n\n\
         def session_for(schema: str):\n    \
         return engine.connect().execution_options(schema_translate_map={{None: schema}})\n\n\n\
         connection = session_for({})\n",
        python(&format!(
            "postgresql+psycopg://{}@{place}/{}{}",
            percent_encode(role),
            percent_encode(database),
            host_parameter.strip_suffix('&').map(|p| format!("?{p}")).unwrap_or_default()
        )),
        python(schema)
    );
    let django = format!(
        "DATABASES = {{\n    \"default\": {{\n        \"ENGINE\": \"django.db.backends.postgresql\",\n        \"HOST\": {},\n        \
         \"PORT\": {port},\n        \"NAME\": {},\n        \"USER\": {},\n        \"PASSWORD\": os.environ[\"DB_PASSWORD\"],\n        \
         \"OPTIONS\": {{\"options\": {}}},\n    }}\n}}\n",
        python(host),
        python(database),
        python(role),
        python(&option)
    );
    let lookup = format!("select {}.tenant_for_domain('host.example');", registry::SCHEMA);
    Ok(Snippets { role: role.to_owned(), search_path, url, sqlalchemy, django, lookup })
}

/// A string of Python.
fn python(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => quoted.push_str(&format!("\\u{:04x}", c as u32)),
            c => quoted.push(c),
        }
    }
    quoted + "\""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_carries_the_search_path_of_any_schema() {
        let profile = Profile { host: "db.example".into(), database: "lycees".into(), ..Profile::default() };
        let plain = snippets(&profile, "lycee_hugo", "lycee_hugo").unwrap();
        assert_eq!(
            plain.url,
            "postgresql://lycee_hugo@db.example:5432/lycees?options=-csearch_path%3Dlycee_hugo%2Cpublic"
        );
        let odd = snippets(&profile, "Lycée \"X\"", "r").unwrap();
        assert_eq!(odd.search_path, "\"Lycée \"\"X\"\"\",public");
        assert!(odd.django.contains("-csearch_path=\\\"Lycée\\\\ \\\"\\\"X"), "{}", odd.django);
    }
}
