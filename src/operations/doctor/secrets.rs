//! Where secrets come from and are kept: the keyring, the sources of the admin credential, the sealing key.

use crate::credentials::{describe, os_keyring, pgpass, sealing_key};
use crate::domain::password::login_place::Account;
use crate::domain::settings::CredentialSource;
use crate::domain::target::Target;
use crate::run::Run;

use crate::operations::doctor::files;
use crate::operations::doctor::files::AccessRule;
use crate::operations::doctor::{Finding, Severity};

/// Looks in the keyring for the accounts of these targets and their environments.
pub fn examine(run: &Run, targets: &[Target]) -> Vec<Finding> {
    let mut accounts = vec![Account::Default];
    let environments = run.settings.environments.iter().cloned();
    accounts.extend(environments.map(Account::Environment));
    let of_target = |target: &Target| Account::Target(target.env.clone(), target.database.clone());
    accounts.extend(targets.iter().map(of_target));
    let keyring = os_keyring::examine(&accounts);
    let mut findings = vec![describe_keyring(&keyring)];
    findings.extend(examine_sources(run, &keyring));
    if let Some(pgpass) = pgpass::path(&run.variables) {
        findings.extend(files::examine("pgpass mode", &pgpass, AccessRule::Secret));
    }
    findings.push(examine_sealing_key(run, keyring.outcome.is_ok()));
    findings.extend(files::examine(
        "sealing key mode",
        &run.key_file,
        AccessRule::Secret,
    ));
    findings
}

fn describe_keyring(keyring: &os_keyring::Examined) -> Finding {
    let took = format!("after {} ms", keyring.took.as_millis());
    let failure = match &keyring.outcome {
        Ok(accounts) if accounts.is_empty() => {
            let detail = format!("answers, has no logins of pgrole, {took}");
            return Finding::ok("keyring", "", detail);
        }
        Ok(accounts) => {
            let detail = format!("works, has the logins for {}, {took}", accounts.join(", "));
            return Finding::ok("keyring", "", detail);
        }
        Err(failure) => failure,
    };
    let reason = failure.message.trim_start_matches("keyring: ");
    let detail = format!("{reason}, {took}");
    if reason.starts_with("not running") {
        // This is normal on a host without a desktop.
        return Finding::ok("keyring", "", detail);
    }
    let finding = Finding::warning("keyring", "", detail);
    if reason == "locked" {
        return finding
            .hint("gnome-keyring-daemon --replace --unlock   (or log in to the desktop)");
    }
    finding.hint("to do without it, set sources = [\"environment\", \"systemd\", \"command\", \"pgpass\"] under [credential] in the config file")
}

/// A row for each source, and an extra one if none is set up: then pgrole can log in to no server.
fn examine_sources(run: &Run, keyring: &os_keyring::Examined) -> Vec<Finding> {
    let mut is_any_set_up = false;
    let mut findings = Vec::new();
    for source in &run.settings.credential.sources {
        let state = match source {
            CredentialSource::Keyring => describe_logins(keyring),
            _ => describe(*source, &run.settings.credential, &run.variables),
        };
        is_any_set_up |= state.is_ok();
        let detail = match state {
            Ok(origin) => format!("set up: {origin}"),
            Err(reason) => format!("not set up: {reason}"),
        };
        let name = source.as_str();
        findings.push(Finding::ok("credential source", name, detail));
    }
    if !is_any_set_up {
        findings.push(
            Finding::warning(
                "credential source",
                "",
                "none is set up: only targets that need no password can be used (a Unix socket, a client certificate)",
            )
            .hint("pgrole credential set -e ENV -U ROLE"),
        );
    }
    findings
}

/// The logins that the keyring has; else why it gives none.
fn describe_logins(keyring: &os_keyring::Examined) -> Result<String, String> {
    match &keyring.outcome {
        Ok(accounts) if accounts.is_empty() => Err("no entry".to_owned()),
        Ok(accounts) => Ok(accounts.join(", ")),
        Err(failure) => {
            let reason = failure.message.trim_start_matches("keyring: ");
            let in_short = reason.split(" (").next();
            Err(in_short.unwrap_or(reason).to_owned())
        }
    }
}

fn examine_sealing_key(run: &Run, keyring_works: bool) -> Finding {
    let file = &run.key_file;
    let subject = file.display().to_string();
    if !keyring_works && !file.exists() {
        let detail =
            "no such file, and the keyring cannot be queried: the next password change creates one";
        return Finding::ok("sealing key", subject, detail);
    }
    match sealing_key::find(file) {
        Ok(Some(key)) if file.exists() => Finding::ok(
            "sealing key",
            subject,
            format!("in the file (key {})", key.id()),
        ),
        Ok(Some(key)) => Finding::ok(
            "sealing key",
            subject,
            format!("in the keyring (key {})", key.id()),
        ),
        Ok(None) => Finding::ok(
            "sealing key",
            subject,
            "none yet: the first password change creates it",
        ),
        Err(error) => Finding {
            status: Severity::Error,
            ..Finding::of("sealing key", subject, &error)
        },
    }
}
