/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Ways into Hyp mode and out of it. Source: Arm DDI 0406C, B1.8 (exceptions), B1.14 (virtualization), B3.6 (tables). */
#include <asm/area.h>
#include <asm/short-exit.h>

#define HEADER_PHYS 136 /* jailhouse_image_header.hypervisor_phys */

#define EC_CP14_32	0x05
#define PSR_MODE_THUMB	0x3f /* the mode, and whether the code is Thumb */
#define PSR_MODE_SVC	0x13

/* Syndromes of those two writes with any registers, of instructions of 32 bits whose condition is "always" */
#define HSR_SGI1R	0x13e00018 /* MCRR p15, 0, ..., c12 */
#define HSR_SGI1R_MASK	0xffff001f
#define HSR_DIR		0x0fe23016 /* MCR p15, 0, ..., c12, c11, 1 */
#define HSR_DIR_MASK	0xfffffc1f

	.syntax unified
	.arm
	.arch_extension virt
	.arch_extension sec

/*
 * The entry, see jailhouse/image.h: Hyp mode, MMU off, at the physical address. r2: CPU, r3: the driver's boot tables.
 * Nothing is written to memory before the MMU and caches are on, so that no line has two contents. Before that, HTPIDR,
 * which nobody uses, keeps the link register; Hyp mode has that in common with User mode.
 */
	.text
	.globl	arch_entry
	.type	arch_entry, %function
arch_entry:
	adr	r12, arch_entry
	ldr	r0, =arch_entry
	sub	r12, r12, r0
	ldr	r0, =jailhouse_header_max_cpus
	ldr	r0, [r0, r12]
	cmp	r2, r0
	bhs	9f

	mcr	p15, 4, lr, c13, c0, 2		/* HTPIDR */
	mov	r1, sp
	ldr	r12, =HMAIR0_VALUE
	mcr	p15, 4, r12, c10, c2, 0		/* HMAIR0 */
	ldr	r12, =HTCR_VALUE
	mcr	p15, 4, r12, c2, c0, 2		/* HTCR */
	mov	r12, #0
	mcrr	p15, 4, r3, r12, c2		/* HTTBR */
	isb
	mcr	p15, 4, r12, c8, c7, 0		/* TLBIALLH */
	mcr	p15, 0, r12, c7, c5, 0		/* ICIALLU */
	mcr	p15, 0, r12, c7, c5, 6		/* BPIALL */
	dsb	sy
	isb
	mrc	p15, 4, r0, c1, c0, 0		/* HSCTLR */
	ldr	r12, =HSCTLR_CLEAR
	bic	r12, r0, r12
	ldr	r3, =HSCTLR_SET
	orr	r12, r12, r3
	mcr	p15, 4, r12, c1, c0, 0
	isb
	ldr	pc, =1f

	/* From here on at the link address. r12: the frame of this CPU, r3: its struct percpu, r0: HSCTLR, r1: SP */
