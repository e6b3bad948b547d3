/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * PCI on ARM: a card that a cell gets and gives back, and the virtual host bridge that Linux has while the hypervisor
 * runs. The machine is started with QEMU's teaching device (edu) at 00:03.0; what the inmate says of it, the run's
 * line expects.
 */
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "handle.h"

#define CARD		"/sys/bus/pci/devices/0000:00:03.0"
#define CARD_ID		0x11e81234
#define CARD_SPACE	"0x0000000010000000 0x00000000100fffff" /* as in the cell's configuration */
#define CARD_CELL	"qemu-virt-pci-demo"
#define CARD_INMATE	"pci-demo"
#define COMMAND		4
#define CELL_SECONDS	3

#define VIRTUAL_SYSTEM	"qemu-virt-vpci"
#define VIRTUAL_BUS	"/sys/class/pci_bus/0001:00"
#define VIRTUAL_CYCLES	20

/* The first bytes of the configuration space, as Linux finds them */
static void card_config(uint32_t config[16])
{
	int fd = open(CARD "/config", O_RDONLY);

	assert_int_equal(read(fd, config, 64), 64);
	close(fd);
}

static void card_write_command(uint16_t value)
{
	int fd = open(CARD "/config", O_WRONLY);

	assert_int_equal(pwrite(fd, &value, sizeof(value), COMMAND), sizeof(value));
	close(fd);
}

static const char *card_driver(void)
{
	static char target[256];
	ssize_t length = readlink(CARD "/driver", target, sizeof(target) - 1);

	target[length < 0 ? 0 : length] = '\0';
	return length < 0 ? "" : strrchr(target, '/') + 1;
}

static void card_of_a_cell(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	uint32_t before[16], now[16];
	uint32_t id;

	(void)state;
	card_config(before);
	assert_int_equal(before[0], CARD_ID);
	assert_memory_equal(guest_first_line(CARD "/resource"), CARD_SPACE, strlen(CARD_SPACE));
	guest_enable(jh, GUEST_SYSTEM);
	card_config(now);
	assert_memory_equal(now, before, sizeof(before));

	id = guest_cell_make(jh, CARD_CELL, CARD_INMATE);
	assert_string_equal(card_driver(), "jailhouse-pci-stub");
	card_config(now);
	for (size_t n = 0; n < sizeof(now) / sizeof(now[0]); n++)
		assert_int_equal(now[n], 0xffffffff);
	/* Were these writes not dropped, the cell would have no registers. */
	card_write_command(0);
	guest_ok(jailhouse_cell_start(jh, id, &error), &error);
	sleep(CELL_SECONDS);
	card_write_command(0);
	assert_int_equal(guest_cell_state(jh, id), JAILHOUSE_CELL_RUNNING);

	guest_ok(jailhouse_cell_destroy(jh, id, &error), &error);
	assert_string_equal(card_driver(), "");
	card_config(now);
	assert_int_equal(now[0], CARD_ID);
	assert_int_equal(now[4], before[4]);
	/* It is the root cell's again, and as after a reset: interrupts off, no decoding. */
	card_write_command(2);
	card_config(now);
	assert_int_equal(now[1] & 0xffff, 2);
	guest_disable(jh);
}

/* Lines of a file of procfs that name it */
static unsigned int count_lines(const char *path, const char *text)
{
	FILE *file = fopen(path, "re");
	unsigned int count = 0;
	char line[512];

	assert_non_null(file);
	while (fgets(line, sizeof(line), file))
		count += !text || strstr(line, text) != NULL;
	fclose(file);
	return count;
}

static void virtual_host(void **state)
{
	unsigned int mappings = 0, buses = count_lines("/proc/bus/pci/devices", NULL);
	uint32_t pool = 0;

	(void)state;
	for (unsigned int n = 0; n < VIRTUAL_CYCLES; n++) {
		assert_int_equal(access(VIRTUAL_BUS, F_OK), -1);
		guest_enable(jh, VIRTUAL_SYSTEM);
		assert_int_equal(access(VIRTUAL_BUS, F_OK), 0);
		/* No device is there, and the real ones have not changed. */
		assert_int_equal(count_lines("/proc/bus/pci/devices", NULL), buses);
		if (n == 0)
			pool = guest_pool_used(jh);
		assert_int_equal(guest_pool_used(jh), pool);
		if (n == 1)
			mappings = count_lines("/proc/vmallocinfo", NULL);
		guest_disable(jh);
	}
	assert_int_equal(access(VIRTUAL_BUS, F_OK), -1);
	guest_enable(jh, VIRTUAL_SYSTEM);
	assert_in_range(count_lines("/proc/vmallocinfo", NULL), 1, mappings + 2);
	guest_disable(jh);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(card_of_a_cell),
		cmocka_unit_test(virtual_host),
	};

	return cmocka_run_group_tests(tests, handle_setup, handle_teardown);
}
