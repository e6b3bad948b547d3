// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Sentences of reasons: every place holder, every code, every kind of item, and buffers that are too
 * small.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include <jailhouse/reason-text.h>

#define CODE(name, number, sentence) { number, #name, sentence },
static const struct {
	unsigned int code;
	const char *name;
	const char *sentence;
} codes[] = { JAILHOUSE_REASONS(CODE) };

#define NUM_CODES (sizeof(codes) / sizeof(codes[0]))

static struct jailhouse_reason reason(unsigned int code, unsigned int item, unsigned int index,
				      uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
	return (struct jailhouse_reason){
		.code = code, .item = item, .index = index, .arg = { a, b, c, d }
	};
}

static void expect(struct jailhouse_reason r, const char *sentence)
{
	char buf[JAILHOUSE_REASON_TEXT_SIZE];
	unsigned int length;

	memset(buf, '#', sizeof(buf));
	length = jailhouse_reason_format(buf, sizeof(buf), &r);
	assert_string_equal(buf, sentence);
	assert_int_equal(length, strlen(sentence));
}

static void decimal_arguments(void **state)
{
	(void)state;
	expect(reason(JAILHOUSE_REASON_CONFIG_TRUNCATED, 0, 0, 0, 1, 0, 0),
	       "the configuration ends after 0 bytes, its counts ask for 1");
	expect(reason(JAILHOUSE_REASON_CONFIG_TRUNCATED, 0, 0, 9, 10, 0, 0),
	       "the configuration ends after 9 bytes, its counts ask for 10");
	expect(reason(JAILHOUSE_REASON_CONFIG_TRUNCATED, 0, 0, UINT64_MAX, 10000000000000000000u, 0, 0),
	       "the configuration ends after 18446744073709551615 bytes, its counts ask for "
	       "10000000000000000000");
	expect(reason(JAILHOUSE_REASON_CONFIG_TRUNCATED, 0, 0, 9999999999999999999u,
		      1000000000000000000u, 0, 0),
	       "the configuration ends after 9999999999999999999 bytes, its counts ask for "
	       "1000000000000000000");
}

static void decimal_agrees_with_libc(void **state)
{
	char mine[32], libc[32];
	uint64_t value = 1;

	(void)state;
	for (int i = 0; i < 100000; i++) {
		struct jailhouse_text text = { mine, sizeof(mine), 0 };

		value = value * 6364136223846793005u + 1442695040888963407u;
		jailhouse_text_decimal(&text, value >> (i % 64));
		snprintf(libc, sizeof(libc), "%llu", (unsigned long long)(value >> (i % 64)));
		assert_string_equal(mine, libc);
	}
}

static void hexadecimal_arguments_and_item(void **state)
{
	(void)state;
	expect(reason(JAILHOUSE_REASON_MEM_HYPERVISOR, JAILHOUSE_ITEM_MEM_REGION, 12, 0, 0xf,
		      0x3a000000, UINT64_MAX),
	       "memory region 12: 0x0-0xf overlaps the hypervisor's own memory "
	       "0x3a000000-0xffffffffffffffff");
}

static void packed_string_arguments(void **state)
{
	uint64_t packed;

	(void)state;
	memcpy(&packed, "AMDisbet", 8);
	expect(reason(JAILHOUSE_REASON_VENDOR, 0, 0, packed, 0, 0, 0),
	       "CPU vendor AMDisbet is not supported");
	expect(reason(JAILHOUSE_REASON_VENDOR, 0, 0, 0, 0, 0, 0), "CPU vendor  is not supported");
	expect(reason(JAILHOUSE_REASON_VENDOR, 0, 0, 0x41000041, 0, 0, 0),
	       "CPU vendor A is not supported");
	/* control characters and such must not reach a log */
	expect(reason(JAILHOUSE_REASON_VENDOR, 0, 0, 0xff7f1b0a41, 0, 0, 0),
	       "CPU vendor A???? is not supported");
	expect(reason(JAILHOUSE_REASON_MEM_ACCESS, 0, 0, JAILHOUSE_ARG_WRITE, 0xfee00000, 4, 0),
	       "write of unassigned address 0xfee00000, 4 bytes");
	expect(reason(JAILHOUSE_REASON_MEM_ACCESS, 0, 0, JAILHOUSE_ARG_EXEC, 1, 4, 0),
	       "execute of unassigned address 0x1, 4 bytes");
	expect(reason(JAILHOUSE_REASON_PIO_ACCESS, 0, 0, JAILHOUSE_ARG_READ, 0x2f8, 1, 0),
	       "read of unassigned port 0x2f8, 1 bytes");
}

static void pci_address_arguments(void **state)
{
	(void)state;
	expect(reason(JAILHOUSE_REASON_PCI_OTHER_CELL, JAILHOUSE_ITEM_PCI_DEVICE, 3, 0x00fb, 2, 0, 0),
	       "PCI device 3 00:1f.3 belongs to cell 2");
	expect(reason(JAILHOUSE_REASON_PCI_OTHER_CELL, JAILHOUSE_ITEM_PCI_DEVICE, 3, 0x1a08, 2, 0, 0),
	       "PCI device 3 1a:01.0 belongs to cell 2");
}

