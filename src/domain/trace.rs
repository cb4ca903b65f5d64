//! What a run does, step by step, and how long each takes: told with `-vv`. Names only, never a parameter or a statement:
//! what is secret does not come here.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::target::Target;

/// One step.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct TracedStep {
    /// What was done: `dial`, `TLS`, `log in`, `read`, `change`, `record the intent`, …
    pub name: &'static str,
    /// The environment of its target; null if it is about none.
    pub env: Option<String>,
    /// The database of its target; null if it is about none.
    pub database: Option<String>,
    /// What it was done to or with: an address, the names of what was read, the kinds of the statements; null if there is nothing to say.
    pub detail: Option<String>,
    /// How long it took, in milliseconds.
    pub ms: f64,
    /// How often the server was waited for; null if it does not go over the network.
    pub round_trips: Option<u32>,
    /// Whether it failed.
    pub failed: bool,
}

/// Tells the steps of a run, if somebody asked for them; else it costs nothing.
#[derive(Clone, Default)]
pub struct Trace {
    tell: Option<Tell>,
    target: Option<(String, String)>,
}

type Tell = Arc<dyn Fn(&TracedStep) + Send + Sync>;

impl fmt::Debug for Trace {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Trace")
            .field("is_told", &self.is_told())
            .finish_non_exhaustive()
    }
}

impl Trace {
    /// Tells each step as it ends.
    pub fn to(tell: impl Fn(&TracedStep) + Send + Sync + 'static) -> Self {
        Self {
            tell: Some(Arc::new(tell)),
            target: None,
        }
    }

    /// The same for steps on a target.
    #[must_use]
    pub fn on(&self, target: &Target) -> Self {
        let names = || (target.env.to_string(), target.database.to_string());
        Self {
            tell: self.tell.clone(),
            target: self.is_told().then(names),
        }
    }

    pub fn is_told(&self) -> bool {
        self.tell.is_some()
    }

    /// Does a step of this machine, and tells it.
    pub fn locally<T, E>(
        &self,
        name: &'static str,
        detail: impl FnOnce() -> Option<String>,
        act: impl FnOnce() -> Result<T, E>,
    ) -> Result<T, E> {
        let Some(tell) = &self.tell else {
            return act();
        };
        let begun = Instant::now();
        let result = act();
        tell(&TracedStep {
            detail: detail(),
            failed: result.is_err(),
            ..self.step(name, begun.elapsed())
        });
        result
    }

    /// Tells a step that waited for a server.
    pub fn on_network(
        &self,
        name: &'static str,
        detail: String,
        (took, round_trips): (Duration, u32),
        has_failed: bool,
    ) {
        if let Some(tell) = &self.tell {
            tell(&TracedStep {
                detail: Some(detail).filter(|text| !text.is_empty()),
                round_trips: Some(round_trips),
                failed: has_failed,
                ..self.step(name, took)
            });
        }
    }

    fn step(&self, name: &'static str, took: Duration) -> TracedStep {
        let (env, database) = self.target.clone().unzip();
        TracedStep {
            name,
            env,
            database,
            detail: None,
            // To the microsecond.
            ms: (took.as_secs_f64() * 1_000_000.0).round() / 1_000.0,
            round_trips: None,
            failed: false,
        }
    }
}
