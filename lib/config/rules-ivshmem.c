/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Rules 214 to 218: IVSHMEM devices and their links. */
#include "config/check-devices.h"

/* State table, common section, and an output section of each peer; older files have no shmem_peers.
 */
static uint32_t regions_of(const struct jailhouse_config_pci_device *dev)
{
	return 2 + (dev->shmem_peers ? dev->shmem_peers : 2u);
}

static bool regions_exist(const struct jailhouse_config *config,
			  const struct jailhouse_config_pci_device *dev)
{
	uint32_t have = config->count[JAILHOUSE_SECTION_MEMORY];

	return dev->shmem_regions_start <= have &&
	       regions_of(dev) <= have - dev->shmem_regions_start;
}

static void find_ivshmem_regions(struct jh_check *check, const struct jh_rule *rule,
				 uint32_t config, uint32_t index,
				 const struct jailhouse_config_pci_device *dev)
{
	struct jailhouse_config_memory memory;
	uint32_t n;

	if (!jh_is_ivshmem(dev))
		return;
	if (!regions_exist(&check->config[config], dev)) {
		jh_find(check, rule, jh_device_place(config, index), jh_nowhere(),
			"%s needs memory regions %u to %llu, of %u",
			jh_device_name(check, config, index, dev).text, dev->shmem_regions_start,
			(unsigned long long)dev->shmem_regions_start + regions_of(dev) - 1,
			check->config[config].count[JAILHOUSE_SECTION_MEMORY]);
		return;
	}
	for (n = 0; n < regions_of(dev); n++) {
		jailhouse_config_get_memory(&check->config[config], dev->shmem_regions_start + n,
					    &memory);
		if (((memory.phys_start | memory.size) & (JH_PAGE_SIZE - 1)) == 0 &&
		    (memory.size > 0 || n != 0))
			continue;
		jh_find(check, rule, jh_device_place(config, index),
			jh_place(config, JAILHOUSE_SECTION_MEMORY, dev->shmem_regions_start + n),
			"%s: its memory region %u (0x%llx, 0x%llx bytes) %s",
			jh_device_name(check, config, index, dev).text,
			dev->shmem_regions_start + n, (unsigned long long)memory.phys_start,
			(unsigned long long)memory.size,
			memory.size ? "does not consist of whole pages"
				    : "must hold the state table, and is empty");
	}
}

JH_RULE(ivshmem_regions)
{
	jh_for_each_device(check, rule, find_ivshmem_regions);
}

static void find_ivshmem_id(struct jh_check *check, const struct jh_rule *rule, uint32_t config,
			    uint32_t index, const struct jailhouse_config_pci_device *dev)
{
	struct jailhouse_config_pci_device other;
	uint32_t c, n;

	if (!jh_is_ivshmem(dev))
		return;
	if (dev->shmem_peers > JAILHOUSE_IVSHMEM_MAX_PEERS ||
	    dev->shmem_dev_id >= regions_of(dev) - 2)
		jh_find(check, rule, jh_device_place(config, index), jh_nowhere(),
			"%s is peer %u of %u", jh_device_name(check, config, index, dev).text,
			dev->shmem_dev_id, regions_of(dev) - 2);
	for (c = 0; c < config; c++)
		for (n = 0; jailhouse_config_get_pci_device(&check->config[c], n, &other) == 0; n++)
			if (jh_is_ivshmem(&other) && jh_same_address(dev, &other) &&
			    other.shmem_dev_id == dev->shmem_dev_id)
				jh_find(check, rule, jh_device_place(config, index),
					jh_device_place(c, n), "%s and %s are both peer %u",
					jh_device_name(check, config, index, dev).text,
					jh_device_name(check, c, n, &other).text,
					dev->shmem_dev_id);
}

JH_RULE(ivshmem_id)
{
	jh_for_each_device(check, rule, find_ivshmem_id);
}

/* Of virtio, front-end and back-end differ by a bit. */
static bool protocols_match(uint16_t ours, uint16_t theirs)
{
	return ours == theirs || ((ours ^ theirs) == 0x4000 && ours & 0x8000);
}

static void compare_peers(struct jh_check *check, const struct jh_rule *rule, uint32_t config,
			  uint32_t index, const struct jailhouse_config_pci_device *dev,
			  uint32_t other_config, uint32_t other_index,
			  const struct jailhouse_config_pci_device *other)
{
	struct jailhouse_config_memory ours, theirs;
	uint32_t n;

	if (regions_of(dev) != regions_of(other) ||
	    !protocols_match(dev->shmem_protocol, other->shmem_protocol)) {
		jh_find(check, rule, jh_device_place(config, index),
			jh_device_place(other_config, other_index),
			"%s: %u peers, protocol 0x%x, but %s: %u peers, protocol 0x%x",
			jh_device_name(check, config, index, dev).text, regions_of(dev) - 2,
			dev->shmem_protocol, jh_cell_name(check, other_config).text,
			regions_of(other) - 2, other->shmem_protocol);
		return;
	}
	if (!regions_exist(&check->config[config], dev) ||
	    !regions_exist(&check->config[other_config], other))
		return;
	for (n = 0; n < regions_of(dev); n++) {
		jailhouse_config_get_memory(&check->config[config], dev->shmem_regions_start + n,
					    &ours);
		jailhouse_config_get_memory(&check->config[other_config],
					    other->shmem_regions_start + n, &theirs);
		if (ours.size == theirs.size &&
		    (ours.size == 0 || ours.phys_start == theirs.phys_start))
			continue;
		jh_find(check, rule,
			jh_place(config, JAILHOUSE_SECTION_MEMORY, dev->shmem_regions_start + n),
			jh_place(other_config, JAILHOUSE_SECTION_MEMORY,
				 other->shmem_regions_start + n),
			"%s: section %u is 0x%llx, 0x%llx bytes, but of %s 0x%llx, 0x%llx bytes",
			jh_device_name(check, config, index, dev).text, n,
			(unsigned long long)ours.phys_start, (unsigned long long)ours.size,
			jh_cell_name(check, other_config).text,
			(unsigned long long)theirs.phys_start, (unsigned long long)theirs.size);
	}
}

