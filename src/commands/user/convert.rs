//! `user convert`: dual logins for a role that logs in itself, and back.

use anyhow::Result;
use clap::Args;

use crate::commands::delivery::DeliverArgs;
use crate::commands::global::Context;
use crate::commands::selection::{NameArgs, ReasonArgs, TargetArgs, TrialArgs};
use crate::commands::user::reset::choose;
use crate::commands::user::show_unless_delivered;
use crate::domain::role::term::Terms;
use crate::domain::timestamp::Span;
use crate::operations::rehearsal;
use crate::operations::user::dual::convert::{Conversion, convert};
use crate::operations::user::dual::rotate::DualRequest;
use crate::password::NewPassword;
use crate::password::remembered::{Remembered, find_placed, terms};

#[derive(Debug, Args)]
pub struct ConvertArgs {
    #[command(flatten)]
    target: TargetArgs,

    #[command(flatten)]
    name: NameArgs,

    #[command(flatten)]
    to: ConversionArgs,

    #[command(flatten)]
    deliver: DeliverArgs,

    /// How long the login that the application uses now stays valid: 1h, 45s
    /// [default: rotate.grace in the config file, else 1h]
    #[arg(long, value_name = "SPAN")]
    grace: Option<Span>,

    #[command(flatten)]
    reason: ReasonArgs,

    #[command(flatten)]
    trial: TrialArgs,
}

#[derive(Debug, Clone, Copy, Args)]
#[group(required = true, multiple = false)]
struct ConversionArgs {
    /// Make two logins, NAME_a and NAME_b, that act as NAME
    #[arg(long)]
    dual: bool,

    /// Let NAME log in itself again; its two logins are dropped after the grace time
    #[arg(long)]
    single: bool,
}

impl ConvertArgs {
    pub fn run(self, context: &Context) -> Result<()> {
        let target = self.target.target(context)?;
        let role = self.name.role()?;
        let placed = find_placed(&context.run, &target, &role)?;
        let remembered = placed
            .as_ref()
            .map(|placed| Remembered::of(placed, &target, &role));
        let remembered = remembered.transpose()?.flatten();
        let terms: Terms = terms(&context.run, placed.as_ref(), &target, None)?;
        let delivery = choose(self.deliver, remembered.as_ref(), (&target, &role), context)?;
        let (to, act) = if self.to.dual {
            (Conversion::ToDual, format!("give \"{role}\" two logins"))
        } else {
            (
                Conversion::ToSingle,
                format!("let \"{role}\" log in itself again"),
            )
        };
        let change = self.trial.as_change();
        delivery.rehearse(change, context, (&target, &role))?;
        change.confirm(context, &target, &act)?;
        let password = NewPassword::new(None, context.run.settings.password_length)?;
        let route = delivery.route();
        let next = remembered.as_ref();
        let wanted = DualRequest {
            target: &target,
            owner: &role,
            password: &password,
            terms,
            route,
            next: next.map_or(route.deliver, |remembered| remembered.next(route.deliver)),
            grace: self.grace,
            is_forced: false,
            profile: placed.as_ref().and_then(|placed| placed.profile.as_deref()),
            mode: self.trial.mode(),
        };
        let mut report = convert(&context.run, &wanted, to, self.reason.reason.as_deref())?;
        show_unless_delivered(&report, &delivery, context)?;
        rehearsal::verdict(report.rehearsal.as_mut(), &target)
    }
}
