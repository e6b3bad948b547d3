/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Tests of the guest library: exceptions of ARMv7, and divisions, which its CPUs have not for 64 bits. */
#include <test.h>

/* Nothing is mapped there. */
#define NOWHERE 0xd0000000

static unsigned int hook_calls;

static bool skip_undefined(struct excp_frame *frame)
{
	if (frame->vector != VECTOR_UNDEFINED)
		return false;
	hook_calls++;
	frame->pc += 4;
	frame->r[5] = frame->r[6] + frame->lr;
	return true;
}

/* The hook sees the registers and may change them; the others survive. */
static void test_undefined(void)
{
	register u32 r5 asm("r5") = 0;
	register u32 r6 asm("r6") = 40;
	register u32 r9 asm("r9") = 0x1234;
	register u32 lr asm("lr") = 2;

	excp_hook = skip_undefined;
	asm volatile("udf #1" : "+r"(r5), "+r"(r6), "+r"(r9), "+r"(lr) : : "memory");
	EXPECT_EQUAL(r5, 42);
	EXPECT_EQUAL(r9, 0x1234);
	EXPECT_EQUAL(hook_calls, 1);
	excp_hook = NULL;
	(void)r6;
}

static u32 abort_address;

static bool skip_abort(struct excp_frame *frame)
{
	if (frame->vector != VECTOR_DATA_ABORT)
		return false;
	abort_address = frame->dfar;
	frame->pc += 4;
	return true;
}

static void test_abort(void)
{
	excp_hook = skip_abort;
	mmio_read32((void *)NOWHERE);
	EXPECT_EQUAL(abort_address, NOWHERE);
	excp_hook = NULL;
}

static void test_division(void)
{
	volatile u64 numerator = 0xfedcba9876543210ULL, denominator = 0x123456789ULL;

	EXPECT_EQUAL(numerator / denominator, 0xe0000000ULL);
	EXPECT_EQUAL(numerator % denominator, 0x96543210ULL);
	denominator = 1;
	EXPECT_EQUAL(numerator / denominator, numerator);
	EXPECT_EQUAL(numerator % denominator, 0);
	denominator = ~0ULL;
	EXPECT_EQUAL(numerator / denominator, 0);
	EXPECT_EQUAL(numerator % denominator, numerator);
}

void test_exceptions(void);
void test_exceptions(void)
{
	test_undefined();
	test_abort();
	test_division();
	if (cmdline_parse_bool("crash", false))
		mmio_read32((void *)NOWHERE);
}
