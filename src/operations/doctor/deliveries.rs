//! The files that passwords are delivered to: none may be readable by every user.

use crate::delivery::replace;
use crate::domain::password::deliveries::Deliveries;
use crate::domain::password::destination::FileFormat;
use crate::domain::password::placeholders::PlaceholderNames;
use crate::run::Run;
use crate::store::PlacedRole;

use crate::operations::doctor::Finding;

/// One finding for each file that is open to every user; one for all if none is.
pub fn examine(run: &Run) -> Vec<Finding> {
    let placed = match run.with_store(|store| store.list_placed_roles()) {
        Ok(placed) => placed,
        Err(error) => return vec![Finding::of("delivered file", "", &error)],
    };
    let mut files: Vec<_> = placed.iter().flat_map(files_of).collect();
    files.sort();
    files.dedup();
    let findings: Vec<_> = files
        .iter()
        .filter_map(|file| {
            let detail = replace::openness(file.as_ref())?;
            let hint = format!("chmod o-rw {file}");
            Some(Finding::warning("delivered file", file.clone(), detail).hint(hint))
        })
        .collect();
    if findings.is_empty() && !files.is_empty() {
        let detail = format!("{} files, none open to every user", files.len());
        return vec![Finding::ok("delivered file", "", detail)];
    }
    findings
}

fn files_of(role: &PlacedRole) -> Vec<String> {
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
    let files = each.filter_map(|one| one.destination.path());
    files.map(str::to_owned).collect()
}
