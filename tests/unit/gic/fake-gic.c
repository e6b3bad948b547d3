// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <hypervisor/arch/memory.h>
#include <asm/gic-sysregs.h>
#include "fake-gic.h"

struct fake_gic gic;
bool distributor_readable;
/* Only their addresses count. */
static u8 gicd[0x10000] __attribute__((aligned(8))), gicr[FRAMES * 0x20000] __attribute__((aligned(8)));
static u8 gicc[0x2000] __attribute__((aligned(8)));

struct percpu *on(struct percpu *cpu)
{
	gic.cpu = cpu->id;
	return cpu;
}

/* ---- banks of 32 interrupts ---- */

static u64 bank_read(struct irq_bank *bank, u32 reg, unsigned int size)
{
	u64 value = 0;

	if (reg >= PRIORITY && reg < PRIORITY + 32)
		for (unsigned int n = 0; n < size; n++)
			value |= (u64)bank->priority[reg - PRIORITY + n] << n * 8;
	else if (reg >= TARGETS && reg < TARGETS + 32)
		for (unsigned int n = 0; n < size; n++)
			value |= (u64)bank->targets[reg - TARGETS + n] << n * 8;
	else
		assert_int_equal(size, 4);
	if (reg == TRIGGER || reg == TRIGGER + 4)
		return bank->trigger[(reg - TRIGGER) / 4];
	if (reg == GROUP)
		return bank->group;
	if (reg == ENABLE || reg == DISABLE)
		return bank->enabled;
	if (reg == PEND || reg == UNPEND)
		return bank->pending | bank->line;
	if (reg == ACTIVATE || reg == DEACTIVATE)
		return bank->active;
	return value;
}

static void bank_write(struct irq_bank *bank, u32 reg, unsigned int size, u64 value, u32 allowed)
{
	u32 bits = (u32)value & allowed;

	for (unsigned int n = 0; n < size; n++) {
		u32 irq = reg % 32 + n;

		if (reg >= PRIORITY && reg < PRIORITY + 32 && allowed & 1U << irq)
			bank->priority[irq] = (u8)(value >> n * 8) & gic.priority_mask;
		if (reg >= TARGETS && reg < TARGETS + 32 && allowed & 1U << irq)
			bank->targets[irq] = (u8)(value >> n * 8) & 0x1f;
	}
	if (reg < PRIORITY || reg >= TRIGGER)
		assert_int_equal(size, 4);
	if (reg == TRIGGER || reg == TRIGGER + 4)
		bank->trigger[(reg - TRIGGER) / 4] = (u32)value;
	if (reg == GROUP)
		bank->group = bits;
	if (reg == ENABLE)
		bank->enabled |= bits;
	if (reg == DISABLE)
		bank->enabled &= ~bits;
	if (reg == PEND)
		bank->pending |= bits;
	if (reg == UNPEND)
		bank->pending &= ~bits;
	if (reg == ACTIVATE)
		bank->active |= bits;
	if (reg == DEACTIVATE)
		bank->active &= ~bits;
}

/* The bank of a register of the distributor, and the register of its first interrupt. */
static struct irq_bank *find_bank(u32 *reg)
{
	unsigned int index;
	u32 first;

	if (*reg < PRIORITY) {
		first = *reg & ~0x7fU;
		index = (*reg - first) / 4;
		*reg = first;
	} else if (*reg < TRIGGER) {
		first = *reg < TARGETS ? PRIORITY : TARGETS;
		index = (*reg - first) / 32;
		*reg = first + *reg % 32;
	} else {
		index = (*reg - TRIGGER) / 8;
		*reg = TRIGGER + *reg % 8;
	}
	if (index == 0)
		return gic.version == 2 ? &gic.own[gic.cpu] : NULL;
	return index < 3 ? &gic.spis[index] : NULL;
}

/* ---- frames ---- */

static bool is_bank_register(u32 reg)
{
	return (reg >= GROUP && reg < TARGETS) || (reg >= TARGETS && reg < TRIGGER && gic.version == 2) ||
	       (reg >= TRIGGER && reg < TRIGGER + 0x100);
}

