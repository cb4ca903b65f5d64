//! How a password changes hands (ROTATION.md). The only way that pgrole sets a password: whatever happens in between, the
//! password in force is on record or can be put there.
//!
//! - `preflight`: what can be looked at before anything is changed
//! - `open_change`: a change between its beginning and its end
//! - `seal`, `apply`, `prove`, `deliver`, `close`: the steps, in their order

mod apply;
mod close;
mod deliver;
mod open_change;
mod preflight;
mod prove;
mod seal;

pub use close::{close, give_up};
pub use open_change::OpenChange;
pub use preflight::{Route, preflight};
