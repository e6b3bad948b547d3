/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The command line: what prints cells. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <jailhouse/reason.h>

#include "cli-run.h"
#include "stats-table.h"

#define HEAD                                                                                       \
	"ID      Name                    State             "                                           \
	"Assigned CPUs           Failed CPUs             \n"

static struct jailhouse_cpu_record make_record(void)
{
	struct jailhouse_cpu_record record = {
		.kind = JAILHOUSE_RECORD_VIOLATION,
		.reason = {
			.code = JAILHOUSE_REASON_PIO_ACCESS,
			.arg = {JAILHOUSE_ARG_WRITE, 0x64, 1},
		},
		.address = 0x64,
		.insn_len = 2,
		.insn = {0xe6, 0x64},
		.num_regs = 4,
		.regs = {0xfe, 1, 2, 3},
	};

	return record;
}

/* ---- list ---- */

static void list_keeps_the_columns(void **state)
{
	(void)state;
	cli_expect(0,
		   HEAD
		   "0       machine                 running           "
		   "0-2                                             \n"
		   "1       guest                   shut down         "
		   "3                                               \n",
		   "", "cell", "list");
}

static void columns_grow_with_long_text(void **state)
{
	struct cell_blob cell = make_cell_blob();

	(void)state;
	strcpy(cell.cell.name, "a-name-of-thirty-one-characters");
	move_cell_blob(&cell);
	cli_expect(0, "", "", "cell", "create", cli_cell_file(&cell, sizeof(cell)));
	cli_expect(0,
		   "ID      Name                            State     "
		   "        Assigned CPUs           Failed CPUs             \n"
		   "0       machine                         running   "
		   "        0,2                                             \n"
		   "1       guest                           shut down "
		   "        3                                               \n"
		   "2       a-name-of-thirty-one-characters shut down "
		   "        1                                               \n",
		   "", "cell", "list");
}

static void list_shows_states_and_failed_cpus(void **state)
{
	const struct jailhouse_cpu_record record = make_record();

	(void)state;
	fake_fail_cpu(3, &record);
	cli_expect(0,
		   HEAD
		   "0       machine                 running           "
		   "0-2                                             \n"
		   "1       guest                   failed            "
		   "3                       3                       \n",
		   "", "cell", "list");
	fake_set_cell_state(1, 17);
	cli_expect(0,
		   HEAD
		   "0       machine                 running           "
		   "0-2                                             \n"
		   "1       guest                   invalid           "
		   "3                       3                       \n",
		   "", "cell", "list");
}

static void list_without_cells_prints_nothing(void **state)
{
	(void)state;
	cli_expect(0, "", "", "cell", "list");
	cli_expect(0, "[]\n", "", "cell", "list", "--json");
}

static void list_without_driver_is_no_failure(void **state)
{
	(void)state;
	fake_set_open_error(ENOENT);
	cli_expect(0, "",
		   "jailhouse cell list: there is no device /dev/jailhouse\n"
		   "Hint: load the driver: modprobe jailhouse\n",
		   "cell", "list");
	cli_expect(0, "[]\n", NULL, "cell", "list", "--json");
}

static void list_of_an_old_driver_is_sorted_by_number(void **state)
{
	(void)state;
	fake_set_legacy(true);
	cli_expect(0,
		   HEAD
		   "0       QEMU-VM                 running           "
		   "0-1                                             \n"
		   "2       apic-demo               running/locked    "
		   "2                                               \n"
		   "10      tiny                    failed            "
		   "3,64-65                 3                       \n",
		   "", "--backend", "device:?sysfs=" FIXTURES "/sysfs-running", "cell", "list");
}

static void list_works_without_permission(void **state)
{
	struct cli_output output;

	(void)state;
	fake_set_open_error(EACCES);
	assert_int_equal(cli_run(&output, "--backend", "device:?sysfs=" FIXTURES "/sysfs-running",
				 "cell", "list", NULL), 0);
	assert_memory_equal(output.out, HEAD, strlen(HEAD));
	cli_compare(&output, 0, 0, NULL, "");
}

