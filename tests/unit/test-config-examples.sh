#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Usage: test-config-examples.sh JAILHOUSE CONFIG-TEXT.MD EXAMPLES
# The text form as users see it. Of the document each block of source is put into the file that its heading line names,
# each block of commands is run, and prints what the next block says. The examples build, and the checker finds nothing.
set -eu

jailhouse=$(readlink -f "$1")
document=$(readlink -f "$2")
examples=$(readlink -f "$3")
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
mkdir "$dir/bin"
ln -s "$jailhouse" "$dir/bin/jailhouse"
PATH=$dir/bin:$PATH
cd "$dir"

fail()
{
	echo "FAIL $1"
	exit 1
}

awk '
/^`[a-z.-]+`:/ { split($0, part, "`"); name = part[2] }
/^```/ {
	if (kind) { close(file); kind = ""; next }
	kind = substr($0, 4)
	if (kind == "sh") { n++; file = "step-" n ".sh" }
	else if (kind == "text") file = "step-" n ".expected"
	else if (kind == "dts") { file = name; name = "" }
	if (file == "") { print "a block without a name: line " NR; exit 1 }
	printf "" > file
	next
}
kind { print > file }' "$document" || fail "$document"

steps=0
for step in step-*.sh; do
	steps=$((steps + 1))
	expected=${step%.sh}.expected
	# "!" in front of a command that must fail is no reason for sh -e to stop, so it is looked at here.
	if grep -q '^! ' "$step"; then
		sed -i 's/^! \(.*\)$/if \1; then exit 1; fi/' "$step"
	fi
	sh -e "$step" > out 2>&1 || { cat out; fail "the commands of $step fail"; }
	[ -e "$expected" ] || fail "nothing is expected of $step"
	diff "$expected" out || fail "$step prints something else"
done
[ "$steps" -ge 3 ] || fail "only $steps blocks of commands"

built=0
for source in "$examples"/*/*.dts; do
	built=$((built + 1))
	mkdir "$dir/example-$built"
	cd "$dir/example-$built"
	jailhouse config build --directory . --map map "$source" || fail "$source"
	mv system.cell first
	jailhouse config check --strict first ./*.cell > out 2>&1 || { cat out; fail "$source"; }
	grep -q '^0 errors, 0 warnings' out || { cat out; fail "the checker finds something in $source"; }
	grep -q '^link ' map || fail "no link in $source"
done
[ "$built" -ge 3 ] || fail "only $built examples"
echo "$steps blocks, $built examples"
