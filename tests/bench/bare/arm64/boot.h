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
	__u64 entry;
	__u64 context;
};

extern char boot_start[], boot_secondary[];

/* Called by boot.S. @x: registers x0 to x30 of the inmate */
void boot_main(void);
_Bool boot_cpu(void);
void boot_trap(__u64 *x);
void boot_unexpected(__u64 *x);

/* machine.c: QEMU's virt */
#define GICD_BASE 0x08000000UL
#define GICC_BASE 0x08010000UL
#define GICR_BASE 0x080a0000UL
#define UART_BASE 0x09000000UL
#define DEVICES   0x08000000UL /* one range with all of these */
#define DEVICES_END 0x0a000000UL

#define read_sysreg(name)                                                    \
	({                                                                   \
		__u64 value_;                                                \
		__asm__ volatile("mrs %0, " #name : "=r"(value_) : : "memory"); \
		value_;                                                      \
	})
#define write_sysreg(name, value) write_sysreg_(name, value)
#define write_sysreg_(name, value) __asm__ volatile("msr " #name ", %0" : : "r"((__u64)(value)) : "memory")
#define isb() __asm__ volatile("isb" : : : "memory")

void put_char(char c);
void put_text(const char *text);
void put_hex(__u64 value);
/* Returns the number in a fw_cfg file, or 0 if there is no such file. */
__u32 fw_cfg_number(const char *name);
/* Returns how many bytes of the file were read. */
__u32 fw_cfg_read(const char *name, char *buffer, __u32 size);
unsigned int gic_version(void);
void gic_init_distributor(void);
void gic_init_cpu(void);
/* Calls QEMU's PSCI. */
__u64 firmware_call(__u64 function, __u64 arg0, __u64 arg1, __u64 arg2);
void power_off(void);

#endif /* !__ASSEMBLER__ */

#endif /* !BOOT_H */
