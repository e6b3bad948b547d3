/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Start of an ARM64 inmate, in EL1 with MMU and caches off: the first CPU of the cell at
 * __reset_entry, those that smp_start_cpu() brings up at smp_entry. Behind it the vector table.
 */
#define __ASSEMBLY__
#include <inmate.h>
#include <asm/sysregs.h>
#include "../arm-common/mem.h"

#define CPACR_FPEN (3 << 20)

/*
 * 39 bits of address, so that the walk starts at the level with 1 GiB per entry; tables write-back
 * cacheable and inner shareable; nothing in the upper half (ARM DDI 0487, D19.2.139)
 */
#define TCR_VALUE       (25 | 1 << 8 | 1 << 10 | 3 << 12 | 1 << 23)
#define TCR_IPS         32
#define PARANGE_48_BITS 5

#define IRQ_FRAME_SIZE 176

	.macro	prepare_cpu
	adrp	x9, vectors
	add	x9, x9, :lo12:vectors
	msr	vbar_el1, x9
	mov	x9, #CPACR_FPEN
	msr	cpacr_el1, x9
	isb
	.endm

	.section ".boot.entry", "ax"
	.globl	__reset_entry
__reset_entry:
	prepare_cpu
	/* Zeros in the image, but not if the cell is started again without a load */
	adrp	x9, bss_start
	add	x9, x9, :lo12:bss_start
	ldr	x10, =bss_qwords
1:	cbz	x10, 2f
	str	xzr, [x9], #8
	sub	x10, x10, #1
	b	1b
2:	adrp	x9, stack_top
	add	x9, x9, :lo12:stack_top
	mov	sp, x9
	adrp	x10, heap_pos
	add	x10, x10, :lo12:heap_pos
	str	x9, [x10]
	bl	mem_init
	bl	arch_mmu_enable
	bl	arch_cpu_init
	msr	daifclr, #2
	bl	inmate_main
	b	sleep

	/* PSCI passes the context in x0; there are hypervisors that put it into x1 and 0 into x0. */
	.globl	smp_entry
smp_entry:
	cbnz	x0, 1f
	mov	x0, x1
1:	mov	x19, x0
	prepare_cpu
	bl	arch_mmu_enable
	ldp	x9, x0, [x19]
	mov	sp, x9
	msr	daifclr, #2
	bl	smp_cpu_main

sleep:
	msr	daifset, #2
1:	wfi
	b	1b

	/* Uses registers only, as other CPUs have no stack yet. */
	.globl	arch_mmu_enable
arch_mmu_enable:
	mov	x9, #MEM_MAIR
	msr	mair_el1, x9
	mrs	x10, id_aa64mmfr0_el1
	and	x10, x10, #0xf
	mov	x11, #PARANGE_48_BITS
	cmp	x10, x11
	csel	x10, x10, x11, lo
	ldr	x9, =TCR_VALUE
	orr	x9, x9, x10, lsl #TCR_IPS
	msr	tcr_el1, x9
	adrp	x9, mem_root
	msr	ttbr0_el1, x9
	dsb	ish
	tlbi	vmalle1
	ic	iallu
	dsb	nsh
	isb
	mrs	x9, sctlr_el1
	ldr	x10, =(SCTLR_EL1_M | SCTLR_EL1_C | SCTLR_EL1_I)
	orr	x9, x9, x10
	msr	sctlr_el1, x9
	isb
	ret
	.ltorg

	.macro	exception number
	.balign	VECTOR_SIZE
	sub	sp, sp, #EXCP_FRAME_SIZE
	stp	x0, x1, [sp]
	mov	x0, #\number
	b	excp_entry
	.endm

	.macro	interrupt
	.balign	VECTOR_SIZE
	b	irq_entry
	.endm

	.section ".boot", "ax"
	.balign	0x800
vectors:
	.irp	number, 0, 1, 2, 3, 4
	exception \number
	.endr
	interrupt
	.irp	number, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	exception \number
	.endr

	.text
	/* Handlers keep the registers that the calling convention tells them to keep. */
irq_entry:
	sub	sp, sp, #IRQ_FRAME_SIZE
	stp	x0, x1, [sp]
	stp	x2, x3, [sp, #16]
	stp	x4, x5, [sp, #32]
	stp	x6, x7, [sp, #48]
	stp	x8, x9, [sp, #64]
	stp	x10, x11, [sp, #80]
	stp	x12, x13, [sp, #96]
	stp	x14, x15, [sp, #112]
	stp	x16, x17, [sp, #128]
	stp	x18, x29, [sp, #144]
	str	x30, [sp, #160]
	bl	irq_dispatch
	ldp	x2, x3, [sp, #16]
	ldp	x4, x5, [sp, #32]
	ldp	x6, x7, [sp, #48]
	ldp	x8, x9, [sp, #64]
	ldp	x10, x11, [sp, #80]
	ldp	x12, x13, [sp, #96]
	ldp	x14, x15, [sp, #112]
	ldp	x16, x17, [sp, #128]
	ldp	x18, x29, [sp, #144]
	ldr	x30, [sp, #160]
	ldp	x0, x1, [sp]
	add	sp, sp, #IRQ_FRAME_SIZE
	eret

	.macro	for_each_pair operation
	.irp	pair, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28
	\operation \pair
	.endr
	.endm
	.altmacro
	.macro	move_pair insn, first, second
	\insn	x\first, x\second, [sp, #8 * \first]
	.endm
	.macro	save_pair first
	move_pair stp, \first, %(\first + 1)
	.endm
	.macro	load_pair first
	move_pair ldp, \first, %(\first + 1)
	.endm

	/* x0 and x1 are in the frame already, the number of the vector is in x0. */
excp_entry:
	for_each_pair save_pair
	mrs	x9, elr_el1
	mrs	x10, spsr_el1
	mrs	x11, esr_el1
	mrs	x12, far_el1
	add	x13, sp, #EXCP_FRAME_SIZE
	str	x30, [sp, #240]
	stp	x9, x10, [sp, #EXCP_FRAME_ELR]
	stp	x11, x12, [sp, #EXCP_FRAME_ESR]
	str	x13, [sp, #EXCP_FRAME_ESR + 16]
	mov	x1, sp
	bl	excp_dispatch
	ldp	x9, x10, [sp, #EXCP_FRAME_ELR]
	msr	elr_el1, x9
	msr	spsr_el1, x10
	for_each_pair load_pair
	ldr	x30, [sp, #240]
	ldp	x0, x1, [sp]
	add	sp, sp, #EXCP_FRAME_SIZE
	eret

	.section .note.GNU-stack, "", @progbits
