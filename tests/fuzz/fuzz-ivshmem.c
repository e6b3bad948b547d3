// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Three peers of a link, each as hostile as it likes: configuration space, windows anywhere,
 * messages, doorbells and states, while cells come, go and start again. Each byte chooses, the next
 * ones are arguments.
 */
#include <string.h>
#include <unistd.h>
#include <hypervisor/arch/ivshmem.h>
#include "hosted-fuzz.h"
#include "configs.h"
#include "ivshmem-internal.h"

#define WORK_PHYS \
	(FUZZ_SHMEM - PAGE_SIZE) /* before and behind the link lies what nobody may touch */
#define CANARY 0xa5

/* ---- software of the peers: peer n on CPU n, the root cell's on CPU 0 ---- */

enum op { LOAD, STORE, CONFIG_READ, CONFIG_WRITE };

struct access {
	enum op op;
	unsigned int size;
	u64 address, value;
	u32 asked, done; /* atomic */
};

static struct access accesses[FUZZ_PEERS];

static void perform(struct hosted_cpu *cpu, void *arg)
{
	struct access *access = arg;

	switch (access->op) {
	case LOAD:
		access->value = vm_load(cpu, access->address, access->size);
		break;
	case STORE:
		vm_store(cpu, access->address, access->size, access->value);
		break;
	case CONFIG_READ:
		access->value = vm_pci_read(cpu, FUZZ_LINK, (u16)access->address, access->size);
		break;
	case CONFIG_WRITE:
		vm_pci_write(cpu, FUZZ_LINK, (u16)access->address, access->size,
			     (u32)access->value);
		break;
	}
}

static void serve(struct hosted_cpu *cpu, void *arg)
{
	struct access *access = arg;
	u32 asked;

	for (;; vm_relax(cpu)) {
		asked = __atomic_load_n(&access->asked, __ATOMIC_SEQ_CST);
		if (asked == __atomic_load_n(&access->done, __ATOMIC_SEQ_CST))
			continue;
		perform(cpu, access);
		__atomic_store_n(&access->done, asked, __ATOMIC_SEQ_CST);
	}
}

static struct cell *cell_of(struct fuzz_machine *f, unsigned int peer)
{
	return cell_by_id(f->m, peer);
}

static struct ivshmem_device *device_of(struct fuzz_machine *f, unsigned int peer)
{
	const struct cell *cell = cell_of(f, peer);

	return cell ? ivshmem_find(cell, FUZZ_LINK) : NULL;
}

static bool runs(struct fuzz_machine *f, unsigned int peer)
{
	const struct cell *cell = cell_of(f, peer);

	if (peer == 0)
		return hosted_cpu_state(f->hw, 0) == HOSTED_LINUX;
	return cell && cell->started && !machine_cpu(f->m, peer)->failed;
}

static void begin(struct fuzz_machine *f, unsigned int peer)
{
	if (peer == 0)
		require(hosted_begin(f->hw, 0, perform, &accesses[0]));
	else
		__atomic_add_fetch(&accesses[peer].asked, 1, __ATOMIC_SEQ_CST);
}

static bool is_silent(const struct ivshmem_device *dev)
{
	return __atomic_load_n(&dev->int_control, __ATOMIC_SEQ_CST) == 0 &&
	       __atomic_load_n(&dev->state, __ATOMIC_SEQ_CST) == 0;
}

/* The CPU is stopped for what it did, and goes on with the end of its cell. */
static void wait_silent(const struct ivshmem_device *dev)
{
	for (unsigned int n = 0; !is_silent(dev); n++) {
		require(n < 1000000);
		usleep(10);
	}
}

/* Who waits to tell of a change of state need not wait for real. */
static void end(struct fuzz_machine *f, unsigned int peer)
{
	struct access *access = &accesses[peer];

	if (peer == 0) {
		hosted_skip_time(1000000);
		if (!hosted_finish(f->hw, 0))
			f->broken = true;
		return;
	}
	while (__atomic_load_n(&access->done, __ATOMIC_SEQ_CST) != access->asked &&
	       !__atomic_load_n(&machine_cpu(f->m, peer)->failed, __ATOMIC_SEQ_CST)) {
		hosted_skip_time(100000);
		usleep(1);
	}
	if (__atomic_load_n(&machine_cpu(f->m, peer)->failed, __ATOMIC_SEQ_CST))
		wait_silent(device_of(f, peer));
}

