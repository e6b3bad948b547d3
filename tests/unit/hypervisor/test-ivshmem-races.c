// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Links while several CPUs do something at the same time: doorbells, windows that move, cells that come and go. */
#include <unistd.h>
#include <hypervisor/arch/cpu.h>
#include "ivshmem-bed.h"

#define VECTORS 2
#define PEERS	3

/* As everything that cells use, it lives as long as the machine. */
static struct {
	struct testbed *tb;
	struct end root, cell;
} bed;

/* One more link of the root cell, in memory of its own: that of a link is zeroed by several CPUs. */
static void add_other_link(struct testbed *tb)
{
	unsigned int first = tb->root.cell.num_memory_regions;

	add_link(&tb->root, LINK + 8, 0, PEERS, VECTORS);
	for (unsigned int n = first; n < tb->root.cell.num_memory_regions; n++) {
		tb->root.mem[n].phys_start += SHMEM_SIZE / 2;
		tb->root.mem[n].virt_start += SHMEM_SIZE / 2;
	}
}

struct flood {
	u32 stop; /* atomic */
	u64 address;
	u32 value;
};

static void flood_job(struct hosted_cpu *cpu, void *arg)
{
	struct flood *flood = arg;

	while (!__atomic_load_n(&flood->stop, __ATOMIC_RELAXED))
		vm_store(cpu, flood->address, 4, flood->value);
}

/* Doorbells of two CPUs while the peer comes and goes. The order in which things are freed is what is tested. */
static void test_doorbells_while_peers_come_and_go(void **state)
{
	static struct flood flood = { .address = BAR0 + JAILHOUSE_IVSHMEM_REG_DOORBELL };

	flood.value = JAILHOUSE_IVSHMEM_DOORBELL(1, 0);
	bed.tb = *state;
	ivshmem_root(bed.tb, PEERS, VECTORS);
	testbed_start(bed.tb);
	end_init(bed.tb, &bed.root, 0, true);
	end_open(&bed.root, VECTORS);
	assert_true(hosted_begin(bed.tb->hw, 2, flood_job, &flood));
	assert_true(hosted_begin(bed.tb->hw, 3, flood_job, &flood));
	for (unsigned int n = 0; n < 30; n++) {
		start_peer(bed.tb, &bed.cell, 1, PEERS, VECTORS);
		end_open(&bed.cell, VECTORS);
		assert_int_equal(hosted_take_interrupt(bed.tb->hw, 0), -1);
		assert_int_equal(destroy(bed.tb, 1), 0);
		/* Nothing comes any more for the CPU's new owner. */
		hosted_take_interrupt(bed.tb->hw, 1);
		raised(bed.tb, 1);
		usleep(100);
		assert_raised(bed.tb, 1, 0, 0);
	}
	__atomic_store_n(&flood.stop, 1, __ATOMIC_RELAXED);
	assert_true(hosted_finish(bed.tb->hw, 2));
	assert_true(hosted_finish(bed.tb->hw, 3));
}

/* Another window of the cell appears and goes below this one, again and again. */
static void test_registers_while_windows_move(void **state)
{
	static struct flood flood = { .address = BAR0 + JAILHOUSE_IVSHMEM_REG_INT_CTRL, .value = 1 };
	struct testbed *tb = *state;
	static struct end root, other;

	ivshmem_root(tb, PEERS, VECTORS);
	add_other_link(tb);
	testbed_start(tb);
	end_init(tb, &root, 0, true);
	end_init(tb, &other, 0, true);
	other.bdf = LINK + 8;
	other.bar0 = BAR0 - 0x10000;
	other.bar1 = BAR0 - 0x8000;
	end_open(&root, VECTORS);
	end_open(&other, VECTORS);
	assert_true(hosted_begin(tb->hw, 2, flood_job, &flood));
	assert_true(hosted_begin(tb->hw, 3, flood_job, &flood));
	for (unsigned int n = 0; n < 2000; n++)
		assert_true(config_write(&other, 0x04, 2, n % 2 ? CMD_MEMORY : 0));
	__atomic_store_n(&flood.stop, 1, __ATOMIC_RELAXED);
	assert_true(hosted_finish(tb->hw, 2));
	assert_true(hosted_finish(tb->hw, 3));
}

