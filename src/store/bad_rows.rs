//! Rows that are not as pgrole writes them: each is named and passed over, and stops nothing else.

use std::fmt;

use anyhow::Result;
use rusqlite::{Connection, Error, Params, Row, Statement};

use crate::store::Store;
use crate::store::columns::{Meaning, TABLES, Table, name_of_type};
use crate::store::entry::lossy_text;

/// A row, and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadRow {
    pub table: &'static str,
    /// The columns that tell it apart, with their values.
    pub key: String,
    pub column: String,
    pub problem: String,
    /// Whether the rest of it is used nevertheless.
    pub is_used: bool,
}

impl fmt::Display for BadRow {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            table,
            key,
            column,
            problem,
            is_used,
        } = self;
        let what = if *is_used {
            "the rest of the row is used"
        } else {
            "the row is passed over"
        };
        write!(
            formatter,
            "the registry's table {table} is not valid where {key}: {column}: {problem}; {what}"
        )
    }
}

impl BadRow {
    /// The same, of a row that is used as far as it can be.
    pub(super) fn used(self) -> Self {
        Self {
            is_used: true,
            ..self
        }
    }
}

/// What the columns of a statement's rows hold.
pub(super) struct Columns {
    table: Table,
    columns: Vec<(String, Meaning)>,
}

impl Columns {
    pub fn of(table: Table, statement: &Statement<'_>) -> Self {
        let names = statement.column_names();
        let columns = names.map(|name| {
            let name = name.to_lowercase();
            let meaning = Meaning::of(table.name, &name);
            (name, meaning)
        });
        Self {
            table,
            columns: columns.collect(),
        }
    }

    /// What is wrong with a row, if anything: what makes it useless first.
    pub fn find_fault(&self, row: &Row<'_>) -> Option<BadRow> {
        let mut found: Option<BadRow> = None;
        for (place, (name, meaning)) in self.columns.iter().enumerate() {
            let Ok(value) = row.get_ref(place) else {
                continue;
            };
            let Some(fault) = meaning.fault(value) else {
                continue;
            };
            let is_worse = found
                .as_ref()
                .is_none_or(|found| found.is_used && !fault.is_harmless);
            if is_worse {
                found = Some(self.bad_row(row, name.clone(), fault.what, fault.is_harmless));
            }
        }
        found
    }

    fn bad_row(&self, row: &Row<'_>, column: String, problem: String, is_used: bool) -> BadRow {
        let parts = self.table.key.iter().filter_map(|name| {
            let value = row.get_ref(*name).ok()?;
            let text = lossy_text(value).unwrap_or_else(|| "NULL".to_owned());
            Some(format!("{name} = {text:?}"))
        });
        BadRow {
            table: self.table.name,
            key: parts.collect::<Vec<_>>().join(" and "),
            column,
            problem,
            is_used,
        }
    }

    /// The row, if that is why it cannot be read.
    fn unreadable(&self, row: &Row<'_>, error: &Error) -> Option<BadRow> {
        let (place, problem) = match error {
            Error::InvalidColumnType(place, _, found) => (
                *place,
                format!("{}, which it may not be", name_of_type(*found)),
            ),
            Error::FromSqlConversionFailure(place, _, cause) => (*place, cause.to_string()),
            Error::IntegralValueOutOfRange(place, number) => {
                (*place, format!("{number} is out of range"))
            }
            Error::Utf8Error(place, cause) => (*place, cause.to_string()),
            _ => return None,
        };
        let column = self.columns.get(place).map(|(name, _)| name.clone());
        Some(self.bad_row(row, column.unwrap_or_default(), problem, false))
    }
}

