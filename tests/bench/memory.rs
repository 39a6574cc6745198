//! How much memory programs need.

use std::collections::HashMap;
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

/// What a program and each process that it has started have in memory now, in megabytes of 1,000,000 bytes, by name. Of pages that
/// several processes share each has its share.
///
/// # Panics
/// When it does not run.
pub fn resident(program: &str) -> Vec<(String, f64)> {
    let processes = processes();
    let (root, _) = processes
        .iter()
        .find(|(_, process)| process.name.starts_with(&program[..program.len().min(15)]))
        .expect(program);
    let mut family = vec![*root];
    let mut at = 0;
    while let Some(&parent) = family.get(at) {
        family.extend(processes.iter().filter(|(_, process)| process.parent == parent).map(|(pid, _)| *pid));
        at += 1;
    }
    let megabytes = |pid: &u32| Some((processes[pid].name.clone(), share(*pid)? * 1024.0 / 1e6));
    family.iter().filter_map(megabytes).collect()
}

struct Process {
    name: String,
    parent: u32,
}

fn processes() -> HashMap<u32, Process> {
    let folders = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    folders
        .filter_map(|folder| {
            let pid = folder.file_name().to_str()?.parse().ok()?;
            let status = std::fs::read_to_string(folder.path().join("status")).ok()?;
            let value = |key: &str| Some(status.lines().find_map(|line| line.strip_prefix(key))?.trim().to_owned());
            Some((pid, Process { name: value("Name:")?, parent: value("PPid:")?.parse().ok()? }))
        })
        .collect()
}

/// Kibibytes, of shared pages its share.
fn share(pid: u32) -> Option<f64> {
    let rollup = std::fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).ok()?;
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"))?;
    line.split_whitespace().next()?.parse().ok()
}
