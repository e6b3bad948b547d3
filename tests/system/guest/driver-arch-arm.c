/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <errno.h>

#include <jailhouse/image.h>
#include <jailhouse/reason.h>
#include "driver-arch-arm-common.h"
#include "driver-util.h"

/* In the middle of the boards' hypervisor memory, which the tables map at its own address, and beyond 32 bits */
static const uint64_t wrong_link_bases[] = {
	0x7fe00000, 0xfff00000, 0x100000000, 0x800000000000,
};

/*
 * The boot tables are what it says they are: switches the MMU on with them, goes to where the image is linked, leaves
 * a byte for its CPU in the reason's first argument if it got there, and goes back the same way.
 */
static const uint32_t refuse[] = {
	0xe24fc0a8, /* adr r12, header */
	0xe30004ff, /* movw r0, #0x4ff */
	0xee8a0f12, /* mcr p15, 4, r0, c10, c2, 0 */
	0xe3030500, /* movw r0, #0x3500 */
	0xe3480080, /* movt r0, #0x8080 */
	0xee820f50, /* mcr p15, 4, r0, c2, c0, 2 */
	0xe3a00000, /* mov r0, #0 */
	0xec403f42, /* mcrr p15, 4, r3, r0, c2 */
	0xf57ff06f, /* isb */
	0xee880f17, /* mcr p15, 4, r0, c8, c7, 0 */
	0xf57ff047, /* dsb nsh */
	0xf57ff06f, /* isb */
	0xee913f10, /* mrc p15, 4, r3, c1, c0, 0 */
	0xe3000002, /* movw r0, #0x0002 */
	0xe3440228, /* movt r0, #0x4228 */
	0xe1c30000, /* bic r0, r3, r0 */
	0xe3011005, /* movw r1, #0x1005 */
	0xe1800001, /* orr r0, r0, r1 */
	0xee810f10, /* mcr p15, 4, r0, c1, c0, 0 */
	0xf57ff06f, /* isb */
	0xe59c0048, /* ldr r0, [r12, #72] */
	0xe28f1008, /* adr r1, there */
	0xe041100c, /* sub r1, r1, r12 */
	0xe0811000, /* add r1, r1, r0 */
	0xe12fff11, /* bx r1 */
	0xe24f1f43, /* there: adr r1, header */
	0xe1510000, /* cmp r1, r0 */
	0x03e00000 | (uint32_t)~TEST_IMAGE_ERROR, /* mvneq r0, #4 */
	0x13e0004a, /* mvnne r0, #74 */
	0xe2811a02, /* add r1, r1, #0x2000 */
	0xe0811002, /* add r1, r1, r2 */
	0xe3a02001, /* mov r2, #1 */
	0xe5c12028, /* strb r2, [r1, #0x28] */
	0xe28c1f4b, /* add r1, r12, #(back - header) */
	0xe12fff11, /* bx r1 */
	0xee813f10, /* back: mcr p15, 4, r3, c1, c0, 0 */
	0xf57ff06f, /* isb */
	0xee880f17, /* mcr p15, 4, r0, c8, c7, 0 */
	0xf57ff047, /* dsb nsh */
	0xf57ff06f, /* isb */
	0xe160006e, /* eret */
};
/* cpsid aif; wfi; b to the wfi */
static const uint32_t idle[] = { 0xf10c01c0, 0xe320f003, 0xeafffffd, 0xe320f000 };
/* movw r0, #0x1008 (cell_state, as the cell sees it); mov r1, #1; str r1, [r0]; then as idle */
static const uint32_t locked[] = {
	0xe3010008, 0xe3a01001, 0xe5801000, 0xf10c01c0, 0xe320f003, 0xeafffffd, 0xe320f000,
};
/* mov r1, #NOTHING; str r0, [r1]; b to itself */
static const uint32_t violation[] = { 0xe3a01400 | NOTHING >> 24, 0xe5810000, 0xeafffffe, 0xe320f000 };

const struct test_arch test_arch = {
	TEST_ARCH_ARM_COMMON,
	.number = JAILHOUSE_ARM,
	.link_base = 0xe0000000,
	.pc_register = JAILHOUSE_REG_ARM_PC,
};
