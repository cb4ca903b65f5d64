//! `pgrole completions SHELL`: the script that a shell sources.

use anyhow::{Context, Result};
use clap::{Args, CommandFactory};
use clap_complete::Shell;

use crate::commands::Cli;
use crate::output::Ui;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  pgrole completions bash > ~/.local/share/bash-completion/completions/pgrole
  pgrole completions zsh > \"${fpath[1]}/_pgrole\"
  pgrole completions fish > ~/.config/fish/completions/pgrole.fish")]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

impl CompletionsArgs {
    pub fn run(self) -> Result<()> {
        Ui::show_text(&script(self.shell)?)
    }
}

/// The completion script for a shell.
///
/// # Errors
/// When the script is no UTF-8.
pub fn script(shell: Shell) -> Result<String> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "pgrole", &mut script);
    String::from_utf8(script).context("the completion script is not UTF-8")
}
