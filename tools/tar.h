/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Archives in the form of POSIX.1-1988 (ustar), as every tar reads it. */
#ifndef TOOLS_TAR_H
#define TOOLS_TAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Adds a file. Returns false if its name is too long (more than 99 characters). */
bool tar_add(FILE *file, const char *name, const void *data, size_t size);
/* Ends the archive. */
void tar_end(FILE *file);

#endif /* !TOOLS_TAR_H */
