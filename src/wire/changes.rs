//! Changes on their way to a server: one transaction, one round trip, all sent before the first answer is waited for.
//!
//! Each statement is a message of its own: what a server writes down of a statement (logs, pgaudit, `current_query()`
//! in an event trigger) is the message that it came in. So a verifier is seen where a CREATE or ALTER ROLE is seen, and
//! nowhere else.

use std::pin::Pin;
use std::task::Poll;

use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, Error};
use zeroize::Zeroizing;

/// Without its transaction a statement must not run: once this has run outside of it, none that changes anything can.
/// Inside, it is for the transactions after this one, and taken back before the end.
const GUARD: &str = "SET default_transaction_read_only = on";
const UNGUARD: &str = "RESET default_transaction_read_only";

/// A statement that changes a server.
#[derive(Debug)]
pub struct Statement {
    sql: Zeroizing<String>,
    /// As people may read it.
    pub shown: String,
    pub has_verifier: bool,
}

impl Statement {
    /// A statement, and the same as people may read it.
    pub fn new(sql: String, shown: String, has_verifier: bool) -> Self {
        Self {
            sql: Zeroizing::new(sql),
            shown,
            has_verifier,
        }
    }
}

/// Why a call came to nothing.
#[derive(Debug)]
pub struct Refused {
    pub error: Error,
    /// Which of the statements that change something failed, where it was one of them and it is known.
    pub statement: Option<usize>,
    /// Whether nothing can have been changed, if the server itself says so.
    is_settled: bool,
}

impl Refused {
    /// What the server said, where that settles what became of the statements.
    pub fn code(&self) -> Option<&SqlState> {
        self.error.code().filter(|_| self.is_settled)
    }
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self {
            error,
            statement: None,
            is_settled: true,
        }
    }
}

/// Runs statements as one simple-query message, which is one transaction: behind a pooler one message stays together.
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
/// All answers are waited for: the transaction has ended then, whichever statement failed.
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

/// The first error is what failed; those after it say only that the transaction had failed. COMMIT answers without an
/// error there too, by a rollback: it counts only if all before it succeeded.
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
                // Where BEGIN failed and the guard too, each statement may have been a transaction of its own.
                is_settled: place > 0 || is_guarded,
            });
        }
    }
    Ok(())
}

/// Sends all in order, and then waits for every answer.
async fn all<T>(calls: impl Iterator<Item = impl Future<Output = T>>) -> Vec<T> {
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
