/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A set of configurations on its way to a text. */
#ifndef LIB_CONFIG_SHOW_H
#define LIB_CONFIG_SHOW_H

#include "config/map.h"
#include "config/text.h"

struct jh_show {
	const struct jailhouse_config *configs;
	size_t count;
	struct jh_text text;
	bool no_memory;
};

/* A PCI device of one or more configurations */
struct jh_show_device {
	struct jailhouse_config_pci_device device; /* as the last owner lists it */
	uint64_t owners;
};

/* How a form writes what there is; parts come in the order of their addresses. */
struct jh_show_form {
	void (*begin)(struct jh_show *show);
	/* A list of parts or devices; `word` is the name for programs, `what` follows the title. */
	void (*open)(struct jh_show *show, const char *title, const char *what, const char *word);
	void (*part)(struct jh_show *show, const struct jh_map_part *part, unsigned int digits,
		     bool first);
	void (*device)(struct jh_show *show, const struct jh_show_device *device, bool conflict,
		       bool first);
	void (*close)(struct jh_show *show);
	void (*end)(struct jh_show *show);
};

extern const struct jh_show_form jh_show_table;
extern const struct jh_show_form jh_show_json;

/* Adds "R", "RWX DMA", ... */
void jh_show_flags(struct jh_text *text, uint64_t flags);
/* Adds "1.5 MiB", exact up to a digit behind the point. */
void jh_show_size(struct jh_text *text, uint64_t size);

/* The picture */
void jh_show_svg(struct jh_show *show);

#endif /* !LIB_CONFIG_SHOW_H */
