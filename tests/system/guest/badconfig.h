/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Configurations with one thing wrong: what is changed in a good one, and how it must be refused.
 * Each row of a table is a test of its own.
 */
#ifndef TESTS_SYSTEM_BADCONFIG_H
#define TESTS_SYSTEM_BADCONFIG_H

#include "driver-util.h"

/* An argument of the reason that depends on the machine */
#define ANY 0xa5a5a5a5a5a5a5a5ULL

enum part { PART_SYSTEM = 1, PART_CELL, PART_CPUS, PART_MEM, PART_IRQCHIP, PART_PIO, PART_PCI };

struct change {
	enum part part;
	unsigned int index;
	size_t offset, size;
	uint64_t value;
};

#define CHANGE(part, index, type, field, value)                                                    \
	{ part, index, offsetof(struct type, field), sizeof(((struct type *)0)->field), value }
#define SYSTEM(field, value)	 CHANGE(PART_SYSTEM, 0, jailhouse_system, field, value)
#define CELL(field, value)	 CHANGE(PART_CELL, 0, jailhouse_cell_desc, field, value)
#define CPUS(byte, value)	 { PART_CPUS, 0, byte, 1, value }
#define MEM(n, field, value)	 CHANGE(PART_MEM, n, jailhouse_memory, field, value)
#define IRQCHIP(n, field, value) CHANGE(PART_IRQCHIP, n, jailhouse_irqchip, field, value)
#define PIO(n, field, value)	 CHANGE(PART_PIO, n, jailhouse_pio, field, value)
#define PCI(n, field, value)	 CHANGE(PART_PCI, n, jailhouse_pci_device, field, value)

struct bad_config {
	const char *name;
	struct change change[5];
	struct jailhouse_reason reason;
};

#define REASON(name, error, item, index, ...)                                                      \
	{ JAILHOUSE_REASON_##name, error, JAILHOUSE_ITEM_##item, index, { __VA_ARGS__ } }

/* What is submitted: a system's configuration to enable, or a cell's to create */
struct submission {
	const void *good; /* the configuration without the mistake */
	size_t size;
	int (*library)(const void *config, size_t size, struct jailhouse_error *error);
	int (*driver)(const void *config, size_t size, struct jailhouse_reason *reason);
	const struct jailhouse_cell_desc *(*cell)(const void *config);
};

extern struct jailhouse *jh;

/* Submits it through the library, or both library and driver if the mistake is about a field, which the
 * library finds itself; each must give this reason, and nothing may change. */
void expect_refusal(const struct submission *kind, const void *config, size_t size,
		    const struct jailhouse_reason *reason);
/* The same for a row of a table */
void submit_row(const struct submission *kind, const struct bad_config *row);

/* Each length from nothing to just too short, next to the borders of heads and arrays */
void submit_truncated(const struct submission *kind, size_t head_size);
/* Each count so large that sums in 32 bits would wrap around */
void submit_overflowing_counts(const struct submission *kind, size_t cell_offset);

/* RAM that the cells of this test get, at TEST_RAM; has a pattern in it that must survive refusals. */
#define TEST_RAM_SIZE 0x2000
extern volatile uint8_t *test_ram;
void test_ram_fill(void);

/* The tables, as tests; return the number added */
size_t add_system_tests(struct CMUnitTest *tests);
size_t add_cell_tests(struct CMUnitTest *tests);

#endif /* !TESTS_SYSTEM_BADCONFIG_H */