static bool run_access(struct fuzz_machine *f, unsigned int peer, enum op op, u64 address,
		       unsigned int size, u64 value)
{
	struct access *access = &accesses[peer];

	if (!runs(f, peer))
		return false;
	access->op = op;
	access->address = address;
	access->size = size;
	access->value = value;
	begin(f, peer);
	end(f, peer);
	return runs(f, peer) && !f->broken;
}

/* ---- what must hold ---- */

static u32 table_entry(struct fuzz_machine *f, unsigned int peer)
{
	return __atomic_load_n((u32 *)hosted_ram(f->hw, FUZZ_SHMEM, PAGE_SIZE) + peer,
			       __ATOMIC_SEQ_CST);
}

static void fill_canaries(struct fuzz_machine *f)
{
	memset(hosted_ram(f->hw, WORK_PHYS, PAGE_SIZE), CANARY, PAGE_SIZE);
	memset(hosted_ram(f->hw, FUZZ_SHMEM + (FUZZ_PEERS + 2) * PAGE_SIZE, PAGE_SIZE), CANARY,
	       PAGE_SIZE);
}

static void check_canary(struct fuzz_machine *f, u64 phys)
{
	const u8 *page = hosted_ram(f->hw, phys, PAGE_SIZE);

	for (unsigned int n = 0; n < PAGE_SIZE; n++)
		require(page[n] == CANARY);
}

static void check_device(struct fuzz_machine *f, const struct ivshmem_device *dev,
			 unsigned int peer)
{
	bool on =
		dev->command & PCI_CMD_MASTER && (dev->msix_control & MSIX_WRITABLE) == MSIX_ENABLE;

	require(dev->cell == cell_of(f, peer) && dev->int_control <= 1 && dev->oneshot <= 1);
	require(!(dev->command & ~(PCI_CMD_MEMORY | PCI_CMD_MASTER | PCI_CMD_INTX_OFF)));
	require(table_entry(f, peer) == dev->state);
	for (unsigned int n = 0; n < FUZZ_PEERS; n++)
		require(dev->peers[n] == device_of(f, n));
	for (unsigned int n = FUZZ_PEERS; n < IVSHMEM_PEERS; n++)
		require(!dev->peers[n]);
	for (unsigned int n = 0; n < IVSHMEM_VECTORS; n++)
		require(dev->irq[n] == IVSHMEM_IRQ_NONE ||
			(on && n < FUZZ_VECTORS && !(dev->msix[n * MSIX_WORDS + 3] & MSIX_MASKED)));
	for (unsigned int n = 0; n < 2; n++)
		require(!dev->window[n] || dev->command & PCI_CMD_MEMORY);
	for (unsigned int n = 0; n < PCI_NUM_BARS; n++)
		require(!(dev->bar[n] & ~dev->config->bar_mask[n]));
	/* The end of a cell is that of its interrupts and of its state. */
	if (peer != 0 && !runs(f, peer))
		require(is_silent(dev));
}

static void check_all(struct fuzz_machine *f)
{
	fuzz_check(f);
	check_canary(f, WORK_PHYS);
	check_canary(f, FUZZ_SHMEM + (FUZZ_PEERS + 2) * PAGE_SIZE);
	for (unsigned int peer = 0; peer < FUZZ_PEERS; peer++) {
		const struct ivshmem_device *dev = device_of(f, peer);

		if (dev)
			check_device(f, dev, peer);
		else
			require(table_entry(f, peer) == 0);
	}
}

/* A peer that listens, with its message for changes of state to its own CPU */
static bool listens(struct fuzz_machine *f, unsigned int peer)
{
	const struct ivshmem_device *dev = device_of(f, peer);

	return dev && runs(f, peer) && dev->int_control && dev->irq[0] != IVSHMEM_IRQ_NONE &&
	       (dev->msix[0] >> 12 & 0xff) == peer;
}

/* ---- what peers do ---- */

