/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The command line: commands, help, mistakes, and the life of a cell. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <jailhouse/reason.h>

#include "cli.h"
#include "cli-run.h"

/* ---- finding the command ---- */

static void version_is_printed(void **state)
{
	(void)state;
	cli_expect(0, "Jailhouse management tool v" PROJECT_VERSION "\n", "", "--version");
}

static void help_goes_to_stdout(void **state)
{
	struct cli_output output;

	(void)state;
	assert_int_equal(cli_run(&output, "--help", NULL), 0);
	assert_non_null(strstr(output.out, "Usage: jailhouse "));
	assert_non_null(strstr(output.out, "   cell load { ID | [--name] NAME } { IMAGE | { -s | "
					   "--string } \"STRING\" }\n"
					   "             [-a | --address ADDRESS] ...\n"));
	cli_compare(&output, 0, 0, NULL, "");
}

static void every_command_has_help(void **state)
{
	char usage[64];
	size_t n;

	(void)state;
	for (n = 0; n < cli_num_commands; n++) {
		const struct cli_command *command = cli_commands[n];
		struct cli_output output;

		snprintf(usage, sizeof(usage), "Usage: jailhouse %s%s%s",
			 command->group ? command->group : "", command->group ? " " : "",
			 command->name);
		/* Also where other words are missing. */
		if (command->group)
			assert_int_equal(cli_run(&output, command->group, command->name, "--help",
						 NULL), 0);
		else
			assert_int_equal(cli_run(&output, command->name, "-h", NULL), 0);
		assert_memory_equal(output.out, usage, strlen(usage));
		assert_non_null(strstr(output.out, command->summary));
		cli_compare(&output, 0, 0, NULL, "");
	}
}

static void group_lists_its_commands(void **state)
{
	struct cli_output output;

	(void)state;
	assert_int_equal(cli_run(&output, "cell", "--help", NULL), 0);
	assert_non_null(strstr(output.out, "   shutdown   Stop a cell"));
	cli_compare(&output, 0, 0, NULL, "");
}

static void no_command_is_a_usage_error(void **state)
{
	struct cli_output output;

	(void)state;
	assert_int_equal(cli_run(&output, NULL), 2);
	assert_memory_equal(output.err, "Usage: ", 7);
	cli_compare(&output, 2, 2, "", NULL);
	assert_int_equal(cli_run(&output, "cell", NULL), 2);
	cli_compare(&output, 2, 2, "", NULL);
}

static void unknown_commands_are_named(void **state)
{
	struct cli_output output;

	(void)state;
	assert_int_equal(cli_run(&output, "en\x1b" "able", NULL), 2);
	assert_ptr_equal(strstr(output.err, "jailhouse: unknown command \"en\\x1bable\"\n"),
			 output.err);
	cli_compare(&output, 2, 2, "", NULL);
	assert_int_equal(cli_run(&output, "cell", "crate", NULL), 2);
	assert_ptr_equal(strstr(output.err, "jailhouse: unknown command \"cell crate\"\n"),
			 output.err);
	cli_compare(&output, 2, 2, "", NULL);
	/* A command of a group is none without it. */
	assert_int_equal(cli_run(&output, "create", NULL), 2);
	cli_compare(&output, 2, 2, "", NULL);
}

static void mistakes_in_arguments_are_named(void **state)
{
	(void)state;
	cli_expect(2, "",
		   "jailhouse enable: arguments are missing: [--permissive] [--no-check] SYSCONFIG\n"
		   "See \"jailhouse enable --help\".\n",
		   "enable");
	cli_expect(2, "",
		   "jailhouse disable: unexpected argument \"now\"\n"
		   "See \"jailhouse disable --help\".\n",
		   "disable", "now");
	cli_expect(2, "",
		   "jailhouse cell list: unknown option \"--jason\"\n"
		   "See \"jailhouse cell list --help\".\n",
		   "cell", "list", "--jason");
	cli_expect(2, "",
		   "jailhouse console: unknown option \"-x\"\n"
		   "See \"jailhouse console --help\".\n",
		   "console", "-x");
	cli_expect(2, "",
		   "jailhouse cell list: option --json takes no argument\n"
		   "See \"jailhouse cell list --help\".\n",
		   "cell", "list", "--json=yes");
	cli_expect(2, "",
		   "jailhouse cell start: option --name needs an argument: NAME\n"
		   "See \"jailhouse cell start --help\".\n",
		   "cell", "start", "--name");
}

