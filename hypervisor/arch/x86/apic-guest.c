// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What guests may do with the local APIC of their CPU. One set of rules for three ways in: the xAPIC page, x2APIC MSRs
 * on a CPU in that mode, and x2APIC MSRs that are emulated on a CPU in xAPIC mode.
 */
#include <hypervisor/arch/cpu.h>
#include <asm/apic.h>
#include <asm/guest.h>
#include <asm/x86.h>

enum reg_kind {
	REG_NONE,      /* takes no bits */
	REG_PLAIN,
	REG_EOI,
	REG_LVT,
	REG_ICR,
	REG_PAGE_ONLY, /* no such MSR */
	REG_SELF_IPI,  /* MSR only */
};

struct apic_reg {
	u32 writable; /* bits; others are reserved */
	u8 kind;
};

static const struct apic_reg apic_regs[APIC_NUM_REGS] = {
	[APIC_ID] = { ~0U, REG_PAGE_ONLY },
	[APIC_TPR] = { 0xff, REG_PLAIN },
	[APIC_EOI] = { ~0U, REG_EOI },
	[APIC_LDR] = { ~0U, REG_PAGE_ONLY },
	[APIC_DFR] = { ~0U, REG_PAGE_ONLY },
	[APIC_SVR] = { 0x3ff, REG_PLAIN },
	[APIC_ESR] = { 0, REG_PLAIN },
	[APIC_LVT_CMCI] = { 0x117ff, REG_LVT },
	[APIC_ICR] = { 0xccfff, REG_ICR },
	[APIC_ICR_HIGH] = { 0xff000000, REG_PAGE_ONLY },
	[APIC_LVT_TIMER] = { 0x710ff, REG_LVT },
	[APIC_LVT_THERMAL] = { 0x117ff, REG_LVT },
	[APIC_LVT_PERF] = { 0x117ff, REG_LVT },
	[APIC_LVT_LINT0] = { 0x1f7ff, REG_LVT },
	[APIC_LVT_LINT1] = { 0x1f7ff, REG_LVT },
	[APIC_LVT_ERROR] = { 0x110ff, REG_LVT },
	[APIC_TIMER_INIT] = { ~0U, REG_PLAIN },
	[APIC_TIMER_DIV] = { 0xb, REG_PLAIN },
	[APIC_SELF_IPI] = { 0xff, REG_SELF_IPI },
	[APIC_EXT_LVT ... APIC_EXT_LVT + APIC_NUM_EXT_LVT - 1] = { 0x107ff, REG_LVT },
};

/* Registers below 0x40 that exist as MSRs */
#define REG(n) (1ULL << (n))
#define MSR_READABLE                                                                               \
	(REG(APIC_ID) | REG(APIC_VERSION) | REG(APIC_TPR) | REG(APIC_PPR) | REG(APIC_LDR) |        \
	 REG(APIC_SVR) | 0x1ffffff0000ULL /* ISR, TMR, IRR, ESR */ | REG(APIC_LVT_CMCI) |          \
	 REG(APIC_ICR) | 0x3fULL << APIC_LVT_TIMER | REG(APIC_TIMER_INIT) | REG(APIC_TIMER_COUNT) | \
	 REG(APIC_TIMER_DIV))
#define MSR_WRITABLE                                                                               \
	(REG(APIC_TPR) | REG(APIC_EOI) | REG(APIC_SVR) | REG(APIC_ESR) | REG(APIC_LVT_CMCI) |      \
	 REG(APIC_ICR) | 0x3fULL << APIC_LVT_TIMER | REG(APIC_TIMER_INIT) | REG(APIC_TIMER_DIV) |  \
	 REG(APIC_SELF_IPI))

static const struct apic_reg *find_reg(unsigned int reg)
{
	static const struct apic_reg none = { 0, REG_NONE };

	return reg < APIC_NUM_REGS ? &apic_regs[reg] : &none;
}

