/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Makes the configuration of a cell without a compiler: build-config NAME CPU ADDRESS SIZE FILE.cell
 *
 * The cell has that CPU of an x86 machine and that memory, which it sees from address 0 on, and its
 * communication region at 1 MiB behind the end. Numbers as strtoull() takes them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jailhouse/cell-config.h>
#include <jailhouse/config.h>

static int build(struct jailhouse_builder *builder, char **argv, struct jailhouse_error *error)
{
	struct jailhouse_config_memory ram, comm;
	struct jailhouse_config_cell cell;
	int err;

	memset(&cell, 0, sizeof(cell));
	strncpy(cell.name, argv[1], sizeof(cell.name) - 1);
	cell.flags = JAILHOUSE_CELL_PASSIVE_COMMREG;
	memset(&ram, 0, sizeof(ram));
	ram.phys_start = strtoull(argv[3], NULL, 0);
	ram.size = strtoull(argv[4], NULL, 0);
	ram.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE | JAILHOUSE_MEM_EXECUTE |
		    JAILHOUSE_MEM_LOADABLE;
	memset(&comm, 0, sizeof(comm));
	comm.virt_start = ram.size + 0x100000;
	comm.size = 0x1000;
	comm.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_COMM_REGION;

	err = jailhouse_builder_set_cell(builder, &cell);
	if (!err)
		err = jailhouse_builder_set_cpu(builder, strtoul(argv[2], NULL, 0), 1, error);
	if (!err)
		err = jailhouse_builder_set_memory(builder, JAILHOUSE_CONFIG_END, &ram, error);
	if (!err)
		err = jailhouse_builder_set_memory(builder, JAILHOUSE_CONFIG_END, &comm, error);
	return err;
}

static int write_file(const char *path, const void *data, size_t size)
{
	FILE *file = fopen(path, "wb");
	int ok = file && fwrite(data, 1, size, file) == size;

	if (file && fclose(file) != 0)
		ok = 0;
	if (!ok)
		perror(path);
	return ok ? 0 : -1;
}

int main(int argc, char **argv)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_builder *builder;
	struct jailhouse_config config;
	size_t size;
	int err;

	if (argc != 6) {
		fprintf(stderr, "usage: %s NAME CPU ADDRESS SIZE FILE.cell\n", argv[0]);
		return EXIT_FAILURE;
	}
	err = jailhouse_builder_new(JAILHOUSE_CONFIG_CELL, 0, &builder, &error);
	if (!err) {
		err = build(builder, argv, &error);
		if (!err)
			err = jailhouse_builder_get_config(builder, &config, &size, &error);
		if (err)
			fprintf(stderr, "%s\n", error.text);
		else
			err = write_file(argv[5], config.data, size);
		jailhouse_builder_free(builder);
	}
	return err ? EXIT_FAILURE : EXIT_SUCCESS;
}
