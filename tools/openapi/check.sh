#!/usr/bin/env bash
# Lints the OpenAPI document, makes clients of it with three generators, and compiles what they made. The versions are
# pinned: in package.json here, and below.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
document=$root/internal/rest/testdata/openapi.json
out=$root/bin/openapi
run=$here/node_modules/.bin

[ -x "$run/redocly" ] || npm --prefix "$here" ci --ignore-scripts --no-audit --no-fund
[ -x "$root/bin/oapi-codegen" ] ||
  GOBIN=$root/bin go install github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen@v2.8.2
rm -rf "$out" && mkdir -p "$out/go"
export REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true

echo "== redocly"
"$run/redocly" lint --extends recommended --max-problems 1000 "$document" 2>"$out/redocly.log" ||
  { cat "$out/redocly.log"; exit 1; }
if grep -qiE '[1-9][0-9]* (warning|error)' "$out/redocly.log"; then cat "$out/redocly.log"; exit 1; fi

echo "== openapi-typescript, hey-api"
"$run/openapi-typescript" "$document" -o "$out/types.d.ts"
"$run/openapi-ts" -i "$document" -o "$out/hey" -s
"$run/tsc" --noEmit --strict --skipLibCheck --target es2022 --module esnext --moduleResolution bundler \
  "$out/types.d.ts" "$out/hey/index.ts"

echo "== oapi-codegen"
cd "$out/go"
cat > go.mod <<'MOD'
module example.com/client

go 1.26.0
MOD
"$root/bin/oapi-codegen" -generate types,client -package client -o client.gen.go "$document"
go mod tidy 2>"$out/tidy.log" || { cat "$out/tidy.log"; exit 1; }
go vet .
echo "The document passes."
