/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Maps of who has what, and pictures of any configuration, also of one that makes no sense. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jailhouse/cell-config.h>
#include <jailhouse/render.h>

#include "config-blob.h"
#include "config/map.h"
#include "unit.h"

#define NUM_OWNERS 5
#define SPACE	   64

static uint32_t random_below(uint32_t limit)
{
	static uint32_t state = 12345;

	state = state * 1103515245 + 12345;
	return (state >> 16) % limit;
}

/* What the map must say of an address, looked up in all ranges. */
static uint64_t owners_at(const struct jh_map_range *ranges, size_t count, uint64_t address,
			  bool *ret_unshared)
{
	uint64_t owners = 0;
	size_t n;

	*ret_unshared = false;
	for (n = 0; n < count; n++)
		if (ranges[n].start <= address && address <= ranges[n].last) {
			owners |= 1ull << ranges[n].owner;
			*ret_unshared |= ranges[n].owner != 0 && !ranges[n].shared;
		}
	return owners;
}

static enum jh_map_kind kind_of(uint64_t owners, bool unshared)
{
	uint64_t cells = owners & ~1ull;

	if (!cells)
		return JH_MAP_ROOT;
	if (!unshared)
		return JH_MAP_SHARED;
	return cells & (cells - 1) ? JH_MAP_CONFLICT : JH_MAP_CELL;
}

static void parts_tell_each_address_right(void **state)
{
	struct jh_map_range ranges[12];
	unsigned int round, address;
	uint64_t owners;
	bool unshared;
	size_t n, part;

	(void)state;
	for (round = 0; round < 2000; round++) {
		struct jh_map map = {.has_root = true, .every_range = round % 2};
		size_t count = random_below(ARRAY_LEN(ranges)) + 1;

		for (n = 0; n < count; n++) {
			ranges[n] = (struct jh_map_range){.start = random_below(SPACE),
							  .owner = random_below(NUM_OWNERS),
							  .index = (uint32_t)n,
							  .shared = random_below(2)};
			ranges[n].last = ranges[n].start + random_below(SPACE / 4);
			jh_map_add(&map, &ranges[n]);
		}
		jh_map_cut(&map);
		assert_false(map.no_memory);
		part = 0;
		for (address = 0; address < 2 * SPACE; address++) {
			owners = owners_at(ranges, count, address, &unshared);
			while (part < map.num_parts && map.part[part].last < address)
				part++;
			if (part == map.num_parts || map.part[part].start > address) {
				assert_int_equal(owners, 0);
				continue;
			}
			assert_int_equal(map.part[part].owners, owners);
			assert_int_equal(map.part[part].kind, kind_of(owners, unshared));
		}
		jh_map_free(&map);
	}
}

static void the_end_of_all_addresses_is_no_trap(void **state)
{
	struct jh_map map = {0};

	(void)state;
	jh_map_add(&map, &(struct jh_map_range){.start = 0, .last = UINT64_MAX});
	jh_map_add(&map, &(struct jh_map_range){.start = UINT64_MAX, .last = UINT64_MAX});
	jh_map_cut(&map);
	assert_int_equal(map.num_parts, 1);
	jh_map_free(&map);
}

/* Every tag is closed by its own kind, attributes are quoted, and there is nothing but ASCII. */
static void assert_well_formed(const char *text)
{
	const char *open[16];
	size_t depth = 0, length, quotes;
	const char *c, *end;

	for (c = text; *c; c++) {
		assert_true(*c == '\n' || (*c >= 0x20 && *c <= 0x7e));
		if (*c == '&')
			assert_true(strncmp(c, "&amp;", 5) == 0 || strncmp(c, "&lt;", 4) == 0 ||
				    strncmp(c, "&gt;", 4) == 0 || strncmp(c, "&quot;", 6) == 0);
		assert_int_not_equal(*c, '>');
		if (*c != '<')
			continue;
		end = strchr(c, '>');
		assert_non_null(end);
		quotes = 0;
		for (length = 1; c + length < end; length++)
			quotes += c[length] == '"';
		assert_int_equal(quotes % 2, 0);
		if (c[1] == '/') {
			assert_true(depth-- > 0);
			length = strcspn(open[depth], " >");
			assert_int_equal(strncmp(open[depth], c + 2, length), 0);
			assert_ptr_equal(c + 2 + length, end);
		} else if (end[-1] != '/') {
			assert_true(depth < ARRAY_LEN(open));
			open[depth++] = c + 1;
		}
		c = end;
	}
	assert_int_equal(depth, 0);
}

