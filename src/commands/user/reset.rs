//! `user reset`: a new password for a role that exists.

use anyhow::Result;
use clap::Args;

use crate::commands::delivery::{ChosenDelivery, DeliverArgs};
use crate::commands::global::Context;
use crate::commands::selection::{NameArgs, ReasonArgs, TargetArgs, TrialArgs};
use crate::commands::term::TermArgs;
use crate::commands::user::{PasswordArgs, show_unless_delivered};
use crate::domain::act::operation::{Mode, Operation};
use crate::domain::failure::Failure;
use crate::domain::password::change::ChangeKind;
use crate::domain::password::deliveries::Deliveries;
use crate::domain::role::RoleName;
use crate::domain::target::Target;
use crate::domain::timestamp::Span;
use crate::operations::rehearsal;
use crate::operations::user::reset::{ProofMethod, ResetPassword, reset_password};
use crate::output::prompt;
use crate::password::remembered::{Remembered, find_placed, terms};
use crate::run::login_state::Protection;

#[derive(Debug, Args)]
pub struct ResetArgs {
    #[command(flatten)]
    target: TargetArgs,

    #[command(flatten)]
    name: NameArgs,

    #[command(flatten)]
    term: TermArgs,

    #[command(flatten)]
    password: PasswordArgs,

    #[command(flatten)]
    deliver: DeliverArgs,

    /// How long the outgoing one of two dual logins stays valid: 1h, 45s; 0s retires it at once
    /// [default: rotate.grace in the config file, else 1h]
    #[arg(long, value_name = "SPAN", value_parser = Span::parse_or_none)]
    grace: Option<Span>,

    #[command(flatten)]
    force: ForceArgs,

    #[command(flatten)]
    reason: ReasonArgs,

    #[command(flatten)]
    trial: TrialArgs,
}

#[derive(Debug, Clone, Copy, Args)]
pub struct ForceArgs {
    /// Allow changing a protected role: a superuser, the admin credential itself, a managed service's own role,
    /// or one that the config file protects
    #[arg(long)]
    force: bool,
}

impl ForceArgs {
    pub fn protection(self) -> Protection {
        if self.force {
            Protection::Overridden
        } else {
            Protection::Respected
        }
    }
}

impl ResetArgs {
    pub fn run(self, context: &Context) -> Result<()> {
        self.reason.note(context);
        let target = self.target.target(context)?;
        let role = self.name.role()?;
        let password = self.password.new_password(context)?;
        let term = self.term.term()?;
        let placed = find_placed(&context.run, &target, &role)?;
        let remembered = placed
            .as_ref()
            .map(|placed| Remembered::of(placed, &target, &role));
        let remembered = remembered.transpose()?.flatten();
        let terms = terms(&context.run, placed.as_ref(), &target, term)?;
        let delivery = choose(self.deliver, remembered.as_ref(), (&target, &role), context)?;
        let act = format!("reset the password of \"{role}\"");
        let change = self.trial.as_change();
        delivery.rehearse(change, context, (&target, &role))?;
        change.confirm(context, &target, &act)?;
        if let Some(remembered) = &remembered
            && self.trial.mode() == Mode::Run
        {
            confirm_leaving(remembered, &delivery, (&target, &role), context)?;
        }
        let wanted = ResetPassword {
            target,
            role,
            kind: ChangeKind::Reset,
            password,
            terms,
            protection: self.force.protection(),
            route: delivery.route(),
            remembered,
            proof: ProofMethod::ByCommit,
            grace: self.grace,
            mode: self.trial.mode(),
        };
        let went_before = wanted.remembered.as_ref().filter(|remembered| {
            let (target, role) = (&wanted.target, &wanted.role);
            remembered
                .left_by(delivery.deliver(), target, role)
                .is_none()
        });
        let mut report = reset_password(&context.run, Operation::UserReset, &wanted)?;
        if let (Some(_), Some(place)) = (went_before, &report.delivered_to) {
            context.ui.note(&format!(
                "delivered to {place}, where its password last went; to print it: --deliver stdout"
            ));
        }
        show_unless_delivered(&report, &delivery, context)?;
        rehearsal::verdict(report.rehearsal.as_mut(), &wanted.target)
    }
}

/// What the options say, else where the password last went, else stdout.
pub(super) fn choose<'a>(
    deliver: DeliverArgs,
    remembered: Option<&Remembered>,
    (target, role): (&Target, &RoleName),
    context: &'a Context,
) -> Result<ChosenDelivery<'a>> {
    let Some(remembered) = remembered else {
        return deliver.choose(Deliveries::to_stdout(), context);
    };
    let default = remembered.deliver.clone();
    let default = if let Some(chosen) = deliver.destination() {
        default.with_format(remembered.format_at(&chosen.clone().anchored()?, target, role))
    } else {
        remembered.require_one(target, role)?;
        remembered.require_record(target, role)?;
        default
    };
    deliver.choose(default, context)
}

/// Asks at a terminal before the previous place is left with an outdated password; elsewhere a warning in the result
/// names it.
fn confirm_leaving(
    remembered: &Remembered,
    delivery: &ChosenDelivery<'_>,
    (target, role): (&Target, &RoleName),
    context: &Context,
) -> Result<()> {
    let chosen = delivery.deliver();
    let Some(left) = remembered.left_by(chosen, target, role) else {
        return Ok(());
    };
    if context.yes || !prompt::can_ask() {
        return Ok(());
    }
    let what = format!(
        "deliver the new password of \"{role}\" to {chosen} instead of {left}, which keeps a password that is no longer valid"
    );
    if prompt::confirm(&format!("{what}?"))? {
        return Ok(());
    }
    Err(Failure::refused(format!("not confirmed: {what}")).into())
}
