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
#include <stdarg.h>

CMDLINE_BUFFER(512);

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

#ifdef __x86_64__
static volatile unsigned int seen_vector;
static unsigned long long seen_time;

static void irq_handler(unsigned int vector)
{
	seen_time = pm_timer_read();
	seen_vector = vector;
}

static void wait_for_vector(unsigned int vector)
{
	unsigned long long start = pm_timer_read();

	while (seen_vector != vector && pm_timer_read() - start < NS_PER_SEC)
		cpu_relax();
}

static void test_irqs(void)
{
	unsigned long long start;

	irq_init(irq_handler);
	irq_enable(63);
	enable_irqs();
	irq_send_ipi(cpu_id(), 63);
	wait_for_vector(63);
	EXPECT_EQUAL(seen_vector, 63);
	irq_send_ipi(cpu_id(), 32);
	wait_for_vector(32);
	EXPECT_EQUAL(seen_vector, 32);

	/* It may come late on a busy host, but not early. */
	EXPECT_EQUAL(apic_timer_init(40) > 0, true);
	start = pm_timer_read();
	apic_timer_set(20 * NS_PER_MSEC);
	wait_for_vector(40);
	EXPECT_EQUAL(seen_vector, 40);
	EXPECT_EQUAL(seen_time - start >= 19 * NS_PER_MSEC, true);
	disable_irqs();
}

static void test_clocks(void)
{
	unsigned long long pm = pm_timer_read();
	unsigned long tsc_hz = tsc_init(), tsc = tsc_read_ns();
	long long difference;

	EXPECT_EQUAL(tsc_hz, comm_region->tsc_khz * 1000UL);
	delay_us(50000);
	pm = pm_timer_read() - pm;
	difference = (tsc_read_ns() - tsc) - pm;
	EXPECT_EQUAL(pm >= 50 * NS_PER_MSEC, true);
	EXPECT_EQUAL(difference < (long long)pm / 4 && difference > -(long long)pm / 4, true);
}

/* Over an existing mapping, then at a place that needs new tables; nothing is accessed there. */
static void test_mapping(void)
{
	unsigned long before;

	map_range((void *)0, HUGE_PAGE_SIZE, MAP_CACHED);
	EXPECT_EQUAL(comm_region->revision, COMM_REGION_ABI_REVISION);
	before = heap_pos;
	map_range((void *)0x8000000000UL, HUGE_PAGE_SIZE + 1, MAP_UNCACHED);
	EXPECT_EQUAL(heap_pos - before >= 2 * PAGE_SIZE, true);
	before = heap_pos;
	map_range((void *)0x8000000000UL, PAGE_SIZE, MAP_UNCACHED);
	EXPECT_EQUAL(heap_pos, before);
}
#endif

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
#ifdef __x86_64__
	test_irqs();
	test_clocks();
	test_mapping();
#endif
	test_printk();
	printk("lib-test %s\n", all_passed ? "passed" : "FAILED");
	comm_region->cell_state = all_passed ? JAILHOUSE_CELL_SHUT_DOWN : JAILHOUSE_CELL_FAILED;
}
