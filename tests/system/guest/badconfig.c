/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Every bad configuration is refused for its reason, and nothing has changed then: neither cells,
 * CPUs, memory, PCI devices nor the hypervisor's pool. Rows of the threat model: T2, T5, T6, T12,
 * T26, T31.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <jailhouse/reason-text.h>
#include "badconfig.h"
#include "badconfig-machine.h"

#define PATTERN	  0xa5
#define MAX_TESTS 128

struct jailhouse *jh;
volatile uint8_t *test_ram;

/* ---- what must not change ---- */

struct state {
	uint32_t enabled, num_cells, pool_used, cell_dirs;
	uint64_t iomem;
	char online[64], drivers[256];
};

static uint64_t file_hash(const char *path)
{
	uint64_t hash = 0xcbf29ce484222325;
	FILE *file = fopen(path, "re");
	int c;

	assert_non_null(file);
	while ((c = fgetc(file)) != EOF)
		hash = (hash ^ (uint8_t)c) * 0x100000001b3;
	fclose(file);
	return hash;
}

static uint32_t count_cells(void)
{
	DIR *dir = opendir(SYSFS "/cells");
	uint32_t count = 0;

	assert_non_null(dir);
	while (readdir(dir))
		count++;
	closedir(dir);
	return count - 2;
}

/* The drivers of all PCI devices, one behind the other */
static void find_drivers(char *text, size_t size)
{
	DIR *dir = opendir("/sys/bus/pci/devices");
	char path[512], target[256];
	struct dirent *entry;
	ssize_t length;

	assert_non_null(dir);
	text[0] = '\0';
	while ((entry = readdir(dir))) {
		snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/driver", entry->d_name);
		length = readlink(path, target, sizeof(target) - 1);
		target[length < 0 ? 0 : length] = '\0';
		if (length < 0)
			continue;
		snprintf(text + strlen(text), size - strlen(text), "%s:%s ", entry->d_name,
			 strrchr(target, '/') + 1);
	}
	closedir(dir);
}

static void look(struct state *state)
{
	struct jailhouse_system_info info = JAILHOUSE_SYSTEM_INFO_INIT;
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;

	guest_ok(jailhouse_get_system_info(jh, &info, &error), &error);
	state->enabled = info.enabled;
	state->num_cells = info.num_cells;
	state->pool_used = info.mem_pool_used;
	state->cell_dirs = count_cells();
	state->iomem = file_hash("/proc/iomem");
	snprintf(state->online, sizeof(state->online), "%s", guest_online_cpus());
	find_drivers(state->drivers, sizeof(state->drivers));
}

static void expect_unchanged(const struct state *before)
{
	struct state after;

	look(&after);
	assert_int_equal(after.enabled, before->enabled);
	assert_int_equal(after.num_cells, before->num_cells);
	assert_int_equal(after.pool_used, before->pool_used);
	assert_int_equal(after.cell_dirs, before->cell_dirs);
	assert_int_equal(after.iomem, before->iomem);
	assert_string_equal(after.online, before->online);
	assert_string_equal(after.drivers, before->drivers);
	for (size_t n = 0; n < TEST_RAM_SIZE; n++)
		if (test_ram[n] != PATTERN)
			fail_msg("byte %zu of the cell's RAM has become %#x", n, test_ram[n]);
}

void test_ram_fill(void)
{
	memset((void *)(uintptr_t)test_ram, PATTERN, TEST_RAM_SIZE);
}

/* ---- submitting ---- */

static int same_reason(const struct jailhouse_reason *got, const struct jailhouse_reason *want)
{
	for (size_t n = 0; n < 4; n++)
		if (got->arg[n] != want->arg[n] && want->arg[n] != ANY)
			return 0;
	return got->code == want->code && got->error == want->error && got->item == want->item &&
	       (got->index == want->index || want->index == (uint32_t)ANY);
}

static void show_reason(const char *who, const struct jailhouse_reason *reason)
{
	char text[JAILHOUSE_REASON_TEXT_SIZE];

	jailhouse_reason_format(text, sizeof(text), reason);
	print_error("%s: reason %u, error %d, item %u %u, arguments %#llx %#llx %#llx %#llx: %s\n",
		    who, reason->code, reason->error, reason->item, reason->index,
		    (unsigned long long)reason->arg[0], (unsigned long long)reason->arg[1],
		    (unsigned long long)reason->arg[2], (unsigned long long)reason->arg[3], text);
}

