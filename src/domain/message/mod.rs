//! What channels are told.

pub mod channel;
pub mod notification;
