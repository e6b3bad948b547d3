/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Names that depend on the architecture of the machine. All are always built in: a 32-bit ARM program
 * may run on a 64-bit kernel.
 */
#include <string.h>

#include <jailhouse/cell-config.h>
#include <jailhouse/ioctl.h>
#include <jailhouse/hypercall.h>

#include "internal.h"

static const struct {
	const char *machine;
	int arch;
} machines[] = {
	{"x86_64", JAILHOUSE_X86},
	{"i386", JAILHOUSE_X86},
	{"i486", JAILHOUSE_X86},
	{"i586", JAILHOUSE_X86},
	{"i686", JAILHOUSE_X86},
	{"armv7l", JAILHOUSE_ARM},
	{"aarch64", JAILHOUSE_ARM64},
	{"armv8l", JAILHOUSE_ARM64}, /* what a 64-bit kernel tells 32-bit programs */
};

int jh_arch_from_machine(const char *machine)
{
	size_t n;

	for (n = 0; n < JH_ARRAY_SIZE(machines); n++)
		if (strcmp(machines[n].machine, machine) == 0)
			return machines[n].arch;
	return -1;
}

static const char *const generic_stats[JAILHOUSE_GENERIC_CPU_STATS] = {
	[JAILHOUSE_CPU_STAT_VMEXITS_TOTAL] = "total",
	[JAILHOUSE_CPU_STAT_VMEXITS_MMIO] = "mmio",
	[JAILHOUSE_CPU_STAT_VMEXITS_MANAGEMENT] = "management",
	[JAILHOUSE_CPU_STAT_VMEXITS_HYPERCALL] = "hypercall",
};

/* From JAILHOUSE_GENERIC_CPU_STATS on, in the order of the architecture's hypercall header. */
static const char *const arch_stats[][JAILHOUSE_IOC_MAX_STATS] = {
	[JAILHOUSE_X86] = {"pio", "xapic", "cr", "cpuid", "xsetbv", "exception", "msr_other",
			   "msr_x2apic_icr"},
	[JAILHOUSE_ARM] = {"maintenance", "virt_irq", "virt_sgi", "psci", "smccc", "cp15"},
	[JAILHOUSE_ARM64] = {"maintenance", "virt_irq", "virt_sgi", "psci", "smccc"},
};

const char *jh_arch_stat_name(unsigned int arch, unsigned int counter)
{
	if (counter < JAILHOUSE_GENERIC_CPU_STATS)
		return generic_stats[counter];
	counter -= JAILHOUSE_GENERIC_CPU_STATS;
	if (arch >= JH_ARRAY_SIZE(arch_stats) || counter >= JAILHOUSE_IOC_MAX_STATS)
		return NULL;
	return arch_stats[arch][counter];
}

static const char *const x86_registers[JAILHOUSE_NUM_REGS] = {
	[JAILHOUSE_REG_X86_RAX] = "rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "rsp",
	"r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15",
	[JAILHOUSE_REG_X86_RIP] = "rip",
	[JAILHOUSE_REG_X86_RFLAGS] = "rflags",
	[JAILHOUSE_REG_X86_CR0] = "cr0",
	[JAILHOUSE_REG_X86_CR2] = "cr2",
	[JAILHOUSE_REG_X86_CR3] = "cr3",
	[JAILHOUSE_REG_X86_CR4] = "cr4",
	[JAILHOUSE_REG_X86_EFER] = "efer",
	[JAILHOUSE_REG_X86_CS] = "cs",
	[JAILHOUSE_REG_X86_CSBASE] = "cs_base",
};

static const char *const arm64_registers[JAILHOUSE_NUM_REGS] = {
	[JAILHOUSE_REG_ARM64_X0] = "x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9",
	"x10", "x11", "x12", "x13", "x14", "x15", "x16", "x17", "x18", "x19", "x20",
	"x21", "x22", "x23", "x24", "x25", "x26", "x27", "x28", "x29", "x30",
	[JAILHOUSE_REG_ARM64_SP] = "sp",
	[JAILHOUSE_REG_ARM64_PC] = "pc",
	[JAILHOUSE_REG_ARM64_PSTATE] = "pstate",
	[JAILHOUSE_REG_ARM64_ESR] = "esr_el2",
	[JAILHOUSE_REG_ARM64_FAR] = "far_el2",
};

static const char *const arm_registers[JAILHOUSE_NUM_REGS] = {
	[JAILHOUSE_REG_ARM_R0] = "r0", "r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9",
	"r10", "r11", "r12", "sp", "lr",
	[JAILHOUSE_REG_ARM_PC] = "pc",
	[JAILHOUSE_REG_ARM_CPSR] = "cpsr",
	[JAILHOUSE_REG_ARM_HSR] = "hsr",
	[JAILHOUSE_REG_ARM_HDFAR] = "hdfar",
};

/* The last access of a simulated CPU. */
static const char *const sim_registers[] = {"address", "value"};

/* For what has no name (yet). */
static const char *const plain_registers[JAILHOUSE_NUM_REGS] = {
	"reg0", "reg1", "reg2", "reg3", "reg4", "reg5", "reg6", "reg7", "reg8",
	"reg9", "reg10", "reg11", "reg12", "reg13", "reg14", "reg15", "reg16", "reg17",
	"reg18", "reg19", "reg20", "reg21", "reg22", "reg23", "reg24", "reg25", "reg26",
	"reg27", "reg28", "reg29", "reg30", "reg31", "reg32", "reg33", "reg34", "reg35",
};

const char *jh_arch_register_name(unsigned int arch, unsigned int index)
{
	if (index >= JAILHOUSE_NUM_REGS)
		return NULL;
	if (arch == JAILHOUSE_X86 && x86_registers[index])
		return x86_registers[index];
	if (arch == JAILHOUSE_ARM64)
		return arm64_registers[index];
	if (arch == JAILHOUSE_ARM && arm_registers[index])
		return arm_registers[index];
	if (arch == JH_ARCH_SIM && index < JH_ARRAY_SIZE(sim_registers))
		return sim_registers[index];
	return plain_registers[index];
}
