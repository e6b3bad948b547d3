/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The command line: info and learned. */
#include <errno.h>
#include <string.h>

#include <jailhouse/ioctl.h>

#include "cli-run.h"

/* ---- info ---- */

static void info_tells_all(void **state)
{
	(void)state;
	cli_expect(0,
		   "Hypervisor:       enabled\n"
		   "Library:          " PROJECT_VERSION "\n"
		   "Driver:           0.1.0-fake, interface 3\n"
		   "Cells:            2\n"
		   "Page pool:        115 of 1500 pages in use\n"
		   "Hypervisor image: build ab00000000000000000000000000000000000001\n"
		   "Memory:           131072 bytes image, 16384 bytes for each CPU\n"
		   "Isolation:        no DMA protection\n"
		   "Linux stopped:    12 us by the last request, 987 us at most\n"
		   "Dropped:          0 NMIs, 0 PCI writes, 0 console lines\n"
		   "Denied:           3 MSR accesses\n",
		   "", "info");
}

static void info_without_hypervisor_is_short(void **state)
{
	(void)state;
	cli_expect(0,
		   "Hypervisor:       not enabled\n"
		   "Library:          " PROJECT_VERSION "\n"
		   "Driver:           0.1.0-fake, interface 3\n",
		   "", "info");
}

static void info_of_an_old_driver_tells_little(void **state)
{
	(void)state;
	fake_set_legacy(true);
	cli_expect(0,
		   "Hypervisor:       enabled\n"
		   "Library:          " PROJECT_VERSION "\n"
		   "Driver:           first generation or no permission; it tells little\n"
		   "Cells:            3\n"
		   "Page pool:        231 of 1520 pages in use\n",
		   "", "--backend", "device:?sysfs=" FIXTURES "/sysfs-running", "info");
}

static void info_in_json_has_the_numbers(void **state)
{
	struct cli_output output;

	(void)state;
	cli_run(&output, "info", "--json", NULL);
	assert_non_null(strstr(output.out, "  \"enabled\": true,\n"));
	assert_non_null(strstr(output.out, "  \"stop_max_ns\": 987654,\n"));
	assert_non_null(strstr(output.out, "  \"pool_pages_used\": 115,\n"));
	cli_compare(&output, 0, 0, NULL, "");
}

/* ---- learned ---- */

static void learn(uint32_t kind, uint64_t address, uint16_t width, uint16_t direction,
		  uint64_t count)
{
	const struct jailhouse_learned access = {kind, width, direction, address, count};

	fake_learn(&access);
}

static void learned_accesses_become_configuration(void **state)
{
	(void)state;
	learn(JAILHOUSE_LEARNED_PIO, 0x71, 1, 3, 4);
	learn(JAILHOUSE_LEARNED_MEM, 0xfed00010, 4, 2, 5);
	learn(JAILHOUSE_LEARNED_PIO, 0x70, 1, 1, 2);
	learn(JAILHOUSE_LEARNED_MEM, 0xfed000f0, 4, 1, 6);
	learn(JAILHOUSE_LEARNED_PCI, 0x0018 << 12 | 0x4, 2, 1, 1);
	learn(JAILHOUSE_LEARNED_PCI, 0x0018 << 12 | 0x10, 4, 1, 1);
	learn(JAILHOUSE_LEARNED_MSR, 0x1a0, 8, 2, 7);
	cli_expect(0,
		   "/* mem_regions; shrink what is larger than the device */\n"
		   "\t/* read and written, 11 accesses */\n"
		   "\t{\n"
		   "\t\t.phys_start = 0xfed00000,\n"
		   "\t\t.virt_start = 0xfed00000,\n"
		   "\t\t.size = 0x1000,\n"
		   "\t\t.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE,\n"
		   "\t},\n"
		   "/* pio_regions */\n"
		   "\t/* written, 2 accesses */\n"
		   "\tPIO_RANGE(0x70, 1),\n"
		   "\t/* read and written, 4 accesses */\n"
		   "\tPIO_RANGE(0x71, 1),\n"
		   "/* MSRs */\n"
		   "\t/* read, 7 accesses */\n"
		   "\t/* MSR 0x1a0: no configuration can allow it */\n"
		   "/* pci_devices; add .bar_mask and capabilities */\n"
		   "\t/* written, 2 accesses */\n"
		   "\t{ /* 00:03.0 */\n"
		   "\t\t.type = JAILHOUSE_PCI_TYPE_DEVICE,\n"
		   "\t\t.bdf = 0x0018,\n"
		   "\t},\n",
		   "", "learned");
}

