//! What pgrole asks a person at a terminal, how a question ends, and that nothing is asked without a terminal.

mod choosing;
mod init;
mod standing;
mod stopping;

use crate::harness::{Sandbox, Terminal};

/// A fleet that no server is behind.
fn fleet() -> Sandbox {
    let sandbox = Sandbox::new();
    for (env, database) in [
        ("dev", "myapp_dev"),
        ("dev", "shop_dev"),
        ("prod", "myapp_prod"),
        ("qa", "myapp_qa"),
    ] {
        let add = ["registry", "add", "-e", env, "-d", database, "-H"];
        let add = sandbox.pgrole(add).args(["127.0.0.1", "-p", "9"]);
        add.run().expect_status(0);
    }
    sandbox
}

fn in_terminal(sandbox: &Sandbox, arguments: &[&str], columns: u16) -> Terminal {
    sandbox
        .pgrole(arguments.iter().copied())
        .in_terminal(columns)
}
