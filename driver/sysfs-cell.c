// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * /sys/devices/jailhouse/cells/ID: one directory for each cell.
 */
#define pr_fmt(fmt) "jailhouse: " fmt

#include <linux/cpumask.h>
#include <linux/slab.h>
#include <linux/sysfs.h>

#include "arch.h"

/* A directory statistics/cpuN */
struct cpu_dir {
	struct kobject kobj;
	struct list_head entry;		/* jh_cell.cpu_dirs */
	u32 cpu;
};

static struct jh_cell *to_cell(struct kobject *kobj)
{
	return container_of(kobj, struct jh_cell, kobj);
}

static ssize_t name_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%s\n", to_cell(kobj)->name);
}

static const char *state_name(int state)
{
	switch (state) {
	case JAILHOUSE_CELL_RUNNING:
		return "running";
	case JAILHOUSE_CELL_RUNNING_LOCKED:
		return "running/locked";
	case JAILHOUSE_CELL_SHUT_DOWN:
		return "shut down";
	case JAILHOUSE_CELL_FAILED:
		return "failed";
	case JAILHOUSE_CELL_FAILED_COMM_REV:
		return "Comm ABI mismatch";
	default:
		return "invalid";
	}
}

static ssize_t state_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	struct jh_cell *cell = to_cell(kobj);
	int state = -ENOENT;

	down_read(&jh.state);
	if (cell->alive)
		state = jh_cell_state(cell);
	up_read(&jh.state);
	return sysfs_emit(buf, "%s\n", state_name(state));
}

/* As a bitmap, or as a list of ranges. Called with jh.state. */
static ssize_t show_mask(char *buf, const struct cpumask *mask, bool as_list)
{
	return cpumap_print_to_pagebuf(as_list, buf, mask);
}

static ssize_t show_assigned(struct kobject *kobj, char *buf, bool as_list)
{
	ssize_t length;

	down_read(&jh.state);
	length = show_mask(buf, to_cell(kobj)->cpus, as_list);
	up_read(&jh.state);
	return length;
}

static ssize_t cpus_assigned_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	return show_assigned(kobj, buf, false);
}

static ssize_t cpus_assigned_list_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	return show_assigned(kobj, buf, true);
}

static ssize_t show_failed(struct kobject *kobj, char *buf, bool as_list)
{
	struct jh_cell *cell = to_cell(kobj);
	cpumask_var_t failed;
	unsigned int cpu;
	ssize_t length;

	if (!zalloc_cpumask_var(&failed, GFP_KERNEL))
		return -ENOMEM;
	down_read(&jh.state);
	if (cell->alive)
		for_each_cpu(cpu, cell->cpus)
			if (jh_cpu_failed(cpu))
				cpumask_set_cpu(cpu, failed);
	up_read(&jh.state);
	length = show_mask(buf, failed, as_list);
	free_cpumask_var(failed);
	return length;
}

static ssize_t cpus_failed_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	return show_failed(kobj, buf, false);
}

static ssize_t cpus_failed_list_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	return show_failed(kobj, buf, true);
}

/* What the hypervisor cannot keep apart, one line each */
static ssize_t isolation_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	u32 missing = 0;
	int length = 0;

	down_read(&jh.state);
	if (jh.enabled)
		missing = READ_ONCE(jh_info()->isolation);
	up_read(&jh.state);
	if (missing & JAILHOUSE_ISOLATION_NO_DMA)
		length += sysfs_emit_at(buf, length, "no DMA protection\n");
	if (missing & JAILHOUSE_ISOLATION_NO_MSI_REMAP)
		length += sysfs_emit_at(buf, length, "no MSI remapping\n");
	if (!length)
		length = sysfs_emit(buf, "full\n");
	return length;
}

#define CELL_ATTR(name) static struct kobj_attribute name##_attr = __ATTR_RO(name)

CELL_ATTR(name);
CELL_ATTR(state);
CELL_ATTR(cpus_assigned);
CELL_ATTR(cpus_assigned_list);
CELL_ATTR(cpus_failed);
CELL_ATTR(cpus_failed_list);
CELL_ATTR(isolation);

static struct attribute *cell_attrs[] = {
	&name_attr.attr,
	&state_attr.attr,
	&cpus_assigned_attr.attr,
	&cpus_assigned_list_attr.attr,
	&cpus_failed_attr.attr,
	&cpus_failed_list_attr.attr,
	&isolation_attr.attr,
	NULL,
};
ATTRIBUTE_GROUPS(cell);

