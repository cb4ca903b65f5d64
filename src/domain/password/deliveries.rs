//! Where a password goes: to one place or several, each in its format; and how that is recorded.

use std::fmt;

use crate::domain::failure::Failure;
use crate::domain::password::destination::{Destination, FileFormat, Way, quoted};
use crate::domain::password::placeholders::PlaceholderNames;
use crate::domain::role::RoleName;
use crate::domain::target::Target;

/// A place that a password is delivered to, and the format of a file there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    pub destination: Destination,
    pub file_format: FileFormat,
}

/// One delivery or several, all made: to a pooler and the application, for example.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deliveries {
    /// Never empty.
    each: Vec<Delivery>,
    /// The format of a single delivery. Several have their own, and the recorded one means nothing; but it is part of
    /// what a sealed password is bound to.
    file_format: FileFormat,
}

/// What the record of several begins with.
const SEVERAL: &str = "several:";

impl From<Delivery> for Deliveries {
    fn from(one: Delivery) -> Self {
        Self {
            file_format: one.file_format,
            each: vec![one],
        }
    }
}

impl fmt::Display for Deliveries {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let [one] = self.each.as_slice() {
            return write!(formatter, "{}", one.destination);
        }
        let item = |one: &Delivery| format!("{}:{}", one.file_format.as_str(), one.destination);
        let items: Vec<_> = self.each.iter().map(item).collect();
        write!(formatter, "{SEVERAL}{}", quoted(&items)?)
    }
}

impl Deliveries {
    /// All of these; `None` if there are none.
    pub fn all(mut each: Vec<Delivery>) -> Option<Self> {
        match each.len() {
            0 | 1 => each.pop().map(Self::from),
            _ => Some(Self {
                each,
                file_format: FileFormat::default(),
            }),
        }
    }

    pub fn to(destination: Destination, file_format: FileFormat) -> Self {
        Delivery {
            destination,
            file_format,
        }
        .into()
    }

    pub fn to_stdout() -> Self {
        Self::to(Destination::STDOUT, FileFormat::default())
    }

    /// Reads what is recorded: the text, and the format beside it.
    ///
    /// # Errors
    /// If it is not a delivery.
    pub fn read(text: &str, file_format: FileFormat) -> Result<Self, Failure> {
        let Some(items) = text.strip_prefix(SEVERAL) else {
            return Ok(Self::to(Destination::from_record(text)?, file_format));
        };
        let words = shlex::split(items).unwrap_or_default();
        let each: Result<Vec<_>, Failure> = words.iter().map(|word| item(word)).collect();
        let each = each?;
        if each.is_empty() {
            return Err(Failure::usage(format!("{text:?} is not a delivery")));
        }
        Ok(Self { each, file_format })
    }

    /// The same, and this command after them, instead of the one before.
    #[must_use]
    pub fn with_reload(self, reload: Destination) -> Self {
        let Self {
            mut each,
            file_format,
        } = self;
        each.retain(|one| one.destination.way() != Way::Reload);
        each.push(Delivery {
            destination: reload,
            file_format: FileFormat::default(),
        });
        Self { each, file_format }
    }

    /// The command that follows them, if there is one.
    pub fn reload(&self) -> Option<&Destination> {
        let mut each = self.each.iter().map(|one| &one.destination);
        each.find(|destination| destination.way() == Way::Reload)
    }

    pub fn each(&self) -> &[Delivery] {
        &self.each
    }

    /// What is recorded beside the text.
    pub fn file_format(&self) -> FileFormat {
        self.file_format
    }

    /// The same, with a single delivery in this format.
    pub fn with_format(mut self, file_format: FileFormat) -> Self {
        let is_place = |one: &&mut Delivery| one.destination.way() != Way::Reload;
        let mut places = self.each.iter_mut().filter(is_place);
        if let (Some(one), None) = (places.next(), places.next()) {
            one.file_format = file_format;
        }
        Self {
            file_format,
            ..self
        }
    }

    /// Whether the password is only printed, and stored nowhere.
    pub fn is_stdout(&self) -> bool {
        matches!(self.each.as_slice(), [one] if one.destination.is_stdout())
    }

    /// For messages and reports.
    pub fn in_words(&self) -> String {
        let each = self.each.iter();
        let each: Vec<_> = each.map(|one| one.destination.to_string()).collect();
        each.join(", ")
    }

    /// The same with the placeholders replaced by a role's own names.
    ///
    /// # Errors
    /// If a name would lead out of its place in a path.
    pub fn resolve(&self, target: &Target, role: &RoleName) -> Result<Self, Failure> {
        self.map(|destination| destination.resolve(target, role))
    }

    /// The same with the placeholders replaced by these names.
    ///
    /// # Errors
    /// If a name would lead out of its place in a path.
    pub fn fill(&self, names: &PlaceholderNames<'_>) -> Result<Self, Failure> {
        self.map(|destination| destination.fill(names))
    }

    /// The same with relative paths made absolute.
    ///
    /// # Errors
    /// If the current directory cannot be determined.
    pub fn anchored(&self) -> Result<Self, Failure> {
        self.map(|destination| destination.clone().anchored())
    }

    fn map(
        &self,
        act: impl Fn(&Destination) -> Result<Destination, Failure>,
    ) -> Result<Self, Failure> {
        let each = self.each.iter().map(|one| {
            Ok(Delivery {
                destination: act(&one.destination)?,
                file_format: one.file_format,
            })
        });
        Ok(Self {
            each: each.collect::<Result<_, Failure>>()?,
            file_format: self.file_format,
        })
    }
}

/// One of several, as it is recorded: `FORMAT:DESTINATION`.
fn item(text: &str) -> Result<Delivery, Failure> {
    let wrong = || Failure::usage(format!("{text:?} is not a delivery with its format"));
    let (file_format, destination) = text.split_once(':').ok_or_else(wrong)?;
    Ok(Delivery {
        destination: match destination.strip_prefix("reload:") {
            Some(command) => Destination::reload(command)?,
            None => destination.parse()?,
        },
        file_format: file_format.parse()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_on_record_is_read_and_written_alike() {
        for text in [
            "stdout",
            "pgpass",
            "file:/run/secrets/{env}/{username}",
            "exec:vault-put 'two words' name",
            "credential:keyring:dev 'pgpass:[h]:1:/p q'",
            "several:json:file:/a 'pgbouncer:file:/b c'",
        ] {
            let read = Deliveries::read(text, FileFormat::Dsn).unwrap();
            assert_eq!(read.to_string(), text);
            assert_eq!(read.file_format(), FileFormat::Dsn);
        }
        for text in [
            "",
            "several:",
            "several:file:/a",
            "several:json:credential:x",
        ] {
            assert!(Deliveries::read(text, FileFormat::Json).is_err(), "{text}");
        }
    }

    #[test]
    fn several_have_formats_of_their_own() {
        let text = "several:json:file:/a 'pgbouncer:file:/b c'";
        let several = Deliveries::read(text, FileFormat::Json).unwrap();
        assert_eq!(several.in_words(), "file:/a, file:/b c");
        assert_eq!(
            several.clone().with_format(FileFormat::Dsn).each(),
            several.each()
        );
        assert_eq!(
            Deliveries::all(several.each().to_vec()),
            Some(several.clone())
        );
        let one = Deliveries::all(several.each()[1..].to_vec()).unwrap();
        assert_eq!(
            (one.to_string(), one.file_format()),
            ("file:/b c".to_owned(), FileFormat::Pgbouncer)
        );
        assert_eq!(Deliveries::all(Vec::new()), None);
    }
}
