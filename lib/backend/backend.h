/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What a backend does. The front (system.c, cell.c, ...) has checked all parameters and configurations
 * before; an operation that is NULL gives JAILHOUSE_ERR_NOT_SUPPORTED. Each returns 0 or, as far as
 * said, a positive number, or fills the error and returns its code; results are then untouched.
 */
#ifndef LIB_BACKEND_H
#define LIB_BACKEND_H

#include <sys/types.h>

#include "internal.h"

struct jailhouse_ioc_register;

struct jh_backend {
	const char *name;
	uint64_t features; /* JAILHOUSE_FEATURE_... */
	bool on_host;      /* it is the machine that this runs on */

	/* `size` is what the counts of the configuration ask for. */
	int (*enable)(struct jailhouse *jh, const void *config, uint32_t size, uint32_t flags,
		      struct jailhouse_error *error);
	int (*disable)(struct jailhouse *jh, struct jailhouse_error *error);
	/* `info` is zero but for its size. */
	int (*get_info)(struct jailhouse *jh, struct jailhouse_system_info *info,
			struct jailhouse_error *error);
	/* As jailhouse_cell_get_config(); JAILHOUSE_IOC_SYSTEM_CONFIG for the system's. */
	int (*get_config)(struct jailhouse *jh, uint32_t cell, void *buffer, size_t buffer_size,
			  size_t *ret_size, struct jailhouse_error *error);

	int (*cell_create)(struct jailhouse *jh, const void *config, uint32_t size,
			   uint32_t *ret_id, struct jailhouse_error *error);
	/* Without images: shut down. */
	int (*cell_load)(struct jailhouse *jh, uint32_t id, const struct jailhouse_image *images,
			 size_t num_images, struct jailhouse_error *error);
	int (*cell_start)(struct jailhouse *jh, uint32_t id, struct jailhouse_error *error);
	int (*cell_shutdown)(struct jailhouse *jh, uint32_t id, struct jailhouse_error *error);
	int (*cell_destroy)(struct jailhouse *jh, uint32_t id, struct jailhouse_error *error);

	/* By id, or by name if name is not NULL. */
	int (*cell_get)(struct jailhouse *jh, uint32_t id, const char *name,
			struct jailhouse_cell **ret_cell, struct jailhouse_error *error);
	/* Ids of all cells, ascending, allocated; none if not enabled. */
	int (*cell_ids)(struct jailhouse *jh, uint32_t **ret_ids, size_t *ret_count,
			struct jailhouse_error *error);
	int (*stats_get)(struct jailhouse *jh, uint32_t id, struct jailhouse_stats **ret_stats,
			 struct jailhouse_error *error);
	int (*record_get)(struct jailhouse *jh, uint32_t cpu, struct jailhouse_cpu_record *record,
			  struct jailhouse_error *error);
	/*
	 * Registers of a CPU (JAILHOUSE_IOC_MACHINE: of none); *count: room at `regs`, then how many there are.
	 * The verdict is on the machine.
	 */
	int (*hardware)(struct jailhouse *jh, uint32_t cpu, struct jailhouse_ioc_register *regs,
			uint32_t *count, struct jailhouse_reason *ret_verdict,
			struct jailhouse_error *error);
	int (*learned_get)(struct jailhouse *jh, struct jailhouse_access_list *list,
			   struct jailhouse_error *error);

	/* A channel of its own for a console reader; non-blocking unless follow is set. */
	int (*console_open)(struct jailhouse *jh, bool follow, struct jh_channel *ret_channel,
			    struct jailhouse_error *error);
	int (*monitor_open)(struct jailhouse *jh, struct jh_channel *ret_channel,
			    struct jailhouse_error *error);
};

extern const struct jh_backend jh_backend_device;
extern const struct jh_backend jh_backend_legacy;
extern const struct jh_backend jh_backend_sim;

/*
 * Asks the open node which generation of driver it is. Returns 1 for ours, 0 for an old one, or an
 * error code.
 */
int jh_device_probe(struct jailhouse *jh, struct jailhouse_error *error);

/* Appends an id to an array that grows by doubling. Returns false without memory. */
bool jh_ids_append(uint32_t **ids, size_t *count, size_t *room, uint32_t id);

/* Opens the node once more. */
int jh_node_open(struct jailhouse *jh, int flags, struct jh_channel *ret_channel,
		 struct jailhouse_error *error);

/* ---- channel.c: 0, a length or a negative errno ---- */

int jh_channel_ioctl(const struct jh_channel *channel, unsigned long request, void *arg);
ssize_t jh_channel_read(const struct jh_channel *channel, void *buffer, size_t size);
void jh_channel_close(const struct jh_channel *channel);

/* ---- sim.c ---- */

/* Connects with the simulation behind a socket, or starts one in the process. */
int jh_sim_open(struct jailhouse *jh, const char *path, struct jailhouse_error *error);

/* A file for an IVSHMEM link of a simulation. */
int jh_sim_link_open(struct jailhouse *jh, struct jh_channel *ret_channel,
		     struct jailhouse_error *error);

/* NULL operations end here. */
int jh_not_supported(const struct jailhouse *jh, const char *what, struct jailhouse_error *error);

#endif /* !LIB_BACKEND_H */
