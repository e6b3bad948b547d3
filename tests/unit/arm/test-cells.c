// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What a cell and its CPUs find when they begin, and what is left of them: registers, caches, rights. */
#include "fake-arm.h"
#include <hypervisor/arch/cpu.h>
#include <hypervisor/arch/memory.h>
#include <hypervisor/unit.h>

#define LINE 64

static u64 hcr_of(struct percpu *cpu)
{
	guest_enter_cell(on(cpu));
	return el2()->hcr_el2;
}

static void rights_of_cells(void **state)
{
	const u64 always = HCR_VM | HCR_SWIO | HCR_TSC | HCR_TIDCP | HCR_TACR;
	u64 found = HCR_RW | 1ULL << 56 | 1ULL << 40; /* ATA, APK */

	(void)state;
	for (unsigned int id = 0; id < FAKE_CPUS; id++)
		cpu_area(fake_cpu(id))->frame.linux_state.hcr = found | HCR_IMO | HCR_FMO;
	assert_int_equal(hcr_of(ROOT_CPU), found | always);
	assert_int_equal(hcr_of(CELL_CPU), found | always | HCR_TWI);
	assert_int_equal(el2()->cptr_el2, SVE_ON | 1 << 8 | 1 << 12);
	on(ROOT_CPU);
	assert_int_equal(el2()->cptr_el2, SVE_ON);
	fake.cell_config.desc.flags = JAILHOUSE_CELL_DIRECT_IDLE;
	assert_int_equal(hcr_of(CELL_CPU), found | always);
	fake.cell_config.desc.flags = JAILHOUSE_CELL_AARCH32;
	assert_int_equal(hcr_of(CELL_CPU), (found | always | HCR_TWI) & ~HCR_RW);
	/* Not the root cell: it is Linux on ARM64. */
	fake.root_config.desc.flags = JAILHOUSE_CELL_AARCH32 | JAILHOUSE_CELL_DIRECT_IDLE;
	assert_int_equal(hcr_of(ROOT_CPU), found | always);
}

/* Where this CPU may send SGIs without being asked: by the CPUs of its cell in its own cluster */
static void short_exits(void **state)
{
	const struct short_exit *facts = &cpu_area(CELL_CPU)->frame.short_exit;

	(void)state;
	guest_cell_changed(CELL_CPU);
	assert_int_equal(facts->sgi_list, 0xc);
	/* Affinities 1.0.1.x of ICC_SGI1R: Aff3 in bits 48 and up, Aff2 32, Aff1 16; range in 44 */
	assert_int_equal(facts->sgi_cluster, 1ULL << 48 | 1 << 16);
	assert_ptr_equal(facts->irqs, CELL->arch.irqs);
	assert_int_equal(facts->kick, 25);
	CELL_CPU2->arch.mpidr = 0x100000210;
	guest_cell_changed(CELL_CPU);
	assert_int_equal(facts->sgi_list, 0x4);
	guest_cell_changed(CELL_CPU2);
	facts = &cpu_area(CELL_CPU2)->frame.short_exit;
	assert_int_equal(facts->sgi_list, 1);
	assert_int_equal(facts->sgi_cluster, 1ULL << 48 | 1ULL << 44 | 2 << 16);
	CELL_CPU2->cell = ROOT;
	facts = &cpu_area(ROOT_CPU)->frame.short_exit;
	guest_cell_changed(ROOT_CPU);
	assert_int_equal(facts->sgi_list, 0x3);
	assert_int_equal(facts->sgi_cluster, 0);
	/* A neighbour in the same cluster, but of another cell */
	fake_cpu(1)->cell = CELL;
	guest_cell_changed(ROOT_CPU);
	assert_int_equal(facts->sgi_list, 0x1);
}

/* ---- start ---- */

