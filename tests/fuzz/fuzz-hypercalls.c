// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Sequences of what Linux and cells can do: requests in any order and half-way, cells that write what they like into
 * their communication regions, memory that runs out, time that passes. Each byte chooses, the next ones are arguments.
 */
#include <string.h>
#include "hosted-fuzz.h"
#include "configs.h"

/* Addresses that mean something, and some that mean nothing. */
static u64 take_address(struct input *in)
{
	u64 offset = take(in, 2) * 0x100;

	switch (take(in, 1) % 8) {
	case 0:
	case 1:
	case 2:
		return CELLS_PHYS + offset * 4;
	case 3:
		return FUZZ_HV_PHYS - 0x10000 + offset;
	case 4:
		return FUZZ_SUBPAGE + offset / 0x100 % 0x300;
	case 5:
		return CONFIG_PHYS + offset;
	case 6:
		return FUZZ_IOAPIC - 0x1000 + offset % 0x4000;
	default:
		return take(in, 8);
	}
}

/* ---- cells ---- */

static const u64 kinds[] = {
	MEM_RWX | JAILHOUSE_MEM_LOADABLE,
	MEM_RWX,
	MEM_RW | JAILHOUSE_MEM_ROOTSHARED,
	MEM_RW | JAILHOUSE_MEM_COMM_REGION,
	MEM_RW | JAILHOUSE_MEM_IO | JAILHOUSE_MEM_IO_32,
	JAILHOUSE_MEM_READ | JAILHOUSE_MEM_NO_HUGEPAGES,
};

static void put_cell(struct fuzz_machine *f, struct input *in)
{
	struct config config;
	char name[] = "cell 0";

	name[5] = (char)('0' + take(in, 1) % 4);
	cell_config(&config, name, (u32)(take(in, 1) % 4), (u32)take(in, 1) & 0x1f);
	config.cell.flags = (u32)take(in, 1) & 0x3;
	config.cell.msg_reply_timeout = take(in, 1);
	config.cell.num_memory_regions = 0;
	for (u64 n = take(in, 1) % 6; n > 0; n--) {
		u64 kind = kinds[take(in, 1) % ARRAY_LEN(kinds)], phys = take_address(in), virt;
		u64 size = (take(in, 1) + 1) * (kind & JAILHOUSE_MEM_IO ? 4 : PAGE_SIZE);

		virt = (take(in, 1) << 20) + (phys & PAGE_OFFS_MASK);
		if (!(kind & JAILHOUSE_MEM_IO)) {
			phys &= PAGE_MASK;
			virt &= PAGE_MASK;
		}
		add_mem(&config, phys, virt, kind & JAILHOUSE_MEM_COMM_REGION ? PAGE_SIZE : size, kind);
	}
	write_cell(&config, hosted_ram(f->hw, CONFIG_PHYS, MAX_BLOB));
}

/* What software of the cells does: a few steps, then it halts. One script for each CPU. */
#define SCRIPT 8

struct step {
	u64 kind, address, value;
};

static struct step scripts[FUZZ_CPUS][SCRIPT];

static void run_script(struct hosted_cpu *cpu, void *arg)
{
	const struct step *step = arg;

	for (unsigned int n = 0; n < SCRIPT; n++, step++) {
		switch (step->kind % 6) {
		case 1:
			vm_load(cpu, step->address, 1U << step->value % 4);
			break;
		case 2:
			vm_store(cpu, step->address, 1U << step->value % 4, step->value);
			break;
		case 3:
			vm_call(cpu, step->kind >> 4, step->address, step->value);
			break;
		case 4:
			vm_pci_write(cpu, (u16)step->value, (u16)step->address & 0xffc, 4, (u32)(step->value >> 16));
			break;
		case 5:
			vm_wake(cpu, (unsigned int)step->value % 5);
			break;
		}
	}
}

/*
 * Starts a cell and waits for the end of its programs: they end by themselves or are stopped, but before anything else
 * happens, since inputs shall be repeatable.
 */
static void start_cell(struct fuzz_machine *f, unsigned int by, unsigned long id)
{
	struct cell *cell = id <= ~0U ? cell_by_id(f->m, (u32)id) : NULL;
	u32 starts = cell ? cell->arch.starts : 0;

	if (hosted_call(f->hw, by, JAILHOUSE_HC_CELL_START, id, 0) != 0)
		return;
	require(cell && cell->config->id == id);
	while (__atomic_load_n(&cell->arch.starts, __ATOMIC_ACQUIRE) - starts < cell->num_cpus)
		arch_relax();
	for (unsigned int cpu = 1; cpu < FUZZ_CPUS; cpu++)
		while (hosted_cpu_state(f->hw, cpu) == HOSTED_PROGRAM)
			hosted_wait_state(f->hw, cpu, HOSTED_ENDED, 1);
}

static void put_script(struct fuzz_machine *f, struct input *in)
{
	unsigned int cpu = 1 + (unsigned int)(take(in, 1) % (FUZZ_CPUS - 1));

	for (unsigned int n = 0; n < SCRIPT; n++) {
		struct step *step = &scripts[cpu][n];

		step->kind = take(in, 1);
		step->address = step->kind % 2 ? take_address(in) : take(in, 2);
		step->value = take(in, 4);
	}
	hosted_set_program(f->hw, cpu, run_script, scripts[cpu]);
}

