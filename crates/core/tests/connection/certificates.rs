//! Certificates for the tests, made by the `openssl` program: two authorities, and what they sign.

use std::path::{Path, PathBuf};
use std::process::Command;

/// A folder with `ca.crt`, `other-ca.crt` and pairs `<name>.crt`, `<name>.key`.
pub struct Certificates {
    folder: PathBuf,
}

impl Certificates {
    /// Makes the authorities in this folder.
    pub fn new(folder: &Path) -> Self {
        let certificates = Self { folder: folder.to_owned() };
        for (name, subject) in [("ca", "/CN=Cadastre test authority"), ("other-ca", "/CN=Another authority")] {
            certificates.self_signed(name, subject, &["basicConstraints=critical,CA:TRUE"]);
        }
        // What `openssl ca` keeps its books in; it alone can date a certificate back.
        std::fs::write(folder.join("index"), "").unwrap();
        let config = "[ca]\ndefault_ca=d\n[d]\ndatabase=index\nnew_certs_dir=.\nrand_serial=yes\ndefault_md=sha256\n\
                      policy=p\nunique_subject=no\n[p]\ncommonName=supplied\n";
        std::fs::write(folder.join("config"), config).unwrap();
        certificates
    }

    pub fn path(&self, file: &str) -> String {
        self.folder.join(file).display().to_string()
    }

    /// A certificate that nobody else signed.
    pub fn self_signed(&self, name: &str, subject: &str, extensions: &[&str]) {
        let (key, certificate, config) = (format!("{name}.key"), format!("{name}.crt"), format!("{name}.conf"));
        // A configuration of our own: the installed one adds CA:TRUE.
        let text = format!(
            "[req]\ndistinguished_name=n\nx509_extensions=x\n[n]\n[x]\nsubjectKeyIdentifier=hash\n{}\n",
            extensions.join("\n")
        );
        std::fs::write(self.path(&config), text).unwrap();
        self.openssl(&[
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-days",
            "30",
            "-config",
            &config,
            "-keyout",
            &key,
            "-out",
            &certificate,
            "-subj",
            subject,
        ]);
    }

    /// A certificate signed by `authority`, valid between these two dates (`YYYYMMDDHHMMSSZ`).
    pub fn signed(&self, name: &str, authority: &str, common_name: &str, alternative: &str, from: &str, to: &str) {
        let request = format!("{name}.csr");
        self.openssl(&[
            "req",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-keyout",
            &format!("{name}.key"),
            "-out",
            &request,
            "-subj",
            &format!("/CN={common_name}"),
        ]);
        let extensions = format!("{name}.ext");
        std::fs::write(self.path(&extensions), format!("basicConstraints=CA:FALSE\nsubjectAltName={alternative}\n"))
            .unwrap();
        self.openssl(&[
            "ca",
            "-batch",
            "-notext",
            "-config",
            "config",
            "-cert",
            &format!("{authority}.crt"),
            "-keyfile",
            &format!("{authority}.key"),
            "-in",
            &request,
            "-out",
            &format!("{name}.crt"),
            "-extfile",
            &extensions,
            "-startdate",
            from,
            "-enddate",
            to,
        ]);
    }

    pub fn openssl(&self, arguments: &[&str]) {
        let output = Command::new("openssl").current_dir(&self.folder).args(arguments).output();
        let output = output.expect("these tests need the openssl program");
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "openssl {arguments:?}: {words}");
    }
}
