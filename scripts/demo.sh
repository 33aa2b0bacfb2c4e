#!/usr/bin/env bash
# The main job on the example site, as a story: `make demo` runs it with .venv/bin first on PATH.
# Everything happens in a copy of the project, against the lab; nothing outside of it is touched.
set -euo pipefail

project=$(cd "$(dirname "$0")/.." && pwd)
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
cp -r "$project/sites" "$project/oceana-dr.yaml" "$copy"
cd "$copy"
unset OCEANA_DR_STATE
export OCEANA_DR_NO_CACHE=1

bold='' plain=''
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then bold=$'\033[1m' plain=$'\033[0m'; fi

tell() { printf '\n%s%s%s\n' "$bold" "$*" "$plain"; }
run() {
    printf '\n$ %s\n' "$*"
    "$@" 2>&1
}

tell "1. The estate of acme is described in sites/acme/site.yaml. Is it valid?"
run oceana-dr validate acme

tell "2. Data Center 1 takes the contacts, and everything is as the file says."
run oceana-dr plan acme

tell "3. A switchover is a one-line pull request."
sed -i.before 's/^operational: dc1/operational: dc2/' sites/acme/site.yaml
printf '\n$ diff site.yaml.before site.yaml\n'
diff sites/acme/site.yaml.before sites/acme/site.yaml || true

tell "4. What will happen, in which order, how long, at what cost, and where there is no way back."
run oceana-dr plan acme -o plan.json

tell "5. A second opinion: the file's digest, and the safety proof made again from the file alone."
run oceana-dr verify plan.json

tell "6. Apply it. The estate here is the lab: ten minutes pass in a second, and its crew works the consoles."
run oceana-dr lab crew acme on
run oceana-dr apply plan.json --yes --operator demo

tell "7. Afterwards there is nothing left to do."
run oceana-dr plan acme

tell "8. What the run did, planned against actual."
run oceana-dr report "$(oceana-dr history acme --format json | python -c 'import json, sys; print(json.load(sys.stdin)[-1]["run"])')"

tell "That was a whole planned switchover. Next: docs/tutorial/first-switchover.md does it by hand."
