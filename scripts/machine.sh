# shellcheck shell=bash
# What scripts/test and scripts/demo need on the machine: packages, Rust, a PostgreSQL server and an account to run it.
# Sourced by scripts that run in the repository's top folder.

# Prints a command as it could be typed, and runs it.
run() {
    {
        printf '\n$'
        show_words "$@"
        printf '\n'
    } >&2
    "$@"
}

# Prints words, quoted if a shell needs that; printf's own %q would use backslashes.
show_words() {
    local word
    for word in "$@"; do
        case $word in
            '' | *[!A-Za-z0-9_./:=@%+,-]*) word="'${word//\'/\'\\\'\'}'" ;;
        esac
        printf ' %s' "$word"
    done
}

fail() {
    printf 'error: %s\n' "$1" >&2
    shift
    for hint in "$@"; do printf 'hint: %s\n' "$hint" >&2; done
    exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

is_root() { [ "$(id -u)" = 0 ]; }

# --- packages

# Installs whatever is missing: "server" is a PostgreSQL server, "aiosmtpd" a mail server for Debian's own
# Python, "python-venv" what Python needs to install programs from PyPI, anything else a program on PATH.
require() {
    local wanted missing=()
    for wanted in "$@"; do
        case $wanted in
            server) [ -n "$(server_folder newest)" ] || missing+=(server) ;;
            psql) [ -n "$(psql_program)" ] || missing+=(psql) ;;
            bash-completion) [ -r /usr/share/bash-completion/bash_completion ] || missing+=(bash-completion) ;;
            aiosmtpd) /usr/bin/python3 -c 'import aiosmtpd' 2>/dev/null || missing+=(aiosmtpd) ;;
            python-venv) python3 -c 'import ensurepip, venv' 2>/dev/null || missing+=(python-venv) ;;
            pgbouncer) have pgbouncer || [ -x /usr/sbin/pgbouncer ] || missing+=(pgbouncer) ;;
            *) have "$wanted" || missing+=("$wanted") ;;
        esac
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    if have apt-get; then
        install_debian_packages "${missing[@]}"
    elif have dnf; then
        install_fedora_packages "${missing[@]}"
    elif have brew; then
        install_homebrew_packages "${missing[@]}"
    else
        fail "not installed: ${missing[*]}" "install them, or Homebrew on macOS, and run this again"
    fi
}

install_debian_packages() {
    local wanted packages=()
    for wanted in "$@"; do
        case $wanted in
            server) packages+=(postgresql) ;;
            psql) packages+=(postgresql-client) ;;
            cc) packages+=(gcc libc6-dev) ;;
            gnome-keyring-daemon) packages+=(gnome-keyring) ;;
            dbus-run-session) packages+=(dbus) ;;
            secret-tool) packages+=(libsecret-tools) ;;
            ssh-keygen) packages+=(openssh-client) ;;
            ip) packages+=(iproute2) ;;
            unshare) packages+=(util-linux) ;;
            systemd-analyze) packages+=(systemd) ;;
            aiosmtpd) packages+=(python3-aiosmtpd) ;;
            kubectl) packages+=(kubernetes-client) ;;
            python-venv) packages+=(python3-venv) ;;
            man) packages+=(man-db) ;;
            musl-gcc) packages+=(musl-tools) ;;
            pdftotext) packages+=(poppler-utils) ;;
            dpkg-shlibdeps) packages+=(dpkg-dev) ;;
            *) packages+=("$wanted") ;;
        esac
    done
    case " $* " in *" server "*) forbid_main_cluster ;; esac
    as_root apt-get update -q
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${packages[@]}"
    allow_main_cluster
    case " $* " in *" pgbouncer "*) stop_pgbouncer_service ;; esac
}

