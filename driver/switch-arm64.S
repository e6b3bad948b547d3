/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * ARM64: calls to EL2. Who answers may destroy x0 to x17 and the flags, as any function may; the
 * rest, with it the stack and the return address, is as before when EL2 returns behind the HVC.
 */
#include <linux/linkage.h>
#include <asm/virt.h>

/* Neither a call of the stub nor one that KVM knows */
#define HVC_UNKNOWN 99

	.text

/* unsigned long jh_switch_probe(void) */
SYM_FUNC_START(jh_switch_probe)
	mov	x0, #HVC_UNKNOWN
	mov	x1, xzr
	mov	x2, xzr
	mov	x3, xzr
	hvc	#0
	ret
SYM_FUNC_END(jh_switch_probe)

/*
 * unsigned long jh_switch_enter(unsigned int cpu, unsigned long entry, unsigned long root). The stub
 * jumps to x1 at EL2, with x2 and x3 as arguments. It leaves the registers for a return to here as
 * the HVC has set them.
 */
SYM_FUNC_START(jh_switch_enter)
	mov	x3, x2
	mov	w2, w0
	mov	x0, #HVC_SOFT_RESTART
	hvc	#0
	ret
SYM_FUNC_END(jh_switch_enter)

/* int jh_switch_leave(void): JAILHOUSE_HC_DISABLE, which is 0, with JAILHOUSE_HVC_CODE */
SYM_FUNC_START(jh_switch_leave)
	mov	x0, xzr
	hvc	#0x4a48
	ret
SYM_FUNC_END(jh_switch_leave)
