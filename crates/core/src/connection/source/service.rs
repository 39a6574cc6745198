//! `pg_service.conf`: named groups of settings.

use super::draft::Draft;
use super::{ProcessEnv, invalid, is_keyword};
use crate::{Error, ErrorKind, Result};
use std::path::{Path, PathBuf};

/// The files to look in, the person's own first.
pub(super) fn paths(env: &ProcessEnv) -> Vec<PathBuf> {
    let own = env.get("PGSERVICEFILE").map(PathBuf::from);
    let own = own.or_else(|| env.personal_file(".pg_service.conf", ".pg_service.conf"));
    own.into_iter().chain(env.system_folder().map(|folder| folder.join("pg_service.conf"))).collect()
}

/// The settings of a service.
///
/// # Errors
/// [`ErrorKind::ServiceMissing`]; [`ErrorKind::SettingInvalid`] for a line that cannot be understood, by its keyword.
pub(super) fn find(env: &ProcessEnv, service: &str) -> Result<Draft> {
    for path in paths(env) {
        let Some(text) = read(&path)? else { continue };
        if let Some(lines) = sections(&text).into_iter().find(|s| s.name == service).map(|s| s.lines) {
            return draft(service, &lines);
        }
    }
    Err(ErrorKind::ServiceMissing { service: service.into() }.into())
}

/// All services that can be used, in the order of the files; a name counts where it comes first.
pub(super) fn all(env: &ProcessEnv) -> Vec<(String, Draft)> {
    let mut services: Vec<(String, Draft)> = Vec::new();
    for path in paths(env) {
        let Ok(Some(text)) = read(&path) else { continue };
        for section in sections(&text) {
            if services.iter().any(|(name, _)| name == section.name) {
                continue;
            }
            match draft(section.name, &section.lines) {
                Ok(settings) => services.push((section.name.to_owned(), settings)),
                Err(error) => tracing::warn!(service = section.name, %error, "service left out"),
            }
        }
    }
    services
}

struct Section<'a> {
    name: &'a str,
    lines: Vec<&'a str>,
}

fn sections(text: &str) -> Vec<Section<'_>> {
    let mut sections: Vec<Section<'_>> = Vec::new();
    for line in text.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#')) {
        if let Some(name) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
            sections.push(Section { name, lines: Vec::new() });
        } else if let Some(section) = sections.last_mut() {
            section.lines.push(line);
        }
    }
    sections
}

fn draft(service: &str, lines: &[&str]) -> Result<Draft> {
    let mut draft = Draft::default();
    for line in lines {
        let pair = line.split_once('=').filter(|(keyword, _)| is_keyword(keyword.trim()));
        let Some((keyword, value)) = pair else {
            return Err(invalid(&format!("service {service}"), "a line of it is not of the form keyword=value"));
        };
        let keyword = keyword.trim();
        let setting = format!("{keyword} of the service {service}");
        if keyword == "service" {
            return Err(invalid(&setting, "a service cannot name another one"));
        }
        if !draft.set(keyword, &setting, value.trim())? {
            return Err(invalid(&setting, "it is not known"));
        }
    }
    Ok(draft)
}

fn read(path: &Path) -> Result<Option<String>> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(Error::new(ErrorKind::FileUnreadable { path: path.display().to_string() }).source(e)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret;

    const FILE: &str = "# ours\n[lycees]\nhost=db.example\nport = 6000\nuser=app\npassword=c4nary\n\n\
                        [bad]\nhost=h\nfrobnicate=c4nary\n[nested]\nservice=lycees\n[torn]\nc4nary\n";

    fn env() -> (tempfile::TempDir, ProcessEnv) {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(".pg_service.conf"), FILE).unwrap();
        std::fs::create_dir(folder.path().join("etc")).unwrap();
        std::fs::write(folder.path().join("etc/pg_service.conf"), "[lycees]\nhost=late\n[system]\nhost=etc\n").unwrap();
        let etc = folder.path().join("etc").display().to_string();
        let env = ProcessEnv::of([("PGSYSCONFDIR", etc)]).with_home(folder.path()).with_user("me");
        (folder, env)
    }

    #[test]
    fn the_persons_own_file_comes_before_the_systems() {
        let (_folder, env) = env();
        let lycees = find(&env, "lycees").unwrap();
        assert_eq!((lycees.host.as_deref(), lycees.port), (Some("db.example"), Some(6000)));
        assert_eq!(lycees.password.unwrap().expose_secret(), "c4nary");
        assert_eq!(find(&env, "system").unwrap().host.as_deref(), Some("etc"));
        assert!(matches!(find(&env, "none").err().unwrap().kind(), ErrorKind::ServiceMissing { .. }));
    }

    #[test]
    fn a_line_that_cannot_be_understood_is_named_without_its_value() {
        let (_folder, env) = env();
        for (service, word) in [("bad", "frobnicate"), ("nested", "another"), ("torn", "keyword=value")] {
            let error = find(&env, service).err().unwrap();
            let text = format!("{error} {error:?}");
            assert!(text.contains(word) && !text.contains("c4nary"), "{text}");
        }
        let names: Vec<_> = all(&env).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["lycees", "system"]);
    }

    #[test]
    fn pgservicefile_replaces_the_persons_file() {
        let (folder, _) = env();
        let other = folder.path().join("other");
        std::fs::write(&other, "[only]\nhost=h\n").unwrap();
        let env = ProcessEnv::of([("PGSERVICEFILE", other.display().to_string())]).with_home(folder.path());
        assert!(find(&env, "only").is_ok());
        assert!(find(&env, "lycees").is_err());
    }
}
