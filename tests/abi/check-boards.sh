#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Usage: check-boards.sh LIST DIRECTORY ARCHITECTURE...
# Compare the configurations built in DIRECTORY with the sizes and SHA-256 sums in LIST.
set -eu

list=$1
dir=$2
shift 2
compared=0
failed=0

for arch; do
	while read -r name size sum; do
		case $name in "$arch"/*) ;; *) continue ;; esac
		compared=$((compared + 1))
		if [ ! -f "$dir/$name" ]; then
			echo "$name: not built"
			failed=$((failed + 1))
			continue
		fi
		real_size=$(wc -c <"$dir/$name")
		real_sum=$(sha256sum <"$dir/$name")
		real_sum=${real_sum%% *}
		if [ "$real_size" -ne "$size" ] || [ "$real_sum" != "$sum" ]; then
			echo "$name: $real_size bytes, $real_sum; should be $size bytes, $sum"
			failed=$((failed + 1))
		fi
	done <"$list"
done

echo "$compared configurations compared ($*), $failed differ"
[ "$failed" -eq 0 ] && [ "$compared" -gt 0 ]
