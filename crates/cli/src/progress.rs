//! Following a run on a terminal, and cancelling it with Ctrl-C.

use crate::output;
use cadastre_core::fleet::{EventSink, RunActivity, RunEvent, RunHandle, RunState, RunSummary};
use indicatif::{ProgressBar, ProgressStyle};
use std::io::{BufRead, IsTerminal};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::sync::watch;

/// Waits for a run. Ctrl-C cancels it and waits for the roll-back; a second one leaves at once.
pub async fn follow(run: &RunHandle, quiet: bool) -> RunSummary {
    // For good: what comes after the run's end does not change how it ended.
    HEARD.store(true, Ordering::SeqCst);
    let canceller = tokio::spawn(cancel_on_interrupt(run.clone()));
    let asker = tokio::spawn(ask_after_canaries(run.clone()));
    let summary = if quiet || !std::io::stderr().is_terminal() {
        run.wait().await
    } else {
        let bar = bar();
        let sink: EventSink = {
            let bar = bar.clone();
            Arc::new(move |event| show(&bar, &event))
        };
        run.follow(&sink).await;
        bar.finish_and_clear();
        run.wait().await
    };
    canceller.abort();
    asker.abort();
    summary
}

fn bar() -> ProgressBar {
    let style =
        ProgressStyle::with_template("{bar:30} {pos}/{len} {msg}").unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(0).with_style(style)
}

fn show(bar: &ProgressBar, event: &RunEvent) {
    let RunEvent::Progress { progress, .. } = event else { return };
    bar.set_length(u64::from(progress.total));
    bar.set_position(u64::from(progress.ended));
    let mut words = Vec::new();
    if progress.failed > 0 {
        words.push(format!("{} failed", progress.failed));
    }
    if progress.rows > 0 {
        words.push(format!("{} rows", output::figure(progress.rows as i64, false)));
    }
    match (progress.cancelling, progress.remaining_ms) {
        (true, _) => words.push("cancelling".into()),
        (false, Some(left)) if progress.elapsed_ms > 2000 => words.push(format!("{} s left", left / 1000)),
        _ => {}
    }
    match progress.activities.first() {
        Some(activity) => words.push(doing(activity)),
        None => words.extend(progress.current.first().map(|schema| output::clean(schema))),
    }
    bar.set_message(words.join(" · "));
}

/// `acme, orders (3/11): scanning heap 45 %`
fn doing(activity: &RunActivity) -> String {
    let RunActivity { schema, object, step, steps, phase, percent, waits_for } = activity;
    let mut words = format!("{schema}, {object} ({step}/{steps})");
    if let Some(phase) = phase {
        words.push_str(&format!(": {}", phase.replace('_', " ")));
    }
    if let Some(percent) = percent {
        words.push_str(&format!(" {percent} %"));
    }
    if let Some(holder) = waits_for {
        words.push_str(&format!(", waits for {holder}"));
    }
    output::clean(&words)
}

/// When a run waits for a verdict after its canaries, says how they fared and asks.
async fn ask_after_canaries(run: RunHandle) {
    while run.progress().state != RunState::Held {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let progress = run.progress();
    if let Some(report) = progress.canaries {
        output::note(&format!(
            "\n{} canaries: {} failed, {} tried again, slowest {} ms, {} ms lost to locks",
            report.tenants, report.failed, report.retried, report.slowest_ms, report.waited_ms
        ));
    }
    output::note(&format!("Go on with the other {} tenants? [y/N]", progress.total - progress.ended));
    let answer = tokio::task::spawn_blocking(|| {
        let mut answer = String::new();
        std::io::stdin().lock().read_line(&mut answer).map(|_| answer)
    });
    match answer.await {
        Ok(Ok(answer)) if answer.trim().eq_ignore_ascii_case("y") => run.go_on(),
        _ => run.cancel(),
    }
}

async fn cancel_on_interrupt(run: RunHandle) {
    let Some(mut asked) = ASKED.get().map(watch::Sender::subscribe) else { return };
    // Also when it came just before.
    if *asked.borrow_and_update() == 0 && asked.changed().await.is_err() {
        return;
    }
    output::note("Cancelling; what is under way is rolled back. Press Ctrl-C again to leave at once.");
    run.cancel();
    let _ = asked.changed().await;
    std::process::exit(130);
}

/// How often somebody has asked this program to end.
static ASKED: OnceLock<watch::Sender<u32>> = OnceLock::new();
/// Somebody waits for that, and ends what is under way.
static HEARD: AtomicBool = AtomicBool::new(false);

/// As long as this lives, whoever made it hears.
struct Hearing;

impl Hearing {
    fn begin() -> Self {
        HEARD.store(true, Ordering::SeqCst);
        Self
    }
}

impl Drop for Hearing {
    fn drop(&mut self) {
        HEARD.store(false, Ordering::SeqCst);
    }
}

/// Listens from now on to Ctrl-C, and to what a scheduler sends to end a program. As long as nothing has begun that would have to
/// be cancelled, the program ends.
pub fn listen() {
    let asked = ASKED.get_or_init(|| watch::channel(0).0);
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        // Registered here, not when they are first waited for: a signal in between would end the program.
        let (Ok(mut interrupt), Ok(mut terminate)) = (signal(SignalKind::interrupt()), signal(SignalKind::terminate()))
        else {
            return;
        };
        tokio::spawn(async move {
            loop {
                tokio::select! {
                    _ = interrupt.recv() => {}
                    _ = terminate.recv() => {}
                }
                ask(asked);
            }
        });
    }
    #[cfg(not(unix))]
    tokio::spawn(async move {
        while tokio::signal::ctrl_c().await.is_ok() {
            ask(asked);
        }
    });
}

fn ask(asked: &watch::Sender<u32>) {
    if !HEARD.load(Ordering::SeqCst) {
        std::process::exit(130);
    }
    asked.send_modify(|times| *times += 1);
}

/// Waits until somebody asks this program to end.
pub async fn interrupted() {
    let _hearing = Hearing::begin();
    match ASKED.get() {
        Some(asked) => _ = asked.subscribe().changed().await,
        None => std::future::pending().await,
    }
}
