/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Between the parts of the program that gives an inmate a cell on bare metal. */
#ifndef BOOT_H
#define BOOT_H

#define MAX_CPUS 16 /* a power of 2 */

/* Where the inmate sees its image */
#define INMATE_BASE 0

#ifndef __ASSEMBLER__

#include <jailhouse/hypercall.h>

/** struct cpu_start - what the inmate asked PSCI for; read by boot.S */
struct cpu_start {
	unsigned long entry;
	unsigned long context;
};

extern char boot_start[], boot_secondary[];

/* Called by boot.S. @x: registers of the inmate */
void boot_main(void);
_Bool boot_cpu(void);
void boot_trap(unsigned long *x);
void boot_unexpected(unsigned long *x);

/* arch.c of each architecture */

/* Why the inmate is here; what it has called is behind a call by HVC, and at one by SMC. */
enum trap { TRAP_OTHER, TRAP_WAIT, TRAP_SMC, TRAP_HVC };
/* @code: that of the hypercall, if it is one */
enum trap arch_trap(unsigned int *code);
void arch_skip_instruction(void);
/* What the CPU knows of a trap that nobody expected */
void arch_put_trap(void);
/* The state of a CPU that enters the cell. @stage2: table of level 1; @direct_idle: WFI does not trap */
void arch_init_cpu(const void *stage2, _Bool direct_idle);
/* WFI, with interrupts going to this level: others are not sure to wake it up */
void arch_wait_for_interrupt(void);
/* Number of this CPU among those of the machine */
unsigned int arch_cpu_index(void);
_Bool arch_has_gicv3(void);
/* GICv3: the CPU interface is one of registers */
void arch_enable_gicv3(void);

/* machine.c: QEMU's virt */
#define GICD_BASE 0x08000000UL
#define GICC_BASE 0x08010000UL
#define GICR_BASE 0x080a0000UL
#define UART_BASE 0x09000000UL
#define DEVICES   0x08000000UL /* one range with all of these */
#define DEVICES_END 0x0a000000UL

#include "boot-arch.h"

void put_char(char c);
void put_text(const char *text);
void put_hex(unsigned long value);
/* Returns the number in a fw_cfg file, or 0 if there is no such file. */
__u32 fw_cfg_number(const char *name);
/* Returns how many bytes of the file were read. */
__u32 fw_cfg_read(const char *name, char *buffer, __u32 size);
unsigned int gic_version(void);
void gic_init_distributor(void);
void gic_init_cpu(void);
/* Calls QEMU's PSCI; arch.c. */
long firmware_call(unsigned long function, unsigned long arg0, unsigned long arg1, unsigned long arg2);
void power_off(void);

#endif /* !__ASSEMBLER__ */

#endif /* !BOOT_H */
