/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Simulated machines in this process, by the public functions alone. */
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>

#include "sim-setup.h"

#define SYSTEM "x86/qemu-q35"
#define TINY   "x86/qemu-q35-tiny-demo"
#define APIC   "x86/qemu-q35-apic-demo"
#define SMP    "x86/qemu-q35-smp-demo"

static struct jailhouse *jh;

static int setup(void **state)
{
	(void)state;
	return jailhouse_open("sim:", &jh, NULL);
}

static int setup_enabled(void **state)
{
	if (setup(state))
		return -1;
	sim_enable_board(jh, SYSTEM, 0);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	jailhouse_close(jh);
	jh = NULL;
	return 0;
}

static uint32_t pool_used(void)
{
	struct jailhouse_system_info info = JAILHOUSE_SYSTEM_INFO_INIT;
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;

	sim_ok(jailhouse_get_system_info(jh, &info, &error));
	return info.mem_pool_used;
}

/* Everything that the console has now. */
static void read_console(struct jailhouse *from, char *text, size_t size)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_console_reader *reader;
	size_t length = 0;
	int ret;

	sim_ok(jailhouse_console_open(from, 0, &reader, &error));
	while ((ret = jailhouse_console_read(reader, text + length, size - 1 - length, &error)) > 0)
		length += (size_t)ret;
	text[length] = '\0';
	jailhouse_console_close(reader);
}

static void assert_printed(struct jailhouse *from, const char *what)
{
	char text[4096];

	read_console(from, text, sizeof(text));
	if (!strstr(text, what))
		fail_msg("\"%s\" was not printed, but:\n%s", what, text);
}

/* ---- life ---- */

static void whole_life_leaves_nothing_behind(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	uint32_t used, id;
	int n;

	(void)state;
	assert_int_equal(jailhouse_is_enabled(jh, &error), 0);
	assert_string_equal(jailhouse_get_backend_name(jh), "sim");
	for (n = 0; n < 3; n++) {
		sim_enable_board(jh, SYSTEM, 0);
		assert_int_equal(jailhouse_is_enabled(jh, &error), 1);
		used = pool_used();
		id = sim_run(jh, TINY, "idle");
		assert_int_equal(sim_state(jh, id), JAILHOUSE_CELL_RUNNING);
		sim_ok(jailhouse_cell_shutdown(jh, id, &error));
		assert_int_equal(sim_state(jh, id), JAILHOUSE_CELL_SHUT_DOWN);
		sim_ok(jailhouse_cell_destroy(jh, id, &error));
		assert_int_equal(pool_used(), used);
		sim_ok(jailhouse_disable(jh, &error));
		assert_int_equal(jailhouse_is_enabled(jh, &error), 0);
	}
}

static void disable_takes_running_cells_down(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_cells *cells;

	(void)state;
	sim_run(jh, TINY, "timer 1");
	sim_run(jh, APIC, "idle");
	sim_ok(jailhouse_disable(jh, &error));
	sim_ok(jailhouse_cells_get(jh, &cells, &error));
	assert_int_equal(jailhouse_cells_get_count(cells), 0);
	jailhouse_cells_free(cells);
	assert_int_equal(jailhouse_disable(jh, &error), JAILHOUSE_ERR_NOT_ENABLED);
}

static void close_ends_what_runs(void **state)
{
	(void)state;
	sim_run(jh, TINY, "timer 1");
	sim_run(jh, APIC, "silent");
}

static void cpus_come_back_after_destroy(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_cell *root;
	uint64_t mask;
	uint32_t id;

	(void)state;
	id = sim_run(jh, TINY, "idle");
	sim_ok(jailhouse_cell_get_by_id(jh, 0, &root, &error));
	jailhouse_cell_get_cpus(root, &mask, 1);
	jailhouse_cell_free(root);
	assert_int_not_equal(mask, 0xf);
	sim_ok(jailhouse_cell_destroy(jh, id, &error));
	sim_ok(jailhouse_cell_get_by_id(jh, 0, &root, &error));
	jailhouse_cell_get_cpus(root, &mask, 1);
	jailhouse_cell_free(root);
	assert_int_equal(mask, 0xf);
	/* The root cell's Linux uses them again. */
	sim_ok(jailhouse_sim_root_write(jh, 3, 0x200000, 8, 42, &error));
}

