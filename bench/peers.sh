#!/usr/bin/env bash
# Installs the peers that `make bench` and `make bench-pdf` compare with, into .tools/: nothing of
# them is a need of ours.
set -euo pipefail
cd "$(dirname "$0")/.."

programs() { # of Debian, by the names of their packages
  root=; [ "$(id -u)" = 0 ] || root=sudo
  $root apt-get update -qq
  $root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

ocrmypdf() {
  if [ -x .tools/ocrmypdf/bin/ocrmypdf ] && command -v gs >/dev/null; then return; fi
  echo "Installing OCRmyPDF (MPL-2.0) into .tools/ocrmypdf and Ghostscript (AGPL-3.0), which it runs"
  command -v gs >/dev/null || programs ghostscript
  python3 -m venv .tools/ocrmypdf
  .tools/ocrmypdf/bin/pip install -q --disable-pip-version-check ocrmypdf
}

recode_pdf() {
  if .tools/archive-pdf-tools/bin/recode_pdf --version >/dev/null 2>&1; then return; fi
  echo "Installing archive-pdf-tools (AGPL-3.0) into .tools/archive-pdf-tools"
  python3 -m venv .tools/archive-pdf-tools
  .tools/archive-pdf-tools/bin/pip install -q --disable-pip-version-check archive-pdf-tools
}

skew() {
  if [ -x .tools/skew/bin/python ]; then return; fi
  echo "Installing deskew and jdeskew (MIT) into .tools/skew"
  python3 -m venv .tools/skew
  .tools/skew/bin/pip install -q --disable-pip-version-check deskew jdeskew opencv-python-headless
}

if [ "${1:-}" = skew ]; then
  skew
  exit
fi
ocrmypdf
if [ "${1:-}" = pdf ]; then
  recode_pdf
  command -v pngquant >/dev/null || programs pngquant # GPL-3.0; OCRmyPDF -O3 runs it
fi