static void expect_this(const char *who, const struct jailhouse_reason *got,
			const struct jailhouse_reason *want)
{
	if (same_reason(got, want))
		return;
	show_reason(who, got);
	show_reason("expected", want);
	fail();
}

static void expect_of_library(const struct submission *kind, const void *config, size_t size,
			      const struct jailhouse_reason *reason)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_reason got = {0};

	assert_true(kind->library(config, size, &error) < 0);
	got.code = error.reason;
	got.error = -error.sys_errno;
	got.item = error.item;
	got.index = error.index;
	memcpy(got.arg, error.arg, sizeof(got.arg));
	expect_this("library", &got, reason);
	assert_true(strlen(error.text) > 10);
}

/* It does not say which field it is about. */
static void expect_of_driver(const struct submission *kind, const void *config, size_t size,
			     const struct jailhouse_reason *reason)
{
	struct jailhouse_reason got, want = *reason;

	assert_int_equal(kind->driver(config, size, &got), reason->error);
	want.item = want.index = 0;
	expect_this("driver", &got, &want);
}

void expect_refusal(const struct submission *kind, const void *config, size_t size,
		    const struct jailhouse_reason *reason)
{
	struct state before;

	look(&before);
	expect_of_library(kind, config, size, reason);
	expect_unchanged(&before);
	/* What the library finds itself has not got to the driver yet. */
	if (reason->item != JAILHOUSE_ITEM_FIELD)
		return;
	expect_of_driver(kind, config, size, reason);
	expect_unchanged(&before);
}

static void *copy_of(const struct submission *kind)
{
	void *copy = malloc(kind->size);

	assert_non_null(copy);
	return memcpy(copy, kind->good, kind->size);
}

/* Where a part of the configuration starts; its counts are still good. */
static const void *place(const struct submission *kind, const struct change *change)
{
	const struct jailhouse_cell_desc *cell = kind->cell(kind->good);

	switch (change->part) {
	case PART_SYSTEM:
		return kind->good;
	case PART_CELL:
		return cell;
	case PART_CPUS:
		return jailhouse_cell_cpu_set(cell);
	case PART_MEM:
		assert_in_range(change->index, 0, cell->num_memory_regions - 1);
		return jailhouse_cell_mem_regions(cell) + change->index;
	case PART_IRQCHIP:
		assert_in_range(change->index, 0, cell->num_irqchips - 1);
		return jailhouse_cell_irqchips(cell) + change->index;
	case PART_PIO:
		assert_in_range(change->index, 0, cell->num_pio_regions - 1);
		return jailhouse_cell_pio(cell) + change->index;
	case PART_PCI:
		assert_in_range(change->index, 0, cell->num_pci_devices - 1);
		return jailhouse_cell_pci_devices(cell) + change->index;
	}
	return NULL;
}

void submit_row(const struct submission *kind, const struct bad_config *row)
{
	const struct change *change;
	char *config = copy_of(kind);

	for (change = row->change; change->part; change++)
		memcpy(config + ((const char *)place(kind, change) - (const char *)kind->good) +
			       change->offset,
		       &change->value, change->size);
	expect_refusal(kind, config, kind->size, &row->reason);
	free(config);
}

