//! Ctrl-C and SIGTERM in a run over many servers: one line says how many had answered, and the status is 130.

use super::{Scene, wait_until};
use crate::harness::{Cluster, Plan, Proxy};

/// A target that answers (`qa`) and one whose server has fallen silent (`dev`), with a password change that is still open.
/// Two servers: under two names of one, the silent name would be asked about, too, before the other is taken for it.
fn scene_with_silence(qa: &Cluster) -> (Scene<'static>, Proxy) {
    let proxy = Proxy::before(Cluster::shared());
    let mut scene = Scene::on_port(proxy.port());
    let role = scene.create("jane");
    let gate = scene.file("gate");
    let deliver = format!("exec:test -e {}", gate.display());
    let reset = scene.user("reset", &role, &["--deliver", &deliver]).run();
    reset.expect_status(8);
    scene.sandbox.register(qa, "qa", "postgres");
    proxy.always(Plan::BlackHole);
    (scene, proxy)
}

#[test]
fn a_fleet_command_that_is_stopped_says_how_many_had_answered() {
    let qa = Cluster::private(|it| it.setting("log_disconnections", "on"));
    let (scene, _proxy) = scene_with_silence(&qa);
    for (command, noun) in [
        (&["user", "find", "-u", "nobody"][..], "1 of 2 targets"),
        (&["user", "list"], "1 of 2 targets"),
        (&["registry", "check"], "1 of 2 targets"),
        (&["credential", "check"], "1 of 2 targets"),
        (&["notify", "expiring"], "1 of 2 servers"),
        (&["doctor"], "1 of 2 servers"),
        (&["recover", "run"], "0 of 1 password changes"),
    ] {
        for signal in ["INT", "TERM"] {
            // One intent for all targets; the one that answers is left again.
            let intents = || {
                let sql = "SELECT count(*) FROM audit_log WHERE stage = 'intent'";
                scene.query(sql).parse::<usize>().expect("a number")
            };
            let left = || qa.log().matches("disconnection: ").count();
            let (intents_before, left_before) = (intents(), left());
            let run = scene.sandbox.pgrole(command.iter().copied());
            let run = run.args(["--timeout", "60"]).spawn();
            let answers = usize::from(noun != "0 of 1 password changes");
            wait_until(|| intents() == intents_before + 1 && left() >= left_before + answers);
            wait_until(|| super::interrupted::catches_sigterm(run.id()));
            run.signal(signal);
            let ended = run.wait();
            let error = ended.expect_status(130).json_error()["error"].clone();
            assert_eq!(error["kind"], "interrupted");
            assert_eq!(
                error["message"],
                format!("interrupted: {noun} had answered"),
                "{command:?}"
            );
        }
    }
}

#[test]
fn ctrl_c_at_the_question_for_the_admin_password_is_no_refused_login() {
    let scene = Scene::new();
    for command in [
        &["user", "list"][..],
        &["user", "find", "-u", "x", "-e", "dev"],
    ] {
        let run = scene.sandbox.pgrole(command.iter().copied());
        let run = run
            .without_env("PG_ADMIN_PASS")
            .without_env("PG_ADMIN_USER");
        let mut terminal = run.in_terminal(120);
        terminal.expect("password of ");
        terminal.send_control('c');
        let (screen, status) = terminal.wait_status();
        assert_eq!(status, Some(130), "{screen}");
        assert!(screen.contains("interrupted: 0 of 1 targets"), "{screen}");
    }
}
