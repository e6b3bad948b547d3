/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <asm/area.h>

/* The entry: int arch_entry(unsigned int cpu), called by the driver; see jailhouse/image.h. */
	.text
	.globl arch_entry
arch_entry:
	endbr64
	movl	%edi, %eax
	cmpl	jailhouse_header_max_cpus(%rip), %eax
	jae	1f
	incl	%eax
	imulq	$PERCPU_SIZE, %rax, %rax
	leaq	__core_end(%rip), %rdx
	leaq	-GUEST_FRAME(%rdx, %rax), %rax	/* the frame at the top of this CPU's stack */

	/* What a called function must keep is all that Linux needs back, as a guest or after a failure. */
	movq	%rbx, 3*8(%rax)
	movq	%rsp, 4*8(%rax)
	movq	%rbp, 5*8(%rax)
	movq	%r12, 12*8(%rax)
	movq	%r13, 13*8(%rax)
	movq	%r14, 14*8(%rax)
	movq	%r15, 15*8(%rax)
	movq	%rax, %rsp

	leaq	GUEST_FRAME(%rax), %rdi
	subq	$PERCPU_SIZE, %rdi
	movq	%rdi, 16*8(%rax)
	call	entry_main

	/* Only after a failure; Linux' tables are active again. */
	movq	%rsp, %rdx
	movq	3*8(%rdx), %rbx
	movq	5*8(%rdx), %rbp
	movq	12*8(%rdx), %r12
	movq	13*8(%rdx), %r13
	movq	14*8(%rdx), %r14
	movq	15*8(%rdx), %r15
	movq	4*8(%rdx), %rsp
	ret
1:	movl	$-22, %eax
	ret

/* void x86_reload_segments(void): after lgdt, into the hypervisor's code and data segments */
	.globl x86_reload_segments
x86_reload_segments:
	movl	$HV_DS, %eax
	movl	%eax, %ds
	movl	%eax, %es
	movl	%eax, %ss
	popq	%rax
	pushq	$HV_CS
	pushq	%rax
	lretq

/* void x86_far_return(u16 cs): to the caller with another code segment */
	.globl x86_far_return
x86_far_return:
	popq	%rax
	movzwl	%di, %edi
	pushq	%rdi
	pushq	%rax
	lretq

/* Exceptions of the hypervisor itself. */
	.macro	exception num, has_error
	.balign	16
	.if	\has_error == 0
	pushq	$0
	.endif
	pushq	$\num
	jmp	exception_common
	.endm

	.balign	16
	.globl exception_stubs
exception_stubs:
	.set	n, 0
	.rept	32
	.if	n == 30
	/* #SX: an INIT signal turned into an exception */
	.balign	16
	addq	$8, %rsp
	iretq
	.elseif	n == 8 || (n >= 10 && n <= 14) || n == 17 || n == 21 || n == 29
	exception n, 1
	.else
	exception n, 0
	.endif
	.set	n, n + 1
	.endr

exception_common:
	cld
	pushq	%rax
	pushq	%rcx
	pushq	%rdx
	pushq	%rsi
	pushq	%rdi
	pushq	%r8
	pushq	%r9
	pushq	%r10
	pushq	%r11
	movq	%rsp, %rdi
	movq	%rsp, %rax
	andq	$-16, %rsp
	subq	$16, %rsp
	movq	%rax, (%rsp)
	call	exception_handler
	movq	(%rsp), %rsp
	popq	%r11
	popq	%r10
	popq	%r9
	popq	%r8
	popq	%rdi
	popq	%rsi
	popq	%rdx
	popq	%rcx
	popq	%rax
	addq	$16, %rsp
	iretq

	.section .note.GNU-stack, "", @progbits
