//! What went wrong in a login: above all what the server requested and this target does not permit.

use crate::domain::command_line::on_target;
use crate::domain::failure::{Failure, Kind, Phase};
use crate::domain::target::encryption::ChannelBinding;
use crate::domain::target::require_auth::Authentication;
use crate::wire::authentication::{Cleartext, Method, NOT_RECORDED, Permitted};
use crate::wire::failure::{Circumstances, Explainer};

impl Explainer {
    /// An error of the driver during the login.
    pub fn explain_login(
        &self,
        error: tokio_postgres::Error,
        circumstances: &Circumstances,
    ) -> Failure {
        if error.as_db_error().is_some() || circumstances.phase == Phase::Tls {
            return self.explain(error, circumstances.phase);
        }
        let said = std::error::Error::source(&error).map(ToString::to_string);
        let said = said.unwrap_or_default();
        let Some(method) = circumstances.asked_for else {
            return self.explain(error, circumstances.phase);
        };
        let permitted = &circumstances.permitted;
        let is_accepted = permitted.accepts(method);
        let failure = if method == Method::Cleartext && permitted.cleartext != Cleartext::Allowed {
            self.password_withheld(permitted)
        } else if said.contains(NOT_RECORDED) {
            self.not_recorded(method)
        } else if said.contains("channel binding") || (!is_accepted && self.is_bound()) {
            self.not_bound(method, is_accepted)
        } else if !is_accepted {
            self.not_accepted(method)
        } else if method.wants_password() && !circumstances.has_password {
            self.no_password()
        } else if method == Method::Other {
            self.unknown_method()
        } else {
            self.explain(error, circumstances.phase)
        };
        failure.phase(circumstances.phase)
    }

    fn password_withheld(&self, permitted: &Permitted) -> Failure {
        let what = format!(
            "{} requests the password in clear text over {}: it was not sent",
            self.address, permitted.cleartext
        );
        let update = self.command(if permitted.accepts(Method::Cleartext) {
            "pgrole registry update -e {} -d {} --sslmode verify-full --sslrootcert FILE"
        } else {
            "pgrole registry update -e {} -d {} --sslmode verify-full --sslrootcert FILE --require-auth password"
        });
        Failure::new(Kind::LoginRefused, what).hint(format!(
            "verify the server's certificate: {update}; or use scram-sha-256 in its pg_hba.conf"
        ))
    }

    fn is_bound(&self) -> bool {
        self.target.tls.channel_binding_at(&self.address.host) == ChannelBinding::Require
    }

    /// The method is not in the target's `require_auth`, or in the default for it.
    fn not_accepted(&self, method: Method) -> Failure {
        let method_name = method.authentication().map_or("", Authentication::as_str);
        let what = format!(
            "{} {}, which this target does not accept (require_auth)",
            self.address,
            instead_of_scram(method)
        );
        let hint = match method {
            Method::Scram => "to accept it from now on",
            Method::Cleartext => {
                "use scram-sha-256 in its pg_hba.conf; or if it takes tokens (RDS IAM, Entra, Cloud SQL)"
            }
            _ => "use scram-sha-256 in its pg_hba.conf; or accept it",
        };
        Failure::new(Kind::LoginRefused, what).hint(format!(
            "{hint}: {}",
            on_target(
                "pgrole registry update -e {} -d {} --require-auth {}",
                &self.target,
                &[&method_name]
            )
        ))
    }

    /// An entry that was changed by hand may point to anybody's server.
    fn not_recorded(&self, method: Method) -> Failure {
        let wish = match method {
            Method::Cleartext => "requests the password in clear text",
            Method::Md5 => "requests an MD5 password",
            _ => "offers SCRAM without channel binding over TLS",
        };
        let what = format!(
            "{} {wish}: it was not sent, because {NOT_RECORDED}",
            self.address
        );
        Failure::new(Kind::LoginRefused, what).hint(format!(
            "if this is the right server, confirm it: {}",
            on_target(
                "pgrole registry update -e {} -d {} -H {}",
                &self.target,
                &[&self.address.host]
            )
        ))
    }

    /// libpq's words: "channel binding required, but …" (`check_expected_areq` in fe-auth.c).
    fn not_bound(&self, method: Method, is_accepted: bool) -> Failure {
        let instead = match method {
            Method::Scram | Method::Other => "offers SCRAM without it",
            method => instead_of_scram(method),
        };
        let update = match method.authentication() {
            Some(method) if !is_accepted => on_target(
                "pgrole registry update -e {} -d {} --channel-binding prefer --require-auth {}",
                &self.target,
                &[&method.as_str()],
            ),
            _ => self.command("pgrole registry update -e {} -d {} --channel-binding prefer"),
        };
        let what = format!(
            "channel binding is required, but {} {instead}",
            self.address
        );
        Failure::new(Kind::LoginRefused, what).hint(format!(
            "use scram-sha-256 on the server and connect to it directly with TLS, or do without channel binding: {update}"
        ))
    }

    fn no_password(&self) -> Failure {
        let what = format!(
            "{} requests a password for \"{}\", and none was found",
            self.address, self.user
        );
        Failure::new(Kind::NoCredential, what).hint(format!(
            "store one: {}",
            self.command("pgrole credential set -e {} -d {} -U ROLE")
        ))
    }

    fn unknown_method(&self) -> Failure {
        let what = format!(
            "{} requests GSSAPI, SSPI or another authentication method that pgrole does not support",
            self.address
        );
        Failure::new(Kind::LoginRefused, what)
            .hint("add a line with scram-sha-256 or cert for this host to the server's pg_hba.conf")
    }
}

/// What a server does instead of requesting SCRAM.
fn instead_of_scram(method: Method) -> &'static str {
    match method {
        Method::Nothing => "accepts the login without a password",
        Method::Cleartext => "requests the password in clear text",
        Method::Md5 => "requests an MD5 password",
        Method::Scram => "requests SCRAM",
        Method::Other => "requests another authentication method",
    }
}
