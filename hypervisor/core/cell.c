// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Life cycle of cells. Each request is restartable: -EAGAIN means that the caller comes again with the same arguments.
 * All that can fail happens before the cell's vote; from there on nothing fails.
 */
#include <hypervisor/unit.h>
#include <hypervisor/arch/cpu.h>
#include <hypervisor/arch/memory.h>

#define MAX_CONFIG_SIZE (16 * PAGE_SIZE)
/* A cell and its configuration are one allocation, since most need but a part of a page each. */
#define CONFIG_OFFSET	ALIGN_UP(sizeof(struct cell), sizeof(u64))

struct cell *cell_by_id(struct machine *m, u32 id)
{
	for_each_cell(cell, m)
		if (cell->config->id == id)
			return cell;
	return NULL;
}

/* -EPERM if a cell other than `except` is locked. */
static int check_locks(struct machine *m, const struct cell *except)
{
	for_each_non_root_cell(cell, m)
		if (cell != except && comm_cell_state(cell) == JAILHOUSE_CELL_RUNNING_LOCKED)
			return REFUSE0(m, -EPERM, CELL_LOCKED, JAILHOUSE_ITEM_CELL, cell->config->id);
	return 0;
}

/* ---- create ---- */

/* A new cell with a copy of the configuration, which may change at any time in the root cell's memory. */
static int read_config(struct percpu *cpu, u64 address, struct cell **ret)
{
	struct machine *m = cpu->machine;
	struct jailhouse_cell_desc head;
	unsigned int pages;
	struct cell *cell;
	u64 size;
	u8 *config;
	int err;

	if (!guest_read(cpu, &m->root, address, &head, sizeof(head)))
		return REFUSE1(m, -ENOMEM, NOT_READABLE, JAILHOUSE_ITEM_NONE, 0, address);
	/* Old callers expect this to be said first; what counts is the check of the copy. */
	err = cell_identity_check(m, &head);
	if (err)
		return err;
	size = jailhouse_cell_config_length(&head);
	if (size + (address & PAGE_OFFS_MASK) > MAX_CONFIG_SIZE)
		return REFUSE2(m, -E2BIG, CONFIG_TOO_LARGE, JAILHOUSE_ITEM_NONE, 0, size, MAX_CONFIG_SIZE);
	pages = (unsigned int)PAGES(CONFIG_OFFSET + size);
	cell = page_alloc(&m->pool, pages);
	if (!cell)
		return refuse_no_memory(m, pages);
	config = (u8 *)cell + CONFIG_OFFSET;
	if (!guest_read(cpu, &m->root, address, config, (u32)size)) {
		page_free(&m->pool, cell, pages);
		return REFUSE1(m, -ENOMEM, NOT_READABLE, JAILHOUSE_ITEM_NONE, 0, address);
	}
	cell->machine = m;
	cell->config = (const struct jailhouse_cell_desc *)config;
	cell->config_size = (u32)size;
	cell->pages = pages;
	*ret = cell;
	return 0;
}

bool cell_has_config(struct percpu *cpu, const struct cell *cell, u64 address)
{
	const u8 *config = (const u8 *)cell->config;
	u8 part[256];
	u32 size;

	for (u32 done = 0; done < cell->config_size; done += size) {
		size = MIN((u32)sizeof(part), cell->config_size - done);
		/* Then it lay in memory that the cell has got, and nothing else can lie there now. */
		if (!guest_read(cpu, &cpu->machine->root, address + done, part, size))
			return true;
		if (memcmp(part, config + done, size) != 0)
			return false;
	}
	return true;
}

static void free_cell(struct cell *cell)
{
	struct page_pool *pool = &cell->machine->pool;

	mmio_destroy(cell);
	arch_cell_exit(cell);
	page_free(pool, cell->comm, 1);
	page_free(pool, cell, cell->pages);
}

/* What it has got when it fails is left to free_cell. */
static int build_cell(struct machine *m, struct cell *cell)
{
	int err;

	rate_limit_init(&cell->lines, 32, 10);
	rate_limit_init(&cell->chars, 4096, 20000);
	cell->comm = page_alloc(&m->pool, 1);
	if (!cell->comm)
		return refuse_no_memory(m, 1);
	cell->comm_phys = page_pool_phys(&m->pool, cell->comm);
	cell->comm->cell_state = JAILHOUSE_CELL_SHUT_DOWN;
	err = arch_cell_init(cell);
	return err ? err : regions_map_cell(cell);
}

