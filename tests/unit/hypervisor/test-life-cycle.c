// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Cells from create to destroy, with software in them. */
#include <unistd.h>
#include "testbed.h"

static void image_run(struct hosted_cpu *cpu, void *arg)
{
	struct image *image = arg;

	image->found = vm_load(cpu, 0, 8);
	vm_store(cpu, 8, 8, 0x5ec2e7);
	__atomic_fetch_add(&image->starts, 1, __ATOMIC_SEQ_CST);
	vm_store(cpu, MIB + offsetof(struct jailhouse_comm_region, cell_state), 4, JAILHOUSE_CELL_SHUT_DOWN);
	__atomic_fetch_add(&image->left, 1, __ATOMIC_SEQ_CST);
}

static void test_whole_life(void **state)
{
	struct testbed *tb = *state;
	struct image *image = &tb->image;
	struct snapshot before;
	struct config cell;
	u32 events;

	testbed_start(tb);
	cell_config(&cell, "one", 1, 0x2);
	hosted_set_program(tb->hw, 1, image_run, image);
	take_snapshot(tb, &before);
	events = hosted_info(tb->hw)->event_seq;

	assert_int_equal(create(tb, &cell), 0);
	assert_printed(tb, "Created cell \"one\"\nPage pool usage after cell creation: mem ");
	assert_int_equal(hosted_call(tb->hw, 0, JAILHOUSE_HC_CELL_GET_STATE, 1, 0), JAILHOUSE_CELL_SHUT_DOWN);
	assert_int_equal(hosted_cpu_state(tb->hw, 1), HOSTED_PARKED);
	assert_int_equal(tb->m->root.num_cpus, 3);

	assert_int_equal(set_loadable(tb, 1), 0);
	assert_true(linux_store(tb, 0, INMATE_START, 8, 0x1234567890abcdef));
	assert_int_equal(start(tb, 1), 0);
	assert_printed(tb, "Started cell \"one\"\n");
	wait_for(&image->left, 1);
	assert_int_equal(image->found, 0x1234567890abcdef);
	assert_int_equal(hosted_call(tb->hw, 0, JAILHOUSE_HC_CELL_GET_STATE, 1, 0), JAILHOUSE_CELL_SHUT_DOWN);

	assert_int_equal(destroy(tb, 1), 0);
	assert_printed(tb, "Closing cell \"one\"\nPage pool usage after cell destruction: mem ");
	assert_int_equal(hosted_call(tb->hw, 0, JAILHOUSE_HC_CELL_GET_STATE, 1, 0), -ENOENT);
	assert_true(hosted_wait_state(tb->hw, 1, HOSTED_PARKED, 10000));
	assert_true(hosted_online(tb->hw, 0, 1));
	assert_int_not_equal(hosted_info(tb->hw)->event_seq, events);
	assert_unchanged(tb, &before);
}

