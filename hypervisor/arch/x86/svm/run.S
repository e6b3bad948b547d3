/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <asm/area.h>

#define FRAME_CPU	16*8
#define FRAME_VMCB	17*8
#define FRAME_HOST_VMCB	18*8

	.text
/*
 * void vendor_run(struct guest_frame *frame): the frame lies at the top of this CPU's stack. RAX and RSP of
 * the guest are in the control block. The global interrupt flag is clear from here on; VMRUN sets it for the
 * guest.
 */
	.globl vendor_run
vendor_run:
	movq	%rdi, %rsp
	clgi
svm_enter_all:
	movq	5*8(%rsp), %rbp
	movq	12*8(%rsp), %r12
	movq	13*8(%rsp), %r13
	movq	14*8(%rsp), %r14
	movq	15*8(%rsp), %r15
svm_enter:
	movq	1*8(%rsp), %rcx
	movq	2*8(%rsp), %rdx
	movq	3*8(%rsp), %rbx
	movq	6*8(%rsp), %rsi
	movq	7*8(%rsp), %rdi
	movq	8*8(%rsp), %r8
	movq	9*8(%rsp), %r9
	movq	10*8(%rsp), %r10
	movq	11*8(%rsp), %r11
	movq	FRAME_VMCB(%rsp), %rax
	vmload	%rax
	vmrun	%rax
	vmsave	%rax
	movq	%rcx, 1*8(%rsp)
	movq	%rdx, 2*8(%rsp)
	movq	%rbx, 3*8(%rsp)
	movq	%rsi, 6*8(%rsp)
	movq	%rdi, 7*8(%rsp)
	movq	%r8, 8*8(%rsp)
	movq	%r9, 9*8(%rsp)
	movq	%r10, 10*8(%rsp)
	movq	%r11, 11*8(%rsp)
	movq	FRAME_HOST_VMCB(%rsp), %rax
	vmload	%rax
	movq	FRAME_CPU(%rsp), %rdi
	/* C preserves the other registers, so they stay where they are for the exits that need none of them. */
	call	svm_short_exit
	testb	%al, %al
	jnz	svm_enter

	movq	%rbp, 5*8(%rsp)
	movq	%r12, 12*8(%rsp)
	movq	%r13, 13*8(%rsp)
	movq	%r14, 14*8(%rsp)
	movq	%r15, 15*8(%rsp)
	movq	FRAME_CPU(%rsp), %rdi
	call	svm_exit
	jmp	svm_enter_all

/*
 * void svm_return(struct guest_frame *frame, const u64 iret[5], u64 rax): to Linux, natively. iret points to what iretq
 * takes, on Linux' own stack; its address space, tables and segments but for CS and SS are active.
 */
	.globl svm_return
svm_return:
	movq	%rsi, %rsp
	movq	%rdx, %rax
	movq	1*8(%rdi), %rcx
	movq	2*8(%rdi), %rdx
	movq	3*8(%rdi), %rbx
	movq	5*8(%rdi), %rbp
	movq	6*8(%rdi), %rsi
	movq	8*8(%rdi), %r8
	movq	9*8(%rdi), %r9
	movq	10*8(%rdi), %r10
	movq	11*8(%rdi), %r11
	movq	12*8(%rdi), %r12
	movq	13*8(%rdi), %r13
	movq	14*8(%rdi), %r14
	movq	15*8(%rdi), %r15
	movq	7*8(%rdi), %rdi
	iretq

	.section .note.GNU-stack, "", @progbits
