//! `access grant` and `access revoke`: one role's access to one database.

use anyhow::Result;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};

use crate::commands::global::Context;
use crate::commands::rehearsal::show_rehearsal;
use crate::commands::selection::{NameArgs, ReasonArgs, TargetArgs, TrialArgs};
use crate::commands::user::{AdoptGroupsArgs, ForceArgs, PartialArgs};
use crate::domain::access::{AccessLevel, GROUP_LEVELS};
use crate::domain::failure::Failure;
use crate::domain::role::RoleName;
use crate::domain::target::Target;
use crate::domain::timestamp::Span;
use crate::operations::access::boxes::grant::{BoxLogin, GrantBox, grant_box};
use crate::operations::access::grant::{GrantAccess, Lowering, grant_access};
use crate::operations::access::report::AccessReport;
use crate::operations::access::revoke::{RevokeAccess, revoke_access};
use crate::operations::rehearsal;
use crate::output::{Format, Ui};

#[derive(Debug, Args)]
pub struct GrantArgs {
    #[command(flatten)]
    target: TargetArgs,

    #[command(flatten)]
    name: NameArgs,

    /// The access level [default: that of the role's profile]
    #[arg(long, value_name = "LEVEL", value_parser = grantable_level())]
    level: Option<AccessLevel>,

    /// Take the levels above away in the same transaction, instead of refusing a lower level
    #[arg(long, conflicts_with = "for")]
    lower: bool,

    /// Only for this long, by the server's clock: 30m, 2h, 1d; the access ends with `pgrole access expire`, run by cron
    #[arg(id = "for", long = "for", value_name = "SPAN", requires = "reason")]
    span: Option<Span>,

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

#[derive(Debug, Args)]
pub struct RevokeArgs {
    #[command(flatten)]
    target: TargetArgs,

    #[command(flatten)]
    name: NameArgs,

    /// Only this access level [default: all]
    #[arg(long, value_name = "LEVEL", value_parser = grantable_level())]
    level: Option<AccessLevel>,

    #[command(flatten)]
    force: ForceArgs,

    #[command(flatten)]
    reason: ReasonArgs,

    #[command(flatten)]
    trial: TrialArgs,
}

/// The levels that have a group.
pub fn grantable_level() -> impl TypedValueParser<Value = AccessLevel> {
    let levels = GROUP_LEVELS
        .iter()
        .filter_map(AccessLevel::to_possible_value);
    let levels: Vec<PossibleValue> = levels.collect();
    PossibleValuesParser::new(levels).try_map(|text| AccessLevel::from_str(&text, false))
}

impl GrantArgs {
    pub fn run(self, context: &Context) -> Result<()> {
        self.reason.note(context);
        let target = self.target.target(context)?;
        let role = self.name.role()?;
        let act = match self.span {
            _ if self.lower => format!("lower the access of \"{role}\""),
            Some(span) => format!("grant access for {span} to \"{role}\""),
            None => format!("grant access to \"{role}\""),
        };
        self.trial.confirm(context, &target, &act)?;
        if let Some(span) = self.span {
            return self.grant_for(context, target, role, span);
        }
        let wanted = GrantAccess {
            rules: self.partial.rules(context, &target),
            target,
            role,
            level: self.level,
            adoption: self.adopt.adoption(),
            protection: self.force.protection(),
            lowering: if self.lower {
                Lowering::Wanted
            } else {
                Lowering::Refused
            },
            reason: self.reason.reason,
            mode: self.trial.mode(),
        };
        let mut report = grant_access(&context.run, &wanted)?;
        show(&report, context)?;
        rehearsal::verdict(report.rehearsal.as_mut(), &wanted.target)
    }
}

impl GrantArgs {
    fn grant_for(
        self,
        context: &Context,
        target: Target,
        role: RoleName,
        span: Span,
    ) -> Result<()> {
        require_span(context, &target, span)?;
        let wanted = GrantBox {
            rules: self.partial.rules(context, &target),
            target,
            role,
            level: self.level,
            span,
            reason: self.reason.reason.unwrap_or_default(),
            adoption: self.adopt.adoption(),
            protection: self.force.protection(),
            login: BoxLogin::Stays,
            mode: self.trial.mode(),
        };
        let mut report = grant_box(&context.run, &wanted)?;
        show(&report, context)?;
        rehearsal::verdict(report.rehearsal.as_mut(), &wanted.target)
    }
}

/// # Errors
/// Usage, if access may not last that long.
pub fn require_span(context: &Context, target: &Target, span: Span) -> Result<(), Failure> {
    let settings = &context.run.settings;
    let longest = settings.access.longest(&target.env, &target.database);
    if span.duration() <= longest.duration() && !span.duration().is_zero() {
        return Ok(());
    }
    let what =
        format!("access with an end lasts at least a second and at most {longest}, not {span}");
    Err(Failure::usage(what)
        .hint("for longer: set \"longest\" in the section [access] of the config file, or grant it without --for"))
}

impl RevokeArgs {
    pub fn run(self, context: &Context) -> Result<()> {
        self.reason.note(context);
        let target = self.target.target(context)?;
        let role = self.name.role()?;
        let act = format!("revoke the access of \"{role}\"");
        self.trial.confirm(context, &target, &act)?;
        let settings = &context.run.settings;
        let wanted = RevokeAccess {
            rules: settings.access_rules(&target.env, &target.database),
            target,
            role,
            level: self.level,
            protection: self.force.protection(),
            reason: self.reason.reason,
            mode: self.trial.mode(),
        };
        let mut report = revoke_access(&context.run, &wanted)?;
        show(&report, context)?;
        rehearsal::verdict(report.rehearsal.as_mut(), &wanted.target)
    }
}

/// Prints the row; for a dry run in a table, the SQL.
fn show(report: &AccessReport, context: &Context) -> Result<()> {
    if context.ui.format == Format::Table {
        for warning in &report.warnings {
            context.ui.warn(warning);
        }
        if let Some(statements) = &report.statements {
            let statements: Vec<_> = statements.iter().map(|sql| format!("{sql};")).collect();
            return Ui::show_text(&statements.join("\n"));
        }
        if let Some(rehearsal) = &report.rehearsal {
            return show_rehearsal(rehearsal, context);
        }
    }
    context.ui.show_record(report)
}
