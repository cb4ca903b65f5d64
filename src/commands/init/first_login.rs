//! The last step of `pgrole init`: a login by profile.

use crate::commands::init::{Place, Stopped, Walk};
use crate::domain::role::profile::BUILT_IN;
use crate::operations::known::known_roles;
use crate::output::prompt;
use crate::run::targets::TargetSelection;

/// What the built-in profiles are for.
const PURPOSES: [&str; BUILT_IN.len()] = [
    "an application server: SERVERNAME_PORT, readwrite",
    "a Kubernetes deployment: PREFIX_FARMNAME, readwrite",
    "development and test: readwrite",
    "a lead developer: readwrite, and CREATE in the schemas",
    "an analyst: read-only",
    "a DBA: CREATEDB CREATEROLE",
];
const NOT_NOW: &str = "(not now)";

impl Walk<'_> {
    pub(super) fn make_login(&self, place: &Place) -> Result<(), Stopped> {
        let context = self.look()?;
        let selection = TargetSelection::within(&place.env, Some(&place.database));
        let roles = known_roles(&context.run, &selection)?;
        let made: Vec<_> = roles.iter().filter(|role| role.profile.is_some()).collect();
        if let Some(first) = made.first() {
            self.say(&format!("\"{}\" is there already", first.name));
            return Ok(());
        }
        let names = context.run.settings.profile_names();
        let mut lines: Vec<_> = names
            .iter()
            .map(|name| {
                let place = BUILT_IN.iter().position(|known| known == name);
                let purpose = place.map_or("from the config file", |place| PURPOSES[place]);
                format!("{name:9}  {purpose}")
            })
            .collect();
        lines.push(NOT_NOW.to_owned());
        let chosen = prompt::choose("profile", &lines)?;
        let Some(profile) = names.get(chosen) else {
            return Ok(());
        };
        let command: &[&str] = if BUILT_IN.contains(profile) {
            &["user", profile]
        } else {
            &["user", "create", "--profile", profile]
        };
        let [env, database] = place.names();
        self.run_until_done(&[command, &["-e", env, "-d", database]].concat())
    }
}
