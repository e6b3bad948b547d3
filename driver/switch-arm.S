/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * ARMv7: calls to Hyp mode. Who answers may destroy r0 to r3, r12 and the flags, as any function may;
 * the rest is as before when Hyp mode returns behind the HVC. The stack pointer and the link register
 * are not those of Hyp mode.
 */
#include <linux/linkage.h>
#include <asm/assembler.h>
#include <asm/virt.h>

/* Not a call of the stub */
#define HVC_UNKNOWN 99

	.arch_extension virt
	.text

/* unsigned long jh_switch_probe(void) */
ENTRY(jh_switch_probe)
	mov	r0, #HVC_UNKNOWN
	mov	r1, #0
	mov	r2, #0
	mov	r3, #0
	hvc	#0
	ret	lr
ENDPROC(jh_switch_probe)

/*
 * unsigned long jh_switch_enter(unsigned int cpu, unsigned long entry, unsigned long root). The stub
 * jumps to r1 in Hyp mode and leaves all other registers as they are.
 */
ENTRY(jh_switch_enter)
	mov	r3, r2
	mov	r2, r0
	mov	r0, #HVC_SOFT_RESTART
	hvc	#0
	ret	lr
ENDPROC(jh_switch_enter)

/* int jh_switch_leave(void): JAILHOUSE_HC_DISABLE, which is 0, with JAILHOUSE_HVC_CODE */
ENTRY(jh_switch_leave)
	mov	r0, #0
	hvc	#0x4a48
	ret	lr
ENDPROC(jh_switch_leave)