/* What the core does before it lets the CPUs of a started cell go */
static void reset_cell(void)
{
	for (const struct unit *const *unit = arch_units; *unit; unit++)
		if ((*unit)->cell_reset)
			(*unit)->cell_reset(CELL);
	for (unsigned int id = 2; id < FAKE_CPUS; id++)
		arch_cpu_drop_wakeups(fake_cpu(id), true);
}

/* All registers that a former owner could have filled. */
static void fill(struct percpu *cpu)
{
	struct el2 *regs = &fake.el2[cpu->id];
	u64 *first = &regs->afsr0_el1, *end = &regs->cntkctl_el1 + 1;

	for (u64 *reg = first; reg < end; reg++)
		*reg = 0xdeadULL;
	regs->pmcr_el0 = 6 << 11 | 1;
	memset(cpu->arch.regs, 0xee, sizeof(*cpu->arch.regs));
}

static void start(void **state)
{
	struct el2 *regs = &fake.el2[2];

	(void)state;
	fake.cell_config.desc.cpu_reset_address = 0x123000;
	fill(CELL_CPU);
	reset_cell();
	arch_cpu_reset(on(CELL_CPU));
	assert_trace("gic-reset(2) simd debug(16,4) forget-code ");
	assert_int_equal(CELL_CPU->arch.power, CPU_ON);
	assert_false(CELL_CPU->arch.parked);
	assert_int_equal(regs->elr_el2, 0x123000);
	assert_int_equal(regs->spsr_el2, PSTATE_EL1H_MASKED);
	assert_int_equal(regs->sctlr_el1, 0x30d00800); /* caches and MMU off */
	assert_int_equal(regs->cpacr_el1, 0x300000);
	for (unsigned int n = 0; n < 31; n++)
		assert_int_equal(CELL_CPU->arch.regs->x[n], 0);
	/* Set to what they are meant to have */
	assert_int_equal(regs->pmcr_el0, 6);
	assert_int_equal(regs->pmcntenclr_el0 & regs->pmintenclr_el1 & regs->pmovsclr_el0, ~0U);
	regs->sctlr_el1 = regs->cpacr_el1 = regs->pmcr_el0 = 0;
	regs->pmcntenclr_el0 = regs->pmintenclr_el1 = regs->pmovsclr_el0 = 0;
	for (const u64 *reg = &regs->afsr0_el1; reg < &regs->cntkctl_el1 + 1; reg++)
		assert_int_equal(*reg, 0);
	/* The wipe needs more rights than the cell has, for a moment. */
	assert_int_equal(regs->cptr_el2, SVE_ON | 1 << 8 | 1 << 12);
}

static void start_of_others(void **state)
{
	(void)state;
	reset_cell();
	fill(CELL_CPU2);
	fake_set_region(&fake.cell_config, 0, CELL_MEMORY, 0, PAGE_SIZE, JAILHOUSE_MEM_READ);
	arch_cpu_reset(on(CELL_CPU2));
	assert_true(CELL_CPU2->arch.parked);
	assert_int_equal(CELL_CPU2->arch.power, CPU_OFF);
	assert_int_equal(el2()->vbar_el1, 0);
	/* The memory is the first one's task. */
	assert_int_equal(fake.num_cleaned, 0);
	/* Which need not be the first of the set that is there. */
	CELL_CPU->present = false;
	arch_cpu_reset(on(CELL_CPU2));
	assert_false(CELL_CPU2->arch.parked);
}

static void start_in_aarch32(void **state)
{
	(void)state;
	fake.cell_config.desc.flags = JAILHOUSE_CELL_AARCH32;
	guest_enter_cell(on(CELL_CPU));
	el2()->dacr32_el2 = el2()->ifsr32_el2 = 5;
	guest_reset(CELL_CPU, 0x8000, 7);
	assert_int_equal(el2()->spsr_el2, 0x1d3); /* supervisor, all masked */
	assert_int_equal(el2()->sctlr_el1, 0x00c50838);
	assert_int_equal(el2()->fpexc32_el2, 0x40000000);
	assert_int_equal(el2()->dacr32_el2 | el2()->ifsr32_el2, 0);
	assert_int_equal(CELL_CPU->arch.regs->x[0], 7);
}

