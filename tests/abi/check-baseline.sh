#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Usage: check-baseline.sh BASELINE LIBRARY HEADERS
# Every function and type that programs were built with is still there and looks the same. New ones are no fault.
set -euo pipefail

# shellcheck source-path=SCRIPTDIR source=abigail.sh
. "$(dirname "$0")/abigail.sh"
baseline=$1 library=$2 headers=$3
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

abi_dump "$library" "$headers" >"$dir/now.abi"
if ! abi_compare "$baseline" "$dir/now.abi"; then
	echo "The ABI has changed. If that is meant to be, announce it in NEWS.md and run scripts/abi-baseline."
	exit 1
fi

# changed WHAT EDIT NAME: a baseline that has something else there is noticed, and the name is told.
changed()
{
	sed "$2" "$baseline" >"$dir/changed.abi"
	if cmp -s "$baseline" "$dir/changed.abi" || abi_compare "$dir/changed.abi" "$dir/now.abi" >"$dir/log"; then
		echo "$1: not noticed"
		exit 1
	fi
	grep -q "$3" "$dir/log"
	echo "$1: noticed"
}
changed "function that is gone" 's/jailhouse_close\b/jailhouse_shut/g' jailhouse_shut
changed "another result" "/<function-decl name='jailhouse_get_version'/,/<\/function-decl>/s/<return type-id='[0-9a-f]*'/<return type-id='$(
	sed -n "s/.*<type-decl name='char' size-in-bits='8' id='\([0-9a-f]*\)'.*/\1/p" "$baseline" | head -n 1)'/" jailhouse_get_version
changed "structure of another size" "/class-decl name='jailhouse_image'/s/size-in-bits='192'/size-in-bits='256'/" jailhouse_image
echo "$(grep -c '<elf-symbol name=' "$baseline") functions as recorded"
