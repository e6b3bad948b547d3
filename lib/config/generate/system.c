/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The system configuration of a machine. */
#include <stdlib.h>
#include <string.h>

#include "config/generate/machine.h"

#define NO_BDF 0xff00 /* of an IOAPIC whose messages no IOMMU sees */

struct system {
	struct jailhouse_machine *machine;
	const struct jailhouse_system_options *options;
	struct jailhouse_builder *builder;
	struct jailhouse_config_system head;
	struct jh_regions cells;
	uint64_t uart_ports; /* those of the hypervisor's UART, if Linux has no business there */
	struct jailhouse_error *error;
};

/* ---- memory ---- */

static int check_number(const struct jh_regions *regions, struct jailhouse_error *error)
{
	if (regions->no_memory)
		return jh_error_no_memory(error);
	if (regions->count > JH_MAX_REGIONS)
		return jh_error_set(error, JAILHOUSE_ERR_NOT_SUPPORTED, 0,
				    "the machine has more than %u regions of memory",
				    JH_MAX_REGIONS);
	return 0;
}

/* What came first keeps its flags. It ends where there are too many. */
static int fill(struct jh_regions *all, const struct jh_regions *with,
		struct jailhouse_error *error)
{
	const struct jh_region *region = with->region;
	size_t n;

	for (n = 0; n < with->count && all->count <= JH_MAX_REGIONS; n++, region++)
		jh_regions_fill(all, region->start, region->last, region->flags);
	return check_number(all, error);
}

static int collect_memory(const struct system *system, struct jh_regions *all)
{
	const struct jh_regions *forbidden = &system->machine->forbidden;
	size_t n;
	int err = fill(all, &system->machine->devices, system->error);

	if (err)
		return err;
	for (n = 0; n < forbidden->count; n++)
		jh_regions_cut(all, forbidden->region[n].start, forbidden->region[n].last);
	jh_regions_merge(all);
	/* Behind the cutting, as all that is reserved is cut. */
	err = fill(all, &system->cells, system->error);
	jh_regions_merge(all);
	return err;
}

static int emit_memory(const struct system *system)
{
	struct jh_regions all = {NULL, 0, 0, false};
	struct jailhouse_config_memory memory;
	int err = collect_memory(system, &all);
	size_t n;

	for (n = 0; !err && n < all.count; n++) {
		memory.phys_start = memory.virt_start = all.region[n].start;
		memory.size = all.region[n].last - all.region[n].start + 1;
		memory.flags = all.region[n].flags;
		err = jailhouse_builder_set_memory(system->builder, JAILHOUSE_CONFIG_END, &memory,
						   system->error);
	}
	jh_regions_free(&all);
	return err;
}

/* ---- interrupts ---- */

static int emit_ioapics(const struct system *system)
{
	const struct jh_acpi *acpi = &system->machine->acpi;
	const bool units = !(system->options->flags & JAILHOUSE_GENERATE_NO_IOMMU);
	struct jailhouse_config_irqchip chip;
	const struct jh_ioapic *ioapic;
	uint32_t n;
	int err = 0;

	for (n = 0; !err && n < acpi->num_ioapics; n++) {
		ioapic = &acpi->ioapic[n];
		memset(&chip, 0, sizeof(chip));
		chip.address = ioapic->address;
		chip.id = units && ioapic->has_bdf ? (uint32_t)ioapic->iommu << 16 | ioapic->bdf
						   : NO_BDF;
		/* How many there are, the hypervisor sees. */
		memset(chip.pin_bitmap, 0xff, sizeof(chip.pin_bitmap));
		err = jailhouse_builder_set_irqchip(system->builder, JAILHOUSE_CONFIG_END, &chip,
						    system->error);
	}
	return err;
}

