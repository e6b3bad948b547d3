/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A simulated machine in the place of kernel and driver: its Linux has the CPUs of the root cell.
 */
#include <stdio.h>

#include <jailhouse/cell-config.h>
#include <jailhouse/hypercall.h>
#include <jailhouse/sim.h>

#include "driver-arch.h"
#include "guest.h"

static struct jailhouse *machine;

/* The programs of driver-arch-sim.c: as those of real machines they answer nothing. */
static void locked_silent(struct jailhouse_sim_cpu *cpu, void *user)
{
	(void)user;
	if (jailhouse_sim_cpu_get_index(cpu))
		return;
	jailhouse_sim_cpu_set_state(cpu, JAILHOUSE_CELL_RUNNING_LOCKED);
}

/* The other CPUs of a cell do nothing. */
static void stray(struct jailhouse_sim_cpu *cpu, void *user)
{
	(void)user;
	if (jailhouse_sim_cpu_get_index(cpu))
		return;
	jailhouse_sim_cpu_write(cpu, TEST_SIM_NOWHERE, 1, 0);
}

static int add_guests(struct jailhouse_error *error)
{
	int err = jailhouse_sim_register("locked-silent", locked_silent, NULL, error);

	return err ? err : jailhouse_sim_register("stray", stray, NULL, error);
}

int guest_open(struct jailhouse **ret_jh, struct jailhouse_error *error)
{
	int err = add_guests(error);

	if (!err)
		err = jailhouse_open("sim:", &machine, error);

	if (!err)
		*ret_jh = machine;
	return err;
}

bool guest_has_module(void)
{
	return false;
}

void guest_insmod(void)
{
}

int guest_rmmod(void)
{
	fail_msg("there is no module in a simulation");
	return -1;
}

int guest_rmmod_at_end(void)
{
	return 0;
}

/* As Linux lists them: "0-1,3" */
static const char *list_cpus(uint64_t mask)
{
	static char list[256];
	size_t length = 0;
	unsigned int first, last;

	list[0] = '\0';
	for (first = 0; first < 64; first = last + 1) {
		for (last = first; last < 64 && mask >> last & 1; last++)
			;
		if (last == first)
			continue;
		length += (size_t)snprintf(list + length, sizeof(list) - length,
					   last - first > 1 ? "%s%u-%u" : "%s%u", length ? "," : "",
					   first, last - 1);
	}
	return list;
}

const char *guest_online_cpus(void)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_cell *root;
	uint64_t mask;

	if (jailhouse_is_enabled(machine, &error) == 0)
		return guest_machine()->cpus;
	guest_ok(jailhouse_cell_get_by_id(machine, 0, &root, &error), &error);
	jailhouse_cell_get_cpus(root, &mask, 1);
	jailhouse_cell_free(root);
	return list_cpus(mask);
}
