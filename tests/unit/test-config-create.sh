#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Usage: test-config-create.sh JAILHOUSE MACHINES BAD_TREES SOURCES
# `config create`, `config collect`, `hardware check` and `doctor` on recorded machines: what is made is as expected, has
# no errors, and comes out the same by each way; what can't be made says what to do. MACHINES/NAME.expected has the
# system, and the cell behind it. BAD_TREES/DEFECT.dts has the message in its second line.
# shellcheck disable=SC2016 # the dollar sign is one of Linux' arguments
set -eu

jailhouse=$(readlink -f "$1")
machines=$(readlink -f "$2")
bad_trees=$(readlink -f "$3")
sources=$(readlink -f "$4")
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
passed=0

fail()
{
	echo "FAIL $1"
	[ ! -e err ] || cat err
	exit 1
}

# refused EXIT TEXT ARGUMENT...: `config create` fails with that in its message, and writes nothing
refused()
{
	code=$1 text=$2
	shift 2
	got=0
	"$jailhouse" config create "$@" none.cell 2> err || got=$?
	[ "$got" -eq "$code" ] || fail "$*: exit code $got"
	grep -qF -- "$text" err || fail "$*: no \"$text\""
	[ ! -e none.cell ] || fail "$*: wrote a file"
	passed=$((passed + 1))
}

copy()
{
	chmod -R u+w copy 2> /dev/null || true
	rm -rf copy
	cp -r "$machines/$1" copy
	chmod -R u+w copy
}

