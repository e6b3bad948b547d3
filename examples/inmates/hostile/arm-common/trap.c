/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Exceptions as results of a call. */
#include "hostile.h"

extern unsigned long trap_sp;
extern u32 patched_insn;
unsigned long patched_call(unsigned long r0);

struct excp_frame trap_frame;
bool trap_loop;

static bool hook(struct excp_frame *frame)
{
	if (trap_loop)
		return true;
	if (!trap_sp)
		return false;

	trap_frame = *frame;
	trap_leave(frame);
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

static void do_insn(unsigned long r0_address, unsigned long unused)
{
	unsigned long *r0 = (unsigned long *)r0_address;

	(void)unused;
	*r0 = patched_call(*r0);
}

int run_insn(u32 insn, unsigned long *r0)
{
	patched_insn = insn;
	code_written(&patched_insn);
	return trap_call(do_insn, (unsigned long)r0, 0);
}
