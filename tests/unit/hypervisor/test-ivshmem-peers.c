// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Links: doorbells and states between peers, and what happens to them when peers come and go. */
#include <pthread.h>
#include <unistd.h>
#include <hypervisor/arch/cpu.h>
#include <hypervisor/arch/memory.h>
#include "ivshmem-bed.h"

#define VECTORS  2
#define PEERS    3
#define MAX_ENDS JAILHOUSE_IVSHMEM_MAX_PEERS

/* Peer n runs on CPU n; 0 is Linux. */
struct bed {
	struct testbed *tb;
	struct end ends[MAX_ENDS];
};

/* As everything that cells use, it lives as long as the machine. */
static struct bed bed;

static void start_link(void **state, unsigned int count, unsigned int peers, unsigned int vectors)
{
	bed.tb = *state;
	ivshmem_root(bed.tb, peers, vectors);
	testbed_start(bed.tb);
	end_init(bed.tb, &bed.ends[0], 0, true);
	for (unsigned int id = 1; id < count; id++)
		start_peer(bed.tb, &bed.ends[id], id, peers, vectors);
	for (unsigned int id = 0; id < count; id++)
		end_open(&bed.ends[id], vectors);
}

static void set_state(struct end *end, u32 state)
{
	assert_true(reg_write(end, JAILHOUSE_IVSHMEM_REG_STATE, state));
}

static void ring(struct end *end, unsigned int target, unsigned int vector)
{
	assert_true(reg_write(end, JAILHOUSE_IVSHMEM_REG_DOORBELL,
			      JAILHOUSE_IVSHMEM_DOORBELL(target, vector)));
}

static void enable(struct end *end, u32 value)
{
	assert_true(reg_write(end, JAILHOUSE_IVSHMEM_REG_INT_CTRL, value));
}

/* ---- doorbells ---- */

static void test_doorbells(void **state)
{

	start_link(state, 2, PEERS, VECTORS);
	ring(&bed.ends[0], 1, 1);
	assert_raised(bed.tb, 1, 1, VECTOR + 1);
	/* No such vector, peer, or peer at this time */
	ring(&bed.ends[0], 1, VECTORS);
	ring(&bed.ends[0], 1, 0xffff);
	ring(&bed.ends[0], 2, 0);
	ring(&bed.ends[0], 12, 0);
	ring(&bed.ends[0], 0xffff, 0);
	assert_raised(bed.tb, 1, 0, 0);
	/* Itself */
	ring(&bed.ends[1], 1, 0);
	assert_raised(bed.tb, 1, 1, VECTOR);
	/* Not enabled: lost */
	enable(&bed.ends[1], 0);
	ring(&bed.ends[0], 1, 0);
	enable(&bed.ends[1], 1);
	assert_raised(bed.tb, 1, 0, 0);
	for (unsigned int n = 0; n < 5; n++)
		ring(&bed.ends[0], 1, 0);
	assert_raised(bed.tb, 1, 5, VECTOR);
	assert_raised(bed.tb, 0, 0, 0);
}

static void test_one_shot(void **state)
{

	start_link(state, 2, PEERS, VECTORS);
	assert_true(config_write(&bed.ends[1], JAILHOUSE_IVSHMEM_CFG_PRIV_CNTL, 1, 1));
	for (unsigned int n = 0; n < 5; n++)
		ring(&bed.ends[0], 1, 1);
	assert_raised(bed.tb, 1, 1, VECTOR + 1);
	assert_int_equal(reg_read(&bed.ends[1], JAILHOUSE_IVSHMEM_REG_INT_CTRL), 0);
	enable(&bed.ends[1], 1);
	assert_raised(bed.tb, 1, 0, 0);
	/* A change of state counts as well, and a doorbell without a message. */
	set_state(&bed.ends[0], 1);
	ring(&bed.ends[0], 1, 1);
	assert_raised(bed.tb, 1, 1, VECTOR);
	enable(&bed.ends[1], 1);
	set_vector(&bed.ends[1], 0, MSI(1), VECTOR, 1);
	ring(&bed.ends[0], 1, 0);
	assert_raised(bed.tb, 1, 0, 0);
	assert_int_equal(reg_read(&bed.ends[1], JAILHOUSE_IVSHMEM_REG_INT_CTRL), 0);
}

