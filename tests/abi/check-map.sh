#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Usage: check-map.sh MAP LIBRARY INCLUDE
# The functions that the public headers below INCLUDE declare, the version map lists and the shared library exports are the
# same, each with the version of its node, and nothing else is exported.
set -eu

map=$1
library=$2
include=$3
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

# Declarations start with the mark; the name may stand on the next line.
awk '/^JAILHOUSE_API/ { line = $0
	while (line !~ /\(/) { if ((getline more) <= 0) exit 1; line = line " " more }
	sub(/ *\(.*/, "", line); sub(/.*[ *]/, "", line); print line }' "$include"/jailhouse/*.h | sort > "$dir/header"

awk '/^[A-Z]/ { node = $1 } /^\t[a-z_]+;$/ { sub(/;/, "", $1); print $1 " " node }' "$map" |
	sort > "$dir/map-versions"
cut -d' ' -f1 "$dir/map-versions" > "$dir/map"

nm -D --defined-only --with-symbol-versions "$library" | awk '$2 != "A" { print $3 }' |
	sed 's/@@*/ /' | sort > "$dir/library-versions"
cut -d' ' -f1 "$dir/library-versions" > "$dir/library"

status=0
diff -u "$dir/header" "$dir/map" || { echo "header and map differ"; status=1; }
diff -u "$dir/map-versions" "$dir/library-versions" || { echo "map and library differ"; status=1; }
if uniq -d "$dir/header" | grep .; then
	echo "declared twice"
	status=1
fi
# Soname: the number that linkers record.
objdump -p "$library" | grep -q 'SONAME *libjailhouse\.so\.0$' || { echo "wrong soname"; status=1; }
# It must not drag other libraries along.
if objdump -p "$library" | grep NEEDED | grep -vE 'libc\.|ld-linux|libpthread|libfdt\.|lib(a|ub)san'; then
	echo "unexpected dependency"
	status=1
fi

count=$(wc -l < "$dir/header")
echo "$count functions"
[ "$count" -gt 0 ] && [ "$status" -eq 0 ]
