// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Enable: put the hypervisor below the running Linux, which becomes the root cell.
 */
#define pr_fmt(fmt) "jailhouse: " fmt

#include <linux/cpu.h>
#include <linux/io.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "arch.h"

/* jh.lock for a request of a user. */
int jh_lock(struct jailhouse_reason *r)
{
	if (mutex_lock_interruptible(&jh.lock))
		return jh_refuse_item(r, -EINTR, JAILHOUSE_REASON_INTERRUPTED, JAILHOUSE_ITEM_NONE,
				      0);
	return 0;
}

/* The same, for one that needs a running hypervisor. */
int jh_lock_enabled(struct jailhouse_reason *r)
{
	int err = jh_lock(r);

	if (err)
		return err;
	if (!jh.enabled) {
		mutex_unlock(&jh.lock);
		return jh_refuse_item(r, -EINVAL, JAILHOUSE_REASON_NOT_ENABLED, JAILHOUSE_ITEM_NONE,
				      0);
	}
	return 0;
}

/* Switches the clock of the debug console on. */
static int open_clock_gate(const struct jailhouse_console *console, struct jailhouse_reason *r)
{
	void __iomem *reg;
	u32 value;

	if (!console->clock_reg)
		return 0;
	if (console->gate_nr > 31)
		return jh_refuse(r, -EINVAL, JAILHOUSE_REASON_CONFIG_COUNTS, JAILHOUSE_ITEM_NONE, 0,
				 offsetof(struct jailhouse_system, debug_console.gate_nr),
				 console->gate_nr, 31, 0);
	reg = ioremap(console->clock_reg, 4);
	if (!reg)
		return jh_refuse_args(r, -EINVAL, JAILHOUSE_REASON_MEMORY_MAP, console->clock_reg,
				      console->clock_reg + 3);
	value = readl(reg);
	if (CON_HAS_INVERTED_GATE(console->flags))
		value &= ~BIT(console->gate_nr);
	else
		value |= BIT(console->gate_nr);
	writel(value, reg);
	iounmap(reg);
	return 0;
}

/*
 * The root cell owns exactly the CPUs that run. One that Linux has run before and switched off
 * still executes Linux' code, and would do so outside the hypervisor. CPU hotplug is disabled.
 */
static int check_cpus(const struct jailhouse_cell_desc *root, u32 max_cpus,
		      struct jailhouse_reason *r)
{
	unsigned int cpu;

	for (cpu = 0; cpu < max_cpus; cpu++) {
		if (!jh_config_has_cpu(root, cpu))
			continue;
		if (cpu >= nr_cpu_ids || !cpu_present(cpu))
			return jh_refuse_item(r, -EINVAL, JAILHOUSE_REASON_CPU_MISSING,
					      JAILHOUSE_ITEM_CPU, cpu);
		if (!cpu_online(cpu))
			return jh_refuse_item(r, -EINVAL, JAILHOUSE_REASON_CPU_OFFLINE,
					      JAILHOUSE_ITEM_CPU, cpu);
	}
	for_each_online_cpu(cpu)
		if (!jh_config_has_cpu(root, cpu))
			return jh_refuse_item(r, -EINVAL, JAILHOUSE_REASON_CPU_UNEXPECTED,
					      JAILHOUSE_ITEM_CPU, cpu);
	for_each_present_cpu(cpu)
		if (!cpu_online(cpu) && jh_arch_cpu_was_online(cpu)) {
			pr_err("bring CPU %u online, or boot with maxcpus= so that it never runs\n",
			       cpu);
			return jh_refuse_item(r, -EBUSY, JAILHOUSE_REASON_CPU_NATIVE,
					      JAILHOUSE_ITEM_CPU, cpu);
		}
	return 0;
}

/* The bookkeeping of the root cell, and its files in sysfs */
static int make_root(struct jailhouse_system *config, struct jh_cell **result,
		     struct jailhouse_reason *r)
{
	struct jh_cell *root = jh_cell_alloc(config->root_cell.name, true);
	unsigned int cpu;
	int err = -ENOMEM;

	if (!root)
		goto out;
	root->config = &config->root_cell;
	cpumask_copy(root->cpus, cpu_online_mask);
	err = jh_sysfs_cell_add(root);
	if (err)
		goto out_put;
	for_each_cpu(cpu, root->cpus) {
		err = jh_sysfs_cpu_add(root, cpu);
		if (err)
			goto out_remove;
	}
	*result = root;
	return 0;

out_remove:
	jh_sysfs_cell_remove(root);
out_put:
	kobject_put(&root->kobj);
out:
	return jh_refuse_args(r, err, JAILHOUSE_REASON_NO_KERNEL_MEMORY, 0, 0);
}

