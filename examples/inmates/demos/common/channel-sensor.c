/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A sensor: measures in its own time, whether somebody listens or not, and sends each value as a
 * decimal number. If there is no room, the value is dropped. The values go up and down between 200
 * and 299.
 *
 * Parameters: see channel-demo.h, and period-ms=
 */
#include "channel-demo.h"

#define NAME "channel-sensor"
#define LOW  200
#define SPAN 100

static u32 measure(u32 number)
{
	u32 phase = number % (2 * SPAN);

	return LOW + (phase < SPAN ? phase : 2 * SPAN - 1 - phase);
}

/* Return: its length */
static u32 print_decimal(char text[3], u32 value)
{
	text[0] = '0' + value / 100;
	text[1] = '0' + value / 10 % 10;
	text[2] = '0' + value % 10;
	return 3;
}

/* Never waits for anybody. */
static void report(struct channel *channel, u32 number)
{
	char text[3];

	if (channel_accept(channel) &&
	    jailhouse_ring_send(&channel->ring, text, print_decimal(text, measure(number))))
		channel_flush(channel);
}

void inmate_main(void)
{
	u64 period = cmdline_parse_int("period-ms", 100) * NS_PER_MSEC, next;
	struct channel channel;
	u32 number;

	channel_demo_open(&channel, NAME);
	next = clock_ns();
	for (number = 0;; number++) {
		next += period;
		while (clock_ns() < next)
			cpu_relax();
		report(&channel, number);
	}
}
