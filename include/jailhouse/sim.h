/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Simulated machines: programs of cells as C functions.
 *
 * A connection to "sim:" (see jailhouse_open()) is a machine of its own inside this process: the
 * hypervisor's own code, with a thread for each CPU. What it looks like - CPUs, RAM, architecture -
 * is taken from the system configuration at jailhouse_enable(). It ends with the connection.
 *
 * No instructions are executed. What a cell runs is chosen by its image: a text whose first line is
 * "#!jailhouse-sim NAME ARGUMENTS". NAME is one of the programs that come with the simulation (see
 * docs/simulation.md) or one that this process has registered. Each CPU of the cell calls the
 * function, in its own thread, when the cell is started. With any other image the CPUs do nothing.
 *
 * Such a function is a guest: what it does through the functions below goes through the hypervisor,
 * and an access outside of its cell stops the CPU with a failure record. The function is called in
 * a thread of the simulation with all signals blocked. It may take locks and own memory, but must
 * call one of the functions below again and again, without long pauses, since only there can the
 * hypervisor reach the CPU. When one of them returns JAILHOUSE_ERR_STOPPED, the CPU has been
 * stopped or reset: the function must return soon. When it returns by itself, the CPU halts until
 * the next start. It must not close the connection to its own machine.
 *
 * All of this is valid C89 and C++. Functions return 0 or a positive number, or a negative
 * JAILHOUSE_ERR_...
 */
#ifndef JAILHOUSE_SIM_H
#define JAILHOUSE_SIM_H

#include <jailhouse/jailhouse.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The first line of an image for the simulation starts with this; then a blank and the name follow.
 */
#define JAILHOUSE_SIM_IMAGE_MARK "#!jailhouse-sim"

/* Longest name and longest arguments of such an image, in bytes; longer ones are cut. */
#define JAILHOUSE_SIM_NAME_MAX      31
#define JAILHOUSE_SIM_ARGUMENTS_MAX 95

/* A CPU that runs a guest; valid during the call of the guest, in its thread only. */
struct jailhouse_sim_cpu;

/* A guest. `user` is what it was registered with. */
typedef void (*jailhouse_sim_guest)(struct jailhouse_sim_cpu *cpu, void *user);

/**
 * jailhouse_sim_register() - give a name to a guest
 * @name: 1 to JAILHOUSE_SIM_NAME_MAX bytes without blanks
 * @guest: called on each CPU of a cell that is started with an image of that name
 * @user: handed to the guest; must stay valid until it is unregistered
 * @error: details of a failure, or NULL
 *
 * The name holds for all simulated machines of this process, from the next jailhouse_cell_load()
 * on.
 *
 * Returns 0, or JAILHOUSE_ERR_EXISTS (the name is taken, or is that of a program of the
 * simulation), _NO_BACKEND (the simulation is not installed), _NO_MEMORY.
 */
JAILHOUSE_API int jailhouse_sim_register(const char *name, jailhouse_sim_guest guest, void *user,
					 struct jailhouse_error *error);

/**
 * jailhouse_sim_unregister() - forget a guest
 * @name: as registered
 * @error: details of a failure, or NULL
 *
 * Returns 0, or JAILHOUSE_ERR_NOT_FOUND, _BUSY (a cell is loaded with it: destroy or load the cell,
 * or close the machine), _NO_BACKEND.
 */
JAILHOUSE_API int jailhouse_sim_unregister(const char *name, struct jailhouse_error *error);

/* ---- inside a guest: who am I? ---- */

/* Logical id of the CPU. Never fails. */
JAILHOUSE_API uint32_t jailhouse_sim_cpu_get_id(const struct jailhouse_sim_cpu *cpu);
/* How many CPUs of the cell have a lower id: 0 for the first one. Never fails. */
JAILHOUSE_API uint32_t jailhouse_sim_cpu_get_index(const struct jailhouse_sim_cpu *cpu);
/* Id of the cell. Never fails. */
JAILHOUSE_API uint32_t jailhouse_sim_cpu_get_cell(const struct jailhouse_sim_cpu *cpu);
/* What follows the name in the image, without leading blanks; "" for nothing. As long as @cpu. */
JAILHOUSE_API const char *jailhouse_sim_cpu_get_arguments(const struct jailhouse_sim_cpu *cpu);
/* Nanoseconds since some moment, the same for all CPUs; never goes back. */
JAILHOUSE_API uint64_t jailhouse_sim_cpu_get_time(const struct jailhouse_sim_cpu *cpu);

/* ---- inside a guest: memory and hypercalls ---- */

/**
 * jailhouse_sim_cpu_read() - read memory or a device
 * @cpu: CPU
 * @address: as the cell sees it
 * @width: 1, 2, 4 or 8 bytes
 * @ret_value: what was read; all ones where nothing answers
 *
 * Returns 0, or JAILHOUSE_ERR_STOPPED: the access was not permitted and the CPU has failed, or it
 * was stopped for another reason.
 */
JAILHOUSE_API int jailhouse_sim_cpu_read(struct jailhouse_sim_cpu *cpu, uint64_t address,
					 uint32_t width, uint64_t *ret_value);
/* As jailhouse_sim_cpu_read(), for writing @value. */
JAILHOUSE_API int jailhouse_sim_cpu_write(struct jailhouse_sim_cpu *cpu, uint64_t address,
					  uint32_t width, uint64_t value);

