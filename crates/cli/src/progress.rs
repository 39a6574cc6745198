//! Following a run on a terminal, and cancelling it with Ctrl-C.

use crate::output;
use cadastre_core::fleet::{EventSink, RunEvent, RunHandle, RunSummary};
use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal;
use std::sync::Arc;

/// Waits for a run. Ctrl-C cancels it and waits for the roll-back; a second one leaves at once.
pub async fn follow(run: &RunHandle, quiet: bool) -> RunSummary {
    let canceller = tokio::spawn(cancel_on_interrupt(run.clone()));
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
    words.extend(progress.current.first().map(|schema| output::clean(schema)));
    bar.set_message(words.join(" · "));
}

async fn cancel_on_interrupt(run: RunHandle) {
    interrupted().await;
    output::note("Cancelling; what is under way is rolled back. Press Ctrl-C again to leave at once.");
    run.cancel();
    interrupted().await;
    std::process::exit(130);
}

/// Ctrl-C, or what a scheduler sends to end a program.
pub async fn interrupted() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}
