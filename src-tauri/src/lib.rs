//! The desktop shell: windows, dialogs and the bridge. Everything it knows about databases is in `cadastre-core`.

mod backups;
mod commands;
mod life;
mod state;

use cadastre_core::local::Home;
use state::Desktop;
use tauri::Manager;

/// The commands and types that the window sees.
fn bridge() -> tauri_specta::Builder<tauri::Wry> {
    tauri_specta::Builder::<tauri::Wry>::new().commands(tauri_specta::collect_commands![
        commands::adoption::adoption_look,
        commands::adoption::adoption_save,
        commands::adoption::adoption_forget,
        commands::backup::backup_client,
        commands::backup::backup_list,
        commands::backup::backup_create_plan,
        commands::backup::backup_create_apply,
        commands::backup::backup_files,
        commands::backup::backup_verify_plan,
        commands::backup::backup_restore_plan,
        commands::backup::backup_return_apply,
        commands::backup::backup_report,
        commands::backup::backup_reveal,
        commands::compare::stats,
        commands::compare::compare_export,
        commands::connection::connect,
        commands::connection::disconnect,
        commands::connection::connection_current,
        commands::demo::demo_start,
        commands::demo::demo_stop,
        commands::demo::demo_status,
        commands::alerts::alerts_raised,
        commands::doctor::doctor_examine,
        commands::doctor::doctor_fix_plan,
        commands::maintain::maintain_plan,
        commands::maintain::maintain_apply,
        commands::maintain::maintain_report,
        commands::doctor::doctor_fix_apply,
        commands::export::export_start,
        commands::export::export_files,
        commands::export::export_reveal,
        commands::history::stats_snapshot,
        commands::history::stats_history,
        commands::history::stats_limits,
        commands::history::stats_growth,
        commands::journal::journal_list,
        commands::life::tenant_list_pick,
        commands::life::registry_image_pick,
        commands::life::tenant_create_listed_plan,
        commands::life::tenant_deactivate_plan,
        commands::life::tenant_activate_plan,
        commands::life::tenant_rename_plan,
        commands::life::tenant_set_plan,
        commands::life::registry_install_plan,
        commands::life::life_apply,
        commands::life::registry_status,
        commands::life::registry_history,
        commands::life::tenant_connection,
        commands::migration::template_list,
        commands::migration::migration_status,
        commands::migration::migration_plan,
        commands::migration::migration_rehearse,
        commands::migration::migration_apply,
        commands::misplaced::misplaced_find,
        commands::misplaced::misplaced_move_plan,
        commands::misplaced::misplaced_back_plan,
        commands::profile::profile_list,
        commands::profile::profile_save,
        commands::profile::profile_remove,
        commands::profile::profile_new,
        commands::profile::profile_from_url,
        commands::profile::profile_discover,
        commands::profile::profile_test,
        commands::profile::keyring_status,
        commands::quarantine::tenant_drop_plan,
        commands::quarantine::tenant_drop_apply,
        commands::quarantine::tenant_drop_result,
        commands::quarantine::quarantine_list,
        commands::quarantine::quarantine_backups,
        commands::quarantine::quarantine_check,
        commands::quarantine::tenant_undrop_plan,
        commands::quarantine::tenant_undrop_apply,
        commands::quarantine::tenant_purge_plan,
        commands::quarantine::tenant_purge_apply,
        commands::run::run_active,
        commands::run::run_attach,
        commands::run::run_cancel,
        commands::run::run_go_on,
        commands::run::run_pause,
        commands::migration::run_resume_plan,
        commands::migration::run_undo_plan,
        commands::run::run_list,
        commands::run::run_show,
        commands::run::run_output,
        commands::settings::settings_get,
        commands::settings::settings_set,
        commands::shape::shape_classes,
        commands::shape::shape_compare,
        commands::system::pick_folder,
        commands::system::pick_file,
        commands::system::about,
        commands::system::notify,
        commands::tenant::tenant_list,
        commands::tenant::tenant_sizes,
        commands::tenant::tenant_show,
        commands::tenant::table_show,
        commands::tenant::table_rows,
        commands::tenant::table_count,
        commands::tenant::tenant_schema_name,
        commands::tenant::tenant_create_plan,
        commands::tenant::tenant_create_apply,
        commands::watch::watch_activity,
        commands::watch::watch_queries,
        commands::watch::watch_storage,
        commands::watch::watch_signal_plan,
        commands::watch::watch_signal_apply,
        commands::workbook::workbook_pick,
        commands::workbook::workbook_open,
        commands::workbook::workbook_verify,
        commands::workbook::workbook_compare,
        commands::workbook::read_cancel,
        commands::workbook::workbook_restore_plan,
        commands::workbook::workbook_restore_apply,
        commands::workbook::workbook_restore_report,
        commands::tenant::tenant_clone_plan,
        commands::tenant::tenant_clone_apply,
        commands::tenant::tenant_clone_remarks,
    ])
}

