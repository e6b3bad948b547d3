// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * IOAPICs, shared by pins (Intel 82093AA, and ICH for the EOI register).
 *
 * A cell writes into a shadow of its own; the hardware gets what stays inside the cell. The root
 * cell's shadow outlives the time in which another cell has a pin, so that Linux gets back what it
 * had programmed.
 */
#include <asm/guest.h>
#include <asm/interrupt.h>
#include <asm/io.h>
#include <hypervisor/unit.h>
#include <hypervisor/arch/memory.h>

#define REG_INDEX 0x00
#define REG_DATA  0x10
#define REG_EOI   0x40

#define INDEX_VERSION 1
#define INDEX_ENTRIES 0x10
#define MAX_PINS      120 /* what the index can name */

#define ENTRY_READ_ONLY  0x0000000000005000ULL /* delivery status, remote IRR */
#define ENTRY_IN_SERVICE 0x0000000000004000ULL /* remote IRR */
#define ENTRY_KNOWN      0xff0000000001ffffULL
#define ENTRY_REMAPPED   0x0001000000000000ULL /* "interrupt format" of VT-d */
#define ENTRY_LOGICAL    0x0000000000000800ULL
#define ENTRY_MASKED     0x0000000000010000ULL
#define ENTRY_DEST_SHIFT 56

/* A chip as a cell sees it. */
struct ioapic_view {
	struct cell *cell;
	struct ioapic *chip;
	u32 owned[4];
	u8 index;
	u64 entries[MAX_PINS];
};

struct ioapic_cell {
	unsigned int pages;
	unsigned int count;
	struct ioapic_view views[];
};

/* ---- hardware; the chip's lock is held ---- */

static u32 chip_read(struct ioapic *chip, u32 index)
{
	reg_write(chip->regs + REG_INDEX, 4, index);
	return reg_read(chip->regs + REG_DATA, 4);
}

static void chip_write(struct ioapic *chip, u32 index, u32 value)
{
	reg_write(chip->regs + REG_INDEX, 4, index);
	reg_write(chip->regs + REG_DATA, 4, value);
}

static u64 entry_read(struct ioapic *chip, unsigned int pin)
{
	u32 index = INDEX_ENTRIES + pin * 2;

	return chip_read(chip, index) | (u64)chip_read(chip, index + 1) << 32;
}

/* The destination is valid whenever the entry is not masked. */
static void entry_write(struct ioapic *chip, unsigned int pin, u64 entry)
{
	u32 index = INDEX_ENTRIES + pin * 2;

	if (entry & ENTRY_MASKED)
		chip_write(chip, index, (u32)entry);
	chip_write(chip, index + 1, (u32)(entry >> 32));
	if (!(entry & ENTRY_MASKED))
		chip_write(chip, index, (u32)entry);
}

/* Masks a pin, and ends a level interrupt in service, which would block it for ever. */
static void entry_mask(struct ioapic *chip, unsigned int pin)
{
	u32 low = chip_read(chip, INDEX_ENTRIES + pin * 2);

	chip_write(chip, INDEX_ENTRIES + pin * 2, low | ENTRY_MASKED);
	if (low & ENTRY_IN_SERVICE && chip->has_eoi)
		reg_write(chip->regs + REG_EOI, 4, low & INTERRUPT_VECTOR);
	/* Without that register, the change to edge does it. */
	entry_write(chip, pin, ENTRY_MASKED);
}

/* ---- views ---- */

static bool listed(const struct jailhouse_irqchip *irqchip, unsigned int pin)
{
	return irqchip->pin_bitmap[pin / 32] & (1U << pin % 32);
}

static bool owns(const struct ioapic_view *view, unsigned int pin)
{
	return pin < view->chip->pins && view->owned[pin / 32] & (1U << pin % 32);
}

static struct ioapic_view *find_view(struct cell *cell, const struct ioapic *chip)
{
	struct ioapic_cell *own = cell->arch.ioapic;

	for (unsigned int n = 0; own && n < own->count; n++)
		if (own->views[n].chip == chip)
			return &own->views[n];
	return NULL;
}

static struct ioapic *find_chip(struct machine *m, u64 phys)
{
	for (unsigned int n = 0; n < m->arch.num_ioapics; n++)
		if (m->arch.ioapics[n].phys == phys)
			return &m->arch.ioapics[n];
	return NULL;
}

/*
 * Brings the shadow to the hardware; what may not be sent stays masked. False: that was the case.
 * The chip's lock is held.
 */
static bool program(struct ioapic_view *view, unsigned int pin)
{
	u64 entry = view->entries[pin];
	u32 destination = (u32)(entry >> ENTRY_DEST_SHIFT);
	bool valid = entry & ENTRY_MASKED ||
		     filter_interrupt(view->cell, (u32)entry, entry & ENTRY_LOGICAL, &destination);

	entry = (entry << 8 >> 8) | (u64)destination << ENTRY_DEST_SHIFT;
	entry_write(view->chip, pin, valid ? entry : entry | ENTRY_MASKED);
	return valid;
}

