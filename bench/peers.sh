#!/usr/bin/env bash
# Installs the peer that `make bench` compares with, into .tools/: nothing of it is a need of ours.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ -x .tools/ocrmypdf/bin/ocrmypdf ] && command -v gs >/dev/null; then exit 0; fi
echo "Installing OCRmyPDF (MPL-2.0) into .tools/ocrmypdf and Ghostscript (AGPL-3.0), which it runs"
command -v gs >/dev/null || {
  root=; [ "$(id -u)" = 0 ] || root=sudo
  $root apt-get update -qq
  $root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends ghostscript >/dev/null
}
python3 -m venv .tools/ocrmypdf
.tools/ocrmypdf/bin/pip install -q --disable-pip-version-check ocrmypdf
