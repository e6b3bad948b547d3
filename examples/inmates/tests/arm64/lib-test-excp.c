/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Tests of the guest library: exceptions of ARM64. */
#include <test.h>

#define ESR_EC(esr) ((esr) >> 26)
#define EC_BRK      0x3c

static unsigned int hook_calls;

static bool skip_brk(struct excp_frame *frame)
{
	if (ESR_EC(frame->esr) != EC_BRK)
		return false;
	hook_calls++;
	frame->elr += 4;
	frame->x[5] = frame->x[6] + frame->x[30];
	return true;
}

/* The hook sees the registers and may change them; the others survive. */
static void test_brk(void)
{
	register u64 x5 asm("x5") = 0;
	register u64 x6 asm("x6") = 40;
	register u64 x27 asm("x27") = 0x1234;
	register u64 x30 asm("x30") = 2;

	excp_hook = skip_brk;
	asm volatile("brk #1" : "+r"(x5), "+r"(x6), "+r"(x27), "+r"(x30) : : "memory");
	EXPECT_EQUAL(x5, 42);
	EXPECT_EQUAL(x27, 0x1234);
	EXPECT_EQUAL(hook_calls, 1);
	excp_hook = NULL;
	(void)x6;
}

/* Inmates may use FPU and vector registers, outside of handlers. */
static void test_fpu(void)
{
	u64 value;

	asm volatile("fmov d0, %1\n\tfmov %0, d0" : "=r"(value) : "r"(0x123456789abcdefUL));
	EXPECT_EQUAL(value, 0x123456789abcdefUL);
}

void test_exceptions(void);
void test_exceptions(void)
{
	test_brk();
	test_fpu();
	if (cmdline_parse_bool("crash", false))
		asm volatile("ldr x1, [%0]" : : "r"(0x5000000000UL) : "x1", "memory");
}
