/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A cell that is alive, on CPU 3: its timer beats every 100 ms, and Linux can count the beats
 * without asking anybody. All functions end the running test when something does not work.
 */
#ifndef TESTS_SYSTEM_HEART_H
#define TESTS_SYSTEM_HEART_H

#include "guest.h"

#define HEART_NAME "heart"
#define HEART_CPU  3

/* Creates and starts the cell and waits for its first beats; returns its id. */
uint32_t heart_start(struct jailhouse *jh);
/* Ends the cell. */
void heart_stop(struct jailhouse *jh, uint32_t id);
/* Beats since its start */
uint64_t heart_beats(void);
/* Waits for three more beats, at most 10 seconds. */
void heart_must_beat(void);

#endif /* !TESTS_SYSTEM_HEART_H */
