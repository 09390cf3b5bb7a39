#!/bin/sh
# Installs what typescript/package-lock.json names into typescript/node_modules; does nothing where it is there.
set -eu
cd typescript
# The path belongs to the stamp: what npm installs does not survive being copied elsewhere.
stamp=$(pwd; node --version; cksum package.json package-lock.json)
if [ -f node_modules/.stamp ] && [ "$stamp" = "$(cat node_modules/.stamp)" ]; then exit; fi
npm ci --silent --no-progress
printf '%s\n' "$stamp" > node_modules/.stamp
