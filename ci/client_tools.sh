#!/usr/bin/env bash
# Libraries of client programs, with which the tests drive an instance (tests/clients): those of Python in
# target/ci/clients, those of Node beside the scripts.
set -euo pipefail
cd "$(dirname "$0")/.."

venv=target/ci/clients
pins=ci/requirements-clients.txt
export PIP_DISABLE_PIP_VERSION_CHECK=1
if cmp -s "$pins" "$venv/pins.txt"; then
  echo "client libraries of Python: as pinned"
else
  rm -rf "$venv"
  python3 -m venv "$venv"
  if ! "$venv/bin/pip" install --quiet --no-input --no-deps --only-binary :all: --requirement "$pins"; then
    rm -rf "$venv"
    echo "the client libraries could not be had from PyPI: no client drives the tests, so this fails" >&2
    exit 1
  fi
  cp "$pins" "$venv/pins.txt"
  echo "client libraries of Python: installed"
fi

# Node looks for libraries beside the scripts.
cd tests/clients
if cmp -s package-lock.json node_modules/pins.json; then
  echo "client libraries of Node: as pinned"
else
  if ! npm ci --silent --ignore-scripts --no-audit --no-fund; then
    rm -rf node_modules
    echo "the client libraries could not be had from npm: no client drives the tests, so this fails" >&2
    exit 1
  fi
  cp package-lock.json node_modules/pins.json
  echo "client libraries of Node: installed"
fi
