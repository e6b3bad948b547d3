/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Table and JSON of who has what. */
#include "config/schema.h"
#include "config/show.h"

#include <jailhouse/cell-config.h>

static const char *type_name(uint8_t type)
{
	switch (type) {
	case JAILHOUSE_PCI_TYPE_DEVICE:
		return "device";
	case JAILHOUSE_PCI_TYPE_BRIDGE:
		return "bridge";
	case JAILHOUSE_PCI_TYPE_IVSHMEM:
		return "ivshmem";
	}
	return "unknown";
}

/* ---- table ---- */

static void table_begin(struct jh_show *show)
{
	struct jailhouse_config_cell cell;
	size_t n;

	for (n = 0; n < show->count; n++) {
		jailhouse_config_get_cell(&show->configs[n], &cell);
		jh_text_add(&show->text, "%-9s ",
			    show->configs[n].kind == JAILHOUSE_CONFIG_SYSTEM ? "System" : "Cell");
		if (show->configs[n].kind == JAILHOUSE_CONFIG_SYSTEM)
			jh_text_add_quoted(&show->text, cell.name, sizeof(cell.name), false);
		else
			jh_text_add(&show->text, "%s",
				    jh_owner_name(show->configs, (uint32_t)n).text);
		jh_text_add(&show->text, ", %s\n",
			    jh_name_of(&jh_arch_names, show->configs[n].architecture));
	}
}

static void table_open(struct jh_show *show, const char *title, const char *what, const char *word)
{
	(void)word;
	jh_text_add(&show->text, "\n%s%s%s\n", title, what ? " " : "", what ? what : "");
}

/* Names of the owners, joined by commas. */
static void add_owners(struct jh_show *show, uint64_t owners)
{
	const char *comma = "";

	for (; owners; owners &= owners - 1) {
		jh_text_add(&show->text, "%s%s", comma,
			    jh_owner_name(show->configs, (uint32_t)__builtin_ctzll(owners)).text);
		comma = ", ";
	}
}

/* Blanks up to a column, at least two. */
static void pad(struct jh_show *show, size_t column)
{
	size_t at = jh_text_column(&show->text);

	jh_text_add(&show->text, "%*s", (int)(at + 2 < column ? column - at : 2), "");
}

static void add_range(struct jh_show *show, const struct jh_map_part *part, unsigned int digits)
{
	jh_text_add(&show->text, "  ");
	if (digits == 0 && part->start == part->last)
		jh_text_add(&show->text, "%llu", (unsigned long long)part->start);
	else if (digits == 0)
		jh_text_add(&show->text, "%llu-%llu", (unsigned long long)part->start,
			    (unsigned long long)part->last);
	else
		jh_text_add(&show->text, "0x%0*llx-0x%0*llx", (int)digits,
			    (unsigned long long)part->start, (int)digits,
			    (unsigned long long)part->last);
}

static void table_part(struct jh_show *show, const struct jh_map_part *part, unsigned int digits,
		       bool first)
{
	/* Memory has sizes and flags. */
	bool memory = digits >= 8;
	size_t column = digits ? 9 + 2 * digits : 12;

	(void)first;
	add_range(show, part, digits);
	pad(show, column);
	if (memory) {
		jh_show_size(&show->text, part->last - part->start + 1);
		column += 12;
		pad(show, column);
	}
	jh_text_add(&show->text, "%s", jh_map_kind_name(part->kind));
	pad(show, column += 13);
	add_owners(show, part->owners);
	if (memory && part->kind != JH_MAP_HYPERVISOR && part->kind != JH_MAP_INTERCEPTED) {
		pad(show, column + 24);
		jh_show_flags(&show->text, part->flags);
	}
	jh_text_add(&show->text, "\n");
}

static void table_device(struct jh_show *show, const struct jh_show_device *device, bool conflict,
			 bool first)
{
	const struct jailhouse_config_pci_device *dev = &device->device;

	(void)first;
	jh_text_add(&show->text, "  %04x:%02x:%02x.%x", dev->domain, dev->bdf >> 8,
		    dev->bdf >> 3 & 0x1f, dev->bdf & 7);
	pad(show, 17);
	jh_text_add(&show->text, "%s", conflict ? "CONFLICT" : type_name(dev->type));
	pad(show, 28);
	add_owners(show, device->owners);
	jh_text_add(&show->text, "\n");
}

