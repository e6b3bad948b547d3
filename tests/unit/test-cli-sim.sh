#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Usage: test-cli-sim.sh JAILHOUSE SERVER BOARDS EXAMPLES MACHINE
# The tool and the example programs on a simulated machine, as a newcomer without privileges would use them.
. "$(dirname "$0")/cli-on-sim.sh"

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

# Each command is noted that is run by sim() and has a use there.
sim()
{
	echo "$*" >>"$dir/ran"
	"$jailhouse" --backend "sim:$dir/s" "$@"
}

machine=$5
printf '#!jailhouse-sim timer 10\n' >"$dir/timer"
printf '#!jailhouse-sim crash\n' >"$dir/crash"

run "hardware of a simulated machine" sim hardware check
prints "Check passed!"
run "doctor of a simulated machine" sim doctor
prints "Simulated machine"
prints "0 missing, 0 unknown"
run "list without a hypervisor" sim cell list
run "enable" sim enable "$boards/qemu-q35.cell"
# Before the program prints so much, on a slow machine, that this is gone
run "console" sim console
prints "Activating hypervisor"
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
run "shutdown" sim cell shutdown apic-demo
run "load of another program" sim cell load apic-demo "$dir/crash"
run "start of that" sim cell start apic-demo
# It fails at once; whoever waits for it is told.
run "shutdown of a failed cell" sim cell shutdown apic-demo
# More than a pipe holds at once.
# shellcheck disable=SC2016 # the inner shell's
run "image from a pipe" sh -c '{ cat "$1"; head -c 300000 /dev/zero; } | "$2" --backend "$3" cell load apic-demo /dev/stdin' \
	sh "$dir/timer" "$jailhouse" "sim:$dir/s"
run "destroy" sim cell destroy apic-demo
# Those that need no hypervisor are the same with any.
run "what learning mode found" sim learned
run "links" sim ivshmem list
refused "link that is not there" sim ivshmem cat nobody
prints 'there is no IVSHMEM device "nobody"'
run "check" sim config check "$boards/qemu-q35.cell" "$boards/qemu-q35-tiny-demo.cell"
run "dump" sim config dump "$boards/qemu-q35.cell"
cp "$dir/out" "$dir/q35.dts"
run "build" sim config build -o "$dir/q35.cell" "$dir/q35.dts"
run "build gives the same" cmp "$dir/q35.cell" "$boards/qemu-q35.cell"
run "show of configurations" sim config show "$boards/qemu-q35.cell" "$boards/qemu-q35-tiny-demo.cell"
run "diff" sim config diff "$dir/q35.cell" "$boards/qemu-q35.cell"
run "collect" sim config collect -r "$machine" "$dir/files.tar"
run "create of a configuration" sim config create -r "$machine" "$dir/new.cell"
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

# await FILE TEXT: until it stands there; a watcher has a minute for that.
await()
{
	tries=0
	until grep -qsF -- "$2" "$1"; do
		tries=$((tries + 1))
		if [ "$tries" -gt 1200 ]; then
			cp "$1" "$dir/out"
			check "\"$2\" comes" 1
			return
		fi
		sleep 0.05
	done
	check "\"$2\" comes" 0
}

# ended NAME PID FILE: a watcher ended well
ended()
{
	status=0
	wait "$2" || status=$?
	cp "$3" "$dir/out"
	check "$1" "$status"
}

# A watcher is at work as soon as it tells of something: a cell that stands still is shut down until then.
await_watcher()
{
	tries=0
	until [ -s "$1" ] || [ "$tries" -gt 1200 ]; do
		"$jailhouse" cell shutdown apic-demo >/dev/null 2>&1 || true
		tries=$((tries + 1))
		sleep 0.05
	done
}

run "create of what is watched" "$jailhouse" cell create "$boards/qemu-q35-apic-demo.cell"
"$examples/watch-events" >"$dir/events" 2>&1 &
watcher=$!
# A shell lets what it starts in the background ignore SIGINT.
env --default-signal=INT "$jailhouse" monitor >"$dir/text" 2>&1 &
monitor=$!
"$jailhouse" monitor --json >"$dir/json" 2>&1 &
json=$!
for file in events text json; do
	await_watcher "$dir/$file"