static void test_intx(void **state)
{
	struct testbed *tb = *state;
	static struct end root, cell;
	struct config config;

	tb->setup.architecture = JAILHOUSE_ARM64;
	ivshmem_root(tb, PEERS, 0);
	tb->root.system.architecture = tb->root.cell.architecture = JAILHOUSE_ARM64;
	tb->root.cell.vpci_irq_base = 100;
	testbed_start(tb);
	ivshmem_cell(&config, 1, PEERS, 0);
	config.cell.architecture = JAILHOUSE_ARM64;
	config.cell.vpci_irq_base = 20;
	config.cell.num_irqchips = 1;
	config.chips[0].address = IRQCHIP;
	config.chips[0].pin_base = 32;
	config.chips[0].pin_bitmap[0] = 1U << 20;
	tb->root.cell.num_irqchips = 0;
	assert_int_equal(create(tb, &config), 0);
	end_init(tb, &root, 0, true);
	end_init(tb, &cell, 1, false);
	restart_peer(tb, 1);
	end_open(&root, 0);
	end_open(&cell, 0);
	ring(&root, 1, 0);
	assert_raised(tb, 1, 1, 32 + 20);
	ring(&root, 1, 1);
	assert_raised(tb, 1, 0, 0);
	assert_true(config_write(&cell, 0x04, 2, CMD_MEMORY | CMD_INTX_OFF));
	ring(&root, 1, 0);
	assert_raised(tb, 1, 0, 0);
	assert_true(config_write(&cell, 0x04, 2, CMD_MEMORY));
	ring(&root, 1, 0);
	assert_raised(tb, 1, 1, 32 + 20);
	/* The root's configuration does not list its own: nothing comes, and nobody else is hit. */
	ring(&cell, 0, 0);
	assert_raised(tb, 0, 0, 0);
}

/* ---- states ---- */

static void test_states(void **state)
{

	start_link(state, 3, PEERS, VECTORS);
	set_state(&bed.ends[1], 5);
	assert_int_equal(table_entry(bed.tb, 1), 5);
	assert_int_equal(table_entry(bed.tb, 0) | table_entry(bed.tb, 2), 0);
	assert_raised(bed.tb, 0, 1, VECTOR);
	assert_raised(bed.tb, 2, 1, VECTOR);
	assert_raised(bed.tb, 1, 0, 0);
	/* No news */
	set_state(&bed.ends[1], 5);
	assert_raised(bed.tb, 0, 0, 0);
	enable(&bed.ends[2], 0);
	set_state(&bed.ends[1], 6);
	assert_raised(bed.tb, 2, 0, 0);
	assert_raised(bed.tb, 0, 1, VECTOR);
	assert_int_equal(table_entry(bed.tb, 1), 6);
}

static u64 now_ms(void)
{
	return arch_time() / 1000000;
}

/* An interrupt each so many milliseconds at most, as this machine counts time. */
static void start_slow(void **state, unsigned int count, u32 ms)
{
	struct testbed *tb = *state;

	tb->setup.tsc_khz = ms * 10000000;
	start_link(state, count, PEERS, VECTORS);
}

static void test_changes_of_state_are_limited(void **state)
{
	u64 start;

	start_slow(state, 2, 100);
	skip_ms(bed.tb, 1);
	start = now_ms();
	set_state(&bed.ends[1], 1);
	assert_raised(bed.tb, 0, 1, VECTOR);
	for (u32 n = 2; n <= 6; n++)
		set_state(&bed.ends[1], n);
	/* Whoever writes too often has waited for each. */
	assert_true(now_ms() - start >= 490);
	assert_raised(bed.tb, 0, 5, VECTOR);
	assert_int_equal(table_entry(bed.tb, 1), 6);
	/* Nobody waits for a peer that hears nothing, nor for doorbells. */
	enable(&bed.ends[0], 0);
	start = now_ms();
	for (u32 n = 10; n < 1000; n++)
		set_state(&bed.ends[1], n);
	for (unsigned int n = 0; n < 100; n++)
		ring(&bed.ends[0], 1, 0);
	assert_true(now_ms() - start < 50000);
	assert_raised(bed.tb, 0, 0, 0);
}

