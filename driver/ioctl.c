// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The driver's own ioctls: sized structures, each failure with a reason.
 */
#define pr_fmt(fmt) "jailhouse: " fmt

#include <linux/fs.h>
#include <linux/poll.h>
#include <linux/uaccess.h>

#include "driver.h"
#include "ioctl-arg.h"

struct jh_command {
	const char *name;
	u32 size;			/* of the structure */
	u32 reason;			/* offset of its reason */
	u32 zero;			/* offset of a field that is reserved, 0 for none */
	bool quiet;			/* refusals are no news: not logged */
	int (*run)(struct jh_file *f, union jh_ioctl_arg *arg, struct jailhouse_reason *r);
};

static int bad_argument(struct jailhouse_reason *r, u32 offset, u64 value)
{
	return jh_refuse_args(r, -EINVAL, JAILHOUSE_REASON_BAD_ARGUMENT, offset, value);
}

static int run_info(struct jh_file *f, union jh_ioctl_arg *arg, struct jailhouse_reason *r)
{
	return jh_query_info(&arg->info);
}

static int run_enable(struct jh_file *f, union jh_ioctl_arg *arg, struct jailhouse_reason *r)
{
	u32 flags = arg->enable.flags;

	if (flags & ~JAILHOUSE_IOC_ENABLE_PERMISSIVE)
		return bad_argument(r, offsetof(struct jailhouse_ioc_enable, flags), flags);
	return jh_enable(arg->enable.config_address, arg->enable.config_size,
			 flags & JAILHOUSE_IOC_ENABLE_PERMISSIVE ? JAILHOUSE_ENABLE_PERMISSIVE : 0,
			 r);
}

static int run_disable(struct jh_file *f, union jh_ioctl_arg *arg, struct jailhouse_reason *r)
{
	return jh_disable(r);
}

static int run_create(struct jh_file *f, union jh_ioctl_arg *arg, struct jailhouse_reason *r)
{
	return jh_cell_create(arg->create.config_address, arg->create.config_size, &arg->create.id,
			      r);
}

static struct jailhouse_cell_id *cell_id(struct jailhouse_cell_id *id)
{
	id->name[JAILHOUSE_CELL_ID_NAMELEN] = 0;
	return id;
}

static int get_image(void *context, u32 index, struct jailhouse_preload_image *image)
{
	const struct jailhouse_ioc_cell_load *load = context;

	if (copy_from_user(image, u64_to_user_ptr(load->images + index * sizeof(*image)),
			   sizeof(*image)))
		return -EFAULT;
	return 0;
}

static int run_load(struct jh_file *f, union jh_ioctl_arg *arg, struct jailhouse_reason *r)
{
	if (arg->load.flags)
		return bad_argument(r, offsetof(struct jailhouse_ioc_cell_load, flags),
				    arg->load.flags);
	if (arg->load.num_images > JAILHOUSE_IOC_MAX_IMAGES)
		return bad_argument(r, offsetof(struct jailhouse_ioc_cell_load, num_images),
				    arg->load.num_images);
	return jh_cell_load(cell_id(&arg->load.cell_id), arg->load.num_images, get_image,
			    &arg->load, r);
}

static int run_shutdown(struct jh_file *f, union jh_ioctl_arg *arg, struct jailhouse_reason *r)
{
	return jh_cell_load(cell_id(&arg->cell.cell_id), 0, NULL, NULL, r);
}

static int run_start(struct jh_file *f, union jh_ioctl_arg *arg, struct jailhouse_reason *r)
{
	return jh_cell_start(cell_id(&arg->cell.cell_id), r);
}

static int run_destroy(struct jh_file *f, union jh_ioctl_arg *arg, struct jailhouse_reason *r)
{
	return jh_cell_destroy(cell_id(&arg->cell.cell_id), r);
}

static int run_get_config(struct jh_file *f, union jh_ioctl_arg *arg, struct jailhouse_reason *r)
{
	return jh_query_config(&arg->get_config);
}

