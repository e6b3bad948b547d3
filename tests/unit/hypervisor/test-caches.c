// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Memory that changes hands between those who use caches and those who do not: a cell begins with caches off, and what
 * it gets and leaves must be in RAM itself. The machine's cache drops and writes back only what somebody asks for, or
 * everything at once, and nobody snoops.
 */
#include "testbed.h"

#define DATA   (4 * MIB)	/* in the cell: not loadable, not zeroed */
#define SECRET 0x5ec2e75ec2e75ec2ULL
#define WORD(n) (0x1111111100000000ULL + (n))
#define MAX_WORDS 16

/* What a cell does at its start: it stores, then loads, with caches off unless told otherwise. */
struct work {
	u64 store[MAX_WORDS], load[MAX_WORDS];
	unsigned int num_stores, num_loads;
	bool fetch_first;  /* with caches, before all */
	bool cached_loads;
	u64 found[MAX_WORDS];
	u32 done; /* counts, atomic */
};

static struct work work;

static void cell_program(struct hosted_cpu *cpu, void *unused)
{
	(void)unused;
	if (work.fetch_first) {
		vm_set_caches(cpu, true);
		for (unsigned int n = 0; n < work.num_stores; n++)
			vm_load(cpu, work.store[n], 8);
		vm_set_caches(cpu, false);
	}
	for (unsigned int n = 0; n < work.num_stores; n++)
		vm_store(cpu, work.store[n], 8, SECRET);
	vm_set_caches(cpu, work.cached_loads);
	for (unsigned int n = 0; n < work.num_loads; n++)
		work.found[n] = vm_load(cpu, work.load[n], 8);
	__atomic_fetch_add(&work.done, 1, __ATOMIC_SEQ_CST);
}

static u64 behind(struct testbed *tb, u64 phys)
{
	u64 value;

	memcpy(&value, hosted_behind_caches(tb->hw, phys, 8), 8);
	return value;
}

static u64 linux_word(struct testbed *tb, u64 phys)
{
	u64 value;

	assert_true(linux_load(tb, 0, phys, 8, &value));
	return value;
}

static void put(struct testbed *tb, u64 phys, u64 value)
{
	assert_true(linux_store(tb, 0, phys, 8, value));
}

/* A cell with 1 MiB of code, a page and a half of data that nobody zeroes, and a program */
static void make_cell(struct testbed *tb, u64 data_flags)
{
	struct config cell;

	cell_config(&cell, "one", 1, 0x2);
	cell.cell.flags |= JAILHOUSE_CELL_PASSIVE_COMMREG;
	add_mem(&cell, INMATE_START + DATA, DATA, 20 * PAGE_SIZE, MEM_RWX | data_flags);
	assert_int_equal(create(tb, &cell), 0);
	hosted_set_program(tb->hw, 1, cell_program, NULL);
}

static void run_cell(struct testbed *tb)
{
	u32 done = __atomic_load_n(&work.done, __ATOMIC_SEQ_CST);

	assert_int_equal(start(tb, 1), 0);
	wait_for(&work.done, done + 1);
}

static int caches_setup(void **state)
{
	struct testbed *tb;

	testbed_setup(state);
	tb = *state;
	tb->setup.caches = true;
	memset(&work, 0, sizeof(work));
	return 0;
}

/* ---- the model ---- */

struct model_job {
	u64 address, cached, uncached;
};

static void look(struct hosted_cpu *cpu, void *arg)
{
	struct model_job *job = arg;

	vm_set_caches(cpu, false);
	job->uncached = vm_load(cpu, job->address, 8);
	vm_set_caches(cpu, true);
	job->cached = vm_load(cpu, job->address, 8);
}

static void store_past_the_cache(struct hosted_cpu *cpu, void *arg)
{
	struct model_job *job = arg;

	vm_set_caches(cpu, false);
	vm_store(cpu, job->address, 8, job->uncached);
	vm_set_caches(cpu, true);
}

