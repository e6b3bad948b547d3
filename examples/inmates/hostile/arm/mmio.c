/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Accesses to trapped windows of which the CPU tells little. */
#include "hostile.h"

void window_pair(void)
{
	u32 a, b;

	asm volatile("ldm %2, {%0, %1}" : "=&r"(a), "=&r"(b) : "r"(gicd_memory(0)));
	BREACH("read 0x%x 0x%x", a, b);
}

void window_writeback(void)
{
	void *address = gicd_memory(0);
	u32 value;

	asm volatile("ldr %0, [%1], #4" : "=&r"(value), "+r"(address));
	BREACH("read 0x%x", value);
}

void window_double(void)
{
	u64 value;

	asm volatile("ldrd %Q0, %R0, [%1]" : "=&r"(value) : "r"(gicd_memory(0)));
	BREACH("read 0x%llx", value);
}

void window_exclusive(void)
{
	u32 value;

	asm volatile("ldrex %0, [%1]" : "=r"(value) : "r"(gicd_memory(0)));
	BREACH("read 0x%x", value);
}

void window_vector(void)
{
	fpu_enable();
	asm volatile(".fpu neon\n\tvst1.32 {d0-d1}, [%0]" : : "r"(gicd_memory(GICD_ISENABLER)) : "memory");
	BREACH("written");
}

/* ICIMVAU, DCCIMVAC. Emulators need not look at the address. */
void window_cache(void)
{
	asm volatile("mcr p15, 0, %0, c7, c5, 1\n\tdsb\n\tmcr p15, 0, %0, c7, c14, 1\n\tdsb"
		     :
		     : "r"(gicd_memory(0))
		     : "memory");
	SURVIVED("nothing comes of it");
}

/* 0 or what a register has, but never two registers and never an exception of the hypervisor */
void window_sizes(void)
{
	char *base = gicd_memory(0);
	unsigned int reg;

	for (reg = 0; reg < 0xffc; reg++)
		asm volatile("ldrb r12, [%0]\n\t"
			     "ldrh r12, [%0]\n\t"
			     "ldrsb r12, [%0]\n\t"
			     "ldrsh r12, [%0]\n\t"
			     "ldr r12, [%0]"
			     :
			     : "r"(base + reg)
			     : "r12", "memory");
	SURVIVED("%u registers read", reg);
}

/* ---- exceptions without end, all of them its own ---- */

/* The handler cannot save anything. */
void stack_loop(void)
{
	asm volatile("mvn r12, #4080\n\tmov sp, r12\n\tstr r0, [sp]");
}

void breakpoint_loop(void)
{
	trap_loop = true;
	asm volatile("1: bkpt #0\n\tb 1b");
}
