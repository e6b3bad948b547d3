/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "machine.h"

/* Its name, written by tests/system/mkinitramfs */
#ifndef MACHINE_FILE
#define MACHINE_FILE "/etc/machine"
#endif

/* The same but for its interrupt controller */
#define QEMU_VIRT                                                                                  \
	.cpus = "0-3", .linux_ram = 0x50000000, .reserved = 0x70000000, .hypervisor = 0x7fc00000,  \
	.hypervisor_size = 0x400000, .cells = 0x70000000,                                          \
	.tiny = { "qemu-virt-tiny-demo", "tiny-demo" },                                            \
	.demo = { "qemu-virt-gic-demo", "gic-demo" }, .hostile = "qemu-virt-hostile",              \
	.hostile_smp = "qemu-virt-hostile-smp", .heart = "qemu-virt-gic-demo",                     \
	.hostile_parameters = "pin=200"

/* Boards with chips of Allwinner: the same memory map */
#define ALLWINNER                                                                                  \
	.cpus = "0-3", .linux_ram = 0x50000000, .reserved = 0x7a800000, .hypervisor = 0x7c000000,  \
	.hypervisor_size = 0x400000, .cells = 0x7a800000, .features = "cpus=2,gicv2"

static const struct guest_machine machines[] = {
	{
		.name = "qemu-q35",
		.system = "qemu-q35",
		.cpus = "0-3",
		.linux_ram = 0x10000000,
		.reserved = 0x3a000000,
		.ram_behind = 0x3f200000,
		.hypervisor = 0x3a000000,
		.hypervisor_size = 0x600000,
		.cells = 0x3a600000,
		.tiny = { "qemu-q35-tiny-demo", "tiny-demo" },
		.demo = { "qemu-q35-apic-demo", "apic-demo" },
		.hostile = "qemu-q35-hostile",
		.hostile_smp = "qemu-q35-hostile-smp",
		.heart = "qemu-q35-apic-demo",
		/* QEMU's APIC takes no notice of writes to the ESR (hw/intc/apic.c). */
		.hostile_parameters = "pin=5 sticky-esr",
		.features = "cpus=2,mmconfig,irqchip,pin=",
	},
	{ .name = "virt-gicv3", .system = "qemu-virt", QEMU_VIRT, .features = "cpus=2,gicv3" },
	{ .name = "virt-gicv2", .system = "qemu-virt-gicv2", QEMU_VIRT, .features = "cpus=2,gicv2" },
	{ .name = "virt-arm", .system = "qemu-virt-gicv2", QEMU_VIRT, .features = "cpus=2,gicv2" },
	{ .name = "virt-arm-gicv3", .system = "qemu-virt", QEMU_VIRT, .features = "cpus=2,gicv3" },
	{
		.name = "orangepi-pc",
		.system = "orangepi",
		ALLWINNER,
		.tiny = { "orangepi-freertos", "tiny-demo" },
		.demo = { "orangepi-gic-demo", "gic-demo" },
		.light = { "orangepi-freertos", "led-demo" },
	},
	{
		.name = "bpim2u",
		.system = "bananapi-m2-ultra",
		ALLWINNER,
		.tiny = { "bananapi-m2-ultra-freertos", "tiny-demo" },
		.light = { "bananapi-m2-ultra-freertos", "led-demo" },
	},
	/* Boards as they are published, with a cell of theirs */
	{
		.name = "qemu-arm64",
		.system = "qemu-arm64",
		.cpus = "0-15",
		.tiny = { "qemu-arm64-inmate-demo", "tiny-demo" },
	},
	{
		.name = "qemu-arm",
		.system = "qemu-arm",
		.cpus = "0-7",
		.tiny = { "qemu-arm-inmate-demo", "tiny-demo" },
	},
	{ .name = "virt-its", .system = "qemu-virt-its", QEMU_VIRT, .features = "cpus=2,gicv3" },
};

static const struct guest_machine *find_machine(const char *name)
{
	for (size_t i = 0; i < sizeof(machines) / sizeof(machines[0]); i++)
		if (!strcmp(machines[i].name, name))
			return &machines[i];
	fprintf(stderr, "no row for the machine \"%s\"\n", name);
	exit(EXIT_FAILURE);
}

const struct guest_machine *guest_machine(void)
{
	static const struct guest_machine *machine;
	char name[64];
	FILE *file;

	if (machine)
		return machine;
	file = fopen(MACHINE_FILE, "re");
	if (!file || !fgets(name, sizeof(name), file)) {
		perror(MACHINE_FILE);
		exit(EXIT_FAILURE);
	}
	fclose(file);
	name[strcspn(name, "\n")] = '\0';
	machine = find_machine(name);
	return machine;
}