static void find_ivshmem_peers(struct jh_check *check, const struct jh_rule *rule, uint32_t config,
			       uint32_t index, const struct jailhouse_config_pci_device *dev)
{
	struct jailhouse_config_pci_device other;
	uint32_t c, n;

	for (c = 0; jh_is_ivshmem(dev) && c < config; c++)
		for (n = 0; jailhouse_config_get_pci_device(&check->config[c], n, &other) == 0; n++)
			if (jh_is_ivshmem(&other) && jh_same_address(dev, &other))
				compare_peers(check, rule, config, index, dev, c, n, &other);
}

JH_RULE(ivshmem_peers)
{
	jh_for_each_device(check, rule, find_ivshmem_peers);
}

/* The number of a region by which the cell can write to the section, whichever way; all of them if none. */
static uint32_t writable_by(const struct jailhouse_config *config, const struct jailhouse_config_memory *section)
{
	struct jailhouse_config_memory memory;
	uint32_t n;

	for (n = 0; jailhouse_config_get_memory(config, n, &memory) == 0; n++)
		if (memory.flags & JAILHOUSE_MEM_WRITE && !(memory.flags & JAILHOUSE_MEM_COMM_REGION) &&
		    memory.size > 0 && memory.phys_start <= section->phys_start + (section->size - 1) &&
		    section->phys_start <= memory.phys_start + (memory.size - 1))
			break;
	return n;
}

static void find_output(struct jh_check *check, const struct jh_rule *rule, uint32_t config,
			uint32_t index, const struct jailhouse_config_pci_device *dev)
{
	struct jailhouse_config_memory memory;
	uint32_t n, region;

	if (!jh_is_ivshmem(dev) || !regions_exist(&check->config[config], dev))
		return;
	for (n = 0; n < regions_of(dev); n++) {
		if (n == 1 || n == 2u + dev->shmem_dev_id)
			continue;
		jailhouse_config_get_memory(&check->config[config], dev->shmem_regions_start + n,
					    &memory);
		if (memory.size == 0)
			continue;
		region = writable_by(&check->config[config], &memory);
		if (jailhouse_config_get_memory(&check->config[config], region, &memory) == 0)
			jh_find(check, rule, jh_place(config, JAILHOUSE_SECTION_MEMORY, region),
				jh_device_place(config, index), "%s: it may write to %s",
				jh_device_name(check, config, index, dev).text,
				n == 0 ? "the state table" : "the output section of another peer");
	}
}

JH_RULE(ivshmem_output)
{
	jh_for_each_device(check, rule, find_output);
}

/*
 * The interrupt of a device without MSI-X: INTA to INTD by its number; lines of the GIC start with SPI
 * 0 at 32. 0: it has none.
 */
static uint32_t line_of(const struct jailhouse_config *config,
			const struct jailhouse_config_pci_device *dev)
{
	struct jailhouse_config_cell cell;

	if (!jh_is_ivshmem(dev) || dev->num_msix_vectors > 0 ||
	    config->architecture == JAILHOUSE_X86)
		return 0;
	jailhouse_config_get_cell(config, &cell);
	return 32 + cell.vpci_irq_base + (dev->bdf >> 3 & 3);
}

static void find_vpci_line(struct jh_check *check, const struct jh_rule *rule, uint32_t config,
			   uint32_t index, const struct jailhouse_config_pci_device *dev)
{
	uint32_t line = line_of(&check->config[config], dev);

	if (line && !jh_has_line(&check->config[config], check->system.gicd_base, line))
		jh_find(check, rule, jh_device_place(config, index), jh_nowhere(),
			"%s raises interrupt %u, which the cell does not have",
			jh_device_name(check, config, index, dev).text, line);
}

JH_RULE(vpci_lines)
{
	if (check->has_system && check->config[0].architecture != JAILHOUSE_X86)
		jh_for_each_device(check, rule, find_vpci_line);
}

static void find_vpci_collision(struct jh_check *check, const struct jh_rule *rule, uint32_t config,
				uint32_t index, const struct jailhouse_config_pci_device *dev)
{
	uint32_t line = line_of(&check->config[config], dev);
	struct jailhouse_config_pci_device other;
	uint32_t c, n;

	for (c = 0; line && c <= config; c++)
		for (n = 0; (c < config || n < index) &&
			    jailhouse_config_get_pci_device(&check->config[c], n, &other) == 0;
		     n++)
			if (line_of(&check->config[c], &other) == line)
				jh_find(check, rule, jh_device_place(config, index),
					jh_device_place(c, n),
					"%s raises interrupt %u, and so does %s",
					jh_device_name(check, config, index, dev).text, line,
					jh_device_name(check, c, n, &other).text);
}

JH_RULE(vpci_collision)
{
	jh_for_each_device(check, rule, find_vpci_collision);
}
