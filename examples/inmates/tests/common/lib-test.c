/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Tests of the guest library itself. Expects the command line
 *
 *   num=-42 plus=+7 hex=0x1fF bad=12x flag yes=TRUE one=1 no=fALSe odd=maybe text=hello xnum=1
 *
 * and prints "lib-test passed" or "lib-test FAILED" in the end. What printk() makes is checked by
 * the reader: lines that begin with "fmt".
 */
#include <test.h>

CMDLINE_BUFFER(512);

/* What an architecture adds, if it does */
void test_arch(void);
void __attribute__((weak)) test_arch(void)
{
}

static void test_cmdline(void)
{
	char buffer[4];

	EXPECT_EQUAL(cmdline_parse_int("num", 1), -42);
	EXPECT_EQUAL(cmdline_parse_int("plus", 1), 7);
	EXPECT_EQUAL(cmdline_parse_int("hex", 1), 0x1ff);
	EXPECT_EQUAL(cmdline_parse_int("bad", 99), 99);
	EXPECT_EQUAL(cmdline_parse_int("flag", 98), 98);
	EXPECT_EQUAL(cmdline_parse_int("absent", 97), 97);
	/* A part of another name does not count. */
	EXPECT_EQUAL(cmdline_parse_int("nu", 96), 96);
	EXPECT_EQUAL(cmdline_parse_int("xnum", 95), 1);

	EXPECT_EQUAL(cmdline_parse_bool("flag", false), true);
	EXPECT_EQUAL(cmdline_parse_bool("yes", false), true);
	EXPECT_EQUAL(cmdline_parse_bool("one", false), true);
	EXPECT_EQUAL(cmdline_parse_bool("no", true), false);
	EXPECT_EQUAL(cmdline_parse_bool("odd", true), true);
	EXPECT_EQUAL(cmdline_parse_bool("odd", false), false);
	EXPECT_EQUAL(cmdline_parse_bool("absent", true), true);

	EXPECT_EQUAL(strcmp(cmdline_parse_str("text", buffer, sizeof(buffer), ""), "hel"), 0);
	EXPECT_EQUAL(strcmp(cmdline_parse_str("absent", buffer, sizeof(buffer), "a b"), "a b"), 0);
	EXPECT_EQUAL(strcmp(cmdline_parse_str("flag", buffer, sizeof(buffer), "d"), "d"), 0);
}

static void test_strings(void)
{
	char a[16], b[16];

	memset(a, 0x5a, sizeof(a));
	EXPECT_EQUAL((u8)a[0], 0x5a);
	EXPECT_EQUAL((u8)a[15], 0x5a);
	memcpy(b, a, sizeof(b));
	EXPECT_EQUAL(memcmp(a, b, sizeof(a)), 0);
	b[15] = 0x5b;
	EXPECT_EQUAL(memcmp(a, b, sizeof(a)), -1);
	EXPECT_EQUAL(memcmp(b, a, sizeof(a)), 1);
	EXPECT_EQUAL(memcmp(a, b, 15), 0);
	/* Bytes are unsigned. */
	EXPECT_EQUAL(memcmp("\xff", "\x01", 1), 1);
	EXPECT_EQUAL(strlen(""), 0);
	EXPECT_EQUAL(strlen("abc"), 3);
	EXPECT_EQUAL(strcmp("abc", "abc"), 0);
	EXPECT_EQUAL(strcmp("abc", "ab") > 0, true);
	EXPECT_EQUAL(strcmp("ab", "abc") < 0, true);
	EXPECT_EQUAL(strncmp("abcd", "abxx", 2), 0);
	EXPECT_EQUAL(strncmp("abcd", "abxx", 3) < 0, true);
	EXPECT_EQUAL(strncasecmp("TrUe", "tRuE", 9), 0);
}

static void test_alloc(void)
{
	unsigned long before = heap_pos;
	char *a = alloc(3, 1), *b = zalloc(PAGE_SIZE, PAGE_SIZE);

	EXPECT_EQUAL((unsigned long)a, before);
	EXPECT_EQUAL((unsigned long)b % PAGE_SIZE, 0);
	EXPECT_EQUAL(heap_pos, (unsigned long)b + PAGE_SIZE);
	EXPECT_EQUAL(b[0] | b[PAGE_SIZE - 1], 0);
}

static void test_printk(void)
{
	printk("fmt [%d] [%5d] [%05d] [%u] [%x] [%08x]\n", -7, -42, -42, 4294967295u, 0xabcdef,
	       0x1234u);
	printk("fmt [%ld] [%lu] [%llu] [%llx] [%lld]\n", -1L, 10UL, 18446744073709551615ULL,
	       0x123456789abcdefULL, (long long)(1ULL << 63));
	printk("fmt [%c%c] [%s] [%6s] [%%] [%3c]\n", 'o', 'k', "text", "pad", 'x');
	printk("fmt [%11llu] [%2d] [%6ld]\n", 1000000007ULL, 12345, -12345L);
	printk("fmt [%p]\n", (void *)0x1a2b);
}

void inmate_main(void)
{
	test_cmdline();
	test_strings();
	test_alloc();
	test_arch();
	test_printk();
	printk("lib-test %s\n", all_passed ? "passed" : "FAILED");
	comm_region->cell_state = all_passed ? JAILHOUSE_CELL_SHUT_DOWN : JAILHOUSE_CELL_FAILED;
}