static u64 gicd_read(u32 reg, unsigned int size)
{
	struct irq_bank *bank;

	if (is_bank_register(reg)) {
		bank = find_bank(&reg);
		return bank ? bank_read(bank, reg, size) : 0;
	}
	if (gic.version == 3 && reg >= ROUTE && reg < ROUTE + NUM_IRQS * 8)
		return size == 8 ? gic.routes[(reg - ROUTE) / 8] : 0;
	assert_int_equal(size, 4);
	switch (reg) {
	case 0x0:
		return gic.gicd_ctlr;
	case 0x4:
		return gic.gicd_typer;
	case 0x8:
		return 0x43b;
	case 0xfe8:
		return gic.version == 2 ? gic.pidr2 : 0;
	case 0xffe8:
		return gic.pidr2;
	}
	return 0;
}

static void gicd_write(u32 reg, unsigned int size, u64 value)
{
	struct irq_bank *bank;

	if (is_bank_register(reg)) {
		bank = find_bank(&reg);
		if (bank)
			bank_write(bank, reg, size, value, bank == &gic.own[gic.cpu] && reg >= TARGETS ? 0 : ~0U);
	} else if (gic.version == 3 && reg >= ROUTE && reg < ROUTE + NUM_IRQS * 8) {
		assert_int_equal(size, 8);
		gic.routes[(reg - ROUTE) / 8] = value;
	} else if (gic.version == 2 && reg == 0xf00) {
		gic.sgis[gic.num_sgis++] = value;
	} else {
		/* The rest is not to be written, but for pending SGIs of this CPU. */
		assert_in_range(reg, 0xf10, 0xf1c);
	}
}

static u64 gicr_read(u32 offset, unsigned int size)
{
	unsigned int n = offset / 0x20000;
	u32 reg = offset % 0x20000;

	if (reg >= 0x10000)
		return bank_read(&gic.own[n], reg - 0x10000, size) & (reg < 0x10400 ? ~gic.secure : ~0U);
	switch (reg) {
	case 0x0:
		return gic.redist_ctlr[n];
	case 0x4:
		return 0x43b;
	case 0x8:
		return gic.typer[n];
	case 0x14:
		return gic.waker[n];
	case 0xffe8:
		return 0x3b;
	}
	return 0;
}

static void gicr_write(u32 offset, unsigned int size, u64 value)
{
	u32 *control = &gic.redist_ctlr[offset / 0x20000];

	if (offset % 0x20000 == 0) {
		assert_int_equal(size, 4);
		*control = (u32)value | (*control & gic.redist_fixed);
		return;
	}
	assert_in_range(offset % 0x20000, 0x10000, 0x1ffff);
	bank_write(&gic.own[offset / 0x20000], offset % 0x10000, size, value, ~gic.secure);
}

/* GICv2 */
static u32 *gicc_register(u32 reg)
{
	struct cpu_interface *interface = &gic.interfaces[gic.cpu];

	if (reg >= 0xd0 && reg < 0xe0)
		return &interface->active[(reg - 0xd0) / 4];
	if (reg >= 0xe0 && reg < 0xf0)
		return &interface->ns_active[(reg - 0xe0) / 4];
	return reg == 0 ? &interface->ctlr : reg == 4 ? &interface->pmr : reg == 8 ? &interface->bpr : NULL;
}

static u64 gicc_read(u32 reg)
{
	if (reg == 0x14)
		return icc_read_rpr();
	assert_non_null(gicc_register(reg));
	return *gicc_register(reg);
}

static void gicc_write(u32 reg, u64 value)
{
	if (reg == 0x1000) {
		icc_write_dir(value);
		return;
	}
	assert_non_null(gicc_register(reg));
	if (reg != 4 || !gic.pmr_fixed)
		*gicc_register(reg) = reg == 4 ? (u32)value & gic.priority_mask : (u32)value;
}

u64 model_read(const u8 *address, unsigned int size)
{
	assert_int_equal((u64)address % size, 0);
	if (address >= gicd && address < gicd + sizeof(gicd))
		return gicd_read((u32)(address - gicd), size);
	if (address >= gicr && address < gicr + sizeof(gicr))
		return gicr_read((u32)(address - gicr), size);
	assert_true(address >= gicc && address < gicc + sizeof(gicc) && size == 4);
	return gicc_read((u32)(address - gicc));
}

void model_write(u8 *address, unsigned int size, u64 value)
{
	assert_int_equal((u64)address % size, 0);
	if (address >= gicd && address < gicd + sizeof(gicd))
		gicd_write((u32)(address - gicd), size, value);
	else if (address >= gicr && address < gicr + sizeof(gicr))
		gicr_write((u32)(address - gicr), size, value);
	else {
		assert_true(address >= gicc && address < gicc + sizeof(gicc) && size == 4);
		gicc_write((u32)(address - gicc), value);
	}
}

