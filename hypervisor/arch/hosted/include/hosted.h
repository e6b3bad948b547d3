/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The hosted architecture: the hypervisor's core on a simulated machine inside a process.
 *
 * A machine is RAM, devices, PCI functions and CPUs. Each CPU is a thread. Software of the root cell and of other cells
 * are C functions that run on these threads and touch the machine only through the vm_ functions below; these are also
 * the points where such a function can be interrupted, and where it ends when its CPU is stopped. Nothing is shared
 * between machines but the clock.
 *
 * Functions of hosted_ are for threads outside the machine, functions of vm_ for software inside.
 */
#ifndef HOSTED_H
#define HOSTED_H

#include <jailhouse/cell-config.h>
#include <jailhouse/info.h>
#include <jailhouse/reason.h>

#define HOSTED_MAX_CPUS 32

struct machine;
struct cell;
struct hosted_machine;
struct hosted_cpu;

/* Parts of the machine that a test or a simulation adds to the hypervisor; each function may be NULL. See unit.h. */
struct hosted_unit {
	int (*init)(struct machine *m);
	void (*shutdown)(struct machine *m);
	int (*cell_check)(struct machine *m, const struct jailhouse_cell_desc *config, bool root);
	int (*cell_init)(struct cell *cell);
	void (*cell_exit)(struct cell *cell);
	void (*cell_reset)(struct cell *cell);
};

struct hosted_setup {
	unsigned int cpus;	    /* 1 to HOSTED_MAX_CPUS, ids from 0 */
	__u32 missing;		    /* mask of ids below `cpus` that are no CPU */
	unsigned int levels;	    /* of all page tables: 4 or 5 */
	unsigned int max_leaf;	    /* largest page: 0 4 KiB, 1 2 MiB, 2 1 GiB */
	unsigned int phys_bits;	    /* address bits of the machine */
	__u32 architecture;	    /* of the configurations: JAILHOUSE_X86, ... */
	__u32 tsc_khz; /* what counts as a millisecond, in ticks of a nanosecond: 1000000 is real
			  time */
	bool permissive;	    /* learning mode */
	bool any_iommu; /* configurations may name IOMMUs: no device of this machine does DMA */
	bool no_text;	/* what the UART is given is lost; the ring of the console has it as well */
	bool caches; /* RAM lies behind a cache that accesses with caches off go past, as those of a new cell do */
	__u64 ram_start;	    /* RAM, page aligned; the hypervisor memory lies inside */
	__u64 ram_size;
	struct hosted_unit first;   /* in the table of units before PCI */
	struct hosted_unit last;    /* behind PCI and IVSHMEM */
	/*
	 * Called for each interrupt of a virtual device when it has become pending, on the thread of the CPU that has
	 * raised it, inside the hypervisor: it must neither block nor touch the machine. May be NULL.
	 */
	void (*interrupt)(void *arg, unsigned int cpu, unsigned int number);
	void *interrupt_arg;
};

/* Defects to inject; bit n stands for CPU n. To be changed while no CPU can look. */
struct hosted_faults {
	__u32 absent;	     /* does not call the entry */
	__u32 entry;	     /* its entry fails before bring-up: NO_HVM */
	__u32 cpu_init;	     /* arch_cpu_init fails: HVM_FEATURE */
	__u32 deaf;	     /* does not react to kicks */
	__u32 slow_memory;   /* waits in arch_map_temp until the bit is cleared; atomic */
	bool machine_init_late;
	bool no_tsc_khz;     /* the driver does not fill it in */
	bool uart_dead;	     /* never ready */
};

/* What the hypervisor asked of the hardware. */
struct hosted_counters {
	unsigned int cpu_exits;	   /* calls of arch_cpu_exit */
	unsigned int machine_exits;
	unsigned int machine_resets;
	unsigned int mapped_devices; /* now */
	unsigned int uart_divider;   /* as programmed */
};

enum hosted_cpu_state {
	HOSTED_NATIVE,	/* not under the hypervisor's control */
	HOSTED_LINUX,	/* CPU of the root cell that takes jobs */
	HOSTED_PARKED,	/* waits for a start */
	HOSTED_PROGRAM, /* runs the program of its cell */
	HOSTED_ENDED,	/* the program has returned: an endless halt */
	HOSTED_STOPPED, /* the hypervisor failed on it */
};

