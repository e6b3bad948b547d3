// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Stage 2: formats for all sizes, a root for each CPU, taking a CPU back, and running out of memory anywhere. */
#include "fake-arm.h"
#include <hypervisor/arch/cpu.h>
#include <hypervisor/arch/memory.h>

#define GIB    (1ULL << 30)
#define MIB    (1ULL << 20)
#define RWX    (PG_READ | PG_WRITE | PG_EXEC)

/* By ID_AA64MMFR0_EL1.PARange. Source: Arm DDI 0487, VTCR_EL2: PS, SH0, ORGN0, IRGN0, SL0, T0SZ; bit 31 is RES1 */
static const struct {
	unsigned int bits, levels, root_pages;
	u64 vtcr;
} sizes[] = {
	{ 32, 3, 1, 0x80003560 }, { 36, 3, 1, 0x8001355c }, { 40, 3, 2, 0x80023558 },
	{ 42, 3, 8, 0x80033556 }, { 44, 4, 1, 0x80043594 }, { 48, 4, 1, 0x80053590 },
	/* 52 and 56 bits need another format: they are used as 48. */
	{ 48, 4, 1, 0x80053590 }, { 48, 4, 1, 0x80053590 },
};

static void formats(void **state)
{
	const struct arch_machine *arch = &fake.machine.arch;

	(void)state;
	for (unsigned int range = 0; range < ARRAY_LEN(sizes); range++) {
		stage2_init(&fake.machine, range);
		assert_int_equal(stage2_bits(range), sizes[range].bits);
		assert_int_equal(arch_phys_bits(&fake.machine), sizes[range].bits);
		assert_int_equal(arch->vtcr, sizes[range].vtcr);
		assert_int_equal(arch->stage2_format.levels, sizes[range].levels);
		assert_int_equal(arch->stage2_format.root_pages, sizes[range].root_pages);
	}
	assert_int_equal(stage2_bits(15), 48);
}

static void map(struct cell *cell, u64 ipa, u64 phys, u64 size, unsigned int flags)
{
	assert_int_equal(paging_map(&cell->stage2, ipa, phys, size, flags), 0);
}

static void renew(struct percpu *cpu)
{
	stage2_renew(on(cpu));
	stage2_restore(cpu);
	fake.trace[0] = 0;
}

static void assert_walk(const struct percpu *cpu, u64 ipa, u64 phys, unsigned int level)
{
	struct walk walk;

	assert_true(reaches(cpu, ipa, &walk));
	assert_int_equal(walk.phys, phys);
	assert_int_equal(walk.level, level);
}

/* The whole of what can be addressed: first and last page, and both sides of where a root's pages meet. */
static void walks_of_size(unsigned int range)
{
	u64 end = 1ULL << sizes[range].bits;

	fake_start(range);
	assert_int_equal(stage2_vttbr(CELL_CPU) & (sizes[range].root_pages * PAGE_SIZE - 1), 0);
	map(CELL, 0, 0, PAGE_SIZE, RWX);
	map(CELL, end - PAGE_SIZE, end - PAGE_SIZE, PAGE_SIZE, RWX);
	for (u64 edge = 512 * GIB; edge < end && sizes[range].levels == 3; edge += 512 * GIB)
		map(CELL, edge - GIB, edge - GIB, 2 * GIB, RWX);
	renew(CELL_CPU);
	assert_walk(CELL_CPU, 0xabc, 0xabc, 3);
	assert_walk(CELL_CPU, end - 1, end - 1, 3);
	for (u64 edge = 512 * GIB; edge < end && sizes[range].levels == 3; edge += 512 * GIB) {
		assert_walk(CELL_CPU, edge - 1, edge - 1, 1);
		assert_walk(CELL_CPU, edge, edge, 1);
	}
	assert_false(reaches(CELL_CPU, PAGE_SIZE, NULL));
	assert_false(reaches(CELL_CPU, end, NULL));
	assert_false(reaches(ROOT_CPU, 0, NULL));
}

static void walks(void **state)
{
	for (unsigned int range = 0; range < ARRAY_LEN(sizes); range++) {
		if (range > 0) {
			fake_teardown(state);
			fake_setup(state);
		}
		walks_of_size(range);
	}
}

