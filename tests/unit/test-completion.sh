#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Usage: test-completion.sh COMPLETION FIXTURES
# What bash offers for a line. The sysfs tree is a recorded one.
set -eu

# shellcheck disable=SC2034 # read by the completion
_jailhouse_sysfs=$2/sysfs-running
# shellcheck source=/dev/null
. "$1"

passed=0
failed=0
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
mkdir sub
touch a.cell a.bin

# expect EXPECTED WORD... : the last word is the one being typed
expect()
{
	local expected=$1 got
	shift
	COMP_WORDS=(jailhouse "$@")
	COMP_CWORD=$#
	COMPREPLY=()
	_jailhouse || true
	got=$(printf '%s\n' "${COMPREPLY[@]}" | LC_ALL=C sort | paste -sd' ')
	if [ "$got" = "$expected" ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAIL \"jailhouse $*\": \"$got\" instead of \"$expected\""
	fi
}

expect "cell config console" c
expect "disable doctor" d
expect "--backend --help --version" --
expect "enable" en
expect "--help --no-check --permissive a.cell sub" enable ""
expect "--help --no-check --permissive" enable -
expect "--follow --help -f" console ""
expect "--help --json" info ""
expect "create" cell c
expect "show shutdown start stats" cell s
expect "a.cell" cell create a
expect "--help --json" cell list ""
expect "--help --name 10 2 apic-demo tiny" cell start ""
expect "apic-demo" cell start a
expect "10 2 apic-demo tiny" cell start --name ""
expect "" cell start tiny t
expect "--help --json --name 0 10 2 QEMU-VM apic-demo tiny" cell show ""
expect "--help --name 10 2 apic-demo tiny" cell load ""
expect "--address --string -a -s a.bin a.cell sub" cell load tiny ""
expect "" cell load tiny a.bin -a ""
expect "--address --string -a -s" cell load tiny a.bin -
expect "10 2 apic-demo tiny" --backend device : x cell start --name ""
expect "check collect create" config c
expect "c dts json" config dump --format ""
expect "a.bin a.cell sub" config build -o ""
expect "--help --iomem --json --root --rules --strict a.cell sub" config check ""
expect "a.bin a.cell sub" config check --iomem ""
expect "c cell dts json" config create --format ""
expect "--mem-hv --mem-inmates" config create --mem
expect "" config create --cell ""
expect "a.bin a.cell sub" config create --dtb ""
expect "--help --root -r a.bin a.cell sub" config collect ""
expect "check" hardware c
expect "--help --root -r" hardware check ""
expect "--help --root -r" doctor ""
expect "" frobnicate ""

# A name is text, whatever it looks like.
mkdir -p sysfs/cells/1
# shellcheck disable=SC2016 # not to be expanded
echo '$(touch expanded) x' > sysfs/cells/1/name
# shellcheck disable=SC2034
_jailhouse_sysfs=sysfs
# shellcheck disable=SC2016
expect '\$\(touch\ expanded\)\ x' cell start '$'
if [ -e expanded ]; then
	failed=$((failed + 1))
	echo "FAIL the name of a cell was executed"
fi

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