/* The timer has no delivery mode, so that its register may be the guest's own in x2APIC mode. */
bool apic_write_moderated(unsigned int reg)
{
	return reg == APIC_ICR || (reg != APIC_LVT_TIMER && find_reg(reg)->kind == REG_LVT);
}

/* An MSR of the root cell only gets #GP, as an operating system may try what it likes there. */
static bool gets_gp(const struct percpu *cpu, bool msr)
{
	return msr && cell_is_root(cpu->cell);
}

static bool forbidden(struct percpu *cpu, bool write, unsigned int reg, u64 value)
{
	VIOLATION(cpu, XAPIC_BASE + reg * 16, APIC_ACCESS, access_arg(write), reg, value, 0);
	return false;
}

/* ---- interprocessor interrupts ---- */

bool cell_has_apic_id(const struct cell *cell, u32 apic_id)
{
	unsigned int id;

	if (apic_id >= 255)
		return false;
	id = cell->machine->arch.cpu_of_apic_id[apic_id];
	return id != 0xff && cell_has_cpu(cell, id);
}

/* The CPU that bit `bit` of a logical destination means, NULL if it is none of the cell's. */
static struct percpu *logical_target(const struct cell *cell, bool cluster_mode, u32 cluster, unsigned int bit)
{
	const struct machine *m = cell->machine;
	u32 id = bit;

	if (cluster_mode) {
		if (!cell_has_apic_id(cell, cluster * 16 + bit))
			return NULL;
		id = m->arch.cpu_of_apic_id[cluster * 16 + bit];
	}
	return id < m->max_cpus && cell_has_cpu(cell, id) ? machine_cpu(m, id) : NULL;
}

bool cell_owns_destination(const struct cell *cell, u32 destination, bool logical)
{
	bool cluster_mode = cell->arch.x2apic;
	u32 mask = cluster_mode ? destination & 0xffff : destination & 0xff;

	if (!logical)
		return cell_has_apic_id(cell, destination);
	for (unsigned int bit = 0; mask >> bit; bit++)
		if ((mask >> bit & 1) && !logical_target(cell, cluster_mode, destination >> 16, bit))
			return false;
	return true;
}

u32 cell_logical_bit(const struct cell *cell, const struct percpu *cpu)
{
	for (unsigned int bit = 0; bit < 8; bit++)
		if (logical_target(cell, cell->arch.x2apic, 0, bit) == cpu)
			return 1U << bit;
	return 0;
}

void arch_cpu_drop_wakeups(struct percpu *cpu, bool starts)
{
	spin_lock(&cpu->arch.event_lock);
	cpu->arch.events = 0;
	cpu->arch.wait_for_sipi = !starts;
	spin_unlock(&cpu->arch.event_lock);
}

/* Neither waits for the target: two CPUs may be sending to each other. */
static void post_init(struct percpu *target)
{
	spin_lock(&target->arch.event_lock);
	target->arch.events = X86_EVENT_INIT;
	spin_unlock(&target->arch.event_lock);
	cpu_request(target, CPU_REQ_ARCH);
}

static void post_sipi(struct percpu *target, u8 vector)
{
	bool accepted = false;

	spin_lock(&target->arch.event_lock);
	if ((target->arch.wait_for_sipi || (target->arch.events & X86_EVENT_INIT)) &&
	    !(target->arch.events & X86_EVENT_SIPI)) {
		target->arch.events |= X86_EVENT_SIPI;
		target->arch.sipi_vector = vector;
		accepted = true;
	}
	spin_unlock(&target->arch.event_lock);
	if (accepted)
		cpu_request(target, CPU_REQ_ARCH);
}

