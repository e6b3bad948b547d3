# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
#
# Architectures and emulated machines. The machines are data: tests/system/machines.list.

JH_MACHINES=$JH_ROOT/tests/system/machines.list

# What others call an architecture: ours | Debian's | kernel's | GNU triplet | QEMU's | Debian's kernel flavour.
# The flavours are the smallest ones that have the machines' UARTs built in.
arch_table()
{
	cat <<-'EOT'
		x86   amd64 x86_64 x86_64-linux-gnu    x86_64  cloud-amd64
		arm64 arm64 arm64  aarch64-linux-gnu   aarch64 cloud-arm64
		arm   armhf arm    arm-linux-gnueabihf arm     armmp-lpae
	EOT
}

# arch_get ARCH: set ARCH_DEBIAN, ARCH_KERNEL, ARCH_TRIPLET, ARCH_QEMU and ARCH_FLAVOUR.
arch_get()
{
	local name
	while read -r name ARCH_DEBIAN ARCH_KERNEL ARCH_TRIPLET ARCH_QEMU ARCH_FLAVOUR; do
		[ "$name" != "$1" ] || return 0
	done < <(arch_table)
	die "no such architecture: $1 (known: $(arch_table | awk '{ printf "%s ", $1 }'))"
}

# dtb_make SOURCE DTB: compile a configuration that is written as text; the machine has no compiler.
dtb_make()
{
	${CC:-cc} -E -P -nostdinc -undef -x assembler-with-cpp "$1" | dtc -q -I dts -O dtb -o "$2"
}

# machine_get NAME: set MACHINE_ARCH, MACHINE_TYPE, MACHINE_CPU, MACHINE_UART (QEMU arguments), MACHINE_APPEND (for the
# kernel) and MACHINE_DTB (name of a file, or nothing), see the list.
machine_get()
{
	local name
	while IFS='|' read -r name MACHINE_ARCH MACHINE_TYPE MACHINE_CPU MACHINE_UART MACHINE_APPEND MACHINE_DTB; do
		[ "${name// /}" = "$1" ] || continue
		MACHINE_ARCH=${MACHINE_ARCH// /}
		MACHINE_TYPE=${MACHINE_TYPE// /}
		MACHINE_CPU=${MACHINE_CPU// /}
		read -r -a MACHINE_UART <<<"$MACHINE_UART"
		MACHINE_APPEND=${MACHINE_APPEND# }
		MACHINE_DTB=${MACHINE_DTB// /}
		return 0
	done < <(sed '/^#/d' "$JH_MACHINES")
	die "no such machine: $1 (known: $(sed '/^#/d; s/|.*//' "$JH_MACHINES" | tr -s ' \n' ' '))"
}
