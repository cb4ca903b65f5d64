//! The step of `pgrole init` that finds the admin credential, or says how to keep one.

use crate::commands::init::{Place, Stopped, Walk};
use crate::credentials::Glance;
use crate::domain::role::RoleName;
use crate::operations::credential::sought::{SoughtLogin, seek_login};
use crate::operations::credential::stored::require_keyring;
use crate::output::prompt;

/// Where a login can be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Keeping {
    Keyring,
    Pgpass,
    Variables,
    Systemd,
    Command,
    Nowhere,
}

const KEEPINGS: [(Keeping, &str); 6] = [
    (
        Keeping::Keyring,
        "keyring    this desktop's; pgrole stores it there",
    ),
    (
        Keeping::Pgpass,
        ".pgpass    the file that psql reads passwords from, too",
    ),
    (
        Keeping::Variables,
        "variables  PG_ADMIN_USER and PG_ADMIN_PASS, as in CI",
    ),
    (
        Keeping::Systemd,
        "systemd    a credential of a unit, for timers",
    ),
    (
        Keeping::Command,
        "command    a program that prints it, such as a vault's",
    ),
    (Keeping::Nowhere, "nowhere    it is asked for each time"),
];

impl Walk<'_> {
    pub(super) fn find_login(&self, place: &Place) -> Result<(), Stopped> {
        let sought = self.seek(place)?;
        if let Glance::Found(origin) = &sought.glance {
            self.say(&format!("found: {origin}"));
            return Ok(());
        }
        let keyring = require_keyring();
        if let Err(failure) = &keyring {
            // What the bus says is in parentheses.
            let in_short = failure.message.split(" (").next();
            self.say(in_short.unwrap_or_default());
        }
        let is_offered =
            |keeping: &(Keeping, &str)| keyring.is_ok() || keeping.0 != Keeping::Keyring;
        let offered: Vec<_> = KEEPINGS.into_iter().filter(is_offered).collect();
        let lines: Vec<_> = offered.iter().map(|(_, line)| (*line).to_owned()).collect();
        let chosen = prompt::choose("where to keep the login", &lines)?;
        let chosen = offered
            .get(chosen)
            .map_or(Keeping::Nowhere, |(keeping, _)| *keeping);
        match chosen {
            Keeping::Keyring => self.keep_in_keyring(place, &sought),
            Keeping::Pgpass => self.keep_in_pgpass(place, &sought),
            Keeping::Nowhere => {
                let user = &sought.user;
                self.say(&format!(
                    "the password of \"{user}\" is asked for at each login"
                ));
                Ok(())
            }
            elsewhere => {
                for line in explanation(elsewhere, place) {
                    self.say(&line);
                }
                Err(Stopped::ByChoice)
            }
        }
    }

    fn seek(&self, place: &Place) -> anyhow::Result<SoughtLogin> {
        seek_login(&self.look()?.run, &place.env, &place.database)
    }

    fn keep_in_keyring(&self, place: &Place, sought: &SoughtLogin) -> Result<(), Stopped> {
        let user: RoleName = self.ask_until_valid("role to log in as", Some(&sought.user))?;
        let env = place.env.as_str();
        self.run_until_done(&["credential", "set", "-e", env, "-U", user.as_str()])
    }

    /// The line is written by the person, who alone knows the password, and what else is in the file.
    fn keep_in_pgpass(&self, place: &Place, sought: &SoughtLogin) -> Result<(), Stopped> {
        let user: RoleName = self.ask_until_valid("role to log in as", Some(&sought.user))?;
        let [env, database] = place.names();
        if user.as_str() != sought.user {
            let update = ["registry", "update", "-e", env, "-d", database];
            self.run(&[&update[..], &["--admin-user", user.as_str()]].concat())?;
        }
        loop {
            self.say(&format!(
                "put this into {} (chmod 0600), with the password:",
                sought.pgpass
            ));
            for line in sought.pgpass_lines(user.as_str()) {
                self.say(&line);
            }
            if !prompt::go_on("is it there?")? {
                return Err(Stopped::ByChoice);
            }
            match self.seek(place)?.glance {
                Glance::Found(origin) => {
                    self.say(&format!("found: {origin}"));
                    return Ok(());
                }
                _ => self.say("it is not found there yet"),
            }
        }
    }
}

/// What to do where pgrole itself can do nothing.
fn explanation(keeping: Keeping, place: &Place) -> Vec<String> {
    let env = &place.env;
    let lines: &[&str] = match keeping {
        Keeping::Variables => &[
            "set both, then go on:",
            "export PG_ADMIN_USER=ROLE",
            "read -rs PG_ADMIN_PASS && export PG_ADMIN_PASS",
        ],
        Keeping::Systemd => &[
            "in the unit that runs pgrole, a file with {\"user\":…,\"password\":…}:",
            "LoadCredential=pgrole.{env}:/etc/pgrole/{env}.json",
        ],
        _ => &[
            "in the config file, a program that prints {\"user\":…,\"password\":…}:",
            "[credential]",
            "command = [\"vault-dba\", \"--env\", \"{env}\"]",
        ],
    };
    lines
        .iter()
        .map(|line| line.replace("{env}", env.as_str()))
        .collect()
}
