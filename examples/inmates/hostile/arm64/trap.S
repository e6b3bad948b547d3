/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* int trap_call(void (*fn)(unsigned long a, unsigned long b), unsigned long a, unsigned long b) */

	.text
	.globl	trap_call, trap_return
trap_call:
	stp	x29, x30, [sp, #-112]!
	stp	x19, x20, [sp, #16]
	stp	x21, x22, [sp, #32]
	stp	x23, x24, [sp, #48]
	stp	x25, x26, [sp, #64]
	stp	x27, x28, [sp, #80]
	/* Calls may be nested: remember the outer one. */
	adrp	x9, trap_sp
	ldr	x10, [x9, #:lo12:trap_sp]
	str	x10, [sp, #96]
	mov	x10, sp
	str	x10, [x9, #:lo12:trap_sp]

	mov	x9, x0
	mov	x0, x1
	mov	x1, x2
	blr	x9
	mov	w0, #-1

	/* trap.c makes an exception return to here, with its kind in w0. */
trap_return:
	adrp	x9, trap_sp
	ldr	x10, [x9, #:lo12:trap_sp]
	mov	sp, x10
	ldr	x10, [sp, #96]
	str	x10, [x9, #:lo12:trap_sp]
	ldp	x27, x28, [sp, #80]
	ldp	x25, x26, [sp, #64]
	ldp	x23, x24, [sp, #48]
	ldp	x21, x22, [sp, #32]
	ldp	x19, x20, [sp, #16]
	ldp	x29, x30, [sp], #112
	ret

	/* void user_enter(unsigned long pc, unsigned long pstate): does not return; the stack of EL1 stays */
	.globl	user_enter
user_enter:
	msr	elr_el1, x0
	msr	spsr_el1, x1
	isb
	eret

	/* unsigned long patched_call(unsigned long x0): run_insn() puts its instruction into the middle */
	.balign	64
	.globl	patched_call, patched_insn
patched_call:
	nop
patched_insn:
	nop
	ret

	.bss
	.balign	8
	.globl	trap_sp
trap_sp:
	.quad	0

	.section .note.GNU-stack, "", @progbits