/* What remains of an entry that failed: the reason, and the log. */
static void keep_failed_entry(struct jailhouse_reason *r, int err)
{
	struct jh_snapshot *snapshot;

	/* The driver may have one as well, where it did not get as far as the image. */
	if (r->code == JAILHOUSE_REASON_NONE)
		jh_info_reason(r, err);
	jh_arch_hint(r);

	down_write(&jh.state);
	jh_snapshot_take();
	/* Not the info page: nothing ran that it could be about. */
	jh.snapshot->has_info = false;
	snapshot = jh.snapshot;
	jh.snapshot = NULL;
	jh.config = NULL;
	up_write(&jh.state);

	jh_image_release();

	down_write(&jh.state);
	jh.snapshot = snapshot;
	up_write(&jh.state);
}

/* With the image in its memory and CPU hotplug disabled. jh.config and jh.snapshot are set. */
static int enter(struct jh_cell *root, u32 flags, struct jailhouse_reason *r)
{
	int err;

	down_write(&jh.state);
	err = jh_arch_enter(r);
	if (!err) {
		cpumask_copy(&jh.owned, root->cpus);
		cpumask_copy(&jh.system, root->cpus);
		root->alive = true;
		jh.root = root;
		list_add(&root->entry, &jh.cells);
		jh.permissive = flags & JAILHOUSE_ENABLE_PERMISSIVE;
		jh.enabled = true;
	}
	up_write(&jh.state);
	return err;
}

static int load_and_enter(struct jailhouse_system *config, u32 config_size, u32 flags,
			  struct jh_snapshot **snapshot, struct jailhouse_reason *r)
{
	u32 max_cpus = jh_config_max_cpus(&config->root_cell);
	struct jh_cell *root;
	int err;

	err = jh_image_load(config, config_size, max_cpus, flags, r);
	if (err)
		return err;
	down_write(&jh.state);
	jh.session++;
	up_write(&jh.state);

	err = open_clock_gate(&config->debug_console, r);
	if (err)
		goto out_image;
	err = make_root(config, &root, r);
	if (err)
		goto out_image;
	err = check_cpus(&config->root_cell, max_cpus, r);
	if (err)
		goto out_root;
	err = jh_arch_prepare(r);
	if (err)
		goto out_root;

	down_write(&jh.state);
	jh.config = config;
	jh.config_size = config_size;
	jh.snapshot = *snapshot;
	up_write(&jh.state);
	*snapshot = NULL;

	r->code = JAILHOUSE_REASON_NONE;
	err = enter(root, flags, r);
	if (!err)
		return 0;

	jh_arch_release();
	jh_sysfs_cell_remove(root);
	kobject_put(&root->kobj);
	keep_failed_entry(r, err);
	return err;

out_root:
	jh_arch_release();
	jh_sysfs_cell_remove(root);
	kobject_put(&root->kobj);
out_image:
	jh_image_release();
	return err;
}

static int enable_locked(struct jailhouse_system *config, u32 config_size, u32 flags,
			 struct jailhouse_reason *r)
{
	struct jh_snapshot *snapshot;
	int err;

	if (jh.enabled)
		return jh_refuse_item(r, -EBUSY, JAILHOUSE_REASON_ALREADY_ENABLED,
				      JAILHOUSE_ITEM_NONE, 0);
	if (jh.suspending)
		return jh_refuse_item(r, -EBUSY, JAILHOUSE_REASON_PM_REFUSED, JAILHOUSE_ITEM_NONE,
				      0);
	if (!try_module_get(THIS_MODULE))
		return -EBUSY;
	/* Allocated now, so that disable cannot fail for it. */
	snapshot = jh_snapshot_alloc(min(jh_config_max_cpus(&config->root_cell), nr_cpu_ids));
	if (!snapshot) {
		err = jh_refuse_args(r, -ENOMEM, JAILHOUSE_REASON_NO_KERNEL_MEMORY, 0, 0);
	} else {
		cpu_hotplug_disable();
		err = load_and_enter(config, config_size, flags, &snapshot, r);
		cpu_hotplug_enable();
		kvfree(snapshot);
	}
	if (err) {
		module_put(THIS_MODULE);
		return err;
	}
	jh_pci_add_virtual();
	pr_info("The Jailhouse is opening.\n");
	jh_event(JAILHOUSE_EVENT_ENABLED, jh.root, JAILHOUSE_CELL_RUNNING, NULL);
	return 0;
}

/**
 * jh_enable() - start the hypervisor
 * @address: user address of a system configuration
 * @size: bytes there, U64_MAX if not known
 * @flags: JAILHOUSE_ENABLE_...
 * @r: filled in on failure; nothing has changed then, except that the last session's memory and log
 *	may be gone, and that the log of a failed entry can be read
 */
int jh_enable(u64 address, u64 size, u32 flags, struct jailhouse_reason *r)
{
	struct jailhouse_system *config;
	u32 config_size;
	int err;

	err = jh_arch_check(r);
	if (err)
		return err;
	err = jh_config_get_system(address, size, &config, &config_size, r);
	if (err)
		return err;
	err = jh_lock(r);
	if (!err) {
		err = enable_locked(config, config_size, flags, r);
		jh_unlock();
	}
	if (err)
		kvfree(config);
	return err;
}
