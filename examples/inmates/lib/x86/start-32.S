/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Start of a 32-bit inmate. The first CPU runs it, all others of the cell sleep. */
#include "start-common.inc"

	mov	%cr4, %eax
	or	$X86_CR4_PSE, %eax
	mov	%eax, %cr4
	mov	$boot_page_dir, %eax
	mov	%eax, %cr3
	mov	%cr0, %eax
	or	$(X86_CR0_PG | X86_CR0_WP), %eax
	mov	%eax, %cr0

	enable_mtrrs

	count_cpu next_ticket
	test	%ecx, %ecx
	jnz	sleep

	cld
	xor	%eax, %eax
	mov	$bss_start, %edi
	mov	$bss_dwords, %ecx
	rep stosl
	movl	$stack_top, heap_pos
	mov	$stack_top, %esp
	call	arch_cpu_init
	call	inmate_main

sleep:
	cli
	hlt
	jmp	sleep

	.data
	.globl	stack
	.balign	4
stack:		.long 0

	/* Identity mapping of the first 4 MiB, and of the local APIC and the IOAPIC, uncached */
	.set	APICS_BASE, 0xfec00000
	.balign	4096
boot_page_dir:
	.long	PAGE_FLAG_PRESENT + PAGE_FLAG_RW + PAGE_FLAG_PS
	.fill	(APICS_BASE >> 22) - 1, 4, 0
	.long	APICS_BASE + PAGE_FLAG_PRESENT + PAGE_FLAG_RW + PAGE_FLAG_PS + PAGE_FLAG_UNCACHED
	.fill	1023 - (APICS_BASE >> 22), 4, 0

	.section .note.GNU-stack, "", @progbits
