#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Usage: test-config-links.sh JAILHOUSE BOARDS TABLE
# `link` nodes on every board: its text (`config dump`) gets one cell with a link to the root cell, and where there are
# enough CPUs two cells with a link between them. No address, device or line is written down; TABLE has what only the
# machine's user knows. Without that, what is missing is said.
set -eu

jailhouse=$(readlink -f "$1")
table=$(readlink -f "$3")
cd "$2"
boards=$(find . -name '*.cell' | sed 's:^\./::; s:\.cell$::' | sort)
here=$PWD
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
tried=0
between=0
no_host=0

fail()
{
	echo "FAIL $board: $1"
	shift
	[ $# -eq 0 ] || cat "$@"
	exit 1
}

# The words of a property of the root cell in its text: property NAME
property()
{
	sed -n "/^\tsystem {/,/^\t};/s/^\t\t$1 = .*<\(.*\)>;/\1/p" board.dts
}

# A cell of two lines: what it is and its RAM, wherever there is room
cell()
{
	printf '\t\t%s {\n\t\t\tcpus = <%s>;\n\t\t\tmemory-regions {\n' "$1" "$2"
	printf '\t\t\t\tram { size = <0x20000>; flags = "read", "write", "execute", "loadable"; };\n\t\t\t};\n\t\t};\n'
}

# Both texts in one: what is added to the system are lines of standard input.
add()
{
	printf '#include "board.dts"\n/ {\n\tarchitecture = "%s";\n\tsystem {\n' "${board%%/*}"
	cat
	printf '\t};\n\tcells {\n'
	cell near "$1"
	[ -z "$2" ] || cell far "$2"
	printf '\t};\n\tlinks {\n\t\tup { peers = "system", "near"; };\n'
	[ -z "$2" ] || printf '\t\taside { peers = "near", "far"; };\n'
	printf '\t};\n};\n'
}

build()
{
	rm -f ./*.cell map
	"$jailhouse" config build --directory . --map map "$@" links.dts > out 2>&1
}

must_say()
{
	if build "$@"; then fail "it builds without: $missing"; fi
	grep -qF "$missing" out || fail "it does not say: $missing" out
	[ ! -e system.cell ] || fail "a configuration is left"
}

# What the checker finds in the board as it is published is not the link's; no more may come.
findings()
{
	"$jailhouse" config check "$@" 2>/dev/null | sed -n 's/^.*: \(error\|warning\): .*\[\([a-z-]*\)\]$/\1 \2/p' | sort
}

# Lines of a cell: property of its own text, four of them
lines_of()
{
	"$jailhouse" config dump "$1.cell" | sed -n 's/.*vpci-irq-base = <\(.*\)>;.*/\1/p'
}

# The four lines of each are its own, those of the table or, of the root cell, of the board.
check_lines()
{
	if [ "$spis" = - ]; then return 0; fi
	for name in "$@"; do
		base=$(lines_of "$name")
		[ -n "$base" ] || fail "$name has no lines"
		for other in $bases; do
			[ $((base - other)) -ge 4 ] || [ $((other - base)) -ge 4 ] || fail "$name shares lines with another cell"
		done
		bases="$bases $base"
		[ "$name" = system ] && [ "$base" = "$(property vpci-irq-base)" ] && continue
		first=${spis% *}
		if [ "$base" -lt "$first" ] || [ $((base + 4)) -gt $((first + ${spis#* })) ]; then
			fail "SPI $base of $name is not spare"
		fi
	done
}

# "link NAME ADDRESS PROTOCOL START SIZE": a slot that nothing had, in memory that is kept
check_map()
{
	while read -r _ name address _ start size; do
		start=$((start))
		if [ "$start" -lt "$kept_start" ] || [ $((start + size - 1)) -gt "$kept_last" ]; then
			fail "the memory of $name is not what is kept from Linux" map
		fi
		slot=${address#*:}
		slot=${slot%.*}
		if grep -q "bdf = \"$slot\\.[0-7]\"" board.dts; then fail "$name is where the board has a device" map; fi
		echo "$slot"
	done > slots <<END
$(grep '^link ' map)
END
	[ "$(sort -u slots | wc -l)" -eq "$1" ] || fail "not $1 links in slots of their own" map
	[ "$(grep -c '^peer ' map)" -eq $((2 * $1)) ] || fail "not two ends of each link" map
}

for board in $boards; do
	[ "$(head -c 5 "$here/$board.cell")" = JHSYS ] || continue
	row=$(sed -n "s:^$board  *|::p" "$table")
	[ -n "$row" ] || fail "it is not in $table"
	kept=$(echo "$row" | cut -d '|' -f 1 | tr -d ' ')
	spis=$(echo "$row" | cut -d '|' -f 2 | sed 's/^ *//; s/ *$//')
	host=$(echo "$row" | cut -d '|' -f 3 | tr -d ' ')
	kept_start=$((0x${kept%-*}))
	kept_last=$((0x${kept#*-}))
	"$jailhouse" config dump "$here/$board.cell" > board.dts
	echo "$kept : Reserved" > iomem
	cpus=$(property cpus)
	near=${cpus##* }
	rest=${cpus% *}
	far=
	case $rest in *' '*) far=${rest##* } ;; esac

	: > extra
	add "$near" "$far" < extra > links.dts
	missing='no memory is reserved: give --iomem or --dtb, or mark a region of the system as pool'
	case $host in
	-) must_say ;;
	*)
		no_host=$((no_host + 1))
		missing='pci-is-virtual'
		must_say --iomem iomem
		printf '\t\tpci-mmconfig-base = <%s>;\n\t\tpci-mmconfig-end-bus = <0>;\n' "$host" >> extra
		printf '\t\tpci-is-virtual = <1>;\n\t\tpci-domain = <1>;\n' >> extra
		add "$near" "$far" < extra > links.dts
		missing='no memory is reserved: give --iomem or --dtb, or mark a region of the system as pool'
		must_say
		;;
	esac
	if [ "$spis" != - ]; then
		missing='needs vpci-irq-base here, or four more lines in spare-spis of the system'
		must_say --iomem iomem
		printf '\t\tspare-spis = <%s>;\n' "$spis" >> extra
		add "$near" "$far" < extra > links.dts
	fi

	build --iomem iomem || fail "it does not build" out
	findings "$here/$board.cell" > before
	findings system.cell near.cell ${far:+far.cell} > after
	[ -z "$(comm -13 before after)" ] || fail "the checker has something against it: $(comm -13 before after)"
	bases=
	check_lines system near ${far:+far}
	check_map $((1 + ${far:+1}+0))
	tried=$((tried + 1))
	between=$((between + ${far:+1}+0))
done

echo "$tried boards: $tried links of the root cell, $between between cells ($((tried - between)) boards have two CPUs)," \
	"$no_host need a virtual PCI host"
[ "$tried" -gt 0 ]
