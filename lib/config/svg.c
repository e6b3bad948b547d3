/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A picture of the physical memory: addresses grow downwards, a column for the hypervisor and for each
 * configuration. One scale for all; pieces too small to be seen are drawn larger, and gaps and long
 * pieces are folded. Numbers are integers, so that the picture is the same everywhere.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/show.h"

#define AXIS	    150 /* width for the addresses */
#define TOP	    84
#define MIN_WIDTH   520 /* for the text below */
#define HV_WIDTH    76
#define SPACE	    8 /* between columns */
#define MIN_HEIGHT  13
#define MAX_HEIGHT  130
#define FOLD_HEIGHT 24
#define BUDGET	    760 /* height of a map with few pieces */

#define FONT "font-family=\"DejaVu Sans,Verdana,sans-serif\""
#define MONO "font-family=\"DejaVu Sans Mono,monospace\""

/* A piece of the axis: a part of the map, or a gap. */
struct item {
	uint64_t start;
	uint64_t last;
	const struct jh_map_part *part; /* NULL: a gap */
	unsigned int y, height;
	bool folded;
};

struct picture {
	struct jh_show *show;
	struct jh_map map;
	struct item *item;
	size_t count;
	unsigned int shift; /* a pixel is 2^shift bytes */
	unsigned int column_width;
	unsigned int bottom;
};

static const char *const cell_colours[] = {
	"#9ecae9", "#ffbf79", "#b5a0d8", "#f2a6c0", "#86c8b8",
	"#d8c27a", "#c7a48c", "#a9b8e0", "#c5d96b", "#e8a58c",
};

/* Text with what XML wants escaped, cut to a number of characters. */
static void add_escaped(struct jh_text *text, const char *string, size_t max)
{
	bool cut = strlen(string) > max && max > 2;
	size_t n;

	for (n = 0; string[n] && n < (cut ? max - 2 : max); n++)
		switch (string[n]) {
		case '&':
			jh_text_add(text, "&amp;");
			break;
		case '<':
			jh_text_add(text, "&lt;");
			break;
		case '>':
			jh_text_add(text, "&gt;");
			break;
		case '"':
			jh_text_add(text, "&quot;");
			break;
		default:
			jh_text_add(text, "%c", string[n]);
		}
	if (cut)
		jh_text_add(text, "..");
}

/* ---- the axis ---- */

static unsigned int height_of(uint64_t size, unsigned int shift, bool *ret_folded)
{
	uint64_t pixels = size >> shift;

	*ret_folded = pixels > MAX_HEIGHT;
	if (pixels > MAX_HEIGHT)
		return MAX_HEIGHT;
	return pixels < MIN_HEIGHT ? MIN_HEIGHT : (unsigned int)pixels;
}

/* The finest scale with which all parts fit. */
static unsigned int choose_shift(const struct jh_map *map)
{
	size_t budget = map->num_parts * MIN_HEIGHT * 3 / 2;
	unsigned int shift;
	size_t n, sum;
	bool folded;

	if (budget < BUDGET)
		budget = BUDGET;
	for (shift = 12; shift < 50; shift++) {
		sum = 0;
		for (n = 0; n < map->num_parts; n++)
			sum += height_of(map->part[n].last - map->part[n].start + 1, shift, &folded);
		if (sum <= budget)
			break;
	}
	return shift;
}

static void add_item(struct picture *picture, uint64_t start, uint64_t last,
		     const struct jh_map_part *part)
{
	struct item *item = &picture->item[picture->count++];

	*item = (struct item){.start = start, .last = last, .part = part, .y = picture->bottom};
	item->height = height_of(last - start + 1, picture->shift, &item->folded);
	if (!part && item->height > FOLD_HEIGHT) {
		item->height = FOLD_HEIGHT;
		item->folded = true;
	}
	picture->bottom += item->height;
}

static void make_items(struct picture *picture)
{
	const struct jh_map *map = &picture->map;
	uint64_t end = 0;
	size_t n;

	picture->bottom = TOP;
	picture->shift = choose_shift(map);
	for (n = 0; n < map->num_parts; n++) {
		if (n > 0 && map->part[n].start > end)
			add_item(picture, end, map->part[n].start - 1, NULL);
		add_item(picture, map->part[n].start, map->part[n].last, &map->part[n]);
		end = map->part[n].last + 1;
	}
}

/* The height at which an item that begins there is drawn; regions begin and end with items. */
static unsigned int y_of(const struct picture *picture, uint64_t address)
{
	size_t low = 0, high = picture->count, middle;

	while (low < high) {
		middle = (low + high) / 2;
		if (picture->item[middle].start < address)
			low = middle + 1;
		else
			high = middle;
	}
	return low < picture->count ? picture->item[low].y : picture->bottom;
}