static void cell_release(struct kobject *kobj)
{
	struct jh_cell *cell = to_cell(kobj);

	/* The root cell's configuration is a part of the system's. */
	if (cell->config_size)
		jh_config_put_cell(cell->config, cell->config_size);
	free_cpumask_var(cell->cpus);
	free_cpumask_var(cell->failed);
	free_cpumask_var(cell->last_failed);
	free_cpumask_var(cell->offlined);
	kfree(cell);
}

const struct kobj_type jh_cell_type = {
	.release = cell_release,
	.sysfs_ops = &kobj_sysfs_ops,
	.default_groups = cell_groups,
};

static void cpu_dir_release(struct kobject *kobj)
{
	kfree(container_of(kobj, struct cpu_dir, kobj));
}

JH_STAT(vmexits_total, VMEXITS_TOTAL);
JH_STAT(vmexits_mmio, VMEXITS_MMIO);
JH_STAT(vmexits_management, VMEXITS_MANAGEMENT);
JH_STAT(vmexits_hypercall, VMEXITS_HYPERCALL);

static struct attribute *stat_attrs[] = {
	&jh_stat_vmexits_total.attr.attr,
	&jh_stat_vmexits_mmio.attr.attr,
	&jh_stat_vmexits_management.attr.attr,
	&jh_stat_vmexits_hypercall.attr.attr,
	NULL,
};

static const struct attribute_group stat_group = { .attrs = stat_attrs };
static const struct attribute_group *stat_groups[] = { &stat_group, &jh_arch_stat_group, NULL };

static const struct kobj_type cpu_dir_type = {
	.release = cpu_dir_release,
	.sysfs_ops = &kobj_sysfs_ops,
	.default_groups = stat_groups,
};

/* A counter of one CPU in statistics/cpuN, the sum over the cell's CPUs in statistics/. */
ssize_t jh_stat_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	u32 stat = container_of(attr, struct jh_stat_attribute, attr)->stat;
	struct jh_cell *cell;
	unsigned int cpu;
	u64 value = 0;

	down_read(&jh.state);
	if (kobj->ktype == &cpu_dir_type) {
		if (jh.enabled)
			value = jh_cpu_stat(container_of(kobj, struct cpu_dir, kobj)->cpu, stat);
	} else {
		cell = to_cell(kobj->parent);
		if (cell->alive)
			for_each_cpu(cpu, cell->cpus)
				value += jh_cpu_stat(cpu, stat);
	}
	up_read(&jh.state);
	return sysfs_emit(buf, "%llu\n", value);
}

/* Makes the cell's directory visible. */
int jh_sysfs_cell_add(struct jh_cell *cell)
{
	int err;

	err = kobject_add(&cell->kobj, jh.cells_kobj, "%u", cell->id);
	if (err)
		return err;
	cell->stats = kobject_create_and_add("statistics", &cell->kobj);
	if (!cell->stats) {
		kobject_del(&cell->kobj);
		return -ENOMEM;
	}
	err = sysfs_create_groups(cell->stats, stat_groups);
	if (err) {
		kobject_put(cell->stats);
		cell->stats = NULL;
		kobject_del(&cell->kobj);
	}
	return err;
}

/* Waits for readers of the files, who take jh.state. */
void jh_sysfs_cell_remove(struct jh_cell *cell)
{
	struct cpu_dir *dir, *next;

	list_for_each_entry_safe(dir, next, &cell->cpu_dirs, entry) {
		list_del(&dir->entry);
		kobject_del(&dir->kobj);
		kobject_put(&dir->kobj);
	}
	sysfs_remove_groups(cell->stats, stat_groups);
	kobject_del(cell->stats);
	kobject_put(cell->stats);
	cell->stats = NULL;
	kobject_del(&cell->kobj);
}

int jh_sysfs_cpu_add(struct jh_cell *cell, u32 cpu)
{
	struct cpu_dir *dir = kzalloc(sizeof(*dir), GFP_KERNEL);
	int err;

	if (!dir)
		return -ENOMEM;
	dir->cpu = cpu;
	err = kobject_init_and_add(&dir->kobj, &cpu_dir_type, cell->stats, "cpu%u", cpu);
	if (err) {
		kobject_put(&dir->kobj);
		return err;
	}
	list_add_tail(&dir->entry, &cell->cpu_dirs);
	return 0;
}

void jh_sysfs_cpu_remove(struct jh_cell *cell, u32 cpu)
{
	struct cpu_dir *dir;

	list_for_each_entry(dir, &cell->cpu_dirs, entry) {
		if (dir->cpu != cpu)
			continue;
		list_del(&dir->entry);
		kobject_del(&dir->kobj);
		kobject_put(&dir->kobj);
		return;
	}
}
