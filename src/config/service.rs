//! Where `pg_service.conf` is looked for, as in libpq (`parseServiceInfo` in `fe-connect.c`): `PGSERVICEFILE`, else
//! `~/.pg_service.conf`; then the folder `PGSYSCONFDIR`, else those that distributions compile in.

use std::fs;
use std::path::PathBuf;

use crate::domain::failure::Failure;
use crate::domain::target::service::{Service, ServiceName};
use crate::domain::variables::Variables;

/// Debian's, and that of PGDG's RPMs.
const SYSTEM_FOLDERS: [&str; 2] = ["/etc/postgresql-common", "/etc/sysconfig/pgsql"];

/// Finds a service: the user's own file wins over the system's.
///
/// # Errors
/// Usage, if there is no such service, with the files that were searched; if a file cannot be read or parsed.
pub fn find(variables: &Variables, name: &ServiceName) -> Result<Service, Failure> {
    let mut looked_in = Vec::new();
    for file in files(variables) {
        let shown = file.path.display().to_string();
        let text = match fs::read(&file.path) {
            Ok(text) => text,
            Err(_) if !file.must_be_there && !file.path.exists() => continue,
            Err(error) => {
                return Err(
                    Failure::usage(format!("cannot read the service file {shown}"))
                        .caused_by(error),
                );
            }
        };
        let found = Service::find(&text, name).map_err(|failure| {
            Failure::usage(format!("service \"{name}\" in {shown} cannot be used"))
                .caused_by(failure)
        })?;
        if let Some(service) = found {
            return Ok(service);
        }
        looked_in.push(shown);
    }
    let hint = if looked_in.is_empty() {
        "there is no pg_service.conf: neither PGSERVICEFILE nor ~/.pg_service.conf nor the system's file".to_owned()
    } else {
        format!("see the section names in {}", looked_in.join(" and "))
    };
    Err(Failure::usage(format!("unknown service \"{name}\"")).hint(hint))
}

struct ServiceFile {
    path: PathBuf,
    must_be_there: bool,
}

fn files(variables: &Variables) -> Vec<ServiceFile> {
    let own = match variables.text("PGSERVICEFILE") {
        Some(path) => Some(ServiceFile {
            path: PathBuf::from(path),
            must_be_there: true,
        }),
        None => etcetera::home_dir().ok().map(|home| ServiceFile {
            path: home.join(".pg_service.conf"),
            must_be_there: false,
        }),
    };
    let folders = match variables.text("PGSYSCONFDIR") {
        Some(folder) => vec![folder],
        None => SYSTEM_FOLDERS.to_vec(),
    };
    let systems = folders.into_iter().map(|folder| ServiceFile {
        path: PathBuf::from(folder).join("pg_service.conf"),
        must_be_there: false,
    });
    own.into_iter().chain(systems).collect()
}
