/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Instructions and constants of the processor. Sources: Intel SDM vol. 3 and 4, AMD APM vol. 2. */
#ifndef ASM_X86_H
#define ASM_X86_H

#include <hypervisor/base.h>

#define X86_CR0_PE	 0x00000001UL
#define X86_CR0_MP	 0x00000002UL
#define X86_CR0_EM	 0x00000004UL
#define X86_CR0_TS	 0x00000008UL
#define X86_CR0_ET	 0x00000010UL
#define X86_CR0_NE	 0x00000020UL
#define X86_CR0_WP	 0x00010000UL
#define X86_CR0_AM	 0x00040000UL
#define X86_CR0_PG	 0x80000000UL

#define X86_CR4_VME	   0x00000001UL
#define X86_CR4_PVI	   0x00000002UL
#define X86_CR4_TSD	   0x00000004UL
#define X86_CR4_DE	   0x00000008UL
#define X86_CR4_PSE	   0x00000010UL
#define X86_CR4_PAE	   0x00000020UL
#define X86_CR4_MCE	   0x00000040UL
#define X86_CR4_PGE	   0x00000080UL
#define X86_CR4_PCE	   0x00000100UL
#define X86_CR4_OSFXSR	   0x00000200UL
#define X86_CR4_OSXMMEXCPT 0x00000400UL
#define X86_CR4_UMIP	   0x00000800UL
#define X86_CR4_LA57	   0x00001000UL
#define X86_CR4_VMXE	   0x00002000UL
#define X86_CR4_FSGSBASE   0x00010000UL
#define X86_CR4_PCIDE	   0x00020000UL
#define X86_CR4_OSXSAVE	   0x00040000UL
#define X86_CR4_SMEP	   0x00100000UL
#define X86_CR4_SMAP	   0x00200000UL
#define X86_CR4_PKE	   0x00400000UL
#define X86_CR4_CET	   0x00800000UL
#define X86_CR4_PKS	   0x01000000UL

#define X86_EFER_SCE   0x0001UL
#define X86_EFER_LME   0x0100UL
#define X86_EFER_LMA   0x0400UL
#define X86_EFER_NXE   0x0800UL
#define X86_EFER_SVME  0x1000UL
#define X86_EFER_FFXSR 0x4000UL
#define X86_EFER_TCE   0x8000UL
#define X86_EFER_AIBRSE 0x200000UL

#define X86_RFLAGS_FIXED 0x2UL
#define X86_RFLAGS_VM	 0x20000UL

#define MSR_APICBASE	    0x1b
#define MSR_SYSENTER_EIP    0x176
#define MSR_DEBUGCTL	    0x1d9
#define MSR_PAT		    0x277
#define MSR_MTRR_DEF_TYPE   0x2ff
#define MSR_TSC_DEADLINE    0x6e0
#define MSR_X2APIC_BASE	    0x800
#define MSR_X2APIC_END	    0x83f
#define MSR_EFER	    0xc0000080
#define MSR_TSC_AUX	    0xc0000103
#define MSR_SYSCFG	    0xc0010010
#define MSR_VM_CR	    0xc0010114
#define MSR_VM_HSAVE_PA	    0xc0010117

#define APICBASE_BSP	0x100UL
#define APICBASE_X2APIC 0x400UL
#define APICBASE_ENABLE 0x800UL
#define XAPIC_BASE	0xfee00000UL

#define MTRR_ENABLE 0x800UL
#define PAT_RESET   0x0007040600070406UL

#define X86_VECTOR_DB 1
#define X86_VECTOR_NMI 2
#define X86_VECTOR_UD 6
#define X86_VECTOR_DF 8
#define X86_VECTOR_GP 13
#define X86_VECTOR_PF 14
#define X86_VECTOR_AC 17

static inline u64 read_msr(u32 msr)
{
	u32 low, high;

	__asm__ volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(msr));
	return low | (u64)high << 32;
}

static inline void write_msr(u32 msr, u64 value)
{
	__asm__ volatile("wrmsr" : : "a"((u32)value), "d"((u32)(value >> 32)), "c"(msr) : "memory");
}

static inline void cpuid(u32 leaf, u32 subleaf, u32 *a, u32 *b, u32 *c, u32 *d)
{
	__asm__ volatile("cpuid" : "=a"(*a), "=b"(*b), "=c"(*c), "=d"(*d) : "0"(leaf), "2"(subleaf));
}

/* Whole registers: the instruction clears their upper halves. */
static inline void cpuid_regs(u32 leaf, u32 subleaf, u64 *a, u64 *b, u64 *c, u64 *d)
{
	__asm__ volatile("cpuid" : "=a"(*a), "=b"(*b), "=c"(*c), "=d"(*d) : "0"(leaf), "2"(subleaf));
}

static inline u32 cpuid_eax(u32 leaf, u32 sub)
{
	u32 a, b, c, d;

	cpuid(leaf, sub, &a, &b, &c, &d);
	return a;
}

static inline u32 cpuid_ecx(u32 leaf, u32 sub)
{
	u32 a, b, c, d;

	cpuid(leaf, sub, &a, &b, &c, &d);
	return c;
}

static inline u32 cpuid_edx(u32 leaf, u32 sub)
{
	u32 a, b, c, d;

	cpuid(leaf, sub, &a, &b, &c, &d);
	return d;
}

#define DEFINE_CR(n)                                                                                                 \
	static inline u64 read_cr##n(void)                                                                           \
	{                                                                                                            \
		u64 value;                                                                                           \
		__asm__ volatile("mov %%cr" #n ", %0" : "=r"(value) : : "memory");                                   \
		return value;                                                                                        \
	}                                                                                                            \
	static inline void write_cr##n(u64 value)                                                                    \
	{                                                                                                            \
		__asm__ volatile("mov %0, %%cr" #n : : "r"(value) : "memory");                                       \
	}
DEFINE_CR(0)
DEFINE_CR(2)
DEFINE_CR(3)
DEFINE_CR(4)

static inline u64 rdtsc(void)
{
	u32 low, high;

	__asm__ volatile("rdtsc" : "=a"(low), "=d"(high) : : "memory");
	return low | (u64)high << 32;
}

static inline void invlpg(const void *address)
{
	__asm__ volatile("invlpg (%0)" : : "r"(address) : "memory");
}

static inline void outb(u8 value, u16 port)
{
	__asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port) : "memory");
}

static inline void outw(u16 value, u16 port)
{
	__asm__ volatile("outw %0, %1" : : "a"(value), "Nd"(port) : "memory");
}

static inline void outl(u32 value, u16 port)
{
	__asm__ volatile("outl %0, %1" : : "a"(value), "Nd"(port) : "memory");
}

static inline u8 inb(u16 port)
{
	u8 value;

	__asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port) : "memory");
	return value;
}

static inline u16 inw(u16 port)
{
	u16 value;

	__asm__ volatile("inw %1, %0" : "=a"(value) : "Nd"(port) : "memory");
	return value;
}

static inline u32 inl(u16 port)
{
	u32 value;

	__asm__ volatile("inl %1, %0" : "=a"(value) : "Nd"(port) : "memory");
	return value;
}

static inline u32 mmio_read32(const void *address)
{
	return *(const volatile u32 *)address;
}

static inline void mmio_write32(void *address, u32 value)
{
	*(volatile u32 *)address = value;
}

#endif /* !ASM_X86_H */
