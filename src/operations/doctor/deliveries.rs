//! The files that passwords are delivered to: everybody may read none of them.

use crate::delivery::replace;
use crate::domain::destination::{Destination, Names};
use crate::operations::session::Session;
use crate::store::PlacedRole;

use super::Finding;

/// One finding for each file that is open to everybody; one for all, where none is.
pub fn examine(session: &Session) -> Vec<Finding> {
    let placed = match session.with_store(|store| store.list_placed_roles()) {
        Ok(placed) => placed,
        Err(error) => return vec![Finding::of("delivered file", "", &error)],
    };
    let mut files: Vec<_> = placed.iter().filter_map(file_of).collect();
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

fn file_of(role: &PlacedRole) -> Option<String> {
    let template: Destination = role.deliver.as_deref()?.parse().ok()?;
    let names = Names {
        env: &role.env,
        database: &role.database,
        hostname: &role.hostname,
        port: &role.port,
        username: &role.username,
    };
    match template.fill(&names).ok()? {
        Destination::File(path) | Destination::Pgpass(Some(path)) => Some(path),
        _ => None,
    }
}
