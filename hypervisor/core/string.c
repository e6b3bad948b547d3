// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <hypervisor/base.h>

/* The compiler may call these on its own, so they must not be turned into calls to themselves (-fno-builtin). */

__attribute__((used)) void *memset(void *dst, int value, unsigned long size)
{
	u64 *words = dst;
	u64 pattern = (u8)value * 0x0101010101010101ULL;
	u8 *bytes;

	if (((unsigned long)dst & 7) == 0) {
		for (; size >= 64; size -= 64, words += 8)
			words[0] = words[1] = words[2] = words[3] = words[4] = words[5] = words[6] = words[7] = pattern;
		for (; size >= 8; size -= 8)
			*words++ = pattern;
	}
	for (bytes = (u8 *)words; size > 0; size--)
		*bytes++ = (u8)value;
	return dst;
}

__attribute__((used)) void *memcpy(void *dst, const void *src, unsigned long size)
{
	const u64 *words = src;
	const u8 *from = src;
	u64 *to_words = dst;
	u8 *to = dst;

	if ((((unsigned long)dst | (unsigned long)src) & 7) == 0) {
		for (; size >= 8; size -= 8)
			*to_words++ = *words++;
		from = (const u8 *)words;
		to = (u8 *)to_words;
	}
	while (size-- > 0)
		*to++ = *from++;
	return dst;
}

__attribute__((used)) int memcmp(const void *a, const void *b, unsigned long size)
{
	const u8 *x = a, *y = b;

	for (; size > 0; size--, x++, y++)
		if (*x != *y)
			return *x < *y ? -1 : 1;
	return 0;
}

int strncmp(const char *a, const char *b, unsigned long n)
{
	for (; n > 0; n--, a++, b++) {
		if (*a != *b)
			return (u8)*a < (u8)*b ? -1 : 1;
		if (!*a)
			break;
	}
	return 0;
}
