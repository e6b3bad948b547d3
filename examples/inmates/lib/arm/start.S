/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Start of an ARMv7 inmate, in Supervisor mode with MMU and caches off: the first CPU of the cell at __reset_entry,
 * those that smp_start_cpu() brings up at smp_entry. The image begins with the vector table, whose first entry is the
 * start. All C code runs in Supervisor mode; the other modes have no stack, and are left at once.
 */
#define __ASSEMBLY__
#include <inmate.h>
#include <asm/sysregs.h>
#include "../arm-common/mem.h"

#define MODE_SVC 0x13

/*
 * Long descriptors (EAE), all 4 GiB by TTBR0: the walk starts at the level with 1 GiB per entry; tables write-back
 * cacheable and inner shareable; nothing by TTBR1 (ARM DDI 0406C, B4.1.153)
 */
#define TTBCR_VALUE (1 << 31 | 1 << 23 | 3 << 12 | 1 << 10 | 1 << 8)

	.syntax unified
	.arm
	.arch_extension virt

	.section ".boot.entry", "ax"
	.globl	__reset_entry
__reset_entry:
	b	reset
	b	undefined
	b	supervisor_call
	b	prefetch_abort
	b	data_abort
	b	.
	b	interrupt
	b	fast_interrupt

	.macro	set_vectors
	ldr	r1, =__reset_entry
	mcr	p15, 0, r1, c12, c0, 0		/* VBAR */
	isb
	.endm

reset:
	set_vectors
	ldr	sp, =stack_top
	ldr	r0, =bss_start
	ldr	r1, =bss_dwords
	mov	r2, #0
1:	subs	r1, r1, #1
	strge	r2, [r0], #4
	bgt	1b
	ldr	r0, =heap_pos
	str	sp, [r0]
	bl	mem_init
	bl	arch_mmu_enable
	bl	arch_cpu_init
	bl	inmate_main
	b	sleep

	/* PSCI passes the context in r0: struct smp_start. */
	.globl	smp_entry
smp_entry:
	mov	r4, r0
	set_vectors
	bl	arch_mmu_enable
	ldr	sp, [r4]
	ldr	r0, [r4, #4]
	cpsie	i
	bl	smp_cpu_main

sleep:
	cpsid	i
1:	wfi
	b	1b

	/* Uses registers only, as other CPUs have no stack yet. */
	.globl	arch_mmu_enable
arch_mmu_enable:
	ldr	r0, =MEM_MAIR
	mcr	p15, 0, r0, c10, c2, 0		/* MAIR0 */
	ldr	r0, =TTBCR_VALUE
	mcr	p15, 0, r0, c2, c0, 2		/* TTBCR */
	ldr	r0, =mem_root
	mov	r1, #0
	mcrr	p15, 0, r0, r1, c2		/* TTBR0 */
	dsb	ish
	mcr	p15, 0, r1, c8, c7, 0		/* TLBIALL */
	mcr	p15, 0, r1, c7, c5, 0		/* ICIALLU */
	mcr	p15, 0, r1, c7, c5, 6		/* BPIALL */
	dsb	nsh
	isb
	mrc	p15, 0, r0, c1, c0, 0		/* SCTLR */
	ldr	r1, =(SCTLR_EL1_M | SCTLR_EL1_C | SCTLR_EL1_I)
	orr	r0, r0, r1
	mcr	p15, 0, r0, c1, c0, 0
	isb
	bx	lr
	.ltorg

	.text
	/* Return address and state go to the stack of Supervisor mode, on which everything else happens. */
	.macro	exception name, vector
\name:
	srsdb	sp!, #MODE_SVC
	cps	#MODE_SVC
	sub	sp, sp, #EXCP_FRAME_PC
	stm	sp, {r0-r12}
	mov	r0, #\vector
	b	excp_entry
	.endm

	exception undefined, VECTOR_UNDEFINED
	exception supervisor_call, VECTOR_SVC
	exception prefetch_abort, VECTOR_PREFETCH_ABORT
	exception data_abort, VECTOR_DATA_ABORT
	exception fast_interrupt, VECTOR_FIQ

	/* The stack may not be aligned as functions want it, wherever it was interrupted. */
excp_entry:
	add	r2, sp, #EXCP_FRAME_SIZE
	add	r1, sp, #EXCP_FRAME_SP
	stm	r1, {r2, lr}
	mov	r1, sp
	mov	r4, sp
	bic	sp, sp, #7
	bl	excp_dispatch
	mov	sp, r4
	ldr	lr, [sp, #EXCP_FRAME_SP + 4]
	ldm	sp, {r0-r12}
	add	sp, sp, #EXCP_FRAME_PC
	rfeia	sp!

	/* Handlers keep the registers that the calling convention tells them to keep. */
interrupt:
	sub	lr, lr, #4
	srsdb	sp!, #MODE_SVC
	cps	#MODE_SVC
	push	{r0-r4, r12, lr}
	mov	r4, sp
	bic	sp, sp, #7
	bl	irq_dispatch
	mov	sp, r4
	pop	{r0-r4, r12, lr}
	rfeia	sp!

/* {u64 quotient r0 r1, u64 remainder r2 r3} __aeabi_uldivmod(u64 numerator r0 r1, u64 denominator r2 r3) */
	.globl	__aeabi_uldivmod
__aeabi_uldivmod:
	push	{r4, lr}
	sub	sp, sp, #16
	add	r12, sp, #8
	str	r12, [sp]
	bl	divide_u64
	ldrd	r2, r3, [sp, #8]
	add	sp, sp, #16
	pop	{r4, pc}

	.section .note.GNU-stack, "", %progbits
