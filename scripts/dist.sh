#!/usr/bin/env bash
# Packs one release file for this machine's platform into dist/, and prints its path, size and SHA-256.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
platform=$(rustc -vV | sed -n 's/^host: //p')
name=shouhu-$version-$platform
file=dist/$name.tar.gz

cargo build --profile dist --locked --package shouhu
# Cargo knows where it put the binary, whatever the target folder: ask it, now that there is nothing to build.
binary=$(cargo build --quiet --profile dist --locked --package shouhu --message-format json |
  sed -n 's/.*"executable":"\([^"]*\)".*/\1/p')

staging=$(mktemp -d)
trap 'rm -rf "$staging"' EXIT
mkdir "$staging/$name"
install -m 755 "$binary" "$staging/$name/shouhu"
install -m 644 LICENSE README.md README.zh-CN.md CHANGELOG.md "$staging/$name/"

# GNU tar can leave out who packed it and when, so that one commit gives one file, byte for byte.
same=
if tar --version 2>/dev/null | grep -q GNU; then
  same="--sort=name --owner=0 --group=0 --numeric-owner --mtime=@$(git log -1 --format=%ct 2>/dev/null || echo 0)"
fi
mkdir -p dist
# shellcheck disable=SC2086  # several words on purpose
tar $same -C "$staging" -cf - "$name" | gzip -9n >"$file"

printf '%s\n%s bytes\n' "$file" "$(wc -c <"$file" | tr -d ' ')"
if command -v sha256sum >/dev/null; then sha256sum "$file"; else shasum -a 256 "$file"; fi
