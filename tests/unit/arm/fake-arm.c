// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fake-arm.h"
#include <hypervisor/arch/cpu.h>
#include <hypervisor/arch/memory.h>
#include <hypervisor/unit.h>
#include <asm/stage2-regs.h>

struct fake fake;

#include "../fake-core-calls.h"

u8 host_identity[1];

static void __printf_like(1, 2) trace(const char *format, ...)
{
	va_list args;
	size_t used;

	if (fake.no_trace)
		return;
	used = strlen(fake.trace);
	va_start(args, format);
	vsnprintf(fake.trace + used, sizeof(fake.trace) - used, format, args);
	va_end(args);
}

/* ---- the CPU ---- */

struct percpu *on(struct percpu *cpu)
{
	fake.running = cpu->id;
	el2()->tpidr_el2 = (unsigned long)cpu;
	return cpu;
}

struct el2 *el2(void)
{
	return &fake.el2[fake.running];
}

static void __noreturn leave(const char *where)
{
	trace("%s", where);
	longjmp(fake.out, 1);
}

void arch_relax(void)
{
}

void arch_dsb(void)
{
	fake.dsbs++;
}

void arch_wfi(void)
{
	leave("stop");
}

void linux_leave(struct percpu *cpu)
{
	(void)cpu;
	leave("linux");
}

void guest_resume(struct percpu *cpu)
{
	assert_int_equal(cpu->id, fake.running);
	leave("guest");
}

void host_set_tables(u64 root)
{
	el2()->ttbr0_el2 = root;
}

void host_flush_page(const void *virt)
{
	(void)virt;
}

u64 host_counter(void)
{
	return el2()->cntpct_el0++;
}

void host_clean_line(const void *line)
{
	assert_true(fake.num_cleaned < MAX_CLEANED);
	fake.cleaned[fake.num_cleaned++] = line;
}

bool guest_translate(u64 virt, u64 *page)
{
	(void)virt;
	*page = fake.stage1_page;
	return !fake.unmapped;
}

void stage2_flush_all_cpus(u64 vttbr, unsigned int cures)
{
	trace(cures ? "flush-all(%u) " : "flush-all ", cures);
	if (fake.on_flush)
		fake.on_flush(vttbr);
}

void stage2_flush_this_cpu(void)
{
	trace("flush ");
}

void stage2_forget_code(void)
{
	trace("forget-code ");
}

void stage2_publish(void)
{
	trace("publish ");
}

void arm64_wipe_simd(void);
void arm64_wipe_simd(void)
{
	/* Not with the guest's traps: the hypervisor would trap itself. */
	assert_int_equal(el2()->cptr_el2, cpu_area(fake_cpu(fake.running))->frame.linux_state.cptr);
	trace("simd ");
}

void arm64_wipe_debug(unsigned int breakpoints, unsigned int watchpoints);
void arm64_wipe_debug(unsigned int breakpoints, unsigned int watchpoints)
{
	trace("debug(%u,%u) ", breakpoints, watchpoints);
}

u8 arm64_vectors_branches[1], arm64_firmware_absent[1];

void arm64_firmware_call(u64 x[18])
{
	memcpy(fake.firmware, x, sizeof(fake.firmware));
	fake.firmware_calls++;
	if (fake.on_firmware && fake.on_firmware(x))
		return;
	memcpy(x, fake.firmware_results, sizeof(fake.firmware_results));
}

/* ---- the interrupt controller ---- */

static int gic_cpu_init(struct percpu *cpu)
{
	trace("gic-init(%u) ", cpu->id);
	return fake.gic_result;
}

static void gic_cpu_exit(struct percpu *cpu)
{
	trace("gic-exit(%u) ", cpu->id);
}

static void gic_cpu_reset(struct percpu *cpu)
{
	assert_int_equal(cpu->id, fake.running);
	trace("gic-reset(%u) ", cpu->id);
}

static void gic_cpu_on(struct percpu *cpu)
{
	assert_int_equal(cpu->id, fake.running);
	trace("gic-on(%u) ", cpu->id);
}

static void gic_kick(struct percpu *target)
{
	trace("kick(%u) ", target->id);
}

static void gic_kick_end(struct percpu *cpu)
{
	assert_int_equal(cpu->id, fake.running);
	trace("kick-end(%u) ", cpu->id);
}

static void gic_fake_wait(struct percpu *cpu, bool guest_irqs)
{
	trace("wait(%u,%s) ", cpu->id, guest_irqs ? "guest" : "kick");
	if (fake.on_wait)
		fake.on_wait(cpu, guest_irqs);
	else if (!guest_irqs)
		leave("parked");
}

static const struct gic_ops fake_gic = {
	.cpu_init = gic_cpu_init,
	.cpu_exit = gic_cpu_exit,
	.cpu_reset = gic_cpu_reset,
	.cpu_on = gic_cpu_on,
	.kick = gic_kick,
	.kick_end = gic_kick_end,
	.wait = gic_fake_wait,
};

