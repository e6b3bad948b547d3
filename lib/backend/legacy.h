/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The two halves of the backend for old drivers: legacy.c acts, legacy-look.c reads sysfs. */
#ifndef LIB_BACKEND_LEGACY_H
#define LIB_BACKEND_LEGACY_H

#include "backend.h"

/* ENABLE by a program to whose headers it has that number. Returns as the ioctl does. */
int jh_legacy_call_enable(struct jailhouse *jh, unsigned long number, const void *config);

/* What sysfs says; false also when it is not there. */
bool jh_legacy_enabled(struct jailhouse *jh);

int jh_legacy_get_info(struct jailhouse *jh, struct jailhouse_system_info *info,
		       struct jailhouse_error *error);
int jh_legacy_cell_get(struct jailhouse *jh, uint32_t id, const char *name,
		       struct jailhouse_cell **ret_cell, struct jailhouse_error *error);
int jh_legacy_cell_ids(struct jailhouse *jh, uint32_t **ret_ids, size_t *ret_count,
		       struct jailhouse_error *error);
int jh_legacy_stats_get(struct jailhouse *jh, uint32_t id, struct jailhouse_stats **ret_stats,
			struct jailhouse_error *error);

#endif /* !LIB_BACKEND_LEGACY_H */
