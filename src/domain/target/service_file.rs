//! A whole `pg_service.conf`: its services with their lines, and the lines of a service.
//!
//! What libpq has no setting for (environment, notes, …) stands above a service in comments of pgrole's own: a JSON
//! object after `# pgrole `, in pieces that every libpq reads (13 takes lines of 255 bytes).

use serde_json::{Map, Value};

use crate::domain::failure::Failure;
use crate::domain::target::service::Service;

const NOTED: &str = "# pgrole ";
const NOTED_ON: &str = "# pgrole+";
/// The bytes of JSON in a comment.
const PIECE: usize = 200;

/// A service of a file, or what pgrole noted of a target that has none.
#[derive(Debug)]
pub struct ServiceSection {
    /// Where it begins.
    pub line: usize,
    /// `None` if there are only notes.
    pub name: Option<String>,
    pub noted: Map<String, Value>,
    /// The settings, or why they cannot be used.
    pub service: Result<Service, Failure>,
}

/// The services of a file, in its order.
pub fn sections(text: &[u8]) -> Vec<ServiceSection> {
    let mut found: Vec<ServiceSection> = Vec::new();
    let mut noted: Option<(usize, String)> = None;
    for (number, line) in (1..).zip(text.split(|byte| *byte == b'\n')) {
        let line = line.trim_ascii();
        if let Some(more) = line.strip_prefix(NOTED_ON.as_bytes()) {
            if let Some((_, json)) = &mut noted {
                json.push_str(&String::from_utf8_lossy(more));
            }
        } else if let Some(json) = line.strip_prefix(NOTED.as_bytes()) {
            found.extend(noted.take().map(without_service));
            noted = Some((number, String::from_utf8_lossy(json).into_owned()));
        } else if line.is_empty() || line.starts_with(b"#") {
        } else if let Some(group) = line.strip_prefix(b"[") {
            let end = group.iter().position(|byte| *byte == b']');
            let name = String::from_utf8_lossy(&group[..end.unwrap_or(group.len())]);
            let mut section = match noted.take() {
                // A target that another service describes has no section of its own.
                Some(above) if parse(&above.1).contains_key("hostname") => {
                    found.push(without_service(above));
                    empty(number)
                }
                Some((_, json)) => ServiceSection {
                    noted: parse(&json),
                    ..empty(number)
                },
                None => empty(number),
            };
            section.name = Some(name.into_owned());
            if end.is_none() {
                section.service = Err(Failure::usage("its name has no \"]\""));
            }
            found.push(section);
        } else if let Some(section) = found.last_mut().filter(|last| last.name.is_some())
            && let Ok(service) = &mut section.service
            && let Err(failure) = service.add(line, number)
        {
            section.service = Err(failure);
        }
    }
    found.extend(noted.map(without_service));
    for section in &mut found {
        if let Ok(service) = &section.service
            && let Err(failure) = service.check()
        {
            section.service = Err(failure);
        }
    }
    found
}

fn empty(line: usize) -> ServiceSection {
    ServiceSection {
        line,
        name: None,
        noted: Map::new(),
        service: Ok(Service::default()),
    }
}

fn without_service((line, json): (usize, String)) -> ServiceSection {
    ServiceSection {
        noted: parse(&json),
        ..empty(line)
    }
}

/// Comments that are not pgrole's say nothing.
fn parse(json: &str) -> Map<String, Value> {
    serde_json::from_str(json).unwrap_or_default()
}

/// Appends what pgrole notes of a target.
pub fn push_noted(text: &mut String, noted: &Map<String, Value>) {
    let mut json = Value::Object(noted.clone()).to_string();
    if json.len() > PIECE {
        // Blanks stand only in texts, and would be lost at the end of a line.
        json = json.replace(' ', "\\u0020");
    }
    let mut rest = json.as_str();
    let mut before = NOTED;
    while !rest.is_empty() {
        let ends = (0..=PIECE.min(rest.len())).rev();
        let end = ends.into_iter().find(|end| rest.is_char_boundary(*end));
        let end = end.unwrap_or(rest.len());
        let (piece, after) = rest.split_at(end);
        text.push_str(&format!("{before}{piece}\n"));
        (before, rest) = (NOTED_ON, after);
    }
}

/// Appends a section of these settings.
///
/// # Errors
/// Usage, if libpq would not read a value as it is.
pub fn push_section(
    text: &mut String,
    name: &str,
    settings: &[(&str, String)],
) -> Result<(), Failure> {
    let name = name.replace([']', '\n', '\r', '\0'], "_");
    text.push_str(&format!("[{name}]\n"));
    for (key, value) in settings {
        if value.contains(['\n', '\0']) || value.trim_end() != value {
            return Err(Failure::usage(format!(
                "{key} {value:?} cannot be written into a service file"
            )));
        }
        text.push_str(&format!("{key}={value}\n"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_service_is_found_with_its_line_and_what_is_wrong_with_it() {
        let text = b"host=outside\n# a comment\n[one]\nhost=a\ndbname=x\n\n[two]\noptions=-c x=y\nhost=b\n[three\n[four]\n";
        let found = sections(text);
        let lines: Vec<_> = found.iter().map(|section| section.line).collect();
        assert_eq!(lines, [3, 7, 10, 11]);
        assert_eq!(found[0].service.as_ref().unwrap().get("dbname"), Some("x"));
        let failure = found[1].service.as_ref().unwrap_err();
        assert!(failure.message.starts_with("line 8 has \"options\""));
        assert!(found[2].service.is_err());
        assert_eq!(found[3].name.as_deref(), Some("four"));
    }

    #[test]
    fn notes_of_any_length_are_read_as_they_are_written() {
        for notes in ["short", &"ä long  note ".repeat(60), &" ".repeat(500)] {
            let noted = Map::from_iter([("notes".to_owned(), Value::from(notes))]);
            let mut text = String::new();
            push_noted(&mut text, &noted);
            assert!(text.lines().all(|line| line.len() < 255), "{text}");
            push_section(&mut text, "a]b", &[("host", "h".to_owned())]).unwrap();
            let found = sections(text.as_bytes());
            assert_eq!(found.len(), 1, "{text}");
            assert_eq!(found[0].noted, noted);
            assert_eq!(found[0].name.as_deref(), Some("a_b"));
        }
    }

    #[test]
    fn notes_about_a_target_without_a_section_stand_alone() {
        let text =
            b"# pgrole {\"hostname\":\"service=x\"}\n# pgrole {\"env\":\"qa\"}\n[a]\nhost=h\n\
                     # pgrole {\"hostname\":\"service=y\"}\n[b]\nhost=i\n";
        let found = sections(text);
        let names: Vec<_> = found
            .iter()
            .map(|section| section.name.as_deref())
            .collect();
        assert_eq!(names, [None, Some("a"), None, Some("b")]);
        assert_eq!(found[1].noted["env"], "qa");
        assert!(found[3].noted.is_empty());
    }
}
