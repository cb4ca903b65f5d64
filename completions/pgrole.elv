
use builtin;
use str;

set edit:completion:arg-completer[pgrole] = {|@words|
    fn spaces {|n|
        builtin:repeat $n ' ' | str:join ''
    }
    fn cand {|text desc|
        edit:complex-candidate $text &display=$text' '(spaces (- 14 (wcswidth $text)))$desc
    }
    var command = 'pgrole'
    for word $words[1..-1] {
        if (str:has-prefix $word '-') {
            break
        }
        set command = $command';'$word
    }
    var completions = [
        &'pgrole'= {
            cand --registry 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]'
            cand --config 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]'
            cand --format 'How results are printed [default: table on a terminal, json elsewhere]'
            cand --color 'When to colour messages; NO_COLOR turns "auto" off'
            cand --timeout 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long'
            cand -q 'Print only results and errors'
            cand --quiet 'Print only results and errors'
            cand -v 'Print more: the statements that ran, where the login came from'
            cand --verbose 'Print more: the statements that ran, where the login came from'
            cand -y 'Answer every question with yes, as scripts must in a protected environment'
            cand --yes 'Answer every question with yes, as scripts must in a protected environment'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand registry 'Manage the registry of targets: which database is where'
            cand credential 'Manage the login that pgrole connects with'
            cand user 'Create, find and change logins'
            cand access 'Manage the access groups of a database'
            cand rotate 'Change all passwords that are due, and deliver them where they were delivered before'
            cand recover 'Settle password changes that were interrupted: deliver what is in force'
            cand audit 'Read the audit log'
            cand notify 'Send messages to people elsewhere: channels and queued messages'
            cand doctor 'Check this machine''s setup and the servers'' settings'
            cand completions 'Print a completion script for a shell'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'pgrole;registry'= {
            cand --registry 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]'
            cand --config 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]'
            cand --format 'How results are printed [default: table on a terminal, json elsewhere]'
            cand --color 'When to colour messages; NO_COLOR turns "auto" off'
            cand --timeout 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long'
            cand -q 'Print only results and errors'
            cand --quiet 'Print only results and errors'
            cand -v 'Print more: the statements that ran, where the login came from'
            cand --verbose 'Print more: the statements that ran, where the login came from'
            cand -y 'Answer every question with yes, as scripts must in a protected environment'
            cand --yes 'Answer every question with yes, as scripts must in a protected environment'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand add 'Add a target'
            cand list 'List all targets'
            cand show 'Show one target'
            cand check 'Log in to each target and report reachability, TLS, whether it is the primary, and the admin login''s rights'
            cand update 'Change a target'
            cand enable 'Enable a disabled target again'
            cand disable 'Disable a target: pgrole refuses to use it'
            cand remove 'Remove a target from the registry; its server is not changed'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'pgrole;registry;add'= {
            cand -e 'The environment: dev, qa, uat, prod, or one that the config file adds'
            cand --env 'The environment: dev, qa, uat, prod, or one that the config file adds'
            cand -d 'The database'
            cand --database 'The database'
            cand -H 'Host name, IP address, or the folder of a Unix socket; of several, separated by commas, the one that accepts writes is used'
            cand --hostname 'Host name, IP address, or the folder of a Unix socket; of several, separated by commas, the one that accepts writes is used'
            cand --service 'Instead of a host: a service of pg_service.conf (PGSERVICEFILE, ~/.pg_service.conf, or PGSYSCONFDIR), looked up at each use; the other flags win over what it says'
            cand -p 'The server''s port; one for all hosts, or one for each, separated by commas'
            cand --port 'The server''s port; one for all hosts, or one for each, separated by commas'
            cand --sslmode 'Whether to require and verify TLS, as in libpq [default: verify-full for a remote host, prefer for loopback, none on a socket]'
            cand --sslrootcert 'The certificates to trust: a PEM file, or "system" (with verify-full) [default: ~/.postgresql/root.crt if it is there, else the system''s]'
            cand --sslcert 'The certificate to log in with, a PEM file [default: ~/.postgresql/postgresql.crt if it is there]'
            cand --sslkey 'The key of that certificate, readable to its owner alone [default: ~/.postgresql/postgresql.key]'
            cand --sslnegotiation 'How TLS begins: "direct" (PostgreSQL 17 and newer) saves a round trip [default: postgres]'
            cand --channel-binding 'Whether the login must be bound to the TLS session [default: require for a remote host where neither --sslmode nor --sslcert is set, else prefer]'
            cand --require-auth 'How the server may have the login proved, as in libpq: a list of password, md5, scram-sha-256, none…, or of those that are not accepted, each with a "!" [default: scram-sha-256, and none for a certificate and on this machine]'
            cand --direct 'This is the server itself, not a pooler, although it gives process numbers of its own making (Neon)'
            cand --admin-user 'The role that pgrole logs in as where the credential''s source gives no name (.pgpass, peer, a certificate) [default: PG_ADMIN_USER, else the config file''s credential.user, else yours]'
            cand --notes 'A remark'
            cand --registry 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]'
            cand --config 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]'
            cand --format 'How results are printed [default: table on a terminal, json elsewhere]'
            cand --color 'When to colour messages; NO_COLOR turns "auto" off'
            cand --timeout 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long'
            cand -q 'Print only results and errors'
            cand --quiet 'Print only results and errors'
            cand -v 'Print more: the statements that ran, where the login came from'
            cand --verbose 'Print more: the statements that ran, where the login came from'
            cand -y 'Answer every question with yes, as scripts must in a protected environment'
            cand --yes 'Answer every question with yes, as scripts must in a protected environment'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'pgrole;registry;list'= {
            cand -e 'Only this environment [default: all]'
            cand --env 'Only this environment [default: all]'
            cand -d 'Only databases of this name [default: all]'
            cand --database 'Only databases of this name [default: all]'
            cand --registry 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]'
            cand --config 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]'
            cand --format 'How results are printed [default: table on a terminal, json elsewhere]'
            cand --color 'When to colour messages; NO_COLOR turns "auto" off'
            cand --timeout 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long'
            cand -q 'Print only results and errors'
            cand --quiet 'Print only results and errors'
            cand -v 'Print more: the statements that ran, where the login came from'
            cand --verbose 'Print more: the statements that ran, where the login came from'
            cand -y 'Answer every question with yes, as scripts must in a protected environment'
            cand --yes 'Answer every question with yes, as scripts must in a protected environment'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'pgrole;registry;show'= {
            cand -e 'The environment: dev, qa, uat, prod, or one that the config file adds'
            cand --env 'The environment: dev, qa, uat, prod, or one that the config file adds'
            cand -d 'The database'
            cand --database 'The database'
            cand --registry 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]'
            cand --config 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]'
            cand --format 'How results are printed [default: table on a terminal, json elsewhere]'
            cand --color 'When to colour messages; NO_COLOR turns "auto" off'
            cand --timeout 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long'
            cand -q 'Print only results and errors'
            cand --quiet 'Print only results and errors'
            cand -v 'Print more: the statements that ran, where the login came from'
            cand --verbose 'Print more: the statements that ran, where the login came from'
            cand -y 'Answer every question with yes, as scripts must in a protected environment'
            cand --yes 'Answer every question with yes, as scripts must in a protected environment'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'pgrole;registry;check'= {
            cand -e 'Only this environment [default: all]'
            cand --env 'Only this environment [default: all]'
            cand -d 'Only databases of this name [default: all]'
            cand --database 'Only databases of this name [default: all]'
            cand --registry 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]'
            cand --config 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]'
            cand --format 'How results are printed [default: table on a terminal, json elsewhere]'
            cand --color 'When to colour messages; NO_COLOR turns "auto" off'
            cand --timeout 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long'
            cand -q 'Print only results and errors'
            cand --quiet 'Print only results and errors'
            cand -v 'Print more: the statements that ran, where the login came from'
            cand --verbose 'Print more: the statements that ran, where the login came from'
            cand -y 'Answer every question with yes, as scripts must in a protected environment'
            cand --yes 'Answer every question with yes, as scripts must in a protected environment'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'pgrole;registry;update'= {
            cand -e 'The environment: dev, qa, uat, prod, or one that the config file adds'
            cand --env 'The environment: dev, qa, uat, prod, or one that the config file adds'
            cand -d 'The database'
            cand --database 'The database'
            cand -H 'Host name, IP address, or the folder of a Unix socket; of several, separated by commas, the one that accepts writes is used'
            cand --hostname 'Host name, IP address, or the folder of a Unix socket; of several, separated by commas, the one that accepts writes is used'
            cand --service 'Instead of a host: a service of pg_service.conf'
            cand -p 'The server''s port; one for all hosts, or one for each, separated by commas'
            cand --port 'The server''s port; one for all hosts, or one for each, separated by commas'
            cand --sslmode 'Whether to require and verify TLS, as in libpq [default: verify-full for a remote host, prefer for loopback, none on a socket]'
            cand --sslrootcert 'The certificates to trust: a PEM file, or "system" (with verify-full) [default: ~/.postgresql/root.crt if it is there, else the system''s]'
            cand --sslcert 'The certificate to log in with, a PEM file [default: ~/.postgresql/postgresql.crt if it is there]'
            cand --sslkey 'The key of that certificate, readable to its owner alone [default: ~/.postgresql/postgresql.key]'
            cand --sslnegotiation 'How TLS begins: "direct" (PostgreSQL 17 and newer) saves a round trip [default: postgres]'
            cand --channel-binding 'Whether the login must be bound to the TLS session [default: require for a remote host where neither --sslmode nor --sslcert is set, else prefer]'
            cand --require-auth 'How the server may have the login proved, as in libpq; "default" takes it back'
            cand --direct 'This is the server itself, not a pooler, although it gives process numbers of its own making (Neon)'
            cand --admin-user 'The role that pgrole logs in as where the credential''s source gives no name (.pgpass, peer, a certificate) [default: PG_ADMIN_USER, else the config file''s credential.user, else yours]'
            cand --notes 'A remark'
            cand --registry 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]'
            cand --config 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]'
            cand --format 'How results are printed [default: table on a terminal, json elsewhere]'
            cand --color 'When to colour messages; NO_COLOR turns "auto" off'
            cand --timeout 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long'
            cand --trust-new-server 'Take the cluster that answers next for the target''s: after a server was rebuilt or replaced'
            cand -q 'Print only results and errors'
            cand --quiet 'Print only results and errors'
            cand -v 'Print more: the statements that ran, where the login came from'
            cand --verbose 'Print more: the statements that ran, where the login came from'
            cand -y 'Answer every question with yes, as scripts must in a protected environment'
            cand --yes 'Answer every question with yes, as scripts must in a protected environment'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'pgrole;registry;enable'= {
            cand -e 'The environment: dev, qa, uat, prod, or one that the config file adds'
            cand --env 'The environment: dev, qa, uat, prod, or one that the config file adds'
            cand -d 'The database'
            cand --database 'The database'
            cand --registry 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]'
            cand --config 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]'
            cand --format 'How results are printed [default: table on a terminal, json elsewhere]'
            cand --color 'When to colour messages; NO_COLOR turns "auto" off'
            cand --timeout 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long'
            cand -q 'Print only results and errors'
            cand --quiet 'Print only results and errors'
            cand -v 'Print more: the statements that ran, where the login came from'
            cand --verbose 'Print more: the statements that ran, where the login came from'
            cand -y 'Answer every question with yes, as scripts must in a protected environment'
            cand --yes 'Answer every question with yes, as scripts must in a protected environment'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'pgrole;registry;disable'= {
            cand -e 'The environment: dev, qa, uat, prod, or one that the config file adds'
            cand --env 'The environment: dev, qa, uat, prod, or one that the config file adds'
            cand -d 'The database'
            cand --database 'The database'
            cand --registry 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]'
            cand --config 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]'
            cand --format 'How results are printed [default: table on a terminal, json elsewhere]'
            cand --color 'When to colour messages; NO_COLOR turns "auto" off'
            cand --timeout 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long'
            cand -q 'Print only results and errors'
            cand --quiet 'Print only results and errors'
            cand -v 'Print more: the statements that ran, where the login came from'
            cand --verbose 'Print more: the statements that ran, where the login came from'
            cand -y 'Answer every question with yes, as scripts must in a protected environment'
            cand --yes 'Answer every question with yes, as scripts must in a protected environment'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'pgrole;registry;remove'= {
            cand -e 'The environment: dev, qa, uat, prod, or one that the config file adds'
            cand --env 'The environment: dev, qa, uat, prod, or one that the config file adds'
            cand -d 'The database'
            cand --database 'The database'
            cand --registry 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]'
            cand --config 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]'
            cand --format 'How results are printed [default: table on a terminal, json elsewhere]'
            cand --color 'When to colour messages; NO_COLOR turns "auto" off'
            cand --timeout 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long'
            cand -q 'Print only results and errors'
            cand --quiet 'Print only results and errors'
            cand -v 'Print more: the statements that ran, where the login came from'
            cand --verbose 'Print more: the statements that ran, where the login came from'
            cand -y 'Answer every question with yes, as scripts must in a protected environment'
            cand --yes 'Answer every question with yes, as scripts must in a protected environment'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'pgrole;registry;help'= {
            cand add 'Add a target'
            cand list 'List all targets'
            cand show 'Show one target'
            cand check 'Log in to each target and report reachability, TLS, whether it is the primary, and the admin login''s rights'
            cand update 'Change a target'
            cand enable 'Enable a disabled target again'
            cand disable 'Disable a target: pgrole refuses to use it'
            cand remove 'Remove a target from the registry; its server is not changed'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'pgrole;registry;help;add'= {
        }
        &'pgrole;registry;help;list'= {
        }
        &'pgrole;registry;help;show'= {
        }
        &'pgrole;registry;help;check'= {
        }
        &'pgrole;registry;help;update'= {
        }
        &'pgrole;registry;help;enable'= {
        }
        &'pgrole;registry;help;disable'= {
        }
        &'pgrole;registry;help;remove'= {
        }
        &'pgrole;registry;help;help'= {
        }
        &'pgrole;credential'= {
            cand --registry 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]'
            cand --config 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]'
            cand --format 'How results are printed [default: table on a terminal, json elsewhere]'
            cand --color 'When to colour messages; NO_COLOR turns "auto" off'
            cand --timeout 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long'
            cand -q 'Print only results and errors'
            cand --quiet 'Print only results and errors'
            cand -v 'Print more: the statements that ran, where the login came from'
            cand --verbose 'Print more: the statements that ran, where the login came from'
            cand -y 'Answer every question with yes, as scripts must in a protected environment'
            cand --yes 'Answer every question with yes, as scripts must in a protected environment'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand set 'Store a login in the keyring, or a channel''s secret; it is asked for, or read from standard input'
            cand list 'List the logins and the channels'' secrets in the keyring, without showing them'
            cand check 'Log in to each target with the login that pgrole would use, and show where it comes from'
            cand rotate 'Give the admin login itself a new password, and store it where the old one came from'
            cand delete 'Remove a login, or a channel''s secret, from the keyring'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'pgrole;credential;set'= {
            cand -e 'The environment [default: all that have none of their own]'
            cand --env 'The environment [default: all that have none of their own]'
            cand -d 'Only this database of the environment'
            cand --database 'Only this database of the environment'
            cand -U 'The role to log in as'
            cand --user 'The role to log in as'
            cand --notify 'Store the secret of this name, which channels of the config file refer to, instead of a login'
            cand --registry 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]'
            cand --config 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]'
            cand --format 'How results are printed [default: table on a terminal, json elsewhere]'
            cand --color 'When to colour messages; NO_COLOR turns "auto" off'
            cand --timeout 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long'
            cand --password-stdin 'Read the password, or the secret, from standard input'
            cand -q 'Print only results and errors'
            cand --quiet 'Print only results and errors'
            cand -v 'Print more: the statements that ran, where the login came from'
            cand --verbose 'Print more: the statements that ran, where the login came from'
            cand -y 'Answer every question with yes, as scripts must in a protected environment'
            cand --yes 'Answer every question with yes, as scripts must in a protected environment'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'pgrole;credential;list'= {
            cand --registry 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]'
            cand --config 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]'
            cand --format 'How results are printed [default: table on a terminal, json elsewhere]'
            cand --color 'When to colour messages; NO_COLOR turns "auto" off'
            cand --timeout 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long'
            cand -q 'Print only results and errors'
            cand --quiet 'Print only results and errors'
            cand -v 'Print more: the statements that ran, where the login came from'
            cand --verbose 'Print more: the statements that ran, where the login came from'
            cand -y 'Answer every question with yes, as scripts must in a protected environment'
            cand --yes 'Answer every question with yes, as scripts must in a protected environment'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'pgrole;credential;check'= {
            cand -e 'Only this environment [default: all]'
            cand --env 'Only this environment [default: all]'
            cand -d 'Only databases of this name [default: all]'
            cand --database 'Only databases of this name [default: all]'
            cand --registry 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]'
            cand --config 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]'
            cand --format 'How results are printed [default: table on a terminal, json elsewhere]'
            cand --color 'When to colour messages; NO_COLOR turns "auto" off'
            cand --timeout 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long'
            cand -q 'Print only results and errors'
            cand --quiet 'Print only results and errors'
            cand -v 'Print more: the statements that ran, where the login came from'
            cand --verbose 'Print more: the statements that ran, where the login came from'
            cand -y 'Answer every question with yes, as scripts must in a protected environment'
            cand --yes 'Answer every question with yes, as scripts must in a protected environment'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'pgrole;credential;rotate'= {
            cand -e 'The environment whose logins are changed'
            cand --env 'The environment whose logins are changed'
            cand -d 'Only the login of this database; all targets that are reached with it go on to be'
            cand --database 'Only the login of this database; all targets that are reached with it go on to be'
            cand --deliver 'Where the password goes if it came from where pgrole cannot write (variables, systemd, a prompt, a command without a store_command): file:PATH, pgpass, pgpass:PATH, keyring, exec:COMMAND or stdout'
            cand --file-format 'What a delivered file looks like'
            cand --registry 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]'
            cand --config 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]'
            cand --format 'How results are printed [default: table on a terminal, json elsewhere]'
            cand --color 'When to colour messages; NO_COLOR turns "auto" off'
            cand --timeout 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long'
            cand -n 'Show the SQL that would run, but change nothing'
            cand --dry-run 'Show the SQL that would run, but change nothing'
            cand -q 'Print only results and errors'
            cand --quiet 'Print only results and errors'
            cand -v 'Print more: the statements that ran, where the login came from'
            cand --verbose 'Print more: the statements that ran, where the login came from'
            cand -y 'Answer every question with yes, as scripts must in a protected environment'
            cand --yes 'Answer every question with yes, as scripts must in a protected environment'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'pgrole;credential;delete'= {
            cand -e 'The environment [default: all that have none of their own]'
            cand --env 'The environment [default: all that have none of their own]'
            cand -d 'Only this database of the environment'
            cand --database 'Only this database of the environment'
            cand --notify 'The secret of this name, instead of a login'
            cand --registry 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]'
            cand --config 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]'
            cand --format 'How results are printed [default: table on a terminal, json elsewhere]'
            cand --color 'When to colour messages; NO_COLOR turns "auto" off'
            cand --timeout 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long'
            cand -q 'Print only results and errors'
            cand --quiet 'Print only results and errors'
            cand -v 'Print more: the statements that ran, where the login came from'
            cand --verbose 'Print more: the statements that ran, where the login came from'
            cand -y 'Answer every question with yes, as scripts must in a protected environment'
            cand --yes 'Answer every question with yes, as scripts must in a protected environment'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'pgrole;credential;help'= {
            cand set 'Store a login in the keyring, or a channel''s secret; it is asked for, or read from standard input'
            cand list 'List the logins and the channels'' secrets in the keyring, without showing them'
            cand check 'Log in to each target with the login that pgrole would use, and show where it comes from'
            cand rotate 'Give the admin login itself a new password, and store it where the old one came from'
            cand delete 'Remove a login, or a channel''s secret, from the keyring'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'pgrole;credential;help;set'= {
        }
        &'pgrole;credential;help;list'= {
        }
        &'pgrole;credential;help;check'= {
        }
        &'pgrole;credential;help;rotate'= {
        }
        &'pgrole;credential;help;delete'= {
        }
        &'pgrole;credential;help;help'= {
        }
        &'pgrole;user'= {
            cand --registry 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]'
            cand --config 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]'
            cand --format 'How results are printed [default: table on a terminal, json elsewhere]'
            cand --color 'When to colour messages; NO_COLOR turns "auto" off'
            cand --timeout 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long'
            cand -q 'Print only results and errors'
            cand --quiet 'Print only results and errors'
            cand -v 'Print more: the statements that ran, where the login came from'
            cand --verbose 'Print more: the statements that ran, where the login came from'
            cand -y 'Answer every question with yes, as scripts must in a protected environment'
            cand --yes 'Answer every question with yes, as scripts must in a protected environment'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand app 'Create the login of an application server: SERVERNAME_PORT, readwrite'
            cand k8s 'Create the login of a Kubernetes deployment: PREFIX_FARMNAME, readwrite'
            cand devqa 'Create a login for development and test: readwrite'
            cand devlead 'Create a login for a lead developer: readwrite, and CREATE in the schemas'
            cand readonly 'Create a read-only login'
            cand dba 'Create a login for a DBA: CREATEDB CREATEROLE, no connection limit, no access group'
            cand create 'Create a login with any profile, including those of the config file'
            cand reset 'Give an existing role a new password'
            cand search-path 'Set a role''s search path in one database'
            cand find 'Look for a role, by default on every active target'
            cand list 'List the logins of the targets'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'pgrole;user;app'= {
            cand --servername 'The application server''s name'
            cand --port 'The application''s port'
            cand -e 'The environment: dev, qa, uat, prod, or one that the config file adds'
            cand --env 'The environment: dev, qa, uat, prod, or one that the config file adds'
            cand -d 'The database'
            cand --database 'The database'
            cand --access 'What the login may do in the database [default: the profile''s]'
            cand --connection-limit 'The maximum number of concurrent sessions, or none for no limit [default: the profile''s]'
            cand --valid-for 'How long each password is valid: 90d, 12h, 2w, or none for no limit; each rotation renews it [default: the profile''s, else the config file''s password.valid_for, else no limit]'
            cand --ends-on 'When the account ends, whatever is rotated: 2027-03-31 (that day is its last, UTC), or a time (2027-03-31T18:00:00Z)'
            cand --deliver 'Where the password goes: stdout, file:PATH, pgpass, pgpass:PATH, keyring or exec:COMMAND; {env}, {database}, {hostname}, {port} and {username} are replaced [default: where the role''s password went before; for a new role the profile''s; else stdout]'
            cand --file-format 'What a delivered file looks like [default: as before; for a new role the profile''s; else json]'
            cand --registry 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]'
            cand --config 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]'
            cand --format 'How results are printed [default: table on a terminal, json elsewhere]'
            cand --color 'When to colour messages; NO_COLOR turns "auto" off'
            cand --timeout 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long'
            cand --password-stdin 'Read the password from standard input instead of generating one'
            cand --adopt 'Take over a role that has the name of an access group, although pgrole did not create it'
            cand --partial 'Leave out what the admin login may not grant, and report it, instead of changing nothing'
            cand --ensure 'Grant an existing login the access that it lacks; nothing else about it is changed'
            cand -n 'Show the SQL that would run, but change nothing'
            cand --dry-run 'Show the SQL that would run, but change nothing'
            cand -q 'Print only results and errors'
            cand --quiet 'Print only results and errors'
            cand -v 'Print more: the statements that ran, where the login came from'
            cand --verbose 'Print more: the statements that ran, where the login came from'
            cand -y 'Answer every question with yes, as scripts must in a protected environment'
            cand --yes 'Answer every question with yes, as scripts must in a protected environment'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'pgrole;user;k8s'= {
            cand --env-prefix 'The environment''s prefix in role names'
            cand --farmname 'The farm''s name'
            cand -e 'The environment: dev, qa, uat, prod, or one that the config file adds'
            cand --env 'The environment: dev, qa, uat, prod, or one that the config file adds'
            cand -d 'The database'
            cand --database 'The database'
            cand --access 'What the login may do in the database [default: the profile''s]'
            cand --connection-limit 'The maximum number of concurrent sessions, or none for no limit [default: the profile''s]'
            cand --valid-for 'How long each password is valid: 90d, 12h, 2w, or none for no limit; each rotation renews it [default: the profile''s, else the config file''s password.valid_for, else no limit]'
            cand --ends-on 'When the account ends, whatever is rotated: 2027-03-31 (that day is its last, UTC), or a time (2027-03-31T18:00:00Z)'
            cand --deliver 'Where the password goes: stdout, file:PATH, pgpass, pgpass:PATH, keyring or exec:COMMAND; {env}, {database}, {hostname}, {port} and {username} are replaced [default: where the role''s password went before; for a new role the profile''s; else stdout]'
            cand --file-format 'What a delivered file looks like [default: as before; for a new role the profile''s; else json]'
            cand --registry 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]'
            cand --config 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]'
            cand --format 'How results are printed [default: table on a terminal, json elsewhere]'
            cand --color 'When to colour messages; NO_COLOR turns "auto" off'
            cand --timeout 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long'
            cand --password-stdin 'Read the password from standard input instead of generating one'
            cand --adopt 'Take over a role that has the name of an access group, although pgrole did not create it'
            cand --partial 'Leave out what the admin login may not grant, and report it, instead of changing nothing'
            cand --ensure 'Grant an existing login the access that it lacks; nothing else about it is changed'
            cand -n 'Show the SQL that would run, but change nothing'
            cand --dry-run 'Show the SQL that would run, but change nothing'
            cand -q 'Print only results and errors'
            cand --quiet 'Print only results and errors'
            cand -v 'Print more: the statements that ran, where the login came from'
            cand --verbose 'Print more: the statements that ran, where the login came from'
            cand -y 'Answer every question with yes, as scripts must in a protected environment'
            cand --yes 'Answer every question with yes, as scripts must in a protected environment'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'pgrole;user;devqa'= {
            cand -u 'The role''s name, exactly as PostgreSQL will store it'
            cand --username 'The role''s name, exactly as PostgreSQL will store it'
            cand -e 'The environment: dev, qa, uat, prod, or one that the config file adds'
            cand --env 'The environment: dev, qa, uat, prod, or one that the config file adds'
            cand -d 'The database'
            cand --database 'The database'
            cand --access 'What the login may do in the database [default: the profile''s]'
            cand --connection-limit 'The maximum number of concurrent sessions, or none for no limit [default: the profile''s]'
            cand --valid-for 'How long each password is valid: 90d, 12h, 2w, or none for no limit; each rotation renews it [default: the profile''s, else the config file''s password.valid_for, else no limit]'
            cand --ends-on 'When the account ends, whatever is rotated: 2027-03-31 (that day is its last, UTC), or a time (2027-03-31T18:00:00Z)'
            cand --deliver 'Where the password goes: stdout, file:PATH, pgpass, pgpass:PATH, keyring or exec:COMMAND; {env}, {database}, {hostname}, {port} and {username} are replaced [default: where the role''s password went before; for a new role the profile''s; else stdout]'
            cand --file-format 'What a delivered file looks like [default: as before; for a new role the profile''s; else json]'
            cand --registry 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]'
            cand --config 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]'
            cand --format 'How results are printed [default: table on a terminal, json elsewhere]'
            cand --color 'When to colour messages; NO_COLOR turns "auto" off'
            cand --timeout 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long'
            cand --password-stdin 'Read the password from standard input instead of generating one'
            cand --adopt 'Take over a role that has the name of an access group, although pgrole did not create it'
            cand --partial 'Leave out what the admin login may not grant, and report it, instead of changing nothing'
            cand --ensure 'Grant an existing login the access that it lacks; nothing else about it is changed'
            cand -n 'Show the SQL that would run, but change nothing'
            cand --dry-run 'Show the SQL that would run, but change nothing'
            cand -q 'Print only results and errors'
            cand --quiet 'Print only results and errors'
            cand -v 'Print more: the statements that ran, where the login came from'
            cand --verbose 'Print more: the statements that ran, where the login came from'
            cand -y 'Answer every question with yes, as scripts must in a protected environment'
            cand --yes 'Answer every question with yes, as scripts must in a protected environment'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'pgrole;user;devlead'= {
            cand -u 'The role''s name, exactly as PostgreSQL will store it'
            cand --username 'The role''s name, exactly as PostgreSQL will store it'
            cand -e 'The environment: dev, qa, uat, prod, or one that the config file adds'
            cand --env 'The environment: dev, qa, uat, prod, or one that the config file adds'
            cand -d 'The database'
            cand --database 'The database'
            cand --access 'What the login may do in the database [default: the profile''s]'
            cand --connection-limit 'The maximum number of concurrent sessions, or none for no limit [default: the profile''s]'
            cand --valid-for 'How long each password is valid: 90d, 12h, 2w, or none for no limit; each rotation renews it [default: the profile''s, else the config file''s password.valid_for, else no limit]'
            cand --ends-on 'When the account ends, whatever is rotated: 2027-03-31 (that day is its last, UTC), or a time (2027-03-31T18:00:00Z)'
            cand --deliver 'Where the password goes: stdout, file:PATH, pgpass, pgpass:PATH, keyring or exec:COMMAND; {env}, {database}, {hostname}, {port} and {username} are replaced [default: where the role''s password went before; for a new role the profile''s; else stdout]'
            cand --file-format 'What a delivered file looks like [default: as before; for a new role the profile''s; else json]'
            cand --registry 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]'
            cand --config 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]'
            cand --format 'How results are printed [default: table on a terminal, json elsewhere]'
            cand --color 'When to colour messages; NO_COLOR turns "auto" off'
            cand --timeout 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long'
            cand --password-stdin 'Read the password from standard input instead of generating one'
            cand --adopt 'Take over a role that has the name of an access group, although pgrole did not create it'
            cand --partial 'Leave out what the admin login may not grant, and report it, instead of changing nothing'
            cand --ensure 'Grant an existing login the access that it lacks; nothing else about it is changed'
            cand -n 'Show the SQL that would run, but change nothing'
            cand --dry-run 'Show the SQL that would run, but change nothing'
            cand -q 'Print only results and errors'
            cand --quiet 'Print only results and errors'
            cand -v 'Print more: the statements that ran, where the login came from'
            cand --verbose 'Print more: the statements that ran, where the login came from'
            cand -y 'Answer every question with yes, as scripts must in a protected environment'
            cand --yes 'Answer every question with yes, as scripts must in a protected environment'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'pgrole;user;readonly'= {
            cand -u 'The role''s name, exactly as PostgreSQL will store it'
            cand --username 'The role''s name, exactly as PostgreSQL will store it'
            cand -e 'The environment: dev, qa, uat, prod, or one that the config file adds'
            cand --env 'The environment: dev, qa, uat, prod, or one that the config file adds'
            cand -d 'The database'
            cand --database 'The database'
            cand --access 'What the login may do in the database [default: the profile''s]'
            cand --connection-limit 'The maximum number of concurrent sessions, or none for no limit [default: the profile''s]'
            cand --valid-for 'How long each password is valid: 90d, 12h, 2w, or none for no limit; each rotation renews it [default: the profile''s, else the config file''s password.valid_for, else no limit]'
            cand --ends-on 'When the account ends, whatever is rotated: 2027-03-31 (that day is its last, UTC), or a time (2027-03-31T18:00:00Z)'
            cand --deliver 'Where the password goes: stdout, file:PATH, pgpass, pgpass:PATH, keyring or exec:COMMAND; {env}, {database}, {hostname}, {port} and {username} are replaced [default: where the role''s password went before; for a new role the profile''s; else stdout]'
            cand --file-format 'What a delivered file looks like [default: as before; for a new role the profile''s; else json]'
            cand --registry 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]'
            cand --config 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]'
            cand --format 'How results are printed [default: table on a terminal, json elsewhere]'
            cand --color 'When to colour messages; NO_COLOR turns "auto" off'
            cand --timeout 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long'
            cand --password-stdin 'Read the password from standard input instead of generating one'
            cand --adopt 'Take over a role that has the name of an access group, although pgrole did not create it'
            cand --partial 'Leave out what the admin login may not grant, and report it, instead of changing nothing'
            cand --ensure 'Grant an existing login the access that it lacks; nothing else about it is changed'
            cand -n 'Show the SQL that would run, but change nothing'
            cand --dry-run 'Show the SQL that would run, but change nothing'
            cand -q 'Print only results and errors'
            cand --quiet 'Print only results and errors'
            cand -v 'Print more: the statements that ran, where the login came from'
            cand --verbose 'Print more: the statements that ran, where the login came from'
            cand -y 'Answer every question with yes, as scripts must in a protected environment'
            cand --yes 'Answer every question with yes, as scripts must in a protected environment'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'pgrole;user;dba'= {
            cand -u 'The role''s name, exactly as PostgreSQL will store it'
            cand --username 'The role''s name, exactly as PostgreSQL will store it'
            cand -e 'The environment: dev, qa, uat, prod, or one that the config file adds'
            cand --env 'The environment: dev, qa, uat, prod, or one that the config file adds'
            cand -d 'The database'
            cand --database 'The database'
            cand --access 'What the login may do in the database [default: the profile''s]'
            cand --connection-limit 'The maximum number of concurrent sessions, or none for no limit [default: the profile''s]'
            cand --valid-for 'How long each password is valid: 90d, 12h, 2w, or none for no limit; each rotation renews it [default: the profile''s, else the config file''s password.valid_for, else no limit]'
            cand --ends-on 'When the account ends, whatever is rotated: 2027-03-31 (that day is its last, UTC), or a time (2027-03-31T18:00:00Z)'
            cand --deliver 'Where the password goes: stdout, file:PATH, pgpass, pgpass:PATH, keyring or exec:COMMAND; {env}, {database}, {hostname}, {port} and {username} are replaced [default: where the role''s password went before; for a new role the profile''s; else stdout]'
            cand --file-format 'What a delivered file looks like [default: as before; for a new role the profile''s; else json]'
            cand --registry 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]'
            cand --config 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]'
            cand --format 'How results are printed [default: table on a terminal, json elsewhere]'
            cand --color 'When to colour messages; NO_COLOR turns "auto" off'
            cand --timeout 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long'
            cand --password-stdin 'Read the password from standard input instead of generating one'
            cand --adopt 'Take over a role that has the name of an access group, although pgrole did not create it'
            cand --partial 'Leave out what the admin login may not grant, and report it, instead of changing nothing'
            cand --ensure 'Grant an existing login the access that it lacks; nothing else about it is changed'
            cand -n 'Show the SQL that would run, but change nothing'
            cand --dry-run 'Show the SQL that would run, but change nothing'
            cand -q 'Print only results and errors'
            cand --quiet 'Print only results and errors'
            cand -v 'Print more: the statements that ran, where the login came from'
            cand --verbose 'Print more: the statements that ran, where the login came from'
            cand -y 'Answer every question with yes, as scripts must in a protected environment'
            cand --yes 'Answer every question with yes, as scripts must in a protected environment'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'pgrole;user;create'= {
            cand --profile 'The profile: a built-in one, or one of the config file''s [profiles]'
            cand -u 'The role''s name, exactly as PostgreSQL will store it'
            cand --username 'The role''s name, exactly as PostgreSQL will store it'
            cand -e 'The environment: dev, qa, uat, prod, or one that the config file adds'
            cand --env 'The environment: dev, qa, uat, prod, or one that the config file adds'
            cand -d 'The database'
            cand --database 'The database'
            cand --access 'What the login may do in the database [default: the profile''s]'
            cand --connection-limit 'The maximum number of concurrent sessions, or none for no limit [default: the profile''s]'
            cand --valid-for 'How long each password is valid: 90d, 12h, 2w, or none for no limit; each rotation renews it [default: the profile''s, else the config file''s password.valid_for, else no limit]'
            cand --ends-on 'When the account ends, whatever is rotated: 2027-03-31 (that day is its last, UTC), or a time (2027-03-31T18:00:00Z)'
            cand --deliver 'Where the password goes: stdout, file:PATH, pgpass, pgpass:PATH, keyring or exec:COMMAND; {env}, {database}, {hostname}, {port} and {username} are replaced [default: where the role''s password went before; for a new role the profile''s; else stdout]'
            cand --file-format 'What a delivered file looks like [default: as before; for a new role the profile''s; else json]'
            cand --registry 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]'
            cand --config 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]'
            cand --format 'How results are printed [default: table on a terminal, json elsewhere]'
            cand --color 'When to colour messages; NO_COLOR turns "auto" off'
            cand --timeout 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long'
            cand --password-stdin 'Read the password from standard input instead of generating one'
            cand --adopt 'Take over a role that has the name of an access group, although pgrole did not create it'
            cand --partial 'Leave out what the admin login may not grant, and report it, instead of changing nothing'
            cand --ensure 'Grant an existing login the access that it lacks; nothing else about it is changed'
            cand -n 'Show the SQL that would run, but change nothing'
            cand --dry-run 'Show the SQL that would run, but change nothing'
            cand -q 'Print only results and errors'
            cand --quiet 'Print only results and errors'
            cand -v 'Print more: the statements that ran, where the login came from'
            cand --verbose 'Print more: the statements that ran, where the login came from'
            cand -y 'Answer every question with yes, as scripts must in a protected environment'
            cand --yes 'Answer every question with yes, as scripts must in a protected environment'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'pgrole;user;reset'= {
            cand -e 'The environment: dev, qa, uat, prod, or one that the config file adds'
            cand --env 'The environment: dev, qa, uat, prod, or one that the config file adds'
            cand -d 'The database'
            cand --database 'The database'
            cand -u 'The role''s name, exactly as PostgreSQL stores it'
            cand --username 'The role''s name, exactly as PostgreSQL stores it'
            cand --valid-for 'How long each password is good: 90d, 12h, 2w; each rotation renews it [default: the profile''s, else the config file''s password.valid_for; a VALID UNTIL that is there already stays as it is]'
            cand --ends-on 'When the account ends, whatever is rotated: 2027-03-31 (that day is its last, UTC), or a time (2027-03-31T18:00:00Z)'
            cand --deliver 'Where the password goes: stdout, file:PATH, pgpass, pgpass:PATH, keyring or exec:COMMAND; {env}, {database}, {hostname}, {port} and {username} are replaced [default: where the role''s password went before; for a new role the profile''s; else stdout]'
            cand --file-format 'What a delivered file looks like [default: as before; for a new role the profile''s; else json]'
            cand --registry 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]'
            cand --config 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]'
            cand --format 'How results are printed [default: table on a terminal, json elsewhere]'
            cand --color 'When to colour messages; NO_COLOR turns "auto" off'
            cand --timeout 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long'
            cand --password-stdin 'Read the password from standard input instead of generating one'
            cand --force 'Change a protected role too: a superuser, the admin login itself, a service''s own, and those that the config file names'
            cand -n 'Show the SQL that would run, but change nothing'
            cand --dry-run 'Show the SQL that would run, but change nothing'
            cand -q 'Print only results and errors'
            cand --quiet 'Print only results and errors'
            cand -v 'Print more: the statements that ran, where the login came from'
            cand --verbose 'Print more: the statements that ran, where the login came from'
            cand -y 'Answer every question with yes, as scripts must in a protected environment'
            cand --yes 'Answer every question with yes, as scripts must in a protected environment'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'pgrole;user;search-path'= {
            cand -e 'The environment: dev, qa, uat, prod, or one that the config file adds'
            cand --env 'The environment: dev, qa, uat, prod, or one that the config file adds'
            cand -d 'The database'
            cand --database 'The database'
            cand -u 'The role''s name, exactly as PostgreSQL stores it'
            cand --username 'The role''s name, exactly as PostgreSQL stores it'
            cand --schema 'A schema, exactly as PostgreSQL stores it; may be repeated, the first is searched first'
            cand --registry 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]'
            cand --config 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]'
            cand --format 'How results are printed [default: table on a terminal, json elsewhere]'
            cand --color 'When to colour messages; NO_COLOR turns "auto" off'
            cand --timeout 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long'
            cand --reset 'Remove the role''s setting in this database, so that the server''s default applies (RESET search_path)'
            cand --force 'Change a protected role too: a superuser, the admin login itself, a service''s own, and those that the config file names'
            cand -n 'Show the SQL that would run, but change nothing'
            cand --dry-run 'Show the SQL that would run, but change nothing'
            cand -q 'Print only results and errors'
            cand --quiet 'Print only results and errors'
            cand -v 'Print more: the statements that ran, where the login came from'
            cand --verbose 'Print more: the statements that ran, where the login came from'
            cand -y 'Answer every question with yes, as scripts must in a protected environment'
            cand --yes 'Answer every question with yes, as scripts must in a protected environment'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'pgrole;user;find'= {
            cand -u 'The role''s name, exactly as PostgreSQL stores it'
            cand --username 'The role''s name, exactly as PostgreSQL stores it'
            cand -e 'Only this environment [default: all]'
            cand --env 'Only this environment [default: all]'
            cand -d 'Only databases of this name [default: all]'
            cand --database 'Only databases of this name [default: all]'
            cand --registry 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]'
            cand --config 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]'
            cand --format 'How results are printed [default: table on a terminal, json elsewhere]'
            cand --color 'When to colour messages; NO_COLOR turns "auto" off'
            cand --timeout 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long'
            cand -q 'Print only results and errors'
            cand --quiet 'Print only results and errors'
            cand -v 'Print more: the statements that ran, where the login came from'
            cand --verbose 'Print more: the statements that ran, where the login came from'
            cand -y 'Answer every question with yes, as scripts must in a protected environment'
            cand --yes 'Answer every question with yes, as scripts must in a protected environment'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'pgrole;user;list'= {
            cand -e 'Only this environment [default: all]'
            cand --env 'Only this environment [default: all]'
            cand -d 'Only databases of this name [default: all]'
            cand --database 'Only databases of this name [default: all]'
            cand --registry 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]'
            cand --config 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]'
            cand --format 'How results are printed [default: table on a terminal, json elsewhere]'
            cand --color 'When to colour messages; NO_COLOR turns "auto" off'
            cand --timeout 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long'
            cand -q 'Print only results and errors'
            cand --quiet 'Print only results and errors'
            cand -v 'Print more: the statements that ran, where the login came from'
            cand --verbose 'Print more: the statements that ran, where the login came from'
            cand -y 'Answer every question with yes, as scripts must in a protected environment'
            cand --yes 'Answer every question with yes, as scripts must in a protected environment'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'pgrole;user;help'= {
            cand app 'Create the login of an application server: SERVERNAME_PORT, readwrite'
            cand k8s 'Create the login of a Kubernetes deployment: PREFIX_FARMNAME, readwrite'
            cand devqa 'Create a login for development and test: readwrite'
            cand devlead 'Create a login for a lead developer: readwrite, and CREATE in the schemas'
            cand readonly 'Create a read-only login'
            cand dba 'Create a login for a DBA: CREATEDB CREATEROLE, no connection limit, no access group'
            cand create 'Create a login with any profile, including those of the config file'
            cand reset 'Give an existing role a new password'
            cand search-path 'Set a role''s search path in one database'
            cand find 'Look for a role, by default on every active target'
            cand list 'List the logins of the targets'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'pgrole;user;help;app'= {
        }
        &'pgrole;user;help;k8s'= {
        }
        &'pgrole;user;help;devqa'= {
        }
        &'pgrole;user;help;devlead'= {
        }
        &'pgrole;user;help;readonly'= {
        }
        &'pgrole;user;help;dba'= {
        }
        &'pgrole;user;help;create'= {
        }
        &'pgrole;user;help;reset'= {
        }
        &'pgrole;user;help;search-path'= {
        }
        &'pgrole;user;help;find'= {
        }
        &'pgrole;user;help;list'= {
        }
        &'pgrole;user;help;help'= {
        }
        &'pgrole;access'= {
            cand --registry 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]'
            cand --config 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]'
            cand --format 'How results are printed [default: table on a terminal, json elsewhere]'
            cand --color 'When to colour messages; NO_COLOR turns "auto" off'
            cand --timeout 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long'
            cand -q 'Print only results and errors'
            cand --quiet 'Print only results and errors'
            cand -v 'Print more: the statements that ran, where the login came from'
            cand --verbose 'Print more: the statements that ran, where the login came from'
            cand -y 'Answer every question with yes, as scripts must in a protected environment'
            cand --yes 'Answer every question with yes, as scripts must in a protected environment'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand prepare 'Create and complete a database''s access groups, and revoke what they have beyond their level'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'pgrole;access;prepare'= {
            cand -e 'The environment: dev, qa, uat, prod, or one that the config file adds'
            cand --env 'The environment: dev, qa, uat, prod, or one that the config file adds'
            cand -d 'The database'
            cand --database 'The database'
            cand --access 'Only this level; may be repeated [default: readonly, readwrite and ddl]'
            cand --admin 'A role that gets ADMIN OPTION on the groups: the login that pgrole will use'
            cand --schema 'Only this schema; may be repeated [default: the config file''s, else all but the system''s and extensions'']'
            cand --registry 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]'
            cand --config 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]'
            cand --format 'How results are printed [default: table on a terminal, json elsewhere]'
            cand --color 'When to colour messages; NO_COLOR turns "auto" off'
            cand --timeout 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long'
            cand --adopt 'Take over a role that has the name of an access group, although pgrole did not create it'
            cand --partial 'Leave out what the admin login may not grant, and report it, instead of changing nothing'
            cand -n 'Show the SQL that would run, but change nothing'
            cand --dry-run 'Show the SQL that would run, but change nothing'
            cand -q 'Print only results and errors'
            cand --quiet 'Print only results and errors'
            cand -v 'Print more: the statements that ran, where the login came from'
            cand --verbose 'Print more: the statements that ran, where the login came from'
            cand -y 'Answer every question with yes, as scripts must in a protected environment'
            cand --yes 'Answer every question with yes, as scripts must in a protected environment'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'pgrole;access;help'= {
            cand prepare 'Create and complete a database''s access groups, and revoke what they have beyond their level'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'pgrole;access;help;prepare'= {
        }
        &'pgrole;access;help;help'= {
        }
        &'pgrole;rotate'= {
            cand -e 'Only these environments; * matches any text; may be repeated [default: all]'
            cand --env 'Only these environments; * matches any text; may be repeated [default: all]'
            cand -d 'Only these databases; * matches any text; may be repeated [default: all]'
            cand --database 'Only these databases; * matches any text; may be repeated [default: all]'
            cand -u 'Only these roles; * matches any text; may be repeated [default: all under rotation]'
            cand --username 'Only these roles; * matches any text; may be repeated [default: all under rotation]'
            cand --profile 'Only roles with these profiles; * matches any text; may be repeated [default: all]'
            cand --exclude 'Except these roles; * matches any text; may be repeated'
            cand --older-than 'Only passwords that pgrole changed longer ago than this: 90d, 12h, 2w [default: the config file''s, in section rotate]'
            cand --jobs 'How many roles to rotate in parallel'
            cand --limit 'Rotate at most this many roles'
            cand --canary 'Rotate this many roles first, one after the other, and stop if one of them fails'
            cand --max-failures 'Stop after this many failures'
            cand --deadline 'Start no more roles once this much time has passed'
            cand --jitter 'Wait a random time up to this before starting, so that many machines do not start at once'
            cand --deliver 'Where the passwords go: file:PATH, pgpass, pgpass:PATH, keyring, exec:COMMAND or stdout; may be repeated, each gets them [default: where each went before]'
            cand --file-format 'What a delivered file looks like; once for all, or once for each --deliver [default: as it looked before, else json]'
            cand --valid-for 'Let each new password be good for so long, and each rotation renew that: 90d, 12h, 2w; accounts that are to end (--ends-on) end all the same [default: as it was said of each role]'
            cand --registry 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]'
            cand --config 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]'
            cand --format 'How results are printed [default: table on a terminal, json elsewhere]'
            cand --color 'When to colour messages; NO_COLOR turns "auto" off'
            cand --timeout 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long'
            cand --any-age 'Regardless of age, even if the config file sets one'
            cand --include-unknown 'Also rotate roles whose password was never changed from here; otherwise they are only reported'
            cand -n 'Show the SQL that would run, but change nothing'
            cand --dry-run 'Show the SQL that would run, but change nothing'
            cand -q 'Print only results and errors'
            cand --quiet 'Print only results and errors'
            cand -v 'Print more: the statements that ran, where the login came from'
            cand --verbose 'Print more: the statements that ran, where the login came from'
            cand -y 'Answer every question with yes, as scripts must in a protected environment'
            cand --yes 'Answer every question with yes, as scripts must in a protected environment'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand status 'Show the age of each password, whether it is due, and how its last change ended; connects to no server'
            cand adopt 'Put a role that was made elsewhere under rotation: the next run that rotates what is due changes its password'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'pgrole;rotate;status'= {
            cand -e 'Only these environments; * matches any text; may be repeated [default: all]'
            cand --env 'Only these environments; * matches any text; may be repeated [default: all]'
            cand -d 'Only these databases; * matches any text; may be repeated [default: all]'
            cand --database 'Only these databases; * matches any text; may be repeated [default: all]'
            cand -u 'Only these roles; * matches any text; may be repeated [default: all under rotation]'
            cand --username 'Only these roles; * matches any text; may be repeated [default: all under rotation]'
            cand --profile 'Only roles with these profiles; * matches any text; may be repeated [default: all]'
            cand --exclude 'Except these roles; * matches any text; may be repeated'
            cand --older-than 'The age from which a password is due: 90d, 12h, 2w [default: rotate.older_than of the config file]'
            cand --format 'How results are printed [default: table on a terminal, json elsewhere]'
            cand --output 'With --format prometheus: write the metrics to this file, atomically, readable by everyone'
            cand --registry 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]'
            cand --config 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]'
            cand --color 'When to colour messages; NO_COLOR turns "auto" off'
            cand --timeout 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long'
            cand --check 'Exit with status 7 if a password is overdue; with --quiet, print nothing'
            cand -q 'Print only results and errors'
            cand --quiet 'Print only results and errors'
            cand -v 'Print more: the statements that ran, where the login came from'
            cand --verbose 'Print more: the statements that ran, where the login came from'
            cand -y 'Answer every question with yes, as scripts must in a protected environment'
            cand --yes 'Answer every question with yes, as scripts must in a protected environment'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'pgrole;rotate;adopt'= {
            cand -e 'The environment: dev, qa, uat, prod, or one that the config file adds'
            cand --env 'The environment: dev, qa, uat, prod, or one that the config file adds'
            cand -d 'The database'
            cand --database 'The database'
            cand -u 'The role''s name, exactly as PostgreSQL stores it'
            cand --username 'The role''s name, exactly as PostgreSQL stores it'
            cand --deliver 'Where its passwords go: file:PATH, pgpass, pgpass:PATH, keyring, exec:COMMAND or stdout; {env}, {database}, {hostname}, {port} and {username} are replaced'
            cand --file-format 'What a delivered file looks like'
            cand --registry 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]'
            cand --config 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]'
            cand --format 'How results are printed [default: table on a terminal, json elsewhere]'
            cand --color 'When to colour messages; NO_COLOR turns "auto" off'
            cand --timeout 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long'
            cand -q 'Print only results and errors'
            cand --quiet 'Print only results and errors'
            cand -v 'Print more: the statements that ran, where the login came from'
            cand --verbose 'Print more: the statements that ran, where the login came from'
            cand -y 'Answer every question with yes, as scripts must in a protected environment'
            cand --yes 'Answer every question with yes, as scripts must in a protected environment'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'pgrole;rotate;help'= {
            cand status 'Show the age of each password, whether it is due, and how its last change ended; connects to no server'
            cand adopt 'Put a role that was made elsewhere under rotation: the next run that rotates what is due changes its password'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'pgrole;rotate;help;status'= {
        }
        &'pgrole;rotate;help;adopt'= {
        }
        &'pgrole;rotate;help;help'= {
        }
        &'pgrole;recover'= {
            cand --registry 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]'
            cand --config 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]'
            cand --format 'How results are printed [default: table on a terminal, json elsewhere]'
            cand --color 'When to colour messages; NO_COLOR turns "auto" off'
            cand --timeout 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long'
            cand -q 'Print only results and errors'
            cand --quiet 'Print only results and errors'
            cand -v 'Print more: the statements that ran, where the login came from'
            cand --verbose 'Print more: the statements that ran, where the login came from'
            cand -y 'Answer every question with yes, as scripts must in a protected environment'
            cand --yes 'Answer every question with yes, as scripts must in a protected environment'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand list 'List open password changes, and deliveries to stdout or the keyring in the last 24 hours'
            cand run 'Settle all that can be settled: find out which password is in force, and deliver it or record that nothing changed'
            cand show 'Show one password change'
            cand ack 'Acknowledge that the password has arrived; the sealed copy is scrubbed'
            cand abort 'Give up a password change: the sealed copy is scrubbed, the server is not changed'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'pgrole;recover;list'= {
            cand --registry 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]'
            cand --config 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]'
            cand --format 'How results are printed [default: table on a terminal, json elsewhere]'
            cand --color 'When to colour messages; NO_COLOR turns "auto" off'
            cand --timeout 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long'
            cand -q 'Print only results and errors'
            cand --quiet 'Print only results and errors'
            cand -v 'Print more: the statements that ran, where the login came from'
            cand --verbose 'Print more: the statements that ran, where the login came from'
            cand -y 'Answer every question with yes, as scripts must in a protected environment'
            cand --yes 'Answer every question with yes, as scripts must in a protected environment'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'pgrole;recover;run'= {
            cand --registry 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]'
            cand --config 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]'
            cand --format 'How results are printed [default: table on a terminal, json elsewhere]'
            cand --color 'When to colour messages; NO_COLOR turns "auto" off'
            cand --timeout 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long'
            cand -q 'Print only results and errors'
            cand --quiet 'Print only results and errors'
            cand -v 'Print more: the statements that ran, where the login came from'
            cand --verbose 'Print more: the statements that ran, where the login came from'
            cand -y 'Answer every question with yes, as scripts must in a protected environment'
            cand --yes 'Answer every question with yes, as scripts must in a protected environment'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'pgrole;recover;show'= {
            cand --registry 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]'
            cand --config 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]'
            cand --format 'How results are printed [default: table on a terminal, json elsewhere]'
            cand --color 'When to colour messages; NO_COLOR turns "auto" off'
            cand --timeout 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long'
            cand -q 'Print only results and errors'
            cand --quiet 'Print only results and errors'
            cand -v 'Print more: the statements that ran, where the login came from'
            cand --verbose 'Print more: the statements that ran, where the login came from'
            cand -y 'Answer every question with yes, as scripts must in a protected environment'
            cand --yes 'Answer every question with yes, as scripts must in a protected environment'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'pgrole;recover;ack'= {
            cand --registry 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]'
            cand --config 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]'
            cand --format 'How results are printed [default: table on a terminal, json elsewhere]'
            cand --color 'When to colour messages; NO_COLOR turns "auto" off'
            cand --timeout 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long'
            cand -q 'Print only results and errors'
            cand --quiet 'Print only results and errors'
            cand -v 'Print more: the statements that ran, where the login came from'
            cand --verbose 'Print more: the statements that ran, where the login came from'
            cand -y 'Answer every question with yes, as scripts must in a protected environment'
            cand --yes 'Answer every question with yes, as scripts must in a protected environment'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'pgrole;recover;abort'= {
            cand --registry 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]'
            cand --config 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]'
            cand --format 'How results are printed [default: table on a terminal, json elsewhere]'
            cand --color 'When to colour messages; NO_COLOR turns "auto" off'
            cand --timeout 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long'
            cand -q 'Print only results and errors'
            cand --quiet 'Print only results and errors'
            cand -v 'Print more: the statements that ran, where the login came from'
            cand --verbose 'Print more: the statements that ran, where the login came from'
            cand -y 'Answer every question with yes, as scripts must in a protected environment'
            cand --yes 'Answer every question with yes, as scripts must in a protected environment'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'pgrole;recover;help'= {
            cand list 'List open password changes, and deliveries to stdout or the keyring in the last 24 hours'
            cand run 'Settle all that can be settled: find out which password is in force, and deliver it or record that nothing changed'
            cand show 'Show one password change'
            cand ack 'Acknowledge that the password has arrived; the sealed copy is scrubbed'
            cand abort 'Give up a password change: the sealed copy is scrubbed, the server is not changed'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'pgrole;recover;help;list'= {
        }
        &'pgrole;recover;help;run'= {
        }
        &'pgrole;recover;help;show'= {
        }
        &'pgrole;recover;help;ack'= {
        }
        &'pgrole;recover;help;abort'= {
        }
        &'pgrole;recover;help;help'= {
        }
        &'pgrole;audit'= {
            cand --registry 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]'
            cand --config 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]'
            cand --format 'How results are printed [default: table on a terminal, json elsewhere]'
            cand --color 'When to colour messages; NO_COLOR turns "auto" off'
            cand --timeout 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long'
            cand -q 'Print only results and errors'
            cand --quiet 'Print only results and errors'
            cand -v 'Print more: the statements that ran, where the login came from'
            cand --verbose 'Print more: the statements that ran, where the login came from'
            cand -y 'Answer every question with yes, as scripts must in a protected environment'
            cand --yes 'Answer every question with yes, as scripts must in a protected environment'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand list 'List events, newest first'
            cand show 'Show one event: its SQL, and the SQL that would undo it'
            cand export 'Export all events, in the order of the log, for other programs'
            cand checkpoint 'Sign the current end of the log, to be kept elsewhere'
            cand verify 'Verify that no event was altered, removed or inserted'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'pgrole;audit;list'= {
            cand --since 'Only events since then: a date (2026-11-23), a time (2026-11-23T08:00:00Z) or a span (7d, 12h)'
            cand --until 'Only events until then; a date includes the whole day (UTC)'
            cand -e 'Only this environment [default: all]'
            cand --env 'Only this environment [default: all]'
            cand -d 'Only databases of this name [default: all]'
            cand --database 'Only databases of this name [default: all]'
            cand -u 'Only events about this role'
            cand --username 'Only events about this role'
            cand --operator 'Only events by this account'
            cand --operation 'Only this operation, by the name that the list shows: "user reset"'
            cand --limit 'Show at most this many events'
            cand --before 'The next page: events older than this one, the last of the previous page'
            cand --registry 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]'
            cand --config 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]'
            cand --format 'How results are printed [default: table on a terminal, json elsewhere]'
            cand --color 'When to colour messages; NO_COLOR turns "auto" off'
            cand --timeout 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long'
            cand --failed 'Only events that ended with an error: failed, refused, interrupted'
            cand -q 'Print only results and errors'
            cand --quiet 'Print only results and errors'
            cand -v 'Print more: the statements that ran, where the login came from'
            cand --verbose 'Print more: the statements that ran, where the login came from'
            cand -y 'Answer every question with yes, as scripts must in a protected environment'
            cand --yes 'Answer every question with yes, as scripts must in a protected environment'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'pgrole;audit;show'= {
            cand --registry 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]'
            cand --config 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]'
            cand --format 'How results are printed [default: table on a terminal, json elsewhere]'
            cand --color 'When to colour messages; NO_COLOR turns "auto" off'
            cand --timeout 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long'
            cand -q 'Print only results and errors'
            cand --quiet 'Print only results and errors'
            cand -v 'Print more: the statements that ran, where the login came from'
            cand --verbose 'Print more: the statements that ran, where the login came from'
            cand -y 'Answer every question with yes, as scripts must in a protected environment'
            cand --yes 'Answer every question with yes, as scripts must in a protected environment'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'pgrole;audit;export'= {
            cand --format 'How events are written: jsonl is exact; csv is for spreadsheets, with an apostrophe before a text that they would take for a formula; cef is for security monitoring [default: jsonl]'
            cand -o 'Write to this file, readable only by you, replacing an existing one [default: stdout]'
            cand --output 'Write to this file, readable only by you, replacing an existing one [default: stdout]'
            cand --since 'Only events since then: a date (2026-11-23), a time (2026-11-23T08:00:00Z) or a span (7d, 12h)'
            cand --until 'Only events until then; a date includes the whole day (UTC)'
            cand --registry 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]'
            cand --config 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]'
            cand --color 'When to colour messages; NO_COLOR turns "auto" off'
            cand --timeout 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long'
            cand -q 'Print only results and errors'
            cand --quiet 'Print only results and errors'
            cand -v 'Print more: the statements that ran, where the login came from'
            cand --verbose 'Print more: the statements that ran, where the login came from'
            cand -y 'Answer every question with yes, as scripts must in a protected environment'
            cand --yes 'Answer every question with yes, as scripts must in a protected environment'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'pgrole;audit;checkpoint'= {
            cand -o 'Write it to this file, replacing an existing one [default: stdout]'
            cand --output 'Write it to this file, replacing an existing one [default: stdout]'
            cand --registry 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]'
            cand --config 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]'
            cand --format 'How results are printed [default: table on a terminal, json elsewhere]'
            cand --color 'When to colour messages; NO_COLOR turns "auto" off'
            cand --timeout 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long'
            cand --public-key 'Print the public key to verify with, and sign nothing'
            cand -q 'Print only results and errors'
            cand --quiet 'Print only results and errors'
            cand -v 'Print more: the statements that ran, where the login came from'
            cand --verbose 'Print more: the statements that ran, where the login came from'
            cand -y 'Answer every question with yes, as scripts must in a protected environment'
            cand --yes 'Answer every question with yes, as scripts must in a protected environment'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'pgrole;audit;verify'= {
            cand --anchor 'Prove that the log still holds this event, an "audit_anchor" of an earlier result; may be repeated'
            cand --anchors 'Prove it of each anchor in a file: one a line, or JSON that holds "audit_anchor", as pgrole prints it; may be repeated, "-" is standard input'
            cand --checkpoint 'Prove that the log still holds what this checkpoint signed'
            cand --public-key 'The public key of the one who signed it, as audit checkpoint --public-key printed it'
            cand --registry 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]'
            cand --config 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]'
            cand --format 'How results are printed [default: table on a terminal, json elsewhere]'
            cand --color 'When to colour messages; NO_COLOR turns "auto" off'
            cand --timeout 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long'
            cand -q 'Print only results and errors'
            cand --quiet 'Print only results and errors'
            cand -v 'Print more: the statements that ran, where the login came from'
            cand --verbose 'Print more: the statements that ran, where the login came from'
            cand -y 'Answer every question with yes, as scripts must in a protected environment'
            cand --yes 'Answer every question with yes, as scripts must in a protected environment'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'pgrole;audit;help'= {
            cand list 'List events, newest first'
            cand show 'Show one event: its SQL, and the SQL that would undo it'
            cand export 'Export all events, in the order of the log, for other programs'
            cand checkpoint 'Sign the current end of the log, to be kept elsewhere'
            cand verify 'Verify that no event was altered, removed or inserted'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'pgrole;audit;help;list'= {
        }
        &'pgrole;audit;help;show'= {
        }
        &'pgrole;audit;help;export'= {
        }
        &'pgrole;audit;help;checkpoint'= {
        }
        &'pgrole;audit;help;verify'= {
        }
        &'pgrole;audit;help;help'= {
        }
        &'pgrole;notify'= {
            cand --registry 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]'
            cand --config 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]'
            cand --format 'How results are printed [default: table on a terminal, json elsewhere]'
            cand --color 'When to colour messages; NO_COLOR turns "auto" off'
            cand --timeout 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long'
            cand -q 'Print only results and errors'
            cand --quiet 'Print only results and errors'
            cand -v 'Print more: the statements that ran, where the login came from'
            cand --verbose 'Print more: the statements that ran, where the login came from'
            cand -y 'Answer every question with yes, as scripts must in a protected environment'
            cand --yes 'Answer every question with yes, as scripts must in a protected environment'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand list 'List the channels of the config file, and the messages queued for each'
            cand test 'Send a test message'
            cand flush 'Send all queued messages now, regardless of when they are due to be retried'
            cand expiring 'Look on all servers for passwords that expire soon or have just expired, and notify each channel once of each'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'pgrole;notify;list'= {
            cand --registry 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]'
            cand --config 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]'
            cand --format 'How results are printed [default: table on a terminal, json elsewhere]'
            cand --color 'When to colour messages; NO_COLOR turns "auto" off'
            cand --timeout 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long'
            cand -q 'Print only results and errors'
            cand --quiet 'Print only results and errors'
            cand -v 'Print more: the statements that ran, where the login came from'
            cand --verbose 'Print more: the statements that ran, where the login came from'
            cand -y 'Answer every question with yes, as scripts must in a protected environment'
            cand --yes 'Answer every question with yes, as scripts must in a protected environment'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'pgrole;notify;test'= {
            cand --registry 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]'
            cand --config 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]'
            cand --format 'How results are printed [default: table on a terminal, json elsewhere]'
            cand --color 'When to colour messages; NO_COLOR turns "auto" off'
            cand --timeout 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long'
            cand -q 'Print only results and errors'
            cand --quiet 'Print only results and errors'
            cand -v 'Print more: the statements that ran, where the login came from'
            cand --verbose 'Print more: the statements that ran, where the login came from'
            cand -y 'Answer every question with yes, as scripts must in a protected environment'
            cand --yes 'Answer every question with yes, as scripts must in a protected environment'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'pgrole;notify;flush'= {
            cand --registry 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]'
            cand --config 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]'
            cand --format 'How results are printed [default: table on a terminal, json elsewhere]'
            cand --color 'When to colour messages; NO_COLOR turns "auto" off'
            cand --timeout 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long'
            cand --given-up 'Also those that were given up'
            cand -q 'Print only results and errors'
            cand --quiet 'Print only results and errors'
            cand -v 'Print more: the statements that ran, where the login came from'
            cand --verbose 'Print more: the statements that ran, where the login came from'
            cand -y 'Answer every question with yes, as scripts must in a protected environment'
            cand --yes 'Answer every question with yes, as scripts must in a protected environment'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'pgrole;notify;expiring'= {
            cand --within 'Passwords whose VALID UNTIL is at most this far away, before or after now: 14d, 2w, 36h'
            cand -e 'Only this environment [default: all]'
            cand --env 'Only this environment [default: all]'
            cand -d 'Only databases of this name [default: all]'
            cand --database 'Only databases of this name [default: all]'
            cand --registry 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]'
            cand --config 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]'
            cand --format 'How results are printed [default: table on a terminal, json elsewhere]'
            cand --color 'When to colour messages; NO_COLOR turns "auto" off'
            cand --timeout 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long'
            cand --again 'Also notify channels of what they have been notified of before'
            cand -q 'Print only results and errors'
            cand --quiet 'Print only results and errors'
            cand -v 'Print more: the statements that ran, where the login came from'
            cand --verbose 'Print more: the statements that ran, where the login came from'
            cand -y 'Answer every question with yes, as scripts must in a protected environment'
            cand --yes 'Answer every question with yes, as scripts must in a protected environment'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'pgrole;notify;help'= {
            cand list 'List the channels of the config file, and the messages queued for each'
            cand test 'Send a test message'
            cand flush 'Send all queued messages now, regardless of when they are due to be retried'
            cand expiring 'Look on all servers for passwords that expire soon or have just expired, and notify each channel once of each'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'pgrole;notify;help;list'= {
        }
        &'pgrole;notify;help;test'= {
        }
        &'pgrole;notify;help;flush'= {
        }
        &'pgrole;notify;help;expiring'= {
        }
        &'pgrole;notify;help;help'= {
        }
        &'pgrole;doctor'= {
            cand -e 'Only this environment [default: all]'
            cand --env 'Only this environment [default: all]'
            cand -d 'Only databases of this name [default: all]'
            cand --database 'Only databases of this name [default: all]'
            cand --registry 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]'
            cand --config 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]'
            cand --format 'How results are printed [default: table on a terminal, json elsewhere]'
            cand --color 'When to colour messages; NO_COLOR turns "auto" off'
            cand --timeout 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long'
            cand --offline 'Check this machine only; log in nowhere'
            cand -q 'Print only results and errors'
            cand --quiet 'Print only results and errors'
            cand -v 'Print more: the statements that ran, where the login came from'
            cand --verbose 'Print more: the statements that ran, where the login came from'
            cand -y 'Answer every question with yes, as scripts must in a protected environment'
            cand --yes 'Answer every question with yes, as scripts must in a protected environment'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'pgrole;completions'= {
            cand --registry 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]'
            cand --config 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]'
            cand --format 'How results are printed [default: table on a terminal, json elsewhere]'
            cand --color 'When to colour messages; NO_COLOR turns "auto" off'
            cand --timeout 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long'
            cand -q 'Print only results and errors'
            cand --quiet 'Print only results and errors'
            cand -v 'Print more: the statements that ran, where the login came from'
            cand --verbose 'Print more: the statements that ran, where the login came from'
            cand -y 'Answer every question with yes, as scripts must in a protected environment'
            cand --yes 'Answer every question with yes, as scripts must in a protected environment'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'pgrole;help'= {
            cand registry 'Manage the registry of targets: which database is where'
            cand credential 'Manage the login that pgrole connects with'
            cand user 'Create, find and change logins'
            cand access 'Manage the access groups of a database'
            cand rotate 'Change all passwords that are due, and deliver them where they were delivered before'
            cand recover 'Settle password changes that were interrupted: deliver what is in force'
            cand audit 'Read the audit log'
            cand notify 'Send messages to people elsewhere: channels and queued messages'
            cand doctor 'Check this machine''s setup and the servers'' settings'
            cand completions 'Print a completion script for a shell'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'pgrole;help;registry'= {
            cand add 'Add a target'
            cand list 'List all targets'
            cand show 'Show one target'
            cand check 'Log in to each target and report reachability, TLS, whether it is the primary, and the admin login''s rights'
            cand update 'Change a target'
            cand enable 'Enable a disabled target again'
            cand disable 'Disable a target: pgrole refuses to use it'
            cand remove 'Remove a target from the registry; its server is not changed'
        }
        &'pgrole;help;registry;add'= {
        }
        &'pgrole;help;registry;list'= {
        }
        &'pgrole;help;registry;show'= {
        }
        &'pgrole;help;registry;check'= {
        }
        &'pgrole;help;registry;update'= {
        }
        &'pgrole;help;registry;enable'= {
        }
        &'pgrole;help;registry;disable'= {
        }
        &'pgrole;help;registry;remove'= {
        }
        &'pgrole;help;credential'= {
            cand set 'Store a login in the keyring, or a channel''s secret; it is asked for, or read from standard input'
            cand list 'List the logins and the channels'' secrets in the keyring, without showing them'
            cand check 'Log in to each target with the login that pgrole would use, and show where it comes from'
            cand rotate 'Give the admin login itself a new password, and store it where the old one came from'
            cand delete 'Remove a login, or a channel''s secret, from the keyring'
        }
        &'pgrole;help;credential;set'= {
        }
        &'pgrole;help;credential;list'= {
        }
        &'pgrole;help;credential;check'= {
        }
        &'pgrole;help;credential;rotate'= {
        }
        &'pgrole;help;credential;delete'= {
        }
        &'pgrole;help;user'= {
            cand app 'Create the login of an application server: SERVERNAME_PORT, readwrite'
            cand k8s 'Create the login of a Kubernetes deployment: PREFIX_FARMNAME, readwrite'
            cand devqa 'Create a login for development and test: readwrite'
            cand devlead 'Create a login for a lead developer: readwrite, and CREATE in the schemas'
            cand readonly 'Create a read-only login'
            cand dba 'Create a login for a DBA: CREATEDB CREATEROLE, no connection limit, no access group'
            cand create 'Create a login with any profile, including those of the config file'
            cand reset 'Give an existing role a new password'
            cand search-path 'Set a role''s search path in one database'
            cand find 'Look for a role, by default on every active target'
            cand list 'List the logins of the targets'
        }
        &'pgrole;help;user;app'= {
        }
        &'pgrole;help;user;k8s'= {
        }
        &'pgrole;help;user;devqa'= {
        }
        &'pgrole;help;user;devlead'= {
        }
        &'pgrole;help;user;readonly'= {
        }
        &'pgrole;help;user;dba'= {
        }
        &'pgrole;help;user;create'= {
        }
        &'pgrole;help;user;reset'= {
        }
        &'pgrole;help;user;search-path'= {
        }
        &'pgrole;help;user;find'= {
        }
        &'pgrole;help;user;list'= {
        }
        &'pgrole;help;access'= {
            cand prepare 'Create and complete a database''s access groups, and revoke what they have beyond their level'
        }
        &'pgrole;help;access;prepare'= {
        }
        &'pgrole;help;rotate'= {
            cand status 'Show the age of each password, whether it is due, and how its last change ended; connects to no server'
            cand adopt 'Put a role that was made elsewhere under rotation: the next run that rotates what is due changes its password'
        }
        &'pgrole;help;rotate;status'= {
        }
        &'pgrole;help;rotate;adopt'= {
        }
        &'pgrole;help;recover'= {
            cand list 'List open password changes, and deliveries to stdout or the keyring in the last 24 hours'
            cand run 'Settle all that can be settled: find out which password is in force, and deliver it or record that nothing changed'
            cand show 'Show one password change'
            cand ack 'Acknowledge that the password has arrived; the sealed copy is scrubbed'
            cand abort 'Give up a password change: the sealed copy is scrubbed, the server is not changed'
        }
        &'pgrole;help;recover;list'= {
        }
        &'pgrole;help;recover;run'= {
        }
        &'pgrole;help;recover;show'= {
        }
        &'pgrole;help;recover;ack'= {
        }
        &'pgrole;help;recover;abort'= {
        }
        &'pgrole;help;audit'= {
            cand list 'List events, newest first'
            cand show 'Show one event: its SQL, and the SQL that would undo it'
            cand export 'Export all events, in the order of the log, for other programs'
            cand checkpoint 'Sign the current end of the log, to be kept elsewhere'
            cand verify 'Verify that no event was altered, removed or inserted'
        }
        &'pgrole;help;audit;list'= {
        }
        &'pgrole;help;audit;show'= {
        }
        &'pgrole;help;audit;export'= {
        }
        &'pgrole;help;audit;checkpoint'= {
        }
        &'pgrole;help;audit;verify'= {
        }
        &'pgrole;help;notify'= {
            cand list 'List the channels of the config file, and the messages queued for each'
            cand test 'Send a test message'
            cand flush 'Send all queued messages now, regardless of when they are due to be retried'
            cand expiring 'Look on all servers for passwords that expire soon or have just expired, and notify each channel once of each'
        }
        &'pgrole;help;notify;list'= {
        }
        &'pgrole;help;notify;test'= {
        }
        &'pgrole;help;notify;flush'= {
        }
        &'pgrole;help;notify;expiring'= {
        }
        &'pgrole;help;doctor'= {
        }
        &'pgrole;help;completions'= {
        }
        &'pgrole;help;help'= {
        }
    ]
    $completions[$command]
}
