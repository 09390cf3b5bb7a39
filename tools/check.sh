#!/bin/sh
# Every check that needs no running server, by name: `./run check` runs all, `./run check lint types` some.
# All of them run even where one fails; the exit code is that of the worst.
set -u
bin=.venv/bin
PATH="$PWD/$bin:$PATH"
ALL="format lint types imports proto breaking generated typescript locks words shell docker compose"

format() { ruff format --check .; }
lint() { ruff check --quiet .; }
types() { mypy --no-error-summary; }
imports() { lint-imports --no-logo >"$scratch/imports" 2>&1 || { cat "$scratch/imports"; false; }; }
proto() { buf lint && buf format --diff --exit-code proto; }

# Against the last release; before the first one, against the last commit.
breaking() {
    against=$(git describe --tags --abbrev=0 --match 'v*' 2>/dev/null || echo HEAD)
    if ! git cat-file -e "$against:proto/fillwire/v1" 2>/dev/null; then
        echo "  $against holds no contract yet: nothing to break"
        return
    fi
    buf breaking proto --against ".git#ref=$against,subdir=proto"
}

generated() {
    sh tools/proto.sh "$scratch/generated" || return
    python -m tools.openapi "$scratch/openapi.json" || return
    if diff -r -x __pycache__ "$scratch/generated/fillwire/v1" client/fillwire/v1 &&
        diff "$scratch/openapi.json" bridge/fillwire_bridge/rest/openapi.json; then return; fi
    echo "  what is generated is not what proto/ says: ./run proto"
    false
}

# The package and the dashboard's modules, by TypeScript; whoever has no Node.js leaves it to CI.
typescript() {
    if ! command -v npm >/dev/null && [ -z "${CI:-}" ]; then
        echo "  no npm here: left out"
        return
    fi
    sh tools/typescript.sh "$scratch/typescript" || return
    if ! diff -r "$scratch/typescript" typescript/src/gen; then
        echo "  typescript/src/gen is not what proto/ says: ./run proto"
        return 1
    fi
    npm --prefix typescript run --silent check
}

# A lock names versions and hashes. An address in it would tie everyone to one package index.
locks() {
    ! grep -nE '://|--(extra-)?index|--find-links' requirements.lock requirements-dev.lock &&
        ! grep -nE '"resolved"' typescript/package-lock.json
}

# A tracked file names no path of the machine it was written on.
words() { ! git grep -nIE '(^|[^[:alnum:]_.])/(work|root|home/[a-z]+)/'; }

shell() { shellcheck run tools/*.sh .ci/run; }
docker() { hadolint Dockerfile; }
compose() { docker-compose --env-file .env.example -f docker-compose.yml config -q; }

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
# shellcheck disable=SC2086  # a list of names
[ $# -gt 0 ] || set -- $ALL
failed=''
for name in "$@"; do
    echo "check: $name"
    "$name" || failed="$failed $name"
done
[ -z "$failed" ] || { echo "failed:$failed" >&2; exit 1; }
