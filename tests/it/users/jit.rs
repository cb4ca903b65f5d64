//! Readings of the catalogs are planned as expensive and run in milliseconds: to compile them takes seconds.

use crate::harness::{Cluster, servers};
use crate::scene::Scene;

#[test]
fn no_reading_is_compiled() {
    let lib = servers::of_this_run().bindir.join("../lib");
    if ["llvmjit.so", "auto_explain.so"]
        .iter()
        .any(|module| !lib.join(module).exists())
    {
        servers::skip("no JIT, or no auto_explain, for this server");
        return;
    }
    let cluster = Cluster::private(|c| {
        [
            "jit_above_cost",
            "jit_inline_above_cost",
            "jit_optimize_above_cost",
        ]
        .into_iter()
        .fold(c, |c, name| c.setting(name, "0"))
        .setting("jit", "on")
        .setting("session_preload_libraries", "auto_explain")
        .setting("auto_explain.log_min_duration", "0")
        .setting("auto_explain.log_analyze", "on")
    });
    let scene = Scene::on(&cluster);
    let compiled = || {
        let log = cluster.log();
        let plans = log.split("Query Text: ").skip(1);
        let ours = plans.filter(|plan| plan.starts_with("SELECT json_build_object('cluster'"));
        let (with, all) = ours.fold((0, 0), |(with, all), plan| {
            (with + usize::from(plan.contains("JIT:")), all + 1)
        });
        assert!(all > 0, "the log shows too little");
        with
    };
    scene.psql("SELECT count(*) FROM pg_class");
    assert!(
        cluster.log().contains("JIT:"),
        "the server compiles nothing"
    );
    for command in ["registry check", "credential check", "user list"] {
        scene.pgrole(command, &[]).run().expect_status(0);
    }
    assert_eq!(compiled(), 0);
}