static void large_pages(void **state)
{
	unsigned long used;

	(void)state;
	used = fake.machine.pool.used;
	map(CELL, 0, 4 * GIB, 2 * GIB, RWX);
	assert_int_equal(fake.machine.pool.used, used);
	map(CELL, 4 * GIB, 6 * GIB + 2 * MIB, 4 * MIB, RWX);
	assert_int_equal(fake.machine.pool.used, used + 1);
	map(CELL, 8 * GIB, 8 * GIB, 2 * MIB, RWX | PG_NO_HUGE);
	map(CELL, 9 * GIB, 9 * GIB + PAGE_SIZE, 2 * MIB, RWX);
	renew(CELL_CPU);
	assert_walk(CELL_CPU, GIB + 5, 5 * GIB + 5, 1);
	assert_walk(CELL_CPU, 4 * GIB + 2 * MIB + 5, 6 * GIB + 4 * MIB + 5, 2);
	assert_walk(CELL_CPU, 8 * GIB + PAGE_SIZE, 8 * GIB + PAGE_SIZE, 3);
	/* Not the same offset: nothing but pages */
	assert_walk(CELL_CPU, 9 * GIB, 9 * GIB + PAGE_SIZE, 3);
	/* A hole in the middle of a large page leaves its neighbours. */
	assert_int_equal(paging_unmap(&CELL->stage2, GIB + 4 * MIB, PAGE_SIZE), 0);
	renew(CELL_CPU);
	assert_walk(CELL_CPU, GIB + 4 * MIB + PAGE_SIZE, 5 * GIB + 4 * MIB + PAGE_SIZE, 3);
	assert_walk(CELL_CPU, GIB + 6 * MIB, 5 * GIB + 6 * MIB, 2);
	assert_false(reaches(CELL_CPU, GIB + 4 * MIB, NULL));
	assert_walk(CELL_CPU, 0, 4 * GIB, 1);
}

/* What the flags of a region mean to hardware */
static void rights(void **state)
{
	static const struct {
		u64 flags;
		bool read, write, execute, device;
	} regions[] = {
		{ JAILHOUSE_MEM_READ, true, false, true, false },
		{ JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE, true, true, true, false },
		{ JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE | JAILHOUSE_MEM_IO, true, true, false, true },
		{ JAILHOUSE_MEM_READ | JAILHOUSE_MEM_IO | JAILHOUSE_MEM_EXECUTE, true, false, true, true },
		{ JAILHOUSE_MEM_WRITE, false, true, false, false },
	};
	struct walk walk;

	(void)state;
	for (unsigned int n = 0; n < ARRAY_LEN(regions); n++) {
		struct jailhouse_memory mem = { .flags = regions[n].flags };

		map(CELL, n * PAGE_SIZE, n * PAGE_SIZE, PAGE_SIZE, arch_region_flags(&mem));
	}
	renew(CELL_CPU);
	for (unsigned int n = 0; n < ARRAY_LEN(regions); n++) {
		assert_true(reaches(CELL_CPU, n * PAGE_SIZE, &walk));
		assert_int_equal(walk.read, regions[n].read);
		assert_int_equal(walk.write, regions[n].write);
		assert_int_equal(walk.execute, regions[n].execute);
		assert_int_equal(walk.device, regions[n].device);
	}
	assert_true(arch_region_flags(&(struct jailhouse_memory){ .flags = JAILHOUSE_MEM_NO_HUGEPAGES }) & PG_NO_HUGE);
	assert_false(arch_region_flags(&(struct jailhouse_memory){ .flags = JAILHOUSE_MEM_READ }) & PG_NO_HUGE);
}

static void roots(void **state)
{
	(void)state;
	assert_int_not_equal(stage2_vttbr(CELL_CPU), stage2_vttbr(CELL_CPU2));
	/* VMID in bits 48 and up, the same for all CPUs of a cell; 0 is the root cell's */
	assert_int_equal(stage2_vttbr(ROOT_CPU) >> 48, 0);
	assert_int_equal(stage2_vttbr(CELL_CPU) >> 48, 1);
	assert_int_equal(stage2_vttbr(CELL_CPU2) >> 48, 1);
	assert_int_equal(el2()->vttbr_el2, stage2_vttbr(ROOT_CPU));
	assert_int_equal(el2()->vtcr_el2, 0x80023558);

	map(CELL, GIB, 3 * GIB, PAGE_SIZE, RWX);
	renew(CELL_CPU);
	renew(CELL_CPU2);
	assert_walk(CELL_CPU, GIB, 3 * GIB, 3);
	assert_walk(CELL_CPU2, GIB, 3 * GIB, 3);
	/* The lower levels are the same memory. */
	map(CELL, GIB + PAGE_SIZE, 4 * GIB, PAGE_SIZE, RWX);
	assert_walk(CELL_CPU, GIB + PAGE_SIZE, 4 * GIB, 3);
	assert_walk(CELL_CPU2, GIB + PAGE_SIZE, 4 * GIB, 3);
	/* A new entry of the top level takes a renewal. */
	map(CELL, 2 * GIB, 5 * GIB, PAGE_SIZE, RWX);
	assert_false(reaches(CELL_CPU, 2 * GIB, NULL));
	renew(CELL_CPU);
	assert_walk(CELL_CPU, 2 * GIB, 5 * GIB, 3);
	assert_false(reaches(CELL_CPU2, 2 * GIB, NULL));
}

