//! Reads an owner and its dual logins.

use anyhow::Result;
use tokio_postgres::types::Type;

use crate::domain::role::RoleName;
use crate::domain::role::dual_mark::login_names;
use crate::domain::role::dual_state::DualState;
use crate::server::catalog::{Guarded, read_names};
use crate::wire::connection::{Connection, NameEncoding};

/// Reads the owner, its two logins, and the server's clock.
///
/// # Errors
/// If the server cannot be queried.
pub fn read_dual(connection: &mut Connection, owner: &RoleName) -> Result<Guarded<DualState>> {
    let [first, second] = login_names(owner);
    let names = [owner.as_str(), first.as_str(), second.as_str()];
    let names = names.as_slice();
    read_names(
        connection,
        ("the dual logins", include_str!("sql/dual.sql")),
        &[(&names, Type::TEXT_ARRAY)],
        NameEncoding::OfCluster,
    )
}
