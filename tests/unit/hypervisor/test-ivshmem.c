// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The IVSHMEM device as one guest sees it: configuration space, windows, registers, messages. */
#include "ivshmem-bed.h"

#define VECTORS 4
#define PEERS	3

/* Linux at one end of the link, with a cell at the other. */
struct two {
	struct testbed *tb;
	struct end root, cell;
};

/* As everything that cells use, it lives as long as the machine. */
static struct two two;

static void start_two(void **state, unsigned int vectors)
{
	two.tb = *state;
	ivshmem_root(two.tb, PEERS, vectors);
	testbed_start(two.tb);
	end_init(two.tb, &two.root, 0, true);
	start_peer(two.tb, &two.cell, 1, PEERS, vectors);
}

/* The cell goes on after a violation. */
static void restart(void)
{
	restart_peer(two.tb, 1);
}

/* ---- configuration space ---- */

static void test_configuration_after_reset(void **state)
{
	static const u32 words[] = {
		0x4106110a, 0x00100000, 0xff000000, 0, 0, 0, 0, 0, 0, 0, 0, 0x4106110a, 0, 0x40, 0, 0,
		0x00206009, SECTION, SECTION, 0, SECTION, 0, SHMEM, 0,
		0x00030011, 0x00000001, 0x00000101, 0, 0, 0, 0, 0,
	};

	start_two(state, VECTORS);
	for (u16 reg = 0; reg < 0x80; reg += 4) {
		assert_int_equal(config_read(&two.cell, reg, 4), words[reg / 4]);
		assert_int_equal(config_read(&two.root, reg, 4), words[reg / 4]);
		for (u16 n = 0; n < 4; n++)
			assert_int_equal(config_read(&two.cell, reg + n, 1), words[reg / 4] >> 8 * n & 0xff);
		for (u16 n = 0; n < 4; n += 2)
			assert_int_equal(config_read(&two.cell, reg + n, 2), words[reg / 4] >> 8 * n & 0xffff);
	}
	assert_int_equal(config_read(&two.cell, 0x80, 4), ~0U);
	assert_int_equal(config_read(&two.cell, 0xffc, 2), 0xffff);
	two.cell.bdf = LINK + 8;
	assert_int_equal(config_read(&two.cell, 0, 4), ~0U);
}

static void test_configuration_with_intx(void **state)
{

	start_two(state, 0);
	assert_int_equal(config_read(&two.cell, 0x3c, 4), 0x0100);
	assert_int_equal(config_read(&two.cell, 0x40, 4), 0x00200009);
	for (u16 reg = 0x60; reg < 0x80; reg += 4)
		assert_int_equal(config_read(&two.cell, reg, 4), 0);
	assert_true(config_write(&two.cell, 0x62, 2, 0xc000));
	assert_int_equal(config_read(&two.cell, 0x60, 4), 0);
	assert_true(config_write(&two.cell, 0x14, 4, ~0U));
	assert_int_equal(config_read(&two.cell, 0x14, 4), 0);
}

static void test_protocol_and_sizes_are_those_of_the_configuration(void **state)
{
	struct testbed *tb = *state;
	static struct end root;

	ivshmem_root(tb, 2, 1);
	tb->root.pci[0].shmem_protocol = JAILHOUSE_SHMEM_PROTO_VETH;
	tb->root.mem[tb->root.pci[0].shmem_regions_start + 1].size = 0;
	tb->root.mem[tb->root.pci[0].shmem_regions_start].virt_start = 0x812345000;
	tb->root.mem[tb->root.pci[0].shmem_regions_start].phys_start = 0x812345000;
	testbed_start(tb);
	end_init(tb, &root, 0, true);
	assert_int_equal(config_read(&root, 0x08, 4), 0xff000100);
	assert_int_equal(config_read(&root, 0x48, 4), 0);
	assert_int_equal(config_read(&root, 0x58, 4), 0x12345000);
	assert_int_equal(config_read(&root, 0x5c, 4), 0x8);
	assert_int_equal(config_read(&root, 0x62, 2), 0);
}