/* ---- CPU interface ---- */

#define DEFINE_ICC(name, field, condition)                                         \
	u64 icc_read_##name(void)                                                  \
	{                                                                          \
		return gic.interfaces[gic.cpu].field;                              \
	}                                                                          \
	void icc_write_##name(u64 value)                                           \
	{                                                                          \
		if (condition)                                                     \
			gic.interfaces[gic.cpu].field = (__typeof__(gic.interfaces[0].field))value; \
	}
DEFINE_ICC(ctlr, ctlr, true)
DEFINE_ICC(bpr0, bpr0, true)
DEFINE_ICC(bpr1, bpr, true)
DEFINE_ICC(igrpen0, enable0, true)
DEFINE_ICC(igrpen1, enable, true)
DEFINE_ICC(sre_el1, sre_el1, true)
DEFINE_ICC(sre_el2, sre_el2, true)
DEFINE_ICC(ich_hcr, ich_hcr, true)

u64 icc_read_pmr(void)
{
	return gic.interfaces[gic.cpu].pmr;
}

void icc_write_pmr(u64 value)
{
	if (!gic.pmr_fixed)
		gic.interfaces[gic.cpu].pmr = (u32)value & gic.priority_mask;
}

bool icc_exists(void)
{
	return !gic.no_icc;
}

/* 32 levels, one register: the others are undefined */
u64 icc_read_ap1r(unsigned int n)
{
	assert_int_equal(n, 0);
	return gic.interfaces[gic.cpu].active[0];
}

void icc_write_ap1r(unsigned int n, u64 value)
{
	assert_int_equal(n, 0);
	gic.interfaces[gic.cpu].active[0] = (u32)value;
}

u64 icc_read_rpr(void)
{
	u32 active = gic.interfaces[gic.cpu].active[0];

	return active ? (u64)__builtin_ctz(active) << 3 : 0xff;
}

void icc_write_dir(u64 value)
{
	gic.deactivated[gic.num_deactivated++] = value;
}

void icc_write_sgi1r(u64 value)
{
	gic.sgis[gic.num_sgis++] = value;
}

static void signal_best(const struct irq_bank *bank, unsigned int first, unsigned int *best)
{
	const struct cpu_interface *interface = &gic.interfaces[gic.cpu];
	u32 candidates = bank->enabled & (bank->pending | bank->line) & ~bank->active;
	bool open = gic.version == 2 ? interface->ctlr & 1 : interface->enable & 1;
	u32 open_irqs = open ? ~0U : 0;

	if (gic.version == 3 && gic.gicd_ctlr & DS)
		open_irqs = (open_irqs & bank->group) | (interface->enable0 & gic.gicd_ctlr & 1 ? ~bank->group : 0);
	for (unsigned int n = 0; n < 32; n++) {
		if (!(candidates & open_irqs & 1U << n) || (first && !(bank->targets[n] & 1U << gic.cpu)))
			continue;
		if (bank->priority[n] < interface->pmr && bank->priority[n] < icc_read_rpr() &&
		    bank->priority[n] < *best >> 16)
			*best = (unsigned int)bank->priority[n] << 16 | (first + n);
	}
}

void gic_wfi(void)
{
	unsigned int best = 0x100U << 16 | NO_IRQ;

	signal_best(&gic.own[gic.cpu], 0, &best);
	for (unsigned int n = 1; gic.version == 2 && n < 3; n++)
		signal_best(&gic.spis[n], n * 32, &best);
	gic.signalled = best & 0xffff;
	gic.waits++;
}

/* As FIQ, which goes to EL2 at once */
bool gic_fiq(const struct percpu *cpu)
{
	unsigned int best = 0x100U << 16 | NO_IRQ;

	gic.cpu = cpu->id;
	signal_best(&gic.own[cpu->id], 0, &best);
	return best >> 16 < 0x100 && gic.gicd_ctlr & DS && !(gic.own[cpu->id].group & 1U << (best & 0xffff));
}

/* ---- hypervisor ---- */

