/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What guests.c and guest-run.c share. */
#ifndef LIB_SIM_GUESTS_H
#define LIB_SIM_GUESTS_H

#include "sim.h"

struct sim_guest {
	struct sim_guest *next;
	char name[SIM_TAG_SIZE];
	jailhouse_sim_guest function;
	void *user;
	unsigned int refs; /* programs, and CPUs that run it */
};

/* The innermost lock: the list of guests, and the slots of all machines. */
extern pthread_mutex_t sim_guests_lock;

void sim_program_put_locked(struct sim_program *program);

#endif /* !LIB_SIM_GUESTS_H */