#define assert_views(tb, where, in_cache, in_ram)                            \
	do {                                                                 \
		struct model_job job_ = { .address = (where) };              \
		assert_true(hosted_run((tb)->hw, 0, look, &job_));           \
		assert_int_equal(job_.cached, in_cache);                     \
		assert_int_equal(job_.uncached, in_ram);                     \
	} while (0)

static void test_what_the_cache_does(void **state)
{
	const u64 at = LINUX_START + MIB;
	struct model_job job = { .address = at, .uncached = 2 };
	struct testbed *tb = *state;

	testbed_start(tb);
	/* Written through the cache: RAM has it when the line goes. */
	put(tb, at, 1);
	assert_views(tb, at, 1, 0);
	hosted_evict(tb->hw);
	assert_views(tb, at, 1, 1);
	/* Fetched, and changed behind its back: stale, until it is dropped. */
	assert_true(hosted_run(tb->hw, 0, store_past_the_cache, &job));
	assert_views(tb, at, 1, 2);
	hosted_evict(tb->hw);
	assert_views(tb, at, 2, 2);
	/* The same, with a dirty line: that wins. */
	put(tb, at, 3);
	job.uncached = 4;
	assert_true(hosted_run(tb->hw, 0, store_past_the_cache, &job));
	assert_views(tb, at, 3, 4);
	hosted_evict(tb->hw);
	assert_views(tb, at, 3, 3);
	/* ... and one that was stale when its neighbour was written. */
	job.uncached = 5;
	assert_true(hosted_run(tb->hw, 0, store_past_the_cache, &job));
	put(tb, at + 8, 6);
	hosted_evict(tb->hw);
	assert_views(tb, at, 3, 3);
	assert_views(tb, at + 8, 6, 6);
	/* Not in the cache: everybody sees it. */
	hosted_evict(tb->hw);
	job.uncached = 7;
	assert_true(hosted_run(tb->hw, 0, store_past_the_cache, &job));
	assert_views(tb, at, 7, 7);
}

/* ---- create ---- */

static void test_secrets_of_the_root(void **state)
{
	struct testbed *tb = *state;

	testbed_start(tb);
	for (u64 offset = 0; offset < MIB; offset += 64)
		memcpy(hosted_ram(tb->hw, INMATE_START + offset, 8), &(u64){ SECRET }, 8);
	put(tb, INMATE_START + DATA, SECRET);
	hosted_evict(tb->hw);
	assert_int_equal(behind(tb, INMATE_START + 64), SECRET);
	make_cell(tb, 0);
	for (u64 offset = 0; offset < MIB; offset += 8)
		assert_int_equal(behind(tb, INMATE_START + offset), 0);
	assert_int_equal(behind(tb, INMATE_START + DATA), 0);
}

/* Linux has written it with caches, and has not cleaned anything. */
static void test_configuration_in_the_cache(void **state)
{
	struct testbed *tb = *state;

	testbed_start(tb);
	make_cell(tb, 0);
	assert_int_equal(behind(tb, CONFIG_ADDRESS), 0);
	assert_string_equal(cell_by_id(tb->m, 1)->config->name, "one");
}

/* ---- load and start ---- */

static void load(struct testbed *tb, u64 first)
{
	assert_int_equal(set_loadable(tb, 1), 0);
	for (unsigned int n = 0; n < work.num_loads - 1; n++)
		put(tb, INMATE_START + work.load[n], first + n);
}

static void assert_found(u64 first)
{
	for (unsigned int n = 0; n < work.num_loads - 1; n++)
		assert_int_equal(work.found[n], first + n);
	/* Data that lay there before the cell was made */
	assert_int_equal(work.found[work.num_loads - 1], SECRET);
}

