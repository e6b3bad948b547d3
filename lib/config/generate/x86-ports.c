/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Ports that the root cell of a PC gets. */
#include <string.h>

#include "config/generate/machine.h"

/* Linux uses these whether or not a resource says so. */
static const struct jailhouse_config_pio always[] = {
	{0x20, 2},     /* interrupt controller 1: masked at power-off */
	{0x40, 4},     /* PIT */
	{0x60, 2},     /* keyboard data, NMI status */
	{0x64, 1},     /* keyboard controller */
	{0x70, 2},     /* RTC */
	{0xa0, 2},     /* interrupt controller 2 */
	{0x3b0, 0x30}, /* VGA: Linux moves a cursor, card or not */
	{0x4d0, 2},    /* trigger modes of the interrupt controllers */
};

/*
 * All of these reach beyond the root cell. Those of the firmware's interface and of hotplug have no
 * place of their own, but names.
 */
static const struct jailhouse_config_pio never[] = {
	{0x00, 0x20}, /* DMA controller 1 */
	{0x80, 0x10}, /* its pages; delays are answered by the hypervisor */
	{0x92, 1},    /* A20 and a fast reset */
	{0xb2, 2},    /* raises SMIs */
	{0xc0, 0x20}, /* DMA controller 2 */
	{0xcf8, 8},   /* configuration of PCI, reset: intercepted */
};

static bool starts(const struct jh_resource *resource, const char *text)
{
	return strncmp(resource->name, text, strlen(text)) == 0;
}

static bool is_unwanted(const struct jh_resource *resource)
{
	return starts(resource, "PCI Bus") || starts(resource, "PCI conf") ||
	       starts(resource, "dma") || starts(resource, "timer1") || starts(resource, "fpu") ||
	       starts(resource, "pnp ") || starts(resource, "QEMU0002") ||
	       starts(resource, "fw_cfg") || strstr(resource->name, "hotplug") ||
	       strcmp(resource->name, "reserved") == 0 || strcmp(resource->name, "Reserved") == 0;
}

static void collect(const struct jailhouse_machine *machine, struct jh_regions *ports)
{
	const struct jh_acpi *acpi = &machine->acpi;
	const struct jh_resource *resource;
	size_t n;

	for (n = 0; n < JH_ARRAY_SIZE(always); n++)
		jh_regions_add(ports, always[n].base, always[n].base + always[n].length - 1u, 0);
	for (n = 0; n < machine->ioports.count; n++) {
		resource = &machine->ioports.resource[n];
		if (resource->last <= 0xffff && !is_unwanted(resource))
			jh_regions_add(ports, resource->start, resource->last, 0);
	}
	for (n = 0; n < acpi->pm_ports.count; n++)
		jh_regions_add(ports, acpi->pm_ports.region[n].start, acpi->pm_ports.region[n].last,
			       0);
	if (acpi->pm_timer)
		jh_regions_add(ports, acpi->pm_timer, acpi->pm_timer + 3u, 0);
}

static void cut(const struct jailhouse_machine *machine, struct jh_regions *ports)
{
	const struct jh_acpi *acpi = &machine->acpi;
	const struct jh_resource *resource;
	size_t n;

	for (n = 0; n < JH_ARRAY_SIZE(never); n++)
		jh_regions_cut(ports, never[n].base, never[n].base + never[n].length - 1u);
	if (acpi->smi_port)
		jh_regions_cut(ports, acpi->smi_port, acpi->smi_port);
	/* The keyboard controller's is intercepted. */
	if (acpi->reset_port && acpi->reset_port != 0x64)
		jh_regions_cut(ports, acpi->reset_port, acpi->reset_port);
	for (n = 0; n < machine->ioports.count; n++) {
		resource = &machine->ioports.resource[n];
		if (starts(resource, "QEMU0002") || starts(resource, "fw_cfg") ||
		    strstr(resource->name, "hotplug"))
			jh_regions_cut(ports, resource->start, resource->last);
	}
}

int jh_x86_emit_ports(struct jailhouse_machine *machine, uint64_t uart,
		      struct jailhouse_builder *builder, struct jailhouse_error *error)
{
	struct jh_regions ports = {NULL, 0, 0, false};
	struct jailhouse_config_pio pio;
	int err = 0;
	size_t n;

	collect(machine, &ports);
	cut(machine, &ports);
	if (uart)
		jh_regions_cut(&ports, uart, uart + JH_UART_PORTS - 1);
	jh_regions_merge(&ports);
	if (ports.no_memory)
		err = jh_error_no_memory(error);
	for (n = 0; !err && n < ports.count; n++) {
		pio.base = (uint16_t)ports.region[n].start;
		pio.length = (uint16_t)(ports.region[n].last - ports.region[n].start + 1);
		err = jailhouse_builder_set_pio(builder, JAILHOUSE_CONFIG_END, &pio, error);
	}
	jh_regions_free(&ports);
	return err;
}
