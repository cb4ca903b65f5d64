//! The fleet as a file: writing it, comparing it with the servers, and making them as it says.

pub mod apply;
mod closing;
pub mod export;
pub mod plan;
mod reading;
