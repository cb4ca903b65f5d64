//! `user compare`: two roles beside each other.

use anyhow::Result;
use clap::Args;

use crate::commands::global::Context;
use crate::domain::failure::Failure;
use crate::domain::role::located::LocatedRole;
use crate::domain::target::{DatabaseName, Environment, Target};
use crate::operations::user::compare::{RoleOnTarget, compare_roles};
use crate::output::{Column, Format};

#[derive(Debug, Args)]
pub struct CompareArgs {
    /// A role: NAME@ENV/DATABASE, or NAME on the target of -e and -d
    #[arg(value_name = "ROLE")]
    left: LocatedRole,

    /// The role to compare it with, named in the same way
    #[arg(value_name = "ROLE")]
    right: LocatedRole,

    #[command(flatten)]
    place: DefaultPlaceArgs,
}

/// The target of a role that is named without one.
#[derive(Debug, Args)]
struct DefaultPlaceArgs {
    /// The environment of a role that is named without its target
    #[arg(short, long, requires = "database")]
    env: Option<Environment>,

    /// The database of such a role
    #[arg(short, long, requires = "env")]
    database: Option<DatabaseName>,
}

const COLUMNS: [Column; 5] = [
    Column::new("WHAT", "what"),
    Column::new("NAME", "name"),
    Column::new("DATABASE", "database"),
    Column::new("LEFT", "left"),
    Column::new("RIGHT", "right"),
];

impl CompareArgs {
    pub fn run(self, context: &Context) -> Result<()> {
        let left = self.place.find(self.left, context)?;
        let right = self.place.find(self.right, context)?;
        let comparison = compare_roles(&context.run, &left, &right)?;
        if context.ui.format == Format::Table {
            let (left, right) = (comparison.left.name(), comparison.right.name());
            context.ui.note(&format!("left: {left}; right: {right}"));
            if !comparison.differences.is_empty() {
                context.ui.show_rows(&comparison.differences, &COLUMNS)?;
            }
        } else {
            context.ui.show_record(&comparison)?;
        }
        Ok(comparison.outcome()?)
    }
}

impl DefaultPlaceArgs {
    fn find(&self, named: LocatedRole, context: &Context) -> Result<RoleOnTarget> {
        let target = match (&named.place, &self.env, &self.database) {
            (Some(_), ..) => located_target(&named, context)?,
            (None, Some(env), Some(database)) => context.run.target(env, database)?,
            _ => {
                let what = format!("no target for role \"{}\"", named.role);
                return Err(Failure::usage(what)
                    .hint("name it as NAME@ENV/DATABASE, or add -e and -d")
                    .into());
            }
        };
        Ok(RoleOnTarget {
            target,
            role: named.role,
        })
    }
}

/// The target that a role is named with.
pub fn located_target(named: &LocatedRole, context: &Context) -> Result<Target> {
    let missing = || Failure::usage(format!("no target for role \"{}\"", named.role));
    let (env, database) = named.place.as_ref().ok_or_else(missing)?;
    context.run.target(env, database)
}
