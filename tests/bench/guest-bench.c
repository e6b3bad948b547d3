/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What is measured inside the emulated machine, where an instruction takes 4 ns (-icount shift=2):
 *
 *   guest-bench calls	management calls and memory; operations and timer of a cell; exits of the root cell
 *   guest-bench timer	timer of a cell only
 *   guest-bench cell	operations and timer of a cell only
 *   guest-bench irqs	interrupts of the root cell (ARM)
 *   guest-bench large	management calls for a cell of 512 MiB (ARM)
 *   guest-bench links	doorbells and messages
 *
 * Figures are lines "figure NAME VALUE"; the inmates print theirs themselves. Each case also checks
 * that what it measures is what it says.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <time.h>
#include <unistd.h>

#include <jailhouse/cell-config.h>

#include "guest.h"
#include "guest-bench.h"

#define PAGE 4096

#define ENABLES 5
#define CYCLES  9

#define TIMER_TICKS   1000 /* of timer-bench, one a millisecond */
#define TIMER_SETTLE  200
#define TIMER_WATCHED 500
#define NEIGHBOURS    5

#define IDLE_SETTLE  5000 /* milliseconds */
#define IDLE_SECONDS 60

#define TRACEFS       "/sys/kernel/tracing"
#define TRACED_CYCLES 3

static struct jailhouse *jh;

void figure(const char *name, double value)
{
	printf("figure %s %.9g\n", name, value);
	fflush(stdout);
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void sleep_ms(long ms)
{
	struct timespec time = {ms / 1000, ms % 1000 * 1000000};

	while (nanosleep(&time, &time) < 0)
		;
}

static int compare(const void *left, const void *right)
{
	double a = *(const double *)left, b = *(const double *)right;

	return a < b ? -1 : a > b;
}

/* Shows all of them in their order, and leaves them sorted. */
static void sort(const char *name, double *values, size_t num)
{
	size_t n;

	printf("values %s", name);
	for (n = 0; n < num; n++)
		printf(" %.6f", values[n]);
	printf("\n");
	qsort(values, num, sizeof(*values), compare);
}

static void figure_median(const char *name, double *values, size_t num)
{
	sort(name, values, num);
	figure(name, values[num / 2]);
}

static void figure_longest(const char *name, double *values, size_t num)
{
	sort(name, values, num);
	figure(name, values[num - 1]);
}

static struct jailhouse_system_info system_info(void)
{
	struct jailhouse_system_info info = JAILHOUSE_SYSTEM_INFO_INIT;
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;

	guest_ok(jailhouse_get_system_info(jh, &info, &error), &error);
	return info;
}

/* The machine's own configuration, with the frequencies that are known here. */
static struct guest_file system_config(void)
{
	struct guest_file file = guest_config_read(GUEST_SYSTEM);
	struct jailhouse_system *config = file.data;

	assert_true(file.size > sizeof(*config));
	bench_arch.adjust_system(config);
	return file;
}

double enable(void)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct guest_file config = system_config();
	double start = now(), end;

	guest_ok(jailhouse_enable(jh, config.data, config.size, 0, &error), &error);
	end = now();
	guest_file_free(&config);
	return end - start;
}

static int setup(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;

	(void)state;
	guest_insmod();
	guest_ok(jailhouse_open("device:", &jh, &error), &error);
	return 0;
}

static int setup_enabled(void **state)
{
	setup(state);
	enable();
	return 0;
}

static int teardown(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;

	(void)state;
	guest_ok(jailhouse_disable(jh, &error), &error);
	jailhouse_close(jh);
	return guest_rmmod_at_end();
}

/* Leaves the hypervisor enabled for the cases behind it. */
static void time_of_enable(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	double seconds[ENABLES];
	int n;

	(void)state;
	for (n = 0; n < ENABLES; n++) {
		if (n > 0)
			guest_ok(jailhouse_disable(jh, &error), &error);
		seconds[n] = enable();
	}
	figure_median("enable-s", seconds, ENABLES);
}

static void memory_after_enable(void **state)
{
	struct jailhouse_system_info info = system_info();

	(void)state;
	assert_int_equal(info.max_cpus, 4);
	assert_int_equal(info.core_size % PAGE, 0);
	assert_int_equal(info.percpu_size % PAGE, 0);
	figure("core-pages", (double)(info.core_size / PAGE));
	figure("percpu-pages", (double)(info.max_cpus * info.percpu_size / PAGE));
	figure("pool-pages", info.mem_pool_used);
}