/// Reads the rows of a statement, and passes over those that are not valid. Both come in their order.
pub(super) fn read_sound<T>(
    (table, statement): (Table, &mut Statement<'_>),
    values: impl Params,
    mut read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<(Vec<T>, Vec<BadRow>)> {
    let columns = Columns::of(table, statement);
    let (mut sound, mut bad) = (Vec::new(), Vec::new());
    let mut rows = statement.query(values)?;
    while let Some(row) = rows.next()? {
        let fault = columns.find_fault(row);
        let is_used = fault.as_ref().is_none_or(|fault| fault.is_used);
        bad.extend(fault);
        if !is_used {
            continue;
        }
        match read(row) {
            Ok(row) => sound.push(row),
            Err(error) => match columns.unreadable(row, &error) {
                Some(unreadable) => bad.push(unreadable),
                None => return Err(error),
            },
        }
    }
    Ok((sound, bad))
}

impl Store {
    /// Reads the rows of a statement as above; the bad ones are named at the end of the run.
    pub(super) fn read_rows<T>(
        &self,
        of: (Table, &mut Statement<'_>),
        values: impl Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<Vec<T>> {
        let (sound, bad) = read_sound(of, values, read)?;
        self.note_bad_rows(bad);
        Ok(sound)
    }

    pub(super) fn note_bad_rows(&self, bad: impl IntoIterator<Item = BadRow>) {
        self.bad_rows.borrow_mut().extend(bad);
    }

    /// Takes the rows that were not valid, of those that were read since the last call.
    pub fn take_bad_rows(&self) -> Vec<BadRow> {
        self.bad_rows.take()
    }

    /// Looks at each row of each table, and returns those that are not valid.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn find_bad_rows(&self) -> Result<Vec<BadRow>> {
        self.explained((|| {
            let mut all = Vec::new();
            for table in TABLES {
                all.extend(find_in(&self.connection, table)?);
            }
            Ok(all)
        })())
    }
}

/// The rows of a table that are not valid.
fn find_in(connection: &Connection, table: Table) -> rusqlite::Result<Vec<BadRow>> {
    let mut statement = connection.prepare(&format!("SELECT * FROM {}", table.name))?;
    let (_, bad) = read_sound((table, &mut statement), [], |_| Ok(()))?;
    Ok(bad)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::audit::operator::Operator;
    use crate::domain::timestamp::Timestamp;
    use crate::store::schema;

    fn newest() -> Connection {
        let mut connection = Connection::open_in_memory().unwrap();
        let transaction = connection.transaction().unwrap();
        schema::migrate(&transaction, 0, &Operator::default(), Timestamp::now()).unwrap();
        transaction.commit().unwrap();
        connection
    }

    fn texts(connection: &Connection, query: &str) -> Vec<String> {
        let mut statement = connection.prepare(query).unwrap();
        let rows = statement.query_map([], |row| row.get(0)).unwrap();
        rows.map(rusqlite::Result::unwrap).collect()
    }

    #[test]
    fn all_tables_are_looked_at_and_their_keys_are_columns() {
        let connection = newest();
        let tables = texts(
            &connection,
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY 1",
        );
        assert_eq!(tables, TABLES.map(|table| table.name));
        for table in TABLES {
            let columns = texts(
                &connection,
                &format!("SELECT name FROM pragma_table_info('{}')", table.name),
            );
            for name in table.key {
                assert!(columns.contains(&(*name).to_owned()), "{table:?}");
            }
        }
    }

    #[test]
    fn a_column_holds_values_of_its_declared_type() {
        let connection = newest();
        for table in TABLES {
            let columns = texts(
                &connection,
                &format!(
                    "SELECT name || ' ' || type FROM pragma_table_info('{}')",
                    table.name
                ),
            );
            for column in columns {
                let (name, declared) = column.split_once(' ').unwrap();
                let wanted = match Meaning::of(table.name, name) {
                    Meaning::Integer { .. } => "INTEGER",
                    Meaning::Real => "REAL",
                    Meaning::Blob => "BLOB",
                    _ => "TEXT",
                };
                let is_flag = Meaning::of(table.name, name) == Meaning::Flag;
                assert!(declared == wanted || is_flag, "{}.{column}", table.name);
            }
        }
    }
}