# Fedora and its derivatives; their packages start no service.
install_fedora_packages() {
    local wanted packages=()
    for wanted in "$@"; do
        case $wanted in
            server) packages+=(postgresql-server postgresql-contrib) ;;
            psql) packages+=(postgresql) ;;
            cc) packages+=(gcc) ;;
            sqlite3) packages+=(sqlite) ;;
            gnome-keyring-daemon) packages+=(gnome-keyring) ;;
            dbus-run-session) packages+=(dbus-daemon) ;;
            secret-tool) packages+=(libsecret) ;;
            faketime) packages+=(libfaketime) ;;
            ssh-keygen) packages+=(openssh) ;;
            ip) packages+=(iproute) ;;
            unshare) packages+=(util-linux) ;;
            systemd-analyze) packages+=(systemd) ;;
            aiosmtpd) packages+=(python3-aiosmtpd) ;;
            kubectl) packages+=(kubernetes-client) ;;
            python-venv) packages+=(python3) ;;
            npm) packages+=(nodejs-npm) ;;
            man) packages+=(man-db) ;;
            musl-gcc) packages+=(musl-gcc musl-devel) ;;
            pdftotext) packages+=(poppler-utils) ;;
            dpkg-shlibdeps) packages+=(dpkg-dev) ;;
            *) packages+=("$wanted") ;;
        esac
    done
    as_root dnf install -y "${packages[@]}"
}

install_homebrew_packages() {
    local wanted packages=()
    for wanted in "$@"; do
        case $wanted in
            server | psql) packages+=(postgresql@18) ;;
            cc) fail "no C compiler" "xcode-select --install" ;;
            sqlite3) packages+=(sqlite) ;;
            npm) packages+=(node) ;;
            *) packages+=("$wanted") ;;
        esac
    done
    run brew install "${packages[@]}"
}

as_root() {
    if is_root; then
        run "$@"
    elif have sudo; then
        run sudo "$@"
    else
        fail "this needs root: $*" "run it as root, then this again"
    fi
}

# Debian's package creates a cluster and starts it at every boot, which nobody asked for here.
forbid_main_cluster() {
    as_root mkdir -p "${NO_MAIN_CLUSTER%/*}"
    echo 'create_main_cluster = false' | as_root tee "$NO_MAIN_CLUSTER" >/dev/null
}

allow_main_cluster() {
    [ ! -e "$NO_MAIN_CLUSTER" ] || as_root rm "$NO_MAIN_CLUSTER"
}

# Its package starts it at every boot, which nobody asked for either.
stop_pgbouncer_service() {
    [ ! -d /run/systemd/system ] || as_root systemctl disable --now pgbouncer
}

NO_MAIN_CLUSTER=/etc/postgresql-common/createcluster.d/pgrole.conf

# --- Rust

# Ensures that cargo is at least of the version in Cargo.toml.
require_rust() {
    local wanted found
    wanted=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
    have cargo || PATH="$HOME/.cargo/bin:$PATH"
    found=$(cargo --version 2>/dev/null | cut -d' ' -f2) || found=none
    if [ "$found" = none ] || ! is_at_least "$wanted" "$found"; then
        have rustup || install_rustup "$wanted" "$found"
        confirm "cargo is $found, at least $wanted is needed: install the newest with rustup?" \
            "rustup toolchain install stable && rustup default stable"
        run rustup toolchain install stable --profile default
        run rustup default stable
    fi
}

# Ensures that the named cargo commands exist.
require_cargo_commands() {
    local component
    for component in "$@"; do
        cargo "$component" --version >/dev/null 2>&1 && continue
        have rustup || fail "cargo $component is not installed" "install it as you installed cargo"
        case $component in fmt) component=rustfmt ;; esac
        run rustup component add "$component"
    done
}

# The package manager's rustup; Debian has one from 13 on.
install_rustup() {
    local by_hand="install Rust $1 or newer as described on https://rustup.rs, and run this again"
    if have apt-get && apt-cache show rustup >/dev/null 2>&1; then
        confirm "cargo is $2, at least $1 is needed: install rustup?" "apt-get install rustup"
        as_root apt-get install -q -y rustup
    elif have dnf; then
        confirm "cargo is $2, at least $1 is needed: install rustup?" "dnf install rustup"
        as_root dnf install -y rustup
        run rustup-init -y --profile default
        PATH="$HOME/.cargo/bin:$PATH"
    elif have brew; then
        confirm "cargo is $2, at least $1 is needed: install rustup?" "brew install rustup"
        run brew install rustup
        PATH="$(brew --prefix rustup)/bin:$PATH"
    else
        fail "cargo is $2, at least $1 is needed" "$by_hand"
    fi
}

