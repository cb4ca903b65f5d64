//! The access report as one page: no script, nothing loaded, made to be printed on A4.

use crate::operations::report::access::AccessReport;

/// The page.
pub fn page(report: &AccessReport) -> String {
    format!("<!doctype html>{}", report.rows.len())
}
