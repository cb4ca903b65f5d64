//! What a drawing must know of the place that it goes to.

use std::io::{self, IsTerminal};
use std::os::fd::AsFd;

use crate::domain::settings::Settings;
use crate::domain::target::Environment;
use crate::domain::timestamp::Timestamp;
use crate::domain::variables::Variables;

/// How wide a terminal is taken to be that does not say.
const USUAL_WIDTH: usize = 80;

/// Whether lines and bars may be drawn with other characters than those of ASCII.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Charset {
    Ascii,
    Unicode,
}

impl Charset {
    /// That of the locale: the first of the variables that is set decides (POSIX, "Environment Variables", 8.2).
    pub fn of(variables: &Variables) -> Self {
        let names = ["LC_ALL", "LC_CTYPE", "LANG"];
        let locale = names.iter().find_map(|name| variables.text(name));
        let codeset = locale.unwrap_or_default().to_ascii_lowercase();
        if codeset.contains("utf-8") || codeset.contains("utf8") {
            Self::Unicode
        } else {
            Self::Ascii
        }
    }
}

/// The place that a drawing goes to, and what its reader is told by marks and colors.
#[derive(Debug, Clone)]
pub struct Screen {
    /// In columns; `None` if it is not a terminal, which has no width.
    pub width: Option<usize>,
    pub charset: Charset,
    pub is_colored: bool,
    /// The time from which others are told.
    pub now: Timestamp,
    pub protected: Vec<Environment>,
}

impl Screen {
    /// Standard output.
    pub fn of_stdout(charset: Charset, is_colored: bool) -> Self {
        Self::new(&io::stdout(), charset, is_colored)
    }

    /// Standard error.
    pub fn of_stderr(charset: Charset, is_colored: bool) -> Self {
        Self::new(&io::stderr(), charset, is_colored)
    }

    fn new(place: &(impl IsTerminal + AsFd), charset: Charset, is_colored: bool) -> Self {
        let width = || {
            let size = terminal_size::terminal_size_of(place);
            size.map_or(USUAL_WIDTH, |(width, _)| width.0.into())
        };
        Self {
            width: place.is_terminal().then(width),
            charset,
            is_colored,
            now: Timestamp::now(),
            protected: Vec::new(),
        }
    }

    /// The same, whose reader is told which environments are protected.
    #[must_use]
    pub fn with_settings(mut self, settings: Option<&Settings>) -> Self {
        if let Some(settings) = settings {
            self.protected.clone_from(&settings.protected);
        }
        self
    }

    /// Whether a person reads it: what is for people only is not drawn elsewhere.
    pub fn is_terminal(&self) -> bool {
        self.width.is_some()
    }

    pub fn is_protected(&self, env: &str) -> bool {
        self.protected.iter().any(|known| known.as_str() == env)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_variable_that_is_set_decides_the_charset() {
        let of = |pairs: &[(&str, &str)]| Charset::of(&Variables::of(pairs));
        assert_eq!(of(&[]), Charset::Ascii);
        assert_eq!(of(&[("LANG", "en_US.UTF-8")]), Charset::Unicode);
        assert_eq!(of(&[("LANG", "de_DE.utf8")]), Charset::Unicode);
        assert_eq!(
            of(&[("LANG", "C.UTF-8"), ("LC_CTYPE", "POSIX")]),
            Charset::Ascii
        );
        assert_eq!(
            of(&[("LANG", "C"), ("LC_CTYPE", "C"), ("LC_ALL", "C.UTF-8")]),
            Charset::Unicode
        );
        assert_eq!(
            of(&[("LC_ALL", ""), ("LC_CTYPE", "C.UTF-8")]),
            Charset::Unicode
        );
    }
}
