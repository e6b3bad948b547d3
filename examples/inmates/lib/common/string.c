/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * String functions. The compiler likes to recognise loops as memset() or memcpy() and would then
 * call the function from itself, hence the barriers in those two.
 */
#include <inmate.h>

#define hide_from_optimizer(ptr) asm volatile("" : "+r"(ptr))

typedef unsigned long __attribute__((may_alias)) aliasing_ulong;

void *memset(void *s, int c, unsigned long n)
{
	u8 *p = s;

	while (n-- > 0) {
		*p++ = (u8)c;
		hide_from_optimizer(p);
	}
	return s;
}

void *memcpy(void *d, const void *s, unsigned long n)
{
	const u8 *from = s;
	u8 *to = d;

	/* Word by word where that is possible without unaligned accesses */
	if (((unsigned long)from | (unsigned long)to) % sizeof(unsigned long) == 0)
		for (; n >= sizeof(unsigned long); n -= sizeof(unsigned long)) {
			*(aliasing_ulong *)to = *(const aliasing_ulong *)from;
			from += sizeof(unsigned long);
			to += sizeof(unsigned long);
			hide_from_optimizer(to);
		}
	while (n-- > 0) {
		*to++ = *from++;
		hide_from_optimizer(to);
	}
	return d;
}

int memcmp(const void *s1, const void *s2, unsigned long n)
{
	const u8 *a = s1, *b = s2;

	for (; n > 0; n--, a++, b++)
		if (*a != *b)
			return *a < *b ? -1 : 1;
	return 0;
}

unsigned long strlen(const char *s)
{
	const char *end = s;

	while (*end) {
		end++;
		hide_from_optimizer(end);
	}
	return end - s;
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

static int compare(const char *s1, const char *s2, unsigned long n, bool ignore_case)
{
	for (; n > 0; n--, s1++, s2++) {
		unsigned char a = ignore_case ? lower(*s1) : *s1;
		unsigned char b = ignore_case ? lower(*s2) : *s2;

		if (a != b)
			return a < b ? -1 : 1;
		if (a == 0)
			break;
	}
	return 0;
}

int strcmp(const char *s1, const char *s2)
{
	return compare(s1, s2, ~0UL, false);
}

int strncmp(const char *s1, const char *s2, unsigned long n)
{
	return compare(s1, s2, n, false);
}

int strncasecmp(const char *s1, const char *s2, unsigned long n)
{
	return compare(s1, s2, n, true);
}