static void two_machines_do_not_know_each_other(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse *other;
	uint64_t value;

	(void)state;
	sim_ok(jailhouse_open("sim:", &other, &error));
	assert_int_equal(jailhouse_is_enabled(other, &error), 0);
	sim_enable_board(other, SYSTEM, 0);
	sim_run(jh, TINY, "idle");
	sim_run(other, TINY, "idle");
	sim_ok(jailhouse_sim_root_write(jh, 0, 0x200000, 4, 1, &error));
	sim_ok(jailhouse_sim_root_write(other, 0, 0x200000, 4, 2, &error));
	sim_ok(jailhouse_sim_root_read(jh, 0, 0x200000, 4, &value, &error));
	assert_int_equal(value, 1);
	sim_ok(jailhouse_disable(other, &error));
	assert_int_equal(sim_state(jh, 1), JAILHOUSE_CELL_RUNNING);
	jailhouse_close(other);
	assert_int_equal(sim_state(jh, 1), JAILHOUSE_CELL_RUNNING);
}

static void configurations_can_be_read_back(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct sim_blob system = sim_read(SYSTEM);
	unsigned char buffer[16384];
	uint32_t id = sim_run(jh, TINY, "idle");
	size_t size;

	(void)state;
	sim_ok(jailhouse_get_system_config(jh, buffer, sizeof(buffer), &size, &error));
	assert_int_equal(size, system.size);
	assert_memory_equal(buffer, system.data, size);
	assert_int_equal(jailhouse_get_system_config(jh, buffer, 10, &size, &error),
			 JAILHOUSE_ERR_TOO_SMALL);
	sim_ok(jailhouse_cell_get_config(jh, id, buffer, sizeof(buffer), &size, &error));
	assert_int_equal(size, sim_read(TINY).size);
}

/* ---- refusals ---- */

static void refusals_bring_their_reasons(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct sim_blob system = sim_read(SYSTEM), tiny = sim_read(TINY), apic = sim_read(APIC);
	struct jailhouse_image image = {0x10000000, "x", 1};
	uint32_t id;

	(void)state;
	assert_int_equal(jailhouse_enable(jh, system.data, system.size, 0, &error),
			 JAILHOUSE_ERR_ENABLED);
	sim_ok(jailhouse_cell_create(jh, tiny.data, tiny.size, &id, &error));
	assert_int_equal(jailhouse_cell_create(jh, tiny.data, tiny.size, NULL, &error),
			 JAILHOUSE_ERR_EXISTS);
	assert_int_equal(jailhouse_cell_load(jh, id, &image, 1, &error), JAILHOUSE_ERR_CONFIG);
	assert_string_equal(jailhouse_reason_get_name(error.reason), "LOAD_RANGE");
	assert_int_equal(error.item, JAILHOUSE_ITEM_IMAGE);
	assert_int_equal(jailhouse_cell_start(jh, id, &error), JAILHOUSE_ERR_REFUSED);
	assert_string_equal(jailhouse_reason_get_name(error.reason), "NOT_LOADED");
	assert_int_equal(jailhouse_cell_start(jh, 77, &error), JAILHOUSE_ERR_NOT_FOUND);
	/* One that the hypervisor itself refuses: memory of another cell. */
	((struct jailhouse_memory *)(apic.data + sizeof(struct jailhouse_cell_desc) + 8))
		->phys_start =
		((struct jailhouse_memory *)(tiny.data + sizeof(struct jailhouse_cell_desc) + 8))
			->phys_start;
	assert_true(jailhouse_cell_create(jh, apic.data, apic.size, NULL, &error) < 0);
	assert_string_equal(jailhouse_reason_get_name(error.reason), "MEM_OTHER_CELL");
	assert_int_equal(error.item, JAILHOUSE_ITEM_MEM_REGION);
}

static void system_that_makes_no_sense_is_refused(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct sim_blob system = sim_read(SYSTEM);
	struct jailhouse_system *config = (struct jailhouse_system *)system.data;
	uint64_t size = config->hypervisor_memory.size;

	(void)state;
	config->hypervisor_memory.size = 0x4000;
	assert_int_equal(jailhouse_enable(jh, system.data, system.size, 0, &error),
			 JAILHOUSE_ERR_RESOURCES);
	assert_string_equal(jailhouse_reason_get_name(error.reason), "HYPERVISOR_MEMORY_SMALL");
	config->hypervisor_memory.size = size;
	config->hypervisor_memory.phys_start = UINT64_MAX - 0xfff;
	assert_int_equal(jailhouse_enable(jh, system.data, system.size, 0, &error),
			 JAILHOUSE_ERR_CONFIG);
	assert_int_equal(jailhouse_is_enabled(jh, &error), 0);
}

