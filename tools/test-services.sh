#!/bin/sh
# Installs what the tests can use beyond Python, where it is missing: a browser, PostgreSQL, fonts.
# Only on Debian and its kin, only as root; elsewhere it says what to install and changes nothing.
set -eu

wanted=""
command -v chromium >/dev/null || command -v google-chrome >/dev/null || wanted="$wanted chromium"
command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || wanted="$wanted postgresql"
[ -d /usr/share/fonts/truetype/dejavu ] || wanted="$wanted fonts-dejavu-core"

if [ -z "$wanted" ]; then
    echo "Browser, PostgreSQL and fonts are there."
elif ! command -v apt-get >/dev/null; then
    echo "Missing:$wanted. Install the packages of these names (or your system's) and try again." >&2
    exit 1
elif [ "$(id -u)" -ne 0 ]; then
    echo "Missing:$wanted. As root: apt-get install$wanted" >&2
    exit 1
else
    export DEBIAN_FRONTEND=noninteractive
    apt-get update --quiet
    apt-get install --yes --no-install-recommends $wanted
fi