static struct jailhouse_builder *make_cell(const char *name, const struct jailhouse_config_memory *memory,
					   size_t count, struct jailhouse_config *ret_config)
{
	struct jailhouse_config_cell cell = {.id = 0};
	struct jailhouse_builder *builder;
	size_t n;

	assert_int_equal(jailhouse_builder_new(JAILHOUSE_CONFIG_CELL, 0, &builder, NULL), 0);
	memcpy(cell.name, name, strlen(name));
	jailhouse_builder_set_cell(builder, &cell);
	jailhouse_builder_set_cpu(builder, 1, 1, NULL);
	for (n = 0; n < count; n++)
		jailhouse_builder_set_memory(builder, JAILHOUSE_CONFIG_END, &memory[n], NULL);
	assert_int_equal(jailhouse_builder_get_config(builder, ret_config, NULL, NULL), 0);
	return builder;
}

static void any_name_and_memory_make_a_well_formed_picture(void **state)
{
	static const struct jailhouse_config_memory memory[] = {
		{0, 0, UINT64_MAX, 7},
		{UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX},
		{UINT64_MAX - 1, 0, 1, 0},
		{0x1000, 0x2000, 1, 3},
		{1ull << 62, 0, 1ull << 62, 3},
	};
	static const char *const names[] = {"<b>&\"'\x1b[2J\xff", "x</svg>yyyyyyyyyyyyyyyyyyyyyyyyy", "-"};
	struct jailhouse_builder *builder;
	struct jailhouse_config config;
	char *text;
	size_t n;

	(void)state;
	for (n = 0; n < ARRAY_LEN(names); n++) {
		builder = make_cell(names[n], memory, ARRAY_LEN(memory), &config);
		assert_int_equal(
			jailhouse_config_show(&config, 1, JAILHOUSE_SHOW_SVG, &text, NULL), 0);
		assert_well_formed(text);
		jailhouse_text_free(text);
		assert_int_equal(
			jailhouse_config_show(&config, 1, JAILHOUSE_SHOW_TABLE, &text, NULL), 0);
		assert_null(strchr(text, '\x1b'));
		jailhouse_text_free(text);
		jailhouse_builder_free(builder);
	}
}

static void nothing_is_a_picture_too(void **state)
{
	struct jailhouse_builder *builder;
	struct jailhouse_config config;
	char *text;

	(void)state;
	builder = make_cell("empty", NULL, 0, &config);
	assert_int_equal(jailhouse_config_show(&config, 1, JAILHOUSE_SHOW_SVG, &text, NULL), 0);
	assert_well_formed(text);
	jailhouse_text_free(text);
	jailhouse_builder_free(builder);
}

static void sets_that_cannot_be_shown_are_refused(void **state)
{
	static struct jailhouse_config configs[JAILHOUSE_SHOW_MAX_CONFIGS + 1];
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_config_memory memory = {0x1000, 0x1000, 0x1000, 3};
	struct jailhouse_builder *builder;
	char *text = NULL;
	size_t n;

	(void)state;
	builder = make_cell("many", &memory, 1, &configs[0]);
	for (n = 1; n < ARRAY_LEN(configs); n++)
		configs[n] = configs[0];
	assert_int_equal(jailhouse_config_show(configs, ARRAY_LEN(configs), 0, &text, &error),
			 JAILHOUSE_ERR_ARGUMENT);
	assert_int_equal(jailhouse_config_show(configs, 0, 0, &text, &error),
			 JAILHOUSE_ERR_ARGUMENT);
	assert_int_equal(jailhouse_config_show(configs, 1, 3, &text, &error),
			 JAILHOUSE_ERR_ARGUMENT);
	assert_null(text);
	assert_int_equal(
		jailhouse_config_show(configs, JAILHOUSE_SHOW_MAX_CONFIGS, 2, &text, &error), 0);
	assert_well_formed(text);
	jailhouse_text_free(text);
	jailhouse_builder_free(builder);
}

