//! Seal: the password is on disk, sealed, before anything is sent.

use anyhow::{Context, Result};
use rand::rngs::SysRng;

use crate::credentials::sealing_key;
use crate::delivery::Sink;
use crate::domain::password::change::PasswordChange;
use crate::domain::password::scram::{DEFAULT_ITERATIONS, Verifier};
use crate::domain::password::sealing::{Contents, SealingKey};
use crate::domain::timestamp::Timestamp;
use crate::password::NewPassword;
use crate::password::open_change::OpenChange;
use crate::password::sole_holder;
use crate::run::{Run, TargetSession};

/// The key that seals, made where there is none.
pub(super) fn sealing_key(run: &Run) -> Result<SealingKey> {
    if let Some(key) = sealing_key::find(&run.key_file)? {
        return Ok(key);
    }
    // Of two that make one at the same time, one would seal with a key that the other has replaced.
    let _lock = run.lock("sealing-key")?;
    sealing_key::find_or_create(&run.key_file)
}

impl<'a> OpenChange<'a> {
    /// Puts the sealed password on record, as of a change whose statement may be on its way: it is sent next, and no second
    /// sync stands between. When this returns it is on disk; nothing was sent.
    ///
    /// # Errors
    /// Then nothing was changed.
    pub fn seal(
        server: &TargetSession<'a>,
        stdout: Option<&'a dyn Sink>,
        change: PasswordChange,
        (password, verifier): (&NewPassword, Verifier),
        previous_verifier: Option<Verifier>,
    ) -> Result<Self> {
        let run = server.run();
        let key = sealing_key(run)?;
        // Until the change is in the journal, where whoever else wants the file finds it.
        let _claims = sole_holder::claim(run, &change)
            .with_context(|| format!("cannot deliver to {}", change.destination.in_words()))?;
        let contents = Contents {
            password: password.secret().clone(),
            verifier,
            previous_verifier,
        };
        let sealed = key.seal(&contents, &change.associated_data(&key.id()), &mut SysRng)?;
        let lock = run.start_apply(&change, &key.id(), &sealed)?;
        Ok(Self {
            run,
            stdout,
            change,
            contents,
            known: password.to_report().is_none(),
            locks: vec![lock],
            pending_end: server.pending_end.clone(),
            can_login: None,
        })
    }

    /// Seals a new password in the place of the one that was refused.
    pub(super) fn take_another_password(&mut self) -> Result<()> {
        let password = NewPassword::new(None, self.run.settings.password_length)?;
        let iterations = self.contents.verifier.iterations();
        let contents = Contents {
            password: password.secret().clone(),
            verifier: password.verifier(iterations.unwrap_or(DEFAULT_ITERATIONS), None)?,
            previous_verifier: self.contents.previous_verifier.take(),
        };
        let key = sealing_key(self.run)?;
        let sealed = key.seal(
            &contents,
            &self.change.associated_data(&key.id()),
            &mut SysRng,
        )?;
        let id = &self.change.operation_id;
        self.run
            .with_store(|store| store.reseal_change(id, &key.id(), &sealed, Timestamp::now()))?;
        self.contents = contents;
        Ok(())
    }
}
