/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Attacks by hypercalls. */
#include "hostile.h"

#define EPERM  1
#define EINVAL 22
#define ENOSYS 38

#define FLOOD_CALLS    20000
#define FLOOD_CHARS    200
#define RFLAGS_DEFAULT 2

static unsigned int calls;

/* Complains and returns false unless a call gives the error it must give. */
static bool expect(u32 code, unsigned long arg1, unsigned long arg2, int error)
{
	int result = 0, vector = try_hypercall(code, arg1, arg2, &result);

	calls++;
	if (vector != NO_TRAP) {
		UNEXPECTED("call %u raised %s", code, trap_name(vector));
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
		~0UL, 1UL << 63, 0xffffffff, 0x80000000, 0x100000, 0xfff, 5,
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

extern char user_vmcall[], user_vmmcall[];

/* Ends by UD2 behind the call, so a #UD of the call itself shows by its address. */
#define SET_EAX "mov $" __stringify(JAILHOUSE_HC_HYPERVISOR_GET_INFO) ", %eax\n\t"
#define SET_EDI "mov $" __stringify(JAILHOUSE_INFO_NUM_CELLS) ", %edi\n\t"
asm("user_vmcall:\n\t" SET_EAX SET_EDI "vmcall\n\tud2\n"
    "user_vmmcall:\n\t" SET_EAX SET_EDI "vmmcall\n\tud2");

void hypercall_user(void)
{
	char *code = jailhouse_use_vmcall ? user_vmcall : user_vmmcall;
	int vector = user_call((void (*)(void))code, RFLAGS_DEFAULT);
	int result = trap_frame.ax;

	/* Two moves of 5 bytes, the call of 3 bytes, then UD2 */
	if (vector != TRAP_UD || trap_frame.ip != (unsigned long)code + 13)
		UNEXPECTED("%s at %p", trap_name(vector), (void *)trap_frame.ip);
	else if ((trap_frame.cs & 3) != 3)
		UNEXPECTED("not in ring 3");
	else if (result >= 0)
		BREACH("the call gave %d", result);
	else if (result != -EPERM)
		UNEXPECTED("the call gave %d instead of %d", result, -EPERM);
	else
		SURVIVED("EPERM");
}

void hypercall_flood(void)
{
	unsigned int n;

	for (n = 0; n < FLOOD_CALLS; n++)
		if (!expect(0x1000 + n, 0, 0, ENOSYS))
			return;
	report();
}

void console_flood(void)
{
	bool permitted = comm_region->flags & JAILHOUSE_COMM_FLAG_DBG_PUTC_PERMITTED;
	int result = 0, vector;
	unsigned int n;

	vector = try_hypercall(JAILHOUSE_HC_DEBUG_CONSOLE_PUTC, '!', 0, &result);
	if (vector != NO_TRAP)
		UNEXPECTED("call raised %s", trap_name(vector));
	else if (permitted && result < 0)
		UNEXPECTED("permitted call gave %d", result);
	else if (!permitted && result != -EPERM)
		BREACH("forbidden call gave %d", result);
	else
		SURVIVED("call gave %d, flood begins", result);
	if (judged)
		return;

	while (1) {
		for (n = 0; n < FLOOD_CHARS; n++)
			jailhouse_call_arg1(JAILHOUSE_HC_DEBUG_CONSOLE_PUTC,
					    n == FLOOD_CHARS - 1 ? '\n' : '!');
		heartbeat_once();
	}
}
