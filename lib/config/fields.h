/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The structures of <jailhouse/config.h> beside those of the format: tables that say which member
 * lies where, walked in one direction to read and in the other one to write.
 */
#ifndef LIB_CONFIG_FIELDS_H
#define LIB_CONFIG_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jailhouse/config.h>

struct jh_field {
	uint16_t ours;   /* offset in the structure of the library */
	uint16_t theirs; /* in that of the format */
	uint16_t size;
};

/* The members that have a name, and the sizes of both structures */
struct jh_fields {
	const struct jh_field *field;
	uint16_t count;
	uint16_t our_size;
	uint16_t their_size;
	bool same_layout;
};

/* Elements of the sections but the CPU set; NULL for that one. */
const struct jh_fields *jh_fields_of_section(uint32_t section);

/* Heads. That of the platform and of a unit depend on architecture and type; they may be NULL. */
extern const struct jh_fields jh_fields_cell;
extern const struct jh_fields jh_fields_system;
extern const struct jh_fields jh_fields_iommu;
const struct jh_fields *jh_fields_of_platform(uint32_t architecture);
const struct jh_fields *jh_fields_of_iommu(uint32_t type);

/* Members without a counterpart are left alone. `fields` may be NULL. */
void jh_fields_read(const struct jh_fields *fields, void *ours, const void *theirs);
void jh_fields_write(const struct jh_fields *fields, const void *ours, void *theirs);

#endif /* !LIB_CONFIG_FIELDS_H */
