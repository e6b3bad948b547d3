/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the compiler calls for divisions of 64 bits. libgcc's is made for another calling convention of floating point
 * than ours, so it cannot be linked. Source: Arm IHI 0043 (run-time ABI), 4.3.1.
 */
	.syntax unified
	.arm

/* {u64 quotient r0 r1, u64 remainder r2 r3} __aeabi_uldivmod(u64 numerator r0 r1, u64 denominator r2 r3) */
	.text
	.globl	__aeabi_uldivmod
	.type	__aeabi_uldivmod, %function
__aeabi_uldivmod:
	push	{r4, lr}
	sub	sp, sp, #16
	add	r12, sp, #8
	str	r12, [sp]
	bl	divide_u64
	ldrd	r2, r3, [sp, #8]
	add	sp, sp, #16
	pop	{r4, pc}

	.section .note.GNU-stack, "", %progbits
