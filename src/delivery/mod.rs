//! Where a new password goes: one file per way to deliver, each of which implements [`Deliver`]. A delivery that
//! returns is confirmed: synced, read back, or exit status 0; where that proves too little, `is_confirmed` is false.
//!
//! - `deliver`: the trait
//! - `issued_password`: what is delivered
//! - `sink`: what prints
//! - `stdout`, `file`, `pgpass`, `keyring`, `command`, `login_store`: the ways
//! - `encrypted_file`, `age/`: a file that only its receiver can open, and the format of such files
//! - `removal`: takes back what is a dropped role's alone
//! - `joined`: texts that contain a password
//! - `dsn`, `k8s_secret`: the more involved file formats
//! - `holder`: whose login a delivered file holds
//! - `locked_file`, `replace/`: how a file is written, whoever owns it

mod age;
mod command;
mod deliver;
mod dsn;
mod encrypted_file;
mod file;
mod holder;
mod issued_password;
mod joined;
mod k8s_secret;
mod locked_file;
mod login_store;
mod os_keyring;
mod pgpass;
mod removal;
pub mod replace;
mod sink;
mod stdout;

pub use deliver::{Deliver, Form, Resources};
pub use encrypted_file::check_receivers;
pub use holder::{FileHolder, holder_of, is_of_many};
pub use issued_password::IssuedPassword;
pub use removal::{LeavingLogin, Removal, remove};
pub use sink::Sink;

use crate::domain::password::deliveries::Delivery;
use crate::domain::password::destination::Way;

/// The implementation for a destination.
pub fn to<'a>(delivery: &'a Delivery, resources: Resources<'a>) -> Box<dyn Deliver + 'a> {
    let destination = &delivery.destination;
    match destination.way() {
        Way::Stdout => Box::new(stdout::ToStdout(resources.stdout)),
        Way::File => Box::new(file::ToFile {
            destination,
            file_format: delivery.file_format,
            locks: resources.locks,
        }),
        Way::Pgpass => Box::new(pgpass::ToPgpass {
            destination,
            resources,
        }),
        Way::Keyring => Box::new(os_keyring::ToKeyring),
        Way::Command => Box::new(command::ToCommand {
            destination,
            resources,
        }),
        Way::Reload => Box::new(command::Reloads {
            destination,
            resources,
        }),
        Way::Age | Way::Ssh => Box::new(encrypted_file::ToEncryptedFile {
            destination,
            file_format: delivery.file_format,
            resources,
        }),
        Way::LoginStore => Box::new(login_store::ToLoginStore {
            places: destination.places(),
            resources,
        }),
    }
}