/* Two that change at a time make one interrupt, which comes behind both. */
static void test_changes_of_state_are_joined(void **state)
{
	u64 start;

	start_slow(state, 3, 400);
	enable(&bed.ends[2], 0);
	enable(&bed.ends[1], 0);
	skip_ms(bed.tb, 1);
	set_state(&bed.ends[1], 1);
	assert_raised(bed.tb, 0, 1, VECTOR);
	reg_write_begin(&bed.ends[1], JAILHOUSE_IVSHMEM_REG_STATE, 2);
	while (table_entry(bed.tb, 1) != 2)
		usleep(100);
	usleep(20000);
	start = now_ms();
	set_state(&bed.ends[2], 7);
	/* It did not have to wait, since somebody else does. */
	assert_true(now_ms() - start < 300);
	assert_raised(bed.tb, 0, 0, 0);
	assert_true(end_wait(&bed.ends[1]));
	assert_raised(bed.tb, 0, 1, VECTOR);
	assert_int_equal(table_entry(bed.tb, 2), 7);
}

/* While somebody waits to tell it, the peer goes, and comes again. */
static void test_peer_goes_while_news_wait(void **state)
{
	u64 start;

	start_slow(state, 3, 400);
	enable(&bed.ends[0], 0);
	skip_ms(bed.tb, 1);
	start = now_ms();
	set_state(&bed.ends[1], 1);
	assert_raised(bed.tb, 2, 1, VECTOR);
	reg_write_begin(&bed.ends[1], JAILHOUSE_IVSHMEM_REG_STATE, 2);
	while (table_entry(bed.tb, 1) != 2)
		usleep(100);
	assert_int_equal(destroy(bed.tb, 2), 0);
	/* A host that took longer than the limit has let it be told before. */
	if (now_ms() - start >= 400)
		return;
	assert_true(end_wait(&bed.ends[1]));
	assert_raised(bed.tb, 2, 0, 0);
	start_peer(bed.tb, &bed.ends[2], 2, PEERS, VECTORS);
	end_open(&bed.ends[2], VECTORS);
	skip_ms(bed.tb, 1);
	set_state(&bed.ends[1], 3);
	assert_raised(bed.tb, 2, 1, VECTOR);
}

/* ---- peers come and go ---- */

static void fill(struct testbed *tb)
{
	memset(hosted_ram(tb->hw, SHMEM, SHMEM_SIZE), 0xaa, SHMEM_SIZE);
}

static bool is_filled(struct testbed *tb, u64 phys, u8 value)
{
	const u8 *memory = hosted_ram(tb->hw, phys, SECTION);

	for (u64 n = 0; n < SECTION; n++)
		if (memory[n] != value)
			return false;
	return true;
}

static void test_memory_is_zeroed_at_enable(void **state)
{
	struct testbed *tb = *state;

	ivshmem_root(tb, PEERS, VECTORS);
	testbed_build(tb);
	fill(tb);
	assert_int_equal(testbed_enable(tb), 0);
	for (u64 n = 0; n < PEERS + 2; n++)
		assert_true(is_filled(tb, SHMEM + n * SECTION, 0));
	assert_true(is_filled(tb, SHMEM + (PEERS + 2) * SECTION, 0xaa));
}

static void *enable_job(void *arg)
{
	struct testbed *tb = arg;

	return (void *)(intptr_t)testbed_enable(tb);
}

static bool becomes_true(bool (*condition)(struct testbed *tb), struct testbed *tb)
{
	for (unsigned int n = 0; n < 30000 && !condition(tb); n++)
		usleep(100);
	return condition(tb);
}

static bool zeroing_has_begun(struct testbed *tb)
{
	return __atomic_load_n(&tb->m->root.scrub.active, __ATOMIC_SEQ_CST);
}

/* All but what the slow CPU may have taken */
static bool others_are_done(struct testbed *tb)
{
	return __atomic_load_n(&tb->m->root.scrub.done, __ATOMIC_SEQ_CST) >=
	       (1 + PEERS) * SECTION + SHMEM_SIZE - ARCH_TEMP_PAGES * PAGE_SIZE;
}

/*
 * The CPU that acts for all at enable gets stuck when zeroing begins, so the others have to do it.
 * What holds it before is that its memory is slow, then that somebody else has the work in his
 * hands.
 */