static void without_counters(void **state)
{
	static const u64 versions[] = { 0, 0xf };

	(void)state;
	for (unsigned int n = 0; n < ARRAY_LEN(versions); n++) {
		on(CELL_CPU);
		el2()->id_aa64dfr0_el1 = 0x30f006 | versions[n] << 8;
		el2()->pmcr_el0 = 0x1234;
		guest_wipe(CELL_CPU);
		/* Touching them would be undefined. */
		assert_int_equal(el2()->pmcr_el0, 0x1234);
	}
}

/* ---- caches ---- */

/* Every line of the range and none beside it. */
static void assert_cleaned(const u8 *start, unsigned long size)
{
	unsigned int hits[CELL_PAGES * PAGE_SIZE / LINE + 2] = { 0 };
	unsigned long lines = size / LINE;

	for (unsigned int n = 0; n < fake.num_cleaned; n++)
		if (fake.cleaned[n] >= start && fake.cleaned[n] < start + size)
			hits[(fake.cleaned[n] - start) / LINE]++;
	for (unsigned long n = 0; n < lines; n++)
		assert_int_equal(hits[n], 1);
}

static void lines(void **state)
{
	const u8 *page = fake.cell_memory;

	(void)state;
	on(CELL_CPU);
	arch_memory_written(page, PAGE_SIZE);
	assert_cleaned(page, PAGE_SIZE);
	assert_int_equal(fake.num_cleaned, PAGE_SIZE / LINE);
	/* Who goes on must not see it before it is done. */
	assert_int_equal(fake.dsbs, 1);
	/* A range that begins and ends in the middle of lines */
	fake.num_cleaned = 0;
	arch_memory_written(page + 60, 8);
	assert_cleaned(page, 2 * LINE);
	assert_int_equal(fake.num_cleaned, 2);
	fake.num_cleaned = 0;
	arch_memory_written(page + 63, 1);
	assert_int_equal(fake.num_cleaned, 1);
	/* As long as the CPU's smallest lines are. */
	fake.num_cleaned = 0;
	el2()->ctr_el0 = 0x80028000; /* 16 bytes */
	arch_memory_written(page, 64);
	assert_int_equal(fake.num_cleaned, 4);
}

static void cleaned_at_start(void **state)
{
	static const u64 flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE;

	(void)state;
	fake_set_region(&fake.cell_config, 0, CELL_MEMORY, 0, 40 * PAGE_SIZE, flags | JAILHOUSE_MEM_LOADABLE);
	fake_set_region(&fake.cell_config, 1, 0x1000, 0x1000, PAGE_SIZE, flags | JAILHOUSE_MEM_IO);
	fake_set_region(&fake.cell_config, 2, 0, 0x80000000, PAGE_SIZE, flags | JAILHOUSE_MEM_COMM_REGION);
	/* A sub-page */
	fake_set_region(&fake.cell_config, 3, CELL_MEMORY + 50 * PAGE_SIZE + 0x100, 0x90000100, 0x80,
			flags | JAILHOUSE_MEM_ROOTSHARED);
	reset_cell();
	arch_cpu_reset(on(CELL_CPU));
	assert_cleaned(fake.cell_memory, 40 * PAGE_SIZE);
	assert_cleaned(fake.cell_memory + 50 * PAGE_SIZE + 0x100, 0x80);
	assert_cleaned((const u8 *)fake.comm, PAGE_SIZE);
	assert_in_range(fake.num_cleaned, 41 * PAGE_SIZE / LINE + 2, 42 * PAGE_SIZE / LINE);
	assert_true(fake.dsbs > 0);
}

/* ---- end ---- */

