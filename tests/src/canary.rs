//! A password that is unique, and the search for it.

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

/// A new password. Its beginning is made of letters and digits, which no quoting changes; the rest is what quoting
/// and URLs stumble over.
pub struct Canary {
    word: String,
    born: SystemTime,
}

impl Canary {
    /// Another one each time, so that nothing that was left by an earlier test is found.
    #[expect(clippy::new_without_default, reason = "no two are the same")]
    pub fn new() -> Self {
        let word = format!("kanari{}", uuid::Uuid::new_v4().simple());
        // File times may be coarser than the clock.
        Self { word, born: SystemTime::now() - Duration::from_secs(2) }
    }

    /// The password.
    pub fn text(&self) -> String {
        format!("{}%2F' \"\\€:@/?", self.word)
    }

    /// The same as a literal of SQL.
    pub fn sql_literal(&self) -> String {
        format!("E'{}'", self.text().replace('\\', "\\\\").replace('\'', "''"))
    }

    /// The ways in which it may be written.
    pub fn disguises(&self) -> Vec<(&'static str, Vec<u8>)> {
        let word = self.word.as_bytes();
        let wide = word.iter().flat_map(|b| [*b, 0]).collect();
        let hex: String = word.iter().map(|b| format!("{b:02x}")).collect();
        let mut all = vec![
            ("plain", word.to_vec()),
            ("wide", wide),
            ("capitals", self.word.to_uppercase().into_bytes()),
            ("hex", hex.clone().into_bytes()),
            ("capital-hex", hex.to_uppercase().into_bytes()),
            ("backwards", word.iter().rev().copied().collect()),
        ];
        // What is certain of base64, whatever stands before and after.
        for (name, skip) in [("base64", 0), ("base64-1", 2), ("base64-2", 1)] {
            all.push((name, base64(&word[skip..skip + 30])));
        }
        all
    }

    /// Whether it is in there.
    pub fn is_in(&self, bytes: &[u8]) -> bool {
        self.disguises().iter().any(|(_, disguise)| contains(bytes, disguise))
    }

    /// For messages of tests.
    pub fn redact(&self, text: &str) -> String {
        text.replace(&self.word, "[the password]")
    }

    /// Every file under these folders that was changed since the password exists and holds it, archives unpacked.
    pub fn search(&self, folders: &[&Path]) -> Vec<String> {
        let disguises: Vec<Vec<u8>> = self.disguises().into_iter().map(|(_, bytes)| bytes).collect();
        let mut found = BTreeSet::new();
        for folder in folders {
            self.search_folder(folder, &disguises, &mut found);
        }
        found.into_iter().collect()
    }

    fn search_folder(&self, folder: &Path, disguises: &[Vec<u8>], found: &mut BTreeSet<String>) {
        // Folders of other accounts, and files that vanish meanwhile, are not ours.
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            let Ok(metadata) = entry.metadata() else { continue };
            if metadata.is_dir() {
                self.search_folder(&path, disguises, found);
                continue;
            }
            if !metadata.is_file() || metadata.modified().is_ok_and(|changed| changed < self.born) {
                continue;
            }
            let Ok(mut bytes) = std::fs::read(&path) else { continue };
            if bytes.starts_with(b"PK\x03\x04") {
                bytes.extend(unpacked(&path));
            }
            if disguises.iter().any(|disguise| contains(&bytes, disguise)) {
                found.insert(path.display().to_string());
            }
        }
    }

    /// An archive with the password in a packed file.
    ///
    /// # Panics
    /// When it cannot be written.
    pub fn write_archive(&self, path: &Path) {
        let mut archive = zip::ZipWriter::new(std::fs::File::create(path).expect("a file"));
        archive.start_file("xl/worksheets/sheet1.xml", zip::write::SimpleFileOptions::default()).expect("an entry");
        archive.write_all(self.text().repeat(50).as_bytes()).expect("the entry is written");
        archive.finish().expect("the archive is written");
    }
}

fn unpacked(path: &Path) -> Vec<u8> {
    let mut all = Vec::new();
    let archive = std::fs::File::open(path).ok().and_then(|file| zip::ZipArchive::new(file).ok());
    let Some(mut archive) = archive else { return all };
    for index in 0..archive.len() {
        if let Ok(mut file) = archive.by_index(index) {
            all.extend_from_slice(file.name().unwrap_or_default().as_bytes());
            let _ = file.read_to_end(&mut all);
        }
    }
    all
}

fn contains(bytes: &[u8], word: &[u8]) -> bool {
    memchr::memmem::find(bytes, word).is_some()
}

fn base64(bytes: &[u8]) -> Vec<u8> {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let groups = bytes.chunks_exact(3).map(|c| u32::from_be_bytes([0, c[0], c[1], c[2]]));
    groups.flat_map(|n| [18, 12, 6, 0].map(|shift| LETTERS[(n >> shift & 63) as usize])).collect()
}

/// Looks at the command line and the environment of every process, again and again.
pub struct Watch {
    end: Arc<AtomicBool>,
    rounds: Arc<AtomicU64>,
    seen: Arc<Mutex<(BTreeSet<String>, BTreeSet<u32>)>>,
    thread: std::thread::JoinHandle<()>,
}

/// What the watch has seen.
pub struct Seen {
    /// Where the password was.
    pub places: Vec<String>,
    /// How many processes of the command line and the keyring were looked at.
    pub processes: usize,
}

impl Watch {
    /// Begins.
    pub fn start(canary: &Canary) -> Self {
        let (end, rounds) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
        let seen = Arc::new(Mutex::new((BTreeSet::new(), BTreeSet::new())));
        let disguises: Vec<Vec<u8>> = canary.disguises().into_iter().map(|(_, bytes)| bytes).collect();
        let (ended, counted, found) = (end.clone(), rounds.clone(), seen.clone());
        let thread = std::thread::spawn(move || {
            while !ended.load(Ordering::SeqCst) {
                round(&disguises, &found);
                counted.fetch_add(1, Ordering::SeqCst);
                // Calls last tens of milliseconds.
                std::thread::sleep(Duration::from_millis(5));
            }
        });
        Self { end, rounds, seen, thread }
    }

    /// Waits until every process that exists now has been looked at.
    pub fn wait_for_a_round(&self) {
        let goal = self.rounds.load(Ordering::SeqCst) + 2;
        while self.rounds.load(Ordering::SeqCst) < goal {
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Ends it.
    ///
    /// # Panics
    /// When it has failed.
    pub fn end(self) -> Seen {
        self.end.store(true, Ordering::SeqCst);
        self.thread.join().expect("the watch goes on");
        let seen = self.seen.lock().expect("what was seen");
        Seen { places: seen.0.iter().cloned().collect(), processes: seen.1.len() }
    }
}

fn round(disguises: &[Vec<u8>], seen: &Mutex<(BTreeSet<String>, BTreeSet<u32>)>) {
    for process in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Some(pid) = process.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else { continue };
        for file in ["cmdline", "environ"] {
            let Ok(bytes) = std::fs::read(process.path().join(file)) else { continue };
            let Ok(mut seen) = seen.lock() else { return };
            if file == "cmdline" && contains(&bytes, b"cadastre") {
                seen.1.insert(pid);
            }
            if disguises.iter().any(|disguise| contains(&bytes, disguise)) {
                seen.0.insert(format!("{file} of process {pid}"));
            }
        }
    }
}