static void backend_can_be_chosen(void **state)
{
	(void)state;
	cli_expect(1, "",
		   "jailhouse disable: no backend \"tcp:\" is built into this library, only "
		   "\"device:\" and \"sim:\"\n"
		   "Hint: leave --backend away for the driver of this machine\n",
		   "--backend", "tcp:x", "disable");
	cli_expect(2, "", "jailhouse: option --backend needs a URI\n", "--backend");
}

/* ---- naming of cells ---- */

static void cells_are_named_by_id_or_name(void **state)
{
	(void)state;
	cli_expect(0, "", "", "cell", "start", "1");
	cli_expect(0, "", "", "cell", "start", "0x1");
	cli_expect(0, "", "", "cell", "start", "01");
	cli_expect(0, "", "", "cell", "start", "guest");
	cli_expect(0, "", "", "cell", "start", "--name", "guest");
	cli_expect(0, "", "", "cell", "start", "--name=guest");
}

static void what_is_no_number_is_a_name(void **state)
{
	(void)state;
	cli_expect(1, "",
		   "jailhouse cell start: there is no cell \"1x\" [CELL_UNKNOWN]\n"
		   "Hint: \"cell list\" shows the cells that exist\n",
		   "cell", "start", "1x");
	cli_expect(1, "",
		   "jailhouse cell start: there is no cell \"-1\" [CELL_UNKNOWN]\n"
		   "Hint: \"cell list\" shows the cells that exist\n",
		   "cell", "start", "--", "-1");
	cli_expect(1, "",
		   "jailhouse cell start: there is no cell \"1\" [CELL_UNKNOWN]\n"
		   "Hint: \"cell list\" shows the cells that exist\n",
		   "cell", "start", "--name", "1");
}

static void bad_names_are_refused(void **state)
{
	(void)state;
	/* An empty word is not the root cell. */
	cli_expect(2, "",
		   "jailhouse cell start: the name of a cell has 1 to 31 bytes\n"
		   "See \"jailhouse cell start --help\".\n",
		   "cell", "start", "");
	/* No silent truncation. */
	cli_expect(2, "",
		   "jailhouse cell start: the name of a cell has 1 to 31 bytes\n"
		   "See \"jailhouse cell start --help\".\n",
		   "cell", "start", "12345678901234567890123456789012x");
	cli_expect(2, "",
		   "jailhouse cell start: cell id 2147483648 is too large; use --name if it is a "
		   "name\n"
		   "See \"jailhouse cell start --help\".\n",
		   "cell", "start", "2147483648");
	cli_expect(2, "",
		   "jailhouse cell start: the cell is missing: { ID | [--name] NAME }\n"
		   "See \"jailhouse cell start --help\".\n",
		   "cell", "start");
	cli_expect(2, "",
		   "jailhouse cell start: unexpected argument \"b\"\n"
		   "See \"jailhouse cell start --help\".\n",
		   "cell", "start", "--name", "a", "b");
}

/* ---- life ---- */

static void whole_life_is_silent(void **state)
{
	struct system_blob system = make_system_blob();
	struct cell_blob cell = make_cell_blob();

	(void)state;
	cli_expect(0, "", "", "enable", cli_system_file(&system, sizeof(system)));
	cli_expect(0, "", "", "cell", "create", cli_cell_file(&cell, sizeof(cell)));
	cli_expect(0, "", "", "cell", "load", "guest", cli_data_file("code"));
	cli_expect(0, "", "", "cell", "start", "guest");
	cli_expect(0, "", "", "cell", "shutdown", "guest");
	cli_expect(0, "", "", "cell", "destroy", "guest");
	cli_expect(0, "", "", "disable");
}

static void without_driver_there_is_a_hint(void **state)
{
	(void)state;
	fake_set_open_error(ENOENT);
	cli_expect(1, "",
		   "jailhouse disable: there is no device /dev/jailhouse\n"
		   "Hint: load the driver: modprobe jailhouse\n",
		   "disable");
}

static void without_permission_there_is_a_hint(void **state)
{
	(void)state;
	fake_set_open_error(EACCES);
	cli_expect(1, "",
		   "jailhouse disable: no permission to open /dev/jailhouse\n"
		   "Hint: become root or a member of the group \"jailhouse\"\n",
		   "--backend", "device:?sysfs=/nowhere", "disable");
}

static void missing_files_are_named_before_anything_else(void **state)
{
	(void)state;
	fake_set_open_error(ENOENT);
	cli_expect(1, "", "jailhouse enable: opening /nowhere/x: No such file or directory\n",
		   "enable", "/nowhere/x");
	cli_expect(1, "", "jailhouse cell create: opening /nowhere/x: No such file or directory\n",
		   "cell", "create", "/nowhere/x");
	cli_expect(1, "", "jailhouse cell load: opening /nowhere/x: No such file or directory\n",
		   "cell", "load", "1", "/nowhere/x");
	cli_expect(1, "", "jailhouse enable: reading /tmp: Is a directory\n", "enable", "/tmp");
	cli_expect(1, "", "jailhouse enable: the name of a file is empty\n", "enable", "");
}