static void locked_cell_denies_its_shutdown_once(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct sim_blob other = sim_read(TINY);
	uint32_t id = sim_run(jh, APIC, "locked");

	(void)state;
	sim_wait_state(jh, id, JAILHOUSE_CELL_RUNNING_LOCKED);
	assert_int_equal(jailhouse_cell_create(jh, other.data, other.size, NULL, &error),
			 JAILHOUSE_ERR_DENIED);
	assert_string_equal(jailhouse_reason_get_name(error.reason), "CELL_LOCKED");
	assert_int_equal(jailhouse_cell_shutdown(jh, id, &error), JAILHOUSE_ERR_DENIED);
	assert_string_equal(jailhouse_reason_get_name(error.reason), "CELL_DENIED");
	assert_int_equal(sim_state(jh, id), JAILHOUSE_CELL_RUNNING_LOCKED);
	sim_ok(jailhouse_cell_shutdown(jh, id, &error));
	assert_int_equal(sim_state(jh, id), JAILHOUSE_CELL_SHUT_DOWN);
}

/* ---- failures ---- */

static void crash_leaves_a_record(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_failure *failure;
	struct jailhouse_cell *cell;
	uint32_t id = sim_run(jh, APIC, "crash");
	uint64_t failed;

	(void)state;
	sim_wait_state(jh, id, JAILHOUSE_CELL_FAILED);
	sim_ok(jailhouse_cell_get_by_id(jh, id, &cell, &error));
	assert_int_equal(jailhouse_cell_get_failed_cpus(cell, &failed, 1), 1);
	jailhouse_cell_free(cell);
	assert_int_equal(failed, 1 << 3);
	assert_int_equal(jailhouse_failure_get(jh, 3, &failure, &error), 1);
	assert_int_equal(jailhouse_failure_get_kind(failure), JAILHOUSE_RECORD_VIOLATION);
	assert_int_equal(jailhouse_failure_get_cell(failure), id);
	assert_string_equal(jailhouse_reason_get_name(jailhouse_failure_get_reason(failure)),
			    "MEM_ACCESS");
	assert_true(jailhouse_failure_get_address(failure) == 0x7fff00000000);
	assert_string_equal(jailhouse_failure_get_register_name(failure, 0), "address");
	jailhouse_failure_free(failure);
	assert_int_equal(jailhouse_failure_get(jh, 1, &failure, &error), 0);
	assert_int_equal(jailhouse_failure_get(jh, 4, &failure, &error), JAILHOUSE_ERR_NOT_FOUND);
	/* It can be started again. */
	sim_ok(jailhouse_cell_start(jh, id, &error));
	sim_wait_state(jh, id, JAILHOUSE_CELL_FAILED);
	sim_ok(jailhouse_cell_destroy(jh, id, &error));
}

static void root_cell_is_stopped_outside_of_its_memory(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	uint64_t value = 7;

	(void)state;
	assert_int_equal(jailhouse_sim_root_read(jh, 2, 0x7fff00000000, 4, &value, &error),
			 JAILHOUSE_ERR_STOPPED);
	assert_int_equal(value, 7);
	assert_int_equal(jailhouse_sim_root_read(jh, 2, 0x200000, 4, &value, &error),
			 JAILHOUSE_ERR_NOT_FOUND);
	assert_int_equal(jailhouse_sim_root_read(jh, 44, 0x200000, 4, &value, &error),
			 JAILHOUSE_ERR_NOT_FOUND);
	assert_int_equal(jailhouse_sim_root_read(jh, 0, 0x200000, 3, &value, &error),
			 JAILHOUSE_ERR_ARGUMENT);
	assert_int_equal(jailhouse_disable(jh, &error), JAILHOUSE_ERR_REFUSED);
	assert_string_equal(jailhouse_reason_get_name(error.reason), "ROOT_CPU_FAILED");
}

