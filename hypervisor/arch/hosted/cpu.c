// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* CPUs of the simulated machine: a thread each, and what the core asks of them. */
#include <sched.h>
#include <time.h>
#include <hypervisor/arch/cpu.h>
#include <hypervisor/arch/memory.h>
#include "hosted-internal.h"

/* The CPU that this thread is, NULL outside of machines. */
static __thread struct hosted_cpu *current;

struct hosted_machine *hosted_current(void)
{
	return current->hw;
}

static u64 skipped_ns;

void hosted_skip_time(__u64 ns)
{
	__atomic_fetch_add(&skipped_ns, ns, __ATOMIC_SEQ_CST);
}

u64 arch_time(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (u64)now.tv_sec * 1000000000ULL + (u64)now.tv_nsec + __atomic_load_n(&skipped_ns, __ATOMIC_SEQ_CST);
}

static bool quitting(const struct hosted_cpu *hc)
{
	return __atomic_load_n(&hc->hw->quit, __ATOMIC_ACQUIRE);
}

void __noreturn hosted_leave(struct hosted_cpu *hc, jmp_buf *out)
{
	if (!hc->guard)
		longjmp(*out, 1);
	hc->left = out;
	longjmp(*hc->guard, 1);
}

void arch_relax(void)
{
	if (current && quitting(current))
		hosted_leave(current, &current->native_out);
	sched_yield();
}

static bool is_faulty(const struct hosted_cpu *hc, u32 faults)
{
	return faults & 1U << hc->id;
}

/* Tells those outside of the machine who wait for a CPU; CPUs themselves wait for their own condition only. */
static void broadcast(struct hosted_machine *hw)
{
	pthread_cond_broadcast(&hw->changed);
}

void hosted_set_state(struct hosted_cpu *hc, enum hosted_cpu_state state)
{
	pthread_mutex_lock(&hc->hw->lock);
	hc->state = state;
	if (state != HOSTED_LINUX && hc->job_phase == JOB_WAITING)
		hc->job_phase = JOB_LOST;
	broadcast(hc->hw);
	pthread_mutex_unlock(&hc->hw->lock);
}

/* ---- contract ---- */

void arch_cpu_kick(struct percpu *target)
{
	struct hosted_cpu *hc = target->arch.hw;

	if (is_faulty(hc, hc->hw->faults.deaf))
		return;
	pthread_mutex_lock(&hc->hw->lock);
	__atomic_store_n(&hc->kicked, 1, __ATOMIC_RELEASE);
	pthread_cond_signal(&hc->wake);
	pthread_mutex_unlock(&hc->hw->lock);
}

int arch_cpu_init(struct percpu *cpu)
{
	if (is_faulty(cpu->arch.hw, cpu->arch.hw->hw->faults.cpu_init))
		return REFUSE1(cpu->machine, -EIO, HVM_FEATURE, JAILHOUSE_ITEM_CPU, cpu->id, reason_text("hosted"));
	return 0;
}

void arch_cpu_exit(struct percpu *cpu)
{
	__atomic_fetch_add(&cpu->arch.hw->hw->counters.cpu_exits, 1, __ATOMIC_RELAXED);
}

void arch_cpu_flush_guest(struct percpu *cpu)
{
	hosted_flush(cpu->arch.hw);
}

static void change_state(struct percpu *cpu, enum hosted_cpu_state state)
{
	cpu->arch.hw->moved = true;
	hosted_set_state(cpu->arch.hw, state);
}

void arch_cpu_set_cell(struct percpu *cpu)
{
	struct hosted_cpu *hc = cpu->arch.hw;

	hosted_flush(hc);
	hc->caches_off = false;
	hosted_clear_interrupts(hc);
	hc->last_address = 0;
	hc->last_value = 0;
}

void arch_cpu_park(struct percpu *cpu)
{
	change_state(cpu, HOSTED_PARKED);
}

void arch_cpu_reset(struct percpu *cpu)
{
	/* Each of them, since here all begin at once. */
	if (cpu->arch.hw->hw->setup.caches && !cell_clean_memory(cpu))
		return;
	cpu->arch.hw->caches_off = true;
	hosted_clear_interrupts(cpu->arch.hw);
	/* Translations of an earlier run may be left: page tables and cell are the same, so they are still true. */
	change_state(cpu, HOSTED_PROGRAM);
	__atomic_fetch_add(&cpu->cell->arch.starts, 1, __ATOMIC_RELEASE);
}

void arch_cpu_drop_wakeups(struct percpu *cpu, bool starts)
{
	(void)starts;
	__atomic_fetch_and(&cpu->requests, ~(u32)CPU_REQ_ARCH, __ATOMIC_ACQ_REL);
}

