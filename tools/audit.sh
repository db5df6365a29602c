#!/bin/sh
# What runs in production, looked at from outside: known holes, licences, and a bill of materials (CycloneDX).
# Needs the network. The tools live in a throw-away environment and are no dependency.
set -eu

python=${1:-python3}
workshop=$(mktemp -d)
trap 'rm -rf "$workshop"' EXIT
mkdir -p var/audit

"$python" -m venv "$workshop"
"$workshop/bin/python" -m pip install --quiet --disable-pip-version-check pip-audit pip-licenses cyclonedx-bom

echo "Licences (var/audit/licences.txt)"
"$workshop/bin/pip-licenses" --python=.venv/bin/python --from=mixed --with-urls --output-file=var/audit/licences.txt
"$workshop/bin/pip-licenses" --python=.venv/bin/python --from=mixed --summary

echo "Bill of materials (var/audit/sbom.json)"
"$workshop/bin/cyclonedx-py" requirements requirements/run.txt --output-file var/audit/sbom.json

echo "Known holes"
"$workshop/bin/pip-audit" --require-hashes --disable-pip --requirement requirements/run.txt
