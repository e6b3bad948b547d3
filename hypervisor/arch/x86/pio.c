// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * I/O ports: which a cell reaches directly, and what happens at the others.
 *
 * Some ports trap whatever the configuration says. For two of them the bitmap's last page, behind
 * the bits that the processor looks at, notes whether the cell has been granted the port.
 */
#include <asm/guest.h>
#include <asm/io.h>
#include <hypervisor/unit.h>
#include <hypervisor/arch/cpu.h>

#define PORT_I8042      0x64
#define PORT_DELAY      0x80
#define PORT_FAST_RESET 0x92
#define PORT_SMI        0xb2
#define PORT_PCI        0xcf8
#define PORT_RESET      0xcf9
#define NUM_PORTS       0x10000U

#define GRANT_I8042      (NUM_PORTS + 8)
#define GRANT_FAST_RESET (NUM_PORTS + 9)

#define I8042_WRITE_OUTPUT 0xd1 /* its bit 0 is the reset line */
#define I8042_PULSE        0xf0 /* and up: pulses output lines */
#define I8042_RESET        0xfe
#define FAST_RESET         0x01
#define RESET_CPU          0x04

/* The PM1 control register lies before the timer in the ACPI blocks of all chip sets from PIIX4 on.
 */
#define PM_CONTROL_BEFORE_TIMER 4

static u16 pm_timer(const struct machine *m)
{
	return m->config->platform_info.x86.pm_timer_address;
}

/* Opens or closes ports for a cell; those that always trap get or lose their grant instead. */
static void set_ports(u8 *bitmap, unsigned int first, unsigned int count, bool open)
{
	for (unsigned int port = first; port < first + count && port < NUM_PORTS; port++) {
		unsigned int bit = port == PORT_I8042      ? GRANT_I8042 :
				   port == PORT_FAST_RESET ? GRANT_FAST_RESET :
							     port;

		if (port - PORT_PCI < 8)
			continue;
		if (open)
			clear_bit(bit, bitmap);
		else
			set_bit(bit, bitmap);
	}
}

static bool overlap(const struct jailhouse_pio *a, const struct jailhouse_pio *b,
		    unsigned int *first, unsigned int *count)
{
	unsigned int end = MIN(a->base + a->length, b->base + b->length);

	*first = MAX(a->base, b->base);
	*count = end > *first ? end - *first : 0;
	return *count;
}

static bool listed_by(const struct jailhouse_cell_desc *config, unsigned int first,
		      unsigned int count)
{
	const struct jailhouse_pio *list = jailhouse_cell_pio(config);

	for (unsigned int n = 0; n < config->num_pio_regions; n++)
		if (ranges_overlap(list[n].base, list[n].length, first, count))
			return true;
	return false;
}

/* ---- unit ---- */

/* Ports with which a cell could reset the machine, enter SMM, or power it off. */
static int check_forbidden(struct machine *m, const struct jailhouse_pio *range, u32 index)
{
	const struct jailhouse_pio forbidden[] = {
		PIO_RANGE(PORT_FAST_RESET, 1),
		PIO_RANGE(PORT_SMI, 2),
		PIO_RANGE(PORT_PCI, 8),
		PIO_RANGE(pm_timer(m) - PM_CONTROL_BEFORE_TIMER, pm_timer(m) ? 2 : 0),
	};
	unsigned int first, count;

	for (unsigned int n = 0; n < ARRAY_LEN(forbidden); n++)
		if (overlap(range, &forbidden[n], &first, &count))
			return REFUSE2(m, -EINVAL, PIO_FORBIDDEN, JAILHOUSE_ITEM_PIO_REGION, index,
				       first, first + count - 1);
	return 0;
}

/* Ports that the root cell owns go to one cell. Of all others the integrator knows how to share
 * them. */