static void learning_mode_records_instead(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_access access = JAILHOUSE_ACCESS_INIT;
	struct jailhouse_access_list *list;
	uint64_t value;

	(void)state;
	sim_enable_board(jh, SYSTEM, JAILHOUSE_ENABLE_FLAG_PERMISSIVE);
	sim_ok(jailhouse_sim_root_read(jh, 1, 0x7fff00000000, 4, &value, &error));
	sim_ok(jailhouse_sim_root_write(jh, 1, 0x7fff00000000, 4, 1, &error));
	sim_ok(jailhouse_disable(jh, &error));
	sim_ok(jailhouse_access_list_get(jh, &list, &error));
	assert_int_equal(jailhouse_access_list_get_count(list), 1);
	sim_ok(jailhouse_access_list_get_access(list, 0, &access));
	assert_true(access.address == 0x7fff00000000);
	assert_int_equal(access.count, 2);
	assert_int_equal(access.direction, JAILHOUSE_ACCESS_READ | JAILHOUSE_ACCESS_WRITE);
	jailhouse_access_list_free(list);
}

/* ---- console, events, statistics ---- */

static void console_has_what_hypervisor_and_guests_print(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_console_reader *reader;
	char byte;

	(void)state;
	sim_ok(jailhouse_console_open(jh, 0, &reader, &error));
	assert_int_equal(jailhouse_console_read(reader, &byte, 1, &error),
			 JAILHOUSE_ERR_NOT_ENABLED);
	jailhouse_console_close(reader);
	sim_enable_board(jh, SYSTEM, 0);
	assert_printed(jh, "Activating hypervisor");
	sim_run(jh, APIC, "timer 20");
	/* It prints in its own time, character by character between other lines; one of its lines stays whole. */
	sim_ok(jailhouse_console_open(jh, JAILHOUSE_CONSOLE_FOLLOW, &reader, &error));
	{
		static const char wanted[] = "\ntimer: ";
		size_t matched = 0;

		while (matched < sizeof(wanted) - 1) {
			assert_int_equal(jailhouse_console_read(reader, &byte, 1, &error), 1);
			matched = byte == wanted[matched] ? matched + 1 : byte == wanted[0];
		}
	}
	jailhouse_console_close(reader);
	sim_ok(jailhouse_disable(jh, &error));
	/* The last text is still there. */
	assert_printed(jh, "Closing cell");
}

static void *disable_later(void *arg)
{
	(void)arg;
	return (void *)(intptr_t)jailhouse_disable(jh, NULL);
}

static void monitor_wakes_whoever_waits(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_monitor *monitor;
	struct pollfd pfd;
	uint32_t before, after;
	pthread_t thread;
	void *result;

	(void)state;
	sim_ok(jailhouse_monitor_open(jh, &monitor, &error));
	pfd.fd = jailhouse_monitor_get_fd(monitor);
	pfd.events = (short)jailhouse_monitor_get_poll_events(monitor);
	assert_int_equal(jailhouse_monitor_wait(monitor, 0, &error), 0);
	assert_int_equal(poll(&pfd, 1, 0), 0);
	sim_enable_board(jh, SYSTEM, 0);
	assert_int_equal(jailhouse_monitor_wait(monitor, 0, &error), 1);
	assert_int_equal(poll(&pfd, 1, 0), 1);
	sim_ok(jailhouse_monitor_acknowledge(monitor, &before, &error));
	assert_int_equal(poll(&pfd, 1, 0), 0);
	assert_int_equal(pthread_create(&thread, NULL, disable_later, NULL), 0);
	assert_int_equal(jailhouse_monitor_wait(monitor, 10000, &error), 1);
	pthread_join(thread, &result);
	assert_null(result);
	sim_ok(jailhouse_monitor_acknowledge(monitor, &after, &error));
	assert_true(after > before);
	jailhouse_monitor_close(monitor);
}

static void monitor_sees_a_state_that_a_cell_just_writes(void **state)
{
	(void)state;
	sim_wait_state(jh, sim_run(jh, TINY, "fail 20"), JAILHOUSE_CELL_FAILED);
}

static void exits_are_counted(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_stats *stats;
	uint32_t id = sim_run(jh, APIC, "crash");

	(void)state;
	sim_wait_state(jh, id, JAILHOUSE_CELL_FAILED);
	sim_ok(jailhouse_stats_get(jh, id, &stats, &error));
	assert_int_equal(jailhouse_stats_get_num_cpus(stats), 1);
	assert_int_equal(jailhouse_stats_get_cpu(stats, 0), 3);
	assert_string_equal(jailhouse_stats_get_name(stats, 1), "vmexits_mmio");
	assert_int_equal(jailhouse_stats_get_sum(stats, 1), 1);
	jailhouse_stats_free(stats);
}

