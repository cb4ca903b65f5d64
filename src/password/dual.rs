//! The part of the protocol that dual logins have beyond others: the login is the owner's, nothing is delivered before that
//! is proven, and after the delivery the incoming login becomes the current one (docs/dual.md).

use anyhow::Result;

use crate::domain::act::plan::Change;
use crate::domain::command_line::pasteable;
use crate::domain::failure::{Failure, Kind, sqlstate_of};
use crate::domain::password::change::{ChangeState, DualChange};
use crate::domain::role::RoleName;
use crate::domain::role::dual_mark::{DualLogin, DualMark, DualStep};
use crate::domain::role::dual_plan::{self, Admission};
use crate::domain::role::dual_state::DualState;
use crate::domain::timestamp::Timestamp;
use crate::password::close::discard_remains;
use crate::password::open_change::OpenChange;
use crate::password::probe::PasswordProof;
use crate::run::TargetSession;
use crate::run::login_state::apply;
use crate::server::duals::read_dual;
use crate::wire::first_answer::FirstAnswer;

/// How often a transaction is planned again because the comment has changed.
const PLANS: u32 = 3;

impl OpenChange<'_> {
    /// Logs in as the incoming login. What is not proven is taken out of force again, before anything is delivered.
    pub(super) fn prove_dual(&mut self, server: &mut TargetSession<'_>) -> Result<()> {
        let proof = self.try_password(self.run.timeout);
        self.accept(server, proof)
    }

    /// Goes on with what a login said.
    ///
    /// # Errors
    /// Refused, where the login does not act as its owner; then it is NOLOGIN again.
    pub(super) fn accept(
        &mut self,
        server: &mut TargetSession<'_>,
        proof: PasswordProof,
    ) -> Result<()> {
        let why = match proof {
            PasswordProof::Proven => return Ok(()),
            PasswordProof::CannotTell(why) => {
                self.warn_unverified(why);
                return Ok(());
            }
            PasswordProof::NotLetIn(why) if self.is_kept_out_anyway(server)? => {
                self.warn_unverified(why);
                return Ok(());
            }
            PasswordProof::NotLetIn(why) | PasswordProof::ActsOtherwise(why) => why,
            PasswordProof::Refuted => "the server refuses its new password".to_owned(),
        };
        self.refuse_incoming(server, &why)
    }

    fn warn_unverified(&self, why: String) {
        let change = &self.change;
        self.run
            .warn_unverified(&change.target, change.login(), why);
    }

    /// Whether `pg_hba.conf` lets nobody of these log in from here, so that it says nothing of the application's host.
    fn is_kept_out_anyway(&self, server: &mut TargetSession<'_>) -> Result<bool> {
        let (owner, database) = (&self.change.role, &self.change.target.database);
        let state = server.read(|connection| read_dual(connection, owner))?;
        let current = state.mark(owner).ok().and_then(|mark| mark.current);
        let Some(current) = current else {
            return Ok(true);
        };
        let answer = server.first_answer(&current.name(owner), database);
        Ok(matches!(answer, Ok(Some(FirstAnswer::Refuses { .. }))))
    }

    /// Takes the password out of force, and ends the change.
    fn refuse_incoming(&mut self, server: &mut TargetSession<'_>, why: &str) -> Result<()> {
        let owner = self.change.role.clone();
        let id = self.change.operation_id.clone();
        transact(server, &owner, |state| {
            let Ok(mark) = state.mark(&owner) else {
                return Ok(Vec::new());
            };
            if !mark.is_of(&id) {
                return Ok(Vec::new());
            }
            Ok(dual_plan::take_back(&owner, state, &mark)?)
        })?;
        discard_remains(self.run, &self.change);
        self.leave(ChangeState::Refused, Some(why.to_owned()));
        self.note_state(server)?;
        let login = self.change.login();
        Err(Failure::refused(format!(
            "\"{login}\" cannot be used instead of the present login of \"{owner}\": {why}; nothing was delivered, and \"{login}\" is NOLOGIN again"
        ))
        .hint("mend that, and run the command again (docs/dual.md, \"The login proof\")")
        .into())
    }

    /// Sends the byte-identical verifier once more: nobody uses this login yet.
    pub(super) fn admit_again(&mut self, server: &mut TargetSession<'_>) -> Result<()> {
        let owner = self.change.role.clone();
        let login = DualLogin::of_name(&owner, self.change.login());
        let admission = Admission {
            login: login.unwrap_or(DualLogin::Owner),
            verifier: &self.contents.verifier,
            valid_until: self.change.valid_until,
            operation_id: &self.change.operation_id,
        };
        transact(server, &owner, |state| {
            Ok(dual_plan::admit_again(&owner, state, &admission)?)
        })
    }

    /// Makes the login that was delivered the current one: the grace time of the other begins.
    ///
    /// # Errors
    /// Exit status 8: it was delivered and is valid, and the other one stays so.
    pub(super) fn switch_over(
        &self,
        server: &mut TargetSession<'_>,
        dual: &DualChange,
    ) -> Result<()> {
        self.switch(server, dual).map_err(|error| {
            let login = self.change.login();
            let show = pasteable("pgrole recover show {}", &[&self.change.operation_id]);
            Failure::new(
                Kind::Undelivered,
                format!("\"{login}\" was delivered, but is not yet the current login"),
            )
            .hint(format!(
                "both logins are valid; to go on: pgrole recover run (details: {show})"
            ))
            .caused_by(error)
            .into()
        })
    }

    fn switch(&self, server: &mut TargetSession<'_>, dual: &DualChange) -> Result<()> {
        let (owner, id) = (&self.change.role, &self.change.operation_id);
        transact(server, owner, |state| {
            let mark = state.mark(owner)?;
            if !mark.is_of(id) {
                let what =
                    format!("somebody else has changed the dual logins of \"{owner}\" since");
                return Err(Failure::new(Kind::Busy, what).into());
            }
            let switched = mark.switched(state.now()?, dual.grace)?;
            let plan = switched.map(|switched| dual_plan::switch(owner, state, switched));
            Ok(plan.transpose()?.unwrap_or_default())
        })?;
        self.run
            .with_store(|store| store.note_switched(&self.change, Timestamp::now()))?;
        self.note_state(server)
    }

    /// Notes in the registry what the server says by now.
    pub(super) fn note_state(&self, server: &mut TargetSession<'_>) -> Result<()> {
        let owner = &self.change.role;
        let state = server.read(|connection| read_dual(connection, owner))?;
        let Ok(mark) = state.mark(owner) else {
            return Ok(());
        };
        let cluster_id = self.run.cluster_id_of(&self.change.target)?;
        self.run
            .with_store(|store| store.note_dual(&cluster_id, owner, &mark, Timestamp::now()))
    }
}

