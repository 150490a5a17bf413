# Sourced by the scripts here: $folder for what servers write, and servers that end, by their ids, when the script does.
folder=$(mktemp -d)
started=()
finish() {
  local pid
  for pid in "${started[@]}"; do
    kill "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
  rm -r "$folder"
}
trap finish EXIT

# Waits until a command succeeds, as long as the server with this id is alive.
wait_for() {
  local pid=$1
  shift
  until "$@"; do
    kill -0 "$pid" 2>/dev/null || return 1
    sleep 0.1
  done
}

# Starts a server that prints one line of JSON when it listens; the line is in $folder/NAME.
serve_json() {
  local name=$1
  shift
  "$@" >"$folder/$name" 2>"$folder/$name.log" &
  started+=($!)
  wait_for $! test -s "$folder/$name" || { cat "$folder/$name.log" >&2; return 1; }
}

# A member of such a line.
field() { node -p "JSON.parse(fs.readFileSync('$folder/$1', 'utf8')).$2"; }
