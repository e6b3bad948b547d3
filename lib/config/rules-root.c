/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Rules 220 and 310: what the files of the machine tell; see jailhouse_check_options.root. */
#include <stdio.h>
#include <stdlib.h>

#include "config/check-devices.h"
#include "config/check-root.h"

/* ---- IOMMU groups ---- */

/* Finds a device in a configuration. */
static bool find_device(const struct jailhouse_config *config, const struct jh_group_device *device,
			uint32_t *ret_index, struct jailhouse_config_pci_device *ret_dev)
{
	uint32_t n;

	for (n = 0; jailhouse_config_get_pci_device(config, n, ret_dev) == 0; n++)
		if (ret_dev->domain == device->domain && ret_dev->bdf == device->bdf &&
		    !jh_is_ivshmem(ret_dev)) {
			*ret_index = n;
			return true;
		}
	return false;
}

/* The cell that has a device; the root cell has what no other one has. */
static uint32_t owner_of(const struct jh_check *check, const struct jh_group_device *device,
			 uint32_t *ret_index, struct jailhouse_config_pci_device *ret_dev)
{
	uint32_t c;

	for (c = jh_first_cell(check); c < check->count; c++)
		if (find_device(&check->config[c], device, ret_index, ret_dev))
			return c;
	return JAILHOUSE_FINDING_NONE;
}

/* Bridges do not start accesses of their own. */
static bool is_bridge(const struct jh_check *check, const struct jh_group_device *device)
{
	struct jailhouse_config_pci_device dev;
	uint32_t index;

	return check->has_system && find_device(&check->config[0], device, &index, &dev) &&
	       dev.type == JAILHOUSE_PCI_TYPE_BRIDGE;
}

/* Looks at the others of the group of a device that a cell has. */
static void find_split(struct jh_check *check, const struct jh_rule *rule,
		       const struct jh_group_device *devices, size_t count, size_t mine)
{
	struct jailhouse_config_pci_device dev, other_dev;
	uint32_t config, other, index, other_index;
	size_t n;

	config = owner_of(check, &devices[mine], &index, &dev);
	if (config == JAILHOUSE_FINDING_NONE || dev.type == JAILHOUSE_PCI_TYPE_BRIDGE)
		return;
	for (n = 0; n < count; n++) {
		if (devices[n].group != devices[mine].group || n == mine)
			continue;
		other = owner_of(check, &devices[n], &other_index, &other_dev);
		/* Of two cells the later one has the finding. */
		if (other == config || is_bridge(check, &devices[n]) ||
		    (other != JAILHOUSE_FINDING_NONE && other > config))
			continue;
		jh_find(check, rule, jh_device_place(config, index),
			other == JAILHOUSE_FINDING_NONE ? jh_nowhere()
							: jh_device_place(other, other_index),
			"%s is in IOMMU group %u with %04x:%02x:%02x.%x, which belongs to %s",
			jh_device_name(check, config, index, &dev).text, devices[n].group,
			devices[n].domain, devices[n].bdf >> 8, devices[n].bdf >> 3 & 0x1f,
			devices[n].bdf & 7,
			other == JAILHOUSE_FINDING_NONE ? "the root cell"
							: jh_cell_name(check, other).text);
	}
}

JH_RULE(iommu_group)
{
	struct jh_group_device *devices = NULL;
	size_t count = 0, n;

	if (!check->root)
		return;
	if (jh_root_groups(check->root, &devices, &count) != 0)
		check->no_memory = true;
	for (n = 0; n < count; n++)
		find_split(check, rule, devices, count, n);
	free(devices);
}

/* ---- cores ---- */

static bool has_cpu(const struct jailhouse_config *config, uint32_t id)
{
	return jailhouse_config_next_cpu(config, (int32_t)id) == (int32_t)id;
}

/* Finds a CPU of a list as the kernel writes them, "0-1,4", that the cell does not have; -1: none. */
static int32_t first_foreign(const struct jailhouse_config *config, const char *list)
{
	unsigned long first, last;
	char *end;

	while (*list >= '0' && *list <= '9') {
		first = last = strtoul(list, &end, 10);
		if (*end == '-')
			last = strtoul(end + 1, &end, 10);
		for (; first <= last && first < JH_MAX_CPUS; first++)
			if (!has_cpu(config, (uint32_t)first))
				return (int32_t)first;
		list = *end == ',' ? end + 1 : end;
	}
	return -1;
}

static void find_core_split(struct jh_check *check, const struct jh_rule *rule, uint32_t config,
			    uint32_t cpu)
{
	char path[96], *list;
	int32_t foreign;
	size_t size;

	snprintf(path, sizeof(path), "sys/devices/system/cpu/cpu%u/topology/thread_siblings_list",
		 cpu);
	if (jh_root_read(check->root, path, &list, &size) != 0) {
		check->no_memory = true;
		return;
	}
	foreign = list ? first_foreign(&check->config[config], list) : -1;
	free(list);
	if (foreign >= 0)
		jh_find(check, rule,
			jh_place_range(config, JAILHOUSE_SECTION_CPU_SET, cpu / 8, cpu, cpu),
			jh_nowhere(), "%s: CPU %u shares its core with CPU %d, which is not the cell's",
			jh_cell_name(check, config).text, cpu, foreign);
}

JH_RULE(core_split)
{
	uint32_t c;
	int32_t cpu;

	for (c = jh_first_cell(check); check->root && c < check->count; c++)
		for (cpu = jailhouse_config_next_cpu(&check->config[c], 0); cpu >= 0;
		     cpu = jailhouse_config_next_cpu(&check->config[c], cpu + 1))
			find_core_split(check, rule, c, (uint32_t)cpu);
}
