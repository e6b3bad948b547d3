#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Usage: test-cli-process.sh JAILHOUSE
# What needs the tool as a process: JSON that others can read, pipes. JAILHOUSE runs on a model.
set -eu

jailhouse=$1
passed=0
failed=0

result()
{
	if [ "$2" -eq 0 ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAIL $1"
	fi
}

# Every listing gives JSON that a strict parser takes.
for command in "cell list" "cell show guest" "cell stats machine" info learned; do
	status=0
	# shellcheck disable=SC2086
	"$jailhouse" $command --json | python3 -c 'import json, sys; json.load(sys.stdin)' || status=$?
	result "$command --json" "$status"
done

# A closed pipe must neither look like success nor hang.
status=0
(
	trap '' PIPE
	set +e
	"$jailhouse" cell stats machine --once 2> /dev/null
	echo $? >&3
) 3> "${TMPDIR:-/tmp}/pipe-status.$$" | true
read -r code < "${TMPDIR:-/tmp}/pipe-status.$$"
rm -f "${TMPDIR:-/tmp}/pipe-status.$$"
case $code in 0 | 1) ;; *) status=1 ;; esac
result "closed pipe" "$status"

# A full disk.
status=0
if "$jailhouse" cell list > /dev/full 2> /dev/null; then status=1; fi
result "full disk" "$status"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
