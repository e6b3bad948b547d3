/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A sound machine with two cells, to put defects into, and the defects. */
#ifndef TESTS_CHECK_SETUP_H
#define TESTS_CHECK_SETUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jailhouse/config.h>

/* Everything that a rule looks at, as plain structures; serialised by the library. */
struct cell {
	uint32_t architecture;
	struct jailhouse_config_cell head;
	struct jailhouse_config_memory memory[12];
	struct jailhouse_config_irqchip chip[2];
	struct jailhouse_config_pio pio[2];
	struct jailhouse_config_pci_device pci[3];
	uint32_t num_memory, num_chips, num_pios, num_pcis, num_caps;
	uint64_t cpus;
	size_t trailing; /* bytes behind all that */
};

struct setup {
	struct jailhouse_config_system system;
	struct jailhouse_config_iommu iommu;
	struct cell cell[3]; /* root, "one", "two" */
	size_t count;
	bool without_system;
	const char *iomem;
	const char *root;
};

struct setup make_setup(void);

/* The builder of one of its configurations; 0 is the system. */
struct jailhouse_builder *build(const struct setup *setup, size_t index);

/* What the checker finds. */
struct jailhouse_report *check(const struct setup *setup);

struct defect {
	const char *name; /* of the rule that must find it */
	void (*make)(struct setup *setup);
	size_t findings;
	const char *text; /* of the first finding */
};

/* All of them by number; NULL behind the last one. */
const struct defect *defect_get(size_t index);
/* Those of the second file. */
const struct defect *defect_get_more(size_t index);

/* Makes ARM64 machines of all three, whose devices raise lines of their own. */
void make_arm(struct setup *setup);

#endif /* !TESTS_CHECK_SETUP_H */
