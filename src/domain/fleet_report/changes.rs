//! What changed since an earlier report: what pgrole did, by whom and why, as its audit log says; and what was changed
//! outside pgrole, which only the comparison with the earlier report shows.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::domain::fleet_report::level::MeasuredLevel;
use crate::domain::fleet_report::row::LoginAccess;

/// What a report keeps of a login on a target, to be compared with the next one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotRow {
    pub login: String,
    pub level: MeasuredLevel,
    pub creates: bool,
    pub status: String,
    pub attributes: Vec<String>,
    pub predefined_roles: Vec<String>,
    pub verifier: String,
    /// The owner that it is a dual login of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dual_of: Option<String>,
}

/// The logins of a target as an earlier report had them.
#[derive(Debug, Clone)]
pub struct Snapshot {
    pub env: String,
    pub database: String,
    pub cluster_id: String,
    pub made_at: String,
    pub rows: Vec<SnapshotRow>,
}

/// Something that changed.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct Change {
    /// When it was done, as RFC 3339; null if it was found by comparison.
    pub at: Option<String>,
    /// When the report was made that it was not yet so in; null if the time is known.
    pub after: Option<String>,
    /// What changed, in words.
    pub what: String,
    /// The login; null if it is about a whole target.
    pub login: Option<String>,
    /// The environment of the target; null if it was not on one.
    pub env: Option<String>,
    /// The database of the target; null if it was not on one.
    pub database: Option<String>,
    /// Who did it; null if that is not known.
    pub by: Option<String>,
    /// The reason that was given; null if none was.
    pub reason: Option<String>,
    /// The number of the event in the audit log; null if there is none.
    pub event: Option<i64>,
    /// Whether it was done without pgrole.
    pub outside: bool,
    #[serde(skip)]
    pub aspect: Option<Aspect>,
    #[serde(skip)]
    pub cluster: String,
}

/// What a change is about. A change that pgrole made explains a difference of the same aspect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Aspect {
    Made,
    /// From the name that the change is about; the new one is that of a login of pgrole's.
    Renamed,
    Gone,
    Level,
    Status,
    Attributes,
    Password,
    /// Two logins became one, or one two; or a login was retired, or ended with its access.
    Whole,
}

impl From<&LoginAccess> for SnapshotRow {
    fn from(row: &LoginAccess) -> Self {
        let attributes = row.attributes.iter().map(|name| (*name).to_owned());
        Self {
            login: row.login.clone(),
            level: row.level,
            creates: row.creates,
            status: row.status.to_owned(),
            attributes: attributes.collect(),
            predefined_roles: row.predefined_roles.clone(),
            verifier: row.verifier.clone(),
            dual_of: row.dual_of.clone(),
        }
    }
}

/// The differences between an earlier report of a target and this one that no act of pgrole explains.
pub fn outside(snapshot: &Snapshot, rows: &[&LoginAccess], acts: &[Change]) -> Vec<Change> {
    let before: BTreeMap<_, _> = snapshot
        .rows
        .iter()
        .map(|row| (row.login.as_str(), row))
        .collect();
    let now: BTreeMap<_, _> = rows.iter().map(|row| (row.login.as_str(), *row)).collect();
    let mut found = Vec::new();
    for (login, row) in &now {
        match before.get(login) {
            Some(before) => found.extend(
                differences(before, row)
                    .into_iter()
                    .map(|(aspect, what)| (*login, aspect, what)),
            ),
            None => found.push((*login, Aspect::Made, "made".to_owned())),
        }
    }
    for login in before.keys().filter(|login| !now.contains_key(*login)) {
        found.push((login, Aspect::Gone, "dropped".to_owned()));
    }
    found.retain(|(login, aspect, _)| {
        let is_ours = now.get(login).is_some_and(|row| row.is_ours);
        let owner = match (now.get(login), before.get(login)) {
            (Some(row), _) => row.dual_of.as_deref(),
            (None, Some(row)) => row.dual_of.as_deref(),
            _ => None,
        };
        let explains = |act: &Change| {
            let is_new_name = act.aspect == Some(Aspect::Renamed) && *aspect == Aspect::Made;
            act.is_since(snapshot)
                && (act.explains(snapshot, login, *aspect)
                    || owner.is_some_and(|owner| act.explains_dual(snapshot, owner, *aspect))
                    || is_new_name && is_ours)
        };
        !acts.iter().any(explains)
    });
    let changes = found.into_iter().map(|(login, aspect, what)| Change {
        after: Some(snapshot.made_at.clone()),
        what: format!("{what}, not by pgrole"),
        login: Some(login.to_owned()),
        env: Some(snapshot.env.clone()),
        database: Some(snapshot.database.clone()),
        outside: true,
        aspect: Some(aspect),
        cluster: snapshot.cluster_id.clone(),
        ..Change::default()
    });
    changes.collect()
}