/* ---- taking a CPU back ---- */

static unsigned int num_flushes;

/* When translations are thrown away, no new ones may come. */
static void root_is_empty(u64 vttbr)
{
	num_flushes++;
	assert_int_equal(vttbr, stage2_vttbr(CELL_CPU));
	assert_true(CELL_CPU->arch.revoked);
	for (u64 ipa = 0; ipa < 1ULL << 40; ipa += GIB)
		assert_false(reaches(CELL_CPU, ipa, NULL));
}

static void revoke(void **state)
{
	(void)state;
	num_flushes = 0;
	map(CELL, 0, 0, 1ULL << 40, RWX);
	renew(CELL_CPU);
	renew(CELL_CPU2);
	assert_walk(CELL_CPU, 0x12345, 0x12345, 1);
	on(ROOT_CPU);
	fake.on_flush = root_is_empty;
	stage2_revoke(CELL_CPU);
	/* The kick comes behind: whoever it wakes must find nothing. */
	assert_trace("flush-all kick(2) ");
	/* Only one CPU was meant. */
	for (u64 ipa = 0; ipa < 1ULL << 40; ipa += GIB)
		assert_walk(CELL_CPU2, ipa, ipa, 1);
	assert_false(CELL_CPU2->arch.revoked);
	/* The second one finds it done, but the CPU may sleep by now. */
	stage2_revoke(CELL_CPU);
	assert_trace("kick(2) ");
	assert_int_equal(num_flushes, 1);

	stage2_restore(on(CELL_CPU));
	assert_trace("kick-end(2) publish ");
	assert_false(CELL_CPU->arch.revoked);
	for (u64 ipa = 0; ipa < 1ULL << 40; ipa += GIB)
		assert_walk(CELL_CPU, ipa, ipa, 1);
	/* Nothing to do */
	stage2_restore(CELL_CPU);
	assert_trace("");
}

/* Two that have to stop: their translations are forgotten once. */
static void revoke_of_several(void **state)
{
	(void)state;
	num_flushes = 0;
	map(CELL, 0, 0, GIB, RWX);
	renew(CELL_CPU);
	renew(CELL_CPU2);
	on(ROOT_CPU);
	fake.on_flush = root_is_empty;
	CELL_CPU->requests = CELL_CPU2->requests = CPU_REQ_STOP;
	stage2_revoke(CELL_CPU);
	assert_trace("flush-all kick(2) ");
	assert_false(reaches(CELL_CPU2, 0, NULL));
	assert_true(CELL_CPU2->arch.revoked);
	stage2_revoke(CELL_CPU2);
	assert_trace("kick(3) ");
	assert_int_equal(num_flushes, 1);
	CELL_CPU->requests = CELL_CPU2->requests = 0;
}

static void takes_its_tables_back(u64 vttbr)
{
	(void)vttbr;
	stage2_restore(on(CELL_CPU));
	on(ROOT_CPU);
}

/* It has seen the request then; a kick would be the guest's. */
static void revoke_of_one_that_was_quicker(void **state)
{
	(void)state;
	map(CELL, 0, 0, GIB, RWX);
	renew(CELL_CPU);
	on(ROOT_CPU);
	fake.on_flush = takes_its_tables_back;
	stage2_revoke(CELL_CPU);
	assert_trace("flush-all kick-end(2) publish ");
}

static void renewal(void **state)
{
	(void)state;
	map(CELL, 0, 0, GIB, RWX);
	renew(CELL_CPU);
	stage2_renew(on(CELL_CPU));
	/* It is this CPU's own affair. */
	assert_trace("flush ");
	assert_true(CELL_CPU->arch.revoked);
	assert_false(reaches(CELL_CPU, 0, NULL));
	paging_unmap(&CELL->stage2, 0, GIB);
	stage2_restore(CELL_CPU);
	assert_false(reaches(CELL_CPU, 0, NULL));
	assert_false(CELL_CPU->arch.revoked);
}

