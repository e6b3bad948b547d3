/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A first cell for bare-metal inmates. */
#include <stdlib.h>
#include <string.h>

#include "config/generate/machine.h"

/* Where inmates look for the communication region */
#define X86_COMM 0x100000ull
#define ARM_COMM 0x80000000ull
/* x86: RAM behind the communication region */
#define X86_HIGH_RAM 0x200000ull

struct cell {
	struct jailhouse_machine *machine;
	const struct jailhouse_config *system;
	const struct jailhouse_cell_options *options;
	struct jailhouse_builder *builder;
	struct jailhouse_error *error;
};

static int add_memory(const struct cell *cell, uint64_t phys, uint64_t virt, uint64_t size,
		      uint64_t flags)
{
	const struct jailhouse_config_memory memory = {phys, virt, size, flags};

	return jailhouse_builder_set_memory(cell->builder, JAILHOUSE_CONFIG_END, &memory,
					    cell->error);
}

/* The last CPU of the system is the one that Linux misses least. */
static int add_last_cpu(const struct cell *cell)
{
	int32_t cpu, last = -1;

	for (cpu = jailhouse_config_next_cpu(cell->system, 0); cpu >= 0;
	     cpu = jailhouse_config_next_cpu(cell->system, cpu + 1))
		last = cpu;
	if (last <= 0)
		return jh_error_set(cell->error, JAILHOUSE_ERR_RESOURCES, 0,
				    "the system has one CPU only, which Linux needs");
	return jailhouse_builder_set_cpu(cell->builder, (uint32_t)last, 1, cell->error);
}

static int add_cpus(const struct cell *cell)
{
	uint64_t *set;
	uint32_t cpu;
	int err;

	if (!cell->options->cpus)
		return add_last_cpu(cell);
	set = calloc(JH_CPU_WORDS, sizeof(*set));
	if (!set)
		return jh_error_no_memory(cell->error);
	err = jh_cpu_list_parse(cell->options->cpus, "cpus", set, JH_MAX_CPUS, cell->error);
	for (cpu = 0; !err && cpu < JH_MAX_CPUS; cpu++) {
		if (!(set[cpu / 64] >> (cpu % 64) & 1))
			continue;
		if (jailhouse_config_next_cpu(cell->system, (int32_t)cpu) != (int32_t)cpu)
			err = jh_error_set(cell->error, JAILHOUSE_ERR_ARGUMENT, 0,
					   "the system has no CPU %u", cpu);
		else if (cpu == 0 && cell->machine->architecture == JAILHOUSE_X86)
			err = jh_error_set(cell->error, JAILHOUSE_ERR_ARGUMENT, 0,
					   "CPU 0 stays with Linux on x86");
		else
			err = jailhouse_builder_set_cpu(cell->builder, cpu, 1, cell->error);
	}
	free(set);
	return err;
}

/*
 * RAM for it: the end of the system's region for cells, which is the one that is executable, yet
 * out of reach for devices, so that what follows finds a long piece in front of it.
 */
static int find_ram(const struct cell *cell, uint64_t size, uint64_t *ret_phys)
{
	const struct jh_regions *reserved = &cell->machine->reserved;
	struct jailhouse_config_memory memory;
	uint32_t n;

	for (n = 0; jailhouse_config_get_memory(cell->system, n, &memory) == 0; n++) {
		if (memory.flags != JH_RAM || memory.size < size ||
		    !jh_regions_cover(reserved, memory.phys_start,
				      memory.phys_start + memory.size - 1))
			continue;
		*ret_phys = memory.phys_start + memory.size - size;
		if (memory.size - size >= 2 * JH_MIB)
			*ret_phys &= ~(2 * JH_MIB - 1);
		return 0;
	}
	return jh_error_set(cell->error, JAILHOUSE_ERR_RESOURCES, 0,
			    "the system has no region of 0x%llx bytes for cells",
			    (unsigned long long)size);
}

static int add_ram(const struct cell *cell)
{
	const bool x86 = cell->machine->architecture == JAILHOUSE_X86;
	const uint64_t flags = JH_RAM | JAILHOUSE_MEM_LOADABLE;
	uint64_t size = cell->options->ram ? cell->options->ram : JH_MIB;
	uint64_t phys = 0, low = size;
	int err;

	if (size % JH_PAGE || size >> 40)
		return jh_error_set(cell->error, JAILHOUSE_ERR_ARGUMENT, 0,
				    "0x%llx bytes of RAM are not some whole pages",
				    (unsigned long long)size);
	if (!x86 && size > ARM_COMM)
		return jh_error_set(
			cell->error, JAILHOUSE_ERR_ARGUMENT, 0,
			"a cell can have 0x%llx bytes of RAM below its communication region",
			ARM_COMM);
	err = find_ram(cell, size, &phys);
	if (x86 && size > X86_COMM)
		low = X86_COMM;
	if (!err)
		err = add_memory(cell, phys, 0, low, flags);
	if (!err && size > low)
		err = add_memory(cell, phys + low, X86_HIGH_RAM, size - low, flags);
	if (!err)
		err = add_memory(cell, 0, x86 ? X86_COMM : ARM_COMM, JH_PAGE,
				 JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE |
					 JAILHOUSE_MEM_COMM_REGION);
	return err;
}