static void create_cell(struct fuzz_machine *f, unsigned int peer)
{
	struct config config;
	char name[] = "peer 0";

	name[5] = (char)('0' + peer);
	cell_config(&config, name, peer, 1U << peer);
	config.mem[0].phys_start = CELLS_PHYS + peer * PAGE_SIZE;
	config.mem[0].size = PAGE_SIZE;
	config.cell.flags = JAILHOUSE_CELL_PASSIVE_COMMREG;
	config.pci[config.cell.num_pci_devices] = fuzz_link(&config, peer);
	config.cell.num_pci_devices++;
	write_cell(&config, hosted_ram(f->hw, CONFIG_PHYS, MAX_BLOB));
	fuzz_manage(f, JAILHOUSE_HC_CELL_CREATE, CONFIG_PHYS);
}

static void start_cell(struct fuzz_machine *f, unsigned int peer)
{
	struct cell *cell = cell_of(f, peer);
	u32 before;

	if (!cell)
		return;
	memset(&accesses[peer], 0, sizeof(accesses[peer]));
	hosted_set_program(f->hw, peer, serve, &accesses[peer]);
	before = __atomic_load_n(&cell->arch.starts, __ATOMIC_ACQUIRE);
	require(fuzz_manage(f, JAILHOUSE_HC_CELL_START, peer) == 0);
	while (__atomic_load_n(&cell->arch.starts, __ATOMIC_ACQUIRE) == before)
		arch_relax();
}

/* Places that windows have by habit, and such that are in the way of something. */
static u32 bar_place(unsigned int peer, unsigned int choice)
{
	switch (choice % 8) {
	case 5:
		return 0xc0000000U; /* in a region of the root cell */
	case 6:
		return (u32)FUZZ_IOAPIC;
	case 7:
		return (u32)FUZZ_SHMEM;
	default:
		return 0xe0000000U + (choice % 8 * 8 + peer) * 0x2000U;
	}
}

static void open_device(struct fuzz_machine *f, unsigned int peer, unsigned int choice)
{
	u32 bar0 = bar_place(peer, choice), bar1 = 0xe8000000U + peer * 0x1000U;
	const u32 entry[] = {0xfee00000U | peer << 12, 0, 0x40, 0};

	if (!run_access(f, peer, CONFIG_WRITE, PCI_COMMAND, 2, 0) ||
	    !run_access(f, peer, CONFIG_WRITE, PCI_BAR0, 4, bar0) ||
	    !run_access(f, peer, CONFIG_WRITE, PCI_BAR0 + 4, 4, bar1) ||
	    !run_access(f, peer, CONFIG_WRITE, PCI_COMMAND, 2, PCI_CMD_MEMORY | PCI_CMD_MASTER))
		return;
	for (unsigned int n = 0; n < 4; n++)
		if (!run_access(f, peer, STORE, bar1 + n * 4, 4, entry[n]))
			return;
	if (run_access(f, peer, CONFIG_WRITE, JAILHOUSE_IVSHMEM_CFG_MSIX_CTRL, 2,
		       MSIX_ENABLE >> 16))
		run_access(f, peer, STORE, bar0 + JAILHOUSE_IVSHMEM_REG_INT_CTRL, 4, 1);
}

static void config_access(struct fuzz_machine *f, struct input *in, unsigned int peer)
{
	unsigned int size = 1U << take(in, 1) % 3;
	u16 reg = (u16)(take(in, 1) & ~(size - 1));

	if (take(in, 1) & 1)
		run_access(f, peer, CONFIG_WRITE, reg, size, take(in, 4));
	else if (run_access(f, peer, CONFIG_READ, reg, size, 0))
		require(reg < JAILHOUSE_IVSHMEM_CFG_SIZE ||
			accesses[peer].value == (1ULL << 8 * size) - 1);
}

static void window_access(struct fuzz_machine *f, struct input *in, unsigned int peer)
{
	const struct ivshmem_device *dev = device_of(f, peer);
	unsigned int window = (unsigned int)take(in, 1) % 2, size = 1U << take(in, 1) % 4;
	u64 offset = take(in, 2) % 0x300;

	if (dev && dev->window[window])
		run_access(f, peer, take(in, 1) & 1 ? STORE : LOAD, dev->window[window] + offset,
			   size, take(in, 4));
}

