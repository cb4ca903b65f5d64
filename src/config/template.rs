//! The commented config file that `config init` writes: each setting with what it means and its default, commented out.
//! The manual page and the documents say the same as it does.

/// The file.
pub const TEMPLATE: &str = include_str!("template.toml");

/// A section of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// `None` for what precedes the first section.
    pub name: Option<&'static str>,
    pub about: String,
    pub settings: Vec<DescribedSetting>,
}

/// A setting as the file describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DescribedSetting {
    pub name: &'static str,
    /// As TOML; its default, or an example.
    pub value: &'static str,
    pub about: String,
}

/// The sections of the file.
pub fn sections() -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    let mut about: Vec<&str> = Vec::new();
    for line in TEMPLATE.lines() {
        if line.is_empty() {
            if sections.is_empty() {
                let head = std::mem::take(&mut about).join("\n");
                sections.push(Section {
                    name: None,
                    about: head,
                    settings: Vec::new(),
                });
            }
            continue;
        }
        let line = line.trim_start_matches('#');
        match (line.strip_prefix(' '), line.strip_prefix('[')) {
            (Some(words), _) => about.push(words),
            (None, Some(rest)) => sections.push(Section {
                name: rest.strip_suffix(']'),
                about: std::mem::take(&mut about).join("\n"),
                settings: Vec::new(),
            }),
            (None, None) => {
                let setting = line.split_once(" = ").zip(sections.last_mut());
                if let Some(((name, value), section)) = setting {
                    section.settings.push(DescribedSetting {
                        name,
                        value,
                        about: std::mem::take(&mut about).join("\n"),
                    });
                }
            }
        }
    }
    sections
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::config::parse;
    use crate::domain::settings::Settings;

    /// The file with every setting in force.
    fn uncommented() -> String {
        let lines = TEMPLATE.lines().map(|line| match line.strip_prefix('#') {
            Some(setting) if !setting.is_empty() && !setting.starts_with(' ') => setting,
            _ => line,
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn every_setting_can_be_uncommented() {
        let settings = parse(&uncommented()).expect("the file is valid");
        let defaults = Settings::default();
        assert_eq!(settings.environments, defaults.environments);
        assert_eq!(settings.protected, defaults.protected);
        assert_eq!(settings.password_length, defaults.password_length);
        assert_eq!(settings.credential.sources, defaults.credential.sources);
        assert_eq!(settings.give_up_after, defaults.give_up_after);
        assert_eq!(settings.channels.len(), 1);
        assert!(parse(TEMPLATE).is_ok());
    }

    #[test]
    fn every_setting_is_in_the_file() {
        for section in sections() {
            let name = section.name.unwrap_or_default();
            // The settings that a section knows are in the error of one that it does not.
            let wrong = match name {
                "" => "wrong = 1".to_owned(),
                name => format!("[{name}]\nwrong = 1"),
            };
            let refused = parse(&wrong).expect_err("it has no such setting");
            if name.starts_with("notify.") || name == "recipients" {
                continue;
            }
            let known = refused.message.split('`').skip(3).step_by(2);
            let known: BTreeSet<&str> = known.collect();
            let is_section = |key: &str| {
                let inner = format!("{name}.{key}");
                let inner = inner.trim_start_matches('.');
                sections().iter().any(|other| {
                    let other = other.name.unwrap_or_default();
                    other == inner || other.starts_with(&format!("{inner}."))
                })
            };
            let mut missing: Vec<&str> = known
                .iter()
                .copied()
                .filter(|key| !is_section(key))
                .collect();
            for setting in &section.settings {
                assert!(known.contains(setting.name), "[{name}] {}", setting.name);
                assert!(
                    !setting.about.is_empty() || name.contains(".env."),
                    "[{name}] {}",
                    setting.name
                );
                missing.retain(|key| *key != setting.name);
            }
            // Described by a sentence: they would name databases.
            missing.retain(|key| !(name == "access" && ["env", "database"].contains(key)));
            let for_env = name.ends_with(".env.prod") && name.starts_with("profiles.");
            assert!(missing.is_empty() || for_env, "[{name}] lacks {missing:?}");
        }
    }

    /// Sections with their settings and values, as docs/configuration.md shows them; "…": without a default.
    fn documented() -> Vec<(String, String, String)> {
        let document = include_str!("../../docs/configuration.md");
        let (_, block) = document
            .split_once("    environments ")
            .expect("it shows the file");
        let (block, _) = block
            .split_once("\nNotification channels")
            .expect("the file ends there");
        let mut section = String::new();
        let mut found = Vec::new();
        for line in format!("    environments {block}").lines() {
            let line = line.trim();
            if let Some(rest) = line.strip_prefix('[') {
                section = rest.split(']').next().unwrap_or_default().to_owned();
            } else if let Some((name, value)) = line.split_once('=')
                && !line.starts_with('#')
            {
                let value = value.split(" #").next().unwrap_or_default().trim();
                found.push((section.clone(), name.trim().to_owned(), value.to_owned()));
            }
        }
        found
    }

    #[test]
    fn the_document_shows_the_same_settings_and_defaults() {
        let documented = documented();
        let mut described = Vec::new();
        for section in sections() {
            let name = section.name.unwrap_or_default().to_owned();
            // docs/notifications.md has an example of each channel; the settings of recipients are names of people.
            if name.starts_with("notify.") || name == "recipients" {
                continue;
            }
            for setting in section.settings {
                let has_default = !setting.about.contains("Default:");
                let value = if has_default { setting.value } else { "…" };
                described.push((name.clone(), setting.name.to_owned(), value.to_owned()));
            }
        }
        for setting in &described {
            assert!(
                documented.contains(setting),
                "docs/configuration.md lacks {setting:?}"
            );
        }
        for setting in &documented {
            assert!(
                described.contains(setting),
                "config/template.toml lacks {setting:?}"
            );
        }
    }
}