void arch_cpu_handle_request(struct percpu *cpu)
{
	bool init, sipi;
	u8 vector;

	spin_lock(&cpu->arch.event_lock);
	/* A CPU that has failed stays where it is until its cell is started again. */
	init = !cpu->failed && (cpu->arch.events & X86_EVENT_INIT) && !cpu->arch.wait_for_sipi;
	sipi = !cpu->failed && (cpu->arch.events & X86_EVENT_SIPI);
	vector = cpu->arch.sipi_vector;
	cpu->arch.events = 0;
	cpu->arch.wait_for_sipi = (cpu->arch.wait_for_sipi || init) && !sipi;
	spin_unlock(&cpu->arch.event_lock);

	if (init) {
		apic_clear(cpu);
		vcpu_park(cpu);
	}
	if (sipi) {
		guest_printk(cpu, "CPU %u received SIPI, vector %x\n", cpu->id, vector);
		vcpu_reset(cpu, (u32)vector << 8, (u64)vector << 12, 0, true);
	}
}

struct ipi {
	enum apic_delivery delivery;
	u8 vector;
	u32 high; /* for messages: the destination as written */
};

static void deliver(struct percpu *cpu, struct percpu *target, const struct ipi *ipi)
{
	switch (ipi->delivery) {
	case APIC_NMI:
		__atomic_fetch_add(&cpu->machine->info->dropped_nmis, 1, __ATOMIC_RELAXED);
		guest_printk(cpu, "Ignoring NMI IPI to CPU %u\n", target->id);
		break;
	case APIC_INIT:
		if (!__atomic_load_n(&target->failed, __ATOMIC_ACQUIRE))
			post_init(target);
		break;
	case APIC_SIPI:
		if (!__atomic_load_n(&target->failed, __ATOMIC_ACQUIRE))
			post_sipi(target, ipi->vector);
		break;
	default:
		apic_send_fixed(cpu, target->arch.apic_id, ipi->vector);
	}
}

static void deliver_to_others(struct percpu *cpu, const struct ipi *ipi)
{
	for_each_cell_cpu(id, cpu->cell) {
		if (id == cpu->id)
			continue;
		deliver(cpu, machine_cpu(cpu->machine, id), ipi);
		if (ipi->delivery == APIC_LOWEST)
			return;
	}
}

static void warn_foreign(struct percpu *cpu, const struct ipi *ipi)
{
	guest_printk(cpu, "WARNING: CPU %u specified IPI destination outside cell boundaries, ICR.hi=%x\n", cpu->id,
		     ipi->high);
}

static void deliver_logical(struct percpu *cpu, const struct ipi *ipi, u32 destination)
{
	u32 mask = cpu->arch.x2apic ? destination & 0xffff : destination & 0xff;
	struct percpu *target;

	for (unsigned int bit = 0; mask >> bit; bit++) {
		if (!(mask >> bit & 1))
			continue;
		target = logical_target(cpu->cell, cpu->arch.x2apic, destination >> 16, bit);
		if (!target) {
			warn_foreign(cpu, ipi);
			continue;
		}
		deliver(cpu, target, ipi);
		if (ipi->delivery == APIC_LOWEST)
			return;
	}
}

static void deliver_physical(struct percpu *cpu, const struct ipi *ipi, u32 destination)
{
	struct machine *m = cpu->machine;

	if (cell_has_apic_id(cpu->cell, destination))
		deliver(cpu, machine_cpu(m, m->arch.cpu_of_apic_id[destination]), ipi);
	else
		warn_foreign(cpu, ipi);
}

static bool delivery_allowed(enum apic_delivery delivery, enum apic_shorthand shorthand)
{
	if (delivery == APIC_FIXED)
		return true;
	if (delivery == APIC_SMI || delivery > APIC_SIPI || delivery == 3)
		return false;
	return shorthand == APIC_TO_DEST || shorthand == APIC_TO_OTHERS;
}