static int check_other_cells(struct machine *m, const struct jailhouse_pio *range, u32 index)
{
	unsigned int first, count;

	for_each_non_root_cell (cell, m) {
		const struct jailhouse_pio *theirs = jailhouse_cell_pio(cell->config);

		for (unsigned int n = 0; n < cell->config->num_pio_regions; n++) {
			if (!overlap(range, &theirs[n], &first, &count))
				continue;
			if (listed_by(m->root.config, first, count))
				return REFUSE3(m, -EBUSY, PIO_OTHER_CELL, JAILHOUSE_ITEM_PIO_REGION,
					       index, first, first + count - 1, cell->config->id);
			printk(m, "WARNING: ports %x-%x are shared with cell \"%s\"\n", first,
			       first + count - 1, cell->config->name);
		}
	}
	return 0;
}

static int pio_cell_check(struct machine *m, const struct jailhouse_cell_desc *config, bool root)
{
	const struct jailhouse_pio *list = jailhouse_cell_pio(config);
	int err = 0;

	for (u32 n = 0; !err && n < config->num_pio_regions; n++) {
		if (list[n].base + list[n].length > (int)NUM_PORTS)
			return REFUSE2(m, -EINVAL, PIO_OVERFLOW, JAILHOUSE_ITEM_PIO_REGION, n,
				       list[n].base, list[n].length);
		if (root || list[n].length == 0)
			continue;
		err = check_forbidden(m, &list[n], n);
		if (!err)
			err = check_other_cells(m, &list[n], n);
		if (!err && !listed_by(m->root.config, list[n].base, list[n].length))
			printk(m, "WARNING: ports %x-%x are not part of the root cell\n",
			       list[n].base, list[n].base + list[n].length - 1);
	}
	return err;
}

static int pio_cell_init(struct cell *cell)
{
	const struct jailhouse_pio *list = jailhouse_cell_pio(cell->config);
	struct machine *m = cell->machine;
	unsigned int timer_ports = pm_timer(m) ? 4 : 0;
	u8 *bitmap = page_alloc(&m->pool, IO_BITMAP_PAGES);

	if (!bitmap)
		return refuse_no_memory(m, IO_BITMAP_PAGES);
	memset(bitmap, 0xff, IO_BITMAP_PAGES * PAGE_SIZE);
	for (unsigned int n = 0; n < cell->config->num_pio_regions; n++) {
		set_ports(bitmap, list[n].base, list[n].length, true);
		if (!cell_is_root(cell))
			set_ports(m->root.arch.io_bitmap, list[n].base, list[n].length, false);
	}
	set_ports(bitmap, pm_timer(m), timer_ports, true);
	if (!cell_is_root(cell))
		set_ports(m->root.arch.io_bitmap, pm_timer(m), timer_ports, true);
	cell->arch.io_bitmap = bitmap;
	return 0;
}

static void pio_cell_exit(struct cell *cell)
{
	const struct jailhouse_cell_desc *root = cell->machine->root.config;
	const struct jailhouse_pio *list = jailhouse_cell_pio(cell->config);
	const struct jailhouse_pio *roots = jailhouse_cell_pio(root);
	unsigned int first, count;

	for (unsigned int n = 0; n < cell->config->num_pio_regions && !cell_is_root(cell); n++)
		for (unsigned int r = 0; r < root->num_pio_regions; r++)
			if (overlap(&list[n], &roots[r], &first, &count))
				set_ports(cell->machine->root.arch.io_bitmap, first, count, true);
	page_free(&cell->machine->pool, cell->arch.io_bitmap, IO_BITMAP_PAGES);
	cell->arch.io_bitmap = NULL;
}

const struct unit pio_unit = {
	.name = "I/O ports",
	.cell_check = pio_cell_check,
	.cell_init = pio_cell_init,
	.cell_exit = pio_cell_exit,
};

/* ---- trapped accesses ---- */

enum pio_result { PIO_DENIED, PIO_DONE, PIO_REPORTED };

struct pio_access {
	u16 port;
	unsigned int size;
	bool in;
	u32 value;
};

static bool granted(const struct percpu *cpu, unsigned int grant)
{
	return !test_bit(grant, cpu->cell->arch.io_bitmap);
}

