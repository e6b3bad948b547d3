/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <libfdt.h>

#include "config/fdt-check.h"

#define FIRST_WITHOUT_PATHS 16

int jh_fdt_check(const void *blob, size_t size)
{
	if (size < sizeof(struct fdt_header))
		return -FDT_ERR_TRUNCATED;
	if (fdt_magic(blob) == FDT_MAGIC && fdt_version(blob) < FIRST_WITHOUT_PATHS)
		return -FDT_ERR_BADVERSION;
	return fdt_check_full(blob, size);
}