const struct unit irqchip_unit;
const struct unit pci_unit;
const struct unit ivshmem_unit;

int gic_init(struct machine *m)
{
	m->arch.gic = &fake_gic;
	return 0;
}

bool gic_range(const struct machine *m, unsigned int n, u64 *start, u64 *size)
{
	(void)m;
	*start = 0x08000000 + n * 0x10000;
	*size = 0x10000;
	return n < 2;
}

bool gicv3_read_register(struct percpu *cpu, u32 encoding, u64 *value)
{
	(void)cpu;
	*value = fake.gic_value;
	return encoding == fake.gic_register && !fake.gic_forbids;
}

bool gicv3_write_register(struct percpu *cpu, u32 encoding, u64 value)
{
	if (encoding != fake.gic_register)
		return false;
	if (fake.gic_forbids) {
		cpu->failed = true;
		VIOLATION(cpu, 0, IRQ_ROUTE, 0, 0, 0, 0);
		return false;
	}
	fake.gic_value = value;
	return true;
}

/* ---- the core and the image ---- */

WEAK enum mmio_result mmio_dispatch(struct percpu *cpu, struct mmio_access *access)
{
	(void)cpu;
	fake.access = *access;
	if (!access->write)
		access->value = fake.access_value;
	return fake.access_result;
}

long hypercall(struct percpu *cpu, unsigned long code, unsigned long arg1, unsigned long arg2)
{
	(void)cpu;
	fake.call[0] = code;
	fake.call[1] = arg1;
	fake.call[2] = arg2;
	return fake.call_result;
}

void scrub_work(struct percpu *cpu)
{
	trace("scrub(%u) ", cpu->id);
}

int bringup(struct percpu *cpu)
{
	(void)cpu;
	return -EIO;
}

void image_find_machine(struct percpu *cpu)
{
	cpu->machine = &fake.machine;
}

int own_memory_init(struct machine *m)
{
	return paging_create(&m->arch.hv_table, own_memory_format(m), &m->pool);
}

void *arch_map_temp(struct percpu *cpu, u64 phys, unsigned int pages)
{
	assert_int_equal(cpu->id, fake.running);
	assert_int_equal(phys & PAGE_OFFS_MASK, 0);
	assert_in_range(pages, 1, ARCH_TEMP_PAGES);
	assert_true(range_contains(CELL_MEMORY, CELL_PAGES * PAGE_SIZE, phys, pages * PAGE_SIZE));
	return fake.cell_memory + (phys - CELL_MEMORY);
}

void console_panic_begin(struct percpu *cpu)
{
	(void)cpu;
}

void __noreturn panic_stop(struct percpu *cpu, u32 code, u64 a0, u64 a1, u64 a2, u64 a3)
{
	VIOLATION(cpu, 0, HYPERVISOR_FAULT, a0, a1, a2, a3);
	assert_int_equal(code, JAILHOUSE_REASON_HYPERVISOR_FAULT);
	leave("panic");
}

/* ---- walks ---- */

static u64 entry_at(u64 phys)
{
	assert_true(range_contains(POOL_PHYS, FAKE_POOL * PAGE_SIZE, phys, sizeof(u64)));
	return *(u64 *)(fake.pool_memory + (phys - POOL_PHYS));
}

bool hardware_walk(u64 vttbr, u64 vtcr, u64 ipa, struct walk *walk)
{
	unsigned int bits = 64 - (vtcr & 0x3f), level = 2 - (vtcr >> 6 & 3);
	u64 table = vttbr & 0xfffffffff000ULL, entry, attributes;
	unsigned int shift;

	assert_in_range(level, 0, 1);
	if (ipa >> bits)
		return false;
	for (;; level++) {
		shift = 39 - 9 * level;
		/* Only the first one may be concatenated; `bits` has cut its index. */
		entry = entry_at(table + (ipa >> shift & (table == (vttbr & 0xfffffffff000ULL) ? ~0ULL : 511)) * 8);
		if (!(entry & 1))
			return false;
		if (level == 3 || !(entry & 2))
			break;
		table = entry & 0xfffffffff000ULL;
	}
	/* No block of 512 GiB; in the last level this pattern is reserved. */
	assert_true(level > 0 && (level == 3) == !!(entry & 2));
	/* Bits of the address that a block cannot have */
	assert_int_equal(entry & 0xfffffffff000ULL & ((1ULL << shift) - 1), 0);
	/* Otherwise the access flag would fault. */
	assert_true(entry & 0x400);
	attributes = entry >> 2 & 15;
	assert_true(attributes == 15 ? (entry >> 8 & 3) == 3 : attributes == 1);
	*walk = (struct walk){
		.phys = (entry & 0xfffffffff000ULL) | (ipa & ((1ULL << shift) - 1)),
		.level = level,
		.read = entry & 0x40,
		.write = entry & 0x80,
		.execute = !(entry >> 54 & 1),
		.device = attributes == 1,
	};
	return true;
}

