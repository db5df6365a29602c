#!/bin/sh
# One line on what is missing to make .venv, and the way out.
for python in python3.13 python3.12 python3.11 python3; do
    if $python -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
        echo "$python cannot make a virtual environment: install its venv module (Debian, Ubuntu: apt-get install python3-venv)." >&2
        exit
    fi
done
found=$(python3 --version 2>&1) || found="none"
echo "Python 3.11 or newer is needed (found: $found): install it (Debian 12, Ubuntu 24.04: apt-get install python3 python3-venv)." >&2