/* ---- Linux ---- */

static void linux_access(struct fuzz_machine *f, struct input *in)
{
	unsigned int cpu = 1 + (unsigned int)(take(in, 1) % (FUZZ_CPUS - 1));
	struct vm_access access = { .address = take_address(in) };

	access.size = 1U << take(in, 1) % 4;
	access.write = take(in, 1) & 1;
	access.value = take(in, 1);
	/* Not the data that the checks rely on. */
	if (access.write && ranges_overlap(access.address, access.size, CONFIG_PHYS, MAX_BLOB))
		return;
	if (hosted_cpu_state(f->hw, cpu) == HOSTED_LINUX && !hosted_run(f->hw, cpu, vm_access, &access))
		f->broken = true;
}

static void any_call(struct fuzz_machine *f, struct input *in)
{
	unsigned int cpu = (unsigned int)(take(in, 1) % FUZZ_CPUS);
	unsigned long code = take(in, 1);

	code = code < 0xf0 ? code % 10 : take(in, 8);
	/* Alone it would wait for the others. */
	if (code == JAILHOUSE_HC_DISABLE && f->m->num_cells == 1)
		return;
	if (code == JAILHOUSE_HC_CELL_START)
		start_cell(f, cpu, take(in, 1));
	else
		hosted_call(f->hw, cpu, code, take(in, take(in, 1) % 9), take(in, 2));
}

static void disable(struct fuzz_machine *f)
{
	bool complete = true;

	for (unsigned int cpu = 0; cpu < FUZZ_CPUS; cpu++)
		complete = complete && hosted_cpu_state(f->hw, cpu) == HOSTED_LINUX;
	if (!complete && f->m->num_cells == 1)
		return;
	/* Slow for ever, it could keep the CPU that takes the devices of links down from its end. */
	__atomic_store_n(&hosted_faults(f->hw)->slow_memory, 0, __ATOMIC_SEQ_CST);
	if (hosted_disable(f->hw) == 0) {
		require(f->m->num_cells == 1);
		fuzz_enable(f);
	} else {
		require(f->m->num_cells > 1);
	}
}

static struct cell *take_cell(struct fuzz_machine *f, struct input *in)
{
	struct cell *cell = f->m->root.next;

	for (u64 n = take(in, 1) % 3; n > 0 && cell; n--)
		cell = cell->next;
	return cell;
}

static void write_word(struct fuzz_machine *f, struct input *in)
{
	static const unsigned long words[] = {
		offsetof(struct jailhouse_comm_region, cell_state),
		offsetof(struct jailhouse_comm_region, msg_to_cell),
		offsetof(struct jailhouse_comm_region, reply_from_cell),
	};
	struct cell *cell = take_cell(f, in);
	unsigned long word = words[take(in, 1) % ARRAY_LEN(words)];
	u32 value = (u32)take(in, 1);

	if (cell)
		fuzz_set_word(cell, word, value < 0xf0 ? value % 8 : (u32)take(in, 4));
}

/* As the driver does, but not for ever: somebody may be slow, or silent. */
static void request(struct fuzz_machine *f, unsigned long code, unsigned long arg, bool to_its_end)
{
	for (unsigned int n = 0; n < (to_its_end ? 200 : 1); n++) {
		if (hosted_call(f->hw, 0, code, arg, 0) != -EAGAIN)
			return;
		arch_relax();
	}
}

static void operation(struct fuzz_machine *f, struct input *in)
{
	struct hosted_faults *faults = hosted_faults(f->hw);
	unsigned int operation = (unsigned int)take(in, 1) % 16;

	switch (operation) {
	case 0:
	case 1:
		put_cell(f, in);
		request(f, JAILHOUSE_HC_CELL_CREATE, CONFIG_PHYS, operation == 1);
		break;
	case 2:
		hosted_call(f->hw, 0, JAILHOUSE_HC_HYPERVISOR_GET_INFO, take(in, 1), 0);
		break;
	case 3:
	case 4:
		start_cell(f, 0, take(in, 1) % 4);
		break;
	case 5:
		hosted_call(f->hw, 0, JAILHOUSE_HC_CELL_SET_LOADABLE, take(in, 1) % 4, 0);
		break;
	case 6:
	case 7:
		request(f, JAILHOUSE_HC_CELL_DESTROY, take(in, 1) % 4, operation == 7);
		break;
	case 8:
		any_call(f, in);
		break;
	case 9:
		write_word(f, in);
		break;
	case 10:
		/* A quarter of the time limits of the machine at a time */
		hosted_skip_time(take(in, 1) * 250 * 1000000ULL * 100);
		break;
	case 11:
		f->m->pool.fail_at = take(in, 1) % 32;
		break;
	case 12:
		linux_access(f, in);
		break;
	case 13:
		put_script(f, in);
		break;
	case 14:
		__atomic_store_n(&faults->slow_memory, (u32)take(in, 1) & 0xe, __ATOMIC_SEQ_CST);
		break;
	default:
		disable(f);
	}
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct input in = { data, size };
	struct fuzz_machine *f = fuzz_start();

	memset(scripts, 0, sizeof(scripts));
	for (unsigned int n = 0; n < 64 && in.left > 0; n++) {
		operation(f, &in);
		fuzz_check(f);
	}
	fuzz_end(f);
	return 0;
}
