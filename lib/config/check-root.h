/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the files of a machine tell the checker; see jailhouse_check_options.root. */
#ifndef LIB_CONFIG_CHECK_ROOT_H
#define LIB_CONFIG_CHECK_ROOT_H

#include <stddef.h>
#include <stdint.h>

/*
 * A file below a root, up to 1 MiB. Returns 0 and the allocated text, terminated; NULL if there is no
 * such file or it may not be read. JAILHOUSE_ERR_NO_MEMORY without memory.
 */
int jh_root_read(const char *root, const char *path, char **ret_text, size_t *ret_size);

/* A device in an IOMMU group */
struct jh_group_device {
	uint32_t group;
	uint16_t domain;
	uint16_t bdf;
};

/*
 * All devices that are in groups, by group and address. Returns 0, with none if Linux has no groups,
 * or JAILHOUSE_ERR_NO_MEMORY.
 */
int jh_root_groups(const char *root, struct jh_group_device **ret_devices, size_t *ret_count);

#endif /* !LIB_CONFIG_CHECK_ROOT_H */
