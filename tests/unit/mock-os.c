/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "os.h"
#include "mock-os.h"
#include "unit.h"

enum kind { OPEN, CLOSE, IOCTL, READ, POLL };

static const char *const kind_names[] = {"open", "close", "ioctl", "read", "poll"};

struct step {
	enum kind kind;
	int fd;
	const char *path;
	unsigned long number; /* flags, request or events */
	int timeout_ms;
	mock_handler handler;
	const char *text;
	short revents;
	ssize_t result;
};

static struct step steps[128];
static size_t num_steps, next_step;
static const char *machine_name;

static void expect(struct step step)
{
	assert_true(num_steps < ARRAY_LEN(steps));
	steps[num_steps++] = step;
}

void mock_open(const char *path, int flags, int result)
{
	expect((struct step){.kind = OPEN, .path = path, .number = flags, .result = result});
}

void mock_close(int fd)
{
	expect((struct step){.kind = CLOSE, .fd = fd});
}

void mock_ioctl(int fd, unsigned long request, mock_handler handler, int result)
{
	expect((struct step){.kind = IOCTL, .fd = fd, .number = request, .handler = handler,
			     .result = result});
}

void mock_read(int fd, const char *text, ssize_t error)
{
	expect((struct step){.kind = READ, .fd = fd, .text = text, .result = error});
}

void mock_poll(int fd, short events, int timeout_ms, short revents, int result)
{
	expect((struct step){.kind = POLL, .fd = fd, .number = events, .timeout_ms = timeout_ms,
			     .revents = revents, .result = result});
}

void mock_set_machine(const char *machine)
{
	machine_name = machine;
}

int mock_setup(void **state)
{
	(void)state;
	num_steps = 0;
	next_step = 0;
	machine_name = "x86_64";
	return 0;
}

int mock_teardown(void **state)
{
	(void)state;
	if (next_step == num_steps)
		return 0;
	fprintf(stderr, "expected call %zu of %zu (%s) was not made\n", next_step + 1, num_steps,
		kind_names[steps[next_step].kind]);
	return -1;
}

/* The step that must come now. */
static const struct step *take(enum kind kind, int fd)
{
	const struct step *step;

	if (next_step == num_steps)
		fail_msg("unexpected %s of fd %d", kind_names[kind], fd);
	step = &steps[next_step++];
	if (step->kind != kind)
		fail_msg("%s of fd %d where %s was expected", kind_names[kind], fd,
			 kind_names[step->kind]);
	if (kind != OPEN)
		assert_int_equal(fd, step->fd);
	return step;
}

int jh_os_open(const char *path, int flags)
{
	const struct step *step = take(OPEN, -1);

	assert_string_equal(path, step->path);
	assert_int_equal(flags, step->number);
	return step->result;
}

void jh_os_close(int fd)
{
	take(CLOSE, fd);
}

int jh_os_ioctl(int fd, unsigned long request, void *arg)
{
	const struct step *step = take(IOCTL, fd);

	assert_int_equal(request, step->number);
	if (step->handler)
		step->handler(arg);
	return step->result;
}

ssize_t jh_os_read(int fd, void *buffer, size_t size)
{
	const struct step *step = take(READ, fd);

	if (!step->text)
		return step->result;
	assert_true(strlen(step->text) <= size);
	memcpy(buffer, step->text, strlen(step->text));
	return strlen(step->text);
}

int jh_os_poll(int fd, short events, int timeout_ms, short *ret_revents)
{
	const struct step *step = take(POLL, fd);

	assert_int_equal(events, step->number);
	assert_int_equal(timeout_ms, step->timeout_ms);
	if (step->result > 0)
		*ret_revents = step->revents;
	return step->result;
}

const char *jh_os_root(void)
{
	return NULL;
}

int jh_os_machine(char *buffer, size_t size)
{
	if (!machine_name)
		return -EFAULT;
	assert_true(strlen(machine_name) < size);
	strcpy(buffer, machine_name);
	return 0;
}
