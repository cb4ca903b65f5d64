//! What a person decides about a placed role without a new password: its term and its profile.

use anyhow::Result;
use rusqlite::params;

use crate::store::Store;

impl Store {
    /// Records the term and the profile of a placed role, by cluster and name; `None` leaves either as it is.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn set_terms(
        &mut self,
        (cluster_id, username): (&str, &str),
        term: Option<&str>,
        profile: Option<&str>,
    ) -> Result<()> {
        self.write(|transaction| {
            transaction.execute(
                "UPDATE placed_role SET term = coalesce(?3, term), profile = coalesce(?4, profile)
                 WHERE cluster_id = ?1 AND username = ?2",
                params![cluster_id, username, term, profile],
            )?;
            Ok(())
        })
    }
}
