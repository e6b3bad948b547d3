// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Control of CPUs: stopping them inside the hypervisor and telling them what to do next. */
#include <hypervisor/arch/cpu.h>

/* Microseconds on real machines; an emulated CPU may have to wait for its turn. */
#define STOP_TIMEOUT_MS 1000

u64 deadline_ms(const struct machine *m, u64 ms)
{
	return arch_time() + ms * m->tsc_khz;
}

bool deadline_passed(u64 deadline)
{
	return (s64)(arch_time() - deadline) >= 0;
}

static bool take_request(struct percpu *cpu, u32 request)
{
	return __atomic_fetch_and(&cpu->requests, ~request, __ATOMIC_ACQ_REL) & request;
}

bool cpu_stand_still(struct percpu *cpu)
{
	if (!(__atomic_load_n(&cpu->requests, __ATOMIC_ACQUIRE) & CPU_REQ_STOP))
		return false;
	__atomic_store_n(&cpu->stopped, 1, __ATOMIC_RELEASE);
	while (__atomic_load_n(&cpu->requests, __ATOMIC_ACQUIRE) & CPU_REQ_STOP)
		arch_relax();
	__atomic_store_n(&cpu->stopped, 0, __ATOMIC_RELEASE);
	return true;
}

void cpu_handle_requests(struct percpu *cpu)
{
	while (__atomic_load_n(&cpu->requests, __ATOMIC_ACQUIRE)) {
		if (take_request(cpu, CPU_REQ_FLUSH))
			arch_cpu_flush_guest(cpu);
		if (cpu_stand_still(cpu))
			continue;
		if (take_request(cpu, CPU_REQ_SET_CELL)) {
			cpu->record.kind = JAILHOUSE_RECORD_NONE;
			memset(cpu->stats, 0, sizeof(cpu->stats));
			arch_cpu_set_cell(cpu);
		}
		if (take_request(cpu, CPU_REQ_PARK)) {
			cpu->cleaned = 0;
			arch_cpu_park(cpu);
		}
		if (take_request(cpu, CPU_REQ_SCRUB))
			scrub_work(cpu);
		if (take_request(cpu, CPU_REQ_RESET)) {
			cpu->record.kind = JAILHOUSE_RECORD_NONE;
			arch_cpu_reset(cpu);
		}
		if (take_request(cpu, CPU_REQ_ARCH))
			arch_cpu_handle_request(cpu);
	}
}

void cpu_request(struct percpu *target, u32 requests)
{
	__atomic_fetch_or(&target->requests, requests, __ATOMIC_ACQ_REL);
	arch_cpu_kick(target);
}

static bool wait_stopped(struct percpu *target, u64 deadline)
{
	while (!__atomic_load_n(&target->stopped, __ATOMIC_ACQUIRE)) {
		if (deadline_passed(deadline)) {
			REFUSE1(target->machine, -EBUSY, CPU_LOST, JAILHOUSE_ITEM_CPU, target->id, STOP_TIMEOUT_MS);
			return false;
		}
		arch_relax();
	}
	return true;
}

/* It must have left where it stopped the last time, or the old `stopped` would be taken for the new one. */
static void request_stop(struct percpu *target)
{
	if (!(__atomic_load_n(&target->requests, __ATOMIC_ACQUIRE) & CPU_REQ_STOP))
		while (__atomic_load_n(&target->stopped, __ATOMIC_ACQUIRE))
			arch_relax();
	__atomic_fetch_or(&target->requests, CPU_REQ_STOP, __ATOMIC_ACQ_REL);
}

bool cpu_stop(struct percpu *target)
{
	request_stop(target);
	arch_cpu_kick(target);
	return wait_stopped(target, deadline_ms(target->machine, STOP_TIMEOUT_MS));
}

void cpu_release(struct percpu *target, u32 requests)
{
	/* A start that is under way comes to nothing if the CPU is to be parked. */
	if (requests & CPU_REQ_PARK)
		__atomic_fetch_and(&target->requests, ~CPU_REQ_RESET, __ATOMIC_ACQ_REL);
	__atomic_fetch_or(&target->requests, requests, __ATOMIC_ACQ_REL);
	__atomic_fetch_and(&target->requests, ~CPU_REQ_STOP, __ATOMIC_ACQ_REL);
}

bool cpus_stop_root(struct percpu *caller)
{
	struct machine *m = caller->machine;
	bool all = true;
	u64 deadline;

	m->request.stop_start = arch_time();
	/* First the requests, then the kicks: one may do for all that it finds. */
	for_each_cell_cpu(id, &m->root)
		if (id != caller->id)
			request_stop(machine_cpu(m, id));
	for_each_cell_cpu(id, &m->root)
		if (id != caller->id)
			arch_cpu_kick(machine_cpu(m, id));
	/* To kick takes its time, too. */
	deadline = deadline_ms(m, STOP_TIMEOUT_MS);
	for_each_cell_cpu(id, &m->root)
		if (id != caller->id)
			all = all && wait_stopped(machine_cpu(m, id), deadline);
	if (!all)
		cpus_release_root(caller, 0);
	return all;
}

void cpus_release_root(struct percpu *caller, u32 requests)
{
	struct machine *m = caller->machine;

	__atomic_fetch_or(&caller->requests, requests, __ATOMIC_ACQ_REL);
	for_each_cell_cpu(id, &m->root)
		if (id != caller->id)
			cpu_release(machine_cpu(m, id), requests);
	publish(&m->info->stop_last, m->info->stop_last + (arch_time() - m->request.stop_start));
	publish(&m->info->stop_max, MAX(m->info->stop_max, m->info->stop_last));
}
