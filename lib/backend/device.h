/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The two halves of the backend for our own driver: device.c acts, device-look.c looks. */
#ifndef LIB_BACKEND_DEVICE_H
#define LIB_BACKEND_DEVICE_H

#include "backend.h"

/*
 * One ioctl. `reason` lies in `arg`, where the driver writes it. Returns 0, or fills the error and
 * returns its code.
 */
int jh_device_call(struct jailhouse *jh, unsigned long request, void *arg,
		   const struct jailhouse_reason *reason, const char *what,
		   struct jailhouse_error *error);

int jh_device_cell_get(struct jailhouse *jh, uint32_t id, const char *name,
		       struct jailhouse_cell **ret_cell, struct jailhouse_error *error);
int jh_device_cell_ids(struct jailhouse *jh, uint32_t **ret_ids, size_t *ret_count,
		       struct jailhouse_error *error);
int jh_device_stats_get(struct jailhouse *jh, uint32_t id, struct jailhouse_stats **ret_stats,
			struct jailhouse_error *error);
int jh_device_record_get(struct jailhouse *jh, uint32_t cpu, struct jailhouse_cpu_record *record,
			 struct jailhouse_error *error);
int jh_device_learned_get(struct jailhouse *jh, struct jailhouse_access_list *list,
			  struct jailhouse_error *error);

/* sim.c */
int jh_sim_console_open(struct jailhouse *jh, bool follow, struct jh_channel *ret_channel,
			struct jailhouse_error *error);
int jh_sim_monitor_open(struct jailhouse *jh, struct jh_channel *ret_channel,
			struct jailhouse_error *error);

#endif /* !LIB_BACKEND_DEVICE_H */