static void neighbours_are_joined(void **state)
{
	struct cli_output output;

	(void)state;
	/* Three pages; the middle one was touched twice, across its end. */
	learn(JAILHOUSE_LEARNED_MEM, 0x1000, 4, 2, 1);
	learn(JAILHOUSE_LEARNED_MEM, 0x2ffe, 4, 2, 1);
	learn(JAILHOUSE_LEARNED_MEM, 0x2000, 4, 2, 1);
	learn(JAILHOUSE_LEARNED_MEM, 0x5000, 4, 2, 1);
	learn(JAILHOUSE_LEARNED_PIO, 0x3f8, 1, 2, 1);
	learn(JAILHOUSE_LEARNED_PIO, 0x3f9, 4, 2, 1);
	cli_run(&output, "learned", NULL);
	assert_non_null(strstr(output.out, ".phys_start = 0x1000,\n"));
	assert_non_null(strstr(output.out, ".size = 0x3000,\n"));
	assert_non_null(strstr(output.out, ".phys_start = 0x5000,\n"));
	assert_non_null(strstr(output.out, "PIO_RANGE(0x3f8, 5),\n"));
	cli_compare(&output, 0, 0, NULL, "");
}

static void strange_accesses_do_no_harm(void **state)
{
	struct cli_output output;

	(void)state;
	learn(JAILHOUSE_LEARNED_MEM, UINT64_MAX - 1, 8, 2, 1);
	learn(99, 1, 1, 1, 1);
	learn(0, 1, 1, 1, 1);
	learn(JAILHOUSE_LEARNED_PIO, 0x80, 0, 1, 1);
	cli_run(&output, "learned", NULL);
	assert_non_null(strstr(output.out, ".phys_start = 0xfffffffffffff000,\n"
					   "\t\t.virt_start = 0xfffffffffffff000,\n"
					   "\t\t.size = 0x1000,\n"));
	assert_non_null(strstr(output.out, "\t/* written, 1 access */\n\tPIO_RANGE(0x80, 1),\n"));
	cli_compare(&output, 0, 0, NULL, "");
}

static void nothing_learned_prints_nothing(void **state)
{
	(void)state;
	cli_expect(0, "", "", "learned");
	cli_expect(0, "{\n  \"ranges\": [],\n  \"missing\": 0\n}\n", "", "learned", "--json");
}

static void learned_in_json_has_ranges(void **state)
{
	(void)state;
	learn(JAILHOUSE_LEARNED_PIO, 0x70, 2, 3, 4);
	learn(JAILHOUSE_LEARNED_PCI, 0x0018 << 12, 2, 1, 1);
	cli_expect(0,
		   "{\n"
		   "  \"ranges\": [\n"
		   "    {\n"
		   "      \"kind\": \"pio\",\n"
		   "      \"start\": \"0x70\",\n"
		   "      \"end\": \"0x71\",\n"
		   "      \"read\": true,\n"
		   "      \"write\": true,\n"
		   "      \"count\": 4\n"
		   "    },\n"
		   "    {\n"
		   "      \"kind\": \"pci\",\n"
		   "      \"bdf\": 24,\n"
		   "      \"read\": false,\n"
		   "      \"write\": true,\n"
		   "      \"count\": 1\n"
		   "    }\n"
		   "  ],\n"
		   "  \"missing\": 0\n"
		   "}\n",
		   "", "learned", "--json");
}

static void learning_needs_our_driver(void **state)
{
	(void)state;
	fake_set_legacy(true);
	cli_expect(1, "",
		   "jailhouse learned: learning mode: the driver behind /dev/jailhouse does not "
		   "support this\n"
		   "Hint: load the driver that belongs to this program\n",
		   "learned");
}

