//! No memory of this process is written to disk: it holds passwords of production.

use nix::sys::resource::{Resource, setrlimit};

/// Switches core dumps off, for this process and for the programs that it starts, which are given passwords too. Where the
/// system pipes them to a program, only a process that may not be dumped has none.
pub fn switch_off() {
    // Where that is refused the system has a reason of its own; the work itself is not in danger.
    setrlimit(Resource::RLIMIT_CORE, 0, 0).ok();
    #[cfg(target_os = "linux")]
    nix::sys::prctl::set_dumpable(false).ok();
}
