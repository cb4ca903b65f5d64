//! People leave: `user lock`, `user unlock`, `user drop` and `offboard`, on real servers of several versions.

mod dropping;
mod estate;
mod lock;
mod refusals;