static void every_kind_of_item(void **state)
{
	static const struct {
		unsigned int item;
		const char *text;
	} items[] = {
		{ JAILHOUSE_ITEM_NONE, "there is no the machine" },
		{ JAILHOUSE_ITEM_CPU, "there is no CPU 7" },
		{ JAILHOUSE_ITEM_MEM_REGION, "there is no memory region 7" },
		{ JAILHOUSE_ITEM_PIO_REGION, "there is no port range 7" },
		{ JAILHOUSE_ITEM_IRQCHIP, "there is no interrupt controller 7" },
		{ JAILHOUSE_ITEM_PCI_DEVICE, "there is no PCI device 7" },
		{ JAILHOUSE_ITEM_PCI_CAP, "there is no PCI capability 7" },
		{ JAILHOUSE_ITEM_CELL, "there is no cell 7" },
		{ JAILHOUSE_ITEM_IOMMU, "there is no IOMMU 7" },
		{ JAILHOUSE_ITEM_CACHE, "there is no cache region 7" },
		{ JAILHOUSE_ITEM_IMAGE, "there is no image 7" },
		{ JAILHOUSE_ITEM_FIELD, "there is no field at offset 7" },
		{ JAILHOUSE_ITEM_STREAM_ID, "there is no stream id 7" },
		{ 13, "there is no item of kind 13, number 7" },
		{ 0xffffffff, "there is no item of kind 4294967295, number 7" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(items) / sizeof(items[0]); i++)
		expect(reason(JAILHOUSE_REASON_CELL_UNKNOWN, items[i].item, 7, 0, 0, 0, 0),
		       items[i].text);
}

static void none_internal_and_unknown_codes(void **state)
{
	(void)state;
	expect(reason(JAILHOUSE_REASON_NONE, 0, 0, 1, 2, 3, 4), "no reason was given");
	expect(reason(JAILHOUSE_REASON_INTERNAL, 0, 0, 1, 2, 3, 0xa),
	       "internal error (0x1 0x2 0x3 0xa)");
	expect(reason(7777, JAILHOUSE_ITEM_CPU, 2, 1, 2, 3, 4),
	       "unknown reason 7777 for CPU 2 (0x1 0x2 0x3 0x4)");
}

/* No place holder may be left over, and nothing may be longer than the promised size. */
static void every_sentence_is_complete_and_fits(void **state)
{
	char buf[JAILHOUSE_REASON_TEXT_SIZE];

	(void)state;
	for (size_t i = 0; i < NUM_CODES; i++) {
		struct jailhouse_reason r = reason(codes[i].code, 0xffffffff, 0xffffffff, UINT64_MAX,
						   UINT64_MAX, UINT64_MAX, UINT64_MAX);
		unsigned int length = jailhouse_reason_format(buf, sizeof(buf), &r);

		assert_in_range(length, 1, sizeof(buf) - 1);
		assert_int_equal(length, strlen(buf));
		if (strpbrk(buf, "{}"))
			fail_msg("%s: \"%s\" has a bad place holder", codes[i].name, codes[i].sentence);
	}
}

static void codes_and_names_are_unique(void **state)
{
	(void)state;
	for (size_t i = 0; i < NUM_CODES; i++) {
		assert_in_range(codes[i].code, 1, 9998);
		assert_string_equal(jailhouse_reason_name(codes[i].code), codes[i].name);
		for (size_t j = 0; j < i; j++) {
			assert_int_not_equal(codes[i].code, codes[j].code);
			assert_string_not_equal(codes[i].name, codes[j].name);
			assert_string_not_equal(codes[i].sentence, codes[j].sentence);
		}
	}
	assert_string_equal(jailhouse_reason_name(0), "NONE");
	assert_string_equal(jailhouse_reason_name(9999), "INTERNAL");
	assert_null(jailhouse_reason_name(7777));
	assert_null(jailhouse_reason_name(0xffffffff));
}

static void short_buffers_are_terminated_and_not_overrun(void **state)
{
	const struct jailhouse_reason r = reason(JAILHOUSE_REASON_CELL_UNKNOWN, JAILHOUSE_ITEM_CELL,
						 123, 0, 0, 0, 0);
	static const char whole[] = "there is no cell 123";
	char buf[64];

	(void)state;
	assert_int_equal(jailhouse_reason_format(NULL, 0, &r), strlen(whole));
	for (unsigned int size = 1; size < sizeof(buf); size++) {
		memset(buf, '#', sizeof(buf));
		assert_int_equal(jailhouse_reason_format(buf, size, &r), strlen(whole));
		for (unsigned int i = size; i < sizeof(buf); i++)
			assert_int_equal(buf[i], '#');
		assert_true(strlen(buf) < size);
		assert_int_equal(strncmp(buf, whole, strlen(buf)), 0);
		assert_int_equal(strlen(buf), size - 1 < strlen(whole) ? size - 1 : strlen(whole));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decimal_arguments),
		cmocka_unit_test(decimal_agrees_with_libc),
		cmocka_unit_test(hexadecimal_arguments_and_item),
		cmocka_unit_test(packed_string_arguments),
		cmocka_unit_test(pci_address_arguments),
		cmocka_unit_test(every_kind_of_item),
		cmocka_unit_test(none_internal_and_unknown_codes),
		cmocka_unit_test(every_sentence_is_complete_and_fits),
		cmocka_unit_test(codes_and_names_are_unique),
		cmocka_unit_test(short_buffers_are_terminated_and_not_overrun),
	};

	return cmocka_run_group_tests_name("reason-text", tests, NULL, NULL);
}
