#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Usage: test-tutorial.sh PAGE DIRECTORY-OF-JAILHOUSE DIRECTORY-OF-LIBRARIES
#
# Runs the commands of a page: each block "sh", in order, in one shell in an empty directory. A command that fails
# ends the test. Each line of a block "text" behind it must be in what it printed, but for blanks at the end of a line.
set -euo pipefail

page=$(readlink -f "$1")
PATH=$(readlink -f "$2"):$PATH
libraries=$(readlink -f "$3")
export PATH LD_LIBRARY_PATH=$libraries JAILHOUSE_SIM_SERVER=$libraries/jailhouse-sim-server
dir=$(mktemp -d)
cleanup()
{
	# The simulated machine of a page that ended too early
	for socket in "$dir"/work/*; do
		[ ! -S "$socket" ] || jailhouse --backend "sim:$socket" disable || true
	done
	rm -rf "$dir"
}
trap cleanup EXIT
mkdir "$dir/blocks" "$dir/work"
awk -v dir="$dir/blocks" '
	/^```sh$/   { file = sprintf("%s/%03d.sh", dir, ++n); next }
	/^```text$/ { file = sprintf("%s/%03d.text", dir, n); next }
	/^```/      { file = ""; next }
	file        { print > file }' "$page"
# One shell for all: what a block exports holds for the next.
found=0
for block in "$dir"/blocks/*.sh; do
	[ -f "$block" ] || break
	found=$((found + 1))
	printf 'echo %q >%q; exec >%q 2>&1 </dev/null\n' "${block%.sh}" "$dir/last" "${block%.sh}.output"
	cat "$block"
done >"$dir/all"
[ "$found" -gt 0 ]
rc=0
(cd "$dir/work" && bash -e "$dir/all") || rc=$?

shown()
{
	echo "FAIL $1:"
	cat "$2.sh" "$2.output"
	exit 1
}
for block in "$dir"/blocks/*.sh; do
	block=${block%.sh}
	if [ "$rc" -ne 0 ] && [ "$block" = "$(cat "$dir/last")" ]; then
		shown "it ends with code $rc" "$block"
	fi
	[ -f "$block.text" ] || continue
	sed -i 's/[[:space:]]*$//' "$block.output"
	while IFS= read -r line; do
		grep -qF -- "$line" "$block.output" || shown "it does not print \"$line\"" "$block"
	done <"$block.text"
done
echo "PASS $found blocks"
