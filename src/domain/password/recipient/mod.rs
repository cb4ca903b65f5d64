//! Who a password is encrypted to, in the forms that age knows: its own `age1…`, and public keys of SSH.
//!
//! - `bech32`: the text form of age's own
//! - `ssh_key`: those of SSH
//! - `recipients`: the people of the config file

mod bech32;
mod recipients;
mod ssh_key;

use std::str::FromStr;

use crate::domain::failure::Failure;

pub use recipients::{Recipients, is_name};
pub use ssh_key::SshKey;

/// A key that somebody else holds the other half of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recipient {
    X25519([u8; 32]),
    Ssh(SshKey),
}

/// What one of age's own begins with.
const OWN: &str = "age1";
/// What its other half begins with.
const SECRET: &str = "age-secret-key-";

fn begins_with(text: &str, begin: &str) -> bool {
    let start = text.get(..begin.len());
    start.is_some_and(|start| start.eq_ignore_ascii_case(begin))
}

/// Whether it is one of age's own, or means to be.
pub fn is_recipient(text: &str) -> bool {
    begins_with(text, OWN) || begins_with(text, SECRET)
}

impl FromStr for Recipient {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        let text = text.trim();
        check_not_private(text)?;
        if begins_with(text, OWN) {
            return own(text);
        }
        match ssh_key::read(text) {
            Some(key) => key.map(Self::Ssh),
            None => Err(Failure::usage(format!(
                "{text:?} is not a recipient; expected age1…, ssh-ed25519 AAAA… or ssh-rsa AAAA…"
            ))),
        }
    }
}

/// The same text with secret keys of age cut off: a mistyped command line is shown again, and may be mailed.
pub fn without_secret_keys(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.to_ascii_lowercase().find(SECRET) {
        let (before, key) = rest.split_at(at);
        let (begin, key) = key.split_at(SECRET.len());
        shown.extend([before, begin, "…"]);
        rest = key.trim_start_matches(|letter: char| letter.is_ascii_alphanumeric());
    }
    shown + rest
}

/// Refuses a secret key, and does not repeat it.
fn check_not_private(text: &str) -> Result<(), Failure> {
    let is_of_age = begins_with(text, SECRET);
    if is_of_age || text.starts_with("-----BEGIN") {
        let hint = if is_of_age {
            "name its recipient, which this prints: age-keygen -y FILE"
        } else {
            "name the public key: the file whose name ends in .pub"
        };
        return Err(
            Failure::usage("this is a secret key, which only its owner may have").hint(hint),
        );
    }
    Ok(())
}

fn own(text: &str) -> Result<Recipient, Failure> {
    let (prefix, bytes) = bech32::decode(text).ok_or_else(|| {
        Failure::usage(format!(
            "{text:?} is not complete, or has a typing error in it"
        ))
        .hint("copy it again; this prints it: age-keygen -y FILE")
    })?;
    match (prefix.as_str(), <[u8; 32]>::try_from(bytes)) {
        ("age", Ok(point)) => Ok(Recipient::X25519(point)),
        ("age", Err(_)) => Err(Failure::usage(format!(
            "{text:?} is not a recipient of age"
        ))),
        (prefix, _) => {
            let name = prefix.strip_prefix(OWN).unwrap_or(prefix);
            Err(Failure::usage(format!(
                "\"{OWN}{name}1…\" is a recipient of the plugin \"{name}\", and pgrole runs no plugins; expected age1…, ssh-ed25519 AAAA… or ssh-rsa AAAA…"
            )))
        }
    }
}

/// The keys of a file, and those that age cannot encrypt to.
#[derive(Debug)]
pub struct KeyFile {
    /// Never empty.
    pub recipients: Vec<Recipient>,
    /// Why each other line was passed over.
    pub passed_over: Vec<String>,
}

