#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Usage: check-ioctl-32.sh SOURCE COMPILER...
# Structures and numbers of the driver's interface are the same for programs of 32 bits on a kernel of 64. The one
# exception is known, and as old as the interface: its first ENABLE has the size of a pointer in its number.
set -euo pipefail

source=$1
shift
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
headers=(ioctl.h info.h reason.h)

LC_ALL=C awk -f "$source/scripts/lib/headers.awk" -f "$source/bindings-c/values.awk" \
	"${headers[@]/#/$source/include/jailhouse/}" >"$dir/values.c"
"$@" -I"$source/include" -o "$dir/values" "$dir/values.c"
{
	printf '#include <jailhouse/%s>\n' "${headers[@]}"
	"$dir/values" | awk '
	$1 == "macro" && $2 != "JAILHOUSE_ENABLE" { value = $2; want = $3 (length($3) > 10 ? "ull" : "") }
	$1 == "macro" && $2 == "JAILHOUSE_ENABLE" { old = $3; next }
	$1 == "struct" { value = "sizeof(struct " $2 ")"; want = $3 }
	$1 == "member" { value = "__builtin_offsetof(struct " $2 ", " $3 ")"; want = $4 }
	$1 == "reason" { next }
	{ print "_Static_assert(" value " == " want ", \"" $2 " " $3 "\");"; n[$1]++ }
	END {
		print "_Static_assert(JAILHOUSE_ENABLE == 0x40040000, \"ENABLE of 32 bits\");"
		# The driver is asked by structures of its own; nothing of them may get lost here.
		exit !(old == 1074266112 && n["struct"] > 20 && n["member"] > 100 && n["macro"] > 20)
	}'
} >"$dir/asserts.c"
"$@" -m32 -ffreestanding -idirafter /usr/include/x86_64-linux-gnu -I"$source/include" -fsyntax-only "$dir/asserts.c"
echo "$(grep -c '^_Static_assert' "$dir/asserts.c") numbers, sizes and offsets"