static void test_what_can_be_written(void **state)
{

	start_two(state, VECTORS);
	assert_true(config_write(&two.cell, 0x04, 4, ~0U));
	assert_int_equal(config_read(&two.cell, 0x04, 4), 0x00100406);
	assert_true(config_write(&two.cell, 0x05, 1, 0));
	assert_int_equal(config_read(&two.cell, 0x04, 2), 0x0006);
	assert_true(config_write(&two.cell, 0x04, 2, 0));
	assert_true(config_write(&two.cell, 0x0c, 4, ~0U));
	assert_true(config_write(&two.cell, 0x30, 4, ~0U));
	assert_true(config_write(&two.cell, 0x3c, 1, 0xff));
	assert_int_equal(config_read(&two.cell, 0x0c, 4) | config_read(&two.cell, 0x30, 4) |
				 config_read(&two.cell, 0x3c, 4),
			 0);
	for (u16 reg = 0x40; reg < 0x80; reg += 4)
		assert_true(config_write(&two.cell, reg, 4, ~0U));
	assert_int_equal(config_read(&two.cell, 0x40, 4), 0x01206009);
	assert_int_equal(config_read(&two.cell, 0x44, 4), SECTION);
	assert_int_equal(config_read(&two.cell, 0x60, 4), 0xc0030011);
	assert_int_equal(config_read(&two.cell, 0x64, 4), 0x00000001);
	assert_int_equal(config_read(&two.cell, 0x70, 4), 0);
	assert_true(config_write(&two.cell, 0x43, 1, 0));
	assert_true(config_write(&two.cell, 0x63, 1, 0x80));
	assert_int_equal(config_read(&two.cell, 0x40, 4), 0x00206009);
	assert_int_equal(config_read(&two.cell, 0x60, 4), 0x80030011);
}

static void test_what_must_not_be_written(void **state)
{
	static const struct {
		u16 reg;
		u8 size;
	} bad[] = { { 0x00, 4 }, { 0x03, 1 }, { 0x08, 4 }, { 0x0b, 1 }, { 0x28, 4 }, { 0x2c, 2 }, { 0x34, 1 },
		    { 0x38, 4 }, { 0x3c, 2 }, { 0x3d, 1 }, { 0x3e, 2 }, { 0x80, 1 }, { 0xffc, 4 } };

	start_two(state, VECTORS);
	for (unsigned int n = 0; n < ARRAY_LEN(bad); n++) {
		assert_false(config_write(&two.cell, bad[n].reg, bad[n].size, 0));
		assert_violation(two.tb, 1, PCI_ACCESS);
		restart();
	}
}

static void test_bars_can_be_sized(void **state)
{
	struct testbed *tb = *state;
	static struct end root;

	ivshmem_root(tb, PEERS, VECTORS);
	tb->root.pci[0].bar_mask[0] = tb->root.pci[0].bar_mask[1] = 0xffff0000;
	testbed_start(tb);
	end_init(tb, &root, 0, true);
	for (u16 reg = 0x10; reg < 0x28; reg += 4) {
		assert_true(config_write(&root, reg, 4, ~0U));
		assert_int_equal(config_read(&root, reg, 4), reg <= 0x14 ? 0xffff0000 : 0);
	}
	assert_true(config_write(&root, 0x12, 1, 0x12));
	assert_int_equal(config_read(&root, 0x10, 4), 0xff120000);
	assert_true(config_write(&root, 0x12, 2, 0xabcd));
	assert_int_equal(config_read(&root, 0x10, 4), 0xabcd0000);
}

/* ---- windows ---- */

static bool has_registers(struct end *end, u64 address)
{
	u64 value = 0;

	return end_do(end, OP_LOAD, address + JAILHOUSE_IVSHMEM_REG_MAX_PEERS, 4, &value) && value == PEERS;
}