# Prints the folder that cargo builds into.
target_folder() {
    cargo metadata --format-version 1 --no-deps --locked | sed 's/.*"target_directory":"\([^"]*\)".*/\1/'
}

is_at_least() {
    [ "$(printf '%s\n%s\n' "$1" "$2" | sort -t . -k 1,1n -k 2,2n -k 3,3n | head -n 1)" = "$1" ]
}

# Asks for consent; PGROLE_YES=1 gives it, for example if nobody can answer.
confirm() {
    local answer=
    [ "${PGROLE_YES:-}" != 1 ] || return 0
    if [ -z "${CI:-}" ] && [ -t 0 ]; then
        read -r -p "$1 [y/N] " answer
    fi
    case $answer in
        [yY]*) ;;
        *) fail "not done without consent: $1" "$2" "or run this again with PGROLE_YES=1" ;;
    esac
}

# --- PostgreSQL

# Prints the folder of a server's programs, of the major version or of the newest installed one (PGROLE_TEST_PG_BIN, if
# that is set); nothing if there is none. tests/it/harness/servers.rs looks in the same places.
server_folder() {
    local wanted=$1 folder version best=
    while read -r folder; do
        version=$(server_version "$folder") || continue
        if [ "$wanted" != newest ]; then
            [ "${version%%[!0-9]*}" != "$wanted" ] || { real_folder "$folder"; return; }
        elif [ "$folder" = "${PGROLE_TEST_PG_BIN:-}" ]; then
            real_folder "$folder"
            return
        elif [ -z "$best" ] || is_at_least "${best%% *}" "$version"; then
            best="$version $folder"
        fi
    done < <(server_folder_candidates)
    [ -z "$best" ] || real_folder "${best#* }"
}

server_folder_candidates() {
    [ -z "${PGROLE_TEST_PG_BIN:-}" ] || echo "$PGROLE_TEST_PG_BIN"
    pg_config --bindir 2>/dev/null || true
    printf '%s\n' "$PATH" | tr : '\n'
    ls -d /usr/lib/postgresql/*/bin /opt/homebrew/opt/postgresql@*/bin /usr/local/opt/postgresql@*/bin 2>/dev/null || true
}

# Fails if a program is missing or does not run here.
server_version() {
    local folder answer
    folder=$(real_folder "$1") && [ -x "$folder/initdb" ] && [ -x "$folder/pg_ctl" ] || return 1
    answer=$("$folder/postgres" --version 2>/dev/null) || return 1
    answer=${answer#*(PostgreSQL) }
    printf '%s\n' "${answer%% *}"
}

# A link in /usr/local/bin points to a folder that contains the other programs too.
real_folder() {
    local program
    [ -x "$1/postgres" ] && program=$(readlink -f "$1/postgres") && printf '%s\n' "${program%/*}"
}

# Prints the psql program itself if it can be found: Debian's on PATH is a wrapper.
psql_program() {
    local folder
    folder=$(server_folder newest)
    if [ -n "$folder" ] && [ -x "$folder/psql" ]; then
        echo "$folder/psql"
    else
        command -v psql || true
    fi
}

# Prints the account that a server runs under: an unprivileged one if we are root, as which PostgreSQL refuses to run.
server_account() {
    local account
    is_root || { id -un; return; }
    for account in postgres nobody; do
        if id "$account" >/dev/null 2>&1; then
            echo "$account"
            return
        fi
    done
    fail "root, and neither \"postgres\" nor \"nobody\" exists to run a server as"
}

# Runs a command under that account, from a folder that it can enter.
as_server_account() {
    if is_root; then
        if have runuser; then set -- runuser -u "$(server_account)" -- "$@"; else set -- sudo -u "$(server_account)" -- "$@"; fi
    fi
    (cd / && exec "$@")
}

# --- releases

# Builds the program as it is released: no path of this machine is in it.
build_release() {
    local cargo_home=${CARGO_HOME:-$HOME/.cargo}
    export RUSTFLAGS="${RUSTFLAGS:-} --remap-path-prefix=$PWD=/pgrole --remap-path-prefix=$cargo_home=/cargo"
    run cargo build --release --locked
}
