/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Every attack of the hostile inmate, judged by the list that is built with it (expected.tsv): a
 * test per line. Each shows that the attack came to what it should, that Linux and a second cell
 * ran on meanwhile, and that the attacker's CPU comes back.
 *
 * Arguments: none for all lines that one machine can show, or the names of some, or those to be left
 * out, with a minus in front: emulators have bugs of their own. A machine ends
 * with a cell that never agrees to its end: deny is among those, others need a machine of their own.
 */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <jailhouse/cell-config.h>

#include "heart.h"

#define LIST         "/usr/libexec/jailhouse/demos/hostile/expected.tsv"
#define CMDLINE_BASE 0x1000
/* The attacker speaks to the hypervisor's console, where it is read. */
#define PARAMETERS "con-type=none con-virtual %s test=%s"

#define HEARTBEAT_ALIVE 2 /* beats of 100 ms that count as progress */

#define ATTACKER_CPU 2

#define VERDICT_TIMEOUT_MS 20000
#define POLL_MS            50
#define TEXT_SIZE          (64 * 1024)
#define MAX_ROWS           200

/* A line of the list, see tests.def of the inmate */
struct row {
	const char *name, *outcome, *alive, *line, *needs;
};

static struct row rows[MAX_ROWS];
static char titles[MAX_ROWS][48];
static struct CMUnitTest tests[MAX_ROWS];
static size_t num_tests;

static struct jailhouse *jh;
static struct jailhouse_console_reader *console;
static struct jailhouse_monitor *monitor;
static uint32_t attacker;
static bool attacker_exists;
static bool attacker_stays; /* it denies its end, as it should */

/* What the console said since the attacker was started */
static char text[TEXT_SIZE];
static size_t text_length;

/* Linux, on whichever CPU it likes */
static volatile uint64_t root_count;
static pthread_t root_thread;

static void *count(void *unused)
{
	const struct timespec pause = {0, 1000000};

	(void)unused;
	for (;;) {
		root_count++;
		nanosleep(&pause, NULL);
	}
	return NULL;
}

/* ---- console ---- */

/* The root cell's CPU tells of the start in the middle of what the attacker says; take that out. */
static void cut_announcement(void)
{
	char *begin = strstr(text, "Started cell \""), *end = begin ? strchr(begin, '\n') : NULL;

	if (!end)
		return;
	memmove(begin, end + 1, strlen(end + 1) + 1);
	text_length = strlen(text);
}

static void console_drain(void)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	char buffer[4096];
	int got;

	for (;;) {
		got = jailhouse_console_read(console, buffer, sizeof(buffer), &error);
		guest_ok(got, &error);
		if (got == 0)
			return;
		/* A flood: the beginning and the end are of interest. */
		if (text_length + (size_t)got >= TEXT_SIZE)
			text_length = TEXT_SIZE / 2;
		memcpy(text + text_length, buffer, (size_t)got);
		text_length += (size_t)got;
		text[text_length] = '\0';
		cut_announcement();
	}
}

/* Until there is text, a cell has changed, or some time has gone by. */
static void wait_for_news(void)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct pollfd fds[2] = {
		{jailhouse_console_get_fd(console), POLLIN, 0},
		{jailhouse_monitor_get_fd(monitor),
		 (short)jailhouse_monitor_get_poll_events(monitor), 0},
	};

	guest_ok(jailhouse_monitor_acknowledge(monitor, NULL, &error), &error);
	poll(fds, 2, POLL_MS);
	console_drain();
}

/* Is one of the alternatives ("a|b") in the text? */
static bool text_has_any(const char *alternatives)
{
	char one[256];
	size_t length;

	while (*alternatives) {
		length = strcspn(alternatives, "|");
		snprintf(one, sizeof(one), "%.*s", (int)length, alternatives);
		if (strstr(text, one))
			return true;
		alternatives += length + (alternatives[length] == '|');
	}
	return false;
}

