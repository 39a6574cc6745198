//! A rehearsal for people.

use super::shape;
use crate::output;
use cadastre_core::error::WireError;
use cadastre_core::migration::{
    Direction, FileOutcome, Rehearsal, RehearsedClass, Stops, TakenLock, Verdict, WayBackOutcome,
};

/// Names of a class that a line has room for.
const TENANTS_SHOWN: usize = 5;

pub fn print(rehearsal: &Rehearsal) {
    for class in &rehearsal.classes {
        print_class(class);
    }
    for note in &rehearsal.notes {
        output::line(&output::clean(&note.message));
    }
    let count = |verdict| rehearsal.classes.iter().filter(|class| class.verdict == verdict).count();
    let mut parts = Vec::new();
    for (verdict, words) in [
        (Verdict::Passed, "passed"),
        (Verdict::NoWayBack, "without their way back"),
        (Verdict::Failed, "failed"),
        (Verdict::NotRehearsed, "not rehearsed"),
    ] {
        if count(verdict) > 0 {
            parts.push(format!("{} {words}", count(verdict)));
        }
    }
    let classes = match rehearsal.classes.len() {
        0 => "Nothing to rehearse: no tenant would change".to_owned(),
        1 => format!("1 class of {}", output::tenants(rehearsal.tenants)),
        several => format!("{several} classes of {}", output::tenants(rehearsal.tenants)),
    };
    let verdicts = if parts.is_empty() { String::new() } else { format!(": {}", parts.join(", ")) };
    let seconds = rehearsal.duration_ms as f64 / 1000.0;
    output::line(&format!("{classes}{verdicts}. Rolled back after {seconds:.1} s; nothing was changed."));
}

fn print_class(class: &RehearsedClass) {
    let verdict = match class.verdict {
        Verdict::Passed => "passed",
        Verdict::NoWayBack => "works, but its way back does not",
        Verdict::Failed => "FAILED",
        Verdict::NotRehearsed => "not rehearsed",
    };
    let names = class.members.iter().take(TENANTS_SHOWN).map(|name| output::clean(name)).collect::<Vec<_>>();
    let more = if class.members.len() > TENANTS_SHOWN { ", …" } else { "" };
    let (count, shape) = (output::tenants(class.members.len() as u32), class.shape.short());
    output::line(&format!("{verdict}: {count} of shape {shape} ({}{more})", names.join(", ")));
    if let Some(error) = &class.error {
        print_error(error);
    }
    for file in &class.files {
        let (mark, words) = match (file.outcome, file.direction) {
            (FileOutcome::Applied, _) => ("ok", String::new()),
            (FileOutcome::LeftOut, _) => ("--", ", left out".to_owned()),
            (FileOutcome::Failed, _) => ("!!", ", failed".to_owned()),
        };
        let way = if file.direction == Direction::Down { " (way back)" } else { "" };
        let way = if class.files[0].direction == file.direction { "" } else { way };
        output::line(&format!("  {mark}  {}{way}, {} ms{words}", output::clean(&file.file), file.duration_ms));
    }
    if !class.changes.is_empty() {
        output::line("  changes:");
        shape::print_list(&class.changes);
    }
    for lock in &class.locks {
        output::line(&format!("  locks {}", output::clean(&lock_words(lock))));
    }
    match class.way_back.outcome {
        WayBackOutcome::Restored => output::line("  The way back leads to the structure as it was."),
        WayBackOutcome::Differs => {
            output::line("  After the way back the structure differs from the one before:");
            shape::print_list(&class.way_back.changes);
        }
        WayBackOutcome::Failed | WayBackOutcome::Missing => {
            output::line("  There is no way back:");
            class.way_back.error.iter().for_each(print_error);
        }
        WayBackOutcome::NotTried => {}
    }
    for note in &class.notes {
        output::line(&format!("  note: {}", output::clean(&note.message)));
    }
    output::line("");
}

fn print_error(error: &WireError) {
    output::line(&format!("  {}", output::clean(&error.message)));
    for more in error.detail.iter().chain(&error.causes) {
        output::line(&format!("  {}", output::clean(more)));
    }
    if let Some(hint) = &error.hint {
        output::line(&format!("  Hint: {}", output::clean(hint)));
    }
}

fn lock_words(lock: &TakenLock) -> String {
    let stops = match lock.stops {
        Stops::Readers => "nobody reads or writes meanwhile",
        Stops::Writers => "nobody writes meanwhile",
        Stops::Nobody => "rows are read and written meanwhile",
    };
    let place = lock.line.map_or_else(|| lock.file.clone(), |line| format!("{}, line {line}", lock.file));
    format!("{} {}: {stops} ({place})", lock.relation, lock.mode)
}