static void test_cpus_share_the_zeroing_at_enable(void **state)
{
	struct testbed *tb = *state;
	struct jailhouse_memory *common;
	struct hosted_faults *faults;
	pthread_t thread;
	void *result;
	bool shared;

	bed.tb = tb;
	ivshmem_root(tb, PEERS, VECTORS);
	/* A large common section, in front of the others */
	common = &tb->root.mem[tb->root.cell.num_memory_regions - PEERS - 1];
	common->phys_start = common->virt_start = SHMEM - SHMEM_SIZE;
	common->size = SHMEM_SIZE;
	tb->root.mem[ROOT_INMATE].size -= SHMEM_SIZE;
	testbed_build(tb);
	faults = hosted_faults(tb->hw);
	__atomic_store_n(&faults->slow_memory, ~0U, __ATOMIC_SEQ_CST);
	assert_int_equal(pthread_create(&thread, NULL, enable_job, tb), 0);
	await_text(tb, "Initializing processors:");
	spin_lock(&tb->m->root.scrub.lock);
	__atomic_store_n(&faults->slow_memory, 0, __ATOMIC_SEQ_CST);
	assert_true(becomes_true(zeroing_has_begun, tb));
	__atomic_store_n(&faults->slow_memory, 1U << tb->m->request.holder->id, __ATOMIC_SEQ_CST);
	spin_unlock(&tb->m->root.scrub.lock);
	shared = becomes_true(others_are_done, tb);
	__atomic_store_n(&faults->slow_memory, 0, __ATOMIC_SEQ_CST);
	pthread_join(thread, &result);
	assert_true(shared);
	assert_int_equal((intptr_t)result, 0);
	assert_false(zeroing_has_begun(tb));
}

/* Of a link that the root cell has, a cell zeroes its own section; at each start. */
static void test_own_section_is_zeroed_at_start(void **state)
{
	struct testbed *tb = *state;
	struct config cell;
	static struct end end;

	ivshmem_root(tb, PEERS, VECTORS);
	testbed_start(tb);
	fill(tb);
	ivshmem_cell(&cell, 1, PEERS, VECTORS);
	end_init(tb, &end, 1, false);
	assert_int_equal(create(tb, &cell), 0);
	assert_true(is_filled(tb, OUTPUT(1), 0));
	for (unsigned int n = 0; n < 3; n++) {
		fill(tb);
		restart_peer(tb, 1);
		assert_true(is_filled(tb, OUTPUT(1), 0));
		assert_true(is_filled(tb, OUTPUT(0), 0xaa));
		assert_true(is_filled(tb, OUTPUT(2), 0xaa));
		assert_true(is_filled(tb, SHMEM + SECTION, 0xaa));
	}
	/* What it has said stays when it goes. */
	fill(tb);
	assert_int_equal(destroy(tb, 1), 0);
	assert_true(is_filled(tb, OUTPUT(1), 0xaa));
	assert_int_equal(table_entry(tb, 1), 0);
}

/* Of one that it has not, the first that comes zeroes everything, and only the first. */
static void test_first_peer_zeroes_the_link(void **state)
{
	struct testbed *tb = *state;
	struct config cell;
	static struct end first, second;

	ivshmem_root(tb, PEERS, VECTORS);
	tb->root.pci[0].bdf = LINK + 8;
	testbed_start(tb);
	fill(tb);
	ivshmem_cell(&cell, 1, PEERS, VECTORS);
	assert_int_equal(create(tb, &cell), 0);
	for (u64 n = 0; n < PEERS + 2; n++)
		assert_true(is_filled(tb, SHMEM + n * SECTION, 0));
	fill(tb);
	start_peer(tb, &second, 2, PEERS, VECTORS);
	end_init(tb, &first, 1, false);
	restart_peer(tb, 1);
	assert_true(is_filled(tb, OUTPUT(1), 0) && is_filled(tb, OUTPUT(2), 0));
	assert_true(is_filled(tb, OUTPUT(0), 0xaa) && is_filled(tb, SHMEM + SECTION, 0xaa));
}

static void test_memory_is_left_alone_if_asked(void **state)
{
	struct testbed *tb = *state;
	struct config cell;

	ivshmem_root(tb, PEERS, VECTORS);
	tb->root.pci[0].bdf = LINK + 8;
	testbed_start(tb);
	fill(tb);
	ivshmem_cell(&cell, 1, PEERS, VECTORS);
	cell.cell.flags |= JAILHOUSE_CELL_NO_SCRUB;
	assert_int_equal(create(tb, &cell), 0);
	assert_true(is_filled(tb, SHMEM, 0));
	assert_true(is_filled(tb, OUTPUT(1), 0xaa) && is_filled(tb, SHMEM + SECTION, 0xaa));
}

