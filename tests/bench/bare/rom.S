/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Way from the reset vector into 32-bit C code and from there, in real mode and with the register
 * state that a cell starts with, to address 0. Linked to 0xffff0000, where the CPU sees the ROM; the
 * same bytes are visible at 0xf0000 for the way back to real mode.
 */

#define CR0_PE        0x00000001
#define CR0_RESET     0x60000010

#define SEL_CODE32 0x08
#define SEL_DATA32 0x10
#define SEL_CODE16 0x18
#define SEL_DATA16 0x20

/* Above the communication region, out of the way of the inmate */
#define STACK_TOP 0x110000

/* Word that counts the CPUs of an inmate, see its inmate.lds */
#define INMATE_TICKET 0xff0

#define COMM_REGION_SEGMENT 0xffff
#define COMM_REGION_OFFSET  0x0010
#define X2APIC_NOTE         0x0ff0

#define MSR_APICBASE    0x1b
#define APICBASE_X2APIC 0x400

#define OFFSET(symbol) ((symbol) - rom_start)

	.section ".start", "ax"
	.globl	rom_start
rom_start:
	.code16
	/*
	 * Other CPUs come here by SIPI. They wait until the bootstrap CPU has taken the first ticket of the
	 * inmate and thus is its first CPU, which starts the others: unlike in a cell, an INIT would take it to
	 * the reset vector instead of making it wait for SIPI. Programs without the inmates' start code do
	 * not count there: they are run with one CPU.
	 */
	xor	%ax, %ax
	mov	%ax, %ds
1:	pause
	cmpl	$0, INMATE_TICKET
	je	1b

	/* The note of rom.c lies just above 1 MiB, within reach of the highest segment. */
	mov	$(COMM_REGION_SEGMENT), %ax
	mov	%ax, %ds
	cmpb	$0, COMM_REGION_OFFSET + X2APIC_NOTE
	je	leave_real
	mov	$MSR_APICBASE, %ecx
	rdmsr
	or	$APICBASE_X2APIC, %eax
	wrmsr
	jmp	leave_real

enter:
	cli
	lgdtl	%cs:OFFSET(gdt_ptr)
	mov	%cr0, %eax
	or	$CR0_PE, %eax
	mov	%eax, %cr0
	ljmpl	$SEL_CODE32, $enter_32

	.code32
enter_32:
	mov	$SEL_DATA32, %eax
	mov	%eax, %ds
	mov	%eax, %es
	mov	%eax, %ss
	mov	$STACK_TOP, %esp
	cld
	call	rom_main
	/* The reset value of EFLAGS. Only MOV and jumps follow, they leave it alone. */
	pushl	$2
	popfl

	mov	$SEL_DATA16, %eax
	mov	%eax, %ds
	mov	%eax, %es
	mov	%eax, %fs
	mov	%eax, %gs
	mov	%eax, %ss
	ljmpl	$SEL_CODE16, $OFFSET(leave_16)

	.code16
leave_16:
	mov	$CR0_RESET, %eax
	mov	%eax, %cr0
	ljmp	$0xf000, $OFFSET(leave_real)
leave_real:
	mov	$0, %eax
	mov	%eax, %ds
	mov	%eax, %es
	mov	%eax, %fs
	mov	%eax, %gs
	mov	%eax, %ss
	lidtl	%cs:OFFSET(reset_table_ptr)
	lgdtl	%cs:OFFSET(reset_table_ptr)
	mov	$0, %ebx
	mov	$0, %ecx
	mov	$0, %edx
	mov	$0, %esi
	mov	$0, %edi
	mov	$0, %ebp
	mov	$0, %esp
	ljmp	$0, $0

	.balign	8
gdt:
	.quad	0
	.quad	0x00cf9b000000ffff	/* SEL_CODE32 */
	.quad	0x00cf93000000ffff	/* SEL_DATA32 */
	.quad	0x00009b0f0000ffff	/* SEL_CODE16, base 0xf0000 */
	.quad	0x000093000000ffff	/* SEL_DATA16 */
gdt_ptr:
	.word	. - gdt - 1
	.long	gdt
reset_table_ptr:
	.word	0xffff
	.long	0

	.section ".reset", "ax"
	.code16
	jmp	enter

	.section .note.GNU-stack, "", @progbits
