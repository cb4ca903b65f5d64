//! `pgrole __generate`: rewrites `completions/`, and writes the manual, from the definition of the command line.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};
use clap_complete::Generator;

use crate::commands::completions;
use crate::commands::completions::Shell;
use crate::commands::manual;
use crate::operations::generated_file::write_generated;

#[derive(Debug, Args)]
pub struct GenerateArgs {
    /// What to write
    #[arg(value_enum)]
    kind: GeneratedKind,

    /// The directory to write to
    folder: PathBuf,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum GeneratedKind {
    Completions,
    Man,
}

impl GenerateArgs {
    pub fn run(self) -> Result<()> {
        match self.kind {
            GeneratedKind::Completions => Shell::value_variants().iter().try_for_each(|shell| {
                self.write(
                    &shell.generator().file_name("pgrole"),
                    &completions::script(*shell)?,
                )
            }),
            GeneratedKind::Man => manual::pages()
                .iter()
                .try_for_each(|page| self.write(&page.file_name(), &page.render())),
        }
    }

    fn write(&self, name: &str, text: &str) -> Result<()> {
        let path = self.folder.join(name);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)
                .with_context(|| format!("cannot create {}", folder.display()))?;
        }
        write_generated(&path, text)
    }
}