/* The only event: another CPU of the cell lets this one run. */
void arch_cpu_handle_request(struct percpu *cpu)
{
	if (cpu->arch.hw->state == HOSTED_PARKED && !cpu->failed)
		change_state(cpu, cell_is_root(cpu->cell) ? HOSTED_LINUX : HOSTED_PROGRAM);
}

void arch_cpu_record(struct percpu *cpu, struct jailhouse_cpu_record *record)
{
	record->insn_len = 0;
	record->num_regs = 2;
	record->regs[0] = cpu->arch.hw->last_address;
	record->regs[1] = cpu->arch.hw->last_value;
}

void arch_cpu_print_registers(struct percpu *cpu)
{
	cpu_printk(cpu, "address: %016llx value: %016llx\n", cpu->arch.hw->last_address, cpu->arch.hw->last_value);
}

void arch_machine_reset(struct machine *m)
{
	__atomic_fetch_add(&machine_hw(m)->counters.machine_resets, 1, __ATOMIC_RELAXED);
}

u64 arch_cpu_hw_id(const struct percpu *cpu)
{
	return cpu->id;
}

/* ---- what a CPU does ---- */

static void count_kick(struct hosted_cpu *hc)
{
	hosted_count(hc, JAILHOUSE_CPU_STAT_VMEXITS_TOTAL);
	hosted_count(hc, JAILHOUSE_CPU_STAT_VMEXITS_MANAGEMENT);
}

/* Waits until there is something to do for a guest; true if the CPU was kicked. */
static bool wait_for_work(struct hosted_cpu *hc)
{
	struct hosted_machine *hw = hc->hw;
	bool kicked;

	pthread_mutex_lock(&hw->lock);
	hc->waiting = true;
	broadcast(hw);
	while (!hc->kicked && !quitting(hc) && !(hc->state == HOSTED_LINUX && hc->job_phase == JOB_WAITING))
		pthread_cond_wait(&hc->wake, &hw->lock);
	hc->waiting = false;
	kicked = __atomic_exchange_n(&hc->kicked, 0, __ATOMIC_ACQ_REL);
	pthread_mutex_unlock(&hw->lock);
	return kicked;
}

static bool take_job(struct hosted_cpu *hc)
{
	bool taken;

	pthread_mutex_lock(&hc->hw->lock);
	taken = hc->job_phase == JOB_WAITING;
	if (taken)
		hc->job_phase = JOB_RUNNING;
	pthread_mutex_unlock(&hc->hw->lock);
	return taken;
}

/* A CPU that became native has come to the end of its job, even if it could not return from it. */
static void end_job(struct hosted_cpu *hc, bool returned)
{
	pthread_mutex_lock(&hc->hw->lock);
	if (hc->job_phase == JOB_RUNNING)
		hc->job_phase = returned || hc->state == HOSTED_NATIVE ? JOB_DONE : JOB_LOST;
	broadcast(hc->hw);
	pthread_mutex_unlock(&hc->hw->lock);
}

/* A program that was told to return has returned. */
static void leave_late(struct hosted_cpu *hc)
{
	jmp_buf *out = hc->left;

	hc->left = NULL;
	if (out)
		longjmp(*out, 1);
}

static void guest_code(struct hosted_cpu *hc)
{
	switch (hc->state) {
	case HOSTED_LINUX:
		if (take_job(hc)) {
			hc->job(hc, hc->job_arg);
			end_job(hc, true);
		}
		break;
	case HOSTED_PROGRAM:
		if (hc->program)
			hc->program(hc, hc->program_arg);
		leave_late(hc);
		hosted_set_state(hc, HOSTED_ENDED);
		break;
	default:
		break;
	}
}

static void __noreturn run_guest(struct hosted_cpu *hc)
{
	/* Guest code that had to stop in the middle comes out here. */
	if (setjmp(hc->guest_out))
		end_job(hc, false);
	while (hc->state != HOSTED_NATIVE && !quitting(hc)) {
		cpu_handle_requests(hc->cpu);
		hc->moved = false;
		guest_code(hc);
		if (hc->state != HOSTED_NATIVE && wait_for_work(hc))
			count_kick(hc);
	}
	longjmp(hc->native_out, 1);
}

void hosted_check_moved(struct hosted_cpu *hc)
{
	if (quitting(hc))
		hosted_leave(hc, &hc->native_out);
	if (__atomic_exchange_n(&hc->kicked, 0, __ATOMIC_ACQ_REL))
		count_kick(hc);
	cpu_handle_requests(hc->cpu);
	if (hc->moved || hc->state == HOSTED_NATIVE)
		hosted_leave(hc, &hc->guest_out);
}

