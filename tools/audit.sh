#!/bin/sh
# What runs in production, looked at from outside: licences, a bill of materials (CycloneDX), known holes.
# Needs the network. The tools live in a throw-away environment and are no dependency.
set -eu

python=${1:-python3}
workshop=$(mktemp -d)
trap 'rm -rf "$workshop"' EXIT
mkdir -p var/audit
packages=$(sed -n 's/^\([A-Za-z0-9._-]*\)==.*/\1/p' requirements/run.txt)

"$python" -m venv "$workshop"
"$workshop/bin/python" -m pip install --quiet --disable-pip-version-check pip-audit pip-licenses cyclonedx-bom

licences() {
    "$workshop/bin/pip-licenses" --python=.venv/bin/python --from=mixed --packages $packages "$@"
}
echo "Licences (each with its address: var/audit/licences.txt)"
licences --with-urls >var/audit/licences.txt
licences --summary

echo "Bill of materials: var/audit/sbom.json"
"$workshop/bin/cyclonedx-py" requirements requirements/run.txt --output-file var/audit/sbom.json

echo "Known holes (a package that cannot be looked up fails the audit)"
"$workshop/bin/pip-audit" --strict --require-hashes --disable-pip --requirement requirements/run.txt
