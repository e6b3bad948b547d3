/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The example programs do what they say, on the model of the driver. Their main() is renamed. */
#include <errno.h>
#include <string.h>

#include "cli-run.h"

int life_cycle_main(int argc, char **argv);
int list_cells_main(int argc, char **argv);
int watch_events_main(int argc, char **argv);

static int run_life_cycle(const char *system, const char *cell, const char *image)
{
	char *argv[] = {(char *)"life-cycle", (char *)system, (char *)cell, (char *)image, NULL};

	return life_cycle_main(4, argv);
}

static void life_cycle_ends_where_it_began(void **state)
{
	struct system_blob system = make_system_blob();
	struct cell_blob cell = make_cell_blob();

	(void)state;
	assert_int_equal(run_life_cycle(cli_system_file(&system, sizeof(system)),
					cli_cell_file(&cell, sizeof(cell)), cli_data_file("code")),
			 0);
	assert_int_equal(fake_open_files(), 0);
	cli_expect(0, "", "", "cell", "list");
	/* It did enable: its console text is stored. */
	cli_expect(0, "Initializing hypervisor\n", "", "console");
}

static void life_cycle_asks_a_reluctant_cell_again(void **state)
{
	struct system_blob system = make_system_blob();
	struct cell_blob cell = make_cell_blob();

	(void)state;
	fake_set_reluctant(true);
	assert_int_equal(run_life_cycle(cli_system_file(&system, sizeof(system)),
					cli_cell_file(&cell, sizeof(cell)), cli_data_file("code")),
			 0);
	cli_expect(0, "", "", "cell", "list");
}

static void life_cycle_cleans_up_after_a_refusal(void **state)
{
	struct system_blob system = make_system_blob();
	struct cell_blob cell = make_cell_blob();

	(void)state;
	cell.arrays.cpus[0] = 1; /* the boot CPU */
	assert_int_not_equal(run_life_cycle(cli_system_file(&system, sizeof(system)),
					    cli_cell_file(&cell, sizeof(cell)),
					    cli_data_file("code")),
			     0);
	assert_int_equal(fake_open_files(), 0);
	cli_expect(0, "", "", "cell", "list");
}

static void life_cycle_without_driver_fails(void **state)
{
	struct system_blob system = make_system_blob();
	struct cell_blob cell = make_cell_blob();

	(void)state;
	fake_set_open_error(ENOENT);
	assert_int_not_equal(run_life_cycle(cli_system_file(&system, sizeof(system)),
					    cli_cell_file(&cell, sizeof(cell)),
					    cli_data_file("code")),
			     0);
}

static void life_cycle_without_file_fails(void **state)
{
	(void)state;
	assert_int_not_equal(run_life_cycle("/nowhere/x", "/nowhere/x", "/nowhere/x"), 0);
	cli_expect(1, "", NULL, "console");
}

static void list_cells_lists(void **state)
{
	const struct jailhouse_cpu_record record = {.kind = JAILHOUSE_RECORD_VIOLATION};
	char *argv[] = {(char *)"list-cells", NULL};

	(void)state;
	fake_fail_cpu(3, &record);
	assert_int_equal(list_cells_main(1, argv), 0);
	assert_int_equal(fake_open_files(), 0);
	fake_set_open_error(ENOENT);
	assert_int_not_equal(list_cells_main(1, argv), 0);
}

static void watch_events_ends_with_the_hypervisor(void **state)
{
	char *argv[] = {(char *)"watch-events", NULL};

	(void)state;
	/* Nothing is enabled: it says nothing and ends. */
	assert_int_equal(watch_events_main(1, argv), 0);
	assert_int_equal(fake_open_files(), 0);
	fake_set_open_error(ENOENT);
	assert_int_not_equal(watch_events_main(1, argv), 0);
}

int main(void)
{
#define PLAIN(name) cmocka_unit_test_setup_teardown(name, cli_setup, cli_teardown)
#define GUEST(name) cmocka_unit_test_setup_teardown(name, cli_setup_guest, cli_teardown)
	const struct CMUnitTest tests[] = {
		PLAIN(life_cycle_ends_where_it_began),
		PLAIN(life_cycle_asks_a_reluctant_cell_again),
		PLAIN(life_cycle_cleans_up_after_a_refusal),
		PLAIN(life_cycle_without_driver_fails),
		PLAIN(life_cycle_without_file_fails),
		GUEST(list_cells_lists),
		PLAIN(watch_events_ends_with_the_hypervisor),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
