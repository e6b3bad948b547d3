/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Reading the events of the driver one by one, and what it must do there. Part of driver-events. */
#ifndef TESTS_SYSTEM_DRIVER_READ_EVENTS_H
#define TESTS_SYSTEM_DRIVER_READ_EVENTS_H

#include "driver-cells.h"

/* A file for events, from now on */
int open_events(void);
/* How many were read, or a negative errno */
int read_events(int fd, void *to, uint32_t size, uint32_t count);
short poll_events(int fd, int milliseconds);
/* Waits for the next one, which must be this. */
struct jailhouse_ioc_event expect_event(int fd, uint32_t type, uint32_t id, int state);
void expect_no_event(int fd);

/* Tests, with the hypervisor running */
void events_come_in_order(void **state);
void unseen_failure_comes_before_the_restart(void **state);
void late_reader_is_told_how_much_is_lost(void **state);
void events_reach_only_good_memory(void **state);

#endif /* !TESTS_SYSTEM_DRIVER_READ_EVENTS_H */
