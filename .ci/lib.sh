# Functions shared by the scripts of this directory. Source it; do not run it.

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

# install_packages PACKAGE…: installs the Debian packages that are missing.
install_packages() {
  local package missing=()
  for package in "$@"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return
  # RUNLEVEL=1 keeps the packages from starting their own services.
  local apt=(env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get -qq -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=120)
  as_root "${apt[@]}" update >&2 && as_root "${apt[@]}" install -y --no-install-recommends "${missing[@]}" >&2
}

# free_port: prints a TCP port of 127.0.0.1 that nothing listens on.
free_port() {
  node -e 'const server = require("node:net").createServer().listen(0, "127.0.0.1", () => {
    console.log(server.address().port);
    server.close();
  });'
}

# wait_until SECONDS COMMAND…: repeats the command until it succeeds. Fails when the time is up.
wait_until() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    [ "$SECONDS" -lt "$end" ] || return 1
    sleep 0.2
  done
}

# record_process FILE PID: remembers a process by its pid and its start time, because pids are reused.
record_process() { echo "$2 $(start_time "$2")" >"$1"; }

# is_running FILE: succeeds while the recorded process runs.
is_running() {
  local pid started
  [ -e "$1" ] || return 1
  read -r pid started <"$1"
  [ -n "$started" ] && [ "$(start_time "$pid")" = "$started" ]
}

# stop_process FILE: stops the recorded process, by SIGKILL if it still runs after 15 s.
stop_process() {
  local pid
  if is_running "$1"; then
    read -r pid _ <"$1"
    kill "$pid"
    wait_until 15 is_stopped "$1" || kill -KILL "$pid"
  fi
  rm -f "$1"
}

is_stopped() { ! is_running "$1"; }

# start_time PID: field 22 of /proc/PID/stat. Prints nothing for a process that does not exist or is a zombie.
# The second field, the program's name in parentheses, may contain spaces.
start_time() { sed -n 's/^.*) //p' "/proc/$1/stat" 2>/dev/null | awk '$1 != "Z" { print $20 }'; }
