//! The step of `pgrole init` that finds or adds a target.

use crate::commands::global::Context;
use crate::commands::init::{Place, Stopped, Walk};
use crate::domain::failure::Kind;
use crate::domain::target::address::{Hostname, Hosts};
use crate::domain::target::{DatabaseName, Environment};
use crate::operations::known::{known_targets, require_new_target};
use crate::operations::registry::entries::DEFAULT_PORT;
use crate::output::prompt;

/// How the connection is encrypted: the options, and what they mean.
const ENCRYPTIONS: [(&str, &str); 4] = [
    (
        "verify-full",
        "TLS, and the server's certificate is verified",
    ),
    (
        "verify-full, own CA",
        "the same, by a CA certificate in a file",
    ),
    ("require", "TLS, whoever the server is"),
    (
        "disable",
        "no TLS: passwords and data can be read on the way",
    ),
];
const VERIFY_FULL: usize = 0;
const OWN_CA: usize = 1;

impl Walk<'_> {
    /// A target that is there, else a new one.
    pub(super) fn find_target(&self, context: &Context) -> Result<Place, Stopped> {
        let known = known_targets(&context.run)?;
        let enabled = known.into_iter().filter(|target| target.is_active);
        let enabled: Vec<_> = enabled.collect();
        let chosen = match enabled.as_slice() {
            [] => return self.add_target(context),
            [only] => only,
            several => {
                let lines = several
                    .iter()
                    .map(|target| format!("{}/{}  {}", target.env, target.database, target.place));
                let lines: Vec<_> = lines.collect();
                let place = prompt::choose("target to go on with", &lines)?;
                &several[place.min(several.len() - 1)]
            }
        };
        let (env, database) = (&chosen.env, &chosen.database);
        self.say(&format!("{env}/{database} on {}", chosen.place));
        Ok(Place {
            env: Environment::new(env),
            database: database.parse().map_err(anyhow::Error::from)?,
        })
    }

    fn add_target(&self, context: &Context) -> Result<Place, Stopped> {
        loop {
            let (place, words) = self.ask_for_target(context)?;
            let words: Vec<_> = words.iter().map(String::as_str).collect();
            match self.run(&words) {
                Ok(()) => return Ok(place),
                Err(Stopped::Shown(kind)) if kind != Kind::Interrupted => {
                    if !prompt::go_on("enter it again?")? {
                        return Err(Stopped::Shown(kind));
                    }
                }
                Err(stopped) => return Err(stopped),
            }
        }
    }

    fn ask_for_target(&self, context: &Context) -> Result<(Place, Vec<String>), Stopped> {
        let settings = &context.run.settings;
        let names: Vec<_> = settings
            .environments
            .iter()
            .map(ToString::to_string)
            .collect();
        let chosen = prompt::choose("environment", &names)?;
        let env = &settings.environments[chosen.min(names.len() - 1)];
        let database: DatabaseName = self.ask_until_valid("database", None)?;
        require_new_target(&context.run, env.as_str(), database.as_str())?;
        let hosts: Hosts = self.ask_until_valid("host of its server", None)?;
        let port = settings.connection_defaults(env).port;
        let port = port.map_or(DEFAULT_PORT, i64::from).to_string();
        let given: u16 = self.ask_until_valid("port", Some(&port))?;
        let place = Place {
            env: env.clone(),
            database,
        };
        let [env, database] = place.names();
        let mut words = ["registry", "add", "-e", env, "-d", database]
            .map(str::to_owned)
            .to_vec();
        words.extend(["-H".to_owned(), hosts.to_string()]);
        if given.to_string() != port {
            words.extend(["-p".to_owned(), given.to_string()]);
        }
        if !hosts.iter().all(Hostname::is_local) {
            words.extend(ask_for_encryption()?);
        }
        Ok((place, words))
    }

    /// Asks until the text is valid.
    pub(super) fn ask_until_valid<T: std::str::FromStr>(
        &self,
        question: &str,
        default: Option<&str>,
    ) -> anyhow::Result<T>
    where
        T::Err: std::fmt::Display,
    {
        loop {
            let text = prompt::ask(question, default)?;
            match text.parse() {
                Ok(value) => return Ok(value),
                Err(_) if text.is_empty() => {}
                Err(reason) => self.say(&reason.to_string()),
            }
        }
    }
}

fn ask_for_encryption() -> anyhow::Result<Vec<String>> {
    let lines = ENCRYPTIONS.map(|(mode, meaning)| format!("{mode:19}  {meaning}"));
    let chosen = prompt::choose("encryption", &lines)?;
    Ok(match chosen {
        // The default for a server elsewhere.
        VERIFY_FULL => Vec::new(),
        OWN_CA => {
            let file = prompt::ask("file of the CA certificate", None)?;
            vec!["--sslrootcert".to_owned(), file]
        }
        other => vec!["--sslmode".to_owned(), ENCRYPTIONS[other].0.to_owned()],
    })
}
