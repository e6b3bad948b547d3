/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <errno.h>

#include <jailhouse/image.h>
#include <jailhouse/reason.h>
#include "driver-arch-arm-common.h"
#include "driver-util.h"

/* The kernel's half, and what the entry's identical mapping of the hypervisor's memory has */
/* In the middle of the boards' hypervisor memory, which the tables map at its own address, and beyond 48 bits */
static const uint64_t wrong_link_bases[] = {
	0x7fe00000, 0x1000000000000, 0xffff800000000000,
};

/*
 * The boot tables are what it says they are: switches the MMU on with them, goes to where the image is linked, leaves
 * a byte for its CPU in the reason's first argument if it got there, and goes back the same way.
 */
static const uint32_t refuse[] = {
	0xd53c1004, /* mrs x4, sctlr_el2 */
	0xd53c2045, /* mrs x5, tcr_el2 */
	0xd53ca206, /* mrs x6, mair_el2 */
	0xd53c2007, /* mrs x7, ttbr0_el2 */
	0x10fffa88, /* adr x8, header */
	0xf9402509, /* ldr x9, [x8, #72] */
	0xd2801fe2, /* mov x2, #0xff */
	0xd51ca202, /* msr mair_el2, x2 */
	0xd286a202, /* mov x2, #0x3510 */
	0xf2b01042, /* movk x2, #0x8082, lsl #16 */
	0xd51c2042, /* msr tcr_el2, x2 */
	0xd51c2001, /* msr ttbr0_el2, x1 */
	0xd5033fdf, /* isb */
	0xd50c871f, /* tlbi alle2 */
	0xd503379f, /* dsb nsh */
	0xd28306a2, /* mov x2, #0x1835 */
	0xf2a618a2, /* movk x2, #0x30c5, lsl #16 */
	0xd5033fdf, /* isb */
	0xd51c1002, /* msr sctlr_el2, x2 */
	0xd5033fdf, /* isb */
	0x1000008a, /* adr x10, there */
	0xcb08014b, /* sub x11, x10, x8 */
	0x8b09016b, /* add x11, x11, x9 */
	0xd61f0160, /* br x11 */
	0x10fff80c, /* there: adr x12, header */
	0x9140098d, /* add x13, x12, #0x2, lsl #12 */
	0x5280002e, /* mov w14, #0x1 */
	0x9100a1ad, /* add x13, x13, #0x28 */
	0x382069ae, /* strb w14, [x13, x0] */
	0x92800000 | (uint32_t)~TEST_IMAGE_ERROR << 5, /* mov x0, #TEST_IMAGE_ERROR */
	0xeb09019f, /* cmp x12, x9 */
	0x54000040, /* b.eq 1f */
	0x92800940, /* mov x0, #-75 */
	0x9100b14a, /* 1: add x10, x10, #0x2c */
	0xd61f0140, /* br x10 */
	0xd51c1004, /* msr sctlr_el2, x4 */
	0xd5033fdf, /* isb */
	0xd51c2045, /* msr tcr_el2, x5 */
	0xd51ca206, /* msr mair_el2, x6 */
	0xd51c2007, /* msr ttbr0_el2, x7 */
	0xd5033fdf, /* isb */
	0xd50c871f, /* tlbi alle2 */
	0xd503379f, /* dsb nsh */
	0xd5033fdf, /* isb */
	0xd69f03e0, /* eret */
};
/* msr daifset, #0xf; wfi; b to the wfi */
static const uint32_t idle[] = { 0xd5034fdf, 0xd503207f, 0x17ffffff, 0xd503201f };
/* mov w0, #0x1008 (cell_state, as the cell sees it); mov w1, #1; str w1, [x0]; then as idle */
static const uint32_t locked[] = {
	0x52820100, 0x52800021, 0xb9000001, 0xd5034fdf, 0xd503207f, 0x17ffffff, 0xd503201f,
};
/* mov w1, #NOTHING; str w0, [x1]; b to itself */
static const uint32_t violation[] = { 0x52a00001 | (NOTHING >> 16) << 5, 0xb9000020, 0x14000000, 0xd503201f };

const struct test_arch test_arch = {
	TEST_ARCH_ARM_COMMON,
	.number = JAILHOUSE_ARM64,
	.link_base = 0x800000000000,
	.pc_register = JAILHOUSE_REG_ARM64_PC,
};
