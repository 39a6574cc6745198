//! The real window, driven as a person would: by what can be seen and read.

use crate::display::Display;
use crate::process::{Running, built, command, installed};
use crate::secret_service::SecretService;
use crate::texts::Texts;
use serde_json::{Value, json};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Mutex;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use thirtyfour::error::WebDriverError;
use thirtyfour::{Capabilities, WebDriver, WebElement};

const FIND: &str = include_str!("window.js");

/// How long something may take to appear on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// The window, its display, its driver, its keyring and its person's account. One at a time: the driver allows no more.
pub struct Window {
    /// The texts of the language that the window speaks now.
    pub texts: Texts,
    // Ended in this order: a session that is left behind would wait for its driver's answer.
    _driver_process: Running,
    driver: WebDriver,
    display: Display,
    service: SecretService,
    account: TempDir,
    pictures: PathBuf,
    findings: Mutex<Vec<String>>,
}

impl Window {
    /// Opens it in a new account, in English. `variables` are for test builds' answers to native dialogs.
    ///
    /// # Panics
    /// When something is not installed or not built.
    pub async fn open(variables: &[(&str, &str)]) -> Self {
        Self::open_as(variables, &[], (1280, 820)).await
    }

    /// Opens it with these arguments and this width and height.
    ///
    /// # Panics
    /// When something is not installed or not built.
    pub async fn open_as(variables: &[(&str, &str)], arguments: &[&str], size: (u32, u32)) -> Self {
        let program = built("cadastre-desktop", "run the tests through `cargo xtask test`, which builds the window");
        let account = tempfile::Builder::new().prefix("cadastre-window-").tempdir().expect("a temporary folder");
        for name in ["home", "state", "tmp", "run"] {
            std::fs::create_dir(account.path().join(name)).expect("a folder");
        }
        let service = SecretService::unlocked();
        let display = Display::start(size.0, size.1);
        // What the window wrote when it was closed with this size the last time.
        let remembered = account.path().join("home/.config/org.cadastre.desktop");
        std::fs::create_dir_all(&remembered).expect("a folder");
        let state = json!({ "main": {
            "width": size.0, "height": size.1, "x": 0, "y": 0, "prev_x": 0, "prev_y": 0,
            "maximized": false, "visible": true, "decorated": true, "fullscreen": false,
        } });
        std::fs::write(remembered.join(".window-state.json"), state.to_string()).expect("the state of the window");
        let port = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a free port").port();
        let mut driver = command(installed("WebKitWebDriver", "webkit2gtk-driver"));
        driver.args([format!("--port={port}"), "--host=127.0.0.1".to_owned()]).env_clear();
        driver.env("PATH", std::env::var_os("PATH").unwrap_or_default()).envs(service.environment());
        let own = |name: &str| account.path().join(name).display().to_string();
        driver.envs([
            ("HOME", own("home")),
            ("TMPDIR", own("tmp")),
            ("CADASTRE_HOME", own("state")),
            ("DISPLAY", display.name().to_owned()),
            ("LANG", "C.UTF-8".to_owned()),
            ("NO_AT_BRIDGE", "1".to_owned()),
            ("GDK_BACKEND", "x11".to_owned()),
            ("LIBGL_ALWAYS_SOFTWARE", "1".to_owned()),
            ("WEBKIT_DISABLE_DMABUF_RENDERER", "1".to_owned()),
            ("TAURI_WEBVIEW_AUTOMATION", "true".to_owned()),
        ]);
        driver.envs(variables.iter().copied());
        driver.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let driver_process = Running::start("WebKitWebDriver", &mut driver);
        let driver = connect(port, &program, arguments).await;
        let pictures = program.parent().expect("the target folder").join("window");
        std::fs::create_dir_all(&pictures).expect("a folder for pictures");
        let texts = Texts::of("en");
        Self {
            texts,
            driver,
            _driver_process: driver_process,
            display,
            service,
            account,
            pictures,
            findings: Mutex::default(),
        }
    }

    /// Ends the session in order.
    pub async fn close(self) {
        let _ = tokio::time::timeout(Duration::from_secs(10), self.driver.clone().quit()).await;
    }

    /// The folder of everything that the window may write for its person.
    pub fn account(&self) -> &Path {
        self.account.path()
    }

    /// The keyring of its person.
    pub fn keyring(&self) -> &SecretService {
        &self.service
    }

    /// Takes a picture; pictures are in `target/debug/window`.
    pub fn picture(&self, name: &str) {
        self.picture_to(&self.pictures.join(format!("{name}.png")));
    }

    /// Takes a picture into this file.
    pub fn picture_to(&self, file: &Path) {
        self.display.picture(file);
    }

