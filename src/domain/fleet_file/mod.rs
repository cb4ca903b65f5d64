//! The fleet as a file: which logins there are to be, and what they may do. Without passwords. What the file does not say
//! about a login is left as it is.
//!
//! - `format`: the file as TOML or JSON
//! - `desired`: a login that the file asks for, checked
//! - `gap`: what is missing on a server, and what is there too much

mod desired;
mod format;
mod gap;

pub use desired::{DesiredLogin, Place, Validity};
pub use format::{FleetFile, FleetFileFormat, FleetLogin, LimitValue};
pub use gap::{FoundLogin, Gap, excess, gaps, held_level};
