/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What learning mode has found, as lines for the C source of the system configuration. Memory is
 * rounded to pages, neighbours are joined.
 */
#include <stdlib.h>

#include "commands.h"
#include "json.h"

#define PAGE_SIZE 4096ULL

/* A range with the accesses that fell into it. */
struct range {
	uint32_t kind;
	uint32_t direction;
	uint64_t start, end; /* the last byte, port, ... */
	uint64_t count;
};

struct range_list {
	size_t count;
	struct range *range;
	uint64_t missing; /* accesses that did not fit in the hypervisor's table */
};

static uint64_t bdf_of(const struct range *range)
{
	return range->start >> 12;
}

static struct range make_range(const struct jailhouse_access *access)
{
	uint64_t width = access->width ? access->width : 1;
	struct range range = {
		.kind = access->kind,
		.direction = access->direction,
		.start = access->address,
		.end = access->address + width - 1,
		.count = access->count,
	};

	/* An address at the very end; such a range must not turn round. */
	if (range.end < range.start)
		range.end = UINT64_MAX;
	switch (access->kind) {
	case JAILHOUSE_LEARNED_MEM:
		range.start &= ~(PAGE_SIZE - 1);
		range.end |= PAGE_SIZE - 1;
		break;
	case JAILHOUSE_LEARNED_PCI: /* the whole function */
		range.start &= ~0xfffULL;
		range.end = range.start | 0xfff;
		break;
	case JAILHOUSE_LEARNED_MSR:
		range.end = range.start;
		break;
	}
	return range;
}

static int compare(const void *a, const void *b)
{
	const struct range *left = a;
	const struct range *right = b;

	if (left->kind != right->kind)
		return left->kind < right->kind ? -1 : 1;
	if (left->start != right->start)
		return left->start < right->start ? -1 : 1;
	return (left->end > right->end) - (left->end < right->end);
}

/* May the second, which does not start before the first, become part of it? */
static bool can_join(const struct range *first, const struct range *second)
{
	if (first->kind != second->kind)
		return false;
	if (second->start <= first->end)
		return true;
	/* Neighbours: of one function there is only one, and each MSR stands for itself. */
	return (first->kind == JAILHOUSE_LEARNED_MEM || first->kind == JAILHOUSE_LEARNED_PIO) &&
	       second->start == first->end + 1 && first->direction == second->direction;
}

/* The same range first: two accesses in one page must not keep neighbours apart. */
static void join(struct range_list *list, bool (*rule)(const struct range *, const struct range *))
{
	size_t n, last = 0;

	for (n = 1; n < list->count; n++) {
		struct range *into = &list->range[last];
		const struct range *from = &list->range[n];

		if (!rule(into, from)) {
			list->range[++last] = *from;
			continue;
		}
		into->direction |= from->direction;
		into->count += from->count;
		if (from->end > into->end)
			into->end = from->end;
	}
	if (list->count)
		list->count = last + 1;
}

static bool overlap(const struct range *first, const struct range *second)
{
	return first->kind == second->kind && second->start <= first->end;
}

static bool make_ranges(const struct jailhouse_access_list *accesses, struct range_list *list)
{
	struct jailhouse_access access = JAILHOUSE_ACCESS_INIT;
	size_t n;

	list->count = jailhouse_access_list_get_count(accesses);
	list->missing = jailhouse_access_list_get_total(accesses) - list->count;
	if (jailhouse_access_list_get_total(accesses) < list->count)
		list->missing = 0;
	list->range = calloc(list->count + 1, sizeof(*list->range));
	if (!list->range)
		return false;
	for (n = 0; n < list->count; n++) {
		jailhouse_access_list_get_access(accesses, n, &access);
		list->range[n] = make_range(&access);
	}
	qsort(list->range, list->count, sizeof(*list->range), compare);
	join(list, overlap);
	join(list, can_join);
	return true;
}

static const char *direction_text(const struct range *range)
{
	switch (range->direction) {
	case JAILHOUSE_ACCESS_READ:
		return "read";
	case JAILHOUSE_ACCESS_WRITE:
		return "written";
	default:
		return "read and written";
	}
}

static void print_mem(FILE *out, const struct range *range)
{
	fprintf(out,
		"\t{\n"
		"\t\t.phys_start = 0x%llx,\n"
		"\t\t.virt_start = 0x%llx,\n"
		"\t\t.size = 0x%llx,\n"
		"\t\t.flags = %s%s%s,\n"
		"\t},\n",
		(unsigned long long)range->start, (unsigned long long)range->start,
		(unsigned long long)(range->end - range->start + 1),
		range->direction & JAILHOUSE_ACCESS_READ ? "JAILHOUSE_MEM_READ" : "",
		range->direction == (JAILHOUSE_ACCESS_READ | JAILHOUSE_ACCESS_WRITE) ? " | " : "",
		range->direction & JAILHOUSE_ACCESS_WRITE ? "JAILHOUSE_MEM_WRITE" : "");
}

