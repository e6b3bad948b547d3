// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * /sys/devices/jailhouse: what concerns the whole machine.
 */
#define pr_fmt(fmt) "jailhouse: " fmt

#include <linux/device.h>
#include <linux/sysfs.h>

#include "driver.h"

static ssize_t enabled_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%d\n", READ_ONCE(jh.enabled));
}
static DEVICE_ATTR_RO(enabled);

static ssize_t console_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	ssize_t length;

	down_read(&jh.state);
	length = jh_console_copy(buf);
	up_read(&jh.state);
	return length;
}
static DEVICE_ATTR_RO(console);

static ssize_t show_info(u32 type, char *buf)
{
	u32 value;

	down_read(&jh.state);
	value = jh.enabled ? jh_hypervisor_info(type) : 0;
	up_read(&jh.state);
	return sysfs_emit(buf, "%u\n", value);
}

#define POOL_ATTR(name, type)                                                                      \
	static ssize_t name##_show(struct device *dev, struct device_attribute *attr, char *buf)   \
	{                                                                                          \
		return show_info(JAILHOUSE_INFO_##type, buf);                                      \
	}                                                                                          \
	static DEVICE_ATTR_RO(name)

POOL_ATTR(mem_pool_size, MEM_POOL_SIZE);
POOL_ATTR(mem_pool_used, MEM_POOL_USED);
POOL_ATTR(remap_pool_size, REMAP_POOL_SIZE);
POOL_ATTR(remap_pool_used, REMAP_POOL_USED);

static struct attribute *root_attrs[] = {
	&dev_attr_enabled.attr,
	&dev_attr_console.attr,
	&dev_attr_mem_pool_size.attr,
	&dev_attr_mem_pool_used.attr,
	&dev_attr_remap_pool_size.attr,
	&dev_attr_remap_pool_used.attr,
	NULL,
};

static const struct attribute_group root_group = { .attrs = root_attrs };

/* sysfs bounds offset and count by the size of the file. */
static ssize_t core_read(struct file *file, struct kobject *kobj, struct bin_attribute *attr,
			 char *buf, loff_t offset, size_t count)
{
	down_read(&jh.state);
	if (jh.mem.base && offset + count <= jh.mem.size)
		memcpy(buf, jh.mem.base + offset, count);
	else
		count = 0;
	up_read(&jh.state);
	return count;
}

static struct bin_attribute core_attr = {
	.attr = { .name = "core", .mode = 0400 },
	.read = core_read,
};

int jh_sysfs_core_add(size_t size)
{
	int err;

	core_attr.size = size;
	err = sysfs_create_bin_file(&jh.root_dev->kobj, &core_attr);
	if (!err)
		jh.mem.core_file = true;
	return err;
}

/* Waits for readers, so jh.state must not be held. */
void jh_sysfs_core_remove(void)
{
	if (jh.mem.core_file)
		sysfs_remove_bin_file(&jh.root_dev->kobj, &core_attr);
	jh.mem.core_file = false;
}

int jh_sysfs_init(void)
{
	int err;

	jh.root_dev = root_device_register("jailhouse");
	if (IS_ERR(jh.root_dev))
		return PTR_ERR(jh.root_dev);
	err = sysfs_create_group(&jh.root_dev->kobj, &root_group);
	if (err)
		goto err_root;
	jh.cells_kobj = kobject_create_and_add("cells", &jh.root_dev->kobj);
	if (!jh.cells_kobj) {
		err = -ENOMEM;
		goto err_group;
	}
	return 0;

err_group:
	sysfs_remove_group(&jh.root_dev->kobj, &root_group);
err_root:
	root_device_unregister(jh.root_dev);
	return err;
}

void jh_sysfs_exit(void)
{
	kobject_put(jh.cells_kobj);
	sysfs_remove_group(&jh.root_dev->kobj, &root_group);
	root_device_unregister(jh.root_dev);
}
