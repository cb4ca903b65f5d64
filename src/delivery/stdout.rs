//! Delivery to standard output.

use anyhow::{Context, Result};

use crate::delivery::deliver::Deliver;
use crate::delivery::issued_password::IssuedPassword;
use crate::delivery::sink::Sink;

/// `None` while another operation's result is printed there: then no password can be delivered.
pub struct ToStdout<'a>(pub Option<&'a dyn Sink>);

impl ToStdout<'_> {
    fn sink(&self) -> Result<&dyn Sink> {
        self.0
            .context("its password goes to stdout, where another result is being printed")
    }
}

impl Deliver for ToStdout<'_> {
    fn check(&self, _: &IssuedPassword<'_>) -> Result<()> {
        self.sink()?.check()
    }

    fn deliver(&self, password: &IssuedPassword<'_>, _: &mut Vec<String>) -> Result<()> {
        let sink = self.sink()?;
        sink.check()?;
        let shown = (!password.is_known).then_some(password.password);
        sink.print(password.report, shown)
    }

    /// Nobody can tell whether somebody has read it.
    fn is_confirmed(&self, password: &IssuedPassword<'_>) -> bool {
        password.is_known
    }
}