/* ---- differences ---- */

static int diff_of(const void *left, const void *right, size_t size, char **ret_text)
{
	struct jailhouse_config configs[2];

	assert_int_equal(jailhouse_config_parse(left, size, &configs[0], NULL), 0);
	if (jailhouse_config_parse(right, size, &configs[1], NULL) != 0)
		return 0;
	return jailhouse_config_diff(&configs[0], &configs[1], JAILHOUSE_DIFF_TEXT, ret_text, NULL);
}

/* Whatever byte is changed, if the counts stay as they are. */
static void no_byte_is_overlooked(void **state)
{
	struct system_blob left = make_system_blob(), right;
	size_t n, counts = offsetof(struct jailhouse_system, root_cell.cpu_set_size);
	uint8_t *bytes = (uint8_t *)&right;
	struct jailhouse_config config;
	char *text;

	(void)state;
	for (n = 0; n < sizeof(right); n++) {
		right = left;
		bytes[n] ^= 0x10;
		if ((n >= counts && n < counts + 4 * JAILHOUSE_NUM_SECTIONS) ||
		    jailhouse_config_parse(&right, sizeof(right), &config, NULL) != 0)
			continue;
		if (diff_of(&left, &right, sizeof(left), &text) != 1)
			fail_msg("byte %zu", n);
		assert_non_null(strchr(text, '\n'));
		jailhouse_text_free(text);
	}
}

static void the_order_of_elements_is_no_difference(void **state)
{
	struct system_blob left = make_system_blob(), right = left;
	struct jailhouse_memory memory = right.arrays.mem[0];
	char *text;

	(void)state;
	right.arrays.mem[0] = right.arrays.mem[1];
	right.arrays.mem[1] = memory;
	assert_int_equal(diff_of(&left, &right, sizeof(left), &text), 0);
	assert_string_equal(text, "");
	jailhouse_text_free(text);
	/* What is different is found in its place on the left. */
	right.arrays.mem[1].size -= 0x1000;
	assert_int_equal(diff_of(&left, &right, sizeof(left), &text), 1);
	assert_string_equal(text, "  memory-regions/0/size: 0x3a000000 -> 0x39fff000\n");
	jailhouse_text_free(text);
}

static void a_system_and_a_cell_have_nothing_to_compare(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct system_blob system = make_system_blob();
	struct cell_blob cell = make_cell_blob();
	struct jailhouse_config configs[2];
	char *text = NULL;

	(void)state;
	jailhouse_config_parse(&system, sizeof(system), &configs[0], NULL);
	jailhouse_config_parse(&cell, sizeof(cell), &configs[1], NULL);
	assert_int_equal(jailhouse_config_diff(&configs[0], &configs[1], 0, &text, &error),
			 JAILHOUSE_ERR_CONFIG);
	assert_text(error, "one is a system, the other one a cell");
	assert_int_equal(jailhouse_config_diff(&configs[0], NULL, 0, &text, &error),
			 JAILHOUSE_ERR_ARGUMENT);
	assert_null(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parts_tell_each_address_right),
		cmocka_unit_test(the_end_of_all_addresses_is_no_trap),
		cmocka_unit_test(any_name_and_memory_make_a_well_formed_picture),
		cmocka_unit_test(nothing_is_a_picture_too),
		cmocka_unit_test(sets_that_cannot_be_shown_are_refused),
		cmocka_unit_test(no_byte_is_overlooked),
		cmocka_unit_test(the_order_of_elements_is_no_difference),
		cmocka_unit_test(a_system_and_a_cell_have_nothing_to_compare),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
