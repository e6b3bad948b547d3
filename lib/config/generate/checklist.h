/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Tables of things that are there or missing. */
#ifndef LIB_CONFIG_GENERATE_CHECKLIST_H
#define LIB_CONFIG_GENERATE_CHECKLIST_H

#include "config/generate/machine.h"

struct jh_row {
	uint32_t result;
	const char *section; /* static */
	char *name, *found, *advice;
};

struct jailhouse_checklist {
	struct jh_row *row;
	size_t count;
	size_t room;
	bool no_memory;
	const char *section; /* of the rows to come */
};

/* Advice is only kept if something is missing or unknown. */
void jh_row(struct jailhouse_checklist *list, uint32_t result, const char *name, const char *found,
	    const char *format, ...) JH_PRINTF(5, 6);

/* ---- processors, hardware.c ---- */

#define JH_CPU_FLAGS 4096

struct jh_cpuinfo {
	uint32_t count;
	char vendor[32];
	char flags[JH_CPU_FLAGS]; /* of the first one, with a blank at each end */
	uint32_t odd_flags;       /* the first CPU whose flags differ, 0: none */
	uint32_t odd_vendor;
};

/* What proc/cpuinfo says. Returns 0 or an error. */
int jh_cpuinfo_parse(const char *text, size_t size, struct jh_cpuinfo *ret_info,
		     struct jailhouse_error *error);
bool jh_cpu_flag(const struct jh_cpuinfo *info, const char *flag);

/* Reads a register of a CPU. False: it can't be read. */
struct jh_msrs {
	bool (*read)(const struct jh_msrs *msrs, uint32_t cpu, uint32_t number,
		     uint64_t *ret_value);
	const char *root;
	uint32_t num_cpus;
};

/* A row for bits of a register, which all must be set, on every CPU. */
struct jh_msr_check {
	const char *name;
	uint32_t msr;
	uint64_t bits;
	bool optional;
	bool inverted;       /* all must be clear */
	const char *if_flag; /* only asked for if the CPU has it, else optional; may be NULL */
};
void jh_msr_rows(struct jailhouse_checklist *list, const struct jh_msrs *msrs,
		 const struct jh_cpuinfo *info, const struct jh_msr_check *check, size_t count);

void jh_hardware_intel(struct jailhouse_checklist *list, const struct jh_msrs *msrs,
		       const struct jh_cpuinfo *info);
void jh_hardware_amd(struct jailhouse_checklist *list, const struct jh_msrs *msrs,
		     const struct jh_cpuinfo *info);
void jh_hardware_arm(struct jailhouse_checklist *list, const char *root);

#endif /* !LIB_CONFIG_GENERATE_CHECKLIST_H */
