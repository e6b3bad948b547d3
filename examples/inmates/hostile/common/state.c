/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What all architectures have of the state that must not outlive an owner: the count of it, and memory. */
#include "hostile.h"

#define DEFAULT_RAM 0x100000

static unsigned int checked, wrong;

void state_check(const char *name, u64 value, u64 expected)
{
	checked++;
	if (value == expected)
		return;
	wrong++;
	BREACH("%s is 0x%llx, not 0x%llx", name, value, expected);
}

static unsigned long ram_end(void)
{
	return cmdline_parse_int("ram", DEFAULT_RAM);
}

/* All that the library maps is the first 2 MiB; the communication region may lie in between. */
static bool is_own_ram(unsigned long address)
{
	return address < COMM_REGION_BASE || address >= COMM_REGION_BASE + PAGE_SIZE;
}

void state_check_ram(void)
{
	unsigned long address, end = ram_end();

	map_range((void *)0, end, MAP_CACHED);
	for (address = (heap_pos + 7) & ~7UL; address < end; address += 8) {
		if (!is_own_ram(address) || *(volatile u64 *)address == 0)
			continue;
		wrong++;
		BREACH("memory at 0x%lx is 0x%llx", address, *(volatile u64 *)address);
		break;
	}
	checked++;
}

void state_fill_ram(void)
{
	unsigned long address, end = ram_end();

	map_range((void *)0, end, MAP_CACHED);
	for (address = (heap_pos + 7) & ~7UL; address < end; address += 8)
		if (is_own_ram(address))
			*(volatile u64 *)address = STATE_PATTERN;
}

void state_report(void)
{
	if (wrong)
		printk("hostile: %u of %u values are not as after reset\n", wrong, checked);
	else
		SURVIVED("%u values are as after reset", checked);
}
