//! The commands that create a login.

use anyhow::Result;
use clap::Args;

use crate::commands::Context;
use crate::commands::delivery::DeliverArgs;
use crate::commands::selection::{ChangeArgs, NameArgs, TargetArgs};
use crate::commands::term::NewTermArgs;
use crate::commands::user::{PasswordArgs, show_unless_delivered};
use crate::domain::access::AccessLevel;
use crate::domain::access::rules::{AccessRules, Completeness};
use crate::domain::act::operation::Operation;
use crate::domain::failure::Failure;
use crate::domain::password::deliveries::Deliveries;
use crate::domain::role::RoleName;
use crate::domain::settings::Limit;
use crate::domain::target::Target;
use crate::operations::user::create::create_user;
use crate::operations::user::request::{CreateUser, Ensure};

#[derive(Debug, Args)]
pub struct AppArgs {
    /// The application server's name
    #[arg(long, value_name = "NAME")]
    servername: String,

    /// The application's port
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..))]
    port: u16,

    #[command(flatten)]
    login: LoginArgs,
}

#[derive(Debug, Args)]
pub struct K8sArgs {
    /// The environment's prefix in role names
    #[arg(long, value_name = "PREFIX")]
    env_prefix: String,

    /// The farm's name
    #[arg(long, value_name = "NAME")]
    farmname: String,

    #[command(flatten)]
    login: LoginArgs,
}

#[derive(Debug, Args)]
pub struct PersonArgs {
    #[command(flatten)]
    name: NameArgs,

    #[command(flatten)]
    login: LoginArgs,
}

#[derive(Debug, Args)]
pub struct CreateArgs {
    /// The profile: a built-in one, or one from [profiles] in the config file
    #[arg(long, value_name = "NAME")]
    profile: String,

    #[command(flatten)]
    name: NameArgs,

    #[command(flatten)]
    login: LoginArgs,
}

/// The options of all commands that create a login.
#[derive(Debug, Args)]
struct LoginArgs {
    #[command(flatten)]
    target: TargetArgs,

    /// What the login may do in the database [default: as the profile says]
    #[arg(long, value_name = "LEVEL", value_enum)]
    access: Option<AccessLevel>,

    /// The maximum number of concurrent sessions, or none for no limit [default: as the profile says]
    #[arg(long, value_name = "COUNT")]
    connection_limit: Option<Limit>,

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

    /// Grant an existing login the access that it lacks; change nothing else about it
    #[arg(long)]
    ensure: bool,

    #[command(flatten)]
    change: ChangeArgs,
}

#[derive(Debug, Clone, Copy, Args)]
pub struct AdoptGroupsArgs {
    /// Adopt an existing role that has the name of an access group, although pgrole did not create it
    #[arg(long)]
    pub(super) adopt: bool,
}

#[derive(Debug, Clone, Copy, Args)]
pub struct PartialArgs {
    /// If the admin credential may not grant something, leave it out and report it, instead of changing nothing
    #[arg(long)]
    partial: bool,
}

impl PartialArgs {
    /// The rules in force on a target.
    pub fn rules(self, context: &Context, target: &Target) -> AccessRules {
        let settings = &context.run.settings;
        let mut rules = settings.access_rules(&target.env, &target.database);
        if self.partial {
            rules.completeness = Completeness::Partial;
        }
        rules
    }
}

impl AppArgs {
    pub fn run(self, context: &Context) -> Result<()> {
        require_text("servername", &self.servername)?;
        let role = format!("{}_{}", self.servername, self.port).parse()?;
        self.login.run((Operation::UserApp, "app"), role, context)
    }
}

impl K8sArgs {
    pub fn run(self, context: &Context) -> Result<()> {
        require_text("env-prefix", &self.env_prefix)?;
        require_text("farmname", &self.farmname)?;
        let role = format!("{}_{}", self.env_prefix, self.farmname).parse()?;
        self.login.run((Operation::UserK8s, "k8s"), role, context)
    }
}

impl PersonArgs {
    /// Creates the login of a command that has a profile of its own.
    pub fn run(self, operation: Operation, profile: &str, context: &Context) -> Result<()> {
        self.login
            .run((operation, profile), self.name.role()?, context)
    }
}

impl CreateArgs {
    pub fn run(self, context: &Context) -> Result<()> {
        let act = (Operation::UserCreate, self.profile.as_str());
        self.login.run(act, self.name.role()?, context)
    }
}

impl LoginArgs {
    fn run(
        self,
        (operation, profile): (Operation, &str),
        role: RoleName,
        context: &Context,
    ) -> Result<()> {
        let target = self.target.target(context)?;
        let mut profile = context.run.settings.profile(profile, &target.env)?;
        profile.access = self.access.unwrap_or(profile.access);
        let ensure = self.ensure(context, &target);
        if let Some(Limit(limit)) = self.connection_limit {
            profile.connection_limit = limit;
        }
        let term = self.term.term()?;
        let password = self.password.new_password(context)?;
        let delivery = self.deliver.choose(
            Deliveries::to(profile.deliver.clone(), profile.file_format),
            context,
        )?;
        let act = format!("create role \"{role}\" ({})", profile.name);
        self.change.confirm(context, &target, &act)?;
        let wanted = CreateUser {
            operation,
            rules: self.partial.rules(context, &target),
            ensure,
            target,
            role,
            profile,
            term,
            password,
            adoption: self.adopt.adoption(),
            route: delivery.route(),
            mode: self.change.mode(),
        };
        let report = create_user(&context.run, &wanted)?;
        show_unless_delivered(&report, &delivery, context)
    }
}

impl LoginArgs {
    fn ensure(&self, context: &Context, target: &Target) -> Ensure {
        let settings = &context.run.settings.access;
        if self.ensure || settings.ensures(&target.env, &target.database) {
            Ensure::Access
        } else {
            Ensure::Nothing
        }
    }
}

fn require_text(what: &str, text: &str) -> Result<(), Failure> {
    if text.is_empty() {
        return Err(Failure::usage(format!("--{what} is empty")));
    }
    Ok(())
}
