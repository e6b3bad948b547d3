/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What exceptions are on ARMv7. */
#include "hostile.h"

#define CPSR_SVC   0x13

/* IFSR in the long format: a debug event, which BKPT is */
#define IFSR_STATUS(ifsr) ((ifsr) & 0x3f)
#define IFSR_DEBUG	  0x22

void trap_leave(struct excp_frame *frame)
{
	frame->pc = (unsigned long)trap_return;
	frame->r[0] = frame->vector;
	/* Masks stay as they were. */
	frame->cpsr = CPSR_SVC | (frame->cpsr & CPSR_MASKED);
}

bool user_code_ran(int trap)
{
	return trap != TRAP_INSN || IFSR_STATUS(trap_frame.ifsr) == IFSR_DEBUG;
}
