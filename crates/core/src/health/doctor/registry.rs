//! The registry against the schemas, and domains that lead nowhere or to two tenants. A database without a registry has nothing to
//! compare.

use super::Finding;
use super::fleet::Fleet;
use crate::Result;
use crate::connection::Session;

/// `None` where there is no registry.
pub(super) async fn check(_session: &mut Session, _fleet: &Fleet) -> Result<Option<Vec<Finding>>> {
    Ok(None)
}