/* Software on a CPU. It does not return to its caller if the CPU is stopped meanwhile: it must own nothing. */
typedef void (*hosted_program)(struct hosted_cpu *cpu, void *arg);

/* A device: one access of 1, 2, 4 or 8 bytes, `offset` from its start. On any CPU. */
typedef void (*hosted_device)(void *arg, __u64 offset, unsigned int size, bool write, __u64 *value);

/* ---- the machine, from outside ---- */

/* NULL if the host has no memory or threads, or the setup makes no sense. */
struct hosted_machine *hosted_new(const struct hosted_setup *setup);
/* Stops everything at once, whatever runs; no call for the machine may be under way. NULL is allowed. */
void hosted_free(struct hosted_machine *hw);

struct hosted_faults *hosted_faults(struct hosted_machine *hw);
const struct hosted_counters *hosted_counters(const struct hosted_machine *hw);
/* Host address of RAM; NULL if the range is not RAM as a whole. */
void *hosted_ram(const struct hosted_machine *hw, __u64 phys, __u64 size);
/*
 * Puts a file behind pages of RAM, that other processes can map; before anything runs. Returns its descriptor, which
 * the machine closes, or -1. Not with hosted_setup.caches.
 */
int hosted_share_ram(struct hosted_machine *hw, __u64 phys, __u64 size);
/*
 * With hosted_setup.caches: what is in RAM itself, while hosted_ram() is what accesses with caches see. And the cache
 * writes back and drops all it has, which it may do at any time.
 */
void *hosted_behind_caches(const struct hosted_machine *hw, __u64 phys, __u64 size);
void hosted_evict(struct hosted_machine *hw);
/* Adds a device; before enable. 0, or -1 without room. Neither may overlap RAM or another one. */
int hosted_add_device(struct hosted_machine *hw, __u64 phys, __u64 size, hosted_device device, void *arg);
/* A device that is plain memory, such as an MSI-X table. Returns its host address, or NULL. */
void *hosted_add_registers(struct hosted_machine *hw, __u64 phys, __u64 size);
/*
 * A PCI function of domain 0, with the first `size` bytes of its configuration space. Identification is read-only, the
 * rest is memory. Returns the host address of its 4096 bytes, or NULL.
 */
__u8 *hosted_add_pci(struct hosted_machine *hw, __u16 bdf, const void *config, unsigned int size);

/*
 * What the driver does: puts image and configuration into the hypervisor memory and calls the entry
 * on all CPUs. Returns when all are guests (0) or none (the error; see hosted_info for the reason).
 */
int hosted_enable(struct hosted_machine *hw, const struct jailhouse_system *config, __u32 size);
/* Bytes of hypervisor memory without which hosted_enable() fails and hosted_info() is NULL. */
__u64 hosted_memory_needed(const struct hosted_machine *hw, const struct jailhouse_system *config, __u32 size);
/* HC_DISABLE on all CPUs of the root cell. 0: all are native. Else the first error; all go on as guests. */
int hosted_disable(struct hosted_machine *hw);

struct machine *hosted_core(struct hosted_machine *hw);
/* The info page, valid after the first hosted_enable. */
const struct jailhouse_info *hosted_info(const struct hosted_machine *hw);
const struct jailhouse_cpu_record *hosted_record(const struct hosted_machine *hw, unsigned int cpu);
/* Everything that the UART was given since the last call, as a string for free(). NULL without memory. */
char *hosted_take_text(struct hosted_machine *hw);

/* What a CPU runs when its cell is started; without one it halts. */
void hosted_set_program(struct hosted_machine *hw, unsigned int cpu, hosted_program program, void *arg);
enum hosted_cpu_state hosted_cpu_state(struct hosted_machine *hw, unsigned int cpu);
/* Waits for a state; false if it is not reached within `ms` of real time. */
bool hosted_wait_state(struct hosted_machine *hw, unsigned int cpu, enum hosted_cpu_state state, unsigned int ms);
/* As before, until the CPU has nothing to do: from then on it hears of requests by a kick only. */
bool hosted_wait_idle(struct hosted_machine *hw, unsigned int cpu, unsigned int ms);