static bool said(const struct row *row, const char *what)
{
	char line[96];

	snprintf(line, sizeof(line), "hostile: %s %s", row->name, what);
	return strstr(text, line) != NULL;
}

/* Heartbeats behind the verdict of the inmate */
static unsigned int heartbeats(const struct row *row)
{
	const char *at = text;
	unsigned int n = 0;
	char line[96];

	snprintf(line, sizeof(line), "hostile: %s survived", row->name);
	/* A flood may have taken away the verdict, but not what it is about. */
	at = strstr(text, line);
	while (at && (at = strstr(at, "hostile: heartbeat "))) {
		at++;
		n++;
	}
	return n;
}

/* ---- attacker ---- */

static bool has_need(const struct row *row, const char *need)
{
	return strstr(row->needs, need) != NULL;
}

/* Nothing but a reset ends such a cell: nonsense counts as a refusal. */
static bool never_agrees(const char *name)
{
	return strcmp(name, "deny") == 0 || strcmp(name, "bad-reply") == 0 ||
	       strcmp(name, "comm-wild") == 0;
}

/* Of interest is how the cell answers messages. */
static bool is_about_messages(const struct row *row)
{
	static const char *const names[] = {
		"silent",   "deny",       "late",         "bad-reply",
		"locked",   "wild-state", "failed-state", "failed-revision",
		"comm-wild"};
	size_t n;

	for (n = 0; n < sizeof(names) / sizeof(names[0]); n++)
		if (strcmp(row->name, names[n]) == 0)
			return true;
	return false;
}

static void attacker_make(const struct row *row)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct guest_file config = guest_config_read(
		has_need(row, "cpus=2") ? guest_machine()->hostile_smp : guest_machine()->hostile);
	struct guest_file inmate = guest_inmate_read("hostile");
	struct jailhouse_image images[2] = {{0, inmate.data, inmate.size}, {CMDLINE_BASE, NULL, 0}};
	struct jailhouse_cell_desc *desc = config.data;
	char cmdline[128];

	/* Nobody waits for the answer of a cell that is busy with something else for ever. */
	if (!is_about_messages(row))
		desc->flags |= JAILHOUSE_CELL_PASSIVE_COMMREG;
	images[1].data = cmdline;
	images[1].size = (size_t)snprintf(cmdline, sizeof(cmdline), PARAMETERS,
					  guest_machine()->hostile_parameters, row->name) + 1;
	guest_ok(jailhouse_cell_create(jh, config.data, config.size, &attacker, &error), &error);
	attacker_exists = true;
	guest_ok(jailhouse_cell_load(jh, attacker, images, 2, &error), &error);
	guest_file_free(&inmate);
	guest_file_free(&config);

	console_drain();
	text_length = 0;
	text[0] = '\0';
	guest_ok(jailhouse_cell_start(jh, attacker, &error), &error);
}

/* Did the hypervisor stop a CPU of the attacker? */
static bool attacker_was_stopped(void)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_failure *failure;
	bool ours;
	int got = jailhouse_failure_get(jh, ATTACKER_CPU, &failure, &error);

	/* It is being written. */
	if (got < 0 && error.sys_errno == EAGAIN)
		return false;
	guest_ok(got, &error);
	if (got == 0)
		return false;
	ours = jailhouse_failure_get_kind(failure) == JAILHOUSE_RECORD_VIOLATION &&
	       jailhouse_failure_get_cell(failure) == attacker &&
	       jailhouse_failure_get_text(failure)[0] != '\0';
	jailhouse_failure_free(failure);
	if (!ours)
		fail_msg("the failure record is not that of a violation by the attacker");
	return true;
}

static bool stopped_as_meant(const struct row *row)
{
	return attacker_was_stopped() && guest_cell_state(jh, attacker) == JAILHOUSE_CELL_FAILED &&
	       text_has_any(row->line);
}

