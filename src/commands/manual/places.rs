//! What the manual says of pgrole's surroundings: the variables that it reads, beside those that stand for options, and
//! the files.

/// Variables, and what they do.
pub const VARIABLES: [(&str, &str); 10] = [
    (
        "`PG_ADMIN_USER`, `PG_ADMIN_PASS`",
        "The admin credential. Programs that pgrole starts do not get the password.",
    ),
    (
        "`CREDENTIALS_DIRECTORY`",
        "Where systemd puts a service's credentials; the file `pgrole.ENV` in it has the admin credential for the \
         environment ENV.",
    ),
    (
        "`PGPASSFILE`",
        "The password file to read instead of `~/.pgpass`.",
    ),
    (
        "`PGSERVICEFILE`, `PGSYSCONFDIR`",
        "Where `pg_service.conf` is, as for libpq.",
    ),
    (
        "`NO_COLOR`",
        "If it is set and not empty, nothing is colored unless `--color always` says so.",
    ),
    (
        "`XDG_CONFIG_HOME`, `XDG_DATA_HOME`",
        "The directories to use instead of `~/.config` and `~/.local/share`.",
    ),
    (
        "`DBUS_SESSION_BUS_ADDRESS`",
        "The session bus, on which the keyring is found.",
    ),
    (
        "`http_proxy`, `https_proxy`, `all_proxy`, `no_proxy`",
        "The proxy for notifications, chosen as curl does.",
    ),
    (
        "`PATH`",
        "Where the commands of deliveries, credentials and notifications are found.",
    ),
    (
        "`SUDO_USER`",
        "Recorded in the audit log, beside the user that the operating system names.",
    ),
];

/// Files, and what they are.
pub const FILES: [(&str, &str); 9] = [
    (
        "`~/.config/pgrole/config.toml`",
        "The config file. It need not exist.",
    ),
    (
        "`~/.config/pgrole/sealing.key`",
        "The key that seals the passwords of open changes, if there is no keyring to keep it in.",
    ),
    (
        "`~/.config/pgrole/record.key`",
        "The key that signs what pgrole records about deliveries. Back it up with the registry.",
    ),
    (
        "`~/.config/pgrole/signing.key`",
        "The key that signs checkpoints of the audit log, if there is no keyring to keep it in.",
    ),
    (
        "`~/.local/share/pgrole/pg_registry.db`",
        "The registry of targets, with the audit log: one SQLite file.",
    ),
    (
        "`~/.local/share/pgrole/pg_registry.db.locks/`",
        "Locks between processes.",
    ),
    ("`~/.pgpass`", "A source of the admin credential."),
    (
        "`~/.pg_service.conf`, `/etc/postgresql-common/pg_service.conf`",
        "The services that targets may name instead of a host.",
    ),
    (
        "`~/.postgresql/root.crt`, `postgresql.crt`, `postgresql.key`",
        "The certificates to trust, and the certificate to log in with, where a target names no others.",
    ),
];
