/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Local APIC: register numbers (x2APIC MSR - 0x800, xAPIC offset >> 4) and bits.
 * Source: Intel SDM vol. 3, chapter 10.
 */
#ifndef ASM_APIC_H
#define ASM_APIC_H

#define APIC_ID		 0x02
#define APIC_VERSION	 0x03
#define APIC_TPR	 0x08
#define APIC_PPR	 0x0a
#define APIC_EOI	 0x0b
#define APIC_LDR	 0x0d
#define APIC_DFR	 0x0e
#define APIC_SVR	 0x0f
#define APIC_ISR	 0x10 /* eight registers each */
#define APIC_IRR	 0x20
#define APIC_ESR	 0x28
#define APIC_LVT_CMCI	 0x2f
#define APIC_ICR	 0x30
#define APIC_ICR_HIGH	 0x31 /* xAPIC only */
#define APIC_LVT_TIMER	 0x32
#define APIC_LVT_THERMAL 0x33
#define APIC_LVT_PERF	 0x34
#define APIC_LVT_LINT0	 0x35
#define APIC_LVT_LINT1	 0x36
#define APIC_LVT_ERROR	 0x37
#define APIC_TIMER_INIT	 0x38
#define APIC_TIMER_COUNT 0x39
#define APIC_TIMER_DIV	 0x3e
#define APIC_SELF_IPI	 0x3f /* x2APIC only */
#define APIC_EXT_FEATURE 0x40 /* AMD: extended register space */
#define APIC_EXT_LVT	 0x50 /* AMD: up to four */
#define APIC_NUM_EXT_LVT 4
#define APIC_NUM_REGS	 0x54

#define APIC_VERSION_EXT      0x80000000U /* AMD: there are extended registers */
#define APIC_MAX_LVT(version) (((version) >> 16) & 0xff)
#define APIC_SVR_ENABLE	      0x100
#define APIC_SPURIOUS	      0xff
#define APIC_LVT_MASKED	      0x10000
#define APIC_LVT_READ_ONLY    0x5000 /* delivery status, remote IRR */
#define APIC_DIVIDE_BY_16     0x3

#define APIC_ICR_PENDING      0x1000
#define APIC_ICR_LOGICAL      0x0800
#define APIC_ICR_ASSERT	      0x4000
#define APIC_ICR_LEVEL	      0x8000
#define APIC_DELIVERY(value)  (((value) >> 8) & 7)
#define APIC_SHORTHAND(value) (((value) >> 18) & 3)

enum apic_delivery {
	APIC_FIXED,
	APIC_LOWEST,
	APIC_SMI,
	APIC_NMI = 4,
	APIC_INIT,
	APIC_SIPI,
	APIC_EXTINT,
};

enum apic_shorthand { APIC_TO_DEST, APIC_TO_SELF, APIC_TO_ALL, APIC_TO_OTHERS };

#endif /* !ASM_APIC_H */
