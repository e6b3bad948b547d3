/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef LIB_CONFIG_FDT_CHECK_H
#define LIB_CONFIG_FDT_CHECK_H

#include <stddef.h>

/*
 * fdt_check_full() for blobs of unknown origin and place, and of the format that all compilers of
 * this century write: with an older one libfdt follows a NULL where a node's name is no path.
 * Returns NULL, or what is wrong.
 */
const char *jh_fdt_problem(const void *blob, size_t size);

#endif /* !LIB_CONFIG_FDT_CHECK_H */