/* @since: the second cell's heart when the attack was announced, 0 if it was not yet */
static bool runs_on_as_meant(const struct row *row, uint64_t since)
{
	bool line = strcmp(row->line, "-") == 0 || text_has_any(row->line);

	if (strcmp(row->alive, "heartbeat") == 0)
		return line && said(row, "survived") && heartbeats(row) >= HEARTBEAT_ALIVE;
	/* Nothing is to be heard any more; so all there is to see is that nothing happens to
	 * others. */
	return line && since && heart_beats() >= since + HEARTBEAT_ALIVE + 1;
}

static void attacker_wait_verdict(const struct row *row)
{
	const bool to_be_stopped = strcmp(row->outcome, "STOPPED") == 0;
	const bool may_be_stopped = strcmp(row->outcome, "CONTAINED") == 0;
	const int64_t end = guest_now_ms() + VERDICT_TIMEOUT_MS;
	uint64_t since = 0;
	bool stopped;

	for (;;) {
		wait_for_news();
		if (strstr(text, " BREACH: ") || said(row, "unexpected"))
			fail_msg("the inmate says:\n%s", text);
		if (!since && said(row, "expects"))
			since = heart_beats();
		stopped = attacker_was_stopped();
		if (stopped && !to_be_stopped && !may_be_stopped)
			fail_msg("the attacker was stopped:\n%s", text);
		if (to_be_stopped ? stopped_as_meant(row) : stopped || runs_on_as_meant(row, since))
			return;
		if (guest_now_ms() > end)
			fail_msg("no %s within %d s (stopped: %d, state: %s):\n%s", row->outcome,
				 VERDICT_TIMEOUT_MS / 1000, stopped,
				 jailhouse_state_get_name(guest_cell_state(jh, attacker)), text);
	}
}

/* Neighbours run on, from this moment. */
static void others_make_progress(void)
{
	const int64_t end = guest_now_ms() + VERDICT_TIMEOUT_MS;
	const uint64_t heart = heart_beats(), root = root_count;

	while (heart_beats() < heart + HEARTBEAT_ALIVE || root_count < root + 2) {
		wait_for_news();
		if (guest_now_ms() > end)
			fail_msg("beats of the second cell: %llu, rounds of Linux: %llu",
				 (unsigned long long)(heart_beats() - heart),
				 (unsigned long long)(root_count - root));
	}
}

/* A cell that writes garbage may deny by accident: once or twice. */
static void attacker_destroy(void)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	int tries, err = JAILHOUSE_ERR_DENIED;

	for (tries = 0; tries < 5 && err == JAILHOUSE_ERR_DENIED; tries++)
		err = jailhouse_cell_destroy(jh, attacker, &error);
	guest_ok(err, &error);
	attacker_exists = false;
}

static void attack(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	const struct row *row = *state;

	if (attacker_exists)
		fail_msg("the attacker of an earlier test cannot be removed");
	attacker_make(row);
	attacker_wait_verdict(row);
	others_make_progress();
	if (never_agrees(row->name)) {
		attacker_stays = true;
		assert_int_equal(jailhouse_cell_destroy(jh, attacker, &error),
				 JAILHOUSE_ERR_DENIED);
		assert_string_equal(jailhouse_reason_get_name(error.reason), "CELL_DENIED");
		/* Who writes garbage does so to its state, too. */
		if (strcmp(row->name, "comm-wild") != 0)
			assert_int_equal(guest_cell_state(jh, attacker), JAILHOUSE_CELL_RUNNING);
		others_make_progress();
		return;
	}
	attacker_destroy();
	assert_string_equal(guest_online_cpus(), "0-2");
}

/* Whatever a failed test left behind must not be the next one's trouble. */
static int cleanup(void **state)
{
	(void)state;
	if (attacker_exists && !attacker_stays)
		attacker_destroy();
	return 0;
}

/* ---- the machine ---- */

