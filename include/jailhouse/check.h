/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * libjailhouse: looking for mistakes in configurations. Included by <jailhouse/config.h>, whose
 * conventions hold here, too.
 */
#ifndef JAILHOUSE_CHECK_H
#define JAILHOUSE_CHECK_H

#include <jailhouse/config.h>

#ifdef __cplusplus
extern "C" {
#endif

#define JAILHOUSE_SEVERITY_NOTE    0 /* worth knowing */
#define JAILHOUSE_SEVERITY_WARNING 1 /* works, but probably not as meant, or less isolated */
#define JAILHOUSE_SEVERITY_ERROR   2 /* will be refused, or breaks isolation */

/* "note", "warning", "error"; NULL for any other number. Static. */
JAILHOUSE_API const char *jailhouse_severity_get_name(uint32_t severity);

/* Member of struct jailhouse_finding that does not apply */
#define JAILHOUSE_FINDING_NONE 0xffffffffu

/* Bytes of jailhouse_finding.text. */
#define JAILHOUSE_FINDING_TEXT_SIZE 256

/**
 * struct jailhouse_place - something in one of the checked configurations
 * @config: index of the configuration, JAILHOUSE_FINDING_NONE: there is no such place
 * @section: JAILHOUSE_SECTION_..., JAILHOUSE_FINDING_NONE: the head
 * @index: index in the section
 * @reserved: 0
 * @start: first address, port or line that it is about
 * @last: last one; below @start if it is not about a range
 */
struct jailhouse_place {
	uint32_t config;
	uint32_t section;
	uint32_t index;
	uint32_t reserved;
	uint64_t start;
	uint64_t last;
};

/**
 * struct jailhouse_finding - what a rule has found
 * @size: sizeof(struct jailhouse_finding), set by the caller
 * @rule: number of the rule, see jailhouse_rule_get()
 * @severity: JAILHOUSE_SEVERITY_...
 * @reserved: 0
 * @place: where
 * @other: what it collides with
 * @text: one sentence that names both, without a full stop
 */
struct jailhouse_finding {
	uint32_t size;
	uint32_t rule;
	uint32_t severity;
	uint32_t reserved;
	struct jailhouse_place place;
	struct jailhouse_place other;
	char text[JAILHOUSE_FINDING_TEXT_SIZE];
};

/**
 * struct jailhouse_rule - a rule of the checker
 * @size: sizeof(struct jailhouse_rule), set by the caller
 * @number: stable, never used again for another rule
 * @severity: of most of its findings
 * @reserved: 0
 * @name: short, for programs: "hypervisor-memory". Static, like the following.
 * @explanation: why it is a rule
 * @hint: what to do
 */
struct jailhouse_rule {
	uint32_t size;
	uint32_t number;
	uint32_t severity;
	uint32_t reserved;
	const char *name;
	const char *explanation;
	const char *hint;
};

/* The number of rules, for a walk with jailhouse_rule_get(). */
JAILHOUSE_API uint32_t jailhouse_rule_get_count(void);
/* Returns 0, or JAILHOUSE_ERR_ARGUMENT: @index is not below the count, or a size is too small. */
JAILHOUSE_API int jailhouse_rule_get(uint32_t index, struct jailhouse_rule *ret_rule);
/* The same by the rule's number. */
JAILHOUSE_API int jailhouse_rule_get_by_number(uint32_t number, struct jailhouse_rule *ret_rule);

/* What was found; a snapshot without ties to the configurations. */
struct jailhouse_report;

/**
 * struct jailhouse_check_options - what the checker is to know beyond the configurations
 * @size: sizeof(struct jailhouse_check_options), set by the caller
 * @reserved: 0
 * @iomem: text of /proc/iomem, read with privileges (else all addresses in it are 0), or NULL
 * @iomem_size: bytes of it
 * @root: directory below which the machine's files are found: "/" for the machine that this runs on,
 *	or copies of another one's. From it come proc/iomem unless @iomem is given, IOMMU groups
 *	(sys/kernel/iommu_groups, which Linux has only while it drives the IOMMU), and which CPUs
 *	are threads of a core. What is not there is not known. NULL for none.
 */
struct jailhouse_check_options {
	uint32_t size;
	uint32_t reserved;
	const char *iomem;
	size_t iomem_size;
	const char *root;
};
#define JAILHOUSE_CHECK_OPTIONS_INIT                               \
	{                                                          \
		sizeof(struct jailhouse_check_options), 0, 0, 0, 0 \
	}

/**
 * jailhouse_check() - look for what is wrong with a system and its cells
 * @configs: configurations; a system comes first, if there is one. Cells are taken as existing at
 * once
 * @count: how many, 1 or more
 * @options: or NULL
 * @ret_report: findings, errors first; free with jailhouse_report_free()
 * @error: details of a failure, or NULL
 *
 * Rules about several cells, or cells and the system, are silent if those are not there. Findings
 * beyond 1000 are counted and not kept.
 *
 * Returns 0 whatever was found, or JAILHOUSE_ERR_NO_MEMORY, _CONFIG (a system that is not the first
 * one).
 */
JAILHOUSE_API int jailhouse_check(const struct jailhouse_config *configs, size_t count,
				  const struct jailhouse_check_options *options,
				  struct jailhouse_report **ret_report,
				  struct jailhouse_error *error);
/* Frees a report. */
JAILHOUSE_API void jailhouse_report_free(struct jailhouse_report *report);
/* Findings that are kept. */
JAILHOUSE_API size_t jailhouse_report_get_count(const struct jailhouse_report *report);
/* All findings of a severity, those that were not kept included. */
JAILHOUSE_API size_t jailhouse_report_get_number_of(const struct jailhouse_report *report,
						    uint32_t severity);
/* Copies one. Returns 0, or JAILHOUSE_ERR_ARGUMENT if @index is not below the count, or a size too
 * small. */
JAILHOUSE_API int jailhouse_report_get_finding(const struct jailhouse_report *report, size_t index,
					       struct jailhouse_finding *ret_finding);

/**
 * jailhouse_place_format() - the path of a place, for people and programs
 * @configs: what was checked
 * @count: how many
 * @place: the place
 * @buffer: "guest/memory-regions/2", "system" for the head of a system; names as in
 *	jailhouse_config_dump() as device tree source, bytes that can't be printed as '?'
 * @size: bytes at @buffer, cut if it is too small; 128 are enough
 *
 * Returns 0, or JAILHOUSE_ERR_ARGUMENT: the place is not in these configurations.
 */
JAILHOUSE_API int jailhouse_place_format(const struct jailhouse_config *configs, size_t count,
					 const struct jailhouse_place *place, char *buffer,
					 size_t size);

/**
 * jailhouse_check_enable() - check what jailhouse_enable() is to be asked for
 * @jh: connection
 * @config: system configuration (the contents of a .cell file)
 * @size: its size in bytes
 * @ret_report: findings; free with jailhouse_report_free()
 * @error: details of a failure, or NULL
 *
 * Besides the rules about configurations those about this machine apply: what Linux uses, see
 * jailhouse_check_options.root. Nothing is asked of the hypervisor.
 *
 * Returns 0 whatever was found, or JAILHOUSE_ERR_CONFIG, as jailhouse_enable(), or _NO_MEMORY.
 */
JAILHOUSE_API int jailhouse_check_enable(struct jailhouse *jh, const void *config, size_t size,
					 struct jailhouse_report **ret_report,
					 struct jailhouse_error *error);

/**
 * jailhouse_check_create() - check what jailhouse_cell_create() is to be asked for
 * @jh: connection
 * @config: cell configuration (the contents of a .cell file)
 * @size: its size in bytes
 * @ret_report: findings; free with jailhouse_report_free()
 * @error: details of a failure, or NULL
 *
 * The cell is checked against this machine, the configuration that the hypervisor was enabled with,
 * and the cells that exist. What is wrong without it already is left out. In the places, 0 is the
 * system, the existing cells follow by their ids, and the last one is the cell. An old driver tells
 * nothing about the others; the cell is then checked alone.
 *
 * Returns 0 whatever was found, or JAILHOUSE_ERR_CONFIG, _NOT_ENABLED, _NO_MEMORY, _PROTOCOL.
 */
JAILHOUSE_API int jailhouse_check_create(struct jailhouse *jh, const void *config, size_t size,
					 struct jailhouse_report **ret_report,
					 struct jailhouse_error *error);

#ifdef __cplusplus
}
#endif

#endif /* !JAILHOUSE_CHECK_H */
