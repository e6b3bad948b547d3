/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Kinds of events, for driver (<jailhouse/ioctl.h>) and library (<jailhouse/jailhouse.h>). New ones may
 * come: pass over what you do not know. Valid C89 and C++.
 */
#ifndef JAILHOUSE_EVENTS_H
#define JAILHOUSE_EVENTS_H

#define JAILHOUSE_EVENT_LOST	  1 /* events that were not read in time are gone: look at the cells */
#define JAILHOUSE_EVENT_ENABLED	  2 /* the hypervisor runs; the cell is the root cell */
#define JAILHOUSE_EVENT_DISABLED  3 /* it is gone; no cell */
#define JAILHOUSE_EVENT_CREATED	  4 /* a cell came */
#define JAILHOUSE_EVENT_LOADED	  5 /* images were loaded into it */
#define JAILHOUSE_EVENT_STARTED	  6 /* it was started */
#define JAILHOUSE_EVENT_STATE	  7 /* it has another state, or was shut down; a reason: by a load that failed */
#define JAILHOUSE_EVENT_FAILED	  8 /* all of its CPUs were stopped (the reason of one of them), or it says so */
#define JAILHOUSE_EVENT_DESTROYED 9 /* it is gone */
#define JAILHOUSE_EVENT_CPU_FAILED 10 /* one of its CPUs was stopped, by that reason; others run on */

#endif /* !JAILHOUSE_EVENTS_H */