/* `high` as written: an id by MSR, shifted by 24 in the xAPIC page. */
static bool write_icr(struct percpu *cpu, u32 low, u32 high, bool msr)
{
	const struct ipi ipi = { APIC_DELIVERY(low), (u8)low, high };
	u32 destination = msr ? high : high >> 24;

	if (!delivery_allowed(ipi.delivery, APIC_SHORTHAND(low))) {
		if (gets_gp(cpu, msr))
			return vcpu_inject_gp(cpu);
		cpu_printk(cpu, "FATAL: Unsupported/invalid APIC delivery mode, ICR.lo=%x\n", low);
		return forbidden(cpu, true, APIC_ICR, (u64)high << 32 | low);
	}
	/* INIT de-assert only means something to APICs of the last century. */
	if (ipi.delivery == APIC_INIT && (low & APIC_ICR_LEVEL) && !(low & APIC_ICR_ASSERT))
		return true;

	switch (APIC_SHORTHAND(low)) {
	case APIC_TO_DEST:
		if (low & APIC_ICR_LOGICAL)
			deliver_logical(cpu, &ipi, destination);
		else
			deliver_physical(cpu, &ipi, destination);
		break;
	case APIC_TO_ALL:
		deliver(cpu, cpu, &ipi);
		deliver_to_others(cpu, &ipi);
		break;
	case APIC_TO_OTHERS:
		deliver_to_others(cpu, &ipi);
		break;
	default:
		deliver(cpu, cpu, &ipi);
	}
	return true;
}

/* ---- registers ---- */

static bool write_register(struct percpu *cpu, unsigned int reg, u32 value)
{
	return apic_write_checked(cpu, reg, value) || vcpu_inject_gp(cpu);
}

static bool reserved_bits(struct percpu *cpu, unsigned int reg, u64 value, bool msr)
{
	if (gets_gp(cpu, msr))
		return vcpu_inject_gp(cpu);
	cpu_printk(cpu, "FATAL: Trying to set reserved APIC bits (reg %02x, value %08x)\n", reg, (u32)value);
	return forbidden(cpu, true, reg, value);
}

static bool write_lvt(struct percpu *cpu, unsigned int reg, u32 value)
{
	unsigned int delivery = APIC_DELIVERY(value);

	if (delivery != APIC_FIXED && delivery != APIC_NMI && !(value & APIC_LVT_MASKED)) {
		if (!cell_is_root(cpu->cell)) {
			cpu_printk(cpu, "FATAL: Setting invalid LVT delivery mode (reg %02x, value %08x)\n", reg,
				   value);
			return forbidden(cpu, true, reg, value);
		}
		/* Linux connects the PIC this way when it shuts down. */
		guest_printk(cpu, "WARNING: LVT delivery mode masked (reg %02x, value %08x)\n", reg, value);
		value |= APIC_LVT_MASKED;
	}
	return write_register(cpu, reg, value & ~APIC_LVT_READ_ONLY);
}

/* Logical mode is as Linux programs it: flat, and bit n is CPU n. */
static bool write_page_only(struct percpu *cpu, unsigned int reg, u32 value)
{
	if (reg == APIC_ID)
		return true;
	if (reg == APIC_LDR && (cpu->id >= 8 || value != 1U << (24 + cpu->id))) {
		cpu_printk(cpu, "FATAL: Unsupported change to LDR: %x\n", value);
		return forbidden(cpu, true, reg, value);
	}
	if (reg == APIC_DFR && value != ~0U) {
		cpu_printk(cpu, "FATAL: Unsupported change to DFR: %x\n", value);
		return forbidden(cpu, true, reg, value);
	}
	apic_write(cpu, reg, value);
	return true;
}

/* Touching a register that this APIC has not would leave an error in its ESR. */
static bool lacks_register(struct percpu *cpu, unsigned int reg)
{
	return reg == APIC_LVT_CMCI && APIC_MAX_LVT(apic_read(cpu, APIC_VERSION)) < 6;
}

static bool msr_writable(struct percpu *cpu, unsigned int reg)
{
	/* The registers of AMD beyond the common ones are no MSRs to those who do not know the mode. */
	return reg < 64 ? MSR_WRITABLE & REG(reg) : cpu->arch.x2apic && find_reg(reg)->kind == REG_LVT;
}

