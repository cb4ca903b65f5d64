//! `pgrole completions SHELL`: the script that a shell sources.

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};

use crate::commands::Cli;
use crate::commands::deferred::whole;
use crate::output::Ui;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  pgrole completions bash > ~/.local/share/bash-completion/completions/pgrole
  pgrole completions zsh > \"${fpath[1]}/_pgrole\"
  pgrole completions fish > ~/.config/fish/completions/pgrole.fish")]
pub struct CompletionsArgs {
    /// The shell to complete for
    #[arg(value_enum)]
    shell: Shell,
}

/// The shells of the systems that pgrole runs on.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Shell {
    Bash,
    Fish,
    Zsh,
}

impl Shell {
    pub fn generator(self) -> clap_complete::Shell {
        match self {
            Self::Bash => clap_complete::Shell::Bash,
            Self::Fish => clap_complete::Shell::Fish,
            Self::Zsh => clap_complete::Shell::Zsh,
        }
    }
}

impl CompletionsArgs {
    pub fn run(self) -> Result<()> {
        Ui::show_text(&script(self.shell)?)
    }
}

/// The completion script for a shell.
///
/// # Errors
/// If the script is not UTF-8.
pub fn script(shell: Shell) -> Result<String> {
    let mut script = Vec::new();
    clap_complete::generate(
        shell.generator(),
        &mut whole::<Cli>(),
        "pgrole",
        &mut script,
    );
    String::from_utf8(script).context("the completion script is not UTF-8")
}
