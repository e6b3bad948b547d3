// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Cells: bookkeeping, creation and destruction.
 */
#define pr_fmt(fmt) "jailhouse: " fmt

#include <linux/cpu.h>
#include <linux/io.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "arch.h"

/* To be freed by kobject_put(&cell->kobj). Belongs to nobody yet. */
struct jh_cell *jh_cell_alloc(const char *name, bool root)
{
	struct jh_cell *cell = kzalloc(sizeof(*cell), GFP_KERNEL);

	if (!cell)
		return NULL;
	kobject_init(&cell->kobj, &jh_cell_type);
	INIT_LIST_HEAD(&cell->entry);
	INIT_LIST_HEAD(&cell->cpu_dirs);
	INIT_LIST_HEAD(&cell->pci_devices);
	cell->last_state = root ? JAILHOUSE_CELL_RUNNING : JAILHOUSE_CELL_SHUT_DOWN;
	strscpy(cell->name, name, sizeof(cell->name));
	if (!zalloc_cpumask_var(&cell->cpus, GFP_KERNEL) || !zalloc_cpumask_var(&cell->failed, GFP_KERNEL) ||
	    !zalloc_cpumask_var(&cell->last_failed, GFP_KERNEL) ||
	    !zalloc_cpumask_var(&cell->offlined, GFP_KERNEL)) {
		kobject_put(&cell->kobj);
		return NULL;
	}
	return cell;
}

struct jh_cell *jh_cell_by_id(u32 id)
{
	struct jh_cell *cell;

	list_for_each_entry(cell, &jh.cells, entry)
		if (cell->id == id)
			return cell;
	return NULL;
}

static struct jh_cell *cell_by_name(const char *name)
{
	struct jh_cell *cell;

	list_for_each_entry(cell, &jh.cells, entry)
		if (!strncmp(cell->name, name, JAILHOUSE_CELL_NAME_MAXLEN))
			return cell;
	return NULL;
}

/* By id, or by name if the id is -1. Called with jh.lock or jh.state. */
struct jh_cell *jh_cell_find(const struct jailhouse_cell_id *id)
{
	if (id->id == JAILHOUSE_CELL_ID_UNUSED)
		return cell_by_name(id->name);
	return id->id >= 0 ? jh_cell_by_id(id->id) : NULL;
}

int jh_cell_unknown(const struct jailhouse_cell_id *id, struct jailhouse_reason *r)
{
	/* A reason has no room for a name. */
	if (id->id == JAILHOUSE_CELL_ID_UNUSED)
		return jh_refuse_item(r, -ENOENT, JAILHOUSE_REASON_CELL_UNKNOWN,
				      JAILHOUSE_ITEM_NONE, 0);
	return jh_refuse_item(r, -ENOENT, JAILHOUSE_REASON_CELL_UNKNOWN, JAILHOUSE_ITEM_CELL,
			      id->id);
}

/**
 * jh_lock_cell() - lock the driver for an operation on a cell
 * @id: which
 * @cell: result, as long as the lock is held; to be released by jh_unlock()
 * @r: filled in on failure; the driver is not locked then
 */
int jh_lock_cell(const struct jailhouse_cell_id *id, struct jh_cell **cell, struct jailhouse_reason *r)
{
	int err = jh_lock_enabled(r);

	if (err)
		return err;
	*cell = jh_cell_find(id);
	if (*cell)
		return 0;
	err = jh_cell_unknown(id, r);
	jh_unlock();
	return err;
}

static u32 lowest_free_id(void)
{
	u32 id = 1;

	while (jh_cell_by_id(id))
		id++;
	return id;
}

