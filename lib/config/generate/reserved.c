/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Memory that Linux was told to keep out of, and how to tell it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/generate/machine.h"
#include "config/text.h"

#define HUGE       (2 * JH_MIB)
#define BELOW_4G   0x100000000ull
#define USUAL_HOLE 0x3a000000ull /* where most descriptions of PCs have it */

static uint64_t round_up(uint64_t value, uint64_t to)
{
	return (value + to - 1) & ~(to - 1);
}

/* "82M", "0x5200000", up to a character that can't belong to it, as the kernel's memparse(). */
bool jh_size_parse(const char **text, uint64_t *ret_size)
{
	unsigned int shift = 0;
	uint64_t value;
	char *end;

	if (**text < '0' || **text > '9')
		return false;
	value = strtoull(*text, &end, 0);
	switch (*end) {
	case 'T':
	case 't':
		shift = 40;
		break;
	case 'G':
	case 'g':
		shift = 30;
		break;
	case 'M':
	case 'm':
		shift = 20;
		break;
	case 'K':
	case 'k':
		shift = 10;
		break;
	default:
		break;
	}
	if (shift)
		end++;
	if (end == *text || value > UINT64_MAX >> shift)
		return false;
	*text = end;
	*ret_size = value << shift;
	return true;
}

/* The value of the next argument of that name behind `at`, NULL if there is none. */
static const char *next_argument(const char *at, const char *name)
{
	size_t length = strlen(name);
	const char *start = at;

	for (at = strstr(at, name); at; at = strstr(at + 1, name))
		if ((at == start || at[-1] == ' ') && at[length] == '=')
			return at + length + 1;
	return NULL;
}

/* One of memmap=SIZE$START,SIZE$START */
static const char *take_memmap(struct jailhouse_machine *machine, const char *at)
{
	uint64_t size, start;

	if (!jh_size_parse(&at, &size) || *at != '$')
		return NULL;
	at++;
	if (!jh_size_parse(&at, &start))
		return NULL;
	if (size == 0 || start % JH_PAGE || size % JH_PAGE || start > UINT64_MAX - size)
		jh_note(machine, "memmap=0x%llx$0x%llx is not some whole pages, and not used",
			(unsigned long long)size, (unsigned long long)start);
	else if (jh_regions_touch(&machine->ram, start, start + size - 1))
		jh_note(machine,
			"memmap=0x%llx$0x%llx is not used: Linux has memory there all the same",
			(unsigned long long)size, (unsigned long long)start);
	else
		jh_regions_add(&machine->reserved, start, start + size - 1, 0);
	return *at == ',' ? at + 1 : NULL;
}

void jh_reserved_from_memmap(struct jailhouse_machine *machine)
{
	const char *argument = machine->command_line;
	const char *at;

	while ((argument = next_argument(argument, "memmap")))
		for (at = argument; at; at = take_memmap(machine, at))
			;
	if (machine->reserved.count > 1)
		jh_note(machine, "there are %zu reserved pieces of memory; one of them is used",
			machine->reserved.count);
}

void jh_reserved_from_mem(struct jailhouse_machine *machine, const struct jh_regions *all_ram)
{
	const char *at = next_argument(machine->command_line, "mem");
	const struct jh_region *ram;
	uint64_t left, size;
	size_t n;

	if (!at || !jh_size_parse(&at, &left))
		return;
	/* Linux keeps the lowest of it. */
	for (n = 0; n < all_ram->count; n++) {
		ram = &all_ram->region[n];
		size = ram->last - ram->start + 1;
		if (left < size)
			jh_regions_add(&machine->reserved, round_up(ram->start + left, JH_PAGE),
				       ram->last, 0);
		left -= left < size ? left : size;
	}
	for (n = 0; n < machine->ram.count; n++)
		jh_regions_cut(&machine->reserved, machine->ram.region[n].start,
			       machine->ram.region[n].last);
}

static uint64_t size_of(const struct jh_region *region)
{
	return region->last - region->start + 1;
}

/* Is it RAM that Linux could do without after the next boot: not the place of its image? */
static bool is_free_ram(const struct jailhouse_machine *machine, uint64_t start, uint64_t last)
{
	const struct jh_resource *resource;
	size_t n;

	if (!jh_regions_cover(&machine->ram, start, last))
		return false;
	for (n = 0; n < machine->iomem.count; n++) {
		resource = &machine->iomem.resource[n];
		if (resource->depth > 0 && strncmp(resource->name, "Kernel ", 7) == 0 &&
		    start <= resource->last && last >= resource->start)
			return false;
	}
	return true;
}

/* The highest place below 4 GiB, else the highest of all. */
static bool find_place(const struct jailhouse_machine *machine, uint64_t bytes, uint64_t *ret_start)
{
	const struct jh_region *ram;
	uint64_t start;
	bool found = false;
	size_t n;

	for (n = 0; n < machine->ram.count; n++) {
		ram = &machine->ram.region[n];
		if (size_of(ram) < bytes || (found && ram->last >= BELOW_4G))
			continue;
		start = (ram->last + 1 - bytes) & ~(HUGE - 1);
		if (start < ram->start || start < 16 * JH_MIB ||
		    !is_free_ram(machine, start, start + bytes - 1))
			continue;
		*ret_start = start;
		found = true;
	}
	return found;
}

static int too_small(const struct jailhouse_machine *machine, uint64_t bytes,
		     struct jailhouse_error *error)
{
	struct jailhouse_error none = JAILHOUSE_ERROR_INIT;
	uint64_t largest = 0;
	char hint[128];
	char *text = NULL;
	size_t n;

