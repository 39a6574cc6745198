//! How much memory a program needed at most.

use std::time::Duration;

/// Follows a process until it ends and returns the most that it had in memory, in megabytes of 1,000,000 bytes. The
/// kernel keeps the mark, so that only what grew in the last moment of the process can be missed.
pub async fn peak(pid: u32) -> f64 {
    let mut peak = 0.0;
    // A process that has ended has a status without memory until its parent asks for it.
    while let Some(kibibytes) = mark(pid) {
        peak = kibibytes * 1024.0 / 1e6;
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    peak
}

fn mark(pid: u32) -> Option<f64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}
