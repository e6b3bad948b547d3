#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Usage: check-installed.sh MESON BUILD CONFIG-EXAMPLE... -- EXAMPLE...
# Installs to an empty place and builds the examples against nothing but what lies there, the way a
# distribution's users would. Then runs them: without a driver each ends with an error of its own, but
# those for configurations do their work: what the first one builds the second one likes.
set -eu

meson=$1
build=$2
shift 2
config=
while [ "$1" != -- ]; do
	config="$config $1"
	shift
done
shift
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

"$meson" install -C "$build" --no-rebuild --quiet --destdir "$dir/root" > "$dir/log" 2>&1 || {
	cat "$dir/log"
	exit 1
}
pc=$(find "$dir/root" -name jailhouse.pc)
PKG_CONFIG_LIBDIR=$(dirname "$pc")
PKG_CONFIG_SYSROOT_DIR=$dir/root
export PKG_CONFIG_LIBDIR PKG_CONFIG_SYSROOT_DIR

pkg-config --print-errors --exists 'jailhouse >= 0.1'
version=$(pkg-config --modversion jailhouse)
flags=$(pkg-config --cflags --libs jailhouse)
echo "jailhouse $version: $flags"

# Header and library agree about the version.
cat > "$dir/version.c" << END
#include <stdio.h>
#include <string.h>
#include <jailhouse/jailhouse.h>
int main(void)
{
	return jailhouse_get_version() != JAILHOUSE_VERSION_NUMBER ||
	       strcmp(jailhouse_get_version_string(), "$version") != 0;
}
END

# Each header finds all that it needs among the installed ones. What only library and driver use is not there.
include=$(dirname "$(find "$dir/root" -name jailhouse.h)")
for header in "$include"/*.h; do
	printf '#include <jailhouse/%s>\nextern int not_empty;\n' "$(basename "$header")" > "$dir/header.c"
	# shellcheck disable=SC2086 # several words
	${CC:-cc} -std=c99 -Wall -Wextra -Werror -fsyntax-only "$dir/header.c" $flags
done
[ ! -e "$include/reason-text.h" ]

libdir=$(dirname "$PKG_CONFIG_LIBDIR")
# shellcheck disable=SC2086 # several paths
for source in "$dir/version.c" $config "$@"; do
	program=$dir/$(basename "$source" .c)
	# shellcheck disable=SC2086 # several words
	${CC:-cc} -std=c99 -Wall -Wextra -Werror -o "$program" "$source" $flags
done
LD_LIBRARY_PATH=$libdir "$dir/version"
[ -z "$config" ] || {
	LD_LIBRARY_PATH=$libdir "$dir/build-config" demo 1 0x3f000000 0x100000 "$dir/demo.cell"
	LD_LIBRARY_PATH=$libdir "$dir/lint-config" "$dir/demo.cell" > "$dir/out"
	[ ! -s "$dir/out" ] || { cat "$dir/out"; exit 1; }
	! LD_LIBRARY_PATH=$libdir "$dir/lint-config" "$dir/version.c" 2> "$dir/out" || exit 1
	grep -q "neither a system nor a cell" "$dir/out"
	LD_LIBRARY_PATH=$libdir "$dir/draw-memory-map" "$dir/demo.cell" > "$dir/out"
	grep -q '<svg' "$dir/out" && grep -q 'demo' "$dir/out"
	! LD_LIBRARY_PATH=$libdir "$dir/draw-memory-map" "$dir/version.c" 2> "$dir/out" || exit 1
	echo "build-config, lint-config and draw-memory-map: built, and agree"
}
for source in "$@"; do
	program=$dir/$(basename "$source" .c)
	if [ -e /dev/jailhouse ]; then
		echo "$(basename "$program"): built; not run where there is a driver"
		continue
	fi
	if LD_LIBRARY_PATH=$libdir "$program" /dev/null /dev/null /dev/null > "$dir/out" 2>&1; then
		echo "$(basename "$program"): no error without a driver"
		exit 1
	fi
	grep -q 'there is no device /dev/jailhouse' "$dir/out"
	echo "$(basename "$program"): built, and says that there is no driver"
done
