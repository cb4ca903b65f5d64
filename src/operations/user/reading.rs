//! Reads what defines a role on a target, as an act of its own: the first half of a comparison, or of a clone on another
//! target.

use anyhow::Result;

use crate::domain::act::operation::Operation;
use crate::domain::act::status::Status;
use crate::domain::role::RoleName;
use crate::domain::role::comparison::Compared;
use crate::domain::role::definition::RoleDefinition;
use crate::domain::role::mark::Mark;
use crate::domain::target::Target;
use crate::run::login_state::no_such_role;
use crate::run::{Act, Done, Run, TargetSession};
use crate::server::definition::read_definition;
use crate::server::duals::read_dual;

/// A role's definition, and the cluster that it was read on.
#[derive(Debug, Clone)]
pub struct ReadRole {
    pub definition: RoleDefinition,
    /// The `system_identifier`; `None` if not known.
    pub cluster: Option<String>,
}

impl ReadRole {
    pub fn compared(&self) -> Compared<'_> {
        Compared {
            definition: &self.definition,
            cluster: self.cluster.as_deref(),
        }
    }
}

/// Reads a role that exists.
///
/// # Errors
/// Not found, if there is no such role; the server's error.
pub fn read_role(
    run: &Run,
    operation: Operation,
    target: &Target,
    role: &RoleName,
) -> Result<ReadRole> {
    let cannot = format!("cannot read role \"{role}\"");
    let act = Act::on(target, operation, cannot).role(role);
    run.audited(&act, target, |server| {
        let read = read_in(server, target, role)?;
        let done = Done {
            status: Status::UserFound,
            ..Done::default()
        };
        Ok((read, done))
    })
}

/// The same in a session that is there.
///
/// # Errors
/// As for [`read_role`].
pub fn read_in(
    server: &mut TargetSession<'_>,
    target: &Target,
    role: &RoleName,
) -> Result<ReadRole> {
    let encoding = server.encoding();
    encoding.check_name("role name", role.as_str(), &target.name())?;
    match server.read(|connection| read_definition(connection, role))? {
        None => Err(no_such_role(server, role, target)),
        Some(mut definition) => {
            if matches!(definition.role.mark(), Some(Mark::Dual(_))) {
                let state = server.read(|connection| read_dual(connection, role))?;
                state.fold_into(&mut definition, role)?;
            }
            Ok(ReadRole {
                definition,
                cluster: server.cluster().map(str::to_owned),
            })
        }
    }
}
