#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Usage: test-config-boards.sh JAILHOUSE BOARDS EXPECTED
# What `config check` says of published boards and their cells. EXPECTED has a section for each: a line "== SYSTEM
# CELL..." and then the output. Sections whose boards are not built, for want of a compiler, are left out.
set -eu

jailhouse=$(readlink -f "$1")
expected=$(readlink -f "$3")
cd "$2"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
checked=0
missing=0

grep '^== ' "$expected" > "$dir/sections"
while read -r mark files; do
	set --
	for file in $files; do
		set -- "$@" "$file.cell"
	done
	if ! ls "$@" > "$dir/ls" 2>&1; then
		missing=$((missing + 1))
		continue
	fi
	echo "$mark $files" >> "$dir/got"
	if "$jailhouse" config check "$@" >> "$dir/got"; then status=0; else status=$?; fi
	echo "exit $status" >> "$dir/got"
	awk -v head="== $files" '/^== / { on = $0 == head } on' "$expected" >> "$dir/expected"
	checked=$((checked + 1))
done < "$dir/sections"

echo "$checked boards checked, $missing not built"
[ "$checked" -gt 0 ]
diff -u "$dir/expected" "$dir/got"
