#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Usage: test-config-build.sh JAILHOUSE FIXTURES
# `config build` of device tree source: a system and two cells from one file with an include, and mistakes, each with
# its line.
set -eu

jailhouse=$(readlink -f "$1")
fixtures=$(readlink -f "$2")
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cp "$fixtures"/*.dts* "$dir"
cd "$dir"
mkdir include out
mv cells.dtsi include

fail()
{
	echo "FAIL $1"
	cat err 2> /dev/null
	exit 1
}

"$jailhouse" config build -d out -I include good.dts 2> err || fail "good.dts"
[ "$(ls out)" = "$(printf 'other.cell\nsystem.cell\ntiny.cell')" ] || fail "files: $(ls out)"
"$jailhouse" config check out/system.cell out/tiny.cell > findings || fail "check of the system and tiny"
"$jailhouse" config dump --format json out/other.cell > other.json
grep -q '"cell_name": "another one"' other.json || fail "name of the cell"
grep -q '"cpu_set_size": 1,' other.json || fail "size of the CPU set"
"$jailhouse" config dump --format json out/tiny.cell > tiny.json
grep -q '"bdf": "00:03.0"' tiny.json || fail "PCI address"
grep -q '"phys_start": "0x3ef00000"' tiny.json || fail "a macro"
# A compiled tree is taken as well, and gives the same.
cpp -nostdinc -undef -x assembler-with-cpp -I include good.dts | dtc -q -I dts -O dtb -o good.dtb -
mkdir again
"$jailhouse" config build -d again good.dtb 2> err || fail "good.dtb"
cmp out/tiny.cell again/tiny.cell || fail "good.dtb"

# So is a pipe, which gives its bytes once.
mkdir piped
{ cat good.dts; } | "$jailhouse" config build -d piped -I include /dev/stdin 2> err || fail "a pipe"
cmp out/tiny.cell piped/tiny.cell || fail "a pipe gives something else"
mkfifo fifo
cat good.dts > fifo &
"$jailhouse" config build -d piped -I include fifo 2> err || fail "a FIFO"
cmp out/tiny.cell piped/tiny.cell || fail "a FIFO gives something else"
cat bad.dts > fifo &
if "$jailhouse" config build -d piped -I include fifo 2> err; then fail "mistakes in a FIFO"; fi
grep -qF '<stdin>:7: error: /system: apic-mode does not exist' err || fail "no line of a FIFO"

if "$jailhouse" config build -d out -I include -o one.cell good.dts 2> err; then fail "both -d and -o"; fi
if "$jailhouse" config build -I include -o one.cell good.dts 2> err; then fail "three for one file"; fi
[ ! -e one.cell ] || fail "one.cell is there"

mkdir none
if "$jailhouse" config build -d none bad.dts 2> err; then fail "bad.dts"; fi
[ -z "$(ls none)" ] || fail "bad.dts made files"
[ -s "$fixtures/bad.expected" ] || fail "nothing is expected of bad.dts"
while read -r line; do
	grep -qxF "$line" err || fail "missing: $line"
done < "$fixtures/bad.expected"

# The line of the property: behind labels, of several lines, in a file that is included, added later from elsewhere,
# beside one that looks like another's end or begin.
cat > more.dtsi <<- 'EOF'
	raw-3 = [00];
EOF
cat > lines.dts <<- 'EOF'
	/dts-v1/;
	/ {
		all: system {
			odd = "};",
				"x {";
			first: second: apic-mode =
				"xapic";
			architecture = "arm64";
			#include "more.dtsi"
			memory-regions {
				ram: low: ram { size = "4M"; };
			};
		};
	};
	&all { gic-version = <0x103>; };
	&low {
		flags = "read",
			"writ";
	};
EOF
if "$jailhouse" config build -d none lines.dts 2> err; then fail "lines.dts"; fi
for line in 'lines.dts:6: error: /system: apic-mode does not exist on this architecture' \
	'more.dtsi:1: error: /system: raw-3: not in the head, or not free' \
	'lines.dts:15: error: /system: gic-version: 0x103 does not fit 8 bits' \
	'lines.dts:17: error: /system/memory-regions/ram: flags: there is no "writ"'; do
	grep -qF "$line" err || fail "missing: $line"
done

# More mistakes than a report keeps
{
	printf '/dts-v1/; / { cell { architecture = "x86"; memory-regions {\n'
	for n in $(seq 1003); do echo "r$n { sise; };"; done
	echo '}; }; };'
} > many.dts
if "$jailhouse" config build many.dts 2> err; then fail "many.dts"; fi
grep -q '^3 more are not shown' err || fail "many.dts: not told how many: $(tail -n 2 err)"

printf '/dts-v1/;\n/ { };\n' > empty.dts
if "$jailhouse" config build empty.dts 2> err; then fail "empty.dts"; fi
grep -q 'empty.dts:2: error: /: there is neither a system nor a cell' err || fail "empty.dts"
printf '/dts-v1/;\n/ { ;\n' > syntax.dts
if "$jailhouse" config build syntax.dts 2> err; then fail "syntax.dts"; fi
grep -q 'syntax.dts:2' err || fail "syntax.dts"
head -c 40 good.dtb > short.dtb
if "$jailhouse" config build short.dtb 2> err; then fail "short.dtb"; fi
grep -q 'not a valid device tree blob' err || fail "short.dtb"
if "$jailhouse" config build missing.dts 2> err; then fail "missing.dts"; fi
grep -q 'missing.dts: No such file' err || fail "missing.dts"
if (cd /proc && "$jailhouse" config build -o /proc/none.cell "$dir/empty.dts") 2> err; then fail "unwritable"; fi
echo "passed"
