// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <unistd.h>
#include "ivshmem-bed.h"

static unsigned int seen[HOSTED_MAX_CPUS];

struct jailhouse_pci_device *add_link(struct config *config, u16 bdf, unsigned int id, unsigned int peers,
				      unsigned int vectors)
{
	struct jailhouse_pci_device *dev = &config->pci[config->cell.num_pci_devices++];

	*dev = (struct jailhouse_pci_device){
		.type = JAILHOUSE_PCI_TYPE_IVSHMEM,
		.bdf = bdf,
		.bar_mask = JAILHOUSE_IVSHMEM_BAR_MASK_INTX,
		.num_msix_vectors = (u16)vectors,
		.shmem_regions_start = (u8)config->cell.num_memory_regions,
		.shmem_dev_id = (u8)id,
		.shmem_peers = (u8)peers,
	};
	dev->bar_mask[1] = vectors ? 0xfffff000 : 0;
	for (unsigned int n = 0; n < peers + 2; n++)
		add_mem(config, SHMEM + n * SECTION, SHMEM + n * SECTION, SECTION,
			JAILHOUSE_MEM_ROOTSHARED | (n == 1 || n == id + 2 ? MEM_RW : JAILHOUSE_MEM_READ));
	return dev;
}

void ivshmem_root(struct testbed *tb, unsigned int peers, unsigned int vectors)
{
	memset(seen, 0, sizeof(seen));
	tb->root.mem[ROOT_INMATE].size -= SHMEM_SIZE;
	tb->root.cell.num_irqchips = 0;
	add_link(&tb->root, LINK, 0, peers, vectors);
}

void ivshmem_cell(struct config *config, unsigned int id, unsigned int peers, unsigned int vectors)
{
	char name[16] = "peer-";

	name[5] = (char)('a' + id);
	cell_config(config, name, id, 1U << id);
	config->mem[0].phys_start = INMATE_START + id * PAGE_SIZE;
	config->mem[0].size = PAGE_SIZE;
	config->cell.flags = JAILHOUSE_CELL_PASSIVE_COMMREG;
	add_link(config, LINK, id, peers, vectors);
}

static void perform(struct hosted_cpu *cpu, struct end *end)
{
	switch (end->op) {
	case OP_LOAD:
		end->value = vm_load(cpu, end->address, end->size);
		break;
	case OP_STORE:
		vm_store(cpu, end->address, end->size, end->value);
		break;
	case OP_READ:
		end->value = vm_pci_read(cpu, end->bdf, (u16)end->address, end->size);
		break;
	case OP_WRITE:
		vm_pci_write(cpu, end->bdf, (u16)end->address, end->size, (u32)end->value);
		break;
	}
}

static void linux_job(struct hosted_cpu *cpu, void *arg)
{
	perform(cpu, arg);
}

static void end_run(struct hosted_cpu *cpu, void *arg)
{
	struct end *end = arg;
	u32 asked;

	for (;; vm_relax(cpu)) {
		asked = __atomic_load_n(&end->asked, __ATOMIC_SEQ_CST);
		if (asked == __atomic_load_n(&end->done, __ATOMIC_SEQ_CST))
			continue;
		perform(cpu, end);
		__atomic_store_n(&end->done, asked, __ATOMIC_SEQ_CST);
	}
}

void end_init(struct testbed *tb, struct end *end, unsigned int cpu, bool in_root)
{
	memset(end, 0, sizeof(*end));
	end->tb = tb;
	end->cpu = cpu;
	end->in_root = in_root;
	end->bdf = LINK;
	end->bar0 = BAR0;
	end->bar1 = BAR1;
	if (!in_root)
		hosted_set_program(tb->hw, cpu, end_run, end);
}

void start_peer(struct testbed *tb, struct end *end, unsigned int id, unsigned int peers, unsigned int vectors)
{
	struct config cell;

	ivshmem_cell(&cell, id, peers, vectors);
	assert_int_equal(create(tb, &cell), 0);
	end_init(tb, end, id, false);
	restart_peer(tb, id);
}

void restart_peer(struct testbed *tb, unsigned int id)
{
	u32 *starts = &cell_by_id(tb->m, id)->arch.starts;
	u32 before = __atomic_load_n(starts, __ATOMIC_SEQ_CST);

	assert_int_equal(start(tb, id), 0);
	wait_for(starts, before + 1);
}

