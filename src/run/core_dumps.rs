//! Keeps this process's memory, which holds production passwords, from being written to disk.

use nix::sys::resource::{Resource, setrlimit};

/// Disables core dumps for this process and for the programs that it starts, which get passwords too. If the system
/// pipes core dumps to a program, the limit has no effect, and only a non-dumpable process has none.
pub fn switch_off() {
    // A failure is ignored: the work itself is not in danger.
    setrlimit(Resource::RLIMIT_CORE, 0, 0).ok();
    #[cfg(target_os = "linux")]
    nix::sys::prctl::set_dumpable(false).ok();
}