	for (n = 0; n < machine->reserved.count; n++)
		if (size_of(&machine->reserved.region[n]) > largest)
			largest = size_of(&machine->reserved.region[n]);
	if (machine->has_device_tree)
		snprintf(hint, sizeof(hint),
			 "keep it from Linux by a node jailhouse@ADDRESS with no-map "
			 "in /reserved-memory");
	else if (jailhouse_machine_propose_reservation(machine, bytes, &text, &none) == 0)
		snprintf(hint, sizeof(hint), "boot Linux with %s", text);
	else
		snprintf(hint, sizeof(hint), "%.120s", none.text);
	jailhouse_text_free(text);
	return jh_error_set(error, JAILHOUSE_ERR_RESOURCES, 0,
			    "%s: 0x%llx bytes are needed, the largest piece has 0x%llx; %s",
			    largest ? "too little memory is reserved" : "no memory is reserved",
			    (unsigned long long)bytes, (unsigned long long)largest, hint);
}

/* As boards of each architecture have it. `cells` is 0 for all the rest. */
static void hypervisor_first(const struct jh_region *piece, uint64_t hypervisor, uint64_t cells,
			     struct jh_region *ret_hypervisor, struct jh_regions *ret_cells)
{
	uint64_t start = round_up(piece->start, HUGE);

	if (start > piece->last || piece->last - start + 1 < hypervisor + (cells ? cells : JH_MIB))
		start = round_up(piece->start, JH_PAGE);
	*ret_hypervisor = (struct jh_region){start, start + hypervisor - 1, 0};
	start += hypervisor;
	jh_regions_add(ret_cells, start,
		       cells ? start + cells - 1 : ((piece->last + 1) & ~(JH_PAGE - 1)) - 1,
		       JH_RAM);
}

static void hypervisor_last(const struct jh_region *piece, uint64_t hypervisor, uint64_t cells,
			    struct jh_region *ret_hypervisor, struct jh_regions *ret_cells)
{
	uint64_t start = (piece->last + 1 - hypervisor) & ~(JH_PAGE - 1);

	*ret_hypervisor = (struct jh_region){start, start + hypervisor - 1, 0};
	jh_regions_add(ret_cells, cells ? start - cells : round_up(piece->start, JH_PAGE),
		       start - 1, JH_RAM);
}

int jh_reserved_split(const struct jailhouse_machine *machine, uint64_t hypervisor, uint64_t cells,
		      struct jh_region *ret_hypervisor, struct jh_regions *ret_cells,
		      struct jailhouse_error *error)
{
	const struct jh_region *piece = NULL;
	uint64_t need;
	size_t n;

	hypervisor = round_up(hypervisor, JH_PAGE);
	need = hypervisor + (cells ? round_up(cells, JH_PAGE) : JH_MIB);
	/* Page alignment may cost one at each end. */
	for (n = 0; n < machine->reserved.count && !piece; n++)
		if (size_of(&machine->reserved.region[n]) >= need &&
		    (machine->reserved.region[n].start % JH_PAGE == 0 ||
		     size_of(&machine->reserved.region[n]) >= need + 2 * JH_PAGE))
			piece = &machine->reserved.region[n];
	if (!piece)
		return too_small(machine, need, error);
	if (machine->has_device_tree)
		hypervisor_last(piece, hypervisor, cells ? need - hypervisor : 0, ret_hypervisor,
				ret_cells);
	else
		hypervisor_first(piece, hypervisor, cells ? need - hypervisor : 0, ret_hypervisor,
				 ret_cells);
	return ret_cells->no_memory ? jh_error_no_memory(error) : 0;
}

/* ---- proposals ---- */

static void add_node(struct jh_text *text, uint64_t start, uint64_t bytes)
{
	jh_text_add(
		text,
		"/ {\n\treserved-memory {\n\t\t#address-cells = <2>;\n\t\t#size-cells = <2>;\n"
		"\t\tranges;\n\n\t\tjailhouse@%llx {\n\t\t\treg = <0x%llx 0x%llx 0x%llx 0x%llx>;\n"
		"\t\t\tno-map;\n\t\t};\n\t};\n};",
		(unsigned long long)start, (unsigned long long)(start >> 32),
		(unsigned long long)(start & UINT32_MAX), (unsigned long long)(bytes >> 32),
		(unsigned long long)(bytes & UINT32_MAX));
}

int jailhouse_machine_propose_reservation(const struct jailhouse_machine *machine, uint64_t bytes,
					  char **ret_text, struct jailhouse_error *error)
{
	struct jh_text text = {NULL, 0, 0, false};
	uint64_t start = USUAL_HOLE;

	if (!machine || !ret_text || bytes == 0 || bytes >> 48)
		return jh_error_argument(error, "machine, bytes or ret_text");
	bytes = round_up(bytes, HUGE);
	if ((machine->has_device_tree || !is_free_ram(machine, start, start + bytes - 1)) &&
	    !find_place(machine, bytes, &start))
		return jh_error_set(error, JAILHOUSE_ERR_RESOURCES, 0,
				    "Linux has no piece of 0x%llx bytes of RAM to give away",
				    (unsigned long long)bytes);
	if (machine->has_device_tree)
		add_node(&text, start, bytes);
	else
		jh_text_add(&text, "memmap=%lluM$0x%llx", (unsigned long long)(bytes / JH_MIB),
			    (unsigned long long)start);
	if (text.no_memory) {
		jh_text_free(&text);
		return jh_error_no_memory(error);
	}
	*ret_text = text.data;
	return 0;
}