static void list_in_json_has_all_members(void **state)
{
	(void)state;
	cli_expect(0,
		   "[\n"
		   "  {\n"
		   "    \"id\": 0,\n"
		   "    \"name\": \"machine\",\n"
		   "    \"state\": \"running\",\n"
		   "    \"cpus_assigned\": [0, 1, 2],\n"
		   "    \"cpus_failed\": [],\n"
		   "    \"flags\": \"0x0\",\n"
		   "    \"isolation\": {\n"
		   "      \"dma\": false,\n"
		   "      \"msi_remapping\": true\n"
		   "    }\n"
		   "  },\n"
		   "  {\n"
		   "    \"id\": 1,\n"
		   "    \"name\": \"guest\",\n"
		   "    \"state\": \"shut down\",\n"
		   "    \"cpus_assigned\": [3],\n"
		   "    \"cpus_failed\": [],\n"
		   "    \"flags\": \"0x1\",\n"
		   "    \"isolation\": {\n"
		   "      \"dma\": false,\n"
		   "      \"msi_remapping\": true\n"
		   "    }\n"
		   "  }\n"
		   "]\n",
		   "", "cell", "list", "--json");
}

static void names_cannot_harm_terminal_or_json(void **state)
{
	struct cell_blob cell = make_cell_blob();
	struct cli_output output;

	(void)state;
	memcpy(cell.cell.name, "\x1b[2J\"\\\xc3\xa4\xff", 10);
	move_cell_blob(&cell);
	cli_expect(0, "", "", "cell", "create", cli_cell_file(&cell, sizeof(cell)));
	cli_run(&output, "cell", "list", NULL);
	assert_null(strchr(output.out, '\x1b'));
	assert_non_null(strstr(output.out, "\\x1b[2J\"\\\\xc3\\xa4\\xff"));
	cli_compare(&output, 0, 0, NULL, "");
	cli_run(&output, "cell", "list", "--json", NULL);
	assert_non_null(strstr(output.out, "\"\\u001b[2J\\\"\\\\\xc3\xa4\\u00ff\""));
	cli_compare(&output, 0, 0, NULL, "");
}

/* ---- show ---- */

static void show_tells_about_a_healthy_cell(void **state)
{
	(void)state;
	cli_expect(0,
		   "Cell 1 \"guest\"\n"
		   "State:         shut down\n"
		   "Assigned CPUs: 3\n"
		   "Failed CPUs:   none\n"
		   "Isolation:     no DMA protection\n"
		   "Flags:         0x00000001\n",
		   "", "cell", "show", "guest");
}

static void show_tells_about_isolation(void **state)
{
	struct cli_output output;

	(void)state;
	fake_set_isolation(3);
	cli_run(&output, "cell", "show", "1", NULL);
	assert_non_null(strstr(output.out, "no DMA protection, no MSI remapping\n"));
	cli_compare(&output, 0, 0, NULL, "");
	fake_set_isolation(0);
	cli_run(&output, "cell", "show", "1", NULL);
	assert_non_null(strstr(output.out, "Isolation:     complete\n"));
	cli_compare(&output, 0, 0, NULL, "");
}

static void show_tells_why_a_cpu_stopped(void **state)
{
	const struct jailhouse_cpu_record record = make_record();

	(void)state;
	fake_fail_cpu(3, &record);
	cli_expect(0,
		   "Cell 1 \"guest\"\n"
		   "State:         failed\n"
		   "Assigned CPUs: 3\n"
		   "Failed CPUs:   3\n"
		   "Isolation:     no DMA protection\n"
		   "Flags:         0x00000001\n"
		   "\n"
		   "CPU 3 stopped: write of unassigned port 0x64, 1 bytes [PIO_ACCESS]\n"
		   "    address 0x64\n"
		   "    instruction e6 64\n"
		   "    rax     0x00000000000000fe  rbx     0x0000000000000001  rcx     0x0000000000000002\n"
		   "    rdx     0x0000000000000003\n",
		   "", "cell", "show", "1");
}

