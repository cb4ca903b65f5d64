//! Is it set up right? `pgrole registry check` asks the servers, `pgrole doctor` this machine too.

mod check;
mod doctor;
mod facts;
mod rights;
