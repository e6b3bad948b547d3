/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* int trap_call(void (*fn)(unsigned long a, unsigned long b), unsigned long a, unsigned long b) */

	.syntax unified
	.arm
	.text
	.globl	trap_call, trap_return
trap_call:
	push	{r4-r11, lr}
	/* Calls may be nested: remember the outer one. */
	ldr	r12, =trap_sp
	ldr	r4, [r12]
	push	{r4}
	str	sp, [r12]

	mov	r12, r0
	mov	r0, r1
	mov	r1, r2
	blx	r12
	mvn	r0, #0

	/* trap.c makes an exception return to here, with its kind in r0. */
trap_return:
	ldr	r12, =trap_sp
	ldr	sp, [r12]
	pop	{r4}
	str	r4, [r12]
	pop	{r4-r11, pc}
	.ltorg

	/* void user_enter(unsigned long pc, unsigned long cpsr): does not return; the stack stays */
	.globl	user_enter
user_enter:
	push	{r0, r1}
	rfeia	sp!

	/* unsigned long patched_call(unsigned long r0): run_insn() puts its instruction into the middle */
	.balign	64
	.globl	patched_call, patched_insn
patched_call:
	nop
patched_insn:
	nop
	bx	lr

	.bss
	.balign	4
	.globl	trap_sp
trap_sp:
	.word	0

	.section .note.GNU-stack, "", %progbits