static void show_tells_of_failures_of_the_hypervisor(void **state)
{
	struct jailhouse_cpu_record record = make_record();
	struct cli_output output;

	(void)state;
	record.kind = JAILHOUSE_RECORD_PANIC;
	record.insn_len = 0;
	fake_fail_cpu(3, &record);
	cli_run(&output, "cell", "show", "1", NULL);
	assert_non_null(strstr(output.out, "CPU 3 stopped by a failure of the hypervisor: "));
	assert_null(strstr(output.out, "instruction"));
	cli_compare(&output, 0, 0, NULL, "");
}

static void show_in_json_has_the_failures(void **state)
{
	const struct jailhouse_cpu_record record = make_record();
	struct cli_output output;

	(void)state;
	fake_fail_cpu(3, &record);
	cli_run(&output, "cell", "show", "--json", "guest", NULL);
	assert_non_null(strstr(output.out,
			       "  \"failures\": [\n"
			       "    {\n"
			       "      \"cpu\": 3,\n"
			       "      \"kind\": \"violation\",\n"
			       "      \"reason\": \"PIO_ACCESS\",\n"
			       "      \"text\": \"write of unassigned port 0x64, 1 bytes\",\n"
			       "      \"address\": \"0x64\",\n"
			       "      \"instruction\": \"e664\",\n"
			       "      \"registers\": {\n"
			       "        \"rax\": \"0xfe\",\n"));
	cli_compare(&output, 0, 0, NULL, "");
}

static void show_of_an_old_driver_leaves_the_failures_out(void **state)
{
	(void)state;
	fake_set_legacy(true);
	cli_expect(0,
		   "Cell 10 \"tiny\"\n"
		   "State:         failed\n"
		   "Assigned CPUs: 3,64-65\n"
		   "Failed CPUs:   3\n"
		   "Isolation:     unknown\n"
		   "Flags:         0x00000000\n",
		   "", "--backend", "device:?sysfs=" FIXTURES "/sysfs-running", "cell", "show",
		   "tiny");
}

static void show_takes_one_cell(void **state)
{
	(void)state;
	cli_expect(2, "", NULL, "cell", "show");
	cli_expect(2, "", NULL, "cell", "show", "1", "2");
	cli_expect(2, "", NULL, "cell", "show", "--name", "1", "2");
	cli_expect(1, "", NULL, "cell", "show", "9");
}

/* ---- stats ---- */

static void stats_are_printed_once(void **state)
{
	struct cli_output output;

	(void)state;
	fake_count(0, 0, 30);
	fake_count(2, 0, 12);
	fake_count(2, 3, 12);
	cli_run(&output, "cell", "stats", "0", "--once", NULL);
	assert_memory_equal(output.out,
			    "Statistics for machine cell\n"
			    "\n"
			    "COUNTER                              SUM      CPU 0      CPU 1      CPU 2\n"
			    "vmexits_total                         42         30          0         12\n"
			    "vmexits_hypercall                     12          0          0         12\n"
			    "vmexits_cpuid                          0          0          0          0\n",
			    28 + 1 + 3 * 74);
	cli_compare(&output, 0, 0, NULL, "");
	/* No terminal: the same without being asked for. */
	cli_run(&output, "cell", "stats", "machine", NULL);
	assert_memory_equal(output.out, "Statistics for machine cell\n", 28);
	cli_compare(&output, 0, 0, NULL, "");
}

static void stats_in_json_have_sums_and_cpus(void **state)
{
	struct cli_output output;

	(void)state;
	fake_count(3, 0, 0x7fffffff);
	cli_run(&output, "cell", "stats", "guest", "--json", NULL);
	assert_non_null(strstr(output.out,
			       "{\n"
			       "  \"id\": 1,\n"
			       "  \"name\": \"guest\",\n"
			       "  \"counters\": {\n"
			       "    \"vmexits_total\": {\n"
			       "      \"sum\": 2147483647,\n"
			       "      \"cpus\": {\n"
			       "        \"3\": 2147483647\n"
			       "      }\n"
			       "    },\n"));
	cli_compare(&output, 0, 0, NULL, "");
}

static void stats_of_no_cell_fail(void **state)
{
	(void)state;
	cli_expect(1, "",
		   "jailhouse cell stats: there is no cell 7 [CELL_UNKNOWN]\n"
		   "Hint: \"cell list\" shows the cells that exist\n",
		   "cell", "stats", "7");
}

