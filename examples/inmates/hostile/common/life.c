/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Bad manners towards the management of cells. */
#include "hostile.h"

#define UNDEFINED_STATE 0xdeadbeef

#define DEFAULT_DELAY_MS 500

void silent(void)
{
	manners = IGNORE;
	SURVIVED("answers nothing");
}

void deny(void)
{
	manners = DENY;
	SURVIVED("denies everything");
}

void late(void)
{
	answer_delay_ns = cmdline_parse_int("delay", DEFAULT_DELAY_MS) * NS_PER_MSEC;
	SURVIVED("answers %llu ms late", answer_delay_ns / NS_PER_MSEC);
}

void bad_reply(void)
{
	manners = REPLY_GARBAGE;
	SURVIVED("answers nonsense");
}

void locked(void)
{
	comm_region->cell_state = JAILHOUSE_CELL_RUNNING_LOCKED;
	SURVIVED("locked");
}

void wild_state(void)
{
	comm_region->cell_state = UNDEFINED_STATE;
	SURVIVED("state 0x%x", UNDEFINED_STATE);
}

void failed_state(void)
{
	comm_region->cell_state = JAILHOUSE_CELL_FAILED;
	SURVIVED("state %d", JAILHOUSE_CELL_FAILED);
}

void failed_revision(void)
{
	comm_region->cell_state = JAILHOUSE_CELL_FAILED_COMM_REV;
	SURVIVED("state %d", JAILHOUSE_CELL_FAILED_COMM_REV);
}

/* A xorshift generator (Marsaglia 2003): same garbage in each run */
static u32 next_garbage(u32 value)
{
	value ^= value << 13;
	value ^= value >> 17;
	return value ^ value << 5;
}

/* The clock and the console have been read from the page by then, or are kept here. */
void comm_wild(void)
{
	volatile u32 *word = (volatile u32 *)comm_region;
	const struct jailhouse_comm_region sane = *comm_region;
	u32 garbage = 1;
	unsigned int n;

	manners = IGNORE;
	SURVIVED("begins");
	while (1) {
		for (n = 0; n < PAGE_SIZE / sizeof(*word); n++) {
			garbage = next_garbage(garbage);
			word[n] = garbage;
		}
		comm_region_repair(&sane);
		heartbeat_once();
		delay_us(1000);
	}
}
