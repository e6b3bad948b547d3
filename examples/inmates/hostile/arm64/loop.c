/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Exceptions without end, all of them its own. */
#include "hostile.h"

#define MDSCR_SS 1

/* The handler cannot save anything. */
void stack_loop(void)
{
	asm volatile("mov x9, #-4096\n\tmov sp, x9\n\tstr x0, [sp]");
}

void step_loop(void)
{
	trap_loop = true;
	asm volatile("msr oslar_el1, xzr\n\tisb");
	arm_write_sysreg(MDSCR_EL1, 1 << 13 | MDSCR_SS);
	asm volatile("msr daifclr, #8\n\tisb\n\t1: nop\n\tb 1b");
}

void breakpoint_loop(void)
{
	trap_loop = true;
	asm volatile("1: brk #0\n\tb 1b");
}
