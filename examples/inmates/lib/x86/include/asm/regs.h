/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Registers and features of x86 CPUs. Section numbers are those of the AMD64 Architecture
 * Programmer's Manual, volume 2, unless noted otherwise. Also for assembly sources.
 */
#ifndef INMATE_ASM_REGS_H
#define INMATE_ASM_REGS_H

/* Control registers (3.1) */
#define X86_CR0_PE 0x00000001
#define X86_CR0_MP 0x00000002
#define X86_CR0_TS 0x00000008
#define X86_CR0_ET 0x00000010
#define X86_CR0_NE 0x00000020
#define X86_CR0_WP 0x00010000
#define X86_CR0_AM 0x00040000
#define X86_CR0_NW 0x20000000
#define X86_CR0_CD 0x40000000
#define X86_CR0_PG 0x80000000

#define X86_CR4_DE         0x00000008
#define X86_CR4_PSE        0x00000010
#define X86_CR4_PAE        0x00000020
#define X86_CR4_OSFXSR     0x00000200
#define X86_CR4_OSXMMEXCPT 0x00000400
#define X86_CR4_OSXSAVE    0x00040000

#define X86_XCR0_X87 0x1
#define X86_XCR0_SSE 0x2
#define X86_XCR0_AVX 0x4

/* Model-specific registers */
#define MSR_SMI_COUNT     0x00000034
#define MSR_MTRR_DEF_TYPE 0x000002ff
#define MTRR_ENABLE       0x00000800
#define MSR_TSC_DEADLINE  0x000006e0
#define MSR_EFER          0xc0000080
#define EFER_LME          0x00000100
#define MSR_APICBASE      0x0000001b
#define APICBASE_X2APIC   0x00000400

/* Entries of page tables (5.3) */
#define PAGE_FLAG_PRESENT  0x01
#define PAGE_FLAG_RW       0x02
#define PAGE_FLAG_US       0x04
#define PAGE_FLAG_UNCACHED 0x18 /* PWT and PCD: UC with the PAT as after reset */
#define PAGE_FLAG_PS       0x80

/* CPUID leaf 1, ECX */
#define X86_FEATURE_SSE3         (1 << 0)
#define X86_FEATURE_PCLMULQDQ    (1 << 1)
#define X86_FEATURE_SSE4_1       (1 << 19)
#define X86_FEATURE_SSE4_2       (1 << 20)
#define X86_FEATURE_TSC_DEADLINE (1 << 24)
#define X86_FEATURE_XSAVE        (1 << 26)
#define X86_FEATURE_AVX          (1 << 28)
/* CPUID leaf 1, EDX */
#define X86_FEATURE_FPU  (1 << 0)
#define X86_FEATURE_FXSR (1 << 24)
#define X86_FEATURE_SSE  (1 << 25)
#define X86_FEATURE_SSE2 (1 << 26)

#ifndef __ASSEMBLY__

#include <jailhouse/types.h>

/** struct x86_cpu_features - what the CPUs of the cell can do, valid before inmate_main() */
struct x86_cpu_features {
	u64 avx : 1;
	u64 sse : 1;
	u64 sse2 : 1;
	u64 sse3 : 1;
	u64 sse4_1 : 1;
	u64 sse4_2 : 1;
	u64 fpu : 1;
	u64 xsave : 1;
	u64 fxsr : 1;
	u64 pclmulqdq : 1;
};

extern struct x86_cpu_features x86_cpu_features;

#define X86_DEFINE_CR(num)                                                   \
	static inline unsigned long read_cr##num(void)                       \
	{                                                                    \
		unsigned long value;                                         \
		asm volatile("mov %%cr" #num ", %0" : "=r"(value));          \
		return value;                                                \
	}                                                                    \
	static inline void write_cr##num(unsigned long value)                \
	{                                                                    \
		asm volatile("mov %0, %%cr" #num : : "r"(value) : "memory"); \
	}

X86_DEFINE_CR(0)
X86_DEFINE_CR(2)
X86_DEFINE_CR(3)
X86_DEFINE_CR(4)

static inline u64 read_xcr0(void)
{
	u32 low, high;

	asm volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
	return low | (u64)high << 32;
}

static inline void write_xcr0(u64 value)
{
	asm volatile("xsetbv" : : "a"((u32)value), "d"((u32)(value >> 32)), "c"(0));
}

/**
 * cpuid() - execute CPUID
 * @eax: in: leaf, out: result
 * @ecx: in: subleaf, out: result
 */
static inline void cpuid(unsigned int *eax, unsigned int *ebx, unsigned int *ecx, unsigned int *edx)
{
	asm volatile("cpuid"
		     : "=a"(*eax), "=b"(*ebx), "=c"(*ecx), "=d"(*edx)
		     : "0"(*eax), "2"(*ecx)
		     : "memory");
}

#define X86_DEFINE_CPUID(reg)                                                     \
	static inline unsigned int cpuid_##reg(unsigned int op, unsigned int sub) \
	{                                                                         \
		unsigned int eax = op, ebx, ecx = sub, edx;                       \
		cpuid(&eax, &ebx, &ecx, &edx);                                    \
		return reg;                                                       \
	}

X86_DEFINE_CPUID(eax)
X86_DEFINE_CPUID(ebx)
X86_DEFINE_CPUID(ecx)
X86_DEFINE_CPUID(edx)

/** cpuid_edax() - EDX and EAX of a leaf as one number, EDX in the upper half */
static inline u64 cpuid_edax(unsigned int op, unsigned int sub)
{
	unsigned int eax = op, ebx, ecx = sub, edx;

	cpuid(&eax, &ebx, &ecx, &edx);
	return (u64)edx << 32 | eax;
}

#endif /* !__ASSEMBLY__ */

#endif /* !INMATE_ASM_REGS_H */
