/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A whole life with an old driver, as a recorded conversation: each call that the library must make
 * with number and bytes, the driver's answer, what its sysfs shows from then on, and which of those
 * files are read. Any other call and any other read fails the test, and one that is missing, too.
 * Built and run for 32 bits as well.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backend/legacy.h"
#include "config-blob.h"
#include "open-mock.h"

static char sysfs[] = "/tmp/jailhouse-sysfs-XXXXXX";
static char uri[128];

/* ---- sysfs: what is shown, and what is read ---- */

struct file {
	const char *path;
	const char *text; /* NULL: it is gone, with all below it */
};

static char reads[4096];

static void note(const char *path, const char *end)
{
	size_t len = strlen(sysfs), at = strlen(reads);

	if (strncmp(path, sysfs, len) == 0 && path[len] == '/')
		snprintf(reads + at, sizeof(reads) - at, "%s%s ", path + len + 1, end);
}

/* The library's own, by the linker's --wrap */
int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);
int __wrap_open64(const char *path, int flags, ...);
DIR *__real_opendir(const char *path);
DIR *__wrap_opendir(const char *path);

int __wrap_open(const char *path, int flags, ...)
{
	note(path, "");
	return __real_open(path, flags);
}

int __wrap_open64(const char *path, int flags, ...)
{
	return __wrap_open(path, flags);
}

DIR *__wrap_opendir(const char *path)
{
	note(path, "/");
	return __real_opendir(path);
}

static int remove_entry(const char *path, const struct stat *info, int type, struct FTW *where)
{
	(void)info;
	(void)type;
	(void)where;
	return remove(path);
}

static void show(const struct file *files)
{
	char path[256], *slash;
	FILE *to;

	for (; files && files->path; files++) {
		snprintf(path, sizeof(path), "%s/%s", sysfs, files->path);
		if (!files->text) {
			assert_int_equal(nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS), 0);
			continue;
		}
		for (slash = strchr(path + strlen(sysfs) + 1, '/'); slash;
		     slash = strchr(slash + 1, '/')) {
			*slash = '\0';
			mkdir(path, 0755);
			*slash = '/';
		}
		to = fopen(path, "w");
		assert_non_null(to);
		fputs(files->text, to);
		assert_int_equal(fclose(to), 0);
	}
}

/* ---- the conversation ---- */

static struct system_blob system_config;
static struct cell_blob cell_config;
static const char program[] = "program", data[] = "data!";

/* A pointer in the bytes of a call, and what is there */
struct pointer {
	size_t offset;
	const void *to;
	size_t size;
};

struct step {
	const char *what;
	int (*act)(struct jailhouse *jh);
	int result;          /* of the library */
	unsigned int number; /* of the ioctl; 0 with `alone`: there is none */
	const void *bytes;   /* its argument, with pointers as 0; NULL: it has none */
	size_t size;
	struct pointer pointer[2];
	int answer;
	const struct file *files; /* NULL: as before */
	const char *reads;
	bool alone; /* no ioctl at all */
};

static int enable(struct jailhouse *jh)
{
	return jailhouse_enable(jh, &system_config, sizeof(system_config), 0, NULL);
}

static int disable(struct jailhouse *jh)
{
	return jailhouse_disable(jh, NULL);
}

static int create(struct jailhouse *jh)
{
	uint32_t id = 0;
	int err = jailhouse_cell_create(jh, &cell_config, sizeof(cell_config), &id, NULL);

	return err ? err : (int)id;
}

static int load(struct jailhouse *jh)
{
	const struct jailhouse_image images[] = {{0x1000, program, sizeof(program)},
						 {0x87654321000ULL, data, 5}};

	return jailhouse_cell_load(jh, 1, images, 2, NULL);
}

static int start(struct jailhouse *jh)
{
	return jailhouse_cell_start(jh, 1, NULL);
}

static int shutdown(struct jailhouse *jh)
{
	return jailhouse_cell_shutdown(jh, 1, NULL);
}

static int destroy(struct jailhouse *jh)
{
	return jailhouse_cell_destroy(jh, 1, NULL);
}

static int is_enabled(struct jailhouse *jh)
{
	return jailhouse_is_enabled(jh, NULL);
}

static int count_cells(struct jailhouse *jh)
{
	struct jailhouse_cells *cells;
	int err = jailhouse_cells_get(jh, &cells, NULL), count;

	if (err)
		return err;
	count = (int)jailhouse_cells_get_count(cells);
	jailhouse_cells_free(cells);
	return count;
}

