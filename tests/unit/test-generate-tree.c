/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A device tree as the kernel shows it in files. */
#include <libfdt.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include <jailhouse/generate.h>

#include "config/generate/machine.h"
#include "test-generate.h"

#define TREE "proc/device-tree"

static struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
static char root[32];

static void make_root(void)
{
	char path[64];

	strcpy(root, "/tmp/test-generate-XXXXXX");
	assert_non_null(mkdtemp(root));
	snprintf(path, sizeof(path), "%s/proc", root);
	assert_int_equal(mkdir(path, 0700), 0);
}

static void remove_root(void)
{
	char command[64];

	snprintf(command, sizeof(command), "rm -r %s", root);
	assert_int_equal(system(command), 0);
}

static void write_file(const char *path, const void *data, size_t size)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(data, 1, size, file), size);
	fclose(file);
}

/* As the kernel does it, the property "name" included */
static void write_node(const void *fdt, int node, const char *directory)
{
	char path[512];
	const char *name;
	const void *value;
	int at, length;

	assert_int_equal(mkdir(directory, 0700), 0);
	snprintf(path, sizeof(path), "%s/name", directory);
	name = fdt_get_name(fdt, node, NULL);
	write_file(path, name, strlen(name) + 1);
	fdt_for_each_property_offset(at, fdt, node)
	{
		value = fdt_getprop_by_offset(fdt, at, &name, &length);
		snprintf(path, sizeof(path), "%s/%s", directory, name);
		write_file(path, value, (size_t)length);
	}
	fdt_for_each_subnode(at, fdt, node)
	{
		snprintf(path, sizeof(path), "%s/%s", directory, fdt_get_name(fdt, at, NULL));
		write_node(fdt, at, path);
	}
}

static struct jailhouse_builder *generate(const struct jh_blob *blob)
{
	struct jailhouse_machine_options options = JAILHOUSE_MACHINE_OPTIONS_INIT;
	struct jailhouse_builder *builder = NULL;
	struct jailhouse_machine *machine = NULL;

	options.root = blob ? NULL : root;
	options.dtb = blob ? blob->data : NULL;
	options.dtb_size = blob ? blob->size : 0;
	if (jailhouse_machine_read(&options, &machine, &error) != 0 ||
	    jailhouse_generate_system(machine, NULL, &builder, &error) != 0)
		fail_msg("%s", error.text);
	jailhouse_machine_free(machine);
	return builder;
}

static int count_tree_files(void *user, const char *name)
{
	if (strncmp(name, TREE "/", strlen(TREE) + 1) == 0)
		++*(int *)user;
	return 0;
}

void live_tree_gives_the_same(void **state)
{
	struct jailhouse_config blob_config, live_config;
	struct jailhouse_builder *from_blob, *from_live;
	size_t blob_size, live_size;
	struct jh_blob blob;
	char path[64];
	int files = 0;

	(void)state;
	make_root();
	assert_int_equal(jh_file_read(FIXTURES "/machines/virt-gicv3", "sys/firmware/fdt", false,
				      &blob, &error),
			 0);
	snprintf(path, sizeof(path), "%s/" TREE, root);
	write_node(blob.data, 0, path);
	from_blob = generate(&blob);
	from_live = generate(NULL);
	assert_int_equal(jailhouse_builder_get_config(from_blob, &blob_config, &blob_size, &error),
			 0);
	assert_int_equal(jailhouse_builder_get_config(from_live, &live_config, &live_size, &error),
			 0);
	assert_int_equal(blob_size, live_size);
	assert_memory_equal(blob_config.data, live_config.data, blob_size);
	jailhouse_builder_free(from_blob);
	jailhouse_builder_free(from_live);
	jh_blob_free(&blob);
	/* So that it is the same on another machine, too. */
	assert_int_equal(jailhouse_machine_list_files(root, count_tree_files, &files, &error), 0);
	assert_true(files > 100);
	remove_root();
}

void tree_with_too_many_ranges(void **state)
{
	struct jailhouse_machine_options options = JAILHOUSE_MACHINE_OPTIONS_INIT;
	struct jailhouse_machine *machine;
	struct jh_blob blob;
	const size_t size = 1 << 20;
	uint64_t *reg = calloc(2 * (JH_MAX_REGIONS + 1), sizeof(*reg));
	void *fdt = malloc(size);
	int memory;

	(void)state;
	assert_true(reg && fdt);
	assert_int_equal(jh_file_read(FIXTURES "/machines/virt-gicv3", "sys/firmware/fdt", false,
				      &blob, &error),
			 0);
	assert_int_equal(fdt_open_into(blob.data, fdt, size), 0);
	memory = fdt_node_offset_by_prop_value(fdt, -1, "device_type", "memory", 7);
	for (size_t n = 0; n <= JH_MAX_REGIONS; n++) {
		reg[2 * n] = cpu_to_fdt64(n << 13);
		reg[2 * n + 1] = cpu_to_fdt64(0x1000);
	}
	assert_int_equal(fdt_setprop(fdt, memory, "reg", reg, 16 * (JH_MAX_REGIONS + 1)), 0);
	options.dtb = fdt;
	options.dtb_size = size;
	assert_int_equal(jailhouse_machine_read(&options, &machine, &error), JAILHOUSE_ERR_CONFIG);
	assert_non_null(strstr(error.text, "/memory@40000000: nodes up to this one have more than "
					   "8192 ranges"));
	jh_blob_free(&blob);
	free(fdt);
	free(reg);
}

static void expect_refusal(const char *text)
{
	struct jh_blob blob = {NULL, 0};

	assert_int_equal(jh_live_tree_read(root, TREE, &blob, &error), JAILHOUSE_ERR_CONFIG);
	if (!strstr(error.text, text))
		fail_msg("%s", error.text);
}

void live_tree_that_is_none(void **state)
{
	char path[256];
	struct jh_blob blob;
	int depth;

	(void)state;
	make_root();
	assert_int_equal(jh_live_tree_read(root, TREE, &blob, &error), JAILHOUSE_ERR_NOT_FOUND);
	snprintf(path, sizeof(path), "%s/" TREE, root);
	for (depth = 0; depth < 33; depth++) {
		assert_int_equal(mkdir(path, 0700), 0);
		strcat(path, "/n");
	}
	expect_refusal("nested too deeply");
	/* Links lead nowhere: a loop would not end. */
	remove_root();
	make_root();
	snprintf(path, sizeof(path), "%s/" TREE, root);
	assert_int_equal(mkdir(path, 0700), 0);
	strcat(path, "/n");
	assert_int_equal(symlink(".", path), 0);
	assert_int_equal(jh_live_tree_read(root, TREE, &blob, &error), JAILHOUSE_ERR_IO);
	assert_non_null(strstr(error.text, TREE "/n"));
	remove_root();
}
