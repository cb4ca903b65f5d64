//! The commands that create a login.

use anyhow::Result;
use clap::Args;

use crate::commands::delivery::DeliverArgs;
use crate::commands::global::Context;
use crate::commands::selection::{NameArgs, TargetArgs};
use crate::commands::term::NewTermArgs;
use crate::commands::user::create_from::FromArgs;
use crate::commands::user::creation::CreationArgs;
use crate::commands::user::try_it::suggest_trying;
use crate::commands::user::{PasswordArgs, show_unless_delivered};
use crate::domain::access::AccessLevel;
use crate::domain::act::operation::Operation;
use crate::domain::failure::Failure;
use crate::domain::password::deliveries::Deliveries;
use crate::domain::role::RoleName;
use crate::domain::settings::Limit;
use crate::operations::rehearsal;
use crate::operations::user::create::create_user;
use crate::operations::user::request::{CreateUser, LoginForm};

#[derive(Debug, Args)]
pub struct AppArgs {
    #[command(flatten)]
    form: FormArgs,

    /// The application server's name
    #[arg(long, value_name = "NAME")]
    servername: String,

    /// The application's port
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..))]
    port: u16,

    #[command(flatten)]
    login: LoginArgs,

    #[command(flatten)]
    creation: CreationArgs,
}

#[derive(Debug, Args)]
pub struct K8sArgs {
    #[command(flatten)]
    form: FormArgs,

    /// The environment's prefix in role names
    #[arg(long, value_name = "PREFIX")]
    env_prefix: String,

    /// The farm's name
    #[arg(long, value_name = "NAME")]
    farmname: String,

    #[command(flatten)]
    login: LoginArgs,

    #[command(flatten)]
    creation: CreationArgs,
}

/// How an application logs in.
#[derive(Debug, Clone, Copy, Args)]
struct FormArgs {
    /// Make two logins, NAME_a and NAME_b, that act as NAME: rotations alternate them, so that no login is lost
    #[arg(long)]
    dual: bool,
}

impl FormArgs {
    fn form(self) -> LoginForm {
        if self.dual {
            LoginForm::Dual
        } else {
            LoginForm::Single
        }
    }
}

#[derive(Debug, Args)]
pub struct PersonArgs {
    #[command(flatten)]
    name: NameArgs,

    #[command(flatten)]
    login: LoginArgs,

    #[command(flatten)]
    creation: CreationArgs,
}

#[derive(Debug, Args)]
pub struct CreateArgs {
    /// The profile: a built-in one, or one from [profiles] in the config file
    #[arg(long, value_name = "NAME", required_unless_present = "from")]
    profile: Option<String>,

    // Not `NameArgs`: clap has no group that is required unless an option is present.
    /// The role's name, exactly as PostgreSQL stores it
    #[arg(value_name = "NAME", required_unless_present_any = ["username", "from"])]
    name: Option<RoleName>,

    /// The same, as an option
    #[arg(short, long, value_name = "NAME", conflicts_with = "name")]
    username: Option<RoleName>,

    // Of all these, only a flattened struct without flattened ones can be optional: clap gives the others no group.
    #[command(flatten)]
    target: Option<TargetArgs>,

    #[command(flatten)]
    form: FormArgs,

    #[command(flatten)]
    options: LoginOptions,

    #[command(flatten)]
    from: FromArgs,

    #[command(flatten)]
    creation: CreationArgs,
}

/// The options that say what one login is to be.
#[derive(Debug, Args)]
struct LoginArgs {
    #[command(flatten)]
    target: TargetArgs,

    #[command(flatten)]
    options: LoginOptions,
}

/// What a login is to be, where its profile says otherwise, and how its password comes about.
#[derive(Debug, Args)]
struct LoginOptions {
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
}

impl AppArgs {
    pub fn run(self, context: &Context) -> Result<()> {
        require_text("servername", &self.servername)?;
        let role = format!("{}_{}", self.servername, self.port).parse()?;
        let act = (Operation::UserApp, "app", self.form.form());
        self.login.run(act, role, self.creation, context)
    }
}

impl K8sArgs {
    pub fn run(self, context: &Context) -> Result<()> {
        require_text("env-prefix", &self.env_prefix)?;
        require_text("farmname", &self.farmname)?;
        let role = format!("{}_{}", self.env_prefix, self.farmname).parse()?;
        let act = (Operation::UserK8s, "k8s", self.form.form());
        self.login.run(act, role, self.creation, context)
    }
}

impl PersonArgs {
    /// Creates the login of a command that has a profile of its own.
    pub fn run(self, operation: Operation, profile: &str, context: &Context) -> Result<()> {
        self.login.run(
            (operation, profile, LoginForm::Single),
            self.name.role()?,
            self.creation,
            context,
        )
    }
}

impl CreateArgs {
    pub fn run(self, context: &Context) -> Result<()> {
        let (Some(target), Some(profile)) = (self.target, self.profile) else {
            if self.form.dual {
                return Err(
                    Failure::usage("--dual is for one login, not for a file of them").into(),
                );
            }
            return self.from.run(&self.creation, context);
        };
        let name = self.name.or(self.username);
        let role = name.ok_or_else(|| Failure::usage("name the role: NAME, or -u NAME"))?;
        let options = self.options;
        let login = LoginArgs { target, options };
        let act = (Operation::UserCreate, profile.as_str(), self.form.form());
        login.run(act, role, self.creation, context)
    }
}

impl LoginArgs {
    fn run(
        self,
        (operation, profile, form): (Operation, &str, LoginForm),
        role: RoleName,
        creation: CreationArgs,
        context: &Context,
    ) -> Result<()> {
        let target = self.target.target(context)?;
        let mut profile = context.run.settings.profile(profile, &target.env)?;
        profile.access = self.options.access.unwrap_or(profile.access);
        let ensure = creation.ensure(context, &target);
        if let Some(Limit(limit)) = self.options.connection_limit {
            profile.connection_limit = limit;
        }
        let term = self.options.term.term()?;
        let password = self.options.password.new_password(context)?;
        let delivery = self.options.deliver.choose(
            Deliveries::to(profile.deliver.clone(), profile.file_format),
            context,
        )?;
        let act = format!("create role \"{role}\" ({})", profile.name);
        let change = creation.trial.as_change();
        delivery.rehearse(change, context, (&target, &role))?;
        change.confirm(context, &target, &act)?;
        let wanted = CreateUser {
            operation,
            rules: creation.partial.rules(context, &target),
            ensure,
            form,
            target,
            role,
            profile,
            term,
            password,
            adoption: creation.adopt.adoption(),
            route: delivery.route(),
            reason: creation.reason.reason,
            line: None,
            mode: creation.trial.mode(),
        };
        let mut report = create_user(&context.run, &wanted)?;
        show_unless_delivered(&report, &delivery, context)?;
        rehearsal::verdict(report.rehearsal.as_mut(), &wanted.target)?;
        suggest_trying(&report, &wanted.target, context);
        Ok(())
    }
}

fn require_text(what: &str, text: &str) -> Result<(), Failure> {
    if text.is_empty() {
        return Err(Failure::usage(format!("--{what} is empty")));
    }
    Ok(())
}
