//! What people read: help and tables, as they stand on a terminal.

use crate::fleet::two_tenants;
use cadastre_tests::{Call, Cli};

/// Runs `check` with times, sizes, identifiers and paths taken out of what is compared.
fn redacted(cli: &Cli, check: impl FnOnce()) {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.add_filter(&cli.account().display().to_string(), "[account]");
    settings.add_filter(r"\(run [0-9a-f]{8}\)", "(run [id])");
    settings.add_filter(r"\b[0-9a-f]{64}\b", "[fingerprint]");
    settings.add_filter(r"\b[0-9a-f]{8}\b", "[id]");
    settings.add_filter(r"in \d+\.\d s", "in [time]");
    settings.add_filter(r"\d{4}-\d\d-\d\dT[0-9:.]+Z", "[moment]");
    settings.add_filter(r"test_[0-9a-f]{32}", "[database]");
    settings.add_filter(r"/tmp/cadastre-\w{6}(:\d+)?", "[server]");
    settings.add_filter(r"≈ \d+(\.\d)? [kM]?B", "≈ [size]");
    settings.add_filter(r"\d+(\.\d)? [kM]?B\b", "[size]");
    settings.add_filter(r" *\d+\.\d %", " [share]");
    settings.add_filter(r" +\d+ ms ", " [ms] ");
    settings.add_filter(r" {2,}", "  ");
    settings.bind(check);
}

fn text(call: &Call) -> String {
    assert_eq!(call.code, 0, "{call}");
    format!("{}{}", call.stdout, call.stderr)
}

#[tokio::test]
async fn help_names_every_verb() {
    let cli = Cli::new();
    let mut pages = String::new();
    for verb in [
        &["--help"][..],
        &["profile", "--help"],
        &["tenant", "--help"],
        &["tenant", "drop", "--help"],
        &["tenant", "undrop", "--help"],
        &["tenant", "purge", "--help"],
        &["migrate", "--help"],
        &["migrate", "up", "--help"],
        &["export", "--help"],
        &["backup", "--help"],
        &["backup", "create", "--help"],
        &["backup", "restore", "--help"],
        &["compare", "--help"],
        &["shape", "--help"],
        &["diff", "--help"],
        &["maintain", "--help"],
        &["maintain", "vacuum", "--help"],
        &["maintain", "check", "--help"],
        &["journal", "--help"],
        &["demo", "--help"],
    ] {
        let call = cli.run(verb).await;
        pages.push_str(&format!("$ cadastre {}\n{}\n", verb.join(" "), text(&call)));
    }
    redacted(&cli, || insta::assert_snapshot!("help", pages));
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn an_answer_that_does_not_arrive_is_an_error() {
    let (_database, cli) = two_tenants().await;
    let out = cli.files().display().to_string();
    for words in [
        &["tenant", "list", "--json"][..],
        &["tenant", "list"],
        &["export", "alpha", "--to", &out, "--json"],
        &["--help"],
    ] {
        let call = cli.run_into(words, "/dev/full").await;
        assert_eq!(call.code, 1, "{call}");
        assert!(call.stderr.contains("could not be written to standard output: No space left"), "{call}");
    }
    // A reader that has seen enough is no error.
    let many = cli.launched_by(&["sh", "-c", "\"$@\" | true", "sh"]).run(&["tenant", "list"]).await;
    assert_eq!((many.code, many.stderr.as_str()), (0, ""), "{many}");
}

#[tokio::test]
async fn a_wrong_call_is_a_document_too_when_json_was_asked_for() {
    let cli = Cli::new();
    for (words, part) in [
        (&["--json", "bogus"][..], "bogus"),
        (&["--json", "tenant", "show"], "<TENANT>"),
        (&["server", "--jobs", "0", "--json"], "--jobs"),
        (&["--json"], "requires a subcommand"),
    ] {
        let call = cli.run(words).await;
        let error = call.document()["error"].clone();
        assert_eq!((call.code, &error["code"]), (2, &serde_json::json!("usage")), "{call}");
        assert!(error["message"].as_str().is_some_and(|m| m.contains(part) && m.ends_with('.')), "{call}");
        assert!(!call.stderr.is_empty(), "{call}");
    }
    // This one is for the program behind `--`.
    let call = cli.run(&["bogus", "--", "--json"]).await;
    assert_eq!((call.code, call.stdout.as_str()), (2, ""), "{call}");
}

#[tokio::test]
async fn tables_for_people_are_complete() {
    let (_database, cli) = two_tenants().await;
    let out = cli.files().display().to_string();
    let mut session = String::new();
    for words in [
        &["tenant", "list"][..],
        &["tenant", "show", "alpha"],
        &["tenant", "create", "Gamma", "--dry-run"],
        &["tenant", "create", "Gamma"],
        &["migrate", "status", "--dir", "talentmatch"],
        &["migrate", "up", "--dir", "talentmatch"],
        &["migrate", "check", "--dir", "talentmatch"],
        &["compare", "alpha", "beta", "--exact"],
        &["export", "alpha", "--to", &out],
        &["journal", "verify"],
    ] {
        let call = cli.run(words).await;
        session.push_str(&format!("$ cadastre {}\n{}\n", words.join(" "), text(&call)));
    }
    redacted(&cli, || insta::assert_snapshot!("tables", session));
}

#[tokio::test]
async fn an_error_says_what_happened_and_what_to_do() {
    let (_database, cli) = two_tenants().await;
    let mut session = String::new();
    for words in [
        &["tenant", "show", "delta"][..],
        &["tenant", "create", "Alpha", "--template", "talentmatch"],
        &["tenant", "create", "Lycée", "--schema", "Lycée"],
        &["migrate", "status", "--dir", "nothing"],
        &["export", "alpha", "--to", "/nowhere/at/all"],
        &["profile", "show", "Prod"],
    ] {
        let call = cli.run(words).await;
        assert_ne!(call.code, 0, "{call}");
        session.push_str(&format!("$ cadastre {}\n{}exit code {}\n\n", words.join(" "), call.stderr, call.code));
    }
    redacted(&cli, || insta::assert_snapshot!("errors", session));
}