bool reaches(const struct percpu *cpu, u64 ipa, struct walk *walk)
{
	struct walk unused;

	return hardware_walk(fake.el2[cpu->id].vttbr_el2, fake.el2[cpu->id].vtcr_el2, ipa, walk ? walk : &unused);
}

/* ---- set-up ---- */

void fake_set_region(struct fake_config *config, unsigned int n, u64 phys, u64 virt, u64 size, u64 flags)
{
	config->mem[n] = (struct jailhouse_memory){
		.phys_start = phys, .virt_start = virt, .size = size, .flags = flags };
	config->desc.num_memory_regions = MAX(config->desc.num_memory_regions, n + 1);
}

static void setup_cpu(unsigned int id)
{
	struct percpu *cpu = fake_cpu(id);
	struct guest_frame *frame = &fake.areas[id].frame;

	cpu->machine = &fake.machine;
	cpu->id = id;
	cpu->present = true;
	cpu->cell = id < 2 ? ROOT : CELL;
	cpu->arch.regs = &frame->regs;
	cpu->arch.mpidr = MPIDR(id);
	frame->linux_state = (struct linux_state){ .hcr = HCR_RW, .cptr = SVE_ON, .elr = STUB_ELR, .spsr = 0x3c9 };
	/* 16 breakpoints, 4 watchpoints, a PMU with 6 counters, lines of 64 bytes */
	fake.el2[id] = (struct el2){ .mpidr_el1 = 0x80000000 | MPIDR(id), .id_aa64mmfr0_el1 = 0x1122,
		.id_aa64dfr0_el1 = 0x30f106, .ctr_el0 = 0x84448004, .pmcr_el0 = 6 << 11, .spsr_el2 = 0x3c5 };
}

int fake_setup(void **state)
{
	struct machine *m = &fake.machine;

	(void)state;
	memset(&fake, 0, sizeof(fake));
	fake.pool_memory = aligned_alloc(PAGE_SIZE, FAKE_POOL * PAGE_SIZE);
	fake.cell_memory = aligned_alloc(PAGE_SIZE, CELL_PAGES * PAGE_SIZE);
	fake.comm = aligned_alloc(PAGE_SIZE, PAGE_SIZE);
	assert_true(fake.pool_memory && fake.cell_memory && fake.comm);
	memset(fake.pool_memory, 0, FAKE_POOL * PAGE_SIZE);
	m->info = &fake.info;
	m->config = &fake.system;
	m->header = &fake.header;
	m->hv_phys = HV_PHYS;
	m->hv_size = 0x400000;
	m->hv_base = (u8 *)host_identity;
	m->max_cpus = FAKE_CPUS;
	m->percpu_base = (u8 *)fake.areas;
	m->percpu_size = sizeof(fake.areas[0]);
	m->tsc_khz = 1000;
	fake.system.platform_info.arm.gic_version = 3;
	fake.system.platform_info.arm.maintenance_irq = 25;
	assert_int_equal(page_pool_init(&m->pool, fake.pool_memory, POOL_PHYS, FAKE_POOL), 0);
	fake.root_config.desc.cpu_set_size = fake.cell_config.desc.cpu_set_size = 8;
	fake.root_config.cpu_set[0] = 0xf;
	fake.cell_config.cpu_set[0] = 0xc;
	fake.cell_config.desc.id = 1;
	m->root = (struct cell){ .machine = m, .next = CELL, .num_cpus = 2, .config = &fake.root_config.desc };
	fake.cell = (struct cell){ .machine = m, .num_cpus = 2, .config = &fake.cell_config.desc, .comm = fake.comm };
	for (unsigned int id = 0; id < FAKE_CPUS; id++)
		setup_cpu(id);
	on(ROOT_CPU);
	return gic_init(m);
}

void fake_start(unsigned int pa_range)
{
	struct machine *m = &fake.machine;

	stage2_init(m, pa_range);
	for (unsigned int id = 0; id < FAKE_CPUS; id++)
		assert_int_equal(stage2_cpu_alloc(fake_cpu(id)), 0);
	assert_int_equal(arch_cell_init(ROOT), 0);
	assert_int_equal(arch_cell_init(CELL), 0);
	for (unsigned int id = 0; id < FAKE_CPUS; id++) {
		guest_enter_cell(on(fake_cpu(id)));
		stage2_restore(fake_cpu(id));
	}
	on(ROOT_CPU);
	fake.trace[0] = 0;
}

int fake_setup_guests(void **state)
{
	fake_setup(state);
	fake_start(2);
	return 0;
}

int fake_teardown(void **state)
{
	unsigned int violations = fake.violations;

	(void)state;
	free(fake.pool_memory);
	free(fake.cell_memory);
	free(fake.comm);
	assert_int_equal(violations, 0); /* all have been looked for */
	return 0;
}