/* Not when it comes to its request itself: one that was let go earlier may have woken it by then. */
static void renew_cpu(struct percpu *cpu, u32 requests)
{
	cpu->failed = false;
	arch_cpu_drop_wakeups(cpu, requests & CPU_REQ_RESET);
}

/* They stay stopped; what they are to do waits for their release. */
static void move_cpus(struct cell *from, struct cell *to, const void *set, u32 requests)
{
	for_each_cell_cpu(id, from) {
		struct percpu *cpu = machine_cpu(from->machine, id);

		if (set && (id >= to->config->cpu_set_size * 8 || !test_bit(id, set)))
			continue;
		cpu->cell = to;
		renew_cpu(cpu, requests);
		__atomic_fetch_or(&cpu->requests, requests, __ATOMIC_ACQ_REL);
		from->num_cpus--;
		to->num_cpus++;
	}
}

static void append_cell(struct machine *m, struct cell *cell)
{
	struct cell *last = &m->root;

	while (last->next)
		last = last->next;
	last->next = cell;
	m->num_cells++;
}

static void remove_cell(struct machine *m, struct cell *cell)
{
	struct cell *before = &m->root;

	while (before->next != cell)
		before = before->next;
	before->next = cell->next;
	m->num_cells--;
}

static void release_cell(struct cell *cell, u32 requests)
{
	for_each_cell_cpu(id, cell)
		if (requests & (CPU_REQ_PARK | CPU_REQ_RESET))
			renew_cpu(machine_cpu(cell->machine, id), requests);
	for_each_cell_cpu(id, cell)
		cpu_release(machine_cpu(cell->machine, id), requests);
}

/* The short part of create in which the root cell stands still. */
static int take_resources(struct percpu *cpu, struct cell *cell)
{
	struct machine *m = cpu->machine;
	int err;

	if (!cpus_stop_root(cpu))
		return -EBUSY;
	/* Units come last: a device that one of them has reset does not get its state back. */
	err = regions_prepare_root(cell);
	if (!err) {
		err = units_cell_init(cell);
		if (err)
			regions_tidy_root(cell);
	}
	if (!err) {
		regions_take_from_root(cell);
		scrub_start(cell, SCRUB_RAM | SCRUB_SHARED);
		append_cell(m, cell);
		move_cpus(&m->root, cell, jailhouse_cell_cpu_set(cell->config),
			  CPU_REQ_SET_CELL | CPU_REQ_PARK | CPU_REQ_SCRUB);
	}
	/* The root goes on first, it need not wait for the CPUs that it has lost. */
	cpus_release_root(cpu, CPU_REQ_FLUSH);
	if (!err)
		release_cell(cell, 0);
	return err;
}

static int finish_create(struct percpu *cpu, struct cell *cell)
{
	struct machine *m = cpu->machine;

	if (!scrub_finished(cell))
		return -EAGAIN;
	printk(m, "Created cell \"%s\"\n", cell->config->name);
	print_pool_usage(m, "after cell creation");
	comm_send_reconfig(m);
	return 0;
}

int cell_create(struct percpu *cpu, u64 config_address)
{
	struct machine *m = cpu->machine;
	struct request *request = &m->request;
	struct cell *cell = NULL;
	int err;

	if (request->phase == JAILHOUSE_PHASE_SCRUB)
		return finish_create(cpu, request->cell);

	err = check_locks(m, NULL);
	if (err)
		return err;
	err = read_config(cpu, config_address, &cell);
	if (err)
		return err;
	err = cell_config_check(m, cell->config, cell->config_size, cpu);
	if (!err)
		err = build_cell(m, cell);
	if (!err)
		err = take_resources(cpu, cell);
	if (err) {
		free_cell(cell);
		return err;
	}
	request->cell = cell;
	request->phase = JAILHOUSE_PHASE_SCRUB;
	return finish_create(cpu, cell);
}

/* ---- start, set loadable, destroy ---- */

/*
 * All CPUs of a cell. If one of them does not answer, the cell has failed: the lost CPU runs nothing of it any more,
 * the others go on, and another request may find that it has come.
 */
static bool stop_cell(struct cell *cell)
{
	for_each_cell_cpu(id, cell) {
		if (cpu_stop(machine_cpu(cell->machine, id)))
			continue;
		cell_set_state(cell, JAILHOUSE_CELL_FAILED);
		for_each_cell_cpu(other, cell)
			if (other < id)
				cpu_release(machine_cpu(cell->machine, other), 0);
		return false;
	}
	return true;
}