done
# The private connection of a watchdog looks before it waits, so it may come at any time.
"$examples/watchdog" apic-demo >"$dir/dog" 2>&1 &
dog=$!
run "load of a program that fails" "$jailhouse" cell load apic-demo "$dir/crash"
run "start of a program that fails" "$jailhouse" cell start apic-demo
await "$dir/dog" "restarted"
# Who reads no events for a moment misses none of a program that fails at once.
kill -STOP "$json"
sleep 0.5
kill -CONT "$json"
# If it comes late it restarts first, and tells why from the next failure on.
await "$dir/dog" "0x"
await "$dir/text" "failed"
kill "$dog"
wait "$dog" || true
run "disable while watched" "$jailhouse" disable
await "$dir/text" "disabled"
await "$dir/json" "disabled"
kill -INT "$monitor"
kill -TERM "$json"
ended "monitor ends by SIGINT" "$monitor" "$dir/text"
ended "monitor ends by SIGTERM" "$json" "$dir/json"
ended "example watch-events" "$watcher" "$dir/events"
prints "apic-demo loaded"
prints "apic-demo failed: "

# All of them in order, each once.
grep -o '"event": "[a-z]*"' "$dir/json" | cut -d '"' -f 4 | grep -v state | uniq >"$dir/out" || true
status=0
[ "$(head -n 3 "$dir/out" | tr '\n' ' ')" = "loaded started failed " ] || status=1
[ "$(tail -n 2 "$dir/out" | tr '\n' ' ')" = "destroyed disabled " ] || status=1
check "events are in order" "$status"
sed 's/.*"seq": \([0-9]*\),.*/\1/' "$dir/json" >"$dir/out"
status=0
awk 'NR > 1 && $1 != last + 1 { exit 1 } { last = $1 }' "$dir/out" || status=1
check "no event is missing" "$status"
grep '"failed"' "$dir/json" | head -n 1 >"$dir/out" || true
prints '"id": 1, "name": "apic-demo", "state": "failed", "cpu": 3, "reason": "'

run "each line is JSON" python3 -c 'import json, sys
for line in open(sys.argv[1]): json.loads(line)' "$dir/json"

# A watchdog ends with the hypervisor.
run "enable for a watchdog" "$jailhouse" enable "$boards/qemu-q35.cell"
run "create for a watchdog" "$jailhouse" cell create "$boards/qemu-q35-apic-demo.cell"
sim monitor --count 2 >"$dir/two" 2>&1 &
monitor=$!
await_watcher "$dir/two"
"$jailhouse" cell shutdown apic-demo
ended "monitor ends after 2 events" "$monitor" "$dir/two"
status=0
[ "$(wc -l <"$dir/two")" -eq 2 ] || status=1
check "2 events are 2 lines" "$status"
run "load for a watchdog" "$jailhouse" cell load apic-demo "$dir/crash"
run "start for a watchdog" "$jailhouse" cell start apic-demo
"$examples/watchdog" apic-demo >"$dir/dog" 2>&1 &
dog=$!
await "$dir/dog" "restarted"
run "disable for a watchdog" "$jailhouse" disable
ended "example watchdog ends with the hypervisor" "$dog" "$dir/dog"

# A private machine needs no server.
JAILHOUSE_BACKEND=sim:
run "example life-cycle in its own machine" "$examples/life-cycle" "$boards/qemu-q35.cell" \
	"$boards/qemu-q35-apic-demo.cell" "$dir/timer"
unset JAILHOUSE_BACKEND

JAILHOUSE_SIM_SERVER=/nonexistent
refused "no server to be had" "$jailhouse" --backend "sim:$dir/other" info
prints "starting /nonexistent"

# A command that the help knows and that was not run above
"$jailhouse" --help | awk '/^   [a-z]/ { print $1 ($2 ~ /^[a-z]+$/ ? " " $2 : "") }' | sort >"$dir/known"
while read -r command; do
	status=0
	grep -qE "^$command( |\$)" "$dir/ran" || status=1
	check "$command is run on a simulated machine" "$status"
done <"$dir/known"
[ "$(wc -l <"$dir/known")" -ge 25 ]

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