struct mover {
	struct end end;
	u32 stop; /* atomic */
};

/* Registers in ever new places, all under a region of the root cell */
static void move_job(struct hosted_cpu *cpu, void *arg)
{
	struct mover *mover = arg;

	for (u32 n = 0; n < 100 || !__atomic_load_n(&mover->stop, __ATOMIC_RELAXED); n++) {
		vm_pci_write(cpu, mover->end.bdf, 0x04, 2, 0);
		vm_pci_write(cpu, mover->end.bdf, 0x10, 4, (u32)mover->end.bar0 + n % 512 * PAGE_SIZE);
		vm_pci_write(cpu, mover->end.bdf, 0x04, 2, CMD_MEMORY);
	}
}

/* Two CPUs want to change the root cell's memory on their own, and a third by requests: each stops all others. */
static void test_windows_move_while_cells_come_and_go(void **state)
{
	static struct mover movers[2];
	struct testbed *tb = *state;
	struct config cell;

	ivshmem_root(tb, PEERS, VECTORS);
	add_other_link(tb);
	add_mem(&tb->root, BAR0, BAR0, 6 * MIB, MEM_RW | JAILHOUSE_MEM_IO);
	testbed_start(tb);
	memset(movers, 0, sizeof(movers));
	for (unsigned int n = 0; n < 2; n++) {
		end_init(tb, &movers[n].end, 2 + n, true);
		movers[n].end.bdf = (u16)(LINK + 8 * n);
		movers[n].end.bar0 = BAR0 + n * 2 * MIB;
		assert_true(hosted_begin(tb->hw, 2 + n, move_job, &movers[n]));
	}
	ivshmem_cell(&cell, 1, PEERS, VECTORS);
	for (unsigned int n = 0; n < 30; n++) {
		assert_int_equal(create(tb, &cell), 0);
		assert_int_equal(destroy(tb, 1), 0);
	}
	for (unsigned int n = 0; n < 2; n++) {
		__atomic_store_n(&movers[n].stop, 1, __ATOMIC_RELAXED);
		assert_true(hosted_finish(tb->hw, 2 + n));
		for (u64 page = 0; page < 100; page++)
			assert_int_equal(paging_lookup(&tb->m->root.stage2, movers[n].end.bar0 + page * PAGE_SIZE,
						       NULL),
					 PAGING_INVALID_PHYS);
	}
	assert_int_equal(paging_lookup(&tb->m->root.stage2, BAR0 + 4 * MIB, NULL), BAR0 + 4 * MIB);
}

/* A CPU that waits for its turn stops as any other if it has to. */
static void test_request_is_waited_for(void **state)
{
	static struct mover mover;
	struct testbed *tb = *state;

	ivshmem_root(tb, PEERS, VECTORS);
	add_mem(&tb->root, BAR0, BAR0, 4 * MIB, MEM_RW | JAILHOUSE_MEM_IO);
	testbed_start(tb);
	memset(&mover, 0, sizeof(mover));
	end_init(tb, &mover.end, 1, true);
	/* As if a request were under way on CPU 0 */
	assert_true(request_wait(machine_cpu(tb->m, 0)));
	mover.stop = 1;
	assert_true(hosted_begin(tb->hw, 1, move_job, &mover));
	usleep(2000);
	assert_int_equal(paging_lookup(&tb->m->root.stage2, BAR0, NULL), BAR0);
	assert_true(cpus_stop_root(machine_cpu(tb->m, 0)));
	cpus_release_root(machine_cpu(tb->m, 0), 0);
	usleep(2000);
	assert_int_equal(paging_lookup(&tb->m->root.stage2, BAR0, NULL), BAR0);
	request_leave(&tb->m->request);
	assert_true(hosted_finish(tb->hw, 1));
	assert_int_equal(paging_lookup(&tb->m->root.stage2, BAR0, NULL), PAGING_INVALID_PHYS);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, testbed_setup, testbed_teardown)
	const struct CMUnitTest tests[] = {
		TEST(doorbells_while_peers_come_and_go),
		TEST(registers_while_windows_move),
		TEST(windows_move_while_cells_come_and_go),
		TEST(request_is_waited_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
