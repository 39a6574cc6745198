//! `cadastre`, the command line. The contract (names, exit codes, JSON keys) is in `docs/guide/en/cli.md`.

mod arguments;
mod command;
mod context;
mod output;
mod password;
mod progress;

fn main() -> std::process::ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let code = match runtime {
        Ok(runtime) => {
            let code = runtime.block_on(command::run());
            // A keyring that does not answer must not hold up the end.
            runtime.shutdown_background();
            code
        }
        Err(_) => 1,
    };
    std::process::ExitCode::from(code)
}
