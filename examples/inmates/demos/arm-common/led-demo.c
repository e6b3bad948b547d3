/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A light that blinks, twice a second by default, as the "blink" task of FreeRTOS on a Banana Pi does: one pin of a
 * port of Allwinner's pin controller (A20 User Manual, 1.19.4), of which the cell has two registers only.
 *
 * Parameters: led-reg is the port's data register, led-pin the pin, period-ms the time between two changes. Default:
 * PH24. The register that configures the pin as an output lies before the data register.
 *
 * What was written last is kept here, and not read back: a register without port behind it reads as 0, and pins that
 * are inputs read what is outside.
 */
#include <inmate.h>
#include <gic.h>

#define PORT_H_DATA  0x01c2090c
#define LED_PIN	     24
#define PERIOD_MS    250

/* From the data register back to the first one of the configuration, with eight pins in each */
#define CONFIG_BACK  0x10
#define CONFIG_MASK  0x7
#define CONFIG_OUT   0x1

static u8 *data_reg;
static unsigned int pin, changes;
static u32 shadow;
static u64 period;

static void timer_handler(unsigned int irq)
{
	if (irq != TIMER_IRQ)
		return;
	timer_start(period);
	shadow ^= 1U << pin;
	mmio_write32(data_reg, shadow);
	changes++;
	printk("LED %s, change %u\n", shadow & 1U << pin ? "on" : "off", changes);
}

static void make_output(void)
{
	u8 *config = data_reg - CONFIG_BACK + pin / 8 * 4;
	unsigned int shift = pin % 8 * 4;

	mmio_write32(config, (mmio_read32(config) & ~((u32)CONFIG_MASK << shift)) | (u32)CONFIG_OUT << shift);
}

void inmate_main(void)
{
	data_reg = (u8 *)(unsigned long)cmdline_parse_int("led-reg", PORT_H_DATA);
	pin = cmdline_parse_int("led-pin", LED_PIN) % 32;
	period = timer_get_frequency() / 1000 * cmdline_parse_int("period-ms", PERIOD_MS);

	printk("Blinking pin %u of the port with data at %p\n", pin, data_reg);
	map_range(data_reg - CONFIG_BACK, PAGE_SIZE, MAP_UNCACHED);
	make_output();
	shadow = mmio_read32(data_reg);

	irq_init(timer_handler);
	irq_enable(TIMER_IRQ);
	timer_start(period);
	enable_irqs();
	halt();
}
