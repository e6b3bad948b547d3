/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * x86: calls on other page tables. In assembly, because neither retpolines nor return thunks nor
 * control-flow checks of the compiler may stand between the switch and the call.
 *
 * The upper half of both tables is the same, so the stack stays, and an NMI or machine check in
 * between finds its handlers. CR3 is written without the no-flush bit. The old value may carry a
 * PCID; ours is 0.
 */
#include <linux/linkage.h>
#include <asm/nospec-branch.h>

	.text

/* int jh_switch_enter(unsigned int cpu, u64 entry, u64 cr3) */
SYM_FUNC_START(jh_switch_enter)
	pushq	%rbp
	movq	%rsp, %rbp
	pushq	%rbx
	/* The image is compiled for a stack that is aligned to 16 bytes at a call. */
	andq	$~0xf, %rsp
	movq	%cr3, %rbx
	movq	%rdx, %cr3
	ANNOTATE_RETPOLINE_SAFE
	call	*%rsi
	movq	%rbx, %cr3
	leaq	-8(%rbp), %rsp
	popq	%rbx
	popq	%rbp
	RET
SYM_FUNC_END(jh_switch_enter)

/* int jh_switch_vmmcall(u64 cr3): JAILHOUSE_HC_DISABLE, which is 0 */
SYM_FUNC_START(jh_switch_vmmcall)
	movq	%cr3, %rdx
	movq	%rdi, %cr3
	xorl	%eax, %eax
	vmmcall
	movq	%rdx, %cr3
	RET
SYM_FUNC_END(jh_switch_vmmcall)

/* int jh_switch_vmcall(u64 cr3) */
SYM_FUNC_START(jh_switch_vmcall)
	movq	%cr3, %rdx
	movq	%rdi, %cr3
	xorl	%eax, %eax
	vmcall
	movq	%rdx, %cr3
	RET
SYM_FUNC_END(jh_switch_vmcall)
