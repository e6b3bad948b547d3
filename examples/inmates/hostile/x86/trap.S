/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* int trap_call(void (*fn)(unsigned long a, unsigned long b), unsigned long a, unsigned long b) */

	.text
	.globl	trap_call, trap_return
trap_call:
	push	%rbx
	push	%rbp
	push	%r12
	push	%r13
	push	%r14
	push	%r15
	/* Calls may be nested: remember the outer one, and keep the stack aligned. */
	push	trap_sp
	mov	%rsp, trap_sp

	mov	%rdi, %rax
	mov	%rsi, %rdi
	mov	%rdx, %rsi
	call	*%rax
	mov	$-1, %eax

	/* trap.c makes an exception return to here, with its vector in EAX. */
trap_return:
	mov	trap_sp, %rsp
	pop	trap_sp
	pop	%r15
	pop	%r14
	pop	%r13
	pop	%r12
	pop	%rbp
	pop	%rbx
	ret

	.bss
	.balign	8
	.globl	trap_sp
trap_sp:
	.quad	0

	.section .note.GNU-stack, "", @progbits
