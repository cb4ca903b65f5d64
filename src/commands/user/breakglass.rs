//! `user breakglass`: a login of its own for an emergency, with access that ends.

use anyhow::{Context as _, Result};
use clap::Args;
use rand::rngs::SysRng;

use crate::commands::access::{grantable_level, require_span};
use crate::commands::delivery::DeliverArgs;
use crate::commands::global::Context;
use crate::commands::selection::{ChangeArgs, NameArgs, TargetArgs, confirm};
use crate::commands::user::show_unless_delivered;
use crate::commands::user::{AdoptGroupsArgs, PartialArgs};
use crate::domain::access::AccessLevel;
use crate::domain::access::boxes::glass_login;
use crate::domain::act::operation::{Mode, Operation};
use crate::domain::command_line::on_target;
use crate::domain::failure::Failure;
use crate::domain::password::deliveries::Deliveries;
use crate::domain::password::destination::{Destination, FileFormat};
use crate::domain::random_id::random_id;
use crate::domain::role::RoleName;
use crate::domain::role::profile::Profile;
use crate::domain::role::term::Term;
use crate::domain::target::Target;
use crate::domain::timestamp::{Span, Timestamp};
use crate::operations::access::boxes::grant::{BoxLogin, GrantBox, grant_box};
use crate::operations::user::create::create_user;
use crate::operations::user::request::{CreateUser, Ensure, LoginForm};
use crate::password::NewPassword;
use crate::run::login_state::Protection;

/// How many random bytes the name of the login ends with.
const SUFFIX: usize = 4;
/// One session to work in, and one to look.
const CONNECTION_LIMIT: u32 = 2;

#[derive(Debug, Args)]
pub struct BreakglassArgs {
    #[command(flatten)]
    target: TargetArgs,

    #[command(flatten)]
    name: NameArgs,

    /// The access level
    #[arg(long, value_name = "LEVEL", value_parser = grantable_level(), default_value = "readwrite")]
    level: AccessLevel,

    /// How long, by the server's clock: 30m, 2h; then the login ends with `pgrole access expire`, run by cron
    #[arg(id = "for", long = "for", value_name = "SPAN")]
    span: Span,

    /// Why, for the audit log and the messages: a ticket, a sentence
    #[arg(long, value_name = "TEXT")]
    reason: String,

    #[command(flatten)]
    adopt: AdoptGroupsArgs,

    #[command(flatten)]
    partial: PartialArgs,

    #[command(flatten)]
    deliver: DeliverArgs,
}

impl BreakglassArgs {
    pub fn run(self, context: &Context) -> Result<()> {
        let target = self.target.target(context)?;
        require_span(context, &target, self.span)?;
        let suffix = random_id(SUFFIX, &mut SysRng)?;
        let role = glass_login(&self.name.role()?, &suffix);
        let delivery = self.deliver.choose(
            Deliveries::to(Destination::STDOUT, FileFormat::Json),
            context,
        )?;
        let act = format!("create the emergency login \"{role}\" for {}", self.span);
        let change = ChangeArgs { dry_run: false };
        delivery.rehearse(change, context, (&target, &role))?;
        confirm(context, &target, &act)?;
        let wanted = CreateUser {
            operation: Operation::UserBreakglass,
            rules: self.partial.rules(context, &target),
            ensure: Ensure::Nothing,
            target,
            role,
            profile: profile(),
            term: Some(Term::EndsOn(Timestamp::now().after(self.span)?)),
            form: LoginForm::Single,
            password: NewPassword::new(None, context.run.settings.password_length)?,
            adoption: self.adopt.adoption(),
            route: delivery.route(),
            reason: Some(self.reason.clone()),
            line: None,
            mode: Mode::Run,
        };
        let report = create_user(&context.run, &wanted)?;
        show_unless_delivered(&report, &delivery, context)?;
        let grant = GrantBox {
            rules: wanted.rules,
            target: wanted.target,
            role: wanted.role,
            level: Some(self.level),
            span: self.span,
            reason: self.reason,
            adoption: wanted.adoption,
            protection: Protection::Respected,
            login: BoxLogin::EndsWithIt,
            mode: Mode::Run,
        };
        let granted = grant_box(&context.run, &grant)
            .with_context(|| without_access(&grant.target, &grant.role))?;
        for warning in &granted.warnings {
            context.ui.warn(warning);
        }
        if let (Some(id), Some(end)) = (&granted.id, &granted.ends_at) {
            context.ui.note(&format!(
                "grant {id}: \"{}\" has {} on {} until {end}",
                grant.role,
                granted.access,
                grant.target.name()
            ));
        }
        Ok(())
    }
}

/// A login without access: it gets that with its end.
fn profile() -> Profile {
    Profile {
        name: "breakglass".to_owned(),
        createdb: false,
        createrole: false,
        connection_limit: Some(CONNECTION_LIMIT),
        access: AccessLevel::None,
        extra: std::collections::BTreeSet::new(),
        execute: std::collections::BTreeSet::new(),
        valid_for: None,
        deliver: Destination::STDOUT,
        file_format: FileFormat::Json,
    }
}

fn without_access(target: &Target, role: &RoleName) -> Failure {
    let drop = on_target("pgrole user drop -e {} -d {} {}", target, &[role]);
    let again = on_target(
        "pgrole access grant -e {} -d {} {} --level readwrite --for 1h --reason TEXT",
        target,
        &[role],
    );
    Failure::usage(format!(
        "the login \"{role}\" was created, and has no access"
    ))
    .hint(format!("give it access: {again}; or drop it: {drop}"))
}
