// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Entry and exit of all CPUs together: all of them or none. */
#include <hypervisor/arch/cpu.h>

#define ARRIVE_TIMEOUT_MS 5000
/* What counts as a millisecond until machine_init_early refuses a header that does not say it. */
#define GUESSED_TSC_KHZ	  1000000

/* rendezvous.phase of bring-up */
enum { PHASE_GATHER, PHASE_START, PHASE_CPUS, PHASE_GO, PHASE_FAIL };
/* of bring-down */
enum { DOWN_IDLE, DOWN_GATHER, DOWN_EXIT, DOWN_REFUSED, DOWN_GO };

static u32 get_phase(const struct rendezvous *r)
{
	return __atomic_load_n(&r->phase, __ATOMIC_ACQUIRE);
}

static void set_phase(struct rendezvous *r, u32 phase)
{
	__atomic_store_n(&r->phase, phase, __ATOMIC_RELEASE);
}

static bool change_phase(struct rendezvous *r, u32 from, u32 to)
{
	return __atomic_compare_exchange_n(&r->phase, &from, to, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
}

static void wait_while(const struct rendezvous *r, u32 phase)
{
	while (get_phase(r) == phase)
		arch_relax();
}

/* The ticks per millisecond are not in the machine yet. */
static void gather(struct machine *m)
{
	struct rendezvous *r = &m->bringup;
	u64 khz = m->header->tsc_khz ? m->header->tsc_khz : GUESSED_TSC_KHZ;
	u64 start = arch_time();

	while (get_phase(r) == PHASE_GATHER) {
		if (__atomic_load_n(&r->arrived, __ATOMIC_ACQUIRE) >= m->header->online_cpus) {
			change_phase(r, PHASE_GATHER, PHASE_START);
		} else if (arch_time() - start > ARRIVE_TIMEOUT_MS * khz) {
			if (change_phase(r, PHASE_GATHER, PHASE_FAIL))
				REFUSE3(m, -EBUSY, ENTRY_TIMEOUT, JAILHOUSE_ITEM_NONE, 0, r->arrived,
					m->header->online_cpus, ARRIVE_TIMEOUT_MS);
		}
		arch_relax();
	}
}

static void fail(struct rendezvous *r, int error)
{
	if (!r->error)
		r->error = error;
}

static void global_early(struct machine *m)
{
	struct rendezvous *r = &m->bringup;
	int err = machine_init_early(m);

	if (!err && m->root.num_cpus != m->header->online_cpus)
		err = REFUSE2(m, -EINVAL, CPU_COUNT, JAILHOUSE_ITEM_NONE, 0, m->header->online_cpus, m->root.num_cpus);
	if (err)
		fail(r, err);
	else
		printk(m, "Initializing processors:\n");
}

static void init_cpu(struct percpu *cpu, struct machine *m)
{
	struct rendezvous *r = &m->bringup;

	if (r->error)
		return;
	if (!cpu->present) {
		fail(r, REFUSE0(m, -EINVAL, CPU_UNEXPECTED, JAILHOUSE_ITEM_CPU, cpu->id));
		return;
	}
	/* Not before: it is this step that brings the hypervisor's address space to the CPU. */
	cpu->result = arch_cpu_init(cpu);
	cpu->up = !cpu->result;
	printk(m, " CPU %u... (hardware id %llu) %s\n", cpu->id, arch_cpu_hw_id(cpu), cpu->result ? "FAILED" : "OK");
	if (cpu->result)
		fail(r, cpu->result);
}

int bringup(struct percpu *cpu)
{
	struct machine *m = cpu->machine;
	struct rendezvous *r = &m->bringup;
	bool last;

	/* The entry may have found that this CPU cannot take part. */
	if (cpu->result)
		fail(r, cpu->result);
	__atomic_fetch_add(&r->arrived, 1, __ATOMIC_ACQ_REL);
	gather(m);
	if (get_phase(r) == PHASE_FAIL)
		return -EBUSY;

	spin_lock(&r->lock);
	if (get_phase(r) == PHASE_START) {
		r->ready = cpu->id;
		if (!r->error)
			global_early(m);
		r->ready = 0;
		set_phase(r, PHASE_CPUS);
	}
	init_cpu(cpu, m);
	last = ++r->ready == m->header->online_cpus;
	spin_unlock(&r->lock);

	if (last) {
		m->request.holder = cpu;
		if (!r->error) {
			fail(r, machine_init_late(m));
			if (!r->error)
				printk(m, "Activating hypervisor\n");
		}
		if (r->error)
			machine_exit(m);
		set_phase(r, r->error ? PHASE_FAIL : PHASE_GO);
	}
	/* The memory of links may be large, so all help to zero it. */
	while (get_phase(r) == PHASE_CPUS) {
		if (cpu->up)
			scrub_work(cpu);
		arch_relax();
	}

	if (get_phase(r) == PHASE_GO)
		arch_cpu_activate(cpu);
	if (cpu->up)
		arch_cpu_exit(cpu);
	return r->error;
}

int bringdown(struct percpu *cpu)
{
	struct machine *m = cpu->machine;
	struct rendezvous *r = &m->disable;

	spin_lock(&r->lock);
	if (m->num_cells > 1) {
		spin_unlock(&r->lock);
		return REFUSE1(m, -EBUSY, CELLS_EXIST, JAILHOUSE_ITEM_NONE, 0, m->num_cells - 1);
	}
	if (get_phase(r) == DOWN_IDLE || deadline_passed(r->deadline)) {
		__atomic_store_n(&r->arrived, 0, __ATOMIC_RELAXED);
		r->deadline = deadline_ms(m, ARRIVE_TIMEOUT_MS);
		clear_reason(m);
		set_phase(r, DOWN_GATHER);
	}
	/* Not if one has just lost patience and goes on as a guest. */
	if (__atomic_add_fetch(&r->arrived, 1, __ATOMIC_RELAXED) == m->header->online_cpus &&
	    change_phase(r, DOWN_GATHER, DOWN_EXIT)) {
		printk(m, "Shutting down hypervisor\n");
		m->request.holder = cpu;
		machine_exit(m);
		set_phase(r, DOWN_GO);
	}
	spin_unlock(&r->lock);

	while (get_phase(r) == DOWN_GATHER)
		if (deadline_passed(r->deadline)) {
			if (change_phase(r, DOWN_GATHER, DOWN_REFUSED))
				REFUSE3(m, -EBUSY, ENTRY_TIMEOUT, JAILHOUSE_ITEM_NONE, 0,
					__atomic_load_n(&r->arrived, __ATOMIC_RELAXED), m->header->online_cpus,
					ARRIVE_TIMEOUT_MS);
		} else {
			arch_relax();
		}
	wait_while(r, DOWN_EXIT);
	if (get_phase(r) != DOWN_GO)
		return -EBUSY;

	printk(m, " Releasing CPU %u\n", cpu->id);
	return 0;
}