/* Registers that need no care, in xAPIC mode, where writing cannot fault. */
#define MSR_PLAIN (REG(APIC_TPR) | REG(APIC_EOI) | REG(APIC_TIMER_INIT) | REG(APIC_TIMER_DIV))

bool guest_apic_wrmsr_plain(struct percpu *cpu, u32 msr, u32 low, u32 high)
{
	unsigned int reg = msr - MSR_X2APIC_BASE;

	if (reg >= 64 || !(MSR_PLAIN & REG(reg)) || cpu->arch.x2apic || (low & ~apic_regs[reg].writable) || high)
		return false;
	cpu->stats[JAILHOUSE_CPU_STAT_VMEXITS_MSR_OTHER]++;
	apic_write(cpu, reg, reg == APIC_EOI ? 0 : low);
	return true;
}

bool guest_apic_write(struct percpu *cpu, unsigned int reg, u64 value, bool msr)
{
	const struct apic_reg *rule = find_reg(reg);
	u32 low = (u32)value;

	if (msr && (!msr_writable(cpu, reg) || lacks_register(cpu, reg)))
		return vcpu_inject_gp(cpu);
	if ((low & ~rule->writable) || (value >> 32 && rule->kind != REG_ICR))
		return reserved_bits(cpu, reg, value, msr);

	switch (rule->kind) {
	case REG_PLAIN:
		return write_register(cpu, reg, low);
	case REG_EOI:
		return write_register(cpu, reg, 0);
	case REG_LVT:
		return write_lvt(cpu, reg, low);
	case REG_ICR:
		return write_icr(cpu, low, msr ? (u32)(value >> 32) : apic_read(cpu, APIC_ICR_HIGH), msr);
	case REG_PAGE_ONLY:
		return write_page_only(cpu, reg, low);
	case REG_SELF_IPI:
		if (!msr)
			return low == 0 || reserved_bits(cpu, reg, value, msr);
		apic_send_fixed(cpu, cpu->arch.apic_id, (u8)low);
		return true;
	default:
		return true; /* zero to a register that takes no bits */
	}
}

bool guest_apic_read(struct percpu *cpu, unsigned int reg, u64 *value, bool msr)
{
	if (msr && (reg >= 64 || !(MSR_READABLE & REG(reg)) || lacks_register(cpu, reg)))
		return vcpu_inject_gp(cpu);
	*value = apic_read(cpu, reg);
	if (!msr || cpu->arch.x2apic)
		return true;
	if (reg == APIC_ID)
		*value >>= 24;
	else if (reg == APIC_ICR)
		*value |= (u64)(apic_read(cpu, APIC_ICR_HIGH) >> 24) << 32;
	return true;
}

bool guest_xapic_page(struct percpu *cpu, u64 guest_phys, bool write)
{
	unsigned int offset = guest_phys & PAGE_OFFS_MASK;
	const struct mmio_insn *insn;
	u64 value = 0;

	cpu->stats[JAILHOUSE_CPU_STAT_VMEXITS_XAPIC]++;
	if (cpu->arch.x2apic) {
		cpu_printk(cpu, "FATAL: xAPIC access in x2APIC mode\n");
		return forbidden(cpu, write, offset / 16, 0);
	}
	insn = guest_mmio_decode(cpu, guest_phys, write);
	if (!insn)
		return false;
	if (insn->size != 4) {
		cpu_printk(cpu, "FATAL: Unsupported APIC access width %u\n", insn->size);
		return forbidden(cpu, write, offset / 16, 0);
	}
	if (offset % 16) {
		cpu_printk(cpu, "FATAL: Unhandled APIC access, offset %u, is_write: %d\n", offset, write);
		return forbidden(cpu, write, offset / 16, 0);
	}
	if (write) {
		if (!guest_apic_write(cpu, offset / 16, guest_mmio_value(cpu, insn), false))
			return false;
	} else {
		if (!guest_apic_read(cpu, offset / 16, &value, false))
			return false;
		guest_mmio_result(cpu, insn, value);
	}
	vcpu_skip(cpu, insn->length);
	return true;
}
