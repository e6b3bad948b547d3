/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Links between cells by shared memory, with real modules, cells and interrupts: what Linux' programs have of them,
 * peers that come, go and die, and peers that are hostile. Argument: uio, peers or hostile, for a part of it.
 */
#include <string.h>

#include "links.h"

#define MAX_TESTS 48

static struct CMUnitTest tests[MAX_TESTS];
static size_t count;

static void add(const char *part, const char *wanted, const struct CMUnitTest *more, size_t number)
{
	if (wanted && strcmp(part, wanted) != 0)
		return;
	for (size_t n = 0; n < number && count < MAX_TESTS; n++)
		tests[count++] = more[n];
}

int main(int argc, char **argv)
{
	const char *wanted = argc > 1 && *argv[1] ? argv[1] : NULL;

	add("uio", wanted, links_uio_tests, links_uio_count);
	add("peers", wanted, links_peer_tests, links_peer_count);
	add("hostile", wanted, links_hostile_tests, links_hostile_count);
	if (!count)
		return 2;
	return _cmocka_run_group_tests("links", tests, count, links_setup, links_teardown);
}
