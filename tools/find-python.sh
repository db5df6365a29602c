#!/bin/sh
# Prints the first Python that can make .venv; where there is none, one line on what is missing, and the way out.
too_old='import sys; sys.exit(sys.version_info < (3, 11))'
candidates="python3.13 python3.12 python3.11 python3"

for python in $candidates; do
    $python -c "import ensurepip; $too_old" >/dev/null 2>&1 && echo "$python" && exit
done
for python in $candidates; do
    $python -c "$too_old" >/dev/null 2>&1 || continue
    echo "$python cannot make a virtual environment: install its venv module (Debian, Ubuntu: apt-get install python3-venv)." >&2
    exit 1
done
found=$(python3 --version 2>/dev/null) || found=none
echo "Python 3.11 or newer is needed (found: $found): install it (Debian 12, Ubuntu 24.04: apt-get install python3 python3-venv)." >&2
exit 1
