#!/usr/bin/env bash
# Packs one release file for this machine's platform into dist/, and a Debian package where dpkg-deb is, and prints path, size and
# SHA-256 of each.
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

tell() {
  printf '%s\n%s bytes\n' "$1" "$(wc -c <"$1" | tr -d ' ')"
  if command -v sha256sum >/dev/null; then sha256sum "$1"; else shasum -a 256 "$1"; fi
}
tell "$file"

# A Debian package, where there is what makes one.
command -v dpkg-deb >/dev/null || exit 0
root=$staging/deb
docs=$root/usr/share/doc/shouhu
install -D -m 755 "$binary" "$root/usr/bin/shouhu"
install -D -m 644 packaging/systemd/shouhu.service "$root/usr/lib/systemd/system/shouhu.service"
install -D -m 644 packaging/systemd/shouhu.sysusers "$root/usr/lib/sysusers.d/shouhu.conf"
install -D -m 640 packaging/debian/shouhu.env "$root/etc/shouhu/shouhu.env"
install -d "$docs" "$root/DEBIAN"
install -m 644 README.md README.zh-CN.md docs/runbook.md docs/runbook.zh-CN.md docs/serve.md docs/serve.zh-CN.md "$docs/"
install -m 644 LICENSE "$docs/copyright"
install -D -m 644 -t "$docs/prometheus" packaging/prometheus/alerts.yml
install -D -m 644 -t "$docs/grafana" packaging/grafana/dashboard.json
gzip -9n <CHANGELOG.md >"$docs/changelog.gz"
install -m 755 packaging/debian/postinst packaging/debian/prerm packaging/debian/postrm "$root/DEBIAN/"
printf '/etc/shouhu/shouhu.env\n' >"$root/DEBIAN/conffiles"
# The oldest C library that has all that the binary asks for.
libc=$(grep -ao 'GLIBC_2\.[0-9]*' "$binary" | sed 's/GLIBC_//' | sort -uV | tail -n 1)
architecture=$(dpkg --print-architecture)
sed -e "s/@VERSION@/$version/" -e "s/@ARCHITECTURE@/$architecture/" -e "s/@LIBC@/$libc/" \
  -e "s/@SIZE@/$(du -ks "$root" | cut -f 1)/" packaging/debian/control.in >"$root/DEBIAN/control"
package=dist/shouhu_${version}_$architecture.deb
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct 2>/dev/null || echo 0) \
  dpkg-deb --root-owner-group -Zxz --build "$root" "$package" >/dev/null
tell "$package"
