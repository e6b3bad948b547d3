/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Machines: reading, notes, and which files belong to one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/generate/machine.h"

#define ENABLED     "sys/devices/jailhouse/enabled"
#define DEVICE_TREE "sys/firmware/fdt"
#define LIVE_TREE   "proc/device-tree"
#define MAX_DEPTH   32

/* Each part between slashes may be or end with *, which stands for anything. */
static const char *const patterns[] = {
	"proc/cmdline",
	"proc/config.gz",
	"proc/cpuinfo",
	"proc/iomem",
	"proc/ioports",
	"proc/modules",
	"proc/sys/kernel/osrelease",
	"sys/bus/pci/devices/*/config",
	"sys/bus/pci/devices/*/resource",
	"sys/class/dmi/id/product_name",
	"sys/class/dmi/id/sys_vendor",
	"sys/class/tty/tty*/io_type",
	"sys/class/tty/tty*/iomem_base",
	"sys/class/tty/tty*/iomem_reg_shift",
	"sys/class/tty/tty*/port",
	"sys/class/tty/tty*/type",
	"sys/devices/jailhouse/enabled",
	"sys/devices/system/cpu/online",
	"sys/firmware/acpi/tables/APIC",
	"sys/firmware/acpi/tables/DMAR",
	"sys/firmware/acpi/tables/FACP",
	"sys/firmware/acpi/tables/IVRS",
	"sys/firmware/acpi/tables/MCFG",
	"sys/firmware/efi/runtime-map/*/num_pages",
	"sys/firmware/efi/runtime-map/*/phys_addr",
	"sys/firmware/efi/runtime-map/*/type",
	"sys/firmware/fdt",
};

void jh_note(struct jailhouse_machine *machine, const char *format, ...)
{
	char text[256];
	va_list args;
	size_t n;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	for (n = 0; n < machine->num_notes; n++)
		if (strcmp(machine->note[n], text) == 0)
			return;
	/* A note that finds no memory is no reason to fail. */
	if (!jh_grow(&machine->note, &machine->notes_room, machine->num_notes,
		     sizeof(*machine->note)))
		return;
	machine->note[machine->num_notes] = strdup(text);
	if (machine->note[machine->num_notes])
		machine->num_notes++;
}

int jh_machine_read_cpus(struct jailhouse_machine *machine, bool *ret_found,
			 struct jailhouse_error *error)
{
	static const char name[] = "sys/devices/system/cpu/online";
	struct jh_blob blob;
	uint32_t n;
	int err = jh_file_read(machine->root, name, true, &blob, error);

	if (err)
		return err == JAILHOUSE_ERR_NOT_FOUND ? 0 : err;
	err = jh_cpu_list_parse((const char *)blob.data, name, machine->cpus, JH_MAX_CPUS, error);
	jh_blob_free(&blob);
	for (n = 0; n < JH_CPU_WORDS; n++)
		machine->num_cpus += (uint32_t)__builtin_popcountll(machine->cpus[n]);
	*ret_found = !err;
	return err;
}

int jh_machine_read_iomem(struct jailhouse_machine *machine, bool optional,
			  struct jailhouse_error *error)
{
	const struct jh_resource *resource;
	struct jh_blob blob;
	size_t n;
	int err = jh_file_read(machine->root, "proc/iomem", optional, &blob, error);

	if (err)
		return err == JAILHOUSE_ERR_NOT_FOUND ? 0 : err;
	err = jh_resources_parse((const char *)blob.data, blob.size, "proc/iomem", &machine->iomem,
				 error);
	jh_blob_free(&blob);
	if (err)
		return err;
	if (machine->iomem.count > 1 && machine->iomem.resource[machine->iomem.count - 1].last == 0)
		return jh_error_set(error, JAILHOUSE_ERR_PERMISSION, 0,
				    "proc/iomem: all addresses are 0; they are shown to root only");
	for (n = 0; n < machine->iomem.count; n++) {
		resource = &machine->iomem.resource[n];
		if (resource->depth == 0 && strcmp(resource->name, "System RAM") == 0)
			jh_regions_add(&machine->ram, resource->start, resource->last, 0);
	}
	jh_regions_merge(&machine->ram);
	return machine->ram.no_memory ? jh_error_no_memory(error) : 0;
}

