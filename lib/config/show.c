/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Who has what: the walk over a set of configurations, for table and JSON. */
#include <stdio.h>
#include <stdlib.h>

#include <jailhouse/cell-config.h>

#include "config/check.h"
#include "config/show.h"

#define DECIMAL 0 /* digits of a part whose numbers are no addresses */

void jh_show_flags(struct jh_text *text, uint64_t flags)
{
	static const struct {
		uint64_t flag;
		const char *name;
	} names[] = {
		{JAILHOUSE_MEM_DMA, "DMA"},
		{JAILHOUSE_MEM_IO, "IO"},
		{JAILHOUSE_MEM_LOADABLE, "LOADABLE"},
	};
	size_t n;

	jh_text_add(text, "%s%s%s", flags & JAILHOUSE_MEM_READ ? "R" : "-",
		    flags & JAILHOUSE_MEM_WRITE ? "W" : "-",
		    flags & JAILHOUSE_MEM_EXECUTE ? "X" : "-");
	for (n = 0; n < JH_ARRAY_SIZE(names); n++)
		if (flags & names[n].flag)
			jh_text_add(text, " %s", names[n].name);
}

void jh_show_size(struct jh_text *text, uint64_t size)
{
	static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
	unsigned int n = 0;
	uint64_t unit = 1;

	while (n + 1 < JH_ARRAY_SIZE(units) && size / unit >= 1024) {
		unit *= 1024;
		n++;
	}
	if (size % unit == 0)
		jh_text_add(text, "%llu %s", (unsigned long long)(size / unit), units[n]);
	else
		jh_text_add(text, "%llu.%llu %s", (unsigned long long)(size / unit),
			    (unsigned long long)(size % unit * 10 / unit), units[n]);
}

static void show_map(struct jh_show *show, const struct jh_show_form *form, struct jh_map *map,
		     unsigned int digits)
{
	size_t n;

	for (n = 0; n < map->num_parts; n++)
		form->part(show, &map->part[n], digits, n == 0);
	if (map->no_memory)
		show->no_memory = true;
	jh_map_free(map);
}

static void show_cpus(struct jh_show *show, const struct jh_show_form *form)
{
	struct jh_map map = {0};

	form->open(show, "CPUs", NULL, "cpus");
	jh_map_cpus(&map, show->configs, show->count);
	show_map(show, form, &map, DECIMAL);
	form->close(show);
}

static void show_memory(struct jh_show *show, const struct jh_show_form *form)
{
	struct jh_map map = {0};
	unsigned int digits = 8;

	form->open(show, "Memory", NULL, "memory");
	jh_map_memory(&map, show->configs, show->count);
	while (map.num_parts && digits < 16 && map.part[map.num_parts - 1].last >> (4 * digits))
		digits++;
	show_map(show, form, &map, digits);
	form->close(show);
}

static void show_ports(struct jh_show *show, const struct jh_show_form *form)
{
	struct jh_map map = {0};

	jh_map_ports(&map, show->configs, show->count);
	if (map.num_parts) {
		form->open(show, "Ports", NULL, "ports");
		show_map(show, form, &map, 4);
		form->close(show);
	}
	jh_map_free(&map);
}

/* ---- interrupt controllers ---- */

/* Finds the controller with the lowest address from `from` on. */
static bool next_chip(const struct jh_show *show, uint64_t from, uint64_t *ret_address)
{
	struct jailhouse_config_irqchip chip;
	bool found = false;
	uint32_t n;
	size_t c;

	for (c = 0; c < show->count; c++)
		for (n = 0; jailhouse_config_get_irqchip(&show->configs[c], n, &chip) == 0; n++)
			if (chip.address >= from && (!found || chip.address < *ret_address)) {
				*ret_address = chip.address;
				found = true;
			}
	return found;
}

