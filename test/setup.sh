#!/bin/sh
# What the tests need on this machine, installed only where it is missing: the npm dependencies, and from Debian a real
# broker, two real time-series stores, a browser, ffmpeg and Chinese fonts. `sh test/setup.sh bench` adds Node-RED, which the
# benchmarks compare with, `sh test/setup.sh cameras` Debian's motion, where apt has it, and LONG=1 what models that know people need. Prints the Node to use on standard output; everything else goes to standard error.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
packages='mosquitto mosquitto-clients influxdb victoria-metrics chromium ffmpeg fonts-noto-cjk tini openssl'
node_red=5.0.7
mode=${1-}

say() { printf '%s\n' "$*" >&2; }

# ---- npm ------------------------------------------------------------------------------------------------------------

node=$(ZAIGANG_SETUP=full "$root/zaigang")

# ---- Debian packages ------------------------------------------------------------------------------------------------

is_package_installed() {
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# Elsewhere the programs themselves are looked for; their packages have other names.
missing_programs() {
  for program in mosquitto mosquitto_pub influxd victoria-metrics chromium ffmpeg tini openssl; do
    PATH=$PATH:/usr/sbin:/usr/local/sbin command -v "$program" >/dev/null || printf '%s ' "$program"
  done
}

# Services must not start: they would take ports that belong to somebody, and the tests start their own.
policy=/usr/sbin/policy-rc.d
forbid_services() {
  if (
    set -C
    printf '#!/bin/sh\n# Left by %s, if it was killed: remove it.\nexit 101\n' "$0" >"$policy"
  ) 2>/dev/null; then
    trap 'rm -f "$policy"' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    chmod 755 "$policy"
  fi
}

# Nor at the next boot, where this script is what brought them.
disable_services() {
  command -v systemctl >/dev/null 2>&1 || return 0
  for package in "$@"; do
    case $package in
      mosquitto | influxdb | victoria-metrics | motion) systemctl --quiet disable "$package" >/dev/null 2>&1 || true ;;
    esac
  done
}

apt_install() {
  DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=600 "$@"
}

install_packages() {
  line="apt-get update && apt-get install -y --no-install-recommends $*"
  if [ "$(id -u)" != 0 ]; then
    say "The tests need packages that are not installed. As root: $line"
    exit 69
  fi
  say "Installing Debian packages for the tests: $*"
  forbid_services
  output=$(mktemp)
  # The lists of a fresh machine are empty or old, hence the second try.
  if ! { apt_install "$@" || { apt-get update && apt_install "$@"; }; } >"$output" 2>&1 </dev/null; then
    tail -n 30 "$output" >&2
    rm -f "$output"
    say "That failed (see above). To try by hand: $line"
    exit 69
  fi
  rm -f "$output"
  disable_services "$@"
}

if command -v dpkg-query >/dev/null 2>&1; then
  set --
  for package in $packages; do
    if ! is_package_installed "$package"; then set -- "$@" "$package"; fi
  done
  if [ "$#" -gt 0 ]; then install_packages "$@"; fi
else
  missing=$(missing_programs)
  if [ -n "$missing" ]; then
    say "The tests need programs that are not installed here: ${missing% }"
    exit 69
  fi
fi

# ---- Node-RED, for the benchmarks -----------------------------------------------------------------------------------

# Outside the repository: it is 300 packages that nothing of ours imports.
bench=${XDG_CACHE_HOME:-$HOME/.cache}/zaigang/bench

# Port 0 lets the kernel choose; it says the one it got.
starts() {
  folder=$(mktemp -d)
  printf "module.exports = { uiPort: 0, uiHost: '127.0.0.1', logging: { console: { level: 'info' } } };\n" >"$folder/settings.js"
  "$node" "$bench/node_modules/node-red/red.js" --userDir "$folder" --settings "$folder/settings.js" \
    >"$folder/output" 2>&1 </dev/null &
  pid=$!
  tries=0
  until grep -q 'Started flows' "$folder/output" || ! kill -0 "$pid" 2>/dev/null || [ "$tries" -ge 120 ]; do
    sleep 0.5
    tries=$((tries + 1))
  done
  started=no
  if grep -q 'Started flows' "$folder/output"; then started=yes; else tail -n 20 "$folder/output" >&2; fi
  kill "$pid" 2>/dev/null || true
  wait "$pid" 2>/dev/null || true
  rm -rf "$folder"
  [ "$started" = yes ]
}

provide_node_red() {
  if [ "$(cat "$bench/started" 2>/dev/null || true)" = "$node_red $("$node" --version)" ]; then return 0; fi
  say "Installing Node-RED $node_red for the benchmarks in $bench"
  mkdir -p "$bench"
  rm -f "$bench/started"
  [ -f "$bench/package.json" ] || printf '{"private":true}\n' >"$bench/package.json"
  output=$(mktemp)
  if ! (cd "$bench" && npm install --ignore-scripts --no-audit --no-fund --save-exact "node-red@$node_red") \
    >"$output" 2>&1 </dev/null; then
    cat "$output" >&2
    rm -f "$output"
    exit 69
  fi
  rm -f "$output"
  if ! starts; then
    say "Node-RED $node_red does not start under Node $("$node" --version) (see above)."
    exit 69
  fi
  printf '%s %s\n' "$node_red" "$("$node" --version)" >"$bench/started"
}

if [ "$mode" = bench ]; then provide_node_red; fi

# ---- motion, for the benchmark of cameras ---------------------------------------------------------------------------

# Without it that benchmark prints no ratio to it; nothing else needs it.
provide_motion() {
  if command -v motion >/dev/null; then return 0; fi
  if ! command -v apt-get >/dev/null || [ "$(id -u)" != 0 ]; then
    say 'motion is not installed; as root, where there is apt: apt-get install -y --no-install-recommends motion'
    return 0
  fi
  (install_packages motion) || say 'motion could not be installed; the benchmark of cameras goes without it.'
}

if [ "$mode" = cameras ]; then provide_motion; fi

# ---- models that know people, for the long tests ------------------------------------------------------------------------

# 280 MB that hardly any hall needs: beside the program's own packages, and gone with them.
person=$root/node_modules/.cache/person-model

provide_person_model() {
  list="import { PACKAGES } from '$root/adapters/persons/packages.ts'; console.log(Object.values(PACKAGES).flat().join(' '))"
  # shellcheck disable=SC2046 # one word each
  set -- $("$node" --input-type=module --eval "$list")
  if [ "$(cat "$person/installed" 2>/dev/null || true)" = "$*" ]; then return 0; fi
  say "Installing for the long tests in $person: $*"
  rm -f "$person/installed"
  output=$(mktemp)
  if ! npm install --ignore-scripts --no-audit --no-fund --prefix "$person" "$@" >"$output" 2>&1 </dev/null; then
    cat "$output" >&2
    rm -f "$output"
    exit 69
  fi
  rm -f "$output"
  printf '%s\n' "$*" >"$person/installed"
}

if [ "${LONG-}" = 1 ]; then provide_person_model; fi

printf '%s\n' "$node"