static int emit_spis(const struct system *system)
{
	const struct jh_gic *gic = &system->machine->gic;
	struct jailhouse_config_irqchip chip;
	uint32_t base, line;
	int err = 0;

	for (base = 32; !err && base < gic->num_lines; base += 128) {
		memset(&chip, 0, sizeof(chip));
		chip.address = gic->gicd;
		chip.pin_base = base;
		for (line = base; line < base + 128 && line < gic->num_lines; line++)
			chip.pin_bitmap[(line - base) / 32] |= 1u << ((line - base) % 32);
		err = jailhouse_builder_set_irqchip(system->builder, JAILHOUSE_CONFIG_END, &chip,
						    system->error);
	}
	return err;
}

/* ---- the head ---- */

static void set_x86_head(struct system *system)
{
	const struct jailhouse_machine *machine = system->machine;
	struct jailhouse_config_system *head = &system->head;
	uint32_t size, vectors, needed = 120;
	uint64_t address;
	size_t n;

	head->pci_mmconfig_base = machine->acpi.mmconfig;
	head->pci_mmconfig_end_bus = machine->acpi.last_bus;
	head->pm_timer_address = machine->acpi.pm_timer;
	for (n = 0; n < machine->pci.count; n++) {
		if (jh_pci_msix(&machine->pci.device[n], &address, &size, &vectors))
			needed += vectors;
		else
			needed += jh_pci_msi_vectors(&machine->pci.device[n]);
	}
	for (head->vtd_interrupt_limit = 128; head->vtd_interrupt_limit < needed;)
		head->vtd_interrupt_limit *= 2;
	if (head->vtd_interrupt_limit > 32768)
		head->vtd_interrupt_limit = 32768;
	if (machine->acpi.num_units == 0 || machine->acpi.unit[0].type != JAILHOUSE_IOMMU_INTEL)
		head->vtd_interrupt_limit = 0;
}

static void set_arm_head(struct system *system)
{
	const struct jailhouse_machine *machine = system->machine;
	struct jailhouse_config_system *head = &system->head;

	head->gic_version = machine->gic.version;
	head->maintenance_irq = (uint8_t)machine->gic.maintenance;
	head->gicd_base = machine->gic.gicd;
	head->gicc_base = machine->gic.gicc;
	head->gich_base = machine->gic.gich;
	head->gicv_base = machine->gic.gicv;
	head->gicr_base = machine->gic.gicr;
	if (machine->ecam) {
		head->pci_mmconfig_base = machine->ecam;
		head->pci_mmconfig_end_bus = (uint8_t)((machine->ecam_size >> 20) - 1);
		head->pci_domain = machine->pci_domain;
	}
}

static int set_console(struct system *system)
{
	const char *name = system->options->console;
	const struct jh_uart *uart;

	if (name && strcmp(name, "none") == 0)
		return 0;
	if (!name)
		name = system->machine->has_device_tree ? system->machine->stdout_path : "ttyS0";
	uart = name ? jh_uart_find(system->machine, name,
				   system->options->console ? system->error : NULL)
		    : NULL;
	if (!uart && system->options->console)
		return JAILHOUSE_ERR_NOT_FOUND;
	if (!uart) {
		jh_note(system->machine, "the hypervisor has no UART, only its virtual console");
		return 0;
	}
	system->head.debug_console = uart->console;
	if (uart->linux_console) {
		jh_note(system->machine, "Linux and the hypervisor both print to %s", uart->name);
	} else if (!uart->mmio) {
		system->uart_ports = uart->console.address;
		jh_note(system->machine,
			"%s is for the hypervisor and cells: Linux must not open it", uart->name);
	}
	return 0;
}

static int set_units(const struct system *system)
{
	const struct jh_acpi *acpi = &system->machine->acpi;
	uint32_t n;

	if (system->options->flags & JAILHOUSE_GENERATE_NO_IOMMU) {
		if (acpi->num_units)
			jh_note(system->machine,
				"%u IOMMUs are not described: no protection against DMA "
				"of devices",
				acpi->num_units);
		return 0;
	}
	for (n = 0; n < acpi->num_units; n++) {
		if (acpi->unit[n].type == JAILHOUSE_IOMMU_AMD && acpi->unit[n].msi_cap == 0)
			return jh_error_set(system->error, JAILHOUSE_ERR_NOT_SUPPORTED, 0,
					    "the IOMMU at PCI %02x:%02x.%x has no MSI capability",
					    acpi->unit[n].bdf >> 8, acpi->unit[n].bdf >> 3 & 31,
					    acpi->unit[n].bdf & 7);
		jailhouse_builder_set_iommu(system->builder, n, &acpi->unit[n]);
	}
	return 0;
}