/* ---- columns ---- */

static unsigned int column_x(const struct picture *picture, uint32_t owner)
{
	if (owner >= JH_OWNER_HYPERVISOR)
		return AXIS;
	return AXIS + HV_WIDTH + SPACE + owner * (picture->column_width + SPACE);
}

static unsigned int column_width(const struct picture *picture, uint32_t owner)
{
	return owner >= JH_OWNER_HYPERVISOR ? HV_WIDTH : picture->column_width;
}

static unsigned int total_width(const struct picture *picture)
{
	unsigned int width = column_x(picture, (uint32_t)picture->show->count) + SPACE;

	return width < MIN_WIDTH ? MIN_WIDTH : width;
}

static const char *colour_of(const struct picture *picture, const struct jh_map_part *part,
			     uint32_t owner)
{
	static const char *const kinds[JH_MAP_NUM_KINDS] = {
		[JH_MAP_ROOT] = "#dfe8df",       [JH_MAP_SHARED] = "url(#shared)",
		[JH_MAP_HYPERVISOR] = "#4d4d4d", [JH_MAP_INTERCEPTED] = "url(#intercepted)",
		[JH_MAP_CONFLICT] = "#d62728",
	};

	if (part->kind != JH_MAP_CELL)
		return kinds[part->kind];
	if (picture->map.has_root && owner == 0)
		return "url(#given)";
	return cell_colours[(owner - picture->map.has_root) % JH_ARRAY_SIZE(cell_colours)];
}

/* Are there stripes behind what is written there? */
static bool is_striped(const struct picture *picture, const struct jh_map_part *part,
			       uint32_t owner)
{
	return colour_of(picture, part, owner)[0] != '#';
}

/* What a browser shows under the pointer. */
static void add_tooltip(const struct picture *picture, const struct jh_map_part *part)
{
	struct jh_text *text = &picture->show->text;
	const char *separator = "";
	uint64_t owners;

	jh_text_add(text, "<title>0x%llx-0x%llx, ", (unsigned long long)part->start,
		    (unsigned long long)part->last);
	jh_show_size(text, part->last - part->start + 1);
	jh_text_add(text, ", %s: ", jh_map_kind_name(part->kind));
	for (owners = part->owners; owners; owners &= owners - 1) {
		jh_text_add(text, "%s", separator);
		add_escaped(text,
			    jh_owner_name(picture->show->configs,
					  (uint32_t)__builtin_ctzll(owners))
				    .text,
			    40);
		separator = ", ";
	}
	jh_text_add(text, "</title>");
}

/* A zigzag through the middle: here is less than there should be. */
static void add_fold(struct jh_text *text, unsigned int x, unsigned int width, unsigned int y,
		     const char *colour)
{
	unsigned int at;

	jh_text_add(text, "<path d=\"M%u %u", x, y);
	for (at = 6; at <= width; at += 6)
		jh_text_add(text, "l6 %s", at / 6 % 2 ? "-5" : "5");
	jh_text_add(text, "\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>\n", colour);
}

static void add_part(const struct picture *picture, const struct item *item)
{
	struct jh_text *text = &picture->show->text;
	unsigned int x, width;
	uint64_t owners;
	uint32_t owner;

	for (owners = item->part->owners; owners; owners &= owners - 1) {
		owner = (uint32_t)__builtin_ctzll(owners);
		x = column_x(picture, owner);
		width = column_width(picture, owner);
		jh_text_add(text, "<rect x=\"%u\" y=\"%u\" width=\"%u\" height=\"%u\" fill=\"%s\">", x,
			    item->y, width, item->height, colour_of(picture, item->part, owner));
		add_tooltip(picture, item->part);
		jh_text_add(text, "</rect>\n");
		if (item->folded)
			add_fold(text, x, width, item->y + item->height / 2 + 16,
				 is_striped(picture, item->part, owner) ? "#777" : "#fff");
	}
}

static void add_gap(const struct picture *picture, const struct item *item)
{
	struct jh_text *text = &picture->show->text;
	unsigned int width = total_width(picture) - AXIS - SPACE;

	if (!item->folded)
		return;
	add_fold(text, AXIS, width, item->y + item->height / 2 + 3, "#ddd");
	jh_text_add(text,
		    "<text x=\"%u\" y=\"%u\" font-size=\"10\" fill=\"#888\" text-anchor=\"middle\" "
		    "stroke=\"#fff\" stroke-width=\"4\" paint-order=\"stroke\">",
		    AXIS + width / 2, item->y + item->height / 2 + 4);
	jh_show_size(text, item->last - item->start + 1);
	jh_text_add(text, " that nobody has</text>\n");
}