static void test_communication_region(void **state)
{
	struct testbed *tb = *state;
	const struct jailhouse_comm_region *comm;
	struct config cell;

	tb->root.system.platform_info.pci_mmconfig_base = 0xb0000000;
	tb->root.system.platform_info.x86.pm_timer_address = 0x608;
	tb->root.system.platform_info.x86.apic_khz = 62500;
	testbed_start(tb);
	cell_config(&cell, "one", 1, 0x6);
	cell.cell.flags = JAILHOUSE_CELL_VIRTUAL_CONSOLE_PERMITTED;
	cell.cell.console.address = 0x2f8;
	cell.cell.console.type = JAILHOUSE_CON_TYPE_8250;
	assert_int_equal(create(tb, &cell), 0);
	comm = comm_of(tb, 1);
	memset((void *)comm, 0xff, PAGE_SIZE);
	comm_of(tb, 1)->cell_state = JAILHOUSE_CELL_SHUT_DOWN;
	assert_int_equal(start(tb, 1), 0);
	assert_memory_equal(comm->signature, "JHCOMM", 6);
	assert_int_equal(comm->revision, 2);
	assert_int_equal(comm->cell_state, JAILHOUSE_CELL_RUNNING);
	assert_int_equal(comm->msg_to_cell, 0);
	assert_int_equal(comm->reply_from_cell, 0);
	assert_int_equal(comm->flags, JAILHOUSE_COMM_FLAG_DBG_PUTC_PERMITTED);
	assert_memory_equal(&comm->console, &cell.cell.console, sizeof(comm->console));
	assert_int_equal(comm->pci_mmconfig_base, 0xb0000000);
	assert_int_equal(comm->pm_timer_address, 0x608);
	assert_int_equal(comm->num_cpus, 2);
	assert_int_equal(comm->tsc_khz, tb->setup.tsc_khz);
	assert_int_equal(comm->apic_khz, 62500);
	/* Nothing is left of what stood there. */
	for (unsigned int n = sizeof(*comm); n < PAGE_SIZE; n++)
		assert_int_equal(((const u8 *)comm)[n], 0);
	cell.cell.flags = JAILHOUSE_CELL_VIRTUAL_CONSOLE_ACTIVE;
	strcpy(cell.cell.name, "two");
	cell.cell.id = 2;
	cell.cpus[0] = 0x8;
	cell.mem[0].phys_start += 2 * MIB;
	assert_int_equal(create(tb, &cell), 0);
	assert_int_equal(start(tb, 2), 0);
	assert_int_equal(comm_of(tb, 2)->flags, JAILHOUSE_COMM_FLAG_DBG_PUTC_ACTIVE);
}

static void test_restart_keeps_memory(void **state)
{
	struct testbed *tb = *state;
	struct image *image = &tb->image;
	struct config cell;
	u64 value;

	testbed_start(tb);
	cell_config(&cell, "one", 1, 0x2);
	hosted_set_program(tb->hw, 1, image_run, image);
	assert_int_equal(create(tb, &cell), 0);
	/* Never loaded: zero, and allowed. */
	assert_int_equal(start(tb, 1), 0);
	wait_for(&image->left, 1);
	assert_int_equal(image->found, 0);
	assert_int_equal(start(tb, 1), 0);
	wait_for(&image->left, 2);
	memcpy(&value, hosted_ram(tb->hw, INMATE_START + 8, 8), 8);
	assert_int_equal(value, 0x5ec2e7);
	/* Back to the loader and on without loading */
	assert_int_equal(set_loadable(tb, 1), 0);
	assert_true(linux_load(tb, 0, INMATE_START + 8, 8, &value));
	assert_int_equal(value, 0x5ec2e7);
	assert_int_equal(start(tb, 1), 0);
	wait_for(&image->left, 3);
	memcpy(&value, hosted_ram(tb->hw, INMATE_START + 8, 8), 8);
	assert_int_equal(value, 0x5ec2e7);
	wait_for(&cell_by_id(tb->m, 1)->arch.starts, 3);
}

static void test_running_cell_is_interrupted(void **state)
{
	struct testbed *tb = *state;
	struct inmate *inmate = &tb->inmates[0];
	struct config cell;
	u32 rounds;

	inmate->on_shutdown = JAILHOUSE_MSG_REQUEST_APPROVED;
	testbed_start(tb);
	cell_config(&cell, "one", 1, 0x6);
	hosted_set_program(tb->hw, 1, inmate_run, inmate);
	hosted_set_program(tb->hw, 2, inmate_run, inmate);
	assert_int_equal(create(tb, &cell), 0);
	assert_int_equal(start(tb, 1), 0);
	assert_alive(inmate);
	/* Started again although it runs */
	assert_int_equal(start(tb, 1), 0);
	assert_alive(inmate);
	wait_for(&cell_by_id(tb->m, 1)->arch.starts, 4);
	assert_int_equal(set_loadable(tb, 1), 0);
	assert_true(hosted_wait_state(tb->hw, 1, HOSTED_PARKED, 10000));
	assert_true(hosted_wait_state(tb->hw, 2, HOSTED_PARKED, 10000));
	rounds = inmate->rounds;
	assert_int_equal(comm_of(tb, 1)->cell_state, JAILHOUSE_CELL_SHUT_DOWN);
	usleep(2000);
	assert_int_equal(inmate->rounds, rounds);
	assert_int_equal(start(tb, 1), 0);
	assert_alive(inmate);
	assert_int_equal(destroy(tb, 1), 0);
}

