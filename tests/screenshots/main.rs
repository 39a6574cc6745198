//! Pictures of the real window on the demo's fleet, in both languages, both colour schemes and two sizes: for the README,
//! for the guide, and for looking at what a change did. `cargo xtask screenshots` calls this with the folder for them, and
//! with the parts of the tour that are wanted: all of them where none is named.

mod backups;
mod health;
mod life;
mod runs;
mod structure;
mod tour;

use cadastre_core::demo;
use cadastre_core::local::{Home, Settings};
use cadastre_tests::Window;
use cadastre_tests::texts::Texts;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// A small notebook, and a large screen.
const SIZES: [(u32, u32); 2] = [(1024, 700), (1920, 1080)];

/// For the README and the guide, whose lines refer to it without a size.
const PAPER: (u32, u32) = (1280, 820);

const LANGUAGES: [&str; 2] = ["en", "fr"];
const SCHEMES: [&str; 2] = ["light", "dark"];

/// What can be asked for alone.
const PARTS: [&str; 9] = ["welcome", "fleet", "adoption", "structure", "life", "runs", "backups", "paper", "health"];

#[tokio::main]
async fn main() {
    let folder = PathBuf::from(std::env::args().nth(1).expect("the folder for the pictures"));
    let parts: Vec<String> = std::env::args().skip(2).collect();
    if let Some(unknown) = parts.iter().find(|part| !PARTS.contains(&part.as_str())) {
        panic!("no part of the tour is called {unknown}; there are {}", PARTS.join(", "));
    }
    let wanted = |part: &str| parts.is_empty() || parts.iter().any(|one| one == part);
    std::fs::create_dir_all(&folder).expect("the folder for the pictures");
    let (new, used) = (Place::new().await, Place::new().await);
    let demo = demo::start(&used.home, &|_| {}).await.expect("the demo starts");
    let first = Look { size: SIZES[0], language: LANGUAGES[0], scheme: SCHEMES[0] };
    let window = used.open(first, &["--demo"]).await;
    tour::prepare(&window).await;
    window.close().await;
    for look in Look::all() {
        let picture = |window: &Window, screen: &str| look.picture(window, &folder, screen);
        if wanted("welcome") {
            let window = new.open(look, &[]).await;
            tour::welcome(&window, &picture).await;
            window.close().await;
        }
        if !["fleet", "adoption", "structure", "life", "runs", "backups", "health"].into_iter().any(wanted) {
            continue;
        }
        let window = used.open(look, &["--demo"]).await;
        if wanted("fleet") {
            tour::fleet(&window, &picture).await;
        }
        if wanted("adoption") {
            tour::adoption(&window, &picture).await;
        }
        if wanted("structure") {
            structure::structure(&window, &picture).await;
        }
        if wanted("life") {
            life::life(&window, &picture).await;
        }
        if wanted("runs") {
            runs::runs(&window, &picture).await;
        }
        if wanted("backups") {
            let database = demo.connect().await.expect("the demo answers");
            backups::backups(&window, &picture, &used.workbooks(), &database).await;
        }
        if wanted("health") {
            let database = demo.connect().await.expect("the demo answers");
            health::health(&window, &picture, &database).await;
        }
        window.close().await;
    }
    for language in LANGUAGES.into_iter().filter(|_| wanted("paper")) {
        let look = Look { size: PAPER, language, scheme: "light" };
        let window = used.open(look, &["--demo"]).await;
        tour::tenants(&window, &|window, screen| look.picture(window, &folder, screen)).await;
        window.close().await;
    }
    drop(demo);
    demo::stop(&used.home).await.expect("the demo stops");
}

/// How the window looks in a picture.
#[derive(Clone, Copy)]
struct Look {
    size: (u32, u32),
    language: &'static str,
    scheme: &'static str,
}

impl Look {
    fn all() -> impl Iterator<Item = Self> {
        let sizes = SIZES.into_iter();
        let spoken = sizes.flat_map(|size| LANGUAGES.into_iter().map(move |language| (size, language)));
        spoken.flat_map(|(size, language)| SCHEMES.into_iter().map(move |scheme| Self { size, language, scheme }))
    }

    fn picture(&self, window: &Window, folder: &Path, screen: &str) {
        let size = if self.size == PAPER { String::new() } else { format!("-{}", self.size.0) };
        let file = folder.join(format!("{screen}-{}-{}{size}.png", self.language, self.scheme));
        window.picture_to(&file);
        shrink(&file);
    }
}

/// Local state that lasts for many windows.
struct Place {
    folder: TempDir,
    home: Home,
}

impl Place {
    async fn new() -> Self {
        let folder = tempfile::Builder::new().prefix("cadastre-").tempdir().expect("a temporary folder");
        let home = Home::open(folder.path()).await.expect("local state");
        Self { folder, home }
    }

    fn workbooks(&self) -> PathBuf {
        self.folder.path().join("workbooks")
    }

    async fn open(&self, look: Look, arguments: &[&str]) -> Window {
        let settings = Settings::load(&self.home).await.expect("the settings");
        let (language, scheme) = (Some(look.language.to_owned()), Some(look.scheme.to_owned()));
        Settings { language, scheme, ..settings }.save(&self.home).await.expect("the settings are kept");
        let workbooks = self.workbooks();
        std::fs::create_dir_all(&workbooks).expect("a folder for workbooks");
        let workbook = workbooks.join(backups::FILE).display().to_string();
        let (state, workbooks) = (self.folder.path().display().to_string(), workbooks.display().to_string());
        let variables = [
            ("CADASTRE_HOME", state.as_str()),
            ("CADASTRE_TEST_PICK_FOLDER", workbooks.as_str()),
            ("CADASTRE_TEST_PICK_FILE", workbook.as_str()),
        ];
        let mut window = Window::open_as(&variables, arguments, look.size).await;
        window.texts = Texts::of(look.language);
        window
    }
}

/// The window has few colours: 255 of them are as good as all and a third of the bytes.
fn shrink(file: &Path) {
    let mut mogrify = Command::new("mogrify");
    mogrify.args(["-strip", "+dither", "-colors", "255", "-define", "png:compression-level=9"]).arg(file);
    assert!(mogrify.status().expect("ImageMagick").success(), "{}", file.display());
}
