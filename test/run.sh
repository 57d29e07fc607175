#!/bin/sh
# `npm test`: sets the machine up, then types, style and tests. Further arguments go to vitest (`npm test -- test/rules`);
# LONG=1 runs the long tests instead. The last line reads `N passed, N failed`: tests, plus one failure for each of types,
# style, a test file that could not be run and errors outside any test. Skipped tests are failures too, unless a name
# filter asked for them.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
cd "$root"
node=$(sh test/setup.sh) || {
  status=$?
  echo '0 passed, 1 failed'
  exit "$status"
}
PATH=$(dirname "$node"):$PATH
export PATH

results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

checks=0
check() {
  name=$1
  shift
  if "$@"; then
    echo "$name: ok"
  else
    echo "$name: failed" >&2
    checks=$((checks + 1))
  fi
}
check types "$node" node_modules/typescript/bin/tsc --noEmit
check style "$node" node_modules/@biomejs/biome/bin/biome check .

status=0
"$node" node_modules/vitest/vitest.mjs run \
  --reporter=default --reporter=json --outputFile.json="$results/report.json" "$@" || status=$?

"$node" test/summary.ts "$results/report.json" "$checks" "$status" "$@"