void *arch_map_device(struct machine *m, u64 phys, unsigned long size)
{
	if (m->pool.fail_at && --m->pool.fail_at == 0)
		return NULL;
	if (phys == GICD_BASE) {
		assert_int_equal(size, gic.version == 2 ? 0x1000 : 0x10000);
		return gicd;
	}
	if (phys == GICC_BASE)
		return gicc;
	/* They come again, if none says that it is the last. */
	assert_true(phys >= GICR_BASE && size <= sizeof(gicr));
	return gicr + (phys - GICR_BASE) % sizeof(gicr);
}

void arch_unmap_device(struct machine *m, void *virt, unsigned long size)
{
	(void)m, (void)virt, (void)size;
}

int paging_map(struct page_table *pt, u64 virt, u64 phys, u64 size, unsigned int flags)
{
	struct cell *cell = container_of(pt, struct cell, stage2);

	if (cell->machine->pool.fail_at && --cell->machine->pool.fail_at == 0)
		return -ENOMEM;
	assert_int_equal(virt, phys);
	assert_int_equal(size, PAGE_SIZE);
	if (phys == GICC_BASE) {
		assert_int_equal(flags, PG_READ | PG_WRITE | PG_DEVICE);
	} else {
		assert_int_equal(phys, GICD_BASE);
		assert_int_equal(flags, PG_READ | PG_DEVICE);
		assert_true(cell_is_root(cell));
		distributor_readable = true;
	}
	return 0;
}

/* ---- set-up ---- */

static void setup_cpu(unsigned int n)
{
	/* Two clusters, the second one with high numbers */
	u64 mpidr = n < 2 ? n : 0x100000112ULL + n;

	gic.typer[n] = (mpidr >> 32 << 24 | (mpidr & 0xffffff)) << 32 | n << 8 | (n == FRAMES - 1 ? 0x10 : 0) | 1;
	gic.own[n] = (struct irq_bank){.group = ~0U, .enabled = 0x4000ffff};
	memset(gic.own[n].priority, 0xa0, 32);
	memset(gic.own[n].targets, 1 << n, 32);
	gic.interfaces[n] =
		(struct cpu_interface){.ctlr = 0x402, .pmr = 0xf0, .enable = 1, .sre_el1 = 7, .sre_el2 = 0xf};
	if (n < FAKE_CPUS)
		fake.cpus[n].arch.mpidr = mpidr;
}

static int setup(void **state, unsigned int version)
{
	struct jailhouse_platform_arm *platform = &fake.system.platform_info.arm;

	fake_setup(state);
	memset(&gic, 0, sizeof(gic));
	*platform = (struct jailhouse_platform_arm){
		.maintenance_irq = KICK_PPI,
		.gic_version = (u8)version,
		.gicd_base = GICD_BASE,
		.gicc_base = version == 2 ? GICC_BASE : 0,
		.gich_base = version == 2 ? 0x08030000 : 0,
		.gicv_base = version == 2 ? 0x08040000 : 0,
		.gicr_base = version == 3 ? GICR_BASE : 0,
	};
	fake.machine.config = &fake.system;
	gic.version = version;
	gic.gicd_ctlr = 0x53;
	gic.gicd_typer = 2 | 3 << 5 | 1 << 17 | 1 << 8;
	gic.pidr2 = version == 2 ? 0x2b : 0x3b;
	gic.priority_mask = 0xf8;
	for (unsigned int n = 0; n < FRAMES; n++)
		setup_cpu(n);
	for (unsigned int n = 1; n < 3; n++) {
		gic.spis[n].group = ~0U;
		memset(gic.spis[n].priority, 0xa0, 32);
		memset(gic.spis[n].targets, 1, 32);
		gic.spis[n].trigger[0] = 0xaaaa5555 & 0xaaaaaaaa;
	}
	return 0;
}

int gic_setup_v3(void **state)
{
	return setup(state, 3);
}

int gic_setup_v3_secure(void **state)
{
	setup(state, 3);
	gic.gicd_ctlr = 0x12;
	return 0;
}

int gic_setup_v2(void **state)
{
	setup(state, 2);
	for (unsigned int n = 0; n < FRAMES; n++)
		gic.interfaces[n].ctlr = 1;
	return 0;
}

