/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Reading the driver's sysfs tree, below a root that can be any directory. */
#ifndef LIB_BACKEND_SYSFS_H
#define LIB_BACKEND_SYSFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Longest path and value that are handled; kernel lists of CPUs can get long. */
#define JH_SYSFS_PATH  512
#define JH_SYSFS_VALUE 4096

/*
 * Reads the file that a printf-like path names, at most JH_SYSFS_VALUE - 1 bytes; one newline at the
 * end is cut. Returns 0 or a negative errno, -EOVERFLOW if it is longer.
 */
int jh_sysfs_read(char value[JH_SYSFS_VALUE], const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The same for a decimal number. -EINVAL if it is none. */
int jh_sysfs_read_u64(uint64_t *ret_value, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * Parses "0-3,5" (empty: none) into a mask of `words` words. Returns the highest CPU + 1, which may be
 * more than fits, or -EINVAL.
 */
int jh_sysfs_parse_cpus(const char *text, uint64_t *mask, size_t words);

/*
 * Calls `entry` with the name of each entry of a directory but those with a dot in front. Stops when it
 * returns non-zero. Returns that value, 0, or a negative errno.
 */
int jh_sysfs_list(const char *path, int (*entry)(void *context, const char *name), void *context);

/* A string of digits, at most max. */
bool jh_sysfs_number(const char *text, uint32_t max, uint32_t *ret_number);

#endif /* !LIB_BACKEND_SYSFS_H */
