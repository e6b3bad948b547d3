#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Usage: test-cli-closed.sh JAILHOUSE SERVER BOARDS EXAMPLES
# Standard descriptors that are closed: a command that needs one fails, and none reads or writes another file in its place.
. "$(dirname "$0")/cli-on-sim.sh"
export JAILHOUSE_BACKEND=sim:$dir/s

# ends NAME CODE TEXT: what was run last has this code, and the text in its messages
ends()
{
	local status=0
	[ "$rc" -eq "$2" ] || status=1
	[ -z "$3" ] || grep -qF -- "$3" "$dir/out" || status=1
	check "$1: $rc" "$status"
}

# Whoever waits for what a wrong descriptor never brings is ended.
run()
{
	rc=0
	timeout -s KILL 20 "$jailhouse" "$@" 2>"$dir/out" || rc=$?
}

"$jailhouse" enable --no-check "$boards/qemu-x86.cell"
"$jailhouse" cell create --no-check "$boards/ivshmem-demo.cell"
"$jailhouse" cell load ivshmem-demo -s "#!jailhouse-sim channel-echo"
"$jailhouse" cell start ivshmem-demo

run console >&-
ends "console without stdout" 1 "writing the output failed"
run ivshmem cat ivshmem-demo <&- >/dev/null
ends "cat without stdin" 1 "standard input: Bad file descriptor"
run ivshmem cat ivshmem-demo >&- <<<hello
ends "cat without stdout" 1 "standard output: Bad file descriptor"
run ivshmem cat ivshmem-demo <<<hello >"$dir/back"
ends "cat after these" 0 ""
check "the same bytes come back" "$([ "$(cat "$dir/back")" = hello ]; echo $?)"

# The monitor has printed nothing before something happens.
timeout -s KILL 20 "$jailhouse" monitor --count 1 >&- 2>"$dir/out" &
monitor=$!
for _ in $(seq 100); do
	kill -0 "$monitor" 2>/dev/null || break
	"$jailhouse" cell start ivshmem-demo
	sleep 0.1
done
rc=0
wait "$monitor" || rc=$?
ends "monitor without stdout" 1 "writing: Bad file descriptor"

# Messages go nowhere then.
: >"$dir/out"
rc=0
"$jailhouse" cell show nobody 2>&- >/dev/null || rc=$?
ends "a refusal without stderr" 1 ""
rc=0
"$jailhouse" cell list <&- >/dev/null 2>&- || rc=$?
ends "a list without stdin and stderr" 0 ""

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
