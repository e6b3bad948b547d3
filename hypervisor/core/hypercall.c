// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <hypervisor/arch/cpu.h>

#define NO_REQUEST ~0U

/* A waiting root CPU could not answer a stop request, so nobody waits: the caller comes again. */
static bool request_enter(struct request *request)
{
	return !__atomic_exchange_n(&request->busy, true, __ATOMIC_ACQUIRE);
}

bool request_wait(struct percpu *cpu)
{
	struct request *request = &cpu->machine->request;

	while (!request_enter(request)) {
		cpu_stand_still(cpu);
		arch_relax();
	}
	if (cell_is_root(cpu->cell)) {
		request->holder = cpu;
		return true;
	}
	request_leave(request);
	return false;
}

void request_leave(struct request *request)
{
	__atomic_store_n(&request->busy, false, __ATOMIC_RELEASE);
}

static void request_end(struct machine *m)
{
	struct request *request = &m->request;

	request->code = NO_REQUEST;
	request->cell = NULL;
	request->phase = JAILHOUSE_PHASE_IDLE;
	publish(&m->info->progress_phase, JAILHOUSE_PHASE_IDLE);
	count_event(m);
}

static int run_request(struct percpu *cpu, unsigned int code, unsigned long arg)
{
	if (code == JAILHOUSE_HC_CELL_CREATE)
		return cell_create(cpu, arg);
	/* A cell's id has 32 bits. */
	if (arg != (u32)arg)
		return REFUSE0(cpu->machine, -ENOENT, CELL_UNKNOWN, JAILHOUSE_ITEM_NONE, 0);
	switch (code) {
	case JAILHOUSE_HC_CELL_START:
		return cell_start(cpu, (u32)arg);
	case JAILHOUSE_HC_CELL_SET_LOADABLE:
		return cell_set_loadable(cpu, (u32)arg);
	default:
		return cell_destroy(cpu, (u32)arg);
	}
}

/* One creation is told from another by what lies at its address. */
static bool is_continued(struct percpu *cpu, unsigned int code, unsigned long arg)
{
	const struct request *request = &cpu->machine->request;

	return request->code == code && request->arg == arg &&
	       (code != JAILHOUSE_HC_CELL_CREATE || cell_has_config(cpu, request->cell, arg));
}

/*
 * Another request comes instead of the one under way, whose caller was killed, say. Memory in the
 * middle of being zeroed has no owner, so that must come to its end; a vote can be given up.
 */
static bool give_up_request(struct percpu *cpu)
{
	const struct request *request = &cpu->machine->request;

	if (request->phase == JAILHOUSE_PHASE_SCRUB &&
	    run_request(cpu, request->code, (unsigned long)request->arg) == -EAGAIN)
		return false;
	request_end(cpu->machine);
	return true;
}

static __attribute__((noinline, cold)) long management(struct percpu *cpu, unsigned int code, unsigned long arg)
{
	struct machine *m = cpu->machine;
	struct request *request = &m->request;
	int err;

	if (!cell_is_root(cpu->cell))
		return -EPERM;
	if (!request_enter(request))
		return -EAGAIN;
	request->holder = cpu;

	if (request->code != NO_REQUEST && !is_continued(cpu, code, arg) && !give_up_request(cpu)) {
		err = REFUSE0(m, -EBUSY, CELL_BUSY, JAILHOUSE_ITEM_CELL, request->cell->config->id);
		goto out;
	}
	if (request->code == NO_REQUEST) {
		clear_reason(m);
		publish(&m->info->stop_last, 0);
	}

	err = run_request(cpu, code, arg);
	if (err == -EAGAIN) {
		request->code = code;
		request->arg = arg;
		publish(&m->info->progress_cell, request->cell->config->id);
		publish(&m->info->progress_phase, request->phase);
	} else {
		request_end(m);
	}
out:
	request_leave(request);
	return err;
}

