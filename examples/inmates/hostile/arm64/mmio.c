/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Accesses to trapped windows of which the CPU tells little. */
#include "hostile.h"

void window_pair(void)
{
	u64 a, b;

	asm volatile("ldp %0, %1, [%2]" : "=r"(a), "=r"(b) : "r"(gicd_memory(0)));
	BREACH("read 0x%llx 0x%llx", a, b);
}

void window_writeback(void)
{
	void *address = gicd_memory(0);
	u64 value;

	asm volatile("ldr %0, [%1], #8" : "=r"(value), "+r"(address));
	BREACH("read 0x%llx", value);
}

void window_exclusive(void)
{
	u64 value;

	asm volatile("ldxr %0, [%1]" : "=r"(value) : "r"(gicd_memory(0)));
	BREACH("read 0x%llx", value);
}

void window_vector(void)
{
	asm volatile("str q0, [%0]" : : "r"(gicd_memory(GICD_ISENABLER)));
	BREACH("written");
}

void window_zero(void)
{
	asm volatile("dc zva, %0" : : "r"(gicd_memory(0)) : "memory");
	BREACH("written");
}

/* Emulators need not look at the address. */
void window_cache(void)
{
	void *address = gicd_memory(0);

	asm volatile("ic ivau, %0\n\tdsb ish\n\tdc civac, %0\n\tdsb sy" : : "r"(address) : "memory");
	SURVIVED("nothing comes of it");
}

/* 0 or what a register has, but never two registers and never an exception of the hypervisor */
void window_sizes(void)
{
	char *base = gicd_memory(0);
	unsigned int reg;

	for (reg = 0; reg < 0xff8; reg++) {
		mmio_read8(base + reg);
		asm volatile("ldrh w9, [%0]\n\t"
			     "ldrsb x9, [%0]\n\t"
			     "ldrsh w9, [%0]\n\t"
			     "ldrsw x9, [%0]\n\t"
			     "ldr w9, [%0]\n\t"
			     "ldr xzr, [%0]\n\t"
			     "ldar w9, [%1]"
			     :
			     : "r"(base + reg), "r"(base + (reg & ~3U))
			     : "x9", "memory");
	}
	SURVIVED("%u registers read", reg);
}
