/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Access to the local APIC, see inmate.h for the two ways. */
#include <inmate.h>

#define X2APIC_BASE  0x800
#define XAPIC_BASE   0xfee00000UL
#define XAPIC_ICR_HI 0x310

#define SPIV_ENABLE        0x100
#define SPURIOUS_VECTOR    0xff
#define XAPIC_ID_SHIFT     24
#define ICR_DELIVERY_FIXED (0 << 8)

/* -1: not decided yet */
static int use_mmio = -1;

static void *xapic_reg(unsigned int reg)
{
	return (void *)(XAPIC_BASE + ((unsigned long)(reg - X2APIC_BASE) << 4));
}

static bool mmio_mode(void)
{
	char mode[8];

	if (use_mmio < 0) {
		cmdline_parse_str("apic", mode, sizeof(mode), "msr");
		use_mmio = strcmp(mode, "mmio") == 0;
#ifdef __x86_64__
		/* The start code of the 32-bit library has mapped it already. */
		if (use_mmio)
			map_range((void *)XAPIC_BASE, PAGE_SIZE, MAP_UNCACHED);
#endif
	}
	return use_mmio;
}

u32 apic_read(unsigned int reg)
{
	return mmio_mode() ? mmio_read32(xapic_reg(reg)) : (u32)read_msr(reg);
}

void apic_write(unsigned int reg, u32 value)
{
	if (mmio_mode())
		mmio_write32(xapic_reg(reg), value);
	else
		write_msr(reg, value);
}

void apic_send_ipi(unsigned int dest, u32 icr)
{
	if (mmio_mode()) {
		mmio_write32((void *)(XAPIC_BASE + XAPIC_ICR_HI), dest << XAPIC_ID_SHIFT);
		mmio_write32(xapic_reg(X2APIC_ICR), icr);
	} else {
		write_msr(X2APIC_ICR, (u64)dest << 32 | icr);
	}
}

void apic_init(void)
{
	apic_write(X2APIC_SPIV, SPIV_ENABLE | SPURIOUS_VECTOR);
}

unsigned int cpu_id(void)
{
	u32 id = apic_read(X2APIC_ID);

	return mmio_mode() ? id >> XAPIC_ID_SHIFT : id;
}

void irq_send_ipi(unsigned int cpu_id, unsigned int vector)
{
	apic_send_ipi(cpu_id, APIC_LVL_ASSERT | ICR_DELIVERY_FIXED | vector);
}
