/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A root cell whose Linux masks interrupts by their priority (irqchip.gicv3_pseudo_nmi=1): its masks keep ordinary
 * interrupts away, and do not keep away those that it calls NMIs, which are those of its counters and some of its other
 * CPUs. Natively, which is the control, under the hypervisor beside a cell, and natively again.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "driver-util.h"
#include "heart.h"
#include "irqtest.h"

#define KLOG_READ_ALL 3
#define KLOG_CLEAR    5
#define SYSRQ	      "/proc/sysrq-trigger"
#define PERF_PERCENT  "/proc/sys/kernel/perf_cpu_time_max_percent"
#define MASKED_CPU    1 /* of those that no cell gets here */
#define STAGE_MASKED  1
#define STAGE_AFTER   2
#define TIMEOUT_MS    10000 /* of all that is waited for; the kernel's own one for a backtrace is the same */
#define NMIS	      5
#define IDLE_SECONDS  2

static struct jailhouse *jh;
static uint32_t heart, tiny;

/* The timer wheel may be that of the masked CPU: this one is of ours. */
static void pause_ms(long ms)
{
	const struct timespec pause = {0, ms * 1000000};

	nanosleep(&pause, NULL);
}

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		fail_msg("%s: %s", path, strerror(errno));
	close(fd);
}

static const char *kernel_log(void)
{
	static char log[1 << 20];
	int length = klogctl(KLOG_READ_ALL, log, sizeof(log) - 1);

	assert_true(length > 0);
	log[length] = '\0';
	return log;
}

/* Without it, nothing below would mean anything. */
static void linux_masks_by_priority(void **state)
{
	const char *line = strstr(kernel_log(), "GICv3: Pseudo-NMIs enabled using ");

	(void)state;
	assert_non_null(line);
	printf("%.*s\n", (int)strcspn(line, "\n"), line);
}

static pid_t mask_begin(void)
{
	const int64_t end = guest_now_ms() + TIMEOUT_MS;
	char parameters[64];
	pid_t child = fork();

	assert_true(child >= 0);
	snprintf(parameters, sizeof(parameters), "test=masked cpu=%d", MASKED_CPU);
	if (child == 0)
		_exit(irqtest_load(parameters) ? EXIT_FAILURE : 0);
	while (!irqtest_is_there() || irqtest_result("stage") != STAGE_MASKED) {
		assert_true(guest_now_ms() < end);
		assert_int_equal(waitpid(child, NULL, WNOHANG), 0);
		pause_ms(5);
	}
	return child;
}

/* The interrupt that waited has come, and not before. */
static void mask_end(pid_t child)
{
	int status;

	assert_int_equal(irqtest_result("stage"), STAGE_MASKED);
	irqtest_tell("release", "1");
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(irqtest_result("stage"), STAGE_AFTER);
	assert_int_equal(irqtest_result("early"), 0);
	assert_int_equal(irqtest_result("interrupts"), 1);
	irqtest_end();
}

/* Of a counter of that CPU itself: a PPI */
static void counter_must_interrupt(void)
{
	const int64_t end = guest_now_ms() + TIMEOUT_MS;
	const unsigned long before = irqtest_result("nmis");

	while (irqtest_result("nmis") < before + NMIS) {
		if (guest_now_ms() > end)
			fail_msg("%lu interrupts of the counter, before %lu: %s", irqtest_result("nmis"), before,
				 kernel_log());
		pause_ms(5);
	}
}

/* Of another CPU: an SGI. Where it had to wait for the mask's end, the kernel would give up after a while. */
static void others_must_interrupt(void)
{
	static const char stands[] = "stay_masked", head[] = "NMI backtrace for cpu 1";
	const char *log, *at;

	kernel_does_not_complain(NULL);
	write_file(SYSRQ, "l");
	log = kernel_log();
	at = strstr(log, head);
	if (!at || !strstr(at, stands))
		fail_msg("no backtrace of CPU %d: %s", MASKED_CPU, log);
	/* The backtrace is what the kernel would complain with. */
	assert_int_equal(klogctl(KLOG_CLEAR, NULL, 0), 0);
	klog_line("what follows is looked at again");
}

static void masks_mask_and_nmis_come(void **state)
{
	pid_t child;

	(void)state;
	child = mask_begin();
	counter_must_interrupt();
	others_must_interrupt();
	counter_must_interrupt();
	mask_end(child);
}

/* The root cell's CPUs are stopped for it, also the one that masks, and go on as they were. */
static void a_cell_starts_meanwhile(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	pid_t child;

	(void)state;
	tiny = guest_cell_make_from(jh, &guest_machine()->tiny);
	child = mask_begin();
	counter_must_interrupt();
	guest_ok(jailhouse_cell_start(jh, tiny, &error), &error);
	counter_must_interrupt();
	heart_must_beat();
	others_must_interrupt();
	mask_end(child);
	guest_ok(jailhouse_cell_destroy(jh, tiny, &error), &error);
	assert_string_equal(guest_online_cpus(), "0-2");
	heart_must_beat();
}

/* A CPU that comes back has its NMIs again. */
static void a_cpu_that_was_away_has_them(void **state)
{
	cpu_online(MASKED_CPU, 0);
	cpu_online(MASKED_CPU, 1);
	masks_mask_and_nmis_come(state);
	heart_must_beat();
}

static void enable(void **state)
{
	uint64_t exits;

	(void)state;
	guest_enable(jh, GUEST_SYSTEM);
	heart = heart_start(jh);
	exits = guest_exits(jh, 0, "vmexits_total");
	sleep(IDLE_SECONDS);
	printf("figure nmi-root-idle-exits %llu a second\n",
	       (unsigned long long)(guest_exits(jh, 0, "vmexits_total") - exits) / IDLE_SECONDS);
	fflush(stdout);
}

static void all_end(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;

	(void)state;
	heart_stop(jh, heart);
	guest_ok(jailhouse_disable(jh, &error), &error);
	assert_string_equal(guest_online_cpus(), "0-3");
}

static int setup(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;

	if (driver_setup(state))
		return -1;
	guest_pin(0);
	/*
	 * Linux stops a counter whose interrupts took long until the next tick, which a masked CPU does not take; on a
	 * busy host any can take long. 0: it does not measure them.
	 */
	write_file(PERF_PERCENT, "0");
	guest_ok(jailhouse_open("device:", &jh, &error), &error);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	jailhouse_close(jh);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(linux_masks_by_priority),
		{"natively", masks_mask_and_nmis_come, NULL, NULL, NULL},
		cmocka_unit_test(enable),
		{"as_root_cell", masks_mask_and_nmis_come, NULL, NULL, NULL},
		cmocka_unit_test(a_cell_starts_meanwhile),
		cmocka_unit_test(a_cpu_that_was_away_has_them),
		cmocka_unit_test(all_end),
		{"natively_again", masks_mask_and_nmis_come, NULL, NULL, NULL},
		cmocka_unit_test(kernel_does_not_complain),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
