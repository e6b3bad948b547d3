/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * System configurations that must not be enabled: those that only the hypervisor itself can refuse,
 * at the end of a bring-up that has to be undone on all CPUs. What the driver refuses before, with
 * an image of its own, is in driver-enable.c.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "badconfig.h"
#include "badconfig-machine.h"

static const struct bad_config rows[] = {
	{ "system_wrong_signature", { SYSTEM(signature[0], 'j') },
	  REASON(CONFIG_SIGNATURE, -EINVAL, FIELD, 0, 0x6d6574737973 /* system */) },
	{ "system_older_revision", { SYSTEM(revision, 13) },
	  REASON(CONFIG_REVISION, -EINVAL, FIELD, 6, 13, 14) },
	{ "system_for_another_machine", { SYSTEM(architecture, OTHER_ARCHITECTURE) },
	  REASON(CONFIG_ARCHITECTURE, -EINVAL, FIELD, 5, OTHER_ARCHITECTURE, ARCHITECTURE) },
	{ "root_without_its_cpu_3", { CPUS(0, 7) }, REASON(CPU_UNEXPECTED, -EINVAL, CPU, 3) },
	{ "root_with_cpu_4", { CPUS(0, 0x1f) }, REASON(CPU_MISSING, -EINVAL, CPU, 4) },

	{ "root_has_memory_elsewhere", { MEM(ROM_REGION, virt_start, ROM_START + 0x10000) },
	  REASON(MEM_ROOT_NOT_IDENTITY, -EINVAL, MEM_REGION, ROM_REGION, ROM_START, ROM_START + 0x10000) },
	{ "root_memory_unaligned", { MEM(ROM_REGION, virt_start, ROM_START + 0x800) },
	  REASON(MEM_UNALIGNED, -EINVAL, MEM_REGION, ROM_REGION, ROM_START, ROM_START + 0x800) },
	{ "root_memory_wraps_around", { MEM(LAST_REGION, size, 0xfffffffffffff000) },
	  REASON(MEM_OVERFLOW, -EINVAL, MEM_REGION, LAST_REGION, LAST_START, 0xfffffffffffff000,
		 ANY) },
	{ "root_has_a_comm_region",
	  { MEM(LAST_REGION, flags, JAILHOUSE_MEM_READ | JAILHOUSE_MEM_COMM_REGION) },
	  REASON(MEM_COMM_REGION, -EINVAL, MEM_REGION, LAST_REGION, LAST_SIZE, LAST_START) },
#include "system-rows.h"
};

static struct guest_file file;

static int enable(const void *config, size_t size, struct jailhouse_error *error)
{
	return jailhouse_enable(jh, config, size, 0, error);
}

static const struct jailhouse_cell_desc *root_of(const void *config)
{
	return &((const struct jailhouse_system *)config)->root_cell;
}

static struct submission system_kind = { NULL, 0, enable, try_enable, root_of };

static void row_is_refused(void **state)
{
	submit_row(&system_kind, *state);
}

static void good_system_is_accepted(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;

	(void)state;
	file = guest_config_read(GUEST_SYSTEM);
	system_kind.good = file.data;
	system_kind.size = jailhouse_system_config_length(file.data);
	guest_enable(jh, GUEST_SYSTEM);
	guest_ok(jailhouse_disable(jh, &error), &error);
}

/* Regions over the hypervisor's memory, PCI configuration and interrupt controllers, as some boards have it */
static void root_has_all_addresses(void **state)
{
	static const struct { unsigned int region; uint64_t size; } changes[] = { ALL_ADDRESSES };
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_system *config = malloc(file.size);
	struct jailhouse_memory *mem;

	(void)state;
	memcpy(config, file.data, file.size);
	mem = (void *)(uintptr_t)jailhouse_cell_mem_regions(&config->root_cell);
	for (size_t n = 0; n < sizeof(changes) / sizeof(changes[0]); n++)
		mem[changes[n].region].size = changes[n].size;
	if (enable(config, file.size, &error) != 0)
		fail_msg("%s", error.text);
	/* CPUs are started and interrupted, and the disk's interrupts come, as before. */
	cpu_online(3, 0);
	cpu_online(3, 1);
	assert_string_equal(guest_online_cpus(), "0-3");
	guest_ok(jailhouse_disable(jh, &error), &error);
	free(config);
}

static void truncated_system(void **state)
{
	(void)state;
	submit_truncated(&system_kind, sizeof(struct jailhouse_system));
}

static void counts_of_a_system(void **state)
{
	(void)state;
	submit_overflowing_counts(&system_kind, offsetof(struct jailhouse_system, root_cell));
}

/* From what the driver lets pass up, a few pages at a time: each time something else is missing. */
static void memory_of_the_hypervisor_runs_out(void **state)
{
	static const unsigned int more[] = { 1, 2, 3, 5, 8, 12, 18 };
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_system *config = malloc(file.size);
	struct jailhouse_reason reason;
	uint64_t needed;

	(void)state;
	memcpy(config, file.data, file.size);
	config->hypervisor_memory.size = 0x10000;
	assert_int_equal(enable(config, file.size, &error), JAILHOUSE_ERR_RESOURCES);
	assert_string_equal(jailhouse_reason_get_name(error.reason), "HYPERVISOR_MEMORY_SMALL");
	assert_int_equal(error.arg[0], 0x10000);
	needed = error.arg[1];
	assert_in_range(needed, 0x20000, HV_SIZE);
	for (size_t n = 0; n < sizeof(more) / sizeof(more[0]); n++) {
		config->hypervisor_memory.size = needed + more[n] * 0x1000;
		assert_int_equal(enable(config, file.size, &error), JAILHOUSE_ERR_RESOURCES);
		assert_int_equal(error.sys_errno, ENOMEM);
		assert_int_equal(try_enable(config, file.size, &reason), -ENOMEM);
		assert_string_equal(guest_online_cpus(), "0-3");
		assert_int_equal(jailhouse_is_enabled(jh, NULL), 0);
	}
	free(config);
}

size_t add_system_tests(struct CMUnitTest *tests)
{
	const struct CMUnitTest first[] = {
		cmocka_unit_test(good_system_is_accepted),
		cmocka_unit_test(root_has_all_addresses),
		cmocka_unit_test(truncated_system),
		cmocka_unit_test(counts_of_a_system),
		cmocka_unit_test(memory_of_the_hypervisor_runs_out),
	};
	size_t count = sizeof(first) / sizeof(first[0]);

	memcpy(tests, first, sizeof(first));
	for (size_t n = 0; n < sizeof(rows) / sizeof(rows[0]); n++)
		tests[count++] = (struct CMUnitTest){ rows[n].name, row_is_refused, NULL, NULL,
						      (void *)(uintptr_t)&rows[n] };
	return count;
}
