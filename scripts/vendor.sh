#!/usr/bin/env bash
# Fetch the pinned front-end packages of package.json and copy only what the pages load, each with its licence,
# to static/vendor (committed, so that running the application needs no npm).
set -euo pipefail

root="$(cd "$(dirname "$0")/.." && pwd)"
vendor="$root/static/vendor"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

command -v npm >/dev/null || { echo "vendor: npm is missing; install it with: apt-get install npm" >&2; exit 1; }

cp "$root/package.json" "$work/"
# No lock file: it would write the address of the package source into the repository; the pins are exact.
npm install --prefix "$work" --no-package-lock --ignore-scripts --no-audit --no-fund --loglevel=error

# take PACKAGE FILE...: the files lose their line naming a source map, which is not shipped.
take() {
    local package="$1" from="$work/node_modules/$1" to="$vendor/$1"
    shift
    rm -rf "$to"
    mkdir -p "$to"
    cp "$from/LICENSE" "$to/LICENSE"
    for file in "$@"; do
        sed '/sourceMappingURL=/d' "$from/dist/$file" >"$to/$(basename "$file")"
    done
    echo "vendor: $package $(node -p "require('$from/package.json').version")"
}

take bootstrap css/bootstrap.min.css
take htmx.org htmx.min.js