static void add_address(const struct picture *picture, uint64_t address, unsigned int y)
{
	jh_text_add(&picture->show->text,
		    "<path d=\"M%u %uH%u\" stroke=\"#ececec\"/><text x=\"%u\" y=\"%u\" font-size=\"10\" "
		    "text-anchor=\"end\" " MONO ">0x%llx</text>\n",
		    AXIS - 8, y, total_width(picture) - SPACE, AXIS - 12, y + 4,
		    (unsigned long long)address);
}

/* ---- regions ---- */

/* How a text must look on the part that begins at this height, for it to be read. */
static const char *label_style(const struct picture *picture, uint32_t owner, unsigned int y)
{
	size_t n;

	for (n = 0; n < picture->count && (picture->item[n].y < y || !picture->item[n].part); n++)
		;
	if (n == picture->count)
		return "";
	if (picture->item[n].part->kind == JH_MAP_CONFLICT)
		return " fill=\"#fff\"";
	if (is_striped(picture, picture->item[n].part, owner))
		return " stroke=\"#fff\" stroke-width=\"3\" paint-order=\"stroke\"";
	return "";
}

/* "#2 1 MiB RWX at 0x0", as much of it as fits */
static void add_label(const struct picture *picture, const struct jh_map_range *range,
		      unsigned int x, unsigned int y)
{
	struct jailhouse_config_memory memory;
	struct jh_text label = {0};

	jailhouse_config_get_memory(&picture->show->configs[range->owner], range->index, &memory);
	jh_text_add(&label, "#%u ", range->index);
	jh_show_size(&label, range->last - range->start + 1);
	jh_text_add(&label, " ");
	jh_show_flags(&label, range->flags & 7);
	if (memory.virt_start != memory.phys_start)
		jh_text_add(&label, " at 0x%llx", (unsigned long long)memory.virt_start);
	jh_text_add(&picture->show->text, "<text x=\"%u\" y=\"%u\" font-size=\"9\"%s>", x + 4,
		    y + 10, label_style(picture, range->owner, y));
	if (label.data)
		add_escaped(&picture->show->text, label.data, picture->column_width / 5);
	jh_text_add(&picture->show->text, "</text>\n");
	if (label.no_memory)
		picture->show->no_memory = true;
	jh_text_free(&label);
}

static void add_region(const struct picture *picture, const struct jh_map_range *range)
{
	unsigned int y = y_of(picture, range->start);
	unsigned int end = y_of(picture, range->last + 1);
	unsigned int x = column_x(picture, range->owner);

	if (range->owner >= JH_OWNER_HYPERVISOR)
		return;
	jh_text_add(&picture->show->text,
		    "<rect x=\"%u\" y=\"%u\" width=\"%u\" height=\"%u\" fill=\"none\" "
		    "stroke=\"#555\" stroke-width=\"0.8\"/>\n",
		    x, y, picture->column_width, end - y);
	add_label(picture, range, x, y);
}

/* ---- the rest ---- */

static void add_patterns(struct jh_text *text)
{
	static const struct {
		const char *id, *back, *line;
	} patterns[] = {
		{"shared", "#d5eecb", "#94cf82"},
		{"intercepted", "#e6e6e6", "#8c8c8c"},
		{"given", "#ffffff", "#d5d5d5"},
	};
	size_t n;

	jh_text_add(text, "<defs>\n");
	for (n = 0; n < JH_ARRAY_SIZE(patterns); n++)
		jh_text_add(text,
			    "<pattern id=\"%s\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\">"
			    "<rect width=\"8\" height=\"8\" fill=\"%s\"/><path d=\"M-2 2l4-4M0 8l8-8M6 "
			    "10l4-4\" stroke=\"%s\" stroke-width=\"1.2\"/></pattern>\n",
			    patterns[n].id, patterns[n].back, patterns[n].line);
	jh_text_add(text, "</defs>\n");
}

static void add_title(const struct picture *picture)
{
	struct jh_text *text = &picture->show->text;
	struct jailhouse_config_cell cell;
	char name[sizeof(cell.name) + 1];
	size_t n;

	jailhouse_config_get_cell(&picture->show->configs[0], &cell);
	snprintf(name, sizeof(name), "%.32s", cell.name);
	for (n = 0; name[n]; n++)
		if (name[n] < 0x20 || name[n] > 0x7e)
			name[n] = '?';
	jh_text_add(text, "<text x=\"12\" y=\"26\" font-size=\"16\" font-weight=\"bold\">Memory of ");
	add_escaped(text, name, 40);
	jh_text_add(text, "</text>\n");
}

