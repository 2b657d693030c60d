//! The binary: harden the process, then do what the command line says.

use std::process::ExitCode;

fn main() -> ExitCode {
    harden();
    paydesk::cli::run()
}

/// A crash must leave no memory behind on disk: it may hold a card. Best effort, since neither call can fail in a
/// way that the operator could mend.
fn harden() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    // The limit alone does not stop a core handler that is a pipe; this does, and closes /proc/PID to other users.
    #[cfg(target_os = "linux")]
    let _ = rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable);
}
