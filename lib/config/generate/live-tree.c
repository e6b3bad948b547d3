/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A device tree that the kernel shows as files: a directory for each node, a file for each
 * property. */
#include <libfdt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/generate/machine.h"

#define FIRST_SIZE 0x10000u
#define MAX_SIZE   0x800000u
#define MAX_DEPTH  32
#define MAX_PATH   1024

struct live_tree {
	const char *root;
	void *blob;
	int result; /* the first one of libfdt that is not 0 */
	struct jailhouse_error *error;
};

/* Goes on until something fails; the rest then has no effect. */
static void keep(struct live_tree *tree, int result)
{
	if (tree->result == 0)
		tree->result = result;
}

static int add_property(struct live_tree *tree, const char *path, const char *name)
{
	struct jh_blob value;
	int err = jh_file_read(tree->root, path, false, &value, tree->error);

	if (err)
		return err;
	keep(tree, fdt_property(tree->blob, name, value.data, (int)value.size));
	jh_blob_free(&value);
	return 0;
}

static int add_node(struct live_tree *tree, const char *path, const char *name, unsigned int depth);

/* Files, or else directories; a blob has properties first. */
static int add_children(struct live_tree *tree, const char *directory,
			const struct jh_file_names *names, bool nodes, unsigned int depth)
{
	char path[MAX_PATH];
	size_t n;
	int err = 0;

	for (n = 0; !err && tree->result == 0 && n < names->count; n++) {
		if (snprintf(path, sizeof(path), "%s/%s", directory, names->name[n]) >=
		    (int)sizeof(path))
			return jh_error_set(tree->error, JAILHOUSE_ERR_CONFIG, 0,
					    "%.100s...: the path is too long", path);
		if (jh_directory_is(tree->root, path) != nodes)
			continue;
		/* The kernel adds a property "name" to each node. */
		if (nodes)
			err = add_node(tree, path, names->name[n], depth + 1);
		else if (strcmp(names->name[n], "name") != 0)
			err = add_property(tree, path, names->name[n]);
	}
	return err;
}

static int add_node(struct live_tree *tree, const char *path, const char *name, unsigned int depth)
{
	struct jh_file_names names = {NULL, 0, 0};
	int err;

	if (depth >= MAX_DEPTH)
		return jh_error_set(tree->error, JAILHOUSE_ERR_CONFIG, 0, "%s: nested too deeply",
				    path);
	err = jh_directory_read(tree->root, path, &names, tree->error);
	if (err)
		return err;
	keep(tree, fdt_begin_node(tree->blob, name));
	err = add_children(tree, path, &names, false, depth);
	if (!err)
		err = add_children(tree, path, &names, true, depth);
	keep(tree, fdt_end_node(tree->blob));
	jh_file_names_free(&names);
	return err;
}

static int write_blob(struct live_tree *tree, const char *name, uint32_t size)
{
	int err;

	tree->result = fdt_create(tree->blob, (int)size);
	keep(tree, fdt_finish_reservemap(tree->blob));
	err = add_node(tree, name, "", 0);
	keep(tree, fdt_finish(tree->blob));
	return err;
}

/* /proc/device-tree is a link to where sysfs has it. */
int jh_live_tree_read(const char *root, const char *name, struct jh_blob *ret_blob,
		      struct jailhouse_error *error)
{
	struct live_tree tree = {root, NULL, -FDT_ERR_NOSPACE, error};
	uint32_t size;
	int err = 0;

	for (size = FIRST_SIZE; !err && tree.result == -FDT_ERR_NOSPACE && size <= MAX_SIZE;
	     size *= 2) {
		free(tree.blob);
		/* A NUL follows each blob. */
		tree.blob = malloc(size + 1);
		err = tree.blob ? write_blob(&tree, name, size) : jh_error_no_memory(error);
	}
	if (!err && tree.result != 0)
		err = jh_error_set(error, JAILHOUSE_ERR_CONFIG, 0, "%s: %s", name,
				   fdt_strerror(tree.result));
	if (err) {
		free(tree.blob);
		return err;
	}
	ret_blob->data = tree.blob;
	ret_blob->size = fdt_totalsize(tree.blob);
	ret_blob->data[ret_blob->size] = 0;
	return 0;
}
