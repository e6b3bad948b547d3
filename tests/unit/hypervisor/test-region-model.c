// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Random cells on machines with all kinds of page tables, against a model: the root sees a page of
 * its own unless a cell has it for itself and is not being loaded; a cell sees its regions, the
 * last one first.
 */
#include "testbed.h"

#define FIRST_PAGE  (LINUX_START / PAGE_SIZE)
#define NUM_PAGES   ((RAM_START + RAM_SIZE - LINUX_START) / PAGE_SIZE)
#define KEPT_PAGES  16 /* at the start: where configurations lie */
#define MAX_CELLS   3
#define MAX_REGIONS 6

struct model_cell {
	bool exists, loadable;
	struct config config;
};

struct model {
	struct testbed tb;
	struct model_cell cells[MAX_CELLS];
	unsigned int seed;
};

static u64 draw(struct model *model, u64 limit)
{
	return (u64)rand_r(&model->seed) % limit;
}

static bool page_in(const struct jailhouse_memory *mem, u64 phys)
{
	return mem->size > 0 && !(mem->flags & JAILHOUSE_MEM_COMM_REGION) &&
	       range_contains(mem->phys_start, mem->size, phys, PAGE_SIZE);
}

static unsigned int rights(u64 flags)
{
	return (flags & JAILHOUSE_MEM_READ ? PG_READ : 0) | (flags & JAILHOUSE_MEM_WRITE ? PG_WRITE : 0) |
	       (flags & JAILHOUSE_MEM_EXECUTE ? PG_EXEC : 0);
}

/* Rights of the root to a page, 0 if it is not there. */
static unsigned int root_rights(const struct model *model, u64 phys)
{
	const struct config *root = &model->tb.root;
	unsigned int result = 0;

	for (unsigned int n = 0; n < root->cell.num_memory_regions; n++)
		if (page_in(&root->mem[n], phys))
			result = rights(root->mem[n].flags);
	for (unsigned int c = 0; c < MAX_CELLS; c++) {
		const struct config *config = &model->cells[c].config;

		for (unsigned int n = 0; model->cells[c].exists && n < config->cell.num_memory_regions; n++)
			if (page_in(&config->mem[n], phys) && !(config->mem[n].flags & JAILHOUSE_MEM_ROOTSHARED) &&
			    !(model->cells[c].loadable && (config->mem[n].flags & JAILHOUSE_MEM_LOADABLE)))
				result = 0;
	}
	return result;
}

/* A page that one region hides and another one of the same cell shows depends on their order: left out. */
static bool ambiguous(const struct model *model, u64 phys)
{
	for (unsigned int c = 0; c < MAX_CELLS; c++) {
		const struct config *config = &model->cells[c].config;
		unsigned int covers = 0;

		for (unsigned int n = 0; model->cells[c].exists && n < config->cell.num_memory_regions; n++)
			covers += page_in(&config->mem[n], phys);
		if (covers > 1)
			return true;
	}
	return false;
}

static void compare_root(struct model *model)
{
	const struct page_table *pt = &model->tb.m->root.stage2;

	for (u64 n = 0; n < NUM_PAGES; n++) {
		u64 phys = (FIRST_PAGE + n) * PAGE_SIZE;
		unsigned int flags = 0;
		u64 seen = paging_lookup(pt, phys, &flags);
		unsigned int expected = root_rights(model, phys);

		if (ambiguous(model, phys))
			continue;
		assert_int_equal(seen, expected ? phys : PAGING_INVALID_PHYS);
		assert_int_equal(flags & (PG_READ | PG_WRITE | PG_EXEC), expected);
	}
}

static void compare_cell(struct model *model, unsigned int c)
{
	const struct config *config = &model->cells[c].config;
	const struct page_table *pt = &cell_by_id(model->tb.m, c + 1)->stage2;

	for (u64 virt = 0; virt < 64 * MIB; virt += PAGE_SIZE) {
		u64 expected = PAGING_INVALID_PHYS;

		for (unsigned int n = 0; n < config->cell.num_memory_regions; n++)
			if (range_contains(config->mem[n].virt_start, config->mem[n].size, virt, PAGE_SIZE))
				expected = config->mem[n].phys_start + (virt - config->mem[n].virt_start);
		assert_int_equal(paging_lookup(pt, virt, NULL), expected);
	}
}