static long hypervisor_get_info(const struct machine *m, unsigned long type)
{
	switch (type) {
	case JAILHOUSE_INFO_MEM_POOL_SIZE:
		return (long)m->pool.pages;
	case JAILHOUSE_INFO_MEM_POOL_USED:
		return (long)m->pool.used;
	case JAILHOUSE_INFO_REMAP_POOL_SIZE: /* there is no such pool */
	case JAILHOUSE_INFO_REMAP_POOL_USED:
		return 0;
	case JAILHOUSE_INFO_NUM_CELLS:
		return m->num_cells;
	default:
		return -EINVAL;
	}
}

static __attribute__((noinline, cold)) long cell_get_state(struct percpu *cpu, unsigned long id)
{
	const struct cell *cell;
	u32 state;

	if (!cell_is_root(cpu->cell))
		return -EPERM;
	cell = id <= 0xffffffffUL ? cell_by_id(cpu->machine, (u32)id) : NULL;
	if (!cell)
		return -ENOENT;
	state = comm_cell_state(cell);
	return state <= JAILHOUSE_CELL_FAILED_COMM_REV ? (long)state : -EINVAL;
}

static __attribute__((noinline)) long cpu_get_info(struct percpu *cpu, unsigned long id, unsigned long type)
{
	struct machine *m = cpu->machine;
	struct percpu *target = id < m->max_cpus ? machine_cpu(m, (unsigned int)id) : NULL;

	if (!target || !target->present)
		return -EINVAL;
	if (target->cell != cpu->cell && !cell_is_root(cpu->cell))
		return -EPERM;
	if (type == JAILHOUSE_CPU_INFO_STATE)
		return __atomic_load_n(&target->failed, __ATOMIC_ACQUIRE) ? JAILHOUSE_CPU_FAILED
									 : JAILHOUSE_CPU_RUNNING;
	if (type >= JAILHOUSE_CPU_INFO_STAT_BASE && type < JAILHOUSE_CPU_INFO_STAT_BASE + JAILHOUSE_NUM_CPU_STATS)
		return __atomic_load_n(&target->stats[type - JAILHOUSE_CPU_INFO_STAT_BASE], __ATOMIC_RELAXED) &
		       0x7fffffff;
	return -EINVAL;
}

static __attribute__((noinline)) long debug_console_putc(struct percpu *cpu, unsigned long character)
{
	struct machine *m = cpu->machine;

	if (!CELL_FLAGS_VIRTUAL_CONSOLE_PERMITTED(cpu->cell->config->flags))
		return -EPERM;
	if (rate_limit_allows(m, &cpu->cell->chars))
		console_putc(m, cpu, (char)character);
	else
		__atomic_fetch_add(&m->info->suppressed_lines, 1, __ATOMIC_RELAXED);
	return 0;
}

long hypercall(struct percpu *cpu, unsigned long code, unsigned long arg1, unsigned long arg2)
{
	switch (code) {
	case JAILHOUSE_HC_DISABLE:
		return cell_is_root(cpu->cell) ? bringdown(cpu) : -EPERM;
	case JAILHOUSE_HC_CELL_CREATE:
	case JAILHOUSE_HC_CELL_START:
	case JAILHOUSE_HC_CELL_SET_LOADABLE:
	case JAILHOUSE_HC_CELL_DESTROY:
		return management(cpu, (unsigned int)code, arg1);
	case JAILHOUSE_HC_HYPERVISOR_GET_INFO:
		return hypervisor_get_info(cpu->machine, arg1);
	case JAILHOUSE_HC_CELL_GET_STATE:
		return cell_get_state(cpu, arg1);
	case JAILHOUSE_HC_CPU_GET_INFO:
		return cpu_get_info(cpu, arg1, arg2);
	case JAILHOUSE_HC_DEBUG_CONSOLE_PUTC:
		return debug_console_putc(cpu, arg1);
	default:
		return -ENOSYS;
	}
}