static int run_cell_info(struct jh_file *f, union jh_ioctl_arg *arg, struct jailhouse_reason *r)
{
	cell_id(&arg->cell_info.cell_id);
	return jh_query_cell(&arg->cell_info);
}

static int run_next_cell(struct jh_file *f, union jh_ioctl_arg *arg, struct jailhouse_reason *r)
{
	return jh_query_next_cell(&arg->next_cell);
}

static int run_stats(struct jh_file *f, union jh_ioctl_arg *arg, struct jailhouse_reason *r)
{
	return jh_query_stats(&arg->stats);
}

static int run_record(struct jh_file *f, union jh_ioctl_arg *arg, struct jailhouse_reason *r)
{
	return jh_query_record(&arg->record);
}

static int run_learned(struct jh_file *f, union jh_ioctl_arg *arg, struct jailhouse_reason *r)
{
	return jh_query_learned(&arg->learned);
}

static int run_mode(struct jh_file *f, union jh_ioctl_arg *arg, struct jailhouse_reason *r)
{
	if (arg->mode.mode & ~(JAILHOUSE_MODE_EAGAIN | JAILHOUSE_MODE_EVENTS))
		return bad_argument(r, offsetof(struct jailhouse_ioc_mode, mode), arg->mode.mode);
	WRITE_ONCE(f->mode, arg->mode.mode);
	return 0;
}

static int run_ack_events(struct jh_file *f, union jh_ioctl_arg *arg, struct jailhouse_reason *r)
{
	arg->events.event_seq = jh_events_acknowledge(f);
	return 0;
}

static int run_read_events(struct jh_file *f, union jh_ioctl_arg *arg, struct jailhouse_reason *r)
{
	u32 size = arg->read_events.event_size;

	if (size < sizeof(struct jailhouse_ioc_event) || size > 4096 || size % 8)
		return bad_argument(r, offsetof(struct jailhouse_ioc_read_events, event_size), size);
	return jh_events_read(f, &arg->read_events);
}

static int run_hardware(struct jh_file *f, union jh_ioctl_arg *arg, struct jailhouse_reason *r)
{
	return jh_query_hardware(&arg->hardware);
}

#define COMMAND(ioctl, type, function, reserved_field, is_quiet)                                   \
	[_IOC_NR(ioctl)] = {                                                                       \
		.name = #function,                                                                 \
		.size = sizeof(struct type),                                                       \
		.reason = offsetof(struct type, reason),                                           \
		.zero = reserved_field,                                                            \
		.quiet = is_quiet,                                                                 \
		.run = run_##function,                                                             \
	}
#define RESERVED(type, field) offsetof(struct type, field)

