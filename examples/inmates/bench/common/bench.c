/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include "bench.h"

/* Shell's sort with halved gaps is good enough for some thousand values. */
void bench_sort(s64 *values, unsigned int num)
{
	unsigned int gap, n, place;
	s64 value;

	for (gap = num / 2; gap > 0; gap /= 2) {
		for (n = gap; n < num; n++) {
			value = values[n];
			for (place = n; place >= gap && values[place - gap] > value; place -= gap)
				values[place] = values[place - gap];
			values[place] = value;
		}
	}
}

void bench_done(void)
{
	printk("bench done\n");
	comm_region->cell_state = JAILHOUSE_CELL_SHUT_DOWN;
	stop();
}