static void bad_configurations_are_explained(void **state)
{
	struct system_blob system = make_system_blob();
	struct cell_blob cell = make_cell_blob();
	char expected[512];
	const char *path;

	(void)state;
	path = cli_system_file(&system, 100);
	snprintf(expected, sizeof(expected),
		 "jailhouse enable: %s: the configuration ends after 100 bytes, its counts ask for "
		 "488 [CONFIG_TRUNCATED]\n"
		 "Hint: the file is cut off or the counts in it are wrong; build it again\n",
		 path);
	cli_expect(1, "", expected, "enable", path);

	path = cli_cell_file(&cell, sizeof(cell));
	snprintf(expected, sizeof(expected),
		 "jailhouse enable: %s: this is not a system configuration: wrong signature "
		 "[CONFIG_SIGNATURE]\n"
		 "Hint: \"enable\" takes a system configuration, \"cell create\" one of a cell; "
		 "both are binary .cell files, not their sources\n",
		 path);
	cli_expect(1, "", expected, "enable", path);
	/* An empty file. */
	path = cli_data_file("");
	cli_expect(1, "", NULL, "enable", path);
}

static void refusals_name_item_and_remedy(void **state)
{
	struct cell_blob cell = make_cell_blob();
	char expected[512];
	const char *path;

	(void)state;
	path = cli_cell_file(&cell, sizeof(cell));
	snprintf(expected, sizeof(expected),
		 "jailhouse cell create: %s: a cell of this name exists already, with id 1 "
		 "[CELL_NAME_USED]\n"
		 "Hint: destroy that cell first (\"cell destroy\"), or give this one another "
		 "name\n",
		 path);
	cli_expect(1, "", expected, "cell", "create", "--no-check", path);

	strcpy(cell.cell.name, "second");
	path = cli_cell_file(&cell, sizeof(cell));
	snprintf(expected, sizeof(expected),
		 "jailhouse cell create: %s: CPU 3 does not belong to the root cell "
		 "[CPU_NOT_IN_ROOT]\n"
		 "Hint: the CPU belongs to another cell (see \"cell list\") or is not in the system "
		 "configuration; choose another one\n",
		 path);
	cli_expect(1, "", expected, "cell", "create", "--no-check", path);

	cli_expect(1, "",
		   "jailhouse cell destroy: the root cell cannot be the target of this request "
		   "[CELL_IS_ROOT]\n"
		   "Hint: name another cell; the root cell is Linux itself and is left by "
		   "\"disable\"\n",
		   "cell", "destroy", "0");
	cli_expect(0, "", "", "cell", "start", "guest");
	fake_deny_shutdown(1);
	cli_expect(1, "",
		   "jailhouse cell shutdown: cell 1 denied the shutdown request (reply 2) "
		   "[CELL_DENIED]\n"
		   "Hint: the software in the cell decides; try again when it is ready to stop\n",
		   "cell", "shutdown", "guest");
	fake_deny_shutdown(1);
	cli_expect(1, "", NULL, "disable");
	cli_expect(0, "", "", "disable");
}

static void without_hypervisor_there_is_a_hint(void **state)
{
	(void)state;
	cli_expect(1, "",
		   "jailhouse cell start: the hypervisor is not enabled [NOT_ENABLED]\n"
		   "Hint: start the hypervisor with \"enable SYSCONFIG\" first\n",
		   "cell", "start", "1");
}

static void failing_output_is_a_failure(void **state)
{
	char *words[] = {(char *)"jailhouse", (char *)"--version"};
	FILE *full = fopen("/dev/full", "w");
	char *text = NULL;
	size_t size;
	FILE *err = open_memstream(&text, &size);

	(void)state;
	assert_non_null(full);
	assert_non_null(err);
	assert_int_equal(cli_main(2, words, full, err), 1);
	fclose(full);
	fclose(err);
	assert_string_equal(text, "jailhouse: writing the output failed\n");
	free(text);
}

/* ---- load ---- */

static void images_are_loaded_in_order(void **state)
{
	(void)state;
	cli_expect(0, "", "", "cell", "load", "guest", cli_data_file("program"), "-s", "arg=1",
		   "--address", "0x20", "-s", "at 64", "-a", "0100");
	assert_string_equal(fake_memory(1, 0), "program");
	assert_string_equal(fake_memory(1, 0x20), "arg=1");
	assert_string_equal(fake_memory(1, 64), "at 64");
}