static const struct jh_command commands[] = {
	COMMAND(JAILHOUSE_IOC_GET_INFO, jailhouse_ioc_info, info, 0, true),
	COMMAND(JAILHOUSE_IOC_ENABLE, jailhouse_ioc_enable, enable,
		RESERVED(jailhouse_ioc_enable, reserved), false),
	COMMAND(JAILHOUSE_IOC_DISABLE, jailhouse_ioc_disable, disable,
		RESERVED(jailhouse_ioc_disable, flags), false),
	COMMAND(JAILHOUSE_IOC_CELL_CREATE, jailhouse_ioc_cell_create, create,
		RESERVED(jailhouse_ioc_cell_create, flags), false),
	COMMAND(JAILHOUSE_IOC_CELL_LOAD, jailhouse_ioc_cell_load, load,
		RESERVED(jailhouse_ioc_cell_load, reserved), false),
	COMMAND(JAILHOUSE_IOC_CELL_START, jailhouse_ioc_cell, start,
		RESERVED(jailhouse_ioc_cell, flags), false),
	COMMAND(JAILHOUSE_IOC_CELL_DESTROY, jailhouse_ioc_cell, destroy,
		RESERVED(jailhouse_ioc_cell, flags), false),
	COMMAND(JAILHOUSE_IOC_CELL_SHUTDOWN, jailhouse_ioc_cell, shutdown,
		RESERVED(jailhouse_ioc_cell, flags), false),
	COMMAND(JAILHOUSE_IOC_GET_CONFIG, jailhouse_ioc_get_config, get_config, 0, true),
	COMMAND(JAILHOUSE_IOC_CELL_INFO, jailhouse_ioc_cell_info, cell_info,
		RESERVED(jailhouse_ioc_cell_info, reserved), true),
	COMMAND(JAILHOUSE_IOC_NEXT_CELL, jailhouse_ioc_next_cell, next_cell, 0, true),
	COMMAND(JAILHOUSE_IOC_CPU_STATS, jailhouse_ioc_cpu_stats, stats, 0, true),
	COMMAND(JAILHOUSE_IOC_CPU_RECORD, jailhouse_ioc_cpu_record, record, 0, true),
	COMMAND(JAILHOUSE_IOC_LEARNED, jailhouse_ioc_learned, learned, 0, true),
	COMMAND(JAILHOUSE_IOC_SET_MODE, jailhouse_ioc_mode, mode, 0, true),
	COMMAND(JAILHOUSE_IOC_ACK_EVENTS, jailhouse_ioc_events, ack_events, 0, true),
	COMMAND(JAILHOUSE_IOC_READ_EVENTS, jailhouse_ioc_read_events, read_events,
		RESERVED(jailhouse_ioc_read_events, flags), true),
	COMMAND(JAILHOUSE_IOC_HARDWARE, jailhouse_ioc_hardware, hardware,
		RESERVED(jailhouse_ioc_hardware, reserved), true),
};

/* Fields that a caller leaves to the driver; what stands in them is not looked at. */
static u32 reserved_value(const struct jh_command *c, const union jh_ioctl_arg *arg)
{
	return c->zero ? *(const u32 *)((const u8 *)arg + c->zero) : 0;
}

static int run(const struct jh_command *c, struct jh_file *f, union jh_ioctl_arg *arg)
{
	/* The queries use the reason in their own structure. */
	struct jailhouse_reason *r = (void *)arg + c->reason;

	*r = (struct jailhouse_reason){ 0 };
	if (reserved_value(c, arg))
		return bad_argument(r, c->zero, reserved_value(c, arg));
	return c->run(f, arg, r);
}

/* The caller's structure may be older (shorter) or newer (longer) than ours. */
static long run_new(const struct jh_command *c, struct jh_file *f, void __user *user)
{
	struct jailhouse_reason *r;
	union jh_ioctl_arg arg;
	u32 size;
	int err;

	if (get_user(size, (u32 __user *)user))
		return -EFAULT;
	if (size < sizeof(size))
		return -EINVAL;
	if (size > PAGE_SIZE)
		return -E2BIG;
	memset(&arg, 0, sizeof(arg));
	err = copy_struct_from_user(&arg, c->size, user, size);
	if (err)
		return err;
	arg.size = size;
	err = run(c, f, &arg);

	r = (void *)&arg + c->reason;
	if (err) {
		/* A reason from the hypervisor carries its own errno, which is this one. */
		r->error = err;
		if (!c->quiet)
			jh_log_reason(c->name, r);
	} else {
		*r = (struct jailhouse_reason){ 0 };
	}
	if (copy_to_user(user, &arg, min(size, c->size)))
		return -EFAULT;
	return err;
}

long jh_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	unsigned int nr = _IOC_NR(cmd);

	if (_IOC_TYPE(cmd) == 0)
		return jh_ioctl_legacy(cmd, arg);
	/* The size in the number changes when the structure grows; the one in it counts. */
	if (_IOC_TYPE(cmd) != JAILHOUSE_IOC_MAGIC || _IOC_DIR(cmd) != (_IOC_READ | _IOC_WRITE) ||
	    nr >= ARRAY_SIZE(commands))
		return -ENOTTY;
	return run_new(&commands[nr], file->private_data, (void __user *)arg);
}
