/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The real header, with functions of the test in place of instructions that a program may not execute. */
#ifndef FAKE_ASM_X86_H
#define FAKE_ASM_X86_H

#define read_msr     real_read_msr
#define write_msr    real_write_msr
#define cpuid	     real_cpuid
#define cpuid_eax    real_cpuid_eax
#define cpuid_regs   real_cpuid_regs
#define cpuid_ecx    real_cpuid_ecx
#define cpuid_edx    real_cpuid_edx
#define rdtsc	     real_rdtsc
#define invlpg	     real_invlpg
#define outb	     real_outb
#define outw	     real_outw
#define outl	     real_outl
#define inb	     real_inb
#define inw	     real_inw
#define inl	     real_inl
#define mmio_read32  real_mmio_read32
#define mmio_write32 real_mmio_write32
#include_next <asm/x86.h>
#undef read_msr
#undef write_msr
#undef cpuid
#undef cpuid_eax
#undef cpuid_regs
#undef cpuid_ecx
#undef cpuid_edx
#undef rdtsc
#undef invlpg
#undef outb
#undef outw
#undef outl
#undef inb
#undef inw
#undef inl
#undef mmio_read32
#undef mmio_write32

u64 read_msr(u32 msr);
void write_msr(u32 msr, u64 value);
void cpuid(u32 leaf, u32 subleaf, u32 *a, u32 *b, u32 *c, u32 *d);
u32 cpuid_eax(u32 leaf, u32 subleaf);
static inline void cpuid_regs(u32 leaf, u32 subleaf, u64 *a, u64 *b, u64 *c, u64 *d)
{
	u32 eax, ebx, ecx, edx;

	cpuid(leaf, subleaf, &eax, &ebx, &ecx, &edx);
	*a = eax;
	*b = ebx;
	*c = ecx;
	*d = edx;
}
u32 cpuid_ecx(u32 leaf, u32 subleaf);
u32 cpuid_edx(u32 leaf, u32 subleaf);
u64 rdtsc(void);
void invlpg(const void *address);
void outb(u8 value, u16 port);
void outw(u16 value, u16 port);
void outl(u32 value, u16 port);
u8 inb(u16 port);
u16 inw(u16 port);
u32 inl(u16 port);
u32 mmio_read32(const void *address);
void mmio_write32(void *address, u32 value);

#endif /* !FAKE_ASM_X86_H */