impl KeyFile {
    /// Reads a `.pub` file, an `authorized_keys` file, or a file of recipients as `age -R` takes them. Keys that cannot be
    /// encrypted to are passed over if there are others.
    ///
    /// # Errors
    /// If there is no key, or none that can be encrypted to.
    pub fn parse(text: &str) -> Result<Self, Failure> {
        check_not_private(text.trim_start())?;
        let lines = text.lines().map(str::trim);
        let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
        let (mut recipients, mut failures) = (Vec::new(), Vec::new());
        for line in lines {
            match line.parse() {
                Ok(recipient) if recipients.contains(&recipient) => {}
                Ok(recipient) => recipients.push(recipient),
                Err(failure) => failures.push(failure),
            }
        }
        if recipients.is_empty() {
            let none = || Failure::usage("the file contains no public key");
            return Err(failures.into_iter().next().unwrap_or_else(none));
        }
        let passed_over = failures.iter().map(ToString::to_string).collect();
        Ok(Self {
            recipients,
            passed_over,
        })
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use proptest::prelude::*;

    use super::*;

    /// Of age's own test vectors (C2SP/CCTV).
    const JANE: &str = "age1xmwwc06ly3ee5rytxm9mflaz2u56jjj36s0mypdrwsvlul66mv4q47ryef";

    fn line(of_type: &str, fields: &[&[u8]]) -> String {
        let fields = [&[of_type.as_bytes()], fields].concat();
        let fields = fields.iter().flat_map(|field| {
            let length = u32::try_from(field.len()).unwrap().to_be_bytes();
            [&length, *field].concat()
        });
        let blob: Vec<u8> = fields.collect();
        format!("{of_type} {}", STANDARD.encode(blob))
    }

    fn rsa(bytes: usize, first: u8) -> String {
        let mut modulus = vec![0xff; bytes];
        modulus[0] = first;
        line("ssh-rsa", &[&[1, 0, 1], &[&[0], &*modulus].concat()])
    }

    #[test]
    fn each_kind_is_read() {
        assert!(matches!(JANE.parse(), Ok(Recipient::X25519(_))));
        assert_eq!(
            JANE.to_uppercase().parse::<Recipient>().unwrap(),
            JANE.parse().unwrap()
        );
        let ed25519 = line("ssh-ed25519", &[&[7; 32]]);
        let plain: Recipient = ed25519.parse().unwrap();
        for other in [
            format!("{ed25519} jane@example.com\n"),
            format!("  restrict,command=\"echo ssh me\" {ed25519} jane"),
        ] {
            assert_eq!(other.parse::<Recipient>().unwrap(), plain, "{other}");
        }
        let Recipient::Ssh(SshKey::Rsa {
            modulus, exponent, ..
        }) = rsa(256, 0x80).parse().unwrap()
        else {
            panic!("not RSA");
        };
        assert_eq!((modulus.len(), exponent), (256, 65_537));
    }

    #[test]
    fn what_cannot_be_encrypted_to_is_named() {
        let yubikey = bech32::tests::encode("age1yubikey", &[1; 33]);
        for (text, wanted) in [
            ("jane", "\"jane\" is not a recipient; expected age1…"),
            (&JANE[..50], "not complete, or has a typing error"),
            (
                &yubikey,
                "the plugin \"yubikey\", and pgrole runs no plugins",
            ),
            (
                &line("ecdsa-sha2-nistp256", &[b"x"]),
                "of the type ecdsa-sha2-nistp256;",
            ),
            (
                &line("sk-ssh-ed25519@openssh.com", &[&[7; 32]]),
                "of the type sk-ssh-ed25519@openssh.com;",
            ),
            (&line("ssh-dss", &[&[7; 32]]), "of the type ssh-dss;"),
            (
                &line("ssh-ed25519", &[&[7; 31]]),
                "the ssh-ed25519 key is not complete",
            ),
            (
                &line("ssh-ed25519", &[&[7; 32], b"x"]),
                "the ssh-ed25519 key is not complete",
            ),
            ("ssh-ed25519 AAAA", "the ssh-ed25519 key is not complete"),
            ("ssh-ed25519", "the ssh-ed25519 key is not complete"),
            (&rsa(256, 0x7f), "the ssh-rsa key is not complete"),
            (&rsa(128, 0x80), "1024 bits; expected 2048 to 8192"),
            (&rsa(2_048, 0x80), "16384 bits; expected 2048 to 8192"),
        ] {
            let said = text.parse::<Recipient>().unwrap_err().to_string();
            assert!(said.contains(wanted), "{text}: {said}");
        }
    }

    #[test]
    fn a_secret_key_is_not_repeated() {
        let secret = "AGE-SECRET-KEY-1EGTZVFFV20835NWYV6270LXYVK2VKNX2MMDKWYKLMGR48UAWX40Q2P2LM0";
        let begin = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3Blbn";
        for text in [secret, &secret.to_lowercase(), begin] {
            for said in [
                text.parse::<Recipient>().unwrap_err(),
                KeyFile::parse(text).unwrap_err(),
            ] {
                let said = format!("{said} {:?}", said.hint);
                assert!(
                    said.contains("secret key") && !said.contains("1EGT"),
                    "{said}"
                );
                assert!(!said.contains("b3Blbn") && !said.contains("1egt"), "{said}");
            }
        }
    }

    #[test]
    fn secret_keys_are_cut_off() {
        let text = "'age:AGE-SECRET-KEY-1EGTZ:x', age-secret-key-1egtz é AGE-SECRET-KEY-";
        let shown = "'age:AGE-SECRET-KEY-…:x', age-secret-key-… é AGE-SECRET-KEY-…";
        assert_eq!(without_secret_keys(text), shown);
        assert_eq!(without_secret_keys("jane"), "jane");
    }

    #[test]
    fn a_file_of_keys_is_good_for_those_that_can_be_encrypted_to() {
        let ed25519 = line("ssh-ed25519", &[&[7; 32]]);
        let ecdsa = line("ecdsa-sha2-nistp256", &[b"x"]);
        let text =
            format!("# jane's\n\n{ecdsa} old\n{ed25519} laptop\r\n{ed25519} again\n{JANE}\n");
        let file = KeyFile::parse(&text).unwrap();
        assert_eq!((file.recipients.len(), file.passed_over.len()), (2, 1));
        assert!(file.passed_over[0].contains("ecdsa-sha2-nistp256"));
        let said = KeyFile::parse(&ecdsa).unwrap_err().to_string();
        assert!(said.contains("of the type ecdsa-sha2-nistp256"), "{said}");
        let said = KeyFile::parse("# none\n").unwrap_err().to_string();
        assert!(said.contains("no public key"), "{said}");
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused_without_a_panic(text in "(age1|ssh-rsa |ssh-ed25519 )?[ -~]{0,80}") {
            let _ = text.parse::<Recipient>();
            let _ = KeyFile::parse(&text);
        }

        #[test]
        fn any_key_is_read_or_refused_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
            for of_type in ["ssh-rsa", "ssh-ed25519"] {
                let begin = [&[0, 0, 0, 11], of_type.as_bytes()].concat();
                for blob in [bytes.clone(), [begin, bytes.clone()].concat()] {
                    let _ = format!("{of_type} {}", STANDARD.encode(blob)).parse::<Recipient>();
                }
            }
        }
    }
}
