/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include "handle.h"

struct jailhouse *jh;

int handle_setup(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;

	(void)state;
	guest_insmod();
	guest_ok(guest_open(&jh, &error), &error);
	return 0;
}

int handle_teardown(void **state)
{
	(void)state;
	jailhouse_close(jh);
	return guest_rmmod_at_end();
}
