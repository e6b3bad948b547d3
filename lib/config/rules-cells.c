/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Rules 3xx: cells as a whole, and their CPUs. */
#include <string.h>

#include "config/check.h"

#define HEAD JAILHOUSE_FINDING_NONE, JAILHOUSE_FINDING_NONE

static const char *const arch_names[] = {"x86", "ARM", "ARM64"};

JH_RULE(architecture)
{
	uint32_t c;

	for (c = 1; c < check->count; c++)
		if (check->config[c].architecture != check->config[0].architecture)
			jh_find(check, rule, jh_place(c, HEAD), jh_place(0, HEAD),
				"%s is for %s, %s for %s", jh_cell_name(check, c).text,
				arch_names[check->config[c].architecture],
				jh_cell_name(check, 0).text,
				arch_names[check->config[0].architecture]);
}

JH_RULE(not_announced)
{
	uint32_t c;

	for (c = 0; c < check->count; c++)
		if (check->config[c].trailing)
			jh_find(check, rule, jh_place(c, HEAD), jh_nowhere(),
				"%s: no count announces the last %llu bytes", jh_cell_name(check, c).text,
				(unsigned long long)check->config[c].trailing);
}

JH_RULE(cell_name)
{
	struct jailhouse_config_cell cell, other;
	uint32_t c, d;

	for (c = 0; c < check->count; c++) {
		jailhouse_config_get_cell(&check->config[c], &cell);
		if (!memchr(cell.name, 0, sizeof(cell.name)))
			jh_find(check, rule, jh_place(c, HEAD), jh_nowhere(),
				"%s: its name has no end", jh_cell_name(check, c).text);
		for (d = 0; d < c; d++) {
			jailhouse_config_get_cell(&check->config[d], &other);
			if (strncmp(cell.name, other.name, sizeof(cell.name)) == 0)
				jh_find(check, rule, jh_place(c, HEAD), jh_place(d, HEAD),
					"%s: another one has this name",
					jh_cell_name(check, c).text);
		}
	}
}

JH_RULE(cell_flags)
{
	const uint32_t known = JAILHOUSE_CELL_PASSIVE_COMMREG | JAILHOUSE_CELL_TEST_DEVICE |
			       JAILHOUSE_CELL_AARCH32 | JAILHOUSE_CELL_NO_SCRUB |
			       JAILHOUSE_CELL_DIRECT_IDLE | JAILHOUSE_CELL_SMC_ALLOW |
			       JAILHOUSE_CELL_VIRTUAL_CONSOLE_PERMITTED |
			       JAILHOUSE_CELL_VIRTUAL_CONSOLE_ACTIVE;
	struct jailhouse_config_cell cell;
	uint32_t c;

	for (c = 0; c < check->count; c++) {
		jailhouse_config_get_cell(&check->config[c], &cell);
		if (cell.flags & ~known)
			jh_find(check, rule, jh_place(c, HEAD), jh_nowhere(),
				"%s has unknown flags: 0x%x", jh_cell_name(check, c).text,
				cell.flags & ~known);
	}
}

/* Calls `cpu` for each CPU of each cell that is not the root cell. */
static void for_each_cpu(struct jh_check *check, const struct jh_rule *rule,
			 void (*cpu)(struct jh_check *check, const struct jh_rule *rule,
				     uint32_t config, uint32_t id))
{
	uint32_t c;
	int32_t id;

	for (c = jh_first_cell(check); c < check->count; c++)
		for (id = jailhouse_config_next_cpu(&check->config[c], 0); id >= 0;
		     id = jailhouse_config_next_cpu(&check->config[c], id + 1))
			cpu(check, rule, c, (uint32_t)id);
}

static bool has_cpu(const struct jailhouse_config *config, uint32_t id)
{
	return jailhouse_config_next_cpu(config, (int32_t)id) == (int32_t)id;
}

static struct jailhouse_place cpu_place(uint32_t config, uint32_t id)
{
	return jh_place_range(config, JAILHOUSE_SECTION_CPU_SET, id / 8, id, id);
}

static void find_not_in_root(struct jh_check *check, const struct jh_rule *rule, uint32_t config,
			     uint32_t id)
{
	if (check->has_system && !has_cpu(&check->config[0], id))
		jh_find(check, rule, cpu_place(config, id), jh_nowhere(),
			"%s: CPU %u does not belong to the root cell",
			jh_cell_name(check, config).text, id);
}

JH_RULE(cpu_not_in_root)
{
	for_each_cpu(check, rule, find_not_in_root);
}

static void find_boot_cpu(struct jh_check *check, const struct jh_rule *rule, uint32_t config,
			  uint32_t id)
{
	if (id == 0 && check->config[config].architecture == JAILHOUSE_X86)
		jh_find(check, rule, cpu_place(config, id), jh_nowhere(),
			"%s: CPU 0 is the boot CPU", jh_cell_name(check, config).text);
}