static void permissive_is_passed_and_shown(void **state)
{
	struct system_blob system = make_system_blob();
	struct cli_output output;

	(void)state;
	cli_expect(0, "", "", "enable", "--permissive", cli_system_file(&system, sizeof(system)));
	cli_run(&output, "info", NULL);
	assert_memory_equal(output.out, "Hypervisor:       enabled, learning mode\n", 41);
	cli_compare(&output, 0, 0, NULL, "");
}

#define PLAIN(name) cmocka_unit_test_setup_teardown(name, cli_setup, cli_teardown)
#define GUEST(name) cmocka_unit_test_setup_teardown(name, cli_setup_guest, cli_teardown)

/* ---- hardware check ---- */

static void hardware_check_asks_the_driver(void **state)
{
	static const struct jailhouse_ioc_register regs[] = {
		{JAILHOUSE_HARDWARE_MSR, 0, 0xc0010114, 0},
		{JAILHOUSE_HARDWARE_MSR, 1, 0xc0010114, 0x10},
		{JAILHOUSE_HARDWARE_MSR, 2, 0xc0010114, 0},
		{JAILHOUSE_HARDWARE_MSR, 3, 0xc0010114, 0},
	};
	const struct jailhouse_reason verdict = {.code = JAILHOUSE_REASON_VENDOR, .error = -ENODEV};
	struct cli_output output;
	int code;

	(void)state;
	fake_set_host("x86_64", FIXTURES "/machines/amd-ivrs");
	fake_set_hardware(regs, 4, &verdict);
	code = cli_run(&output, "hardware", "check", NULL);
	assert_non_null(strstr(output.out, "Machine suits the driver        MISSING  (VENDOR)\n"));
	assert_non_null(strstr(output.out, "MSR 0xc0010114 is 0x0 on CPU 0, but 0x10 on CPU 1\n"));
	assert_non_null(strstr(output.out, "\nCheck FAILED!\n"));
	cli_compare(&output, code, 2, NULL, "");
}

static void hardware_check_with_an_older_driver(void **state)
{
	struct cli_output output;
	int code;

	(void)state;
	fake_set_host("x86_64", FIXTURES "/machines/amd-ivrs");
	code = cli_run(&output, "hardware", "check", NULL);
	assert_non_null(strstr(output.out, "Registers by the driver         missing (optional)\n"
					   "    hardware check: the driver behind /dev/jailhouse does not "
					   "support this\n"));
	assert_non_null(strstr(output.out, "\nCheck passed!\n"));
	cli_compare(&output, code, 0, NULL, "");
}

static void hardware_check_without_a_driver(void **state)
{
	struct cli_output output;

	(void)state;
	fake_set_open_error(ENOENT);
	cli_run(&output, "hardware", "check", NULL);
	assert_non_null(strstr(output.out, "Registers by the driver         missing (optional)\n"
					   "    there is no device /dev/jailhouse\n"));
	cli_compare(&output, 0, 0, NULL, "");
}

/* By their addresses, and by the names that the machine has for them */
static void links_are_offered_by_name(void **state)
{
	(void)state;
	fake_set_host(NULL, FIXTURES "/link-root/");
	cli_expect(0,
		   "0000:00:0e.0\t\n"
		   "chat\tlink\n"
		   "--peer\twhich peer; default: the lowest id that is not the own one\n"
		   "-p\twhich peer; default: the lowest id that is not the own one\n"
		   "--help\tshow help\n",
		   "", "--complete", "ivshmem", "cat", "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		GUEST(info_tells_all),
		PLAIN(info_without_hypervisor_is_short),
		PLAIN(info_of_an_old_driver_tells_little),
		GUEST(info_in_json_has_the_numbers),
		PLAIN(learned_accesses_become_configuration),
		PLAIN(neighbours_are_joined),
		PLAIN(strange_accesses_do_no_harm),
		PLAIN(nothing_learned_prints_nothing),
		PLAIN(learned_in_json_has_ranges),
		PLAIN(learning_needs_our_driver),
		PLAIN(permissive_is_passed_and_shown),
		PLAIN(hardware_check_asks_the_driver),
		PLAIN(hardware_check_with_an_older_driver),
		PLAIN(hardware_check_without_a_driver),
		PLAIN(links_are_offered_by_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
