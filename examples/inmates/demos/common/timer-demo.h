/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the timer demos of all architectures do alike: the shutdown, and the LED of led-reg and led-pin. */
#ifndef TIMER_DEMO_H
#define TIMER_DEMO_H

#include <inmate.h>

static u32 *led_reg;
static unsigned int led_pin;

static void led_init(void)
{
	led_reg = (u32 *)(unsigned long)cmdline_parse_int("led-reg", 0);
	led_pin = cmdline_parse_int("led-pin", 0) % 32;
	if (led_reg)
		map_range(led_reg, sizeof(*led_reg), MAP_UNCACHED);
}

static void led_toggle(void)
{
	if (led_reg)
		mmio_write32(led_reg, mmio_read32(led_reg) ^ 1U << led_pin);
}

/* Returns false when the cell shall end. */
static bool handle_message(void)
{
	static bool denied;

	switch (comm_region->msg_to_cell) {
	case JAILHOUSE_MSG_NONE:
		break;
	case JAILHOUSE_MSG_SHUTDOWN_REQUEST:
		if (denied)
			return false;
		denied = true;
		printk("Rejecting first shutdown request - try again!\n");
		jailhouse_send_reply_from_cell(comm_region, JAILHOUSE_MSG_REQUEST_DENIED);
		break;
	default:
		jailhouse_send_reply_from_cell(comm_region, JAILHOUSE_MSG_UNKNOWN);
		break;
	}
	return true;
}

#endif /* !TIMER_DEMO_H */
