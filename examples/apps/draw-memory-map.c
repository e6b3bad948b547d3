/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Draws who has what of the memory: draw-memory-map SYSTEM.cell [CELL.cell...] >map.svg
 */
#include <stdio.h>
#include <stdlib.h>

#include <jailhouse/render.h>

#include "read-config.h"

int main(int argc, char **argv)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_config configs[JAILHOUSE_SHOW_MAX_CONFIGS];
	size_t wanted = (size_t)argc - 1, count = 0, n;
	char *picture = NULL;
	int bad = 1;

	if (argc < 2 || wanted > JAILHOUSE_SHOW_MAX_CONFIGS) {
		fprintf(stderr, "usage: %s SYSTEM.cell [CELL.cell...] >map.svg\n", argv[0]);
		return EXIT_FAILURE;
	}
	while (count < wanted && read_config(argv[count + 1], &configs[count]) == 0)
		count++;
	if (count == wanted) {
		if (jailhouse_config_show(configs, count, JAILHOUSE_SHOW_SVG, &picture, &error) < 0)
			fprintf(stderr, "%s\n", error.text);
		else
			bad = fputs(picture, stdout) == EOF || fflush(stdout) == EOF;
	}
	jailhouse_text_free(picture);
	for (n = 0; n < count; n++)
		free((void *)configs[n].data);
	return bad ? EXIT_FAILURE : EXIT_SUCCESS;
}
