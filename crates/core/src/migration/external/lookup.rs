//! Finding programs, and writing command lines.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// The file that a name leads to: as the system would find it, but from `directory` on when it has a folder in it.
pub(super) fn program(name: &str, directory: &Path) -> Option<PathBuf> {
    if name.contains(std::path::is_separator) {
        return executable(&directory.join(name));
    }
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).find_map(|folder| executable(&folder.join(name)))
}

fn executable(path: &Path) -> Option<PathBuf> {
    let endings = if cfg!(windows) { &["", "exe", "cmd", "bat"][..] } else { &[""][..] };
    let candidates = endings.iter().map(|ending| match *ending {
        "" => path.to_owned(),
        ending => path.with_extension(ending),
    });
    candidates.into_iter().find(|path| is_executable(path))
}

#[cfg(unix)]
fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata().is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(path: &Path) -> bool {
    path.is_file() && path.extension().is_some_and(|ending| ending != OsStr::new(""))
}

/// The words for one tenant.
pub(super) fn words(command: &[String], schema: &str) -> Vec<String> {
    command.iter().map(|word| word.replace("{schema}", schema)).collect()
}

/// Whether the schema's name would be read as an option.
pub(super) fn reads_as_option(command: &[String], schema: &str) -> bool {
    schema.starts_with('-') && command.iter().any(|word| word.starts_with("{schema}"))
}

/// The words as a shell would read them, to be shown; no shell ever does.
pub(crate) fn line(words: &[String]) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_=./:,+@%".contains(c);
    let quoted = words.iter().map(|word| match !word.is_empty() && word.chars().all(plain) {
        true => word.clone(),
        false => format!("'{}'", word.replace('\'', r"'\''")),
    });
    quoted.collect::<Vec<_>>().join(" ")
}

/// The name of a program without its folder, for messages.
pub(super) fn short(program: &str) -> String {
    Path::new(program).file_name().unwrap_or(OsStr::new(program)).to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schema_is_one_word_whatever_it_is_called() {
        let command = ["tool".to_owned(), "-x".to_owned(), "schema={schema}".to_owned()];
        let words = words(&command, "a b'; rm -rf /");
        assert_eq!(words.len(), 3);
        assert_eq!(line(&words), r"tool -x 'schema=a b'\''; rm -rf /'");
    }

    #[test]
    fn a_name_with_a_hyphen_is_an_option_only_at_the_beginning_of_a_word() {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        assert!(reads_as_option(&words(&["tool", "{schema}"]), "--all"));
        assert!(!reads_as_option(&words(&["tool", "--schema={schema}"]), "--all"));
    }

    #[cfg(unix)]
    #[test]
    fn programs_are_found_in_the_path_and_from_the_folder_on() {
        assert!(program("sh", Path::new("/nowhere")).is_some());
        assert!(program("no-such-program-here", Path::new("/")).is_none());
        assert_eq!(program("bin/sh", Path::new("/")), Some("/bin/sh".into()));
        assert_eq!(program("etc/passwd", Path::new("/")), None);
    }
}
