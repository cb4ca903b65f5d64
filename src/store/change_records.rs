//! The authentication codes of open changes: they show on which cluster pgrole itself began each. Its delivery is
//! signed for that cluster and no other.

use std::sync::Arc;

use anyhow::Result;
use rusqlite::{OptionalExtension, Row, Transaction, params};

use crate::domain::password::record::{Record, RecordKey};

/// The key, if there is one.
pub(super) type OptionalKey<'a> = Option<&'a Arc<RecordKey>>;

/// What a code authenticates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RecordForm {
    /// Which cluster the change is on; its sealed password is bound to everything else.
    Begun,
    /// A change of the previous release, whose sealed password is not bound to its delivery.
    Adopted,
}

impl RecordForm {
    const ALL: [Self; 2] = [Self::Begun, Self::Adopted];

    fn kind(self) -> &'static str {
        match self {
            Self::Begun => "change on a cluster",
            Self::Adopted => "change",
        }
    }

    fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Begun => &["operation_id", "hostname", "port", "username", "cluster_id"],
            Self::Adopted => &[
                "operation_id",
                "kind",
                "env",
                "db_name",
                "hostname",
                "port",
                "username",
                "deliver",
                "deliver_template",
                "file_format",
                "key_id",
                "cluster_id",
            ],
        }
    }

    pub(super) fn record(self, row: &Row<'_>) -> rusqlite::Result<Record> {
        let values = self.columns().iter().map(|name| row.get(*name));
        let values: Vec<Option<String>> = values.collect::<rusqlite::Result<_>>()?;
        let names = self.columns().iter().copied();
        let values: Vec<_> = names.zip(values.iter().map(Option::as_deref)).collect();
        Ok(Record::new(self.kind(), &values))
    }
}

/// Signs a change as it is; without a key its cluster stays unauthenticated.
pub(super) fn sign(
    transaction: &Transaction<'_>,
    key: OptionalKey<'_>,
    operation_id: &str,
    form: RecordForm,
) -> Result<()> {
    let record = transaction.query_row(
        "SELECT * FROM password_change WHERE operation_id = ?1",
        [operation_id],
        |row| form.record(row),
    )?;
    set_code(
        transaction,
        operation_id,
        key.map(|key| key.sign(&record)).as_deref(),
    )
}

/// Signs what the previous release left open when the file gets its codes.
pub(super) fn adopt(transaction: &Transaction<'_>, key: OptionalKey<'_>) -> Result<()> {
    let mut statement =
        transaction.prepare("SELECT operation_id FROM password_change WHERE sealed IS NOT NULL")?;
    let open = statement.query_map([], |row| row.get::<_, String>(0))?;
    for operation_id in open.collect::<rusqlite::Result<Vec<_>>>()? {
        sign(transaction, key, &operation_id, RecordForm::Adopted)?;
    }
    Ok(())
}

/// What a change's code authenticates; `None` if nothing.
pub(super) fn find_form(
    transaction: &Transaction<'_>,
    key: OptionalKey<'_>,
    operation_id: &str,
) -> Result<Option<RecordForm>> {
    let found = transaction.query_row(
        "SELECT * FROM password_change WHERE operation_id = ?1",
        [operation_id],
        |row| read_form(row, key),
    );
    Ok(found.optional()?.flatten())
}

/// The open changes of a cluster, with what the code of each authenticates.
pub(super) fn list_forms(
    transaction: &Transaction<'_>,
    key: OptionalKey<'_>,
    cluster_id: &str,
) -> Result<Vec<(String, Option<RecordForm>)>> {
    let mut statement = transaction
        .prepare("SELECT * FROM password_change WHERE cluster_id = ?1 AND sealed IS NOT NULL")?;
    let rows = statement.query_map([cluster_id], |row| {
        Ok((row.get("operation_id")?, read_form(row, key)?))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn read_form(row: &Row<'_>, key: OptionalKey<'_>) -> rusqlite::Result<Option<RecordForm>> {
    let code: Option<String> = row.get("record_code")?;
    let Some(key) = key else { return Ok(None) };
    for form in RecordForm::ALL {
        if key.vouches_for(&form.record(row)?, code.as_deref()) {
            return Ok(Some(form));
        }
    }
    Ok(None)
}

fn set_code(transaction: &Transaction<'_>, operation_id: &str, code: Option<&str>) -> Result<()> {
    transaction.execute(
        "UPDATE password_change SET record_code = ?2 WHERE operation_id = ?1",
        params![operation_id, code],
    )?;
    Ok(())
}
