# shellcheck shell=bash disable=SC2086 # lists of names are split on purpose
# Packages for tests/setup and tests/run; sourced by them. SPDX-License-Identifier: GPL-3.0-or-later
#
# A thing needed is a line "package probe...": the probe is a command that succeeds when the thing is there, so that
# nothing is installed twice and systems without apt-get work too.

packages_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null 2>&1; then
        sudo -n "$@"
    else
        return 1
    fi
}

# packages_missing LINES: prints the packages whose probe fails.
packages_missing() {
    local package probe
    while read -r package probe; do
        [ -n "$package" ] || continue
        sh -c "$probe" >/dev/null 2>&1 </dev/null || printf '%s\n' "$package"
    done <<<"$1"
}

packages_updated=no

# packages_install PACKAGE...: apt-get, without questions; false when that is impossible.
packages_install() {
    command -v apt-get >/dev/null 2>&1 || return 1
    if [ "$packages_updated" = no ]; then
        packages_root apt-get -qq update </dev/null || return 1
        packages_updated=yes
    fi
    packages_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends \
        -o Dpkg::Use-Pty=0 "$@" </dev/null >/dev/null
}

# packages_need LINES: installs what is missing; says what to do and returns 1 when it still is.
packages_need() {
    local missing
    missing=$(packages_missing "$1")
    [ -n "$missing" ] || return 0
    echo "installing:" $missing
    packages_install $missing || echo "apt-get could not install all of:" $missing >&2
    missing=$(packages_missing "$1")
    [ -z "$missing" ] && return 0
    echo "missing:" $missing >&2
    echo "Install these packages (Debian names) as root, then run this again." >&2
    return 1
}

# packages_want LINES: the same for things that are not needed: a word, never a failure.
packages_want() {
    local package missing
    missing=$(packages_missing "$1")
    [ -n "$missing" ] || return 0
    echo "installing if possible:" $missing
    packages_install $missing || for package in $missing; do
        packages_install "$package" || true
    done
    for package in $(packages_missing "$1"); do
        echo "$package cannot be installed: done without, and tests that need it are skipped"
    done
}