/* ---- guest access ---- */

static enum mmio_result forbidden(struct percpu *cpu, const struct ioapic_view *view,
				  struct mmio_access *access)
{
	u64 reg = access->address - view->chip->phys, value = access->value;

	access->value = ~0ULL;
	if (learn_access(cpu, JAILHOUSE_LEARNED_MEM, access->address, access->size, access->write))
		return MMIO_HANDLED;
	cpu_printk(cpu, "FATAL: Invalid IOAPIC %s, reg: %llx, index: %x\n",
		   access->write ? "write" : "read", reg, view->index);
	VIOLATION(cpu, access->address, IOAPIC_ACCESS, access_arg(access->write), view->chip->phys,
		  reg == REG_DATA ? view->index : reg, value);
	return MMIO_ERROR;
}

static u32 read_entry(struct ioapic_view *view, unsigned int pin)
{
	u32 value;

	if (view->index % 2)
		return (u32)(view->entries[pin] >> 32);
	spin_lock(&view->chip->lock);
	value = chip_read(view->chip, view->index) & ENTRY_READ_ONLY;
	spin_unlock(&view->chip->lock);
	return value | (u32)view->entries[pin];
}

static enum mmio_result write_entry(struct percpu *cpu, struct ioapic_view *view, unsigned int pin,
				    struct mmio_access *access)
{
	u64 shift = view->index % 2 * 32, entry;
	bool valid;

	spin_lock(&view->chip->lock);
	entry = (view->entries[pin] & ~(0xffffffffULL << shift)) | (u64)(u32)access->value << shift;
	view->entries[pin] = entry & ENTRY_KNOWN & ~ENTRY_READ_ONLY;
	valid = program(view, pin);
	spin_unlock(&view->chip->lock);
	if (valid)
		return MMIO_HANDLED;
	if (!cell_is_root(view->cell))
		return forbidden(cpu, view, access);
	/* Linux does this on its way to a reboot; parking a CPU then would leave the machine
	 * hanging. */
	guest_printk(cpu, "WARNING: IOAPIC pin %u of the root cell stays masked, entry %llx\n", pin,
		     entry);
	return MMIO_HANDLED;
}

static enum mmio_result data_access(struct percpu *cpu, struct ioapic_view *view,
				    struct mmio_access *access)
{
	unsigned int pin = (view->index - INDEX_ENTRIES) / 2u;

	if (view->index < INDEX_ENTRIES) {
		if (access->write)
			return forbidden(cpu, view, access);
		spin_lock(&view->chip->lock);
		access->value = chip_read(view->chip, view->index);
		spin_unlock(&view->chip->lock);
		return MMIO_HANDLED;
	}
	if (pin >= view->chip->pins)
		return forbidden(cpu, view, access);
	if (!owns(view, pin)) {
		access->value = 0;
		return MMIO_HANDLED;
	}
	if (access->write)
		return write_entry(cpu, view, pin, access);
	access->value = read_entry(view, pin);
	return MMIO_HANDLED;
}

/* The register ends interrupts of all pins with this vector: the vector of one of the cell's pins,
 * then. */
static enum mmio_result end_of_interrupt(struct percpu *cpu, struct ioapic_view *view,
					 struct mmio_access *access)
{
	bool owner = false, used = false;

	for (unsigned int pin = 0; pin < view->chip->pins; pin++) {
		owner |= owns(view, pin);
		used |= owns(view, pin) &&
			(view->entries[pin] & INTERRUPT_VECTOR) == (u8)access->value;
	}
	if (!owner || !access->write)
		return forbidden(cpu, view, access);
	if (used)
		reg_write(view->chip->regs + REG_EOI, 4, (u8)access->value);
	return MMIO_HANDLED;
}

static enum mmio_result ioapic_access(struct percpu *cpu, void *arg, struct mmio_access *access)
{
	struct ioapic_view *view = arg;
	u64 reg = access->address - view->chip->phys;

	if (reg == REG_INDEX && access->size <= 4) {
		if (access->write)
			view->index = (u8)access->value;
		access->value = view->index;
		return MMIO_HANDLED;
	}
	if (reg == REG_DATA && access->size == 4)
		return data_access(cpu, view, access);
	if (reg == REG_EOI && access->size == 4)
		return end_of_interrupt(cpu, view, access);
	return forbidden(cpu, view, access);
}

/* ---- unit ---- */

static void ioapic_shutdown(struct machine *m)
{
	while (m->arch.num_ioapics > 0)
		arch_unmap_device(m, m->arch.ioapics[--m->arch.num_ioapics].regs, PAGE_SIZE);
}

