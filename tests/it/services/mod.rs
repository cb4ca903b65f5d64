//! What stands between pgrole and a plain server: poolers, and services that keep the superuser to themselves.

mod managed;
mod poolers;