/* All of the cell's CPUs must be the root cell's now. Fills in cell->cpus. */
static int check_cpus(struct jh_cell *cell, struct jailhouse_reason *r)
{
	u32 max = jh_config_max_cpus(cell->config);
	u32 cpu;
	int err;

	for (cpu = 0; cpu < max; cpu++) {
		if (!jh_config_has_cpu(cell->config, cpu))
			continue;
		if (cpu >= nr_cpu_ids || !cpumask_test_cpu(cpu, &jh.system))
			return jh_refuse_item(r, -EBUSY, JAILHOUSE_REASON_CPU_NOT_IN_SYSTEM,
					      JAILHOUSE_ITEM_CPU, cpu);
		if (!cpumask_test_cpu(cpu, jh.root->cpus))
			return jh_refuse_item(r, -EBUSY, JAILHOUSE_REASON_CPU_NOT_IN_ROOT,
					      JAILHOUSE_ITEM_CPU, cpu);
		cpumask_set_cpu(cpu, cell->cpus);
	}
	for_each_cpu(cpu, cell->cpus) {
		err = jh_arch_check_cell_cpu(cpu, r);
		if (err)
			return err;
	}
	return 0;
}

/* Moves a CPU in the bookkeeping, with its directory in sysfs. */
static void move_cpu(struct jh_cell *from, struct jh_cell *to, unsigned int cpu)
{
	down_write(&jh.state);
	if (to != jh.root)
		cpumask_clear_cpu(cpu, &jh.owned);
	else
		cpumask_set_cpu(cpu, &jh.owned);
	cpumask_clear_cpu(cpu, from->cpus);
	cpumask_set_cpu(cpu, to->cpus);
	up_write(&jh.state);

	jh_sysfs_cpu_remove(from, cpu);
	if (jh_sysfs_cpu_add(to, cpu))
		pr_warn("no statistics of CPU %u in sysfs: out of memory\n", cpu);
}

/* Gives the CPUs back to Linux and brings those online that were taken from it. */
static void return_cpus(struct jh_cell *cell)
{
	unsigned int cpu;
	int err;

	for_each_cpu(cpu, cell->cpus)
		move_cpu(cell, jh.root, cpu);
	for_each_cpu(cpu, cell->offlined) {
		err = add_cpu(cpu);
		if (err < 0)
			pr_err("failed to bring CPU %u back online (error %d)\n", cpu, -err);
	}
	cpumask_clear(cell->offlined);
}

/* Takes the CPUs from Linux, or none of them. */
static int take_cpus(struct jh_cell *cell, const struct cpumask *wanted,
		     struct jailhouse_reason *r)
{
	unsigned int cpu;
	int err;

	for_each_cpu(cpu, wanted) {
		/* From here on nobody else can bring it online again. */
		move_cpu(jh.root, cell, cpu);
		if (!cpu_online(cpu))
			continue;
		err = remove_cpu(cpu);
		if (err < 0) {
			jh_refuse(r, err, JAILHOUSE_REASON_CPU_HOTPLUG, JAILHOUSE_ITEM_CPU, cpu,
				  -err, 0, 0, 0);
			return_cpus(cell);
			return err;
		}
		/* Positive: someone else was faster. */
		if (!err)
			cpumask_set_cpu(cpu, cell->offlined);
	}
	return 0;
}

/* The part of creation that has to be undone: CPUs, PCI devices, and the hypervisor's cell */
static int hand_over(struct jh_cell *cell, struct jailhouse_reason *r)
{
	cpumask_var_t wanted;
	int err;

	if (!alloc_cpumask_var(&wanted, GFP_KERNEL))
		return jh_refuse_args(r, -ENOMEM, JAILHOUSE_REASON_NO_KERNEL_MEMORY, 0, 0);
	cpumask_copy(wanted, cell->cpus);
	cpumask_clear(cell->cpus);
	err = take_cpus(cell, wanted, r);
	free_cpumask_var(wanted);
	if (err)
		return err;

	err = jh_pci_claim(cell, r);
	if (!err) {
		err = jh_request(JAILHOUSE_HC_CELL_CREATE, virt_to_phys(cell->config), r);
		if (!err)
			return 0;
		jh_pci_release(cell);
	}
	return_cpus(cell);
	return err;
}

