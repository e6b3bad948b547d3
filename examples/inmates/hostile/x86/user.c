/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A hypercall from ring 3. */
#include "hostile.h"

#define EPERM          1
#define RFLAGS_DEFAULT 2

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
