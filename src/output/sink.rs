//! Standard output as the place that a password is delivered to.

use anyhow::Result;
use serde_json::Value;

use crate::delivery::Sink;
use crate::domain::password::secret::Secret;
use crate::output::Ui;

impl Sink for Ui {
    fn check(&self) -> Result<()> {
        Ok(Self::check_stdout()?)
    }

    fn print(&self, report: &Value, password: Option<&Secret>) -> Result<()> {
        self.deliver_record(report, password)
    }
}
