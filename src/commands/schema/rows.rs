//! What is printed as JSON without a report of its own: exports, which are files, and the objects on stderr.

#![expect(dead_code, reason = "only their schema is made")]

use schemars::JsonSchema;

use crate::domain::audit::anchor::Anchor;
use crate::domain::trace::TracedStep;
use crate::output::ErrorObject;

/// What failed.
#[derive(JsonSchema)]
pub struct ErrorLine<'a> {
    /// What failed, and what to do about it.
    error: ErrorObject<'a>,
}

/// What needs attention although the operation succeeded.
#[derive(JsonSchema)]
pub struct WarningLine {
    /// One sentence.
    warning: String,
}

/// A detail, with `-v`.
#[derive(JsonSchema)]
pub struct NoteLine {
    /// One sentence.
    note: String,
}

/// A step that ended, with `-vv`.
#[derive(JsonSchema)]
pub struct StepLine {
    /// The step.
    step: TracedStep,
}

/// What a delivery adds to the row of the operation.
#[derive(JsonSchema)]
pub struct DeliveredRow {
    /// The ID of the operation, the same however often the password is delivered.
    operation_id: String,
}

/// What `credential.store_command` gets too, so that it can store it as `credential.command` must print it.
#[derive(JsonSchema)]
pub struct StoredRow {
    /// The role again, for `credential.store_command`; absent otherwise.
    user: String,
}

/// The key that is added to each row while it is printed.
#[derive(JsonSchema)]
pub struct Anchored {
    /// The newest event of the audit log, as `SEQUENCE:HASH`, for `audit verify --anchor`; absent if the run did not
    /// touch the registry.
    audit_anchor: Anchor,
}

/// A target as `registry import` reads it.
#[derive(JsonSchema)]
pub struct ExportedTarget {
    /// The environment.
    env: String,
    /// The database.
    database: String,
    /// A host, several, or `service=NAME`.
    hostname: String,
    /// The port, as a number; several, separated by commas, as text; null if the service defines it.
    port: Option<PortOrPorts>,
    /// Whether operations on many targets include it.
    active: bool,
    /// How the connection is encrypted and the server verified; null: the default.
    sslmode: Option<String>,
    /// The file of the certificate authorities, or `system`; null: the default.
    sslrootcert: Option<String>,
    /// The file of the client certificate; null: none.
    sslcert: Option<String>,
    /// The file of its private key; null: none.
    sslkey: Option<String>,
    /// How TLS is begun; null: the default.
    sslnegotiation: Option<String>,
    /// Whether channel binding is required; null: the default.
    channel_binding: Option<String>,
    /// The authentication methods that the server may request; null: the default.
    require_auth: Option<String>,
    /// Whether this is known to be the server itself, not a pooler.
    direct: bool,
    /// The role that the admin credential is for; null: whichever the source names.
    admin_user: Option<String>,
    /// The identity of the cluster that answered first; null if none has, or it may not be read.
    system_identifier: Option<String>,
    /// Notes for people; null if there are none.
    notes: Option<String>,
}

/// One port, or one for each host.
#[derive(JsonSchema)]
#[schemars(untagged, inline)]
enum PortOrPorts {
    One(u16),
    Several(String),
}

/// An event exactly as it is in the log.
#[derive(JsonSchema)]
pub struct ExportedEvent {
    /// Its number: the log's order.
    id: i64,
    /// When it was recorded, as RFC 3339.
    performed_at: String,
    /// The ID of the operation, which ties its events together.
    operation_id: String,
    /// What it records of its operation.
    stage: Stage,
    /// The operation.
    operation: String,
    /// The environment; null if it is not about one target.
    env: Option<String>,
    /// The database; null if it is not about one target.
    database: Option<String>,
    /// The host; null if it is not about one target.
    hostname: Option<String>,
    /// The port, as a number; null if it is not about one target.
    port: Option<u16>,
    /// The role; null if it is not about one.
    username: Option<String>,
    /// The profile; null if none was involved.
    profile: Option<String>,
    /// How it ended; `intended` of an intent.
    status: String,
    /// The server's SQLSTATE; null if the server reported none.
    sqlstate: Option<String>,
    /// Why it failed; null if it did not.
    error: Option<String>,
    /// The SQL that ran, without verifiers; null if none did.
    statements: Option<String>,
    /// How long it took, in milliseconds; null of an intent.
    duration_ms: Option<f64>,
    /// The login on the server; null if none was used.
    admin_user: Option<String>,
    /// The user of the operating system who ran pgrole.
    os_user: String,
    /// The numeric ID of that user.
    uid: u32,
    /// The user who called sudo; null if nobody did.
    sudo_user: Option<String>,
    /// The machine that pgrole ran on.
    host: String,
    /// The process ID of pgrole.
    pid: u32,
    /// The terminal; null if there was none.
    tty: Option<String>,
    /// The version of pgrole.
    version: String,
    /// The hash of the event before it; null if it dates from before events had hashes.
    prev_hash: Option<String>,
    /// Its own hash; null if it dates from before events had hashes.
    hash: Option<String>,
    /// How to undo it, as JSON in a text; null if nothing was changed, or no more than a password.
    undo: Option<String>,
    /// The reason that was given; null if none was.
    reason: Option<String>,
    /// The targets of an act on several, as a JSON array in a text; null otherwise.
    targets: Option<String>,
    /// As whom the operator logged in to a registry that is a server; null of a file.
    db_user: Option<String>,
    /// Which events were moved into an archive, and where to, as JSON in a text; null of other events.
    archive: Option<String>,
    /// The SHA-256 of `targets`, in whose place the event is hashed with it; null if there are none, or the event is hashed
    /// with the text itself.
    targets_hash: Option<String>,
}

/// What an event records of its operation.
#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase")]
enum Stage {
    /// What is about to be done, before the server is asked.
    Intent,
    /// How it ended.
    Outcome,
    /// What happened in one step.
    Event,
}