for machine in "$machines"/*/; do
	name=$(basename "$machine")
	"$jailhouse" config create -r "$machine" --cell first --cpus 2-3 --ram 2M "$name.dts" -o cell.dts 2> err ||
		fail "$name"
	cat "$name.dts" cell.dts > got
	diff -u "$machines/$name.expected" got || fail "$name is not as expected"
	"$jailhouse" config create -r "$machine" --cell first --cpus 2-3 --ram 2M "$name.cell" 2> err || fail "$name.cell"
	"$jailhouse" config check "$name.cell" first.cell > findings || fail "$name: $(cat findings)"
	"$jailhouse" config build -o again.cell "$name.dts" || fail "$name: build"
	cmp again.cell "$name.cell" || fail "$name: text and bytes differ"
	"$jailhouse" config collect -r "$machine" files.tar 2> err || fail "$name: collect"
	mkdir "$name"
	tar -x -f files.tar -C "$name"
	"$jailhouse" config create -r "$name" again.cell 2> err || fail "$name: from an archive"
	cmp again.cell "$name.cell" || fail "$name: the archive gives something else"
	passed=$((passed + 1))
done
[ "$passed" -ge 5 ] || fail "only $passed machines"

# A file by another name is the same file, there or not: nothing is written, and what was there stays.
mkdir one
ln -s one.cell link.cell
for cell in one.cell ./one.cell one/../one.cell "$PWD/one.cell" link.cell; do
	for there in no yes; do
		rm -f one.cell
		[ "$there" = no ] || echo before > one.cell
		# A link that leads nowhere is written through, which makes its file.
		[ "$there$cell" != nolink.cell ] || continue
		if "$jailhouse" config create -r "$machine" --cell first --cpus 2-3 --ram 2M -o "$cell" one.cell 2> err; then
			fail "system and cell both in $cell"
		fi
		grep -q 'system and cell go to the same file' err || fail "$cell: $(cat err)"
		[ "$(cat one.cell 2> /dev/null)" = "$([ "$there" = no ] || echo before)" ] || fail "$cell was written"
	done
	passed=$((passed + 1))
done

# The script for machines without the tool packs the same files; also on one that has all that may be there.
"$jailhouse" config create -g -t nowhere collector.sh || fail "-g"
copy intel-dmar
sed -n 's/^	"\(.*\)",$/\1/p' "$sources/generate/machine.c" | grep -E '^(proc|sys)/' > patterns
while read -r file; do
	file=copy/$(echo "$file" | sed 's|tty\*|tty1|; s|\*|any|')
	mkdir -p "${file%/*}"
	[ -e "$file" ] || echo x > "$file"
done < patterns
mkdir -p copy/proc/device-tree/node
echo y > copy/proc/device-tree/node/reg
for with in fdt no-fdt; do
	[ "$with" = fdt ] || rm copy/sys/firmware/fdt
	"$jailhouse" config collect -r copy files.tar 2> err || fail "collect $with"
	sh collector.sh script.tar copy 2> err || fail "collector $with"
	for name in files script; do
		rm -rf "$name"
		mkdir "$name"
		tar -x -f "$name.tar" -C "$name"
	done
	diff -r files script || fail "collector and collect differ $with"
done
[ -f script/proc/device-tree/node/reg ] || fail "no device tree was collected"
[ "$(find script -type f | wc -l)" -ge 30 ] || fail "only $(find script -type f | wc -l) files"
sh collector.sh > out && fail "collector without a target"
grep -q '^Usage: .* mytarget.tar' out || fail "usage of the collector: $(cat out)"
passed=$((passed + 1))

# Without a reservation the message has the way to get one.
copy qemu-q35
echo 'console=ttyS1' > copy/proc/cmdline
sed -i 's/^3a000000-3f1fffff : Reserved/3a000000-3f1fffff : System RAM/' copy/proc/iomem
refused 1 'no memory is reserved: 0x700000 bytes are needed, the largest piece has 0x0; boot Linux with memmap=8M$0x3a000000' -r copy
echo 'memmap=82M$0x3a000000' > copy/proc/cmdline
refused 1 'Linux has memory there all the same' -r copy
"$jailhouse" doctor -r copy > out 2>&1 && fail "doctor finds nothing missing"
grep -qF 'GRUB_CMDLINE_LINUX="memmap=82M\\\$0x3a000000"' out || fail "doctor: $(cat out)"
copy virt-gicv3
echo 'console=ttyS0' > copy/proc/cmdline
refused 1 'by a node jailhouse@ADDRESS with no-map in /reserved-memory' -r copy
grep -q 'no-map;' err || fail "no node for the device tree"
"$jailhouse" doctor -r copy > out 2>&1 && fail "doctor finds nothing missing"
grep -q 'jailhouse@' out || fail "doctor: $(cat out)"
# That node works.
{
	dtc -q -I dtb -O dts copy/sys/firmware/fdt
	sed -n '/^\/ {/,$p' err
} > with.dts
dtc -q -I dts -O dtb -o copy/sys/firmware/fdt with.dts || fail "the node does not compile"
rm copy/proc/iomem
"$jailhouse" config create -r copy node.cell 2> err || fail "with the node of the message"

# Too little, and what else may be wrong with a command line
refused 1 'too little memory is reserved' -r "$machines/qemu-q35" --mem-hv 100M
refused 2 '"6X" is not a size' -r "$machines/qemu-q35" --mem-hv 6X
# More than 64 bits, or than a machine can have; each is said of the option, and without a machine.
refused 2 '--mem-hv: "18446744073709551616" is not a size' --mem-hv 18446744073709551616
refused 2 '--mem-hv: "1T" is not a size' --mem-hv 1T
refused 2 '--mem-inmates: "256T" is not a size' -r /nowhere --mem-inmates 256T
refused 2 '--ram: "99999999999999999999999" is not a size' --cell one --ram 99999999999999999999999
refused 2 '--name: the name of a cell has 1 to 31 bytes' --name ''
refused 2 '--name: the name of a cell has 1 to 31 bytes' --name a2345678901234567890123456789012
refused 2 'are for --cell NAME' -r "$machines/qemu-q35" --cpus 3
refused 1 'there is no UART "ttyS7"' -r "$machines/qemu-q35" -c ttyS7
! grep -q "^Hint" err || fail "a hint about cells: $(cat err)"
refused 1 'Linux prints to ttyS1' -r "$machines/qemu-q35" --cell a --uart ttyS1
refused 1 'the system has no CPU 7' -r "$machines/qemu-q35" --cell a --cpus 7
refused 1 'CPU 0 stays with Linux' -r "$machines/qemu-q35" --cell a --cpus 0
refused 1 'cpus: offset 2: not a list of CPUs' -r "$machines/qemu-q35" --cell a --cpus 2,
refused 1 "has 1 to 31 characters" -r "$machines/qemu-q35" --cell 12345678901234567890123456789012
refused 1 'no region of 0x10000000 bytes for cells' -r "$machines/qemu-q35" --cell a --ram 256M
refused 1 'there are neither ACPI tables of a PC' -r "$dir"
if "$jailhouse" config create -r "$machines/qemu-q35" none.txt 2> err; then fail "an unknown format"; fi

# Files that are not what they should be: the message names file and place.
copy qemu-q35
mkdir -p copy/sys/devices/jailhouse
echo 1 > copy/sys/devices/jailhouse/enabled
refused 1 'the hypervisor is enabled' -r copy
echo 0 > copy/sys/devices/jailhouse/enabled
printf '00000000-00000000 : System RAM\n00000000-00000000 : Reserved\n' > copy/proc/iomem
refused 1 'proc/iomem: all addresses are 0' -r copy
printf '00001000-00000fff : System RAM\n' > copy/proc/iomem
refused 1 'proc/iomem: line 1: ends before it starts' -r copy
copy qemu-q35
head -c 50 copy/sys/firmware/acpi/tables/APIC > apic
cat apic > copy/sys/firmware/acpi/tables/APIC
refused 1 'sys/firmware/acpi/tables/APIC: offset 4: the length is' -r copy
copy qemu-q35
head -c 64 "$machines/qemu-q35/sys/bus/pci/devices/0000:00:1f.2/config" > copy/sys/bus/pci/devices/0000:00:1f.2/config
refused 1 'sys/bus/pci/devices/0000:00:1f.2/config: only the first 64 bytes' -r copy

# Device trees, each with one defect, and first without any
dtc -q -I dts -O dtb -o good.dtb "$bad_trees/machine.dtsi"
"$jailhouse" config create --dtb good.dtb good.cell 2> err || fail "machine.dtsi"
for defect in "$bad_trees"/*.dts; do
	dtc -q -f -I dts -O dtb -o bad.dtb "$defect" || fail "$defect does not compile"
	refused 1 "$(sed -n '2s/^\/\* \(.*\) \*\/$/\1/p' "$defect")" --dtb bad.dtb
done

# broken MESSAGE OFFSET BYTES: as a blob
broken()
{
	cp good.dtb bad.dtb
	printf '%b' "$3" | dd of=bad.dtb bs=1 seek="$2" conv=notrunc status=none
	refused 1 "device tree: $1" --dtb bad.dtb
}
broken FDT_ERR_BADMAGIC 0 '\0'
broken FDT_ERR_TRUNCATED 4 '\1'
broken FDT_ERR_BADVERSION 20 '\0\0\0\2'
# The first token is the root node's.
broken FDT_ERR_BADSTRUCTURE "$(od -An -j8 -N4 -tu4 --endian=big good.dtb | tr -d ' ')" '\0\0\0\5'
for size in 0 39 100; do
	head -c "$size" good.dtb > bad.dtb
	refused 1 'device tree: FDT_ERR_TRUNCATED' --dtb bad.dtb
done

# A device tree alone
"$jailhouse" config create --dtb "$machines/virt-gicv2/sys/firmware/fdt" offline.cell 2> err || fail "a device tree alone"
grep -q 'no PCI functions are known' err || fail "no note about PCI"
"$jailhouse" config check offline.cell > findings || fail "$(cat findings)"
# IOMMUs can be left out, and are kept out of reach then.
"$jailhouse" config create -r "$machines/intel-dmar" --no-iommu no.cell 2> err || fail "--no-iommu"
"$jailhouse" config dump no.cell > no.dts
if grep -q 'iommu-0' no.dts; then fail "there is an IOMMU"; fi
if grep -q '0xfed9' no.dts; then fail "an IOMMU is in reach"; fi

# What a configuration has no room for stays with Linux, or is kept from all, and is told.
{
	cat "$bad_trees/machine.dtsi"
	cat <<- EOF
		/ {
			pcie@20000000 {
				compatible = "pci-host-ecam-generic";
				device_type = "pci";
				#address-cells = <3>;
				#size-cells = <2>;
				linux,pci-domain = <1>;
				reg = <0 0x20000000 0 0x1000000>;
				ranges = <0x2000000 0 0x21000000 0 0x21000000 0 0x1000000>;
			};
			iommu@22000000 { compatible = "arm,smmu-v3"; reg = <0 0x22000000 0 0x20000>; #iommu-cells = <1>; };
			/* Its window has another form than that of a configuration. */
			pci@23000000 {
				compatible = "pci-host-cam-generic";
				device_type = "pci";
				#address-cells = <3>;
				#size-cells = <2>;
				#interrupt-cells = <1>;
				reg = <0 0x23000000 0 0x1000000>;
				ranges = <0x2000000 0 0x24000000 0 0x24000000 0 0x1000000>;
			};
		};
	EOF
} > more.dts
dtc -q -I dts -O dtb -o more.dtb more.dts
"$jailhouse" config create --dtb more.dtb more.cell 2> err || fail "more PCI hosts"
grep -qF "the PCI host at 0x20000000 is Linux' own" err || fail "no note about the second PCI host"
grep -qF 'the IOMMU at 0x22000000 is not described' err || fail "no note about the IOMMU"
"$jailhouse" config show more.cell > out
grep -qE '^ *0x10000000-0x10ffffff .*intercepted' out || fail "the first PCI host: $(cat out)"
grep -qE '^ *0x20000000-0x21ffffff .*root' out || fail "the second PCI host: $(cat out)"
grep -qE '^ *0x23000000-0x24ffffff .*root' out || fail "the third PCI host: $(cat out)"
if grep -qE '^ *0x22' out; then fail "the IOMMU is in reach: $(cat out)"; fi