static u64 state_register(struct fuzz_machine *f, unsigned int peer)
{
	const struct ivshmem_device *dev = device_of(f, peer);
	u64 address = dev ? dev->window[0] : 0;

	/* Not where something else lies over it */
	if (!address || paging_lookup(&dev->cell->stage2, address, NULL) != PAGING_INVALID_PHYS)
		return 0;
	return address + JAILHOUSE_IVSHMEM_REG_STATE;
}

/* Two at once, maybe. Whoever listens hears of it, at least once, and with one-shot mode exactly
 * once. */
static void change_states(struct fuzz_machine *f, struct input *in, unsigned int peer)
{
	unsigned int other = (peer + 1 + (unsigned int)take(in, 1) % 2) % FUZZ_PEERS,
		     before[FUZZ_PEERS], more;
	bool both = take(in, 1) & 1, ears[FUZZ_PEERS], oneshot[FUZZ_PEERS], changed = false;
	const unsigned int writers[] = {peer, other};
	u64 address[2] = {runs(f, peer) ? state_register(f, peer) : 0,
			  runs(f, other) ? state_register(f, other) : 0};

	both = both && address[1];
	if (!address[0])
		return;
	for (unsigned int n = 0; n < FUZZ_PEERS; n++) {
		ears[n] = listens(f, n);
		oneshot[n] = ears[n] && device_of(f, n)->oneshot;
		before[n] = hosted_interrupts(f->hw, n);
	}
	for (unsigned int n = 0; n < 1U + both; n++) {
		struct access *access = &accesses[writers[n]];

		access->op = STORE;
		access->address = address[n];
		access->size = 4;
		access->value = take(in, 1);
		changed = changed || device_of(f, writers[n])->state != (u32)access->value;
	}
	for (unsigned int n = 0; n < 1U + both; n++)
		begin(f, writers[n]);
	for (unsigned int n = 0; n < 1U + both; n++)
		end(f, writers[n]);
	for (unsigned int n = 0; n < FUZZ_PEERS; n++) {
		more = hosted_interrupts(f->hw, n) - before[n];
		if (n != peer && !(both && n == other) && ears[n])
			require(!changed || (oneshot[n] ? more == 1 : more >= 1));
	}
}

static void operation(struct fuzz_machine *f, struct input *in)
{
	unsigned int what = (unsigned int)take(in, 1), peer = what >> 4 & 3;

	if (peer >= FUZZ_PEERS)
		peer = 0;
	switch (what % 12) {
	case 0:
		if (peer != 0 && !cell_of(f, peer))
			create_cell(f, peer);
		if (peer != 0)
			start_cell(f, peer);
		break;
	case 1:
		if (peer != 0)
			start_cell(f, peer);
		break;
	case 2:
		if (peer != 0)
			fuzz_manage(f, JAILHOUSE_HC_CELL_DESTROY, peer);
		break;
	case 3:
		if (peer != 0)
			fuzz_manage(f, JAILHOUSE_HC_CELL_SET_LOADABLE, peer);
		break;
	case 4:
	case 5:
		open_device(f, peer, (unsigned int)take(in, 1));
		break;
	case 6:
	case 7:
		config_access(f, in, peer);
		break;
	case 8:
	case 9:
		window_access(f, in, peer);
		break;
	default:
		change_states(f, in, peer);
	}
}

/* The root cell's end as at the start; what gave way to its windows comes back with the next enable
 * only. */
static void close_root(struct fuzz_machine *f)
{
	for (unsigned int peer = 1; peer < FUZZ_PEERS; peer++)
		if (cell_of(f, peer))
			fuzz_manage(f, JAILHOUSE_HC_CELL_DESTROY, peer);
	if (f->broken)
		return;
	fuzz_bring_back_cpus(f);
	require(hosted_disable(f->hw) == 0);
	fuzz_enable(f);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct input in = {data, size};
	struct fuzz_machine *f = fuzz_start();

	fill_canaries(f);
	memset(accesses, 0, sizeof(accesses));
	for (unsigned int n = 0; n < 64 && in.left > 0 && !f->broken; n++) {
		operation(f, &in);
		if (!f->broken)
			check_all(f);
	}
	close_root(f);
	if (f->broken) {
		hosted_free(f->hw);
		f->hw = NULL;
	} else {
		fuzz_end(f);
	}
	return 0;
}
