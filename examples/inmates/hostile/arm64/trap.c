/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Exceptions as results of a call. */
#include "hostile.h"

#define ESR_CLASS(esr) ((esr) >> 26 & 0x3f)
#define SPSR_EL1H      5
#define SPSR_DAIF      (0xf << 6)

extern unsigned long trap_sp;
extern char trap_return[];
extern u32 patched_insn;
u64 patched_call(u64 x0);

struct excp_frame trap_frame;
bool trap_loop;

static bool hook(struct excp_frame *frame)
{
	if (trap_loop)
		return true;
	if (!trap_sp)
		return false;

	trap_frame = *frame;
	frame->elr = (unsigned long)trap_return;
	frame->x[0] = ESR_CLASS(frame->esr);
	/* It may come from EL0, or from a state that is illegal. Masks stay as they were. */
	frame->spsr = SPSR_EL1H | (frame->spsr & 0x10 || (frame->spsr & 0xf) == 0 ? 0x80 : frame->spsr & SPSR_DAIF);
	return true;
}

void trap_init(void)
{
	excp_hook = hook;
}

const char *trap_name(int trap)
{
	switch (trap) {
	case NO_TRAP:
		return "no exception";
	case TRAP_UNDEFINED:
		return "an undefined instruction";
	case TRAP_ILLEGAL:
		return "an illegal state";
	case TRAP_INSN:
		return "an instruction abort";
	case TRAP_DATA:
		return "a data abort";
	default:
		return "another exception";
	}
}

struct insn_call {
	u64 x0;
};

static void do_insn(unsigned long call_address, unsigned long unused)
{
	struct insn_call *call = (struct insn_call *)call_address;

	(void)unused;
	call->x0 = patched_call(call->x0);
}

int run_insn(u32 insn, u64 *x0)
{
	struct insn_call call = {*x0};
	int trap;

	patched_insn = insn;
	code_written(&patched_insn);
	trap = trap_call(do_insn, (unsigned long)&call, 0);
	*x0 = call.x0;
	return trap;
}

bool user_code_ran(int trap)
{
	return trap != TRAP_INSN_EL0 && trap != TRAP_ILLEGAL;
}