1:	ldr	r3, =__core_end
	mov	r12, #PERCPU_SIZE
	mla	r3, r2, r12, r3
	add	r12, r3, #PERCPU_SIZE
	sub	sp, r12, #GUEST_FRAME
	mrc	p15, 4, lr, c13, c0, 2
	add	r12, sp, #4 * 4
	stm	r12, {r4-r11}
	str	lr, [sp, #13 * 4]

	add	r12, sp, #FRAME_LINUX
	mrc	p15, 4, r4, c12, c0, 0		/* HVBAR */
	mrs	r5, ELR_hyp
	mrs	r6, SPSR
	mrc	p15, 4, r7, c1, c1, 0		/* HCR */
	mrc	p15, 4, r8, c2, c1, 2		/* VTCR */
	mrc	p15, 4, r9, c1, c1, 2		/* HCPTR */
	mrc	p15, 4, r10, c14, c1, 0		/* CNTHCTL */
	mrc	p15, 4, r11, c1, c1, 1		/* HDCR */
	stm	r12!, {r0, r1, r4-r11}
	mrc	p15, 4, r4, c1, c1, 3		/* HSTR */
	mrc	p15, 4, r5, c0, c0, 0		/* VPIDR */
	mrc	p15, 4, r6, c0, c0, 5		/* VMPIDR */
	mov	r7, #0
	mrrc	p15, 6, r8, r9, c2		/* VTTBR */
	mrrc	p15, 4, r10, r11, c14		/* CNTVOFF */
	stm	r12, {r4-r11}

	ldr	r4, =arm_vectors
	mcr	p15, 4, r4, c12, c0, 0
	mcr	p15, 4, r3, c13, c0, 2
	isb
	mov	r0, r3
	bl	entry_main
	/* Only after a failure. */
	str	r0, [sp]
	mrc	p15, 4, r0, c13, c0, 2
	b	linux_leave

9:	mvn	r0, #21				/* -EINVAL */
	eret
	.ltorg

/*
 * void linux_leave(struct percpu *cpu): Linux goes on natively, with r0 and r4 to r11 of the frame and what the entry
 * found. The MMU goes off, so the second part runs at its physical address. What has no meaning without the MMU (HTTBR,
 * HTCR, HMAIR) or for anybody (HTPIDR) is not given back.
 */
	.globl	linux_leave
	.type	linux_leave, %function
linux_leave:
	add	r3, r0, #PERCPU_SIZE
	sub	r3, r3, #GUEST_FRAME
	add	r12, r3, #FRAME_LINUX
	ldm	r12!, {r0, r1, r4-r11}
	msr	ELR_hyp, r5
	msr	SPSR_cxsf, r6
	mcr	p15, 4, r7, c1, c1, 0
	mcr	p15, 4, r8, c2, c1, 2
	mcr	p15, 4, r9, c1, c1, 2
	mcr	p15, 4, r10, c14, c1, 0
	mcr	p15, 4, r11, c1, c1, 1
	mov	r2, r4				/* HVBAR */
	ldm	r12, {r4-r11}
	mcr	p15, 4, r4, c1, c1, 3
	mcr	p15, 4, r5, c0, c0, 0
	mcr	p15, 4, r6, c0, c0, 5
	mcrr	p15, 6, r8, r9, c2
	mcrr	p15, 4, r10, r11, c14

	ldr	r12, =host_identity
	ldr	r4, =__image_start
	sub	r12, r12, r4
	ldr	r4, [r4, #HEADER_PHYS]
	add	r12, r12, r4
	mov	sp, r1
	ldr	r1, [r3]
	ldr	lr, [r3, #13 * 4]
	add	r3, r3, #4 * 4
	ldm	r3, {r4-r11}
	mov	r3, r0
	mov	r0, r1
	dsb	sy
	isb
	bx	r12
	.ltorg

/* own-memory maps this page at its physical address, too. r3: HSCTLR, r2: HVBAR */
	.balign	64
	.globl	host_identity
	.type	host_identity, %function
host_identity:
	mcr	p15, 4, r3, c1, c0, 0
	isb
	mcr	p15, 4, r2, c12, c0, 0
	mov	r3, #0
	mcr	p15, 4, r3, c8, c7, 0		/* TLBIALLH */
	mcr	p15, 4, r3, c8, c7, 4		/* TLBIALLNSNH */
	mcr	p15, 0, r3, c7, c5, 0		/* ICIALLU */
	mcr	p15, 0, r3, c7, c5, 6		/* BPIALL */
	dsb	sy
	isb
	eret

/*
 * The guest exits by the sixth vector, the others are the hypervisor's own exceptions; interrupts do not come here
 * (IMO, FMO are 0). The number of the vector is in HTPIDR's place on the stack.
 */
	.balign	32
arm_vectors:
	b	.
	b	own_undefined
	b	own_hvc
	b	own_prefetch
	b	own_data
	b	exit_guest
	b	own_irq
	b	own_fiq

exit_guest:
	stm	sp, {r0-r12, lr}
	mrc	p15, 4, r0, c5, c2, 0		/* HSR */
	cmp	r0, #EC_CP14_32 << 26
	blo	exit_register
exit_long:
	mrc	p15, 4, r0, c13, c0, 2
	bl	guest_exit
	b	1f

/* void guest_resume(struct percpu *cpu) */
	.globl	guest_resume
	.type	guest_resume, %function
guest_resume:
	add	r0, r0, #PERCPU_SIZE
	sub	sp, r0, #GUEST_FRAME
1:	ldm	sp, {r0-r12, lr}
	eret

/*
 * Writes of ICC_SGI1R and ICC_DIR by a guest in Supervisor mode and Arm code, without a condition. r0: syndrome. What
 * is not simple and allowed goes the long way, which knows all rules. Nobody looks at requests: who makes one takes
 * stage 2 away, and the guest is back. Source: Arm DDI 0406C, B3.13.6 (HSR); IHI 0069, ICC_SGI1R, ICC_DIR.
 */
exit_register:
	mrs	r3, SPSR
	and	r3, r3, #PSR_MODE_THUMB
	cmp	r3, #PSR_MODE_SVC
	bne	exit_long
	ubfx	r2, r0, #5, #4			/* the first register */
	cmp	r2, #12
	bhi	exit_long
	ldr	r1, [sp, r2, lsl #2]
	tst	r0, #1 << 28
	beq	1f

	/* SGI: all targets in this CPU's cluster, and all of them of this cell */
	ldr	r2, =HSR_SGI1R
	eor	r2, r2, r0
	ldr	r3, =HSR_SGI1R_MASK
	tst	r2, r3
	bne	exit_long
	ubfx	r2, r0, #10, #4			/* the second one */
	cmp	r2, #12
	bhi	exit_long
	ldr	r2, [sp, r2, lsl #2]
	ldrd	r4, r5, [sp, #FRAME_SHORT]
	cmp	r2, r5
	bne	exit_long
	eor	r4, r4, r1
	ldr	r3, =0xf0ff0000			/* all of the lower half but interrupt and list */
	tst	r4, r3
	bne	exit_long
	ldr	r3, [sp, #FRAME_SHORT + 8]
	bic	r3, r1, r3
	lsls	r3, r3, #16
	bne	exit_long
	mcrr	p15, 0, r1, r2, c12		/* ICC_SGI1R */
	mov	r2, #STAT_SGI * 4
	b	3f

	/* DIR: an interrupt of this CPU but the kick, or one that the cell holds */
1:	ldr	r2, =HSR_DIR
	eor	r2, r2, r0
	ldr	r3, =HSR_DIR_MASK
	tst	r2, r3
	bne	exit_long
	ldrd	r2, r3, [sp, #FRAME_SHORT + 16]
	bic	r1, r1, #0xff000000
	cmp	r1, #32
	bhs	4f
	cmp	r1, r3
	beq	exit_long
2:	mcr	p15, 0, r1, c12, c11, 1		/* ICC_DIR */
	mov	r2, #STAT_DIR * 4

3:	mrc	p15, 4, r0, c13, c0, 2
	movw	r3, #PERCPU_STATS
	add	r0, r0, r3
	ldr	r1, [r0, #STAT_TOTAL * 4]
	ldr	r3, [r0, r2]
	add	r1, r1, #1
	add	r3, r3, #1
	str	r1, [r0, #STAT_TOTAL * 4]
	str	r3, [r0, r2]
	mrs	r0, ELR_hyp
	add	r0, r0, #4
	msr	ELR_hyp, r0
	ldm	sp, {r0-r12, lr}
	eret

4:	movw	r3, #1020
	cmp	r1, r3
	bhs	exit_long
	lsr	r3, r1, #5
	ldr	r2, [r2, r3, lsl #2]
	and	r3, r1, #31
	lsr	r2, r2, r3
	tst	r2, #1
	bne	2b
	b	exit_long
	.ltorg

	.macro	own name, vector
own_\name:
	push	{r0-r3, r12, lr}
	mov	r1, #\vector
	b	own_common
	.endm

	own	undefined, 1
	own	hvc, 2
	own	prefetch, 3
	own	data, 4
	own	irq, 6
	own	fiq, 7

own_common:
	mrs	r2, ELR_hyp
	mrs	r3, SPSR
	push	{r2, r3}
	mrc	p15, 4, r0, c13, c0, 2
	bl	own_exception
	add	sp, sp, #8
	pop	{r0-r3, r12, lr}
	eret

/* void arch_firmware_call(u64 x[18]): only the low halves count, and registers 0 to 7 */
	.globl	arch_firmware_call
	.type	arch_firmware_call, %function
arch_firmware_call:
	push	{r4-r8, lr}
	mov	r12, r0
	ldr	r0, [r12, #0]
	ldr	r1, [r12, #8]
	ldr	r2, [r12, #16]
	ldr	r3, [r12, #24]
	ldr	r4, [r12, #32]
	ldr	r5, [r12, #40]
	ldr	r6, [r12, #48]
	ldr	r7, [r12, #56]
	push	{r12, lr}
	smc	#0
	pop	{r12, lr}
	str	r0, [r12, #0]
	str	r1, [r12, #8]
	str	r2, [r12, #16]
	str	r3, [r12, #24]
	str	r4, [r12, #32]
	str	r5, [r12, #40]
	str	r6, [r12, #48]
	str	r7, [r12, #56]
	mov	r0, #0
	str	r0, [r12, #4]
	pop	{r4-r8, pc}

	.section .note.GNU-stack, "", %progbits
