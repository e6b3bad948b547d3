// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fake.h"
#include <hypervisor/arch/cpu.h>
#include <hypervisor/arch/memory.h>

struct fake fake;

#include "../fake-core-calls.h"

/* ---- core ---- */

WEAK void __noreturn panic_stop(struct percpu *cpu, u32 code, u64 a0, u64 a1, u64 a2, u64 a3)
{
	(void)cpu, (void)a0, (void)a1, (void)a2, (void)a3;
	fail_msg("panic with reason %u", code);
	for (;;)
		;
}

WEAK void cpu_request(struct percpu *target, u32 requests)
{
	fake.requested[target->id] |= requests;
}

WEAK enum mmio_result mmio_dispatch(struct percpu *cpu, struct mmio_access *access)
{
	(void)cpu, (void)access;
	return MMIO_UNHANDLED;
}

WEAK bool mmio_is_trapped(struct cell *cell, u64 address)
{
	(void)cell, (void)address;
	return false;
}

WEAK u64 arch_time(void)
{
	return fake.now += 10;
}

WEAK void *arch_map_device(struct machine *m, u64 phys, unsigned long size)
{
	(void)m;
	assert_int_equal(phys, XAPIC_BASE);
	assert_int_equal(size, PAGE_SIZE);
	return fake.apic_page;
}

WEAK void *page_alloc(struct page_pool *pool, unsigned int num)
{
	static u8 page[PAGE_SIZE];

	(void)pool;
	assert_int_equal(num, 1);
	return page;
}

/* ---- guest state ---- */

WEAK u64 vcpu_rip(const struct percpu *cpu)
{
	return cpu->arch.vendor.rip;
}

WEAK u64 vcpu_rsp(const struct percpu *cpu)
{
	return cpu->arch.vendor.rsp;
}

WEAK u64 vcpu_rflags(const struct percpu *cpu)
{
	return cpu->arch.vendor.rflags;
}

WEAK u64 vcpu_cr0(const struct percpu *cpu)
{
	return cpu->arch.vendor.cr0;
}

WEAK u64 vcpu_cr3(const struct percpu *cpu)
{
	return cpu->arch.vendor.cr3;
}

WEAK u64 vcpu_cr4(const struct percpu *cpu)
{
	return cpu->arch.vendor.cr4;
}

WEAK u64 vcpu_efer(const struct percpu *cpu)
{
	return cpu->arch.vendor.efer;
}

WEAK void vcpu_segment(const struct percpu *cpu, enum guest_segment_id id, struct guest_segment *segment)
{
	assert_int_equal(id, SEG_CS);
	*segment = (struct guest_segment){
		.base = cpu->arch.vendor.cs_base,
		.limit = ~0U,
		.selector = cpu->arch.vendor.cs_selector,
		.rights = cpu->arch.vendor.cs_rights,
	};
}

WEAK void vcpu_skip(struct percpu *cpu, unsigned int length)
{
	cpu->arch.vendor.skipped += length;
}

WEAK void vcpu_inject_exception(struct percpu *cpu, unsigned int vector, bool has_error_code, u32 error_code)
{
	assert_int_equal(has_error_code, vector == X86_VECTOR_GP);
	assert_int_equal(error_code, 0);
	cpu->arch.vendor.exception = vector;
}

WEAK void vcpu_set_pat(struct percpu *cpu, u64 pat)
{
	cpu->arch.vendor.pat = pat;
}

WEAK bool vcpu_set_efer(struct percpu *cpu, u64 efer)
{
	if (efer & ~(X86_EFER_SCE | X86_EFER_LME | X86_EFER_LMA | X86_EFER_NXE | X86_EFER_SVME))
		return false;
	cpu->arch.vendor.efer = efer | X86_EFER_SVME;
	return true;
}

WEAK void vcpu_park(struct percpu *cpu)
{
	cpu->arch.vendor.parks++;
}

WEAK void vcpu_reset(struct percpu *cpu, u32 cs_selector, u64 cs_base, u64 rip, bool init)
{
	cpu->arch.vendor.inits += init;
	cpu->arch.vendor.resets++;
	cpu->arch.vendor.reset_selector = cs_selector;
	cpu->arch.vendor.reset_base = cs_base;
	cpu->arch.vendor.reset_rip = rip;
}

WEAK void x86_wipe_registers(struct percpu *cpu)
{
	(void)cpu;
}

WEAK void vendor_set_cell(struct percpu *cpu)
{
	(void)cpu;
}

WEAK unsigned int guest_fetch(struct percpu *cpu, u64 linear, u8 *buf, unsigned int size, struct guest_trail *trail)
{
	unsigned int n = MIN(size, fake.code_size);

	(void)cpu;
	fake.fetched = linear;
	trail->count = 0;
	memcpy(buf, fake.code, n);
	return n;
}