/*
 * Runs a job as Linux on a CPU of the root cell. hosted_finish waits for its end. False: the CPU does not run Linux, or
 * stopped before the end of the job. One job a CPU.
 */
bool hosted_begin(struct hosted_machine *hw, unsigned int cpu, hosted_program job, void *arg);
bool hosted_finish(struct hosted_machine *hw, unsigned int cpu);
bool hosted_run(struct hosted_machine *hw, unsigned int cpu, hosted_program job, void *arg);
/* One hypercall by Linux on that CPU; -EIO (-5) if it did not come back. */
long hosted_call(struct hosted_machine *hw, unsigned int cpu, unsigned long code, unsigned long arg1,
		 unsigned long arg2);
/* Linux on `by` brings a parked CPU of the root cell online. */
bool hosted_online(struct hosted_machine *hw, unsigned int by, unsigned int cpu);

/*
 * Interrupts of virtual devices, by the vector (x86) or id (ARM) of the message or of INTx, at the CPU that they go to.
 * A reset and a new owner clear what is pending. Takes the lowest one; -1: none is pending.
 */
int hosted_take_interrupt(struct hosted_machine *hw, unsigned int cpu);
/* How many were raised at that CPU since the machine was made, also of those that were pending already. */
unsigned int hosted_interrupts(struct hosted_machine *hw, unsigned int cpu);

/* Moves the clock of all machines of the process, for timeouts. */
void hosted_skip_time(__u64 ns);

/* ---- inside, as software on a CPU ---- */

unsigned int vm_cpu_id(const struct hosted_cpu *cpu);
/* Memory access at a guest-physical address, size 1, 2, 4 or 8. */
__u64 vm_load(struct hosted_cpu *cpu, __u64 address, unsigned int size);
void vm_store(struct hosted_cpu *cpu, __u64 address, unsigned int size, __u64 value);
/* The same as a program: its argument is one of these, which gets the value that was read. */
struct vm_access {
	__u64 address, value;
	unsigned int size;
	bool write;
};
void vm_access(struct hosted_cpu *cpu, void *arg);
/* With hosted_setup.caches: for the accesses of this CPU, until the hypervisor resets it. */
void vm_set_caches(struct hosted_cpu *cpu, bool on);
/* Fetch of an instruction byte. */
void vm_fetch(struct hosted_cpu *cpu, __u64 address);
long vm_call(struct hosted_cpu *cpu, unsigned long code, unsigned long arg1, unsigned long arg2);
/* PCI configuration space, as by the address and data ports. */
__u32 vm_pci_read(struct hosted_cpu *cpu, __u16 bdf, __u16 reg, unsigned int size);
void vm_pci_write(struct hosted_cpu *cpu, __u16 bdf, __u16 reg, unsigned int size, __u32 value);
/* An event that no guest may cause, for the hypervisor's own failure: the CPU stops for good. */
void vm_break_hypervisor(struct hosted_cpu *cpu);
/* Lets a CPU of the same cell run if it is parked and has not failed. False: it is none of the cell's. */
bool vm_wake(struct hosted_cpu *cpu, unsigned int target);
/* A point where the CPU can be interrupted; gives way to others. */
void vm_relax(struct hosted_cpu *cpu);
/* As hosted_take_interrupt(), for this CPU. Does not exit. */
int vm_take_interrupt(struct hosted_cpu *cpu);
/* Sleeps until the hypervisor kicks the CPU, or while no interrupt is pending. */
void vm_halt(struct hosted_cpu *cpu);
/* Sleeps until then, until the time is over, or if there was a nudge since it was called last. */
void vm_wait(struct hosted_cpu *cpu, __u64 ns);
/* There may be something new in the memory of cells: nobody needs to poll for it. */
void hosted_nudge(struct hosted_machine *hw);
/*
 * Calls a function as software on this CPU, and comes back even if the CPU is stopped in the middle: false. The caller
 * must then return as soon as it can. The function must own nothing, but its caller may. Not nested.
 */
bool vm_try(struct hosted_cpu *cpu, hosted_program function, void *arg);

#endif /* !HOSTED_H */