void submit_truncated(const struct submission *kind, size_t head_size)
{
	const struct jailhouse_cell_desc *cell = kind->cell(kind->good);
	const void *borders[] = {
		kind->good, (const char *)kind->good + sizeof(*cell),
		(const char *)kind->good + head_size, jailhouse_cell_mem_regions(cell),
		jailhouse_cell_cache_regions(cell), jailhouse_cell_irqchips(cell),
		jailhouse_cell_pio(cell), jailhouse_cell_pci_devices(cell),
		jailhouse_cell_pci_caps(cell), (const char *)kind->good + kind->size,
	};

	for (size_t n = 0; n < sizeof(borders) / sizeof(borders[0]); n++) {
		size_t border = (size_t)((const char *)borders[n] - (const char *)kind->good);

		for (size_t size = border ? border - 1 : 0; size < border + 2; size++) {
			struct jailhouse_reason reason = REASON(CONFIG_TRUNCATED, -EINVAL, FIELD,
								(uint32_t)size, size, 0);
			/* Exactly as long as it is, so that reading on would be noticed */
			void *config = malloc(size ? size : 1);

			if (size >= kind->size)
				return;
			assert_non_null(config);
			memcpy(config, kind->good, size);
			reason.arg[1] = size < head_size ? head_size : kind->size;
			expect_refusal(kind, config, size, &reason);
			free(config);
		}
	}
	fail_msg("the end was not reached");
}

#define COUNT(name) offsetof(struct jailhouse_cell_desc, name)

void submit_overflowing_counts(const struct submission *kind, size_t cell_offset)
{
	static const size_t counts[] = {
		COUNT(cpu_set_size), COUNT(num_memory_regions), COUNT(num_cache_regions),
		COUNT(num_irqchips), COUNT(num_pio_regions), COUNT(num_pci_devices),
		COUNT(num_pci_caps), COUNT(num_stream_ids),
	};
	static const uint32_t values[] = { 0x08000000, 0x40000000, 0xffffffff };
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_reason reason;
	char *config = copy_of(kind);
	struct state before;
	uint32_t good;

	look(&before);
	for (size_t n = 0; n < sizeof(counts) / sizeof(counts[0]); n++) {
		char *count = config + cell_offset + counts[n];

		memcpy(&good, count, sizeof(good));
		for (size_t v = 0; v < sizeof(values) / sizeof(values[0]); v++) {
			memcpy(count, &values[v], sizeof(values[v]));
			assert_int_equal(kind->library(config, kind->size, &error),
					 JAILHOUSE_ERR_CONFIG);
			/* Within 32 bits it is just too short, else the count is named. */
			if (error.reason == JAILHOUSE_REASON_CONFIG_COUNTS) {
				assert_int_equal(error.index, cell_offset + counts[n]);
				assert_int_equal(error.arg[1], values[v]);
				assert_true(error.arg[2] < values[v]);
			} else {
				assert_int_equal(error.reason, JAILHOUSE_REASON_CONFIG_TRUNCATED);
				assert_true(error.arg[1] < 1ULL << 32);
			}
			assert_int_equal(kind->driver(config, kind->size, &reason), -EINVAL);
			if (counts[n] != COUNT(cpu_set_size)) {
				expect_reason(&reason, -EINVAL, JAILHOUSE_REASON_CONFIG_TRUNCATED);
				assert_int_equal(reason.arg[0], kind->size);
				assert_true(reason.arg[1] > values[v]);
			} else {
				expect_reason(&reason, -EINVAL, JAILHOUSE_REASON_CPU_SET_TOO_LARGE);
				assert_int_equal(reason.arg[0], values[v]);
			}
		}
		memcpy(count, &good, sizeof(good));
	}
	free(config);
	expect_unchanged(&before);
}

/* ---- the machine ---- */

static int setup(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	void *map;
	int fd;

	if (driver_setup(state))
		return -1;
	guest_ok(jailhouse_open("device:", &jh, &error), &error);
	fd = open("/dev/mem", O_RDWR | O_CLOEXEC);
	map = mmap(NULL, TEST_RAM_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, (off_t)TEST_RAM);
	if (map == MAP_FAILED)
		return -1;
	close(fd);
	test_ram = map;
	test_ram_fill();
	return 0;
}

static void all_is_over(void **state)
{
	jailhouse_close(jh);
	module_unloads(state);
}

int main(void)
{
	const struct CMUnitTest last[] = {
		cmocka_unit_test(all_is_over),
		cmocka_unit_test(kernel_does_not_complain),
	};
	static struct CMUnitTest tests[MAX_TESTS];
	size_t count = add_system_tests(tests);

	count += add_cell_tests(tests + count);
	memcpy(tests + count, last, sizeof(last));
	return _cmocka_run_group_tests("badconfig", tests, count + 2, setup, NULL);
}
