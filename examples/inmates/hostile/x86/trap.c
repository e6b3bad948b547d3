/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Exceptions as results of a call. */
#include "hostile.h"

#define FLAGS_RESET 2

extern unsigned long trap_sp;
extern char trap_return[];

struct excp_frame trap_frame;
bool trap_loop;

static u64 rdmsr_value;

static bool hook(struct excp_frame *frame)
{
	if (trap_loop)
		return true;
	if (!trap_sp)
		return false;

	trap_frame = *frame;
	frame->ip = (unsigned long)trap_return;
	frame->ax = frame->vector;
	frame->flags = FLAGS_RESET;
	/* It may come from ring 3. */
	frame->cs = INMATE_CS64;
	frame->ss = INMATE_DS32;
	frame->sp = trap_sp;
	return true;
}

void trap_init(void)
{
	excp_hook = hook;
	excp_reporting_init();
}

const char *trap_name(int vector)
{
	switch (vector) {
	case NO_TRAP:
		return "no exception";
	case TRAP_DB:
		return "#DB";
	case TRAP_NMI:
		return "NMI";
	case TRAP_UD:
		return "#UD";
	case TRAP_GP:
		return "#GP";
	case TRAP_PF:
		return "#PF";
	case TRAP_AC:
		return "#AC";
	default:
		return "another exception";
	}
}

static void do_rdmsr(unsigned long msr, unsigned long unused)
{
	(void)unused;
	rdmsr_value = read_msr(msr);
}

int try_rdmsr(u32 msr, u64 *value)
{
	int vector = trap_call(do_rdmsr, msr, 0);

	*value = rdmsr_value;
	return vector;
}

static void do_wrmsr(unsigned long msr, unsigned long value)
{
	write_msr(msr, value);
}

int try_wrmsr(u32 msr, u64 value)
{
	return trap_call(do_wrmsr, msr, value);
}
