#!/usr/bin/env bash
# Installs what Sohoa needs on Debian 12 or Ubuntu 24.04: system packages, then .venv.
# Idempotent; without network it works whenever everything is there already.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf '%s\n' "$*"; }
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }
installed() { dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q '^install ok installed$'; }
exists() { apt-cache show "$1" >/dev/null 2>&1; }

find_python() {
  local name
  for name in python3 python3.13 python3.12 python3.11; do
    if command -v "$name" >/dev/null && "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
      command -v "$name"
      return
    fi
  done
}

system_packages() {
  local line names name found missing=()
  while read -r line; do
    names=${line%% *}
    case "$names" in ''|'#'*) continue ;; esac
    # A Python that can already make environments (pyenv, for one) needs no package for it.
    if [ "$names" = python3-venv ] && [ -n "$(find_python)" ] &&
      "$(find_python)" -c 'import ensurepip, venv' 2>/dev/null; then continue; fi
    found=
    for name in ${names//|/ }; do installed "$name" && found=yes; done
    [ -n "$found" ] || missing+=("$names")
  done < docker/apt-packages.txt
  [ ${#missing[@]} -eq 0 ] && { say "System packages: all there."; return; }
  say "Installing system packages with apt-get: ${missing[*]}"
  as_root apt-get update -qq
  local chosen=()
  for names in "${missing[@]}"; do
    found=
    for name in ${names//|/ }; do
      if [ -z "$found" ] && exists "$name"; then chosen+=("$name"); found=yes; fi
    done
    [ -n "$found" ] || { say "No package $names here; Debian 12 and Ubuntu 24.04 have it." >&2; exit 1; }
  done
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${chosen[@]}" >/dev/null
}

environment() {
  local lock=docker/requirements-dev.txt python stamp
  python=$(find_python)
  [ -n "$python" ] || { say "Python 3.11 or newer is needed: apt-get install python3" >&2; exit 1; }
  stamp=.venv/.installed-$(cat "$lock" pyproject.toml | sha256sum | cut -c1-16)
  [ -e "$stamp" ] && { say "Python packages: all there (.venv)."; return; }
  say "Installing the Python packages of $lock into .venv, each checked by its hash"
  [ -x .venv/bin/python ] || "$python" -m venv .venv
  # The lock is whole; trueocr asks for opencv-python-headless, which opencv-python stands for.
  .venv/bin/python -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r "$lock"
  .venv/bin/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
  rm -f .venv/.installed-*
  touch "$stamp"
}

system_packages
environment