static int setup(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;

	(void)state;
	guest_insmod();
	guest_ok(jailhouse_open("device:", &jh, &error), &error);
	guest_enable(jh, GUEST_SYSTEM);
	guest_ok(jailhouse_console_open(jh, 0, &console, &error), &error);
	guest_ok(jailhouse_monitor_open(jh, &monitor, &error), &error);
	if (pthread_create(&root_thread, NULL, count, NULL))
		fail_msg("no thread");
	heart_start(jh);
	return 0;
}

static int teardown(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	int err;

	(void)state;
	jailhouse_monitor_close(monitor);
	jailhouse_console_close(console);
	/* A cell that never agrees keeps the hypervisor, too. */
	err = jailhouse_disable(jh, &error);
	jailhouse_close(jh);
	if (attacker_stays)
		return err == JAILHOUSE_ERR_DENIED ? 0 : -1;
	guest_expect_ok(err, &error, "disable", __FILE__, __LINE__);
	assert_string_equal(guest_online_cpus(), "0-3");
	return guest_rmmod_at_end();
}

/* ---- the list ---- */

static bool is_chosen(const char *name, int argc, char **argv)
{
	bool all = true;
	int n;

	for (n = 1; n < argc; n++) {
		if (argv[n][0] == '-' && strcmp(name, argv[n] + 1) == 0)
			return false;
		if (strcmp(name, argv[n]) == 0)
			return true;
		/* Without arguments there is an empty one. */
		if (argv[n][0] != '-' && argv[n][0] != '\0')
			all = false;
	}
	return all && (!never_agrees(name) || strcmp(name, "deny") == 0);
}

static void add_test(const struct row *row)
{
	char *c;

	if (num_tests == MAX_ROWS - 1) {
		fprintf(stderr, "%s is too long\n", LIST);
		exit(1);
	}
	rows[num_tests] = *row;
	snprintf(titles[num_tests], sizeof(titles[0]), "%s", row->name);
	for (c = titles[num_tests]; *c; c++)
		if (*c == '-')
			*c = '_';
	tests[num_tests] =
		(struct CMUnitTest){titles[num_tests], attack, NULL, cleanup, &rows[num_tests]};
	num_tests++;
}

/* Does the machine have all of it? None has "hardware": what no emulator gets right. */
static bool machine_has(const char *needs)
{
	char one[64], all[128];
	size_t length;

	snprintf(all, sizeof(all), ",%s,", guest_machine()->features);
	while (strcmp(needs, "-") != 0 && *needs) {
		length = strcspn(needs, ",");
		snprintf(one, sizeof(one), ",%.*s,", (int)length, needs);
		if (!strstr(all, one))
			return false;
		needs += length + (needs[length] == ',');
	}
	return true;
}

/* The one that never agrees comes last. */
static void read_list(char *list, int argc, char **argv)
{
	struct row row, last = {0};
	char *line, *rest = list;

	while ((line = strsep(&rest, "\n"))) {
		if (line[0] == '#' || line[0] == '\0')
			continue;
		row.name = strsep(&line, "\t");
		row.outcome = strsep(&line, "\t");
		row.alive = strsep(&line, "\t");
		row.line = strsep(&line, "\t");
		row.needs = strsep(&line, "\t");
		if (!row.needs || !line) {
			fprintf(stderr, "%s: %s: fields are missing\n", LIST, row.name);
			exit(1);
		}
		if (!machine_has(row.needs) || !is_chosen(row.name, argc, argv))
			continue;
		if (never_agrees(row.name))
			last = row;
		else
			add_test(&row);
	}
	if (last.name)
		add_test(&last);
}

int main(int argc, char **argv)
{
	struct guest_file list = guest_file_read(LIST);

	((char *)list.data)[list.size] = '\0';
	read_list(list.data, argc, argv);
	if (num_tests == 0) {
		fprintf(stderr, "no test is chosen\n");
		return 1;
	}
	return _cmocka_run_group_tests("hostile", tests, num_tests, setup, teardown);
}