static void string_is_loaded_with_its_end(void **state)
{
	(void)state;
	cli_expect(0, "", "", "cell", "load", "guest", "-s", "long text");
	cli_expect(0, "", "", "cell", "load", "guest", "--string=abc");
	assert_memory_equal(fake_memory(1, 0), "abc\0 text", 10);
}

static void address_before_its_image_is_explained(void **state)
{
	(void)state;
	cli_expect(2, "",
		   "jailhouse cell load: \"-a 0x1000\" must follow the image that it belongs to: "
		   "IMAGE -a ADDRESS\n"
		   "See \"jailhouse cell load --help\".\n",
		   "cell", "load", "guest", "-a", "0x1000", "file");
}

static void bad_addresses_are_refused(void **state)
{
	static const char *const bad[] = {"", "x", "0x", "12 ", " 12", "-1", "+1",
					  "0x10000000000000000", "08"};
	char expected[160];
	size_t n;

	(void)state;
	for (n = 0; n < ARRAY_LEN(bad); n++) {
		snprintf(expected, sizeof(expected),
			 "jailhouse cell load: \"%s\" is no address; expected a number below 2^64\n"
			 "See \"jailhouse cell load --help\".\n",
			 bad[n]);
		cli_expect(2, "", expected, "cell", "load", "guest", "-s", "x", "-a", bad[n]);
	}
	/* The last address there is: no mistake of the command line, but no memory of the cell */
	cli_expect(1, "", NULL, "cell", "load", "guest", "-s", "x", "-a", "0xffffffffffffffff");
	cli_expect(2, "",
		   "jailhouse cell load: image 0 has two addresses\n"
		   "See \"jailhouse cell load --help\".\n",
		   "cell", "load", "guest", "-s", "x", "-a", "1", "-a", "2");
}

static void image_that_does_not_fit_is_named(void **state)
{
	const char *path = cli_data_file("code");
	char expected[512];

	(void)state;
	snprintf(expected, sizeof(expected),
		 "jailhouse cell load: %s: image 1: 0xffffffffffffffff-0x2 is in no loadable, "
		 "writable region of the cell [LOAD_RANGE]\n"
		 "Hint: correct the address (-a) so that the whole image lies in one region with "
		 "JAILHOUSE_MEM_LOADABLE and JAILHOUSE_MEM_WRITE\n",
		 path);
	cli_expect(1, "", expected, "cell", "load", "guest", "-s", "x", path, "-a",
		   "0xffffffffffffffff");
	cli_expect(1, "",
		   "jailhouse cell start: the last load of cell 1 failed; load it again before "
		   "starting it [NOT_LOADED]\n"
		   "Hint: load the cell again, then start it\n",
		   "cell", "start", "guest");
}

static void load_needs_an_image(void **state)
{
	(void)state;
	cli_expect(2, "",
		   "jailhouse cell load: at least one image is needed: IMAGE or -s STRING\n"
		   "See \"jailhouse cell load --help\".\n",
		   "cell", "load", "guest");
	cli_expect(2, "",
		   "jailhouse cell load: at least one image is needed: IMAGE or -s STRING\n"
		   "See \"jailhouse cell load --help\".\n",
		   "cell", "load", "--name", "guest");
}

static void too_many_images_are_refused(void **state)
{
	(void)state;
#define TEN "a", "a", "a", "a", "a", "a", "a", "a", "a", "a"
	cli_expect(2, "",
		   "jailhouse cell load: more than 64 images\n"
		   "See \"jailhouse cell load --help\".\n",
		   "cell", "load", "guest", TEN, TEN, TEN, TEN, TEN, TEN, "a", "a", "a", "a", "a");
#undef TEN
}

/* ---- console ---- */

static void console_prints_what_is_there(void **state)
{
	(void)state;
	fake_print("Hello\n");
	cli_expect(0, "Initializing hypervisor\nHello\n", "", "console");
}

static void console_reads_the_stored_text(void **state)
{
	(void)state;
	cli_expect(0, "", "", "disable");
	cli_expect(0, "Initializing hypervisor\n", "", "console");
}

static void console_without_anything_says_why(void **state)
{
	(void)state;
	cli_expect(1, "",
		   "jailhouse console: the hypervisor is not enabled [NOT_ENABLED]\n"
		   "Hint: start the hypervisor with \"enable SYSCONFIG\" first\n",
		   "console");
}