static void print_range(FILE *out, const struct range *range)
{
	fprintf(out, "\t/* %s, %llu %s */\n", direction_text(range),
		(unsigned long long)range->count, range->count == 1 ? "access" : "accesses");
	switch (range->kind) {
	case JAILHOUSE_LEARNED_MEM:
		print_mem(out, range);
		break;
	case JAILHOUSE_LEARNED_PIO:
		fprintf(out, "\tPIO_RANGE(0x%llx, %llu),\n", (unsigned long long)range->start,
			(unsigned long long)(range->end - range->start + 1));
		break;
	case JAILHOUSE_LEARNED_PCI:
		fprintf(out,
			"\t{ /* %02x:%02x.%x */\n"
			"\t\t.type = JAILHOUSE_PCI_TYPE_DEVICE,\n"
			"\t\t.bdf = 0x%04llx,\n"
			"\t},\n",
			(unsigned int)(bdf_of(range) >> 8 & 0xff),
			(unsigned int)(bdf_of(range) >> 3 & 0x1f),
			(unsigned int)(bdf_of(range) & 7),
			(unsigned long long)(bdf_of(range) & 0xffff));
		break;
	default:
		fprintf(out, "\t/* MSR 0x%llx: no configuration can allow it */\n",
			(unsigned long long)range->start);
		break;
	}
}

static void print_text(struct cli *cli, const struct range_list *list)
{
	static const char *const heads[] = {
		[JAILHOUSE_LEARNED_MEM] = "mem_regions; shrink what is larger than the device",
		[JAILHOUSE_LEARNED_PIO] = "pio_regions",
		[JAILHOUSE_LEARNED_MSR] = "MSRs",
		[JAILHOUSE_LEARNED_PCI] = "pci_devices; add .bar_mask and capabilities",
	};
	uint32_t kind = 0;
	size_t n;

	for (n = 0; n < list->count; n++) {
		const struct range *range = &list->range[n];

		if (range->kind < JAILHOUSE_LEARNED_MEM || range->kind > JAILHOUSE_LEARNED_PCI)
			continue;
		if (range->kind != kind)
			fprintf(cli->out, "/* %s */\n", heads[range->kind]);
		kind = range->kind;
		print_range(cli->out, range);
	}
	if (list->missing)
		fprintf(cli->out,
			"/* %llu more did not fit in the hypervisor's table: add these, then run "
			"again */\n",
			(unsigned long long)list->missing);
}

static void print_json(struct cli *cli, const struct range_list *list)
{
	static const char *const kinds[] = {
		[JAILHOUSE_LEARNED_MEM] = "memory",
		[JAILHOUSE_LEARNED_PIO] = "pio",
		[JAILHOUSE_LEARNED_MSR] = "msr",
		[JAILHOUSE_LEARNED_PCI] = "pci",
	};
	struct json json = {.out = cli->out};
	size_t n;

	json_open_object(&json, NULL);
	json_open_array(&json, "ranges");
	for (n = 0; n < list->count; n++) {
		const struct range *range = &list->range[n];

		if (range->kind < JAILHOUSE_LEARNED_MEM || range->kind > JAILHOUSE_LEARNED_PCI)
			continue;
		json_open_object(&json, NULL);
		json_string(&json, "kind", kinds[range->kind]);
		if (range->kind == JAILHOUSE_LEARNED_PCI) {
			json_number(&json, "bdf", bdf_of(range));
		} else {
			json_hex(&json, "start", range->start);
			json_hex(&json, "end", range->end);
		}
		json_bool(&json, "read", range->direction & JAILHOUSE_ACCESS_READ);
		json_bool(&json, "write", range->direction & JAILHOUSE_ACCESS_WRITE);
		json_number(&json, "count", range->count);
		json_close_object(&json);
	}
	json_close_array(&json);
	json_number(&json, "missing", list->missing);
	json_close_object(&json);
	json_end(&json);
}

static enum cli_result run(struct cli *cli, const struct cli_args *args)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_access_list *accesses;
	struct range_list list;
	bool ok;

	if (!cli_connect(cli))
		return CLI_FAILED;
	if (jailhouse_access_list_get(cli->jh, &accesses, &error))
		return cli_report(cli, NULL, &error);
	ok = make_ranges(accesses, &list);
	jailhouse_access_list_free(accesses);
	if (!ok)
		return cli_no_memory(cli);
	if (cli_args_has(args, 'j'))
		print_json(cli, &list);
	else
		print_text(cli, &list);
	free(list.range);
	return CLI_OK;
}

static const struct cli_option options[] = {
	{"json", 'j', false, NULL, "print JSON"},
	{NULL, 0, false, NULL, NULL},
};

const struct cli_command cli_learned = {
	.name = "learned",
	.synopsis = "[--json]",
	.summary = "Print what learning mode has found, as lines for the system configuration.",
	.details = "In learning mode (\"enable --permissive\") accesses of Linux that the configuration\n"
		   "does not allow are answered and recorded instead of being fatal. The lines go\n"
		   "into the source of the system configuration. The record stays readable after\n"
		   "\"disable\" until the next \"enable\".",
	.options = options,
	.min_words = 0,
	.max_words = 0,
	.run = run,
};