/* 100 * state + the first CPU */
static int look_at_cell(struct jailhouse *jh)
{
	struct jailhouse_cell *cell;
	uint64_t cpus = 0;
	int err = jailhouse_cell_get_by_name(jh, "guest", &cell, NULL), seen;

	if (err)
		return err;
	jailhouse_cell_get_cpus(cell, &cpus, 1);
	seen = 100 * jailhouse_cell_get_state(cell) + __builtin_ctzll(cpus);
	jailhouse_cell_free(cell);
	return seen;
}

static int sum_of_exits(struct jailhouse *jh)
{
	struct jailhouse_stats *stats;
	int err = jailhouse_stats_get(jh, 1, &stats, NULL), sum;

	if (err)
		return err;
	assert_string_equal(jailhouse_stats_get_name(stats, 0), "vmexits_total");
	sum = (int)jailhouse_stats_get_sum(stats, 0);
	jailhouse_stats_free(stats);
	return sum;
}

static const struct file when_off[] = {
	{"enabled", "0\n"},
	{"console", ""},
	{"mem_pool_size", "0\n"},
	{"mem_pool_used", "0\n"},
	{"remap_pool_size", "0\n"},
	{"remap_pool_used", "0\n"},
	{"cells/x", ""},
	{"cells/x", NULL},
	{NULL, NULL},
};
static const struct file when_enabled[] = {
	{"enabled", "1\n"},
	{"mem_pool_size", "1500\n"},
	{"mem_pool_used", "112\n"},
	{"remap_pool_size", "131072\n"},
	{"remap_pool_used", "5\n"},
	{"cells/0/name", "QEMU-VM\n"},
	{"cells/0/state", "running\n"},
	{"cells/0/cpus_assigned", "f\n"},
	{"cells/0/cpus_assigned_list", "0-3\n"},
	{"cells/0/cpus_failed", "0\n"},
	{"cells/0/cpus_failed_list", "\n"},
	{NULL, NULL},
};
static const struct file when_created[] = {
	{"cells/0/cpus_assigned", "7\n"},
	{"cells/0/cpus_assigned_list", "0-2\n"},
	{"cells/1/name", "guest\n"},
	{"cells/1/state", "shut down\n"},
	{"cells/1/cpus_assigned", "8\n"},
	{"cells/1/cpus_assigned_list", "3\n"},
	{"cells/1/cpus_failed", "0\n"},
	{"cells/1/cpus_failed_list", "\n"},
	{"cells/1/statistics/vmexits_total", "0\n"},
	{"cells/1/statistics/cpu3/vmexits_total", "0\n"},
	{NULL, NULL},
};
static const struct file when_running[] = {
	{"cells/1/state", "running\n"},
	{"cells/1/statistics/vmexits_total", "42\n"},
	{"cells/1/statistics/cpu3/vmexits_total", "42\n"},
	{NULL, NULL},
};
static const struct file when_shut_down[] = {{"cells/1/state", "shut down\n"}, {NULL, NULL}};
static const struct file when_destroyed[] = {
	{"cells/1", NULL}, {"cells/0/cpus_assigned_list", "0-3\n"}, {NULL, NULL}};
static const struct file when_disabled[] = {
	{"enabled", "0\n"}, {"mem_pool_size", "0\n"}, {"mem_pool_used", "0\n"}, {"cells/0", NULL},
	{NULL, NULL},
};

#define ENABLE (sizeof(void *) == 8 ? 0x40080000 : 0x40040000)

/* struct jailhouse_cell_create: address, size, padding */
static const unsigned char create_bytes[16] = {[8] = sizeof(struct cell_blob) & 0xff,
					       sizeof(struct cell_blob) >> 8};
/* struct jailhouse_cell_id: id, padding, name */
static const unsigned char id_bytes[40] = {1};
/* struct jailhouse_cell_load: the same, number of images, padding; each: source, size, target,
 * padding */
static const unsigned char load_bytes[48 + 2 * 32] = {
	[0] = 1,     [40] = 2, [56] = sizeof(program),
	[64] = 0x00, 0x10,     [88] = 5,
	[96] = 0x00, 0x10,     0x32,
	0x54,        0x76,     0x08,
};
static const unsigned char shutdown_bytes[48] = {1};

#define LOAD_POINTERS                           \
	{                                       \
		{48, program, sizeof(program)}, \
		{                               \
			80, data, 5             \
		}                               \
	}
