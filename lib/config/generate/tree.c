/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A machine with a device tree: CPUs, memory, and what is chosen. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/generate/tree.h"

/* Name of the node that keeps memory for us, up to its address */
#define OUR_NODE "jailhouse@"

struct tree {
	struct jailhouse_machine *machine;
	struct jh_dt dt;
	struct jh_regions all_ram;
	struct jh_regions firmware; /* reserved for others */
	struct jh_regions unmapped; /* those of it that Linux does not map */
	uint32_t cpus;              /* enabled ones */
	bool arm64;
	bool live; /* there are files of the running Linux, too */
};

static const char *name_of(const struct jh_dt *dt)
{
	const char *name = fdt_get_name(dt->fdt, dt->node, NULL);

	return name ? name : "";
}

static bool is_child_of(const struct jh_dt *dt, const char *parent)
{
	const char *name;

	if (dt->depth != 2)
		return false;
	name = fdt_get_name(dt->fdt, dt->level[1].node, NULL);
	return name && strcmp(name, parent) == 0;
}

/* A string property, NULL if it is none */
static const char *string_of(const struct jh_dt *dt, const char *name)
{
	int length;
	const char *value = fdt_getprop(dt->fdt, dt->node, name, &length);

	return value && length > 0 && value[length - 1] == '\0' ? value : NULL;
}

static int add_ranges(struct jh_regions *regions, const struct jh_dt *dt)
{
	struct jh_dt_range range;
	uint32_t n;
	int found;

	for (n = 0; (found = jh_dt_reg(dt, n, &range)) > 0; n++) {
		if (regions->count >= JH_MAX_REGIONS)
			return jh_dt_malformed(dt, "nodes up to this one have more than %u ranges",
					       JH_MAX_REGIONS);
		jh_regions_add(regions, range.start, range.start + range.size - 1, 0);
	}
	return found;
}

static int read_cpu(struct tree *tree)
{
	static const char *const armv7[] = {"arm,cortex-a5",  "arm,cortex-a7",  "arm,cortex-a8",
					    "arm,cortex-a9",  "arm,cortex-a12", "arm,cortex-a15",
					    "arm,cortex-a17", "qcom,krait",     NULL};
	const char *type = string_of(&tree->dt, "device_type");

	if (!type || strcmp(type, "cpu") != 0 || !jh_dt_enabled(&tree->dt))
		return 0;
	if (jh_dt_compatible(&tree->dt, armv7))
		tree->arm64 = false;
	tree->cpus++;
	return 0;
}

/* Also what Linux may not map belongs to it: drivers reach it by a way of their own. */
static int read_reserved(struct tree *tree)
{
	bool ours = strncmp(name_of(&tree->dt), OUR_NODE, strlen(OUR_NODE)) == 0;
	int length, err;
	bool unmapped;

	if (!jh_dt_enabled(&tree->dt))
		return 0;
	unmapped = fdt_getprop(tree->dt.fdt, tree->dt.node, "no-map", &length);
	if (ours && !unmapped) {
		jh_note(tree->machine, "reserved-memory/%s is not used: it lacks no-map",
			name_of(&tree->dt));
		ours = false;
	}
	err = add_ranges(ours ? &tree->machine->reserved : &tree->firmware, &tree->dt);
	return err || ours || !unmapped ? err : add_ranges(&tree->unmapped, &tree->dt);
}

/* "/soc/uart@9000000:115200", or an alias */
static int read_chosen(struct tree *tree)
{
	const char *path = string_of(&tree->dt, "stdout-path");
	const char *arguments = string_of(&tree->dt, "bootargs");
	const char *target = NULL;
	size_t length = path ? strcspn(path, ":") : 0;

	if (arguments && !*tree->machine->command_line) {
		free(tree->machine->command_line);
		tree->machine->command_line = strdup(arguments);
		if (!tree->machine->command_line)
			return jh_error_no_memory(tree->dt.error);
	}
	if (!path || tree->machine->stdout_path)
		return 0;
	if (*path != '/')
		target = fdt_get_alias_namelen(tree->dt.fdt, path, (int)length);
	tree->machine->stdout_path = target ? strdup(target) : strndup(path, length);
	return tree->machine->stdout_path ? 0 : jh_error_no_memory(tree->dt.error);
}

static int read_node(struct tree *tree)
{
	struct jh_dt *dt = &tree->dt;
	const char *type = string_of(dt, "device_type");
	const char *name = name_of(dt);

	if (dt->depth == 0) {
		const char *model = string_of(dt, "model");

		strncpy(tree->machine->name, model ? model : "", sizeof(tree->machine->name) - 1);
		return 0;
	}
	if (is_child_of(dt, "cpus"))
		return read_cpu(tree);
	if (is_child_of(dt, "reserved-memory"))
		return read_reserved(tree);
	if (dt->depth == 1 && strcmp(name, "chosen") == 0)
		return read_chosen(tree);
	if (type && strcmp(type, "memory") == 0)
		return jh_dt_enabled(dt) ? add_ranges(&tree->all_ram, dt) : 0;
	if (dt->depth == 1 && (strcmp(name, "cpus") == 0 || strcmp(name, "reserved-memory") == 0))
		return 0;
	if (!jh_dt_enabled(dt) || jh_tree_is_gic(dt))
		return 0;
	return jh_tree_device(tree->machine, dt);
}

