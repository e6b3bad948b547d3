#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Usage: test-config-text.sh JAILHOUSE BOARDS INCLUDE CC...
# Each configuration that is built, written as device tree source and as C, gives the same bytes again.
set -eu

jailhouse=$(readlink -f "$1")
boards=$2
include=$3
shift 3
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
passed=0
failed=0

fail()
{
	echo "FAIL $1"
	failed=$((failed + 1))
}

for cell in "$boards"/*/*.cell; do
	name=${cell#"$boards"/}
	"$jailhouse" config dump "$cell" > "$dir/a.dts"
	if ! "$jailhouse" config build --output "$dir/dts.cell" "$dir/a.dts" || ! cmp "$cell" "$dir/dts.cell"; then
		fail "$name as device tree source"
		continue
	fi
	"$jailhouse" config dump --format c "$cell" > "$dir/a.c"
	if ! "$@" -std=gnu11 -O2 -ffreestanding -Wall -Wextra -Werror -D__LINUX_COMPILER_TYPES_H "-I$include" \
		-c "$dir/a.c" -o "$dir/a.o" ||
		! objcopy -O binary --remove-section=.note.gnu.property "$dir/a.o" "$dir/c.cell" ||
		! cmp "$cell" "$dir/c.cell"; then
		fail "$name as C"
		continue
	fi
	passed=$((passed + 1))
done
echo "$passed passed, $failed failed"
[ "$passed" -gt 0 ] && [ "$failed" -eq 0 ]
