#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Usage: test-cli-nonsense.sh JAILHOUSE SERVER BOARDS
# Each command with what makes no sense: its exit code, a message that names the thing, nothing on stdout that could be
# taken for a result, and nothing changed in the machine, which is a simulated one with a cell.
set -eu

jailhouse=$(readlink -f "$1")
JAILHOUSE_SIM_SERVER=$(readlink -f "$2")
boards=$(readlink -f "$3")
export JAILHOUSE_SIM_SERVER
dir=$(mktemp -d)
cd "$dir"
passed=0
failed=0

sim()
{
	"$jailhouse" --backend "sim:$dir/s" "$@"
}

cleanup()
{
	sim disable >/dev/null 2>&1 || true
	rm -rf "$dir"
}
trap cleanup EXIT

fail()
{
	failed=$((failed + 1))
	echo "FAIL $*"
	head -3 err
}

# What may not change
state()
{
	sim cell list --json
	sim cell show apic-demo --json
	find . -type f ! -name out ! -name err ! -name before ! -name after | sort
}

# refused CODE TEXT WORDS...: with this exit code and this in the message
refused()
{
	local code=$1 text=$2 is=0
	shift 2
	timeout -s KILL 30 "$jailhouse" --backend "sim:$dir/s" "$@" </dev/null >out 2>err || is=$?
	if [ "$is" -ne "$code" ]; then
		fail "$*: exit code $is, not $code"
	elif ! grep -qF -- "$text" err; then
		fail "$*: does not say \"$text\""
	elif LC_ALL=C grep -q '[^[:print:][:space:]]' err; then
		fail "$*: the message is not printable"
	elif [ -s out ]; then
		fail "$*: prints a result"
	else
		passed=$((passed + 1))
	fi
}

sim enable "$boards/qemu-q35.cell"
sim cell create "$boards/qemu-q35-apic-demo.cell" 2>/dev/null
: >empty
printf 'JHSYS' >short
head -c 200 "$boards/qemu-q35.cell" >cut.cell
truncate -s 1T huge
mkfifo fifo
printf '00000000-00000000 : System RAM\n  00000000-00000000 : Kernel code\n' >zeros
echo 'fade out - cafe' >text
: >err
state >before

# Every command, the most plain words that it takes ("-": any number), the least, and good words to fill up with
commands='
enable|1|1
disable|-|0
info|0|0
learned|0|0
console|0|0
monitor|0|0
cell create|1|1
cell list|0|0
cell show|1|1
cell load|-|2
cell start|1|1
cell shutdown|1|1
cell destroy|1|1
cell stats|1|1
config check|-|1
config build|1|1
config dump|1|1
config create|1|1
config collect|1|1
hardware check|0|0
doctor|0|0
config show|-|1
config diff|2|2
ivshmem list|0|0
ivshmem cat|1|1
'
# A command that the help knows and this table does not is not tested.
"$jailhouse" --help | sed -n 's/^   \([a-z]\)/\1/p' | while read -r first second _; do
	case $first in
	cell | config | hardware | ivshmem) echo "$first $second" ;;
	*) echo "$first" ;;
	esac
done | sort >known
cut -d'|' -f1 <<<"$commands" | grep . | sort >listed
diff known listed || fail "the table is not complete"
rm known listed

while IFS='|' read -r command most least; do
	[ -n "$command" ] || continue
	read -ra words <<<"$command"
	refused 2 nonsense "${words[@]}" --nonsense
	refused 2 Z "${words[@]}" -Z
	if [ "$least" -gt 0 ]; then
		refused 2 "$command" "${words[@]}"
	fi
	if [ "$most" != - ]; then
		filler=()
		for ((n = 0; n <= most; n++)); do
			filler+=(1)
		done
		refused 2 "$command" "${words[@]}" "${filler[@]}"
	fi
done <<<"$commands"

refused 2 nonsense nonsense
refused 2 nonsense cell nonsense
refused 2 'Usage' cell
refused 2 '\xff' $'\xff\xfe'

