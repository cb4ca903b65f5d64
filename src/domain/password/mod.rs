//! Passwords: secret, verified, sealed, delivered.

pub mod change;
pub mod deliveries;
pub mod destination;
pub mod given;
pub mod login_place;
pub mod pgpass;
pub mod placeholders;
pub mod receivers;
pub mod recipient;
pub mod record;
pub mod scram;
pub mod sealing;
pub mod secret;
pub mod secret_json;
pub mod userlist;