/* The first cell takes along what all cells share, so the next one is cheaper. */
static void memory_of_cells(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	uint32_t without = guest_pool_used(jh), with_one, with_two, first, second;

	(void)state;
	first = guest_cell_make(jh, guest_machine()->demo.config, NULL);
	with_one = guest_pool_used(jh);
	second = guest_cell_make(jh, guest_machine()->tiny.config, NULL);
	with_two = guest_pool_used(jh);
	guest_ok(jailhouse_cell_destroy(jh, second, &error), &error);
	guest_ok(jailhouse_cell_destroy(jh, first, &error), &error);
	assert_int_equal(guest_pool_used(jh), without);
	figure("cell-pages", with_one - without);
	figure("further-cell-pages", with_two - with_one);
}

/* How long the last call stopped the root cell's CPUs, in seconds. */
static double last_stop(void)
{
	return (double)system_info().stop_last_ns / 1e9;
}

static void life_of_a_4_mib_cell(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct guest_file config = guest_config_read(bench_arch.cell_4m);
	double create[CYCLES], destroy[CYCLES], start;
	double stop_create[CYCLES], stop_load[CYCLES], stop_start[CYCLES], stop_destroy[CYCLES];
	struct guest_file inmate = guest_inmate_read("tiny-demo");
	const struct jailhouse_image image = {0, inmate.data, inmate.size};
	uint32_t used = guest_pool_used(jh), id;
	int n;

	(void)state;
	for (n = 0; n < CYCLES; n++) {
		start = now();
		guest_ok(jailhouse_cell_create(jh, config.data, config.size, &id, &error), &error);
		create[n] = now() - start;
		stop_create[n] = last_stop();
		if (n == 0)
			figure("cell-4m-pages", guest_pool_used(jh) - used);
		guest_ok(jailhouse_cell_load(jh, id, &image, 1, &error), &error);
		stop_load[n] = last_stop();
		guest_ok(jailhouse_cell_start(jh, id, &error), &error);
		stop_start[n] = last_stop();
		sleep_ms(20);
		assert_int_equal(guest_cell_state(jh, id), JAILHOUSE_CELL_RUNNING);
		start = now();
		guest_ok(jailhouse_cell_destroy(jh, id, &error), &error);
		destroy[n] = now() - start;
		stop_destroy[n] = last_stop();
		assert_int_equal(guest_pool_used(jh), used);
	}
	guest_file_free(&config);
	guest_file_free(&inmate);
	figure_median("create-s", create, CYCLES);
	figure_median("destroy-s", destroy, CYCLES);
	figure_longest("stop-create-s", stop_create, CYCLES);
	figure_longest("stop-load-s", stop_load, CYCLES);
	figure_longest("stop-start-s", stop_start, CYCLES);
	figure_longest("stop-destroy-s", stop_destroy, CYCLES);
}

static void trace_set(const char *name, const char *value)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), TRACEFS "/%s", name);
	fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);
	if (fd < 0 || write(fd, value, strlen(value)) < 0)
		fail_msg("%s: %s", path, strerror(errno));
	close(fd);
}

static void trace_begin(void)
{
	if (mount("tracefs", TRACEFS, "tracefs", 0, NULL) < 0 && errno != EBUSY)
		fail_msg("%s: %s", TRACEFS, strerror(errno));
	trace_set("trace_clock", bench_arch.trace_clock);
	trace_set("set_graph_function", "jh_request");
	trace_set("max_graph_depth", "3");
	trace_set("current_tracer", "function_graph");
	trace_set("options/funcgraph-abstime", "1");
}

static void trace_print(void)
{
	char line[256];
	FILE *trace;

	trace_set("tracing_on", "0");
	trace = fopen(TRACEFS "/trace", "re");
	assert_non_null(trace);
	while (fgets(line, sizeof(line), trace))
		printf("trace %s", line);
	fclose(trace);
	trace_set("current_tracer", "nop");
}

/* What the last call has left to do for Linux on other CPUs is done: those take turns on one emulated clock. */
static void let_others_finish(void)
{
	sleep_ms(20);
}

