#!/bin/sh
# Rewrites requirements/*.txt from setup.cfg: every version pinned, every file by its hash.
# uv resolves for all platforms at once; it lives in a throw-away environment and is no dependency.
# Settings of the machine (extra indexes, find-links) are shut out, or they would end in the lock.
set -eu

python=${1:-python3}
workshop=$(mktemp -d)
trap 'rm -rf "$workshop"' EXIT

unset PIP_FIND_LINKS PIP_INDEX_URL PIP_EXTRA_INDEX_URL UV_FIND_LINKS UV_INDEX_URL UV_EXTRA_INDEX_URL
export PIP_CONFIG_FILE=/dev/null

"$python" -m venv "$workshop"
"$workshop/bin/python" -m pip install --quiet --disable-pip-version-check uv

lock() {
    name=$1
    shift
    "$workshop/bin/uv" pip compile --no-config --quiet --upgrade --universal --python-version 3.11 \
        --generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
        "$@" setup.cfg requirements/build.in --output-file "requirements/$name.txt"
}

lock run --extra postgres --extra pdf
lock test --extra postgres --extra pdf --extra test --constraint requirements/run.txt