static void test_windows_are_there_while_decoded(void **state)
{

	start_two(state, VECTORS);
	assert_true(config_write(&two.cell, 0x10, 4, BAR0));
	assert_false(has_registers(&two.cell, BAR0));
	assert_violation(two.tb, 1, MEM_ACCESS);
	restart();
	end_open(&two.cell, 0);
	assert_true(has_registers(&two.cell, BAR0));
	/* What is written now counts from the next time on. */
	assert_true(config_write(&two.cell, 0x10, 4, BAR0 + 0x5000));
	assert_true(config_write(&two.cell, 0x04, 2, CMD_MEMORY));
	assert_true(has_registers(&two.cell, BAR0));
	assert_true(config_write(&two.cell, 0x04, 2, 0));
	assert_true(config_write(&two.cell, 0x04, 2, CMD_MEMORY));
	assert_true(has_registers(&two.cell, BAR0 + 0x5000));
	assert_false(has_registers(&two.cell, BAR0));
	restart();
	/* A reset takes them away. */
	assert_int_equal(config_read(&two.cell, 0x10, 4), 0);
	assert_false(has_registers(&two.cell, BAR0 + 0x5000));
}

static void test_windows_of_64_kib(void **state)
{
	struct testbed *tb = *state;
	static struct end root;
	u64 value = 0;

	ivshmem_root(tb, PEERS, VECTORS);
	tb->root.pci[0].bar_mask[0] = tb->root.pci[0].bar_mask[1] = 0xffff0000;
	testbed_start(tb);
	end_init(tb, &root, 0, true);
	end_open(&root, VECTORS);
	assert_true(has_registers(&root, BAR0));
	value = 1;
	assert_true(end_do(&root, OP_LOAD, BAR0 + 0xfffc, 4, &value));
	assert_int_equal(value, 0);
	/* Of the other BAR, only the table is decoded. */
	assert_true(end_do(&root, OP_LOAD, BAR1 + 0x1fc, 4, &value));
	assert_false(end_do(&root, OP_LOAD, BAR1 + 0x200, 4, &value));
}

static void test_memory_and_other_windows_come_first(void **state)
{
	u64 value = 0x12345678;

	start_two(state, VECTORS);
	/* The registers where RAM is, the table where the registers would be next. */
	two.cell.bar0 = 0;
	assert_true(config_write(&two.cell, 0x10, 4, 0));
	assert_true(config_write(&two.cell, 0x14, 4, BAR1));
	assert_true(config_write(&two.cell, 0x04, 2, CMD_MEMORY));
	assert_true(end_do(&two.cell, OP_STORE, 0x10, 4, &value));
	assert_int_equal(table_entry(two.tb, 1), 0);
	assert_true(config_write(&two.cell, 0x04, 2, 0));
	assert_true(config_write(&two.cell, 0x10, 4, BAR1));
	assert_true(config_write(&two.cell, 0x04, 2, CMD_MEMORY));
	assert_int_equal(config_read(&two.cell, 0x04, 2), CMD_MEMORY);
	assert_true(has_registers(&two.cell, BAR1));
	assert_true(config_write(&two.cell, 0x04, 2, 0));
	assert_false(has_registers(&two.cell, BAR1));
}

/* The whole window of the host bridge is the root cell's: where Linux puts the registers, it gives way. */
static void test_region_of_devices_gives_way(void **state)
{
	static struct end second;
	const u64 edges[] = { BAR0 - PAGE_SIZE, BAR0 + PAGE_SIZE, BAR1 - PAGE_SIZE, BAR1 + PAGE_SIZE };

	two.tb = *state;
	ivshmem_root(two.tb, PEERS, VECTORS);
	add_mem(&two.tb->root, BAR0 - PAGE_SIZE, BAR0 - PAGE_SIZE, 4 * MIB, MEM_RW | JAILHOUSE_MEM_IO);
	testbed_start(two.tb);
	end_init(two.tb, &two.root, 0, true);
	end_init(two.tb, &second, 2, true);
	end_open(&two.root, VECTORS);
	assert_true(has_registers(&two.root, BAR0));
	assert_true(has_registers(&second, BAR0));
	assert_int_equal(paging_lookup(&two.tb->m->root.stage2, BAR1, NULL), PAGING_INVALID_PHYS);
	for (unsigned int n = 0; n < ARRAY_LEN(edges); n++)
		assert_int_equal(paging_lookup(&two.tb->m->root.stage2, edges[n], NULL), edges[n]);
	/* And where they come to lie later. */
	assert_true(config_write(&two.root, 0x04, 2, 0));
	assert_true(config_write(&two.root, 0x10, 4, BAR0 + 2 * MIB));
	assert_true(config_write(&two.root, 0x04, 2, CMD_MEMORY));
	assert_true(has_registers(&second, BAR0 + 2 * MIB));
}