static int read_command_line(struct jailhouse_machine *machine, bool live,
			     struct jailhouse_error *error)
{
	struct jh_blob blob;
	int err = JAILHOUSE_ERR_NOT_FOUND;

	if (live)
		err = jh_file_read(machine->root, "proc/cmdline", true, &blob, error);
	if (err == JAILHOUSE_ERR_NOT_FOUND) {
		machine->command_line = strdup("");
		return machine->command_line ? 0 : jh_error_no_memory(error);
	}
	if (err)
		return err;
	machine->command_line = (char *)blob.data;
	machine->command_line[strcspn(machine->command_line, "\n")] = '\0';
	return 0;
}

/* Not all kernels keep the blob that they were started with, but each shows the tree. */
int jh_device_tree_read(const char *root, struct jh_blob *ret_blob, struct jailhouse_error *error)
{
	int err = jh_file_read(root, DEVICE_TREE, true, ret_blob, error);

	return err == JAILHOUSE_ERR_NOT_FOUND ? jh_live_tree_read(root, LIVE_TREE, ret_blob, error)
					      : err;
}

static int read_either(struct jailhouse_machine *machine,
		       const struct jailhouse_machine_options *options,
		       struct jailhouse_error *error)
{
	struct jh_blob blob;
	char line[8];
	int err;

	if (options && options->dtb)
		return jh_machine_read_tree(machine, options->dtb, options->dtb_size, options->root,
					    error);
	jh_file_line(machine->root, ENABLED, line, sizeof(line));
	if (line[0] == '1')
		return jh_error_set(error, JAILHOUSE_ERR_ENABLED, 0,
				    ENABLED
				    ": the hypervisor is enabled, so what Linux tells is not "
				    "the machine");
	/* With ACPI, an ARM machine has a tree as well, which holds no machine. */
	if (jh_file_exists(machine->root, "sys/firmware/acpi/tables/APIC"))
		return jh_machine_read_x86(machine, error);
	err = jh_device_tree_read(machine->root, &blob, error);
	if (err == JAILHOUSE_ERR_NOT_FOUND)
		return jh_error_set(
			error, JAILHOUSE_ERR_IO, 0,
			"%s: there are neither ACPI tables of a PC "
			"(sys/firmware/acpi/tables/APIC) nor a device tree (" DEVICE_TREE
			", " LIVE_TREE ")",
			machine->root);
	if (err)
		return err;
	err = jh_machine_read_tree(machine, blob.data, blob.size, true, error);
	jh_blob_free(&blob);
	return err;
}

int jailhouse_machine_read(const struct jailhouse_machine_options *options,
			   struct jailhouse_machine **ret_machine, struct jailhouse_error *error)
{
	const char *root = options && options->root ? options->root : "/";
	struct jailhouse_machine *machine;
	int err;

	if (!ret_machine || (options && options->size < sizeof(*options)))
		return jh_error_argument(error, "options->size or ret_machine");
	machine = calloc(1, sizeof(*machine));
	if (!machine)
		return jh_error_no_memory(error);
	machine->root = strdup(root);
	machine->cpus = calloc(JH_CPU_WORDS, sizeof(*machine->cpus));
	if (machine->root && machine->cpus)
		err = read_command_line(machine, !options || !options->dtb || options->root, error);
	else
		err = jh_error_no_memory(error);
	if (!err)
		err = read_either(machine, options, error);
	if (!err && (machine->devices.no_memory || machine->forbidden.no_memory ||
		     machine->reserved.no_memory))
		err = jh_error_no_memory(error);
	if (err) {
		jailhouse_machine_free(machine);
		return err;
	}
	*ret_machine = machine;
	return 0;
}

