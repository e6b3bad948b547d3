/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Registers that no trap switches and the next owner of the CPU could read, or would be disturbed by. Source: Arm DDI
 * 0487, B1.2.1 (SIMD and floating point), D19.3 (debug registers).
 */
	.text
	.arch	armv8-a

/* void arm64_wipe_simd(void) */
	.globl	arm64_wipe_simd
arm64_wipe_simd:
	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7
	movi	v\n\().2d, #0
	movi	v1\n\().2d, #0
	.endr
	movi	v8.2d, #0
	movi	v9.2d, #0
	movi	v18.2d, #0
	movi	v19.2d, #0
	.irp	n, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	movi	v\n\().2d, #0
	.endr
	msr	fpcr, xzr
	msr	fpsr, xzr
	ret

/* void arm64_wipe_debug(unsigned int breakpoints, unsigned int watchpoints): 1 to 16 of each */
	.globl	arm64_wipe_debug
arm64_wipe_debug:
	adr	x2, 1f
	sub	x2, x2, x0, lsl #3
	br	x2
	.irp	n, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0
	msr	dbgbcr\n\()_el1, xzr
	msr	dbgbvr\n\()_el1, xzr
	.endr
1:	adr	x2, 2f
	sub	x2, x2, x1, lsl #3
	br	x2
	.irp	n, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0
	msr	dbgwcr\n\()_el1, xzr
	msr	dbgwvr\n\()_el1, xzr
	.endr
2:	msr	mdscr_el1, xzr
	isb
	ret

	.section .note.GNU-stack, "", @progbits