static void test_ram_does_not_give_way(void **state)
{
	two.tb = *state;
	ivshmem_root(two.tb, PEERS, VECTORS);
	testbed_start(two.tb);
	end_init(two.tb, &two.root, 0, true);
	assert_true(config_write(&two.root, 0x10, 4, LINUX_START));
	assert_true(config_write(&two.root, 0x04, 2, CMD_MEMORY));
	assert_int_equal(paging_lookup(&two.tb->m->root.stage2, LINUX_START, NULL), LINUX_START);
	assert_printed(two.tb, "WARNING: memory of cell \"root\" hides registers of PCI device 00:04.0\n");
}

static void test_no_memory_to_give_way(void **state)
{
	two.tb = *state;
	ivshmem_root(two.tb, PEERS, VECTORS);
	add_mem(&two.tb->root, BAR0 - 2 * MIB, BAR0 - 2 * MIB, 4 * MIB, MEM_RW | JAILHOUSE_MEM_IO);
	testbed_start(two.tb);
	end_init(two.tb, &two.root, 0, true);
	two.tb->m->pool.fail_at = 1;
	assert_true(config_write(&two.root, 0x10, 4, BAR0 + PAGE_SIZE));
	assert_true(config_write(&two.root, 0x04, 2, CMD_MEMORY));
	two.tb->m->pool.fail_at = 0;
	assert_printed(two.tb, "hides registers of PCI device 00:04.0\n");
	/* Next time there is some. */
	assert_true(config_write(&two.root, 0x04, 2, 0));
	assert_true(config_write(&two.root, 0x04, 2, CMD_MEMORY));
	assert_true(has_registers(&two.root, BAR0 + PAGE_SIZE));
}

/* ---- registers ---- */

static void test_registers(void **state)
{
	u64 value;

	start_two(state, VECTORS);
	end_open(&two.cell, 0);
	assert_int_equal(reg_read(&two.cell, 0x00), 1);
	assert_int_equal(reg_read(&two.cell, 0x04), PEERS);
	assert_int_equal(reg_read(&two.cell, 0x08), 1);
	assert_true(reg_write(&two.cell, 0x00, 7));
	assert_true(reg_write(&two.cell, 0x04, 7));
	assert_true(reg_write(&two.cell, 0x08, 0xfffffffe));
	assert_int_equal(reg_read(&two.cell, 0x00), 1);
	assert_int_equal(reg_read(&two.cell, 0x04), PEERS);
	assert_int_equal(reg_read(&two.cell, 0x08), 0);
	assert_true(reg_write(&two.cell, 0x08, ~0U));
	assert_int_equal(reg_read(&two.cell, 0x08), 1);
	assert_int_equal(reg_read(&two.cell, 0x0c), 0);
	assert_true(reg_write(&two.cell, 0x10, 0xdeadbeef));
	assert_int_equal(reg_read(&two.cell, 0x10), 0xdeadbeef);
	assert_int_equal(table_entry(two.tb, 1), 0xdeadbeef);
	for (u32 reg = 0x14; reg < 0x1000; reg += 4) {
		value = ~0ULL;
		assert_true(reg_write(&two.cell, reg, ~0U));
		assert_int_equal(reg_read(&two.cell, reg), 0);
	}
	/* Of other widths and alignments, none does harm. */
	for (unsigned int size = 1; size <= 8; size *= 2)
		for (u64 reg = 0; reg < 0x18; reg++) {
			value = ~0ULL;
			assert_true(end_do(&two.cell, OP_STORE, BAR0 + reg, size, &value));
			assert_true(end_do(&two.cell, OP_LOAD, BAR0 + reg, size, &value));
		}
}