void fake_code(unsigned int bits, const void *code, unsigned int size)
{
	assert_in_range(size, 0, sizeof(fake.code));
	for (unsigned int id = 0; id < FAKE_CPUS; id++) {
		fake.cpus[id].arch.vendor.efer = bits == 64 ? X86_EFER_LMA : 0;
		fake.cpus[id].arch.vendor.cs_rights =
			bits == 64 ? SEGMENT_LONG : bits == 32 ? SEGMENT_BIG : 0;
	}
	fake.code_size = size;
	memcpy(fake.code, code, size);
}

/* ---- local APIC ---- */

static int highest_vector(unsigned int first_reg)
{
	for (int vector = 255; vector >= 0; vector--)
		if (fake.apic[first_reg + vector / 32] & (1U << (vector % 32)))
			return vector;
	return -1;
}

static void fake_apic_clear_bit(unsigned int first_reg, int vector)
{
	fake.apic[first_reg + vector / 32] &= ~(1U << (vector % 32));
}

WEAK void vcpu_take_interrupts(struct percpu *cpu)
{
	int requested = highest_vector(APIC_IRR), in_service = highest_vector(APIC_ISR);

	(void)cpu;
	if (!(fake.apic[APIC_SVR] & APIC_SVR_ENABLE) || requested / 16 <= (int)fake.apic[APIC_TPR] / 16 ||
	    requested / 16 <= in_service / 16)
		return;
	fake_apic_clear_bit(APIC_IRR, requested);
	fake.apic[APIC_ISR + requested / 32] |= 1U << (requested % 32);
}

WEAK void x86_fill_drop_idt(void *page)
{
	memset(page, 0xcc, PAGE_SIZE);
}

static u32 apic_register(unsigned int reg)
{
	u64 passed;

	assert_in_range(reg, 0, APIC_NUM_REGS - 1);
	if (reg == APIC_TIMER_COUNT && fake.apic[APIC_TIMER_INIT] && fake.timer_shift) {
		passed = (fake.now - fake.timer_start) >> fake.timer_shift;
		return passed < fake.apic[APIC_TIMER_INIT] ? fake.apic[APIC_TIMER_INIT] - (u32)passed : 0;
	}
	return fake.apic[reg];
}

static void send_icr(u32 destination, u32 command)
{
	fake.icr_sent = (u64)destination << 32 | command;
	fake.num_icr_sent++;
}

static void set_apic_register(unsigned int reg, u32 value)
{
	assert_in_range(reg, 0, APIC_NUM_REGS - 1);
	assert_in_range(fake.num_apic_writes, 0, FAKE_MAX_WRITES - 1);
	fake.apic_writes[fake.num_apic_writes++] = (struct fake_write){ reg, value };
	if (reg == APIC_EOI && highest_vector(APIC_ISR) >= 0)
		fake_apic_clear_bit(APIC_ISR, highest_vector(APIC_ISR));
	if (reg == APIC_TIMER_INIT)
		fake.timer_start = fake.now;
	fake.apic[reg] = value;
}

static bool is_apic_msr(u32 msr)
{
	return msr - MSR_X2APIC_BASE < APIC_NUM_REGS && (*fake_msr(MSR_APICBASE) & APICBASE_X2APIC);
}

/* Outside of the machine's page this is a bug of the code under test. */
static unsigned int page_register(const void *address)
{
	size_t offset = (size_t)((const u8 *)address - fake.apic_page);

	assert_in_range(offset, 0, PAGE_SIZE - 4);
	assert_int_equal(offset % 16, 0);
	assert_int_equal(*fake_msr(MSR_APICBASE) & (APICBASE_ENABLE | APICBASE_X2APIC), APICBASE_ENABLE);
	return (unsigned int)offset / 16;
}

WEAK u32 mmio_read32(const void *address)
{
	unsigned int reg = page_register(address);

	if (reg == APIC_ID)
		return fake.apic[reg] << 24;
	return apic_register(reg) | (reg == APIC_ICR && fake.apic_stuck ? APIC_ICR_PENDING : 0);
}

WEAK void mmio_write32(void *address, u32 value)
{
	unsigned int reg = page_register(address);

	set_apic_register(reg, value);
	if (reg == APIC_ICR)
		send_icr(fake.apic[APIC_ICR_HIGH] >> 24, value);
}

/* ---- MSRs and CPUID ---- */

u64 *fake_msr(u32 msr)
{
	for (unsigned int n = 0; n < fake.num_msrs; n++)
		if (fake.msrs[n].reg == msr)
			return &fake.msrs[n].value;
	return NULL;
}

void fake_add_msr(u32 msr, u64 value)
{
	if (fake_msr(msr)) {
		*fake_msr(msr) = value;
		return;
	}
	assert_in_range(fake.num_msrs, 0, FAKE_MAX_MSRS - 1);
	fake.msrs[fake.num_msrs++] = (struct fake_write){ msr, value };
}

WEAK u64 read_msr(u32 msr)
{
	if (is_apic_msr(msr))
		return apic_register(msr - MSR_X2APIC_BASE);
	if (!fake_msr(msr))
		fail_msg("#GP: rdmsr %#x", msr);
	return *fake_msr(msr);
}

