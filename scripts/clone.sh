#!/usr/bin/env bash
# The README's two commands in a fresh clone of what is committed, in its order: `npm run check:clone`. What they write
# must leave the clone clean.
set -euo pipefail
cd "$(dirname "$0")/.."
NNDRONE_DATA=$(realpath -m "${NNDRONE_DATA:-../shared/data}")
export NNDRONE_DATA
clone=$(mktemp -d)
trap 'rm -rf "$clone"' EXIT
git clone --quiet . "$clone"
cd "$clone"
(npm ci && npm start)
npm cit
left=$(git status --porcelain)
[ -z "$left" ] || { echo "the README's commands leave files that git does not ignore:"; echo "$left"; exit 1; }
