//! What stands between pgrole and a plain server: poolers, and services that keep the superuser to themselves.

#[path = "../harness/mod.rs"]
mod harness;

mod managed;
mod poolers;
#[allow(dead_code, reason = "most of it serves the tests of users")]
#[path = "../users/scene.rs"]
mod scene;
