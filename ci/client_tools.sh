#!/usr/bin/env bash
# Libraries of client programs, with which the tests drive an instance (tests/clients), in target/ci/clients.
set -euo pipefail
cd "$(dirname "$0")/.."

venv=target/ci/clients
pins=ci/requirements-clients.txt
export PIP_DISABLE_PIP_VERSION_CHECK=1
if cmp -s "$pins" "$venv/pins.txt"; then
  echo "client libraries: as pinned"
  exit
fi
rm -rf "$venv"
python3 -m venv "$venv"
if ! "$venv/bin/pip" install --quiet --no-input --no-deps --only-binary :all: --requirement "$pins"; then
  rm -rf "$venv"
  echo "the client libraries could not be had from PyPI: no client drives the tests, so this fails" >&2
  exit 1
fi
cp "$pins" "$venv/pins.txt"
echo "client libraries: installed"
