#!/usr/bin/env bash
# Builds what is released into dist/. For each architecture of Linux: a tar.gz with the program, a deb, an rpm and the bill
# of materials of the program (CycloneDX); beside them SHA256SUMS. Times in archives and packages are that of the commit.
# Usage: deploy/release.sh VERSION [ARCHITECTURE...]; all architectures by default. FORMATS=deb makes that package alone.
set -euo pipefail
cd "$(dirname "$0")/.."
version=${1:?usage: deploy/release.sh VERSION [ARCHITECTURE...]}
shift
[ $# -gt 0 ] || set -- amd64 arm64
formats=${FORMATS:-tar.gz deb rpm cdx.json}
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
export SOURCE_DATE_EPOCH VERSION=$version ARCH BINARY
rm -rf dist
mkdir dist
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT

for ARCH in "$@"; do
	name=klatch_${version}_linux_$ARCH
	BINARY=$stage/$name/klatch
	echo "== $name"
	CGO_ENABLED=0 GOOS=linux GOARCH=$ARCH go build -trimpath -o "$BINARY" \
		-ldflags "-s -w -X github.com/klatch/klatch/internal/version.release=$version" ./cmd/klatch
	for format in $formats; do
		case $format in
		tar.gz)
			cp LICENSE README.md CHANGELOG.md SECURITY.md deploy/klatch.yaml deploy/klatch.service "$stage/$name"
			tar --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" -C "$stage" -c "$name" |
				gzip -n >"dist/$name.tar.gz"
			;;
		deb | rpm) bin/nfpm package --config deploy/nfpm.yaml --packager "$format" --target "dist/klatch_${version}_$ARCH.$format" ;;
		cdx.json) bin/cyclonedx-gomod bin -json -std -output "dist/$name.cdx.json" "$BINARY" ;;
		*)
			echo "FORMATS has $format: it may have tar.gz, deb, rpm and cdx.json"
			exit 1
			;;
		esac
	done
done
cd dist
sha256sum -- * >"$stage/SHA256SUMS"
mv "$stage/SHA256SUMS" .