#define ID .bytes = id_bytes, .size = sizeof(id_bytes)
#define CELL(id)                                                                                   \
	"cells/" id "/isolation cells/" id "/name cells/" id "/state cells/" id                    \
	"/cpus_assigned_list cells/" id "/cpus_failed_list "
#define INFO "enabled mem_pool_size mem_pool_used cells/ "

static const struct step life[] = {
	{"nothing runs", is_enabled, 0, .alone = true, .reads = INFO},
	{"no cells", count_cells, 0, .alone = true, .reads = "cells/ "},
	{"enable", enable, 0, ENABLE, &system_config, sizeof(system_config), .files = when_enabled,
	 .reads = ""},
	{"it runs", is_enabled, 1, .alone = true, .reads = INFO},
	{"enable once more", enable, JAILHOUSE_ERR_ENABLED, ENABLE, &system_config,
	 sizeof(system_config), .answer = -EBUSY, .reads = "enabled "},
	{"create",
	 create,
	 1,
	 0x40100002,
	 create_bytes,
	 16,
	 {{0, &cell_config, sizeof(cell_config)}},
	 .files = when_created,
	 .reads = "cells/ " CELL("0") CELL("1")},
	{"create once more",
	 create,
	 JAILHOUSE_ERR_EXISTS,
	 0x40100002,
	 create_bytes,
	 16,
	 {{0, &cell_config, sizeof(cell_config)}},
	 .answer = -EEXIST,
	 .reads = ""},
	{"two cells", count_cells, 2, .alone = true, .reads = "cells/ " CELL("0") CELL("1")},
	{"load", load, 0, 0x40300003, load_bytes, sizeof(load_bytes), LOAD_POINTERS, .reads = ""},
	{"load to a wrong place", load, JAILHOUSE_ERR_REFUSED, 0x40300003, load_bytes,
	 sizeof(load_bytes), LOAD_POINTERS, .answer = -EINVAL, .reads = "enabled "},
	{"start", start, 0, 0x40280004, ID, .files = when_running, .reads = ""},
	{"the cell runs", look_at_cell, 100 * JAILHOUSE_CELL_RUNNING + 3, .alone = true,
	 .reads = "cells/ " CELL("0") CELL("1")},
	{"exits", sum_of_exits, 42, .alone = true,
	 .reads = CELL("1") "cells/1/statistics/ cells/1/statistics/ cells/1/statistics/cpu3/vmexits_total "},
	{"shutdown is denied", shutdown, JAILHOUSE_ERR_DENIED, 0x40300003, shutdown_bytes, 48,
	 .answer = -EPERM, .reads = ""},
	{"shutdown", shutdown, 0, 0x40300003, shutdown_bytes, 48, .files = when_shut_down,
	 .reads = ""},
	{"the cell stands", look_at_cell, 100 * JAILHOUSE_CELL_SHUT_DOWN + 3, .alone = true,
	 .reads = "cells/ " CELL("0") CELL("1")},
	{"destroy", destroy, 0, 0x40280005, ID, .files = when_destroyed, .reads = ""},
	{"destroy once more", destroy, JAILHOUSE_ERR_NOT_FOUND, 0x40280005, ID, .answer = -ENOENT,
	 .reads = ""},
	{"one cell", count_cells, 1, .alone = true, .reads = "cells/ " CELL("0")},
	{"disable", disable, 0, 0x00000001, .files = when_disabled, .reads = ""},
	{"disable once more", disable, JAILHOUSE_ERR_NOT_ENABLED, 0x00000001, .answer = -EINVAL,
	 .reads = "enabled "},
	{"nothing runs any more", is_enabled, 0, .alone = true, .reads = INFO},
};

/* ---- running it ---- */

static const struct step *now;

static void hear(void *arg)
{
	const struct pointer *p;
	unsigned char copy[2048];
	uint64_t address;

	if (!now->answer)
		show(now->files);
	if (!now->bytes) {
		assert_null(arg);
		return;
	}
	assert_non_null(arg);
	assert_true(now->size <= sizeof(copy));
	memcpy(copy, arg, now->size);
	for (p = now->pointer; p < now->pointer + 2 && p->to; p++) {
		memcpy(&address, copy + p->offset, sizeof(address));
		assert_memory_equal((void *)(uintptr_t)address, p->to, p->size);
		/* Nothing above the pointer, where it has 32 bits */
		assert_true(address == (uintptr_t)address);
		memset(copy + p->offset, 0, sizeof(address));
	}
	assert_memory_equal(copy, now->bytes, now->size);
}