# ARM with ACPI: an interrupt controller of a CPU in the MADT
copy qemu-q35
{
	printf 'APIC\174\000\000\000'
	head -c 36 /dev/zero
	printf '\013\120'
	head -c 78 /dev/zero
} > copy/sys/firmware/acpi/tables/APIC
cp "$machines/virt-gicv3/sys/firmware/fdt" copy/sys/firmware/fdt
refused 1 'APIC: an ARM machine. A configuration is made from its device tree: boot Linux with acpi=off' -r copy

# Options of the kernel: as it shows them itself, which wins, or where distributions put them
copy qemu-q35
mkdir -p copy/proc/sys/kernel copy/boot copy/lib/modules/6.1.0
echo 6.1.0 > copy/proc/sys/kernel/osrelease
"$jailhouse" doctor -r copy > out 2>&1 || true
grep -q '^Options of the kernel *unknown' out || fail "doctor without options: $(cat out)"
printf 'CONFIG_MODULES=y\nCONFIG_FW_LOADER=m\nCONFIG_SMP=y\n' > copy/lib/modules/6.1.0/config
"$jailhouse" doctor -r copy > out 2>&1 || true
grep -q '^CONFIG_HOTPLUG_CPU *MISSING' out || fail "doctor does not find lib/modules/6.1.0/config: $(cat out)"
printf 'CONFIG_MODULES=y\nCONFIG_SMP=y\nCONFIG_HOTPLUG_CPU=y\n' > copy/boot/config-6.1.0
"$jailhouse" doctor -r copy > out 2>&1 || true
grep -q '^CONFIG_HOTPLUG_CPU *ok' out || fail "doctor does not find boot/config-6.1.0: $(cat out)"
grep -q '^CONFIG_FW_LOADER *MISSING' out || fail "doctor does not look into boot/config-6.1.0: $(cat out)"
printf 'CONFIG_FW_LOADER=y\nCONFIG_SMP=y\nCONFIG_HOTPLUG_CPU=y\n' | gzip > copy/proc/config.gz
"$jailhouse" doctor -r copy > out 2>&1 || true
grep -q '^CONFIG_FW_LOADER *ok' out || fail "doctor does not find proc/config.gz: $(cat out)"
grep -q '^CONFIG_MODULES *MISSING' out || fail "doctor does not look into proc/config.gz: $(cat out)"
# One that is damaged: the other file
head -c 30 copy/proc/config.gz > copy/config.cut
mv copy/config.cut copy/proc/config.gz
"$jailhouse" doctor -r copy > out 2>&1 || true
grep -q '^CONFIG_FW_LOADER *MISSING' out || fail "doctor with a damaged proc/config.gz: $(cat out)"
passed=$((passed + 6))