static void test_two_cells(void **state)
{
	struct testbed *tb = *state;
	struct snapshot before;
	struct config cell;

	testbed_start(tb);
	take_snapshot(tb, &before);
	tb->inmates[0].on_shutdown = JAILHOUSE_MSG_REQUEST_APPROVED;
	tb->inmates[1].on_shutdown = JAILHOUSE_MSG_REQUEST_APPROVED;
	hosted_set_program(tb->hw, 1, inmate_run, &tb->inmates[0]);
	hosted_set_program(tb->hw, 3, inmate_run, &tb->inmates[1]);
	cell_config(&cell, "one", 1, 0x2);
	assert_int_equal(create(tb, &cell), 0);
	assert_int_equal(start(tb, 1), 0);
	cell_config(&cell, "two", 2, 0x8);
	assert_int_equal(create(tb, &cell), 0);
	assert_int_equal(start(tb, 2), 0);
	assert_int_equal(hosted_call(tb->hw, 0, JAILHOUSE_HC_HYPERVISOR_GET_INFO, JAILHOUSE_INFO_NUM_CELLS, 0), 3);
	assert_alive(&tb->inmates[0]);
	assert_alive(&tb->inmates[1]);
	/* Each is told that the other came. */
	wait_for(&tb->inmates[0].info_seen, 1);
	assert_int_equal(destroy(tb, 1), 0);
	wait_for(&tb->inmates[1].info_seen, 1);
	assert_alive(&tb->inmates[1]);
	assert_int_equal(tb->inmates[1].shutdown_seen, 0);
	/* What the first one had can be given away again at once. */
	cell_config(&cell, "three", 3, 0x2);
	cell.mem[0].phys_start = INMATE_START;
	assert_int_equal(create(tb, &cell), 0);
	assert_int_equal(destroy(tb, 2), 0);
	assert_int_equal(destroy(tb, 3), 0);
	assert_true(hosted_online(tb->hw, 0, 1));
	assert_true(hosted_online(tb->hw, 2, 3));
	assert_unchanged(tb, &before);
}

static void test_fifty_lives(void **state)
{
	struct testbed *tb = *state;
	struct inmate *inmate = &tb->inmates[0];
	struct snapshot before;
	struct config cell;

	inmate->on_shutdown = JAILHOUSE_MSG_REQUEST_APPROVED;
	testbed_start(tb);
	take_snapshot(tb, &before);
	hosted_set_program(tb->hw, 1, inmate_run, inmate);
	cell_config(&cell, "one", 1, 0x2);
	for (unsigned int n = 0; n < 50; n++) {
		assert_int_equal(create(tb, &cell), 0);
		assert_int_equal(set_loadable(tb, 1), 0);
		assert_int_equal(start(tb, 1), 0);
		assert_alive(inmate);
		assert_int_equal(destroy(tb, 1), 0);
		assert_true(hosted_online(tb->hw, 0, 1));
		assert_unchanged(tb, &before);
	}
}

static void test_unknown_cells(void **state)
{
	static const unsigned long codes[] = {
		JAILHOUSE_HC_CELL_START, JAILHOUSE_HC_CELL_SET_LOADABLE, JAILHOUSE_HC_CELL_DESTROY
	};
	struct testbed *tb = *state;
	struct snapshot before;

	testbed_start(tb);
	take_snapshot(tb, &before);
	for (unsigned int n = 0; n < ARRAY_LEN(codes); n++) {
		assert_int_equal(manage(tb, codes[n], 5), -ENOENT);
		assert_reason(tb, CELL_UNKNOWN, JAILHOUSE_ITEM_CELL, 5);
		assert_int_equal(manage(tb, codes[n], 0), -EINVAL);
		assert_reason(tb, CELL_IS_ROOT, JAILHOUSE_ITEM_CELL, 0);
		assert_unchanged(tb, &before);
	}
}