static void show_lines(struct jh_show *show, const struct jh_show_form *form)
{
	struct jh_map map = {0};
	uint64_t address = 0;
	char what[32];

	while (next_chip(show, address, &address)) {
		snprintf(what, sizeof(what), "0x%llx", (unsigned long long)address);
		form->open(show, "Interrupts of the controller at", what, "interrupts");
		jh_map_lines(&map, show->configs, show->count, address);
		show_map(show, form, &map, DECIMAL);
		form->close(show);
		if (address++ == UINT64_MAX)
			break;
	}
}

/* ---- devices ---- */

static int by_address(const void *left, const void *right)
{
	const struct jh_show_device *a = left, *b = right;

	if (a->device.domain != b->device.domain)
		return a->device.domain < b->device.domain ? -1 : 1;
	if (a->device.bdf != b->device.bdf)
		return a->device.bdf < b->device.bdf ? -1 : 1;
	return a->owners < b->owners ? -1 : a->owners > b->owners;
}

/* All devices of all configurations, sorted; those at the same address follow each other. */
static struct jh_show_device *collect(const struct jh_show *show, size_t *ret_count)
{
	struct jh_show_device *list;
	size_t c, room = 1, count = 0;
	uint32_t n;

	for (c = 0; c < show->count; c++)
		room += show->configs[c].count[JAILHOUSE_SECTION_PCI_DEVICE];
	list = calloc(room, sizeof(*list));
	for (c = 0; list && c < show->count; c++)
		for (n = 0; jailhouse_config_get_pci_device(&show->configs[c], n,
							    &list[count].device) == 0;
		     n++)
			list[count++].owners = 1ull << c;
	if (count > 1)
		qsort(list, count, sizeof(*list), by_address);
	*ret_count = count;
	return list;
}

/* Links have an end in each cell; of the rest, the root cell and one cell may list it. */
static bool is_conflict(const struct jh_show *show, const struct jh_show_device *device)
{
	uint64_t cells = device->owners;

	if (show->configs[0].kind == JAILHOUSE_CONFIG_SYSTEM)
		cells &= ~1ull;
	return device->device.type != JAILHOUSE_PCI_TYPE_IVSHMEM && (cells & (cells - 1)) != 0;
}

static void show_devices(struct jh_show *show, const struct jh_show_form *form)
{
	struct jh_show_device *list, one;
	size_t count, n;
	bool first = true;

	list = collect(show, &count);
	if (!list)
		show->no_memory = true;
	if (count > 0)
		form->open(show, "PCI devices", NULL, "devices");
	for (n = 0; n < count; first = false) {
		one = list[n];
		for (n++; n < count && list[n].device.domain == one.device.domain &&
			  list[n].device.bdf == one.device.bdf;
		     n++) {
			one.device = list[n].device;
			one.owners |= list[n].owners;
		}
		form->device(show, &one, is_conflict(show, &one), first);
	}
	if (count > 0)
		form->close(show);
	free(list);
}

static void walk(struct jh_show *show, const struct jh_show_form *form)
{
	form->begin(show);
	show_cpus(show, form);
	show_memory(show, form);
	show_ports(show, form);
	show_lines(show, form);
	show_devices(show, form);
	form->end(show);
}

int jailhouse_config_show(const struct jailhouse_config *configs, size_t count, uint32_t form,
			  char **ret_text, struct jailhouse_error *error)
{
	struct jh_show show = {.configs = configs, .count = count};
	int err;

	if (!configs || count == 0 || count > JAILHOUSE_SHOW_MAX_CONFIGS || !ret_text ||
	    form > JAILHOUSE_SHOW_SVG)
		return jh_error_argument(error, "configs, count, form or ret_text");
	err = jh_check_order(configs, count, error);
	if (err)
		return err;
	if (form == JAILHOUSE_SHOW_SVG)
		jh_show_svg(&show);
	else
		walk(&show, form == JAILHOUSE_SHOW_JSON ? &jh_show_json : &jh_show_table);
	if (show.no_memory || show.text.no_memory) {
		jh_text_free(&show.text);
		return jh_error_no_memory(error);
	}
	*ret_text = show.text.data;
	return 0;
}
