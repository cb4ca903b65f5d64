//! The services of a `pg_service.conf`.

use crate::domain::target::service_file::{ServiceSection, sections};
use crate::operations::registry::import::file_row::{ColumnName, FileRow};
use crate::operations::registry::import::json_rows;

/// The settings that are values of an entry, in libpq's words and the registry's.
const SETTINGS: [(&str, &str); 10] = [
    ("database", "dbname"),
    ("port", "port"),
    ("sslmode", "sslmode"),
    ("sslrootcert", "sslrootcert"),
    ("sslcert", "sslcert"),
    ("sslkey", "sslkey"),
    ("sslnegotiation", "sslnegotiation"),
    ("channel_binding", "channel_binding"),
    ("require_auth", "require_auth"),
    ("admin_user", "user"),
];

/// Reads all services. What an export noted above one wins over its settings.
pub fn read_services(text: &[u8]) -> Vec<FileRow> {
    sections(text).iter().map(row).collect()
}

fn row(section: &ServiceSection) -> FileRow {
    let mut row = FileRow::at(section.line);
    for (key, value) in &section.noted {
        match ColumnName::read(key) {
            Ok(ColumnName::Value(name)) => json_rows::add(&mut row, name, value),
            Ok(ColumnName::LeftOut) => {}
            Err(failure) => row.problems.push(failure.message),
        }
    }
    let Some(name) = &section.name else {
        return row;
    };
    let service = match &section.service {
        Ok(service) => service,
        Err(failure) => {
            let problem = format!("service {name:?} cannot be used: {}", failure.in_one_line());
            row.problems.push(problem);
            return row;
        }
    };
    let is_noted = |row: &FileRow, name: &str| row.values.iter().any(|(known, _)| *known == name);
    match service.get("host").or(service.get("hostaddr")) {
        Some(host) => row.add("hostname", Some(host)),
        None => row.problems.push(format!("service {name:?} has no host")),
    }
    for (known, key) in SETTINGS {
        let value = match (key, service.get(key)) {
            // As in libpq, whatever the registry has.
            ("port", None) => Some("5432"),
            (_, value) => value,
        };
        if value.is_some() && !is_noted(&row, known) {
            row.add(known, value);
        }
    }
    if row.value("database").is_none() {
        row.problems.push(format!("service {name:?} has no dbname"));
    }
    row
}
