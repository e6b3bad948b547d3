/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <errno.h>
#include <sys/io.h>

#include <jailhouse/image.h>
#include <jailhouse/reason.h>
#include "driver-util.h"

#define ARRAY(array)   { array, sizeof(array) / sizeof((array)[0]) }
#define CODE(code)     { code, sizeof(code) }
#define COMM_STATE     0x1008 /* cell_state, as the cell sees it */
#define NOBODYS_PORT   0x1234
#define NOBODYS_PORT_2 0x1236

static const uint64_t wrong_features[] = { 0, JAILHOUSE_IMAGE_VMX };

/* The kernel's half, page 0, the hole in between */
static const uint64_t wrong_link_bases[] = {
	0, 0x7fffffff0000, 0x800000000000, 0xffff800000000000, 0xffffffff81000000,
};

/* endbr64; mov $TEST_IMAGE_ERROR, %eax; ret */
static const uint8_t refuse[] = {
	0xf3, 0x0f, 0x1e, 0xfa, 0xb8, (uint8_t)TEST_IMAGE_ERROR, 0xff, 0xff, 0xff, 0xc3,
};
/* cli; hlt; jmp to the hlt */
static const uint8_t idle[] = { 0xfa, 0xf4, 0xeb, 0xfd, 0xf4 };
/* mov $NOBODYS_PORT, %dx; out %al, %dx; jmp to itself */
static const uint8_t violation[] = {
	0xba, NOBODYS_PORT & 0xff, NOBODYS_PORT >> 8, 0xee, 0xeb, 0xfe, 0xf4,
};
/*
 * All CPUs of a cell start here. Who is the first to take the last byte away does as above, the others as "idle":
 * mov $1, %al; xchg %al, to the last byte; test %al, %al; jnz to the cli
 */
static const uint8_t violation_of_one[] = {
	0xb0, 1, 0x86, 0x06, 20, 0, 0x84, 0xc0, 0x75, 6,
	0xba, NOBODYS_PORT & 0xff, NOBODYS_PORT >> 8, 0xee, 0xeb, 0xfe, 0xfa, 0xf4, 0xeb, 0xfd, 0,
};
_Static_assert(sizeof(violation_of_one) == 20 + 1, "the last byte is at 20");
/* movw $1, COMM_STATE; cli; hlt; jmp to the hlt */
static const uint8_t locked[] = {
	0xc7, 0x06, COMM_STATE & 0xff, COMM_STATE >> 8, 1, 0, 0xfa, 0xf4, 0xeb, 0xfd, 0xf4,
};

static void stray_read(void)
{
	assert_int_equal(iopl(3), 0);
	assert_int_equal(inb(NOBODYS_PORT), 0xff);
}

static void stray_write(void)
{
	assert_int_equal(iopl(3), 0);
	outb(0, NOBODYS_PORT_2);
}

static void copy_filled_in(struct jailhouse_system *to, const struct jailhouse_system *from)
{
	assert_true(from->platform_info.x86.tsc_khz > 0);
	to->platform_info.x86.tsc_khz = from->platform_info.x86.tsc_khz;
}

const struct test_arch test_arch = {
	.number = JAILHOUSE_X86,
	.other_number = JAILHOUSE_ARM64,
	.image = "/lib/firmware/jailhouse-amd.bin",
	.features = JAILHOUSE_IMAGE_SVM,
	.wrong_features = ARRAY(wrong_features),
	.link_base = 0x400000000000,
	.wrong_link_bases = ARRAY(wrong_link_bases),
	.refuse = CODE(refuse),
	.boot_cpu_stays = 1,
	.idle = CODE(idle),
	.locked = CODE(locked),
	.violation = CODE(violation),
	.violation_of_one = CODE(violation_of_one),
	.violation_reason = JAILHOUSE_REASON_PIO_ACCESS,
	.violation_address = NOBODYS_PORT,
	.pc_register = JAILHOUSE_REG_X86_RIP,
	.violation_pc = 3,
	.stray_read = stray_read,
	.stray_write = stray_write,
	.stray_kind = JAILHOUSE_LEARNED_PIO,
	.stray_read_address = NOBODYS_PORT,
	.stray_write_address = NOBODYS_PORT_2,
	.copy_filled_in = copy_filled_in,
};
