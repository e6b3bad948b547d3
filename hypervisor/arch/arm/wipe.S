/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Registers that no trap switches and the next owner of the CPU could read, or would be disturbed by. A CPU may lack
 * any of these groups; the caller has set a fix-up for what is undefined then. Source: Arm DDI 0406C, A2.6 (floating
 * point), C11.11 (debug registers).
 */
	.syntax unified
	.arm
	.fpu	neon
	.arch_extension virt
	.text

/* void arm_wipe_simd(void). HCPTR lets the hypervisor use it. */
	.globl	arm_wipe_simd
	.type	arm_wipe_simd, %function
arm_wipe_simd:
	mov	r0, #0x40000000			/* FPEXC.EN */
	vmsr	fpexc, r0
	mov	r0, #0
	mov	r1, #0
	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	vmov	d\n, r0, r1
	.endr
	vmrs	r2, mvfr0
	and	r2, r2, #15
	cmp	r2, #2				/* 32 registers */
	bne	1f
	.irp	n, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	vmov	d\n, r0, r1
	.endr
1:	vmsr	fpscr, r0
	vmsr	fpexc, r0
	isb
	bx	lr

/* void arm_wipe_debug(void): breakpoints and watchpoints, as many as there are */
	.globl	arm_wipe_debug
	.type	arm_wipe_debug, %function
arm_wipe_debug:
	mov	r2, #0
	mrc	p14, 0, r3, c0, c0, 0		/* DBGDIDR: their numbers, less one */
	ubfx	r0, r3, #24, #4
	ubfx	r1, r3, #28, #4
	rsb	r0, r0, #15
	add	pc, pc, r0, lsl #3
	nop
	.irp	n, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0
	mcr	p14, 0, r2, c0, c\n, 5		/* DBGBCR */
	mcr	p14, 0, r2, c0, c\n, 4		/* DBGBVR */
	.endr
	rsb	r1, r1, #15
	add	pc, pc, r1, lsl #3
	nop
	.irp	n, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0
	mcr	p14, 0, r2, c0, c\n, 7		/* DBGWCR */
	mcr	p14, 0, r2, c0, c\n, 6		/* DBGWVR */
	.endr
	isb
	bx	lr

/* void arm_wipe_banked(void): what each mode has of its own */
	.globl	arm_wipe_banked
	.type	arm_wipe_banked, %function
arm_wipe_banked:
	mov	r0, #0
	.irp	reg, SP_usr, SP_svc, LR_svc, SPSR_svc, SP_abt, LR_abt, SPSR_abt, SP_und, LR_und, SPSR_und
	msr	\reg, r0
	.endr
	.irp	reg, SP_irq, LR_irq, SPSR_irq, SP_fiq, LR_fiq, SPSR_fiq, R8_fiq, R9_fiq, R10_fiq, R11_fiq, R12_fiq
	msr	\reg, r0
	.endr
	bx	lr

/* void arm_wipe_thumbee(void) */
	.globl	arm_wipe_thumbee
	.type	arm_wipe_thumbee, %function
arm_wipe_thumbee:
	mov	r0, #0
	mcr	p14, 6, r0, c0, c0, 0		/* TEECR */
	mcr	p14, 6, r0, c1, c0, 0		/* TEEHBR */
	/* The fix-up of all functions here, which leave the link register alone */
	.globl	arm_wipe_end
	.type	arm_wipe_end, %function
arm_wipe_end:
	bx	lr

	.section .note.GNU-stack, "", %progbits