"$jailhouse" hardware check -r "$machines/virt-gicv3" > out || fail "hardware check of virt-gicv3"
grep -q '^Check passed!' out || fail "$(cat out)"
copy qemu-q35
sed -i 's/ svm / /' copy/proc/cpuinfo
code=0
"$jailhouse" hardware check -r copy > out || code=$?
[ "$code" -eq 2 ] || fail "hardware check without SVM: $code"
grep -q '^AMD-V (SVM) *MISSING' out || fail "$(cat out)"
# No other CPU to compare with, or an unknown one, is a finding and no crash.
copy qemu-q35
sed -i '/^$/,$d' copy/proc/cpuinfo
code=0
"$jailhouse" hardware check -r copy > out || code=$?
[ "$code" -eq 2 ] || fail "hardware check with one CPU: $code"
grep -q '^Number of CPUs > 1 *MISSING' out || fail "$(cat out)"
copy qemu-q35
sed -i 's/^vendor_id.*/vendor_id\t: SomebodyElse/' copy/proc/cpuinfo
code=0
"$jailhouse" hardware check -r copy > out || code=$?
[ "$code" -eq 2 ] || fail "hardware check of an unknown vendor: $code"
grep -q '^Known vendor *MISSING' out || fail "$(cat out)"
if grep -q 'Check passed' out; then fail "an unknown vendor passes"; fi

# Sizes have any base.
"$jailhouse" config create -r "$machines/qemu-q35" --mem-hv 0x600000 hex.cell 2> err || fail "--mem-hv 0x600000"
"$jailhouse" config create -r "$machines/qemu-q35" --mem-hv 6M dec.cell 2> err || fail "--mem-hv 6M"
cmp -s hex.cell dec.cell || fail "0x600000 is not 6M"
echo "$passed passed"