/* A small cell takes one page for itself and its configuration, a large one as many as it needs. */
static void test_pages_of_a_cell(void **state)
{
	const unsigned int stream_ids = 2 * PAGE_SIZE / sizeof(union jailhouse_stream_id);
	struct testbed *tb = *state;
	struct jailhouse_cell_desc *head;
	struct snapshot before;
	struct config config;
	struct cell *cell;
	u32 small;

	testbed_start(tb);
	take_snapshot(tb, &before);
	cell_config(&config, "small", 1, 0x2);
	assert_int_equal(create(tb, &config), 0);
	cell = cell_by_id(tb->m, 1);
	assert_int_equal(cell->pages, 1);
	small = cell->config_size;
	assert_true(range_contains((u64)cell, PAGE_SIZE, (u64)cell->config, small));
	assert_int_equal(destroy(tb, 1), 0);
	assert_true(hosted_online(tb->hw, 0, 1));
	assert_unchanged(tb, &before);

	cell_config(&config, "large", 1, 0x2);
	put_config(tb, &config);
	head = hosted_ram(tb->hw, CONFIG_ADDRESS, sizeof(*head));
	head->num_stream_ids = stream_ids;
	memset((u8 *)head + small, 0x5a, 2 * PAGE_SIZE);
	assert_int_equal(manage(tb, JAILHOUSE_HC_CELL_CREATE, CONFIG_ADDRESS), 0);
	cell = cell_by_id(tb->m, 1);
	assert_int_equal(cell->pages, 3);
	assert_memory_equal(cell->config, head, cell->config_size);
	assert_int_equal(start(tb, 1), 0);
	comm_of(tb, 1)->cell_state = JAILHOUSE_CELL_FAILED;
	assert_int_equal(destroy(tb, 1), 0);
	assert_true(hosted_online(tb->hw, 0, 1));
	assert_unchanged(tb, &before);
}

/* ---- how long the root cell stands still ---- */

static int slow_init(struct cell *cell)
{
	if (!cell_is_root(cell))
		hosted_skip_time(3ULL * cell->machine->tsc_khz);
	return 0;
}

static void test_stop_time_of_the_root(void **state)
{
	const struct jailhouse_info *info;
	struct testbed *tb = *state;
	struct config cell;
	u64 longest;

	tb->setup.first.cell_init = slow_init;
	testbed_start(tb);
	info = hosted_info(tb->hw);
	assert_int_equal(info->stop_last, 0);
	assert_int_equal(info->stop_max, 0);
	cell_config(&cell, "one", 1, 0x2);
	assert_int_equal(create(tb, &cell), 0);
	/* in ticks: three milliseconds of its clock, and what the rest took */
	assert_true(info->stop_last > 3ULL * info->tsc_khz);
	assert_int_equal(info->stop_max, info->stop_last);
	longest = info->stop_max;

	/* Nothing is taken away, so nobody has to stand still. */
	assert_int_equal(start(tb, 1), 0);
	assert_int_equal(info->stop_last, 0);
	assert_int_equal(start(tb, 7), -ENOENT);
	assert_int_equal(info->stop_last, 0);
	assert_int_equal(info->stop_max, longest);

	comm_of(tb, 1)->cell_state = JAILHOUSE_CELL_FAILED;
	assert_int_equal(destroy(tb, 1), 0);
	assert_true(info->stop_last > 0);
	assert_int_equal(info->stop_max, MAX(longest, info->stop_last));
}

