//! What channels are told of locks and drops.

use crate::harness::HttpServer;
use crate::scene::Scene;

#[test]
fn locks_and_drops_are_told() {
    let server = HttpServer::start();
    let scene = Scene::new();
    let jane = scene.create("devqa", "jane");
    scene.sandbox.write_config(&format!(
        "[notify.hook]\nchannel = \"webhook\"\nurl = \"{}\"\nevents = [\"user locked\", \"user unlocked\", \"user dropped\"]\n",
        server.url("/hook")
    ));
    for verb in ["lock", "unlock", "drop"] {
        scene.user(verb, &[&jane.name]).run().expect_status(0);
    }
    server.wait_for(4);
    let told = server.requests();
    let told: Vec<_> = told
        .iter()
        .map(|request| request.json()["event"].to_string())
        .collect();
    let wanted = [
        "user locked",
        "user unlocked",
        "user locked",
        "user dropped",
    ];
    assert_eq!(told, wanted.map(|event| format!("\"{event}\"")));
}
