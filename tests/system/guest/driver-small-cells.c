/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jailhouse/reason-text.h>
#include "driver-cells.h"

int cell_call(unsigned long number, uint32_t id, struct jailhouse_reason *reason)
{
	struct jailhouse_ioc_cell arg = { .cell_id.id = (int32_t)id };
	int err = call_sized(number, &arg);

	*reason = arg.reason;
	return err;
}

int load(uint32_t id, const void *data, uint64_t size, uint64_t target,
	 struct jailhouse_reason *reason)
{
	struct jailhouse_preload_image image = {
		.source_address = (uintptr_t)data, .size = size, .target_address = target,
	};
	struct jailhouse_ioc_cell_load arg = {
		.cell_id.id = (int32_t)id, .images = (uintptr_t)&image, .num_images = 1,
	};
	int err = call_sized(JAILHOUSE_IOC_CELL_LOAD, &arg);

	*reason = arg.reason;
	return err;
}

static void must(int err, const struct jailhouse_reason *reason, const char *what)
{
	char sentence[JAILHOUSE_REASON_TEXT_SIZE];

	if (!err)
		return;
	jailhouse_reason_format(sentence, sizeof(sentence), reason);
	fail_msg("%s: error %d, %s", what, err, sentence);
}

uint32_t must_create(const struct small_cell *config)
{
	struct jailhouse_ioc_cell_create arg = {
		.config_address = (uintptr_t)config, .config_size = sizeof(*config),
	};

	must(call_sized(JAILHOUSE_IOC_CELL_CREATE, &arg), &arg.reason, "create");
	return arg.id;
}

void must_load(uint32_t id, const struct test_code *code)
{
	struct jailhouse_reason reason;
	int err = load(id, code->data, code->size, 0, &reason);

	must(err, &reason, "load");
}

void must_destroy(uint32_t id)
{
	struct jailhouse_reason reason;
	int err = cell_call(JAILHOUSE_IOC_CELL_DESTROY, id, &reason);

	must(err, &reason, "destroy");
}

uint32_t must_run(const struct small_cell *config, const struct test_code *code)
{
	uint32_t id = must_create(config);
	struct jailhouse_reason reason;
	int err;

	must_load(id, code);
	err = cell_call(JAILHOUSE_IOC_CELL_START, id, &reason);
	must(err, &reason, "start");
	return id;
}

void must_become_locked(uint32_t id)
{
	char path[96];

	snprintf(path, sizeof(path), SYSFS "/cells/%u/state", id);
	for (int n = 0; n < 100 && strcmp(guest_first_line(path), "running/locked"); n++)
		usleep(10000);
	assert_string_equal(guest_first_line(path), "running/locked");
}

/* The core stays readable, and the log can be read once more. */
void hypervisor_leaves(void **state)
{
	struct jailhouse_ioc_disable arg = {0};
	struct stat info;
	char text[4096];
	ssize_t length;
	int fd;

	(void)state;
	must(call_sized(JAILHOUSE_IOC_DISABLE, &arg), &arg.reason, "disable");
	assert_string_equal(guest_first_line(SYSFS "/enabled"), "0");
	assert_string_equal(guest_online_cpus(), guest_machine()->cpus);
	assert_int_equal(stat(SYSFS "/cells/0", &info), -1);
	fd = open(SYSFS "/core", O_RDONLY);
	assert_true(fd >= 0);
	assert_int_equal(read(fd, text, sizeof(text)), sizeof(text));
	assert_memory_equal(text, JAILHOUSE_IMAGE_SIGNATURE, 8);
	close(fd);
	fd = open(NODE, O_RDONLY | O_NONBLOCK);
	length = read(fd, text, sizeof(text) - 1);
	if (length > 0 && text[0] == '<')
		length = read(fd, text, sizeof(text) - 1);
	assert_true(length > 0);
	text[length] = '\0';
	assert_non_null(strstr(text, "Shutting down hypervisor"));
	close(fd);
	assert_int_equal(call(JAILHOUSE_DISABLE, NULL), -EINVAL);
}
