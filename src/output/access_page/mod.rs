//! The access report as one page: no script, nothing loaded, made to be printed on A4. What stands out comes first, the
//! review at the end is signed by hand or filled in as CSV.

mod ages;
mod changes;
mod findings;
mod head;
mod markup;
mod matrix;
mod review;

use crate::operations::report::access::AccessReport;

const STYLE: &str = include_str!("page.css");

/// How the hatched bars of passwords of unknown age are drawn.
const HATCH: &str = "<svg width=\"0\" height=\"0\" style=\"position:absolute\" aria-hidden=\"true\"><defs><pattern id=\"h\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\"><rect width=\"6\" height=\"6\" fill=\"#fff\"/><rect width=\"2.4\" height=\"6\" fill=\"#b9bec3\"/></pattern></defs></svg>";

/// The page. Its policy lets a browser load nothing, and run nothing, whatever is in it.
pub fn page(report: &AccessReport) -> String {
    let sections = [
        head::draw(report),
        head::figures(report),
        head::gaps(report),
        findings::draw(report),
        matrix::draw(report),
        ages::draw(report),
        changes::draw(report),
        review::draw(report),
        head::foot(report),
    ];
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{}</title><style>{STYLE}</style></head><body>\n{HATCH}\n{}\n</body></html>\n",
        head::title(report),
        sections.join("\n")
    )
}