static void begin(struct end *end, enum op op, u64 address, unsigned int size, u64 value)
{
	end->op = op;
	end->address = address;
	end->size = size;
	end->value = value;
	if (end->in_root)
		assert_true(hosted_begin(end->tb->hw, end->cpu, linux_job, end));
	else
		__atomic_add_fetch(&end->asked, 1, __ATOMIC_SEQ_CST);
}

bool end_wait(struct end *end)
{
	if (end->in_root)
		return hosted_finish(end->tb->hw, end->cpu);
	for (unsigned int n = 0; n < 100000; n++) {
		if (__atomic_load_n(&end->done, __ATOMIC_SEQ_CST) == end->asked)
			return true;
		if (__atomic_load_n(&machine_cpu(end->tb->m, end->cpu)->failed, __ATOMIC_SEQ_CST)) {
			end->done = end->asked;
			return false;
		}
		usleep(n < 100 ? 1 : 100);
	}
	fail_msg("CPU %u neither goes on nor stops", end->cpu);
	return false;
}

bool end_do(struct end *end, enum op op, u64 address, unsigned int size, u64 *value)
{
	bool done;

	begin(end, op, address, size, *value);
	done = end_wait(end);
	*value = end->value;
	return done;
}

u32 config_read(struct end *end, u16 reg, unsigned int size)
{
	u64 value = 0;

	assert_true(end_do(end, OP_READ, reg, size, &value));
	return (u32)value;
}

bool config_write(struct end *end, u16 reg, unsigned int size, u32 value)
{
	u64 wide = value;

	return end_do(end, OP_WRITE, reg, size, &wide);
}

u32 reg_read(struct end *end, u32 reg)
{
	u64 value = 0;

	assert_true(end_do(end, OP_LOAD, end->bar0 + reg, 4, &value));
	return (u32)value;
}

bool reg_write(struct end *end, u32 reg, u32 value)
{
	u64 wide = value;

	return end_do(end, OP_STORE, end->bar0 + reg, 4, &wide);
}

void reg_write_begin(struct end *end, u32 reg, u32 value)
{
	begin(end, OP_STORE, end->bar0 + reg, 4, value);
}

void set_vector(struct end *end, unsigned int n, u32 address, u32 data, u32 control)
{
	const u32 words[] = { address, 0, data, control };

	for (unsigned int w = 0; w < 4; w++) {
		u64 value = words[w];

		assert_true(end_do(end, OP_STORE, end->bar1 + n * 16 + w * 4, 4, &value));
	}
}

void end_open(struct end *end, unsigned int vectors)
{
	assert_true(config_write(end, 0x10, 4, (u32)end->bar0));
	assert_true(config_write(end, 0x14, 4, (u32)end->bar1));
	assert_true(config_write(end, 0x04, 2, CMD_MEMORY | CMD_MASTER));
	for (unsigned int n = 0; n < vectors; n++)
		set_vector(end, n, MSI(end->cpu), VECTOR + n, 0);
	if (vectors)
		assert_true(config_write(end, JAILHOUSE_IVSHMEM_CFG_MSIX_CTRL, 2, 0x8000));
	assert_true(reg_write(end, JAILHOUSE_IVSHMEM_REG_INT_CTRL, 1));
}

unsigned int raised(struct testbed *tb, unsigned int cpu)
{
	unsigned int all = hosted_interrupts(tb->hw, cpu), fresh = all - seen[cpu];

	seen[cpu] = all;
	return fresh;
}

void check_raised(struct testbed *tb, unsigned int cpu, unsigned int count, int number, const char *file, int line)
{
	unsigned int fresh = raised(tb, cpu);
	int first = hosted_take_interrupt(tb->hw, cpu), second = hosted_take_interrupt(tb->hw, cpu);

	if (fresh == count && first == (count ? number : -1) && second == -1)
		return;
	print_error("CPU %u: %u interrupts, %d and %d instead of %u, %d\n", cpu, fresh, first, second, count, number);
	_fail(file, line);
}

u32 table_entry(struct testbed *tb, unsigned int id)
{
	return __atomic_load_n((u32 *)hosted_ram(tb->hw, SHMEM, SECTION) + id, __ATOMIC_SEQ_CST);
}
