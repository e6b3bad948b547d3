// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Disable: destroy all cells and take the hypervisor away from below Linux.
 */
#define pr_fmt(fmt) "jailhouse: " fmt

#include <linux/cpu.h>
#include <linux/mm.h>
#include <linux/module.h>

#include "arch.h"

/*
 * CPUs that will not run Linux when all cells are gone: the hypervisor waits for every one of them.
 */
static int check_offline_cpus(struct jailhouse_reason *r)
{
	struct jh_cell *cell;
	unsigned int cpu;

	list_for_each_entry(cell, &jh.cells, entry)
		for_each_cpu(cpu, cell->cpus)
			if (!cpu_online(cpu) && !cpumask_test_cpu(cpu, cell->offlined))
				return jh_refuse_item(r, -EBUSY, JAILHOUSE_REASON_CPU_OFFLINE,
						      JAILHOUSE_ITEM_CPU, cpu);
	return 0;
}

/* A root CPU that was stopped answers neither Linux nor the hypervisor. */
static int check_failed_cpus(struct jailhouse_reason *r)
{
	unsigned int cpu;

	for_each_cpu(cpu, jh.root->cpus)
		if (jh_cpu_failed(cpu))
			return jh_refuse_item(r, -EBUSY, JAILHOUSE_REASON_ROOT_CPU_FAILED,
					      JAILHOUSE_ITEM_CPU, cpu);
	return 0;
}

/* A locked cell vetoes the destruction of those that come before it, but not its own. */
static int check_locked_cells(struct jailhouse_reason *r)
{
	struct jh_cell *cell;
	bool first = true;

	list_for_each_entry(cell, &jh.cells, entry) {
		if (cell == jh.root)
			continue;
		if (!first && jh_cell_state(cell) == JAILHOUSE_CELL_RUNNING_LOCKED)
			return jh_refuse_item(r, -EPERM, JAILHOUSE_REASON_CELL_LOCKED,
					      JAILHOUSE_ITEM_CELL, cell->id);
		first = false;
	}
	return 0;
}

static int destroy_cells(struct jailhouse_reason *r)
{
	struct jh_cell *cell, *next;
	unsigned int destroyed = 0;
	int err;

	list_for_each_entry_safe(cell, next, &jh.cells, entry) {
		if (cell == jh.root)
			continue;
		err = jh_cell_destroy_locked(cell, r);
		if (err) {
			pr_err("failed to destroy cell \"%s\" (%u others are gone)\n", cell->name,
			       destroyed);
			return err;
		}
		destroyed++;
	}
	return 0;
}

/* The moment itself. CPU hotplug is disabled. */
static int leave(struct jailhouse_reason *r)
{
	struct jh_cell *root = jh.root;
	unsigned int cpu;
	int err;

	for_each_cpu(cpu, root->cpus)
		if (!cpu_online(cpu))
			return jh_refuse_item(r, -EBUSY, JAILHOUSE_REASON_CPU_OFFLINE,
					      JAILHOUSE_ITEM_CPU, cpu);
	err = check_failed_cpus(r);
	if (err)
		return err;

	down_write(&jh.state);
	err = jh_arch_leave();
	if (!err) {
		jh_snapshot_take();
		atomic_add(jh.snapshot->info.event_seq, &jh.event_base);
		jh.enabled = false;
		jh.permissive = false;
		jh.root = NULL;
		list_del_init(&root->entry);
		root->alive = false;
	}
	up_write(&jh.state);
	if (err)
		jh_info_reason(r, err);
	return err;
}

/* With jh.lock held and the hypervisor running */
int jh_disable_locked(struct jailhouse_reason *r)
{
	struct jailhouse_system *config = jh.config;
	struct jh_cell *root = jh.root;
	int err;

	/* All that can be known to fail, before the first cell is asked */
	err = check_offline_cpus(r);
	if (!err)
		err = check_failed_cpus(r);
	if (!err)
		err = check_locked_cells(r);
	if (!err)
		err = destroy_cells(r);
	if (err)
		return err;

	jh_pci_remove_virtual();
	cpu_hotplug_disable();
	err = leave(r);
	cpu_hotplug_enable();
	if (err) {
		jh_pci_add_virtual();
		return err;
	}

	jh_sysfs_cell_remove(root);
	kobject_put(&root->kobj);
	jh_arch_release();
	down_write(&jh.state);
	jh.config = NULL;
	jh.config_size = 0;
	up_write(&jh.state);
	kvfree(config);
	pr_info("The Jailhouse was closed.\n");
	jh_event(JAILHOUSE_EVENT_DISABLED, NULL, 0, NULL);
	module_put(THIS_MODULE);
	return 0;
}

/**
 * jh_disable() - stop the hypervisor
 * @r: filled in on failure. Cells that were destroyed before the one that refused stay so.
 */
int jh_disable(struct jailhouse_reason *r)
{
	int err = jh_lock_enabled(r);

	if (err)
		return err;
	err = jh_disable_locked(r);
	jh_unlock();
	return err;
}
