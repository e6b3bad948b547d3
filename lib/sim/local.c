/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Files of a machine in this process: what the device node is on a real one. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <jailhouse/ivshmem.h>

#include "sim.h"

static struct sim_local *local(struct jh_sim_file *file)
{
	return (struct sim_local *)file;
}

static bool wants_attention(struct sim_local *file)
{
	switch (file->file.use) {
	case JH_SIM_MONITOR:
		return sim_event_last(file->m) != file->event || sim_event_seq(file->m) != file->acked;
	case JH_SIM_CONSOLE:
	case JH_SIM_FOLLOW:
		return sim_console_readable(file->m, &file->console);
	default:
		return false;
	}
}

/* One byte in the pipe: readable. Both ends are ours; a client that empties it only harms itself.
 */
void sim_local_tell(struct sim_local *file)
{
	bool readable = wants_attention(file);
	ssize_t done;
	char byte = 0;

	if (file->file.use == JH_SIM_CONTROL || file->file.use == JH_SIM_LINK ||
	    readable == file->readable)
		return;
	file->readable = readable;
	done = readable ? write(file->signal_fd, &byte, 1) : read(file->file.fd, &byte, 1);
	(void)done;
}

static int enable(struct sim_machine *m, struct jailhouse_ioc_enable *q)
{
	if (q->flags & ~(uint32_t)JAILHOUSE_IOC_ENABLE_PERMISSIVE)
		return sim_refuse(&q->reason, -EINVAL, JAILHOUSE_REASON_BAD_ARGUMENT,
				  JAILHOUSE_ITEM_NONE, 0,
				  offsetof(struct jailhouse_ioc_enable, flags), q->flags, 0, 0);
	return sim_enable(m, (void *)(uintptr_t)q->config_address, q->config_size,
			  q->flags & JAILHOUSE_IOC_ENABLE_PERMISSIVE, &q->reason);
}

/* Those that are about the file itself. */
static int file_ioctl(struct sim_local *file, unsigned long request, void *arg)
{
	int err;

	pthread_mutex_lock(&file->m->state);
	err = request == JAILHOUSE_IOC_ACK_EVENTS ? sim_ioc_ack_events(file, arg)
						  : sim_ioc_read_events(file, arg);
	pthread_mutex_unlock(&file->m->state);
	return err;
}

static int link_request(struct sim_local *file, unsigned long request, void *arg)
{
	int err;

	if (file->file.use != JH_SIM_LINK)
		return -EINVAL;
	pthread_mutex_lock(&file->m->state);
	err = request == JH_SIM_IOC_LINK ? sim_ioc_link(file->m, &file->link, arg)
					 : sim_ioc_link_reg(file->m, &file->link, arg);
	pthread_mutex_unlock(&file->m->state);
	sim_tell_files(file->m);
	return err;
}

/* As the driver does on the last close: nobody is there. */
static void close_link(struct sim_local *file)
{
	struct jh_sim_link_reg state = {.reg = JAILHOUSE_IVSHMEM_REG_STATE, .write = 1};
	const struct sim_local *other;

	sim_links_remove(file->m, file->signal_fd);
	for (other = file->m->files; other; other = other->next)
		if (other != file && other->link.session == file->link.session &&
		    other->link.index == file->link.index)
			return;
	sim_ioc_link_reg(file->m, &file->link, &state);
}

static int local_ioctl(struct jh_sim_file *file, unsigned long request, void *arg)
{
	struct sim_machine *m = local(file)->m;

	switch (request) {
	case JAILHOUSE_IOC_GET_INFO:
		return sim_ioc_info(m, arg);
	case JAILHOUSE_IOC_ENABLE:
		return enable(m, arg);
	case JAILHOUSE_IOC_DISABLE:
		return sim_disable(m, &((struct jailhouse_ioc_disable *)arg)->reason);
	case JAILHOUSE_IOC_CELL_CREATE:
		return sim_ioc_create(m, arg);
	case JAILHOUSE_IOC_CELL_LOAD:
		return sim_ioc_load(m, arg);
	case JAILHOUSE_IOC_CELL_START:
		return sim_ioc_start(m, arg);
	case JAILHOUSE_IOC_CELL_SHUTDOWN:
		return sim_ioc_shutdown(m, arg);
	case JAILHOUSE_IOC_CELL_DESTROY:
		return sim_ioc_destroy(m, arg);
	case JAILHOUSE_IOC_GET_CONFIG:
		return sim_ioc_get_config(m, arg);
	case JAILHOUSE_IOC_CELL_INFO:
		return sim_ioc_cell_info(m, arg);
	case JAILHOUSE_IOC_NEXT_CELL:
		return sim_ioc_next_cell(m, arg);
	case JAILHOUSE_IOC_CPU_STATS:
		return sim_ioc_stats(m, arg);
	case JAILHOUSE_IOC_CPU_RECORD:
		return sim_ioc_record(m, arg);
	case JAILHOUSE_IOC_LEARNED:
		return sim_ioc_learned(m, arg);
	case JAILHOUSE_IOC_ACK_EVENTS:
	case JAILHOUSE_IOC_READ_EVENTS:
		return file_ioctl(local(file), request, arg);
	case JH_SIM_IOC_ACCESS:
		return sim_ioc_access(m, arg);
	case JH_SIM_IOC_LINK:
	case JH_SIM_IOC_LINK_REG:
		return link_request(local(file), request, arg);
	default:
		return -ENOTTY;
	}
}

