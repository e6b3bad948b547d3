/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Contract: what the core needs from an architecture about CPUs. A port implements every function here.
 * `on: self` = runs on the CPU that is meant, inside the hypervisor.
 */
#ifndef HYPERVISOR_ARCH_CPU_H
#define HYPERVISOR_ARCH_CPU_H

#include <hypervisor/machine.h>

/*
 * Bring-up of one CPU, one after the other, after machine_init_early. Refuses with the reason. Undone by arch_cpu_exit,
 * which is also called after a failure of another CPU. on: self.
 */
int arch_cpu_init(struct percpu *cpu);
void arch_cpu_exit(struct percpu *cpu);
/* Makes Linux on this CPU a guest; the call of the entry returns 0 in it. on: self. */
void __noreturn arch_cpu_activate(struct percpu *cpu);

/* Monotonic ticks, machine->tsc_khz per millisecond, the same on all CPUs within microseconds. on: any. */
u64 arch_time(void);

/*
 * Makes the target leave its guest, if it runs one, and call cpu_handle_requests(); if it is in the hypervisor, it does
 * so before it next runs guest code. Never lost, never blocks. Called by cpu.c. on: any other.
 */
void arch_cpu_kick(struct percpu *target);

/* CPU_REQ_FLUSH. on: self. */
void arch_cpu_flush_guest(struct percpu *cpu);

/* CPU_REQ_SET_CELL: cpu->cell has changed. Resets all state that could carry data or influence. on: self. */
void arch_cpu_set_cell(struct percpu *cpu);

/* CPU_REQ_PARK and after a violation: guest state becomes an endless halt that touches no memory of
 * a cell. on: self. */
void arch_cpu_park(struct percpu *cpu);

/* CPU_REQ_RESET: guest state as at power-on, at the cell's reset address. on: self. */
void arch_cpu_reset(struct percpu *cpu);

/*
 * A stopped CPU is to be started or parked: what was sent to wake it so far (CPU_ON; INIT, SIPI) comes to nothing, and
 * what is sent from now on counts, even if it comes before the CPU to its CPU_REQ_RESET (`starts`) or CPU_REQ_PARK.
 * Called by cell.c. on: the CPU that handles the request.
 */
void arch_cpu_drop_wakeups(struct percpu *cpu, bool starts);

/* CPU_REQ_ARCH. on: self. */
void arch_cpu_handle_request(struct percpu *cpu);

/* Fills regs, insn of the failure record and prints the architecture's register lines. on: self. */
void arch_cpu_record(struct percpu *cpu, struct jailhouse_cpu_record *record);
void arch_cpu_print_registers(struct percpu *cpu);

/* Ends a CPU after a hypervisor failure. on: self. */
void __noreturn arch_cpu_stop(void);

/* The root cell died or asked for it: resets the machine. on: any. Returns only if the machine does not react. */
void arch_machine_reset(struct machine *m);

/* Physical id for messages: APIC id, MPIDR. */
u64 arch_cpu_hw_id(const struct percpu *cpu);

#endif /* !HYPERVISOR_ARCH_CPU_H */
