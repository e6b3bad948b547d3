/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What exceptions are on ARM64. */
#include "hostile.h"

#define ESR_CLASS(esr) ((esr) >> 26 & 0x3f)
#define SPSR_EL1H      5
#define SPSR_DAIF      (0xf << 6)

void trap_leave(struct excp_frame *frame)
{
	frame->elr = (unsigned long)trap_return;
	frame->x[0] = ESR_CLASS(frame->esr);
	/* It may come from EL0, or from a state that is illegal. Masks stay as they were. */
	frame->spsr = SPSR_EL1H | (frame->spsr & 0x10 || (frame->spsr & 0xf) == 0 ? 0x80 : frame->spsr & SPSR_DAIF);
}

bool user_code_ran(int trap)
{
	return trap != TRAP_INSN_EL0 && trap != TRAP_ILLEGAL;
}