/* Modes of the APIC change one step at a time; switching it off resets it. */
static void write_apicbase(u64 value)
{
	const u64 mode = APICBASE_ENABLE | APICBASE_X2APIC;
	u64 old = *fake_msr(MSR_APICBASE) & mode, new = value & mode;

	if (new == APICBASE_X2APIC || (old == mode && new == APICBASE_ENABLE) || (old == 0 && new == mode))
		fail_msg("#GP: APICBASE from %#llx to %#llx", old, new);
	if (new != 0)
		return;
	memset(fake.apic, 0, sizeof(fake.apic));
	fake.apic[APIC_SVR] = APIC_SPURIOUS;
}

WEAK void write_msr(u32 msr, u64 value)
{
	if (is_apic_msr(msr)) {
		if (msr == MSR_X2APIC_BASE + APIC_ICR)
			send_icr((u32)(value >> 32), (u32)value);
		set_apic_register(msr - MSR_X2APIC_BASE, (u32)value);
		return;
	}
	if (!fake_msr(msr))
		fail_msg("#GP: wrmsr %#x", msr);
	if (msr == MSR_APICBASE)
		write_apicbase(value);
	assert_in_range(fake.num_msr_writes, 0, FAKE_MAX_WRITES - 1);
	fake.msr_writes[fake.num_msr_writes++] = (struct fake_write){ msr, value };
	*fake_msr(msr) = value;
}

WEAK bool read_msr_safe(struct percpu *cpu, u32 msr, u64 *value)
{
	(void)cpu;
	if (!fake_msr(msr))
		return false;
	*value = *fake_msr(msr);
	return true;
}

/* Of the APIC's registers the fake has all but the one for CMCI. */
WEAK bool write_msr_safe(struct percpu *cpu, u32 msr, u64 value)
{
	(void)cpu;
	if (is_apic_msr(msr) ? msr == MSR_X2APIC_BASE + APIC_LVT_CMCI : !fake_msr(msr))
		return false;
	write_msr(msr, value);
	return true;
}

WEAK void cpuid(u32 leaf, u32 subleaf, u32 *a, u32 *b, u32 *c, u32 *d)
{
	fake.cpuid_leaf = leaf;
	fake.cpuid_subleaf = subleaf;
	*a = fake.cpuid[0];
	*b = fake.cpuid[1];
	*c = fake.cpuid[2];
	*d = fake.cpuid[3];
}

WEAK u32 cpuid_ecx(u32 leaf, u32 subleaf)
{
	(void)leaf, (void)subleaf;
	return fake.cpuid[2];
}

/* ---- set-up ---- */

void fake_set_x2apic(bool x2apic)
{
	fake_add_msr(MSR_APICBASE, XAPIC_BASE | APICBASE_ENABLE | (x2apic ? APICBASE_X2APIC : 0));
	for (unsigned int id = 0; id < FAKE_CPUS; id++)
		fake.cpus[id].arch.x2apic = x2apic;
	fake.machine.root.arch.x2apic = x2apic;
	fake.cell.arch.x2apic = x2apic;
}

static void init_cpu(unsigned int id)
{
	struct percpu *cpu = &fake.cpus[id];

	cpu->id = id;
	cpu->present = true;
	cpu->machine = &fake.machine;
	cpu->cell = id < 2 ? &fake.machine.root : &fake.cell;
	cpu->arch.regs = &fake.regs[id];
	cpu->arch.apic_id = FAKE_APIC_ID(id);
	for (unsigned int n = 0; n < X86_KNOWN_INSNS; n++)
		cpu->arch.insns[n].cr3 = KNOWN_NOTHING;
	fake.machine.arch.cpu_of_apic_id[FAKE_APIC_ID(id)] = (u8)id;
}

int fake_reset(void **state)
{
	struct machine *m = &fake.machine;

	(void)state;
	memset(&fake, 0, sizeof(fake));
	m->info = &fake.info;
	m->config = &fake.system;
	m->max_cpus = FAKE_CPUS;
	m->percpu_base = (u8 *)fake.cpus;
	m->percpu_size = sizeof(fake.cpus[0]);
	m->tsc_khz = 1000;
	m->root.machine = m;
	m->root.config = &fake.system.root_cell;
	m->root.next = &fake.cell;
	m->arch.apic_base = fake.apic_page;
	memset(m->arch.cpu_of_apic_id, 0xff, sizeof(m->arch.cpu_of_apic_id));
	fake.cell.machine = m;
	fake.cell.config = &fake.cell_config;
	fake.cell_config.id = 1;
	for (unsigned int id = 0; id < FAKE_CPUS; id++)
		init_cpu(id);
	fake_set_x2apic(false);
	fake.apic[APIC_SVR] = APIC_SVR_ENABLE | APIC_SPURIOUS;
	fake.apic[APIC_VERSION] = 0x50014;
	fake.apic[APIC_DFR] = ~0U;
	return 0;
}
