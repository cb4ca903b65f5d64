//! `credential rotate`: new passwords for the admin credentials themselves, stored where the old ones are kept.
//!
//! A login is a role of one cluster, however many targets use it and wherever their sources keep it. Its new password
//! goes to each of these places, but to no place that serves another cluster too: there, the targets of this cluster
//! get entries of their own.

use anyhow::{Context, Result};

use crate::credentials::{Credential, command};
use crate::delivery::Sink;
use crate::domain::act::operation::{Mode, Operation};
use crate::domain::act::status::Status;
use crate::domain::command_line::on_target;
use crate::domain::failure::{Failure, Kind};
use crate::domain::password::change::ChangeKind;
use crate::domain::password::deliveries::Deliveries;
use crate::domain::password::destination::{Destination, FileFormat};
use crate::domain::password::login_place::{Account, LoginPlace, LoginSource};
use crate::domain::role::RoleName;
use crate::domain::role::report::UserReport;
use crate::domain::role::term::Terms;
use crate::domain::target::cluster::Instance;
use crate::domain::target::{DatabaseName, Environment, Target};
use crate::locks::Lock;
use crate::operations::user::reset::{ProofMethod, ResetPassword, reset_password};
use crate::password::DeliveryRoute;
use crate::password::NewPassword;
use crate::password::recover::settle_target;
use crate::run::fleet::for_each_target;
use crate::run::login_state::Protection;
use crate::run::targets::TargetSelection;
use crate::run::{Act, Done, Run};
use crate::server::catalog;

/// The text that begins the errors of a login that cannot be rotated.
const CANNOT: &str = "cannot rotate the admin credential";

/// Which credentials to rotate, and how.
pub struct CredentialRotation {
    pub env: Environment,
    /// `None` for all of the environment.
    pub database: Option<DatabaseName>,
    /// For credentials from sources that pgrole cannot write to.
    pub deliver: Option<Deliveries>,
    pub mode: Mode,
}

/// The planned changes, one per login.
pub struct CredentialPlan {
    pub changes: Vec<LoginChange>,
    /// Selected targets whose login cannot be changed.
    pub failed: Vec<anyhow::Error>,
    /// Keyring entries that no target uses any more once all is done.
    pub unused: Vec<Account>,
    mode: Mode,
    _lock: Lock,
}

/// A login on one cluster.
pub struct LoginChange {
    /// The target over which it is changed.
    pub target: Target,
    pub role: RoleName,
    /// All targets that use it.
    pub targets: Vec<Target>,
    pub deliver: Deliveries,
}

/// A target, and the login that its sources give.
struct LoginHolder {
    target: Target,
    role: RoleName,
    kept: LoginSource,
    origin: String,
    is_selected: bool,
    /// `None` if it was not queried, or did not answer.
    seen: Option<Seen>,
}

/// A server that answered.
struct Seen {
    /// The `system_identifier`, which a copy of the cluster's files shares; `None` if the login may not read it.
    cluster: Option<String>,
    instance: Instance,
}

/// Determines which logins to change, on which clusters they are, and where they are kept.
///
/// # Errors
/// Busy, if another rotation runs. Refused before a server is touched, if a login comes from a source that pgrole
/// cannot write to.
pub fn plan(run: &Run, rotation: &CredentialRotation) -> Result<CredentialPlan> {
    let lock = run.try_lock("credential-rotate")?.ok_or_else(|| {
        Failure::new(
            Kind::Busy,
            "another credential rotate is running on this registry",
        )
        .hint("try again when it has finished")
    })?;
    let fleet = run.fleet(&TargetSelection::within(
        &rotation.env,
        rotation.database.as_ref(),
    ))?;
    let (selected, mut failed) = fleet.split();
    for target in &selected {
        let found = run.search_credential(target).credential(target);
        let found = found.map_err(|none| {
            let act = Act::on(target, Operation::CredentialRotate, CANNOT).in_mode(rotation.mode);
            run.audited_failure(&act, target, none.into())
        })?;
        check_source(run, rotation, target, &found.kept, &found.origin)?;
    }
    if rotation.mode == Mode::Run {
        for target in &selected {
            settle_target(run, target)?;
        }
    }
    let (holders, unseen) = survey(run, rotation, &selected)?;
    failed.extend(unseen);
    let mut plan = CredentialPlan {
        changes: Vec::new(),
        failed,
        unused: Vec::new(),
        mode: rotation.mode,
        _lock: lock,
    };
    for holder in holders.iter().filter(|holder| holder.is_selected) {
        let is_planned = |change: &LoginChange| {
            change.role == holder.role && change.targets.contains(&holder.target)
        };
        if plan.changes.iter().any(is_planned) {
            continue;
        }
        match plan_change(run, rotation, holder, &holders) {
            Ok(change) => plan.changes.push(change),
            Err(failure) => plan.failed.push(failure.into()),
        }
    }
    plan.unused = unused(&holders, &plan.changes);
    Ok(plan)
}

