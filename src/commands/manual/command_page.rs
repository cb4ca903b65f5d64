//! The pages of commands: `pgrole(1)`, and one for each of its nouns and verbs, whose subcommands are its parts.

use clap::builder::StyledStr;
use clap::{Arg, Command};

use crate::commands::Cli;
use crate::commands::deferred::whole;
use crate::commands::manual::page::Page;
use crate::commands::manual::places::{FILES, VARIABLES};
use crate::domain::failure::EXIT_STATUSES;

/// `pgrole(1)` first.
pub fn pages() -> Vec<Page> {
    let mut program = whole::<Cli>().disable_help_subcommand(true);
    program.build();
    let mut pages = vec![program_page(&mut program)];
    pages.extend(program.get_subcommands_mut().map(command_page));
    pages
}

fn program_page(program: &mut Command) -> Page {
    let mut page = Page::new("pgrole", 1, lower_first(&about(program)));
    page.section("synopsis");
    add_usage(&mut page, program);
    page.section("description");
    page.paragraph(&description(program));
    page.paragraph("The commands, each with a page of its own:");
    for command in program.get_subcommands() {
        let name = format!("`pgrole-{}`(1)", command.get_name());
        page.item(&name, &sentence(&about(command)));
    }
    page.section("options");
    page.paragraph("Every command accepts these, before or after its name.");
    program
        .get_arguments()
        .for_each(|arg| add_argument(&mut page, arg));
    add_exit_statuses(&mut page);
    page.section("environment");
    for arg in program.get_arguments() {
        if let (Some(variable), Some(long)) = (arg.get_env(), arg.get_long()) {
            let variable = format!("`{}`", variable.to_string_lossy());
            let meaning =
                format!("Stands for `--{long}`. Set to the empty string, it counts as unset.");
            page.item(&variable, &meaning);
        }
    }
    for (name, meaning) in VARIABLES {
        page.item(name, meaning);
    }
    page.section("files");
    for (name, meaning) in FILES {
        page.item(name, meaning);
    }
    page.section("examples");
    add_examples(&mut page, program);
    page
}

fn command_page(command: &mut Command) -> Page {
    let name = format!("pgrole-{}", command.get_name());
    let mut page = Page::new(name, 1, lower_first(&about(command)));
    page.section("synopsis");
    for_each_part(command, |part| add_usage(&mut page, part));
    page.section("description");
    page.paragraph(&description(command));
    for note in notes(command) {
        page.paragraph(&note);
    }
    for part in command.get_subcommands() {
        let text = [vec![description(part)], notes(part)].concat();
        page.item(&format!("`{}`", full_name(part)), &text.join("\n\n"));
    }
    page.section("options");
    page.paragraph(
        "The options of every command, such as `--format` and `--yes`, are in `pgrole`(1).",
    );
    let has_parts = command.has_subcommands();
    for_each_part(command, |part| {
        let mut own = part.get_arguments().filter(|arg| is_own(arg)).peekable();
        if own.peek().is_some() && has_parts {
            page.subsection(&full_name(part));
        }
        own.for_each(|arg| add_argument(&mut page, arg));
    });
    add_exit_statuses(&mut page);
    for_each_part(command, |part| {
        for note in own_statuses(part) {
            page.item(&format!("`{}`", full_name(part)), &note);
        }
    });
    page.section("environment");
    page.paragraph("`PGROLE_REGISTRY`, `PGROLE_CONFIG`, `PG_ADMIN_USER`, `PG_ADMIN_PASS` and others: see `pgrole`(1).");
    page.section("files");
    page.paragraph("The config file, the registry and the keys: see `pgrole`(1).");
    page.section("examples");
    for_each_part(command, |part| add_examples(&mut page, part));
    page
}

/// What can be run: the command itself, where it needs no subcommand, and its subcommands.
fn for_each_part(command: &mut Command, mut act: impl FnMut(&mut Command)) {
    if !command.is_subcommand_required_set() {
        act(command);
    }
    command.get_subcommands_mut().for_each(act);
}

/// `pgrole user drop`.
fn full_name(command: &Command) -> String {
    command
        .get_bin_name()
        .unwrap_or(command.get_name())
        .to_owned()
}

fn about(command: &Command) -> String {
    command
        .get_about()
        .map(StyledStr::to_string)
        .unwrap_or_default()
}

fn description(command: &Command) -> String {
    let long = command.get_long_about().or(command.get_about());
    sentence(&long.map(StyledStr::to_string).unwrap_or_default())
}

