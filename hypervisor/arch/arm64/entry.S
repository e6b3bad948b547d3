/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Ways into EL2 and out of it. Source: Arm DDI 0487, D1.4 (exceptions), D8 (translation). */
#include <asm/area.h>
#include <asm/short-exit.h>

#define HEADER_PHYS 136 /* jailhouse_image_header.hypervisor_phys */

/*
 * The entry, see jailhouse/image.h: EL2, MMU off, at the physical address. x0: CPU, x1: the driver's boot tables.
 * Nothing is written to memory before the MMU and caches are on, so that no line has two contents.
 */
	.text
	.globl	arch_entry
arch_entry:
	adrp	x2, jailhouse_header_max_cpus
	ldr	w3, [x2, :lo12:jailhouse_header_max_cpus]
	cmp	w0, w3
	b.hs	9f

	/* Host mode (E2H) has other layouts. It is left, if it can be, and refused where a reason can be given. */
	mrs	x8, hcr_el2
	tbz	x8, #34, 1f
	bic	x2, x8, #1 << 34
	msr	hcr_el2, x2
	isb
	mrs	x2, hcr_el2
	tbnz	x2, #34, 9f
1:	mrs	x2, sctlr_el2
	mrs	x3, tcr_el2
	mrs	x4, mair_el2
	mrs	x5, ttbr0_el2
	ldr	x6, =MAIR_EL2_VALUE
	msr	mair_el2, x6
	/* Output size as the CPU has it; 48 bits are the most that these tables can hold. */
	mrs	x6, id_aa64mmfr0_el1
	and	x6, x6, #15
	mov	x7, #5
	cmp	x6, x7
	csel	x6, x6, x7, lo
	ldr	x7, =TCR_EL2_VALUE
	orr	x7, x7, x6, lsl #16
	msr	tcr_el2, x7
	msr	ttbr0_el2, x1
	isb
	tlbi	alle2
	ic	iallu
	dsb	sy
	isb
	ldr	x6, =SCTLR_EL2_VALUE
	msr	sctlr_el2, x6
	isb
	ldr	x6, =1f
	br	x6

	/* From here on at the link address. x9: the frame of this CPU, x10: its struct percpu */