impl CredentialPlan {
    /// Changes one of the logins.
    ///
    /// # Errors
    /// The server's error; exit status 8 if the password is in force but not yet stored where the credential is kept.
    pub fn run(&self, run: &Run, change: &LoginChange, stdout: &dyn Sink) -> Result<UserReport> {
        let wanted = ResetPassword {
            grace: None,
            target: change.target.clone(),
            role: change.role.clone(),
            kind: ChangeKind::Admin,
            password: NewPassword::new(None, run.settings.password_length)?,
            // An expiry would lock out the login that everything else depends on.
            terms: Terms::default(),
            protection: Protection::Overridden,
            route: DeliveryRoute {
                deliver: &change.deliver,
                stdout,
            },
            remembered: None,
            proof: ProofMethod::ByLogin,
            mode: self.mode,
        };
        let mut report = reset_password(run, Operation::CredentialRotate, &wanted)?;
        if self.mode == Mode::DryRun {
            report.delivered_to = Some(change.deliver.to_string());
        }
        report.targets = Some(change.targets.iter().map(Target::name).collect());
        Ok(report)
    }
}

/// Refuses a source that pgrole cannot write to, and a delivery for a source that it can write to.
fn check_source(
    run: &Run,
    rotation: &CredentialRotation,
    target: &Target,
    kept: &LoginSource,
    origin: &str,
) -> Result<(), Failure> {
    let can_write = match kept {
        LoginSource::Keyring(_) | LoginSource::Pgpass { .. } => true,
        LoginSource::Command(_) => !run.settings.credential.store_command.is_empty(),
        LoginSource::Elsewhere => false,
    };
    let cannot = |why: &str| {
        Failure::refused(format!(
            "cannot rotate the admin credential of {}: it comes from {origin}, {why}",
            target.name()
        ))
        .on(target)
    };
    match (can_write, &rotation.deliver) {
        (true, Some(_)) => Err(cannot("and goes back there").hint(
            "omit --deliver, which is for sources that pgrole cannot write to",
        )),
        (false, None) => Err(cannot("which pgrole cannot write to").hint(match kept {
            LoginSource::Command(_) => "set credential.store_command in the config file, a command that reads the login as a JSON object; \
                or choose where the new password goes: --deliver file:PATH, exec:COMMAND or stdout",
            _ => "choose where the new password goes: --deliver file:PATH, exec:COMMAND or stdout",
        })),
        _ => Ok(()),
    }
}

