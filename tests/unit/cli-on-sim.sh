# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# What tests of the tool on a simulated machine begin with; to be sourced with their arguments: JAILHOUSE SERVER BOARDS
# EXAMPLES. $dir is theirs, the machine is sim:$dir/s, and what was run last has printed $dir/out.
set -eu

# shellcheck disable=SC2034 # used by who sources this
{
	jailhouse=$1
	boards=$3
	examples=$4
}
export JAILHOUSE_SIM_SERVER=$2
dir=$(mktemp -d)
passed=0
failed=0

# The server ends with what it serves; should a test fail before, nobody is to wait for it.
cleanup()
{
	"$jailhouse" --backend "sim:$dir/s" disable >/dev/null 2>&1 || true
	rm -rf "$dir"
}
trap cleanup EXIT

# check NAME STATUS: counts; 0 is success
check()
{
	if [ "$2" -eq 0 ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAIL $1"
		head -c 2000 "$dir/out" 2>/dev/null || true
	fi
}
