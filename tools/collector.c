/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A script that packs the files of a machine where this tool is not installed, and so can't ask the library which they
 * are; a test compares it with `config collect`. It needs a shell, coreutils, find and tar.
 */
#include "commands.h"

static const char script[] =
	"#!/bin/sh\n"
	"# Packs what \"jailhouse config create --root DIR\" has to know of this machine.\n"
	"set -e\n"
	"case ${1:-} in\n"
	"'' | -h | --help)\n"
	"	echo \"Usage: $0 mytarget.tar [ROOT]\"\n"
	"	exit 1\n"
	"	;;\n"
	"esac\n"
	"root=${2:-/}\n"
	"if [ \"$root\" = / ] && [ \"$(id -u)\" -ne 0 ]; then\n"
	"	echo 'Please run as root' >&2\n"
	"	exit 1\n"
	"fi\n"
	": >\"$1\"\n"
	"target=$(readlink -f \"$1\")\n"
	"dir=$(mktemp -d)\n"
	"trap 'rm -rf \"$dir\"' EXIT\n"
	"cd \"$root\"\n"
	"tree=\n"
	"[ -e sys/firmware/fdt ] || [ ! -d proc/device-tree ] || tree=$(find -L proc/device-tree -type f)\n"
	"for file in proc/cmdline proc/config.gz proc/cpuinfo proc/iomem proc/ioports proc/modules \\\n"
	"	proc/sys/kernel/osrelease sys/bus/pci/devices/*/config sys/bus/pci/devices/*/resource \\\n"
	"	sys/class/dmi/id/product_name sys/class/dmi/id/sys_vendor sys/class/tty/tty*/io_type \\\n"
	"	sys/class/tty/tty*/iomem_base sys/class/tty/tty*/iomem_reg_shift sys/class/tty/tty*/port \\\n"
	"	sys/class/tty/tty*/type sys/devices/jailhouse/enabled sys/devices/system/cpu/online \\\n"
	"	sys/firmware/acpi/tables/APIC sys/firmware/acpi/tables/DMAR sys/firmware/acpi/tables/FACP \\\n"
	"	sys/firmware/acpi/tables/IVRS sys/firmware/acpi/tables/MCFG \\\n"
	"	sys/firmware/efi/runtime-map/*/num_pages sys/firmware/efi/runtime-map/*/phys_addr \\\n"
	"	sys/firmware/efi/runtime-map/*/type sys/firmware/fdt $tree; do\n"
	"	[ -f \"$file\" ] || continue\n"
	"	mkdir -p \"$dir/${file%/*}\"\n"
	"	cat \"$file\" >\"$dir/$file\"\n"
	"done\n"
	"cd \"$dir\"\n"
	"tar -cf \"$target\" -- *\n";

enum cli_result cli_write_collector(const struct cli *cli, const char *path)
{
	return cli_file_write(cli, path, script, sizeof(script) - 1) ? CLI_OK : CLI_FAILED;
}
