#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Usage: test-cli-sim.sh JAILHOUSE SERVER BOARDS EXAMPLES
# The tool and the example programs on a simulated machine, as a newcomer without privileges would use them.
set -eu

jailhouse=$1
JAILHOUSE_SIM_SERVER=$2
boards=$3
examples=$4
export JAILHOUSE_SIM_SERVER
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

check()
{
	if [ "$2" -eq 0 ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAIL $1"
		cat "$dir/out" 2>/dev/null || true
	fi
}

# run NAME WORDS...: must succeed; what is printed is in $dir/out
run()
{
	name=$1
	status=0
	shift
	"$@" >"$dir/out" 2>&1 || status=$?
	check "$name" "$status"
}

# refused NAME WORDS...: must fail
refused()
{
	name=$1
	status=0
	shift
	if "$@" >"$dir/out" 2>&1; then status=1; fi
	check "$name" "$status"
}

# prints TEXT: what was run last has printed it
prints()
{
	status=0
	grep -qF -- "$1" "$dir/out" || status=1
	check "\"$1\" is printed" "$status"
}

sim()
{
	"$jailhouse" --backend "sim:$dir/s" "$@"
}

printf '#!jailhouse-sim timer 10\n' >"$dir/timer"
printf '#!jailhouse-sim crash\n' >"$dir/crash"

run "list without a hypervisor" sim cell list
run "enable" sim enable "$boards/qemu-q35.cell"
refused "enable twice" sim enable "$boards/qemu-q35.cell"
prints "runs already"
run "create" sim cell create "$boards/qemu-q35-apic-demo.cell"
run "load" sim cell load apic-demo "$dir/timer"
run "start" sim cell start apic-demo
run "list" sim cell list
prints "running"
run "list as JSON" sim cell list --json
run "show" sim cell show apic-demo
run "statistics" sim cell stats --once apic-demo
prints "hypercall"
run "info" sim info
prints "simulation"
run "console" sim console
prints "Activating hypervisor"
run "shutdown" sim cell shutdown apic-demo
run "load of another program" sim cell load apic-demo "$dir/crash"
run "start of that" sim cell start apic-demo
# It fails at once; whoever waits for it is told.
run "shutdown of a failed cell" sim cell shutdown apic-demo
run "destroy" sim cell destroy apic-demo
run "string as an image" sim cell create "$boards/qemu-q35-tiny-demo.cell"
run "load of a string" sim cell load tiny-demo -s "#!jailhouse-sim idle"
run "start of a string" sim cell start tiny-demo
run "disable" sim disable
run "console afterwards" sim console
prints "Closing cell"
refused "start without a hypervisor" sim cell start 1

# The same by the environment, also for programs that know of no simulation.
JAILHOUSE_BACKEND=sim:$dir/s
export JAILHOUSE_BACKEND
run "example life-cycle" "$examples/life-cycle" "$boards/qemu-q35.cell" "$boards/qemu-q35-apic-demo.cell" \
	"$dir/timer"
run "enable by the environment" "$jailhouse" enable "$boards/qemu-q35.cell"
run "example list-cells" "$examples/list-cells"
prints "running"
"$examples/watch-events" >"$dir/events" 2>&1 &
watcher=$!
run "create while watched" "$jailhouse" cell create "$boards/qemu-q35-apic-demo.cell"
run "disable while watched" "$jailhouse" disable
status=0
wait "$watcher" || status=$?
cp "$dir/events" "$dir/out"
check "example watch-events" "$status"

# A private machine needs no server.
JAILHOUSE_BACKEND=sim:
run "example life-cycle in its own machine" "$examples/life-cycle" "$boards/qemu-q35.cell" \
	"$boards/qemu-q35-apic-demo.cell" "$dir/timer"
unset JAILHOUSE_BACKEND

JAILHOUSE_SIM_SERVER=/nonexistent
refused "no server to be had" "$jailhouse" --backend "sim:$dir/other" info
prints "starting /nonexistent"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
