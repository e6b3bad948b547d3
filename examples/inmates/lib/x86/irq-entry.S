/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Entries of exceptions and interrupts, 64 and 32 bit. Each stub is 16 bytes long, so that the table
 * of gates can be computed. FPU and SSE registers are not saved: the library does not use them, and
 * handlers must not.
 */
#define __ASSEMBLY__
#include <inmate.h>

	.macro	excp_stub vector
	.balign	16
	push	$0	/* in place of an error code */
	push	$\vector
	jmp	excp_common
	.endm

	.macro	excp_stub_with_error_code vector
	.balign	16
	push	$\vector
	jmp	excp_common
	.endm

	.macro	irq_stub vector
	.balign	16
	push	$\vector
	jmp	irq_common
	.endm

	.text
	.globl	excp_entries, irq_entries
	.balign	16
excp_entries:
	.irp	vector, 0, 1, 2, 3, 4, 5, 6, 7
	excp_stub \vector
	.endr
	excp_stub_with_error_code 8
	excp_stub 9
	.irp	vector, 10, 11, 12, 13, 14
	excp_stub_with_error_code \vector
	.endr
	excp_stub 15
	excp_stub 16
	excp_stub_with_error_code 17
	.irp	vector, 18, 19, 20
	excp_stub \vector
	.endr

	.balign	16
irq_entries:
	.irp	vector, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47
	irq_stub \vector
	.endr
	.irp	vector, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63
	irq_stub \vector
	.endr

#ifdef __x86_64__

	/* The layout of struct excp_frame */
excp_common:
	push	%rax
	push	%rbx
	push	%rcx
	push	%rdx
	push	%rsi
	push	%rdi
	push	%rbp
	push	%r8
	push	%r9
	push	%r10
	push	%r11
	push	%r12
	push	%r13
	push	%r14
	push	%r15
	cld
	mov	%rsp, %rdi
	mov	%rsp, %rbx
	and	$-16, %rsp
	call	excp_dispatch
	mov	%rbx, %rsp
	pop	%r15
	pop	%r14
	pop	%r13
	pop	%r12
	pop	%r11
	pop	%r10
	pop	%r9
	pop	%r8
	pop	%rbp
	pop	%rdi
	pop	%rsi
	pop	%rdx
	pop	%rcx
	pop	%rbx
	pop	%rax
	add	$16, %rsp
	iretq

irq_common:
	push	%rax
	push	%rcx
	push	%rdx
	push	%rsi
	push	%rdi
	push	%r8
	push	%r9
	push	%r10
	push	%r11
	cld
	mov	9 * 8(%rsp), %rdi
	/* The CPU aligned the stack before its 5 pushes; 10 of ours have followed. */
	sub	$8, %rsp
	call	irq_dispatch
	add	$8, %rsp
	pop	%r11
	pop	%r10
	pop	%r9
	pop	%r8
	pop	%rdi
	pop	%rsi
	pop	%rdx
	pop	%rcx
	pop	%rax
	add	$8, %rsp
	iretq

#else /* !__x86_64__ */

excp_common:
	push	%eax
	push	%ebx
	push	%ecx
	push	%edx
	push	%esi
	push	%edi
	push	%ebp
	cld
	mov	%esp, %eax
	mov	%esp, %ebx
	and	$-16, %esp
	sub	$12, %esp
	push	%eax
	call	excp_dispatch
	mov	%ebx, %esp
	pop	%ebp
	pop	%edi
	pop	%esi
	pop	%edx
	pop	%ecx
	pop	%ebx
	pop	%eax
	add	$8, %esp
	iretl

irq_common:
	push	%eax
	push	%ecx
	push	%edx
	push	%ebx
	cld
	mov	4 * 4(%esp), %eax
	mov	%esp, %ebx
	and	$-16, %esp
	sub	$12, %esp
	push	%eax
	call	irq_dispatch
	mov	%ebx, %esp
	pop	%ebx
	pop	%edx
	pop	%ecx
	pop	%eax
	add	$4, %esp
	iretl

#endif

	.section .note.GNU-stack, "", @progbits
