//! The servers that answered in this run.

use crate::domain::target::cluster::Sighting;

/// The server that answered at a place, and the cluster that the place belongs to.
pub struct ObservedServer {
    pub sighting: Sighting,
    pub cluster_id: String,
}
