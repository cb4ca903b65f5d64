//! The integration tests: pgrole as its users run it, on real servers. One program, so that the harness is compiled once
//! and what no test uses is seen.

mod harness;
mod harness_itself;
mod scene;

mod access;
mod asking;
mod audit;
mod bulk;
mod cli;
mod copies;
mod crash;
mod credential;
mod documents;
mod dual;
mod explain;
mod faults;
mod handover;
mod health;
mod leavers;
mod moving;
mod notify;
mod recipes;
mod registry;
mod rehearse;
mod reports;
mod rotation;
mod services;
mod tls;
mod users;