/// What a change finds on the server that was cut off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// The transaction did not happen, or somebody has undone it.
    NotOurs,
    /// The password is in force, and nothing was switched.
    Incoming,
    /// It is the current login.
    Switched,
}

/// Where a change stands, by the comment on the owner.
pub(super) fn standing(mark: Option<&DualMark>, operation_id: &str) -> Standing {
    match mark.filter(|mark| mark.is_of(operation_id)) {
        None => Standing::NotOurs,
        Some(mark) if matches!(mark.step, DualStep::Incoming(_)) => Standing::Incoming,
        Some(_) => Standing::Switched,
    }
}

/// Reads, plans and runs one transaction, and plans again where the comment has changed meanwhile.
fn transact(
    server: &mut TargetSession<'_>,
    owner: &RoleName,
    mut plan: impl FnMut(&DualState) -> Result<Vec<Change>>,
) -> Result<()> {
    let mut plans_left = PLANS;
    loop {
        plans_left -= 1;
        let state = server.read(|connection| read_dual(connection, owner))?;
        let mut changes = plan(&state)?;
        if changes.is_empty() {
            return Ok(());
        }
        changes.insert(0, Change::CommitDurably);
        match apply(server, &changes, state.version) {
            Err(error) if plans_left > 0 && sqlstate_of(&error) == Some("22012") => {}
            applied => return applied,
        }
    }
}
