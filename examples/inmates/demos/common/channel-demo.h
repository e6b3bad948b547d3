/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the programs with a message channel do alike. */
#ifndef CHANNEL_DEMO_H
#define CHANNEL_DEMO_H

#include <channel.h>

/**
 * channel_demo_open() - open the channel of this program, on the first link with protocol
 * "undefined"
 * @channel: it
 * @name: of the program, for what it prints
 *
 * Parameters: peer=ID (default: the lowest id that is not the own one), poll (a switch: never
 * sleep). The program ends if it has no channel.
 */
void channel_demo_open(struct channel *channel, const char *name);

/** channel_demo_end() - tell the peer that nobody is here any more, and stop */
void channel_demo_end(struct channel *channel, const char *name) __attribute__((noreturn));

/** channel_demo_word() - word @index of the test message @number: what it must be */
static inline u32 channel_demo_word(u32 number, u32 index)
{
	return number * 0x9e3779b1U + index;
}

#endif /* !CHANNEL_DEMO_H */
