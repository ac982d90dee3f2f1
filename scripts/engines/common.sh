# Shared by the starters of engines: each is called with an empty folder, leaves *.pid files in it, and prints the
# assignment of its INLAY_TEST_ variable.
set -euo pipefail
home=$1
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

# python NAME PACKAGE...: the interpreter of an environment that holds the packages.
python() {
  local folder="$INLAY_ENGINE_CACHE/$1"
  if [ ! -e "$folder/complete" ]; then
    python3 -m venv "$folder" >&2 && "$folder/bin/pip" install -q "${@:2}" >&2 && touch "$folder/complete"
  fi
  echo "$folder/bin/python"
}

# started SECONDS COMMAND...: waits until the command succeeds, while the processes live.
started() {
  local file
  for _ in $(seq "$1"); do
    if "${@:2}" >/dev/null 2>&1; then return 0; fi
    for file in "$home"/*.pid; do
      kill -0 "$(cat "$file")" 2>/dev/null || { tail -n 2 "$home"/log "$home"/*.log 2>/dev/null | tail -n 1 >&2; return 1; }
    done
    sleep 1
  done
  echo "it didn't answer within $1 seconds" >&2
  return 1
}