static int create_locked(struct jh_cell *cell, struct jailhouse_reason *r)
{
	struct jh_cell *other = cell_by_name(cell->name);
	int err;

	if (other)
		return jh_refuse_args(r, -EEXIST, JAILHOUSE_REASON_CELL_NAME_USED, other->id, 0);
	cell->id = lowest_free_id();
	cell->config->id = cell->id;
	err = check_cpus(cell, r);
	if (!err)
		err = jh_config_check_memory(cell->config, r);
	if (err)
		return err;
	err = jh_sysfs_cell_add(cell);
	if (err)
		return jh_refuse_args(r, err, JAILHOUSE_REASON_NO_KERNEL_MEMORY, 0, 0);
	err = hand_over(cell, r);
	if (err) {
		jh_sysfs_cell_remove(cell);
		return err;
	}

	down_write(&jh.state);
	cell->alive = true;
	list_add_tail(&cell->entry, &jh.cells);
	up_write(&jh.state);
	pr_info("Created Jailhouse cell \"%s\"\n", cell->name);
	jh_event(JAILHOUSE_EVENT_CREATED, cell, JAILHOUSE_CELL_SHUT_DOWN, NULL);
	return 0;
}

/**
 * jh_cell_create() - create a cell
 * @address: user address of the configuration
 * @size: bytes there
 * @id: receives the id
 * @r: filled in on failure; everything is as before then
 */
int jh_cell_create(u64 address, u64 size, u32 *id, struct jailhouse_reason *r)
{
	struct jailhouse_cell_desc *config;
	struct jh_cell *cell;
	size_t config_size;
	int err;

	err = jh_config_get_cell(address, size, &config, &config_size, r);
	if (err)
		return err;
	cell = jh_cell_alloc(config->name, false);
	if (!cell) {
		jh_config_put_cell(config, config_size);
		return jh_refuse_args(r, -ENOMEM, JAILHOUSE_REASON_NO_KERNEL_MEMORY, 0, 0);
	}
	cell->config = config;
	cell->config_size = config_size;

	err = jh_lock_enabled(r);
	if (!err) {
		err = create_locked(cell, r);
		*id = cell->id;
		jh_unlock();
	}
	if (err)
		kobject_put(&cell->kobj);
	return err;
}

/* With jh.lock held. On success the cell is gone. */
int jh_cell_destroy_locked(struct jh_cell *cell, struct jailhouse_reason *r)
{
	int err;

	if (cell == jh.root)
		return jh_refuse_item(r, -EINVAL, JAILHOUSE_REASON_CELL_IS_ROOT,
				      JAILHOUSE_ITEM_CELL, cell->id);
	jh_event_begin(cell);
	err = jh_request(JAILHOUSE_HC_CELL_DESTROY, cell->id, r);
	if (err) {
		jh_event_cancel(cell);
		return err;
	}

	down_write(&jh.state);
	cell->alive = false;
	list_del_init(&cell->entry);
	up_write(&jh.state);

	return_cpus(cell);
	jh_pci_release(cell);
	pr_info("Destroyed Jailhouse cell \"%s\"\n", cell->name);
	jh_event(JAILHOUSE_EVENT_DESTROYED, cell, JAILHOUSE_CELL_SHUT_DOWN, NULL);
	jh_sysfs_cell_remove(cell);
	kobject_put(&cell->kobj);
	return 0;
}

/**
 * jh_cell_destroy() - destroy a cell
 * @id: which
 * @r: filled in on failure
 */
int jh_cell_destroy(const struct jailhouse_cell_id *id, struct jailhouse_reason *r)
{
	struct jh_cell *cell;
	int err;

	err = jh_lock_cell(id, &cell, r);
	if (err)
		return err;
	err = jh_cell_destroy_locked(cell, r);
	jh_unlock();
	return err;
}
