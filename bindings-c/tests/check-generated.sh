#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Usage: check-generated.sh SOURCE COMPILER...
# The flat header and the description in the tree are what the public headers say now; a compiler, for 64 and
# 32 bits, sees the same structures and functions in both.
set -euo pipefail

source=$1
shift
compiler=("$@")
flat=$source/bindings-c/libjailhouse-ffi.h
description=$source/bindings-c/libjailhouse-abi.json
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
status=0

CC=${compiler[*]} "$source/bindings-c/generate" "$dir"
for file in "$flat" "$description"; do
	if ! diff -u "$file" "$dir/${file##*/}"; then
		echo "${file##*/} is not what the headers say: run bindings-c/generate"
		status=1
	fi
done

# Neither preprocessor, bit-fields, inline functions nor attributes.
if sed 1d "$flat" | grep -nE '^[ \t]*#|:|inline|__'; then
	echo "not flat"
	status=1
fi

mapfile -t headers < <(grep -l '^JAILHOUSE_API ' "$source"/include/jailhouse/*.h | sed 's,.*/,,')
include()
{
	printf '#include <jailhouse/%s>\n' "${headers[@]}"
}

# Sizes and offsets: all structures once more, under other names, beside the originals. (Enumerators would be
# replaced by the macros of the same names.)
{
	include
	printf '#include <stddef.h>\n'
	sed -e '/^enum/,/^}/d' -e '/^\/\* functions \*\//,$d' -e 's/\bjailhouse_/flat_jailhouse_/g' "$flat"
	awk '
	match($0, /"name": "struct [a-z0-9_]+", "size": [0-9]+/) {
		split(substr($0, RSTART, RLENGTH), part, /[" ,:]+/)
		name = part[4]
		print "_Static_assert(sizeof(struct " name ") == sizeof(struct flat_" name "), \"" name "\");"
		print "SIZE(" name ", " part[6] ")"
		n = split($0, member, /\{"name": "/)
		for (i = 3; i <= n; i++) {
			split(member[i], part, /[",:]+/)
			field = part[1]
			match(member[i], /"offset": [0-9]+/)
			offset = substr(member[i], RSTART + 10, RLENGTH - 10)
			print "_Static_assert(offsetof(struct " name ", " field ") == offsetof(struct flat_" name ", " \
				field "), \"" name "." field "\");"
			print "OFFSET(" name ", " field ", " offset ")"
		}
	}' "$description"
} >"$dir/layout.c"
grep -c '^OFFSET' "$dir/layout.c" | grep -qx '[0-9]\{2,\}'
lp64=(-D'SIZE(name, bytes)=_Static_assert(sizeof(struct name) == bytes, "description");'
	-D'OFFSET(name, field, bytes)=_Static_assert(offsetof(struct name, field) == bytes, "description");')
"${compiler[@]}" -I"$source/include" -fsyntax-only "${lp64[@]}" "$dir/layout.c" || status=1
# What is written there holds for 64 bits; that both agree, for 32 as well.
if [[ $("${compiler[@]}" -dumpmachine) == x86_64* ]]; then
	"${compiler[@]}" -m32 -ffreestanding -I"$source/include" -fsyntax-only \
		-D'SIZE(name, bytes)=' -D'OFFSET(name, field, bytes)=' "$dir/layout.c" || status=1
fi

# Functions: declared twice, which a compiler refuses if they differ. On Linux uint64_t and size_t may be other
# types of the same size, so these are defined as in the flat form.
mkdir "$dir/std"
cat >"$dir/std/stdint.h" <<-'END'
	typedef unsigned char uint8_t;
	typedef unsigned short uint16_t;
	typedef unsigned int uint32_t;
	typedef unsigned long long uint64_t;
	typedef int int32_t;
	typedef long long int64_t;
END
cat >"$dir/std/stddef.h" <<-'END'
	typedef unsigned long size_t;
END
{
	include
	sed -n '/^\/\* functions \*\//,$p' "$flat"
} >"$dir/functions.c"
grep -q '^[a-z].*jailhouse_open' "$dir/functions.c"
"${compiler[@]}" -nostdinc -I"$dir/std" -I"$source/include" -fsyntax-only -Werror "$dir/functions.c" || status=1

# Constants: their values as C sees them.
{
	include
	printf '#include <jailhouse/%s>\n' console.h cell-config.h system-config.h pci_defs.h reason.h
	sed -n 's/^    {"name": "\([A-Z0-9_]*\)", "value": \(-\{0,1\}[0-9]*\).*/_Static_assert((\1) == \2, "\1");/p' \
		"$description"
} >"$dir/constants.c"
grep -q JAILHOUSE_ERR_PROTOCOL "$dir/constants.c"
"${compiler[@]}" -I"$source/include" -fsyntax-only -w "$dir/constants.c" || status=1

echo "$(grep -c '^_Static_assert' "$dir/layout.c") members and sizes, $(grep -c ';$' "$dir/functions.c") functions," \
	"$(grep -c '^_Static' "$dir/constants.c") constants"
exit "$status"
