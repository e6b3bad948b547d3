// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What the compiler calls for 64-bit numbers, as libgcc would have it. Each CPU with Hyp mode divides 32-bit numbers
 * itself.
 */
#include <hypervisor/base.h>

/* Called by what the compiler makes of the others, and by compiler.S */
u64 divide_u64(u64 numerator, u64 denominator, u64 *ret_remainder);
int __ctzdi2(u64 value);

__attribute__((used)) u64 divide_u64(u64 numerator, u64 denominator, u64 *ret_remainder)
{
	u64 quotient = 0;
	unsigned int shift;

	if ((numerator | denominator) <= ~0U) {
		quotient = (u32)numerator / (u32)denominator;
		*ret_remainder = (u32)numerator % (u32)denominator;
		return quotient;
	}
	/* Nothing here divides by zero; if it did, this would end with all bits set. */
	for (shift = 0; shift < 63 && !(denominator >> 63) && denominator << 1 <= numerator; shift++)
		denominator <<= 1;
	for (unsigned int n = 0; n <= shift; n++, denominator >>= 1) {
		quotient <<= 1;
		if (numerator >= denominator) {
			numerator -= denominator;
			quotient |= 1;
		}
	}
	*ret_remainder = numerator;
	return quotient;
}

__attribute__((used)) int __ctzdi2(u64 value)
{
	return (u32)value ? __builtin_ctz((u32)value) : 32 + __builtin_ctz((u32)(value >> 32));
}