/* ---- messages ---- */

static void ring(struct end *end, unsigned int target, unsigned int vector)
{
	assert_true(reg_write(end, JAILHOUSE_IVSHMEM_REG_DOORBELL, JAILHOUSE_IVSHMEM_DOORBELL(target, vector)));
}

static void test_messages_come_where_they_should(void **state)
{

	start_two(state, VECTORS);
	end_open(&two.root, VECTORS);
	end_open(&two.cell, VECTORS);
	for (unsigned int n = 0; n < VECTORS; n++) {
		ring(&two.root, 1, n);
		assert_raised(two.tb, 1, 1, (int)(VECTOR + n));
	}
	set_vector(&two.root, 2, MSI(3), 0x99, 0);
	ring(&two.cell, 0, 2);
	assert_raised(two.tb, 3, 1, 0x99);
	assert_raised(two.tb, 0, 0, 0);
}

static void test_what_keeps_messages_back(void **state)
{

	start_two(state, VECTORS);
	end_open(&two.root, VECTORS);
	end_open(&two.cell, VECTORS);
	assert_true(config_write(&two.cell, 0x04, 2, CMD_MEMORY));
	ring(&two.root, 1, 0);
	assert_raised(two.tb, 1, 0, 0);
	assert_true(config_write(&two.cell, 0x04, 2, CMD_MEMORY | CMD_MASTER));
	assert_true(config_write(&two.cell, 0x62, 2, 0xc000));
	ring(&two.root, 1, 0);
	assert_raised(two.tb, 1, 0, 0);
	assert_true(config_write(&two.cell, 0x62, 2, 0));
	ring(&two.root, 1, 0);
	assert_raised(two.tb, 1, 0, 0);
	assert_true(config_write(&two.cell, 0x62, 2, 0x8000));
	set_vector(&two.cell, 0, MSI(1), VECTOR, 1);
	ring(&two.root, 1, 0);
	assert_raised(two.tb, 1, 0, 0);
	ring(&two.root, 1, 1);
	assert_raised(two.tb, 1, 1, VECTOR + 1);
	set_vector(&two.cell, 0, MSI(1), VECTOR, 0);
	ring(&two.root, 1, 0);
	assert_raised(two.tb, 1, 1, VECTOR);
	set_vector(&two.cell, 0, MSI(1), 0, 0);
	ring(&two.root, 1, 0);
	assert_raised(two.tb, 1, 0, 0);
	/* Not what it was before: events are not kept. */
	assert_true(reg_write(&two.cell, JAILHOUSE_IVSHMEM_REG_INT_CTRL, 0));
	ring(&two.root, 1, 1);
	assert_true(reg_write(&two.cell, JAILHOUSE_IVSHMEM_REG_INT_CTRL, 1));
	assert_raised(two.tb, 1, 0, 0);
}

static void test_message_to_another_cell(void **state)
{
	u64 value = MSI(2);

	start_two(state, VECTORS);
	end_open(&two.cell, VECTORS);
	assert_false(end_do(&two.cell, OP_STORE, BAR1, 4, &value));
	assert_violation(two.tb, 1, MSI_TARGET);
	assert_printed(two.tb, "FATAL: ivshmem MSI-X target outside of cell \"peer-b\" device 00:04.0\n");
	restart();
	/* As long as it is masked, it may be anything. */
	end_open(&two.cell, VECTORS);
	assert_true(config_write(&two.cell, 0x62, 2, 0));
	set_vector(&two.cell, 1, MSI(0), VECTOR, 0);
	assert_false(config_write(&two.cell, 0x62, 2, 0x8000));
	assert_violation(two.tb, 1, MSI_TARGET);
}