static struct jailhouse_stats *snapshot(uint32_t id)
{
	struct jailhouse_stats *stats;
	struct jailhouse *jh;

	assert_int_equal(jailhouse_open(NULL, &jh, NULL), 0);
	assert_int_equal(jailhouse_stats_get(jh, id, &stats, NULL), 0);
	jailhouse_close(jh);
	return stats;
}

static void table_is_sorted_by_what_moves(void **state)
{
	struct jailhouse_stats *before, *now;
	struct stats_table table;

	(void)state;
	fake_count(0, 0, 1000);
	fake_count(0, 1, 0x7ffffff0); /* about to wrap */
	fake_count(1, 2, 500);
	before = snapshot(0);
	fake_count(0, 0, 1001);
	fake_count(0, 1, 0x10);
	fake_count(1, 2, 500);
	now = snapshot(0);

	stats_table_make(&table, now, before, STATS_ALL_CPUS, 2.0);
	assert_int_equal(table.count, 12);
	assert_string_equal(table.row[0].name, "vmexits_mmio");
	assert_int_equal(table.row[0].value, 0x10);
	assert_int_equal(table.row[0].delta, 0x20);
	assert_int_equal(table.row[0].rate, 16);
	assert_string_equal(table.row[1].name, "vmexits_total");
	assert_int_equal(table.row[1].rate, 1); /* 0.5, rounded */
	assert_string_equal(table.row[2].name, "vmexits_management");
	assert_string_equal(table.row[3].name, "vmexits_cpuid"); /* all zero: by name */

	/* One CPU. */
	stats_table_make(&table, now, before, 1, 2.0);
	assert_string_equal(table.row[0].name, "vmexits_management");
	assert_int_equal(table.row[0].delta, 0);
	assert_int_equal(table.row[1].value, 0);

	/* First pass: by value. */
	stats_table_make(&table, now, NULL, STATS_ALL_CPUS, 1.0);
	assert_string_equal(table.row[0].name, "vmexits_total");
	assert_int_equal(table.row[0].rate, 0);
	jailhouse_stats_free(before);
	jailhouse_stats_free(now);
}

static void cpu_that_joins_does_not_count_at_first(void **state)
{
	struct jailhouse_stats *before, *now;
	struct stats_table table;

	(void)state;
	before = snapshot(0);
	fake_count(3, 0, 1000);
	cli_expect(0, "", "", "cell", "destroy", "guest");
	now = snapshot(0);
	stats_table_make(&table, now, before, STATS_ALL_CPUS, 1.0);
	assert_int_equal(table.row[0].value, 1000);
	assert_int_equal(table.row[0].delta, 0);
	jailhouse_stats_free(before);
	jailhouse_stats_free(now);
}

#define PLAIN(name) cmocka_unit_test_setup_teardown(name, cli_setup, cli_teardown)
#define GUEST(name) cmocka_unit_test_setup_teardown(name, cli_setup_guest, cli_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		GUEST(list_keeps_the_columns),
		GUEST(columns_grow_with_long_text),
		GUEST(list_shows_states_and_failed_cpus),
		PLAIN(list_without_cells_prints_nothing),
		PLAIN(list_without_driver_is_no_failure),
		PLAIN(list_of_an_old_driver_is_sorted_by_number),
		PLAIN(list_works_without_permission),
		GUEST(list_in_json_has_all_members),
		GUEST(names_cannot_harm_terminal_or_json),
		GUEST(show_tells_about_a_healthy_cell),
		GUEST(show_tells_about_isolation),
		GUEST(show_tells_why_a_cpu_stopped),
		GUEST(show_tells_of_failures_of_the_hypervisor),
		GUEST(show_in_json_has_the_failures),
		PLAIN(show_of_an_old_driver_leaves_the_failures_out),
		GUEST(show_takes_one_cell),
		GUEST(stats_are_printed_once),
		GUEST(stats_in_json_have_sums_and_cpus),
		GUEST(stats_of_no_cell_fail),
		GUEST(table_is_sorted_by_what_moves),
		GUEST(cpu_that_joins_does_not_count_at_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
