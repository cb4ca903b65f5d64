//! What is only shown or rehearsed changes nothing; a password may be printed.

use super::Shop;
use crate::scene::login;

#[test]
fn what_is_shown_or_rehearsed_changes_nothing() {
    let shop = Shop::new();
    let clean = shop.scene.snapshot();
    let shown = shop.create(&["--dry-run"]).run();
    let row = shown.expect_status(0).json();
    let statements = row["statements"].as_array().expect("a list");
    let both =
        [shop.login("a"), shop.login("b")].map(|login| format!("CREATE ROLE \"{login}\" NOLOGIN"));
    for wanted in both {
        let mut statements = statements.iter().filter_map(|sql| sql.as_str());
        assert!(statements.any(|sql| sql.starts_with(&wanted)), "{shown}");
    }
    let rehearsed = shop.create(&["--rehearse"]).run();
    assert_eq!(rehearsed.expect_status(0).json()["status"], "rehearsed");
    assert_eq!(shop.scene.snapshot(), clean);
    let shop = shop.created();
    let before = (shop.scene.snapshot(), shop.delivered().password);
    for (verb, mode) in [
        ("reset", "--dry-run"),
        ("reset", "--rehearse"),
        ("convert", "--dry-run"),
        ("convert", "--rehearse"),
    ] {
        let run = shop.scene.user(verb, &["-u", &shop.owner, mode]);
        let run = if verb == "convert" {
            run.args(["--single"])
        } else {
            run
        };
        run.run().expect_status(0);
        assert_eq!(
            (shop.scene.snapshot(), shop.delivered().password),
            before,
            "{verb} {mode}"
        );
    }
    assert_eq!(shop.journal(), "CLOSED");
}

#[test]
fn a_password_that_is_printed_comes_with_the_name_of_the_login() {
    let shop = Shop::new();
    let arguments = ["--profile", "app", "-u", &shop.owner, "--dual"];
    let created = shop.scene.user("create", &arguments).run();
    created.expect_status(0);
    let first = login(&created);
    assert_eq!(first.name, shop.login("a"));
    shop.acts(&first);
    let reset = shop
        .scene
        .user("reset", &["-u", &shop.owner, "--grace", "1h"])
        .run();
    reset.expect_status(0);
    let second = login(&reset);
    assert_eq!(second.name, shop.login("b"));
    shop.acts(&second);
    shop.acts(&first);
}