/*
 * The prologue of a request to an existing cell: finds it and lets it vote. 0: approved and all its CPUs are stopped
 * in the hypervisor; -EAGAIN: come again.
 */
static int win_cell(struct percpu *cpu, u32 id, struct cell **ret)
{
	struct machine *m = cpu->machine;
	struct cell *cell = cell_by_id(m, id);
	int err;

	if (!cell)
		return REFUSE0(m, -ENOENT, CELL_UNKNOWN, JAILHOUSE_ITEM_CELL, id);
	if (cell_is_root(cell))
		return REFUSE0(m, -EINVAL, CELL_IS_ROOT, JAILHOUSE_ITEM_CELL, id);
	m->request.cell = cell;
	err = comm_request_shutdown(cpu, cell);
	if (err)
		return err;
	if (!stop_cell(cell))
		return -EBUSY;
	m->request.phase = JAILHOUSE_PHASE_IDLE;
	*ret = cell;
	return 0;
}

int cell_start(struct percpu *cpu, u32 id)
{
	struct cell *cell;
	int err = win_cell(cpu, id, &cell);

	if (err)
		return err;
	if (cell->loadable) {
		if (!cpus_stop_root(cpu)) {
			release_cell(cell, CPU_REQ_PARK);
			return -EBUSY;
		}
		regions_hide_loadable(cell);
		cpus_release_root(cpu, CPU_REQ_FLUSH);
	}
	comm_init(cell);
	units_cell_reset(cell);
	scrub_start(cell, SCRUB_SHARED);
	count_event(cpu->machine);
	release_cell(cell, CPU_REQ_SCRUB | CPU_REQ_RESET);
	printk(cpu->machine, "Started cell \"%s\"\n", cell->config->name);
	return 0;
}

int cell_set_loadable(struct percpu *cpu, u32 id)
{
	struct cell *cell;
	int err = win_cell(cpu, id, &cell);

	if (err)
		return err;
	release_cell(cell, CPU_REQ_PARK);
	if (cell->loadable)
		return 0;
	cell->started = false;
	cell_set_state(cell, JAILHOUSE_CELL_SHUT_DOWN);
	if (!cpus_stop_root(cpu))
		return -EBUSY;
	units_cell_reset(cell);
	regions_show_loadable(cell);
	cpus_release_root(cpu, CPU_REQ_FLUSH);
	printk(cpu->machine, "Cell \"%s\" can be loaded\n", cell->config->name);
	return 0;
}

static int return_resources(struct percpu *cpu, struct cell *cell)
{
	struct machine *m = cpu->machine;

	if (!stop_cell(cell))
		return -EBUSY;
	if (!cpus_stop_root(cpu)) {
		release_cell(cell, 0);
		return -EBUSY;
	}
	remove_cell(m, cell);
	units_cell_exit(cell);
	regions_give_to_root(cell);
	move_cpus(cell, &m->root, NULL, CPU_REQ_SET_CELL | CPU_REQ_PARK);
	cpus_release_root(cpu, CPU_REQ_FLUSH);
	free_cell(cell);
	print_pool_usage(m, "after cell destruction");
	comm_send_reconfig(m);
	return 0;
}

int cell_destroy(struct percpu *cpu, u32 id)
{
	struct machine *m = cpu->machine;
	struct request *request = &m->request;
	struct cell *cell;
	int err;

	if (request->phase == JAILHOUSE_PHASE_SCRUB) {
		if (!scrub_finished(request->cell))
			return -EAGAIN;
		return return_resources(cpu, request->cell);
	}

	cell = cell_by_id(m, id);
	if (cell && !cell_is_root(cell) && request->phase == JAILHOUSE_PHASE_IDLE) {
		err = check_locks(m, cell);
		if (err)
			return err;
	}
	err = win_cell(cpu, id, &cell);
	if (err)
		return err;
	printk(m, "Closing cell \"%s\"\n", cell->config->name);
	cell->started = false;
	cell_set_state(cell, JAILHOUSE_CELL_SHUT_DOWN);
	scrub_start(cell, SCRUB_RAM);
	release_cell(cell, CPU_REQ_PARK | CPU_REQ_SCRUB);
	request->phase = JAILHOUSE_PHASE_SCRUB;
	return scrub_finished(cell) ? return_resources(cpu, cell) : -EAGAIN;
}