/* Linux goes on, without that interrupt, and gets it when the CPU is its own again. */
static void test_message_of_linux_to_a_cell(void **state)
{

	start_two(state, VECTORS);
	end_open(&two.root, VECTORS);
	end_open(&two.cell, VECTORS);
	set_vector(&two.root, 1, MSI(1), 0x77, 0);
	assert_printed(two.tb, "WARNING: ivshmem MSI-X target outside of cell \"root\" device 00:04.0\n");
	ring(&two.cell, 0, 1);
	assert_raised(two.tb, 0, 0, 0);
	assert_raised(two.tb, 1, 0, 0);
	assert_int_equal(destroy(two.tb, 1), 0);
	assert_true(reg_write(&two.root, JAILHOUSE_IVSHMEM_REG_INT_CTRL, 1));
	ring(&two.root, 0, 1);
	assert_raised(two.tb, 1, 1, 0x77);
}

/* A message that was good when it was written, to a CPU that has got another owner since. */
static void test_cpu_of_a_message_leaves(void **state)
{
	struct testbed *tb = *state;
	static struct end root, cell;

	ivshmem_root(tb, PEERS, VECTORS);
	testbed_start(tb);
	end_init(tb, &root, 0, true);
	end_open(&root, VECTORS);
	set_vector(&root, 0, MSI(1), 0x55, 0);
	ring(&root, 0, 0);
	assert_raised(tb, 1, 1, 0x55);
	start_peer(tb, &cell, 1, PEERS, VECTORS);
	ring(&root, 0, 0);
	assert_raised(tb, 1, 0, 0);
	assert_int_equal(destroy(tb, 1), 0);
	ring(&root, 0, 0);
	assert_raised(tb, 1, 1, 0x55);
}

static void test_table_of_messages(void **state)
{
	u64 value;

	start_two(state, VECTORS);
	end_open(&two.cell, 0);
	for (u64 offset = 0; offset < VECTORS * 16; offset += 4) {
		value = 0;
		assert_true(end_do(&two.cell, OP_LOAD, BAR1 + offset, 4, &value));
		assert_int_equal(value, offset % 16 == 12);
		value = ~0U;
		assert_true(end_do(&two.cell, OP_STORE, BAR1 + offset, 4, &value));
		assert_true(end_do(&two.cell, OP_LOAD, BAR1 + offset, 4, &value));
		assert_int_equal(value, offset % 16 == 12 ? 1 : ~0U);
	}
	for (u64 offset = 0x100; offset < 0x200; offset += 4) {
		assert_true(end_do(&two.cell, OP_LOAD, BAR1 + offset, 4, &value));
		assert_int_equal(value, 0);
	}
}

static void test_bad_accesses_to_the_table(void **state)
{
	static const struct {
		u16 offset;
		u8 size;
		bool write;
	} bad[] = { { VECTORS * 16, 4, false }, { VECTORS * 16, 4, true }, { 0xfc, 4, false }, { 0x100, 4, true },
		    { 0x1fc, 4, true }, { 2, 4, false }, { 1, 1, false }, { 4, 2, false }, { 0, 8, true } };
	u64 value = 0;

	start_two(state, VECTORS);
	for (unsigned int n = 0; n < ARRAY_LEN(bad); n++) {
		end_open(&two.cell, 0);
		assert_false(end_do(&two.cell, bad[n].write ? OP_STORE : OP_LOAD, BAR1 + bad[n].offset, bad[n].size,
				    &value));
		assert_violation(two.tb, 1, MSIX_ACCESS);
		assert_printed(two.tb, "FATAL: Invalid PCI MSI-X table/PBA access, device 00:04.0\n");
		restart();
	}
}

/* ---- configurations ---- */