/* One of 64 bits is not the cell that its lower half names. */
static void test_ids_that_no_cell_can_have(void **state)
{
	static const unsigned long codes[] = { JAILHOUSE_HC_CELL_START, JAILHOUSE_HC_CELL_SET_LOADABLE,
					       JAILHOUSE_HC_CELL_DESTROY };
	static const unsigned long ids[] = { 0x100000001, 0x8000000000000001, 0xffffffff00000001, 0x100000000 };
	struct testbed *tb = *state;
	struct snapshot before;
	struct config cell;

	testbed_start(tb);
	cell_config(&cell, "one", 1, 0x2);
	assert_int_equal(create(tb, &cell), 0);
	take_snapshot(tb, &before);
	for (unsigned int n = 0; n < ARRAY_LEN(codes); n++)
		for (unsigned int i = 0; i < ARRAY_LEN(ids); i++) {
			assert_int_equal(manage(tb, codes[n], ids[i]), -ENOENT);
			assert_reason(tb, CELL_UNKNOWN, JAILHOUSE_ITEM_NONE, 0);
			assert_unchanged(tb, &before);
		}
}

/* ---- who continues a request ---- */

/* While its CPU is slow, a cell that comes or goes does not get on with zeroing its memory. */
static void slow_cpu_1(struct testbed *tb, bool slow)
{
	__atomic_store_n(&hosted_faults(tb->hw)->slow_memory, slow ? 0x2 : 0, __ATOMIC_SEQ_CST);
}

static void wait_for_scrub(struct testbed *tb, u32 id)
{
	struct cell *cell = cell_by_id(tb->m, id);

	for (unsigned int n = 0; n < 100000 && __atomic_load_n(&cell->scrub.active, __ATOMIC_SEQ_CST); n++)
		usleep(100);
	assert_false(__atomic_load_n(&cell->scrub.active, __ATOMIC_SEQ_CST));
}

static void expect_busy(struct testbed *tb, u32 id)
{
	const struct jailhouse_info *info = hosted_info(tb->hw);

	assert_int_equal(info->progress_phase, JAILHOUSE_PHASE_SCRUB);
	assert_int_equal(info->progress_cell, id);
	assert_int_equal(info->progress_total, MIB);
	assert_int_equal(info->progress_done, 0);
	assert_int_equal(manage_once(tb, JAILHOUSE_HC_CELL_START, id), -EBUSY);
	assert_reason(tb, CELL_BUSY, JAILHOUSE_ITEM_CELL, id);
	assert_int_equal(manage_once(tb, JAILHOUSE_HC_CELL_CREATE, LINUX_START), -EBUSY);
	assert_reason(tb, CELL_BUSY, JAILHOUSE_ITEM_CELL, id);
	assert_int_equal(manage_once(tb, JAILHOUSE_HC_CELL_DESTROY, id + 1), -EBUSY);
	/* Nobody else has to wait. */
	for (unsigned int cpu = 2; cpu < 4; cpu++)
		assert_linux_reads(tb, cpu, LINUX_START);
}

static void create_job(struct hosted_cpu *cpu, void *arg)
{
	*(long *)arg = vm_call(cpu, JAILHOUSE_HC_CELL_CREATE, CONFIG_ADDRESS, 0);
}

/* Another CPU is in the middle of a request: nobody waits for it inside the hypervisor. */
static void test_two_requests_at_once(void **state)
{
	static long result;
	struct testbed *tb = *state;
	struct config cell;

	testbed_start(tb);
	cell_config(&cell, "one", 1, 0x2);
	put_config(tb, &cell);
	__atomic_store_n(&hosted_faults(tb->hw)->slow_memory, 0x4, __ATOMIC_SEQ_CST);
	assert_true(hosted_begin(tb->hw, 2, create_job, &result));
	for (unsigned int n = 0; n < 100000 && !__atomic_load_n(&tb->m->request.busy, __ATOMIC_SEQ_CST); n++)
		usleep(100);
	assert_int_equal(manage_once(tb, JAILHOUSE_HC_CELL_CREATE, CONFIG_ADDRESS), -EAGAIN);
	assert_int_equal(manage_once(tb, JAILHOUSE_HC_CELL_DESTROY, 7), -EAGAIN);
	__atomic_store_n(&hosted_faults(tb->hw)->slow_memory, 0, __ATOMIC_SEQ_CST);
	assert_true(hosted_finish(tb->hw, 2));
	if (result == -EAGAIN)
		result = manage(tb, JAILHOUSE_HC_CELL_CREATE, CONFIG_ADDRESS);
	assert_int_equal(result, 0);
	assert_int_equal(tb->m->num_cells, 2);
}