static void nothing(struct jh_show *show)
{
	(void)show;
}

const struct jh_show_form jh_show_table = {
	.begin = table_begin,
	.open = table_open,
	.part = table_part,
	.device = table_device,
	.close = nothing,
	.end = nothing,
};

/* ---- JSON ---- */

static void json_begin(struct jh_show *show)
{
	struct jailhouse_config_cell cell;
	char word[16];
	size_t n;

	jh_text_add(&show->text, "{\n  \"configurations\": [");
	for (n = 0; n < show->count; n++) {
		jailhouse_config_get_cell(&show->configs[n], &cell);
		jh_text_add(&show->text, "%s\n    {\"kind\": \"%s\", \"architecture\": \"%s\", \"name\": ",
			    n ? "," : "",
			    show->configs[n].kind == JAILHOUSE_CONFIG_SYSTEM ? "system" : "cell",
			    jh_word_of(jh_name_of(&jh_arch_names, show->configs[n].architecture),
				       word, sizeof(word)));
		jh_text_add_quoted(&show->text, cell.name, sizeof(cell.name), true);
		jh_text_add(&show->text, "}");
	}
	jh_text_add(&show->text, "\n  ],\n  \"resources\": [");
	/* The next list is the first one. */
}

static void json_open(struct jh_show *show, const char *title, const char *what, const char *word)
{
	bool first = show->text.length > 0 && show->text.data[show->text.length - 1] == '[';

	(void)title;
	jh_text_add(&show->text, "%s\n    {\n      \"what\": \"%s\",\n", first ? "" : ",", word);
	if (what)
		jh_text_add(&show->text, "      \"controller\": \"%s\",\n", what);
	jh_text_add(&show->text, "      \"list\": [");
}

/* Indices of configurations; who is none of them is told by the kind. */
static void json_owners(struct jh_show *show, uint64_t owners)
{
	const char *comma = "";

	jh_text_add(&show->text, "\"owners\": [");
	for (; owners; owners &= owners - 1) {
		if (__builtin_ctzll(owners) >= JH_OWNER_HYPERVISOR)
			break;
		jh_text_add(&show->text, "%s%d", comma, __builtin_ctzll(owners));
		comma = ", ";
	}
	jh_text_add(&show->text, "]");
}

static void json_part(struct jh_show *show, const struct jh_map_part *part, unsigned int digits,
		      bool first)
{
	char word[16];

	jh_text_add(&show->text, digits ? "%s\n        {\"start\": \"0x%llx\", \"last\": \"0x%llx\", "
					: "%s\n        {\"start\": %llu, \"last\": %llu, ",
		    first ? "" : ",", (unsigned long long)part->start,
		    (unsigned long long)part->last);
	jh_text_add(&show->text, "\"kind\": \"%s\", ",
		    jh_word_of(jh_map_kind_name(part->kind), word, sizeof(word)));
	json_owners(show, part->owners);
	if (digits >= 8)
		jh_text_add(&show->text, ", \"flags\": \"0x%llx\"", (unsigned long long)part->flags);
	jh_text_add(&show->text, "}");
}

static void json_device(struct jh_show *show, const struct jh_show_device *device, bool conflict,
			bool first)
{
	const struct jailhouse_config_pci_device *dev = &device->device;

	jh_text_add(&show->text,
		    "%s\n        {\"domain\": %u, \"bdf\": \"%02x:%02x.%x\", \"type\": \"%s\", "
		    "\"conflict\": %s, ",
		    first ? "" : ",", dev->domain, dev->bdf >> 8, dev->bdf >> 3 & 0x1f,
		    dev->bdf & 7, type_name(dev->type), conflict ? "true" : "false");
	json_owners(show, device->owners);
	jh_text_add(&show->text, "}");
}

static void json_close(struct jh_show *show)
{
	jh_text_add(&show->text, "\n      ]\n    }");
}

static void json_end(struct jh_show *show)
{
	jh_text_add(&show->text, "\n  ]\n}\n");
}

const struct jh_show_form jh_show_json = {
	.begin = json_begin,
	.open = json_open,
	.part = json_part,
	.device = json_device,
	.close = json_close,
	.end = json_end,
};
