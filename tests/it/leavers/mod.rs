//! People leave: `user lock`, `user unlock`, `user drop` and `offboard`, on real servers of several versions.

mod admins;
mod cut_off;
mod deliveries;
mod dropping;
pub mod estate;
pub mod fleet;
mod kills;
mod lock;
mod notices;
pub mod offboarding;
mod refusals;
