//! What can be chosen for an argument: from the registry and the config file, never from a server.

use anyhow::Result;

use crate::commands::asking::draft::Draft;
use crate::commands::global::Context;
use crate::domain::counted::counted;
use crate::domain::target::Environment;
use crate::operations::known::{
    KnownTarget, known_roles, known_targets, located_roles, require_new_target,
};

const ANOTHER_NAME: &str = "(another name)";

/// What there is to choose from for one command.
pub struct Choices<'a> {
    pub draft: &'a Draft,
    pub context: &'a Context,
}

/// How an argument is answered.
pub enum Found {
    /// There is nothing to choose from.
    Nothing,
    /// The only choice, which is not asked for but told.
    Only {
        question: String,
        value: String,
        remark: String,
    },
    Several(Several),
    /// The question that any text answers.
    Typed(String),
}

/// Choices, each with remarks.
pub struct Several {
    pub question: String,
    pub values: Vec<String>,
    remarks: Vec<String>,
    /// Whether another value can be typed.
    is_open: bool,
}

impl Found {
    pub fn several(question: &str, values: Vec<String>) -> Self {
        Self::Several(Several {
            question: question.to_owned(),
            remarks: vec![String::new(); values.len()],
            values,
            is_open: false,
        })
    }

    fn closed(question: &str, mut choices: Vec<(String, String)>) -> Self {
        match choices.len() {
            0 => Self::Nothing,
            1 => {
                let (value, remark) = choices.remove(0);
                Self::Only {
                    question: question.to_owned(),
                    value,
                    remark,
                }
            }
            _ => {
                let (values, remarks) = choices.into_iter().unzip();
                Self::Several(Several {
                    question: question.to_owned(),
                    values,
                    remarks,
                    is_open: false,
                })
            }
        }
    }
}

impl Several {
    /// The choices as columns; the last is to type another value, if that is allowed.
    pub fn lines(&self) -> Vec<String> {
        let width = |value: &String| value.chars().count();
        let widest = self.values.iter().map(width).max().unwrap_or_default();
        let lines = self.values.iter().zip(&self.remarks);
        let lines = lines.map(|(value, remark)| format!("{value:widest$}  {remark}"));
        let mut lines: Vec<_> = lines.map(|line| line.trim_end().to_owned()).collect();
        if self.is_open {
            lines.push(ANOTHER_NAME.to_owned());
        }
        lines
    }
}

impl Choices<'_> {
    /// Checks the target that was named or chosen, before anything else is asked.
    ///
    /// # Errors
    /// If the command cannot be run there.
    pub fn require_usable_target(&self) -> Result<()> {
        let selection = self.draft.selection();
        let Some((env, database)) = selection.only_one() else {
            return Ok(());
        };
        if self.draft.is_new_target() {
            return require_new_target(&self.context.run, env, database);
        }
        if self.draft.needs_target() {
            let env = Environment::new(env);
            self.context.run.target(&env, &database.parse()?)?;
        }
        Ok(())
    }

    /// The environments that have targets; for a new target all.
    pub fn environments(&self) -> Result<Found> {
        let targets = self.targets()?;
        let settings = &self.context.run.settings;
        let mut choices = Vec::new();
        for env in &settings.environments {
            let count = targets.iter().filter(|target| target.env == env.as_str());
            let count = count.count();
            if count == 0 && !self.draft.is_new_target() {
                continue;
            }
            let mut remark = counted(count, "target");
            if settings.is_protected(env) {
                remark += ", protected";
            }
            choices.push((env.to_string(), remark));
        }
        Ok(Found::closed("environment", choices))
    }

    /// The databases of the environment; for a new target any.
    pub fn databases(&self) -> Result<Found> {
        let env = self.draft.env();
        if let Some(env) = &env {
            self.context.run.settings.check_environment(env)?;
        }
        let question = match &env {
            Some(env) => format!("database in {env}"),
            None => "database".to_owned(),
        };
        if self.draft.is_new_target() {
            return Ok(Found::Typed(question));
        }
        let choices = self.targets()?.into_iter().map(|target| {
            let remark = remark(&target);
            (target.database, remark)
        });
        Ok(Found::closed(&question, choices.collect()))
    }

    /// The targets that fit what was given, and the command.
    fn targets(&self) -> Result<Vec<KnownTarget>> {
        let mut targets = known_targets(&self.context.run)?;
        let selection = self.draft.selection();
        if self.draft.is_new_target() {
            return Ok(targets);
        }
        targets.retain(|target| selection.fits(&target.env, &target.database));
        if self.draft.is("registry", &["enable"]) {
            targets.retain(|target| !target.is_active);
        } else if self.draft.is("registry", &["disable"]) {
            targets.retain(|target| target.is_active);
        }
        Ok(targets)
    }

    /// All profiles.
    pub fn profiles(&self) -> Found {
        let names = self.context.run.settings.profile_names();
        let names = names.into_iter().map(str::to_owned).collect();
        Found::several("profile", names)
    }

    /// The roles that were last seen on the targets that were named, or any other name; a new one is typed.
    pub fn roles(&self) -> Result<Found> {
        if self.draft.is_new_role() {
            return Ok(Found::Typed("name of the new role".to_owned()));
        }
        let question = "role".to_owned();
        let run = &self.context.run;
        let selection = self.draft.selection();
        // Two roles to compare may be on two targets.
        let is_apart = self.draft.is("user", &["compare"]) && selection.only_one().is_none();
        let roles = if is_apart {
            located_roles(run)?
        } else {
            known_roles(run, &selection)?
        };
        if roles.is_empty() {
            return Ok(Found::Typed(question));
        }
        let roles = roles.into_iter();
        let (values, remarks) = roles
            .map(|role| (role.name, role.profile.unwrap_or_default()))
            .unzip();
        Ok(Found::Several(Several {
            question,
            values,
            remarks,
            is_open: true,
        }))
    }
}

fn remark(target: &KnownTarget) -> String {
    let mut remark = target.place.clone();
    if target.is_protected {
        remark += ", protected";
    }
    if !target.is_active {
        remark += ", disabled";
    }
    remark
}
