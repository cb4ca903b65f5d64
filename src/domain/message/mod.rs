//! Messages to channels.

pub mod channel;
pub mod notification;
