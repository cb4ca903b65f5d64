//! The command line itself: formats, tables, exit statuses, help, generated files, the config file, questions.

mod arranging;
mod completion;
mod config;
mod config_file;
mod core_dumps;
mod escapes;
mod generated;
mod help;
mod home;
mod manual;
mod meant;
mod output;
mod progress;
mod questions;
mod schema;
mod steps;
mod tables;
mod usage;

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split_whitespace()
}