static void draw_config(struct model *model, unsigned int c, struct config *config)
{
	static const u64 grains[] = { 1, 1, 16, 256, 512 };
	static const u64 kinds[] = {
		MEM_RWX | JAILHOUSE_MEM_LOADABLE,
		MEM_RWX,
		MEM_RW | JAILHOUSE_MEM_ROOTSHARED,
		JAILHOUSE_MEM_READ | JAILHOUSE_MEM_NO_HUGEPAGES,
		MEM_RWX | JAILHOUSE_MEM_LOADABLE | JAILHOUSE_MEM_NO_HUGEPAGES,
	};
	char name[] = "cell 0";

	name[5] = (char)('0' + c);
	cell_config(config, name, c + 1, 2U << c);
	config->cell.flags = JAILHOUSE_CELL_PASSIVE_COMMREG | JAILHOUSE_CELL_NO_SCRUB;
	config->cell.num_memory_regions = 0;
	for (u64 n = draw(model, MAX_REGIONS); n > 0; n--) {
		u64 grain = grains[draw(model, ARRAY_LEN(grains))];
		u64 start = KEPT_PAGES + draw(model, NUM_PAGES - KEPT_PAGES), pages = (1 + draw(model, 3)) * grain;

		if (draw(model, 2))
			start = MAX(ALIGN_DOWN(FIRST_PAGE + start, grain), FIRST_PAGE + KEPT_PAGES) - FIRST_PAGE;
		pages = MIN(pages, NUM_PAGES - start);
		add_mem(config, (FIRST_PAGE + start) * PAGE_SIZE, draw(model, 4) ? (FIRST_PAGE + start) * PAGE_SIZE :
			draw(model, 4096) * PAGE_SIZE, pages * PAGE_SIZE, kinds[draw(model, ARRAY_LEN(kinds))]);
	}
}

static void step(struct model *model, unsigned int c)
{
	struct model_cell *cell = &model->cells[c];
	struct testbed *tb = &model->tb;
	struct snapshot before;
	struct config config;

	if (!cell->exists) {
		draw_config(model, c, &config);
		take_snapshot(tb, &before);
		/* Sometimes memory runs out on the way. */
		tb->m->pool.fail_at = draw(model, 30);
		switch (create(tb, &config)) {
		case 0:
			/* Its CPU parks by itself; what follows compares states. */
			assert_true(hosted_wait_state(tb->hw, c + 1, HOSTED_PARKED, 10000));
			cell->exists = true;
			cell->loadable = false;
			cell->config = config;
			break;
		case -EBUSY:
			assert_int_equal(hosted_info(tb->hw)->reason.code, JAILHOUSE_REASON_MEM_OTHER_CELL);
			assert_unchanged(tb, &before);
			break;
		case -ENOMEM:
			assert_int_equal(hosted_info(tb->hw)->reason.code, JAILHOUSE_REASON_NO_MEMORY);
			assert_unchanged(tb, &before);
			break;
		default:
			fail();
		}
		tb->m->pool.fail_at = 0;
		return;
	}

	/* None of these may need memory. */
	tb->m->pool.fail_at = 1;
	switch (draw(model, 3)) {
	case 0:
		assert_int_equal(destroy(tb, c + 1), 0);
		assert_true(hosted_online(tb->hw, 0, c + 1));
		cell->exists = false;
		break;
	case 1:
		assert_int_equal(set_loadable(tb, c + 1), 0);
		assert_true(hosted_wait_state(tb->hw, c + 1, HOSTED_PARKED, 10000));
		cell->loadable = true;
		break;
	default:
		assert_int_equal(start(tb, c + 1), 0);
		assert_true(hosted_wait_state(tb->hw, c + 1, HOSTED_ENDED, 10000));
		cell->loadable = false;
	}
	assert_int_equal(tb->m->pool.fail_at, 1);
	tb->m->pool.fail_at = 0;
}

static void run_model(unsigned int levels, unsigned int max_leaf, u64 root_flags, unsigned int seed)
{
	static struct model model;
	struct snapshot before;

	memset(&model, 0, sizeof(model));
	model.seed = seed;
	testbed_init(&model.tb);
	model.tb.setup.levels = levels;
	model.tb.setup.max_leaf = max_leaf;
	/* Borders inside of large pages */
	model.tb.root.mem[ROOT_INMATE].size = 3 * MIB;
	model.tb.root.mem[ROOT_INMATE].flags |= root_flags;
	add_mem(&model.tb.root, INMATE_START + 3 * MIB, INMATE_START + 3 * MIB, 5 * MIB, MEM_RWX);
	add_mem(&model.tb.root, INMATE_START + 8 * MIB, INMATE_START + 8 * MIB, 3 * MIB, MEM_RW | JAILHOUSE_MEM_DMA);
	/* 5 MiB are in no region. */
	testbed_start(&model.tb);
	take_snapshot(&model.tb, &before);
	for (unsigned int n = 0; n < 250; n++) {
		unsigned int c = (unsigned int)draw(&model, MAX_CELLS);

		step(&model, c);
		compare_root(&model);
		if (model.cells[c].exists)
			compare_cell(&model, c);
	}
	for (unsigned int c = 0; c < MAX_CELLS; c++)
		if (model.cells[c].exists) {
			assert_int_equal(destroy(&model.tb, c + 1), 0);
			assert_true(hosted_online(model.tb.hw, 0, c + 1));
			model.cells[c].exists = false;
		}
	assert_unchanged(&model.tb, &before);
	testbed_stop(&model.tb);
}

static void test_small_pages(void **state)
{
	(void)state;
	run_model(4, 0, 0, 1);
}

static void test_large_pages(void **state)
{
	(void)state;
	run_model(4, 1, 0, 2);
	run_model(5, 2, 0, 3);
}

static void test_root_without_large_pages(void **state)
{
	(void)state;
	run_model(4, 1, JAILHOUSE_MEM_NO_HUGEPAGES, 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_small_pages),
		cmocka_unit_test(test_large_pages),
		cmocka_unit_test(test_root_without_large_pages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