JH_RULE(boot_cpu)
{
	for_each_cpu(check, rule, find_boot_cpu);
}

static void find_cpu_shared(struct jh_check *check, const struct jh_rule *rule, uint32_t config,
			    uint32_t id)
{
	uint32_t other;

	for (other = jh_first_cell(check); other < config; other++)
		if (has_cpu(&check->config[other], id))
			jh_find(check, rule, cpu_place(config, id), cpu_place(other, id),
				"%s: %s has CPU %u, too", jh_cell_name(check, config).text,
				jh_cell_name(check, other).text, id);
}

JH_RULE(cpu_shared)
{
	for_each_cpu(check, rule, find_cpu_shared);
}

JH_RULE(root_cpu_left)
{
	uint32_t c;
	int32_t id;

	if (!check->has_system || check->count == 1)
		return;
	for (id = jailhouse_config_next_cpu(&check->config[0], 0); id >= 0;
	     id = jailhouse_config_next_cpu(&check->config[0], id + 1)) {
		for (c = 1; c < check->count && !has_cpu(&check->config[c], (uint32_t)id); c++)
			;
		if (c == check->count)
			return;
	}
	jh_find(check, rule, jh_place(0, HEAD), jh_nowhere(),
		"root cell: the cells take all of its CPUs");
}

static bool console_in_memory(const struct jailhouse_config *config,
			      const struct jailhouse_config_console *console)
{
	struct jailhouse_config_memory memory;
	uint32_t n;

	for (n = 0; jailhouse_config_get_memory(config, n, &memory) == 0; n++)
		if (memory.size > 0 && !(memory.flags & JAILHOUSE_MEM_COMM_REGION) &&
		    console->address >= memory.virt_start &&
		    console->address <= jh_last(memory.virt_start, memory.size))
			return true;
	return false;
}

static bool console_in_ports(const struct jailhouse_config *config,
			     const struct jailhouse_config_console *console)
{
	struct jailhouse_config_pio pio;
	uint32_t n;

	for (n = 0; jailhouse_config_get_pio(config, n, &pio) == 0; n++)
		if (console->address >= pio.base &&
		    console->address < (uint32_t)pio.base + pio.length)
			return true;
	return false;
}

JH_RULE(console)
{
	struct jailhouse_config_cell cell;
	bool found;
	uint32_t c;

	for (c = jh_first_cell(check); c < check->count; c++) {
		jailhouse_config_get_cell(&check->config[c], &cell);
		if (cell.console.type == JAILHOUSE_CON_TYPE_NONE)
			continue;
		if (cell.console.flags & JAILHOUSE_CON_ACCESS_MMIO)
			found = console_in_memory(&check->config[c], &cell.console);
		else
			found = console_in_ports(&check->config[c], &cell.console);
		if (!found)
			jh_find(check, rule,
				jh_place_range(c, HEAD, cell.console.address, cell.console.address),
				jh_nowhere(),
				"%s: its console is at %s0x%llx, which it can't reach",
				jh_cell_name(check, c).text,
				cell.console.flags & JAILHOUSE_CON_ACCESS_MMIO ? "" : "port ",
				(unsigned long long)cell.console.address);
	}
}

/* Where a cell's console is for the machine: port, or physical address. False: nowhere. */
static bool console_place(const struct jailhouse_config *config, bool *ret_mmio, uint64_t *ret_place)
{
	struct jailhouse_config_memory memory;
	struct jailhouse_config_cell cell;
	uint32_t n;

	jailhouse_config_get_cell(config, &cell);
	if (cell.console.type == JAILHOUSE_CON_TYPE_NONE)
		return false;
	*ret_mmio = cell.console.flags & JAILHOUSE_CON_ACCESS_MMIO;
	*ret_place = cell.console.address;
	for (n = 0; *ret_mmio && jailhouse_config_get_memory(config, n, &memory) == 0; n++)
		if (memory.size > 0 && !jh_is_comm(&memory) &&
		    cell.console.address >= memory.virt_start &&
		    cell.console.address <= jh_last(memory.virt_start, memory.size)) {
			*ret_place = cell.console.address - memory.virt_start + memory.phys_start;
			break;
		}
	return true;
}

JH_RULE(console_clash)
{
	uint64_t place, other_place;
	bool mmio, other_mmio;
	uint32_t c, d;

	for (c = jh_first_cell(check); c < check->count; c++)
		for (d = jh_first_cell(check); d < c; d++)
			if (console_place(&check->config[c], &mmio, &place) &&
			    console_place(&check->config[d], &other_mmio, &other_place) &&
			    mmio == other_mmio && place == other_place)
				jh_find(check, rule, jh_place_range(c, HEAD, place, place),
					jh_place_range(d, HEAD, place, place),
					"%s: its console at %s0x%llx is that of %s, too",
					jh_cell_name(check, c).text, mmio ? "" : "port ",
					(unsigned long long)place, jh_cell_name(check, d).text);
}