/// Help texts end without a full stop, paragraphs with one.
fn sentence(text: &str) -> String {
    if text.is_empty() || text.ends_with(['.', '!', '?', ':']) {
        text.to_owned()
    } else {
        format!("{text}.")
    }
}

/// For NAME, whose descriptions begin in lower case.
fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|letter| letter.to_ascii_lowercase());
    first.into_iter().chain(letters).collect()
}

fn add_usage(page: &mut Page, command: &mut Command) {
    let name = full_name(command);
    let usage = command.render_usage().to_string();
    for form in usage.lines() {
        let form = form.trim_start_matches("Usage:").trim();
        let marked = match form.strip_prefix(&name) {
            Some(rest) => format!("`{name}`{rest}"),
            None => form.to_owned(),
        };
        page.paragraph(&marked);
    }
}

/// Whether it is of this command alone.
fn is_own(arg: &Arg) -> bool {
    !arg.is_global_set()
        && !arg.is_hide_set()
        && !["help", "version"].contains(&arg.get_id().as_str())
}

fn add_argument(page: &mut Page, arg: &Arg) {
    let names = arg.get_value_names().unwrap_or_default();
    let values = names
        .iter()
        .map(|name| format!("<{name}>"))
        .collect::<Vec<_>>()
        .join(" ");
    let takes_values = arg.get_num_args().is_some_and(|count| count.takes_values());
    let short = arg.get_short().map(|short| format!("`-{short}`"));
    let long = arg.get_long().map(|long| format!("`--{long}`"));
    let flags: Vec<_> = short.into_iter().chain(long).collect();
    let term = match (flags.is_empty(), takes_values) {
        (true, _) => values,
        (false, true) => format!("{} {values}", flags.join(", ")),
        (false, false) => flags.join(", "),
    };
    page.item(&term, &meaning(arg, takes_values));
}

fn meaning(arg: &Arg, takes_values: bool) -> String {
    let help = arg.get_long_help().or(arg.get_help());
    let mut text = sentence(&help.map(StyledStr::to_string).unwrap_or_default());
    let values = arg.get_possible_values();
    let values = values.iter().filter(|value| !value.is_hide_set());
    let values: Vec<_> = values
        .map(|value| match value.get_help() {
            Some(help) => format!(
                "`{}` ({})",
                value.get_name(),
                lower_first(&help.to_string())
            ),
            None => format!("`{}`", value.get_name()),
        })
        .collect();
    if takes_values && !values.is_empty() {
        text += &format!(" Values: {}.", values.join(", "));
    }
    let defaults = arg.get_default_values();
    if takes_values && !defaults.is_empty() {
        let defaults: Vec<_> = defaults
            .iter()
            .map(|value| value.to_string_lossy())
            .collect();
        text += &format!(" Default: `{}`.", defaults.join(","));
    }
    text
}

fn add_exit_statuses(page: &mut Page) {
    page.section("exit status");
    for (status, meaning) in EXIT_STATUSES {
        page.item(&format!("`{status}`"), &sentence(&upper_first(meaning)));
    }
}

fn upper_first(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

/// The examples of its help.
fn add_examples(page: &mut Page, command: &Command) {
    for part in parts_of_help(command).filter(|part| part.starts_with(EXAMPLES)) {
        let examples: Vec<_> = part
            .lines()
            .skip(1)
            .map(|line| line.get(2..).unwrap_or(line))
            .collect();
        page.literal(&examples.join("\n"));
    }
}

/// What its help says below the examples.
fn notes(command: &Command) -> Vec<String> {
    let notes = parts_of_help(command);
    let is_note = |part: &String| !part.starts_with(EXAMPLES) && !part.starts_with(STATUSES);
    notes.filter(is_note).collect()
}

/// What its help says of its own exit statuses.
fn own_statuses(command: &Command) -> Vec<String> {
    let parts = parts_of_help(command);
    parts
        .filter_map(|part| part.strip_prefix(STATUSES).map(str::to_owned))
        .collect()
}

const EXAMPLES: &str = "Example";
const STATUSES: &str = "Exit status: ";

/// The parts of what stands below the options, which are divided by empty lines.
fn parts_of_help(command: &Command) -> impl Iterator<Item = String> {
    let help = command
        .get_after_help()
        .map(StyledStr::to_string)
        .unwrap_or_default();
    let parts: Vec<_> = help
        .split("\n\n")
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect();
    parts.into_iter()
}