/* ---- guests of this process ---- */

struct notes {
	unsigned int calls, stopped;
	uint32_t index[4];
	int message, bad_width, comm;
	int64_t unknown_call, pool;
	uint64_t read_back;
	char arguments[64];
	sigset_t blocked;
};

static void note_all(struct jailhouse_sim_cpu *cpu, void *user)
{
	struct notes *notes = user;
	uint32_t index = jailhouse_sim_cpu_get_index(cpu);
	uint64_t comm;

	__atomic_fetch_add(&notes->calls, 1, __ATOMIC_SEQ_CST);
	notes->index[jailhouse_sim_cpu_get_id(cpu)] = index;
	if (index == 0) {
		strncpy(notes->arguments, jailhouse_sim_cpu_get_arguments(cpu),
			sizeof(notes->arguments) - 1);
		pthread_sigmask(SIG_SETMASK, NULL, &notes->blocked);
		notes->bad_width = jailhouse_sim_cpu_write(cpu, 0x1000, 3, 0);
		jailhouse_sim_cpu_write(cpu, 0x1000, 8, 0x1122334455667788);
		jailhouse_sim_cpu_read(cpu, 0x1001, 2, &notes->read_back);
		jailhouse_sim_cpu_call(cpu, 999, 0, 0, &notes->unknown_call);
		jailhouse_sim_cpu_call(cpu, JAILHOUSE_HC_HYPERVISOR_GET_INFO,
				       JAILHOUSE_INFO_MEM_POOL_SIZE, 0, &notes->pool);
		notes->comm = jailhouse_sim_cpu_get_comm(cpu, &comm);
		notes->message = jailhouse_sim_cpu_wait(cpu, 0);
		jailhouse_sim_cpu_set_state(cpu, JAILHOUSE_CELL_RUNNING_LOCKED);
	}
	while (jailhouse_sim_cpu_wait(cpu, 1000000000) >= 0)
		;
	/* It stays so, and the guest goes on until it returns. */
	if (jailhouse_sim_cpu_write(cpu, 0x1000, 8, 0) == JAILHOUSE_ERR_STOPPED)
		__atomic_fetch_add(&notes->stopped, 1, __ATOMIC_SEQ_CST);
}

static void guest_can_do_what_its_cell_may(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	static struct notes notes;
	uint32_t id;

	(void)state;
	memset(&notes, 0, sizeof(notes));
	sim_ok(jailhouse_sim_register("noting", note_all, &notes, &error));
	id = sim_run(jh, SMP, "noting some  words ");
	sim_wait_state(jh, id, JAILHOUSE_CELL_RUNNING_LOCKED);
	assert_int_equal(jailhouse_sim_unregister("noting", &error), JAILHOUSE_ERR_BUSY);
	jailhouse_close(jh);
	jh = NULL;
	assert_true(notes.calls >= 2);
	assert_int_equal(notes.stopped, notes.calls);
	assert_string_equal(notes.arguments, "some  words");
	assert_int_equal(notes.bad_width, JAILHOUSE_ERR_ARGUMENT);
	assert_true(notes.read_back == 0x6677);
	assert_int_equal(notes.unknown_call, -38);
	assert_true(notes.pool > 0);
	assert_int_equal(notes.comm, 0);
	assert_int_equal(notes.message, 0);
	assert_int_equal(sigismember(&notes.blocked, SIGALRM), 1);
	sim_ok(jailhouse_sim_unregister("noting", &error));
	assert_int_equal(jailhouse_sim_unregister("noting", &error), JAILHOUSE_ERR_NOT_FOUND);
}

