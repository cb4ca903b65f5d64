//! Every key of a result is in docs/scripting.md.

use crate::{files_below, read, root};

/// What is printed as JSON, or handed to a command or a webhook.
const PRINTED: [&str; 46] = [
    "Added",
    "ChannelReport",
    "ChannelRow",
    "Checkpoint",
    "ClosedRoutine",
    "ClusterRow",
    "Created",
    "CredentialReport",
    "DatabaseAccess",
    "DatabaseFootprint",
    "Difference",
    "DiscoveredDatabase",
    "EntryDifference",
    "RegistryEntry",
    "ErrorObject",
    "ExpiringRole",
    "Finding",
    "Flushed",
    "GroupReport",
    "ImportRow",
    "JournalEntry",
    "LastChange",
    "LoggedEvent",
    "Membership",
    "Message",
    "Names",
    "NotRotated",
    "PassedOver",
    "PreparedTransaction",
    "Queue",
    "Rights",
    "RoleDescription",
    "RoleObjects",
    "RoleOverview",
    "RoleStatus",
    "SchemaFootprint",
    "ServerReport",
    "SessionGroup",
    "SettingGroup",
    "Shown",
    "ShownEvent",
    "Summary",
    "TargetReport",
    "Through",
    "UserReport",
    "VerifierKind",
];

/// The same, in the document of their command.
const PRINTED_BY_LEAVERS: [&str; 9] = [
    "ClusterReport",
    "DropReport",
    "DroppedDatabase",
    "Evidence",
    "LockReport",
    "ObjectNames",
    "PersonReport",
    "Session",
    "SubscriptionName",
];

/// The keys that serde makes of a struct, from its definition.
fn keys(definition: &str) -> Vec<String> {
    let mut keys = Vec::new();
    let mut attributes = String::new();
    for line in definition.lines().map(str::trim) {
        if line.starts_with("#[") {
            attributes += line;
        } else if let Some((name, _)) = line.split_once(": ").filter(|_| !line.starts_with("//")) {
            let renamed = attributes.split("rename = \"").nth(1);
            let renamed = renamed.and_then(|rest| rest.split('"').next());
            let name = name.rsplit(' ').next().unwrap_or(name);
            let is_key = !["flatten", "serde(skip)", "skip_serializing)"]
                .iter()
                .any(|word| attributes.contains(word));
            keys.extend(is_key.then(|| renamed.unwrap_or(name).to_owned()));
            attributes.clear();
        }
    }
    keys
}

#[test]
fn the_documents_have_every_key() {
    require_keys("docs/scripting.md", &PRINTED);
    require_keys("docs/leavers.md", &PRINTED_BY_LEAVERS);
}

fn require_keys(path: &str, printed: &[&str]) {
    let document = read(&root().join(path));
    let sources: Vec<_> = files_below(&root().join("src"), "rs")
        .iter()
        .map(|path| read(path))
        .collect();
    let mut missing = Vec::new();
    for name in printed {
        let is_found = |source: &&String| {
            let at = source
                .find(&format!("struct {name} {{"))
                .or_else(|| source.find(&format!("struct {name}<")));
            at.is_some_and(|at| {
                source[..at]
                    .rsplit("\n\n")
                    .next()
                    .is_some_and(|head| head.contains("Serialize"))
            })
        };
        let source = sources
            .iter()
            .find(is_found)
            .unwrap_or_else(|| panic!("no struct {name}"));
        let at = source
            .find(&format!("struct {name}"))
            .expect("it was found");
        let body = source[at..].split("\n}").next().unwrap_or_default();
        let body = body.split_once("{\n").map_or("", |(_, fields)| fields);
        let undocumented = keys(body)
            .into_iter()
            .filter(|key| !document.contains(&format!("`{key}`")));
        missing.extend(undocumented.map(|key| format!("{key}, of {name}")));
    }
    assert!(missing.is_empty(), "not in {path}:\n{}", missing.join("\n"));
}