    /// Runs a script in the page.
    pub async fn script(&self, script: &str, arguments: Vec<Value>) -> Result<Value, WebDriverError> {
        Ok(self.driver.execute(format!("{FIND}\n{script}"), arguments).await?.json().clone())
    }

    /// Waits until a script is true.
    ///
    /// # Panics
    /// When it never is.
    pub async fn until(&self, what: &str, script: &str, arguments: &[Value]) {
        let start = Instant::now();
        loop {
            // While the page loads anew, scripts fail.
            let answer = self.script(script, arguments.to_vec()).await;
            if answer.as_ref().is_ok_and(|answer| answer == true) {
                return;
            }
            if start.elapsed() > PATIENCE {
                self.give_up(what, &format!("{answer:?}")).await;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    async fn element(&self, kind: &str, text: &str) -> WebElement {
        let script = format!(
            "{FIND}\nconst found = find(arguments[0], arguments[1]);\n\
                              return found && !disabled(found) ? found : null;"
        );
        let start = Instant::now();
        loop {
            if let Ok(found) = self.driver.execute(&script, vec![json!(kind), json!(text)]).await
                && let Ok(element) = found.element()
            {
                return element;
            }
            if start.elapsed() > PATIENCE {
                self.give_up(&format!("the {kind} “{text}”"), "").await;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    async fn give_up(&self, what: &str, why: &str) -> ! {
        self.picture("failed");
        let seen = self.script("return document.body.innerText", Vec::new()).await;
        let picture = self.pictures.join("failed.png");
        panic!("{what} never came {why}; a picture is in {}; the window says: {seen:#?}", picture.display());
    }

    /// Clicks what has this name: a button, a tab, a place, an entry of a menu. Waits until it can be clicked.
    pub async fn click(&self, text: &str) {
        let start = Instant::now();
        loop {
            let clicked = self.element("button", text).await.click().await;
            match clicked {
                Ok(()) => return,
                // Something moved between finding and clicking.
                Err(error) if start.elapsed() > PATIENCE => {
                    self.give_up(&format!("a click on “{text}”"), &error.to_string()).await;
                }
                Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
            }
        }
    }

    /// Clicks what has the name that this text has.
    pub async fn click_text(&self, key: &str) {
        self.click(&self.texts.of_key(key)).await;
    }

    /// Puts a text into the field of this label, in the place of what is there.
    ///
    /// # Panics
    /// When the field does not take it.
    pub async fn fill(&self, label: &str, text: &str) {
        self.type_into(label, text, text).await;
    }

    /// Empties the field of this label.
    ///
    /// # Panics
    /// When the field stays as it is.
    pub async fn clear(&self, label: &str) {
        self.type_into(label, &thirtyfour::Key::Backspace.value().to_string(), "").await;
    }

    async fn type_into(&self, label: &str, keys: &str, text: &str) {
        let field = self.element("field", label).await;
        let _ = self
            .script("arguments[0].focus(); arguments[0].select?.();", vec![field.to_json().expect("the field")])
            .await;
        field.send_keys(keys).await.unwrap_or_else(|error| panic!("{label}: {error}"));
        let holds = "return find('field', arguments[0])?.value === arguments[1];";
        self.until(&format!("“{label}” with the text"), holds, &[json!(label), json!(text)]).await;
    }

    /// Ticks the box of this label.
    pub async fn tick(&self, label: &str, ticked: bool) {
        let box_ = self.element("field", label).await;
        let is = "return find('field', arguments[0])?.checked === arguments[1];";
        if self.script(is, vec![json!(label), json!(ticked)]).await.ok() != Some(json!(true)) {
            let _ = self.script("arguments[0].click();", vec![box_.to_json().expect("the box")]).await;
        }
        self.until(&format!("“{label}” as {ticked}"), is, &[json!(label), json!(ticked)]).await;
    }

    /// Waits until a text can be read anywhere.
    pub async fn see(&self, text: &str) {
        let script = "return tidy(document.body.innerText).toLowerCase().includes(tidy(arguments[0]).toLowerCase());";
        self.until(&format!("“{text}”"), script, &[json!(text)]).await;
    }

    /// Waits until a line of a table holds all of these.
    pub async fn see_row(&self, words: &[&str]) {
        let script = "return [...document.querySelectorAll('[role=row], tr')].filter(visible)\
                      .some((row) => arguments[0].every((word) => tidy(row.textContent).includes(word)));";
        self.until(&format!("a line with {words:?}"), script, &[json!(words)]).await;
    }

    /// Waits until no dialog is open.
    pub async fn see_no_dialog(&self) {
        self.until("the end of the dialog", "return places().length === 1;", &[]).await;
    }

    /// Waits until nothing moves any more: what is faded in halfway has other colours than those that were chosen.
    ///
    /// # Panics
    /// When something moves on and on.
    pub async fn settle(&self) {
        let script = format!(
            "{FIND}\nconst done = arguments[arguments.length - 1]; settled(3).then(done, (error) => done(String(error)));"
        );
        let start = Instant::now();
        loop {
            let answer = self.driver.execute_async(&script, Vec::new()).await;
            if answer.as_ref().is_ok_and(|answer| *answer.json() == true) {
                return;
            }
            if start.elapsed() > PATIENCE {
                let answer = answer.map(|answer| answer.json().clone());
                self.give_up("the end of all movement", &format!("{answer:?}")).await;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Presses keys where the keyboard is.
    ///
    /// # Panics
    /// When nothing takes them.
    pub async fn press(&self, keys: impl AsRef<str>) {
        let active = self.driver.active_element().await.expect("something has the keyboard");
        active.send_keys(keys.as_ref()).await.expect("the keys arrive");
    }

    /// Loads the page anew, as F5 does.
    ///
    /// # Panics
    /// When the driver refuses.
    pub async fn reload(&self) {
        let _ = self.script("window.beforeReload = true;", Vec::new()).await;
        self.driver.refresh().await.expect("the page loads anew");
        self.until("the new page", "return window.beforeReload === undefined && document.body.innerText !== '';", &[])
            .await;
    }

    /// Changes the language through the search, with the keyboard alone.
    pub async fn speak(&mut self, language: &'static str) {
        if self.texts.language == language {
            return;
        }
        let label = self.texts.of_key("common:search.label");
        self.click_text("common:search.placeholder").await;
        self.until("the search", "return places().length > 1;", &[]).await;
        self.fill(&label, &self.texts.of_key("common:search.language")).await;
        self.press(thirtyfour::Key::Enter.value().to_string()).await;
        self.until(language, "return document.documentElement.lang === arguments[0];", &[json!(language)]).await;
        self.texts = Texts::of(language);
        self.see_no_dialog().await;
    }

    /// What axe has found on all the screens so far.
    ///
    /// # Panics
    /// Never, but where a check has.
    pub fn findings(&self) -> Vec<String> {
        self.findings.lock().expect("the findings").clone()
    }

    /// Looks at what is on the screen with axe once nothing moves, notes what it finds, and takes a picture.
    ///
    /// # Panics
    /// When axe cannot run.
    pub async fn check(&self, screen: &str) {
        self.settle().await;
        let name = format!("{screen}-{}", self.texts.language);
        self.picture(&name);
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui/node_modules/axe-core/axe.min.js");
        let axe = std::fs::read_to_string(&file).unwrap_or_else(|_| panic!("{}: in ui/, npm ci", file.display()));
        let there = self.script("return typeof window.axe === 'object';", Vec::new()).await;
        if there.ok() != Some(json!(true)) {
            // As an expression of its own: the file wants to be a script, not a part of one.
            let script = format!("{axe}\nwindow.axe = axe; return true;");
            self.driver.execute(script, Vec::new()).await.expect("axe is loaded");
        }
        let run = "const done = arguments[arguments.length - 1];\
                   window.axe.run(document, { resultTypes: ['violations'] }).then((result) => \
                   done(result.violations.map((v) => `${v.id} (${v.impact}): ${v.help}: ${v.nodes.map((n) => n.html.slice(0, 300)).join(' | ')}`)), \
                   (error) => done([String(error)]));";
        let found = self.driver.execute_async(run, Vec::new()).await.expect("axe runs");
        let found = found.json().as_array().unwrap_or_else(|| panic!("axe said {:?}", found.json())).clone();
        let found = found.iter().map(|finding| format!("{name}: {}", finding.as_str().unwrap_or_default()));
        self.findings.lock().expect("the findings").extend(found);
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.picture("failed");
        }
        // Its driver is killed next; a session that says good-bye to it would wait for two minutes.
        let _ = self.driver.clone().leak();
    }
}

/// Opens the session once the driver listens.
async fn connect(port: u16, program: &Path, arguments: &[&str]) -> WebDriver {
    let mut capabilities = Capabilities::new();
    // No browserName: WebKitWebDriver takes none but its own.
    let options = json!({ "binary": program.display().to_string(), "args": arguments });
    capabilities.set("webkitgtk:browserOptions", options).expect("options of the driver");
    let start = Instant::now();
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(start.elapsed() < PATIENCE, "WebKitWebDriver does not listen");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let address = format!("http://127.0.0.1:{port}");
    let session = WebDriver::new(&address, capabilities);
    let session = tokio::time::timeout(PATIENCE, session).await.expect("the window opens");
    session.unwrap_or_else(|error| panic!("the window does not open: {error}"))
}
