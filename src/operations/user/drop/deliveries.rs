//! Where the password of a dropped role was delivered, and whether it is taken back from there.

use anyhow::Result;

use crate::delivery;
use crate::delivery::{LeavingLogin, Removal};
use crate::domain::act::operation::Operation;
use crate::domain::act::status::Status;
use crate::domain::password::deliveries::Delivery;
use crate::domain::password::placeholders::PlaceholderNames;
use crate::domain::role::RoleName;
use crate::domain::role::dual_mark::login_names;
use crate::domain::target::{Environment, Target};
use crate::operations::user::drop::preview::DropPreview;
use crate::operations::user::drop::report::DropReport;
use crate::operations::user::drop::request::{DeliveredPassword, DropRole};
use crate::password::remembered::{find_placed, read};
use crate::run::{Act, Done, Run};

/// The names that the role's passwords may be delivered under.
fn usernames(run: &Run, preview: &DropPreview, role: &RoleName) -> Result<Vec<RoleName>> {
    let found = run.with_store(|store| store.find_dual(&preview.cluster_id, role.as_str()))?;
    let logins = found.map(|_| login_names(role).to_vec());
    Ok(logins.unwrap_or_else(|| vec![role.clone()]))
}

/// Removes what is there under any of the names.
fn remove(
    run: &Run,
    delivery: &Delivery,
    target: &Target,
    usernames: &[RoleName],
) -> Result<Removal> {
    let mut all = Removal::Gone;
    for username in usernames {
        let login = LeavingLogin {
            target,
            username: username.as_str(),
        };
        match delivery::remove(delivery, login, run.resources(None))? {
            Removal::Removed => all = Removal::Removed,
            removal if all == Removal::Gone => all = removal,
            Removal::Gone | Removal::Left(_) => {}
        }
    }
    Ok(all)
}

/// Removes the password of a role that is gone from where it was delivered, if that was asked for; names the places either
/// way. What cannot be removed is a warning: the role cannot log in anyway.
///
/// # Errors
/// If the registry cannot be read.
pub fn settle_deliveries(
    run: &Run,
    wanted: &DropRole<'_>,
    preview: &DropPreview,
    report: &mut DropReport,
) -> Result<()> {
    let role = wanted.role;
    let Some(placed) = find_placed(run, &preview.target, role)? else {
        return Ok(());
    };
    let usernames = usernames(run, preview, role)?;
    let names = PlaceholderNames {
        env: &placed.env,
        database: &placed.database,
        hostname: &placed.hostname,
        port: &placed.port,
        username: &placed.username,
    };
    let deliveries =
        read(placed.deliver.as_deref(), placed.file_format.as_deref())?.fill(&names)?;
    let target = Target {
        env: Environment::new(&placed.env),
        hostname: placed.hostname.parse()?,
        port: placed.port.parse()?,
        ..preview.target.in_database(placed.database.parse()?)
    };
    for delivery in deliveries.each() {
        let place = delivery.destination.to_string();
        if delivery.destination.is_stdout() {
            continue;
        }
        if wanted.delivered == DeliveredPassword::Kept {
            report.deliveries_left.push(place);
            continue;
        }
        if !placed.is_recorded {
            report.warnings.push(format!(
                "the password of \"{role}\" is left at {place}: pgrole did not record that delivery itself"
            ));
            report.deliveries_left.push(place);
            continue;
        }
        let act = Act::on(
            &target,
            Operation::UserDrop,
            format!("cannot remove the password of \"{role}\""),
        )
        .role(role)
        .reason(wanted.reason);
        let removed = run.audited_run(&act, || {
            let removal = remove(run, delivery, &target, &usernames)?;
            let status = match removal {
                Removal::Removed => Status::SecretDeleted(place.clone()),
                Removal::Gone | Removal::Left(_) => Status::Unchanged,
            };
            let done = Done {
                status,
                ..Done::default()
            };
            Ok((removal, done))
        });
        match removed {
            Ok(Removal::Removed | Removal::Gone) => report.deliveries_removed.push(place),
            Ok(Removal::Left(why)) => {
                report.warnings.push(format!(
                    "the password of \"{role}\" is left at {place}: {why}"
                ));
                report.deliveries_left.push(place);
            }
            Err(error) => {
                report.warnings.push(format!(
                    "the password of \"{role}\" is left at {place}: {error:#}"
                ));
                report.deliveries_left.push(place);
            }
        }
    }
    Ok(())
}
