/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What happens to the hypervisor and its cells, a line for each event as it comes. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "json.h"

static volatile sig_atomic_t ended;

static void end(int signal)
{
	(void)signal;
	ended = 1;
}

static const int end_signals[] = {SIGINT, SIGTERM, SIGHUP};

/* They arrive in ppoll() only, so that none is missed and no line is torn. */
static void catch_signals(sigset_t *ret_before)
{
	struct sigaction action = {.sa_handler = end}, before;
	sigset_t set;
	size_t n;

	ended = 0;
	sigemptyset(&set);
	for (n = 0; n < CLI_ARRAY_SIZE(end_signals); n++) {
		/* One that is ignored (nohup) stays so. */
		sigaction(end_signals[n], NULL, &before);
		if (before.sa_handler == SIG_IGN)
			continue;
		sigaddset(&set, end_signals[n]);
		sigaction(end_signals[n], &action, NULL);
	}
	sigprocmask(SIG_BLOCK, &set, ret_before);
}

/* Is its reason that of a CPU? */
static bool is_of_cpu(const struct jailhouse_event *event)
{
	return event->reason &&
	       (event->type == JAILHOUSE_EVENT_FAILED || event->type == JAILHOUSE_EVENT_CPU_FAILED);
}

static void print_json(FILE *out, const struct jailhouse_event *event)
{
	struct json json = {.out = out, .line = true};
	const char *reason = jailhouse_reason_get_name(event->reason);

	json_open_object(&json, NULL);
	json_number(&json, "seq", event->seq);
	json_number(&json, "time_us", event->time_ns / 1000);
	json_string(&json, "event", jailhouse_event_get_type_name(event->type));
	if (event->type == JAILHOUSE_EVENT_LOST)
		json_number(&json, "lost", event->lost);
	if (event->name[0]) {
		json_number(&json, "id", event->cell);
		json_string(&json, "name", event->name);
		json_string(&json, "state", jailhouse_state_get_name(event->state));
	}
	if (event->reason) {
		if (is_of_cpu(event))
			json_number(&json, "cpu", event->cpu);
		json_string(&json, "reason", reason ? reason : "unknown");
		json_string(&json, "text", event->text);
	}
	json_close_object(&json);
	json_end(&json);
}

static void print_text(FILE *out, const struct jailhouse_event *event)
{
	char name[128], text[4 * JAILHOUSE_ERROR_TEXT_SIZE];

	fprintf(out, "%7llu.%06llu %-10s", (unsigned long long)(event->time_ns / 1000000000),
		(unsigned long long)(event->time_ns / 1000 % 1000000),
		jailhouse_event_get_type_name(event->type));
	if (event->type == JAILHOUSE_EVENT_LOST)
		fprintf(out, " %llu events were not read in time", (unsigned long long)event->lost);
	if (event->name[0])
		fprintf(out, " %u %s", event->cell, cli_printable(event->name, name, sizeof(name)));
	if (event->type == JAILHOUSE_EVENT_STATE)
		fprintf(out, ": %s", jailhouse_state_get_name(event->state));
	if (is_of_cpu(event))
		fprintf(out, ": CPU %u", event->cpu);
	if (event->text[0])
		fprintf(out, ": %s", cli_printable(event->text, text, sizeof(text)));
	fputc('\n', out);
}

/* What there is, but no more than is wanted. */
static enum cli_result print_events(struct cli *cli, bool as_json, unsigned long *left)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_event event = JAILHOUSE_EVENT_INIT;
	int ret = 1;

	while (*left && !ended && (ret = jailhouse_read_event(cli->jh, &event, &error)) == 1) {
		if (as_json)
			print_json(cli->out, &event);
		else
			print_text(cli->out, &event);
		if (fflush(cli->out) != 0) {
			cli_error(cli, "writing: %s", strerror(errno));
			return CLI_FAILED;
		}
		(*left)--;
	}
	return ret < 0 ? cli_report(cli, NULL, &error) : CLI_OK;
}

/* Until as many as wanted were printed, or a signal ends it. */
static enum cli_result follow(struct cli *cli, int fd, bool as_json, unsigned long count,
			      const sigset_t *mask)
{
	struct pollfd pfd = {.fd = fd, .events = POLLIN};
	enum cli_result result = print_events(cli, as_json, &count);

	while (result == CLI_OK && count && !ended) {
		if (ppoll(&pfd, 1, NULL, mask) < 0 && errno != EINTR) {
			cli_error(cli, "waiting for events: %s", strerror(errno));
			return CLI_FAILED;
		}
		if (!ended)
			result = print_events(cli, as_json, &count);
	}
	return result;
}

static enum cli_result run(struct cli *cli, const struct cli_args *args)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	const char *text = cli_args_value(args, 'n');
	unsigned long count = (unsigned long)-1;
	enum cli_result result;
	sigset_t before;
	char *rest;
	int fd;

	if (text) {
		errno = 0;
		count = strtoul(text, &rest, 10);
		if (errno || *rest || text[0] < '0' || text[0] > '9' || !count)
			return cli_usage_error(cli, "\"%.40s\" is no number of events", text);
	}
	if (!cli_connect(cli))
		return CLI_FAILED;
	fd = jailhouse_get_event_fd(cli->jh, &error);
	if (fd < 0)
		return cli_report(cli, NULL, &error);
	catch_signals(&before);
	result = follow(cli, fd, cli_args_has(args, 'j'), count, &before);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return result;
}

static const struct cli_option options[] = {
	{"json", 'j', false, NULL, "print JSON, an object in each line"},
	{"count", 'n', true, "N", "end after N events"},
	{NULL, 0, false, NULL, NULL},
};

const struct cli_command cli_monitor = {
	.name = "monitor",
	.synopsis = "[--json] [-n | --count N]",
	.summary = "Print what happens to the hypervisor and the cells.",
	.details =
		"A line for each event from now on: enabled, disabled, created, loaded, started,\n"
		"state, failed (with the reason), destroyed, and lost if some were missed. Ends "
		"with\n"
		"Ctrl-C, which is no failure.",
	.options = options,
	.min_words = 0,
	.max_words = 0,
	.run = run,
};