static void park(void **state)
{
	(void)state;
	CELL_CPU->arch.power = CPU_ON;
	arch_cpu_park(on(CELL_CPU));
	assert_trace("gic-reset(2) ");
	assert_true(CELL_CPU->arch.parked);
	/* Who took it back has switched it off, and Linux may have switched it on since. */
	assert_int_equal(CELL_CPU->arch.power, CPU_ON);
	/* It waits in the hypervisor, for the kick and nothing else. */
	assert_leaves(guest_prepare(CELL_CPU), "parked");
	assert_trace("wait(2,kick) parked");
}

static void change_of_owner(void **state)
{
	(void)state;
	fill(CELL_CPU);
	CELL_CPU->cell = ROOT;
	arch_cpu_set_cell(on(CELL_CPU));
	assert_trace("gic-reset(2) simd debug(16,4) flush ");
	assert_int_equal(el2()->ttbr0_el1 | el2()->tpidr_el1 | el2()->vbar_el1 | el2()->sp_el1, 0);
	assert_int_equal(el2()->vttbr_el2 >> 48, 0);
	assert_int_equal(el2()->hcr_el2 & HCR_TWI, 0);
	assert_true(CELL_CPU->arch.revoked);
}

/* A request that comes while the tables are given back is not slept through. */
static unsigned int num_kicks;

static void request_during_wait(struct percpu *cpu, bool guest_irqs)
{
	assert_false(guest_irqs);
	if (num_kicks++ == 0)
		return; /* woken for nothing */
	assert_int_equal(num_kicks, 2);
	cpu_request(cpu, CPU_REQ_RESET);
}

static void requests_while_parked(void **state)
{
	(void)state;
	num_kicks = 0;
	reset_cell();
	arch_cpu_park(on(CELL_CPU));
	fake.on_wait = request_during_wait;
	guest_prepare(CELL_CPU);
	assert_int_equal(num_kicks, 2);
	assert_false(CELL_CPU->arch.parked);
	assert_false(CELL_CPU->arch.revoked);
	assert_int_equal(CELL_CPU->requests, 0);
}

/* ---- the machine ---- */

static void machine(void **state)
{
	struct walk walk;

	(void)state;
	on(ROOT_CPU);
	el2()->id_aa64mmfr0_el1 = 0x1105;
	fake.machine.hv_base = host_identity;
	assert_int_equal(arch_machine_init(&fake.machine), 0);
	assert_int_equal(arch_phys_bits(&fake.machine), 48);
	assert_int_equal(el2()->ttbr0_el2, fake.machine.arch.hv_table.root_phys);
	assert_int_equal(paging_lookup(&fake.machine.arch.hv_table, HV_PHYS, NULL), HV_PHYS);
	/* Revoked until it gets its first cell, and not where another CPU's is */
	for (unsigned int id = 0; id < FAKE_CPUS; id++) {
		assert_true(fake_cpu(id)->arch.revoked);
		assert_int_equal(fake_cpu(id)->arch.stage2_root_phys,
				 page_pool_phys(&fake.machine.pool, fake_cpu(id)->arch.stage2_root));
		assert_false(hardware_walk(fake_cpu(id)->arch.stage2_root_phys, fake.machine.arch.vtcr, 0, &walk));
	}
	/* The hypervisor must fit below its windows. */
	fake.machine.hv_size = TEMP_BASE - LINK_BASE + PAGE_SIZE;
	assert_refused(arch_machine_init(&fake.machine), EINVAL, HYPERVISOR_MEMORY);
}

