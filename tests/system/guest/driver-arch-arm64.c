/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <jailhouse/image.h>
#include <jailhouse/reason.h>
#include "driver-util.h"

#define ARRAY(array) { array, sizeof(array) / sizeof((array)[0]) }
#define CODE(code)   { code, sizeof(code) }

/* Where the machines have nothing: secure RAM would be here. */
#define NOTHING	 0x0e000000
#define STRAY	 0x234
#define STRAY_2	 0x236

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

/* Two bytes of the machine's memory map, as Linux sees it; value NULL: read */
static void access_nothing(unsigned int offset, const uint16_t *value)
{
	int fd = open("/dev/mem", O_RDWR | O_SYNC | O_CLOEXEC);
	volatile uint8_t *page;

	assert_true(fd >= 0);
	page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, NOTHING);
	assert_ptr_not_equal(page, MAP_FAILED);
	if (value)
		*(volatile uint16_t *)(page + offset) = *value;
	else
		assert_int_equal(*(volatile uint16_t *)(page + offset), 0xffff);
	munmap((void *)(uintptr_t)page, 4096);
	close(fd);
}

static void stray_read(void)
{
	access_nothing(STRAY, NULL);
}

static void stray_write(void)
{
	const uint16_t zero = 0;

	access_nothing(STRAY_2, &zero);
}

/* Nothing: the frequency of the counter can be read by everyone. */
static void copy_filled_in(struct jailhouse_system *to, const struct jailhouse_system *from)
{
	(void)to;
	(void)from;
}

const struct test_arch test_arch = {
	.number = JAILHOUSE_ARM64,
	.other_number = JAILHOUSE_X86,
	.image = "/lib/firmware/jailhouse.bin",
	.link_base = 0x800000000000,
	.wrong_link_bases = ARRAY(wrong_link_bases),
	.refuse = CODE(refuse),
	.refuse_marks = 0x01010101,
	.may_stay_offline = 1,
	.idle = CODE(idle),
	.locked = CODE(locked),
	.violation = CODE(violation),
	.violation_reason = JAILHOUSE_REASON_MEM_ACCESS,
	.violation_address = NOTHING,
	.pc_register = JAILHOUSE_REG_ARM64_PC,
	.violation_pc = 4,
	.stray_read = stray_read,
	.stray_write = stray_write,
	.stray_kind = JAILHOUSE_LEARNED_MEM,
	.stray_read_address = NOTHING + STRAY,
	.stray_write_address = NOTHING + STRAY_2,
	.copy_filled_in = copy_filled_in,
};
