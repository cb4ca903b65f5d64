//! `user clone`: a login like another one.

use anyhow::Result;
use clap::Args;

use crate::commands::delivery::DeliverArgs;
use crate::commands::global::Context;
use crate::commands::selection::{ReasonArgs, TargetArgs, TrialArgs};
use crate::commands::term::NewTermArgs;
use crate::commands::user::compare::located_target;
use crate::commands::user::reset::ForceArgs;
use crate::commands::user::try_it::suggest_trying;
use crate::commands::user::{AdoptGroupsArgs, PartialArgs, PasswordArgs, show_unless_delivered};
use crate::domain::failure::Failure;
use crate::domain::password::deliveries::Deliveries;
use crate::domain::role::RoleName;
use crate::domain::role::located::LocatedRole;
use crate::domain::target::Target;
use crate::operations::rehearsal;
use crate::operations::user::clone::clone_user;
use crate::operations::user::clone_request::CloneUser;
use crate::operations::user::compare::RoleOnTarget;
use crate::password::remembered::{find_placed, terms};

#[derive(Debug, Args)]
pub struct CloneArgs {
    #[command(flatten)]
    target: TargetArgs,

    /// The login to clone: NAME on the same target, or NAME@ENV/DATABASE
    #[arg(long, value_name = "ROLE")]
    from: LocatedRole,

    /// The new login's name, exactly as PostgreSQL will store it
    #[arg(long, value_name = "NAME")]
    to: RoleName,

    #[command(flatten)]
    term: NewTermArgs,

    #[command(flatten)]
    password: PasswordArgs,

    #[command(flatten)]
    deliver: DeliverArgs,

    #[command(flatten)]
    adopt: AdoptGroupsArgs,

    #[command(flatten)]
    partial: PartialArgs,

    #[command(flatten)]
    force: ForceArgs,

    #[command(flatten)]
    reason: ReasonArgs,

    #[command(flatten)]
    trial: TrialArgs,
}

impl CloneArgs {
    pub fn run(self, context: &Context) -> Result<()> {
        self.reason.note(context);
        let target = self.target.target(context)?;
        let source = match &self.from.place {
            Some(_) => located_target(&self.from, context)?,
            None => target.clone(),
        };
        let source = RoleOnTarget {
            target: source,
            role: self.from.role,
        };
        if source.role == self.to && source.target.is_on_cluster_of(&target) {
            let what = format!("--from and --to are the same role, \"{}\"", self.to);
            return Err(Failure::usage(what).into());
        }
        let placed = find_placed(&context.run, &source.target, &source.role)?;
        let recorded = terms(&context.run, placed.as_ref(), &source.target, None)?.recorded;
        let profile = placed.and_then(|placed| placed.profile);
        let delivery = self
            .deliver
            .choose(of_profile(profile.as_deref(), &target, context), context)?;
        let act = format!("clone role \"{}\" as \"{}\"", source.name(), self.to);
        let change = self.trial.as_change();
        delivery.rehearse(change, context, (&target, &self.to))?;
        change.confirm(context, &target, &act)?;
        let wanted = CloneUser {
            source,
            rules: self.partial.rules(context, &target),
            target,
            role: self.to,
            term: self.term.term()?,
            recorded,
            password: self.password.new_password(context)?,
            adoption: self.adopt.adoption(),
            protection: self.force.protection(),
            route: delivery.route(),
            mode: self.trial.mode(),
        };
        let mut report = clone_user(&context.run, &wanted)?;
        show_unless_delivered(&report, &delivery, context)?;
        rehearsal::verdict(report.rehearsal.as_mut(), &wanted.target)?;
        suggest_trying(&report, &wanted.target, context);
        Ok(())
    }
}

/// Where the passwords of new logins of a profile go; stdout, if the registry does not know the profile.
fn of_profile(profile: Option<&str>, target: &Target, context: &Context) -> Deliveries {
    let settings = &context.run.settings;
    let profile = profile.and_then(|name| settings.profile(name, &target.env).ok());
    profile.map_or_else(Deliveries::to_stdout, |profile| {
        Deliveries::to(profile.deliver, profile.file_format)
    })
}