static void test_messages_of_joining(void **state)
{
	struct testbed *tb = *state;
	static struct end end[2];

	ivshmem_root(tb, PEERS, VECTORS);
	testbed_start(tb);
	assert_printed(tb, "Adding virtual PCI device 00:04.0 to cell \"root\"\n");
	start_peer(tb, &end[0], 1, PEERS, VECTORS);
	assert_printed(tb, "Adding virtual PCI device 00:04.0 to cell \"peer-b\"\n"
			   "Shared memory connection established, peer cells:\n \"root\"\n");
	start_peer(tb, &end[1], 2, PEERS, VECTORS);
	assert_printed(
		tb, "Shared memory connection established, peer cells:\n \"root\"\n \"peer-b\"\n");
}

static void test_restart_of_a_peer(void **state)
{

	start_link(state, 3, PEERS, VECTORS);
	assert_true(config_write(&bed.ends[1], JAILHOUSE_IVSHMEM_CFG_PRIV_CNTL, 1, 1));
	set_state(&bed.ends[1], 4);
	assert_raised(bed.tb, 0, 1, VECTOR);
	assert_raised(bed.tb, 2, 1, VECTOR);
	/* Pending when it is started again */
	ring(&bed.ends[0], 1, 1);
	restart_peer(bed.tb, 1);
	assert_int_equal(hosted_take_interrupt(bed.tb->hw, 1), -1);
	raised(bed.tb, 1);
	assert_int_equal(table_entry(bed.tb, 1), 0);
	assert_raised(bed.tb, 0, 1, VECTOR);
	assert_raised(bed.tb, 2, 1, VECTOR);
	ring(&bed.ends[0], 1, 1);
	assert_raised(bed.tb, 1, 0, 0);
	assert_int_equal(config_read(&bed.ends[1], 0x04, 2) | config_read(&bed.ends[1], 0x10, 4),
			 0);
	assert_int_equal(config_read(&bed.ends[1], 0x43, 1), 0);
	assert_int_equal(config_read(&bed.ends[1], 0x60, 4), 0x00010011);
	/* As after its first start */
	end_open(&bed.ends[1], VECTORS);
	assert_int_equal(reg_read(&bed.ends[1], JAILHOUSE_IVSHMEM_REG_STATE), 0);
	ring(&bed.ends[0], 1, 1);
	assert_raised(bed.tb, 1, 1, VECTOR + 1);
	/* And without a start */
	set_state(&bed.ends[1], 4);
	assert_raised(bed.tb, 0, 1, VECTOR);
	assert_int_equal(set_loadable(bed.tb, 1), 0);
	assert_int_equal(table_entry(bed.tb, 1), 0);
	assert_raised(bed.tb, 0, 1, VECTOR);
	ring(&bed.ends[0], 1, 1);
	assert_raised(bed.tb, 1, 0, 0);
}

static void test_end_of_a_peer(void **state)
{

	start_link(state, 3, PEERS, VECTORS);
	set_state(&bed.ends[1], 4);
	raised(bed.tb, 0);
	hosted_take_interrupt(bed.tb->hw, 0);
	assert_int_equal(destroy(bed.tb, 1), 0);
	assert_int_equal(table_entry(bed.tb, 1), 0);
	assert_raised(bed.tb, 0, 1, VECTOR);
	ring(&bed.ends[0], 1, 0);
	ring(&bed.ends[2], 1, 0);
	assert_raised(bed.tb, 1, 0, 0);
	/* The others have each other still. */
	ring(&bed.ends[0], 2, 1);
	raised(bed.tb, 2);
	assert_int_equal(destroy(bed.tb, 2), 0);
	assert_raised(bed.tb, 0, 0, 0);
	start_peer(bed.tb, &bed.ends[2], 2, PEERS, VECTORS);
	end_open(&bed.ends[2], VECTORS);
	ring(&bed.ends[2], 0, 1);
	assert_raised(bed.tb, 0, 1, VECTOR + 1);
}

