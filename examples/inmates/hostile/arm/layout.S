/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Fixed places of the hostile inmate:
 *
 *   0x1000  command line
 *   0x8000  heartbeat counter, 64 bits
 */
	.section ".cmdline", "aw"
	.globl	cmdline, heartbeats
cmdline:
	.skip	0x7000
heartbeats:
	.quad	0

	.section .note.GNU-stack, "", %progbits
