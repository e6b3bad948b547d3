/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What two of the examples begin with: a configuration from a file. */
#ifndef READ_CONFIG_H
#define READ_CONFIG_H

#include <stdio.h>
#include <stdlib.h>

#include <jailhouse/config.h>

#define MAX_SIZE (1 << 20)

/* Returns 0, or says what is wrong and returns -1. */
static int read_config(const char *path, struct jailhouse_config *config)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	FILE *file = fopen(path, "rb");
	void *data = malloc(MAX_SIZE);
	size_t size = 0;

	if (file) {
		size = data ? fread(data, 1, MAX_SIZE, file) : 0;
		fclose(file);
	}
	/* The configuration points into the data. */
	if (jailhouse_config_parse(data, size, config, &error) == 0)
		return 0;
	fprintf(stderr, "%s: %s\n", path, file ? error.text : "can't be opened");
	free(data);
	return -1;
}

#endif /* !READ_CONFIG_H */