/// The holders of all logins that the selected targets use; the selected targets are queried for which server they are.
fn survey(
    run: &Run,
    rotation: &CredentialRotation,
    selected: &[Target],
) -> Result<(Vec<LoginHolder>, Vec<anyhow::Error>)> {
    let mut holders = Vec::new();
    for target in selected {
        let found = run.search_credential(target).credential(target)?;
        holders.push(holder(target, found, true));
    }
    for target in run.all_targets()? {
        let is_it = |selected: &Target| selected.name() == target.name();
        if !selected.iter().any(is_it) {
            let found = run.search_credential_silently(&target).found;
            holders.extend(found.map(|found| holder(&target, found, false)));
        }
    }
    let roles: Vec<_> = holders
        .iter()
        .filter(|holder| holder.is_selected)
        .map(|holder| holder.role.clone())
        .collect();
    holders.retain(|holder| roles.contains(&holder.role));
    let active = holders.iter().filter(|holder| holder.target.active);
    let targets: Vec<_> = active.map(|holder| holder.target.clone()).collect();
    let mut answers: Vec<_> = targets.iter().map(|_| None).collect();
    for_each_target(
        run,
        &targets,
        |target| {
            let is_selected = selected.iter().any(|one| one.name() == target.name());
            look_at(run, rotation.mode, (target, is_selected))
        },
        |place, answer| answers[place] = Some(answer),
    );
    let mut failed = Vec::new();
    for (target, answer) in targets.iter().zip(answers) {
        let place = holders.iter().position(|holder| holder.target == *target);
        let place = place.expect("they are the holders' targets");
        match answer {
            Some(Ok(seen)) => holders[place].seen = Some(seen),
            Some(Err(error)) if holders[place].is_selected => {
                failed.push(error);
                holders[place].is_selected = false;
            }
            Some(Err(_)) | None => {}
        }
    }
    Ok((holders, failed))
}

fn holder(target: &Target, found: Credential, is_selected: bool) -> LoginHolder {
    LoginHolder {
        target: target.clone(),
        role: RoleName::from_server(found.user),
        kept: found.kept,
        origin: found.origin,
        is_selected,
        seen: None,
    }
}

fn look_at(run: &Run, mode: Mode, (target, is_selected): (&Target, bool)) -> Result<Seen> {
    let mut act = Act::on(target, Operation::CredentialRotateSurvey, CANNOT);
    if is_selected {
        // A target that does not answer is not rotated. Of the other targets the survey only needs to know which server
        // they are.
        act = act.on_behalf_of(Operation::CredentialRotate, mode);
    }
    run.audited(&act, target, |server| {
        server.read(catalog::read_contact)?;
        let instance = server
            .instance()
            .cloned()
            .context("every read returns it")?;
        let cluster = server.cluster().map(str::to_owned);
        let done = Done {
            status: Status::ServerSeen,
            ..Done::default()
        };
        Ok((Seen { cluster, instance }, done))
    })
}

fn plan_change(
    run: &Run,
    rotation: &CredentialRotation,
    holder: &LoginHolder,
    holders: &[LoginHolder],
) -> Result<LoginChange, Failure> {
    let (members, others): (Vec<_>, Vec<_>) = holders
        .iter()
        .partition(|other| is_same_login(holder, other));
    for member in &members {
        let LoginHolder {
            target,
            kept,
            origin,
            ..
        } = member;
        check_source(run, rotation, target, kept, origin)?;
    }
    check_silent(holder, &others)?;
    let deliver = if let Some(deliver) = &rotation.deliver {
        deliver.clone()
    } else {
        let places = places(run, &members, &others)?;
        Deliveries::to(Destination::login_store(places), FileFormat::default())
    };
    let is_primary = |member: &&&LoginHolder| {
        let seen = member.seen.as_ref();
        member.is_selected && seen.is_some_and(|seen| !seen.instance.in_recovery)
    };
    let over = members
        .iter()
        .find(is_primary)
        .map_or(holder, |member| *member);
    Ok(LoginChange {
        target: over.target.clone(),
        role: holder.role.clone(),
        targets: members.iter().map(|member| member.target.clone()).collect(),
        deliver,
    })
}

/// Whether both use one role of one cluster. A copied cluster has the same identifier as the original, but separate
/// passwords from then on; a standby has those of its primary.
fn is_same_login(one: &LoginHolder, other: &LoginHolder) -> bool {
    // What was one cluster may be two by now: only answers count.
    let is_same_place = one.target.is_at_place_of(&other.target);
    let is_same_cluster = match (&one.seen, &other.seen) {
        (Some(one), Some(other)) if one.cluster == other.cluster => {
            let is_standby = one.instance.in_recovery || other.instance.in_recovery;
            one.instance.started_at == other.instance.started_at
                || (is_standby && one.cluster.is_some())
        }
        _ => false,
    };
    one.role == other.role && (is_same_place || is_same_cluster)
}

