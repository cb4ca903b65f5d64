//! The config file itself: writing a commented one, and what one says, as far as it can be read. None of these fails
//! because of a mistake in the file.

pub mod check;
pub mod init;
pub mod paths;
pub mod show;
