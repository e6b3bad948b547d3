/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Start of a CPU in Hyp mode, the way to the inmate in Supervisor mode, and the vectors for what the inmate may ask
 * for. Everything runs with the MMU of Hyp mode off.
 */
#include "boot.h"

#define PSR_SVC_MASKED 0x1d3

	.syntax unified
	.arm
	.arch_extension virt

	.text
	/* The boot CPU; QEMU's loader starts it here. */
	.globl	boot_start
boot_start:
	bl	set_stack
	bl	boot_main
	mov	r4, #INMATE_BASE
	mov	r5, #0
	b	enter_inmate

	/* The others, by PSCI; the context is a struct cpu_start. */
	.globl	boot_secondary
boot_secondary:
	ldm	r0, {r4, r5}
	bl	set_stack
enter_inmate:
	bl	boot_cpu
	ldr	r0, =vectors
	mcr	p15, 4, r0, c12, c0, 0		/* HVBAR */
	msr	ELR_hyp, r4
	mov	r0, #PSR_SVC_MASKED
	msr	SPSR_cxsf, r0
	mov	r0, r5
	.irp	n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14
	mov	r\n, #0
	.endr
	eret

	/* A page of stack for each value of affinity level 0. */
set_stack:
	mrc	p15, 0, r1, c0, c0, 5		/* MPIDR */
	and	r1, r1, #(MAX_CPUS - 1)
	add	r1, r1, #1
	ldr	r2, =boot_stacks
	add	sp, r2, r1, lsl #12
	bx	lr
	.ltorg

	.balign	32
vectors:
	.rept	5
	b	unexpected
	.endr
	b	trap
	b	unexpected
	b	unexpected

trap:
	push	{r0-r12, lr}
	mov	r0, sp
	bl	boot_trap
	pop	{r0-r12, lr}
	eret

unexpected:
	b	boot_unexpected

	.bss
	.balign	4096
boot_stacks:
	.space	4096 * MAX_CPUS

	.section .note.GNU-stack, "", %progbits
