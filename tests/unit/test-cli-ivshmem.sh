#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Usage: test-cli-ivshmem.sh JAILHOUSE SERVER BOARDS EXAMPLES
# Links of a simulated machine: the commands of the tool, and the example programs.
. "$(dirname "$0")/cli-on-sim.sh"
export JAILHOUSE_BACKEND=sim:$dir/s

# run NAME STATUS WORDS...: must end with that status
run()
{
	local name=$1 expected=$2 status=0
	shift 2
	"$@" >"$dir/out" 2>&1 || status=$?
	[ "$status" -eq "$expected" ]
	check "$name: $status" $?
}

# prints REGEX: what was run last has printed a line like it
prints()
{
	local status=0
	grep -qE -- "$1" "$dir/out" || status=1
	check "\"$1\" is printed" "$status"
}

guest()
{
	"$jailhouse" cell load ivshmem-demo -s "#!jailhouse-sim $1"
	"$jailhouse" cell start ivshmem-demo
}

set +e
run "enable" 0 "$jailhouse" enable --no-check "$boards/qemu-x86.cell"
run "create" 0 "$jailhouse" cell create --no-check "$boards/ivshmem-demo.cell"
run "list" 0 "$jailhouse" ivshmem list
prints '^Device +Node +Access +Protocol +ID +Peers +State +Link +Cells$'
prints '^0000:01:0e\.0 +- +sim +0x0000 +0 +3 +down +- +ivshmem-demo$'
run "cat without a name" 2 "$jailhouse" ivshmem cat
run "cat with no such name" 1 "$jailhouse" ivshmem cat nobody
prints 'there is no IVSHMEM device "nobody"'
grep -q '^Hint' "$dir/out"
check "no hint about cells" $((! $?))
run "cat with a map that is not there" 1 "$jailhouse" ivshmem cat /nowhere/links.map:chat
prints 'map of links /nowhere/links.map'
run "cat with nonsense for a peer" 2 "$jailhouse" ivshmem cat nobody --peer nonsense
prints '"nonsense" is not the id of a peer'
run "cat with no such peer" 1 "$jailhouse" ivshmem cat ivshmem-demo --peer 3
prints 'no other peer 3'
run "cat with a peer that is no number" 2 "$jailhouse" ivshmem cat ivshmem-demo --peer x
run "completion" 0 "$jailhouse" --complete ivshmem cat ''
prints '^ivshmem-demo	'
prints '^0000:01:0f\.0	'

guest channel-echo
# Started is not yet up.
for ((n = 0; n < 100; n++)); do
	! "$jailhouse" ivshmem list | grep -Eq 'up +- +ivshmem-demo' || break
	sleep 0.1
done
run "list with a peer" 0 "$jailhouse" ivshmem list
prints '^0000:01:0e\.0 .* up +- +ivshmem-demo$'
prints '^0000:01:0f\.0 .* down '
run "list as JSON" 0 "$jailhouse" ivshmem list --json
prints '"up": true'

# All bytes, more of them than the rings hold, and none
head -c 3000000 /dev/urandom >"$dir/bytes"
through_cat()
{
	"$jailhouse" ivshmem cat "$1" <"$2" >"$2.back"
}
run "cat" 0 through_cat ivshmem-demo "$dir/bytes"
cmp "$dir/bytes" "$dir/bytes.back"
check "the same bytes come back" $?
: >"$dir/nothing"
run "cat of nothing" 0 through_cat 01:0e.0 "$dir/nothing"
[ ! -s "$dir/nothing.back" ]
check "nothing comes back" $?

# Input that does not end, so that it is the cell that ends first
mkfifo "$dir/open"
exec 9<>"$dir/open"
cat_and_shutdown()
{
	"$jailhouse" ivshmem cat ivshmem-demo <"$dir/open" &
	until "$jailhouse" ivshmem list | grep -Eq "up +- +ivshmem-demo"; do sleep 0.1; done
	sleep 1
	"$jailhouse" cell shutdown ivshmem-demo
	wait $!
}
run "cat of a cell that goes away" 1 cat_and_shutdown
exec 9>&-
prints 'peer 1 went away'

guest channel-echo
run "example shared-ring" 0 "$examples/shared-ring" ivshmem-demo 100
prints '^100 frames of [0-9]+ bytes, 0 wrong$'
say()
{
	(echo hello; sleep 0.2; echo world) | "$examples/channel-chat" 01:0e.0 1
}
run "example channel-chat" 0 say
prints '^< hello$'
prints '^< world$'
run "shutdown" 0 "$jailhouse" cell shutdown ivshmem-demo
guest "channel-count 20"
run "example sensor-stream" 0 "$examples/sensor-stream" ivshmem-demo 5
prints '^value [0-9]+$'
run "example with no such link" 1 "$examples/sensor-stream" nobody 5
prints 'there is no IVSHMEM device "nobody"'
run "disable" 0 "$jailhouse" disable
run "list without hypervisor" 0 "$jailhouse" ivshmem list
[ ! -s "$dir/out" ]
check "nothing is listed" $?

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
