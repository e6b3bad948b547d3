/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Cells in AArch32 on a machine with 64 bits: inmates that were built for ARMv7, as they are. One
 * starts its other CPUs by PSCI and interrupts them; the other has timer interrupts, and denies its
 * first shutdown. What they say is for the host to see.
 */
#include <string.h>
#include <unistd.h>

#include <jailhouse/cell-config.h>
#include "guest.h"

#define CMDLINE_BASE 0x1000
/* The hypervisor's console is the one that is read. */
#define PARAMETERS "con-virtual"

#define TIMEOUT_MS 20000
#define POLL_US    50000

static struct jailhouse *jh;

static int setup(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;

	(void)state;
	guest_insmod();
	guest_ok(jailhouse_open("device:", &jh, &error), &error);
	guest_enable(jh, GUEST_SYSTEM);
	return 0;
}

static int teardown(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;

	(void)state;
	guest_ok(jailhouse_disable(jh, &error), &error);
	jailhouse_close(jh);
	return guest_rmmod_at_end();
}

static uint32_t start(const char *name, const char *inmate_name)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct guest_file config = guest_config_read(name), inmate = guest_inmate_read(inmate_name);
	struct jailhouse_image images[2] = {{0, inmate.data, inmate.size},
					    {CMDLINE_BASE, PARAMETERS, sizeof(PARAMETERS)}};
	struct jailhouse_cell_desc *cell = config.data;
	uint32_t id;

	cell->flags |= JAILHOUSE_CELL_AARCH32;
	guest_ok(jailhouse_cell_create(jh, config.data, config.size, &id, &error), &error);
	guest_ok(jailhouse_cell_load(jh, id, images, 2, &error), &error);
	guest_ok(jailhouse_cell_start(jh, id, &error), &error);
	guest_file_free(&inmate);
	guest_file_free(&config);
	return id;
}

/* Until all of the words have come, in any order */
static void wait_for(struct jailhouse_console_reader *console, const char *const *words,
		     size_t count)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	static char text[1 << 16];
	size_t length = 0, n;
	int got;

	for (int waited = 0; waited < TIMEOUT_MS * 1000; waited += POLL_US) {
		got = jailhouse_console_read(console, text + length, sizeof(text) - 1 - length,
					     &error);
		guest_ok(got, &error);
		length += (size_t)got;
		text[length] = '\0';
		for (n = 0; n < count && strstr(text, words[n]); n++)
			;
		if (n == count)
			return;
		usleep(POLL_US);
	}
	fail_msg("not all was said:\n%s", text);
}

static void destroy(uint32_t id)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;

	assert_int_equal(guest_cell_state(jh, id), JAILHOUSE_CELL_RUNNING);
	guest_ok(jailhouse_cell_destroy(jh, id, &error), &error);
	assert_string_equal(guest_online_cpus(), guest_machine()->cpus);
}

static void cpus_start_and_interrupt_each_other(void **state)
{
	static const char *const words[] = {
		"Hello from CPU 2!",
		"Hello from CPU 3!",
		"Received IPI on 2",
		"Received IPI on 3",
	};
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_console_reader *console;
	uint32_t id;

	(void)state;
	guest_ok(jailhouse_console_open(jh, 0, &console, &error), &error);
	id = start("qemu-virt-smp-demo", "smp-demo-32");
	wait_for(console, words, sizeof(words) / sizeof(words[0]));
	destroy(id);
	/* The CPUs start again from nothing. */
	id = start("qemu-virt-smp-demo", "smp-demo-32");
	wait_for(console, words, sizeof(words) / sizeof(words[0]));
	destroy(id);
	jailhouse_console_close(console);
}

static void timer_fires_and_messages_are_answered(void **state)
{
	static const char *const words[] = {"Initializing the timer", "Timer fired, jitter"};
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_console_reader *console;
	uint32_t id;

	(void)state;
	guest_ok(jailhouse_console_open(jh, 0, &console, &error), &error);
	id = start("qemu-virt-gic-demo", "gic-demo-32");
	wait_for(console, words, sizeof(words) / sizeof(words[0]));
	/* And once more */
	wait_for(console, &words[1], 1);
	guest_cell_wait_state(jh, id, JAILHOUSE_CELL_RUNNING_LOCKED);
	assert_int_equal(jailhouse_cell_destroy(jh, id, &error), JAILHOUSE_ERR_DENIED);
	guest_ok(jailhouse_cell_destroy(jh, id, &error), &error);
	assert_string_equal(guest_online_cpus(), guest_machine()->cpus);
	jailhouse_console_close(console);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cpus_start_and_interrupt_each_other),
		cmocka_unit_test(timer_fires_and_messages_are_answered),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
