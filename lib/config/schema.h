/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Names of everything in a configuration, for all forms of text: C source, JSON, device tree
 * source. The tables describe the structures of <jailhouse/config.h>; a form decides only how a
 * number or a name is written.
 */
#ifndef LIB_CONFIG_SCHEMA_H
#define LIB_CONFIG_SCHEMA_H

#include <stddef.h>
#include <stdint.h>

#include <jailhouse/config.h>

enum jh_attr_form {
	JH_ATTR_HEX,     /* address, size, mask */
	JH_ATTR_DEC,     /* count, index */
	JH_ATTR_FLAGS,   /* bits with names */
	JH_ATTR_ENUM,    /* values with names */
	JH_ATTR_TEXT,    /* characters, NUL-padded */
	JH_ATTR_ADDRESS, /* PCI address, bus << 8 | device << 3 | function */
	JH_ATTR_BITS,    /* bitmap of 32-bit words */
	JH_ATTR_STRUCT,  /* a structure inside */
};

struct jh_value_name {
	uint64_t value;
	const char *name; /* as in C, without the prefix */
};

struct jh_names {
	const char *prefix; /* in C: "JAILHOUSE_MEM_" */
	uint32_t count;
	const struct jh_value_name *name;
};

struct jh_schema;

struct jh_attr {
	const char *name; /* of the member in C, "platform_info.x86.apic_mode" */
	const char *word; /* in other forms, with dashes: "apic-mode" */
	uint16_t offset;  /* in the structure of the library */
	uint8_t size;     /* bytes of one element */
	uint8_t count;    /* elements, 1: not an array */
	uint8_t form;     /* enum jh_attr_form */
	uint8_t archs;    /* bits of the architectures that have it */
	const struct jh_names *names;
	const struct jh_schema *schema;
};

struct jh_schema {
	const struct jh_attr *attr;
	uint32_t count;
	uint32_t size; /* of the structure */
};

#define JH_MAX_SCHEMA_SIZE 512

extern const struct jh_schema jh_schema_system;
extern const struct jh_schema jh_schema_iommu;
extern const struct jh_schema jh_schema_cell;
extern const struct jh_schema jh_schema_console;
extern const struct jh_schema jh_schema_memory;

/* A section: how its elements are called in each form. */
struct jh_section_schema {
	const char *c_name;     /* member of the config structure in C: "mem_regions" */
	const char *c_type;     /* "struct jailhouse_memory" */
	const char *count_name; /* "num_memory_regions" */
	const char *word;       /* "memory-regions" */
	const char *element;    /* "region" */
	struct jh_schema schema;
};
/* NULL for the CPU set, which is no array of structures. */
const struct jh_section_schema *jh_section_schema(uint32_t section);

/* "x86", "arm", "arm64" */
extern const struct jh_names jh_arch_names;
/* Flags of memory regions */
extern const struct jh_names jh_memory_names;

/* The number in a member, 0 for a text; elements of arrays by index. */
uint64_t jh_attr_get(const struct jh_attr *attr, const void *structure, uint32_t index);
/* Returns 0, or -ERANGE if it does not fit. */
int jh_attr_set(const struct jh_attr *attr, void *structure, uint32_t index, uint64_t value);

/* Name of a value; NULL if it has none. */
const char *jh_name_of(const struct jh_names *names, uint64_t value);

/* The first flag of the table that is set in *flags, which is cleared there; NULL if none is left. */
const struct jh_value_name *jh_take_flag(const struct jh_names *names, uint64_t *flags);

/* A name in the form of other texts, "io-32" for IO_32. Returns buffer. */
const char *jh_word_of(const char *name, char *buffer, size_t size);
/* The value of such a word. Returns 0, or -ENOENT. */
int jh_value_of_word(const struct jh_names *names, const char *word, uint64_t *ret_value);

#endif /* !LIB_CONFIG_SCHEMA_H */