/*
 * How long a call keeps the CPU that makes it: the kernel's own trace of the driver's function
 * around the hypercall. Nothing is zeroed, as the cell's CPU would do that on the same emulated
 * clock.
 */
static void calling_cpu(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct guest_file config = guest_config_read(bench_arch.cell_4m);
	struct guest_file inmate = guest_inmate_read("tiny-demo");
	const struct jailhouse_image image = {0, inmate.data, inmate.size};
	uint32_t id;
	int n;

	(void)state;
	if (!bench_arch.trace_clock)
		skip();
	((struct jailhouse_cell_desc *)config.data)->flags |= JAILHOUSE_CELL_NO_SCRUB;
	trace_begin();
	for (n = 0; n < TRACED_CYCLES; n++) {
		guest_ok(jailhouse_cell_create(jh, config.data, config.size, &id, &error), &error);
		let_others_finish();
		guest_ok(jailhouse_cell_load(jh, id, &image, 1, &error), &error);
		let_others_finish();
		guest_ok(jailhouse_cell_start(jh, id, &error), &error);
		let_others_finish();
		guest_ok(jailhouse_cell_destroy(jh, id, &error), &error);
		let_others_finish();
	}
	trace_print();
	guest_file_free(&config);
	guest_file_free(&inmate);
}

/* Over all cases before; tracing would add to it. */
static void longest_stop(void **state)
{
	(void)state;
	figure("stop-max-s", (double)system_info().stop_max_ns / 1e9);
}

uint64_t exits(uint32_t id, const char *name)
{
	return guest_exits(jh, id, name);
}

/* The figures stand in the inmate's own output. Here: every one of the operations was an exit, and
 * counted. */
static void operations_of_a_cell(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	uint32_t id = guest_cell_make(jh, guest_machine()->demo.config, "exit-bench");
	size_t n;

	(void)state;
	guest_ok(jailhouse_cell_start(jh, id, &error), &error);
	guest_cell_wait_state(jh, id, JAILHOUSE_CELL_SHUT_DOWN);
	for (n = 0; n < BENCH_OPERATIONS && bench_arch.operations[n].counter; n++)
		assert_true(exits(id, bench_arch.operations[n].counter) >=
			    bench_arch.operations[n].least);
	guest_ok(jailhouse_cell_destroy(jh, id, &error), &error);
}

/* The cell for timer-bench, with more flags, loaded. */
static uint32_t timer_cell(uint32_t flags)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct guest_file config = guest_config_read(guest_machine()->demo.config);
	struct guest_file inmate = guest_inmate_read("timer-bench");
	const struct jailhouse_image image = {0, inmate.data, inmate.size};
	uint32_t id;

	((struct jailhouse_cell_desc *)config.data)->flags |= flags;
	guest_ok(jailhouse_cell_create(jh, config.data, config.size, &id, &error), &error);
	guest_ok(jailhouse_cell_load(jh, id, &image, 1, &error), &error);
	guest_file_free(&config);
	guest_file_free(&inmate);
	return id;
}

/* timer-bench prints its figures; beside it the exits during half a second of ticking, as the root
 * sees them. */
static void run_timer(const char *name, uint32_t flags)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	uint32_t id = timer_cell(flags);
	uint64_t before, after;

	guest_ok(jailhouse_cell_start(jh, id, &error), &error);
	sleep_ms(TIMER_SETTLE);
	before = exits(id, "vmexits_total");
	sleep_ms(TIMER_WATCHED);
	after = exits(id, "vmexits_total");
	assert_int_equal(guest_cell_state(jh, id), JAILHOUSE_CELL_RUNNING);
	figure(name, (double)(after - before));
	guest_cell_wait_state(jh, id, JAILHOUSE_CELL_SHUT_DOWN);
	guest_ok(jailhouse_cell_destroy(jh, id, &error), &error);
}

static void timer_of_a_cell(void **state)
{
	(void)state;
	run_timer("timer-exits-watched", 0);
}

/* Behind the other one: the order of the inmates' output tells one from the other. */
static void timer_of_a_cell_that_idles_by_itself(void **state)
{
	(void)state;
	if (!bench_arch.has_direct_idle)
		skip();
	run_timer("timer-exits-watched-direct", JAILHOUSE_CELL_DIRECT_IDLE);
}

