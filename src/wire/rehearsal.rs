//! Sends changes to a server in a transaction that is rolled back: all that follows its beginning is sent at once, so that
//! the server never waits for us while it holds a lock.

use std::pin::Pin;

use tokio_postgres::types::{FromSql, ToSql, Type};
use tokio_postgres::{Client, Error, SimpleQueryMessage};

use crate::wire::changes::{Refused, Statement, all};

/// Whatever runs outside the transaction is refused from here on: it is the setting of the session, which is closed
/// afterwards.
const GUARD: &str = "SET default_transaction_read_only = on";
/// As [`super::connection`] writes the limit of a wait for a lock. Outside a transaction SET LOCAL sets nothing.
const CHECK: &str = "SELECT pg_catalog.current_setting('lock_timeout')";
/// The transaction's number, which only a transaction that writes has.
const NUMBER: &str = "SELECT pg_catalog.pg_current_xact_id()";
/// COMMIT would check them, and is never sent.
pub const CONSTRAINTS: &str = "SET CONSTRAINTS ALL IMMEDIATE";

/// What is asked before the transaction is rolled back: a query that returns one text, with its parameters.
#[derive(Clone, Copy)]
pub struct Measure<'a> {
    pub sql: &'a str,
    pub parameters: &'a [(&'a (dyn ToSql + Sync), Type)],
}

/// What the server said.
pub struct Rehearsed<E> {
    /// The transaction's number.
    pub transaction: String,
    /// What became of it, as the server says: `aborted`.
    pub outcome: String,
    /// The place of the first statement that failed, and why; the place after the last is [`CONSTRAINTS`].
    pub refused: Option<(usize, E)>,
    /// The answer to the [`Measure`], as the bytes of the database; `None` if it was not reached, or failed.
    pub measured: Option<Vec<u8>>,
}

/// Begins the transaction, and returns once the server is in it: nothing is locked yet.
///
/// # Errors
/// The server's error; then no change may be sent.
pub async fn begin(client: &Client, opening: &str) -> Result<Option<String>, Refused> {
    let begin = format!("BEGIN READ WRITE; {opening}");
    let answers = all([GUARD, &begin, CHECK]
        .map(|sql| client.simple_query(sql))
        .into_iter())
    .await;
    let mut checked = None;
    for answer in answers {
        checked = first_text(&answer?);
    }
    Ok(checked)
}

/// Runs the statements in the transaction that has begun, each as a message of its own, measures, and rolls back.
///
/// # Errors
/// If the connection is lost, or the transaction has no number.
pub async fn run_and_roll_back(
    client: &Client,
    statements: &[Statement],
    (pinned, measure): (&str, Measure<'_>),
) -> Result<Rehearsed<Refused>, Refused> {
    let mut calls: Vec<Call<'_>> = vec![text(client, NUMBER)];
    calls.extend(
        statements
            .iter()
            .map(|statement| text(client, statement.sql())),
    );
    calls.push(text(client, CONSTRAINTS));
    calls.push(text(client, pinned));
    let measured = client.query_typed_one(measure.sql, measure.parameters);
    calls.push(Box::pin(async {
        let row = measured.await?;
        row.try_get::<_, Raw>(0).map(|Raw(bytes)| Some(bytes))
    }));
    calls.push(text(client, "ROLLBACK"));
    let mut answers = all(calls.into_iter()).await.into_iter();
    let number = answers.next().transpose()?.flatten();
    let mut refused = None;
    for place in 0..=statements.len() {
        match answers.next() {
            Some(Err(error)) if error.as_db_error().is_none() => return Err(error.into()),
            Some(Err(error)) if refused.is_none() => {
                let mut refusal = Refused::from(error);
                refusal.statement = (place < statements.len()).then_some(place);
                refused = Some((place, refusal));
            }
            _ => {}
        }
    }
    let measured = answers.nth(1).and_then(Result::ok).flatten();
    if let Some(Err(error)) = answers.next() {
        return Err(error.into());
    }
    // Only digits are put into the query.
    let number = number.and_then(|number| String::from_utf8(number).ok());
    let number = number.and_then(|number| number.parse::<u64>().ok());
    let number = number.unwrap_or_default().to_string();
    let proof = format!("SELECT pg_catalog.pg_xact_status('{number}'::pg_catalog.xid8)");
    let outcome = first_text(&client.simple_query(&proof).await?);
    Ok(Rehearsed {
        transaction: number,
        outcome: outcome.unwrap_or_else(|| "unknown".to_owned()),
        refused,
        measured,
    })
}

/// A text value as raw bytes.
struct Raw(Vec<u8>);

impl<'a> FromSql<'a> for Raw {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Self(raw.to_vec()))
    }

    fn accepts(sql_type: &Type) -> bool {
        *sql_type == Type::TEXT
    }
}

type Call<'a> = Pin<Box<dyn Future<Output = Result<Option<Vec<u8>>, Error>> + 'a>>;

fn text<'a>(client: &'a Client, sql: &'a str) -> Call<'a> {
    let call = client.simple_query(sql);
    Box::pin(async { Ok(first_text(&call.await?).map(String::into_bytes)) })
}

fn first_text(messages: &[SimpleQueryMessage]) -> Option<String> {
    messages.iter().find_map(|message| match message {
        SimpleQueryMessage::Row(row) => row.try_get(0).ok().flatten().map(str::to_owned),
        _ => None,
    })
}