# Files that are none; each command says which.
for command in enable 'cell create' 'cell load apic-demo' 'config check' 'config show' 'config dump' \
	"config diff $boards/qemu-q35.cell" 'config build -o y'; do
	read -ra words <<<"$command"
	code=1
	[ "${words[1]:-}" != diff ] || code=2
	refused "$code" 'missing' "${words[@]}" missing
	refused "$code" "$dir" "${words[@]}" "$dir"
	refused "$code" '/proc/self/mem' "${words[@]}" /proc/self/mem
	refused "$code" 'huge: File too large' "${words[@]}" huge
	refused "$code" '\xff' "${words[@]}" $'\xff'
	refused "$code" 'empty' "${words[@]}" ''
	[ "${words[1]:-}" != load ] || continue
	refused "$code" 'empty' "${words[@]}" empty
	refused "$code" 'short' "${words[@]}" short
	[ "${words[1]:-}" = build ] || refused "$code" 'cut' "${words[@]}" cut
done
state >after
cmp before after || fail "something has changed: $(diff before after)"

# Cells that there are not, and numbers that no id has
for command in show start shutdown destroy stats 'load'; do
	more=()
	[ "$command" != load ] || more=("$boards/qemu-q35.cell")
	refused 1 'nobody' cell "$command" nobody "${more[@]}"
	refused 1 '\xc3(' cell "$command" $'\xc3(' "${more[@]}"
	refused 1 '77' cell "$command" 77 "${more[@]}"
	refused 2 '99999999999999999999' cell "$command" 99999999999999999999 "${more[@]}"
done
# Numbers and words of options
refused 2 'xyz' cell load apic-demo "$boards/qemu-q35.cell" -a xyz
refused 2 '0x10000000000000000' cell load apic-demo "$boards/qemu-q35.cell" -a 0x10000000000000000
refused 1 '0xfffffffffffff000' cell load apic-demo "$boards/qemu-q35.cell" -a 0xfffffffffffff000
refused 2 'many' monitor --count many
refused 2 '99999999999999999999' monitor --count 99999999999999999999
refused 2 'poem' config dump --format poem "$boards/qemu-q35.cell"
refused 2 'lots' config create --mem-hv lots --root / y.cell
for file in zeros empty text; do
	refused 1 "$file: there are no addresses in it" config check --iomem $file "$boards/qemu-q35.cell"
done
refused 1 'nowhere' config create --root nowhere y.cell
# What is said of any of them is not for the terminal to obey.
for command in 'monitor --count' 'ivshmem cat nobody --peer' 'config dump empty --format' 'cell load apic-demo -s x -a' \
	'config create --root / y.cell --cell x --ram' 'config create'; do
	read -ra words <<<"$command"
	refused 2 '\x1b[31m' "${words[@]}" $'\e[31m'
done
refused 1 '\x1b[31m' config collect y.tar --root $'\e[31m'
state >after
cmp before after || fail "something has changed: $(diff before after)"

# The result can't be written: no success. Such commands print one.
for command in info 'info --json' 'cell list' 'cell list --json' 'cell show apic-demo' 'cell stats apic-demo --once' \
	"config check $boards/qemu-q35.cell" 'config check --rules' "config dump $boards/qemu-q35.cell" \
	"config show $boards/qemu-q35.cell" "config show --json $boards/qemu-q35.cell" 'hardware check' doctor \
	"config diff $boards/qemu-q35-tiny-demo.cell $boards/qemu-q35-apic-demo.cell" --help --version; do
	read -ra words <<<"$command"
	for to in closed /dev/full; do
		is=0
		if [ "$to" = closed ]; then
			sim "${words[@]}" >&- 2>err || is=$?
		else
			sim "${words[@]}" >/dev/full 2>err || is=$?
		fi
		if [ "$is" -ne 1 ] || ! grep -q 'writing the output failed' err; then
			fail "$command, stdout $to: exit code $is"
		else
			passed=$((passed + 1))
		fi
	done
done
state >after
cmp before after || fail "something has changed: $(diff before after)"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 200 ]