/* The same beside another cell that comes and goes, and what that costs this one. Behind those two, as above. */
static void timer_beside_another_cell(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	uint32_t id, other;
	uint64_t before;

	(void)state;
	if (!bench_arch.has_direct_idle)
		skip();
	id = timer_cell(JAILHOUSE_CELL_DIRECT_IDLE);
	guest_ok(jailhouse_cell_start(jh, id, &error), &error);
	sleep_ms(TIMER_SETTLE);
	before = exits(id, "vmexits_total");
	for (int n = 0; n < NEIGHBOURS; n++) {
		other = guest_cell_make_from(jh, &guest_machine()->tiny);
		guest_ok(jailhouse_cell_start(jh, other, &error), &error);
		sleep_ms(20);
		assert_int_equal(guest_cell_state(jh, other), JAILHOUSE_CELL_RUNNING);
		guest_ok(jailhouse_cell_destroy(jh, other, &error), &error);
	}
	figure("neighbour-exits", (double)(exits(id, "vmexits_total") - before) / NEIGHBOURS);
	assert_int_equal(guest_cell_state(jh, id), JAILHOUSE_CELL_RUNNING);
	guest_cell_wait_state(jh, id, JAILHOUSE_CELL_SHUT_DOWN);
	guest_ok(jailhouse_cell_destroy(jh, id, &error), &error);
}

/*
 * Exits of the root cell while nothing happens, by class. Reading the counters costs exits itself,
 * which is found out by reading them twice in a row.
 */
static void idle(const char *situation)
{
	static const char *const prefix = "vmexits_";
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_stats *stats[3];
	char name[96];
	size_t n, num;

	sleep_ms(IDLE_SETTLE);
	guest_ok(jailhouse_stats_get(jh, 0, &stats[0], &error), &error);
	guest_ok(jailhouse_stats_get(jh, 0, &stats[1], &error), &error);
	sleep_ms(IDLE_SECONDS * 1000L);
	guest_ok(jailhouse_stats_get(jh, 0, &stats[2], &error), &error);
	num = jailhouse_stats_get_num_counters(stats[0]);
	for (n = 0; n < num; n++) {
		const char *counter = jailhouse_stats_get_name(stats[0], n);
		uint64_t value[3];

		for (size_t i = 0; i < 3; i++)
			value[i] = jailhouse_stats_get_sum(stats[i], n);
		if (strncmp(counter, prefix, strlen(prefix)) == 0)
			counter += strlen(prefix);
		snprintf(name, sizeof(name), "idle-%s-%s", situation, counter);
		figure(name, ((double)(value[2] - value[1]) - (double)(value[1] - value[0])) /
				     IDLE_SECONDS);
	}
	for (n = 0; n < 3; n++)
		jailhouse_stats_free(stats[n]);
}

static void root_cell_idles(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	uint32_t id;

	(void)state;
	if (!bench_arch.has_direct_idle)
		skip();
	idle("alone");
	id = guest_cell_make_from(jh, &guest_machine()->demo);
	guest_ok(jailhouse_cell_start(jh, id, &error), &error);
	idle("with-cell");
	assert_int_equal(guest_cell_state(jh, id), JAILHOUSE_CELL_RUNNING_LOCKED);
	assert_int_equal(jailhouse_cell_destroy(jh, id, &error), JAILHOUSE_ERR_DENIED);
	guest_ok(jailhouse_cell_destroy(jh, id, &error), &error);
}

#define LARGE_START 0x80000000UL
#define LARGE_SIZE  0x20000000UL

/* Enabled with more RAM for cells, behind the hypervisor's: the machine must have been started with it. */
static int setup_large(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct guest_file file = system_config();
	struct jailhouse_system *config = file.data;
	const struct jailhouse_memory *all = jailhouse_cell_mem_regions(&config->root_cell);
	const struct jailhouse_memory *end = all + config->root_cell.num_memory_regions;
	size_t before = (size_t)((const char *)end - (const char *)file.data);
	char *larger = malloc(file.size + sizeof(*all));
	struct jailhouse_memory *added = (struct jailhouse_memory *)(larger + before);

	setup(state);
	assert_non_null(larger);
	memcpy(larger, file.data, before);
	memset(added, 0, sizeof(*added));
	added->phys_start = LARGE_START;
	added->virt_start = LARGE_START;
	added->size = LARGE_SIZE;
	added->flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE | JAILHOUSE_MEM_EXECUTE;
	memcpy(added + 1, end, file.size - before);
	((struct jailhouse_system *)larger)->root_cell.num_memory_regions++;
	guest_ok(jailhouse_enable(jh, larger, file.size + sizeof(*added), 0, &error), &error);
	free(larger);
	guest_file_free(&file);
	return 0;
}

