//! What holds for all results, as the page and the manual say it.

/// Sentences about all results; text between backticks is code.
pub const CONVENTIONS: [&str; 6] = [
    "A result is one object or a list, as said below. With `--format json` a list is one array, with `--format jsonl` each object is a line. With `--columns`, objects have only the keys that it names.",
    "Keys are added over time, never renamed or removed. Ignore those that you do not know.",
    "Each key is always there, unless it may be absent; then it is absent where it would be null or empty.",
    "Times are texts as in RFC 3339, in UTC. A `port` is a text in the rows about logins, and a number where it is said.",
    "The path of a key is what jq takes: `differs[].what` is the key `what` of each object in the list `differs`.",
    "Every object of a run that touched the registry ends with `audit_anchor`, the newest event of the audit log as `SEQUENCE:HASH`. Files (of `export`, `registry export` and `audit export`) do not have it.",
];
