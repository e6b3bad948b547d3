/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Reading of configurations where they lie: nothing is allocated or copied, and nothing is looked
 * at before it is known to be inside the caller's buffer.
 */
#ifndef LIB_CONFIG_PARSE_H
#define LIB_CONFIG_PARSE_H

#include <stddef.h>
#include <stdint.h>

#include <jailhouse/cell-config.h>
#include <jailhouse/reason.h>

enum jh_config_kind {
	JH_CONFIG_SYSTEM,
	JH_CONFIG_CELL,
};

/* The arrays behind the cell's description, in their order. */
enum jh_config_section {
	JH_SECTION_CPU_SET,
	JH_SECTION_MEMORY,
	JH_SECTION_CACHE,
	JH_SECTION_IRQCHIP,
	JH_SECTION_PIO,
	JH_SECTION_PCI_DEVICE,
	JH_SECTION_PCI_CAP,
	JH_SECTION_STREAM_ID,
	JH_NUM_SECTIONS,
};

struct jh_config {
	const struct jailhouse_system *system;  /* NULL for a cell's configuration */
	const struct jailhouse_cell_desc *cell; /* of a system configuration: the root cell */
	unsigned int architecture;              /* JAILHOUSE_X86, ... */
	uint32_t size;                          /* bytes that the counts ask for */
	struct {
		const void *start;
		uint32_t count;
	} section[JH_NUM_SECTIONS]; /* CPU set: bytes */
};

/**
 * jh_config_parse() - check a configuration and find its parts
 * @data: the caller's buffer, which must outlive @ret_config; any alignment
 * @size: bytes at @data; more than the counts ask for is accepted
 * @kind: what it should be
 * @ret_config: pointers into @data; untouched on failure
 * @reason: why it failed; the item is a field, the index its offset in @data
 *
 * Returns 0, or -EINVAL.
 */
int jh_config_parse(const void *data, size_t size, enum jh_config_kind kind,
		    struct jh_config *ret_config, struct jailhouse_reason *reason);

/* Fills a reason about the field at an offset. Returns -EINVAL. */
int jh_config_refuse(struct jailhouse_reason *reason, uint32_t code, uint32_t field, uint64_t arg0,
		     uint64_t arg1);

/* Is it for an architecture that the format knows? Returns 0, or -EINVAL and the reason. */
int jh_config_check_architecture(const struct jh_config *config, struct jailhouse_reason *reason);

/* Is it for this machine? Returns 0, or -EINVAL and the reason. */
int jh_config_check_machine(const struct jh_config *config, unsigned int arch,
			    struct jailhouse_reason *reason);

struct jailhouse_error;

/* All of this for what a caller hands in, with its error. Returns 0, or JAILHOUSE_ERR_... */
int jh_config_accept(const void *data, size_t size, enum jh_config_kind kind, unsigned int arch,
		     struct jh_config *ret_config, struct jailhouse_error *error);

#endif /* !LIB_CONFIG_PARSE_H */