/* The system configuration has the root cell's at its end; here it only needs to be found by the choice of a kick. */
static const struct jailhouse_system *system_with(const struct jailhouse_cell_desc *root)
{
	static u8 copy[sizeof(struct jailhouse_system) + 4096];
	struct jailhouse_system *system = (struct jailhouse_system *)copy;

	*system = fake.system;
	assert_in_range(jailhouse_cell_config_size(root), 1, 4096);
	memcpy(&system->root_cell, root, jailhouse_cell_config_size(root));
	memcpy((void *)jailhouse_cell_cpu_set(&system->root_cell), "\x0f", 1);
	return system;
}

int gic_enable(const struct jailhouse_irqchip *root_irqs, unsigned int num)
{
	const struct fake_config parts = {.irqchips = root_irqs, .num_irqchips = num};
	const struct jailhouse_cell_desc *config = fake_make_config("root", 0, &parts);
	int err;

	fake.machine.config = system_with(config);
	err = gic_init(&fake.machine);
	for (unsigned int n = 0; !err && n < FAKE_CPUS; n++)
		err = fake.machine.arch.gic->cpu_init(on(&fake.cpus[n]));
	on(ROOT_CPU);
	return err ? err : fake_start_root(&irqchip_unit, config);
}

void gic_start(void)
{
	static const struct jailhouse_irqchip most = {
		.address = GICD_BASE, .pin_base = 32, .pin_bitmap = {~0U, 0x7fffffff}};

	assert_int_equal(gic_enable(&most, 1), 0);
}

void gic_stop(void)
{
	fake_stop_root(&irqchip_unit);
	for (unsigned int n = 0; n < FAKE_CPUS; n++)
		fake.machine.arch.gic->cpu_exit(on(&fake.cpus[n]));
}

int gic_create(struct cell *cell, const struct jailhouse_irqchip *irqs, unsigned int num)
{
	const struct fake_config parts = {.irqchips = irqs, .num_irqchips = num};
	const struct jailhouse_cell_desc *config = fake_make_config("cell", cell == CELL ? 1 : 2, &parts);

	memcpy((void *)jailhouse_cell_cpu_set(config), "\x0c", 1);
	return fake_create(&irqchip_unit, cell, config);
}

const struct jailhouse_irqchip cell_irqs = {
	.address = GICD_BASE, .pin_base = 32, .pin_bitmap = {0x300, 1}};

void start_cell(void)
{
	gic_start();
	assert_int_equal(gic_create(CELL, &cell_irqs, 1), 0);
}

void stop_cell(void)
{
	on(ROOT_CPU);
	fake_destroy(&irqchip_unit, CELL);
	gic_stop();
}

const struct gic_ops *ops(void)
{
	return fake.machine.arch.gic;
}

void wait_on(struct percpu *cpu, bool guest_irqs)
{
	struct cpu_interface before = gic.interfaces[cpu->id];

	gic_wait(on(cpu), guest_irqs);
	assert_memory_equal(&gic.interfaces[cpu->id], &before, sizeof(before));
}

u64 peek(struct percpu *cpu, u64 address, unsigned int size)
{
	u64 value = ~0ULL;

	assert_int_equal(fake_mmio(on(cpu), address, size, false, &value), MMIO_HANDLED);
	return value;
}

enum mmio_result poke(struct percpu *cpu, u64 address, unsigned int size, u64 value)
{
	return fake_mmio(on(cpu), address, size, true, &value);
}

void expect_others_unchanged(const struct fake_gic *before)
{
	for (unsigned int irq = 32; irq < NUM_IRQS; irq++) {
		const struct irq_bank *now = &gic.spis[irq / 32], *then = &before->spis[irq / 32];
		unsigned int n = irq % 32;

		if (gic_cell_has_irq(CELL, irq))
			continue;
		assert_int_equal(now->enabled >> n & 1, then->enabled >> n & 1);
		assert_int_equal(now->pending >> n & 1, then->pending >> n & 1);
		assert_int_equal(now->active >> n & 1, then->active >> n & 1);
		assert_int_equal(now->priority[n], then->priority[n]);
		assert_int_equal(now->targets[n], then->targets[n]);
		assert_int_equal(now->trigger[n / 16] >> n % 16 * 2 & 3, then->trigger[n / 16] >> n % 16 * 2 & 3);
		assert_int_equal(gic.routes[irq], before->routes[irq]);
	}
	for (unsigned int n = 0; n < FRAMES; n++)
		if (n != 2)
			assert_memory_equal(&gic.own[n], &before->own[n], sizeof(gic.own[n]));
}