static int ioapic_init(struct machine *m)
{
	const struct jailhouse_irqchip *list = jailhouse_cell_irqchips(m->root.config);
	unsigned int count = m->root.config->num_irqchips;

	if (count > X86_MAX_IOAPICS)
		return REFUSE2(m, -ERANGE, IRQCHIP_COUNT, JAILHOUSE_ITEM_NONE, 0, count,
			       X86_MAX_IOAPICS);
	for (unsigned int n = 0; n < count; n++) {
		struct ioapic *chip = &m->arch.ioapics[n];
		u32 version;

		chip->phys = list[n].address;
		chip->regs = arch_map_device(m, chip->phys, PAGE_SIZE);
		if (!chip->regs) {
			ioapic_shutdown(m);
			return refuse_no_memory(m, 1);
		}
		m->arch.num_ioapics = n + 1;
		version = chip_read(chip, INDEX_VERSION);
		chip->pins = (version >> 16 & 0xff) + 1;
		chip->has_eoi = (version & 0xff) >= 0x20;
		if (chip->pins > MAX_PINS) {
			ioapic_shutdown(m);
			return REFUSE3(m, -EIO, IRQCHIP_PINS, JAILHOUSE_ITEM_IRQCHIP, n, chip->phys,
				       chip->pins, MAX_PINS);
		}
	}
	return 0;
}

/* Pins belong to one cell each; the root cell gives its own away. */
static int check_pins(struct machine *m, const struct jailhouse_irqchip *irqchip,
		      const struct ioapic *chip, u32 index)
{
	for_each_non_root_cell (cell, m) {
		const struct ioapic_view *view = find_view(cell, chip);

		for (unsigned int pin = 0; view && pin < chip->pins; pin++)
			if (listed(irqchip, pin) && owns(view, pin))
				return REFUSE4(m, -EBUSY, MEM_OTHER_CELL, JAILHOUSE_ITEM_IRQCHIP,
					       index, pin, pin, cell->config->id,
					       view - cell->arch.ioapic->views);
	}
	return 0;
}

static int ioapic_cell_check(struct machine *m, const struct jailhouse_cell_desc *config, bool root)
{
	const struct jailhouse_irqchip *list = jailhouse_cell_irqchips(config);
	unsigned int count = config->num_irqchips;
	int err;

	if (count > X86_MAX_IOAPICS)
		return REFUSE2(m, -ERANGE, IRQCHIP_COUNT, JAILHOUSE_ITEM_NONE, 0, count,
			       X86_MAX_IOAPICS);
	for (u32 n = 0; n < count; n++) {
		const struct ioapic *chip = find_chip(m, list[n].address);

		if (list[n].pin_base)
			return REFUSE1(m, -EINVAL, IRQCHIP_PIN_BASE, JAILHOUSE_ITEM_IRQCHIP, n,
				       list[n].pin_base);
		if (!chip)
			return REFUSE1(m, -EINVAL, IRQCHIP_UNKNOWN, JAILHOUSE_ITEM_IRQCHIP, n,
				       list[n].address);
		err = root ? 0 : check_pins(m, &list[n], chip, n);
		if (err)
			return err;
	}
	return 0;
}

/* Enable: the hardware stays as Linux has programmed it. */
static int take_from_linux(struct ioapic_view *view)
{
	struct machine *m = view->cell->machine;

	for (unsigned int pin = 0; pin < view->chip->pins; pin++) {
		u64 entry;

		if (!owns(view, pin))
			continue;
		entry = entry_read(view->chip, pin);
		view->entries[pin] = entry & ENTRY_KNOWN & ~ENTRY_READ_ONLY;
		if (entry & ENTRY_MASKED ||
		    (!(entry & ENTRY_REMAPPED) && (entry & INTERRUPT_MODE) <= INTERRUPT_LOWEST))
			continue;
		printk(m, "FATAL: Unsupported IOAPIC state, pin %u\n", pin);
		return entry & ENTRY_REMAPPED ?
			       REFUSE1(m, -EBUSY, IOMMU_ACTIVE, JAILHOUSE_ITEM_NONE, 0, pin) :
			       REFUSE3(m, -EIO, IOAPIC_STATE, JAILHOUSE_ITEM_NONE, 0,
				       view->chip->phys, pin, entry);
	}
	return 0;
}

/* Masks the pins of a cell and forgets what it wrote. */
static void clear_pins(struct ioapic_view *view)
{
	spin_lock(&view->chip->lock);
	for (unsigned int pin = 0; pin < view->chip->pins; pin++) {
		view->entries[pin] = ENTRY_MASKED;
		if (owns(view, pin))
			entry_mask(view->chip, pin);
	}
	spin_unlock(&view->chip->lock);
}