1:	adrp	x10, __core_end
	add	x10, x10, :lo12:__core_end
	mov	w7, #PERCPU_SIZE
	umaddl	x10, w0, w7, x10
	add	x9, x10, #PERCPU_SIZE
	sub	x9, x9, #GUEST_FRAME
	stp	x18, x19, [x9, #18 * 8]
	stp	x20, x21, [x9, #20 * 8]
	stp	x22, x23, [x9, #22 * 8]
	stp	x24, x25, [x9, #24 * 8]
	stp	x26, x27, [x9, #26 * 8]
	stp	x28, x29, [x9, #28 * 8]
	str	x30, [x9, #30 * 8]
	add	x11, x9, #FRAME_LINUX
	stp	x2, x3, [x11, #0]
	stp	x4, x5, [x11, #16]
	mrs	x2, vbar_el2
	mrs	x3, elr_el2
	mrs	x4, spsr_el2
	mov	x5, sp
	stp	x2, x3, [x11, #32]
	stp	x4, x5, [x11, #48]
	mrs	x2, tpidr_el2
	mrs	x4, vtcr_el2
	mrs	x5, vttbr_el2
	stp	x2, x8, [x11, #64]
	stp	x4, x5, [x11, #80]
	mrs	x2, cptr_el2
	mrs	x3, cnthctl_el2
	mrs	x4, cntvoff_el2
	mrs	x5, mdcr_el2
	stp	x2, x3, [x11, #96]
	stp	x4, x5, [x11, #112]
	mrs	x2, hstr_el2
	mrs	x3, vpidr_el2
	mrs	x4, vmpidr_el2
	stp	x2, x3, [x11, #128]
	str	x4, [x11, #144]

	mov	sp, x9
	adrp	x2, arm64_vectors
	add	x2, x2, :lo12:arm64_vectors
	msr	vbar_el2, x2
	msr	tpidr_el2, x10
	isb
	mov	x0, x10
	bl	entry_main
	/* Only after a failure. */
	mrs	x1, tpidr_el2
	add	x9, x1, #PERCPU_SIZE
	sub	x9, x9, #GUEST_FRAME
	sxtw	x0, w0
	str	x0, [x9]
	mov	x0, x1
	b	linux_leave

9:	mov	x0, #-22
	eret
	.ltorg

/*
 * void linux_leave(struct percpu *cpu): Linux goes on natively, with x0 and x18 to x30 of the frame and everything
 * that the entry found. The MMU goes off, so the second part runs at its physical address.
 */
	.globl	linux_leave
linux_leave:
	add	x29, x0, #PERCPU_SIZE
	sub	x29, x29, #GUEST_FRAME
	add	x11, x29, #FRAME_LINUX
	ldp	x17, x1, [x11, #64]	/* tpidr, hcr */
	ldp	x4, x5, [x11, #80]
	msr	vtcr_el2, x4
	msr	vttbr_el2, x5
	ldp	x13, x14, [x11, #96]	/* cptr, cnthctl */
	ldp	x4, x5, [x11, #112]
	msr	cntvoff_el2, x4
	msr	mdcr_el2, x5
	ldp	x2, x3, [x11, #128]
	msr	hstr_el2, x2
	msr	vpidr_el2, x3
	ldr	x4, [x11, #144]
	msr	vmpidr_el2, x4

	ldp	x2, x3, [x11, #0]	/* sctlr, tcr */
	ldp	x4, x5, [x11, #16]	/* mair, ttbr0 */
	ldp	x6, x7, [x11, #32]	/* vbar, elr */
	ldp	x8, x16, [x11, #48]	/* spsr, sp */
	msr	elr_el2, x7
	msr	spsr_el2, x8

	adrp	x9, __image_start
	add	x9, x9, :lo12:__image_start
	ldr	x10, [x9, #HEADER_PHYS]
	adrp	x12, host_identity
	add	x12, x12, :lo12:host_identity
	sub	x12, x12, x9
	add	x12, x12, x10

	ldr	x0, [x29]
	ldp	x18, x19, [x29, #18 * 8]
	ldp	x20, x21, [x29, #20 * 8]
	ldp	x22, x23, [x29, #22 * 8]
	ldp	x24, x25, [x29, #24 * 8]
	ldp	x26, x27, [x29, #26 * 8]
	ldr	x30, [x29, #30 * 8]
	ldp	x28, x29, [x29, #28 * 8]
	dsb	sy
	isb
	br	x12

/* The guest exits: everything into the frame, which is where SP_EL2 points to. */
/* From AArch32, where the upper halves need not be zero. */
	.macro	exit_guest_aarch32
	.balign	128
	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12
	mov	w\n, w\n
	.endr
	stp	x0, x1, [sp, #0]
	stp	x2, x3, [sp, #2 * 8]
	b	exit_save
	.endm

/* From AArch64 there are two exits that a Linux with GICv3 has often: they need four registers and no C. */
	.macro	exit_guest_short
	.balign	128
	stp	x0, x1, [sp, #0]
	mrs	x0, esr_el2
	stp	x2, x3, [sp, #2 * 8]
	lsr	w1, w0, #26
	cmp	w1, #0x18		/* a system register */
	b.eq	exit_register
	b	exit_save
	.endm

/* The kick, which has nothing to say but that there is a request. */
	.macro	exit_fiq
	.balign	128
	stp	x0, x1, [sp, #0]
	stp	x2, x3, [sp, #2 * 8]
	mov	w0, #EXIT_FIQ
	msr	esr_el2, x0
	b	exit_save
	.endm

/* The hypervisor's own exceptions. x0 to x18 and x30 are kept for the fix-up of arch_device_access. */
	.macro	own vector
	.balign	128
	sub	sp, sp, #176
	stp	x0, x1, [sp, #0]
	stp	x2, x3, [sp, #16]
	mov	x1, #\vector
	b	own_common
	.endm

	.section .text.vectors, "ax"
	.balign	2048
	.globl	arm64_vectors
arm64_vectors:
	.set	n, 0
	.rept	8
	own	n
	.set	n, n + 1
	.endr
	/* From EL1 and EL0, AArch64 and AArch32; IRQ and SError do not come here (IMO, AMO are 0). */
	exit_guest_short
	own	9
	exit_fiq
	own	11
	exit_guest_aarch32
	own	13
	exit_fiq
	own	15

/*
 * The same for cores where a guest could choose what the hypervisor speculates: by what it has taught the predictor of
 * branches (Spectre v2), or by the history of its branches (BHB). What is done takes no register that is not saved;
 * then the exit begins anew. Source: Arm, "Spectre-BHB" whitepaper; DEN 0028 (SMCCC_ARCH_WORKAROUND_1 and 3).
 */
	.macro	branches vector
	.balign	128
	stp	x0, x1, [sp, #0]
	stp	x2, x3, [sp, #2 * 8]
	ldr	x0, [sp, #FRAME_BRANCHES]
	tbnz	w0, #31, 2f
	hint	#22			/* CLRBHB, where the CPU has it */
1:	b	. + 4
	subs	w0, w0, #1
	b.ne	1b
	b	3f
2:	smc	#0
3:	dsb	nsh
	isb
	ldp	x2, x3, [sp, #2 * 8]
	ldp	x0, x1, [sp, #0]
	b	arm64_vectors + \vector * 128
	.endm

	.balign	2048
	.globl	arm64_vectors_branches
arm64_vectors_branches:
	/* The vectors leave room for code, which the assembler would say if it were too much (.org). */
	own	0
own_common:
	stp	x4, x5, [sp, #32]
	stp	x6, x7, [sp, #48]
	stp	x8, x9, [sp, #64]
	stp	x10, x11, [sp, #80]
	stp	x12, x13, [sp, #96]
	stp	x14, x15, [sp, #112]
	stp	x16, x17, [sp, #128]
	stp	x18, x30, [sp, #144]
	mrs	x0, tpidr_el2
	bl	own_exception
	ldp	x4, x5, [sp, #32]
	ldp	x6, x7, [sp, #48]
	ldp	x8, x9, [sp, #64]
	ldp	x10, x11, [sp, #80]
	ldp	x12, x13, [sp, #96]
	ldp	x14, x15, [sp, #112]
	ldp	x16, x17, [sp, #128]
	ldp	x18, x30, [sp, #144]
	ldp	x2, x3, [sp, #16]
	ldp	x0, x1, [sp, #0]
	add	sp, sp, #176
	eret

	own	1
exit_save:
	stp	x4, x5, [sp, #4 * 8]
	stp	x6, x7, [sp, #6 * 8]
	stp	x8, x9, [sp, #8 * 8]
	stp	x10, x11, [sp, #10 * 8]
	stp	x12, x13, [sp, #12 * 8]
	stp	x14, x15, [sp, #14 * 8]
	stp	x16, x17, [sp, #16 * 8]
	stp	x18, x19, [sp, #18 * 8]
	stp	x20, x21, [sp, #20 * 8]
	stp	x22, x23, [sp, #22 * 8]
	stp	x24, x25, [sp, #24 * 8]
	stp	x26, x27, [sp, #26 * 8]
	stp	x28, x29, [sp, #28 * 8]
	str	x30, [sp, #30 * 8]
	mrs	x0, tpidr_el2
	bl	guest_exit
	b	guest_restore

	own	2

/* void guest_resume(struct percpu *cpu) */
	.globl	guest_resume
guest_resume:
	add	x0, x0, #PERCPU_SIZE
	sub	x0, x0, #GUEST_FRAME
	mov	sp, x0
guest_restore:
	ldp	x2, x3, [sp, #2 * 8]
	ldp	x4, x5, [sp, #4 * 8]
	ldp	x6, x7, [sp, #6 * 8]
	ldp	x8, x9, [sp, #8 * 8]
	ldp	x10, x11, [sp, #10 * 8]
	ldp	x12, x13, [sp, #12 * 8]
	ldp	x14, x15, [sp, #14 * 8]
	ldp	x16, x17, [sp, #16 * 8]
	ldp	x18, x19, [sp, #18 * 8]
	ldp	x20, x21, [sp, #20 * 8]
	ldp	x22, x23, [sp, #22 * 8]
	ldp	x24, x25, [sp, #24 * 8]
	ldp	x26, x27, [sp, #26 * 8]
	ldp	x28, x29, [sp, #28 * 8]
	ldr	x30, [sp, #30 * 8]
	ldp	x0, x1, [sp, #0]
	eret

	own	3

/* void arm64_firmware_call(u64 x[18]) */
	.globl	arm64_firmware_call
arm64_firmware_call:
	stp	x29, x30, [sp, #-32]!
	str	x0, [sp, #16]
	mov	x18, x0
	ldp	x0, x1, [x18, #0]
	ldp	x2, x3, [x18, #16]
	ldp	x4, x5, [x18, #32]
	ldp	x6, x7, [x18, #48]
	ldp	x8, x9, [x18, #64]
	ldp	x10, x11, [x18, #80]
	ldp	x12, x13, [x18, #96]
	ldp	x14, x15, [x18, #112]
	ldp	x16, x17, [x18, #128]
	smc	#0
	b	1f
	.globl	arm64_firmware_absent
arm64_firmware_absent:
	mov	x0, #-1
1:	ldr	x18, [sp, #16]
	stp	x0, x1, [x18, #0]
	stp	x2, x3, [x18, #16]
	stp	x4, x5, [x18, #32]
	stp	x6, x7, [x18, #48]
	ldp	x29, x30, [sp], #32
	ret

	own	4

	/* own-memory maps this page at its physical address, too. */
	.globl	host_identity
host_identity:
	msr	sctlr_el2, x2
	isb
	/* First what gives the others their layouts */
	msr	hcr_el2, x1
	isb
	msr	sctlr_el2, x2
	msr	cptr_el2, x13
	msr	cnthctl_el2, x14
	msr	tcr_el2, x3
	msr	mair_el2, x4
	msr	ttbr0_el2, x5
	msr	vbar_el2, x6
	mov	sp, x16
	msr	tpidr_el2, x17
	isb
	tlbi	alle2
	tlbi	alle1
	ic	iallu
	dsb	sy
	isb
	eret

	.set	n, 5
	.rept	3
	own	n
	.set	n, n + 1
	.endr
	branches 8
	own	9
	branches 10
	own	11
	branches 12
	own	13
	branches 14
	own	15
	.org	arm64_vectors_branches + 2048
	.text

/*
 * Writes of ICC_SGI1R_EL1 and ICC_DIR_EL1. x0: syndrome; x0 to x3 are saved. What is not simple and allowed goes the
 * long way, which knows all rules. Nobody looks at requests: who makes one takes stage 2 away, and the guest is back.
 * Source: Arm DDI 0487, ESR_EL2, ISS for EC 0x18; IHI 0069, ICC_SGI1R_EL1.
 */
exit_register:
	mov	w1, #0xfc1f
	movk	w1, #0x3f, lsl #16	/* register and direction */
	and	w1, w0, w1
	mov	w2, #0x3016
	movk	w2, #0x3a, lsl #16	/* SGI1R, written */
	cmp	w1, w2
	b.eq	1f
	eor	w2, w2, #0x80000	/* DIR, written */
	cmp	w1, w2
	b.ne	exit_save
	/* x1: what the guest writes */
1:	ubfx	w2, w0, #5, #5
	adr	x3, 2f
	add	x3, x3, x2, lsl #3
	br	x3
2:	.irp	n, 0, 1, 2, 3
	ldr	x1, [sp, #\n * 8]
	b	3f
	.endr
	.altmacro
	.macro	take n
	mov	x1, x\n
	b	3f
	.endm
	.set	n, 4
	.rept	27
	take	%n
	.set	n, n + 1
	.endr
	.noaltmacro
	mov	x1, xzr
3:	tbz	w0, #19, 5f

	/* SGI: all targets in this CPU's cluster, and all of them of this cell */
	ldp	x2, x3, [sp, #FRAME_SHORT]
	eor	x2, x1, x2
	tst	x2, #0xfffffffff0000000
	b.ne	exit_save
	tst	x2, #0x00ff0000
	b.ne	exit_save
	bic	w3, w1, w3
	tst	w3, #0xffff
	b.ne	exit_save
	msr	S3_0_C12_C11_5, x1
	mov	w2, #STAT_SGI * 4

4:	mrs	x0, tpidr_el2
	add	x0, x0, #PERCPU_STATS & ~0xfff
	add	x0, x0, #PERCPU_STATS & 0xfff
	ldr	w1, [x0, #STAT_TOTAL * 4]
	ldr	w3, [x0, x2]
	add	w1, w1, #1
	add	w3, w3, #1
	str	w1, [x0, #STAT_TOTAL * 4]
	str	w3, [x0, x2]
	mrs	x0, elr_el2
	add	x0, x0, #4
	msr	elr_el2, x0
	ldp	x2, x3, [sp, #2 * 8]
	ldp	x0, x1, [sp, #0]
	eret

	/* DIR: an interrupt of this CPU but the kick, or one that the cell holds */
5:	ldp	x2, x3, [sp, #FRAME_SHORT + 16]
	and	w1, w1, #0xffffff
	cmp	w1, #32
	b.hs	6f
	cmp	w1, w3
	b.eq	exit_save
	b	7f
6:	cmp	w1, #1020
	b.hs	exit_save
	lsr	w3, w1, #5
	ldr	w3, [x2, x3, lsl #2]
	lsr	w3, w3, w1
	tbnz	w3, #0, 7f
	b	exit_save
7:	msr	S3_0_C12_C11_1, x1
	mov	w2, #STAT_DIR * 4
	b	4b

	.section .note.GNU-stack, "", @progbits
