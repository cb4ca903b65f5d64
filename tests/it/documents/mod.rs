//! Every command of every document, typed in order as it is printed, on real servers. `elsewhere` names the few that no
//! test can type, with the reason; a document's own file prepares what the document takes for granted.

mod access;
mod architecture;
mod audit;
mod bulk;
mod configuration;
mod connecting;
mod copying;
mod cron;
mod dual;
mod elsewhere;
mod explain;
mod fleet;
mod installing;
mod leavers;
pub mod markdown;
mod mentioned;
mod notifications;
mod page;
mod readme;
mod registry;
mod rehearse;
mod reports;
mod roles;
mod rotation;
mod scripting;
pub mod shell;
mod timed;

use fleet::Fleet;
use page::{Expected, Page};
