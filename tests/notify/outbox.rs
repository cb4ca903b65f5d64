//! What waits, for how long, and that nothing is sent twice.

use super::Scene;
use super::harness::{Answer, HttpServer};

#[test]
fn what_was_not_taken_is_sent_by_a_later_run_when_its_time_has_come() {
    let server = HttpServer::start();
    let scene = Scene::with_webhook(&server, "");
    server.answer([Answer::status("500 Internal Server Error")]);
    let role = scene.area.role("jane");
    let created = scene.user("readonly", &role).run();
    created.expect_status(0);
    created.expect_stderr(
        "{\"warning\":\"a notification to \\\"team\\\" waits: 127.0.0.1 answers 500 Internal Server Error; a later run tries again, or: pgrole notify flush\"}\n",
    );
    assert_eq!(scene.outbox(), "pending 1");
    scene.user("find", &role).run().expect_status(0);
    assert_eq!(server.requests().len(), 1, "its time has not come");
    scene.let_time_pass();
    scene
        .user("find", &role)
        .run()
        .expect_status(0)
        .expect_stderr("");
    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    assert_eq!(requests[0].body, requests[1].body);
    assert_eq!(scene.outbox(), "sent 2");
}