/// Refuses if a target that was on the login's cluster did not answer: it may or may not still be there, so its place
/// must neither keep the old password nor get the new one.
fn check_silent(holder: &LoginHolder, others: &[&LoginHolder]) -> Result<(), Failure> {
    let is_left_behind = |other: &&&LoginHolder| {
        other.seen.is_none()
            && other.target.active
            && other.role == holder.role
            && other.target.is_on_cluster_of(&holder.target)
    };
    let Some(other) = others.iter().find(is_left_behind) else {
        return Ok(());
    };
    let what = format!(
        "cannot rotate the admin credential of {}: {} was on the same server but does not answer, and would be left with the old password",
        holder.target.name(),
        other.target.name()
    );
    Err(Failure::refused(what).on(&holder.target).hint(format!(
        "try again when it answers; if it is gone for good: {}",
        on_target("pgrole registry disable -e {} -d {}", &other.target, &[])
    )))
}

/// Where the members keep their login, each place once, with entries of their own in place of one that others use.
fn places(
    run: &Run,
    members: &[&LoginHolder],
    others: &[&LoginHolder],
) -> Result<Vec<LoginPlace>, Failure> {
    let mut places = Vec::new();
    for member in members {
        let Target { env, database, .. } = &member.target;
        match &member.kept {
            LoginSource::Keyring(account) => {
                let is_shared = others.iter().any(|other| other.kept == member.kept);
                places.push(LoginPlace::Keyring(if is_shared {
                    Account::Target(env.clone(), database.clone())
                } else {
                    account.clone()
                }));
            }
            LoginSource::Pgpass { path, servers } => {
                places.extend(servers.iter().map(|(host, port)| LoginPlace::Pgpass {
                    path: path.clone(),
                    host: host.clone(),
                    port: *port,
                }));
            }
            LoginSource::Command(_) => {
                check_command(run, member, others)?;
                places.push(LoginPlace::Command(env.clone(), database.clone()));
            }
            LoginSource::Elsewhere => {}
        }
    }
    let mut distinct: Vec<LoginPlace> = Vec::new();
    for place in places {
        if !distinct.contains(&place) {
            distinct.push(place);
        }
    }
    Ok(distinct)
}

/// Refuses a command that would overwrite the login of another cluster.
fn check_command(run: &Run, member: &LoginHolder, others: &[&LoginHolder]) -> Result<(), Failure> {
    let stored = |holder: &LoginHolder| {
        let Target { env, database, .. } = &holder.target;
        let words = &run.settings.credential.store_command;
        command::fill(words, env.as_str(), database.as_str())
    };
    let is_shared = |other: &&&LoginHolder| {
        matches!(other.kept, LoginSource::Command(_))
            && (other.kept == member.kept || stored(other) == stored(member))
    };
    let Some(other) = others.iter().find(is_shared) else {
        return Ok(());
    };
    let what = format!(
        "the command that gives the admin credential of {} also gives that of {}, which is on another server",
        member.target.name(),
        other.target.name()
    );
    Err(Failure::refused(what).on(&member.target).hint(
        "make credential.command and credential.store_command tell them apart, with {env} and {database} in their arguments",
    ))
}

/// Entries whose targets have all got entries of their own.
fn unused(holders: &[LoginHolder], changes: &[LoginChange]) -> Vec<Account> {
    let mut unused: Vec<Account> = Vec::new();
    for holder in holders {
        let LoginSource::Keyring(account) = &holder.kept else {
            continue;
        };
        let is_left = |other: &LoginHolder| {
            let is_changed = |change: &LoginChange| change.targets.contains(&other.target);
            other.kept == holder.kept && !changes.iter().any(is_changed)
        };
        let place = LoginPlace::Keyring(account.clone());
        let is_written = |change: &LoginChange| {
            let mut each = change.deliver.each().iter();
            each.any(|one| one.destination.places().contains(&place))
        };
        let is_unused = !holders.iter().any(is_left) && !changes.iter().any(is_written);
        if is_unused && !unused.contains(account) {
            unused.push(account.clone());
        }
    }
    unused
}
