// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <hypervisor/unit.h>

static unsigned int num_units(void)
{
	unsigned int n = 0;

	while (arch_units[n])
		n++;
	return n;
}

int units_init(struct machine *m)
{
	int err = 0;

	for (unsigned int n = 0; arch_units[n]; n++) {
		printk(m, "Initializing unit: %s\n", arch_units[n]->name);
		if (arch_units[n]->init)
			err = arch_units[n]->init(m);
		if (err) {
			units_shutdown(m);
			return err;
		}
		m->num_units_up = n + 1;
	}
	return 0;
}

void units_shutdown(struct machine *m)
{
	while (m->num_units_up > 0)
		if (arch_units[--m->num_units_up]->shutdown)
			arch_units[m->num_units_up]->shutdown(m);
}

int units_cell_check(struct machine *m, const struct jailhouse_cell_desc *config, bool root)
{
	int err;

	for (unsigned int n = 0; arch_units[n]; n++) {
		err = arch_units[n]->cell_check ? arch_units[n]->cell_check(m, config, root) : 0;
		if (err)
			return err;
	}
	return 0;
}

static void cell_exit_from(struct cell *cell, unsigned int n)
{
	while (n-- > 0)
		if (arch_units[n]->cell_exit)
			arch_units[n]->cell_exit(cell);
}

int units_cell_init(struct cell *cell)
{
	int err;

	for (unsigned int n = 0; arch_units[n]; n++) {
		err = arch_units[n]->cell_init ? arch_units[n]->cell_init(cell) : 0;
		if (err) {
			cell_exit_from(cell, n);
			return err;
		}
	}
	return 0;
}

void units_cell_exit(struct cell *cell)
{
	cell_exit_from(cell, num_units());
}

void units_cell_reset(struct cell *cell)
{
	for (unsigned int n = num_units(); n-- > 0;)
		if (arch_units[n]->cell_reset)
			arch_units[n]->cell_reset(cell);
}
