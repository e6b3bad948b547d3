/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* SSE, AVX and carry-less multiplication work in a cell. Built for 64 and for 32 bit. */
#include <test.h>

static float floats[4] __attribute__((aligned(16))) = {1.5f, -2.0f, 0.25f, 1024.0f};
static double doubles[4] __attribute__((aligned(32))) = {1.5, -2.0, 0.25, 1024.0};
static double sums[4] __attribute__((aligned(32)));
static u32 results[4] __attribute__((aligned(16)));

/* Different in both halves, so that a mix-up of them shows. */
static u64 factor_a[2] __attribute__((aligned(16))) = {0x123, 0xfff};
static u64 factor_b[2] __attribute__((aligned(16))) = {0xabc, 0x101};
static u64 product[2] __attribute__((aligned(16)));

/* Multiplies over GF(2) by shifting, as the reference. */
static u64 clmul(u64 a, u64 b)
{
	u64 result = 0;

	for (; b; b >>= 1, a <<= 1)
		if (b & 1)
			result ^= a;
	return result;
}

/* All four sums at once; 2 * 1.5 = 3 and so on, compared as integers. */
static void test_sse(void)
{
	printk("Testing SSE...\n");
	asm volatile("movaps (%0), %%xmm0\n\t"
		     "addps %%xmm0, %%xmm0\n\t"
		     "cvttss2si %%xmm0, %%eax\n\t"
		     "mov %%eax, (%1)"
		     :
		     : "r"(floats), "r"(results)
		     : "eax", "memory");
	EXPECT_EQUAL(results[0], 3);
}

static void test_sse2(void)
{
	printk("Testing SSE2...\n");
	asm volatile("movapd 16(%0), %%xmm1\n\t"
		     "addpd %%xmm1, %%xmm1\n\t"
		     "unpckhpd %%xmm1, %%xmm1\n\t"
		     "cvttsd2si %%xmm1, %%eax\n\t"
		     "mov %%eax, (%1)"
		     :
		     : "r"(doubles), "r"(results)
		     : "eax", "memory");
	EXPECT_EQUAL(results[0], 2048);
}

/* The upper half of a register exists only if XCR0 was set. */
static void test_avx(void)
{
	printk("Testing AVX...\n");
	asm volatile("vmovapd (%0), %%ymm2\n\t"
		     "vaddpd %%ymm2, %%ymm2, %%ymm3\n\t"
		     "vmovapd %%ymm3, (%1)\n\t"
		     "vzeroupper\n\t"
		     "cvttsd2si 24(%1), %%eax\n\t"
		     "mov %%eax, (%2)"
		     :
		     : "r"(doubles), "r"(sums), "r"(results)
		     : "eax", "memory");
	EXPECT_EQUAL(results[0], 2048);
}

static void test_avx_pclmulqdq(void)
{
	printk("Testing AVX PCLMULQDQ...\n");
	asm volatile("vmovdqa (%0), %%xmm0\n\t"
		     "vpclmulqdq $0x00, (%1), %%xmm0, %%xmm1\n\t"
		     "vmovdqa %%xmm1, (%2)"
		     :
		     : "r"(factor_a), "r"(factor_b), "r"(product)
		     : "memory");
	EXPECT_EQUAL(product[0], clmul(factor_a[0], factor_b[0]));
	asm volatile("vmovdqa (%0), %%xmm0\n\t"
		     "vpclmulqdq $0x11, (%1), %%xmm0, %%xmm1\n\t"
		     "vmovdqa %%xmm1, (%2)"
		     :
		     : "r"(factor_a), "r"(factor_b), "r"(product)
		     : "memory");
	EXPECT_EQUAL(product[0], clmul(factor_a[1], factor_b[1]));
}

static void test_pclmulqdq(void)
{
	printk("Testing PCLMULQDQ...\n");
	asm volatile("movdqa (%0), %%xmm0\n\t"
		     "pclmulqdq $0x00, (%1), %%xmm0\n\t"
		     "movdqa %%xmm0, (%2)"
		     :
		     : "r"(factor_a), "r"(factor_b), "r"(product)
		     : "memory");
	EXPECT_EQUAL(product[0], clmul(factor_a[0], factor_b[0]));
	asm volatile("movdqa (%0), %%xmm0\n\t"
		     "pclmulqdq $0x11, (%1), %%xmm0\n\t"
		     "movdqa %%xmm0, (%2)"
		     :
		     : "r"(factor_a), "r"(factor_b), "r"(product)
		     : "memory");
	EXPECT_EQUAL(product[0], clmul(factor_a[1], factor_b[1]));
}

void inmate_main(void)
{
	struct x86_cpu_features f = x86_cpu_features;

	excp_reporting_init();

	printk("CPU supports\n");
	printk("    FPU: %u   FXSR: %u XSAVE: %u\n", f.fpu, f.fxsr, f.xsave);
	printk("    SSE: %u   SSE2: %u  SSE3: %u\n", f.sse, f.sse2, f.sse3);
	printk(" SSE4_1: %u SSE4_2: %u   AVX: %u\n", f.sse4_1, f.sse4_2, f.avx);
	printk(" PCLMULQDQ: %u\n\n", f.pclmulqdq);

	if (f.sse)
		test_sse();
	if (f.sse2)
		test_sse2();
	if (f.avx)
		test_avx();
	if (f.avx && f.pclmulqdq)
		test_avx_pclmulqdq();
	if (f.pclmulqdq)
		test_pclmulqdq();

	comm_region->cell_state = all_passed ? JAILHOUSE_CELL_SHUT_DOWN : JAILHOUSE_CELL_FAILED;
}
