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
	uint64_t ids[JH_MAX_CPUS / 64]; /* that are online */
};

/* What proc/cpuinfo says. Returns 0 or an error. */
int jh_cpuinfo_parse(const char *text, size_t size, struct jh_cpuinfo *ret_info,
		     struct jailhouse_error *error);
bool jh_cpu_flag(const struct jh_cpuinfo *info, const char *flag);
/* The first CPU from `cpu` on, JH_MAX_CPUS if there is none. */
uint32_t jh_cpu_next(const struct jh_cpuinfo *info, uint32_t cpu);

/* ---- what the driver has read, hardware-kernel.c ---- */

struct jailhouse_ioc_register;

struct jh_kernel {
	struct jailhouse_ioc_register *reg;
	size_t count, room;
	struct jailhouse_reason verdict; /* code 0: the machine is as it should be */
};

/* All registers of these CPUs and of the machine. Returns 0 or an error. */
int jh_kernel_read(struct jailhouse *jh, const struct jh_cpuinfo *info, struct jh_kernel *ret_kernel,
		   struct jailhouse_error *error);
void jh_kernel_free(struct jh_kernel *kernel);
/* False: there is no such register. */
bool jh_kernel_get(const struct jh_kernel *kernel, uint32_t kind, uint32_t unit, uint64_t number,
		   uint64_t *ret_value);
/* What the driver thinks of the machine */
void jh_kernel_verdict(struct jailhouse_checklist *list, const struct jh_kernel *kernel);

/* ---- registers ---- */

/* Reads a register of a CPU. False: it can't be read; with `kernel`: the CPU has none. */
struct jh_msrs {
	bool (*read)(const struct jh_msrs *msrs, uint32_t cpu, uint32_t number,
		     uint64_t *ret_value);
	const char *root;
	const struct jh_kernel *kernel; /* NULL: without the driver */
};

/* A row for bits of a register, which all must be set, on every CPU. */
struct jh_msr_check {
	const char *name;
	uint32_t msr; /* or another number */
	uint64_t bits;
	bool optional;
	bool inverted;       /* all must be clear */
	bool any;	     /* one is enough */
	const char *if_flag; /* only asked for if the CPU has it, else optional; may be NULL */
};
void jh_msr_rows(struct jailhouse_checklist *list, const struct jh_msrs *msrs,
		 const struct jh_cpuinfo *info, const struct jh_msr_check *check, size_t count);
/* The same for a register that is no CPU's */
void jh_bits_row(struct jailhouse_checklist *list, const struct jh_cpuinfo *info,
		 const struct jh_msr_check *check, uint64_t value, const char *found);

/* ---- hardware-iommu.c ---- */

/* A row for each IOMMU and what it must be able to do; without the driver, whether there is one. */
void jh_hardware_vtd(struct jailhouse_checklist *list, const struct jh_msrs *msrs,
		     const struct jh_cpuinfo *info);
void jh_hardware_amd_vi(struct jailhouse_checklist *list, const struct jh_msrs *msrs,
			const struct jh_cpuinfo *info);

void jh_hardware_intel(struct jailhouse_checklist *list, const struct jh_msrs *msrs,
		       const struct jh_cpuinfo *info);
void jh_hardware_amd(struct jailhouse_checklist *list, const struct jh_msrs *msrs,
		     const struct jh_cpuinfo *info);
void jh_hardware_arm(struct jailhouse_checklist *list, const char *root);
/* What the driver tells beyond that. `kernel` may be NULL. */
void jh_hardware_arm_kernel(struct jailhouse_checklist *list, const struct jh_kernel *kernel,
			    const struct jh_cpuinfo *info);

#endif /* !LIB_CONFIG_GENERATE_CHECKLIST_H */
