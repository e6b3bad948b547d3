/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What interrupts cost a root cell on ARM. */
#include "guest.h"
#include "guest-bench.h"
#include "irqtest.h"

#define ARRAY_LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/*
 * An interrupt with a thread for its handler, natively and as root cell. Setting it pending costs as well, which is
 * found out by doing only that.
 */
struct irq_cost {
	double ticks, exits, mmio, dir;
};

static struct irq_cost irq_cost(const char *parameters, bool enabled)
{
	static const char *const names[] = {"vmexits_total", "vmexits_mmio", "vmexits_maintenance"};
	double counts[ARRAY_LENGTH(names)] = {0};
	struct irq_cost cost;
	double interrupts;
	size_t n;

	for (n = 0; enabled && n < ARRAY_LENGTH(names); n++)
		counts[n] = -(double)exits(0, names[n]);
	irqtest_begin(parameters);
	for (n = 0; enabled && n < ARRAY_LENGTH(names); n++)
		counts[n] += (double)exits(0, names[n]);
	interrupts = (double)irqtest_result("interrupts");
	assert_true(interrupts >= 1000);
	cost.ticks = (double)irqtest_result("ticks");
	irqtest_end();
	cost.exits = counts[0] / interrupts;
	cost.mmio = counts[1] / interrupts;
	cost.dir = counts[2] / interrupts;
	return cost;
}

void threaded_interrupts(void **state)
{
	struct irq_cost native, trigger, threaded;
	double native_trigger;

	(void)state;
	native_trigger = irq_cost("test=trigger", false).ticks;
	native = irq_cost("test=threaded", false);
	enable();
	trigger = irq_cost("test=trigger", true);
	threaded = irq_cost("test=threaded", true);
	figure("threaded-native-ticks", native.ticks - native_trigger);
	figure("threaded-root-ticks", threaded.ticks - trigger.ticks);
	figure("threaded-exits", threaded.exits - trigger.exits);
	figure("threaded-mmio", threaded.mmio - trigger.mmio);
	figure("threaded-dir", threaded.dir - trigger.dir);
	figure("threaded-trigger-exits", trigger.exits);
}