void vm_relax(struct hosted_cpu *cpu)
{
	if (quitting(cpu) || __atomic_load_n(&cpu->kicked, __ATOMIC_ACQUIRE) || cpu->state == HOSTED_NATIVE)
		hosted_check_moved(cpu);
	sched_yield();
}

void vm_halt(struct hosted_cpu *cpu)
{
	struct hosted_machine *hw = cpu->hw;

	pthread_mutex_lock(&hw->lock);
	while (!cpu->kicked && !cpu->num_pending && !quitting(cpu))
		pthread_cond_wait(&cpu->wake, &hw->lock);
	pthread_mutex_unlock(&hw->lock);
	hosted_check_moved(cpu);
}

void vm_wait(struct hosted_cpu *cpu, __u64 ns)
{
	struct hosted_machine *hw = cpu->hw;
	struct timespec until;
	int err = 0;

	hosted_deadline(ns, &until);
	pthread_mutex_lock(&hw->lock);
	while (!cpu->kicked && !cpu->num_pending && !cpu->nudged && !quitting(cpu) && !err)
		err = pthread_cond_timedwait(&cpu->wake, &hw->lock, &until);
	cpu->nudged = false;
	pthread_mutex_unlock(&hw->lock);
	hosted_check_moved(cpu);
}

void hosted_nudge(struct hosted_machine *hw)
{
	unsigned int n;

	pthread_mutex_lock(&hw->lock);
	for (n = 0; n < hw->setup.cpus; n++) {
		hw->cpus[n].nudged = true;
		pthread_cond_signal(&hw->cpus[n].wake);
	}
	pthread_mutex_unlock(&hw->lock);
}

bool vm_try(struct hosted_cpu *cpu, hosted_program function, void *arg)
{
	jmp_buf here;

	if (cpu->left)
		return false;
	cpu->guard = &here;
	if (setjmp(here) == 0)
		function(cpu, arg);
	cpu->guard = NULL;
	return !cpu->left;
}

void __noreturn arch_cpu_stop(void)
{
	struct hosted_cpu *hc = current;

	hosted_set_state(hc, HOSTED_STOPPED);
	end_job(hc, false);
	pthread_mutex_lock(&hc->hw->lock);
	while (!quitting(hc))
		pthread_cond_wait(&hc->wake, &hc->hw->lock);
	pthread_mutex_unlock(&hc->hw->lock);
	hosted_leave(hc, &hc->native_out);
}

void __noreturn arch_cpu_activate(struct percpu *cpu)
{
	struct hosted_cpu *hc = cpu->arch.hw;

	pthread_mutex_lock(&hc->hw->lock);
	hc->result = 0;
	hc->inside = false;
	hc->state = HOSTED_LINUX;
	broadcast(hc->hw);
	pthread_mutex_unlock(&hc->hw->lock);
	run_guest(hc);
}

/* What the assembly of a real architecture does before and after bringup(). */
static void enter_hypervisor(struct hosted_cpu *hc)
{
	struct machine *m = &hc->hw->core;
	struct percpu *cpu = machine_cpu(m, hc->id);
	int err;

	hc->cpu = cpu;
	cpu->machine = m;
	cpu->id = hc->id;
	cpu->arch.hw = hc;
	hosted_flush(hc);
	if (is_faulty(hc, hc->hw->faults.entry))
		cpu->result = REFUSE1(m, -ENODEV, NO_HVM, JAILHOUSE_ITEM_CPU, hc->id, reason_text("hosted"));
	err = bringup(cpu);

	pthread_mutex_lock(&hc->hw->lock);
	hc->result = err;
	hc->inside = false;
	broadcast(hc->hw);
	pthread_mutex_unlock(&hc->hw->lock);
}

static void *cpu_main(void *arg)
{
	struct hosted_cpu *hc = arg;
	struct hosted_machine *hw = hc->hw;

	current = hc;
	/* Here a CPU arrives that the hypervisor has released. */
	setjmp(hc->native_out);
	for (;;) {
		hosted_set_state(hc, HOSTED_NATIVE);
		pthread_mutex_lock(&hw->lock);
		while (!hc->enter && !quitting(hc))
			pthread_cond_wait(&hc->wake, &hw->lock);
		hc->enter = false;
		pthread_mutex_unlock(&hw->lock);
		if (quitting(hc))
			return NULL;
		enter_hypervisor(hc);
	}
}

int hosted_start_cpu(struct hosted_cpu *hc)
{
	hc->has_thread = pthread_create(&hc->thread, NULL, cpu_main, hc) == 0;
	return hc->has_thread ? 0 : -1;
}
