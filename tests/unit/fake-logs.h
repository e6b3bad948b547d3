/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the model of the driver writes down: events, in the driver's own ring, accesses of the learning
 * mode, and registers of the hardware.
 */
#ifndef TESTS_FAKE_LOGS_H
#define TESTS_FAKE_LOGS_H

#include <jailhouse/ioctl.h>

void fake_logs_reset(void);

/* `reason` may be NULL. */
void fake_event(uint32_t type, uint32_t id, const char *name, int state,
		const struct jailhouse_reason *reason);
/* The number of the last one. */
uint64_t fake_events_last(void);
/* The ioctl, for a file whose last event is at `position`. */
int fake_events_read(uint64_t *position, struct jailhouse_ioc_read_events *arg);

void fake_learned_reset(void);
uint32_t fake_learned_total(void);
int fake_learned_read(struct jailhouse_ioc_learned *arg);

/* The ioctl, as fake_set_hardware() has said */
int fake_registers_read(struct jailhouse_ioc_hardware *arg);

#endif /* !TESTS_FAKE_LOGS_H */