static void test_other_requests_wait_for_create(void **state)
{
	struct testbed *tb = *state;
	struct config cell;

	testbed_start(tb);
	cell_config(&cell, "one", 1, 0x2);
	put_config(tb, &cell);
	slow_cpu_1(tb, true);
	for (unsigned int n = 0; n < 3; n++)
		assert_int_equal(manage_once(tb, JAILHOUSE_HC_CELL_CREATE, CONFIG_ADDRESS), -EAGAIN);
	expect_busy(tb, 1);
	assert_int_equal(manage_once(tb, JAILHOUSE_HC_CELL_CREATE, CONFIG_ADDRESS), -EAGAIN);
	slow_cpu_1(tb, false);
	assert_int_equal(manage(tb, JAILHOUSE_HC_CELL_CREATE, CONFIG_ADDRESS), 0);
	assert_int_equal(hosted_info(tb->hw)->progress_phase, JAILHOUSE_PHASE_IDLE);
	assert_int_equal(hosted_info(tb->hw)->progress_done, MIB);
	assert_int_equal(start(tb, 1), 0);
}

static void test_other_requests_wait_for_destroy(void **state)
{
	struct testbed *tb = *state;
	struct config cell;

	testbed_start(tb);
	cell_config(&cell, "one", 1, 0x2);
	assert_int_equal(create(tb, &cell), 0);
	slow_cpu_1(tb, true);
	assert_int_equal(manage_once(tb, JAILHOUSE_HC_CELL_DESTROY, 1), -EAGAIN);
	expect_busy(tb, 1);
	/* Not before it is empty */
	assert_int_equal(paging_lookup(&tb->m->root.stage2, INMATE_START, NULL), PAGING_INVALID_PHYS);
	slow_cpu_1(tb, false);
	assert_int_equal(destroy(tb, 1), 0);
	assert_linux_reads(tb, 0, INMATE_START);
}

/* The caller was killed: what it began is finished by whoever comes next. */
static void test_abandoned_create(void **state)
{
	struct testbed *tb = *state;
	struct config cell;

	testbed_start(tb);
	cell_config(&cell, "one", 1, 0x2);
	put_config(tb, &cell);
	slow_cpu_1(tb, true);
	assert_int_equal(manage_once(tb, JAILHOUSE_HC_CELL_CREATE, CONFIG_ADDRESS), -EAGAIN);
	slow_cpu_1(tb, false);
	wait_for_scrub(tb, 1);
	assert_int_equal(start(tb, 1), 0);
	assert_printed(tb, "Created cell \"one\"\n");
}

/* The next caller has its configuration where that of the one that was killed lay. */
static void test_another_create_at_the_same_address(void **state)
{
	struct testbed *tb = *state;
	struct config one, two;

	testbed_start(tb);
	cell_config(&one, "one", 1, 0x2);
	put_config(tb, &one);
	slow_cpu_1(tb, true);
	assert_int_equal(manage_once(tb, JAILHOUSE_HC_CELL_CREATE, CONFIG_ADDRESS), -EAGAIN);
	cell_config(&two, "two", 2, 0x4);
	two.mem[0].phys_start += MIB;
	put_config(tb, &two);
	assert_int_equal(manage_once(tb, JAILHOUSE_HC_CELL_CREATE, CONFIG_ADDRESS), -EBUSY);
	assert_reason(tb, CELL_BUSY, JAILHOUSE_ITEM_CELL, 1);
	/* The last byte counts like the first. */
	two = one;
	two.mem[1].flags ^= JAILHOUSE_MEM_NO_HUGEPAGES;
	put_config(tb, &two);
	assert_int_equal(manage_once(tb, JAILHOUSE_HC_CELL_CREATE, CONFIG_ADDRESS), -EBUSY);
	put_config(tb, &one);
	assert_int_equal(manage_once(tb, JAILHOUSE_HC_CELL_CREATE, CONFIG_ADDRESS), -EAGAIN);

	cell_config(&two, "two", 2, 0x4);
	two.mem[0].phys_start += MIB;
	put_config(tb, &two);
	slow_cpu_1(tb, false);
	wait_for_scrub(tb, 1);
	assert_int_equal(manage(tb, JAILHOUSE_HC_CELL_CREATE, CONFIG_ADDRESS), 0);
	assert_int_equal(tb->m->num_cells, 3);
	assert_string_equal(cell_by_id(tb->m, 1)->config->name, "one");
	assert_string_equal(cell_by_id(tb->m, 2)->config->name, "two");
	assert_int_equal(start(tb, 1), 0);
	assert_int_equal(start(tb, 2), 0);
}

