# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_pgrole_global_optspecs
    string join \n registry= config= format= q/quiet v/verbose color= y/yes timeout= h/help V/version
end

function __fish_pgrole_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_pgrole_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_pgrole_using_subcommand
    set -l cmd (__fish_pgrole_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c pgrole -n "__fish_pgrole_needs_command" -l registry -d 'The registry file [default: pgrole/pg_registry.db in the XDG data directory]' -r -F
complete -c pgrole -n "__fish_pgrole_needs_command" -l config -d 'The config file [default: pgrole/config.toml in the XDG config directory, if it exists]' -r -F
complete -c pgrole -n "__fish_pgrole_needs_command" -l format -d 'The format of results [default: table on a terminal, else json]' -r -f -a "table\t'For people: a table that fits the terminal'
json\t'One JSON document'
jsonl\t'One JSON object per line, as results arrive'"
complete -c pgrole -n "__fish_pgrole_needs_command" -l color -d 'When to color messages; with "auto", NO_COLOR turns colors off' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgrole -n "__fish_pgrole_needs_command" -l timeout -d 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long' -r
complete -c pgrole -n "__fish_pgrole_needs_command" -s q -l quiet -d 'Print only results and errors'
complete -c pgrole -n "__fish_pgrole_needs_command" -s v -l verbose -d 'Print more: the statements that ran, where the admin credential came from'
complete -c pgrole -n "__fish_pgrole_needs_command" -s y -l yes -d 'Answer yes to every question; scripts need this in a protected environment'
complete -c pgrole -n "__fish_pgrole_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgrole -n "__fish_pgrole_needs_command" -s V -l version -d 'Print version'
complete -c pgrole -n "__fish_pgrole_needs_command" -f -a "registry" -d 'Manage the registry of targets: which database is where'
complete -c pgrole -n "__fish_pgrole_needs_command" -f -a "credential" -d 'Manage the admin credential, which pgrole connects with'
complete -c pgrole -n "__fish_pgrole_needs_command" -f -a "user" -d 'Create, find and change logins'
complete -c pgrole -n "__fish_pgrole_needs_command" -f -a "access" -d 'Manage the access groups of a database'
complete -c pgrole -n "__fish_pgrole_needs_command" -f -a "offboard" -d 'End every login of people who leave, on every cluster: lock all, then settle and drop'
complete -c pgrole -n "__fish_pgrole_needs_command" -f -a "rotate" -d 'Change all passwords that are due, and deliver them where they were delivered before'
complete -c pgrole -n "__fish_pgrole_needs_command" -f -a "recover" -d 'Settle interrupted password changes: deliver the passwords that are in force'
complete -c pgrole -n "__fish_pgrole_needs_command" -f -a "export" -d 'Write down, as a file for apply, which logins pgrole placed and what they may do; without passwords'
complete -c pgrole -n "__fish_pgrole_needs_command" -f -a "apply" -d 'Make the servers as a file says: create logins, give access, mend attributes'
complete -c pgrole -n "__fish_pgrole_needs_command" -f -a "audit" -d 'Read the audit log'
complete -c pgrole -n "__fish_pgrole_needs_command" -f -a "notify" -d 'Manage notification channels and their queued messages'
complete -c pgrole -n "__fish_pgrole_needs_command" -f -a "doctor" -d 'Check this machine\'s setup and the servers\' settings'
complete -c pgrole -n "__fish_pgrole_needs_command" -f -a "completions" -d 'Print a completion script for a shell'
complete -c pgrole -n "__fish_pgrole_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and not __fish_seen_subcommand_from add list show check update enable disable import export discover remove help" -l registry -d 'The registry file [default: pgrole/pg_registry.db in the XDG data directory]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and not __fish_seen_subcommand_from add list show check update enable disable import export discover remove help" -l config -d 'The config file [default: pgrole/config.toml in the XDG config directory, if it exists]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and not __fish_seen_subcommand_from add list show check update enable disable import export discover remove help" -l format -d 'The format of results [default: table on a terminal, else json]' -r -f -a "table\t'For people: a table that fits the terminal'
json\t'One JSON document'
jsonl\t'One JSON object per line, as results arrive'"
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and not __fish_seen_subcommand_from add list show check update enable disable import export discover remove help" -l color -d 'When to color messages; with "auto", NO_COLOR turns colors off' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and not __fish_seen_subcommand_from add list show check update enable disable import export discover remove help" -l timeout -d 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and not __fish_seen_subcommand_from add list show check update enable disable import export discover remove help" -s q -l quiet -d 'Print only results and errors'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and not __fish_seen_subcommand_from add list show check update enable disable import export discover remove help" -s v -l verbose -d 'Print more: the statements that ran, where the admin credential came from'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and not __fish_seen_subcommand_from add list show check update enable disable import export discover remove help" -s y -l yes -d 'Answer yes to every question; scripts need this in a protected environment'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and not __fish_seen_subcommand_from add list show check update enable disable import export discover remove help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and not __fish_seen_subcommand_from add list show check update enable disable import export discover remove help" -s V -l version -d 'Print version'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and not __fish_seen_subcommand_from add list show check update enable disable import export discover remove help" -f -a "add" -d 'Add a target'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and not __fish_seen_subcommand_from add list show check update enable disable import export discover remove help" -f -a "list" -d 'List all targets'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and not __fish_seen_subcommand_from add list show check update enable disable import export discover remove help" -f -a "show" -d 'Show one target'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and not __fish_seen_subcommand_from add list show check update enable disable import export discover remove help" -f -a "check" -d 'Log in to each target and report reachability, TLS, whether it is the primary, and the admin credential\'s rights'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and not __fish_seen_subcommand_from add list show check update enable disable import export discover remove help" -f -a "update" -d 'Change a target'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and not __fish_seen_subcommand_from add list show check update enable disable import export discover remove help" -f -a "enable" -d 'Enable a disabled target again'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and not __fish_seen_subcommand_from add list show check update enable disable import export discover remove help" -f -a "disable" -d 'Disable a target, so that pgrole refuses to use it'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and not __fish_seen_subcommand_from add list show check update enable disable import export discover remove help" -f -a "import" -d 'Add the targets in a file: CSV, JSON, a pg_service.conf, or the SQLite file of another registry'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and not __fish_seen_subcommand_from add list show check update enable disable import export discover remove help" -f -a "export" -d 'Write the targets as a file that registry import reads'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and not __fish_seen_subcommand_from add list show check update enable disable import export discover remove help" -f -a "discover" -d 'List the databases of a server, and register those that are chosen'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and not __fish_seen_subcommand_from add list show check update enable disable import export discover remove help" -f -a "remove" -d 'Remove a target from the registry; its server is not changed'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and not __fish_seen_subcommand_from add list show check update enable disable import export discover remove help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from add" -s e -l env -d 'The environment: dev, qa, uat, prod, or one added in the config file' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from add" -s d -l database -d 'The database' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from add" -s H -l hostname -d 'Host name, IP address, or Unix socket directory; of several, separated by commas, the one that accepts writes is used' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from add" -l service -d 'Instead of a host: a service of pg_service.conf (PGSERVICEFILE, ~/.pg_service.conf, or PGSYSCONFDIR), looked up at each use; the other options take precedence over it' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from add" -s p -l port -d 'The server\'s port; one for all hosts, or one for each, separated by commas [default: the environment\'s in the config file, else 5432]' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from add" -l sslmode -d 'Whether to require and verify TLS, as in libpq [default: verify-full for a remote host, prefer for loopback, none on a socket]' -r -f -a "disable\t''
allow\t''
prefer\t''
require\t''
verify-ca\t''
verify-full\t''
default\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from add" -l sslrootcert -d 'The certificates to trust: a PEM file, or "system" (with verify-full) [default: ~/.postgresql/root.crt if it exists, else the system\'s]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from add" -l sslcert -d 'The certificate to log in with, a PEM file [default: ~/.postgresql/postgresql.crt if it exists]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from add" -l sslkey -d 'The private key of that certificate, readable only by its owner [default: ~/.postgresql/postgresql.key]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from add" -l sslnegotiation -d 'How TLS is negotiated: "direct" (PostgreSQL 17 and later) saves a round trip [default: postgres]' -r -f -a "postgres\t''
direct\t''
default\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from add" -l channel-binding -d 'Whether channel binding, which ties the login to the TLS session, is required [default: require for a remote host if neither --sslmode nor --sslcert is set, else prefer]' -r -f -a "disable\t''
prefer\t''
require\t''
default\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from add" -l require-auth -d 'The authentication methods that the server may request, as in libpq: a list of password, md5, scram-sha-256, none…, or of methods that are not accepted, each with a "!" [default: scram-sha-256; with a client certificate and on this machine also none]' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from add" -l direct -d 'This is the server itself, not a pooler, although it makes up its process IDs (Neon)' -r -f -a "yes\t''
no\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from add" -l admin-user -d 'The role to log in as if the credential\'s source names none (.pgpass, peer, a certificate) [default: the environment\'s in the config file, else PG_ADMIN_USER, credential.user in the config file, or your user name]' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from add" -l notes -d 'Free-form notes' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from add" -l registry -d 'The registry file [default: pgrole/pg_registry.db in the XDG data directory]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from add" -l config -d 'The config file [default: pgrole/config.toml in the XDG config directory, if it exists]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from add" -l format -d 'The format of results [default: table on a terminal, else json]' -r -f -a "table\t'For people: a table that fits the terminal'
json\t'One JSON document'
jsonl\t'One JSON object per line, as results arrive'"
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from add" -l color -d 'When to color messages; with "auto", NO_COLOR turns colors off' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from add" -l timeout -d 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from add" -s q -l quiet -d 'Print only results and errors'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from add" -s v -l verbose -d 'Print more: the statements that ran, where the admin credential came from'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from add" -s y -l yes -d 'Answer yes to every question; scripts need this in a protected environment'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from add" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from add" -s V -l version -d 'Print version'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from list" -s e -l env -d 'Only these environments; * matches any text; may be repeated [default: all]' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from list" -s d -l database -d 'Only these databases; * matches any text; may be repeated [default: all]' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from list" -l registry -d 'The registry file [default: pgrole/pg_registry.db in the XDG data directory]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from list" -l config -d 'The config file [default: pgrole/config.toml in the XDG config directory, if it exists]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from list" -l format -d 'The format of results [default: table on a terminal, else json]' -r -f -a "table\t'For people: a table that fits the terminal'
json\t'One JSON document'
jsonl\t'One JSON object per line, as results arrive'"
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from list" -l color -d 'When to color messages; with "auto", NO_COLOR turns colors off' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from list" -l timeout -d 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print only results and errors'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Print more: the statements that ran, where the admin credential came from'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from list" -s y -l yes -d 'Answer yes to every question; scripts need this in a protected environment'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from show" -s e -l env -d 'The environment: dev, qa, uat, prod, or one added in the config file' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from show" -s d -l database -d 'The database' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from show" -l registry -d 'The registry file [default: pgrole/pg_registry.db in the XDG data directory]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from show" -l config -d 'The config file [default: pgrole/config.toml in the XDG config directory, if it exists]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from show" -l format -d 'The format of results [default: table on a terminal, else json]' -r -f -a "table\t'For people: a table that fits the terminal'
json\t'One JSON document'
jsonl\t'One JSON object per line, as results arrive'"
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from show" -l color -d 'When to color messages; with "auto", NO_COLOR turns colors off' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from show" -l timeout -d 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Print only results and errors'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Print more: the statements that ran, where the admin credential came from'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from show" -s y -l yes -d 'Answer yes to every question; scripts need this in a protected environment'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from show" -s V -l version -d 'Print version'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from check" -s e -l env -d 'Only these environments; * matches any text; may be repeated [default: all]' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from check" -s d -l database -d 'Only these databases; * matches any text; may be repeated [default: all]' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from check" -l registry -d 'The registry file [default: pgrole/pg_registry.db in the XDG data directory]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from check" -l config -d 'The config file [default: pgrole/config.toml in the XDG config directory, if it exists]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from check" -l format -d 'The format of results [default: table on a terminal, else json]' -r -f -a "table\t'For people: a table that fits the terminal'
json\t'One JSON document'
jsonl\t'One JSON object per line, as results arrive'"
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from check" -l color -d 'When to color messages; with "auto", NO_COLOR turns colors off' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from check" -l timeout -d 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from check" -s q -l quiet -d 'Print only results and errors'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from check" -s v -l verbose -d 'Print more: the statements that ran, where the admin credential came from'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from check" -s y -l yes -d 'Answer yes to every question; scripts need this in a protected environment'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from check" -s V -l version -d 'Print version'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from update" -s e -l env -d 'The environment: dev, qa, uat, prod, or one added in the config file' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from update" -s d -l database -d 'The database' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from update" -s H -l hostname -d 'Host name, IP address, or Unix socket directory; of several, separated by commas, the one that accepts writes is used' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from update" -l service -d 'Instead of a host: a service of pg_service.conf' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from update" -s p -l port -d 'The server\'s port; one for all hosts, or one for each, separated by commas' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from update" -l sslmode -d 'Whether to require and verify TLS, as in libpq [default: verify-full for a remote host, prefer for loopback, none on a socket]' -r -f -a "disable\t''
allow\t''
prefer\t''
require\t''
verify-ca\t''
verify-full\t''
default\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from update" -l sslrootcert -d 'The certificates to trust: a PEM file, or "system" (with verify-full) [default: ~/.postgresql/root.crt if it exists, else the system\'s]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from update" -l sslcert -d 'The certificate to log in with, a PEM file [default: ~/.postgresql/postgresql.crt if it exists]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from update" -l sslkey -d 'The private key of that certificate, readable only by its owner [default: ~/.postgresql/postgresql.key]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from update" -l sslnegotiation -d 'How TLS is negotiated: "direct" (PostgreSQL 17 and later) saves a round trip [default: postgres]' -r -f -a "postgres\t''
direct\t''
default\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from update" -l channel-binding -d 'Whether channel binding, which ties the login to the TLS session, is required [default: require for a remote host if neither --sslmode nor --sslcert is set, else prefer]' -r -f -a "disable\t''
prefer\t''
require\t''
default\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from update" -l require-auth -d 'The authentication methods that the server may request, as in libpq; "default" resets them' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from update" -l direct -d 'This is the server itself, not a pooler, although it makes up its process IDs (Neon)' -r -f -a "yes\t''
no\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from update" -l admin-user -d 'The role to log in as if the credential\'s source names none (.pgpass, peer, a certificate) [default: PG_ADMIN_USER, else credential.user in the config file, else your user name]' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from update" -l notes -d 'Free-form notes' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from update" -l registry -d 'The registry file [default: pgrole/pg_registry.db in the XDG data directory]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from update" -l config -d 'The config file [default: pgrole/config.toml in the XDG config directory, if it exists]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from update" -l format -d 'The format of results [default: table on a terminal, else json]' -r -f -a "table\t'For people: a table that fits the terminal'
json\t'One JSON document'
jsonl\t'One JSON object per line, as results arrive'"
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from update" -l color -d 'When to color messages; with "auto", NO_COLOR turns colors off' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from update" -l timeout -d 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from update" -l trust-new-server -d 'Accept the next cluster that answers as this target\'s, after a server was rebuilt or replaced'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from update" -s q -l quiet -d 'Print only results and errors'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from update" -s v -l verbose -d 'Print more: the statements that ran, where the admin credential came from'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from update" -s y -l yes -d 'Answer yes to every question; scripts need this in a protected environment'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from update" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from update" -s V -l version -d 'Print version'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from enable" -s e -l env -d 'The environment: dev, qa, uat, prod, or one added in the config file' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from enable" -s d -l database -d 'The database' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from enable" -l registry -d 'The registry file [default: pgrole/pg_registry.db in the XDG data directory]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from enable" -l config -d 'The config file [default: pgrole/config.toml in the XDG config directory, if it exists]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from enable" -l format -d 'The format of results [default: table on a terminal, else json]' -r -f -a "table\t'For people: a table that fits the terminal'
json\t'One JSON document'
jsonl\t'One JSON object per line, as results arrive'"
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from enable" -l color -d 'When to color messages; with "auto", NO_COLOR turns colors off' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from enable" -l timeout -d 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from enable" -s q -l quiet -d 'Print only results and errors'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from enable" -s v -l verbose -d 'Print more: the statements that ran, where the admin credential came from'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from enable" -s y -l yes -d 'Answer yes to every question; scripts need this in a protected environment'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from enable" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from enable" -s V -l version -d 'Print version'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from disable" -s e -l env -d 'The environment: dev, qa, uat, prod, or one added in the config file' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from disable" -s d -l database -d 'The database' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from disable" -l registry -d 'The registry file [default: pgrole/pg_registry.db in the XDG data directory]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from disable" -l config -d 'The config file [default: pgrole/config.toml in the XDG config directory, if it exists]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from disable" -l format -d 'The format of results [default: table on a terminal, else json]' -r -f -a "table\t'For people: a table that fits the terminal'
json\t'One JSON document'
jsonl\t'One JSON object per line, as results arrive'"
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from disable" -l color -d 'When to color messages; with "auto", NO_COLOR turns colors off' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from disable" -l timeout -d 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from disable" -s q -l quiet -d 'Print only results and errors'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from disable" -s v -l verbose -d 'Print more: the statements that ran, where the admin credential came from'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from disable" -s y -l yes -d 'Answer yes to every question; scripts need this in a protected environment'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from disable" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from disable" -s V -l version -d 'Print version'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from import" -s e -l env -d 'The environment of the rows that name none' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from import" -l registry -d 'The registry file [default: pgrole/pg_registry.db in the XDG data directory]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from import" -l config -d 'The config file [default: pgrole/config.toml in the XDG config directory, if it exists]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from import" -l format -d 'The format of results [default: table on a terminal, else json]' -r -f -a "table\t'For people: a table that fits the terminal'
json\t'One JSON document'
jsonl\t'One JSON object per line, as results arrive'"
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from import" -l color -d 'When to color messages; with "auto", NO_COLOR turns colors off' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from import" -l timeout -d 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from import" -l update -d 'Also change targets that are in the registry already and differ'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from import" -s n -l dry-run -d 'Show what would be added and changed, without changing anything'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from import" -s q -l quiet -d 'Print only results and errors'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from import" -s v -l verbose -d 'Print more: the statements that ran, where the admin credential came from'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from import" -s y -l yes -d 'Answer yes to every question; scripts need this in a protected environment'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from import" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from import" -s V -l version -d 'Print version'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from export" -l format -d 'The format of the targets; each is read by registry import [default: csv]' -r -f -a "csv\t'RFC 4180, with a header'
json\t'A JSON array of objects'
service\t'A pg_service.conf for psql and other clients of libpq'"
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from export" -s o -l output -d 'Write to this file, readable only by you, replacing an existing one [default: stdout]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from export" -s e -l env -d 'Only these environments; * matches any text; may be repeated [default: all]' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from export" -s d -l database -d 'Only these databases; * matches any text; may be repeated [default: all]' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from export" -l registry -d 'The registry file [default: pgrole/pg_registry.db in the XDG data directory]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from export" -l config -d 'The config file [default: pgrole/config.toml in the XDG config directory, if it exists]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from export" -l color -d 'When to color messages; with "auto", NO_COLOR turns colors off' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from export" -l timeout -d 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from export" -s q -l quiet -d 'Print only results and errors'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from export" -s v -l verbose -d 'Print more: the statements that ran, where the admin credential came from'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from export" -s y -l yes -d 'Answer yes to every question; scripts need this in a protected environment'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from export" -s V -l version -d 'Print version'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from discover" -s e -l env -d 'The environment of the targets: dev, qa, uat, prod, or one added in the config file' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from discover" -s d -l database -d 'Register these databases; * matches any text; may be repeated [default: on a terminal, ask]' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from discover" -l maintenance-db -d 'The database to connect to [default: postgres, else template1]' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from discover" -s H -l hostname -d 'Host name, IP address, or Unix socket directory; of several, separated by commas, the one that accepts writes is used' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from discover" -l service -d 'Instead of a host: a service of pg_service.conf (PGSERVICEFILE, ~/.pg_service.conf, or PGSYSCONFDIR), looked up at each use; the other options take precedence over it' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from discover" -s p -l port -d 'The server\'s port; one for all hosts, or one for each, separated by commas [default: the environment\'s in the config file, else 5432]' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from discover" -l sslmode -d 'Whether to require and verify TLS, as in libpq [default: verify-full for a remote host, prefer for loopback, none on a socket]' -r -f -a "disable\t''
allow\t''
prefer\t''
require\t''
verify-ca\t''
verify-full\t''
default\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from discover" -l sslrootcert -d 'The certificates to trust: a PEM file, or "system" (with verify-full) [default: ~/.postgresql/root.crt if it exists, else the system\'s]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from discover" -l sslcert -d 'The certificate to log in with, a PEM file [default: ~/.postgresql/postgresql.crt if it exists]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from discover" -l sslkey -d 'The private key of that certificate, readable only by its owner [default: ~/.postgresql/postgresql.key]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from discover" -l sslnegotiation -d 'How TLS is negotiated: "direct" (PostgreSQL 17 and later) saves a round trip [default: postgres]' -r -f -a "postgres\t''
direct\t''
default\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from discover" -l channel-binding -d 'Whether channel binding, which ties the login to the TLS session, is required [default: require for a remote host if neither --sslmode nor --sslcert is set, else prefer]' -r -f -a "disable\t''
prefer\t''
require\t''
default\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from discover" -l require-auth -d 'The authentication methods that the server may request, as in libpq: a list of password, md5, scram-sha-256, none…, or of methods that are not accepted, each with a "!" [default: scram-sha-256; with a client certificate and on this machine also none]' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from discover" -l direct -d 'This is the server itself, not a pooler, although it makes up its process IDs (Neon)' -r -f -a "yes\t''
no\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from discover" -l admin-user -d 'The role to log in as if the credential\'s source names none (.pgpass, peer, a certificate) [default: the environment\'s in the config file, else PG_ADMIN_USER, credential.user in the config file, or your user name]' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from discover" -l registry -d 'The registry file [default: pgrole/pg_registry.db in the XDG data directory]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from discover" -l config -d 'The config file [default: pgrole/config.toml in the XDG config directory, if it exists]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from discover" -l format -d 'The format of results [default: table on a terminal, else json]' -r -f -a "table\t'For people: a table that fits the terminal'
json\t'One JSON document'
jsonl\t'One JSON object per line, as results arrive'"
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from discover" -l color -d 'When to color messages; with "auto", NO_COLOR turns colors off' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from discover" -l timeout -d 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from discover" -l all -d 'Register all databases that take connections, except for templates and "postgres"'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from discover" -l sizes -d 'Show how large each is, which takes the server some time'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from discover" -s q -l quiet -d 'Print only results and errors'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from discover" -s v -l verbose -d 'Print more: the statements that ran, where the admin credential came from'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from discover" -s y -l yes -d 'Answer yes to every question; scripts need this in a protected environment'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from discover" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from discover" -s V -l version -d 'Print version'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from remove" -s e -l env -d 'The environment: dev, qa, uat, prod, or one added in the config file' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from remove" -s d -l database -d 'The database' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from remove" -l registry -d 'The registry file [default: pgrole/pg_registry.db in the XDG data directory]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from remove" -l config -d 'The config file [default: pgrole/config.toml in the XDG config directory, if it exists]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from remove" -l format -d 'The format of results [default: table on a terminal, else json]' -r -f -a "table\t'For people: a table that fits the terminal'
json\t'One JSON document'
jsonl\t'One JSON object per line, as results arrive'"
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from remove" -l color -d 'When to color messages; with "auto", NO_COLOR turns colors off' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from remove" -l timeout -d 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from remove" -s q -l quiet -d 'Print only results and errors'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from remove" -s v -l verbose -d 'Print more: the statements that ran, where the admin credential came from'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from remove" -s y -l yes -d 'Answer yes to every question; scripts need this in a protected environment'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from remove" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from remove" -s V -l version -d 'Print version'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from help" -f -a "add" -d 'Add a target'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from help" -f -a "list" -d 'List all targets'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show one target'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from help" -f -a "check" -d 'Log in to each target and report reachability, TLS, whether it is the primary, and the admin credential\'s rights'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from help" -f -a "update" -d 'Change a target'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from help" -f -a "enable" -d 'Enable a disabled target again'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from help" -f -a "disable" -d 'Disable a target, so that pgrole refuses to use it'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from help" -f -a "import" -d 'Add the targets in a file: CSV, JSON, a pg_service.conf, or the SQLite file of another registry'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from help" -f -a "export" -d 'Write the targets as a file that registry import reads'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from help" -f -a "discover" -d 'List the databases of a server, and register those that are chosen'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from help" -f -a "remove" -d 'Remove a target from the registry; its server is not changed'
complete -c pgrole -n "__fish_pgrole_using_subcommand registry; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and not __fish_seen_subcommand_from set list check rotate delete help" -l registry -d 'The registry file [default: pgrole/pg_registry.db in the XDG data directory]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and not __fish_seen_subcommand_from set list check rotate delete help" -l config -d 'The config file [default: pgrole/config.toml in the XDG config directory, if it exists]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and not __fish_seen_subcommand_from set list check rotate delete help" -l format -d 'The format of results [default: table on a terminal, else json]' -r -f -a "table\t'For people: a table that fits the terminal'
json\t'One JSON document'
jsonl\t'One JSON object per line, as results arrive'"
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and not __fish_seen_subcommand_from set list check rotate delete help" -l color -d 'When to color messages; with "auto", NO_COLOR turns colors off' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and not __fish_seen_subcommand_from set list check rotate delete help" -l timeout -d 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and not __fish_seen_subcommand_from set list check rotate delete help" -s q -l quiet -d 'Print only results and errors'
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and not __fish_seen_subcommand_from set list check rotate delete help" -s v -l verbose -d 'Print more: the statements that ran, where the admin credential came from'
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and not __fish_seen_subcommand_from set list check rotate delete help" -s y -l yes -d 'Answer yes to every question; scripts need this in a protected environment'
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and not __fish_seen_subcommand_from set list check rotate delete help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and not __fish_seen_subcommand_from set list check rotate delete help" -s V -l version -d 'Print version'
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and not __fish_seen_subcommand_from set list check rotate delete help" -f -a "set" -d 'Store the admin credential or a channel\'s secret in the keyring, from a prompt or standard input'
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and not __fish_seen_subcommand_from set list check rotate delete help" -f -a "list" -d 'List the admin credentials and channel secrets in the keyring, without passwords'
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and not __fish_seen_subcommand_from set list check rotate delete help" -f -a "check" -d 'Log in to each target with the admin credential that pgrole would use, and show its source'
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and not __fish_seen_subcommand_from set list check rotate delete help" -f -a "rotate" -d 'Give the admin credential itself a new password, and store it where the old one came from'
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and not __fish_seen_subcommand_from set list check rotate delete help" -f -a "delete" -d 'Delete an admin credential or a channel\'s secret from the keyring'
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and not __fish_seen_subcommand_from set list check rotate delete help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and __fish_seen_subcommand_from set" -s e -l env -d 'The environment [default: all environments without a login of their own]' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and __fish_seen_subcommand_from set" -s d -l database -d 'Only this database of the environment' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and __fish_seen_subcommand_from set" -s U -l user -d 'The role to log in as' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and __fish_seen_subcommand_from set" -l notify -d 'Instead of a login, store a secret under this name, which channels in the config file refer to' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and __fish_seen_subcommand_from set" -l registry -d 'The registry file [default: pgrole/pg_registry.db in the XDG data directory]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and __fish_seen_subcommand_from set" -l config -d 'The config file [default: pgrole/config.toml in the XDG config directory, if it exists]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and __fish_seen_subcommand_from set" -l format -d 'The format of results [default: table on a terminal, else json]' -r -f -a "table\t'For people: a table that fits the terminal'
json\t'One JSON document'
jsonl\t'One JSON object per line, as results arrive'"
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and __fish_seen_subcommand_from set" -l color -d 'When to color messages; with "auto", NO_COLOR turns colors off' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and __fish_seen_subcommand_from set" -l timeout -d 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and __fish_seen_subcommand_from set" -l password-stdin -d 'Read the password or secret from standard input'
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and __fish_seen_subcommand_from set" -s q -l quiet -d 'Print only results and errors'
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and __fish_seen_subcommand_from set" -s v -l verbose -d 'Print more: the statements that ran, where the admin credential came from'
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and __fish_seen_subcommand_from set" -s y -l yes -d 'Answer yes to every question; scripts need this in a protected environment'
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and __fish_seen_subcommand_from set" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and __fish_seen_subcommand_from set" -s V -l version -d 'Print version'
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and __fish_seen_subcommand_from list" -l registry -d 'The registry file [default: pgrole/pg_registry.db in the XDG data directory]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and __fish_seen_subcommand_from list" -l config -d 'The config file [default: pgrole/config.toml in the XDG config directory, if it exists]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and __fish_seen_subcommand_from list" -l format -d 'The format of results [default: table on a terminal, else json]' -r -f -a "table\t'For people: a table that fits the terminal'
json\t'One JSON document'
jsonl\t'One JSON object per line, as results arrive'"
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and __fish_seen_subcommand_from list" -l color -d 'When to color messages; with "auto", NO_COLOR turns colors off' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and __fish_seen_subcommand_from list" -l timeout -d 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print only results and errors'
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Print more: the statements that ran, where the admin credential came from'
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and __fish_seen_subcommand_from list" -s y -l yes -d 'Answer yes to every question; scripts need this in a protected environment'
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and __fish_seen_subcommand_from check" -s e -l env -d 'Only these environments; * matches any text; may be repeated [default: all]' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and __fish_seen_subcommand_from check" -s d -l database -d 'Only these databases; * matches any text; may be repeated [default: all]' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and __fish_seen_subcommand_from check" -l registry -d 'The registry file [default: pgrole/pg_registry.db in the XDG data directory]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and __fish_seen_subcommand_from check" -l config -d 'The config file [default: pgrole/config.toml in the XDG config directory, if it exists]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and __fish_seen_subcommand_from check" -l format -d 'The format of results [default: table on a terminal, else json]' -r -f -a "table\t'For people: a table that fits the terminal'
json\t'One JSON document'
jsonl\t'One JSON object per line, as results arrive'"
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and __fish_seen_subcommand_from check" -l color -d 'When to color messages; with "auto", NO_COLOR turns colors off' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and __fish_seen_subcommand_from check" -l timeout -d 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and __fish_seen_subcommand_from check" -s q -l quiet -d 'Print only results and errors'
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and __fish_seen_subcommand_from check" -s v -l verbose -d 'Print more: the statements that ran, where the admin credential came from'
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and __fish_seen_subcommand_from check" -s y -l yes -d 'Answer yes to every question; scripts need this in a protected environment'
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and __fish_seen_subcommand_from check" -s V -l version -d 'Print version'
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and __fish_seen_subcommand_from rotate" -s e -l env -d 'The environment whose admin credentials are rotated' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and __fish_seen_subcommand_from rotate" -s d -l database -d 'Only the admin credential of this database; other targets that use it continue to work' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and __fish_seen_subcommand_from rotate" -l deliver -d 'Where the password goes if it came from a source that pgrole cannot write to (variables, systemd, a prompt, a command without a store_command): file:PATH, pgpass, pgpass:PATH, keyring, exec:COMMAND or stdout' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and __fish_seen_subcommand_from rotate" -l file-format -d 'The format of a delivered file' -r -f -a "json\t'The JSON object that the command prints'
env\t'PGHOST, PGPORT, PGDATABASE, PGUSER and PGPASSWORD, one per line'
dsn\t'A postgresql:// URL'
pgbouncer\t'A line of pgbouncer\'s userlist, with the verifier that the server stores'
k8s-secret\t'A Kubernetes Secret manifest'"
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and __fish_seen_subcommand_from rotate" -l registry -d 'The registry file [default: pgrole/pg_registry.db in the XDG data directory]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and __fish_seen_subcommand_from rotate" -l config -d 'The config file [default: pgrole/config.toml in the XDG config directory, if it exists]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and __fish_seen_subcommand_from rotate" -l format -d 'The format of results [default: table on a terminal, else json]' -r -f -a "table\t'For people: a table that fits the terminal'
json\t'One JSON document'
jsonl\t'One JSON object per line, as results arrive'"
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and __fish_seen_subcommand_from rotate" -l color -d 'When to color messages; with "auto", NO_COLOR turns colors off' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and __fish_seen_subcommand_from rotate" -l timeout -d 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and __fish_seen_subcommand_from rotate" -s n -l dry-run -d 'Show the SQL that would run, without changing anything'
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and __fish_seen_subcommand_from rotate" -s q -l quiet -d 'Print only results and errors'
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and __fish_seen_subcommand_from rotate" -s v -l verbose -d 'Print more: the statements that ran, where the admin credential came from'
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and __fish_seen_subcommand_from rotate" -s y -l yes -d 'Answer yes to every question; scripts need this in a protected environment'
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and __fish_seen_subcommand_from rotate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and __fish_seen_subcommand_from rotate" -s V -l version -d 'Print version'
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and __fish_seen_subcommand_from delete" -s e -l env -d 'The environment [default: all environments without a login of their own]' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and __fish_seen_subcommand_from delete" -s d -l database -d 'Only this database of the environment' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and __fish_seen_subcommand_from delete" -l notify -d 'Instead of a login, delete the secret of this name' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and __fish_seen_subcommand_from delete" -l registry -d 'The registry file [default: pgrole/pg_registry.db in the XDG data directory]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and __fish_seen_subcommand_from delete" -l config -d 'The config file [default: pgrole/config.toml in the XDG config directory, if it exists]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and __fish_seen_subcommand_from delete" -l format -d 'The format of results [default: table on a terminal, else json]' -r -f -a "table\t'For people: a table that fits the terminal'
json\t'One JSON document'
jsonl\t'One JSON object per line, as results arrive'"
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and __fish_seen_subcommand_from delete" -l color -d 'When to color messages; with "auto", NO_COLOR turns colors off' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and __fish_seen_subcommand_from delete" -l timeout -d 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and __fish_seen_subcommand_from delete" -s q -l quiet -d 'Print only results and errors'
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and __fish_seen_subcommand_from delete" -s v -l verbose -d 'Print more: the statements that ran, where the admin credential came from'
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and __fish_seen_subcommand_from delete" -s y -l yes -d 'Answer yes to every question; scripts need this in a protected environment'
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and __fish_seen_subcommand_from delete" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and __fish_seen_subcommand_from delete" -s V -l version -d 'Print version'
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and __fish_seen_subcommand_from help" -f -a "set" -d 'Store the admin credential or a channel\'s secret in the keyring, from a prompt or standard input'
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and __fish_seen_subcommand_from help" -f -a "list" -d 'List the admin credentials and channel secrets in the keyring, without passwords'
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and __fish_seen_subcommand_from help" -f -a "check" -d 'Log in to each target with the admin credential that pgrole would use, and show its source'
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and __fish_seen_subcommand_from help" -f -a "rotate" -d 'Give the admin credential itself a new password, and store it where the old one came from'
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and __fish_seen_subcommand_from help" -f -a "delete" -d 'Delete an admin credential or a channel\'s secret from the keyring'
complete -c pgrole -n "__fish_pgrole_using_subcommand credential; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and not __fish_seen_subcommand_from app k8s devqa devlead readonly dba create reset lock unlock drop search-path find show list clone set rename compare help" -l registry -d 'The registry file [default: pgrole/pg_registry.db in the XDG data directory]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and not __fish_seen_subcommand_from app k8s devqa devlead readonly dba create reset lock unlock drop search-path find show list clone set rename compare help" -l config -d 'The config file [default: pgrole/config.toml in the XDG config directory, if it exists]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and not __fish_seen_subcommand_from app k8s devqa devlead readonly dba create reset lock unlock drop search-path find show list clone set rename compare help" -l format -d 'The format of results [default: table on a terminal, else json]' -r -f -a "table\t'For people: a table that fits the terminal'
json\t'One JSON document'
jsonl\t'One JSON object per line, as results arrive'"
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and not __fish_seen_subcommand_from app k8s devqa devlead readonly dba create reset lock unlock drop search-path find show list clone set rename compare help" -l color -d 'When to color messages; with "auto", NO_COLOR turns colors off' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and not __fish_seen_subcommand_from app k8s devqa devlead readonly dba create reset lock unlock drop search-path find show list clone set rename compare help" -l timeout -d 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and not __fish_seen_subcommand_from app k8s devqa devlead readonly dba create reset lock unlock drop search-path find show list clone set rename compare help" -s q -l quiet -d 'Print only results and errors'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and not __fish_seen_subcommand_from app k8s devqa devlead readonly dba create reset lock unlock drop search-path find show list clone set rename compare help" -s v -l verbose -d 'Print more: the statements that ran, where the admin credential came from'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and not __fish_seen_subcommand_from app k8s devqa devlead readonly dba create reset lock unlock drop search-path find show list clone set rename compare help" -s y -l yes -d 'Answer yes to every question; scripts need this in a protected environment'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and not __fish_seen_subcommand_from app k8s devqa devlead readonly dba create reset lock unlock drop search-path find show list clone set rename compare help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and not __fish_seen_subcommand_from app k8s devqa devlead readonly dba create reset lock unlock drop search-path find show list clone set rename compare help" -s V -l version -d 'Print version'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and not __fish_seen_subcommand_from app k8s devqa devlead readonly dba create reset lock unlock drop search-path find show list clone set rename compare help" -f -a "app" -d 'Create a login for an application server: SERVERNAME_PORT, readwrite'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and not __fish_seen_subcommand_from app k8s devqa devlead readonly dba create reset lock unlock drop search-path find show list clone set rename compare help" -f -a "k8s" -d 'Create a login for a Kubernetes deployment: PREFIX_FARMNAME, readwrite'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and not __fish_seen_subcommand_from app k8s devqa devlead readonly dba create reset lock unlock drop search-path find show list clone set rename compare help" -f -a "devqa" -d 'Create a login for development and test: readwrite'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and not __fish_seen_subcommand_from app k8s devqa devlead readonly dba create reset lock unlock drop search-path find show list clone set rename compare help" -f -a "devlead" -d 'Create a login for a lead developer: readwrite, and CREATE in the schemas'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and not __fish_seen_subcommand_from app k8s devqa devlead readonly dba create reset lock unlock drop search-path find show list clone set rename compare help" -f -a "readonly" -d 'Create a read-only login'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and not __fish_seen_subcommand_from app k8s devqa devlead readonly dba create reset lock unlock drop search-path find show list clone set rename compare help" -f -a "dba" -d 'Create a login for a DBA: CREATEDB CREATEROLE, no connection limit, no access group'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and not __fish_seen_subcommand_from app k8s devqa devlead readonly dba create reset lock unlock drop search-path find show list clone set rename compare help" -f -a "create" -d 'Create a login with any profile, including those in the config file; or all logins of a file'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and not __fish_seen_subcommand_from app k8s devqa devlead readonly dba create reset lock unlock drop search-path find show list clone set rename compare help" -f -a "reset" -d 'Give an existing role a new password'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and not __fish_seen_subcommand_from app k8s devqa devlead readonly dba create reset lock unlock drop search-path find show list clone set rename compare help" -f -a "lock" -d 'Stop a role: no new logins, and its sessions are ended'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and not __fish_seen_subcommand_from app k8s devqa devlead readonly dba create reset lock unlock drop search-path find show list clone set rename compare help" -f -a "unlock" -d 'Let a role log in again that pgrole locked'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and not __fish_seen_subcommand_from app k8s devqa devlead readonly dba create reset lock unlock drop search-path find show list clone set rename compare help" -f -a "drop" -d 'End a role on its cluster: lock it, settle what it owns and may in every database, drop it'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and not __fish_seen_subcommand_from app k8s devqa devlead readonly dba create reset lock unlock drop search-path find show list clone set rename compare help" -f -a "search-path" -d 'Set a role\'s search path in one database'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and not __fish_seen_subcommand_from app k8s devqa devlead readonly dba create reset lock unlock drop search-path find show list clone set rename compare help" -f -a "find" -d 'Find a role, by default on every active target'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and not __fish_seen_subcommand_from app k8s devqa devlead readonly dba create reset lock unlock drop search-path find show list clone set rename compare help" -f -a "show" -d 'Show all about a role: attributes, access, what it owns, sessions; by default on every cluster that has it'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and not __fish_seen_subcommand_from app k8s devqa devlead readonly dba create reset lock unlock drop search-path find show list clone set rename compare help" -f -a "list" -d 'List the logins on the targets'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and not __fish_seen_subcommand_from app k8s devqa devlead readonly dba create reset lock unlock drop search-path find show list clone set rename compare help" -f -a "clone" -d 'Create a login like another one, on the same target or elsewhere, with a password of its own'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and not __fish_seen_subcommand_from app k8s devqa devlead readonly dba create reset lock unlock drop search-path find show list clone set rename compare help" -f -a "set" -d 'Change a login\'s connection limit, end or profile'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and not __fish_seen_subcommand_from app k8s devqa devlead readonly dba create reset lock unlock drop search-path find show list clone set rename compare help" -f -a "rename" -d 'Rename a role; what pgrole has on record of it follows'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and not __fish_seen_subcommand_from app k8s devqa devlead readonly dba create reset lock unlock drop search-path find show list clone set rename compare help" -f -a "compare" -d 'Show in what two roles differ, on one target or on two: attributes, memberships, settings'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and not __fish_seen_subcommand_from app k8s devqa devlead readonly dba create reset lock unlock drop search-path find show list clone set rename compare help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from app" -l servername -d 'The application server\'s name' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from app" -l port -d 'The application\'s port' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from app" -s e -l env -d 'The environment: dev, qa, uat, prod, or one added in the config file' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from app" -s d -l database -d 'The database' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from app" -l access -d 'What the login may do in the database [default: as the profile says]' -r -f -a "none\t'No access group'
readonly\t'SELECT on tables, views and sequences'
readwrite\t'Readonly, and INSERT, UPDATE, DELETE; USAGE and UPDATE of sequences'
ddl\t'Readwrite, and CREATE in the schemas, REFERENCES on tables'"
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from app" -l connection-limit -d 'The maximum number of concurrent sessions, or none for no limit [default: as the profile says]' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from app" -l valid-for -d 'How long each password is valid: 90d, 12h, 2w, or none for no limit; each rotation renews it [default: as the profile says, else password.valid_for in the config file, else no limit]' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from app" -l ends-on -d 'When the account ends, regardless of rotation: 2027-03-31 (its last day, in UTC), or a time (2027-03-31T18:00:00Z)' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from app" -l deliver -d 'Where the password goes: stdout, file:PATH, pgpass, pgpass:PATH, keyring or exec:COMMAND; {env}, {database}, {hostname}, {port} and {username} are replaced [default: where the role\'s password last went; for a new role, as its profile says; else stdout]' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from app" -l file-format -d 'The format of a delivered file [default: as before; for a new role, as its profile says; else json]' -r -f -a "json\t'The JSON object that the command prints'
env\t'PGHOST, PGPORT, PGDATABASE, PGUSER and PGPASSWORD, one per line'
dsn\t'A postgresql:// URL'
pgbouncer\t'A line of pgbouncer\'s userlist, with the verifier that the server stores'
k8s-secret\t'A Kubernetes Secret manifest'"
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from app" -l reason -d 'Why, for the audit log: a ticket, a sentence' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from app" -l registry -d 'The registry file [default: pgrole/pg_registry.db in the XDG data directory]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from app" -l config -d 'The config file [default: pgrole/config.toml in the XDG config directory, if it exists]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from app" -l format -d 'The format of results [default: table on a terminal, else json]' -r -f -a "table\t'For people: a table that fits the terminal'
json\t'One JSON document'
jsonl\t'One JSON object per line, as results arrive'"
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from app" -l color -d 'When to color messages; with "auto", NO_COLOR turns colors off' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from app" -l timeout -d 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from app" -l password-stdin -d 'Read the password from standard input instead of generating one'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from app" -l adopt -d 'Adopt an existing role that has the name of an access group, although pgrole did not create it'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from app" -l partial -d 'If the admin credential may not grant something, leave it out and report it, instead of changing nothing'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from app" -l ensure -d 'Grant an existing login the access that it lacks; change nothing else about it'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from app" -s n -l dry-run -d 'Show the SQL that would run, without changing anything'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from app" -s q -l quiet -d 'Print only results and errors'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from app" -s v -l verbose -d 'Print more: the statements that ran, where the admin credential came from'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from app" -s y -l yes -d 'Answer yes to every question; scripts need this in a protected environment'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from app" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from app" -s V -l version -d 'Print version'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from k8s" -l env-prefix -d 'The environment\'s prefix in role names' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from k8s" -l farmname -d 'The farm\'s name' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from k8s" -s e -l env -d 'The environment: dev, qa, uat, prod, or one added in the config file' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from k8s" -s d -l database -d 'The database' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from k8s" -l access -d 'What the login may do in the database [default: as the profile says]' -r -f -a "none\t'No access group'
readonly\t'SELECT on tables, views and sequences'
readwrite\t'Readonly, and INSERT, UPDATE, DELETE; USAGE and UPDATE of sequences'
ddl\t'Readwrite, and CREATE in the schemas, REFERENCES on tables'"
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from k8s" -l connection-limit -d 'The maximum number of concurrent sessions, or none for no limit [default: as the profile says]' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from k8s" -l valid-for -d 'How long each password is valid: 90d, 12h, 2w, or none for no limit; each rotation renews it [default: as the profile says, else password.valid_for in the config file, else no limit]' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from k8s" -l ends-on -d 'When the account ends, regardless of rotation: 2027-03-31 (its last day, in UTC), or a time (2027-03-31T18:00:00Z)' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from k8s" -l deliver -d 'Where the password goes: stdout, file:PATH, pgpass, pgpass:PATH, keyring or exec:COMMAND; {env}, {database}, {hostname}, {port} and {username} are replaced [default: where the role\'s password last went; for a new role, as its profile says; else stdout]' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from k8s" -l file-format -d 'The format of a delivered file [default: as before; for a new role, as its profile says; else json]' -r -f -a "json\t'The JSON object that the command prints'
env\t'PGHOST, PGPORT, PGDATABASE, PGUSER and PGPASSWORD, one per line'
dsn\t'A postgresql:// URL'
pgbouncer\t'A line of pgbouncer\'s userlist, with the verifier that the server stores'
k8s-secret\t'A Kubernetes Secret manifest'"
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from k8s" -l reason -d 'Why, for the audit log: a ticket, a sentence' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from k8s" -l registry -d 'The registry file [default: pgrole/pg_registry.db in the XDG data directory]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from k8s" -l config -d 'The config file [default: pgrole/config.toml in the XDG config directory, if it exists]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from k8s" -l format -d 'The format of results [default: table on a terminal, else json]' -r -f -a "table\t'For people: a table that fits the terminal'
json\t'One JSON document'
jsonl\t'One JSON object per line, as results arrive'"
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from k8s" -l color -d 'When to color messages; with "auto", NO_COLOR turns colors off' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from k8s" -l timeout -d 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from k8s" -l password-stdin -d 'Read the password from standard input instead of generating one'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from k8s" -l adopt -d 'Adopt an existing role that has the name of an access group, although pgrole did not create it'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from k8s" -l partial -d 'If the admin credential may not grant something, leave it out and report it, instead of changing nothing'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from k8s" -l ensure -d 'Grant an existing login the access that it lacks; change nothing else about it'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from k8s" -s n -l dry-run -d 'Show the SQL that would run, without changing anything'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from k8s" -s q -l quiet -d 'Print only results and errors'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from k8s" -s v -l verbose -d 'Print more: the statements that ran, where the admin credential came from'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from k8s" -s y -l yes -d 'Answer yes to every question; scripts need this in a protected environment'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from k8s" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from k8s" -s V -l version -d 'Print version'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from devqa" -s u -l username -d 'The same, as an option' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from devqa" -s e -l env -d 'The environment: dev, qa, uat, prod, or one added in the config file' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from devqa" -s d -l database -d 'The database' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from devqa" -l access -d 'What the login may do in the database [default: as the profile says]' -r -f -a "none\t'No access group'
readonly\t'SELECT on tables, views and sequences'
readwrite\t'Readonly, and INSERT, UPDATE, DELETE; USAGE and UPDATE of sequences'
ddl\t'Readwrite, and CREATE in the schemas, REFERENCES on tables'"
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from devqa" -l connection-limit -d 'The maximum number of concurrent sessions, or none for no limit [default: as the profile says]' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from devqa" -l valid-for -d 'How long each password is valid: 90d, 12h, 2w, or none for no limit; each rotation renews it [default: as the profile says, else password.valid_for in the config file, else no limit]' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from devqa" -l ends-on -d 'When the account ends, regardless of rotation: 2027-03-31 (its last day, in UTC), or a time (2027-03-31T18:00:00Z)' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from devqa" -l deliver -d 'Where the password goes: stdout, file:PATH, pgpass, pgpass:PATH, keyring or exec:COMMAND; {env}, {database}, {hostname}, {port} and {username} are replaced [default: where the role\'s password last went; for a new role, as its profile says; else stdout]' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from devqa" -l file-format -d 'The format of a delivered file [default: as before; for a new role, as its profile says; else json]' -r -f -a "json\t'The JSON object that the command prints'
env\t'PGHOST, PGPORT, PGDATABASE, PGUSER and PGPASSWORD, one per line'
dsn\t'A postgresql:// URL'
pgbouncer\t'A line of pgbouncer\'s userlist, with the verifier that the server stores'
k8s-secret\t'A Kubernetes Secret manifest'"
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from devqa" -l reason -d 'Why, for the audit log: a ticket, a sentence' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from devqa" -l registry -d 'The registry file [default: pgrole/pg_registry.db in the XDG data directory]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from devqa" -l config -d 'The config file [default: pgrole/config.toml in the XDG config directory, if it exists]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from devqa" -l format -d 'The format of results [default: table on a terminal, else json]' -r -f -a "table\t'For people: a table that fits the terminal'
json\t'One JSON document'
jsonl\t'One JSON object per line, as results arrive'"
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from devqa" -l color -d 'When to color messages; with "auto", NO_COLOR turns colors off' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from devqa" -l timeout -d 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from devqa" -l password-stdin -d 'Read the password from standard input instead of generating one'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from devqa" -l adopt -d 'Adopt an existing role that has the name of an access group, although pgrole did not create it'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from devqa" -l partial -d 'If the admin credential may not grant something, leave it out and report it, instead of changing nothing'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from devqa" -l ensure -d 'Grant an existing login the access that it lacks; change nothing else about it'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from devqa" -s n -l dry-run -d 'Show the SQL that would run, without changing anything'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from devqa" -s q -l quiet -d 'Print only results and errors'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from devqa" -s v -l verbose -d 'Print more: the statements that ran, where the admin credential came from'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from devqa" -s y -l yes -d 'Answer yes to every question; scripts need this in a protected environment'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from devqa" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from devqa" -s V -l version -d 'Print version'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from devlead" -s u -l username -d 'The same, as an option' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from devlead" -s e -l env -d 'The environment: dev, qa, uat, prod, or one added in the config file' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from devlead" -s d -l database -d 'The database' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from devlead" -l access -d 'What the login may do in the database [default: as the profile says]' -r -f -a "none\t'No access group'
readonly\t'SELECT on tables, views and sequences'
readwrite\t'Readonly, and INSERT, UPDATE, DELETE; USAGE and UPDATE of sequences'
ddl\t'Readwrite, and CREATE in the schemas, REFERENCES on tables'"
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from devlead" -l connection-limit -d 'The maximum number of concurrent sessions, or none for no limit [default: as the profile says]' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from devlead" -l valid-for -d 'How long each password is valid: 90d, 12h, 2w, or none for no limit; each rotation renews it [default: as the profile says, else password.valid_for in the config file, else no limit]' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from devlead" -l ends-on -d 'When the account ends, regardless of rotation: 2027-03-31 (its last day, in UTC), or a time (2027-03-31T18:00:00Z)' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from devlead" -l deliver -d 'Where the password goes: stdout, file:PATH, pgpass, pgpass:PATH, keyring or exec:COMMAND; {env}, {database}, {hostname}, {port} and {username} are replaced [default: where the role\'s password last went; for a new role, as its profile says; else stdout]' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from devlead" -l file-format -d 'The format of a delivered file [default: as before; for a new role, as its profile says; else json]' -r -f -a "json\t'The JSON object that the command prints'
env\t'PGHOST, PGPORT, PGDATABASE, PGUSER and PGPASSWORD, one per line'
dsn\t'A postgresql:// URL'
pgbouncer\t'A line of pgbouncer\'s userlist, with the verifier that the server stores'
k8s-secret\t'A Kubernetes Secret manifest'"
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from devlead" -l reason -d 'Why, for the audit log: a ticket, a sentence' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from devlead" -l registry -d 'The registry file [default: pgrole/pg_registry.db in the XDG data directory]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from devlead" -l config -d 'The config file [default: pgrole/config.toml in the XDG config directory, if it exists]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from devlead" -l format -d 'The format of results [default: table on a terminal, else json]' -r -f -a "table\t'For people: a table that fits the terminal'
json\t'One JSON document'
jsonl\t'One JSON object per line, as results arrive'"
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from devlead" -l color -d 'When to color messages; with "auto", NO_COLOR turns colors off' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from devlead" -l timeout -d 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from devlead" -l password-stdin -d 'Read the password from standard input instead of generating one'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from devlead" -l adopt -d 'Adopt an existing role that has the name of an access group, although pgrole did not create it'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from devlead" -l partial -d 'If the admin credential may not grant something, leave it out and report it, instead of changing nothing'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from devlead" -l ensure -d 'Grant an existing login the access that it lacks; change nothing else about it'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from devlead" -s n -l dry-run -d 'Show the SQL that would run, without changing anything'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from devlead" -s q -l quiet -d 'Print only results and errors'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from devlead" -s v -l verbose -d 'Print more: the statements that ran, where the admin credential came from'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from devlead" -s y -l yes -d 'Answer yes to every question; scripts need this in a protected environment'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from devlead" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from devlead" -s V -l version -d 'Print version'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from readonly" -s u -l username -d 'The same, as an option' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from readonly" -s e -l env -d 'The environment: dev, qa, uat, prod, or one added in the config file' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from readonly" -s d -l database -d 'The database' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from readonly" -l access -d 'What the login may do in the database [default: as the profile says]' -r -f -a "none\t'No access group'
readonly\t'SELECT on tables, views and sequences'
readwrite\t'Readonly, and INSERT, UPDATE, DELETE; USAGE and UPDATE of sequences'
ddl\t'Readwrite, and CREATE in the schemas, REFERENCES on tables'"
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from readonly" -l connection-limit -d 'The maximum number of concurrent sessions, or none for no limit [default: as the profile says]' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from readonly" -l valid-for -d 'How long each password is valid: 90d, 12h, 2w, or none for no limit; each rotation renews it [default: as the profile says, else password.valid_for in the config file, else no limit]' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from readonly" -l ends-on -d 'When the account ends, regardless of rotation: 2027-03-31 (its last day, in UTC), or a time (2027-03-31T18:00:00Z)' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from readonly" -l deliver -d 'Where the password goes: stdout, file:PATH, pgpass, pgpass:PATH, keyring or exec:COMMAND; {env}, {database}, {hostname}, {port} and {username} are replaced [default: where the role\'s password last went; for a new role, as its profile says; else stdout]' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from readonly" -l file-format -d 'The format of a delivered file [default: as before; for a new role, as its profile says; else json]' -r -f -a "json\t'The JSON object that the command prints'
env\t'PGHOST, PGPORT, PGDATABASE, PGUSER and PGPASSWORD, one per line'
dsn\t'A postgresql:// URL'
pgbouncer\t'A line of pgbouncer\'s userlist, with the verifier that the server stores'
k8s-secret\t'A Kubernetes Secret manifest'"
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from readonly" -l reason -d 'Why, for the audit log: a ticket, a sentence' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from readonly" -l registry -d 'The registry file [default: pgrole/pg_registry.db in the XDG data directory]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from readonly" -l config -d 'The config file [default: pgrole/config.toml in the XDG config directory, if it exists]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from readonly" -l format -d 'The format of results [default: table on a terminal, else json]' -r -f -a "table\t'For people: a table that fits the terminal'
json\t'One JSON document'
jsonl\t'One JSON object per line, as results arrive'"
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from readonly" -l color -d 'When to color messages; with "auto", NO_COLOR turns colors off' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from readonly" -l timeout -d 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from readonly" -l password-stdin -d 'Read the password from standard input instead of generating one'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from readonly" -l adopt -d 'Adopt an existing role that has the name of an access group, although pgrole did not create it'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from readonly" -l partial -d 'If the admin credential may not grant something, leave it out and report it, instead of changing nothing'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from readonly" -l ensure -d 'Grant an existing login the access that it lacks; change nothing else about it'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from readonly" -s n -l dry-run -d 'Show the SQL that would run, without changing anything'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from readonly" -s q -l quiet -d 'Print only results and errors'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from readonly" -s v -l verbose -d 'Print more: the statements that ran, where the admin credential came from'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from readonly" -s y -l yes -d 'Answer yes to every question; scripts need this in a protected environment'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from readonly" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from readonly" -s V -l version -d 'Print version'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from dba" -s u -l username -d 'The same, as an option' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from dba" -s e -l env -d 'The environment: dev, qa, uat, prod, or one added in the config file' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from dba" -s d -l database -d 'The database' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from dba" -l access -d 'What the login may do in the database [default: as the profile says]' -r -f -a "none\t'No access group'
readonly\t'SELECT on tables, views and sequences'
readwrite\t'Readonly, and INSERT, UPDATE, DELETE; USAGE and UPDATE of sequences'
ddl\t'Readwrite, and CREATE in the schemas, REFERENCES on tables'"
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from dba" -l connection-limit -d 'The maximum number of concurrent sessions, or none for no limit [default: as the profile says]' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from dba" -l valid-for -d 'How long each password is valid: 90d, 12h, 2w, or none for no limit; each rotation renews it [default: as the profile says, else password.valid_for in the config file, else no limit]' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from dba" -l ends-on -d 'When the account ends, regardless of rotation: 2027-03-31 (its last day, in UTC), or a time (2027-03-31T18:00:00Z)' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from dba" -l deliver -d 'Where the password goes: stdout, file:PATH, pgpass, pgpass:PATH, keyring or exec:COMMAND; {env}, {database}, {hostname}, {port} and {username} are replaced [default: where the role\'s password last went; for a new role, as its profile says; else stdout]' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from dba" -l file-format -d 'The format of a delivered file [default: as before; for a new role, as its profile says; else json]' -r -f -a "json\t'The JSON object that the command prints'
env\t'PGHOST, PGPORT, PGDATABASE, PGUSER and PGPASSWORD, one per line'
dsn\t'A postgresql:// URL'
pgbouncer\t'A line of pgbouncer\'s userlist, with the verifier that the server stores'
k8s-secret\t'A Kubernetes Secret manifest'"
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from dba" -l reason -d 'Why, for the audit log: a ticket, a sentence' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from dba" -l registry -d 'The registry file [default: pgrole/pg_registry.db in the XDG data directory]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from dba" -l config -d 'The config file [default: pgrole/config.toml in the XDG config directory, if it exists]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from dba" -l format -d 'The format of results [default: table on a terminal, else json]' -r -f -a "table\t'For people: a table that fits the terminal'
json\t'One JSON document'
jsonl\t'One JSON object per line, as results arrive'"
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from dba" -l color -d 'When to color messages; with "auto", NO_COLOR turns colors off' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from dba" -l timeout -d 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from dba" -l password-stdin -d 'Read the password from standard input instead of generating one'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from dba" -l adopt -d 'Adopt an existing role that has the name of an access group, although pgrole did not create it'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from dba" -l partial -d 'If the admin credential may not grant something, leave it out and report it, instead of changing nothing'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from dba" -l ensure -d 'Grant an existing login the access that it lacks; change nothing else about it'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from dba" -s n -l dry-run -d 'Show the SQL that would run, without changing anything'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from dba" -s q -l quiet -d 'Print only results and errors'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from dba" -s v -l verbose -d 'Print more: the statements that ran, where the admin credential came from'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from dba" -s y -l yes -d 'Answer yes to every question; scripts need this in a protected environment'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from dba" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from dba" -s V -l version -d 'Print version'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from create" -l profile -d 'The profile: a built-in one, or one from [profiles] in the config file' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from create" -s u -l username -d 'The same, as an option' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from create" -s e -l env -d 'The environment: dev, qa, uat, prod, or one added in the config file' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from create" -s d -l database -d 'The database' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from create" -l access -d 'What the login may do in the database [default: as the profile says]' -r -f -a "none\t'No access group'
readonly\t'SELECT on tables, views and sequences'
readwrite\t'Readonly, and INSERT, UPDATE, DELETE; USAGE and UPDATE of sequences'
ddl\t'Readwrite, and CREATE in the schemas, REFERENCES on tables'"
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from create" -l connection-limit -d 'The maximum number of concurrent sessions, or none for no limit [default: as the profile says]' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from create" -l valid-for -d 'How long each password is valid: 90d, 12h, 2w, or none for no limit; each rotation renews it [default: as the profile says, else password.valid_for in the config file, else no limit]' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from create" -l ends-on -d 'When the account ends, regardless of rotation: 2027-03-31 (its last day, in UTC), or a time (2027-03-31T18:00:00Z)' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from create" -l deliver -d 'Where the password goes: stdout, file:PATH, pgpass, pgpass:PATH, keyring or exec:COMMAND; {env}, {database}, {hostname}, {port} and {username} are replaced [default: where the role\'s password last went; for a new role, as its profile says; else stdout]' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from create" -l file-format -d 'The format of a delivered file [default: as before; for a new role, as its profile says; else json]' -r -f -a "json\t'The JSON object that the command prints'
env\t'PGHOST, PGPORT, PGDATABASE, PGUSER and PGPASSWORD, one per line'
dsn\t'A postgresql:// URL'
pgbouncer\t'A line of pgbouncer\'s userlist, with the verifier that the server stores'
k8s-secret\t'A Kubernetes Secret manifest'"
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from create" -l from -d 'Create a login for each row of this file: CSV with a header (env,database,profile,username, and where wanted servername, port, env_prefix, farmname, access, connection_limit, valid_for, deliver, reason), or JSON lines with these keys; - reads standard input' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from create" -l jobs -d 'With --from: how many targets to work on in parallel' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from create" -l reason -d 'Why, for the audit log: a ticket, a sentence' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from create" -l registry -d 'The registry file [default: pgrole/pg_registry.db in the XDG data directory]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from create" -l config -d 'The config file [default: pgrole/config.toml in the XDG config directory, if it exists]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from create" -l format -d 'The format of results [default: table on a terminal, else json]' -r -f -a "table\t'For people: a table that fits the terminal'
json\t'One JSON document'
jsonl\t'One JSON object per line, as results arrive'"
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from create" -l color -d 'When to color messages; with "auto", NO_COLOR turns colors off' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from create" -l timeout -d 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from create" -l password-stdin -d 'Read the password from standard input instead of generating one'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from create" -l adopt -d 'Adopt an existing role that has the name of an access group, although pgrole did not create it'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from create" -l partial -d 'If the admin credential may not grant something, leave it out and report it, instead of changing nothing'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from create" -l ensure -d 'Grant an existing login the access that it lacks; change nothing else about it'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from create" -s n -l dry-run -d 'Show the SQL that would run, without changing anything'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from create" -s q -l quiet -d 'Print only results and errors'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from create" -s v -l verbose -d 'Print more: the statements that ran, where the admin credential came from'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from create" -s y -l yes -d 'Answer yes to every question; scripts need this in a protected environment'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from create" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from create" -s V -l version -d 'Print version'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from reset" -s e -l env -d 'The environment: dev, qa, uat, prod, or one added in the config file' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from reset" -s d -l database -d 'The database' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from reset" -s u -l username -d 'The same, as an option' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from reset" -l valid-for -d 'How long each password is valid: 90d, 12h, 2w; each rotation renews it [default: as the profile says, else password.valid_for in the config file; an existing VALID UNTIL is left unchanged]' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from reset" -l ends-on -d 'When the account ends, regardless of rotation: 2027-03-31 (its last day, in UTC), or a time (2027-03-31T18:00:00Z)' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from reset" -l deliver -d 'Where the password goes: stdout, file:PATH, pgpass, pgpass:PATH, keyring or exec:COMMAND; {env}, {database}, {hostname}, {port} and {username} are replaced [default: where the role\'s password last went; for a new role, as its profile says; else stdout]' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from reset" -l file-format -d 'The format of a delivered file [default: as before; for a new role, as its profile says; else json]' -r -f -a "json\t'The JSON object that the command prints'
env\t'PGHOST, PGPORT, PGDATABASE, PGUSER and PGPASSWORD, one per line'
dsn\t'A postgresql:// URL'
pgbouncer\t'A line of pgbouncer\'s userlist, with the verifier that the server stores'
k8s-secret\t'A Kubernetes Secret manifest'"
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from reset" -l registry -d 'The registry file [default: pgrole/pg_registry.db in the XDG data directory]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from reset" -l config -d 'The config file [default: pgrole/config.toml in the XDG config directory, if it exists]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from reset" -l format -d 'The format of results [default: table on a terminal, else json]' -r -f -a "table\t'For people: a table that fits the terminal'
json\t'One JSON document'
jsonl\t'One JSON object per line, as results arrive'"
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from reset" -l color -d 'When to color messages; with "auto", NO_COLOR turns colors off' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from reset" -l timeout -d 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from reset" -l password-stdin -d 'Read the password from standard input instead of generating one'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from reset" -l force -d 'Allow changing a protected role: a superuser, the admin credential itself, a managed service\'s own role, or one that the config file protects'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from reset" -s n -l dry-run -d 'Show the SQL that would run, without changing anything'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from reset" -s q -l quiet -d 'Print only results and errors'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from reset" -s v -l verbose -d 'Print more: the statements that ran, where the admin credential came from'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from reset" -s y -l yes -d 'Answer yes to every question; scripts need this in a protected environment'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from reset" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from reset" -s V -l version -d 'Print version'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from lock" -s e -l env -d 'The environment: dev, qa, uat, prod, or one added in the config file' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from lock" -s d -l database -d 'The database' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from lock" -s u -l username -d 'The same, as an option' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from lock" -l reason -d 'Why, for the audit log: a ticket, a sentence' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from lock" -l registry -d 'The registry file [default: pgrole/pg_registry.db in the XDG data directory]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from lock" -l config -d 'The config file [default: pgrole/config.toml in the XDG config directory, if it exists]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from lock" -l format -d 'The format of results [default: table on a terminal, else json]' -r -f -a "table\t'For people: a table that fits the terminal'
json\t'One JSON document'
jsonl\t'One JSON object per line, as results arrive'"
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from lock" -l color -d 'When to color messages; with "auto", NO_COLOR turns colors off' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from lock" -l timeout -d 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from lock" -l members -d 'End the sessions of its members too, which may have become the role by SET ROLE'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from lock" -l force -d 'Allow changing a protected role: a superuser, the admin credential itself, a managed service\'s own role, or one that the config file protects'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from lock" -s n -l dry-run -d 'Show the SQL that would run, without changing anything'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from lock" -s q -l quiet -d 'Print only results and errors'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from lock" -s v -l verbose -d 'Print more: the statements that ran, where the admin credential came from'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from lock" -s y -l yes -d 'Answer yes to every question; scripts need this in a protected environment'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from lock" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from lock" -s V -l version -d 'Print version'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from unlock" -s e -l env -d 'The environment: dev, qa, uat, prod, or one added in the config file' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from unlock" -s d -l database -d 'The database' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from unlock" -s u -l username -d 'The same, as an option' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from unlock" -l reason -d 'Why, for the audit log: a ticket, a sentence' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from unlock" -l registry -d 'The registry file [default: pgrole/pg_registry.db in the XDG data directory]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from unlock" -l config -d 'The config file [default: pgrole/config.toml in the XDG config directory, if it exists]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from unlock" -l format -d 'The format of results [default: table on a terminal, else json]' -r -f -a "table\t'For people: a table that fits the terminal'
json\t'One JSON document'
jsonl\t'One JSON object per line, as results arrive'"
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from unlock" -l color -d 'When to color messages; with "auto", NO_COLOR turns colors off' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from unlock" -l timeout -d 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from unlock" -l force -d 'Allow changing a protected role: a superuser, the admin credential itself, a managed service\'s own role, or one that the config file protects'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from unlock" -s n -l dry-run -d 'Show the SQL that would run, without changing anything'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from unlock" -s q -l quiet -d 'Print only results and errors'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from unlock" -s v -l verbose -d 'Print more: the statements that ran, where the admin credential came from'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from unlock" -s y -l yes -d 'Answer yes to every question; scripts need this in a protected environment'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from unlock" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from unlock" -s V -l version -d 'Print version'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from drop" -s e -l env -d 'The environment: dev, qa, uat, prod, or one added in the config file' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from drop" -s d -l database -d 'The database' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from drop" -s u -l username -d 'The same, as an option' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from drop" -l reassign-to -d 'Who gets the objects that it owns' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from drop" -l reason -d 'Why, for the audit log: a ticket, a sentence' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from drop" -l registry -d 'The registry file [default: pgrole/pg_registry.db in the XDG data directory]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from drop" -l config -d 'The config file [default: pgrole/config.toml in the XDG config directory, if it exists]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from drop" -l format -d 'The format of results [default: table on a terminal, else json]' -r -f -a "table\t'For people: a table that fits the terminal'
json\t'One JSON document'
jsonl\t'One JSON object per line, as results arrive'"
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from drop" -l color -d 'When to color messages; with "auto", NO_COLOR turns colors off' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from drop" -l timeout -d 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from drop" -l reassign-to-owner -d 'Give the objects in each database to the owner of the database'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from drop" -l drop-owned -d 'Drop the objects that it owns, as the preview lists them; databases and tablespaces need --reassign-to'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from drop" -l remove-delivery -d 'Remove its password from the file, .pgpass or keyring entry where pgrole delivered it'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from drop" -l force -d 'Allow changing a protected role: a superuser, the admin credential itself, a managed service\'s own role, or one that the config file protects'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from drop" -s n -l dry-run -d 'Show the SQL that would run, without changing anything'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from drop" -s q -l quiet -d 'Print only results and errors'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from drop" -s v -l verbose -d 'Print more: the statements that ran, where the admin credential came from'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from drop" -s y -l yes -d 'Answer yes to every question; scripts need this in a protected environment'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from drop" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from drop" -s V -l version -d 'Print version'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from search-path" -s e -l env -d 'The environment: dev, qa, uat, prod, or one added in the config file' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from search-path" -s d -l database -d 'The database' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from search-path" -s u -l username -d 'The same, as an option' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from search-path" -l schema -d 'A schema, exactly as PostgreSQL stores it; may be repeated, in search order' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from search-path" -l registry -d 'The registry file [default: pgrole/pg_registry.db in the XDG data directory]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from search-path" -l config -d 'The config file [default: pgrole/config.toml in the XDG config directory, if it exists]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from search-path" -l format -d 'The format of results [default: table on a terminal, else json]' -r -f -a "table\t'For people: a table that fits the terminal'
json\t'One JSON document'
jsonl\t'One JSON object per line, as results arrive'"
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from search-path" -l color -d 'When to color messages; with "auto", NO_COLOR turns colors off' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from search-path" -l timeout -d 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from search-path" -l reset -d 'Remove the role\'s setting in this database, so that the default applies (RESET search_path)'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from search-path" -l force -d 'Allow changing a protected role: a superuser, the admin credential itself, a managed service\'s own role, or one that the config file protects'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from search-path" -s n -l dry-run -d 'Show the SQL that would run, without changing anything'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from search-path" -s q -l quiet -d 'Print only results and errors'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from search-path" -s v -l verbose -d 'Print more: the statements that ran, where the admin credential came from'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from search-path" -s y -l yes -d 'Answer yes to every question; scripts need this in a protected environment'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from search-path" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from search-path" -s V -l version -d 'Print version'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from find" -s u -l username -d 'The same, as an option' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from find" -s e -l env -d 'Only these environments; * matches any text; may be repeated [default: all]' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from find" -s d -l database -d 'Only these databases; * matches any text; may be repeated [default: all]' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from find" -l registry -d 'The registry file [default: pgrole/pg_registry.db in the XDG data directory]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from find" -l config -d 'The config file [default: pgrole/config.toml in the XDG config directory, if it exists]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from find" -l format -d 'The format of results [default: table on a terminal, else json]' -r -f -a "table\t'For people: a table that fits the terminal'
json\t'One JSON document'
jsonl\t'One JSON object per line, as results arrive'"
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from find" -l color -d 'When to color messages; with "auto", NO_COLOR turns colors off' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from find" -l timeout -d 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from find" -l by-cluster -d 'Print a row per cluster, with its databases, in JSON too'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from find" -l offline -d 'Connect to no server: show what each answered last, and when'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from find" -s q -l quiet -d 'Print only results and errors'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from find" -s v -l verbose -d 'Print more: the statements that ran, where the admin credential came from'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from find" -s y -l yes -d 'Answer yes to every question; scripts need this in a protected environment'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from find" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from find" -s V -l version -d 'Print version'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from show" -s u -l username -d 'The same, as an option' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from show" -s e -l env -d 'Only these environments; * matches any text; may be repeated [default: all]' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from show" -s d -l database -d 'Only these databases; * matches any text; may be repeated [default: all]' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from show" -l names -d 'How many names of each kind of object to show; more are counted' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from show" -l registry -d 'The registry file [default: pgrole/pg_registry.db in the XDG data directory]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from show" -l config -d 'The config file [default: pgrole/config.toml in the XDG config directory, if it exists]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from show" -l format -d 'The format of results [default: table on a terminal, else json]' -r -f -a "table\t'For people: a table that fits the terminal'
json\t'One JSON document'
jsonl\t'One JSON object per line, as results arrive'"
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from show" -l color -d 'When to color messages; with "auto", NO_COLOR turns colors off' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from show" -l timeout -d 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Print only results and errors'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Print more: the statements that ran, where the admin credential came from'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from show" -s y -l yes -d 'Answer yes to every question; scripts need this in a protected environment'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from show" -s V -l version -d 'Print version'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from list" -s e -l env -d 'Only these environments; * matches any text; may be repeated [default: all]' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from list" -s d -l database -d 'Only these databases; * matches any text; may be repeated [default: all]' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from list" -l profile -d 'Only logins with these profiles; * matches any text; may be repeated' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from list" -l expiring -d 'Only logins whose VALID UNTIL is at most this far away, or has passed: 14d, 12h, 2w' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from list" -l registry -d 'The registry file [default: pgrole/pg_registry.db in the XDG data directory]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from list" -l config -d 'The config file [default: pgrole/config.toml in the XDG config directory, if it exists]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from list" -l format -d 'The format of results [default: table on a terminal, else json]' -r -f -a "table\t'For people: a table that fits the terminal'
json\t'One JSON document'
jsonl\t'One JSON object per line, as results arrive'"
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from list" -l color -d 'When to color messages; with "auto", NO_COLOR turns colors off' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from list" -l timeout -d 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from list" -l superuser -d 'Only superusers'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from list" -l no-access -d 'Only logins that are in no access group of the databases'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from list" -l by-cluster -d 'Print a row per cluster, with its databases, in JSON too'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from list" -l offline -d 'Connect to no server: show what each answered last, and when'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print only results and errors'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Print more: the statements that ran, where the admin credential came from'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from list" -s y -l yes -d 'Answer yes to every question; scripts need this in a protected environment'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from clone" -s e -l env -d 'The environment: dev, qa, uat, prod, or one added in the config file' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from clone" -s d -l database -d 'The database' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from clone" -l from -d 'The login to clone: NAME on the same target, or NAME@ENV/DATABASE' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from clone" -l to -d 'The new login\'s name, exactly as PostgreSQL will store it' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from clone" -l valid-for -d 'How long each password is valid: 90d, 12h, 2w, or none for no limit; each rotation renews it [default: as the profile says, else password.valid_for in the config file, else no limit]' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from clone" -l ends-on -d 'When the account ends, regardless of rotation: 2027-03-31 (its last day, in UTC), or a time (2027-03-31T18:00:00Z)' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from clone" -l deliver -d 'Where the password goes: stdout, file:PATH, pgpass, pgpass:PATH, keyring or exec:COMMAND; {env}, {database}, {hostname}, {port} and {username} are replaced [default: where the role\'s password last went; for a new role, as its profile says; else stdout]' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from clone" -l file-format -d 'The format of a delivered file [default: as before; for a new role, as its profile says; else json]' -r -f -a "json\t'The JSON object that the command prints'
env\t'PGHOST, PGPORT, PGDATABASE, PGUSER and PGPASSWORD, one per line'
dsn\t'A postgresql:// URL'
pgbouncer\t'A line of pgbouncer\'s userlist, with the verifier that the server stores'
k8s-secret\t'A Kubernetes Secret manifest'"
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from clone" -l registry -d 'The registry file [default: pgrole/pg_registry.db in the XDG data directory]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from clone" -l config -d 'The config file [default: pgrole/config.toml in the XDG config directory, if it exists]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from clone" -l format -d 'The format of results [default: table on a terminal, else json]' -r -f -a "table\t'For people: a table that fits the terminal'
json\t'One JSON document'
jsonl\t'One JSON object per line, as results arrive'"
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from clone" -l color -d 'When to color messages; with "auto", NO_COLOR turns colors off' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from clone" -l timeout -d 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from clone" -l password-stdin -d 'Read the password from standard input instead of generating one'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from clone" -l adopt -d 'Adopt an existing role that has the name of an access group, although pgrole did not create it'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from clone" -l partial -d 'If the admin credential may not grant something, leave it out and report it, instead of changing nothing'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from clone" -l force -d 'Allow changing a protected role: a superuser, the admin credential itself, a managed service\'s own role, or one that the config file protects'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from clone" -s n -l dry-run -d 'Show the SQL that would run, without changing anything'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from clone" -s q -l quiet -d 'Print only results and errors'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from clone" -s v -l verbose -d 'Print more: the statements that ran, where the admin credential came from'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from clone" -s y -l yes -d 'Answer yes to every question; scripts need this in a protected environment'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from clone" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from clone" -s V -l version -d 'Print version'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from set" -s e -l env -d 'The environment: dev, qa, uat, prod, or one added in the config file' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from set" -s d -l database -d 'The database' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from set" -s u -l username -d 'The same, as an option' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from set" -l connection-limit -d 'The maximum number of concurrent sessions, or none for no limit' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from set" -l valid-for -d 'How long each password is valid, from its change on: 90d, 12h, 2w; each rotation renews it' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from set" -l ends-on -d 'When the account ends, regardless of rotation: 2027-03-31 (its last day, in UTC), or a time (2027-03-31T18:00:00Z)' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from set" -l profile -d 'The profile: its connection limit, CREATEDB and CREATEROLE as it says, its mark, and at least its access level' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from set" -l registry -d 'The registry file [default: pgrole/pg_registry.db in the XDG data directory]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from set" -l config -d 'The config file [default: pgrole/config.toml in the XDG config directory, if it exists]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from set" -l format -d 'The format of results [default: table on a terminal, else json]' -r -f -a "table\t'For people: a table that fits the terminal'
json\t'One JSON document'
jsonl\t'One JSON object per line, as results arrive'"
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from set" -l color -d 'When to color messages; with "auto", NO_COLOR turns colors off' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from set" -l timeout -d 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from set" -l no-end -d 'Neither its account nor its passwords end'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from set" -l adopt -d 'Adopt an existing role that has the name of an access group, although pgrole did not create it'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from set" -l partial -d 'If the admin credential may not grant something, leave it out and report it, instead of changing nothing'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from set" -l force -d 'Allow changing a protected role: a superuser, the admin credential itself, a managed service\'s own role, or one that the config file protects'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from set" -s n -l dry-run -d 'Show the SQL that would run, without changing anything'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from set" -s q -l quiet -d 'Print only results and errors'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from set" -s v -l verbose -d 'Print more: the statements that ran, where the admin credential came from'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from set" -s y -l yes -d 'Answer yes to every question; scripts need this in a protected environment'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from set" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from set" -s V -l version -d 'Print version'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from rename" -s e -l env -d 'The environment: dev, qa, uat, prod, or one added in the config file' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from rename" -s d -l database -d 'The database' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from rename" -s u -l username -d 'The same, as an option' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from rename" -l to -d 'The new name, exactly as PostgreSQL will store it' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from rename" -l deliver -d 'Where the password goes: stdout, file:PATH, pgpass, pgpass:PATH, keyring or exec:COMMAND; {env}, {database}, {hostname}, {port} and {username} are replaced [default: where the role\'s password last went; for a new role, as its profile says; else stdout]' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from rename" -l file-format -d 'The format of a delivered file [default: as before; for a new role, as its profile says; else json]' -r -f -a "json\t'The JSON object that the command prints'
env\t'PGHOST, PGPORT, PGDATABASE, PGUSER and PGPASSWORD, one per line'
dsn\t'A postgresql:// URL'
pgbouncer\t'A line of pgbouncer\'s userlist, with the verifier that the server stores'
k8s-secret\t'A Kubernetes Secret manifest'"
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from rename" -l registry -d 'The registry file [default: pgrole/pg_registry.db in the XDG data directory]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from rename" -l config -d 'The config file [default: pgrole/config.toml in the XDG config directory, if it exists]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from rename" -l format -d 'The format of results [default: table on a terminal, else json]' -r -f -a "table\t'For people: a table that fits the terminal'
json\t'One JSON document'
jsonl\t'One JSON object per line, as results arrive'"
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from rename" -l color -d 'When to color messages; with "auto", NO_COLOR turns colors off' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from rename" -l timeout -d 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from rename" -l keep-password -d 'Set no new password, even if the present one was delivered together with the old name'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from rename" -l password-stdin -d 'Read the password from standard input instead of generating one'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from rename" -l force -d 'Allow changing a protected role: a superuser, the admin credential itself, a managed service\'s own role, or one that the config file protects'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from rename" -s n -l dry-run -d 'Show the SQL that would run, without changing anything'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from rename" -s q -l quiet -d 'Print only results and errors'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from rename" -s v -l verbose -d 'Print more: the statements that ran, where the admin credential came from'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from rename" -s y -l yes -d 'Answer yes to every question; scripts need this in a protected environment'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from rename" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from rename" -s V -l version -d 'Print version'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from compare" -s e -l env -d 'The environment of a role that is named without its target' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from compare" -s d -l database -d 'The database of such a role' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from compare" -l registry -d 'The registry file [default: pgrole/pg_registry.db in the XDG data directory]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from compare" -l config -d 'The config file [default: pgrole/config.toml in the XDG config directory, if it exists]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from compare" -l format -d 'The format of results [default: table on a terminal, else json]' -r -f -a "table\t'For people: a table that fits the terminal'
json\t'One JSON document'
jsonl\t'One JSON object per line, as results arrive'"
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from compare" -l color -d 'When to color messages; with "auto", NO_COLOR turns colors off' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from compare" -l timeout -d 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from compare" -s q -l quiet -d 'Print only results and errors'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from compare" -s v -l verbose -d 'Print more: the statements that ran, where the admin credential came from'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from compare" -s y -l yes -d 'Answer yes to every question; scripts need this in a protected environment'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from compare" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from compare" -s V -l version -d 'Print version'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from help" -f -a "app" -d 'Create a login for an application server: SERVERNAME_PORT, readwrite'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from help" -f -a "k8s" -d 'Create a login for a Kubernetes deployment: PREFIX_FARMNAME, readwrite'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from help" -f -a "devqa" -d 'Create a login for development and test: readwrite'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from help" -f -a "devlead" -d 'Create a login for a lead developer: readwrite, and CREATE in the schemas'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from help" -f -a "readonly" -d 'Create a read-only login'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from help" -f -a "dba" -d 'Create a login for a DBA: CREATEDB CREATEROLE, no connection limit, no access group'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from help" -f -a "create" -d 'Create a login with any profile, including those in the config file; or all logins of a file'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from help" -f -a "reset" -d 'Give an existing role a new password'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from help" -f -a "lock" -d 'Stop a role: no new logins, and its sessions are ended'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from help" -f -a "unlock" -d 'Let a role log in again that pgrole locked'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from help" -f -a "drop" -d 'End a role on its cluster: lock it, settle what it owns and may in every database, drop it'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from help" -f -a "search-path" -d 'Set a role\'s search path in one database'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from help" -f -a "find" -d 'Find a role, by default on every active target'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show all about a role: attributes, access, what it owns, sessions; by default on every cluster that has it'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from help" -f -a "list" -d 'List the logins on the targets'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from help" -f -a "clone" -d 'Create a login like another one, on the same target or elsewhere, with a password of its own'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from help" -f -a "set" -d 'Change a login\'s connection limit, end or profile'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from help" -f -a "rename" -d 'Rename a role; what pgrole has on record of it follows'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from help" -f -a "compare" -d 'Show in what two roles differ, on one target or on two: attributes, memberships, settings'
complete -c pgrole -n "__fish_pgrole_using_subcommand user; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and not __fish_seen_subcommand_from grant revoke check prepare help" -l registry -d 'The registry file [default: pgrole/pg_registry.db in the XDG data directory]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and not __fish_seen_subcommand_from grant revoke check prepare help" -l config -d 'The config file [default: pgrole/config.toml in the XDG config directory, if it exists]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and not __fish_seen_subcommand_from grant revoke check prepare help" -l format -d 'The format of results [default: table on a terminal, else json]' -r -f -a "table\t'For people: a table that fits the terminal'
json\t'One JSON document'
jsonl\t'One JSON object per line, as results arrive'"
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and not __fish_seen_subcommand_from grant revoke check prepare help" -l color -d 'When to color messages; with "auto", NO_COLOR turns colors off' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and not __fish_seen_subcommand_from grant revoke check prepare help" -l timeout -d 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and not __fish_seen_subcommand_from grant revoke check prepare help" -s q -l quiet -d 'Print only results and errors'
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and not __fish_seen_subcommand_from grant revoke check prepare help" -s v -l verbose -d 'Print more: the statements that ran, where the admin credential came from'
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and not __fish_seen_subcommand_from grant revoke check prepare help" -s y -l yes -d 'Answer yes to every question; scripts need this in a protected environment'
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and not __fish_seen_subcommand_from grant revoke check prepare help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and not __fish_seen_subcommand_from grant revoke check prepare help" -s V -l version -d 'Print version'
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and not __fish_seen_subcommand_from grant revoke check prepare help" -f -a "grant" -d 'Give an existing login access to a database, or a higher level of it'
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and not __fish_seen_subcommand_from grant revoke check prepare help" -f -a "revoke" -d 'Take access to a database away from a role: all of it, or one level'
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and not __fish_seen_subcommand_from grant revoke check prepare help" -f -a "check" -d 'Check what access groups lack of their levels, and what they have beyond them; exit status 7 if anything'
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and not __fish_seen_subcommand_from grant revoke check prepare help" -f -a "prepare" -d 'Create and complete a database\'s access groups, and revoke privileges beyond their level'
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and not __fish_seen_subcommand_from grant revoke check prepare help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and __fish_seen_subcommand_from grant" -s e -l env -d 'The environment: dev, qa, uat, prod, or one added in the config file' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and __fish_seen_subcommand_from grant" -s d -l database -d 'The database' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and __fish_seen_subcommand_from grant" -s u -l username -d 'The same, as an option' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and __fish_seen_subcommand_from grant" -l level -d 'The access level [default: that of the role\'s profile]' -r -f -a "readonly\t'SELECT on tables, views and sequences'
readwrite\t'Readonly, and INSERT, UPDATE, DELETE; USAGE and UPDATE of sequences'
ddl\t'Readwrite, and CREATE in the schemas, REFERENCES on tables'"
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and __fish_seen_subcommand_from grant" -l reason -d 'Why, for the audit log: a ticket, a sentence' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and __fish_seen_subcommand_from grant" -l registry -d 'The registry file [default: pgrole/pg_registry.db in the XDG data directory]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and __fish_seen_subcommand_from grant" -l config -d 'The config file [default: pgrole/config.toml in the XDG config directory, if it exists]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and __fish_seen_subcommand_from grant" -l format -d 'The format of results [default: table on a terminal, else json]' -r -f -a "table\t'For people: a table that fits the terminal'
json\t'One JSON document'
jsonl\t'One JSON object per line, as results arrive'"
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and __fish_seen_subcommand_from grant" -l color -d 'When to color messages; with "auto", NO_COLOR turns colors off' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and __fish_seen_subcommand_from grant" -l timeout -d 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and __fish_seen_subcommand_from grant" -l adopt -d 'Adopt an existing role that has the name of an access group, although pgrole did not create it'
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and __fish_seen_subcommand_from grant" -l partial -d 'If the admin credential may not grant something, leave it out and report it, instead of changing nothing'
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and __fish_seen_subcommand_from grant" -l force -d 'Allow changing a protected role: a superuser, the admin credential itself, a managed service\'s own role, or one that the config file protects'
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and __fish_seen_subcommand_from grant" -s n -l dry-run -d 'Show the SQL that would run, without changing anything'
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and __fish_seen_subcommand_from grant" -s q -l quiet -d 'Print only results and errors'
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and __fish_seen_subcommand_from grant" -s v -l verbose -d 'Print more: the statements that ran, where the admin credential came from'
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and __fish_seen_subcommand_from grant" -s y -l yes -d 'Answer yes to every question; scripts need this in a protected environment'
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and __fish_seen_subcommand_from grant" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and __fish_seen_subcommand_from grant" -s V -l version -d 'Print version'
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and __fish_seen_subcommand_from revoke" -s e -l env -d 'The environment: dev, qa, uat, prod, or one added in the config file' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and __fish_seen_subcommand_from revoke" -s d -l database -d 'The database' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and __fish_seen_subcommand_from revoke" -s u -l username -d 'The same, as an option' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and __fish_seen_subcommand_from revoke" -l level -d 'Only this access level [default: all]' -r -f -a "readonly\t'SELECT on tables, views and sequences'
readwrite\t'Readonly, and INSERT, UPDATE, DELETE; USAGE and UPDATE of sequences'
ddl\t'Readwrite, and CREATE in the schemas, REFERENCES on tables'"
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and __fish_seen_subcommand_from revoke" -l reason -d 'Why, for the audit log: a ticket, a sentence' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and __fish_seen_subcommand_from revoke" -l registry -d 'The registry file [default: pgrole/pg_registry.db in the XDG data directory]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and __fish_seen_subcommand_from revoke" -l config -d 'The config file [default: pgrole/config.toml in the XDG config directory, if it exists]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and __fish_seen_subcommand_from revoke" -l format -d 'The format of results [default: table on a terminal, else json]' -r -f -a "table\t'For people: a table that fits the terminal'
json\t'One JSON document'
jsonl\t'One JSON object per line, as results arrive'"
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and __fish_seen_subcommand_from revoke" -l color -d 'When to color messages; with "auto", NO_COLOR turns colors off' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and __fish_seen_subcommand_from revoke" -l timeout -d 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and __fish_seen_subcommand_from revoke" -l force -d 'Allow changing a protected role: a superuser, the admin credential itself, a managed service\'s own role, or one that the config file protects'
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and __fish_seen_subcommand_from revoke" -s n -l dry-run -d 'Show the SQL that would run, without changing anything'
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and __fish_seen_subcommand_from revoke" -s q -l quiet -d 'Print only results and errors'
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and __fish_seen_subcommand_from revoke" -s v -l verbose -d 'Print more: the statements that ran, where the admin credential came from'
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and __fish_seen_subcommand_from revoke" -s y -l yes -d 'Answer yes to every question; scripts need this in a protected environment'
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and __fish_seen_subcommand_from revoke" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and __fish_seen_subcommand_from revoke" -s V -l version -d 'Print version'
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and __fish_seen_subcommand_from check" -s e -l env -d 'Only these environments; * matches any text; may be repeated [default: all]' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and __fish_seen_subcommand_from check" -s d -l database -d 'Only these databases; * matches any text; may be repeated [default: all]' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and __fish_seen_subcommand_from check" -l level -d 'Only this level, whose group must exist; may be repeated [default: the groups that exist]' -r -f -a "readonly\t'SELECT on tables, views and sequences'
readwrite\t'Readonly, and INSERT, UPDATE, DELETE; USAGE and UPDATE of sequences'
ddl\t'Readwrite, and CREATE in the schemas, REFERENCES on tables'"
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and __fish_seen_subcommand_from check" -l registry -d 'The registry file [default: pgrole/pg_registry.db in the XDG data directory]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and __fish_seen_subcommand_from check" -l config -d 'The config file [default: pgrole/config.toml in the XDG config directory, if it exists]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and __fish_seen_subcommand_from check" -l format -d 'The format of results [default: table on a terminal, else json]' -r -f -a "table\t'For people: a table that fits the terminal'
json\t'One JSON document'
jsonl\t'One JSON object per line, as results arrive'"
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and __fish_seen_subcommand_from check" -l color -d 'When to color messages; with "auto", NO_COLOR turns colors off' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and __fish_seen_subcommand_from check" -l timeout -d 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and __fish_seen_subcommand_from check" -s q -l quiet -d 'Print only results and errors'
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and __fish_seen_subcommand_from check" -s v -l verbose -d 'Print more: the statements that ran, where the admin credential came from'
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and __fish_seen_subcommand_from check" -s y -l yes -d 'Answer yes to every question; scripts need this in a protected environment'
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and __fish_seen_subcommand_from check" -s V -l version -d 'Print version'
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and __fish_seen_subcommand_from prepare" -s e -l env -d 'Only these environments; * matches any text; may be repeated [default: all]' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and __fish_seen_subcommand_from prepare" -s d -l database -d 'Only these databases; * matches any text; may be repeated [default: all]' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and __fish_seen_subcommand_from prepare" -l access -l level -d 'Only this level; may be repeated [default: readonly, readwrite and ddl]' -r -f -a "none\t'No access group'
readonly\t'SELECT on tables, views and sequences'
readwrite\t'Readonly, and INSERT, UPDATE, DELETE; USAGE and UPDATE of sequences'
ddl\t'Readwrite, and CREATE in the schemas, REFERENCES on tables'"
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and __fish_seen_subcommand_from prepare" -l admin -d 'Grant this role ADMIN OPTION on the groups: the admin credential that pgrole will use' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and __fish_seen_subcommand_from prepare" -l schema -d 'Only this schema; may be repeated [default: as the config file says, else all but system and extension schemas]' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and __fish_seen_subcommand_from prepare" -l registry -d 'The registry file [default: pgrole/pg_registry.db in the XDG data directory]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and __fish_seen_subcommand_from prepare" -l config -d 'The config file [default: pgrole/config.toml in the XDG config directory, if it exists]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and __fish_seen_subcommand_from prepare" -l format -d 'The format of results [default: table on a terminal, else json]' -r -f -a "table\t'For people: a table that fits the terminal'
json\t'One JSON document'
jsonl\t'One JSON object per line, as results arrive'"
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and __fish_seen_subcommand_from prepare" -l color -d 'When to color messages; with "auto", NO_COLOR turns colors off' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and __fish_seen_subcommand_from prepare" -l timeout -d 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and __fish_seen_subcommand_from prepare" -l existing -d 'Only groups that exist; create none'
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and __fish_seen_subcommand_from prepare" -l adopt -d 'Adopt an existing role that has the name of an access group, although pgrole did not create it'
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and __fish_seen_subcommand_from prepare" -l partial -d 'If the admin credential may not grant something, leave it out and report it, instead of changing nothing'
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and __fish_seen_subcommand_from prepare" -s n -l dry-run -d 'Show the SQL that would run, without changing anything'
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and __fish_seen_subcommand_from prepare" -s q -l quiet -d 'Print only results and errors'
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and __fish_seen_subcommand_from prepare" -s v -l verbose -d 'Print more: the statements that ran, where the admin credential came from'
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and __fish_seen_subcommand_from prepare" -s y -l yes -d 'Answer yes to every question; scripts need this in a protected environment'
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and __fish_seen_subcommand_from prepare" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and __fish_seen_subcommand_from prepare" -s V -l version -d 'Print version'
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and __fish_seen_subcommand_from help" -f -a "grant" -d 'Give an existing login access to a database, or a higher level of it'
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and __fish_seen_subcommand_from help" -f -a "revoke" -d 'Take access to a database away from a role: all of it, or one level'
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and __fish_seen_subcommand_from help" -f -a "check" -d 'Check what access groups lack of their levels, and what they have beyond them; exit status 7 if anything'
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and __fish_seen_subcommand_from help" -f -a "prepare" -d 'Create and complete a database\'s access groups, and revoke privileges beyond their level'
complete -c pgrole -n "__fish_pgrole_using_subcommand access; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c pgrole -n "__fish_pgrole_using_subcommand offboard" -l reason -d 'Why, for the audit log and the report: a ticket, a sentence' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand offboard" -s e -l env -d 'Only these environments; * matches any text; may be repeated [default: all]' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand offboard" -s d -l database -d 'Only these databases; * matches any text; may be repeated [default: all]' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand offboard" -l reassign-to -d 'Who gets the objects that it owns' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand offboard" -l registry -d 'The registry file [default: pgrole/pg_registry.db in the XDG data directory]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand offboard" -l config -d 'The config file [default: pgrole/config.toml in the XDG config directory, if it exists]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand offboard" -l format -d 'The format of results [default: table on a terminal, else json]' -r -f -a "table\t'For people: a table that fits the terminal'
json\t'One JSON document'
jsonl\t'One JSON object per line, as results arrive'"
complete -c pgrole -n "__fish_pgrole_using_subcommand offboard" -l color -d 'When to color messages; with "auto", NO_COLOR turns colors off' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand offboard" -l timeout -d 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand offboard" -l reassign-to-owner -d 'Give the objects in each database to the owner of the database'
complete -c pgrole -n "__fish_pgrole_using_subcommand offboard" -l drop-owned -d 'Drop the objects that it owns, as the preview lists them; databases and tablespaces need --reassign-to'
complete -c pgrole -n "__fish_pgrole_using_subcommand offboard" -l remove-delivery -d 'Remove its password from the file, .pgpass or keyring entry where pgrole delivered it'
complete -c pgrole -n "__fish_pgrole_using_subcommand offboard" -l skip-unreachable -d 'Go on without the clusters that cannot be reached; they are named, and a later run finishes them'
complete -c pgrole -n "__fish_pgrole_using_subcommand offboard" -l force -d 'Allow changing a protected role: a superuser, the admin credential itself, a managed service\'s own role, or one that the config file protects'
complete -c pgrole -n "__fish_pgrole_using_subcommand offboard" -s n -l dry-run -d 'Show the SQL that would run, without changing anything'
complete -c pgrole -n "__fish_pgrole_using_subcommand offboard" -s q -l quiet -d 'Print only results and errors'
complete -c pgrole -n "__fish_pgrole_using_subcommand offboard" -s v -l verbose -d 'Print more: the statements that ran, where the admin credential came from'
complete -c pgrole -n "__fish_pgrole_using_subcommand offboard" -s y -l yes -d 'Answer yes to every question; scripts need this in a protected environment'
complete -c pgrole -n "__fish_pgrole_using_subcommand offboard" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgrole -n "__fish_pgrole_using_subcommand offboard" -s V -l version -d 'Print version'
complete -c pgrole -n "__fish_pgrole_using_subcommand rotate; and not __fish_seen_subcommand_from status adopt help" -s e -l env -d 'Only these environments; * matches any text; may be repeated [default: all]' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand rotate; and not __fish_seen_subcommand_from status adopt help" -s d -l database -d 'Only these databases; * matches any text; may be repeated [default: all]' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand rotate; and not __fish_seen_subcommand_from status adopt help" -s u -l username -d 'Only these roles; * matches any text; may be repeated [default: all under rotation]' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand rotate; and not __fish_seen_subcommand_from status adopt help" -l profile -d 'Only roles with these profiles; * matches any text; may be repeated [default: all]' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand rotate; and not __fish_seen_subcommand_from status adopt help" -l exclude -d 'Except these roles; * matches any text; may be repeated' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand rotate; and not __fish_seen_subcommand_from status adopt help" -l older-than -d 'Only passwords that pgrole changed longer ago than this: 90d, 12h, 2w [default: rotate.older_than in the config file]' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand rotate; and not __fish_seen_subcommand_from status adopt help" -l jobs -d 'How many roles to rotate in parallel' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand rotate; and not __fish_seen_subcommand_from status adopt help" -l limit -d 'Rotate at most this many roles' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand rotate; and not __fish_seen_subcommand_from status adopt help" -l canary -d 'Rotate this many roles first, one after the other, and stop if one of them fails' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand rotate; and not __fish_seen_subcommand_from status adopt help" -l max-failures -d 'Stop after this many failures' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand rotate; and not __fish_seen_subcommand_from status adopt help" -l deadline -d 'Start no further roles once this much time has passed' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand rotate; and not __fish_seen_subcommand_from status adopt help" -l jitter -d 'Wait a random time up to this before starting, so that many machines do not start at once' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand rotate; and not __fish_seen_subcommand_from status adopt help" -l deliver -d 'Where the passwords go: file:PATH, pgpass, pgpass:PATH, keyring, exec:COMMAND or stdout; may be repeated, and each place gets them [default: where each password last went]' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand rotate; and not __fish_seen_subcommand_from status adopt help" -l file-format -d 'The format of a delivered file; given once for all, or once for each --deliver [default: as before, else json]' -r -f -a "json\t'The JSON object that the command prints'
env\t'PGHOST, PGPORT, PGDATABASE, PGUSER and PGPASSWORD, one per line'
dsn\t'A postgresql:// URL'
pgbouncer\t'A line of pgbouncer\'s userlist, with the verifier that the server stores'
k8s-secret\t'A Kubernetes Secret manifest'"
complete -c pgrole -n "__fish_pgrole_using_subcommand rotate; and not __fish_seen_subcommand_from status adopt help" -l valid-for -d 'How long each new password is valid: 90d, 12h, 2w; each rotation renews it; accounts with a fixed end (--ends-on) keep it [default: as recorded for each role]' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand rotate; and not __fish_seen_subcommand_from status adopt help" -l registry -d 'The registry file [default: pgrole/pg_registry.db in the XDG data directory]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand rotate; and not __fish_seen_subcommand_from status adopt help" -l config -d 'The config file [default: pgrole/config.toml in the XDG config directory, if it exists]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand rotate; and not __fish_seen_subcommand_from status adopt help" -l format -d 'The format of results [default: table on a terminal, else json]' -r -f -a "table\t'For people: a table that fits the terminal'
json\t'One JSON document'
jsonl\t'One JSON object per line, as results arrive'"
complete -c pgrole -n "__fish_pgrole_using_subcommand rotate; and not __fish_seen_subcommand_from status adopt help" -l color -d 'When to color messages; with "auto", NO_COLOR turns colors off' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand rotate; and not __fish_seen_subcommand_from status adopt help" -l timeout -d 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand rotate; and not __fish_seen_subcommand_from status adopt help" -l any-age -d 'Rotate regardless of age, even if the config file sets one'
complete -c pgrole -n "__fish_pgrole_using_subcommand rotate; and not __fish_seen_subcommand_from status adopt help" -l include-unknown -d 'Also rotate roles whose password was never changed from this registry; otherwise they are only reported'
complete -c pgrole -n "__fish_pgrole_using_subcommand rotate; and not __fish_seen_subcommand_from status adopt help" -s n -l dry-run -d 'Show the SQL that would run, without changing anything'
complete -c pgrole -n "__fish_pgrole_using_subcommand rotate; and not __fish_seen_subcommand_from status adopt help" -s q -l quiet -d 'Print only results and errors'
complete -c pgrole -n "__fish_pgrole_using_subcommand rotate; and not __fish_seen_subcommand_from status adopt help" -s v -l verbose -d 'Print more: the statements that ran, where the admin credential came from'
complete -c pgrole -n "__fish_pgrole_using_subcommand rotate; and not __fish_seen_subcommand_from status adopt help" -s y -l yes -d 'Answer yes to every question; scripts need this in a protected environment'
complete -c pgrole -n "__fish_pgrole_using_subcommand rotate; and not __fish_seen_subcommand_from status adopt help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgrole -n "__fish_pgrole_using_subcommand rotate; and not __fish_seen_subcommand_from status adopt help" -s V -l version -d 'Print version'
complete -c pgrole -n "__fish_pgrole_using_subcommand rotate; and not __fish_seen_subcommand_from status adopt help" -f -a "status" -d 'Show the age of each password, whether it is due, and how its last change ended; connects to no server'
complete -c pgrole -n "__fish_pgrole_using_subcommand rotate; and not __fish_seen_subcommand_from status adopt help" -f -a "adopt" -d 'Bring a role that was created elsewhere under rotation: the next run that rotates what is due changes its password'
complete -c pgrole -n "__fish_pgrole_using_subcommand rotate; and not __fish_seen_subcommand_from status adopt help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c pgrole -n "__fish_pgrole_using_subcommand rotate; and __fish_seen_subcommand_from status" -s e -l env -d 'Only these environments; * matches any text; may be repeated [default: all]' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand rotate; and __fish_seen_subcommand_from status" -s d -l database -d 'Only these databases; * matches any text; may be repeated [default: all]' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand rotate; and __fish_seen_subcommand_from status" -s u -l username -d 'Only these roles; * matches any text; may be repeated [default: all under rotation]' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand rotate; and __fish_seen_subcommand_from status" -l profile -d 'Only roles with these profiles; * matches any text; may be repeated [default: all]' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand rotate; and __fish_seen_subcommand_from status" -l exclude -d 'Except these roles; * matches any text; may be repeated' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand rotate; and __fish_seen_subcommand_from status" -l older-than -d 'The age from which a password is due: 90d, 12h, 2w [default: rotate.older_than in the config file]' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand rotate; and __fish_seen_subcommand_from status" -l format -d 'The format of results [default: table on a terminal, else json]' -r -f -a "table\t'For people: a table that fits the terminal'
json\t'One JSON document'
jsonl\t'One JSON object per line, as results arrive'
prometheus\t'Metrics for node_exporter\'s textfile collector'"
complete -c pgrole -n "__fish_pgrole_using_subcommand rotate; and __fish_seen_subcommand_from status" -l output -d 'With --format prometheus: write the metrics to this file, atomically, readable by everyone' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand rotate; and __fish_seen_subcommand_from status" -l registry -d 'The registry file [default: pgrole/pg_registry.db in the XDG data directory]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand rotate; and __fish_seen_subcommand_from status" -l config -d 'The config file [default: pgrole/config.toml in the XDG config directory, if it exists]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand rotate; and __fish_seen_subcommand_from status" -l color -d 'When to color messages; with "auto", NO_COLOR turns colors off' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand rotate; and __fish_seen_subcommand_from status" -l timeout -d 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand rotate; and __fish_seen_subcommand_from status" -l check -d 'Exit with status 7 if a password is overdue; with --quiet, print nothing'
complete -c pgrole -n "__fish_pgrole_using_subcommand rotate; and __fish_seen_subcommand_from status" -s q -l quiet -d 'Print only results and errors'
complete -c pgrole -n "__fish_pgrole_using_subcommand rotate; and __fish_seen_subcommand_from status" -s v -l verbose -d 'Print more: the statements that ran, where the admin credential came from'
complete -c pgrole -n "__fish_pgrole_using_subcommand rotate; and __fish_seen_subcommand_from status" -s y -l yes -d 'Answer yes to every question; scripts need this in a protected environment'
complete -c pgrole -n "__fish_pgrole_using_subcommand rotate; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgrole -n "__fish_pgrole_using_subcommand rotate; and __fish_seen_subcommand_from status" -s V -l version -d 'Print version'
complete -c pgrole -n "__fish_pgrole_using_subcommand rotate; and __fish_seen_subcommand_from adopt" -s e -l env -d 'The environment: dev, qa, uat, prod, or one added in the config file' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand rotate; and __fish_seen_subcommand_from adopt" -s d -l database -d 'The database' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand rotate; and __fish_seen_subcommand_from adopt" -s u -l username -d 'The same, as an option' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand rotate; and __fish_seen_subcommand_from adopt" -l deliver -d 'Where its passwords go: file:PATH, pgpass, pgpass:PATH, keyring, exec:COMMAND or stdout; {env}, {database}, {hostname}, {port} and {username} are replaced' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand rotate; and __fish_seen_subcommand_from adopt" -l file-format -d 'The format of a delivered file' -r -f -a "json\t'The JSON object that the command prints'
env\t'PGHOST, PGPORT, PGDATABASE, PGUSER and PGPASSWORD, one per line'
dsn\t'A postgresql:// URL'
pgbouncer\t'A line of pgbouncer\'s userlist, with the verifier that the server stores'
k8s-secret\t'A Kubernetes Secret manifest'"
complete -c pgrole -n "__fish_pgrole_using_subcommand rotate; and __fish_seen_subcommand_from adopt" -l registry -d 'The registry file [default: pgrole/pg_registry.db in the XDG data directory]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand rotate; and __fish_seen_subcommand_from adopt" -l config -d 'The config file [default: pgrole/config.toml in the XDG config directory, if it exists]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand rotate; and __fish_seen_subcommand_from adopt" -l format -d 'The format of results [default: table on a terminal, else json]' -r -f -a "table\t'For people: a table that fits the terminal'
json\t'One JSON document'
jsonl\t'One JSON object per line, as results arrive'"
complete -c pgrole -n "__fish_pgrole_using_subcommand rotate; and __fish_seen_subcommand_from adopt" -l color -d 'When to color messages; with "auto", NO_COLOR turns colors off' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand rotate; and __fish_seen_subcommand_from adopt" -l timeout -d 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand rotate; and __fish_seen_subcommand_from adopt" -s q -l quiet -d 'Print only results and errors'
complete -c pgrole -n "__fish_pgrole_using_subcommand rotate; and __fish_seen_subcommand_from adopt" -s v -l verbose -d 'Print more: the statements that ran, where the admin credential came from'
complete -c pgrole -n "__fish_pgrole_using_subcommand rotate; and __fish_seen_subcommand_from adopt" -s y -l yes -d 'Answer yes to every question; scripts need this in a protected environment'
complete -c pgrole -n "__fish_pgrole_using_subcommand rotate; and __fish_seen_subcommand_from adopt" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgrole -n "__fish_pgrole_using_subcommand rotate; and __fish_seen_subcommand_from adopt" -s V -l version -d 'Print version'
complete -c pgrole -n "__fish_pgrole_using_subcommand rotate; and __fish_seen_subcommand_from help" -f -a "status" -d 'Show the age of each password, whether it is due, and how its last change ended; connects to no server'
complete -c pgrole -n "__fish_pgrole_using_subcommand rotate; and __fish_seen_subcommand_from help" -f -a "adopt" -d 'Bring a role that was created elsewhere under rotation: the next run that rotates what is due changes its password'
complete -c pgrole -n "__fish_pgrole_using_subcommand rotate; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c pgrole -n "__fish_pgrole_using_subcommand recover; and not __fish_seen_subcommand_from list run show ack abort help" -l registry -d 'The registry file [default: pgrole/pg_registry.db in the XDG data directory]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand recover; and not __fish_seen_subcommand_from list run show ack abort help" -l config -d 'The config file [default: pgrole/config.toml in the XDG config directory, if it exists]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand recover; and not __fish_seen_subcommand_from list run show ack abort help" -l format -d 'The format of results [default: table on a terminal, else json]' -r -f -a "table\t'For people: a table that fits the terminal'
json\t'One JSON document'
jsonl\t'One JSON object per line, as results arrive'"
complete -c pgrole -n "__fish_pgrole_using_subcommand recover; and not __fish_seen_subcommand_from list run show ack abort help" -l color -d 'When to color messages; with "auto", NO_COLOR turns colors off' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand recover; and not __fish_seen_subcommand_from list run show ack abort help" -l timeout -d 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand recover; and not __fish_seen_subcommand_from list run show ack abort help" -s q -l quiet -d 'Print only results and errors'
complete -c pgrole -n "__fish_pgrole_using_subcommand recover; and not __fish_seen_subcommand_from list run show ack abort help" -s v -l verbose -d 'Print more: the statements that ran, where the admin credential came from'
complete -c pgrole -n "__fish_pgrole_using_subcommand recover; and not __fish_seen_subcommand_from list run show ack abort help" -s y -l yes -d 'Answer yes to every question; scripts need this in a protected environment'
complete -c pgrole -n "__fish_pgrole_using_subcommand recover; and not __fish_seen_subcommand_from list run show ack abort help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgrole -n "__fish_pgrole_using_subcommand recover; and not __fish_seen_subcommand_from list run show ack abort help" -s V -l version -d 'Print version'
complete -c pgrole -n "__fish_pgrole_using_subcommand recover; and not __fish_seen_subcommand_from list run show ack abort help" -f -a "list" -d 'List open password changes, and deliveries to stdout or the keyring in the last 24 hours'
complete -c pgrole -n "__fish_pgrole_using_subcommand recover; and not __fish_seen_subcommand_from list run show ack abort help" -f -a "run" -d 'Settle open password changes: find out which password is in force, and deliver it or record that nothing changed'
complete -c pgrole -n "__fish_pgrole_using_subcommand recover; and not __fish_seen_subcommand_from list run show ack abort help" -f -a "show" -d 'Show one password change'
complete -c pgrole -n "__fish_pgrole_using_subcommand recover; and not __fish_seen_subcommand_from list run show ack abort help" -f -a "ack" -d 'Acknowledge that the password has arrived; its sealed copy is scrubbed'
complete -c pgrole -n "__fish_pgrole_using_subcommand recover; and not __fish_seen_subcommand_from list run show ack abort help" -f -a "abort" -d 'Give up a password change: its sealed copy is scrubbed, the server is not changed'
complete -c pgrole -n "__fish_pgrole_using_subcommand recover; and not __fish_seen_subcommand_from list run show ack abort help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c pgrole -n "__fish_pgrole_using_subcommand recover; and __fish_seen_subcommand_from list" -l registry -d 'The registry file [default: pgrole/pg_registry.db in the XDG data directory]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand recover; and __fish_seen_subcommand_from list" -l config -d 'The config file [default: pgrole/config.toml in the XDG config directory, if it exists]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand recover; and __fish_seen_subcommand_from list" -l format -d 'The format of results [default: table on a terminal, else json]' -r -f -a "table\t'For people: a table that fits the terminal'
json\t'One JSON document'
jsonl\t'One JSON object per line, as results arrive'"
complete -c pgrole -n "__fish_pgrole_using_subcommand recover; and __fish_seen_subcommand_from list" -l color -d 'When to color messages; with "auto", NO_COLOR turns colors off' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand recover; and __fish_seen_subcommand_from list" -l timeout -d 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand recover; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print only results and errors'
complete -c pgrole -n "__fish_pgrole_using_subcommand recover; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Print more: the statements that ran, where the admin credential came from'
complete -c pgrole -n "__fish_pgrole_using_subcommand recover; and __fish_seen_subcommand_from list" -s y -l yes -d 'Answer yes to every question; scripts need this in a protected environment'
complete -c pgrole -n "__fish_pgrole_using_subcommand recover; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgrole -n "__fish_pgrole_using_subcommand recover; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c pgrole -n "__fish_pgrole_using_subcommand recover; and __fish_seen_subcommand_from run" -l registry -d 'The registry file [default: pgrole/pg_registry.db in the XDG data directory]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand recover; and __fish_seen_subcommand_from run" -l config -d 'The config file [default: pgrole/config.toml in the XDG config directory, if it exists]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand recover; and __fish_seen_subcommand_from run" -l format -d 'The format of results [default: table on a terminal, else json]' -r -f -a "table\t'For people: a table that fits the terminal'
json\t'One JSON document'
jsonl\t'One JSON object per line, as results arrive'"
complete -c pgrole -n "__fish_pgrole_using_subcommand recover; and __fish_seen_subcommand_from run" -l color -d 'When to color messages; with "auto", NO_COLOR turns colors off' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand recover; and __fish_seen_subcommand_from run" -l timeout -d 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand recover; and __fish_seen_subcommand_from run" -s q -l quiet -d 'Print only results and errors'
complete -c pgrole -n "__fish_pgrole_using_subcommand recover; and __fish_seen_subcommand_from run" -s v -l verbose -d 'Print more: the statements that ran, where the admin credential came from'
complete -c pgrole -n "__fish_pgrole_using_subcommand recover; and __fish_seen_subcommand_from run" -s y -l yes -d 'Answer yes to every question; scripts need this in a protected environment'
complete -c pgrole -n "__fish_pgrole_using_subcommand recover; and __fish_seen_subcommand_from run" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgrole -n "__fish_pgrole_using_subcommand recover; and __fish_seen_subcommand_from run" -s V -l version -d 'Print version'
complete -c pgrole -n "__fish_pgrole_using_subcommand recover; and __fish_seen_subcommand_from show" -l registry -d 'The registry file [default: pgrole/pg_registry.db in the XDG data directory]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand recover; and __fish_seen_subcommand_from show" -l config -d 'The config file [default: pgrole/config.toml in the XDG config directory, if it exists]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand recover; and __fish_seen_subcommand_from show" -l format -d 'The format of results [default: table on a terminal, else json]' -r -f -a "table\t'For people: a table that fits the terminal'
json\t'One JSON document'
jsonl\t'One JSON object per line, as results arrive'"
complete -c pgrole -n "__fish_pgrole_using_subcommand recover; and __fish_seen_subcommand_from show" -l color -d 'When to color messages; with "auto", NO_COLOR turns colors off' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand recover; and __fish_seen_subcommand_from show" -l timeout -d 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand recover; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Print only results and errors'
complete -c pgrole -n "__fish_pgrole_using_subcommand recover; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Print more: the statements that ran, where the admin credential came from'
complete -c pgrole -n "__fish_pgrole_using_subcommand recover; and __fish_seen_subcommand_from show" -s y -l yes -d 'Answer yes to every question; scripts need this in a protected environment'
complete -c pgrole -n "__fish_pgrole_using_subcommand recover; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgrole -n "__fish_pgrole_using_subcommand recover; and __fish_seen_subcommand_from show" -s V -l version -d 'Print version'
complete -c pgrole -n "__fish_pgrole_using_subcommand recover; and __fish_seen_subcommand_from ack" -l registry -d 'The registry file [default: pgrole/pg_registry.db in the XDG data directory]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand recover; and __fish_seen_subcommand_from ack" -l config -d 'The config file [default: pgrole/config.toml in the XDG config directory, if it exists]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand recover; and __fish_seen_subcommand_from ack" -l format -d 'The format of results [default: table on a terminal, else json]' -r -f -a "table\t'For people: a table that fits the terminal'
json\t'One JSON document'
jsonl\t'One JSON object per line, as results arrive'"
complete -c pgrole -n "__fish_pgrole_using_subcommand recover; and __fish_seen_subcommand_from ack" -l color -d 'When to color messages; with "auto", NO_COLOR turns colors off' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand recover; and __fish_seen_subcommand_from ack" -l timeout -d 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand recover; and __fish_seen_subcommand_from ack" -s q -l quiet -d 'Print only results and errors'
complete -c pgrole -n "__fish_pgrole_using_subcommand recover; and __fish_seen_subcommand_from ack" -s v -l verbose -d 'Print more: the statements that ran, where the admin credential came from'
complete -c pgrole -n "__fish_pgrole_using_subcommand recover; and __fish_seen_subcommand_from ack" -s y -l yes -d 'Answer yes to every question; scripts need this in a protected environment'
complete -c pgrole -n "__fish_pgrole_using_subcommand recover; and __fish_seen_subcommand_from ack" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgrole -n "__fish_pgrole_using_subcommand recover; and __fish_seen_subcommand_from ack" -s V -l version -d 'Print version'
complete -c pgrole -n "__fish_pgrole_using_subcommand recover; and __fish_seen_subcommand_from abort" -l registry -d 'The registry file [default: pgrole/pg_registry.db in the XDG data directory]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand recover; and __fish_seen_subcommand_from abort" -l config -d 'The config file [default: pgrole/config.toml in the XDG config directory, if it exists]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand recover; and __fish_seen_subcommand_from abort" -l format -d 'The format of results [default: table on a terminal, else json]' -r -f -a "table\t'For people: a table that fits the terminal'
json\t'One JSON document'
jsonl\t'One JSON object per line, as results arrive'"
complete -c pgrole -n "__fish_pgrole_using_subcommand recover; and __fish_seen_subcommand_from abort" -l color -d 'When to color messages; with "auto", NO_COLOR turns colors off' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand recover; and __fish_seen_subcommand_from abort" -l timeout -d 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand recover; and __fish_seen_subcommand_from abort" -s q -l quiet -d 'Print only results and errors'
complete -c pgrole -n "__fish_pgrole_using_subcommand recover; and __fish_seen_subcommand_from abort" -s v -l verbose -d 'Print more: the statements that ran, where the admin credential came from'
complete -c pgrole -n "__fish_pgrole_using_subcommand recover; and __fish_seen_subcommand_from abort" -s y -l yes -d 'Answer yes to every question; scripts need this in a protected environment'
complete -c pgrole -n "__fish_pgrole_using_subcommand recover; and __fish_seen_subcommand_from abort" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgrole -n "__fish_pgrole_using_subcommand recover; and __fish_seen_subcommand_from abort" -s V -l version -d 'Print version'
complete -c pgrole -n "__fish_pgrole_using_subcommand recover; and __fish_seen_subcommand_from help" -f -a "list" -d 'List open password changes, and deliveries to stdout or the keyring in the last 24 hours'
complete -c pgrole -n "__fish_pgrole_using_subcommand recover; and __fish_seen_subcommand_from help" -f -a "run" -d 'Settle open password changes: find out which password is in force, and deliver it or record that nothing changed'
complete -c pgrole -n "__fish_pgrole_using_subcommand recover; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show one password change'
complete -c pgrole -n "__fish_pgrole_using_subcommand recover; and __fish_seen_subcommand_from help" -f -a "ack" -d 'Acknowledge that the password has arrived; its sealed copy is scrubbed'
complete -c pgrole -n "__fish_pgrole_using_subcommand recover; and __fish_seen_subcommand_from help" -f -a "abort" -d 'Give up a password change: its sealed copy is scrubbed, the server is not changed'
complete -c pgrole -n "__fish_pgrole_using_subcommand recover; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c pgrole -n "__fish_pgrole_using_subcommand export" -l format -d 'The format of the file; apply reads both [default: toml]' -r -f -a "toml\t'For people and version control'
json\t'For programs'"
complete -c pgrole -n "__fish_pgrole_using_subcommand export" -s o -l output -d 'Write to this file, readable only by you, replacing an existing one [default: stdout]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand export" -s e -l env -d 'Only these environments; * matches any text; may be repeated [default: all]' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand export" -s d -l database -d 'Only these databases; * matches any text; may be repeated [default: all]' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand export" -l registry -d 'The registry file [default: pgrole/pg_registry.db in the XDG data directory]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand export" -l config -d 'The config file [default: pgrole/config.toml in the XDG config directory, if it exists]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand export" -l color -d 'When to color messages; with "auto", NO_COLOR turns colors off' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand export" -l timeout -d 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand export" -s q -l quiet -d 'Print only results and errors'
complete -c pgrole -n "__fish_pgrole_using_subcommand export" -s v -l verbose -d 'Print more: the statements that ran, where the admin credential came from'
complete -c pgrole -n "__fish_pgrole_using_subcommand export" -s y -l yes -d 'Answer yes to every question; scripts need this in a protected environment'
complete -c pgrole -n "__fish_pgrole_using_subcommand export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgrole -n "__fish_pgrole_using_subcommand export" -s V -l version -d 'Print version'
complete -c pgrole -n "__fish_pgrole_using_subcommand apply" -s f -l file -d 'The file: TOML or JSON, as export writes it; - reads standard input' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand apply" -l jobs -d 'How many targets to work on in parallel' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand apply" -l reason -d 'Why, for the audit log: a ticket, a sentence' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand apply" -l registry -d 'The registry file [default: pgrole/pg_registry.db in the XDG data directory]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand apply" -l config -d 'The config file [default: pgrole/config.toml in the XDG config directory, if it exists]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand apply" -l format -d 'The format of results [default: table on a terminal, else json]' -r -f -a "table\t'For people: a table that fits the terminal'
json\t'One JSON document'
jsonl\t'One JSON object per line, as results arrive'"
complete -c pgrole -n "__fish_pgrole_using_subcommand apply" -l color -d 'When to color messages; with "auto", NO_COLOR turns colors off' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand apply" -l timeout -d 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand apply" -l prune -d 'Also take away what the file does not name: revoke access, reset search paths, and lock logins that pgrole created on the servers of the file; none is dropped'
complete -c pgrole -n "__fish_pgrole_using_subcommand apply" -l check -d 'Only compare: exit with status 7 if the servers differ from the file'
complete -c pgrole -n "__fish_pgrole_using_subcommand apply" -l sql -d 'Show the plan as the SQL that would run'
complete -c pgrole -n "__fish_pgrole_using_subcommand apply" -s n -l dry-run -d 'Show the SQL that would run, without changing anything'
complete -c pgrole -n "__fish_pgrole_using_subcommand apply" -s q -l quiet -d 'Print only results and errors'
complete -c pgrole -n "__fish_pgrole_using_subcommand apply" -s v -l verbose -d 'Print more: the statements that ran, where the admin credential came from'
complete -c pgrole -n "__fish_pgrole_using_subcommand apply" -s y -l yes -d 'Answer yes to every question; scripts need this in a protected environment'
complete -c pgrole -n "__fish_pgrole_using_subcommand apply" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgrole -n "__fish_pgrole_using_subcommand apply" -s V -l version -d 'Print version'
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and not __fish_seen_subcommand_from list show export checkpoint archive verify help" -l registry -d 'The registry file [default: pgrole/pg_registry.db in the XDG data directory]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and not __fish_seen_subcommand_from list show export checkpoint archive verify help" -l config -d 'The config file [default: pgrole/config.toml in the XDG config directory, if it exists]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and not __fish_seen_subcommand_from list show export checkpoint archive verify help" -l format -d 'The format of results [default: table on a terminal, else json]' -r -f -a "table\t'For people: a table that fits the terminal'
json\t'One JSON document'
jsonl\t'One JSON object per line, as results arrive'"
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and not __fish_seen_subcommand_from list show export checkpoint archive verify help" -l color -d 'When to color messages; with "auto", NO_COLOR turns colors off' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and not __fish_seen_subcommand_from list show export checkpoint archive verify help" -l timeout -d 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and not __fish_seen_subcommand_from list show export checkpoint archive verify help" -s q -l quiet -d 'Print only results and errors'
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and not __fish_seen_subcommand_from list show export checkpoint archive verify help" -s v -l verbose -d 'Print more: the statements that ran, where the admin credential came from'
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and not __fish_seen_subcommand_from list show export checkpoint archive verify help" -s y -l yes -d 'Answer yes to every question; scripts need this in a protected environment'
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and not __fish_seen_subcommand_from list show export checkpoint archive verify help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and not __fish_seen_subcommand_from list show export checkpoint archive verify help" -s V -l version -d 'Print version'
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and not __fish_seen_subcommand_from list show export checkpoint archive verify help" -f -a "list" -d 'List events, newest first'
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and not __fish_seen_subcommand_from list show export checkpoint archive verify help" -f -a "show" -d 'Show one event: its SQL, and the SQL that would undo it'
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and not __fish_seen_subcommand_from list show export checkpoint archive verify help" -f -a "export" -d 'Export all events, in the order of the log, for other programs'
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and not __fish_seen_subcommand_from list show export checkpoint archive verify help" -f -a "checkpoint" -d 'Sign the current end of the log, as a checkpoint to keep elsewhere'
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and not __fish_seen_subcommand_from list show export checkpoint archive verify help" -f -a "archive" -d 'Move old events into a signed file, and leave an event that says so'
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and not __fish_seen_subcommand_from list show export checkpoint archive verify help" -f -a "verify" -d 'Verify that no event was altered, removed or inserted'
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and not __fish_seen_subcommand_from list show export checkpoint archive verify help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from list" -l since -d 'Only events since this time: a date (2026-11-23), a time (2026-11-23T08:00:00Z) or a span (7d, 12h)' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from list" -l until -d 'Only events until this time; a date includes the whole day (UTC)' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from list" -s e -l env -d 'Only events in this environment' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from list" -s d -l database -d 'Only events on databases with this name' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from list" -s u -l username -d 'Only events about this role' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from list" -l operator -d 'Only events by this account' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from list" -l operation -d 'Only this operation, as the list names it: "user reset"' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from list" -l limit -d 'Show at most this many events' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from list" -l before -d 'The next page: only events older than this one, the last of the previous page' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from list" -l archive -d 'List the events in this archive' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from list" -l registry -d 'The registry file [default: pgrole/pg_registry.db in the XDG data directory]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from list" -l config -d 'The config file [default: pgrole/config.toml in the XDG config directory, if it exists]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from list" -l format -d 'The format of results [default: table on a terminal, else json]' -r -f -a "table\t'For people: a table that fits the terminal'
json\t'One JSON document'
jsonl\t'One JSON object per line, as results arrive'"
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from list" -l color -d 'When to color messages; with "auto", NO_COLOR turns colors off' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from list" -l timeout -d 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from list" -l failed -d 'Only events that ended in an error: failed, refused, interrupted'
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from list" -l changes -d 'Only events that changed something, or that have no outcome on record and may have'
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print only results and errors'
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Print more: the statements that ran, where the admin credential came from'
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from list" -s y -l yes -d 'Answer yes to every question; scripts need this in a protected environment'
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from show" -l archive -d 'Look in this archive' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from show" -l registry -d 'The registry file [default: pgrole/pg_registry.db in the XDG data directory]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from show" -l config -d 'The config file [default: pgrole/config.toml in the XDG config directory, if it exists]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from show" -l format -d 'The format of results [default: table on a terminal, else json]' -r -f -a "table\t'For people: a table that fits the terminal'
json\t'One JSON document'
jsonl\t'One JSON object per line, as results arrive'"
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from show" -l color -d 'When to color messages; with "auto", NO_COLOR turns colors off' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from show" -l timeout -d 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Print only results and errors'
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Print more: the statements that ran, where the admin credential came from'
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from show" -s y -l yes -d 'Answer yes to every question; scripts need this in a protected environment'
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from show" -s V -l version -d 'Print version'
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from export" -l format -d 'The format of events: jsonl is exact; csv is for spreadsheets, with an apostrophe before text that would be taken for a formula; cef is for security monitoring [default: jsonl]' -r -f -a "jsonl\t'One JSON object per line, exactly as logged'
csv\t'RFC 4180, with a header'
cef\t'ArcSight\'s Common Event Format'"
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from export" -s o -l output -d 'Write to this file, readable only by you, replacing an existing one [default: stdout]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from export" -l since -d 'Only events since this time: a date (2026-11-23), a time (2026-11-23T08:00:00Z) or a span (7d, 12h)' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from export" -l until -d 'Only events until this time; a date includes the whole day (UTC)' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from export" -l registry -d 'The registry file [default: pgrole/pg_registry.db in the XDG data directory]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from export" -l config -d 'The config file [default: pgrole/config.toml in the XDG config directory, if it exists]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from export" -l color -d 'When to color messages; with "auto", NO_COLOR turns colors off' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from export" -l timeout -d 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from export" -s q -l quiet -d 'Print only results and errors'
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from export" -s v -l verbose -d 'Print more: the statements that ran, where the admin credential came from'
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from export" -s y -l yes -d 'Answer yes to every question; scripts need this in a protected environment'
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from export" -s V -l version -d 'Print version'
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from checkpoint" -s o -l output -d 'Write it to this file, replacing an existing one [default: stdout]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from checkpoint" -l registry -d 'The registry file [default: pgrole/pg_registry.db in the XDG data directory]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from checkpoint" -l config -d 'The config file [default: pgrole/config.toml in the XDG config directory, if it exists]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from checkpoint" -l format -d 'The format of results [default: table on a terminal, else json]' -r -f -a "table\t'For people: a table that fits the terminal'
json\t'One JSON document'
jsonl\t'One JSON object per line, as results arrive'"
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from checkpoint" -l color -d 'When to color messages; with "auto", NO_COLOR turns colors off' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from checkpoint" -l timeout -d 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from checkpoint" -l public-key -d 'Print the public key that verifies checkpoints, and sign nothing'
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from checkpoint" -s q -l quiet -d 'Print only results and errors'
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from checkpoint" -s v -l verbose -d 'Print more: the statements that ran, where the admin credential came from'
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from checkpoint" -s y -l yes -d 'Answer yes to every question; scripts need this in a protected environment'
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from checkpoint" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from checkpoint" -s V -l version -d 'Print version'
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from archive" -l before -d 'Move the events from before this time: a date (2026-01-01), a time or a span (365d) [default: the beginning of this year, UTC]' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from archive" -s o -l output -d 'Write them to this file, readable only by you, which must not exist [default: beside the registry, named after the first and the last event]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from archive" -l registry -d 'The registry file [default: pgrole/pg_registry.db in the XDG data directory]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from archive" -l config -d 'The config file [default: pgrole/config.toml in the XDG config directory, if it exists]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from archive" -l format -d 'The format of results [default: table on a terminal, else json]' -r -f -a "table\t'For people: a table that fits the terminal'
json\t'One JSON document'
jsonl\t'One JSON object per line, as results arrive'"
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from archive" -l color -d 'When to color messages; with "auto", NO_COLOR turns colors off' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from archive" -l timeout -d 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from archive" -s n -l dry-run -d 'Show what would be moved, without writing anything'
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from archive" -s q -l quiet -d 'Print only results and errors'
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from archive" -s v -l verbose -d 'Print more: the statements that ran, where the admin credential came from'
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from archive" -s y -l yes -d 'Answer yes to every question; scripts need this in a protected environment'
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from archive" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from archive" -s V -l version -d 'Print version'
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from verify" -l anchor -d 'Check that the log still contains this event, the "audit_anchor" of an earlier result; may be repeated' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from verify" -l anchors -d 'Check each anchor in this file: one per line, or JSON with "audit_anchor" keys, as pgrole prints it; may be repeated; "-" is standard input' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from verify" -l checkpoint -d 'Check that the log still contains what this checkpoint signed' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from verify" -l archive -d 'Go through the events in this archive too, before those of the log; may be repeated' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from verify" -l public-key -d 'The signer\'s public key, as printed by audit checkpoint --public-key: of the checkpoint, and of archives' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from verify" -l registry -d 'The registry file [default: pgrole/pg_registry.db in the XDG data directory]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from verify" -l config -d 'The config file [default: pgrole/config.toml in the XDG config directory, if it exists]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from verify" -l format -d 'The format of results [default: table on a terminal, else json]' -r -f -a "table\t'For people: a table that fits the terminal'
json\t'One JSON document'
jsonl\t'One JSON object per line, as results arrive'"
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from verify" -l color -d 'When to color messages; with "auto", NO_COLOR turns colors off' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from verify" -l timeout -d 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from verify" -s q -l quiet -d 'Print only results and errors'
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from verify" -s v -l verbose -d 'Print more: the statements that ran, where the admin credential came from'
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from verify" -s y -l yes -d 'Answer yes to every question; scripts need this in a protected environment'
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from verify" -s V -l version -d 'Print version'
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from help" -f -a "list" -d 'List events, newest first'
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show one event: its SQL, and the SQL that would undo it'
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from help" -f -a "export" -d 'Export all events, in the order of the log, for other programs'
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from help" -f -a "checkpoint" -d 'Sign the current end of the log, as a checkpoint to keep elsewhere'
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from help" -f -a "archive" -d 'Move old events into a signed file, and leave an event that says so'
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from help" -f -a "verify" -d 'Verify that no event was altered, removed or inserted'
complete -c pgrole -n "__fish_pgrole_using_subcommand audit; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c pgrole -n "__fish_pgrole_using_subcommand notify; and not __fish_seen_subcommand_from list test flush expiring help" -l registry -d 'The registry file [default: pgrole/pg_registry.db in the XDG data directory]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand notify; and not __fish_seen_subcommand_from list test flush expiring help" -l config -d 'The config file [default: pgrole/config.toml in the XDG config directory, if it exists]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand notify; and not __fish_seen_subcommand_from list test flush expiring help" -l format -d 'The format of results [default: table on a terminal, else json]' -r -f -a "table\t'For people: a table that fits the terminal'
json\t'One JSON document'
jsonl\t'One JSON object per line, as results arrive'"
complete -c pgrole -n "__fish_pgrole_using_subcommand notify; and not __fish_seen_subcommand_from list test flush expiring help" -l color -d 'When to color messages; with "auto", NO_COLOR turns colors off' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand notify; and not __fish_seen_subcommand_from list test flush expiring help" -l timeout -d 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand notify; and not __fish_seen_subcommand_from list test flush expiring help" -s q -l quiet -d 'Print only results and errors'
complete -c pgrole -n "__fish_pgrole_using_subcommand notify; and not __fish_seen_subcommand_from list test flush expiring help" -s v -l verbose -d 'Print more: the statements that ran, where the admin credential came from'
complete -c pgrole -n "__fish_pgrole_using_subcommand notify; and not __fish_seen_subcommand_from list test flush expiring help" -s y -l yes -d 'Answer yes to every question; scripts need this in a protected environment'
complete -c pgrole -n "__fish_pgrole_using_subcommand notify; and not __fish_seen_subcommand_from list test flush expiring help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgrole -n "__fish_pgrole_using_subcommand notify; and not __fish_seen_subcommand_from list test flush expiring help" -s V -l version -d 'Print version'
complete -c pgrole -n "__fish_pgrole_using_subcommand notify; and not __fish_seen_subcommand_from list test flush expiring help" -f -a "list" -d 'List the channels in the config file, and the messages queued for each'
complete -c pgrole -n "__fish_pgrole_using_subcommand notify; and not __fish_seen_subcommand_from list test flush expiring help" -f -a "test" -d 'Send a test message'
complete -c pgrole -n "__fish_pgrole_using_subcommand notify; and not __fish_seen_subcommand_from list test flush expiring help" -f -a "flush" -d 'Send all queued messages now, regardless of when they are due to be retried'
complete -c pgrole -n "__fish_pgrole_using_subcommand notify; and not __fish_seen_subcommand_from list test flush expiring help" -f -a "expiring" -d 'Find passwords that expire soon or have just expired, on all servers, and notify each channel once'
complete -c pgrole -n "__fish_pgrole_using_subcommand notify; and not __fish_seen_subcommand_from list test flush expiring help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c pgrole -n "__fish_pgrole_using_subcommand notify; and __fish_seen_subcommand_from list" -l registry -d 'The registry file [default: pgrole/pg_registry.db in the XDG data directory]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand notify; and __fish_seen_subcommand_from list" -l config -d 'The config file [default: pgrole/config.toml in the XDG config directory, if it exists]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand notify; and __fish_seen_subcommand_from list" -l format -d 'The format of results [default: table on a terminal, else json]' -r -f -a "table\t'For people: a table that fits the terminal'
json\t'One JSON document'
jsonl\t'One JSON object per line, as results arrive'"
complete -c pgrole -n "__fish_pgrole_using_subcommand notify; and __fish_seen_subcommand_from list" -l color -d 'When to color messages; with "auto", NO_COLOR turns colors off' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand notify; and __fish_seen_subcommand_from list" -l timeout -d 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand notify; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print only results and errors'
complete -c pgrole -n "__fish_pgrole_using_subcommand notify; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Print more: the statements that ran, where the admin credential came from'
complete -c pgrole -n "__fish_pgrole_using_subcommand notify; and __fish_seen_subcommand_from list" -s y -l yes -d 'Answer yes to every question; scripts need this in a protected environment'
complete -c pgrole -n "__fish_pgrole_using_subcommand notify; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgrole -n "__fish_pgrole_using_subcommand notify; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c pgrole -n "__fish_pgrole_using_subcommand notify; and __fish_seen_subcommand_from test" -l registry -d 'The registry file [default: pgrole/pg_registry.db in the XDG data directory]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand notify; and __fish_seen_subcommand_from test" -l config -d 'The config file [default: pgrole/config.toml in the XDG config directory, if it exists]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand notify; and __fish_seen_subcommand_from test" -l format -d 'The format of results [default: table on a terminal, else json]' -r -f -a "table\t'For people: a table that fits the terminal'
json\t'One JSON document'
jsonl\t'One JSON object per line, as results arrive'"
complete -c pgrole -n "__fish_pgrole_using_subcommand notify; and __fish_seen_subcommand_from test" -l color -d 'When to color messages; with "auto", NO_COLOR turns colors off' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand notify; and __fish_seen_subcommand_from test" -l timeout -d 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand notify; and __fish_seen_subcommand_from test" -s q -l quiet -d 'Print only results and errors'
complete -c pgrole -n "__fish_pgrole_using_subcommand notify; and __fish_seen_subcommand_from test" -s v -l verbose -d 'Print more: the statements that ran, where the admin credential came from'
complete -c pgrole -n "__fish_pgrole_using_subcommand notify; and __fish_seen_subcommand_from test" -s y -l yes -d 'Answer yes to every question; scripts need this in a protected environment'
complete -c pgrole -n "__fish_pgrole_using_subcommand notify; and __fish_seen_subcommand_from test" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgrole -n "__fish_pgrole_using_subcommand notify; and __fish_seen_subcommand_from test" -s V -l version -d 'Print version'
complete -c pgrole -n "__fish_pgrole_using_subcommand notify; and __fish_seen_subcommand_from flush" -l registry -d 'The registry file [default: pgrole/pg_registry.db in the XDG data directory]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand notify; and __fish_seen_subcommand_from flush" -l config -d 'The config file [default: pgrole/config.toml in the XDG config directory, if it exists]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand notify; and __fish_seen_subcommand_from flush" -l format -d 'The format of results [default: table on a terminal, else json]' -r -f -a "table\t'For people: a table that fits the terminal'
json\t'One JSON document'
jsonl\t'One JSON object per line, as results arrive'"
complete -c pgrole -n "__fish_pgrole_using_subcommand notify; and __fish_seen_subcommand_from flush" -l color -d 'When to color messages; with "auto", NO_COLOR turns colors off' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand notify; and __fish_seen_subcommand_from flush" -l timeout -d 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand notify; and __fish_seen_subcommand_from flush" -l given-up -d 'Also retry messages that were given up'
complete -c pgrole -n "__fish_pgrole_using_subcommand notify; and __fish_seen_subcommand_from flush" -s q -l quiet -d 'Print only results and errors'
complete -c pgrole -n "__fish_pgrole_using_subcommand notify; and __fish_seen_subcommand_from flush" -s v -l verbose -d 'Print more: the statements that ran, where the admin credential came from'
complete -c pgrole -n "__fish_pgrole_using_subcommand notify; and __fish_seen_subcommand_from flush" -s y -l yes -d 'Answer yes to every question; scripts need this in a protected environment'
complete -c pgrole -n "__fish_pgrole_using_subcommand notify; and __fish_seen_subcommand_from flush" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgrole -n "__fish_pgrole_using_subcommand notify; and __fish_seen_subcommand_from flush" -s V -l version -d 'Print version'
complete -c pgrole -n "__fish_pgrole_using_subcommand notify; and __fish_seen_subcommand_from expiring" -l within -d 'Passwords whose VALID UNTIL is at most this far in the future or the past: 14d, 2w, 36h' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand notify; and __fish_seen_subcommand_from expiring" -s e -l env -d 'Only these environments; * matches any text; may be repeated [default: all]' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand notify; and __fish_seen_subcommand_from expiring" -s d -l database -d 'Only these databases; * matches any text; may be repeated [default: all]' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand notify; and __fish_seen_subcommand_from expiring" -l registry -d 'The registry file [default: pgrole/pg_registry.db in the XDG data directory]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand notify; and __fish_seen_subcommand_from expiring" -l config -d 'The config file [default: pgrole/config.toml in the XDG config directory, if it exists]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand notify; and __fish_seen_subcommand_from expiring" -l format -d 'The format of results [default: table on a terminal, else json]' -r -f -a "table\t'For people: a table that fits the terminal'
json\t'One JSON document'
jsonl\t'One JSON object per line, as results arrive'"
complete -c pgrole -n "__fish_pgrole_using_subcommand notify; and __fish_seen_subcommand_from expiring" -l color -d 'When to color messages; with "auto", NO_COLOR turns colors off' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand notify; and __fish_seen_subcommand_from expiring" -l timeout -d 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand notify; and __fish_seen_subcommand_from expiring" -l again -d 'Notify channels again of passwords that they were already notified of'
complete -c pgrole -n "__fish_pgrole_using_subcommand notify; and __fish_seen_subcommand_from expiring" -s q -l quiet -d 'Print only results and errors'
complete -c pgrole -n "__fish_pgrole_using_subcommand notify; and __fish_seen_subcommand_from expiring" -s v -l verbose -d 'Print more: the statements that ran, where the admin credential came from'
complete -c pgrole -n "__fish_pgrole_using_subcommand notify; and __fish_seen_subcommand_from expiring" -s y -l yes -d 'Answer yes to every question; scripts need this in a protected environment'
complete -c pgrole -n "__fish_pgrole_using_subcommand notify; and __fish_seen_subcommand_from expiring" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgrole -n "__fish_pgrole_using_subcommand notify; and __fish_seen_subcommand_from expiring" -s V -l version -d 'Print version'
complete -c pgrole -n "__fish_pgrole_using_subcommand notify; and __fish_seen_subcommand_from help" -f -a "list" -d 'List the channels in the config file, and the messages queued for each'
complete -c pgrole -n "__fish_pgrole_using_subcommand notify; and __fish_seen_subcommand_from help" -f -a "test" -d 'Send a test message'
complete -c pgrole -n "__fish_pgrole_using_subcommand notify; and __fish_seen_subcommand_from help" -f -a "flush" -d 'Send all queued messages now, regardless of when they are due to be retried'
complete -c pgrole -n "__fish_pgrole_using_subcommand notify; and __fish_seen_subcommand_from help" -f -a "expiring" -d 'Find passwords that expire soon or have just expired, on all servers, and notify each channel once'
complete -c pgrole -n "__fish_pgrole_using_subcommand notify; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c pgrole -n "__fish_pgrole_using_subcommand doctor" -s e -l env -d 'Only these environments; * matches any text; may be repeated [default: all]' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand doctor" -s d -l database -d 'Only these databases; * matches any text; may be repeated [default: all]' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand doctor" -l registry -d 'The registry file [default: pgrole/pg_registry.db in the XDG data directory]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand doctor" -l config -d 'The config file [default: pgrole/config.toml in the XDG config directory, if it exists]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand doctor" -l format -d 'The format of results [default: table on a terminal, else json]' -r -f -a "table\t'For people: a table that fits the terminal'
json\t'One JSON document'
jsonl\t'One JSON object per line, as results arrive'"
complete -c pgrole -n "__fish_pgrole_using_subcommand doctor" -l color -d 'When to color messages; with "auto", NO_COLOR turns colors off' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand doctor" -l timeout -d 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand doctor" -l offline -d 'Check this machine only; do not log in to servers'
complete -c pgrole -n "__fish_pgrole_using_subcommand doctor" -s q -l quiet -d 'Print only results and errors'
complete -c pgrole -n "__fish_pgrole_using_subcommand doctor" -s v -l verbose -d 'Print more: the statements that ran, where the admin credential came from'
complete -c pgrole -n "__fish_pgrole_using_subcommand doctor" -s y -l yes -d 'Answer yes to every question; scripts need this in a protected environment'
complete -c pgrole -n "__fish_pgrole_using_subcommand doctor" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgrole -n "__fish_pgrole_using_subcommand doctor" -s V -l version -d 'Print version'
complete -c pgrole -n "__fish_pgrole_using_subcommand completions" -l registry -d 'The registry file [default: pgrole/pg_registry.db in the XDG data directory]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand completions" -l config -d 'The config file [default: pgrole/config.toml in the XDG config directory, if it exists]' -r -F
complete -c pgrole -n "__fish_pgrole_using_subcommand completions" -l format -d 'The format of results [default: table on a terminal, else json]' -r -f -a "table\t'For people: a table that fits the terminal'
json\t'One JSON document'
jsonl\t'One JSON object per line, as results arrive'"
complete -c pgrole -n "__fish_pgrole_using_subcommand completions" -l color -d 'When to color messages; with "auto", NO_COLOR turns colors off' -r -f -a "auto\t''
always\t''
never\t''"
complete -c pgrole -n "__fish_pgrole_using_subcommand completions" -l timeout -d 'Time limit for connecting and for each statement; a command that receives a delivery gets three times as long' -r
complete -c pgrole -n "__fish_pgrole_using_subcommand completions" -s q -l quiet -d 'Print only results and errors'
complete -c pgrole -n "__fish_pgrole_using_subcommand completions" -s v -l verbose -d 'Print more: the statements that ran, where the admin credential came from'
complete -c pgrole -n "__fish_pgrole_using_subcommand completions" -s y -l yes -d 'Answer yes to every question; scripts need this in a protected environment'
complete -c pgrole -n "__fish_pgrole_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c pgrole -n "__fish_pgrole_using_subcommand completions" -s V -l version -d 'Print version'
complete -c pgrole -n "__fish_pgrole_using_subcommand help; and not __fish_seen_subcommand_from registry credential user access offboard rotate recover export apply audit notify doctor completions help" -f -a "registry" -d 'Manage the registry of targets: which database is where'
complete -c pgrole -n "__fish_pgrole_using_subcommand help; and not __fish_seen_subcommand_from registry credential user access offboard rotate recover export apply audit notify doctor completions help" -f -a "credential" -d 'Manage the admin credential, which pgrole connects with'
complete -c pgrole -n "__fish_pgrole_using_subcommand help; and not __fish_seen_subcommand_from registry credential user access offboard rotate recover export apply audit notify doctor completions help" -f -a "user" -d 'Create, find and change logins'
complete -c pgrole -n "__fish_pgrole_using_subcommand help; and not __fish_seen_subcommand_from registry credential user access offboard rotate recover export apply audit notify doctor completions help" -f -a "access" -d 'Manage the access groups of a database'
complete -c pgrole -n "__fish_pgrole_using_subcommand help; and not __fish_seen_subcommand_from registry credential user access offboard rotate recover export apply audit notify doctor completions help" -f -a "offboard" -d 'End every login of people who leave, on every cluster: lock all, then settle and drop'
complete -c pgrole -n "__fish_pgrole_using_subcommand help; and not __fish_seen_subcommand_from registry credential user access offboard rotate recover export apply audit notify doctor completions help" -f -a "rotate" -d 'Change all passwords that are due, and deliver them where they were delivered before'
complete -c pgrole -n "__fish_pgrole_using_subcommand help; and not __fish_seen_subcommand_from registry credential user access offboard rotate recover export apply audit notify doctor completions help" -f -a "recover" -d 'Settle interrupted password changes: deliver the passwords that are in force'
complete -c pgrole -n "__fish_pgrole_using_subcommand help; and not __fish_seen_subcommand_from registry credential user access offboard rotate recover export apply audit notify doctor completions help" -f -a "export" -d 'Write down, as a file for apply, which logins pgrole placed and what they may do; without passwords'
complete -c pgrole -n "__fish_pgrole_using_subcommand help; and not __fish_seen_subcommand_from registry credential user access offboard rotate recover export apply audit notify doctor completions help" -f -a "apply" -d 'Make the servers as a file says: create logins, give access, mend attributes'
complete -c pgrole -n "__fish_pgrole_using_subcommand help; and not __fish_seen_subcommand_from registry credential user access offboard rotate recover export apply audit notify doctor completions help" -f -a "audit" -d 'Read the audit log'
complete -c pgrole -n "__fish_pgrole_using_subcommand help; and not __fish_seen_subcommand_from registry credential user access offboard rotate recover export apply audit notify doctor completions help" -f -a "notify" -d 'Manage notification channels and their queued messages'
complete -c pgrole -n "__fish_pgrole_using_subcommand help; and not __fish_seen_subcommand_from registry credential user access offboard rotate recover export apply audit notify doctor completions help" -f -a "doctor" -d 'Check this machine\'s setup and the servers\' settings'
complete -c pgrole -n "__fish_pgrole_using_subcommand help; and not __fish_seen_subcommand_from registry credential user access offboard rotate recover export apply audit notify doctor completions help" -f -a "completions" -d 'Print a completion script for a shell'
complete -c pgrole -n "__fish_pgrole_using_subcommand help; and not __fish_seen_subcommand_from registry credential user access offboard rotate recover export apply audit notify doctor completions help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c pgrole -n "__fish_pgrole_using_subcommand help; and __fish_seen_subcommand_from registry" -f -a "add" -d 'Add a target'
complete -c pgrole -n "__fish_pgrole_using_subcommand help; and __fish_seen_subcommand_from registry" -f -a "list" -d 'List all targets'
complete -c pgrole -n "__fish_pgrole_using_subcommand help; and __fish_seen_subcommand_from registry" -f -a "show" -d 'Show one target'
complete -c pgrole -n "__fish_pgrole_using_subcommand help; and __fish_seen_subcommand_from registry" -f -a "check" -d 'Log in to each target and report reachability, TLS, whether it is the primary, and the admin credential\'s rights'
complete -c pgrole -n "__fish_pgrole_using_subcommand help; and __fish_seen_subcommand_from registry" -f -a "update" -d 'Change a target'
complete -c pgrole -n "__fish_pgrole_using_subcommand help; and __fish_seen_subcommand_from registry" -f -a "enable" -d 'Enable a disabled target again'
complete -c pgrole -n "__fish_pgrole_using_subcommand help; and __fish_seen_subcommand_from registry" -f -a "disable" -d 'Disable a target, so that pgrole refuses to use it'
complete -c pgrole -n "__fish_pgrole_using_subcommand help; and __fish_seen_subcommand_from registry" -f -a "import" -d 'Add the targets in a file: CSV, JSON, a pg_service.conf, or the SQLite file of another registry'
complete -c pgrole -n "__fish_pgrole_using_subcommand help; and __fish_seen_subcommand_from registry" -f -a "export" -d 'Write the targets as a file that registry import reads'
complete -c pgrole -n "__fish_pgrole_using_subcommand help; and __fish_seen_subcommand_from registry" -f -a "discover" -d 'List the databases of a server, and register those that are chosen'
complete -c pgrole -n "__fish_pgrole_using_subcommand help; and __fish_seen_subcommand_from registry" -f -a "remove" -d 'Remove a target from the registry; its server is not changed'
complete -c pgrole -n "__fish_pgrole_using_subcommand help; and __fish_seen_subcommand_from credential" -f -a "set" -d 'Store the admin credential or a channel\'s secret in the keyring, from a prompt or standard input'
complete -c pgrole -n "__fish_pgrole_using_subcommand help; and __fish_seen_subcommand_from credential" -f -a "list" -d 'List the admin credentials and channel secrets in the keyring, without passwords'
complete -c pgrole -n "__fish_pgrole_using_subcommand help; and __fish_seen_subcommand_from credential" -f -a "check" -d 'Log in to each target with the admin credential that pgrole would use, and show its source'
complete -c pgrole -n "__fish_pgrole_using_subcommand help; and __fish_seen_subcommand_from credential" -f -a "rotate" -d 'Give the admin credential itself a new password, and store it where the old one came from'
complete -c pgrole -n "__fish_pgrole_using_subcommand help; and __fish_seen_subcommand_from credential" -f -a "delete" -d 'Delete an admin credential or a channel\'s secret from the keyring'
complete -c pgrole -n "__fish_pgrole_using_subcommand help; and __fish_seen_subcommand_from user" -f -a "app" -d 'Create a login for an application server: SERVERNAME_PORT, readwrite'
complete -c pgrole -n "__fish_pgrole_using_subcommand help; and __fish_seen_subcommand_from user" -f -a "k8s" -d 'Create a login for a Kubernetes deployment: PREFIX_FARMNAME, readwrite'
complete -c pgrole -n "__fish_pgrole_using_subcommand help; and __fish_seen_subcommand_from user" -f -a "devqa" -d 'Create a login for development and test: readwrite'
complete -c pgrole -n "__fish_pgrole_using_subcommand help; and __fish_seen_subcommand_from user" -f -a "devlead" -d 'Create a login for a lead developer: readwrite, and CREATE in the schemas'
complete -c pgrole -n "__fish_pgrole_using_subcommand help; and __fish_seen_subcommand_from user" -f -a "readonly" -d 'Create a read-only login'
complete -c pgrole -n "__fish_pgrole_using_subcommand help; and __fish_seen_subcommand_from user" -f -a "dba" -d 'Create a login for a DBA: CREATEDB CREATEROLE, no connection limit, no access group'
complete -c pgrole -n "__fish_pgrole_using_subcommand help; and __fish_seen_subcommand_from user" -f -a "create" -d 'Create a login with any profile, including those in the config file; or all logins of a file'
complete -c pgrole -n "__fish_pgrole_using_subcommand help; and __fish_seen_subcommand_from user" -f -a "reset" -d 'Give an existing role a new password'
complete -c pgrole -n "__fish_pgrole_using_subcommand help; and __fish_seen_subcommand_from user" -f -a "lock" -d 'Stop a role: no new logins, and its sessions are ended'
complete -c pgrole -n "__fish_pgrole_using_subcommand help; and __fish_seen_subcommand_from user" -f -a "unlock" -d 'Let a role log in again that pgrole locked'
complete -c pgrole -n "__fish_pgrole_using_subcommand help; and __fish_seen_subcommand_from user" -f -a "drop" -d 'End a role on its cluster: lock it, settle what it owns and may in every database, drop it'
complete -c pgrole -n "__fish_pgrole_using_subcommand help; and __fish_seen_subcommand_from user" -f -a "search-path" -d 'Set a role\'s search path in one database'
complete -c pgrole -n "__fish_pgrole_using_subcommand help; and __fish_seen_subcommand_from user" -f -a "find" -d 'Find a role, by default on every active target'
complete -c pgrole -n "__fish_pgrole_using_subcommand help; and __fish_seen_subcommand_from user" -f -a "show" -d 'Show all about a role: attributes, access, what it owns, sessions; by default on every cluster that has it'
complete -c pgrole -n "__fish_pgrole_using_subcommand help; and __fish_seen_subcommand_from user" -f -a "list" -d 'List the logins on the targets'
complete -c pgrole -n "__fish_pgrole_using_subcommand help; and __fish_seen_subcommand_from user" -f -a "clone" -d 'Create a login like another one, on the same target or elsewhere, with a password of its own'
complete -c pgrole -n "__fish_pgrole_using_subcommand help; and __fish_seen_subcommand_from user" -f -a "set" -d 'Change a login\'s connection limit, end or profile'
complete -c pgrole -n "__fish_pgrole_using_subcommand help; and __fish_seen_subcommand_from user" -f -a "rename" -d 'Rename a role; what pgrole has on record of it follows'
complete -c pgrole -n "__fish_pgrole_using_subcommand help; and __fish_seen_subcommand_from user" -f -a "compare" -d 'Show in what two roles differ, on one target or on two: attributes, memberships, settings'
complete -c pgrole -n "__fish_pgrole_using_subcommand help; and __fish_seen_subcommand_from access" -f -a "grant" -d 'Give an existing login access to a database, or a higher level of it'
complete -c pgrole -n "__fish_pgrole_using_subcommand help; and __fish_seen_subcommand_from access" -f -a "revoke" -d 'Take access to a database away from a role: all of it, or one level'
complete -c pgrole -n "__fish_pgrole_using_subcommand help; and __fish_seen_subcommand_from access" -f -a "check" -d 'Check what access groups lack of their levels, and what they have beyond them; exit status 7 if anything'
complete -c pgrole -n "__fish_pgrole_using_subcommand help; and __fish_seen_subcommand_from access" -f -a "prepare" -d 'Create and complete a database\'s access groups, and revoke privileges beyond their level'
complete -c pgrole -n "__fish_pgrole_using_subcommand help; and __fish_seen_subcommand_from rotate" -f -a "status" -d 'Show the age of each password, whether it is due, and how its last change ended; connects to no server'
complete -c pgrole -n "__fish_pgrole_using_subcommand help; and __fish_seen_subcommand_from rotate" -f -a "adopt" -d 'Bring a role that was created elsewhere under rotation: the next run that rotates what is due changes its password'
complete -c pgrole -n "__fish_pgrole_using_subcommand help; and __fish_seen_subcommand_from recover" -f -a "list" -d 'List open password changes, and deliveries to stdout or the keyring in the last 24 hours'
complete -c pgrole -n "__fish_pgrole_using_subcommand help; and __fish_seen_subcommand_from recover" -f -a "run" -d 'Settle open password changes: find out which password is in force, and deliver it or record that nothing changed'
complete -c pgrole -n "__fish_pgrole_using_subcommand help; and __fish_seen_subcommand_from recover" -f -a "show" -d 'Show one password change'
complete -c pgrole -n "__fish_pgrole_using_subcommand help; and __fish_seen_subcommand_from recover" -f -a "ack" -d 'Acknowledge that the password has arrived; its sealed copy is scrubbed'
complete -c pgrole -n "__fish_pgrole_using_subcommand help; and __fish_seen_subcommand_from recover" -f -a "abort" -d 'Give up a password change: its sealed copy is scrubbed, the server is not changed'
complete -c pgrole -n "__fish_pgrole_using_subcommand help; and __fish_seen_subcommand_from audit" -f -a "list" -d 'List events, newest first'
complete -c pgrole -n "__fish_pgrole_using_subcommand help; and __fish_seen_subcommand_from audit" -f -a "show" -d 'Show one event: its SQL, and the SQL that would undo it'
complete -c pgrole -n "__fish_pgrole_using_subcommand help; and __fish_seen_subcommand_from audit" -f -a "export" -d 'Export all events, in the order of the log, for other programs'
complete -c pgrole -n "__fish_pgrole_using_subcommand help; and __fish_seen_subcommand_from audit" -f -a "checkpoint" -d 'Sign the current end of the log, as a checkpoint to keep elsewhere'
complete -c pgrole -n "__fish_pgrole_using_subcommand help; and __fish_seen_subcommand_from audit" -f -a "archive" -d 'Move old events into a signed file, and leave an event that says so'
complete -c pgrole -n "__fish_pgrole_using_subcommand help; and __fish_seen_subcommand_from audit" -f -a "verify" -d 'Verify that no event was altered, removed or inserted'
complete -c pgrole -n "__fish_pgrole_using_subcommand help; and __fish_seen_subcommand_from notify" -f -a "list" -d 'List the channels in the config file, and the messages queued for each'
complete -c pgrole -n "__fish_pgrole_using_subcommand help; and __fish_seen_subcommand_from notify" -f -a "test" -d 'Send a test message'
complete -c pgrole -n "__fish_pgrole_using_subcommand help; and __fish_seen_subcommand_from notify" -f -a "flush" -d 'Send all queued messages now, regardless of when they are due to be retried'
complete -c pgrole -n "__fish_pgrole_using_subcommand help; and __fish_seen_subcommand_from notify" -f -a "expiring" -d 'Find passwords that expire soon or have just expired, on all servers, and notify each channel once'
