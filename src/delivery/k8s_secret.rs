//! A Kubernetes Secret in JSON, which `kubectl apply -f` accepts like YAML.

use anyhow::Result;
use serde_json::json;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::delivery::dsn::dsn;
use crate::delivery::issued_password::IssuedPassword;
use crate::delivery::joined::joined;
use crate::domain::password::secret_json::SecretJson;

/// The longest name that Kubernetes accepts (RFC 1123).
const LONGEST_NAME: usize = 253;
/// How many hexadecimal digits distinguish roles whose names would otherwise be equal.
const DIGITS: usize = 10;

/// Renders the manifest. If the role's file already has a name for the Secret, it is kept: the Kubernetes cluster knows
/// the Secret by it.
pub fn render(issued: &IssuedPassword<'_>, existing: &[u8]) -> Result<Zeroizing<String>> {
    let target = issued.target;
    let name = known_name(issued.username, existing).unwrap_or_else(|| {
        resource_name(&[
            target.env.as_str(),
            target.database.as_str(),
            issued.username,
        ])
    });
    let mut manifest = json!({
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": { "name": name },
        "type": "Opaque",
        "stringData": {
            "host": target.hostname.to_string(),
            "port": target.port.to_string(),
            "database": target.database,
            "username": issued.username,
            "password": null,
            "url": null,
        }
    });
    let mut url = dsn(issued)?;
    manifest["stringData"]["password"] = issued.password.expose().into();
    manifest["stringData"]["url"] = std::mem::take(&mut *url).into();
    let manifest = SecretJson::with_password(manifest, None);
    Ok(joined(&[&manifest.to_pretty(), "\n"]))
}

fn known_name(username: &str, existing: &[u8]) -> Option<String> {
    let manifest = SecretJson::with_password(serde_json::from_slice(existing).ok()?, None);
    let manifest = manifest.value();
    let is_of_role = manifest["stringData"]["username"].as_str() == Some(username);
    let name = manifest["metadata"]["name"].as_str()?;
    (is_of_role && !name.is_empty()).then(|| name.to_owned())
}

/// A name of lower-case letters, digits and dashes. Different parts get different names: by a hash, if characters are
/// lost or a dash would be ambiguous.
fn resource_name(parts: &[&str]) -> String {
    let is_letter = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit();
    let is_exact = |part: &&str| !part.is_empty() && part.chars().all(is_letter);
    let joined = parts.join("-");
    if joined.len() <= LONGEST_NAME && parts.iter().all(is_exact) {
        return joined;
    }
    let letters = joined.to_lowercase();
    let letters = letters
        .chars()
        .map(|letter| if is_letter(letter) { letter } else { '-' });
    let name: String = letters.take(LONGEST_NAME - DIGITS - 1).collect();
    // Separated by a byte that no role or database name can contain.
    let digest = Sha256::digest(parts.join("\0"));
    let digits: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let digits = &digits[..DIGITS];
    match name.trim_matches('-') {
        "" => format!("pgrole-{digits}"),
        name => format!("{name}-{digits}"),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn a_resource_name_is_one_that_kubernetes_takes() {
        assert_eq!(resource_name(&["dev", "myapp", "web01"]), "dev-myapp-web01");
        let long = "x".repeat(63);
        for parts in [
            ["dev", "myapp_dev", "web01_8080"],
            ["__", "__", "__"],
            [&long, &long, "ä"],
            ["dev", "İ", "-"],
        ] {
            let name = resource_name(&parts);
            assert!(name.len() <= LONGEST_NAME, "{name}");
            let is_good = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
            assert!(
                name.bytes().all(|byte| is_good(byte) || byte == b'-'),
                "{name}"
            );
            assert!(!name.starts_with('-') && !name.ends_with('-'), "{name}");
        }
    }

    #[test]
    fn roles_that_differ_get_names_that_differ() {
        let roles = [
            ["dev", "a", "web_1"],
            ["dev", "a", "web-1"],
            ["dev", "a", "Web-1"],
            ["dev", "a-web", "1"],
            ["qa", "a", "web-1"],
            ["dev", "a", "web1"],
            ["qa", "a", "web1"],
        ];
        let names: HashSet<_> = roles.iter().map(|parts| resource_name(parts)).collect();
        assert_eq!(names.len(), roles.len(), "{names:?}");
    }

    #[test]
    fn the_name_of_the_roles_own_file_is_kept() {
        let file = br#"{"metadata":{"name":"mine"},"stringData":{"username":"jane"}}"#;
        assert_eq!(known_name("jane", file).as_deref(), Some("mine"));
        assert_eq!(known_name("joe", file), None);
        assert_eq!(known_name("joe", b"\xff"), None);
    }
}
