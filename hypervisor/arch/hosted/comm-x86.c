// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "hosted-internal.h"

void hosted_fill_comm(struct cell *cell)
{
	const struct jailhouse_platform_x86 *platform = &cell->machine->config->platform_info.x86;

	/* The layout of the others is another one, of which only the part that all have in common is filled. */
	if (cell->config->architecture != JAILHOUSE_X86)
		return;
	cell->comm->pm_timer_address = platform->pm_timer_address;
	cell->comm->num_cpus = (u16)cell->num_cpus;
	cell->comm->tsc_khz = platform->tsc_khz ? platform->tsc_khz : cell->machine->tsc_khz;
	cell->comm->apic_khz = platform->apic_khz;
}
