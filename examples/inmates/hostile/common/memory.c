/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Attacks on foreign memory. */
#include "hostile.h"

#define PATTERN 0x6a61696c

static char *target(unsigned long def, enum map_type type)
{
	char *address = (char *)(unsigned long)cmdline_parse_int("addr", def);

	map_range(address, PAGE_SIZE, type);
	return address;
}

static void read_at(unsigned long def)
{
	u32 value = mmio_read32(target(def, MAP_CACHED));

	BREACH("read 0x%x", value);
}

static void write_at(unsigned long def)
{
	mmio_write32(target(def, MAP_CACHED), PATTERN);
	BREACH("written");
}

static void execute_at(unsigned long def)
{
	void (*code)(void) = (void (*)(void))target(def, MAP_CACHED);

	code();
	BREACH("executed");
}

void ram_read(void)
{
	read_at(ROOT_ADDRESS);
}

void ram_write(void)
{
	write_at(ROOT_ADDRESS);
}

void ram_exec(void)
{
	execute_at(ROOT_ADDRESS);
}

void hv_read(void)
{
	read_at(HYPERVISOR_ADDRESS);
}

void hv_write(void)
{
	write_at(HYPERVISOR_ADDRESS);
}

void hv_exec(void)
{
	execute_at(HYPERVISOR_ADDRESS);
}

void cell_read(void)
{
	read_at(CELL_ADDRESS);
}

void cell_write(void)
{
	write_at(CELL_ADDRESS);
}

void cell_exec(void)
{
	execute_at(CELL_ADDRESS);
}
