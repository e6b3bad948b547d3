#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Usage: test-config-show.sh JAILHOUSE BOARDS EXPECTED
# What `config show` and `config diff` print of boards, compared with what was looked at and found right. With
# UPDATE=1 the files in EXPECTED are written instead.
set -eu

jailhouse=$(readlink -f "$1")
expected=$(readlink -f "$3")
cd "$2"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
bad=0

# expect CODE NAME ARGUMENT...
expect()
{
	code=$1
	name=$2
	shift 2
	if "$jailhouse" config "$@" > "$dir/$name"; then status=0; else status=$?; fi
	if [ "$status" -ne "$code" ]; then
		echo "$name: exit code $status instead of $code"
		bad=1
	fi
	if [ "${UPDATE-}" = 1 ]; then
		cp "$dir/$name" "$expected/$name"
	elif ! diff -u "$expected/$name" "$dir/$name"; then
		bad=1
	fi
}

q35="x86/qemu-q35.cell x86/qemu-q35-apic-demo.cell"
# shellcheck disable=SC2086 # lists
{
	expect 0 q35.txt show $q35
	expect 0 q35.json show --json $q35
	expect 0 q35.svg show --svg - $q35
	# Two cells that are alternatives.
	expect 0 conflict.txt show $q35 x86/qemu-q35-tiny-demo.cell x86/qemu-q35-pci-demo.cell
	expect 0 conflict.svg show --svg - $q35 x86/qemu-q35-tiny-demo.cell x86/qemu-q35-pci-demo.cell
	# A cell alone.
	expect 0 cell.svg show --svg - x86/qemu-q35-smp-demo.cell
}

expect 1 diff.txt diff x86/qemu-q35-smp-demo.cell x86/qemu-q35-apic-demo.cell
expect 1 diff.json diff --json x86/qemu-q35-smp-demo.cell x86/qemu-q35-apic-demo.cell
expect 1 diff-system.txt diff arm64/qemu-virt.cell arm64/qemu-virt-its.cell
expect 0 same.txt diff arm64/qemu-virt.cell arm64/qemu-virt.cell
expect 2 none.txt diff arm64/qemu-virt.cell arm64/qemu-virt-pci-demo.cell 2> "$dir/errors"
expect 2 none.txt diff arm64/qemu-virt.cell /nowhere 2>> "$dir/errors"
grep -q "one is a system, the other one a cell" "$dir/errors" || bad=1

# The picture can be written to a file, which is the same each time.
"$jailhouse" config show --svg "$dir/a.svg" x86/qemu-q35.cell
"$jailhouse" config show --svg "$dir/b.svg" x86/qemu-q35.cell
cmp "$dir/a.svg" "$dir/b.svg" || bad=1

exit "$bad"
