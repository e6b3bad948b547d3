/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The board of the machine, and the kernel's modules. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <jailhouse/config.h>
#include "links.h"

#define BOARDS	     "/usr/share/jailhouse/links"
#define CMDLINE_BASE 0x1000

struct jailhouse *links_jh;

static struct jailhouse_tree *board;

/* ---- kernel ---- */

void links_load(const char *module)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/lib/modules/%s.ko", module);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || (syscall(SYS_finit_module, fd, "", 0) && errno != EEXIST))
		fail_msg("%s: %s", path, strerror(errno));
	close(fd);
}

int links_unload(const char *module)
{
	return syscall(SYS_delete_module, module, O_NONBLOCK) ? -errno : 0;
}

int links_write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC), result = 0;

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		result = -errno;
	if (fd >= 0)
		close(fd);
	return result;
}

/* ---- the board ---- */

void links_read_board(void)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_report *report = NULL;
	struct guest_file file;
	char path[96];

	if (board)
		return;
	snprintf(path, sizeof(path), BOARDS "/peers-%s.dtb", guest_machine()->name);
	file = guest_file_read(path);
	guest_ok(jailhouse_tree_new(file.data, file.size, &board, &report, &error), &error);
	jailhouse_report_free(report);
	guest_file_free(&file);
}

static void *configuration(const char *name, size_t *ret_size)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_config config;
	size_t n;

	for (n = 0; n < jailhouse_tree_get_count(board); n++)
		if (!strcmp(jailhouse_tree_get_name(board, n), name))
			break;
	guest_ok(jailhouse_builder_get_config(jailhouse_tree_get_builder(board, n), &config, ret_size, &error), &error);
	return (void *)(uintptr_t)config.data;
}

void links_enable(void)
{
	links_enable_with(NULL);
}

void links_enable_with(void (*adjust)(struct jailhouse_system *config))
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	void *config;
	size_t size;

	config = configuration("system", &size);
	if (adjust)
		adjust(config);
	guest_ok(jailhouse_enable(links_jh, config, size, 0, &error), &error);
}

void links_disable(void)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;

	guest_ok(jailhouse_disable(links_jh, &error), &error);
}

const char *links_address(const char *link)
{
	static char address[32];
	char start[32];
	const char *line;

	snprintf(start, sizeof(start), "link %s ", link);
	line = strstr(jailhouse_tree_get_map(board), start);
	if (!line || sscanf(line + strlen(start), "%31s", address) != 1)
		fail_msg("the board has no link \"%s\"", link);
	return address;
}

unsigned int links_bdf(const char *link)
{
	unsigned int bus, slot, function;

	assert_int_equal(sscanf(links_address(link), "%*x:%x:%x.%x", &bus, &slot, &function), 3);
	return bus << 8 | slot << 3 | function;
}

void links_load_cell(uint32_t id, const char *inmate, const char *parameters)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct guest_file file = guest_inmate_read(inmate);
	struct jailhouse_image images[2] = {
		{ 0, file.data, file.size },
		{ CMDLINE_BASE, parameters, parameters ? strlen(parameters) + 1 : 0 },
	};

	guest_ok(jailhouse_cell_load(links_jh, id, images, parameters ? 2 : 1, &error), &error);
	guest_file_free(&file);
}

void links_start(uint32_t id)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;

	guest_ok(jailhouse_cell_start(links_jh, id, &error), &error);
}

void links_destroy(uint32_t id)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;

	guest_ok(jailhouse_cell_destroy(links_jh, id, &error), &error);
}

uint32_t links_cell(const char *cell, const char *inmate, const char *parameters)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	const void *config;
	uint32_t id = 0;
	size_t size;

	config = configuration(cell, &size);
	guest_ok(jailhouse_cell_create(links_jh, config, size, &id, &error), &error);
	if (inmate) {
		links_load_cell(id, inmate, parameters);
		links_start(id);
	}
	return id;
}

/* ---- around each test ---- */

int links_setup(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;

	(void)state;
	guest_insmod();
	guest_ok(jailhouse_open("device:", &links_jh, &error), &error);
	links_read_board();
	return 0;
}

int links_teardown(void **state)
{
	(void)state;
	jailhouse_close(links_jh);
	jailhouse_tree_free(board);
	return guest_rmmod_at_end();
}

int links_begin(void **state)
{
	(void)state;
	links_load("uio");
	links_load("uio_ivshmem");
	links_enable();
	return 0;
}

int links_end(void **state)
{
	(void)state;
	return guest_disable_at_end(links_jh);
}
