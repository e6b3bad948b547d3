/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the files of both ARMs offer each other. EL2 is Hyp mode on ARMv7. */
#ifndef JH_ARCH_ARM_COMMON_H
#define JH_ARCH_ARM_COMMON_H

#include <linux/types.h>

#include "driver.h"

/* ---- arch-arm-common.c ---- */

struct irq_data;
/* NULL if Linux has none */
const struct irq_data *jh_gic_irq_data(void);
bool jh_started_at_el2(void);
/* This CPU's. While the hypervisor runs, all is well. */
int jh_check_own_stub(struct jailhouse_reason *r);
/* Writes back and drops what the data caches hold of this range, down to memory. */
void jh_clean_to_memory(const void *start, size_t size);

/* ---- arch-arm.c, arch-arm64.c ---- */

/* Of the boot tables */
struct jh_table_format {
	unsigned int levels;
	unsigned int address_bits;
	unsigned int virt_bits;
};
extern const struct jh_table_format jh_table_format;

/* From before the first entry on: which CPUs lose their stubs? Unwatch may be called at any time. */
int jh_watch_stubs(struct jailhouse_reason *r);
void jh_unwatch_stubs(void);

/* Registers of this CPU: MIDR_EL1, ID_AA64PFR0_EL1 and ID_AA64MMFR0_EL1; on ARMv7 MIDR, ID_PFR1 and ID_MMFR0 */
u64 jh_read_midr(void);
u64 jh_read_pfr(void);
u64 jh_read_mmfr(void);

/* Bytes of a line of the data caches */
unsigned long jh_cache_line(void);
/* Writes it back to memory, and drops it. */
void jh_clean_line(unsigned long address);
/* Empties the instruction caches of all CPUs; barriers are the caller's. */
void jh_drop_code(void);

/* ---- tables-arm-common.c ---- */

/* Physical address of the boot tables' root */
phys_addr_t jh_entry_root(void);

/* ---- entry-arm-common.c ---- */

/* Refuses if this is no answer of Linux' own stub to jh_switch_probe(). */
int jh_check_stub(unsigned int cpu, unsigned long answer, struct jailhouse_reason *r);

/* ---- switch-arm.S, switch-arm64.S: calls to EL2, on a CPU that was started there ---- */

unsigned long jh_switch_probe(void);
/* With interrupts off; physical addresses */
unsigned long jh_switch_enter(unsigned int cpu, unsigned long entry, unsigned long root);
int jh_switch_leave(void);

#endif /* !JH_ARCH_ARM_COMMON_H */