static void test_image_is_found(void **state)
{
	/* Both ends of the region, and of the pieces that are worked on */
	static const u64 places[] = { 0, 8, 64, PAGE_SIZE - 8, 16 * PAGE_SIZE - 8, 16 * PAGE_SIZE, 17 * PAGE_SIZE + 128,
		MIB - 64, MIB - 8, DATA + 20 * PAGE_SIZE - 8 };
	struct testbed *tb = *state;

	testbed_start(tb);
	put(tb, INMATE_START + DATA + 20 * PAGE_SIZE - 8, SECRET);
	make_cell(tb, JAILHOUSE_MEM_NO_SCRUB);
	memcpy(work.load, places, sizeof(places));
	work.num_loads = ARRAY_LEN(places);
	load(tb, WORD(1));
	run_cell(tb);
	assert_found(WORD(1));
	/* Another image, over one that has run */
	load(tb, WORD(100));
	run_cell(tb);
	assert_found(WORD(100));
	/* ... and once more, as it is */
	run_cell(tb);
	assert_found(WORD(100));
}

static void test_communication_region_is_found(void **state)
{
	struct testbed *tb = *state;
	u64 expected;

	testbed_start(tb);
	make_cell(tb, 0);
	work.load[0] = MIB;
	work.num_loads = 1;
	run_cell(tb);
	memcpy(&expected, COMM_REGION_MAGIC "\2", 8);
	assert_int_equal(work.found[0], expected);
}

/* What the cell writes stays: no line of the loader comes back over it, and none hides it when caches go on. */
static void test_no_line_is_left(void **state)
{
	struct testbed *tb = *state;

	testbed_start(tb);
	make_cell(tb, JAILHOUSE_MEM_NO_SCRUB);
	work.store[0] = work.load[0] = 0x100;
	work.store[1] = work.load[1] = DATA;
	work.num_stores = work.num_loads = 2;
	work.cached_loads = true;
	assert_int_equal(set_loadable(tb, 1), 0);
	put(tb, INMATE_START + 0x100, WORD(1));
	run_cell(tb);
	assert_int_equal(work.found[0], SECRET);
	assert_int_equal(work.found[1], SECRET);
	hosted_evict(tb->hw);
	assert_int_equal(behind(tb, INMATE_START + 0x100), SECRET);
	assert_int_equal(behind(tb, INMATE_START + DATA), SECRET);
}

/* ---- destroy ---- */

static void secrets_of_a_cell(struct testbed *tb, bool fetch_first)
{
	testbed_start(tb);
	make_cell(tb, 0);
	work.fetch_first = fetch_first;
	work.store[0] = 0x100;
	work.store[1] = MIB - 8;
	work.store[2] = DATA;
	work.num_stores = 3;
	run_cell(tb);
	assert_int_equal(behind(tb, INMATE_START + MIB - 8), SECRET);
	assert_int_equal(destroy(tb, 1), 0);
	for (unsigned int n = 0; n < work.num_stores; n++) {
		assert_int_equal(behind(tb, INMATE_START + work.store[n]), 0);
		assert_int_equal(linux_word(tb, INMATE_START + work.store[n]), 0);
	}
	hosted_evict(tb->hw);
	for (unsigned int n = 0; n < work.num_stores; n++)
		assert_int_equal(linux_word(tb, INMATE_START + work.store[n]), 0);
}

static void test_secrets_of_a_cell(void **state)
{
	secrets_of_a_cell(*state, false);
}

/* It has switched its caches on and off again, without tidying up. */
static void test_secrets_of_an_untidy_cell(void **state)
{
	secrets_of_a_cell(*state, true);
}

static void test_what_a_cell_leaves_is_found(void **state)
{
	struct testbed *tb = *state;

	testbed_start(tb);
	put(tb, INMATE_START + DATA, WORD(1));
	make_cell(tb, JAILHOUSE_MEM_NO_SCRUB);
	work.store[0] = DATA;
	work.num_stores = 1;
	run_cell(tb);
	assert_int_equal(destroy(tb, 1), 0);
	assert_int_equal(linux_word(tb, INMATE_START + DATA), SECRET);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, caches_setup, testbed_teardown)
	const struct CMUnitTest tests[] = {
		TEST(what_the_cache_does),
		TEST(secrets_of_the_root),
		TEST(configuration_in_the_cache),
		TEST(image_is_found),
		TEST(communication_region_is_found),
		TEST(no_line_is_left),
		TEST(secrets_of_a_cell),
		TEST(secrets_of_an_untidy_cell),
		TEST(what_a_cell_leaves_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
