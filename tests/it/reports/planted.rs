//! What is planted on four servers is found, and nothing else is; in each format, and on the page.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;

use super::access::{row_on, rows, summary};
use super::estate::{DATABASES, Estate, FORMULA, PLANTED, SCRIPT, planted};
use crate::harness::skip_unless_superuser;

const WHY: &str = "hashes and superusers are planted and read";

/// What a report found: login, target and finding.
fn found(rows: &[Value]) -> BTreeSet<(String, String, String)> {
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let mut found = BTreeSet::new();
    for row in rows {
        let target = format!("{}/{}", text(&row["env"]), text(&row["database"]));
        for finding in row["findings"].as_array().expect("a list") {
            found.insert((text(&row["login"]), target.clone(), text(finding)));
        }
    }
    found
}

#[test]
fn what_is_planted_on_four_servers_is_found_and_nothing_else() {
    if skip_unless_superuser(WHY) {
        return;
    }
    let Some(estate) = Estate::planted() else {
        return;
    };
    let outcome = estate.report(&[]).run();
    outcome.expect_status(0);
    let found = found(&rows(&outcome));
    let planted = planted();
    assert!(planted.len() >= 30);
    let missing: Vec<_> = planted.difference(&found).collect();
    let invented: Vec<_> = found.difference(&planted).collect();
    assert!(
        missing.is_empty() && invented.is_empty(),
        "missing: {missing:#?}\ninvented: {invented:#?}"
    );
    let summary = summary(&outcome);
    assert_eq!(summary["coverage"]["answered"], 4);
    let kinds: BTreeSet<_> = PLANTED.iter().map(|(_, _, kind)| *kind).collect();
    let groups = summary["findings"].as_array().expect("a list");
    assert_eq!(groups.len(), kinds.len(), "{summary}");
    // Two of these have one name on two servers.
    let superusers = groups.iter().find(|group| group["kind"] == "superuser");
    assert_eq!(superusers.expect("one")["logins"], 2, "{summary}");
    assert_eq!(summary["figures"]["superusers"], 6, "{summary}");
    assert_eq!(summary["figures"]["few_administrators"], 3, "{summary}");

    let level = |login: &str, database: &str| {
        let row = row_on(&outcome, login, database);
        format!(
            "{}{}",
            row["level"].as_str().unwrap_or_default(),
            if row["creates"] == true { "+" } else { "" }
        )
    };
    for (login, database, wanted) in [
        ("amira", "shop_dev", "ddl+"),
        ("analyst01", "shop_dev", "readonly+"),
        ("chidi", "shop_qa", "ddl+"),
        ("devs_q", "shop_qa", "readwrite"),
        ("tester", "shop_qa", "none+"),
        ("legacy_etl", "shop_prod", "readwrite"),
        ("gone_home", "shop_prod", "readonly"),
        ("legacy_report", "billing_prod", "readonly"),
        ("sre_root", "billing_prod", "superuser"),
        ("postgres", "billing_prod", "superuser+"),
        (SCRIPT, "billing_prod", "none"),
    ] {
        let found = level(login, database);
        assert_eq!(
            found.trim_end_matches('+'),
            wanted.trim_end_matches('+'),
            "{login}"
        );
        if login != "sre_root" {
            assert_eq!(found, wanted, "{login} on {database}");
        }
    }
    let jane = row_on(&outcome, "dba_jane", "shop_qa");
    assert_eq!(jane["gives_itself"], true, "{jane}");
    assert_eq!(jane["reason"], "on call", "{jane}");
    let jane = row_on(&outcome, "dba_jane", "billing_prod");
    assert_eq!(jane["gives_itself"], false, "{jane}");
    assert_eq!(
        row_on(&outcome, "gone_home", "shop_prod")["status"],
        "locked"
    );

    the_files_say_the_same(&estate);
}

/// CSV has a line for each row and no formula; the page has each login, and no markup but its own.
fn the_files_say_the_same(estate: &Estate) {
    let page = estate.sandbox.path().join("access.html");
    let outcome = estate
        .report(&["--format", "csv", "--html"])
        .args([&page])
        .run();
    outcome.expect_status(0);
    let mut reader = csv::Reader::from_reader(outcome.stdout.as_bytes());
    let header = reader.headers().expect("a header").clone();
    let lines: Vec<_> = reader.records().map(Result::unwrap).collect();
    let of = |line: &csv::StringRecord, key: &str| {
        let place = header.iter().position(|name| name == key);
        line.get(place.expect(key)).expect(key).to_owned()
    };
    let in_csv: BTreeSet<_> = lines
        .iter()
        .flat_map(|line| {
            let target = format!("{}/{}", of(line, "env"), of(line, "database"));
            let login = of(line, "login");
            let login = login.strip_prefix('\'').unwrap_or(&login).to_owned();
            let findings = of(line, "findings");
            let findings: Vec<_> = findings.split("; ").map(str::to_owned).collect();
            findings
                .into_iter()
                .filter(|finding| !finding.is_empty())
                .map(move |finding| (login.clone(), target.clone(), finding))
        })
        .collect();
    assert_eq!(in_csv, planted());
    for line in &lines {
        for field in line {
            let is_number = field.parse::<f64>().is_ok();
            assert!(
                is_number || !field.starts_with(['=', '+', '-', '@']),
                "{field}"
            );
        }
        assert_eq!(of(line, "decision"), "");
    }
    let formula = format!("'{FORMULA}");
    assert!(lines.iter().any(|line| of(line, "login") == formula));

    let html = fs::read_to_string(&page).expect("it was written");
    assert!(!html.contains("<script"), "a name is markup");
    assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    for loaded in [
        "src=",
        "href=",
        "url(http",
        "@import",
        "<link",
        "onload",
        "javascript:",
    ] {
        assert!(!html.contains(loaded), "{loaded}");
    }
    for (_, database, _) in DATABASES {
        assert!(html.contains(database), "{database}");
    }
    for (login, ..) in PLANTED
        .iter()
        .filter(|(login, ..)| !login.contains(['<', '=']))
    {
        assert!(html.contains(&format!("<b>{login}</b>")), "{login}");
    }
    let mode = fs::metadata(&page).expect("it is there");
    assert_eq!(
        std::os::unix::fs::PermissionsExt::mode(&mode.permissions()) & 0o777,
        0o600
    );
}
