//! Metrics in Prometheus's text format, as node_exporter's textfile collector reads it.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::delivery::replace::write_new;

/// Metrics for a file or stdout.
#[derive(Debug, Default)]
pub struct Metrics(String);

/// A label's name and value.
pub type Label<'a> = (&'static str, &'a str);

/// A metric whose samples are being added.
pub struct Gauge<'a> {
    name: &'static str,
    text: &'a mut String,
}

impl Metrics {
    /// Begins a metric. Its samples must follow immediately: the format requires them together.
    pub fn gauge(&mut self, name: &'static str, help: &str) -> Gauge<'_> {
        // Writing to a String does not fail.
        writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} gauge").ok();
        let text = &mut self.0;
        Gauge { name, text }
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// Writes the file whole or not at all, readable by all: the collector is another user.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn write_to(&self, path: &Path) -> Result<()> {
        let what = || format!("cannot write {}", path.display());
        if let Some(folder) = path.parent().filter(|folder| *folder != Path::new("")) {
            fs::metadata(folder).with_context(what)?;
        }
        write_new(path, 0o644, self.0.as_bytes())
    }
}

impl Gauge<'_> {
    pub fn sample(&mut self, labels: &[Label<'_>], value: i64) {
        let labels: Vec<_> = labels
            .iter()
            .map(|(name, value)| format!("{name}=\"{}\"", escape(value)))
            .collect();
        let labels = match labels.as_slice() {
            [] => String::new(),
            labels => format!("{{{}}}", labels.join(",")),
        };
        // Writing to a String does not fail.
        writeln!(self.text, "{}{labels} {value}", self.name).ok();
    }
}

/// A label's value in the format: three characters are escaped, the rest is UTF-8 unchanged.
fn escape(value: &str) -> String {
    let value = value.replace('\\', "\\\\").replace('"', "\\\"");
    value.replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_escaped_and_samples_stand_below_their_metric() {
        let mut metrics = Metrics::default();
        let mut gauge = metrics.gauge("up", "Whether it is up.");
        gauge.sample(&[], 1);
        gauge.sample(&[("name", "a\"b\\c\nd"), ("other", "é")], 0);
        let wanted = "# HELP up Whether it is up.\n# TYPE up gauge\nup 1\nup{name=\"a\\\"b\\\\c\\nd\",other=\"é\"} 0\n";
        assert_eq!(metrics.text(), wanted);
    }
}
