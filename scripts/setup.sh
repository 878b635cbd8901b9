#!/usr/bin/env bash
# Puts in place what `make run` needs, with --tests what `make test` needs, and with --bench what the benchmarks
# need. Asks nothing, and is quick when nothing is missing. Debian packages are installed only as root or where
# sudo needs no password.
set -euo pipefail
cd "$(dirname "$0")/.."
export LC_ALL=C.UTF-8 PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"

requirements=requirements.txt
[ "${1:-}" = --tests ] && requirements=requirements-dev.txt
[ "${1:-}" = --bench ] && requirements=requirements-bench.txt

say() { printf '%s\n' "$*"; }
fail() { printf 'setup: %s\n' "$*" >&2; exit 1; }

# The first Python of at least 3.11 that really starts; a shim may be there and not start.
find_python() {
    local name
    for name in python3.11 python3 /usr/bin/python3; do
        "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { command -v "$name"; return; }
    done
    return 1
}

# A stamp in .venv names what was installed; it is written last, so that a broken installation is done again.
fingerprint() { cat requirements.txt "$1" | sha256sum; }
stamp_of() { echo ".venv/.installed-$1"; }
venv_is_ready() {
    .venv/bin/python -c '' 2>/dev/null && [ "$(cat "$(stamp_of "$requirements")" 2>/dev/null)" = "$(fingerprint "$requirements")" ]
}

needed_packages() {
    echo libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 libmagic1 gettext
    if [ "$requirements" = requirements-dev.txt ]; then
        echo chromium postgresql fonts-noto-cjk libreoffice-writer-nogui
    fi
    if [ "$requirements" = requirements-bench.txt ]; then
        echo chromium libreoffice-writer-nogui python3-uno
    fi
    venv_is_ready && return
    # psycopg2 comes as source and is compiled.
    echo gcc libc6-dev libpq-dev
    local python
    if ! python=$(find_python); then
        echo python3 python3-venv python3-dev
        return
    fi
    "$python" -c 'import ensurepip, venv' 2>/dev/null || echo python3-venv
    "$python" -c 'import os, sysconfig as s; open(os.path.join(s.get_path("include"), "Python.h"))' 2>/dev/null ||
        echo python3-dev
}

# Prints those of the named packages that are not installed.
missing_of() {
    local installed
    installed=$(dpkg-query -W -f='${db:Status-Abbrev}${Package}\n' "$@" 2>/dev/null | sed -n 's/^ii *//p' || true)
    printf '%s\n' "$@" | grep -vxF "${installed:-none}" || true
}

as_root() {
    if [ "$(id -u)" = 0 ]; then env DEBIAN_FRONTEND=noninteractive "$@"; else sudo -n env DEBIAN_FRONTEND=noninteractive "$@"; fi
}
may_install() { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }

install_packages() {
    command -v dpkg-query >/dev/null || fail "this needs Debian 12 or a relative of it: dpkg-query was not found"
    local missing
    missing=$(missing_of $(needed_packages) | sort -u | xargs)
    [ -n "$missing" ] || return 0
    may_install || fail "Debian packages are missing, install them with: sudo apt-get install -y $missing"
    say "Installing Debian packages: $missing"
    mkdir -p var
    # A source that cannot be reached need not be the one that is needed: only the installation decides.
    as_root apt-get update -q >var/apt.log 2>&1 || true
    as_root apt-get install -y -q --no-install-recommends -o DPkg::Lock::Timeout=300 $missing >>var/apt.log 2>&1 ||
        { tail -n 15 var/apt.log >&2; fail "apt-get could not install: $missing (all it said is in var/apt.log)"; }
}

install_python_packages() {
    venv_is_ready && return
    local python
    python=$(find_python) || fail "Python 3.11 or newer was not found"
    if ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
        say "Making the virtual environment .venv"
        "$python" -m venv --clear .venv
    fi
    say "Installing Python packages of $requirements (some minutes the first time)"
    .venv/bin/python -m pip install -qq --no-input --disable-pip-version-check -r "$requirements" ||
        fail "pip could not install $requirements"
    # The larger set holds the smaller one.
    local done_with
    for done_with in requirements.txt "$requirements"; do fingerprint "$done_with" >"$(stamp_of "$done_with")"; done
}

fetch_fonts() {
    local fetch=(.venv/bin/python scripts/fetch_fonts.py var/fonts)
    "${fetch[@]}" 2>/dev/null && return
    # apt-get may know no package yet, as on a new machine, or only old ones: ask again with a fresh list.
    if may_install; then as_root apt-get update -q >>var/apt.log 2>&1 || true; fi
    "${fetch[@]}" || exit 1
}

compile_messages() {
    local po
    find locale -name '*.po' | while read -r po; do
        [ "${po%.po}.mo" -nt "$po" ] || msgfmt -o "${po%.po}.mo" "$po" || fail "$po cannot be compiled"
    done
}

install_packages
install_python_packages
mkdir -p var
fetch_fonts
compile_messages
