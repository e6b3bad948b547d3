/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Attacks by hypercalls. */
#include "hostile.h"

#define EPERM  1
#define EINVAL 22
#define ENOSYS 38

#define FLOOD_CALLS    20000
#define FLOOD_CHARS    200 /* in a line */
#define FLOOD_NS       (200 * NS_PER_MSEC)
#define FLOOD_PAUSE_NS (500 * NS_PER_MSEC)
/* The hypervisor lets a cell say so much at once and drops the rest: until that much may be said again */
#define FLOOD_QUIET_US 200000

static int hypercall_result;
static unsigned int calls;

struct hypercall {
	u32 code;
	unsigned long arg1, arg2;
};

static void do_hypercall(unsigned long call_address, unsigned long unused)
{
	struct hypercall *call = (struct hypercall *)call_address;

	(void)unused;
	hypercall_result = jailhouse_call_arg2(call->code, call->arg1, call->arg2);
}

int try_hypercall(u32 code, unsigned long arg1, unsigned long arg2, int *result)
{
	struct hypercall call = {code, arg1, arg2};
	int trap = trap_call(do_hypercall, (unsigned long)&call, 0);

	*result = hypercall_result;
	return trap;
}

/* Complains and returns false unless a call gives the error it must give. */
static bool expect(u32 code, unsigned long arg1, unsigned long arg2, int error)
{
	int result = 0, trap = try_hypercall(code, arg1, arg2, &result);

	calls++;
	if (trap != NO_TRAP) {
		UNEXPECTED("call %u raised %s", code, trap_name(trap));
		return false;
	}
	if (result == -error)
		return true;
	if (result >= 0)
		BREACH("call %u(0x%lx, 0x%lx) gave %d instead of %d", code, arg1, arg2, result,
		       -error);
	else
		UNEXPECTED("call %u(0x%lx, 0x%lx) gave %d instead of %d", code, arg1, arg2, result,
			   -error);
	return false;
}

static void report(void)
{
	if (!judged)
		SURVIVED("%u calls refused", calls);
}

void hypercall_unknown(void)
{
	static const u32 codes[] = {9, 10, 0x7f, 0x4a48, 0x7fffffff, 0x80000000, 0xffffffff};
	unsigned int n;

	for (n = 0; n < ARRAY_SIZE(codes); n++)
		if (!expect(codes[n], 0, 0, ENOSYS))
			return;
	report();
}

static const u32 root_calls[] = {
	JAILHOUSE_HC_DISABLE,           JAILHOUSE_HC_CELL_CREATE,  JAILHOUSE_HC_CELL_START,
	JAILHOUSE_HC_CELL_SET_LOADABLE, JAILHOUSE_HC_CELL_DESTROY, JAILHOUSE_HC_CELL_GET_STATE,
};

void hypercall_forbidden(void)
{
	unsigned int n, id;

	for (n = 0; n < ARRAY_SIZE(root_calls); n++)
		for (id = 0; id < 4; id++)
			if (!expect(root_calls[n], id, 0, EPERM))
				return;
	report();
}

void hypercall_args(void)
{
	static const unsigned long wild[] = {
		~0UL, 1UL << (BITS_PER_LONG - 1), 0xffffffff, 0x80000000, 0x100000, 0xfff, 5,
	};
	unsigned int n, call;

	for (n = 0; n < ARRAY_SIZE(wild); n++) {
		for (call = 0; call < ARRAY_SIZE(root_calls); call++)
			if (!expect(root_calls[call], wild[n], wild[n], EPERM))
				return;
		if (!expect(JAILHOUSE_HC_HYPERVISOR_GET_INFO, wild[n], wild[n], EINVAL))
			return;
		/* There are less than 5 CPUs in the lab's machine, and no such type. */
		if (!expect(JAILHOUSE_HC_CPU_GET_INFO, wild[n], wild[n], EINVAL))
			return;
	}
	/* CPU 0 always belongs to the root cell. */
	if (!expect(JAILHOUSE_HC_CPU_GET_INFO, 0, JAILHOUSE_CPU_INFO_STATE, EPERM))
		return;
	if (!(comm_region->flags & JAILHOUSE_COMM_FLAG_DBG_PUTC_PERMITTED) &&
	    !expect(JAILHOUSE_HC_DEBUG_CONSOLE_PUTC, 'x', 0, EPERM))
		return;
	report();
}

void hypercall_flood(void)
{
	unsigned int n;

	for (n = 0; n < FLOOD_CALLS; n++)
		if (!expect(0x1000 + n, 0, 0, ENOSYS))
			return;
	report();
}

/* One character; complains and returns false unless the call is answered as the cell's flags say. */
static bool console_putc(char c)
{
	bool permitted = comm_region->flags & JAILHOUSE_COMM_FLAG_DBG_PUTC_PERMITTED;
	int result = 0, trap = try_hypercall(JAILHOUSE_HC_DEBUG_CONSOLE_PUTC, (unsigned long)c, 0, &result);

	if (trap != NO_TRAP)
		UNEXPECTED("call raised %s", trap_name(trap));
	else if (permitted && result < 0)
		UNEXPECTED("permitted call gave %d", result);
	else if (!permitted && result != -EPERM)
		BREACH("forbidden call gave %d", result);
	return !judged;
}

static void beat_for(unsigned long long duration)
{
	const unsigned long long end = now_ns() + duration;

	while (now_ns() < end) {
		heartbeat_once();
		delay_us(1000);
	}
}

/*
 * The console keeps its latest text only, so the flood would wash away what is said before it: the verdict comes
 * behind, when the hypervisor does not drop the cell's text any more, and there is a pause in which it can be read. A
 * reader that comes too late for one pause has the next one.
 */
void console_flood(void)
{
	unsigned long long end, chars = 0;

	while (1) {
		for (end = now_ns() + FLOOD_NS; now_ns() < end; chars++)
			if (!console_putc(chars % FLOOD_CHARS ? '!' : '\n'))
				return;
		delay_us(FLOOD_QUIET_US);
		printk("\n");
		SURVIVED("%llu characters", chars);
		beat_for(FLOOD_PAUSE_NS);
	}
}