/* A CPU that changes hands takes the other cell's tables and number, and none of the old ones. */
static void another_cell(void **state)
{
	u64 vttbr;

	(void)state;
	map(CELL, 0, 0, GIB, RWX);
	map(ROOT, 4 * GIB, 4 * GIB, GIB, RWX);
	renew(CELL_CPU);
	vttbr = stage2_vttbr(CELL_CPU);
	CELL_CPU->cell = ROOT;
	arch_cpu_set_cell(on(CELL_CPU));
	assert_false(reaches(CELL_CPU, 0, NULL));
	assert_false(reaches(CELL_CPU, 4 * GIB, NULL));
	stage2_restore(CELL_CPU);
	assert_int_equal(el2()->vttbr_el2, vttbr & 0xffffffffffffULL);
	assert_false(reaches(CELL_CPU, 0, NULL));
	assert_walk(CELL_CPU, 4 * GIB, 4 * GIB, 1);
}

/* ---- numbers of cells ---- */

static void vmids(void **state)
{
	static struct cell cells[300];
	struct cell *last = CELL;

	(void)state;
	fake.machine.pool.pages = FAKE_POOL;
	for (unsigned int n = 0; n < 254; n++) {
		cells[n] = (struct cell){ .machine = &fake.machine, .config = &fake.cell_config.desc };
		assert_int_equal(arch_cell_init(&cells[n]), 0);
		assert_int_equal(cells[n].arch.vmid, n + 2);
		arch_cell_exit(&cells[n]);
		last = last->next = &cells[n];
	}
	cells[254].machine = &fake.machine;
	assert_refused(arch_cell_init(&cells[254]), ENOMEM, NO_MEMORY);
	/* One that has gone makes room. */
	cells[9].next = cells[11].next;
	assert_int_equal(arch_cell_init(&cells[254]), 0);
	assert_int_equal(cells[254].arch.vmid, 12);
	arch_cell_exit(&cells[254]);
}

/* ---- without memory ---- */

/* The n-th allocation of all fails: everything is refused with the reason, and all pages come back. */
static void machine_without_memory(void **state)
{
	struct page_pool *pool = &fake.machine.pool;
	unsigned int n;
	int err = -ENOMEM;

	for (n = 1; err; n++) {
		fake_teardown(state);
		fake_setup(state);
		fake.refusal.code = 0;
		pool->fail_at = n;
		err = arch_machine_init(&fake.machine);
		if (err)
			assert_refused(err, ENOMEM, NO_MEMORY);
		assert_in_range(n, 1, 32);
	}
	/* The hypervisor's root, three tables below it, a root for each of four CPUs; the last round was without */
	assert_int_equal(n - 2, 1 + 3 + FAKE_CPUS);
}

static void root_without_memory(void **state)
{
	(void)state;
	stage2_init(&fake.machine, 3);
	fake.machine.pool.fail_at = 1;
	assert_refused(stage2_cpu_alloc(ROOT_CPU), ENOMEM, NO_MEMORY);
	assert_int_equal(fake.refusal.arg[0], 8); /* pages, for 42 bits */
}

static void cell_without_memory(void **state)
{
	struct page_pool *pool = &fake.machine.pool;
	unsigned long before;
	unsigned int n;
	int err = -ENOMEM;

	(void)state;
	arch_cell_exit(CELL);
	before = pool->used;
	pool->fail_at = 1;
	assert_refused(arch_cell_init(CELL), ENOMEM, NO_MEMORY);
	assert_int_equal(pool->used, before);
	for (n = 1; err; n++) {
		assert_int_equal(arch_cell_init(CELL), 0);
		pool->fail_at = n;
		err = paging_map(&CELL->stage2, 0, PAGE_SIZE, GIB / 256, RWX);
		if (!err)
			err = paging_map(&CELL->stage2, 511 * GIB, 0, PAGE_SIZE, RWX);
		pool->fail_at = 0;
		arch_cell_exit(CELL);
		assert_int_equal(pool->used, before);
		assert_in_range(n, 1, 16);
	}
	assert_int_equal(n - 2, 1 + 2 + 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FAKE_TEST(formats),
		FAKE_TEST(walks),
		GUEST_TEST(large_pages),
		GUEST_TEST(rights),
		GUEST_TEST(roots),
		GUEST_TEST(revoke),
		GUEST_TEST(revoke_of_several),
		GUEST_TEST(revoke_of_one_that_was_quicker),
		GUEST_TEST(renewal),
		GUEST_TEST(another_cell),
		GUEST_TEST(vmids),
		FAKE_TEST(machine_without_memory),
		FAKE_TEST(root_without_memory),
		GUEST_TEST(cell_without_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
