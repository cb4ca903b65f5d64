//! The files that passwords are delivered to: none may be readable by every user, unless only its receiver can open it;
//! then the receiver must be known, and the file's folder there.

use std::collections::BTreeMap;
use std::path::Path;

use crate::delivery::{check_receivers, replace};
use crate::domain::password::deliveries::Deliveries;
use crate::domain::password::destination::{Destination, FileFormat};
use crate::domain::password::placeholders::PlaceholderNames;
use crate::run::Run;
use crate::store::PlacedRole;

use crate::operations::doctor::Finding;

/// One finding for each file that is open to every user, and for each reason why a file cannot be encrypted; one for all
/// if there is none.
pub fn examine(run: &Run) -> Vec<Finding> {
    let placed = match run.with_store(|store| store.list_placed_roles()) {
        Ok(placed) => placed,
        Err(error) => return vec![Finding::of("delivered file", "", &error)],
    };
    let of_role = |role| destinations_of(role).into_iter().map(move |it| (role, it));
    let (encrypted, plain): (Vec<_>, Vec<_>) = placed
        .iter()
        .flat_map(of_role)
        .partition(|(_, destination)| destination.receivers().is_some());
    let mut findings = examine_plain(plain.iter().filter_map(|(_, it)| it.path()));
    findings.extend(examine_encrypted(run, &encrypted));
    findings
}

fn examine_plain<'a>(files: impl Iterator<Item = &'a str>) -> Vec<Finding> {
    let mut files: Vec<_> = files.collect();
    files.sort_unstable();
    files.dedup();
    let findings: Vec<_> = files
        .iter()
        .filter_map(|file| {
            let detail = replace::openness(file.as_ref())?;
            let hint = format!("chmod o-rw {file}");
            Some(Finding::warning("delivered file", *file, detail).hint(hint))
        })
        .collect();
    if findings.is_empty() && !files.is_empty() {
        let detail = format!("{} files, none open to every user", files.len());
        return vec![Finding::ok("delivered file", "", detail)];
    }
    findings
}

/// Many roles may share what is wrong: it is said once, with the first of them.
fn examine_encrypted(run: &Run, files: &[(&PlacedRole, Destination)]) -> Vec<Finding> {
    let mut wrong: BTreeMap<String, (Finding, usize)> = BTreeMap::new();
    for (role, destination) in files {
        let path = Path::new(destination.path().unwrap_or_default());
        let checked = check_receivers(destination, &run.settings.recipients)
            .and_then(|()| replace::check(path));
        if let Err(error) = checked {
            let finding = Finding::of("encrypted file", role.username.clone(), &error);
            let (_, count) = wrong.entry(finding.detail.clone()).or_insert((finding, 0));
            *count += 1;
        }
    }
    if wrong.is_empty() && !files.is_empty() {
        let detail = format!("{} files, whose receivers are known", files.len());
        return vec![Finding::ok("encrypted file", "", detail)];
    }
    let findings = wrong.into_values().map(|(finding, count)| {
        if count == 1 {
            return finding;
        }
        let detail = format!("{} (and so for {} more)", finding.detail, count - 1);
        finding.detail(detail)
    });
    findings.collect()
}

fn destinations_of(role: &PlacedRole) -> Vec<Destination> {
    let names = PlaceholderNames {
        env: &role.env,
        database: &role.database,
        hostname: &role.hostname,
        port: &role.port,
        username: &role.username,
    };
    let template = role
        .deliver
        .as_deref()
        .and_then(|deliver| Deliveries::read(deliver, FileFormat::default()).ok());
    let deliveries = template.and_then(|template| template.fill(&names).ok());
    let each = deliveries.iter().flat_map(Deliveries::each);
    each.map(|one| one.destination.clone()).collect()
}