static int setup(void **state)
{
	mock_setup(state);
	system_config = make_system_blob();
	cell_config = make_cell_blob();
	show(when_off);
	*state = open_legacy(uri);
	return 0;
}

static int teardown(void **state)
{
	close_device(*state);
	return mock_teardown(state);
}

static void whole_life(void **state)
{
	int result;

	for (now = life; now < life + ARRAY_LEN(life); now++) {
		if (!now->alone)
			mock_ioctl(NODE_FD, now->number, hear, now->answer);
		reads[0] = '\0';
		result = now->act(*state);
		if (result != now->result || strcmp(reads, now->reads) != 0)
			fail_msg("%s: result %d, not %d; read \"%s\", not \"%s\"", now->what,
				 result, now->result, reads, now->reads);
		/* Each call, one by one */
		assert_int_equal(mock_teardown(NULL), 0);
	}
}

/* ---- the one number that has a size of the program in it ---- */

static void check_config(void *arg)
{
	assert_ptr_equal(arg, &system_config);
}

/*
 * A driver of a kernel of 64 bits does not know the number of a program of 32 bits. Which number a program has is said
 * here, so that this is seen whatever size the pointers of the test have.
 */
#define NUMBER_32 0x40040000
#define NUMBER_64 0x40080000

static void number_of_the_other_size_is_tried(void **state)
{
	static const int unknown[] = {-EINVAL, -ENOTTY};
	size_t n;

	for (n = 0; n < ARRAY_LEN(unknown); n++) {
		mock_ioctl(NODE_FD, NUMBER_32, check_config, unknown[n]);
		mock_ioctl(NODE_FD, NUMBER_64, check_config, 0);
		assert_int_equal(jh_legacy_call_enable(*state, NUMBER_32, &system_config), 0);
		/* What the one that is known says counts. */
		mock_ioctl(NODE_FD, NUMBER_32, check_config, unknown[n]);
		mock_ioctl(NODE_FD, NUMBER_64, check_config, -ENODEV);
		assert_int_equal(jh_legacy_call_enable(*state, NUMBER_32, &system_config), -ENODEV);
		/* A kernel of 32 bits: the second is the unknown one. */
		mock_ioctl(NODE_FD, NUMBER_32, check_config, -EINVAL);
		mock_ioctl(NODE_FD, NUMBER_64, check_config, -ENOTTY);
		assert_int_equal(jh_legacy_call_enable(*state, NUMBER_32, &system_config), -EINVAL);
	}
	mock_ioctl(NODE_FD, NUMBER_32, check_config, -ENOENT);
	assert_int_equal(jh_legacy_call_enable(*state, NUMBER_32, &system_config), -ENOENT);
	/* A kernel of 32 bits runs no program of 64: there is nothing to try. */
	mock_ioctl(NODE_FD, NUMBER_64, check_config, -EINVAL);
	assert_int_equal(jh_legacy_call_enable(*state, NUMBER_64, &system_config), -EINVAL);
	/* And that is how a program enables. */
	mock_ioctl(NODE_FD, ENABLE, check_config, -ENODEV);
	assert_int_equal(enable(*state), JAILHOUSE_ERR_MACHINE);
}

/* As the spec has them */
static void numbers_are_those_of_the_old_driver(void **state)
{
	(void)state;
	assert_int_equal(JAILHOUSE_ENABLE, ENABLE);
	assert_int_equal(JAILHOUSE_DISABLE, 0x00000001);
	assert_int_equal(JAILHOUSE_CELL_CREATE, 0x40100002);
	assert_int_equal(JAILHOUSE_CELL_LOAD, 0x40300003);
	assert_int_equal(JAILHOUSE_CELL_START, 0x40280004);
	assert_int_equal(JAILHOUSE_CELL_DESTROY, 0x40280005);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(whole_life, setup, teardown),
		cmocka_unit_test_setup_teardown(number_of_the_other_size_is_tried, setup, teardown),
		cmocka_unit_test(numbers_are_those_of_the_old_driver),
	};
	int failed;

	if (!mkdtemp(sysfs))
		return 1;
	snprintf(uri, sizeof(uri), "device:?sysfs=%s", sysfs);
	failed = cmocka_run_group_tests_name(sizeof(void *) == 8 ? "64 bits" : "32 bits", tests,
					     NULL, NULL);
	nftw(sysfs, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
	return failed;
}