static void test_refused_configurations(void **state)
{
	struct testbed *tb = *state;
	struct snapshot before;
	struct config cell;
	struct jailhouse_pci_device *dev = &cell.pci[0];

#define refused(name, item, index, change)                             \
	do {                                                           \
		ivshmem_cell(&cell, 1, PEERS, VECTORS);                \
		change;                                                \
		assert_int_equal(create(tb, &cell), -EINVAL);          \
		assert_reason(tb, name, JAILHOUSE_ITEM_##item, index); \
		assert_unchanged(tb, &before);                         \
	} while (0)
	ivshmem_root(tb, PEERS, VECTORS);
	testbed_start(tb);
	take_snapshot(tb, &before);
	refused(IVSHMEM_BAR, PCI_DEVICE, 0, dev->bar_mask[0] = 0);
	refused(IVSHMEM_BAR, PCI_DEVICE, 0, dev->bar_mask[0] = 0xffffff00);
	refused(IVSHMEM_BAR, PCI_DEVICE, 0, dev->bar_mask[0] = 0xfffe1000);
	refused(IVSHMEM_BAR, PCI_DEVICE, 0, dev->bar_mask[1] = 0);
	refused(IVSHMEM_BAR, PCI_DEVICE, 0, dev->bar_mask[2] = 0xfffff000);
	refused(IVSHMEM_SECTION, MEM_REGION, 2, cell.mem[2].size = 0);
	refused(IVSHMEM_SECTION, MEM_REGION, 2, cell.mem[2].flags |= JAILHOUSE_MEM_IO);
	refused(IVSHMEM_SECTION, MEM_REGION, 4, cell.mem[4].size = 0x800);
	refused(IVSHMEM_WRITABLE, MEM_REGION, 2, cell.mem[2].flags |= JAILHOUSE_MEM_WRITE);
	refused(IVSHMEM_WRITABLE, MEM_REGION, 4, cell.mem[4].flags |= JAILHOUSE_MEM_WRITE);
	/* Nor by another mapping of the same memory */
	refused(IVSHMEM_WRITABLE, MEM_REGION, 7,
		add_mem(&cell, OUTPUT(2), 0x40000000, SECTION, MEM_RW | JAILHOUSE_MEM_ROOTSHARED));
	refused(IVSHMEM_WRITABLE, MEM_REGION, 7,
		add_mem(&cell, SHMEM, 0x40000000, SECTION, MEM_RW | JAILHOUSE_MEM_ROOTSHARED));
	ivshmem_cell(&cell, 1, PEERS, 0);
	assert_int_equal(create(tb, &cell), 0);
}

static void test_no_memory_for_devices(void **state)
{
	struct testbed *tb = *state;
	struct snapshot before;
	struct config cell;
	int err;

	ivshmem_root(tb, PEERS, VECTORS);
	testbed_start(tb);
	take_snapshot(tb, &before);
	ivshmem_cell(&cell, 1, PEERS, VECTORS);
	put_config(tb, &cell);
	/* With one page more each time, it comes further. */
	for (unsigned long left = 1; left < 40; left++) {
		unsigned long taken = tb->m->pool.pages - tb->m->pool.used - left;
		void *pages = page_alloc(&tb->m->pool, (unsigned int)taken);

		assert_non_null(pages);
		err = (int)create(tb, &cell);
		page_free(&tb->m->pool, pages, (unsigned int)taken);
		if (!err)
			break;
		assert_int_equal(err, -ENOMEM);
		assert_unchanged(tb, &before);
	}
	assert_int_equal(err, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, testbed_setup, testbed_teardown)
	const struct CMUnitTest tests[] = {
		TEST(configuration_after_reset),
		TEST(configuration_with_intx),
		TEST(protocol_and_sizes_are_those_of_the_configuration),
		TEST(what_can_be_written),
		TEST(what_must_not_be_written),
		TEST(bars_can_be_sized),
		TEST(windows_are_there_while_decoded),
		TEST(windows_of_64_kib),
		TEST(memory_and_other_windows_come_first),
		TEST(region_of_devices_gives_way),
		TEST(ram_does_not_give_way),
		TEST(no_memory_to_give_way),
		TEST(registers),
		TEST(messages_come_where_they_should),
		TEST(what_keeps_messages_back),
		TEST(message_to_another_cell),
		TEST(message_of_linux_to_a_cell),
		TEST(cpu_of_a_message_leaves),
		TEST(table_of_messages),
		TEST(bad_accesses_to_the_table),
		TEST(refused_configurations),
		TEST(no_memory_for_devices),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
