/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Start of a 64-bit inmate. All CPUs of a cell come here at once when the cell is started; each one
 * takes a ticket. The first becomes the boot CPU, the others halt until INIT and SIPI bring them
 * here once more.
 */
#include "start-common.inc"

	enable_mtrrs

	mov	%cr4, %eax
	or	$X86_CR4_PAE, %eax
	mov	%eax, %cr4
	mov	$boot_pml4, %eax
	mov	%eax, %cr3
	mov	$MSR_EFER, %ecx
	rdmsr
	or	$EFER_LME, %eax
	wrmsr
	mov	%cr0, %eax
	or	$(X86_CR0_PG | X86_CR0_WP), %eax
	mov	%eax, %cr0
	ljmpl	$INMATE_CS64, $start_64

	.code64
start_64:
	/*
	 * Initial APIC ID. A CPU that has been here before comes by SIPI, unless the cell was started again
	 * without a load. On bare machines INIT may reset the MTRRs, too; there is a stack for it then.
	 */
	mov	$1, %eax
	cpuid
	shr	$24, %ebx
	lock bts %ebx, cpus_seen
	jnc	started_by_cell
	test	%esi, %esi
	jnz	started_by_ipi
	cmpq	$0, stack
	jne	started_by_ipi

started_by_cell:
	count_cpu next_ticket
	mov	%ecx, %edi
	cmp	$SMP_MAX_CPUS, %edi
	jae	sleep
	mov	%bl, smp_cpu_ids(%rdi)
	count_cpu smp_num_cpus
	test	%edi, %edi
	jnz	sleep

	/* The boot CPU */
	cld
	xor	%eax, %eax
	mov	$bss_start, %edi
	mov	$bss_qwords, %ecx
	rep stosq
	/* What map_range() added in the last life is in memory that is free now. */
	.irp	table, boot_pml4, boot_pdpt, boot_pd
	mov	$\table + 8, %edi
	mov	$511, %ecx
	rep stosq
	.endr
	mov	%cr3, %rax
	mov	%rax, %cr3
	movq	$stack_top, heap_pos
	mov	$stack_top, %esp
	call	arch_cpu_init
	call	inmate_main

sleep:
	cli
	hlt
	jmp	sleep

started_by_ipi:
	xor	%eax, %eax
	xchg	%rax, stack
	test	%rax, %rax
	jz	sleep
	mov	%rax, %rsp
	call	smp_cpu_main
	jmp	sleep

	.data
	.globl	smp_num_cpus, smp_cpu_ids, stack
	/* All of this is used before .bss has been cleared. */
	.balign	8
stack:		.quad 0
cpus_seen:	.fill 256 / 8, 1, 0
smp_num_cpus:	.long 0
smp_cpu_ids:	.fill SMP_MAX_CPUS, 1, 0

	/* Identity mapping of the first 2 MiB, extended by map_range() */
	.globl	boot_pml4
	.balign	4096
boot_pml4:
	.quad	boot_pdpt + PAGE_FLAG_PRESENT + PAGE_FLAG_RW + PAGE_FLAG_US
	.fill	511, 8, 0
boot_pdpt:
	.quad	boot_pd + PAGE_FLAG_PRESENT + PAGE_FLAG_RW + PAGE_FLAG_US
	.fill	511, 8, 0
boot_pd:
	.quad	PAGE_FLAG_PRESENT + PAGE_FLAG_RW + PAGE_FLAG_PS
	.fill	511, 8, 0

	.section .note.GNU-stack, "", @progbits