/* What holds the caller is seen with zeroing, too, as that leaves the clock to others now and then. */
static void life_of_a_512_mib_cell(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct guest_file config = guest_config_read(bench_arch.cell_4m);
	struct guest_file inmate = guest_inmate_read("tiny-demo");
	const struct jailhouse_image image = {0, inmate.data, inmate.size};
	struct jailhouse_memory *ram;
	uint32_t id;

	(void)state;
	ram = (struct jailhouse_memory *)jailhouse_cell_mem_regions(config.data);
	ram += ((struct jailhouse_cell_desc *)config.data)->num_memory_regions - 1;
	ram->phys_start = LARGE_START;
	ram->size = LARGE_SIZE;
	trace_begin();
	guest_ok(jailhouse_cell_create(jh, config.data, config.size, &id, &error), &error);
	guest_ok(jailhouse_cell_load(jh, id, &image, 1, &error), &error);
	guest_ok(jailhouse_cell_start(jh, id, &error), &error);
	/* While its CPU cleans the cell's memory: the calls below must not wait for the end of that. */
	guest_ok(jailhouse_cell_load(jh, id, &image, 1, &error), &error);
	guest_ok(jailhouse_cell_start(jh, id, &error), &error);
	sleep_ms(1000);
	assert_int_equal(guest_cell_state(jh, id), JAILHOUSE_CELL_RUNNING);
	guest_ok(jailhouse_cell_destroy(jh, id, &error), &error);
	trace_print();
	guest_file_free(&config);
	guest_file_free(&inmate);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest calls[] = {
		cmocka_unit_test(time_of_enable),
		cmocka_unit_test(memory_after_enable),
		cmocka_unit_test(memory_of_cells),
		cmocka_unit_test(life_of_a_4_mib_cell),
		cmocka_unit_test(operations_of_a_cell),
		cmocka_unit_test(timer_of_a_cell),
		cmocka_unit_test(timer_of_a_cell_that_idles_by_itself),
		cmocka_unit_test(timer_beside_another_cell),
		cmocka_unit_test(root_cell_idles),
		cmocka_unit_test(longest_stop),
		cmocka_unit_test(calling_cpu),
	};
	const struct CMUnitTest timer[] = {
		cmocka_unit_test(timer_of_a_cell),
		cmocka_unit_test(timer_of_a_cell_that_idles_by_itself),
	};
	const struct CMUnitTest cell[] = {
		cmocka_unit_test(operations_of_a_cell),
		cmocka_unit_test(timer_of_a_cell),
		cmocka_unit_test(timer_of_a_cell_that_idles_by_itself),
		cmocka_unit_test(root_cell_idles),
	};
	const struct CMUnitTest irqs[] = {
		cmocka_unit_test(threaded_interrupts),
	};
	const struct CMUnitTest links[] = {
		cmocka_unit_test(doorbells),
		cmocka_unit_test(messages_between_two_that_are_awake),
	};
	const struct CMUnitTest large[] = {
		cmocka_unit_test(life_of_a_512_mib_cell),
		cmocka_unit_test(longest_stop),
	};

	if (argc == 2 && strcmp(argv[1], "calls") == 0)
		return cmocka_run_group_tests(calls, setup, teardown);
	if (argc == 2 && strcmp(argv[1], "timer") == 0)
		return cmocka_run_group_tests(timer, setup_enabled, teardown);
	if (argc == 2 && strcmp(argv[1], "cell") == 0)
		return cmocka_run_group_tests(cell, setup_enabled, teardown);
	if (argc == 2 && strcmp(argv[1], "irqs") == 0)
		return cmocka_run_group_tests(irqs, setup, teardown);
	if (argc == 2 && strcmp(argv[1], "large") == 0)
		return cmocka_run_group_tests(large, setup_large, teardown);
	if (argc == 2 && strcmp(argv[1], "links") == 0)
		return cmocka_run_group_tests(links, setup_links, teardown_links);
	fprintf(stderr, "usage: guest-bench calls|timer|cell|irqs|large|links\n");
	return 2;
}