/* Once for all, once more for the GIC, which wants to know how many CPUs there are. */
static int walk(struct tree *tree, const void *dtb, size_t size, int (*node)(struct tree *tree),
		struct jailhouse_error *error)
{
	int err = jh_dt_start(&tree->dt, dtb, size, error);
	int found = 1;

	while (!err && found > 0) {
		found = jh_dt_next(&tree->dt);
		if (found < 0)
			err = found;
		else if (found > 0)
			err = node(tree);
	}
	return err;
}

static int read_gic(struct tree *tree)
{
	if (!jh_dt_enabled(&tree->dt) || !jh_tree_is_gic(&tree->dt))
		return 0;
	return jh_tree_gic(tree->machine, &tree->dt);
}

static int read_cpus(struct tree *tree, struct jailhouse_error *error)
{
	struct jailhouse_machine *machine = tree->machine;
	bool found = false;
	uint32_t n;
	int err = tree->live ? jh_machine_read_cpus(machine, &found, error) : 0;

	if (err || found)
		return err;
	if (tree->cpus == 0 || tree->cpus > JH_MAX_CPUS)
		return jh_error_set(error, JAILHOUSE_ERR_CONFIG, 0, JH_DT_NAME ": /cpus: %u CPUs",
				    tree->cpus);
	for (n = 0; n < tree->cpus; n++)
		machine->cpus[n / 64] |= 1ull << (n % 64);
	machine->num_cpus = tree->cpus;
	return 0;
}

static void cut_all(struct jh_regions *regions, const struct jh_regions *what)
{
	size_t n;

	for (n = 0; n < what->count; n++)
		jh_regions_cut(regions, what->region[n].start, what->region[n].last);
}

static void add_all(struct jh_regions *regions, const struct jh_regions *what, uint64_t flags)
{
	size_t n;

	for (n = 0; n < what->count; n++)
		jh_regions_add(regions, what->region[n].start & ~(JH_PAGE - 1),
			       what->region[n].last | (JH_PAGE - 1), flags);
}

/* Without a running Linux its RAM is all that it is not kept from. */
static int read_ram(struct tree *tree, struct jailhouse_error *error)
{
	struct jailhouse_machine *machine = tree->machine;
	int err = tree->live ? jh_machine_read_iomem(machine, true, error) : 0;

	if (err)
		return err;
	jh_regions_merge(&tree->all_ram);
	jh_reserved_from_mem(machine, &tree->all_ram);
	cut_all(&machine->reserved, &tree->firmware);
	if (machine->ram.count == 0) {
		add_all(&machine->ram, &tree->all_ram, 0);
		cut_all(&machine->ram, &machine->reserved);
		cut_all(&machine->ram, &tree->unmapped);
	}
	add_all(&machine->devices, &machine->ram, JH_RAM | JAILHOUSE_MEM_DMA);
	add_all(&machine->devices, &tree->unmapped,
		JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE | JAILHOUSE_MEM_DMA);
	add_all(&machine->forbidden, &machine->reserved, 0);
	return machine->ram.no_memory || tree->all_ram.no_memory || tree->firmware.no_memory
		       ? jh_error_no_memory(error)
		       : 0;
}

/* Other names of a UART: those in /aliases. */
static void name_uarts(struct tree *tree)
{
	const void *fdt = tree->dt.fdt;
	struct jh_uarts *uarts = &tree->machine->uarts;
	int node = fdt_path_offset(fdt, "/aliases");
	const char *name, *path;
	int property, length;
	size_t n;

	for (property = fdt_first_property_offset(fdt, node); property >= 0;
	     property = fdt_next_property_offset(fdt, property)) {
		path = fdt_getprop_by_offset(fdt, property, &name, &length);
		if (!path || length < 1 || path[length - 1] != '\0')
			continue;
		for (n = 0; n < uarts->count; n++)
			if (strcmp(uarts->uart[n].name, path) == 0)
				snprintf(uarts->uart[n].alias, sizeof(uarts->uart[n].alias), "%s",
					 name);
	}
}

static int finish(struct tree *tree, struct jailhouse_error *error)
{
	struct jailhouse_machine *machine = tree->machine;
	int err = read_cpus(tree, error);

	if (!err)
		err = read_ram(tree, error);
	if (err)
		return err;
	name_uarts(tree);
	if (tree->live)
		err = jh_uarts_match_ttys(machine, error);
	if (!err && tree->live)
		err = jh_pci_read(machine->root, &machine->pci, machine, error);
	if (machine->ecam && machine->pci.count == 0)
		jh_note(machine, "no PCI functions are known without sys/bus/pci; writes to their "
				 "configuration are dropped until they are added");
	return err;
}

int jh_machine_read_tree(struct jailhouse_machine *machine, const void *dtb, size_t size, bool live,
			 struct jailhouse_error *error)
{
	struct tree tree = {.machine = machine, .arm64 = true, .live = live};
	int err;

	machine->has_device_tree = true;
	err = walk(&tree, dtb, size, read_node, error);
	if (!err)
		err = finish(&tree, error);
	if (!err)
		err = walk(&tree, dtb, size, read_gic, error);
	if (!err && machine->gic.version == 0)
		err = jh_error_set(error, JAILHOUSE_ERR_NOT_SUPPORTED, 0,
				   JH_DT_NAME ": there is no GICv2 or GICv3");
	machine->architecture = tree.arm64 ? JAILHOUSE_ARM64 : JAILHOUSE_ARM;
	jh_regions_free(&tree.all_ram);
	jh_regions_free(&tree.firmware);
	jh_regions_free(&tree.unmapped);
	return err;
}
