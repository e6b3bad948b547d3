/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Fixed places of the hostile inmate, and a look at the registers before anything else runs:
 *
 *   0x1000  command line
 *   0x8000  heartbeat counter, 64 bits
 *   0x8040  struct early_state of state.c
 *
 * All of it is in reach of real mode. With more than one CPU the last one is seen.
 */
#define __ASSEMBLY__
#include <inmate.h>

#define MSR_FS_BASE 0xc0000100
#define MSR_GS_BASE 0xc0000101

	.section ".cmdline", "aw"
	.globl	cmdline, heartbeats, early_state, early_fxsave
cmdline:
	.skip	0x7000
heartbeats:
	.quad	0
	.skip	0x38
early_state:
early_gprs:	.skip	8 * 4
early_flags:	.skip	4
early_crs:	.skip	4 * 4
early_drs:	.skip	6 * 4
early_efer:	.skip	8
early_xcr0:	.skip	8
early_fs_base:	.skip	8
early_gs_base:	.skip	8
early_gdtr:	.skip	8
early_idtr:	.skip	8
early_segments:	.skip	8 * 2
	.balign	16
early_fxsave:	.skip	512

	/* Linked before the start code of the library, so that it lies at address 0. */
	.section ".boot.entry", "ax"
	.code16
hostile_entry:
	movl	%eax, early_gprs
	movl	%ebx, early_gprs + 4
	movl	%ecx, early_gprs + 8
	movl	%edx, early_gprs + 12
	movl	%esi, early_gprs + 16
	movl	%edi, early_gprs + 20
	movl	%ebp, early_gprs + 24
	movl	%esp, early_gprs + 28

	/* MOV has left the flags alone. The stack pointer is free to serve as a plain one. */
	mov	$(early_flags + 4), %sp
	pushfl

	movw	%cs, early_segments
	movw	%ds, early_segments + 2
	movw	%es, early_segments + 4
	movw	%fs, early_segments + 6
	movw	%gs, early_segments + 8
	movw	%ss, early_segments + 10
	sgdtl	early_gdtr
	sidtl	early_idtr

	mov	%cr0, %eax
	movl	%eax, early_crs
	mov	%cr2, %eax
	movl	%eax, early_crs + 4
	mov	%cr3, %eax
	movl	%eax, early_crs + 8
	mov	%cr4, %eax
	movl	%eax, early_crs + 12
	mov	%dr0, %eax
	movl	%eax, early_drs
	mov	%dr1, %eax
	movl	%eax, early_drs + 4
	mov	%dr2, %eax
	movl	%eax, early_drs + 8
	mov	%dr3, %eax
	movl	%eax, early_drs + 12
	mov	%dr6, %eax
	movl	%eax, early_drs + 16
	mov	%dr7, %eax
	movl	%eax, early_drs + 20

	mov	$MSR_EFER, %ecx
	rdmsr
	movl	%eax, early_efer
	movl	%edx, early_efer + 4
	/* The start code loads the selectors, and the bases with them. */
	mov	$MSR_FS_BASE, %ecx
	rdmsr
	movl	%eax, early_fs_base
	movl	%edx, early_fs_base + 4
	mov	$MSR_GS_BASE, %ecx
	rdmsr
	movl	%eax, early_gs_base
	movl	%edx, early_gs_base + 4

	mov	$X86_CR4_OSFXSR, %eax
	mov	%eax, %cr4
	fxsave	early_fxsave

	mov	$1, %eax
	cpuid
	test	$X86_FEATURE_XSAVE, %ecx
	jz	1f
	mov	$X86_CR4_OSXSAVE, %eax
	mov	%eax, %cr4
	xor	%ecx, %ecx
	xgetbv
	movl	%eax, early_xcr0
	movl	%edx, early_xcr0 + 4
1:
	movl	early_crs + 12, %eax
	mov	%eax, %cr4
	jmp	__reset_entry

	.section .note.GNU-stack, "", @progbits
