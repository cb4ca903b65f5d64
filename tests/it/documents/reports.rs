//! docs/reports.md: what is reported, reviewed and locked.

use super::{Expected, Fleet, Page};
use crate::harness::skip_unless_superuser;

const EXPECTED: &[Expected] = &[
    Expected::prints("pgrole report access -e prod --format csv", ""),
    Expected::prints("pgrole report accept", "*keep*maria*"),
    Expected::prints("pgrole rotate --hash md5", "*\"summary\"*"),
];

/// Fills in a reviewer's columns of the first row.
fn reviewed(text: &str) -> String {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().expect("a header").clone();
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&header).expect("it can be written");
    for (number, record) in reader.records().enumerate() {
        let record = record.expect("a record");
        let fields = header.iter().zip(&record).map(|(name, field)| match name {
            "decision" if number == 0 => "keep",
            "owner" if number == 0 => "dba team",
            _ => field,
        });
        writer.write_record(fields).expect("it can be written");
    }
    let bytes = writer.into_inner().expect("it can be written");
    String::from_utf8(bytes).expect("a text")
}

#[test]
fn the_page_runs_as_printed() {
    if skip_unless_superuser("only they read how passwords are stored") {
        return;
    }
    let fleet = Fleet::registered(&["myapp_dev"], &["myapp_prod"]);
    let prod = fleet.prod.as_ref().expect("it was started");
    fleet.typed("pgrole user readonly -e dev -d myapp_dev -u jane --deliver file:jane");
    Page::new("docs/reports.md").typed(&fleet, EXPECTED, |command| {
        if command.contains("report accept") {
            let text = fleet.text_of("review.csv");
            fleet.write("review.csv", &reviewed(&text));
        }
        if command.contains("--logins-from") {
            fleet.write("postgresql.log", &prod.log());
        }
    });
    assert!(
        fleet
            .text_of("access.html")
            .contains("Who can log in where")
    );
}
