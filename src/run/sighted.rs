//! What answered in this run.

use crate::domain::target::cluster::Sighting;

/// What answered at a place, and the cluster that the place leads to.
pub struct SightedServer {
    pub sighting: Sighting,
    pub cluster_id: String,
}
