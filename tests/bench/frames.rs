//! How evenly the window draws.

use crate::clock::{ROUNDS, Series, calm};
use crate::report::Report;
use cadastre_tests::Window;
use serde_json::{Value, json};
use std::time::Duration;

/// A frame that took longer is seen as a stutter.
const STUTTER: f64 = 100.0;
/// What is still felt as smooth where the processor does the drawing.
const SMOOTH: f64 = 50.0;

const SCRIPT: &str = include_str!("frames.js");

/// Milliseconds from frame to frame of several rounds of the same.
#[derive(Default)]
pub struct Frames {
    longest: Series,
    most: Series,
    usual: Series,
    work: Series,
    over: Vec<usize>,
    number: usize,
}

impl Frames {
    /// Scrolls the list on the screen, a step for every frame: so many pixels down, and so many sideways.
    pub async fn scrolling(window: &Window, steps: usize, down: i64, across: i64) -> Self {
        let mut frames = Self::default();
        for _ in 0..ROUNDS {
            calm().await;
            let before = work(window);
            run(window, "bench.scroll(...arguments);", &[json!(steps), json!(down), json!(across)]).await;
            // Asking the page how far it is would cost it time.
            tokio::time::sleep(Duration::from_millis(17 * steps as u64 + 500)).await;
            while run(window, "return bench.finished;", &[]).await != json!(true) {
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
            frames.add(&run(window, "return bench.frames;", &[]).await, work(window) - before);
        }
        frames
    }

    /// Types this into the field that has the keyboard, at the pace of a quick typist, and deletes it again.
    pub async fn typing(window: &Window, text: &str) -> Self {
        let backspace = thirtyfour::Key::Backspace.value();
        Self::pressing(window, &text.chars().chain(text.chars().map(|_| backspace)).collect::<String>()).await
    }

    /// Presses these keys where the keyboard is, at the same pace.
    pub async fn pressing(window: &Window, keys: &str) -> Self {
        let mut frames = Self::default();
        for _ in 0..ROUNDS {
            calm().await;
            let before = work(window);
            run(window, "bench.start();", &[]).await;
            for key in keys.chars() {
                window.press(key.to_string()).await;
                tokio::time::sleep(Duration::from_millis(120)).await;
            }
            frames.add(&run(window, "return bench.stop();", &[]).await, work(window) - before);
        }
        frames
    }

    fn add(&mut self, frames: &Value, work: f64) {
        let mut times: Vec<f64> = frames.as_array().into_iter().flatten().filter_map(Value::as_f64).collect();
        assert!(times.len() > 20, "too few frames: {times:?}");
        times.sort_by(f64::total_cmp);
        self.number = times.len();
        self.work.push(work / times.len() as f64);
        self.usual.push(times[times.len() / 2]);
        self.most.push(times[times.len() * 95 / 100]);
        self.longest.push(times[times.len() - 1]);
        self.over.push(times.iter().filter(|time| **time > SMOOTH).count());
    }

    /// Two lines: 95 of 100 frames, and the longest one.
    pub fn report(&self, name: &str, report: &mut Report) {
        report.within(&format!("{name}: p95"), "ms", &self.most, SMOOTH);
        report.within("  longest frame", "ms", &self.longest, STUTTER);
        let over: Vec<String> = self.over.iter().map(ToString::to_string).collect();
        let (number, over) = (self.number, over.join(", "));
        let (usual, work) = (self.usual.median(), self.work.median());
        report.note(&format!(
            "p50 {usual:.1} ms of {number} frames, each {work:.1} ms of the page's processor time; over {SMOOTH} ms in each \
             round: {over}"
        ));
    }
}

/// Milliseconds that the processor has worked for the page so far. Unlike the time between frames, it hardly depends on
/// what else the machine does.
fn work(window: &Window) -> f64 {
    let account = window.account().display().to_string();
    let processes = std::fs::read_dir("/proc").expect("the processes").flatten();
    let pages = processes.filter(|process| {
        let environment = std::fs::read(process.path().join("environ")).unwrap_or_default();
        let name = std::fs::read_to_string(process.path().join("comm")).unwrap_or_default();
        name.starts_with("WebKitWebProc") && memchr::memmem::find(&environment, account.as_bytes()).is_some()
    });
    // After the name in parentheses, the 12th and 13th word are the ticks in the program and in the kernel, 100 a second.
    let ticks = pages.filter_map(|page| {
        let stat = std::fs::read_to_string(page.path().join("stat")).ok()?;
        let words = stat.rsplit_once(") ")?.1.split(' ').skip(11).take(2);
        Some(words.filter_map(|word| word.parse::<f64>().ok()).sum::<f64>())
    });
    10.0 * ticks.sum::<f64>()
}

/// Runs a script that knows the page's measure.
pub async fn run(window: &Window, script: &str, arguments: &[Value]) -> Value {
    let answer = window.script(&format!("{SCRIPT}\n{script}"), arguments.to_vec()).await;
    answer.unwrap_or_else(|error| panic!("{script}: {error}"))
}
