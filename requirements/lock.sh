#!/usr/bin/env bash
# Writes the locked requirements: the layer takes the versions that the whole set agrees on.
set -euo pipefail
cd "$(dirname "$0")"
compile() {
  uv pip compile --quiet --universal --python-version 3.11 --no-emit-find-links --no-strip-extras \
    --no-emit-index-url --custom-compile-command "make lock" "$@"
}
compile --generate-hashes dev.in -o dev.txt
compile --generate-hashes lock.in -o lock.txt
# Without hashes: with them, pip before 24 rejects the extras that SAM CLI asks for.
compile sam.in -o sam.txt
(cd ../layers/common && compile --generate-hashes -c ../../requirements/dev.txt requirements.in -o requirements.txt)
(cd ../functions/check_photo && compile --generate-hashes -c ../../requirements/dev.txt requirements.in -o requirements.txt)