static void forward(struct pio_access *access)
{
	if (access->in)
		access->value = io_in(access->port, access->size);
	else
		io_out(access->port, access->size, access->value);
}

static bool is_reset(const struct pio_access *access)
{
	if (access->in || access->size != 1)
		return false;
	return (access->port == PORT_I8042 && access->value == I8042_RESET) ||
	       (access->port == PORT_RESET && access->value & RESET_CPU) ||
	       (access->port == PORT_FAST_RESET && access->value & FAST_RESET);
}

static enum pio_result i8042_access(struct percpu *cpu, struct pio_access *access)
{
	if (access->size != 1)
		return PIO_DENIED;
	if (!granted(cpu, GRANT_I8042)) {
		/* Linux waits for an empty input buffer before it asks for a reset. */
		access->value = 0;
		return access->in && cell_is_root(cpu->cell) ? PIO_DONE : PIO_DENIED;
	}
	if (!access->in && (access->value == I8042_WRITE_OUTPUT || access->value >= I8042_PULSE)) {
		if (learn_access(cpu, JAILHOUSE_LEARNED_PIO, access->port, 1, true))
			return PIO_DONE;
		cpu_printk(cpu, "FATAL: Invalid write to i8042 controller port\n");
		VIOLATION(cpu, access->port, I8042_ACCESS, access->value, 0, 0, 0);
		return PIO_REPORTED;
	}
	forward(access);
	return PIO_DONE;
}

static enum pio_result emulate(struct percpu *cpu, struct pio_access *access)
{
	if (cell_is_root(cpu->cell) && is_reset(access)) {
		cpu_printk(cpu, "The root cell resets the machine, port: %x\n", access->port);
		arch_machine_reset(cpu->machine);
		return PIO_DONE;
	}
	/* First step of a reset by this port, and the read before it. */
	if (cell_is_root(cpu->cell) && access->port == PORT_RESET && access->size == 1) {
		access->value = 0;
		return PIO_DONE;
	}
	if (access->port >= PORT_PCI && access->port < PORT_PCI + 8)
		return guest_pci_port(cpu, access->port, access->size, access->in, &access->value) ?
			       PIO_DONE :
			       PIO_REPORTED;
	if (access->port == PORT_I8042)
		return i8042_access(cpu, access);
	if (access->port == PORT_FAST_RESET && access->size == 1 &&
	    granted(cpu, GRANT_FAST_RESET)) {
		forward(access);
		return PIO_DONE;
	}
	return PIO_DENIED;
}

static void set_result(u64 *rax, unsigned int size, u32 value)
{
	u64 mask = size == 1 ? 0xff : size == 2 ? 0xffff : ~0ULL;

	*rax = (*rax & ~mask) | (value & mask);
}

bool guest_pio(struct percpu *cpu, u16 port, unsigned int size, bool in, bool string)
{
	u64 *rax = &cpu->arch.regs->r[REG_RAX];
	struct pio_access access = {port, size, in,
				    (u32)*rax & (size == 4 ? ~0U : (1U << size * 8) - 1)};
	enum pio_result result = PIO_DENIED;

	/* Used as a delay; reads leave AL as it is. */
	if (port == PORT_DELAY && size == 1 && !string)
		return true;
	if (!string)
		result = emulate(cpu, &access);
	if (result == PIO_DENIED && !string &&
	    learn_access(cpu, JAILHOUSE_LEARNED_PIO, port, size, !in)) {
		access.value = ~0U;
		result = PIO_DONE;
	}
	if (result == PIO_DONE && in)
		set_result(rax, size, access.value);
	if (result == PIO_DENIED) {
		cpu_printk(cpu, "FATAL: Invalid PIO %s, port: %x size: %u\n", in ? "read" : "write",
			   port, size);
		VIOLATION(cpu, port, PIO_ACCESS, access_arg(!in), port, size, 0);
	}
	return result == PIO_DONE;
}
