/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Start of a CPU at EL2, the way to the inmate at EL1, and the vectors for what the inmate may ask for.
 * Everything runs with the MMU of EL2 off.
 */
#include "boot.h"

#define SPSR_EL1H_MASKED 0x3c5
#define FRAME_SIZE       256

	.text
	/* The boot CPU; QEMU's loader starts it here. */
	.globl	boot_start
boot_start:
	bl	set_stack
	bl	boot_main
	mov	x19, #INMATE_BASE
	mov	x20, #0
	b	enter_inmate

	/* The others, by PSCI; the context is a struct cpu_start. */
	.globl	boot_secondary
boot_secondary:
	ldp	x19, x20, [x0]
	bl	set_stack
enter_inmate:
	bl	boot_cpu
	cmp	w0, #0
	csel	x21, x20, xzr, ne
	csel	x20, xzr, x20, ne
	ldr	x9, =vectors
	msr	vbar_el2, x9
	msr	elr_el2, x19
	mov	x9, #SPSR_EL1H_MASKED
	msr	spsr_el2, x9
	mov	x0, x20
	mov	x1, x21
	.irp	n, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	mov	x\n, #0
	.endr
	.irp	n, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30
	mov	x\n, #0
	.endr
	eret

	/* A page of stack for each value of affinity level 0. */
set_stack:
	mrs	x9, mpidr_el1
	and	x9, x9, #(MAX_CPUS - 1)
	add	x9, x9, #1
	ldr	x10, =boot_stacks
	add	x10, x10, x9, lsl #12
	mov	sp, x10
	ret

	.macro	vector function
	.balign	0x80
	sub	sp, sp, #FRAME_SIZE
	stp	x0, x1, [sp]
	ldr	x0, =\function
	b	trap_entry
	.ltorg
	.endm

	.balign	0x800
vectors:
	.rept	8
	vector	boot_unexpected
	.endr
	vector	boot_trap
	.rept	7
	vector	boot_unexpected
	.endr

trap_entry:
	.irp	n, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28
	str	x\n, [sp, #8 * \n]
	.endr
	.irp	n, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 30
	str	x\n, [sp, #8 * \n]
	.endr
	mov	x9, x0
	mov	x0, sp
	blr	x9
	.irp	n, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28
	ldr	x\n, [sp, #8 * \n]
	.endr
	.irp	n, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 30
	ldr	x\n, [sp, #8 * \n]
	.endr
	ldp	x0, x1, [sp]
	add	sp, sp, #FRAME_SIZE
	eret

	.bss
	.balign	4096
boot_stacks:
	.space	4096 * MAX_CPUS

	.section .note.GNU-stack, "", @progbits