/* ---- UART ---- */

static bool same_uart(const struct jailhouse_config_console *a,
		      const struct jailhouse_config_console *b)
{
	return a->address == b->address && a->type == b->type &&
	       (a->flags & JAILHOUSE_CON_ACCESS_MMIO) == (b->flags & JAILHOUSE_CON_ACCESS_MMIO);
}

/* Registers or ports, shared with who prints there as well. */
static int add_uart(const struct cell *cell, const struct jailhouse_config_console *uart,
		    bool shared)
{
	struct jailhouse_config_pio pio;
	uint64_t size;

	if (!(uart->flags & JAILHOUSE_CON_ACCESS_MMIO)) {
		pio.base = (uint16_t)uart->address;
		pio.length = JH_UART_PORTS;
		return jailhouse_builder_set_pio(cell->builder, JAILHOUSE_CONFIG_END, &pio,
						 cell->error);
	}
	size = uart->size < JH_PAGE ? JH_PAGE : uart->size;
	return add_memory(cell, uart->address & ~(JH_PAGE - 1), uart->address & ~(JH_PAGE - 1),
			  size, JH_MMIO | (shared ? JAILHOUSE_MEM_ROOTSHARED : 0));
}

static int add_line(const struct cell *cell, uint32_t irq)
{
	struct jailhouse_config_irqchip chip;

	if (irq < 32 || irq >= cell->machine->gic.num_lines)
		return 0;
	memset(&chip, 0, sizeof(chip));
	chip.address = cell->machine->gic.gicd;
	chip.pin_base = 32 + (irq - 32) / 128 * 128;
	chip.pin_bitmap[(irq - chip.pin_base) / 32] = 1u << ((irq - chip.pin_base) % 32);
	return jailhouse_builder_set_irqchip(cell->builder, JAILHOUSE_CONFIG_END, &chip,
					     cell->error);
}

/* The UART of the hypervisor is shared, as that prints without an interrupt. */
static int choose_uart(const struct cell *cell, struct jailhouse_config_console *ret_uart)
{
	const char *name = cell->options->uart;
	struct jailhouse_config_system system;
	const struct jh_uart *uart;
	int err;

	jailhouse_config_get_system(cell->system, &system);
	memset(ret_uart, 0, sizeof(*ret_uart));
	if (name && strcmp(name, "none") == 0)
		return 0;
	if (!name) {
		*ret_uart = system.debug_console;
		if (ret_uart->type == JAILHOUSE_CON_TYPE_NONE)
			return 0;
		return add_uart(cell, ret_uart, true);
	}
	uart = jh_uart_find(cell->machine, name, cell->error);
	if (!uart)
		return JAILHOUSE_ERR_NOT_FOUND;
	if (uart->linux_console)
		return jh_error_set(cell->error, JAILHOUSE_ERR_BUSY, 0, "Linux prints to %s",
				    uart->name);
	*ret_uart = uart->console;
	err = add_uart(cell, ret_uart, same_uart(ret_uart, &system.debug_console));
	return err ? err : add_line(cell, uart->irq);
}

static int emit_all(const struct cell *cell)
{
	struct jailhouse_config_cell head;
	int err;

	memset(&head, 0, sizeof(head));
	memcpy(head.name, cell->options->name, strlen(cell->options->name));
	head.flags = JAILHOUSE_CELL_VIRTUAL_CONSOLE_PERMITTED;
	err = add_cpus(cell);
	if (!err)
		err = add_ram(cell);
	if (!err)
		err = choose_uart(cell, &head.console);
	if (!err)
		err = jailhouse_builder_set_cell(cell->builder, &head);
	return err;
}

int jailhouse_generate_cell(struct jailhouse_machine *machine,
			    const struct jailhouse_config *system,
			    const struct jailhouse_cell_options *options,
			    struct jailhouse_builder **ret_builder, struct jailhouse_error *error)
{
	struct cell cell = {machine, system, options, NULL, error};
	int err;

	if (!machine || !system || system->kind != JAILHOUSE_CONFIG_SYSTEM || !options ||
	    options->size < sizeof(*options) || !ret_builder)
		return jh_error_argument(error, "machine, system, options or ret_builder");
	if (!options->name || !*options->name ||
	    strlen(options->name) >= sizeof(((struct jailhouse_config_cell *)0)->name))
		return jh_error_set(error, JAILHOUSE_ERR_ARGUMENT, 0,
				    "a cell's name has 1 to 31 characters");
	err = jailhouse_builder_new(JAILHOUSE_CONFIG_CELL, machine->architecture, &cell.builder,
				    error);
	if (err)
		return err;
	err = emit_all(&cell);
	if (err)
		jailhouse_builder_free(cell.builder);
	else
		*ret_builder = cell.builder;
	return err;
}
