//! Plain-text mail by SMTP: with TLS from the first byte, or with STARTTLS, without which neither login nor mail is
//! sent. No header is built from raw text: line ends in names are removed before they get here, and the mail library
//! encodes what is not ASCII.

use std::error::Error as _;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use lettre::address::Envelope;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, SinglePart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, CertificateStore, Tls, TlsParameters};
use lettre::transport::smtp::response::Category;
use lettre::transport::smtp::{Error, SmtpTransport};
use lettre::{Message as Letter, Transport};

use crate::domain::message::channel::{Channel, Mail, MailEncryption, SecretName, Secrets};
use crate::domain::message::notification::{Message, on_one_line};
use crate::notify::{MessageRefusal, Taken};

pub fn send(
    channel: &Channel,
    mail: &Mail,
    secrets: &Secrets,
    message: &Message,
    deadline: Instant,
) -> Result<Taken, MessageRefusal> {
    let letter = letter(mail, message).map_err(MessageRefusal::lasting)?;
    let left = deadline.saturating_duration_since(Instant::now());
    let mut transport = SmtpTransport::builder_dangerous(&mail.host)
        .port(mail.port)
        .timeout(Some(left.max(Duration::from_millis(1))))
        .tls(tls(channel, mail)?);
    if let (Some(user), Some(password)) = (&mail.user, secrets.get(&SecretName::Password)) {
        transport =
            transport.credentials(Credentials::new(user.clone(), password.expose().to_owned()));
    }
    let transport = transport.build();
    match transport.send(&letter) {
        Ok(_) => Ok(Taken::default()),
        // One refused recipient fails the mail for all: then each gets a mail of their own, and nobody gets two.
        Err(error) if is_about_mailbox(&error) && mail.to.len() > 1 => {
            send_to_each(&transport, mail, &letter)
        }
        Err(error) => Err(explain(mail, &error)),
    }
}

/// Whether the error is about a mailbox, not about the login or the connection (RFC 5321, 4.2.1: x5z).
fn is_about_mailbox(error: &Error) -> bool {
    let code = error.status();
    code.is_some_and(|code| code.category == Category::MailSystem)
}

/// Sends the letter to each recipient in turn.
fn send_to_each(
    transport: &SmtpTransport,
    mail: &Mail,
    letter: &Letter,
) -> Result<Taken, MessageRefusal> {
    let from = letter.envelope().from().cloned();
    let bytes = letter.formatted();
    let mut refused = Vec::new();
    for address in letter.envelope().to() {
        let envelope = Envelope::new(from.clone(), vec![address.clone()]);
        let envelope = envelope.map_err(|error| MessageRefusal::lasting(error.to_string()))?;
        if let Err(error) = transport.send_raw(&envelope, &bytes) {
            let refusal = explain(mail, &error);
            refused.push((address, refusal));
        }
    }
    if refused.len() == letter.envelope().to().len()
        && let Some((_, refusal)) = refused.pop()
    {
        return Err(refusal);
    }
    let remarks = refused.into_iter();
    let remarks =
        remarks.map(|(address, refusal)| format!("{address} did not get it: {}", refusal.reason));
    Ok(Taken {
        remarks: remarks.collect(),
    })
}

fn letter(mail: &Mail, message: &Message) -> Result<Letter, String> {
    let mailbox = |address: &str| {
        let parsed = address.parse::<Mailbox>();
        parsed.map_err(|error| format!("mail address {address:?}: {error}"))
    };
    let from = mailbox(&mail.from)?;
    let id = format!("<{}.pgrole@{}>", message.id, from.email.domain());
    let subject = format!("[pgrole] {}: {}", message.event, message.subject());
    // Tells automatic responders not to answer (RFC 3834).
    let automatic = HeaderValue::new(
        HeaderName::new_from_ascii_str("Auto-Submitted"),
        "auto-generated".to_owned(),
    );
    let mut builder = Letter::builder()
        .from(from)
        .subject(on_one_line(&subject))
        .message_id(Some(id))
        .raw_header(automatic);
    for address in &mail.to {
        builder = builder.to(mailbox(address)?);
    }
    let letter = builder.singlepart(SinglePart::plain(text(message)));
    letter.map_err(|error| error.to_string())
}

fn text(message: &Message) -> String {
    let mut lines = vec![
        format!("{}: {}", message.event, on_one_line(&message.subject())),
        String::new(),
    ];
    let facts = message.facts().into_iter();
    lines.extend(facts.map(|(label, value)| format!("{label}: {}", on_one_line(&value))));
    lines.join("\r\n")
}

fn tls(channel: &Channel, mail: &Mail) -> Result<Tls, MessageRefusal> {
    if mail.encryption == MailEncryption::None {
        return Ok(Tls::None);
    }
    let mut parameters = TlsParameters::builder(mail.host.clone());
    if let Some(path) = &channel.tls_ca {
        parameters = parameters
            .certificate_store(CertificateStore::None)
            .add_root_certificate(authority(path)?);
    }
    let parameters = parameters.build().map_err(|error| explain(mail, &error))?;
    Ok(match mail.encryption {
        MailEncryption::Immediate => Tls::Wrapper(parameters),
        _ => Tls::Required(parameters),
    })
}

/// All certificates in a file.
fn authority(path: &Path) -> Result<Certificate, MessageRefusal> {
    let unusable =
        |why: String| MessageRefusal::lasting(format!("tls_ca {}: {why}", path.display()));
    let pem = fs::read(path).map_err(|error| unusable(error.to_string()))?;
    Certificate::from_pem(&pem).map_err(|error| unusable(error.to_string()))
}

fn explain(mail: &Mail, error: &Error) -> MessageRefusal {
    let mut reason = format!("{}: {error}", mail.host);
    let mut cause = error.source();
    while let Some(found) = cause {
        let text = found.to_string();
        if !reason.contains(&text) {
            reason = format!("{reason}: {text}");
        }
        cause = found.source();
    }
    let reason = on_one_line(&reason);
    if error.is_permanent() || error.is_client() || error.is_tls() {
        MessageRefusal::lasting(reason)
    } else {
        MessageRefusal::passing(reason)
    }
}