/* One CPU may have fewer address bits than the one that has laid the tables out. */
static void unequal_cpus(void **state)
{
	(void)state;
	for (unsigned int range = 0; range < 8; range++) {
		on(fake_cpu(1));
		fake.refusal.code = 0;
		el2()->id_aa64mmfr0_el1 = 0x1120 | range;
		if (range < 2) {
			assert_refused(arch_cpu_init(fake_cpu(1)), ENODEV, PHYS_BITS);
			assert_int_equal(fake.refusal.arg[0], range == 0 ? 32 : 36);
			assert_int_equal(fake.refusal.arg[1], 40);
			assert_trace("");
		} else {
			assert_int_equal(arch_cpu_init(fake_cpu(1)), 0);
			assert_trace("gic-init(1) ");
		}
	}
	cpu_area(fake_cpu(1))->frame.linux_state.hcr |= HCR_E2H;
	fake.refusal.code = 0;
	assert_refused(arch_cpu_init(fake_cpu(1)), ENODEV, EL2_HOST);
	assert_int_equal(fake.refusal.arg[0], HCR_RW | HCR_E2H);
	assert_trace("");
	cpu_area(fake_cpu(1))->frame.linux_state.hcr &= ~HCR_E2H;
	fake.gic_result = -EIO;
	assert_int_equal(arch_cpu_init(fake_cpu(1)), -EIO);
	fake.trace[0] = 0;
	arch_cpu_exit(fake_cpu(1));
	assert_trace("gic-exit(1) ");
}

/* Linux comes back from its call as a guest, with 0. */
static void activation(void **state)
{
	(void)state;
	on(ROOT_CPU);
	ROOT_CPU->arch.regs->x[0] = 5;
	assert_leaves(arch_cpu_activate(ROOT_CPU), "guest");
	assert_trace("flush kick-end(0) publish guest");
	assert_int_equal(el2()->elr_el2, STUB_ELR);
	assert_int_equal(el2()->spsr_el2, 0x3c9);
	assert_int_equal(ROOT_CPU->arch.regs->x[0], 0);
	assert_leaves(arch_cpu_stop(), "stop");
}

static void entry(void **state)
{
	(void)state;
	ROOT_CPU->arch.mpidr = 0;
	on(fake_cpu(1));
	fake_cpu(1)->arch.regs = NULL;
	/* Bit 31 and the flags beside it are no affinity. */
	el2()->mpidr_el1 = 0xc1000000 | 0x500000201;
	assert_int_equal(entry_main(fake_cpu(1)), -EIO);
	assert_int_equal(arch_cpu_hw_id(fake_cpu(1)), 0x500000201);
	assert_ptr_equal(fake_cpu(1)->arch.regs, &cpu_area(fake_cpu(1))->frame.regs);
}

static void reset_of_machine(void **state)
{
	(void)state;
	arch_machine_reset(&fake.machine);
	assert_int_equal(fake.firmware[0], 0x84000009);
}

static void forbidden_ranges(void **state)
{
	u64 start, size;

	(void)state;
	assert_true(arch_intercepted_range(&fake.machine, 0, &start, &size));
	assert_int_equal(start, 0x08000000);
	fake.system.platform_info.iommu_units[0].base = 0x9000000;
	fake.system.platform_info.iommu_units[0].size = 0x20000;
	assert_true(arch_intercepted_range(&fake.machine, 0, &start, &size));
	assert_int_equal(start, 0x9000000);
	assert_int_equal(size, 0x20000);
	assert_true(arch_intercepted_range(&fake.machine, 2, &start, &size));
	assert_int_equal(start, 0x08010000);
	assert_false(arch_intercepted_range(&fake.machine, 3, &start, &size));
	fake.system.platform_info.pci_mmconfig_base = 0x3f000000;
	fake.system.platform_info.pci_mmconfig_end_bus = 15;
	assert_true(arch_intercepted_range(&fake.machine, 1, &start, &size));
	assert_int_equal(start, 0x3f000000);
	assert_int_equal(size, 0x1000000);
	assert_true(arch_intercepted_range(&fake.machine, 3, &start, &size));
	assert_int_equal(start, 0x08010000);
	assert_false(arch_intercepted_range(&fake.machine, 4, &start, &size));
	assert_refused(arch_config_check(&fake.machine, &fake.root_config.desc, true), EINVAL, IOMMU_TYPE);
	assert_int_equal(arch_config_check(&fake.machine, &fake.cell_config.desc, false), 0);
	fake.system.platform_info.iommu_units[0].base = 0;
	assert_int_equal(arch_config_check(&fake.machine, &fake.root_config.desc, true), 0);
	/* Nothing holds devices back from memory, and it is said. */
	assert_int_equal(fake.info.isolation, JAILHOUSE_ISOLATION_NO_DMA | JAILHOUSE_ISOLATION_NO_MSI_REMAP);
	assert_log("no IOMMU");
}

