// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The ioctls that existing tools use. They get an errno only; the reason goes to the log.
 */
#define pr_fmt(fmt) "jailhouse: " fmt

#include <linux/uaccess.h>

#include "driver.h"

/* As programs of 32 bits have it: the size of their pointers stands in the number. */
#define ENABLE_32 _IOC(_IOC_WRITE, 0, 0, sizeof(u32))

static int create(const void __user *user, struct jailhouse_reason *r)
{
	struct jailhouse_cell_create arg;
	u32 id;

	if (copy_from_user(&arg, user, sizeof(arg)))
		return -EFAULT;
	return jh_cell_create(arg.config_address, arg.config_size, &id, r);
}

static int get_image(void *context, u32 index, struct jailhouse_preload_image *image)
{
	const struct jailhouse_cell_load __user *user = (void __user *)context;

	return copy_from_user(image, &user->image[index], sizeof(*image)) ? -EFAULT : 0;
}

static int load(const struct jailhouse_cell_load __user *user, struct jailhouse_reason *r)
{
	struct jailhouse_cell_load arg;

	if (copy_from_user(&arg, user, sizeof(arg)))
		return -EFAULT;
	arg.cell_id.name[JAILHOUSE_CELL_ID_NAMELEN] = 0;
	return jh_cell_load(&arg.cell_id, arg.num_preload_images, get_image, (void __force *)user,
			    r);
}

static int for_cell(const void __user *user, struct jailhouse_reason *r,
		    int (*function)(const struct jailhouse_cell_id *, struct jailhouse_reason *))
{
	struct jailhouse_cell_id id;

	if (copy_from_user(&id, user, sizeof(id)))
		return -EFAULT;
	id.name[JAILHOUSE_CELL_ID_NAMELEN] = 0;
	return function(&id, r);
}

long jh_ioctl_legacy(unsigned int cmd, unsigned long arg)
{
	struct jailhouse_reason r = { 0 };
	void __user *user = (void __user *)arg;
	const char *name;
	int err;

	if (cmd == ENABLE_32)
		cmd = JAILHOUSE_ENABLE;
	switch (cmd) {
	case JAILHOUSE_ENABLE:
		name = "enable";
		err = jh_enable(arg, U64_MAX, 0, &r);
		break;
	case JAILHOUSE_DISABLE:
		name = "disable";
		err = jh_disable(&r);
		break;
	case JAILHOUSE_CELL_CREATE:
		name = "create";
		err = create(user, &r);
		break;
	case JAILHOUSE_CELL_LOAD:
		name = "load";
		err = load(user, &r);
		break;
	case JAILHOUSE_CELL_START:
		name = "start";
		err = for_cell(user, &r, jh_cell_start);
		break;
	case JAILHOUSE_CELL_DESTROY:
		name = "destroy";
		err = for_cell(user, &r, jh_cell_destroy);
		break;
	default:
		return -ENOTTY;
	}
	if (err)
		jh_log_reason(name, &r);
	return err;
}
