//! How a password changes hands (docs/rotation.md). The only way that pgrole sets a password: whatever happens in between, the
//! password in force is on record or can be put there.
//!
//! - `preflight`: what can be looked at before anything is changed
//! - `open_change`: a change between its beginning and its end
//! - `seal`, `apply`, `prove`, `deliver`, `close`: the steps, in their order
//! - `probe`, `overtaken`: what a login and the server say of a password
//! - `dual`: what the two logins of one owner need beyond that
//! - `recover/`: how a change ends that was cut off
//! - `remembered`, `sole_holder`, `claimed_files`: where a role's password goes, and that no other role's goes there
//! - `renamed`: what the journal keeps of a role that has another name now

mod apply;
mod claimed_files;
mod close;
mod deliver;
mod dual;
mod new_password;
mod open_change;
mod overtaken;
mod preflight;
mod probe;
mod prove;
pub mod recover;
pub mod remembered;
pub mod renamed;
mod seal;
mod sole_holder;

pub use crate::password::apply::whole_transaction;
pub use crate::password::claimed_files::ClaimedFiles;
pub use crate::password::close::{discard_remains, give_up};
pub use crate::password::new_password::NewPassword;
pub use crate::password::open_change::OpenChange;
pub use crate::password::preflight::{
    DeliveryRoute, SharedRecords, preflight, preflight_renamed, prepare_keys, rehearse,
    rehearse_again,
};
