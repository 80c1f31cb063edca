#!/usr/bin/env bash
# What can be said of the files themselves, without building anything or asking a network.
set -euo pipefail
cd "$(dirname "$0")/.."

# A checkout that belongs to somebody else than who runs this (root in a container) is still this checkout.
export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0=$PWD

failed=0
problem() {
  echo "offline check: $1" >&2
  failed=1
}

mapfile -t files < <(git ls-files)
(( ${#files[@]} > 0 )) || { problem "no files: is this a git checkout?"; exit 1; }

for file in "${files[@]}"; do
  [[ -s $file ]] || problem "$file is empty"
  case $file in
    *.sh | .ci/run)
      bash -n "$file" || problem "$file is no valid script"
      [[ -x $file ]] || problem "$file cannot be run"
      ;;
  esac
done

# Conflict markers and white space at the ends of lines, in what people write.
git diff --check "$(git hash-object -t tree /dev/null)" HEAD -- '*.rs' '*.md' '*.toml' '*.sh' '*.yml' '*.html' '*.ftl' \
  || problem "white space or conflict markers, see above"

# What is left to do stands in an issue.
if git grep -nE '\b(TODO|FIXME|XXX)\b' -- '*.rs' '*.html' '*.ftl' | grep -vE 'TODO\(#[0-9]+\)'; then
  problem "a TODO without its issue, as in TODO(#12), see above"
fi

for file in README.md LICENSE CHANGELOG.md CONTRIBUTING.md FEDERATION.md SECURITY.md docs/architecture.md; do
  [[ -s $file ]] || problem "$file is missing"
done
grep -q '^## \[Unreleased\]' CHANGELOG.md || problem "CHANGELOG.md has no [Unreleased] section"

target/ci/venv/bin/python ci/check_files.py || problem "see above"
exit "$failed"