static void add_heads(const struct picture *picture)
{
	struct jh_text *text = &picture->show->text;
	uint32_t n;

	jh_text_add(text,
		    "<text x=\"%u\" y=\"%u\" font-size=\"11\" font-weight=\"bold\" "
		    "text-anchor=\"middle\">hypervisor</text>\n",
		    AXIS + HV_WIDTH / 2, TOP - 12);
	for (n = 0; n < picture->show->count; n++) {
		jh_text_add(text,
			    "<text x=\"%u\" y=\"%u\" font-size=\"11\" font-weight=\"bold\" "
			    "text-anchor=\"middle\">",
			    column_x(picture, n) + picture->column_width / 2, TOP - 12);
		add_escaped(text, jh_owner_name(picture->show->configs, n).text,
			    picture->column_width / 7);
		jh_text_add(text, "</text>\n");
	}
}

static const struct {
	const char *colour, *text;
} legend[] = {
	{"#dfe8df", "root cell"},
	{"#9ecae9", "a cell (each its colour)"},
	{"url(#given)", "given to a cell"},
	{"url(#shared)", "shared"},
	{"#4d4d4d", "hypervisor"},
	{"url(#intercepted)", "intercepted registers"},
	{"#d62728", "conflict"},
};

#define LINE 20

/* The next entry: moves the place, to another line if it does not fit. Returns its x. */
static unsigned int place_entry(const struct picture *picture, size_t n, unsigned int *x,
				unsigned int *y)
{
	unsigned int width = 44 + (unsigned int)strlen(legend[n].text) * 6;
	unsigned int at;

	if (*x + width > total_width(picture) && *x > 12) {
		*x = 12;
		*y += LINE;
	}
	at = *x;
	*x += width;
	return at;
}

static unsigned int legend_height(const struct picture *picture)
{
	unsigned int x = 12, y = 24;
	size_t n;

	for (n = 0; n < JH_ARRAY_SIZE(legend); n++)
		place_entry(picture, n, &x, &y);
	return y + 3 * LINE;
}

static void add_legend(const struct picture *picture)
{
	struct jh_text *text = &picture->show->text;
	unsigned int x = 12, y = picture->bottom + 24;
	unsigned int at;
	size_t n;

	for (n = 0; n < JH_ARRAY_SIZE(legend); n++) {
		at = place_entry(picture, n, &x, &y);
		jh_text_add(text,
			    "<rect x=\"%u\" y=\"%u\" width=\"18\" height=\"12\" fill=\"%s\" "
			    "stroke=\"#555\" stroke-width=\"0.8\"/><text x=\"%u\" y=\"%u\" "
			    "font-size=\"11\">%s</text>\n",
			    at, y, legend[n].colour, at + 24, y + 10, legend[n].text);
	}
	jh_text_add(text, "<text x=\"12\" y=\"%u\" font-size=\"10\" fill=\"#555\">A pixel is ",
		    y + 2 * LINE - 6);
	jh_show_size(text, 1ull << picture->shift);
	jh_text_add(text,
		    ". Less than %d pixels are drawn larger; zigzags fold more than %d, and gaps."
		    "</text>\n",
		    MIN_HEIGHT, MAX_HEIGHT);
}

static void draw(const struct picture *picture)
{
	struct jh_text *text = &picture->show->text;
	unsigned int width = total_width(picture);
	unsigned int height = picture->bottom + legend_height(picture);
	size_t n;

	jh_text_add(text,
		    "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%u\" height=\"%u\" "
		    "viewBox=\"0 0 %u %u\" " FONT ">\n<rect width=\"%u\" height=\"%u\" fill=\"#fff\"/>\n",
		    width, height, width, height, width, height);
	add_patterns(text);
	add_title(picture);
	add_heads(picture);
	for (n = 0; n < picture->count; n++)
		add_address(picture, picture->item[n].start, picture->item[n].y);
	if (picture->count > 0)
		add_address(picture, picture->item[picture->count - 1].last + 1, picture->bottom);
	for (n = 0; n < picture->count; n++)
		if (picture->item[n].part)
			add_part(picture, &picture->item[n]);
		else
			add_gap(picture, &picture->item[n]);
	for (n = 0; n < picture->map.num_ranges; n++)
		add_region(picture, &picture->map.range[n]);
	add_legend(picture);
	jh_text_add(text, "</svg>\n");
}

void jh_show_svg(struct jh_show *show)
{
	struct picture picture = {.show = show, .map = {.every_range = true}};
	unsigned int width = 1200 / (unsigned int)show->count;

	picture.column_width = width < 110 ? 110 : width > 170 ? 170 : width;
	jh_map_memory(&picture.map, show->configs, show->count);
	picture.item = calloc(2 * picture.map.num_parts + 1, sizeof(*picture.item));
	if (picture.item && !picture.map.no_memory) {
		make_items(&picture);
		draw(&picture);
	} else {
		show->no_memory = true;
	}
	free(picture.item);
	jh_map_free(&picture.map);
}
