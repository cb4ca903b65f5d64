
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
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When messages are coloured; NO_COLOR switches "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up connecting, or a statement, after so many seconds; a command that takes a delivery, after three times that')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
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
            [CompletionResult]::new('rotate', 'rotate', [CompletionResultType]::ParameterValue, 'Give all roles that are due new passwords, delivered where their passwords went before')
            [CompletionResult]::new('recover', 'recover', [CompletionResultType]::ParameterValue, 'End password changes that were cut off: deliver what is in force')
            [CompletionResult]::new('audit', 'audit', [CompletionResultType]::ParameterValue, 'Read the audit log')
            [CompletionResult]::new('notify', 'notify', [CompletionResultType]::ParameterValue, 'Send messages to people elsewhere: the channels, and what waits for them')
            [CompletionResult]::new('doctor', 'doctor', [CompletionResultType]::ParameterValue, 'Look whether this machine and the servers'' logs are set up as they should be')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print a completion script for a shell')
            [CompletionResult]::new('__generate', '__generate', [CompletionResultType]::ParameterValue, 'Write the files that are generated from the command line''s definition')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'pgrole;registry' {
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are printed [default: table on a terminal, json elsewhere]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When messages are coloured; NO_COLOR switches "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up connecting, or a statement, after so many seconds; a command that takes a delivery, after three times that')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Add a target')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List all targets')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show one target')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Log in to each target: is it reachable, encrypted, the primary, and what may the admin login do there')
            [CompletionResult]::new('update', 'update', [CompletionResultType]::ParameterValue, 'Change a target')
            [CompletionResult]::new('enable', 'enable', [CompletionResultType]::ParameterValue, 'Let a disabled target be used again')
            [CompletionResult]::new('disable', 'disable', [CompletionResultType]::ParameterValue, 'Keep a target from being used')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Remove a target from the registry; nothing changes on its server')
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
            [CompletionResult]::new('--sslmode', '--sslmode', [CompletionResultType]::ParameterName, 'How far TLS is asked for and checked, as in libpq [default: verify-full for a remote host, prefer for loopback, none on a socket]')
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
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When messages are coloured; NO_COLOR switches "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up connecting, or a statement, after so many seconds; a command that takes a delivery, after three times that')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
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
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When messages are coloured; NO_COLOR switches "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up connecting, or a statement, after so many seconds; a command that takes a delivery, after three times that')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
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
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When messages are coloured; NO_COLOR switches "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up connecting, or a statement, after so many seconds; a command that takes a delivery, after three times that')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
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
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When messages are coloured; NO_COLOR switches "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up connecting, or a statement, after so many seconds; a command that takes a delivery, after three times that')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
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
            [CompletionResult]::new('--sslmode', '--sslmode', [CompletionResultType]::ParameterName, 'How far TLS is asked for and checked, as in libpq [default: verify-full for a remote host, prefer for loopback, none on a socket]')
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
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When messages are coloured; NO_COLOR switches "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up connecting, or a statement, after so many seconds; a command that takes a delivery, after three times that')
            [CompletionResult]::new('--trust-new-server', '--trust-new-server', [CompletionResultType]::ParameterName, 'Take the cluster that answers next for the target''s: after a server was rebuilt or replaced')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
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
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When messages are coloured; NO_COLOR switches "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up connecting, or a statement, after so many seconds; a command that takes a delivery, after three times that')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
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
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When messages are coloured; NO_COLOR switches "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up connecting, or a statement, after so many seconds; a command that takes a delivery, after three times that')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
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
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When messages are coloured; NO_COLOR switches "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up connecting, or a statement, after so many seconds; a command that takes a delivery, after three times that')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
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
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Log in to each target: is it reachable, encrypted, the primary, and what may the admin login do there')
            [CompletionResult]::new('update', 'update', [CompletionResultType]::ParameterValue, 'Change a target')
            [CompletionResult]::new('enable', 'enable', [CompletionResultType]::ParameterValue, 'Let a disabled target be used again')
            [CompletionResult]::new('disable', 'disable', [CompletionResultType]::ParameterValue, 'Keep a target from being used')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Remove a target from the registry; nothing changes on its server')
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
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When messages are coloured; NO_COLOR switches "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up connecting, or a statement, after so many seconds; a command that takes a delivery, after three times that')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('set', 'set', [CompletionResultType]::ParameterValue, 'Store a login in the keyring, or a channel''s secret; it is asked for, or read from standard input')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the logins and the channels'' secrets in the keyring, without showing them')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Log in to each target with what its sources give; PG_ADMIN_USER and PG_ADMIN_PASS come first')
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
            [CompletionResult]::new('--notify', '--notify', [CompletionResultType]::ParameterName, 'The secret of this name, which channels of the config file speak of, instead of a login')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are printed [default: table on a terminal, json elsewhere]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When messages are coloured; NO_COLOR switches "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up connecting, or a statement, after so many seconds; a command that takes a delivery, after three times that')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password, or the secret, from standard input')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
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
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When messages are coloured; NO_COLOR switches "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up connecting, or a statement, after so many seconds; a command that takes a delivery, after three times that')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
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
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When messages are coloured; NO_COLOR switches "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up connecting, or a statement, after so many seconds; a command that takes a delivery, after three times that')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
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
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When messages are coloured; NO_COLOR switches "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up connecting, or a statement, after so many seconds; a command that takes a delivery, after three times that')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Show the SQL that would run, change nothing')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the SQL that would run, change nothing')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
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
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When messages are coloured; NO_COLOR switches "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up connecting, or a statement, after so many seconds; a command that takes a delivery, after three times that')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
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
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Log in to each target with what its sources give; PG_ADMIN_USER and PG_ADMIN_PASS come first')
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
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When messages are coloured; NO_COLOR switches "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up connecting, or a statement, after so many seconds; a command that takes a delivery, after three times that')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
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
            [CompletionResult]::new('readonly', 'readonly', [CompletionResultType]::ParameterValue, 'Create a login that may only read')
            [CompletionResult]::new('dba', 'dba', [CompletionResultType]::ParameterValue, 'Create a login for a DBA: CREATEDB CREATEROLE, no connection limit, no access group')
            [CompletionResult]::new('create', 'create', [CompletionResultType]::ParameterValue, 'Create a login by any profile, the config file''s own among them')
            [CompletionResult]::new('reset', 'reset', [CompletionResultType]::ParameterValue, 'Give an existing role a new password')
            [CompletionResult]::new('search-path', 'search-path', [CompletionResultType]::ParameterValue, 'Set the schemas that a role looks in, in one database')
            [CompletionResult]::new('find', 'find', [CompletionResultType]::ParameterValue, 'Look for a role, on every active target unless told otherwise')
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
            [CompletionResult]::new('--connection-limit', '--connection-limit', [CompletionResultType]::ParameterName, 'How many sessions at once, or none for no limit [default: the profile''s]')
            [CompletionResult]::new('--valid-for', '--valid-for', [CompletionResultType]::ParameterName, 'How long each password is good: 90d, 12h, 2w, or none for ever; each rotation renews it [default: the profile''s, else the config file''s password.valid_for, else for ever]')
            [CompletionResult]::new('--ends-on', '--ends-on', [CompletionResultType]::ParameterName, 'When the account ends, whatever is rotated: 2027-03-31 (that day is its last, UTC), or a time (2027-03-31T18:00:00Z)')
            [CompletionResult]::new('--deliver', '--deliver', [CompletionResultType]::ParameterName, 'Where the password goes: stdout, file:PATH, pgpass, pgpass:PATH, keyring or exec:COMMAND; {env}, {database}, {hostname}, {port} and {username} are replaced [default: where the role''s password went before; for a new role the profile''s; else stdout]')
            [CompletionResult]::new('--file-format', '--file-format', [CompletionResultType]::ParameterName, 'What a delivered file looks like [default: as before; for a new role the profile''s; else json]')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are printed [default: table on a terminal, json elsewhere]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When messages are coloured; NO_COLOR switches "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up connecting, or a statement, after so many seconds; a command that takes a delivery, after three times that')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password from standard input instead of generating one')
            [CompletionResult]::new('--adopt', '--adopt', [CompletionResultType]::ParameterName, 'Take over a role that has the name of an access group, though pgrole did not make it')
            [CompletionResult]::new('--partial', '--partial', [CompletionResultType]::ParameterName, 'Leave out and name what the admin login may not grant, instead of changing nothing')
            [CompletionResult]::new('--ensure', '--ensure', [CompletionResultType]::ParameterName, 'Give a login that exists the access that it lacks; all else of it stays as it is')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Show the SQL that would run, change nothing')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the SQL that would run, change nothing')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
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
            [CompletionResult]::new('--connection-limit', '--connection-limit', [CompletionResultType]::ParameterName, 'How many sessions at once, or none for no limit [default: the profile''s]')
            [CompletionResult]::new('--valid-for', '--valid-for', [CompletionResultType]::ParameterName, 'How long each password is good: 90d, 12h, 2w, or none for ever; each rotation renews it [default: the profile''s, else the config file''s password.valid_for, else for ever]')
            [CompletionResult]::new('--ends-on', '--ends-on', [CompletionResultType]::ParameterName, 'When the account ends, whatever is rotated: 2027-03-31 (that day is its last, UTC), or a time (2027-03-31T18:00:00Z)')
            [CompletionResult]::new('--deliver', '--deliver', [CompletionResultType]::ParameterName, 'Where the password goes: stdout, file:PATH, pgpass, pgpass:PATH, keyring or exec:COMMAND; {env}, {database}, {hostname}, {port} and {username} are replaced [default: where the role''s password went before; for a new role the profile''s; else stdout]')
            [CompletionResult]::new('--file-format', '--file-format', [CompletionResultType]::ParameterName, 'What a delivered file looks like [default: as before; for a new role the profile''s; else json]')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are printed [default: table on a terminal, json elsewhere]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When messages are coloured; NO_COLOR switches "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up connecting, or a statement, after so many seconds; a command that takes a delivery, after three times that')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password from standard input instead of generating one')
            [CompletionResult]::new('--adopt', '--adopt', [CompletionResultType]::ParameterName, 'Take over a role that has the name of an access group, though pgrole did not make it')
            [CompletionResult]::new('--partial', '--partial', [CompletionResultType]::ParameterName, 'Leave out and name what the admin login may not grant, instead of changing nothing')
            [CompletionResult]::new('--ensure', '--ensure', [CompletionResultType]::ParameterName, 'Give a login that exists the access that it lacks; all else of it stays as it is')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Show the SQL that would run, change nothing')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the SQL that would run, change nothing')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'pgrole;user;devqa' {
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'The role''s name, exactly as PostgreSQL will keep it')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'The role''s name, exactly as PostgreSQL will keep it')
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'The environment: dev, qa, uat, prod, or one that the config file adds')
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'The environment: dev, qa, uat, prod, or one that the config file adds')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'The database')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'The database')
            [CompletionResult]::new('--access', '--access', [CompletionResultType]::ParameterName, 'What the login may do in the database [default: the profile''s]')
            [CompletionResult]::new('--connection-limit', '--connection-limit', [CompletionResultType]::ParameterName, 'How many sessions at once, or none for no limit [default: the profile''s]')
            [CompletionResult]::new('--valid-for', '--valid-for', [CompletionResultType]::ParameterName, 'How long each password is good: 90d, 12h, 2w, or none for ever; each rotation renews it [default: the profile''s, else the config file''s password.valid_for, else for ever]')
            [CompletionResult]::new('--ends-on', '--ends-on', [CompletionResultType]::ParameterName, 'When the account ends, whatever is rotated: 2027-03-31 (that day is its last, UTC), or a time (2027-03-31T18:00:00Z)')
            [CompletionResult]::new('--deliver', '--deliver', [CompletionResultType]::ParameterName, 'Where the password goes: stdout, file:PATH, pgpass, pgpass:PATH, keyring or exec:COMMAND; {env}, {database}, {hostname}, {port} and {username} are replaced [default: where the role''s password went before; for a new role the profile''s; else stdout]')
            [CompletionResult]::new('--file-format', '--file-format', [CompletionResultType]::ParameterName, 'What a delivered file looks like [default: as before; for a new role the profile''s; else json]')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are printed [default: table on a terminal, json elsewhere]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When messages are coloured; NO_COLOR switches "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up connecting, or a statement, after so many seconds; a command that takes a delivery, after three times that')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password from standard input instead of generating one')
            [CompletionResult]::new('--adopt', '--adopt', [CompletionResultType]::ParameterName, 'Take over a role that has the name of an access group, though pgrole did not make it')
            [CompletionResult]::new('--partial', '--partial', [CompletionResultType]::ParameterName, 'Leave out and name what the admin login may not grant, instead of changing nothing')
            [CompletionResult]::new('--ensure', '--ensure', [CompletionResultType]::ParameterName, 'Give a login that exists the access that it lacks; all else of it stays as it is')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Show the SQL that would run, change nothing')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the SQL that would run, change nothing')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'pgrole;user;devlead' {
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'The role''s name, exactly as PostgreSQL will keep it')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'The role''s name, exactly as PostgreSQL will keep it')
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'The environment: dev, qa, uat, prod, or one that the config file adds')
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'The environment: dev, qa, uat, prod, or one that the config file adds')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'The database')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'The database')
            [CompletionResult]::new('--access', '--access', [CompletionResultType]::ParameterName, 'What the login may do in the database [default: the profile''s]')
            [CompletionResult]::new('--connection-limit', '--connection-limit', [CompletionResultType]::ParameterName, 'How many sessions at once, or none for no limit [default: the profile''s]')
            [CompletionResult]::new('--valid-for', '--valid-for', [CompletionResultType]::ParameterName, 'How long each password is good: 90d, 12h, 2w, or none for ever; each rotation renews it [default: the profile''s, else the config file''s password.valid_for, else for ever]')
            [CompletionResult]::new('--ends-on', '--ends-on', [CompletionResultType]::ParameterName, 'When the account ends, whatever is rotated: 2027-03-31 (that day is its last, UTC), or a time (2027-03-31T18:00:00Z)')
            [CompletionResult]::new('--deliver', '--deliver', [CompletionResultType]::ParameterName, 'Where the password goes: stdout, file:PATH, pgpass, pgpass:PATH, keyring or exec:COMMAND; {env}, {database}, {hostname}, {port} and {username} are replaced [default: where the role''s password went before; for a new role the profile''s; else stdout]')
            [CompletionResult]::new('--file-format', '--file-format', [CompletionResultType]::ParameterName, 'What a delivered file looks like [default: as before; for a new role the profile''s; else json]')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are printed [default: table on a terminal, json elsewhere]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When messages are coloured; NO_COLOR switches "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up connecting, or a statement, after so many seconds; a command that takes a delivery, after three times that')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password from standard input instead of generating one')
            [CompletionResult]::new('--adopt', '--adopt', [CompletionResultType]::ParameterName, 'Take over a role that has the name of an access group, though pgrole did not make it')
            [CompletionResult]::new('--partial', '--partial', [CompletionResultType]::ParameterName, 'Leave out and name what the admin login may not grant, instead of changing nothing')
            [CompletionResult]::new('--ensure', '--ensure', [CompletionResultType]::ParameterName, 'Give a login that exists the access that it lacks; all else of it stays as it is')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Show the SQL that would run, change nothing')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the SQL that would run, change nothing')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'pgrole;user;readonly' {
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'The role''s name, exactly as PostgreSQL will keep it')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'The role''s name, exactly as PostgreSQL will keep it')
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'The environment: dev, qa, uat, prod, or one that the config file adds')
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'The environment: dev, qa, uat, prod, or one that the config file adds')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'The database')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'The database')
            [CompletionResult]::new('--access', '--access', [CompletionResultType]::ParameterName, 'What the login may do in the database [default: the profile''s]')
            [CompletionResult]::new('--connection-limit', '--connection-limit', [CompletionResultType]::ParameterName, 'How many sessions at once, or none for no limit [default: the profile''s]')
            [CompletionResult]::new('--valid-for', '--valid-for', [CompletionResultType]::ParameterName, 'How long each password is good: 90d, 12h, 2w, or none for ever; each rotation renews it [default: the profile''s, else the config file''s password.valid_for, else for ever]')
            [CompletionResult]::new('--ends-on', '--ends-on', [CompletionResultType]::ParameterName, 'When the account ends, whatever is rotated: 2027-03-31 (that day is its last, UTC), or a time (2027-03-31T18:00:00Z)')
            [CompletionResult]::new('--deliver', '--deliver', [CompletionResultType]::ParameterName, 'Where the password goes: stdout, file:PATH, pgpass, pgpass:PATH, keyring or exec:COMMAND; {env}, {database}, {hostname}, {port} and {username} are replaced [default: where the role''s password went before; for a new role the profile''s; else stdout]')
            [CompletionResult]::new('--file-format', '--file-format', [CompletionResultType]::ParameterName, 'What a delivered file looks like [default: as before; for a new role the profile''s; else json]')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are printed [default: table on a terminal, json elsewhere]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When messages are coloured; NO_COLOR switches "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up connecting, or a statement, after so many seconds; a command that takes a delivery, after three times that')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password from standard input instead of generating one')
            [CompletionResult]::new('--adopt', '--adopt', [CompletionResultType]::ParameterName, 'Take over a role that has the name of an access group, though pgrole did not make it')
            [CompletionResult]::new('--partial', '--partial', [CompletionResultType]::ParameterName, 'Leave out and name what the admin login may not grant, instead of changing nothing')
            [CompletionResult]::new('--ensure', '--ensure', [CompletionResultType]::ParameterName, 'Give a login that exists the access that it lacks; all else of it stays as it is')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Show the SQL that would run, change nothing')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the SQL that would run, change nothing')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'pgrole;user;dba' {
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'The role''s name, exactly as PostgreSQL will keep it')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'The role''s name, exactly as PostgreSQL will keep it')
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'The environment: dev, qa, uat, prod, or one that the config file adds')
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'The environment: dev, qa, uat, prod, or one that the config file adds')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'The database')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'The database')
            [CompletionResult]::new('--access', '--access', [CompletionResultType]::ParameterName, 'What the login may do in the database [default: the profile''s]')
            [CompletionResult]::new('--connection-limit', '--connection-limit', [CompletionResultType]::ParameterName, 'How many sessions at once, or none for no limit [default: the profile''s]')
            [CompletionResult]::new('--valid-for', '--valid-for', [CompletionResultType]::ParameterName, 'How long each password is good: 90d, 12h, 2w, or none for ever; each rotation renews it [default: the profile''s, else the config file''s password.valid_for, else for ever]')
            [CompletionResult]::new('--ends-on', '--ends-on', [CompletionResultType]::ParameterName, 'When the account ends, whatever is rotated: 2027-03-31 (that day is its last, UTC), or a time (2027-03-31T18:00:00Z)')
            [CompletionResult]::new('--deliver', '--deliver', [CompletionResultType]::ParameterName, 'Where the password goes: stdout, file:PATH, pgpass, pgpass:PATH, keyring or exec:COMMAND; {env}, {database}, {hostname}, {port} and {username} are replaced [default: where the role''s password went before; for a new role the profile''s; else stdout]')
            [CompletionResult]::new('--file-format', '--file-format', [CompletionResultType]::ParameterName, 'What a delivered file looks like [default: as before; for a new role the profile''s; else json]')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are printed [default: table on a terminal, json elsewhere]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When messages are coloured; NO_COLOR switches "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up connecting, or a statement, after so many seconds; a command that takes a delivery, after three times that')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password from standard input instead of generating one')
            [CompletionResult]::new('--adopt', '--adopt', [CompletionResultType]::ParameterName, 'Take over a role that has the name of an access group, though pgrole did not make it')
            [CompletionResult]::new('--partial', '--partial', [CompletionResultType]::ParameterName, 'Leave out and name what the admin login may not grant, instead of changing nothing')
            [CompletionResult]::new('--ensure', '--ensure', [CompletionResultType]::ParameterName, 'Give a login that exists the access that it lacks; all else of it stays as it is')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Show the SQL that would run, change nothing')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the SQL that would run, change nothing')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
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
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'The role''s name, exactly as PostgreSQL will keep it')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'The role''s name, exactly as PostgreSQL will keep it')
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'The environment: dev, qa, uat, prod, or one that the config file adds')
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'The environment: dev, qa, uat, prod, or one that the config file adds')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'The database')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'The database')
            [CompletionResult]::new('--access', '--access', [CompletionResultType]::ParameterName, 'What the login may do in the database [default: the profile''s]')
            [CompletionResult]::new('--connection-limit', '--connection-limit', [CompletionResultType]::ParameterName, 'How many sessions at once, or none for no limit [default: the profile''s]')
            [CompletionResult]::new('--valid-for', '--valid-for', [CompletionResultType]::ParameterName, 'How long each password is good: 90d, 12h, 2w, or none for ever; each rotation renews it [default: the profile''s, else the config file''s password.valid_for, else for ever]')
            [CompletionResult]::new('--ends-on', '--ends-on', [CompletionResultType]::ParameterName, 'When the account ends, whatever is rotated: 2027-03-31 (that day is its last, UTC), or a time (2027-03-31T18:00:00Z)')
            [CompletionResult]::new('--deliver', '--deliver', [CompletionResultType]::ParameterName, 'Where the password goes: stdout, file:PATH, pgpass, pgpass:PATH, keyring or exec:COMMAND; {env}, {database}, {hostname}, {port} and {username} are replaced [default: where the role''s password went before; for a new role the profile''s; else stdout]')
            [CompletionResult]::new('--file-format', '--file-format', [CompletionResultType]::ParameterName, 'What a delivered file looks like [default: as before; for a new role the profile''s; else json]')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are printed [default: table on a terminal, json elsewhere]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When messages are coloured; NO_COLOR switches "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up connecting, or a statement, after so many seconds; a command that takes a delivery, after three times that')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password from standard input instead of generating one')
            [CompletionResult]::new('--adopt', '--adopt', [CompletionResultType]::ParameterName, 'Take over a role that has the name of an access group, though pgrole did not make it')
            [CompletionResult]::new('--partial', '--partial', [CompletionResultType]::ParameterName, 'Leave out and name what the admin login may not grant, instead of changing nothing')
            [CompletionResult]::new('--ensure', '--ensure', [CompletionResultType]::ParameterName, 'Give a login that exists the access that it lacks; all else of it stays as it is')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Show the SQL that would run, change nothing')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the SQL that would run, change nothing')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
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
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'The role''s name, exactly as PostgreSQL keeps it')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'The role''s name, exactly as PostgreSQL keeps it')
            [CompletionResult]::new('--valid-for', '--valid-for', [CompletionResultType]::ParameterName, 'How long each password is good: 90d, 12h, 2w; each rotation renews it [default: the profile''s, else the config file''s password.valid_for; a VALID UNTIL that is there already stays as it is]')
            [CompletionResult]::new('--ends-on', '--ends-on', [CompletionResultType]::ParameterName, 'When the account ends, whatever is rotated: 2027-03-31 (that day is its last, UTC), or a time (2027-03-31T18:00:00Z)')
            [CompletionResult]::new('--deliver', '--deliver', [CompletionResultType]::ParameterName, 'Where the password goes: stdout, file:PATH, pgpass, pgpass:PATH, keyring or exec:COMMAND; {env}, {database}, {hostname}, {port} and {username} are replaced [default: where the role''s password went before; for a new role the profile''s; else stdout]')
            [CompletionResult]::new('--file-format', '--file-format', [CompletionResultType]::ParameterName, 'What a delivered file looks like [default: as before; for a new role the profile''s; else json]')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are printed [default: table on a terminal, json elsewhere]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When messages are coloured; NO_COLOR switches "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up connecting, or a statement, after so many seconds; a command that takes a delivery, after three times that')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password from standard input instead of generating one')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Change a protected role too: a superuser, the admin login itself, a service''s own, and those that the config file names')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Show the SQL that would run, change nothing')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the SQL that would run, change nothing')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
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
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'The role''s name, exactly as PostgreSQL keeps it')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'The role''s name, exactly as PostgreSQL keeps it')
            [CompletionResult]::new('--schema', '--schema', [CompletionResultType]::ParameterName, 'A schema, exactly as PostgreSQL keeps it; may be repeated, the first is looked in first')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are printed [default: table on a terminal, json elsewhere]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When messages are coloured; NO_COLOR switches "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up connecting, or a statement, after so many seconds; a command that takes a delivery, after three times that')
            [CompletionResult]::new('--reset', '--reset', [CompletionResultType]::ParameterName, 'Take back what the role has in this database, so that the server''s own default holds (RESET search_path)')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Change a protected role too: a superuser, the admin login itself, a service''s own, and those that the config file names')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Show the SQL that would run, change nothing')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the SQL that would run, change nothing')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'pgrole;user;find' {
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'The role''s name, exactly as PostgreSQL keeps it')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'The role''s name, exactly as PostgreSQL keeps it')
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'Only this environment [default: all]')
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'Only this environment [default: all]')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Only databases of this name [default: all]')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Only databases of this name [default: all]')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are printed [default: table on a terminal, json elsewhere]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When messages are coloured; NO_COLOR switches "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up connecting, or a statement, after so many seconds; a command that takes a delivery, after three times that')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
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
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When messages are coloured; NO_COLOR switches "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up connecting, or a statement, after so many seconds; a command that takes a delivery, after three times that')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
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
            [CompletionResult]::new('readonly', 'readonly', [CompletionResultType]::ParameterValue, 'Create a login that may only read')
            [CompletionResult]::new('dba', 'dba', [CompletionResultType]::ParameterValue, 'Create a login for a DBA: CREATEDB CREATEROLE, no connection limit, no access group')
            [CompletionResult]::new('create', 'create', [CompletionResultType]::ParameterValue, 'Create a login by any profile, the config file''s own among them')
            [CompletionResult]::new('reset', 'reset', [CompletionResultType]::ParameterValue, 'Give an existing role a new password')
            [CompletionResult]::new('search-path', 'search-path', [CompletionResultType]::ParameterValue, 'Set the schemas that a role looks in, in one database')
            [CompletionResult]::new('find', 'find', [CompletionResultType]::ParameterValue, 'Look for a role, on every active target unless told otherwise')
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
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When messages are coloured; NO_COLOR switches "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up connecting, or a statement, after so many seconds; a command that takes a delivery, after three times that')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('prepare', 'prepare', [CompletionResultType]::ParameterValue, 'Make and complete a database''s access groups, and take back what they have beyond their level')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'pgrole;access;prepare' {
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'The environment: dev, qa, uat, prod, or one that the config file adds')
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'The environment: dev, qa, uat, prod, or one that the config file adds')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'The database')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'The database')
            [CompletionResult]::new('--access', '--access', [CompletionResultType]::ParameterName, 'Only this level; may be repeated [default: readonly, readwrite and ddl]')
            [CompletionResult]::new('--admin', '--admin', [CompletionResultType]::ParameterName, 'A role that may then hand membership in the groups on: the login that pgrole will use')
            [CompletionResult]::new('--schema', '--schema', [CompletionResultType]::ParameterName, 'Only this schema; may be repeated [default: the config file''s, else all but the system''s and extensions'']')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are printed [default: table on a terminal, json elsewhere]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When messages are coloured; NO_COLOR switches "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up connecting, or a statement, after so many seconds; a command that takes a delivery, after three times that')
            [CompletionResult]::new('--adopt', '--adopt', [CompletionResultType]::ParameterName, 'Take over a role that has the name of an access group, though pgrole did not make it')
            [CompletionResult]::new('--partial', '--partial', [CompletionResultType]::ParameterName, 'Leave out and name what the admin login may not grant, instead of changing nothing')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Show the SQL that would run, change nothing')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the SQL that would run, change nothing')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'pgrole;access;help' {
            [CompletionResult]::new('prepare', 'prepare', [CompletionResultType]::ParameterValue, 'Make and complete a database''s access groups, and take back what they have beyond their level')
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
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'Only these environments; * stands for any text; may be repeated [default: all]')
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'Only these environments; * stands for any text; may be repeated [default: all]')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Only these databases; * stands for any text; may be repeated [default: all]')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Only these databases; * stands for any text; may be repeated [default: all]')
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'Only these roles; * stands for any text; may be repeated [default: all that pgrole placed]')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'Only these roles; * stands for any text; may be repeated [default: all that pgrole placed]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Only roles of these profiles; * stands for any text; may be repeated [default: all]')
            [CompletionResult]::new('--exclude', '--exclude', [CompletionResultType]::ParameterName, 'None of these roles; * stands for any text; may be repeated')
            [CompletionResult]::new('--older-than', '--older-than', [CompletionResultType]::ParameterName, 'Only passwords that pgrole changed longer ago than this: 90d, 12h, 2w [default: the config file''s, in section rotate]')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'So many roles at once')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'At most so many roles')
            [CompletionResult]::new('--canary', '--canary', [CompletionResultType]::ParameterName, 'So many roles first, one after the other; stop if one of them fails')
            [CompletionResult]::new('--max-failures', '--max-failures', [CompletionResultType]::ParameterName, 'Stop after so many failures')
            [CompletionResult]::new('--deadline', '--deadline', [CompletionResultType]::ParameterName, 'Begin no role later than this after the start')
            [CompletionResult]::new('--jitter', '--jitter', [CompletionResultType]::ParameterName, 'Wait for a random part of this before the start, so that many machines do not start at once')
            [CompletionResult]::new('--deliver', '--deliver', [CompletionResultType]::ParameterName, 'Where the passwords go: file:PATH, pgpass, pgpass:PATH, keyring, exec:COMMAND or stdout; may be repeated, each gets them [default: where each went before]')
            [CompletionResult]::new('--file-format', '--file-format', [CompletionResultType]::ParameterName, 'What a delivered file looks like; once for all, or once for each --deliver [default: as it looked before, else json]')
            [CompletionResult]::new('--valid-for', '--valid-for', [CompletionResultType]::ParameterName, 'Let each new password be good for so long, and each rotation renew that: 90d, 12h, 2w; accounts that are to end (--ends-on) end all the same [default: as it was said of each role]')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are printed [default: table on a terminal, json elsewhere]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When messages are coloured; NO_COLOR switches "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up connecting, or a statement, after so many seconds; a command that takes a delivery, after three times that')
            [CompletionResult]::new('--any-age', '--any-age', [CompletionResultType]::ParameterName, 'Whatever their age, even where the config file names one')
            [CompletionResult]::new('--include-unknown', '--include-unknown', [CompletionResultType]::ParameterName, 'Rotate roles too whose password was never changed from here; else they are only reported')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Show the SQL that would run, change nothing')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the SQL that would run, change nothing')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show how old each password is, whether it is due, and how its last change ended; asks no server')
            [CompletionResult]::new('adopt', 'adopt', [CompletionResultType]::ParameterValue, 'Take a role that was made elsewhere under rotation: the next run that takes what is due changes its password')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'pgrole;rotate;status' {
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'Only these environments; * stands for any text; may be repeated [default: all]')
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'Only these environments; * stands for any text; may be repeated [default: all]')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Only these databases; * stands for any text; may be repeated [default: all]')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Only these databases; * stands for any text; may be repeated [default: all]')
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'Only these roles; * stands for any text; may be repeated [default: all that pgrole placed]')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'Only these roles; * stands for any text; may be repeated [default: all that pgrole placed]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Only roles of these profiles; * stands for any text; may be repeated [default: all]')
            [CompletionResult]::new('--exclude', '--exclude', [CompletionResultType]::ParameterName, 'None of these roles; * stands for any text; may be repeated')
            [CompletionResult]::new('--older-than', '--older-than', [CompletionResultType]::ParameterName, 'From which age on a password is due: 90d, 12h, 2w [default: the config file''s, in section rotate]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'With --format prometheus: write the metrics to this file, whole or not at all, readable by all')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are printed [default: table on a terminal, json elsewhere]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When messages are coloured; NO_COLOR switches "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up connecting, or a statement, after so many seconds; a command that takes a delivery, after three times that')
            [CompletionResult]::new('--check', '--check', [CompletionResultType]::ParameterName, 'End with status 7 where a password is overdue; with --quiet, print nothing else')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
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
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'The role''s name, exactly as PostgreSQL keeps it')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'The role''s name, exactly as PostgreSQL keeps it')
            [CompletionResult]::new('--deliver', '--deliver', [CompletionResultType]::ParameterName, 'Where its passwords go: file:PATH, pgpass, pgpass:PATH, keyring, exec:COMMAND or stdout; {env}, {database}, {hostname}, {port} and {username} are replaced')
            [CompletionResult]::new('--file-format', '--file-format', [CompletionResultType]::ParameterName, 'What a delivered file looks like')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are printed [default: table on a terminal, json elsewhere]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When messages are coloured; NO_COLOR switches "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up connecting, or a statement, after so many seconds; a command that takes a delivery, after three times that')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'pgrole;rotate;help' {
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show how old each password is, whether it is due, and how its last change ended; asks no server')
            [CompletionResult]::new('adopt', 'adopt', [CompletionResultType]::ParameterValue, 'Take a role that was made elsewhere under rotation: the next run that takes what is due changes its password')
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
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When messages are coloured; NO_COLOR switches "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up connecting, or a statement, after so many seconds; a command that takes a delivery, after three times that')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List password changes that have not ended, and deliveries to stdout and keyring of the last 24 hours')
            [CompletionResult]::new('run', 'run', [CompletionResultType]::ParameterValue, 'End all that can be ended: find out what is in force, deliver it, or note that nothing changed')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show one password change')
            [CompletionResult]::new('ack', 'ack', [CompletionResultType]::ParameterValue, 'Say that the password has arrived: the sealed copy is scrubbed')
            [CompletionResult]::new('abort', 'abort', [CompletionResultType]::ParameterValue, 'Give a password change up: the sealed copy is scrubbed, nothing is done on the server')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'pgrole;recover;list' {
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are printed [default: table on a terminal, json elsewhere]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When messages are coloured; NO_COLOR switches "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up connecting, or a statement, after so many seconds; a command that takes a delivery, after three times that')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
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
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When messages are coloured; NO_COLOR switches "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up connecting, or a statement, after so many seconds; a command that takes a delivery, after three times that')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
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
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When messages are coloured; NO_COLOR switches "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up connecting, or a statement, after so many seconds; a command that takes a delivery, after three times that')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
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
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When messages are coloured; NO_COLOR switches "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up connecting, or a statement, after so many seconds; a command that takes a delivery, after three times that')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
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
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When messages are coloured; NO_COLOR switches "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up connecting, or a statement, after so many seconds; a command that takes a delivery, after three times that')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'pgrole;recover;help' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List password changes that have not ended, and deliveries to stdout and keyring of the last 24 hours')
            [CompletionResult]::new('run', 'run', [CompletionResultType]::ParameterValue, 'End all that can be ended: find out what is in force, deliver it, or note that nothing changed')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show one password change')
            [CompletionResult]::new('ack', 'ack', [CompletionResultType]::ParameterValue, 'Say that the password has arrived: the sealed copy is scrubbed')
            [CompletionResult]::new('abort', 'abort', [CompletionResultType]::ParameterValue, 'Give a password change up: the sealed copy is scrubbed, nothing is done on the server')
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
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When messages are coloured; NO_COLOR switches "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up connecting, or a statement, after so many seconds; a command that takes a delivery, after three times that')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List what was done, newest first')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show one act: its SQL, and the SQL that would undo it')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Write all events, in the order of the log, for other programs')
            [CompletionResult]::new('checkpoint', 'checkpoint', [CompletionResultType]::ParameterValue, 'Sign where the log stands, for those who keep it elsewhere')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Prove that no event was altered, removed or put in')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'pgrole;audit;list' {
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'Only since then: a date (2026-11-23), a time (2026-11-23T08:00:00Z) or a span (7d, 12h)')
            [CompletionResult]::new('--until', '--until', [CompletionResultType]::ParameterName, 'Only until then; a date counts to its end (UTC)')
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'Only this environment [default: all]')
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'Only this environment [default: all]')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Only databases of this name [default: all]')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Only databases of this name [default: all]')
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'Only what was about this role')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'Only what was about this role')
            [CompletionResult]::new('--operator', '--operator', [CompletionResultType]::ParameterName, 'Only what this account did')
            [CompletionResult]::new('--operation', '--operation', [CompletionResultType]::ParameterName, 'Only this operation, as the list names it: "user reset"')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'At most so many')
            [CompletionResult]::new('--before', '--before', [CompletionResultType]::ParameterName, 'The next page: what comes after this event, the last of the page before')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are printed [default: table on a terminal, json elsewhere]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When messages are coloured; NO_COLOR switches "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up connecting, or a statement, after so many seconds; a command that takes a delivery, after three times that')
            [CompletionResult]::new('--failed', '--failed', [CompletionResultType]::ParameterName, 'Only what ended with an error: failed, refused, interrupted')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
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
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When messages are coloured; NO_COLOR switches "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up connecting, or a statement, after so many seconds; a command that takes a delivery, after three times that')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
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
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write to this file, readable by nobody else, and replace one that is there [default: stdout]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write to this file, readable by nobody else, and replace one that is there [default: stdout]')
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'Only since then: a date (2026-11-23), a time (2026-11-23T08:00:00Z) or a span (7d, 12h)')
            [CompletionResult]::new('--until', '--until', [CompletionResultType]::ParameterName, 'Only until then; a date counts to its end (UTC)')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When messages are coloured; NO_COLOR switches "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up connecting, or a statement, after so many seconds; a command that takes a delivery, after three times that')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'pgrole;audit;checkpoint' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write it to this file, and replace one that is there [default: stdout]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write it to this file, and replace one that is there [default: stdout]')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are printed [default: table on a terminal, json elsewhere]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When messages are coloured; NO_COLOR switches "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up connecting, or a statement, after so many seconds; a command that takes a delivery, after three times that')
            [CompletionResult]::new('--public-key', '--public-key', [CompletionResultType]::ParameterName, 'Print the public key that others check with, and sign nothing')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
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
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When messages are coloured; NO_COLOR switches "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up connecting, or a statement, after so many seconds; a command that takes a delivery, after three times that')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'pgrole;audit;help' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List what was done, newest first')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show one act: its SQL, and the SQL that would undo it')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Write all events, in the order of the log, for other programs')
            [CompletionResult]::new('checkpoint', 'checkpoint', [CompletionResultType]::ParameterValue, 'Sign where the log stands, for those who keep it elsewhere')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Prove that no event was altered, removed or put in')
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
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When messages are coloured; NO_COLOR switches "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up connecting, or a statement, after so many seconds; a command that takes a delivery, after three times that')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the channels of the config file, and what waits for each')
            [CompletionResult]::new('test', 'test', [CompletionResultType]::ParameterValue, 'Send a test message')
            [CompletionResult]::new('flush', 'flush', [CompletionResultType]::ParameterValue, 'Send all that waits now, without regard to when it would be tried again')
            [CompletionResult]::new('expiring', 'expiring', [CompletionResultType]::ParameterValue, 'Look on all servers for passwords that end soon or have just ended, and tell each channel once of each')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'pgrole;notify;list' {
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are printed [default: table on a terminal, json elsewhere]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When messages are coloured; NO_COLOR switches "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up connecting, or a statement, after so many seconds; a command that takes a delivery, after three times that')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
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
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When messages are coloured; NO_COLOR switches "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up connecting, or a statement, after so many seconds; a command that takes a delivery, after three times that')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
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
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When messages are coloured; NO_COLOR switches "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up connecting, or a statement, after so many seconds; a command that takes a delivery, after three times that')
            [CompletionResult]::new('--given-up', '--given-up', [CompletionResultType]::ParameterName, 'Those too that were given up')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
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
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When messages are coloured; NO_COLOR switches "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up connecting, or a statement, after so many seconds; a command that takes a delivery, after three times that')
            [CompletionResult]::new('--again', '--again', [CompletionResultType]::ParameterName, 'Tell the channels too what they were told before')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'pgrole;notify;help' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the channels of the config file, and what waits for each')
            [CompletionResult]::new('test', 'test', [CompletionResultType]::ParameterValue, 'Send a test message')
            [CompletionResult]::new('flush', 'flush', [CompletionResultType]::ParameterValue, 'Send all that waits now, without regard to when it would be tried again')
            [CompletionResult]::new('expiring', 'expiring', [CompletionResultType]::ParameterValue, 'Look on all servers for passwords that end soon or have just ended, and tell each channel once of each')
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
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When messages are coloured; NO_COLOR switches "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up connecting, or a statement, after so many seconds; a command that takes a delivery, after three times that')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Look at this machine only, log in nowhere')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
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
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When messages are coloured; NO_COLOR switches "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up connecting, or a statement, after so many seconds; a command that takes a delivery, after three times that')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer every question with yes, as scripts must in a protected environment')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'pgrole;__generate' {
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'The registry file [default: pgrole/pg_registry.db in XDG''s data folder]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The config file [default: pgrole/config.toml in XDG''s config folder, if it is there]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are printed [default: table on a terminal, json elsewhere]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When messages are coloured; NO_COLOR switches "auto" off')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up connecting, or a statement, after so many seconds; a command that takes a delivery, after three times that')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: the statements that ran, where the login came from')
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
            [CompletionResult]::new('rotate', 'rotate', [CompletionResultType]::ParameterValue, 'Give all roles that are due new passwords, delivered where their passwords went before')
            [CompletionResult]::new('recover', 'recover', [CompletionResultType]::ParameterValue, 'End password changes that were cut off: deliver what is in force')
            [CompletionResult]::new('audit', 'audit', [CompletionResultType]::ParameterValue, 'Read the audit log')
            [CompletionResult]::new('notify', 'notify', [CompletionResultType]::ParameterValue, 'Send messages to people elsewhere: the channels, and what waits for them')
            [CompletionResult]::new('doctor', 'doctor', [CompletionResultType]::ParameterValue, 'Look whether this machine and the servers'' logs are set up as they should be')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print a completion script for a shell')
            [CompletionResult]::new('__generate', '__generate', [CompletionResultType]::ParameterValue, 'Write the files that are generated from the command line''s definition')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'pgrole;help;registry' {
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Add a target')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List all targets')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show one target')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Log in to each target: is it reachable, encrypted, the primary, and what may the admin login do there')
            [CompletionResult]::new('update', 'update', [CompletionResultType]::ParameterValue, 'Change a target')
            [CompletionResult]::new('enable', 'enable', [CompletionResultType]::ParameterValue, 'Let a disabled target be used again')
            [CompletionResult]::new('disable', 'disable', [CompletionResultType]::ParameterValue, 'Keep a target from being used')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Remove a target from the registry; nothing changes on its server')
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
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Log in to each target with what its sources give; PG_ADMIN_USER and PG_ADMIN_PASS come first')
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
            [CompletionResult]::new('readonly', 'readonly', [CompletionResultType]::ParameterValue, 'Create a login that may only read')
            [CompletionResult]::new('dba', 'dba', [CompletionResultType]::ParameterValue, 'Create a login for a DBA: CREATEDB CREATEROLE, no connection limit, no access group')
            [CompletionResult]::new('create', 'create', [CompletionResultType]::ParameterValue, 'Create a login by any profile, the config file''s own among them')
            [CompletionResult]::new('reset', 'reset', [CompletionResultType]::ParameterValue, 'Give an existing role a new password')
            [CompletionResult]::new('search-path', 'search-path', [CompletionResultType]::ParameterValue, 'Set the schemas that a role looks in, in one database')
            [CompletionResult]::new('find', 'find', [CompletionResultType]::ParameterValue, 'Look for a role, on every active target unless told otherwise')
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
            [CompletionResult]::new('prepare', 'prepare', [CompletionResultType]::ParameterValue, 'Make and complete a database''s access groups, and take back what they have beyond their level')
            break
        }
        'pgrole;help;access;prepare' {
            break
        }
        'pgrole;help;rotate' {
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show how old each password is, whether it is due, and how its last change ended; asks no server')
            [CompletionResult]::new('adopt', 'adopt', [CompletionResultType]::ParameterValue, 'Take a role that was made elsewhere under rotation: the next run that takes what is due changes its password')
            break
        }
        'pgrole;help;rotate;status' {
            break
        }
        'pgrole;help;rotate;adopt' {
            break
        }
        'pgrole;help;recover' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List password changes that have not ended, and deliveries to stdout and keyring of the last 24 hours')
            [CompletionResult]::new('run', 'run', [CompletionResultType]::ParameterValue, 'End all that can be ended: find out what is in force, deliver it, or note that nothing changed')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show one password change')
            [CompletionResult]::new('ack', 'ack', [CompletionResultType]::ParameterValue, 'Say that the password has arrived: the sealed copy is scrubbed')
            [CompletionResult]::new('abort', 'abort', [CompletionResultType]::ParameterValue, 'Give a password change up: the sealed copy is scrubbed, nothing is done on the server')
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
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List what was done, newest first')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show one act: its SQL, and the SQL that would undo it')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Write all events, in the order of the log, for other programs')
            [CompletionResult]::new('checkpoint', 'checkpoint', [CompletionResultType]::ParameterValue, 'Sign where the log stands, for those who keep it elsewhere')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Prove that no event was altered, removed or put in')
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
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the channels of the config file, and what waits for each')
            [CompletionResult]::new('test', 'test', [CompletionResultType]::ParameterValue, 'Send a test message')
            [CompletionResult]::new('flush', 'flush', [CompletionResultType]::ParameterValue, 'Send all that waits now, without regard to when it would be tried again')
            [CompletionResult]::new('expiring', 'expiring', [CompletionResultType]::ParameterValue, 'Look on all servers for passwords that end soon or have just ended, and tell each channel once of each')
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
        'pgrole;help;__generate' {
            break
        }
        'pgrole;help;help' {
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
