//! `pgrole completions SHELL`: the script that a shell sources.

use anyhow::Result;
use clap::{Args, ValueEnum};

use crate::output::Ui;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  pgrole completions bash
  mkdir -p ~/.local/share/bash-completion/completions && pgrole completions bash > ~/.local/share/bash-completion/completions/pgrole
  mkdir -p ~/.zfunc && pgrole completions zsh > ~/.zfunc/_pgrole
  mkdir -p ~/.config/fish/completions && pgrole completions fish > ~/.config/fish/completions/pgrole.fish

bash without the package bash-completion: eval \"$(pgrole completions bash)\" in ~/.bashrc.
zsh: fpath=(~/.zfunc $fpath) and autoload -Uz compinit && compinit in ~/.zshrc.")]
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
    /// What the shell sources: the same for every machine, it asks the pgrole that is found on PATH.
    pub fn script(self) -> &'static str {
        match self {
            Self::Bash => include_str!("../../completions/pgrole.bash"),
            Self::Fish => include_str!("../../completions/pgrole.fish"),
            Self::Zsh => include_str!("../../completions/_pgrole"),
        }
    }

    /// The name under which the shell looks for it.
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Bash => "pgrole.bash",
            Self::Fish => "pgrole.fish",
            Self::Zsh => "_pgrole",
        }
    }
}

impl CompletionsArgs {
    pub fn run(self) -> Result<()> {
        Ui::show_text(self.shell.script())
    }
}