/* Nobody has to notice and destroy it. */
static void test_crash_of_a_peer(void **state)
{
	u64 value = 0;

	start_link(state, 3, PEERS, VECTORS);
	set_state(&bed.ends[1], 4);
	assert_raised(bed.tb, 0, 1, VECTOR);
	assert_raised(bed.tb, 2, 1, VECTOR);
	assert_false(end_do(&bed.ends[1], OP_STORE, 0xdead0000, 4, &value));
	assert_true(hosted_wait_idle(bed.tb->hw, 1, 10000));
	assert_int_equal(hosted_cpu_state(bed.tb->hw, 1), HOSTED_PARKED);
	assert_int_equal(table_entry(bed.tb, 1), 0);
	assert_raised(bed.tb, 0, 1, VECTOR);
	assert_raised(bed.tb, 2, 1, VECTOR);
	ring(&bed.ends[0], 1, 1);
	assert_raised(bed.tb, 1, 0, 0);
	restart_peer(bed.tb, 1);
	end_open(&bed.ends[1], VECTORS);
	ring(&bed.ends[0], 1, 1);
	assert_raised(bed.tb, 1, 1, VECTOR + 1);
}

static void test_second_enable(void **state)
{

	start_link(state, 1, PEERS, VECTORS);
	set_state(&bed.ends[0], 3);
	assert_int_equal(hosted_disable(bed.tb->hw), 0);
	assert_int_equal(table_entry(bed.tb, 0), 0);
	fill(bed.tb);
	assert_int_equal(testbed_enable(bed.tb), 0);
	assert_int_equal(table_entry(bed.tb, 0), 0);
	assert_int_equal(config_read(&bed.ends[0], 0x10, 4), 0);
	end_open(&bed.ends[0], VECTORS);
	ring(&bed.ends[0], 0, 1);
	assert_int_equal(hosted_take_interrupt(bed.tb->hw, 0), VECTOR + 1);
}

static void test_twelve_peers(void **state)
{
	struct testbed *tb = *state;

	tb->setup.cpus = MAX_ENDS;
	tb->root.cpus[0] = 0xff;
	tb->root.cpus[1] = 0x0f;
	start_link(state, MAX_ENDS, MAX_ENDS, VECTORS);
	for (unsigned int from = 0; from < MAX_ENDS; from++)
		for (unsigned int to = 0; to < MAX_ENDS; to++) {
			ring(&bed.ends[from], to, (from + to) % VECTORS);
			assert_raised(tb, to, 1, (int)(VECTOR + (from + to) % VECTORS));
		}
	set_state(&bed.ends[7], 70);
	for (unsigned int to = 0; to < MAX_ENDS; to++)
		assert_raised(tb, to, to != 7, VECTOR);
	for (unsigned int id = 0; id < MAX_ENDS; id++)
		assert_int_equal(table_entry(tb, id), id == 7 ? 70 : 0);
}

static void test_same_peer_twice(void **state)
{
	struct testbed *tb = *state;
	struct config cell;
	static struct end end;

	ivshmem_root(tb, PEERS, VECTORS);
	testbed_start(tb);
	start_peer(tb, &end, 1, PEERS, VECTORS);
	ivshmem_cell(&cell, 2, PEERS, VECTORS);
	cell.pci[0].shmem_dev_id = 0;
	assert_int_equal(create(tb, &cell), -EBUSY);
	assert_reason(tb, IVSHMEM_USED, JAILHOUSE_ITEM_PCI_DEVICE, 0);
	cell.pci[0].shmem_dev_id = 1;
	assert_int_equal(create(tb, &cell), -EBUSY);
	assert_reason(tb, IVSHMEM_USED, JAILHOUSE_ITEM_PCI_DEVICE, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, testbed_setup, testbed_teardown)
	const struct CMUnitTest tests[] = {
		TEST(doorbells),
		TEST(one_shot),
		TEST(intx),
		TEST(states),
		TEST(changes_of_state_are_limited),
		TEST(changes_of_state_are_joined),
		TEST(peer_goes_while_news_wait),
		TEST(memory_is_zeroed_at_enable),
		TEST(cpus_share_the_zeroing_at_enable),
		TEST(own_section_is_zeroed_at_start),
		TEST(first_peer_zeroes_the_link),
		TEST(memory_is_left_alone_if_asked),
		TEST(messages_of_joining),
		TEST(restart_of_a_peer),
		TEST(end_of_a_peer),
		TEST(crash_of_a_peer),
		TEST(second_enable),
		TEST(twelve_peers),
		TEST(same_peer_twice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