static int emit_heads(struct system *system)
{
	struct jailhouse_config_cell cell;
	const char *name = system->options->name ? system->options->name : "RootCell";
	int err;

	if (strlen(name) >= sizeof(cell.name) || !*name)
		return jh_error_argument(system->error, "name");
	err = set_console(system);
	if (err)
		return err;
	system->head.flags = JAILHOUSE_SYS_VIRTUAL_DEBUG_CONSOLE;
	if (system->machine->has_device_tree)
		set_arm_head(system);
	else
		set_x86_head(system);
	jailhouse_builder_set_system(system->builder, &system->head);
	memset(&cell, 0, sizeof(cell));
	memcpy(cell.name, name, strlen(name));
	jailhouse_builder_set_cell(system->builder, &cell);
	return set_units(system);
}

static int emit_cpus(const struct system *system)
{
	uint32_t cpu;
	int err = 0;

	for (cpu = 0; !err && cpu < JH_MAX_CPUS; cpu++)
		if (system->machine->cpus[cpu / 64] >> (cpu % 64) & 1)
			err = jailhouse_builder_set_cpu(system->builder, cpu, 1, system->error);
	return err;
}

static int place_memory(struct system *system)
{
	const struct jailhouse_system_options *options = system->options;
	uint64_t size = options->hypervisor_memory;
	struct jh_region place;
	int err;

	if (size == 0)
		size = (system->machine->has_device_tree ? 4 : 6) * JH_MIB;
	if (size >> 40 || options->cell_memory >> 48)
		return jh_error_argument(system->error, "hypervisor_memory or cell_memory");
	err = jh_reserved_split(system->machine, size, options->cell_memory, &place, &system->cells,
				system->error);
	if (err)
		return err;
	system->head.hypervisor_memory.phys_start = place.start;
	system->head.hypervisor_memory.size = place.last - place.start + 1;
	return 0;
}

static int emit_all(struct system *system)
{
	const bool x86 = !system->machine->has_device_tree;
	int err = place_memory(system);

	if (!err)
		err = emit_heads(system);
	if (!err)
		err = emit_cpus(system);
	if (!err)
		err = emit_memory(system);
	if (!err)
		err = x86 ? emit_ioapics(system) : emit_spis(system);
	if (!err && x86)
		err = jh_x86_emit_ports(system->machine, system->uart_ports, system->builder,
					system->error);
	if (!err)
		err = jh_pci_emit(system->machine, system->builder, system->error);
	return err;
}

int jailhouse_generate_system(struct jailhouse_machine *machine,
			      const struct jailhouse_system_options *options,
			      struct jailhouse_builder **ret_builder, struct jailhouse_error *error)
{
	static const struct jailhouse_system_options none = JAILHOUSE_SYSTEM_OPTIONS_INIT;
	struct system system = {
		.machine = machine, .options = options ? options : &none, .error = error};
	int err;

	if (!machine || !ret_builder || system.options->size < sizeof(none) ||
	    system.options->flags & ~(uint32_t)JAILHOUSE_GENERATE_NO_IOMMU)
		return jh_error_argument(error, "machine, options or ret_builder");
	err = jailhouse_builder_new(JAILHOUSE_CONFIG_SYSTEM, machine->architecture, &system.builder,
				    error);
	if (err)
		return err;
	err = emit_all(&system);
	jh_regions_free(&system.cells);
	if (err)
		jailhouse_builder_free(system.builder);
	else
		*ret_builder = system.builder;
	return err;
}