/// Opens the window and returns when it has closed.
pub fn run() {
    let bridge = bridge();
    let mut app = tauri::Builder::default();
    if has_session_bus() && !for_demo() {
        app = app.plugin(tauri_plugin_single_instance::init(|app, _, _| show(app)));
    }
    let result = app
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_notification::init())
        .plugin(tauri_plugin_opener::init())
        .plugin(tauri_plugin_window_state::Builder::new().build())
        .invoke_handler(bridge.invoke_handler())
        .setup(|app| {
            let desktop = tauri::async_runtime::block_on(start())?;
            app.manage(desktop);
            show(app.handle());
            Ok(())
        })
        .build(tauri::generate_context!());
    match result {
        Ok(app) => app.run(|_, _| {}),
        Err(e) => fail(&e),
    }
}

/// Opens the local state; with `--demo`, connects to the demo that `cargo xtask demo` has started.
async fn start() -> cadastre_core::Result<Desktop> {
    let home = Home::open_default().await?;
    match cadastre_core::local::init_logging(&home) {
        // The log is written until the process ends.
        Ok(log) => std::mem::forget(log),
        Err(e) => eprint_log_error(&e),
    }
    let desktop = Desktop::new(home);
    if for_demo() {
        let demo = cadastre_core::demo::start(&desktop.home, &|_| {}).await?;
        desktop.keep_open(demo.connect().await?, true).await?;
        *desktop.demo.lock().await = Some(demo);
    }
    Ok(desktop)
}

/// A demo has a window of its own, beside that of the person's real work.
fn for_demo() -> bool {
    std::env::args().any(|argument| argument == "--demo")
}

/// Brings the window to the front.
fn show(app: &tauri::AppHandle) {
    if let Some(window) = app.get_webview_window("main") {
        let _ = window.show();
        let _ = window.unminimize();
        let _ = window.set_focus();
    }
}

/// One window per person needs a session bus on Linux. Test sessions open several programs side by side.
fn has_session_bus() -> bool {
    if cfg!(feature = "automation") && std::env::var_os("TAURI_WEBVIEW_AUTOMATION").is_some() {
        return false;
    }
    let bus = std::env::var("DBUS_SESSION_BUS_ADDRESS").unwrap_or_default();
    !cfg!(target_os = "linux") || (!bus.is_empty() && bus != "disabled:")
}

/// The program works without its log; that must be known to whoever starts it from a terminal.
#[expect(clippy::print_stderr, reason = "there is no log to say it in")]
fn eprint_log_error(error: &cadastre_core::Error) {
    eprintln!("Warning: nothing is logged. {error}");
}

#[expect(clippy::print_stderr, reason = "there is no window to say it in")]
fn fail(error: &tauri::Error) {
    eprintln!("Error: The window could not be opened.\nCaused by: {error}");
    std::process::exit(1);
}

#[cfg(test)]
mod tests {
    use crate::commands::names::COMMANDS;
    use std::collections::BTreeSet;

    const BINDINGS: &str = "ui/src/bindings/index.ts";

    #[test]
    fn access_control_lists_exactly_the_commands_that_the_bridge_has() {
        let text = std::fs::read_to_string(BINDINGS).expect("the bindings are part of the project");
        let called: BTreeSet<_> =
            text.split("__TAURI_INVOKE(\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert_eq!(called, COMMANDS.iter().copied().collect());
        let capability = include_str!("../capabilities/main.json");
        let allowed: BTreeSet<_> =
            capability.split("\"allow-").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        let names: BTreeSet<_> = COMMANDS.iter().map(|name| name.replace('_', "-")).collect();
        assert_eq!(allowed, names.iter().map(String::as_str).collect());
    }

    /// Writes `ui/src/bindings/index.ts`; a difference to the committed file fails the run of `cargo xtask test`.
    #[test]
    fn the_bindings_of_the_window_are_written() {
        super::bridge()
            .export(specta_typescript::Typescript::default(), BINDINGS)
            .expect("the bindings can be written");
    }
}
