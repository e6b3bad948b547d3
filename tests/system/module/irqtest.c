// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Interrupts of a root cell on ARM, from inside of its Linux: an SPI without a wire is set pending. The parameter
 * `test` says what is to be done; it is done while the module is loaded, and the results are parameters, too.
 */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/cpu.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/irq.h>
#include <linux/irqdomain.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/of_address.h>
#include <linux/of_irq.h>
#include <linux/perf_event.h>
#include <linux/random.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <linux/sort.h>
#include <linux/timex.h>
#include <linux/workqueue.h>

#define BATCH	    16 /* a tick of the counter is several instructions */
#define BATCHES	    128
#define MOVERS	    2
#define LOST_AFTER  (5 * HZ) /* an emulated CPU may have to wait for its turn */
#define HANDLER_US  60

static char *test;
module_param(test, charp, 0444);
static unsigned int spi = 200;
module_param(spi, uint, 0444);
static unsigned int tries = 3000;
module_param(tries, uint, 0444);

/* Results. trigger, threaded: median of ticks for BATCH interrupts */
static unsigned long ticks, interrupts;
module_param(ticks, ulong, 0444);
module_param(interrupts, ulong, 0444);
/* edges: second ones that the handler never saw; those that came while it ran for the first one, and which it saw on
 * another CPU; changes of affinity
 */
static unsigned long lost, moved, changes;
module_param(lost, ulong, 0444);
module_param(moved, ulong, 0444);
module_param(changes, ulong, 0444);

/* active: interrupts that nobody has in service, but are active: of each CPU, and shared ones */
static unsigned long stuck;
module_param(stuck, ulong, 0444);

/*
 * masked: says where it is (enum stage), and goes on when it is told to. Interrupts that are not masked, of the counter
 * of cycles; ordinary ones that were not kept away. What came at the end is in `interrupts`.
 */
static unsigned int cpu;
module_param(cpu, uint, 0444);
static int stage, release;
module_param(stage, int, 0444);
module_param(release, int, 0644);
static unsigned long nmis, early;
module_param(nmis, ulong, 0444);
module_param(early, ulong, 0444);

static unsigned int irq;
static DECLARE_COMPLETION(handled);

static void set_pending(bool pending)
{
	irq_set_irqchip_state(irq, IRQCHIP_STATE_PENDING, pending);
}

static struct device_node *find_gic(bool *v3)
{
	struct device_node *node = of_find_compatible_node(NULL, NULL, "arm,gic-v3");

	*v3 = node;
	return node ? node : of_find_compatible_node(NULL, NULL, "arm,cortex-a15-gic");
}

static int find_irq(void)
{
	struct of_phandle_args args = { .args_count = 3, .args = { 0, spi, IRQ_TYPE_EDGE_RISING } };
	bool v3;

	args.np = find_gic(&v3);
	if (!args.np)
		return -ENODEV;
	irq = irq_create_of_mapping(&args);
	of_node_put(args.np);
	return irq ? 0 : -ENXIO;
}

/* ---- what one costs, without a handler and with a thread for it ---- */

static irqreturn_t wake_thread(int number, void *unused)
{
	return IRQ_WAKE_THREAD;
}

static irqreturn_t in_thread(int number, void *unused)
{
	interrupts++;
	complete(&handled);
	return IRQ_HANDLED;
}

static int compare(const void *a, const void *b)
{
	cycles_t left = *(const cycles_t *)a, right = *(const cycles_t *)b;

	return left < right ? -1 : left > right;
}

static void one_interrupt(bool threaded)
{
	set_pending(true);
	if (threaded)
		wait_for_completion(&handled);
	else
		interrupts++;
}

/* Without a handler it stays pending, and each time it is set pending does the same. */
static int measure(bool threaded)
{
	static cycles_t samples[BATCHES];
	cycles_t start;
	int err = 0;

	set_cpus_allowed_ptr(current, cpumask_of(0));
	if (threaded)
		err = request_threaded_irq(irq, wake_thread, in_thread, IRQF_ONESHOT, "irqtest", &handled);
	if (!err)
		err = irq_set_affinity(irq, cpumask_of(0));
	if (err)
		return err;
	for (unsigned int n = 0; n < BATCHES; n++) {
		start = get_cycles();
		for (unsigned int i = 0; i < BATCH; i++)
			one_interrupt(threaded);
		samples[n] = get_cycles() - start;
	}
	set_pending(false);
	if (threaded)
		free_irq(irq, &handled);
	sort(samples, BATCHES, sizeof(samples[0]), compare, NULL);
	ticks = samples[BATCHES / 2];
	return 0;
}