static ssize_t local_read(struct jh_sim_file *file, void *buffer, size_t size)
{
	struct sim_local *own = local(file);
	ssize_t ret;

	pthread_mutex_lock(&own->m->state);
	ret = sim_console_read(own->m, &own->console, buffer, size);
	sim_local_tell(own);
	pthread_mutex_unlock(&own->m->state);
	return ret;
}

static void local_close(struct jh_sim_file *file)
{
	struct sim_machine *m = local(file)->m;
	struct sim_local **link;
	bool last;

	pthread_mutex_lock(&m->state);
	if (file->use == JH_SIM_LINK)
		close_link(local(file));
	for (link = &m->files; *link != local(file); link = &(*link)->next)
		;
	*link = local(file)->next;
	last = --m->refs == 0;
	pthread_mutex_unlock(&m->state);
	if (file->fd >= 0) {
		close(file->fd);
		close(local(file)->signal_fd);
	}
	free(file);
	if (last)
		sim_machine_free(m);
}

static int local_reopen(struct jh_sim_file *file, enum jh_sim_use use,
			struct jh_sim_file **ret_file)
{
	return sim_local_open_on(local(file)->m, use, ret_file);
}

static const struct sim_file_ops local_ops = {
	.reopen = local_reopen,
	.close = local_close,
	.ioctl = local_ioctl,
	.read = local_read,
};

static int add_pipe(struct sim_local *file)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0)
		return -errno;
	file->file.fd = ends[0];
	file->signal_fd = ends[1];
	return 0;
}

static int append(struct sim_machine *m, struct sim_local *file)
{
	int err = 0;

	pthread_mutex_lock(&m->state);
	if (file->file.use != JH_SIM_CONTROL && file->file.use != JH_SIM_LINK && sim_watch(m))
		err = -EAGAIN;
	if (file->file.use == JH_SIM_LINK && !sim_links_add(m, file->signal_fd))
		err = -EMFILE;
	if (!err) {
		file->acked = sim_event_seq(m);
		file->event = sim_event_last(m);
		/* Behind every session there was, so that the first look starts at the beginning.
		 */
		file->console.session = m->session - 1;
		file->next = m->files;
		m->files = file;
		m->refs++;
		sim_local_tell(file);
	}
	pthread_mutex_unlock(&m->state);
	return err;
}

int sim_local_open_on(struct sim_machine *m, enum jh_sim_use use, struct jh_sim_file **ret_file)
{
	struct sim_local *file = calloc(1, sizeof(*file));
	int err = 0;

	if (!file)
		return -ENOMEM;
	file->file.ops = &local_ops;
	file->file.use = use;
	file->file.fd = -1;
	file->m = m;
	if (use != JH_SIM_CONTROL)
		err = add_pipe(file);
	if (!err) {
		err = append(m, file);
		if (err && file->file.fd >= 0) {
			close(file->file.fd);
			close(file->signal_fd);
		}
	}
	if (err) {
		free(file);
		return err;
	}
	*ret_file = &file->file;
	return 0;
}

int sim_local_open(struct jh_sim_file **ret_file)
{
	struct sim_machine *m = sim_machine_new();
	int err;

	if (!m)
		return -ENOMEM;
	err = sim_local_open_on(m, JH_SIM_CONTROL, ret_file);
	if (err)
		sim_machine_free(m);
	return err;
}
