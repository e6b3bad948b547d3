/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Fixed places of the hostile inmate, and a look at the registers before anything else runs:
 *
 *   0x1000  command line
 *   0x8000  heartbeat counter, 64 bits
 *   0x8040  struct early_state of state.c
 *
 * With more than one CPU the last one is seen. TPIDRRO_EL0 is lost: something has to hold x0.
 */
	.section ".cmdline", "aw"
	.globl	cmdline, heartbeats, early_state
cmdline:
	.skip	0x7000
heartbeats:
	.quad	0
	.skip	0x38
early_state:
	.skip	8 * 32	/* x0 to x30, SP */
	.skip	8 * 32	/* system registers, see below */
	.balign	16
	.skip	16 * 32	/* v0 to v31 */

	.macro	keep register
	mrs	x9, \register
	str	x9, [x0], #8
	.endm

	/* Linked before the start code of the library, so that it lies at the base. */
	.section ".boot.entry", "ax"
hostile_entry:
	msr	tpidrro_el0, x0
	adrp	x0, early_state
	add	x0, x0, :lo12:early_state
	str	x1, [x0, #8]
	mrs	x1, tpidrro_el0
	str	x1, [x0], #16
	.irp	n, 2, 3, 4, 5, 6, 7, 8, 9, 10
	str	x\n, [x0], #8
	.endr
	.irp	n, 11, 12, 13, 14, 15, 16, 17, 18, 19
	str	x\n, [x0], #8
	.endr
	.irp	n, 20, 21, 22, 23, 24, 25, 26, 27, 28
	str	x\n, [x0], #8
	.endr
	.irp	n, 29
	str	x\n, [x0], #8
	.endr
	mov	x9, sp
	stp	x30, x9, [x0], #16
	/* The order is that of state.c. */
	.irp	register, daif, spsel, sp_el0, elr_el1, spsr_el1
	keep	\register
	.endr
	.irp	register, esr_el1, far_el1, par_el1, vbar_el1
	keep	\register
	.endr
	.irp	register, ttbr0_el1, ttbr1_el1, tcr_el1, mair_el1, amair_el1
	keep	\register
	.endr
	.irp	register, contextidr_el1, tpidr_el0, tpidr_el1, csselr_el1
	keep	\register
	.endr
	.irp	register, cpacr_el1, mdscr_el1, cntkctl_el1, cntv_ctl_el0, cntv_cval_el0
	keep	\register
	.endr
	.irp	register, cntp_ctl_el0, cntp_cval_el0, afsr0_el1, afsr1_el1
	keep	\register
	.endr
	keep	fpcr
	keep	fpsr
	adrp	x0, early_state + 8 * 64
	add	x0, x0, :lo12:(early_state + 8 * 64)
	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7, 8
	str	q\n, [x0], #16
	.endr
	.irp	n, 9, 10, 11, 12, 13, 14, 15, 16, 17
	str	q\n, [x0], #16
	.endr
	.irp	n, 18, 19, 20, 21, 22, 23, 24, 25, 26
	str	q\n, [x0], #16
	.endr
	.irp	n, 27, 28, 29, 30, 31
	str	q\n, [x0], #16
	.endr
	mov	x0, #0
	b	__reset_entry

	.section .note.GNU-stack, "", @progbits
