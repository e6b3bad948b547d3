// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Module and device node of the partitioning hypervisor's driver.
 */
#define pr_fmt(fmt) "jailhouse: " fmt

#include <linux/fs.h>
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/slab.h>

#include "arch.h"

static int jh_open(struct inode *inode, struct file *file)
{
	struct jh_file *f = kzalloc(sizeof(*f), GFP_KERNEL);

	if (!f)
		return -ENOMEM;
	mutex_init(&f->lock);
	down_read(&jh.state);
	jh_events_open(f);
	up_read(&jh.state);
	file->private_data = f;
	return 0;
}

static int jh_release(struct inode *inode, struct file *file)
{
	kfree(file->private_data);
	return 0;
}

/*
 * EPOLLHUP and EPOLLERR, which are about the console, reach their caller whether they are asked for
 * or not. Who waits for events only would never sleep while the hypervisor is off.
 */
static __poll_t jh_poll(struct file *file, poll_table *wait)
{
	struct jh_file *f = file->private_data;
	bool events = READ_ONCE(f->mode) & JAILHOUSE_MODE_EVENTS;
	bool console = !events && poll_requested_events(wait) & (EPOLLIN | EPOLLRDNORM);
	__poll_t mask;

	poll_wait(file, &jh_wait, wait);
	jh_events_watch();

	down_read(&jh.state);
	mask = console ? jh_console_poll(f) : 0;
	if (jh_events_pending(f))
		mask |= events ? EPOLLPRI | EPOLLIN | EPOLLRDNORM : EPOLLPRI;
	up_read(&jh.state);
	return mask;
}

static const struct file_operations jh_fops = {
	.owner = THIS_MODULE,
	.open = jh_open,
	.release = jh_release,
	.read = jh_console_read,
	.poll = jh_poll,
	.unlocked_ioctl = jh_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.llseek = noop_llseek,
};

struct jh_driver jh = {
	.misc = {
		.minor = MISC_DYNAMIC_MINOR,
		.name = "jailhouse",
		.fops = &jh_fops,
	},
	.lock = __MUTEX_INITIALIZER(jh.lock),
	.state = __RWSEM_INITIALIZER(jh.state),
	.cells = LIST_HEAD_INIT(jh.cells),
};

static int __init jh_init(void)
{
	int err;

	err = jh_sysfs_init();
	if (err)
		return err;
	err = jh_pci_init();
	if (err)
		goto err_sysfs;
	err = jh_notify_init();
	if (err)
		goto err_pci;
	err = misc_register(&jh.misc);
	if (err)
		goto err_notify;
	return 0;

err_notify:
	jh_notify_exit();
err_pci:
	jh_pci_exit();
err_sysfs:
	jh_sysfs_exit();
	return err;
}

/* Not called while the hypervisor runs, as that holds a reference to the module. */
static void __exit jh_exit(void)
{
	misc_deregister(&jh.misc);
	jh_events_exit();
	jh_notify_exit();
	jh_pci_exit();
	jh_image_release();
	jh_sysfs_exit();
}

module_init(jh_init);
module_exit(jh_exit);

MODULE_DESCRIPTION("Driver of the libjailhouse partitioning hypervisor");
MODULE_LICENSE("Dual BSD/GPL");
MODULE_VERSION(JH_VERSION);
MODULE_FIRMWARE("jailhouse-amd.bin");
MODULE_FIRMWARE("jailhouse-intel.bin");
