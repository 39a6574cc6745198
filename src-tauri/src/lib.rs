//! The desktop shell: windows, dialogs and the bridge. Everything it knows about databases is in `cadastre-core`.

mod commands;

/// The commands and types that the window sees.
fn bridge() -> tauri_specta::Builder<tauri::Wry> {
    tauri_specta::Builder::<tauri::Wry>::new().commands(tauri_specta::collect_commands![
        commands::compare::stats,
        commands::compare::compare_export,
        commands::connection::connect,
        commands::connection::disconnect,
        commands::connection::connection_current,
        commands::demo::demo_start,
        commands::demo::demo_stop,
        commands::demo::demo_status,
        commands::export::export_start,
        commands::export::export_files,
        commands::export::export_reveal,
        commands::journal::journal_list,
        commands::migration::template_list,
        commands::migration::migration_status,
        commands::migration::migration_plan,
        commands::migration::migration_apply,
        commands::profile::profile_list,
        commands::profile::profile_save,
        commands::profile::profile_remove,
        commands::profile::profile_new,
        commands::profile::profile_from_url,
        commands::profile::profile_discover,
        commands::profile::profile_test,
        commands::profile::keyring_status,
        commands::run::run_active,
        commands::run::run_attach,
        commands::run::run_cancel,
        commands::run::run_list,
        commands::run::run_show,
        commands::settings::settings_get,
        commands::settings::settings_set,
        commands::system::pick_folder,
        commands::system::pick_file,
        commands::system::about,
        commands::tenant::tenant_list,
        commands::tenant::tenant_sizes,
        commands::tenant::tenant_show,
        commands::tenant::table_show,
        commands::tenant::table_rows,
        commands::tenant::table_count,
        commands::tenant::tenant_schema_name,
        commands::tenant::tenant_create_plan,
        commands::tenant::tenant_create_apply,
    ])
}

/// Opens the window and returns when it has closed.
pub fn run() {
    let bridge = bridge();
    tauri::Builder::default()
        .invoke_handler(bridge.invoke_handler())
        .run(tauri::generate_context!())
        .expect("the window opens");
}

#[cfg(test)]
mod tests {
    /// Writes `ui/src/bindings/index.ts`; a difference to the committed file fails the run of `cargo xtask test`.
    #[test]
    fn the_bindings_of_the_window_are_written() {
        super::bridge()
            .export(specta_typescript::Typescript::default(), "ui/src/bindings/index.ts")
            .expect("the bindings can be written");
    }
}
