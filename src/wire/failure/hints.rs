//! The next step for each error: a command, where there is one.

use postgres_protocol::escape::escape_identifier;
use tokio_postgres::error::DbError;

use crate::domain::command_line::on_target;
use crate::domain::failure::Phase;
use crate::domain::target::encryption::SslNegotiation;
use crate::wire::failure::Explainer;
use crate::wire::failure::verdict::{PASSWORD_KEEPERS, SUPERUSERS_ONLY};
use crate::wire::tls::UntrustedCertificate;

impl Explainer {
    pub(super) fn authorization_hint(&self, refusal: &DbError, credential: &str) -> String {
        // The server's functions have the same names in every language (miscinit.c, auth.c).
        if refusal.routine() == Some("InitializeSessionUserId") {
            let is_nologin = refusal.message().contains("permitted to log in");
            let what = if is_nologin {
                "is NOLOGIN"
            } else {
                "does not exist there, or is NOLOGIN"
            };
            return format!("role \"{}\" {what}; {credential}", self.user);
        }
        // The same function reports that no line of pg_hba.conf matches: only the text tells the two apart, and only
        // the hint depends on it.
        if refusal.message().contains("client certificate") {
            return format!(
                "log in with a certificate: {}",
                self.command("pgrole registry update -e {} -d {} --sslcert FILE --sslkey FILE")
            );
        }
        let shows_certificate = self.target.tls.sslcert.is_some();
        if refusal.routine() == Some("auth_failed")
            && (shows_certificate || refusal.message().contains("certificate authentication"))
        {
            return format!(
                "the certificate's common name must be \"{}\", or mapped to it in pg_ident.conf",
                self.user
            );
        }
        format!(
            "pg_hba.conf on {} has no line that lets \"{}\" into \"{}\" from here with this TLS setting; add one, or change the setting: {}",
            self.address.host,
            self.user,
            self.target.database,
            self.command("pgrole registry update -e {} -d {} --sslmode MODE")
        )
    }

    pub(super) fn closed_hint(&self) -> String {
        format!(
            "the database has ALLOW_CONNECTIONS = false; to allow connections, run in another database of the cluster: ALTER DATABASE {} ALLOW_CONNECTIONS true",
            escape_identifier(self.target.database.as_str())
        )
    }

    /// The names of attributes and of the server's functions are the same in every language; where only its words tell, only
    /// the hint depends on them.
    pub(super) fn privilege_hint(
        &self,
        message: &str,
        detail: Option<&str>,
        routine: Option<&str>,
    ) -> String {
        let set = self.command("pgrole credential set -e {} -d {} -U ROLE");
        let only_superusers = |text: &str| SUPERUSERS_ONLY.iter().any(|said| text.contains(said));
        if only_superusers(message) || detail.is_some_and(only_superusers) {
            return format!("log in as a superuser: {set}");
        }
        if message.contains(PASSWORD_KEEPERS) {
            return format!(
                "run this once as a member of rds_superuser: GRANT {PASSWORD_KEEPERS} TO \"{}\"",
                self.acting()
            );
        }
        if routine == Some("CreateRole") {
            let asked = |attribute: &&str| detail.is_some_and(|detail| detail.contains(*attribute));
            // From PostgreSQL 16 on a role can give only attributes that it has itself.
            let attributes = ["CREATEDB", "REPLICATION", "BYPASSRLS"].into_iter();
            let and = attributes
                .filter(asked)
                .fold(String::new(), |list, attribute| list + " and " + attribute);
            return format!("log in as a role with CREATEROLE{and}: {set}");
        }
        format!(
            "grant \"{acting}\" the privilege (on a role: GRANT … TO \"{acting}\" WITH ADMIN OPTION), or log in as another role: {set}",
            acting = self.acting()
        )
    }

    pub(super) fn tls_hint(&self, error: &tokio_postgres::Error) -> String {
        let source = std::error::Error::source(error);
        match source.and_then(|source| source.downcast_ref()) {
            Some(UntrustedCertificate::Issuer) => format!(
                "set the CA's own, self-signed certificate: {} (or do not verify: --sslmode require)",
                self.command("pgrole registry update -e {} -d {} --sslrootcert FILE")
            ),
            Some(UntrustedCertificate::Validity(_)) => {
                "renew the server's certificate (its ssl_cert_file); is this machine's clock right?"
                    .to_owned()
            }
            Some(UntrustedCertificate::Name(_)) => format!(
                "use a host name that the certificate has: {} (or verify only the CA: --sslmode verify-ca)",
                self.command("pgrole registry update -e {} -d {} --hostname HOST")
            ),
            Some(UntrustedCertificate::Unsupported | UntrustedCertificate::NothingInCommon) => {
                "give the server a certificate with an RSA key of 2048 to 8192 bits, an ECDSA key on P-256 or P-384, or an Ed25519 key"
                    .to_owned()
            }
            _ if self.target.tls.negotiation() == SslNegotiation::Direct => format!(
                "direct TLS needs PostgreSQL 17 or newer: {}",
                self.command("pgrole registry update -e {} -d {} --sslnegotiation postgres")
            ),
            _ => format!(
                "see the server's log; to set certificates: {}",
                self.command("pgrole registry update -e {} -d {} --sslrootcert FILE --sslcert FILE --sslkey FILE")
            ),
        }
    }

    pub(super) fn reachability_hint(&self, phase: Phase) -> String {
        let check = match phase {
            Phase::Dns => "check the host name",
            Phase::Tcp => "check that the server is up and that no firewall is in between",
            _ => "check that a PostgreSQL server listens there",
        };
        format!(
            "{check}; to correct the entry: {}",
            self.command("pgrole registry update -e {} -d {} --hostname HOST --port PORT")
        )
    }

    /// A command for this target.
    pub(super) fn command(&self, template: &str) -> String {
        on_target(template, &self.target, &[])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::target::Target;

    #[test]
    fn a_service_that_restricts_password_commands_is_told_whom_to_let() {
        let target = Target::example();
        let address = target.addresses().unwrap().swap_remove(0);
        let explainer = Explainer::new(&target, &address, "master");
        let said = "must be a member of rds_password to alter passwords";
        assert_eq!(
            explainer.privilege_hint(said, None, None),
            "run this once as a member of rds_superuser: GRANT rds_password TO \"master\""
        );
    }
}
