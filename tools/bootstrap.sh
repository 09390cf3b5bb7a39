#!/bin/sh
# Makes .tools/bin/uv and an empty .venv from the python3 of this machine; does nothing where both work.
# Never installs into the system's Python: Debian marks that one as externally managed (PEP 668).
set -eu
UV_VERSION=0.13.8

python=''
for name in python3 python3.13 python3.12 python3.11; do
    if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python=$name; break; fi
done
if [ -z "$python" ]; then
    echo "fillwire needs python3 >= 3.11, for example: apt-get install python3 python3-venv" >&2
    exit 1
fi

if [ "$(.tools/bin/uv --version 2>/dev/null | cut -d' ' -f2)" != "$UV_VERSION" ]; then
    # Without python3-venv there is no ensurepip, but the system's pip can fill a pip-less environment.
    "$python" -m venv --clear .tools >/dev/null 2>&1 || "$python" -m venv --clear --without-pip .tools
    if [ -x .tools/bin/pip ]; then
        .tools/bin/python -m pip -q --disable-pip-version-check install "uv==$UV_VERSION"
    elif "$python" -m pip --version >/dev/null 2>&1; then
        "$python" -m pip --python .tools/bin/python -q --disable-pip-version-check install "uv==$UV_VERSION"
    else
        echo "this python3 has neither venv nor pip: apt-get install python3-venv" >&2
        exit 1
    fi
fi

.venv/bin/python -c '' 2>/dev/null || .tools/bin/uv venv -q --clear --python "$python" .venv
