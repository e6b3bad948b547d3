/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Exceptions as results of a call. */
#include "hostile.h"

#define CPSR_SVC   0x13

/* IFSR in the long format: a debug event, which BKPT is */
#define IFSR_STATUS(ifsr) ((ifsr) & 0x3f)
#define IFSR_DEBUG	  0x22

extern unsigned long trap_sp;
extern char trap_return[];
extern u32 patched_insn;
u32 patched_call(u32 r0);

struct excp_frame trap_frame;
bool trap_loop;

static bool hook(struct excp_frame *frame)
{
	if (trap_loop)
		return true;
	if (!trap_sp)
		return false;

	trap_frame = *frame;
	frame->pc = (unsigned long)trap_return;
	frame->r[0] = frame->vector;
	/* Masks stay as they were. */
	frame->cpsr = CPSR_SVC | (frame->cpsr & CPSR_MASKED);
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
	case TRAP_INSN:
		return "an instruction abort";
	case TRAP_DATA:
		return "a data abort";
	default:
		return "another exception";
	}
}

static void do_insn(unsigned long r0_address, unsigned long unused)
{
	u32 *r0 = (u32 *)r0_address;

	(void)unused;
	*r0 = patched_call(*r0);
}

int run_insn(u32 insn, u32 *r0)
{
	patched_insn = insn;
	code_written(&patched_insn);
	return trap_call(do_insn, (unsigned long)r0, 0);
}

bool user_code_ran(int trap)
{
	return trap != TRAP_INSN || IFSR_STATUS(trap_frame.ifsr) == IFSR_DEBUG;
}