/* ---- edges while the affinity changes ---- */

static unsigned int posted, seen;
static int running_on = -1, handled_on;

/* Takes long enough for the next edge to come meanwhile, which must bring it again. */
static irqreturn_t slow_handler(int number, void *unused)
{
	WRITE_ONCE(running_on, smp_processor_id());
	smp_store_release(&seen, smp_load_acquire(&posted));
	udelay(HANDLER_US);
	handled_on = smp_processor_id();
	smp_store_release(&running_on, -1);
	interrupts++;
	return IRQ_HANDLED;
}

static int mover(void *unused)
{
	while (!kthread_should_stop()) {
		irq_set_affinity(irq, cpumask_of(get_random_u32() % num_online_cpus()));
		changes++;
		cond_resched();
	}
	return 0;
}

/* That the handler has begun, or come to its end. */
static bool wait_seen(bool end_of_it)
{
	unsigned long end = jiffies + LOST_AFTER;

	while (smp_load_acquire(&seen) != posted || (end_of_it && smp_load_acquire(&running_on) >= 0)) {
		if (time_after(jiffies, end))
			return false;
		cond_resched();
	}
	return true;
}

static void post(void)
{
	smp_store_release(&posted, posted + 1);
	set_pending(true);
}

static void two_edges(void)
{
	int first_on;

	post();
	if (!wait_seen(false)) {
		lost++;
		seen = posted;
		return;
	}
	udelay(get_random_u32() % HANDLER_US);
	first_on = smp_load_acquire(&running_on);
	post();
	if (!wait_seen(true))
		lost++;
	else if (first_on >= 0 && handled_on != first_on)
		moved++;
	seen = posted;
}

static int edges(void)
{
	struct task_struct *movers[MOVERS] = { NULL };
	int err = request_irq(irq, slow_handler, IRQF_NO_THREAD, "irqtest", &handled);

	if (err)
		return err;
	for (unsigned int n = 0; n < MOVERS && !err; n++) {
		movers[n] = kthread_run(mover, NULL, "irqtest-mover");
		err = PTR_ERR_OR_ZERO(movers[n]);
	}
	for (unsigned int n = 0; n < tries && !err; n++)
		two_edges();
	for (unsigned int n = 0; n < MOVERS; n++)
		if (!IS_ERR_OR_NULL(movers[n]))
			kthread_stop(movers[n]);
	free_irq(irq, &handled);
	return err;
}

/* ---- interrupts that stay active, and so never come again ---- */

#define ISACTIVER	0x300
#define SGI_FRAME	0x10000
#define MAX_WORDS	32
#define SAMPLES		20
#define SAMPLE_MS	10

static void __iomem *distributor, *redistributors;

/*
 * Of this CPU. Here no interrupt is in service: this is a thread, and others are off for the moment. GICv3: QEMU's
 * frames are in order of the CPUs, and have 128 KiB each.
 */
static long active_here(void *unused)
{
	void __iomem *base = distributor;
	unsigned long flags;
	u32 active;

	local_irq_save(flags);
	if (redistributors)
		base = redistributors + smp_processor_id() * 0x20000 + SGI_FRAME;
	active = readl(base + ISACTIVER);
	local_irq_restore(flags);
	if (active)
		pr_err("irqtest: CPU %u: active %08x\n", smp_processor_id(), active);
	return hweight32(active);
}

