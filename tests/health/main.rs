//! Is it set up right? `pgrole registry check` asks the servers, `pgrole doctor` this machine too.

#[path = "../harness/mod.rs"]
mod harness;
#[path = "../users/scene.rs"]
#[allow(dead_code, reason = "shared with the tests of users")]
mod scene;

mod check;
mod doctor;
mod rights;
