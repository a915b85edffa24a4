#!/usr/bin/env bash
# Writes the locked requirements: the layer takes the versions that the whole set agrees on.
set -euo pipefail
cd "$(dirname "$0")"
compile() {
  uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-find-links \
    --no-emit-index-url --custom-compile-command "make lock" "$@"
}
compile dev.in -o dev.txt
compile sam.in -o sam.txt
compile lock.in -o lock.txt
(cd ../layers/common && compile -c ../../requirements/dev.txt requirements.in -o requirements.txt)