void jailhouse_machine_free(struct jailhouse_machine *machine)
{
	size_t n;

	if (!machine)
		return;
	jh_resources_free(&machine->iomem);
	jh_resources_free(&machine->ioports);
	jh_pci_free(&machine->pci);
	jh_acpi_free(&machine->acpi);
	jh_regions_free(&machine->ram);
	jh_regions_free(&machine->reserved);
	jh_regions_free(&machine->devices);
	jh_regions_free(&machine->forbidden);
	for (n = 0; n < machine->num_notes; n++)
		free(machine->note[n]);
	free(machine->note);
	free(machine->uarts.uart);
	free(machine->stdout_path);
	free(machine->command_line);
	free(machine->cpus);
	free(machine->root);
	free(machine);
}

uint32_t jailhouse_machine_get_architecture(const struct jailhouse_machine *machine)
{
	return machine->architecture;
}

const char *jailhouse_machine_get_name(const struct jailhouse_machine *machine)
{
	return machine->name;
}

const char *jailhouse_machine_get_command_line(const struct jailhouse_machine *machine)
{
	return machine->command_line;
}

const char *jailhouse_machine_get_note(const struct jailhouse_machine *machine, size_t index)
{
	return index < machine->num_notes ? machine->note[index] : NULL;
}

/* ---- files ---- */

struct walk {
	const char *root;
	jailhouse_machine_file_func file;
	void *user;
	struct jailhouse_error *error;
};

static int walk_pattern(const struct walk *walk, const char *done, const char *pattern);

/* Goes into each directory whose name starts as the part of the pattern does. */
static int walk_star(const struct walk *walk, const char *done, const char *part, size_t length,
		     const char *rest)
{
	struct jh_file_names names = {NULL, 0, 0};
	char path[512];
	size_t n;
	int err = jh_directory_read(walk->root, done, &names, walk->error);

	for (n = 0; !err && n < names.count; n++) {
		if (strncmp(names.name[n], part, length) != 0)
			continue;
		if (snprintf(path, sizeof(path), "%s/%s", done, names.name[n]) < (int)sizeof(path))
			err = walk_pattern(walk, path, rest);
	}
	jh_file_names_free(&names);
	return err == JAILHOUSE_ERR_NOT_FOUND ? 0 : err;
}

static int walk_pattern(const struct walk *walk, const char *done, const char *pattern)
{
	const char *star = strchr(pattern, '*');
	const char *part = star;
	char path[512];

	if (!star) {
		snprintf(path, sizeof(path), "%s%s%s", done, *done ? "/" : "", pattern);
		return jh_file_exists(walk->root, path) ? walk->file(walk->user, path) : 0;
	}
	while (part > pattern && part[-1] != '/')
		part--;
	snprintf(path, sizeof(path), "%.*s", (int)(part - pattern - 1), pattern);
	return walk_star(walk, path, part, (size_t)(star - part), star + 2);
}

/* All that is in a directory and below it */
static int walk_all(const struct walk *walk, const char *directory, unsigned int depth)
{
	struct jh_file_names names = {NULL, 0, 0};
	char path[512];
	size_t n;
	int err = jh_directory_read(walk->root, directory, &names, walk->error);

	for (n = 0; !err && n < names.count; n++) {
		if (snprintf(path, sizeof(path), "%s/%s", directory, names.name[n]) >=
		    (int)sizeof(path))
			continue;
		if (!jh_directory_is(walk->root, path))
			err = walk->file(walk->user, path);
		else if (depth < MAX_DEPTH)
			err = walk_all(walk, path, depth + 1);
	}
	jh_file_names_free(&names);
	return err == JAILHOUSE_ERR_NOT_FOUND ? 0 : err;
}

int jailhouse_machine_list_files(const char *root, jailhouse_machine_file_func file, void *user,
				 struct jailhouse_error *error)
{
	const struct walk walk = {root ? root : "/", file, user, error};
	size_t n;
	int err = 0;

	if (!file)
		return jh_error_argument(error, "file");
	for (n = 0; !err && n < JH_ARRAY_SIZE(patterns); n++)
		err = walk_pattern(&walk, "", patterns[n]);
	if (!err && !jh_file_exists(walk.root, DEVICE_TREE))
		err = walk_all(&walk, LIVE_TREE, 0);
	return err;
}
