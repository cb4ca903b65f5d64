//! `pgrole __generate`: rewrites `completions/` and `docs/json.md`, and writes the manual, from the command line and the results.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};

use crate::commands::completions::Shell;
use crate::commands::manual;
use crate::commands::schema;
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
    /// `docs/json.md`
    Documents,
    Man,
}

impl GenerateArgs {
    pub fn run(self) -> Result<()> {
        match self.kind {
            GeneratedKind::Completions => Shell::value_variants()
                .iter()
                .try_for_each(|shell| self.write(shell.file_name(), shell.script())),
            GeneratedKind::Documents => self.write("json.md", &schema::page()),
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
