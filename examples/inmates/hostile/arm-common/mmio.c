/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Attacks by page tables, at the edges of regions, and on dead devices. */
#include "hostile.h"

#define CYCLES 100

/* Both in the second cell configuration: nothing answers there */
#define DEAD_REGISTER 0x0b000000
#define DEAD_PAGE     0x0b001000
/* Behind the redistributors of the lab's machine there is no device and no region. */
#define NO_REGION 0x0b100000

/* The end of this cell's memory */
#define RAM_END 0x100000

#define TTBR_FOREIGN() arm_write_sysreg(TTBR0_EL1, cmdline_parse_int("addr", ROOT_ADDRESS))

/* The next instruction fetch walks foreign memory, that of the handler too. */
void ttbr_foreign(void)
{
	TTBR_FOREIGN();
	dsb(ish);
	arch_flush_tlb();
	BREACH("runs on foreign page tables");
}

static void do_read(unsigned long address, unsigned long unused)
{
	(void)unused;
	mmio_read32((void *)address);
}

static void walk(unsigned long table)
{
	int trap;

	map_table(table);
	trap = trap_call(do_read, WINDOW, 0);
	if (trap == NO_TRAP)
		BREACH("0x%lx served as page table", table);
	else if (trap != TRAP_DATA)
		UNEXPECTED("%s", trap_name(trap));
}

/* The abort is the guest's own affair. */
void table_foreign(void)
{
	walk(cmdline_parse_int("addr", ROOT_ADDRESS));
	walk(HYPERVISOR_ADDRESS);
	walk(CELL_ADDRESS);
	walk(NO_REGION);
	if (!judged)
		SURVIVED("data aborts");
}

void table_window(void)
{
	walk((unsigned long)comm_region->gicd_base);
	if (!judged)
		SURVIVED("data abort");
}

void window_exec(void)
{
	void (*code)(void) = (void (*)(void))gicd_memory(0);

	code();
	BREACH("executed");
}

/* The first half lies in own memory, the second one in none. */
void page_end(void)
{
	u64 *last = (u64 *)(RAM_END - 4);

	*(volatile u64 *)last = 0;
	BREACH("written");
}

/* The hypervisor does the access, and must get over the bus error. */
void dead_register(void)
{
	char *reg = map_page(DEAD_REGISTER, PTE_PAGE | PTE_DEVICE);
	unsigned int n;
	u32 value = 0;

	for (n = 0; n < CYCLES; n++) {
		value = mmio_read32(reg);
		mmio_write32(reg + 4, n);
	}
	SURVIVED("read 0x%x", value);
}

void dead_register_edge(void)
{
	mmio_read32(map_page(DEAD_REGISTER + 0x10, PTE_PAGE | PTE_DEVICE));
	BREACH("read behind the region");
}

void dead_register_width(void)
{
	mmio_read8(map_page(DEAD_REGISTER, PTE_PAGE | PTE_DEVICE));
	BREACH("read with a width that the region does not have");
}

void dead_page(void)
{
	void *reg = map_page(DEAD_PAGE, PTE_PAGE | PTE_DEVICE);
	int trap = trap_call(do_read, (unsigned long)reg, 0);

	SURVIVED("%s", trap_name(trap));
}

/* Interrupt controller parts that no cell has: GICH and GICV, ITS; and the redistributor as memory */
static void read_foreign(unsigned long address)
{
	u32 value = mmio_read32(map_page(address, PTE_PAGE | PTE_DEVICE));

	BREACH("read 0x%x", value);
}

void gic_hypervisor(void)
{
	read_foreign(is_gicv3() ? 0x08080000 : 0x08030000);
}

void gic_virtual(void)
{
	read_foreign(is_gicv3() ? 0x08090000 : 0x08040000);
}