static void take_from_root(struct ioapic_view *view)
{
	struct ioapic_view *root = find_view(&view->cell->machine->root, view->chip);

	for (unsigned int n = 0; n < ARRAY_LEN(view->owned); n++)
		root->owned[n] &= ~view->owned[n];
	clear_pins(view);
}

static void give_to_root(struct ioapic_view *view)
{
	struct cell *root_cell = &view->cell->machine->root;
	struct ioapic_view *root = find_view(root_cell, view->chip);
	const struct jailhouse_irqchip *irqchip =
		jailhouse_cell_irqchips(root_cell->config) + (root - root_cell->arch.ioapic->views);

	clear_pins(view);
	spin_lock(&view->chip->lock);
	for (unsigned int pin = 0; pin < view->chip->pins; pin++) {
		if (!owns(view, pin) || !listed(irqchip, pin))
			continue;
		root->owned[pin / 32] |= 1U << pin % 32;
		program(root, pin);
	}
	spin_unlock(&view->chip->lock);
}

/* Interrupts of the root cell may point to CPUs that it has given away, or got back. */
static void refresh(struct ioapic_view *view)
{
	spin_lock(&view->chip->lock);
	for (unsigned int pin = 0; pin < view->chip->pins; pin++)
		if (owns(view, pin) && !(view->entries[pin] & ENTRY_MASKED) && !program(view, pin))
			printk(view->cell->machine,
			       "WARNING: IOAPIC pin %u left the root cell, masked\n", pin);
	spin_unlock(&view->chip->lock);
}

static void free_views(struct cell *cell)
{
	struct ioapic_cell *own = cell->arch.ioapic;

	for (unsigned int n = 0; n < own->count; n++)
		mmio_remove(cell, own->views[n].chip->phys);
	page_free(&cell->machine->pool, own, own->pages);
	cell->arch.ioapic = NULL;
}

static int add_view(struct cell *cell, const struct jailhouse_irqchip *irqchip)
{
	struct ioapic_cell *own = cell->arch.ioapic;
	struct ioapic_view *view = &own->views[own->count];
	u64 phys = irqchip->address, last = phys + PAGE_SIZE - 1;
	int err;

	view->cell = cell;
	view->chip = find_chip(cell->machine, phys);
	memcpy(view->owned, irqchip->pin_bitmap, sizeof(view->owned));
	err = mmio_add(cell, phys, PAGE_SIZE, ioapic_access, view);
	if (err == -EINVAL)
		return REFUSE4(cell->machine, err, MEM_INTERCEPTED, JAILHOUSE_ITEM_IRQCHIP,
			       own->count, phys, last, phys, last);
	if (err)
		return err;
	own->count++;
	return cell_is_root(cell) ? take_from_linux(view) : 0;
}

static int ioapic_cell_init(struct cell *cell)
{
	const struct jailhouse_irqchip *list = jailhouse_cell_irqchips(cell->config);
	unsigned int count = cell->config->num_irqchips, pages;
	struct ioapic_cell *own;
	int err = 0;

	if (count == 0)
		return 0;
	pages = (unsigned int)PAGES(sizeof(*own) + count * sizeof(own->views[0]));
	own = page_alloc(&cell->machine->pool, pages);
	if (!own)
		return refuse_no_memory(cell->machine, pages);
	own->pages = pages;
	cell->arch.ioapic = own;
	for (unsigned int n = 0; !err && n < count; n++)
		err = add_view(cell, &list[n]);
	if (err)
		free_views(cell);
	for (unsigned int n = 0; !err && !cell_is_root(cell) && n < count; n++)
		take_from_root(&own->views[n]);
	return err;
}

static void ioapic_cell_exit(struct cell *cell)
{
	struct ioapic_cell *own = cell->arch.ioapic;

	for (unsigned int n = 0; own && n < own->count; n++) {
		if (cell_is_root(cell))
			refresh(&own->views[n]); /* to what Linux wrote: all CPUs are its own again
						  */
		else
			give_to_root(&own->views[n]);
	}
	if (own)
		free_views(cell);
}

static void ioapic_cell_reset(struct cell *cell)
{
	struct ioapic_cell *own = cell->arch.ioapic, *root = cell->machine->root.arch.ioapic;

	for (unsigned int n = 0; own && n < own->count; n++)
		clear_pins(&own->views[n]);
	for (unsigned int n = 0; root && n < root->count; n++)
		refresh(&root->views[n]);
}

const struct unit ioapic_unit = {
	.name = "IOAPIC",
	.init = ioapic_init,
	.shutdown = ioapic_shutdown,
	.cell_check = ioapic_cell_check,
	.cell_init = ioapic_cell_init,
	.cell_exit = ioapic_cell_exit,
	.cell_reset = ioapic_cell_reset,
};