/**
 * jailhouse_sim_cpu_call() - hypercall
 * @cpu: CPU
 * @code: JAILHOUSE_HC_... of <jailhouse/hypercall.h>
 * @arg1: first argument
 * @arg2: second argument
 * @ret_result: what the hypervisor answers: negative numbers are those of errno.h
 *
 * Returns 0, or JAILHOUSE_ERR_STOPPED.
 */
JAILHOUSE_API int jailhouse_sim_cpu_call(struct jailhouse_sim_cpu *cpu, uint32_t code,
					 uint64_t arg1, uint64_t arg2, int64_t *ret_result);

/*
 * Read a register of configuration space: bdf is bus << 8 | device << 3 | function. Returns as
 * jailhouse_sim_cpu_read(); widths are 1, 2 and 4.
 */
JAILHOUSE_API int jailhouse_sim_cpu_pci_read(struct jailhouse_sim_cpu *cpu, uint16_t bdf,
					     uint16_t reg, uint32_t width, uint32_t *ret_value);
/* As jailhouse_sim_cpu_pci_read(), for writing @value. */
JAILHOUSE_API int jailhouse_sim_cpu_pci_write(struct jailhouse_sim_cpu *cpu, uint16_t bdf,
					      uint16_t reg, uint32_t width, uint32_t value);

/**
 * jailhouse_sim_cpu_map() - memory of the cell as memory of the process
 * @cpu: CPU
 * @address: as the cell sees it
 * @size: bytes, all in one memory region of the cell's configuration, or in several that follow each
 *	other for cell and machine alike
 *
 * What is done there is not looked at by the hypervisor, so it is for memory that the cell may write,
 * and for what it only reads, as software of the cell would. Valid until the guest returns.
 *
 * Returns NULL if that is no memory of the cell.
 */
JAILHOUSE_API void *jailhouse_sim_cpu_map(struct jailhouse_sim_cpu *cpu, uint64_t address,
					  uint64_t size);

/*
 * Takes an interrupt of a virtual device: its vector (x86) or id (ARM). Returns -1 if there is none. One
 * that is pending ends jailhouse_sim_cpu_wait().
 */
JAILHOUSE_API int jailhouse_sim_cpu_take_interrupt(struct jailhouse_sim_cpu *cpu);

/**
 * jailhouse_sim_cpu_print() - print to the hypervisor's console
 * @cpu: CPU
 * @text: terminated
 *
 * Returns 0, or JAILHOUSE_ERR_DENIED (the configuration of the cell does not permit it), _STOPPED.
 */
JAILHOUSE_API int jailhouse_sim_cpu_print(struct jailhouse_sim_cpu *cpu, const char *text);

/* ---- inside a guest: communication region, messages and waiting ---- */

/*
 * Address of the communication region, as the cell sees it. Returns 0, or JAILHOUSE_ERR_NOT_FOUND
 * if its configuration has none.
 */
JAILHOUSE_API int jailhouse_sim_cpu_get_comm(const struct jailhouse_sim_cpu *cpu,
					     uint64_t *ret_address);

/**
 * jailhouse_sim_cpu_wait() - sleep until there is a message for the cell, or until a time is over
 * @cpu: CPU
 * @timeout_ns: nanoseconds, 0 to look only
 *
 * This is also how a guest waits for its timer.
 *
 * Returns the message (JAILHOUSE_MSG_... of <jailhouse/hypercall.h>), 0 if there is none, or
 * JAILHOUSE_ERR_STOPPED. A cell without communication region gets no messages.
 */
JAILHOUSE_API int jailhouse_sim_cpu_wait(struct jailhouse_sim_cpu *cpu, uint64_t timeout_ns);

/*
 * Takes the message and answers it with JAILHOUSE_MSG_... Returns 0, or JAILHOUSE_ERR_NOT_FOUND (no
 * communication region), _STOPPED.
 */
JAILHOUSE_API int jailhouse_sim_cpu_reply(struct jailhouse_sim_cpu *cpu, uint32_t reply);

/* Writes the state of the cell, JAILHOUSE_CELL_..., for all to see. Returns as the one before. */
JAILHOUSE_API int jailhouse_sim_cpu_set_state(struct jailhouse_sim_cpu *cpu, uint32_t state);

/* ---- the root cell ---- */

/**
 * jailhouse_sim_root_read() - let the root cell's Linux read memory or a device
 * @jh: connection to a simulated machine
 * @cpu: logical id of a CPU of the root cell
 * @address: as the root cell sees it
 * @width: 1, 2, 4 or 8 bytes
 * @ret_value: what was read; all ones where nothing answers
 * @error: details of a failure, or NULL
 *
 * In learning mode a forbidden access is recorded, see jailhouse_access_list_get(). Otherwise it
 * stops that CPU of the root cell, as on a real machine.
 *
 * Returns 0, or JAILHOUSE_ERR_NOT_ENABLED, _NOT_FOUND (no such CPU, or it does not run Linux),
 * _STOPPED, _NOT_SUPPORTED (@jh is no simulation).
 */
JAILHOUSE_API int jailhouse_sim_root_read(struct jailhouse *jh, uint32_t cpu, uint64_t address,
					  uint32_t width, uint64_t *ret_value,
					  struct jailhouse_error *error);
/* As jailhouse_sim_root_read(), for writing @value. */
JAILHOUSE_API int jailhouse_sim_root_write(struct jailhouse *jh, uint32_t cpu, uint64_t address,
					   uint32_t width, uint64_t value,
					   struct jailhouse_error *error);

#ifdef __cplusplus
}
#endif

#endif /* !JAILHOUSE_SIM_H */
