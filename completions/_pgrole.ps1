
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'pgrole' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'pgrole'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'pgrole' {
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are printed [default: table on a terminal, json elsewhere]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour messages; NO_COLOR turns "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('registry', 'registry', [CompletionResultType]::ParameterValue, 'Manage the registry of targets: which database is where')
            [CompletionResult]::new('credential', 'credential', [CompletionResultType]::ParameterValue, 'Manage the login that pgrole connects with')
            [CompletionResult]::new('user', 'user', [CompletionResultType]::ParameterValue, 'Create, find and change logins')
            [CompletionResult]::new('access', 'access', [CompletionResultType]::ParameterValue, 'Manage the access groups of a database')
            [CompletionResult]::new('rotate', 'rotate', [CompletionResultType]::ParameterValue, 'Change all passwords that are due, and deliver them where they were delivered before')
            [CompletionResult]::new('recover', 'recover', [CompletionResultType]::ParameterValue, 'Settle password changes that were interrupted: deliver what is in force')
            [CompletionResult]::new('audit', 'audit', [CompletionResultType]::ParameterValue, 'Read the audit log')
            [CompletionResult]::new('notify', 'notify', [CompletionResultType]::ParameterValue, 'Send messages to people elsewhere: channels and queued messages')
            [CompletionResult]::new('doctor', 'doctor', [CompletionResultType]::ParameterValue, 'Check this machine''s setup and the servers'' settings')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print a completion script for a shell')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'pgrole;registry' {
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are printed [default: table on a terminal, json elsewhere]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour messages; NO_COLOR turns "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Add a target')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List all targets')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show one target')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Log in to each target and report reachability, TLS, whether it is the primary, and the admin login''s rights')
            [CompletionResult]::new('update', 'update', [CompletionResultType]::ParameterValue, 'Change a target')
            [CompletionResult]::new('enable', 'enable', [CompletionResultType]::ParameterValue, 'Enable a disabled target again')
            [CompletionResult]::new('disable', 'disable', [CompletionResultType]::ParameterValue, 'Disable a target: pgrole refuses to use it')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Remove a target from the registry; its server is not changed')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'pgrole;registry;add' {
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'The environment: dev, qa, uat, prod, or one that the config file adds')
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'The environment: dev, qa, uat, prod, or one that the config file adds')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'The database')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'The database')
            [CompletionResult]::new('-H', '-H ', [CompletionResultType]::ParameterName, 'Host name, IP address, or the folder of a Unix socket; of several, separated by commas, the one that accepts writes is used')
            [CompletionResult]::new('--hostname', '--hostname', [CompletionResultType]::ParameterName, 'Host name, IP address, or the folder of a Unix socket; of several, separated by commas, the one that accepts writes is used')
            [CompletionResult]::new('--service', '--service', [CompletionResultType]::ParameterName, 'Instead of a host: a service of pg_service.conf (PGSERVICEFILE, ~/.pg_service.conf, or PGSYSCONFDIR), looked up at each use; the other flags win over what it says')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The server''s port; one for all hosts, or one for each, separated by commas')
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'The server''s port; one for all hosts, or one for each, separated by commas')
            [CompletionResult]::new('--sslmode', '--sslmode', [CompletionResultType]::ParameterName, 'Whether to require and verify TLS, as in libpq [default: verify-full for a remote host, prefer for loopback, none on a socket]')
            [CompletionResult]::new('--sslrootcert', '--sslrootcert', [CompletionResultType]::ParameterName, 'The certificates to trust: a PEM file, or "system" (with verify-full) [default: ~/.postgresql/root.crt if it is there, else the system''s]')
            [CompletionResult]::new('--sslcert', '--sslcert', [CompletionResultType]::ParameterName, 'The certificate to log in with, a PEM file [default: ~/.postgresql/postgresql.crt if it is there]')
            [CompletionResult]::new('--sslkey', '--sslkey', [CompletionResultType]::ParameterName, 'The key of that certificate, readable to its owner alone [default: ~/.postgresql/postgresql.key]')
            [CompletionResult]::new('--sslnegotiation', '--sslnegotiation', [CompletionResultType]::ParameterName, 'How TLS begins: "direct" (PostgreSQL 17 and newer) saves a round trip [default: postgres]')
            [CompletionResult]::new('--channel-binding', '--channel-binding', [CompletionResultType]::ParameterName, 'Whether the login must be bound to the TLS session [default: require for a remote host where neither --sslmode nor --sslcert is set, else prefer]')
            [CompletionResult]::new('--require-auth', '--require-auth', [CompletionResultType]::ParameterName, 'How the server may have the login proved, as in libpq: a list of password, md5, scram-sha-256, none…, or of those that are not accepted, each with a "!" [default: scram-sha-256, and none for a certificate and on this machine]')
            [CompletionResult]::new('--direct', '--direct', [CompletionResultType]::ParameterName, 'This is the server itself, not a pooler, although it gives process numbers of its own making (Neon)')
            [CompletionResult]::new('--admin-user', '--admin-user', [CompletionResultType]::ParameterName, 'The role that pgrole logs in as where the credential''s source gives no name (.pgpass, peer, a certificate) [default: PG_ADMIN_USER, else the config file''s credential.user, else yours]')
            [CompletionResult]::new('--notes', '--notes', [CompletionResultType]::ParameterName, 'A remark')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are printed [default: table on a terminal, json elsewhere]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour messages; NO_COLOR turns "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'pgrole;registry;list' {
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'Only this environment [default: all]')
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'Only this environment [default: all]')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Only databases of this name [default: all]')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Only databases of this name [default: all]')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are printed [default: table on a terminal, json elsewhere]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour messages; NO_COLOR turns "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'pgrole;registry;show' {
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'The environment: dev, qa, uat, prod, or one that the config file adds')
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'The environment: dev, qa, uat, prod, or one that the config file adds')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'The database')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'The database')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are printed [default: table on a terminal, json elsewhere]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour messages; NO_COLOR turns "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'pgrole;registry;check' {
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'Only this environment [default: all]')
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'Only this environment [default: all]')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Only databases of this name [default: all]')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Only databases of this name [default: all]')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are printed [default: table on a terminal, json elsewhere]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour messages; NO_COLOR turns "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'pgrole;registry;update' {
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'The environment: dev, qa, uat, prod, or one that the config file adds')
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'The environment: dev, qa, uat, prod, or one that the config file adds')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'The database')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'The database')
            [CompletionResult]::new('-H', '-H ', [CompletionResultType]::ParameterName, 'Host name, IP address, or the folder of a Unix socket; of several, separated by commas, the one that accepts writes is used')
            [CompletionResult]::new('--hostname', '--hostname', [CompletionResultType]::ParameterName, 'Host name, IP address, or the folder of a Unix socket; of several, separated by commas, the one that accepts writes is used')
            [CompletionResult]::new('--service', '--service', [CompletionResultType]::ParameterName, 'Instead of a host: a service of pg_service.conf')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The server''s port; one for all hosts, or one for each, separated by commas')
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'The server''s port; one for all hosts, or one for each, separated by commas')
            [CompletionResult]::new('--sslmode', '--sslmode', [CompletionResultType]::ParameterName, 'Whether to require and verify TLS, as in libpq [default: verify-full for a remote host, prefer for loopback, none on a socket]')
            [CompletionResult]::new('--sslrootcert', '--sslrootcert', [CompletionResultType]::ParameterName, 'The certificates to trust: a PEM file, or "system" (with verify-full) [default: ~/.postgresql/root.crt if it is there, else the system''s]')
            [CompletionResult]::new('--sslcert', '--sslcert', [CompletionResultType]::ParameterName, 'The certificate to log in with, a PEM file [default: ~/.postgresql/postgresql.crt if it is there]')
            [CompletionResult]::new('--sslkey', '--sslkey', [CompletionResultType]::ParameterName, 'The key of that certificate, readable to its owner alone [default: ~/.postgresql/postgresql.key]')
            [CompletionResult]::new('--sslnegotiation', '--sslnegotiation', [CompletionResultType]::ParameterName, 'How TLS begins: "direct" (PostgreSQL 17 and newer) saves a round trip [default: postgres]')
            [CompletionResult]::new('--channel-binding', '--channel-binding', [CompletionResultType]::ParameterName, 'Whether the login must be bound to the TLS session [default: require for a remote host where neither --sslmode nor --sslcert is set, else prefer]')
            [CompletionResult]::new('--require-auth', '--require-auth', [CompletionResultType]::ParameterName, 'How the server may have the login proved, as in libpq; "default" takes it back')
            [CompletionResult]::new('--direct', '--direct', [CompletionResultType]::ParameterName, 'This is the server itself, not a pooler, although it gives process numbers of its own making (Neon)')
            [CompletionResult]::new('--admin-user', '--admin-user', [CompletionResultType]::ParameterName, 'The role that pgrole logs in as where the credential''s source gives no name (.pgpass, peer, a certificate) [default: PG_ADMIN_USER, else the config file''s credential.user, else yours]')
            [CompletionResult]::new('--notes', '--notes', [CompletionResultType]::ParameterName, 'A remark')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are printed [default: table on a terminal, json elsewhere]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour messages; NO_COLOR turns "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long')
            [CompletionResult]::new('--trust-new-server', '--trust-new-server', [CompletionResultType]::ParameterName, 'Take the cluster that answers next for the target''s: after a server was rebuilt or replaced')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'pgrole;registry;enable' {
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'The environment: dev, qa, uat, prod, or one that the config file adds')
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'The environment: dev, qa, uat, prod, or one that the config file adds')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'The database')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'The database')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are printed [default: table on a terminal, json elsewhere]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour messages; NO_COLOR turns "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'pgrole;registry;disable' {
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'The environment: dev, qa, uat, prod, or one that the config file adds')
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'The environment: dev, qa, uat, prod, or one that the config file adds')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'The database')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'The database')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are printed [default: table on a terminal, json elsewhere]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour messages; NO_COLOR turns "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'pgrole;registry;remove' {
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'The environment: dev, qa, uat, prod, or one that the config file adds')
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'The environment: dev, qa, uat, prod, or one that the config file adds')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'The database')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'The database')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are printed [default: table on a terminal, json elsewhere]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour messages; NO_COLOR turns "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'pgrole;registry;help' {
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Add a target')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List all targets')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show one target')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Log in to each target and report reachability, TLS, whether it is the primary, and the admin login''s rights')
            [CompletionResult]::new('update', 'update', [CompletionResultType]::ParameterValue, 'Change a target')
            [CompletionResult]::new('enable', 'enable', [CompletionResultType]::ParameterValue, 'Enable a disabled target again')
            [CompletionResult]::new('disable', 'disable', [CompletionResultType]::ParameterValue, 'Disable a target: pgrole refuses to use it')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Remove a target from the registry; its server is not changed')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'pgrole;registry;help;add' {
            break
        }
        'pgrole;registry;help;list' {
            break
        }
        'pgrole;registry;help;show' {
            break
        }
        'pgrole;registry;help;check' {
            break
        }
        'pgrole;registry;help;update' {
            break
        }
        'pgrole;registry;help;enable' {
            break
        }
        'pgrole;registry;help;disable' {
            break
        }
        'pgrole;registry;help;remove' {
            break
        }
        'pgrole;registry;help;help' {
            break
        }
        'pgrole;credential' {
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are printed [default: table on a terminal, json elsewhere]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour messages; NO_COLOR turns "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('set', 'set', [CompletionResultType]::ParameterValue, 'Store a login in the keyring, or a channel''s secret; it is asked for, or read from standard input')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the logins and the channels'' secrets in the keyring, without showing them')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Log in to each target with the login that pgrole would use, and show where it comes from')
            [CompletionResult]::new('rotate', 'rotate', [CompletionResultType]::ParameterValue, 'Give the admin login itself a new password, and store it where the old one came from')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Remove a login, or a channel''s secret, from the keyring')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'pgrole;credential;set' {
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'The environment [default: all that have none of their own]')
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'The environment [default: all that have none of their own]')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Only this database of the environment')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Only this database of the environment')
            [CompletionResult]::new('-U', '-U ', [CompletionResultType]::ParameterName, 'The role to log in as')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'The role to log in as')
            [CompletionResult]::new('--notify', '--notify', [CompletionResultType]::ParameterName, 'Store the secret of this name, which channels of the config file refer to, instead of a login')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are printed [default: table on a terminal, json elsewhere]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour messages; NO_COLOR turns "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password, or the secret, from standard input')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'pgrole;credential;list' {
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are printed [default: table on a terminal, json elsewhere]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour messages; NO_COLOR turns "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'pgrole;credential;check' {
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'Only this environment [default: all]')
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'Only this environment [default: all]')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Only databases of this name [default: all]')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Only databases of this name [default: all]')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are printed [default: table on a terminal, json elsewhere]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour messages; NO_COLOR turns "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'pgrole;credential;rotate' {
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'The environment whose logins are changed')
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'The environment whose logins are changed')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Only the login of this database; all targets that are reached with it go on to be')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Only the login of this database; all targets that are reached with it go on to be')
            [CompletionResult]::new('--deliver', '--deliver', [CompletionResultType]::ParameterName, 'Where the password goes if it came from where pgrole cannot write (variables, systemd, a prompt, a command without a store_command): file:PATH, pgpass, pgpass:PATH, keyring, exec:COMMAND or stdout')
            [CompletionResult]::new('--file-format', '--file-format', [CompletionResultType]::ParameterName, 'What a delivered file looks like')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are printed [default: table on a terminal, json elsewhere]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour messages; NO_COLOR turns "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Show the SQL that would run, but change nothing')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the SQL that would run, but change nothing')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'pgrole;credential;delete' {
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'The environment [default: all that have none of their own]')
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'The environment [default: all that have none of their own]')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Only this database of the environment')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Only this database of the environment')
            [CompletionResult]::new('--notify', '--notify', [CompletionResultType]::ParameterName, 'The secret of this name, instead of a login')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are printed [default: table on a terminal, json elsewhere]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour messages; NO_COLOR turns "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'pgrole;credential;help' {
            [CompletionResult]::new('set', 'set', [CompletionResultType]::ParameterValue, 'Store a login in the keyring, or a channel''s secret; it is asked for, or read from standard input')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the logins and the channels'' secrets in the keyring, without showing them')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Log in to each target with the login that pgrole would use, and show where it comes from')
            [CompletionResult]::new('rotate', 'rotate', [CompletionResultType]::ParameterValue, 'Give the admin login itself a new password, and store it where the old one came from')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Remove a login, or a channel''s secret, from the keyring')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'pgrole;credential;help;set' {
            break
        }
        'pgrole;credential;help;list' {
            break
        }
        'pgrole;credential;help;check' {
            break
        }
        'pgrole;credential;help;rotate' {
            break
        }
        'pgrole;credential;help;delete' {
            break
        }
        'pgrole;credential;help;help' {
            break
        }
        'pgrole;user' {
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are printed [default: table on a terminal, json elsewhere]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour messages; NO_COLOR turns "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('app', 'app', [CompletionResultType]::ParameterValue, 'Create the login of an application server: SERVERNAME_PORT, readwrite')
            [CompletionResult]::new('k8s', 'k8s', [CompletionResultType]::ParameterValue, 'Create the login of a Kubernetes deployment: PREFIX_FARMNAME, readwrite')
            [CompletionResult]::new('devqa', 'devqa', [CompletionResultType]::ParameterValue, 'Create a login for development and test: readwrite')
            [CompletionResult]::new('devlead', 'devlead', [CompletionResultType]::ParameterValue, 'Create a login for a lead developer: readwrite, and CREATE in the schemas')
            [CompletionResult]::new('readonly', 'readonly', [CompletionResultType]::ParameterValue, 'Create a read-only login')
            [CompletionResult]::new('dba', 'dba', [CompletionResultType]::ParameterValue, 'Create a login for a DBA: CREATEDB CREATEROLE, no connection limit, no access group')
            [CompletionResult]::new('create', 'create', [CompletionResultType]::ParameterValue, 'Create a login with any profile, including those of the config file')
            [CompletionResult]::new('reset', 'reset', [CompletionResultType]::ParameterValue, 'Give an existing role a new password')
            [CompletionResult]::new('search-path', 'search-path', [CompletionResultType]::ParameterValue, 'Set a role''s search path in one database')
            [CompletionResult]::new('find', 'find', [CompletionResultType]::ParameterValue, 'Look for a role, by default on every active target')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the logins of the targets')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'pgrole;user;app' {
            [CompletionResult]::new('--servername', '--servername', [CompletionResultType]::ParameterName, 'The application server''s name')
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'The application''s port')
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'The environment: dev, qa, uat, prod, or one that the config file adds')
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'The environment: dev, qa, uat, prod, or one that the config file adds')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'The database')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'The database')
            [CompletionResult]::new('--access', '--access', [CompletionResultType]::ParameterName, 'What the login may do in the database [default: the profile''s]')
            [CompletionResult]::new('--connection-limit', '--connection-limit', [CompletionResultType]::ParameterName, 'The maximum number of concurrent sessions, or none for no limit [default: the profile''s]')
            [CompletionResult]::new('--valid-for', '--valid-for', [CompletionResultType]::ParameterName, 'How long each password is valid: 90d, 12h, 2w, or none for no limit; each rotation renews it [default: the profile''s, else the config file''s password.valid_for, else no limit]')
            [CompletionResult]::new('--ends-on', '--ends-on', [CompletionResultType]::ParameterName, 'When the account ends, whatever is rotated: 2027-03-31 (that day is its last, UTC), or a time (2027-03-31T18:00:00Z)')
            [CompletionResult]::new('--deliver', '--deliver', [CompletionResultType]::ParameterName, 'Where the password goes: stdout, file:PATH, pgpass, pgpass:PATH, keyring or exec:COMMAND; {env}, {database}, {hostname}, {port} and {username} are replaced [default: where the role''s password went before; for a new role the profile''s; else stdout]')
            [CompletionResult]::new('--file-format', '--file-format', [CompletionResultType]::ParameterName, 'What a delivered file looks like [default: as before; for a new role the profile''s; else json]')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are printed [default: table on a terminal, json elsewhere]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour messages; NO_COLOR turns "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password from standard input instead of generating one')
            [CompletionResult]::new('--adopt', '--adopt', [CompletionResultType]::ParameterName, 'Take over a role that has the name of an access group, although pgrole did not create it')
            [CompletionResult]::new('--partial', '--partial', [CompletionResultType]::ParameterName, 'Leave out what the admin login may not grant, and report it, instead of changing nothing')
            [CompletionResult]::new('--ensure', '--ensure', [CompletionResultType]::ParameterName, 'Grant an existing login the access that it lacks; nothing else about it is changed')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Show the SQL that would run, but change nothing')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the SQL that would run, but change nothing')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'pgrole;user;k8s' {
            [CompletionResult]::new('--env-prefix', '--env-prefix', [CompletionResultType]::ParameterName, 'The environment''s prefix in role names')
            [CompletionResult]::new('--farmname', '--farmname', [CompletionResultType]::ParameterName, 'The farm''s name')
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'The environment: dev, qa, uat, prod, or one that the config file adds')
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'The environment: dev, qa, uat, prod, or one that the config file adds')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'The database')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'The database')
            [CompletionResult]::new('--access', '--access', [CompletionResultType]::ParameterName, 'What the login may do in the database [default: the profile''s]')
            [CompletionResult]::new('--connection-limit', '--connection-limit', [CompletionResultType]::ParameterName, 'The maximum number of concurrent sessions, or none for no limit [default: the profile''s]')
            [CompletionResult]::new('--valid-for', '--valid-for', [CompletionResultType]::ParameterName, 'How long each password is valid: 90d, 12h, 2w, or none for no limit; each rotation renews it [default: the profile''s, else the config file''s password.valid_for, else no limit]')
            [CompletionResult]::new('--ends-on', '--ends-on', [CompletionResultType]::ParameterName, 'When the account ends, whatever is rotated: 2027-03-31 (that day is its last, UTC), or a time (2027-03-31T18:00:00Z)')
            [CompletionResult]::new('--deliver', '--deliver', [CompletionResultType]::ParameterName, 'Where the password goes: stdout, file:PATH, pgpass, pgpass:PATH, keyring or exec:COMMAND; {env}, {database}, {hostname}, {port} and {username} are replaced [default: where the role''s password went before; for a new role the profile''s; else stdout]')
            [CompletionResult]::new('--file-format', '--file-format', [CompletionResultType]::ParameterName, 'What a delivered file looks like [default: as before; for a new role the profile''s; else json]')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are printed [default: table on a terminal, json elsewhere]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour messages; NO_COLOR turns "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password from standard input instead of generating one')
            [CompletionResult]::new('--adopt', '--adopt', [CompletionResultType]::ParameterName, 'Take over a role that has the name of an access group, although pgrole did not create it')
            [CompletionResult]::new('--partial', '--partial', [CompletionResultType]::ParameterName, 'Leave out what the admin login may not grant, and report it, instead of changing nothing')
            [CompletionResult]::new('--ensure', '--ensure', [CompletionResultType]::ParameterName, 'Grant an existing login the access that it lacks; nothing else about it is changed')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Show the SQL that would run, but change nothing')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the SQL that would run, but change nothing')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'pgrole;user;devqa' {
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'The role''s name, exactly as PostgreSQL will store it')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'The role''s name, exactly as PostgreSQL will store it')
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'The environment: dev, qa, uat, prod, or one that the config file adds')
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'The environment: dev, qa, uat, prod, or one that the config file adds')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'The database')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'The database')
            [CompletionResult]::new('--access', '--access', [CompletionResultType]::ParameterName, 'What the login may do in the database [default: the profile''s]')
            [CompletionResult]::new('--connection-limit', '--connection-limit', [CompletionResultType]::ParameterName, 'The maximum number of concurrent sessions, or none for no limit [default: the profile''s]')
            [CompletionResult]::new('--valid-for', '--valid-for', [CompletionResultType]::ParameterName, 'How long each password is valid: 90d, 12h, 2w, or none for no limit; each rotation renews it [default: the profile''s, else the config file''s password.valid_for, else no limit]')
            [CompletionResult]::new('--ends-on', '--ends-on', [CompletionResultType]::ParameterName, 'When the account ends, whatever is rotated: 2027-03-31 (that day is its last, UTC), or a time (2027-03-31T18:00:00Z)')
            [CompletionResult]::new('--deliver', '--deliver', [CompletionResultType]::ParameterName, 'Where the password goes: stdout, file:PATH, pgpass, pgpass:PATH, keyring or exec:COMMAND; {env}, {database}, {hostname}, {port} and {username} are replaced [default: where the role''s password went before; for a new role the profile''s; else stdout]')
            [CompletionResult]::new('--file-format', '--file-format', [CompletionResultType]::ParameterName, 'What a delivered file looks like [default: as before; for a new role the profile''s; else json]')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are printed [default: table on a terminal, json elsewhere]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour messages; NO_COLOR turns "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password from standard input instead of generating one')
            [CompletionResult]::new('--adopt', '--adopt', [CompletionResultType]::ParameterName, 'Take over a role that has the name of an access group, although pgrole did not create it')
            [CompletionResult]::new('--partial', '--partial', [CompletionResultType]::ParameterName, 'Leave out what the admin login may not grant, and report it, instead of changing nothing')
            [CompletionResult]::new('--ensure', '--ensure', [CompletionResultType]::ParameterName, 'Grant an existing login the access that it lacks; nothing else about it is changed')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Show the SQL that would run, but change nothing')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the SQL that would run, but change nothing')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'pgrole;user;devlead' {
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'The role''s name, exactly as PostgreSQL will store it')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'The role''s name, exactly as PostgreSQL will store it')
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'The environment: dev, qa, uat, prod, or one that the config file adds')
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'The environment: dev, qa, uat, prod, or one that the config file adds')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'The database')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'The database')
            [CompletionResult]::new('--access', '--access', [CompletionResultType]::ParameterName, 'What the login may do in the database [default: the profile''s]')
            [CompletionResult]::new('--connection-limit', '--connection-limit', [CompletionResultType]::ParameterName, 'The maximum number of concurrent sessions, or none for no limit [default: the profile''s]')
            [CompletionResult]::new('--valid-for', '--valid-for', [CompletionResultType]::ParameterName, 'How long each password is valid: 90d, 12h, 2w, or none for no limit; each rotation renews it [default: the profile''s, else the config file''s password.valid_for, else no limit]')
            [CompletionResult]::new('--ends-on', '--ends-on', [CompletionResultType]::ParameterName, 'When the account ends, whatever is rotated: 2027-03-31 (that day is its last, UTC), or a time (2027-03-31T18:00:00Z)')
            [CompletionResult]::new('--deliver', '--deliver', [CompletionResultType]::ParameterName, 'Where the password goes: stdout, file:PATH, pgpass, pgpass:PATH, keyring or exec:COMMAND; {env}, {database}, {hostname}, {port} and {username} are replaced [default: where the role''s password went before; for a new role the profile''s; else stdout]')
            [CompletionResult]::new('--file-format', '--file-format', [CompletionResultType]::ParameterName, 'What a delivered file looks like [default: as before; for a new role the profile''s; else json]')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are printed [default: table on a terminal, json elsewhere]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour messages; NO_COLOR turns "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password from standard input instead of generating one')
            [CompletionResult]::new('--adopt', '--adopt', [CompletionResultType]::ParameterName, 'Take over a role that has the name of an access group, although pgrole did not create it')
            [CompletionResult]::new('--partial', '--partial', [CompletionResultType]::ParameterName, 'Leave out what the admin login may not grant, and report it, instead of changing nothing')
            [CompletionResult]::new('--ensure', '--ensure', [CompletionResultType]::ParameterName, 'Grant an existing login the access that it lacks; nothing else about it is changed')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Show the SQL that would run, but change nothing')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the SQL that would run, but change nothing')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'pgrole;user;readonly' {
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'The role''s name, exactly as PostgreSQL will store it')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'The role''s name, exactly as PostgreSQL will store it')
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'The environment: dev, qa, uat, prod, or one that the config file adds')
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'The environment: dev, qa, uat, prod, or one that the config file adds')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'The database')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'The database')
            [CompletionResult]::new('--access', '--access', [CompletionResultType]::ParameterName, 'What the login may do in the database [default: the profile''s]')
            [CompletionResult]::new('--connection-limit', '--connection-limit', [CompletionResultType]::ParameterName, 'The maximum number of concurrent sessions, or none for no limit [default: the profile''s]')
            [CompletionResult]::new('--valid-for', '--valid-for', [CompletionResultType]::ParameterName, 'How long each password is valid: 90d, 12h, 2w, or none for no limit; each rotation renews it [default: the profile''s, else the config file''s password.valid_for, else no limit]')
            [CompletionResult]::new('--ends-on', '--ends-on', [CompletionResultType]::ParameterName, 'When the account ends, whatever is rotated: 2027-03-31 (that day is its last, UTC), or a time (2027-03-31T18:00:00Z)')
            [CompletionResult]::new('--deliver', '--deliver', [CompletionResultType]::ParameterName, 'Where the password goes: stdout, file:PATH, pgpass, pgpass:PATH, keyring or exec:COMMAND; {env}, {database}, {hostname}, {port} and {username} are replaced [default: where the role''s password went before; for a new role the profile''s; else stdout]')
            [CompletionResult]::new('--file-format', '--file-format', [CompletionResultType]::ParameterName, 'What a delivered file looks like [default: as before; for a new role the profile''s; else json]')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are printed [default: table on a terminal, json elsewhere]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour messages; NO_COLOR turns "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password from standard input instead of generating one')
            [CompletionResult]::new('--adopt', '--adopt', [CompletionResultType]::ParameterName, 'Take over a role that has the name of an access group, although pgrole did not create it')
            [CompletionResult]::new('--partial', '--partial', [CompletionResultType]::ParameterName, 'Leave out what the admin login may not grant, and report it, instead of changing nothing')
            [CompletionResult]::new('--ensure', '--ensure', [CompletionResultType]::ParameterName, 'Grant an existing login the access that it lacks; nothing else about it is changed')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Show the SQL that would run, but change nothing')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the SQL that would run, but change nothing')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'pgrole;user;dba' {
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'The role''s name, exactly as PostgreSQL will store it')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'The role''s name, exactly as PostgreSQL will store it')
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'The environment: dev, qa, uat, prod, or one that the config file adds')
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'The environment: dev, qa, uat, prod, or one that the config file adds')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'The database')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'The database')
            [CompletionResult]::new('--access', '--access', [CompletionResultType]::ParameterName, 'What the login may do in the database [default: the profile''s]')
            [CompletionResult]::new('--connection-limit', '--connection-limit', [CompletionResultType]::ParameterName, 'The maximum number of concurrent sessions, or none for no limit [default: the profile''s]')
            [CompletionResult]::new('--valid-for', '--valid-for', [CompletionResultType]::ParameterName, 'How long each password is valid: 90d, 12h, 2w, or none for no limit; each rotation renews it [default: the profile''s, else the config file''s password.valid_for, else no limit]')
            [CompletionResult]::new('--ends-on', '--ends-on', [CompletionResultType]::ParameterName, 'When the account ends, whatever is rotated: 2027-03-31 (that day is its last, UTC), or a time (2027-03-31T18:00:00Z)')
            [CompletionResult]::new('--deliver', '--deliver', [CompletionResultType]::ParameterName, 'Where the password goes: stdout, file:PATH, pgpass, pgpass:PATH, keyring or exec:COMMAND; {env}, {database}, {hostname}, {port} and {username} are replaced [default: where the role''s password went before; for a new role the profile''s; else stdout]')
            [CompletionResult]::new('--file-format', '--file-format', [CompletionResultType]::ParameterName, 'What a delivered file looks like [default: as before; for a new role the profile''s; else json]')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are printed [default: table on a terminal, json elsewhere]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour messages; NO_COLOR turns "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password from standard input instead of generating one')
            [CompletionResult]::new('--adopt', '--adopt', [CompletionResultType]::ParameterName, 'Take over a role that has the name of an access group, although pgrole did not create it')
            [CompletionResult]::new('--partial', '--partial', [CompletionResultType]::ParameterName, 'Leave out what the admin login may not grant, and report it, instead of changing nothing')
            [CompletionResult]::new('--ensure', '--ensure', [CompletionResultType]::ParameterName, 'Grant an existing login the access that it lacks; nothing else about it is changed')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Show the SQL that would run, but change nothing')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the SQL that would run, but change nothing')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'pgrole;user;create' {
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile: a built-in one, or one of the config file''s [profiles]')
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'The role''s name, exactly as PostgreSQL will store it')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'The role''s name, exactly as PostgreSQL will store it')
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'The environment: dev, qa, uat, prod, or one that the config file adds')
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'The environment: dev, qa, uat, prod, or one that the config file adds')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'The database')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'The database')
            [CompletionResult]::new('--access', '--access', [CompletionResultType]::ParameterName, 'What the login may do in the database [default: the profile''s]')
            [CompletionResult]::new('--connection-limit', '--connection-limit', [CompletionResultType]::ParameterName, 'The maximum number of concurrent sessions, or none for no limit [default: the profile''s]')
            [CompletionResult]::new('--valid-for', '--valid-for', [CompletionResultType]::ParameterName, 'How long each password is valid: 90d, 12h, 2w, or none for no limit; each rotation renews it [default: the profile''s, else the config file''s password.valid_for, else no limit]')
            [CompletionResult]::new('--ends-on', '--ends-on', [CompletionResultType]::ParameterName, 'When the account ends, whatever is rotated: 2027-03-31 (that day is its last, UTC), or a time (2027-03-31T18:00:00Z)')
            [CompletionResult]::new('--deliver', '--deliver', [CompletionResultType]::ParameterName, 'Where the password goes: stdout, file:PATH, pgpass, pgpass:PATH, keyring or exec:COMMAND; {env}, {database}, {hostname}, {port} and {username} are replaced [default: where the role''s password went before; for a new role the profile''s; else stdout]')
            [CompletionResult]::new('--file-format', '--file-format', [CompletionResultType]::ParameterName, 'What a delivered file looks like [default: as before; for a new role the profile''s; else json]')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are printed [default: table on a terminal, json elsewhere]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour messages; NO_COLOR turns "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password from standard input instead of generating one')
            [CompletionResult]::new('--adopt', '--adopt', [CompletionResultType]::ParameterName, 'Take over a role that has the name of an access group, although pgrole did not create it')
            [CompletionResult]::new('--partial', '--partial', [CompletionResultType]::ParameterName, 'Leave out what the admin login may not grant, and report it, instead of changing nothing')
            [CompletionResult]::new('--ensure', '--ensure', [CompletionResultType]::ParameterName, 'Grant an existing login the access that it lacks; nothing else about it is changed')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Show the SQL that would run, but change nothing')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the SQL that would run, but change nothing')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'pgrole;user;reset' {
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'The environment: dev, qa, uat, prod, or one that the config file adds')
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'The environment: dev, qa, uat, prod, or one that the config file adds')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'The database')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'The database')
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'The role''s name, exactly as PostgreSQL stores it')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'The role''s name, exactly as PostgreSQL stores it')
            [CompletionResult]::new('--valid-for', '--valid-for', [CompletionResultType]::ParameterName, 'How long each password is good: 90d, 12h, 2w; each rotation renews it [default: the profile''s, else the config file''s password.valid_for; a VALID UNTIL that is there already stays as it is]')
            [CompletionResult]::new('--ends-on', '--ends-on', [CompletionResultType]::ParameterName, 'When the account ends, whatever is rotated: 2027-03-31 (that day is its last, UTC), or a time (2027-03-31T18:00:00Z)')
            [CompletionResult]::new('--deliver', '--deliver', [CompletionResultType]::ParameterName, 'Where the password goes: stdout, file:PATH, pgpass, pgpass:PATH, keyring or exec:COMMAND; {env}, {database}, {hostname}, {port} and {username} are replaced [default: where the role''s password went before; for a new role the profile''s; else stdout]')
            [CompletionResult]::new('--file-format', '--file-format', [CompletionResultType]::ParameterName, 'What a delivered file looks like [default: as before; for a new role the profile''s; else json]')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are printed [default: table on a terminal, json elsewhere]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour messages; NO_COLOR turns "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password from standard input instead of generating one')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Change a protected role too: a superuser, the admin login itself, a service''s own, and those that the config file names')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Show the SQL that would run, but change nothing')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the SQL that would run, but change nothing')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'pgrole;user;search-path' {
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'The environment: dev, qa, uat, prod, or one that the config file adds')
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'The environment: dev, qa, uat, prod, or one that the config file adds')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'The database')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'The database')
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'The role''s name, exactly as PostgreSQL stores it')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'The role''s name, exactly as PostgreSQL stores it')
            [CompletionResult]::new('--schema', '--schema', [CompletionResultType]::ParameterName, 'A schema, exactly as PostgreSQL stores it; may be repeated, the first is searched first')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are printed [default: table on a terminal, json elsewhere]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour messages; NO_COLOR turns "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long')
            [CompletionResult]::new('--reset', '--reset', [CompletionResultType]::ParameterName, 'Remove the role''s setting in this database, so that the server''s default applies (RESET search_path)')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Change a protected role too: a superuser, the admin login itself, a service''s own, and those that the config file names')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Show the SQL that would run, but change nothing')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the SQL that would run, but change nothing')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'pgrole;user;find' {
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'The role''s name, exactly as PostgreSQL stores it')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'The role''s name, exactly as PostgreSQL stores it')
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'Only this environment [default: all]')
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'Only this environment [default: all]')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Only databases of this name [default: all]')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Only databases of this name [default: all]')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are printed [default: table on a terminal, json elsewhere]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour messages; NO_COLOR turns "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'pgrole;user;list' {
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'Only this environment [default: all]')
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'Only this environment [default: all]')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Only databases of this name [default: all]')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Only databases of this name [default: all]')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are printed [default: table on a terminal, json elsewhere]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour messages; NO_COLOR turns "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'pgrole;user;help' {
            [CompletionResult]::new('app', 'app', [CompletionResultType]::ParameterValue, 'Create the login of an application server: SERVERNAME_PORT, readwrite')
            [CompletionResult]::new('k8s', 'k8s', [CompletionResultType]::ParameterValue, 'Create the login of a Kubernetes deployment: PREFIX_FARMNAME, readwrite')
            [CompletionResult]::new('devqa', 'devqa', [CompletionResultType]::ParameterValue, 'Create a login for development and test: readwrite')
            [CompletionResult]::new('devlead', 'devlead', [CompletionResultType]::ParameterValue, 'Create a login for a lead developer: readwrite, and CREATE in the schemas')
            [CompletionResult]::new('readonly', 'readonly', [CompletionResultType]::ParameterValue, 'Create a read-only login')
            [CompletionResult]::new('dba', 'dba', [CompletionResultType]::ParameterValue, 'Create a login for a DBA: CREATEDB CREATEROLE, no connection limit, no access group')
            [CompletionResult]::new('create', 'create', [CompletionResultType]::ParameterValue, 'Create a login with any profile, including those of the config file')
            [CompletionResult]::new('reset', 'reset', [CompletionResultType]::ParameterValue, 'Give an existing role a new password')
            [CompletionResult]::new('search-path', 'search-path', [CompletionResultType]::ParameterValue, 'Set a role''s search path in one database')
            [CompletionResult]::new('find', 'find', [CompletionResultType]::ParameterValue, 'Look for a role, by default on every active target')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the logins of the targets')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'pgrole;user;help;app' {
            break
        }
        'pgrole;user;help;k8s' {
            break
        }
        'pgrole;user;help;devqa' {
            break
        }
        'pgrole;user;help;devlead' {
            break
        }
        'pgrole;user;help;readonly' {
            break
        }
        'pgrole;user;help;dba' {
            break
        }
        'pgrole;user;help;create' {
            break
        }
        'pgrole;user;help;reset' {
            break
        }
        'pgrole;user;help;search-path' {
            break
        }
        'pgrole;user;help;find' {
            break
        }
        'pgrole;user;help;list' {
            break
        }
        'pgrole;user;help;help' {
            break
        }
        'pgrole;access' {
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are printed [default: table on a terminal, json elsewhere]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour messages; NO_COLOR turns "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('prepare', 'prepare', [CompletionResultType]::ParameterValue, 'Create and complete a database''s access groups, and revoke what they have beyond their level')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'pgrole;access;prepare' {
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'The environment: dev, qa, uat, prod, or one that the config file adds')
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'The environment: dev, qa, uat, prod, or one that the config file adds')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'The database')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'The database')
            [CompletionResult]::new('--access', '--access', [CompletionResultType]::ParameterName, 'Only this level; may be repeated [default: readonly, readwrite and ddl]')
            [CompletionResult]::new('--admin', '--admin', [CompletionResultType]::ParameterName, 'A role that gets ADMIN OPTION on the groups: the login that pgrole will use')
            [CompletionResult]::new('--schema', '--schema', [CompletionResultType]::ParameterName, 'Only this schema; may be repeated [default: the config file''s, else all but the system''s and extensions'']')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are printed [default: table on a terminal, json elsewhere]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour messages; NO_COLOR turns "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long')
            [CompletionResult]::new('--adopt', '--adopt', [CompletionResultType]::ParameterName, 'Take over a role that has the name of an access group, although pgrole did not create it')
            [CompletionResult]::new('--partial', '--partial', [CompletionResultType]::ParameterName, 'Leave out what the admin login may not grant, and report it, instead of changing nothing')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Show the SQL that would run, but change nothing')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the SQL that would run, but change nothing')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'pgrole;access;help' {
            [CompletionResult]::new('prepare', 'prepare', [CompletionResultType]::ParameterValue, 'Create and complete a database''s access groups, and revoke what they have beyond their level')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'pgrole;access;help;prepare' {
            break
        }
        'pgrole;access;help;help' {
            break
        }
        'pgrole;rotate' {
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'Only these environments; * matches any text; may be repeated [default: all]')
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'Only these environments; * matches any text; may be repeated [default: all]')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Only these databases; * matches any text; may be repeated [default: all]')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Only these databases; * matches any text; may be repeated [default: all]')
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'Only these roles; * matches any text; may be repeated [default: all under rotation]')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'Only these roles; * matches any text; may be repeated [default: all under rotation]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Only roles with these profiles; * matches any text; may be repeated [default: all]')
            [CompletionResult]::new('--exclude', '--exclude', [CompletionResultType]::ParameterName, 'Except these roles; * matches any text; may be repeated')
            [CompletionResult]::new('--older-than', '--older-than', [CompletionResultType]::ParameterName, 'Only passwords that pgrole changed longer ago than this: 90d, 12h, 2w [default: the config file''s, in section rotate]')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'How many roles to rotate in parallel')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'Rotate at most this many roles')
            [CompletionResult]::new('--canary', '--canary', [CompletionResultType]::ParameterName, 'Rotate this many roles first, one after the other, and stop if one of them fails')
            [CompletionResult]::new('--max-failures', '--max-failures', [CompletionResultType]::ParameterName, 'Stop after this many failures')
            [CompletionResult]::new('--deadline', '--deadline', [CompletionResultType]::ParameterName, 'Start no more roles once this much time has passed')
            [CompletionResult]::new('--jitter', '--jitter', [CompletionResultType]::ParameterName, 'Wait a random time up to this before starting, so that many machines do not start at once')
            [CompletionResult]::new('--deliver', '--deliver', [CompletionResultType]::ParameterName, 'Where the passwords go: file:PATH, pgpass, pgpass:PATH, keyring, exec:COMMAND or stdout; may be repeated, each gets them [default: where each went before]')
            [CompletionResult]::new('--file-format', '--file-format', [CompletionResultType]::ParameterName, 'What a delivered file looks like; once for all, or once for each --deliver [default: as it looked before, else json]')
            [CompletionResult]::new('--valid-for', '--valid-for', [CompletionResultType]::ParameterName, 'Let each new password be good for so long, and each rotation renew that: 90d, 12h, 2w; accounts that are to end (--ends-on) end all the same [default: as it was said of each role]')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are printed [default: table on a terminal, json elsewhere]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour messages; NO_COLOR turns "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long')
            [CompletionResult]::new('--any-age', '--any-age', [CompletionResultType]::ParameterName, 'Regardless of age, even if the config file sets one')
            [CompletionResult]::new('--include-unknown', '--include-unknown', [CompletionResultType]::ParameterName, 'Also rotate roles whose password was never changed from here; otherwise they are only reported')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Show the SQL that would run, but change nothing')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the SQL that would run, but change nothing')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show the age of each password, whether it is due, and how its last change ended; connects to no server')
            [CompletionResult]::new('adopt', 'adopt', [CompletionResultType]::ParameterValue, 'Put a role that was made elsewhere under rotation: the next run that rotates what is due changes its password')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'pgrole;rotate;status' {
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'Only these environments; * matches any text; may be repeated [default: all]')
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'Only these environments; * matches any text; may be repeated [default: all]')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Only these databases; * matches any text; may be repeated [default: all]')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Only these databases; * matches any text; may be repeated [default: all]')
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'Only these roles; * matches any text; may be repeated [default: all under rotation]')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'Only these roles; * matches any text; may be repeated [default: all under rotation]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Only roles with these profiles; * matches any text; may be repeated [default: all]')
            [CompletionResult]::new('--exclude', '--exclude', [CompletionResultType]::ParameterName, 'Except these roles; * matches any text; may be repeated')
            [CompletionResult]::new('--older-than', '--older-than', [CompletionResultType]::ParameterName, 'The age from which a password is due: 90d, 12h, 2w [default: rotate.older_than of the config file]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are printed [default: table on a terminal, json elsewhere]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'With --format prometheus: write the metrics to this file, atomically, readable by everyone')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour messages; NO_COLOR turns "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long')
            [CompletionResult]::new('--check', '--check', [CompletionResultType]::ParameterName, 'Exit with status 7 if a password is overdue; with --quiet, print nothing')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'pgrole;rotate;adopt' {
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'The environment: dev, qa, uat, prod, or one that the config file adds')
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'The environment: dev, qa, uat, prod, or one that the config file adds')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'The database')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'The database')
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'The role''s name, exactly as PostgreSQL stores it')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'The role''s name, exactly as PostgreSQL stores it')
            [CompletionResult]::new('--deliver', '--deliver', [CompletionResultType]::ParameterName, 'Where its passwords go: file:PATH, pgpass, pgpass:PATH, keyring, exec:COMMAND or stdout; {env}, {database}, {hostname}, {port} and {username} are replaced')
            [CompletionResult]::new('--file-format', '--file-format', [CompletionResultType]::ParameterName, 'What a delivered file looks like')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are printed [default: table on a terminal, json elsewhere]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour messages; NO_COLOR turns "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'pgrole;rotate;help' {
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show the age of each password, whether it is due, and how its last change ended; connects to no server')
            [CompletionResult]::new('adopt', 'adopt', [CompletionResultType]::ParameterValue, 'Put a role that was made elsewhere under rotation: the next run that rotates what is due changes its password')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'pgrole;rotate;help;status' {
            break
        }
        'pgrole;rotate;help;adopt' {
            break
        }
        'pgrole;rotate;help;help' {
            break
        }
        'pgrole;recover' {
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are printed [default: table on a terminal, json elsewhere]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour messages; NO_COLOR turns "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List open password changes, and deliveries to stdout or the keyring in the last 24 hours')
            [CompletionResult]::new('run', 'run', [CompletionResultType]::ParameterValue, 'Settle all that can be settled: find out which password is in force, and deliver it or record that nothing changed')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show one password change')
            [CompletionResult]::new('ack', 'ack', [CompletionResultType]::ParameterValue, 'Acknowledge that the password has arrived; the sealed copy is scrubbed')
            [CompletionResult]::new('abort', 'abort', [CompletionResultType]::ParameterValue, 'Give up a password change: the sealed copy is scrubbed, the server is not changed')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'pgrole;recover;list' {
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are printed [default: table on a terminal, json elsewhere]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour messages; NO_COLOR turns "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'pgrole;recover;run' {
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are printed [default: table on a terminal, json elsewhere]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour messages; NO_COLOR turns "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'pgrole;recover;show' {
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are printed [default: table on a terminal, json elsewhere]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour messages; NO_COLOR turns "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'pgrole;recover;ack' {
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are printed [default: table on a terminal, json elsewhere]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour messages; NO_COLOR turns "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'pgrole;recover;abort' {
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are printed [default: table on a terminal, json elsewhere]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour messages; NO_COLOR turns "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'pgrole;recover;help' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List open password changes, and deliveries to stdout or the keyring in the last 24 hours')
            [CompletionResult]::new('run', 'run', [CompletionResultType]::ParameterValue, 'Settle all that can be settled: find out which password is in force, and deliver it or record that nothing changed')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show one password change')
            [CompletionResult]::new('ack', 'ack', [CompletionResultType]::ParameterValue, 'Acknowledge that the password has arrived; the sealed copy is scrubbed')
            [CompletionResult]::new('abort', 'abort', [CompletionResultType]::ParameterValue, 'Give up a password change: the sealed copy is scrubbed, the server is not changed')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'pgrole;recover;help;list' {
            break
        }
        'pgrole;recover;help;run' {
            break
        }
        'pgrole;recover;help;show' {
            break
        }
        'pgrole;recover;help;ack' {
            break
        }
        'pgrole;recover;help;abort' {
            break
        }
        'pgrole;recover;help;help' {
            break
        }
        'pgrole;audit' {
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are printed [default: table on a terminal, json elsewhere]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour messages; NO_COLOR turns "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List events, newest first')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show one event: its SQL, and the SQL that would undo it')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Export all events, in the order of the log, for other programs')
            [CompletionResult]::new('checkpoint', 'checkpoint', [CompletionResultType]::ParameterValue, 'Sign the current end of the log, to be kept elsewhere')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Verify that no event was altered, removed or inserted')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'pgrole;audit;list' {
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'Only events since then: a date (2026-11-23), a time (2026-11-23T08:00:00Z) or a span (7d, 12h)')
            [CompletionResult]::new('--until', '--until', [CompletionResultType]::ParameterName, 'Only events until then; a date includes the whole day (UTC)')
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'Only this environment [default: all]')
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'Only this environment [default: all]')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Only databases of this name [default: all]')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Only databases of this name [default: all]')
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'Only events about this role')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'Only events about this role')
            [CompletionResult]::new('--operator', '--operator', [CompletionResultType]::ParameterName, 'Only events by this account')
            [CompletionResult]::new('--operation', '--operation', [CompletionResultType]::ParameterName, 'Only this operation, by the name that the list shows: "user reset"')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'Show at most this many events')
            [CompletionResult]::new('--before', '--before', [CompletionResultType]::ParameterName, 'The next page: events older than this one, the last of the previous page')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are printed [default: table on a terminal, json elsewhere]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour messages; NO_COLOR turns "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long')
            [CompletionResult]::new('--failed', '--failed', [CompletionResultType]::ParameterName, 'Only events that ended with an error: failed, refused, interrupted')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'pgrole;audit;show' {
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are printed [default: table on a terminal, json elsewhere]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour messages; NO_COLOR turns "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'pgrole;audit;export' {
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How events are written: jsonl is exact; csv is for spreadsheets, with an apostrophe before a text that they would take for a formula; cef is for security monitoring [default: jsonl]')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write to this file, readable only by you, replacing an existing one [default: stdout]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write to this file, readable only by you, replacing an existing one [default: stdout]')
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'Only events since then: a date (2026-11-23), a time (2026-11-23T08:00:00Z) or a span (7d, 12h)')
            [CompletionResult]::new('--until', '--until', [CompletionResultType]::ParameterName, 'Only events until then; a date includes the whole day (UTC)')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour messages; NO_COLOR turns "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'pgrole;audit;checkpoint' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write it to this file, replacing an existing one [default: stdout]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write it to this file, replacing an existing one [default: stdout]')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are printed [default: table on a terminal, json elsewhere]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour messages; NO_COLOR turns "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long')
            [CompletionResult]::new('--public-key', '--public-key', [CompletionResultType]::ParameterName, 'Print the public key to verify with, and sign nothing')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'pgrole;audit;verify' {
            [CompletionResult]::new('--anchor', '--anchor', [CompletionResultType]::ParameterName, 'Prove that the log still holds this event, an "audit_anchor" of an earlier result; may be repeated')
            [CompletionResult]::new('--anchors', '--anchors', [CompletionResultType]::ParameterName, 'Prove it of each anchor in a file: one a line, or JSON that holds "audit_anchor", as pgrole prints it; may be repeated, "-" is standard input')
            [CompletionResult]::new('--checkpoint', '--checkpoint', [CompletionResultType]::ParameterName, 'Prove that the log still holds what this checkpoint signed')
            [CompletionResult]::new('--public-key', '--public-key', [CompletionResultType]::ParameterName, 'The public key of the one who signed it, as audit checkpoint --public-key printed it')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are printed [default: table on a terminal, json elsewhere]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour messages; NO_COLOR turns "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'pgrole;audit;help' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List events, newest first')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show one event: its SQL, and the SQL that would undo it')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Export all events, in the order of the log, for other programs')
            [CompletionResult]::new('checkpoint', 'checkpoint', [CompletionResultType]::ParameterValue, 'Sign the current end of the log, to be kept elsewhere')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Verify that no event was altered, removed or inserted')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'pgrole;audit;help;list' {
            break
        }
        'pgrole;audit;help;show' {
            break
        }
        'pgrole;audit;help;export' {
            break
        }
        'pgrole;audit;help;checkpoint' {
            break
        }
        'pgrole;audit;help;verify' {
            break
        }
        'pgrole;audit;help;help' {
            break
        }
        'pgrole;notify' {
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are printed [default: table on a terminal, json elsewhere]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour messages; NO_COLOR turns "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the channels of the config file, and the messages queued for each')
            [CompletionResult]::new('test', 'test', [CompletionResultType]::ParameterValue, 'Send a test message')
            [CompletionResult]::new('flush', 'flush', [CompletionResultType]::ParameterValue, 'Send all queued messages now, regardless of when they are due to be retried')
            [CompletionResult]::new('expiring', 'expiring', [CompletionResultType]::ParameterValue, 'Look on all servers for passwords that expire soon or have just expired, and notify each channel once of each')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'pgrole;notify;list' {
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are printed [default: table on a terminal, json elsewhere]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour messages; NO_COLOR turns "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'pgrole;notify;test' {
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are printed [default: table on a terminal, json elsewhere]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour messages; NO_COLOR turns "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'pgrole;notify;flush' {
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are printed [default: table on a terminal, json elsewhere]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour messages; NO_COLOR turns "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long')
            [CompletionResult]::new('--given-up', '--given-up', [CompletionResultType]::ParameterName, 'Also those that were given up')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'pgrole;notify;expiring' {
            [CompletionResult]::new('--within', '--within', [CompletionResultType]::ParameterName, 'Passwords whose VALID UNTIL is at most this far away, before or after now: 14d, 2w, 36h')
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'Only this environment [default: all]')
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'Only this environment [default: all]')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Only databases of this name [default: all]')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Only databases of this name [default: all]')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are printed [default: table on a terminal, json elsewhere]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour messages; NO_COLOR turns "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long')
            [CompletionResult]::new('--again', '--again', [CompletionResultType]::ParameterName, 'Also notify channels of what they have been notified of before')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'pgrole;notify;help' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the channels of the config file, and the messages queued for each')
            [CompletionResult]::new('test', 'test', [CompletionResultType]::ParameterValue, 'Send a test message')
            [CompletionResult]::new('flush', 'flush', [CompletionResultType]::ParameterValue, 'Send all queued messages now, regardless of when they are due to be retried')
            [CompletionResult]::new('expiring', 'expiring', [CompletionResultType]::ParameterValue, 'Look on all servers for passwords that expire soon or have just expired, and notify each channel once of each')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'pgrole;notify;help;list' {
            break
        }
        'pgrole;notify;help;test' {
            break
        }
        'pgrole;notify;help;flush' {
            break
        }
        'pgrole;notify;help;expiring' {
            break
        }
        'pgrole;notify;help;help' {
            break
        }
        'pgrole;doctor' {
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'Only this environment [default: all]')
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'Only this environment [default: all]')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Only databases of this name [default: all]')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Only databases of this name [default: all]')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are printed [default: table on a terminal, json elsewhere]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour messages; NO_COLOR turns "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Check this machine only; log in nowhere')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'pgrole;completions' {
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are printed [default: table on a terminal, json elsewhere]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour messages; NO_COLOR turns "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more: the statements that ran, where the login came from')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'pgrole;help' {
            [CompletionResult]::new('registry', 'registry', [CompletionResultType]::ParameterValue, 'Manage the registry of targets: which database is where')
            [CompletionResult]::new('credential', 'credential', [CompletionResultType]::ParameterValue, 'Manage the login that pgrole connects with')
            [CompletionResult]::new('user', 'user', [CompletionResultType]::ParameterValue, 'Create, find and change logins')
            [CompletionResult]::new('access', 'access', [CompletionResultType]::ParameterValue, 'Manage the access groups of a database')
            [CompletionResult]::new('rotate', 'rotate', [CompletionResultType]::ParameterValue, 'Change all passwords that are due, and deliver them where they were delivered before')
            [CompletionResult]::new('recover', 'recover', [CompletionResultType]::ParameterValue, 'Settle password changes that were interrupted: deliver what is in force')
            [CompletionResult]::new('audit', 'audit', [CompletionResultType]::ParameterValue, 'Read the audit log')
            [CompletionResult]::new('notify', 'notify', [CompletionResultType]::ParameterValue, 'Send messages to people elsewhere: channels and queued messages')
            [CompletionResult]::new('doctor', 'doctor', [CompletionResultType]::ParameterValue, 'Check this machine''s setup and the servers'' settings')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print a completion script for a shell')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'pgrole;help;registry' {
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Add a target')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List all targets')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show one target')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Log in to each target and report reachability, TLS, whether it is the primary, and the admin login''s rights')
            [CompletionResult]::new('update', 'update', [CompletionResultType]::ParameterValue, 'Change a target')
            [CompletionResult]::new('enable', 'enable', [CompletionResultType]::ParameterValue, 'Enable a disabled target again')
            [CompletionResult]::new('disable', 'disable', [CompletionResultType]::ParameterValue, 'Disable a target: pgrole refuses to use it')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Remove a target from the registry; its server is not changed')
            break
        }
        'pgrole;help;registry;add' {
            break
        }
        'pgrole;help;registry;list' {
            break
        }
        'pgrole;help;registry;show' {
            break
        }
        'pgrole;help;registry;check' {
            break
        }
        'pgrole;help;registry;update' {
            break
        }
        'pgrole;help;registry;enable' {
            break
        }
        'pgrole;help;registry;disable' {
            break
        }
        'pgrole;help;registry;remove' {
            break
        }
        'pgrole;help;credential' {
            [CompletionResult]::new('set', 'set', [CompletionResultType]::ParameterValue, 'Store a login in the keyring, or a channel''s secret; it is asked for, or read from standard input')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the logins and the channels'' secrets in the keyring, without showing them')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Log in to each target with the login that pgrole would use, and show where it comes from')
            [CompletionResult]::new('rotate', 'rotate', [CompletionResultType]::ParameterValue, 'Give the admin login itself a new password, and store it where the old one came from')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Remove a login, or a channel''s secret, from the keyring')
            break
        }
        'pgrole;help;credential;set' {
            break
        }
        'pgrole;help;credential;list' {
            break
        }
        'pgrole;help;credential;check' {
            break
        }
        'pgrole;help;credential;rotate' {
            break
        }
        'pgrole;help;credential;delete' {
            break
        }
        'pgrole;help;user' {
            [CompletionResult]::new('app', 'app', [CompletionResultType]::ParameterValue, 'Create the login of an application server: SERVERNAME_PORT, readwrite')
            [CompletionResult]::new('k8s', 'k8s', [CompletionResultType]::ParameterValue, 'Create the login of a Kubernetes deployment: PREFIX_FARMNAME, readwrite')
            [CompletionResult]::new('devqa', 'devqa', [CompletionResultType]::ParameterValue, 'Create a login for development and test: readwrite')
            [CompletionResult]::new('devlead', 'devlead', [CompletionResultType]::ParameterValue, 'Create a login for a lead developer: readwrite, and CREATE in the schemas')
            [CompletionResult]::new('readonly', 'readonly', [CompletionResultType]::ParameterValue, 'Create a read-only login')
            [CompletionResult]::new('dba', 'dba', [CompletionResultType]::ParameterValue, 'Create a login for a DBA: CREATEDB CREATEROLE, no connection limit, no access group')
            [CompletionResult]::new('create', 'create', [CompletionResultType]::ParameterValue, 'Create a login with any profile, including those of the config file')
            [CompletionResult]::new('reset', 'reset', [CompletionResultType]::ParameterValue, 'Give an existing role a new password')
            [CompletionResult]::new('search-path', 'search-path', [CompletionResultType]::ParameterValue, 'Set a role''s search path in one database')
            [CompletionResult]::new('find', 'find', [CompletionResultType]::ParameterValue, 'Look for a role, by default on every active target')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the logins of the targets')
            break
        }
        'pgrole;help;user;app' {
            break
        }
        'pgrole;help;user;k8s' {
            break
        }
        'pgrole;help;user;devqa' {
            break
        }
        'pgrole;help;user;devlead' {
            break
        }
        'pgrole;help;user;readonly' {
            break
        }
        'pgrole;help;user;dba' {
            break
        }
        'pgrole;help;user;create' {
            break
        }
        'pgrole;help;user;reset' {
            break
        }
        'pgrole;help;user;search-path' {
            break
        }
        'pgrole;help;user;find' {
            break
        }
        'pgrole;help;user;list' {
            break
        }
        'pgrole;help;access' {
            [CompletionResult]::new('prepare', 'prepare', [CompletionResultType]::ParameterValue, 'Create and complete a database''s access groups, and revoke what they have beyond their level')
            break
        }
        'pgrole;help;access;prepare' {
            break
        }
        'pgrole;help;rotate' {
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show the age of each password, whether it is due, and how its last change ended; connects to no server')
            [CompletionResult]::new('adopt', 'adopt', [CompletionResultType]::ParameterValue, 'Put a role that was made elsewhere under rotation: the next run that rotates what is due changes its password')
            break
        }
        'pgrole;help;rotate;status' {
            break
        }
        'pgrole;help;rotate;adopt' {
            break
        }
        'pgrole;help;recover' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List open password changes, and deliveries to stdout or the keyring in the last 24 hours')
            [CompletionResult]::new('run', 'run', [CompletionResultType]::ParameterValue, 'Settle all that can be settled: find out which password is in force, and deliver it or record that nothing changed')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show one password change')
            [CompletionResult]::new('ack', 'ack', [CompletionResultType]::ParameterValue, 'Acknowledge that the password has arrived; the sealed copy is scrubbed')
            [CompletionResult]::new('abort', 'abort', [CompletionResultType]::ParameterValue, 'Give up a password change: the sealed copy is scrubbed, the server is not changed')
            break
        }
        'pgrole;help;recover;list' {
            break
        }
        'pgrole;help;recover;run' {
            break
        }
        'pgrole;help;recover;show' {
            break
        }
        'pgrole;help;recover;ack' {
            break
        }
        'pgrole;help;recover;abort' {
            break
        }
        'pgrole;help;audit' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List events, newest first')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show one event: its SQL, and the SQL that would undo it')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Export all events, in the order of the log, for other programs')
            [CompletionResult]::new('checkpoint', 'checkpoint', [CompletionResultType]::ParameterValue, 'Sign the current end of the log, to be kept elsewhere')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Verify that no event was altered, removed or inserted')
            break
        }
        'pgrole;help;audit;list' {
            break
        }
        'pgrole;help;audit;show' {
            break
        }
        'pgrole;help;audit;export' {
            break
        }
        'pgrole;help;audit;checkpoint' {
            break
        }
        'pgrole;help;audit;verify' {
            break
        }
        'pgrole;help;notify' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the channels of the config file, and the messages queued for each')
            [CompletionResult]::new('test', 'test', [CompletionResultType]::ParameterValue, 'Send a test message')
            [CompletionResult]::new('flush', 'flush', [CompletionResultType]::ParameterValue, 'Send all queued messages now, regardless of when they are due to be retried')
            [CompletionResult]::new('expiring', 'expiring', [CompletionResultType]::ParameterValue, 'Look on all servers for passwords that expire soon or have just expired, and notify each channel once of each')
            break
        }
        'pgrole;help;notify;list' {
            break
        }
        'pgrole;help;notify;test' {
            break
        }
        'pgrole;help;notify;flush' {
            break
        }
        'pgrole;help;notify;expiring' {
            break
        }
        'pgrole;help;doctor' {
            break
        }
        'pgrole;help;completions' {
            break
        }
        'pgrole;help;help' {
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