static void monitor_wants_a_number_of_events(void **state)
{
	static const char *const bad[] = {"0", "-1", "x", "1x", "", "99999999999999999999"};
	char text[128];
	size_t n;

	(void)state;
	for (n = 0; n < ARRAY_LEN(bad); n++) {
		snprintf(text, sizeof(text),
			 "jailhouse monitor: \"%s\" is no number of events\n"
			 "See \"jailhouse monitor --help\".\n",
			 bad[n]);
		cli_expect(2, "", text, "monitor", "--count", bad[n]);
	}
	cli_expect(2, "", NULL, "monitor", "word");
}

static void monitor_of_an_old_driver_says_why(void **state)
{
	(void)state;
	fake_set_legacy(true);
	cli_expect(1, "", NULL, "monitor", "--count", "1");
}

static void console_follows_until_it_breaks(void **state)
{
	(void)state;
	cli_expect(1, "Initializing hypervisor\n",
		   "jailhouse console: reading the console: Input/output error\n", "console", "-f");
	cli_expect(1, "Initializing hypervisor\n", NULL, "console", "--follow");
}

/* ---- hints ---- */

static void every_hint_is_for_a_reason_that_exists(void **state)
{
	static const char *const reasons[] = {
#define NAME(name, code, text) #name,
		JAILHOUSE_REASONS(NAME)
#undef NAME
	};
	const char *name;
	size_t n, i;

	(void)state;
	for (n = 0; (name = cli_hint_reason(n)) != NULL; n++) {
		for (i = 0; i < ARRAY_LEN(reasons) && strcmp(reasons[i], name) != 0; i++)
			;
		if (i == ARRAY_LEN(reasons))
			fail_msg("there is no reason %s", name);
		for (i = 0; i < n; i++)
			assert_string_not_equal(cli_hint_reason(i), name);
	}
	assert_true(n > 50);
}

static bool has_hint(const char *reason)
{
	const char *name;

	for (size_t n = 0; (name = cli_hint_reason(n)) != NULL; n++)
		if (strcmp(name, reason) == 0)
			return true;
	return false;
}

/* Where the sentence of the reason does not say by itself what to do. */
static void refusals_of_arm_machines_have_hints(void **state)
{
	static const char *const reasons[] = {
		"PHYS_BITS", "GIC_VERSION", "GIC_ADDRESS", "GIC_NO_FRAME", "GIC_KICK", "GIC_NO_KICK", "GIC_STATE",
		"IRQ_RANGE", "IRQ_OTHER_CELL", "IRQ_RESERVED", "IRQCHIP_PIN_BASE", "NO_EL2", "EL2_STUB",
	};

	(void)state;
	for (size_t n = 0; n < ARRAY_LEN(reasons); n++)
		if (!has_hint(reasons[n]))
			fail_msg("no hint for %s", reasons[n]);
}

#define PLAIN(name) cmocka_unit_test_setup_teardown(name, cli_setup, cli_teardown)
#define GUEST(name) cmocka_unit_test_setup_teardown(name, cli_setup_guest, cli_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		PLAIN(version_is_printed),
		PLAIN(help_goes_to_stdout),
		PLAIN(every_command_has_help),
		PLAIN(group_lists_its_commands),
		PLAIN(no_command_is_a_usage_error),
		PLAIN(unknown_commands_are_named),
		PLAIN(mistakes_in_arguments_are_named),
		PLAIN(backend_can_be_chosen),
		GUEST(cells_are_named_by_id_or_name),
		GUEST(what_is_no_number_is_a_name),
		GUEST(bad_names_are_refused),
		PLAIN(whole_life_is_silent),
		PLAIN(without_driver_there_is_a_hint),
		PLAIN(without_permission_there_is_a_hint),
		PLAIN(missing_files_are_named_before_anything_else),
		PLAIN(bad_configurations_are_explained),
		GUEST(refusals_name_item_and_remedy),
		PLAIN(without_hypervisor_there_is_a_hint),
		PLAIN(failing_output_is_a_failure),
		GUEST(images_are_loaded_in_order),
		GUEST(string_is_loaded_with_its_end),
		GUEST(address_before_its_image_is_explained),
		GUEST(bad_addresses_are_refused),
		GUEST(image_that_does_not_fit_is_named),
		GUEST(load_needs_an_image),
		GUEST(too_many_images_are_refused),
		GUEST(console_prints_what_is_there),
		GUEST(console_reads_the_stored_text),
		PLAIN(console_without_anything_says_why),
		GUEST(console_follows_until_it_breaks),
		PLAIN(monitor_wants_a_number_of_events),
		PLAIN(monitor_of_an_old_driver_says_why),
		PLAIN(every_hint_is_for_a_reason_that_exists),
		PLAIN(refusals_of_arm_machines_have_hints),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