static void communication_region(void **state)
{
	struct jailhouse_platform_arm *arm = &fake.system.platform_info.arm;

	(void)state;
	arm->gicd_base = 0x8000000;
	arm->gicc_base = 0x8010000;
	arm->gicr_base = 0x80a0000;
	fake.cell_config.desc.vpci_irq_base = 123;
	memset(fake.comm, 0, PAGE_SIZE);
	arch_comm_init(CELL);
	assert_int_equal(fake.comm->gic_version, 3);
	assert_int_equal(fake.comm->gicd_base, 0x8000000);
	assert_int_equal(fake.comm->gicc_base, 0x8010000);
	assert_int_equal(fake.comm->gicr_base, 0x80a0000);
	assert_int_equal(fake.comm->vpci_irq_base, 123);
}

/* What is kept of a CPU that was stopped */
static void record(void **state)
{
	struct jailhouse_cpu_record *record = &CELL_CPU->record;
	struct el2 *regs = &fake.el2[2];

	(void)state;
	on(CELL_CPU);
	for (unsigned int n = 0; n < 31; n++)
		CELL_CPU->arch.regs->x[n] = 100 + n;
	regs->sp_el1 = 1, regs->sp_el0 = 2, regs->elr_el2 = 3, regs->esr_el2 = 5, regs->far_el2 = 6;
	regs->spsr_el2 = 0x3c5;
	arch_cpu_record(CELL_CPU, record);
	for (unsigned int n = 0; n < 31; n++)
		assert_int_equal(record->regs[JAILHOUSE_REG_ARM64_X0 + n], 100 + n);
	assert_int_equal(record->regs[JAILHOUSE_REG_ARM64_SP], 1);
	assert_int_equal(record->regs[JAILHOUSE_REG_ARM64_PC], 3);
	assert_int_equal(record->regs[JAILHOUSE_REG_ARM64_PSTATE], 0x3c5);
	assert_int_equal(record->regs[JAILHOUSE_REG_ARM64_ESR], 5);
	assert_int_equal(record->regs[JAILHOUSE_REG_ARM64_FAR], 6);
	regs->spsr_el2 = 0x3c0;
	arch_cpu_record(CELL_CPU, record);
	assert_int_equal(record->regs[JAILHOUSE_REG_ARM64_SP], 2);
	arch_cpu_print_registers(CELL_CPU);
	assert_log(" x0: 0000000000000064    x1: 0000000000000065    x2: 0000000000000066");
	assert_log("x27: 000000000000007f   x28: 0000000000000080   x29: 0000000000000081");
	assert_log("lr: 0000000000000082");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		GUEST_TEST(rights_of_cells),
		GUEST_TEST(short_exits),
		GUEST_TEST(start),
		GUEST_TEST(start_of_others),
		GUEST_TEST(start_in_aarch32),
		GUEST_TEST(without_counters),
		GUEST_TEST(lines),
		GUEST_TEST(cleaned_at_start),
		GUEST_TEST(park),
		GUEST_TEST(change_of_owner),
		GUEST_TEST(requests_while_parked),
		FAKE_TEST(machine),
		GUEST_TEST(unequal_cpus),
		GUEST_TEST(activation),
		GUEST_TEST(entry),
		GUEST_TEST(reset_of_machine),
		GUEST_TEST(forbidden_ranges),
		GUEST_TEST(communication_region),
		GUEST_TEST(record),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
