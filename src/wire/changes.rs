//! Sends changes to a server: one transaction, one round trip, all statements sent before the first answer is awaited.
//!
//! Each statement is a message of its own: what a server records of a statement (logs, pgaudit, `current_query()` in an
//! event trigger) is the whole message that carried it. This way a verifier appears only where a CREATE or ALTER ROLE
//! does.

use std::pin::Pin;
use std::task::Poll;

use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, Error};
use zeroize::Zeroizing;

/// A statement must not run outside its transaction: if this runs outside, no statement that changes anything can
/// succeed. Inside, it affects only later transactions, and is reset before the end.
const GUARD: &str = "SET default_transaction_read_only = on";
const UNGUARD: &str = "RESET default_transaction_read_only";

/// A statement that changes a server.
#[derive(Debug)]
pub struct Statement {
    sql: Zeroizing<String>,
    /// The text that is shown to people, without a verifier.
    pub shown: String,
    pub has_verifier: bool,
}

impl Statement {
    /// A statement, and its text as shown to people.
    pub fn new(sql: String, shown: String, has_verifier: bool) -> Self {
        Self {
            sql: Zeroizing::new(sql),
            shown,
            has_verifier,
        }
    }

    pub(super) fn sql(&self) -> &str {
        &self.sql
    }
}

/// The kinds of the statements, each once, without what they are about.
pub fn kinds_of(statements: &[Statement]) -> String {
    let mut kinds: Vec<(String, usize)> = Vec::new();
    for statement in statements {
        let kind = kind_of(&statement.shown);
        match kinds.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, count)) => *count += 1,
            None => kinds.push((kind, 1)),
        }
    }
    let texts = kinds.into_iter().map(|(kind, count)| match count {
        1 => kind,
        count => format!("{count} x {kind}"),
    });
    texts.collect::<Vec<_>>().join(", ")
}

/// The first words of a statement, as far as they are the language's own.
fn kind_of(shown: &str) -> String {
    let is_own = |word: &&str| word.bytes().all(|byte| byte.is_ascii_uppercase());
    let words = shown.split_whitespace().take_while(is_own).take(2);
    words.collect::<Vec<_>>().join(" ")
}

/// Why a call failed.
#[derive(Debug)]
pub struct Refused {
    pub error: Error,
    /// The index of the changing statement that failed, if it was one of them and is known.
    pub statement: Option<usize>,
    /// Whether it was COMMIT that failed, as for a deferred constraint.
    pub in_commit: bool,
    /// Whether an error from the server proves that nothing was changed.
    is_settled: bool,
}

impl Refused {
    /// The SQLSTATE, if it settles whether the statements took effect.
    pub fn code(&self) -> Option<&SqlState> {
        self.error.code().filter(|_| self.is_settled)
    }
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self {
            error,
            statement: None,
            in_commit: false,
            is_settled: true,
        }
    }
}

/// Runs statements as one simple-query message, which is one transaction: a pooler keeps one message together.
pub async fn run_in_one(
    client: &Client,
    opening: &str,
    statements: &[Statement],
) -> Result<(), Refused> {
    let parts = std::iter::once(opening).chain(statements.iter().map(|part| part.sql.as_str()));
    let message = Zeroizing::new(parts.collect::<Vec<_>>().join(";\n"));
    client
        .batch_execute(&message)
        .await
        .map_err(|error| Refused {
            statement: (statements.len() == 1).then_some(0),
            ..error.into()
        })
}

/// Runs statements as one transaction, each as a message of its own.
///
/// Awaits all answers: by then the transaction has ended, whichever statement failed.
pub async fn run_each(
    client: &Client,
    opening: &str,
    statements: &[Statement],
) -> Result<(), Refused> {
    let opening = format!("BEGIN; {opening}");
    let before = [opening.as_str(), GUARD];
    let messages = (before.into_iter())
        .chain(statements.iter().map(|statement| statement.sql.as_str()))
        .chain([UNGUARD, "COMMIT"]);
    let answers = all(messages.map(|message| client.batch_execute(message))).await;
    judge(answers, before.len(), statements.len())
}

/// The first error is the cause; later ones only say that the transaction is aborted. COMMIT of an aborted transaction
/// rolls back without an error, so it counts only if everything before it succeeded.
fn judge(answers: Vec<Result<(), Error>>, before: usize, statements: usize) -> Result<(), Refused> {
    let is_guarded = answers.get(1).is_some_and(|guard| match guard {
        Ok(()) => true,
        Err(error) => error.code() == Some(&SqlState::IN_FAILED_SQL_TRANSACTION),
    });
    for (place, answer) in answers.into_iter().enumerate() {
        if let Err(error) = answer {
            let statement = place.checked_sub(before);
            return Err(Refused {
                error,
                statement: statement.filter(|place| *place < statements),
                in_commit: statement.is_some_and(|place| place >= statements),
                // If both BEGIN and the guard failed, each statement may have been a transaction of its own.
                is_settled: place > 0 || is_guarded,
            });
        }
    }
    Ok(())
}

/// Sends all in order, then awaits every answer.
pub(super) async fn all<T>(calls: impl Iterator<Item = impl Future<Output = T>>) -> Vec<T> {
    let mut calls: Vec<_> = calls.map(|call| Waiting::For(Box::pin(call))).collect();
    std::future::poll_fn(|context| {
        let mut is_pending = false;
        for call in &mut calls {
            if let Waiting::For(future) = call {
                match future.as_mut().poll(context) {
                    Poll::Ready(answer) => *call = Waiting::Over(answer),
                    Poll::Pending => is_pending = true,
                }
            }
        }
        if is_pending {
            Poll::Pending
        } else {
            Poll::Ready(())
        }
    })
    .await;
    let answers = calls.into_iter().filter_map(|call| match call {
        Waiting::Over(answer) => Some(answer),
        Waiting::For(_) => None,
    });
    answers.collect()
}

enum Waiting<F: Future> {
    For(Pin<Box<F>>),
    Over(F::Output),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_are_told_by_their_kinds_only() {
        let shown = [
            "CREATE ROLE \"JANE\" LOGIN PASSWORD 'SCRAM-SHA-256$4096:…'",
            "GRANT db_ro TO \"JANE\"",
            "GRANT db_rw TO \"JANE\"",
            "DO $$ BEGIN END $$",
        ];
        let statements = shown.map(|text| Statement::new(text.to_owned(), text.to_owned(), true));
        assert_eq!(kinds_of(&statements), "CREATE ROLE, 2 x GRANT, DO");
    }
}