/* Another CPU may have one in service; but not always the same one. */
static unsigned int active_shared(void)
{
	unsigned int words = (readl(distributor + 4) & 0x1f) + 1, found = 0;
	static u32 always[MAX_WORDS];

	words = min_t(unsigned int, words, MAX_WORDS);
	memset(always, 0xff, sizeof(always));
	for (unsigned int sample = 0; sample < SAMPLES; sample++) {
		for (unsigned int n = 1; n < words; n++)
			always[n] &= readl(distributor + ISACTIVER + n * 4);
		msleep(SAMPLE_MS);
	}
	for (unsigned int n = 1; n < words; n++) {
		if (always[n])
			pr_err("irqtest: SPIs %u and up: active %08x\n", n * 32 - 32, always[n]);
		found += hweight32(always[n]);
	}
	return found;
}

static int active(void)
{
	struct device_node *node;
	unsigned int cpu;
	bool v3;

	node = find_gic(&v3);
	if (!node)
		return -ENODEV;
	distributor = of_iomap(node, 0);
	redistributors = v3 ? of_iomap(node, 1) : NULL;
	of_node_put(node);
	if (!distributor || (v3 && !redistributors))
		return -ENOMEM;
	cpus_read_lock();
	for_each_online_cpu(cpu)
		stuck += work_on_cpu(cpu, active_here, NULL);
	cpus_read_unlock();
	stuck += active_shared();
	if (redistributors)
		iounmap(redistributors);
	iounmap(distributor);
	return 0;
}

/* ---- masked interrupts, and those that no mask keeps away ---- */

#define NMI_CYCLES   20000000
#define MASKED_MAX_S 15

enum stage { BEFORE, MASKED, AFTER };

static irqreturn_t ordinary(int number, void *unused)
{
	if (READ_ONCE(stage) == MASKED)
		early++;
	interrupts++;
	complete(&handled);
	return IRQ_HANDLED;
}

static void counter_overflow(struct perf_event *event, struct perf_sample_data *data, struct pt_regs *regs)
{
	if (READ_ONCE(stage) == MASKED && in_nmi())
		nmis++;
}

/* Its name is in the backtrace. An ordinary interrupt waits all the while. */
static noinline void stay_masked(void)
{
	unsigned long flags;
	ktime_t end;

	local_irq_save(flags);
	WRITE_ONCE(stage, MASKED);
	set_pending(true);
	end = ktime_add_ms(ktime_get(), MASKED_MAX_S * MSEC_PER_SEC);
	while (!READ_ONCE(release) && ktime_before(ktime_get(), end))
		cpu_relax();
	WRITE_ONCE(stage, AFTER);
	local_irq_restore(flags);
}

static int masked(void)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_HARDWARE, .size = sizeof(attr), .config = PERF_COUNT_HW_CPU_CYCLES,
		.sample_period = NMI_CYCLES, .pinned = 1,
	};
	struct perf_event *event;
	int err = request_irq(irq, ordinary, IRQF_NO_THREAD, "irqtest", &handled);

	if (err)
		return err;
	set_cpus_allowed_ptr(current, cpumask_of(cpu));
	err = irq_set_affinity(irq, cpumask_of(cpu));
	event = perf_event_create_kernel_counter(&attr, cpu, NULL, counter_overflow, NULL);
	err = err ? err : PTR_ERR_OR_ZERO(event);
	if (!err) {
		stay_masked();
		if (!wait_for_completion_timeout(&handled, LOST_AFTER))
			err = -ETIMEDOUT;
	}
	if (!IS_ERR(event))
		perf_event_release_kernel(event);
	free_irq(irq, &handled);
	return err;
}

static int __init irqtest_init(void)
{
	int err = test ? find_irq() : -EINVAL;

	if (err)
		return err;
	if (!strcmp(test, "trigger"))
		err = measure(false);
	else if (!strcmp(test, "threaded"))
		err = measure(true);
	else if (!strcmp(test, "edges"))
		err = edges();
	else if (!strcmp(test, "active"))
		err = active();
	else if (!strcmp(test, "masked"))
		err = masked();
	else
		err = -EINVAL;
	if (err)
		irq_dispose_mapping(irq);
	return err;
}

static void __exit irqtest_exit(void)
{
	irq_dispose_mapping(irq);
}

module_init(irqtest_init);
module_exit(irqtest_exit);
MODULE_LICENSE("Dual BSD/GPL");
MODULE_DESCRIPTION("Interrupts as tests of a hypervisor want them");
