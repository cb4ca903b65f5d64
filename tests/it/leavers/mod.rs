//! People leave: `user lock`, `user unlock`, `user drop` and `offboard`, on real servers of several versions.

mod admins;
mod cut_off;
mod deliveries;
mod dropping;
mod estate;
mod fleet;
mod kills;
mod lock;
mod notices;
mod offboarding;
mod refusals;
