//! Boxes as they were found on a server, and what is to become of each. Read by `server/boxes`.

use serde::Deserialize;

use crate::domain::access::boxes::{BoxComment, BoxId, is_glass};
use crate::domain::access::group_name;
use crate::domain::role::RoleName;
use crate::domain::role::state::ServerState;
use crate::domain::target::DatabaseName;
use crate::domain::timestamp::Timestamp;

/// One reading of the boxes of a cluster.
#[derive(Debug, Clone, Deserialize)]
pub struct FoundBoxes {
    #[serde(flatten)]
    pub server: ServerState,
    /// The oid of the role that was asked about.
    pub role_oid: Option<u32>,
    pub boxes: Vec<FoundBox>,
}

/// A role that is named as boxes are.
#[derive(Debug, Clone, Deserialize)]
pub struct FoundBox {
    pub name: RoleName,
    pub oid: u32,
    /// Its VALID UNTIL, in UTC; `None` if it is infinite or was never set.
    pub until: Option<String>,
    /// Seconds until then, by the server's clock; negative if it is past.
    pub seconds_left: Option<f64>,
    pub comment: Option<String>,
    /// Whether it is NOLOGIN and has no attribute.
    pub plain: bool,
    /// The groups that it is a member of.
    pub groups: Vec<RoleName>,
    /// Members that have its rights, or may take them; not those that may only grant it.
    pub members: Vec<BoxMember>,
    /// The name of the login that its comment names by its oid now; `None` if that is gone.
    pub user: Option<RoleName>,
}

/// A member of a box.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct BoxMember {
    pub name: RoleName,
    pub oid: u32,
}

/// What is to become of a box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BoxStanding {
    /// Its end is yet to come, or it has none any more.
    Open,
    /// Its end has come.
    Due,
    /// It has ended, and is only kept until that is reported.
    Ended,
    /// Nobody has access through it any more: its login was dropped, or somebody took the membership away.
    Empty,
}

impl FoundBoxes {
    /// The boxes of a database, with what their comments say.
    pub fn of<'a>(
        &'a self,
        database: &'a DatabaseName,
    ) -> impl Iterator<Item = (&'a FoundBox, BoxComment)> {
        self.boxes.iter().filter_map(move |found| {
            let comment = found.read_comment()?;
            (comment.database == database.as_str() && found.plain).then_some((found, comment))
        })
    }

    /// The box of an ID.
    pub fn find(&self, id: &BoxId) -> Option<&FoundBox> {
        let role = id.role();
        self.boxes.iter().find(|found| found.name == role)
    }

    /// The server's clock.
    pub fn now(&self) -> Timestamp {
        let now = self.server.clock.map(Timestamp::of_seconds);
        now.unwrap_or_else(Timestamp::now)
    }
}

impl FoundBox {
    pub fn id(&self) -> Option<BoxId> {
        BoxId::of_role(self.name.as_str())
    }

    pub fn read_comment(&self) -> Option<BoxComment> {
        BoxComment::read(self.comment.as_deref()?)
    }

    /// How many seconds ago its end was; `None` if it is yet to come.
    pub fn late(&self) -> Option<i64> {
        let left = self.seconds_left.filter(|left| *left <= 0.0)?;
        #[allow(
            clippy::cast_possible_truncation,
            reason = "a server's times are within 300,000 years"
        )]
        Some(-left.ceil() as i64)
    }

    pub fn standing(&self, comment: &BoxComment) -> BoxStanding {
        if comment.ended.is_some() {
            return BoxStanding::Ended;
        }
        if self.late().is_some() {
            return BoxStanding::Due;
        }
        if self.member(comment).is_none() {
            return BoxStanding::Empty;
        }
        BoxStanding::Open
    }

    /// The login that it is for, if that is a member of it.
    pub fn member(&self, comment: &BoxComment) -> Option<&BoxMember> {
        self.members.iter().find(|member| member.oid == comment.oid)
    }

    /// The login that was made for it, and ends with it: a member by that name. A comment alone ends nobody's login.
    pub fn glass_login(&self, comment: &BoxComment) -> Option<&RoleName> {
        let login = self.user.as_ref()?;
        let is_its = comment.glass && is_glass(login.as_str()) && self.member(comment).is_some();
        is_its.then_some(login)
    }

    /// Whether the login had access through it, as far as the server shows: it is a member of the access group, which takes
    /// more than writing a comment.
    pub fn gives_access(&self, comment: &BoxComment) -> bool {
        let database: Option<DatabaseName> = comment.database.parse().ok();
        let group = database.map(|database| group_name(&database, comment.level));
        self.member(comment).is_some() && group.is_some_and(|group| self.groups.contains(&group))
    }

    /// Who else is a member: not the one who created it.
    pub fn strangers(&self, comment: &BoxComment) -> Vec<RoleName> {
        let others = self
            .members
            .iter()
            .filter(|member| member.oid != comment.oid && member.name.as_str() != comment.admin);
        others.map(|member| member.name.clone()).collect()
    }
}
