//! The page of the config file, made from the commented file that `config init` writes.

use crate::commands::manual::page::Page;
use crate::config::template::{Section, sections};

/// `pgrole-config(5)`.
pub fn page() -> Page {
    let mut page = Page::new("pgrole-config", 5, "the config file of pgrole");
    page.section("description");
    page.paragraph(
        "The config file is TOML. It is `~/.config/pgrole/config.toml` (`pgrole/config.toml` in the XDG config \
         directory), or what `--config` or the variable `PGROLE_CONFIG` names. It need not exist: every setting has a \
         default. A setting that is not known is an error that names the nearest one.",
    );
    page.paragraph(
        "The file is used only if nobody but its owner and root can write it and its directory. It holds no \
         passwords; where a channel for notifications needs a secret, it says where that is kept.",
    );
    page.paragraph(
        "`pgrole config init` writes a file with all settings commented out, `pgrole config check` finds the mistakes \
         in one, and `pgrole config show` shows the values in force and where they come from.",
    );
    for section in sections() {
        add_section(&mut page, &section);
    }
    page.section("examples");
    page.literal(
        "environments = [\"dev\", \"live\"]\nprotected = [\"live\"]\n\n[password]\nvalid_for = \"90d\"\n\n\
         [profiles.report]\naccess = \"readonly\"\nconnection_limit = 5",
    );
    page
}

fn add_section(page: &mut Page, section: &Section) {
    match section.name {
        None => page.section("settings"),
        Some(name) => {
            page.subsection(&format!("[{}]", placeholder(name)));
            page.paragraph(&in_one_line(&section.about));
        }
    }
    for setting in &section.settings {
        let term = if setting.about.contains("Default:") {
            format!("`{}`", setting.name)
        } else {
            format!("`{}` = {}", setting.name, setting.value)
        };
        let about = match setting.about.as_str() {
            "" => "As above.",
            about => about,
        };
        page.item(&term, &in_one_line(about));
    }
}

/// The names in the file are examples of what may stand there.
fn placeholder(section: &str) -> String {
    let section = section.replace("report", "NAME").replace("team", "NAME");
    section.replace("env.prod", "env.ENV")
}

/// The file breaks its comments into lines.
fn in_one_line(about: &str) -> String {
    about.replace('\n', " ")
}
