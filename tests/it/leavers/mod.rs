//! People leave: `user lock`, `user unlock`, `user drop` and `offboard`, on real servers of several versions.

mod lock;
