//! The page of `report access`, looked at in a browser and on paper.

use std::fs;

use serde_json::json;

use super::browser::{Browser, Sheet, poppler};
use super::estate::{Estate, PLANTED};
use crate::harness::{skip_unless_superuser, variable};

#[test]
fn the_page_is_readable_on_a_screen_and_on_paper() {
    if skip_unless_superuser("hashes and superusers are planted and read") {
        return;
    }
    let Some(estate) = Estate::planted() else {
        return;
    };
    let folder = estate.sandbox.path().to_owned();
    let Some(browser) = Browser::new(&folder) else {
        return;
    };
    let page = folder.join("access.html");
    // The second has changes to show, with and without pgrole.
    estate
        .report(&["--html"])
        .args([&page])
        .run()
        .expect_status(0);
    estate.user(
        "lock",
        "amira",
        "shop_dev",
        &["--reason", "INC-4711 on leave"],
    );
    estate.sql(
        "billing_prod",
        "ALTER ROLE bi_reader SUPERUSER; CREATE ROLE over_the_wall LOGIN",
    );
    let long = "a_login_whose_name_is_as_long_as_a_name_may_be_63_bytes_in_all_";
    estate.sql("shop_prod", &format!("CREATE ROLE {long} LOGIN"));
    estate
        .report(&["--html"])
        .args([&page])
        .run()
        .expect_status(0);

    // On a screen of the usual width, as wide as paper, and on a narrow one.
    for width in [1160, 1032, 800] {
        let measured = browser.measured(&page, width);
        assert!(measured["texts"].as_u64() > Some(300), "{measured}");
        assert_eq!(measured["wide"], json!([]), "at {width}");
        assert_eq!(measured["faint"], json!([]), "at {width}");
        assert_eq!(measured["scroll"], 0, "at {width}");
        if width > 1000 {
            assert_eq!(measured["broken"], json!([]), "at {width}");
        }
    }
    let picture = browser.picture(&page, (1160, 3400));
    assert!(fs::metadata(&picture).expect("a picture").len() > 100_000);

    let pdf = browser.printed(&page);
    if let Some(kept) = variable("PGROLE_TEST_KEEP_PAGE") {
        for file in [&page, &picture, &pdf] {
            let name = file.file_name().expect("a name");
            fs::copy(file, std::path::Path::new(&kept).join(name)).expect("it can be kept");
        }
    }
    let facts = poppler("pdfinfo", &[], &pdf).stdout;
    assert!(facts.contains("(A4)"), "{facts}");
    let text = poppler("pdftotext", &["-layout"], &pdf).stdout;
    for (login, ..) in PLANTED {
        assert!(text.contains(login), "{login} is not printed");
    }
    for said in [
        "not by pgrole",
        "INC-4711",
        "given SUPERUSER",
        "acknowledged by management",
        "8.2.6",
    ] {
        assert!(text.contains(said), "{said} is not printed");
    }
    poppler("pdftoppm", &["-gray", "-r", "60"], &pdf);
    let mut sheets = 0;
    for entry in fs::read_dir(&folder).expect("our own folder") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|extension| extension == "pgm") {
            let sheet = Sheet::read(&path);
            assert!(
                sheet.width > sheet.height,
                "{} stands upright",
                path.display()
            );
            assert!(
                !sheet.is_inked_at_edge(20),
                "{} runs over its margin",
                path.display()
            );
            assert!(sheet.ink() > 0.00005, "{} is empty", path.display());
            sheets += 1;
        }
    }
    assert!((3..=9).contains(&sheets), "{sheets} sheets");
}
