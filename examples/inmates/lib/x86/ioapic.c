/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <inmate.h>

#define IOAPIC_BASE    0xfec00000UL
#define IOAPIC_INDEX   ((void *)IOAPIC_BASE)
#define IOAPIC_DATA    ((void *)(IOAPIC_BASE + 0x10))
#define IOAPIC_PIN_REG 0x10 /* two registers per pin from here on */

#define PIN_MASKED     (1 << 16)
#define PIN_DEST_SHIFT 24

static void ioapic_write(unsigned int reg, u32 value)
{
	mmio_write32(IOAPIC_INDEX, reg);
	mmio_write32(IOAPIC_DATA, value);
}

void ioapic_init(void)
{
#ifdef __x86_64__
	/* The start code of the 32-bit library has mapped it already. */
	map_range((void *)IOAPIC_BASE, PAGE_SIZE, MAP_UNCACHED);
#endif
}

void ioapic_pin_set_vector(unsigned int pin, enum ioapic_trigger_mode trigger_mode,
			   unsigned int vector)
{
	unsigned int reg = IOAPIC_PIN_REG + pin * 2;

	/* Masked while the two halves do not match. */
	ioapic_write(reg, PIN_MASKED);
	ioapic_write(reg + 1, cpu_id() << PIN_DEST_SHIFT);
	ioapic_write(reg, trigger_mode | vector);
}
