//! One POST: within a deadline, without redirects, with TLS if the URL says so. Only the host of a URL is ever shown,
//! because webhook URLs are secrets.

use std::fs;
use std::io::Read;
use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustls::crypto::ring;
use ureq::http::{HeaderMap, StatusCode, Uri};
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use ureq::{Agent, Body, Proxy};

use crate::domain::message::channel::Channel;
use crate::domain::message::notification::on_one_line;
use crate::domain::timestamp::Timestamp;
use crate::domain::variables::Variables;
use crate::notify::proxy::proxy_for;
use crate::notify::refusal::MessageRefusal;

/// How much of a response is read for the reason, in bytes.
const LONGEST_ANSWER: u64 = 300;

/// A request without its URL.
pub struct Post<'a> {
    pub headers: Vec<(&'static str, String)>,
    pub body: &'a str,
}

/// Sends a request; a 2xx response is success.
pub fn post(
    channel: &Channel,
    url: &str,
    post: &Post<'_>,
    deadline: Instant,
) -> Result<(), MessageRefusal> {
    let uri: Uri = url
        .parse()
        .map_err(|_| MessageRefusal::lasting("its URL is not valid"))?;
    let host = uri.host().unwrap_or_default().to_owned();
    let is_encrypted = uri.scheme_str() == Some("https");
    if host.is_empty() || !is_encrypted && uri.scheme_str() != Some("http") {
        return Err(MessageRefusal::lasting(
            "its URL begins with neither https:// nor http://",
        ));
    }
    let has_token = post
        .headers
        .iter()
        .any(|(name, _)| *name == "Authorization");
    if has_token && !is_encrypted && !is_loopback(&host) {
        return Err(MessageRefusal::lasting(format!(
            "{host}: a token is sent over https:// only, and its URL says http://"
        )));
    }
    let proxy = proxy(&uri, &host)?;
    let agent = agent(channel, is_encrypted, proxy, deadline)?;
    let mut request = agent.post(&uri).header("Content-Type", "application/json");
    for (name, value) in &post.headers {
        request = request.header(*name, value);
    }
    match request.send(post.body) {
        Ok(response) => judge(&host, response),
        Err(error) if is_about_certificates(&error) => Err(MessageRefusal::lasting(format!(
            "{host}: TLS: {}",
            reason(&error)
        ))),
        Err(error) => Err(MessageRefusal::passing(format!(
            "{host}: {}",
            reason(&error)
        ))),
    }
}

/// Whether the host is this machine: then nobody can eavesdrop.
fn is_loopback(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let address = host.parse::<IpAddr>();
    host.eq_ignore_ascii_case("localhost") || address.is_ok_and(|address| address.is_loopback())
}

fn proxy(uri: &Uri, host: &str) -> Result<Option<Proxy>, MessageRefusal> {
    let scheme = uri.scheme_str().unwrap_or_default();
    let Some(url) = proxy_for(&Variables::of_process(), scheme, host) else {
        return Ok(None);
    };
    // The URL may contain a password, so it is not shown.
    let made = Proxy::new(&url).map(Some);
    made.map_err(|_| MessageRefusal::lasting("the proxy's URL is not valid"))
}

fn agent(
    channel: &Channel,
    is_encrypted: bool,
    proxy: Option<Proxy>,
    deadline: Instant,
) -> Result<Agent, MessageRefusal> {
    let left = deadline.saturating_duration_since(Instant::now());
    let mut config = Agent::config_builder()
        .proxy(proxy)
        .timeout_global(Some(left.max(Duration::from_millis(1))))
        // Responses are judged below: a 429 says when to retry.
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .user_agent(concat!("pgrole/", env!("CARGO_PKG_VERSION")));
    if is_encrypted {
        let tls = TlsConfig::builder()
            .unversioned_rustls_crypto_provider(Arc::new(ring::default_provider()))
            .root_certs(authorities(channel.tls_ca.as_deref())?);
        config = config.tls_config(tls.build());
    }
    Ok(config.build().new_agent())
}

/// The CA certificates of the channel's own file, else the system's.
fn authorities(file: Option<&Path>) -> Result<RootCerts, MessageRefusal> {
    let certificates: Vec<Certificate<'static>> = match file {
        Some(path) => {
            let unusable =
                |why: String| MessageRefusal::lasting(format!("tls_ca {}: {why}", path.display()));
            let pem = fs::read(path).map_err(|error| unusable(error.to_string()))?;
            let parsed = ureq::tls::parse_pem(&pem).filter_map(|item| match item {
                Ok(ureq::tls::PemItem::Certificate(certificate)) => Some(certificate),
                _ => None,
            });
            let parsed: Vec<_> = parsed.collect();
            if parsed.is_empty() {
                return Err(unusable("it has no certificate".to_owned()));
            }
            parsed
        }
        None => rustls_native_certs::load_native_certs()
            .certs
            .iter()
            .map(|certificate| Certificate::from_der(certificate).to_owned())
            .collect(),
    };
    Ok(RootCerts::new_with_certs(&certificates))
}

fn judge(host: &str, mut response: ureq::http::Response<Body>) -> Result<(), MessageRefusal> {
    let status = response.status();
    if status.is_success() {
        return Ok(());
    }
    let retry_after = retry_after(response.headers());
    let mut answer = Vec::new();
    // Failing to read the reason does not change the result.
    response
        .body_mut()
        .as_reader()
        .take(LONGEST_ANSWER)
        .read_to_end(&mut answer)
        .ok();
    let answer = String::from_utf8_lossy(&answer);
    let answer = on_one_line(answer.trim());
    let mut reason = format!("{host} answered {status}");
    if !answer.is_empty() {
        reason = format!("{reason}: {answer}");
    }
    let is_passing = status.is_server_error()
        || status == StatusCode::TOO_MANY_REQUESTS
        || status == StatusCode::REQUEST_TIMEOUT;
    Err(MessageRefusal {
        reason,
        is_lasting: !is_passing,
        retry_after,
    })
}

/// `Retry-After`: seconds, or a date (RFC 9110, 10.2.3).
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get("Retry-After")?.to_str().ok()?.trim();
    match text.parse() {
        Ok(seconds) => Some(Duration::from_secs(seconds)),
        Err(_) => Timestamp::parse_http_date(text)?.duration_since(Timestamp::now()),
    }
}

fn is_about_certificates(error: &ureq::Error) -> bool {
    match error {
        ureq::Error::Rustls(_) | ureq::Error::Tls(_) => true,
        ureq::Error::Io(error) => error
            .get_ref()
            .and_then(|inner| inner.downcast_ref::<rustls::Error>())
            .is_some(),
        _ => false,
    }
}

/// The error's own text may contain the URL.
fn reason(error: &ureq::Error) -> String {
    match error {
        ureq::Error::Timeout(_) => "no answer in time".to_owned(),
        ureq::Error::HostNotFound => "no such host".to_owned(),
        ureq::Error::Io(error) => error.to_string(),
        ureq::Error::Rustls(error) => error.to_string(),
        ureq::Error::Tls(what) => (*what).to_owned(),
        ureq::Error::Protocol(error) => format!("not HTTP: {error}"),
        ureq::Error::ConnectionFailed => "cannot connect".to_owned(),
        ureq::Error::InvalidProxyUrl => "the proxy's URL is not valid".to_owned(),
        ureq::Error::ConnectProxyFailed(_) => "the proxy cannot connect".to_owned(),
        _ => "the request cannot be sent".to_owned(),
    }
}
