/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What "enable" and "cell create" look for before they do anything. */
#include <string.h>

#include "cli.h"
#include "cli-run.h"

static void errors_of_a_system_stop_enable(void **state)
{
	struct system_blob system = make_system_blob();
	char expected[1024];
	const char *path;

	(void)state;
	system.arrays.mem[0].virt_start = 0x1000;
	path = cli_system_file(&system, sizeof(system));
	snprintf(expected, sizeof(expected),
		 "%s: error: root cell: memory region 0 starts at 0x0, but is seen at 0x1000 "
		 "[root-identity]\n"
		 "   why:  The root cell sees memory where it is, because it runs already.\n"
		 "   help: make virt_start equal to phys_start\n"
		 "jailhouse enable: %s: 1 error, so nothing was done; --no-check skips this\n",
		 path, path);
	cli_expect(1, "", expected, "enable", path);
	cli_expect(0, "", "", "cell", "list");
	cli_expect(0, "", "", "enable", "--no-check", path);
	cli_expect(0, "", "", "disable");
}

static void warnings_are_told_and_do_not_stop(void **state)
{
	struct system_blob system = make_system_blob();
	struct cell_blob cell = make_cell_blob();
	char expected[1024];
	const char *path;

	(void)state;
	system.system.root_cell.flags = 0x10;
	path = cli_system_file(&system, sizeof(system));
	snprintf(expected, sizeof(expected),
		 "%s: warning: root cell has unknown flags: 0x10 [cell-flags]\n", path);
	cli_expect(0, "", expected, "enable", path);
	/* That of the system was told then. */
	cell.cell.flags |= 0x20;
	path = cli_cell_file(&cell, sizeof(cell));
	snprintf(expected, sizeof(expected),
		 "%s: warning: cell guest has unknown flags: 0x20 [cell-flags]\n", path);
	cli_expect(0, "", expected, "cell", "create", path);
}

static void a_cell_is_checked_with_those_that_exist(void **state)
{
	struct cell_blob cell = make_cell_blob();
	char expected[1024];
	const char *path;

	(void)state;
	strcpy(cell.cell.name, "second");
	move_cell_blob(&cell);
	cell.arrays.mem[0].phys_start -= 0x1000;
	path = cli_cell_file(&cell, sizeof(cell));
	snprintf(expected, sizeof(expected),
		 "%s: error: cell guest: memory region 0 (0x3a600000-0x3a6fffff) has the same memory "
		 "as memory region 0 (0x3a6ff000-0x3a7fefff) of cell second [foreign-memory]\n"
		 "   why:  Two cells have the same memory, and not both of them say that it is "
		 "shared.\n"
		 "   help: move one of the regions, or mark both as ROOTSHARED\n"
		 "jailhouse cell create: %s: 1 error, so nothing was done; --no-check skips this\n",
		 path, path);
	cli_expect(1, "", expected, "cell", "create", path);
	cli_expect(0, "", "", "cell", "destroy", "guest");
	cli_expect(0, "", "", "cell", "create", path);
}

static void memory_that_linux_uses_stops(void **state)
{
	struct system_blob system = make_system_blob();
	char expected[1024];
	const char *path;

	(void)state;
	fake_set_host(NULL, FIXTURES "/check-root");
	system.system.hypervisor_memory.phys_start = 0x3e000000;
	path = cli_system_file(&system, sizeof(system));
	snprintf(expected, sizeof(expected),
		 "%s: error: the hypervisor's memory (0x3e000000-0x3e5fffff) is used by Linux "
		 "(0x3e000000-0x3effffff) [system-ram]\n"
		 "   why:  Linux uses this memory; to take it away would kill it.\n"
		 "   help: reserve it on the kernel's command line or in the device tree, or mark it "
		 "ROOTSHARED\n"
		 "%s: warning: root cell: memory region 1 (0x3a600000-0x3fffffff) reaches into the "
		 "hypervisor's memory (0x3e000000-0x3e5fffff) [carved-from-root]\n"
		 "jailhouse enable: %s: 1 error, so nothing was done; --no-check skips this\n",
		 path, path, path);
	cli_expect(1, "", expected, "enable", path);
}

static void an_old_driver_tells_nothing_of_other_cells(void **state)
{
	struct cell_blob cell = make_cell_blob();
	char expected[1024];
	const char *path;

	(void)state;
	fake_set_legacy(true);
	cell.arrays.mem[0].phys_start += 1;
	path = cli_cell_file(&cell, sizeof(cell));
	/* What is wrong with the cell itself is found all the same. */
	snprintf(expected, sizeof(expected),
		 "%s: error: cell guest: memory region 0 starts at 0x3a600001, but is seen at 0x0, "
		 "elsewhere in the page [page-offset]\n"
		 "   why:  The physical address and that in the cell must have the same offset in "
		 "their page.\n"
		 "   help: make the lowest 12 bits of both addresses equal\n"
		 "jailhouse cell create: %s: 1 error, so nothing was done; --no-check skips this\n",
		 path, path);
	cli_expect(1, "", expected, "--backend", "device:?sysfs=" FIXTURES "/sysfs-running", "cell",
		   "create", path);
}

int main(void)
{
#define PLAIN(name) cmocka_unit_test_setup_teardown(name, cli_setup, cli_teardown)
#define GUEST(name) cmocka_unit_test_setup_teardown(name, cli_setup_guest, cli_teardown)
	const struct CMUnitTest tests[] = {
		PLAIN(errors_of_a_system_stop_enable),
		PLAIN(warnings_are_told_and_do_not_stop),
		GUEST(a_cell_is_checked_with_those_that_exist),
		PLAIN(memory_that_linux_uses_stops),
		GUEST(an_old_driver_tells_nothing_of_other_cells),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