/* A careless one, in memory that is the cell's as soon as it has been read. */
static void test_create_from_memory_of_the_cell(void **state)
{
	struct testbed *tb = *state;
	struct config cell;

	testbed_start(tb);
	cell_config(&cell, "one", 1, 0x2);
	write_cell(&cell, hosted_ram(tb->hw, INMATE_START, MAX_BLOB));
	slow_cpu_1(tb, true);
	for (unsigned int n = 0; n < 3; n++)
		assert_int_equal(manage_once(tb, JAILHOUSE_HC_CELL_CREATE, INMATE_START), -EAGAIN);
	slow_cpu_1(tb, false);
	assert_int_equal(manage(tb, JAILHOUSE_HC_CELL_CREATE, INMATE_START), 0);
	assert_int_equal(start(tb, 1), 0);
}

static void test_abandoned_destroy(void **state)
{
	struct testbed *tb = *state;
	struct snapshot before;
	struct config cell;

	testbed_start(tb);
	take_snapshot(tb, &before);
	cell_config(&cell, "one", 1, 0x2);
	assert_int_equal(create(tb, &cell), 0);
	slow_cpu_1(tb, true);
	assert_int_equal(manage_once(tb, JAILHOUSE_HC_CELL_DESTROY, 1), -EAGAIN);
	slow_cpu_1(tb, false);
	wait_for_scrub(tb, 1);
	assert_int_equal(start(tb, 1), -ENOENT);
	assert_reason(tb, CELL_UNKNOWN, JAILHOUSE_ITEM_CELL, 1);
	assert_true(hosted_online(tb->hw, 0, 1));
	assert_unchanged(tb, &before);
}

static void test_request_is_continued_on_any_cpu(void **state)
{
	struct testbed *tb = *state;
	struct config cell;
	long result = -EAGAIN;

	testbed_start(tb);
	cell_config(&cell, "one", 1, 0x2);
	put_config(tb, &cell);
	for (unsigned int n = 0; n < 100000 && result == -EAGAIN; n++)
		result = hosted_call(tb->hw, n % 2 ? 2 : 3, JAILHOUSE_HC_CELL_CREATE, CONFIG_ADDRESS, 0);
	assert_int_equal(result, 0);
	assert_int_equal(tb->m->num_cells, 2);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, testbed_setup, testbed_teardown)
	const struct CMUnitTest tests[] = {
		TEST(whole_life),
		TEST(communication_region),
		TEST(restart_keeps_memory),
		TEST(running_cell_is_interrupted),
		TEST(two_cells),
		TEST(fifty_lives),
		TEST(unknown_cells),
		TEST(request_is_continued_on_any_cpu),
		TEST(two_requests_at_once),
		TEST(pages_of_a_cell),
		TEST(stop_time_of_the_root),
		TEST(ids_that_no_cell_can_have),
		TEST(other_requests_wait_for_create),
		TEST(other_requests_wait_for_destroy),
		TEST(abandoned_create),
		TEST(another_create_at_the_same_address),
		TEST(create_from_memory_of_the_cell),
		TEST(abandoned_destroy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