fn differences(before: &SnapshotRow, row: &LoginAccess) -> Vec<(Aspect, String)> {
    let now = SnapshotRow::from(row);
    let mut found = Vec::new();
    let gained = |before: &[String], now: &[String]| -> Vec<String> {
        let new = now.iter().filter(|one| !before.contains(one));
        new.cloned().collect()
    };
    if before.level != now.level {
        found.push((
            Aspect::Level,
            format!("level changed from {} to {}", before.level, now.level),
        ));
    } else if before.creates != now.creates {
        let what = if now.creates {
            "may create objects now"
        } else {
            "may not create objects any more"
        };
        found.push((Aspect::Level, what.to_owned()));
    }
    let is_locked = |row: &SnapshotRow| row.status == "locked";
    if is_locked(before) != is_locked(&now) {
        let what = if is_locked(&now) {
            "locked"
        } else {
            "unlocked"
        };
        found.push((Aspect::Status, what.to_owned()));
    }
    for (aspect, before, now) in [
        (Aspect::Attributes, &before.attributes, &now.attributes),
        (
            Aspect::Attributes,
            &before.predefined_roles,
            &now.predefined_roles,
        ),
    ] {
        let (new, lost) = (gained(before, now), gained(now, before));
        if !new.is_empty() {
            found.push((aspect, format!("given {}", new.join(", "))));
        }
        if !lost.is_empty() {
            found.push((aspect, format!("lost {}", lost.join(", "))));
        }
    }
    let is_known = before.verifier != "unreadable" && now.verifier != "unreadable";
    if before.verifier != now.verifier && is_known {
        found.push((
            Aspect::Password,
            format!("password was {}, is {}", before.verifier, now.verifier),
        ));
    }
    found
}

impl Change {
    /// Whether it was done on the cluster after the report.
    fn is_since(&self, snapshot: &Snapshot) -> bool {
        let is_later = |at: &String| *at >= snapshot.made_at;
        self.at.as_ref().is_some_and(is_later) && self.cluster == snapshot.cluster_id
    }

    fn explains(&self, snapshot: &Snapshot, login: &str, aspect: Aspect) -> bool {
        match (&self.login, self.aspect) {
            // An access group was changed: all that are in it.
            (None, Some(Aspect::Level)) => {
                aspect == Aspect::Level && self.database.as_ref() == Some(&snapshot.database)
            }
            // Who was made or is gone by pgrole has everything by pgrole.
            (Some(changed), Some(Aspect::Made | Aspect::Whole)) => changed == login,
            (Some(changed), Some(Aspect::Renamed)) => changed == login && aspect == Aspect::Gone,
            (Some(changed), Some(own)) => changed == login && own == aspect,
            _ => false,
        }
    }

    /// The same of a login of two: what is done to the owner is done to it. A rotation lets the other one log in.
    fn explains_dual(&self, snapshot: &Snapshot, owner: &str, aspect: Aspect) -> bool {
        let is_rotation =
            self.aspect == Some(Aspect::Password) && self.login.as_deref() == Some(owner);
        self.explains(snapshot, owner, aspect) || is_rotation && aspect == Aspect::Status
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(login: &str, level: MeasuredLevel) -> LoginAccess {
        LoginAccess {
            login: login.to_owned(),
            level,
            status: "active",
            verifier: "scram-4096".to_owned(),
            ..LoginAccess::default()
        }
    }

    fn snapshot(rows: &[LoginAccess]) -> Snapshot {
        Snapshot {
            env: "dev".to_owned(),
            database: "app".to_owned(),
            cluster_id: "c".to_owned(),
            made_at: "2026-01-02T00:00:00Z".to_owned(),
            rows: rows.iter().map(SnapshotRow::from).collect(),
        }
    }

    fn act(login: Option<&str>, aspect: Aspect, at: &str) -> Change {
        Change {
            at: Some(at.to_owned()),
            login: login.map(str::to_owned),
            database: Some("app".to_owned()),
            aspect: Some(aspect),
            cluster: "c".to_owned(),
            ..Change::default()
        }
    }

    #[test]
    fn what_no_act_explains_was_done_outside() {
        let before = snapshot(&[
            row("ann", MeasuredLevel::Readonly),
            row("bob", MeasuredLevel::Readonly),
        ]);
        let mut ann = row("ann", MeasuredLevel::Readwrite);
        ann.attributes.push("SUPERUSER");
        let joe = row("joe", MeasuredLevel::None);
        let now = [&ann, &joe];
        let said = |acts: &[Change]| -> Vec<String> {
            let changes = outside(&before, &now, acts).into_iter();
            changes
                .map(|change| format!("{} {}", change.login.unwrap_or_default(), change.what))
                .collect()
        };
        assert_eq!(
            said(&[]),
            [
                "ann level changed from readonly to readwrite, not by pgrole",
                "ann given SUPERUSER, not by pgrole",
                "joe made, not by pgrole",
                "bob dropped, not by pgrole",
            ]
        );
        let later = "2026-01-03T00:00:00Z";
        let acts = [
            act(Some("ann"), Aspect::Level, later),
            act(Some("joe"), Aspect::Made, later),
            act(Some("bob"), Aspect::Gone, later),
        ];
        assert_eq!(said(&acts), ["ann given SUPERUSER, not by pgrole"]);
        // One before the report explains nothing after it.
        let acts = [act(None, Aspect::Level, "2026-01-01T00:00:00Z")];
        assert_eq!(said(&acts).len(), 4);
        let acts = [act(None, Aspect::Level, later)];
        assert_eq!(said(&acts).len(), 3);
    }
}
