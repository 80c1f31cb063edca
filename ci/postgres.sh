#!/usr/bin/env bash
# A PostgreSQL server for tests: on a free loopback port, in a directory of its own, gone afterwards.
#   have        whether PostgreSQL's programs are on this machine
#   start DIR   makes and starts a server in the empty directory DIR; prints its URL
#   stop DIR    stops it and removes DIR
set -euo pipefail

# Debian keeps the programs by version, outside of PATH; the newest is taken.
programs() {
  local found
  found=$(find /usr/lib/postgresql -mindepth 3 -maxdepth 3 -path '*/bin/initdb' 2>/dev/null | sort -V | tail -n 1)
  if [[ -z $found ]]; then found=$(command -v initdb || true); fi
  [[ -n $found ]] && dirname "$found"
}

# PostgreSQL refuses to run as root.
unprivileged() {
  if (( EUID == 0 )); then runuser -u "$(account)" -- "$@"; else "$@"; fi
}

account() {
  if getent passwd postgres >/dev/null; then echo postgres; else echo nobody; fi
}

# Below the ports that the system gives out by itself, so that nobody is given it in the meantime.
free_port() {
  local port
  while :; do
    port=$((20000 + RANDOM % 12000))
    if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then echo "$port"; return; fi
  done
}

start() {
  local dir=$1 bin port password options
  bin=$(programs)
  port=$(free_port)
  password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  umask 077
  printf '%s\n' "$password" >"$dir/password"
  if (( EUID == 0 )); then chown -R "$(account)" "$dir"; fi
  # No sync: these data are to be thrown away.
  options="-c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories=$dir"
  options+=" -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200"
  # Nor anything to repeat: the log of a thousand small databases would take a gigabyte.
  options+=" -c wal_level=minimal -c max_wal_senders=0 -c max_wal_size=128MB"
  (
    cd /
    unprivileged "$bin/initdb" --pgdata "$dir/data" --username polylogue --pwfile "$dir/password" \
      --auth scram-sha-256 --encoding UTF8 --locale C --no-sync
    unprivileged "$bin/pg_ctl" start --pgdata "$dir/data" --options "$options" --log "$dir/log" --wait
  ) >"$dir.out" 2>&1 || { cat "$dir.out" "$dir/log" >&2 || true; rm -f "$dir.out"; return 1; }
  rm -f "$dir.out"
  echo "postgres://polylogue:$password@127.0.0.1:$port/postgres"
}

stop() {
  local dir=$1 bin
  bin=$(programs)
  if [[ -f $dir/data/postmaster.pid ]]; then
    (cd / && unprivileged "$bin/pg_ctl" stop --pgdata "$dir/data" --mode immediate --silent)
  fi
  rm -rf "$dir"
}

case "${1:-} $#" in
  "have 1") programs >/dev/null ;;
  "start 2") start "$2" ;;
  "stop 2") stop "$2" ;;
  *) echo "usage: ci/postgres.sh have | start DIR | stop DIR" >&2; exit 2 ;;
esac
