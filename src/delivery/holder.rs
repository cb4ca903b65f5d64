//! Whose password a delivered file holds, judging by its contents.

use std::borrow::Cow;

use serde_json::Value;

use crate::delivery::age;
use crate::domain::password::secret_json::SecretJson;

/// A login, as identified by a delivered file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileHolder {
    pub username: String,
    /// `None` if the file does not say.
    pub hostname: Option<String>,
    /// The first, if there are several.
    pub port: Option<String>,
}

/// Reads any format of a file that holds one login; `None` if it is in none of them.
pub fn holder_of(contents: &[u8]) -> Option<FileHolder> {
    let text = String::from_utf8_lossy(contents);
    let text = text.trim();
    if age::is_encrypted(text) {
        return of_object(&serde_json::from_slice(&age::label_of(text)?).ok()?);
    }
    if text.starts_with('{') {
        let object = SecretJson::with_password(serde_json::from_str(text).ok()?, None);
        return of_object(object.value());
    }
    if let Some(url) = text.strip_prefix("postgresql://") {
        return of_url(url);
    }
    of_lines(text)
}

/// Whether it is a file of many logins, a userlist or a .pgpass, judging by its first line that is not a comment.
pub fn is_of_many(contents: &[u8]) -> bool {
    let mut lines = contents
        .split(|byte| *byte == b'\n')
        .map(<[u8]>::trim_ascii);
    let line = lines.find(|line| !matches!(line.first(), None | Some(b'#' | b';')));
    let Some(line) = line else {
        return false;
    };
    let fields: Vec<_> = line.split(|byte| *byte == b':').collect();
    let is_port = |field: &[u8]| field == b"*" || field.iter().all(u8::is_ascii_digit);
    let is_pgpass = fields.len() >= 5 && is_port(fields[1]) && !line.starts_with(b"{");
    let is_userlist = line.starts_with(b"\"") && line.ends_with(b"\"");
    is_pgpass || is_userlist
}

fn of_object(object: &Value) -> Option<FileHolder> {
    let (login, host) = match &object["stringData"] {
        Value::Null => (object, "hostname"),
        data => (data, "host"),
    };
    let text = |key: &str| login[key].as_str().map(str::to_owned);
    Some(FileHolder {
        username: text("username")?,
        hostname: text(host),
        port: text("port").map(first),
    })
}

fn of_url(url: &str) -> Option<FileHolder> {
    let (login, rest) = url.split_once('@')?;
    let (user, _) = login.split_once(':').unwrap_or((login, ""));
    let places: Vec<_> = rest
        .split('/')
        .next()?
        .split(',')
        .filter_map(|place| place.rsplit_once(':'))
        .collect();
    let host = |(host, _): &(&str, &str)| {
        let host = host
            .strip_prefix('[')
            .and_then(|host| host.strip_suffix(']'))
            .unwrap_or(host);
        percent_decode(host)
    };
    let hosts: Vec<_> = places.iter().map(host).collect();
    Some(FileHolder {
        username: percent_decode(user),
        hostname: (!hosts.is_empty()).then(|| hosts.join(",")),
        port: places.first().map(|(_, port)| (*port).to_owned()),
    })
}

fn of_lines(text: &str) -> Option<FileHolder> {
    let value = |name: &str| {
        let mut lines = text.lines().filter_map(|line| line.split_once('='));
        let (_, value) = lines.find(|(found, _)| found.trim() == name)?;
        Some(unquoted(value.trim()).into_owned())
    };
    Some(FileHolder {
        username: value("PGUSER")?,
        hostname: value("PGHOST"),
        port: value("PGPORT").map(first),
    })
}

fn first(list: String) -> String {
    match list.split_once(',') {
        Some((first, _)) => first.to_owned(),
        None => list,
    }
}

fn unquoted(value: &str) -> Cow<'_, str> {
    match value
        .strip_prefix('\'')
        .and_then(|value| value.strip_suffix('\''))
    {
        Some(value) => Cow::Owned(value.replace("'\\''", "'")),
        None => Cow::Borrowed(value),
    }
}

fn percent_decode(text: &str) -> String {
    let mut decoded = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        let digits = after.get(..2).filter(|_| *byte == b'%');
        let digits = digits.and_then(|digits| std::str::from_utf8(digits).ok());
        if let Some(byte) = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            decoded.push(byte);
            rest = &after[2..];
        } else {
            decoded.push(*byte);
            rest = after;
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_says_whose_it_is() {
        let jane = FileHolder {
            username: "jane's".to_owned(),
            hostname: Some("a,b".to_owned()),
            port: Some("5432".to_owned()),
        };
        for text in [
            r#"{"username":"jane's","password":"x","hostname":"a,b","port":"5432,5433"}"#,
            r#"{"kind":"Secret","stringData":{"username":"jane's","host":"a,b","port":"5432"}}"#,
            "postgresql://jane%27s:x%40y@a:5432,b:5433/app?target_session_attrs=read-write\n",
            "PGHOST=a,b\nPGPORT='5432'\nPGUSER='jane'\\''s'\n",
        ] {
            assert_eq!(holder_of(text.as_bytes()).as_ref(), Some(&jane), "{text}");
        }
        assert!(is_of_many(b"# mine\n\nh:5432:*:jane:x\n") && is_of_many(b"; x\n\"a\" \"b\""));
        for text in [
            "",
            "# x",
            "PGHOST=a:b:c:d:e",
            "postgresql://a:b@c:1,d:2,e:3/f",
            "{\"a:1:\":2}",
        ] {
            assert!(!is_of_many(text.as_bytes()), "{text}");
        }
        for text in ["", "hello", "{\"a\":1}", "{broken", "\u{fffd}"] {
            assert_eq!(holder_of(text.as_bytes()), None, "{text}");
        }
    }
}
