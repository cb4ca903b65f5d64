//! A document that is typed from its first command to its last.

use super::markdown::Printed;
use super::{Fleet, elsewhere, markdown, shell};
use crate::harness::Terminal;

/// What a command gives, if it is more than success.
pub struct Expected {
    /// How the command begins.
    pub begins: &'static str,
    pub status: i32,
    /// `*` stands for any text.
    pub stdout: &'static str,
    /// What it asks at a terminal, and what is typed.
    pub answers: &'static [(&'static str, &'static str)],
}

impl Expected {
    pub const fn status(begins: &'static str, status: i32) -> Self {
        Self {
            begins,
            status,
            stdout: "*",
            answers: &[],
        }
    }

    pub const fn asks(
        begins: &'static str,
        answers: &'static [(&'static str, &'static str)],
    ) -> Self {
        Self {
            begins,
            status: 0,
            stdout: "*",
            answers,
        }
    }

    pub const fn prints(begins: &'static str, stdout: &'static str) -> Self {
        Self {
            begins,
            status: 0,
            stdout,
            answers: &[],
        }
    }
}

pub struct Page {
    path: &'static str,
    text: String,
    /// What the page says so, and what it is here.
    names: Vec<(&'static str, String)>,
    options: &'static str,
}

impl Page {
    /// By the document's path in the repository.
    pub fn new(path: &'static str) -> Self {
        Self {
            path,
            text: markdown::read(path),
            names: Vec::new(),
            // What fails before a pipe is not to be missed.
            options: "set -o pipefail",
        }
    }

    /// Leaves out a section that another test types.
    pub fn without_section(mut self, heading: &str) -> Self {
        self.text = markdown::without_section(&self.text, heading);
        self
    }

    /// Without `pipefail`, for a page that says so.
    pub fn in_bash_as_it_comes(mut self) -> Self {
        self.options = "";
        self
    }

    /// Says what stands for a name of the page, such as `NAME` or `57`.
    pub fn with(mut self, name: &'static str, own: impl Into<String>) -> Self {
        self.names.push((name, own.into()));
        self
    }

    /// The block that is a file's text and begins so.
    pub fn file(&self, beginning: &str) -> String {
        let blocks = markdown::blocks(&self.text);
        let mut files = blocks.into_iter().filter(|block| markdown::is_file(block));
        let file = files.find(|block| block.starts_with(beginning));
        file.unwrap_or_else(|| panic!("{}: no file begins {beginning}", self.path))
    }

    /// Types all commands in order. Each must succeed, or do what is expected of it; `before` is told each one first.
    #[track_caller]
    pub fn typed(&self, fleet: &Fleet, expected: &[Expected], mut before: impl FnMut(&str)) {
        let mut unmet: Vec<_> = expected.iter().collect();
        let mut failures = Vec::new();
        let blocks = markdown::blocks(&self.text).into_iter();
        let blocks = blocks.filter(|block| !markdown::is_file(block));
        let printed = blocks.flat_map(|block| markdown::commands(&block));
        for printed in printed.filter(|printed| !elsewhere::has(&printed.command)) {
            before(&printed.command);
            let mut known = unmet.iter();
            let known = known.position(|wanted| printed.command.starts_with(wanted.begins));
            let success = Expected::status("", 0);
            let expected = known.map_or(&success, |place| unmet.remove(place));
            failures.extend(self.type_one(fleet, &printed, expected).err());
        }
        failures.extend(
            unmet
                .iter()
                .map(|wanted| format!("not in it: {}", wanted.begins)),
        );
        assert!(
            failures.is_empty(),
            "{}:\n{}",
            self.path,
            failures.join("\n")
        );
    }

    /// Types a command as its reader does, who says yes if asked; the error says what is not as expected.
    fn type_one(&self, fleet: &Fleet, printed: &Printed, wanted: &Expected) -> Result<(), String> {
        let command = self.own(&fleet.own(&printed.command));
        if !wanted.answers.is_empty() {
            return type_answers(fleet, &command, wanted);
        }
        let type_it = |command: &str| fleet.tried(&format!("{}\n{command}", self.options));
        let mut outcome = type_it(&command);
        let asks = outcome.status() == Some(6) && outcome.stderr.contains("--yes");
        if asks && !command.contains("--yes") {
            outcome = type_it(&command.replacen("pgrole ", "pgrole --yes ", 1));
        }
        let (status, stdout) = (wanted.status, self.own(wanted.stdout));
        if outcome.status() != Some(status) || !fits(&outcome.stdout, &stdout) {
            return Err(format!("{outcome}wanted: status {status}, {stdout:?}"));
        }
        if !has_columns_of(&outcome.stdout, &printed.output) {
            return Err(format!("{outcome}shown:\n{}", printed.output));
        }
        Ok(())
    }

    fn own(&self, text: &str) -> String {
        let names = self.names.iter();
        names.fold(text.to_owned(), |text, (name, own)| text.replace(name, own))
    }
}

/// Types a command at a terminal, and what it asks for.
fn type_answers(fleet: &Fleet, command: &str, wanted: &Expected) -> Result<(), String> {
    let shell = shell::shell(&fleet.sandbox, &fleet.home(), command);
    let mut terminal = Terminal::run(&shell, 100);
    for (question, answer) in wanted.answers {
        terminal.expect(question);
        terminal.send_line(answer);
    }
    match terminal.wait_status() {
        (_, Some(status)) if status == wanted.status => Ok(()),
        (screen, status) => Err(format!("{command}\n{screen}\nstatus {status:?}")),
    }
}

/// Whether the parts between `*` are there, in this order, from the beginning to the end.
fn fits(text: &str, wanted: &str) -> bool {
    let mut parts = wanted.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else {
        return false;
    };
    let mut is_at_end = true;
    for part in parts {
        let Some(at) = rest.find(part) else {
            return false;
        };
        rest = &rest[at + part.len()..];
        is_at_end = !part.is_empty();
    }
    rest.is_empty() || !is_at_end
}

/// Whether a table has the columns that the page shows; true if it shows none.
fn has_columns_of(text: &str, shown: &str) -> bool {
    let columns = |text: &str| -> Vec<String> {
        let first = text.lines().next().unwrap_or_default();
        first.split_whitespace().map(str::to_owned).collect()
    };
    shown.is_empty() || columns(text) == columns(shown)
}