static void names_of_guests_are_taken_once(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;

	(void)state;
	sim_ok(jailhouse_sim_register("mine", note_all, NULL, &error));
	assert_int_equal(jailhouse_sim_register("mine", note_all, NULL, &error),
			 JAILHOUSE_ERR_EXISTS);
	assert_int_equal(jailhouse_sim_register("timer", note_all, NULL, &error),
			 JAILHOUSE_ERR_EXISTS);
	assert_int_equal(jailhouse_sim_register("a b", note_all, NULL, &error),
			 JAILHOUSE_ERR_ARGUMENT);
	assert_int_equal(jailhouse_sim_register("", note_all, NULL, &error),
			 JAILHOUSE_ERR_ARGUMENT);
	assert_int_equal(jailhouse_sim_unregister("timer", &error), JAILHOUSE_ERR_NOT_FOUND);
	sim_ok(jailhouse_sim_unregister("mine", &error));
}

static void other_images_do_nothing_and_say_so(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct sim_blob blob = sim_read(TINY);
	struct jailhouse_image image = {0, "\x90\x90\xf4", 3};
	uint32_t id;

	(void)state;
	sim_run(jh, APIC, "nobody");
	sim_ok(jailhouse_cell_create(jh, blob.data, blob.size, &id, &error));
	sim_ok(jailhouse_cell_load(jh, id, &image, 1, &error));
	sim_ok(jailhouse_cell_start(jh, id, &error));
	assert_int_equal(sim_state(jh, id), JAILHOUSE_CELL_RUNNING);
	sim_ok(jailhouse_cell_destroy(jh, id, &error));
	assert_printed(jh, "there is no guest \"nobody\"");
	assert_printed(jh, "no image of the simulation");
}

/* Cells see what the root cell has written into memory that both have. */
static void memory_of_cells_is_scrubbed(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct sim_blob blob = sim_read(TINY);
	const struct jailhouse_memory *ram =
		(struct jailhouse_memory *)(blob.data + sizeof(struct jailhouse_cell_desc) + 8);
	uint64_t value, where = ram->phys_start + 0x8000;
	uint32_t id;

	(void)state;
	sim_ok(jailhouse_sim_root_write(jh, 0, where, 8, 0x5ec4e7, &error));
	id = sim_run(jh, TINY, "idle");
	sim_ok(jailhouse_cell_destroy(jh, id, &error));
	sim_ok(jailhouse_sim_root_read(jh, 0, where, 8, &value, &error));
	assert_true(value == 0);
	sim_ok(jailhouse_sim_root_read(jh, 0, ram->phys_start, 8, &value, &error));
	assert_true(value == 0);
}

static long count_sleeps(void)
{
	struct rusage usage;

	assert_int_equal(getrusage(RUSAGE_SELF, &usage), 0);
	return usage.ru_nvcsw;
}

/* A guest that waits is woken by what it waits for, and looks for nothing meanwhile. */
static void waiting_costs_nothing(void **state)
{
	const struct timespec moment = {0, 400000000};
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	uint32_t id = sim_run(jh, TINY, "idle");
	long before, slept;

	(void)state;
	nanosleep(&moment, NULL);
	before = count_sleeps();
	nanosleep(&moment, NULL);
	slept = count_sleeps() - before;
	if (slept > 40)
		fail_msg("%ld sleeps in 0.4 s", slept);
	sim_ok(jailhouse_cell_shutdown(jh, id, &error));
}

#define TEST(name)    cmocka_unit_test_setup_teardown(name, setup, teardown)
#define ENABLED(name) cmocka_unit_test_setup_teardown(name, setup_enabled, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(whole_life_leaves_nothing_behind),
		ENABLED(disable_takes_running_cells_down),
		ENABLED(close_ends_what_runs),
		ENABLED(cpus_come_back_after_destroy),
		ENABLED(two_machines_do_not_know_each_other),
		ENABLED(configurations_can_be_read_back),
		ENABLED(refusals_bring_their_reasons),
		TEST(system_that_makes_no_sense_is_refused),
		ENABLED(locked_cell_denies_its_shutdown_once),
		ENABLED(crash_leaves_a_record),
		ENABLED(root_cell_is_stopped_outside_of_its_memory),
		TEST(learning_mode_records_instead),
		TEST(console_has_what_hypervisor_and_guests_print),
		TEST(monitor_wakes_whoever_waits),
		ENABLED(monitor_sees_a_state_that_a_cell_just_writes),
		ENABLED(exits_are_counted),
		ENABLED(guest_can_do_what_its_cell_may),
		ENABLED(names_of_guests_are_taken_once),
		ENABLED(other_images_do_nothing_and_say_so),
		ENABLED(memory_of_cells_is_scrubbed),
		ENABLED(waiting_costs_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
