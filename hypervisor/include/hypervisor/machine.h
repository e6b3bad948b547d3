/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The machine, its CPUs and its cells.
 *
 * All state hangs below one struct machine; there are no mutable globals. Code that runs on a CPU holds that CPU's
 * struct percpu and reaches everything from there.
 *
 * Who may change what:
 *  - cells, regions, tables, windows, device owners: only the CPU that holds machine->request (one management request
 *    at a time), while the other root CPUs are stopped (cpus_stop_root) and the cell's own CPUs are parked.
 *    Therefore exit handlers read all of this without locks.
 *  - percpu->requests: anyone, atomically, followed by arch_cpu_kick().
 *  - the rest of struct percpu: its own CPU, or the request holder while that CPU is stopped.
 */
#ifndef HYPERVISOR_MACHINE_H
#define HYPERVISOR_MACHINE_H

#include <jailhouse/cell-config.h>
#include <jailhouse/hypercall.h>
#include <jailhouse/image.h>
#include <jailhouse/info.h>
#include <hypervisor/base.h>
#include <hypervisor/paging.h>
#include <hypervisor/mmio.h>
#include <hypervisor/console.h>
#include <asm/machine.h> /* struct arch_machine, struct arch_percpu, struct arch_cell */

struct unit;

/* percpu->requests: what a CPU has to do before it runs guest code again, in this order */
#define CPU_REQ_FLUSH	 0x01 /* flush the guest TLB */
#define CPU_REQ_STOP	 0x02 /* wait in the hypervisor until cleared */
#define CPU_REQ_SET_CELL 0x04 /* the owner has changed: wipe state, take the new cell's tables */
#define CPU_REQ_PARK	 0x08 /* into the parking loop, waiting for a start */
#define CPU_REQ_SCRUB	 0x10 /* help zeroing memory of its cell */
#define CPU_REQ_RESET	 0x20 /* start at the cell's reset address */
#define CPU_REQ_ARCH	 0x40 /* architecture specific, e.g. INIT and SIPI */

struct percpu {
	struct jailhouse_cpu_record record; /* read by the root cell: first, alone on its page */
	u8 record_pad[PAGE_SIZE - sizeof(struct jailhouse_cpu_record)];

	struct machine *machine;
	struct cell *cell;
	unsigned int id;	/* logical CPU id */
	bool present;		/* in the system's CPU set */
	bool failed;		/* stopped by a violation */
	u32 requests;		/* CPU_REQ_..., atomic */
	u32 stopped;		/* 1 while waiting for the end of CPU_REQ_STOP */
	int result;		/* of bring-up on this CPU */
	bool up;		/* arch_cpu_init has succeeded */
	u32 stats[JAILHOUSE_NUM_CPU_STATS];
	u64 cleaned;		/* bytes so far, while cell_clean_memory() is under way */
	struct arch_percpu arch;
};

/* Memory of a cell that is being zeroed by its CPUs before they do anything else. */
struct scrub {
	spinlock_t lock;
	bool active;
	u32 what;		/* SCRUB_... */
	unsigned int region;	/* next chunk: region and offset */
	u64 offset;
	u64 total;
	u64 done;
};

struct cell {
	struct machine *machine;
	struct cell *next;	/* in order of creation, root first */
	const struct jailhouse_cell_desc *config; /* private copy, trailing arrays inside */
	u32 config_size;
	unsigned int pages;	/* of this structure and the configuration behind it */
	unsigned int num_cpus;
	bool loadable;		/* root sees the loadable regions */
	bool started;		/* communication region is valid */
	bool info_pending;	/* an information message waits for its reply */
	u64 info_deadline;
	struct jailhouse_comm_region *comm; /* one page; root: only cell_state is used */
	u64 comm_phys;
	struct page_table stage2;
	struct mmio_map mmio;
	struct scrub scrub;
	struct rate_limit lines; /* console lines that the guest provokes */
	struct rate_limit chars; /* characters of the guest's own output */
	struct pci_cell *pci;	/* see core/pci.c */
	struct ivshmem_cell *ivshmem; /* see core/ivshmem.c */
	struct arch_cell arch;
};

/* The management request under way. Restartable: it returns -EAGAIN and goes on when called again. */
struct request {
	bool busy;		/* a CPU is inside; atomic */
	struct percpu *holder;	/* this one; at enable and disable, the one that acts for all */
	unsigned int code;	/* hypercall, ~0U if none waits to be continued */
	u64 arg;
	struct cell *cell;	/* target */
	u32 phase;		/* JAILHOUSE_PHASE_... */
	u64 deadline;
	u64 stop_start;		/* when the root's CPUs were stopped */
};

/* All CPUs enter and leave together. */
struct rendezvous {
	spinlock_t lock;
	u32 phase;		/* bringup.c */
	u32 arrived;
	u32 ready;
	int error;
	u64 deadline;
};

struct machine {
	struct jailhouse_image_header *header;
	struct jailhouse_info *info;
	const struct jailhouse_system *config; /* private copy */
	u32 config_size;
	u64 hv_phys;		/* hypervisor memory */
	u64 hv_size;
	u8 *hv_base;		/* its address in the hypervisor */
	u8 *percpu_base;	/* areas of the CPUs; given by the architecture before anything else runs */
	unsigned long percpu_size;
	u32 tsc_khz;		/* arch_time() ticks per millisecond */
	bool permissive;
	bool enabled;
	u8 *zero_page;		/* what the root cell sees instead of hypervisor memory */
	struct page_pool pool;
	struct cell root;
	unsigned int num_cells;
	struct request request;
	struct rendezvous bringup;
	struct rendezvous disable;
	struct console console;
	unsigned int num_units_up; /* units whose init has succeeded */
	unsigned int max_cpus;
	spinlock_t info_lock;
	struct arch_machine arch;
};

/* The per-CPU area of a CPU id below max_cpus. */
static inline struct percpu *machine_cpu(const struct machine *m, unsigned int id)
{
	return (struct percpu *)(m->percpu_base + id * m->percpu_size);
}

static inline bool cell_has_cpu(const struct cell *cell, unsigned int id)
{
	return machine_cpu(cell->machine, id)->present && machine_cpu(cell->machine, id)->cell == cell;
}

#define for_each_cpu(cpu_id, m)                                                                                      \
	for (unsigned int cpu_id = 0; cpu_id < (m)->max_cpus; cpu_id++)                                              \
		if (!machine_cpu(m, cpu_id)->present) {                                                              \
		} else

#define for_each_cell_cpu(cpu_id, c)                                                                                 \
	for (unsigned int cpu_id = 0; cpu_id < (c)->machine->max_cpus; cpu_id++)                                     \
		if (!cell_has_cpu(c, cpu_id)) {                                                                      \
		} else

#define for_each_cell(c, m)	     for (struct cell *c = &(m)->root; c; c = c->next)
#define for_each_non_root_cell(c, m) for (struct cell *c = (m)->root.next; c; c = c->next)

static inline bool cell_is_root(const struct cell *cell)
{
	return cell == &cell->machine->root;
}

/* ---- machine.c ---- */

/*
 * The two global steps of enable, on one CPU. Early: page pool, console, checks of the system configuration, the root
 * cell's tables. Late, when all CPUs are initialized: units and memory of the root cell. After a failure machine_exit()
 * undoes what was done.
 */
int machine_init_early(struct machine *m);
int machine_init_late(struct machine *m);
/* Gives hardware back in reverse order; no other cell may exist. Runs on one CPU, all others are out of guests. */
void machine_exit(struct machine *m);
void print_pool_usage(struct machine *m, const char *when);

/* ---- bringup.c ---- */

/*
 * Called by the architecture's entry on every CPU at once, on the hypervisor's own stack. All CPUs become guests (it
 * does not return) or all get the same negative error, with this CPU as Linux left it.
 */
int bringup(struct percpu *cpu);
/* JAILHOUSE_HC_DISABLE: waits for all CPUs of the root cell. 0: the machine is down, the caller releases this CPU. */
int bringdown(struct percpu *cpu);

/* ---- reason.c: why something failed ---- */

/* Writes the reason for the request under way into the info page; returns `error`, so that callers can return it. */
int refuse(struct machine *m, int error, u32 code, u32 item, u32 index, u64 a0, u64 a1, u64 a2, u64 a3);
#define REFUSE0(m, err, code, item, idx)	      refuse(m, err, JAILHOUSE_REASON_##code, item, idx, 0, 0, 0, 0)
#define REFUSE1(m, err, code, item, idx, a)	      refuse(m, err, JAILHOUSE_REASON_##code, item, idx, a, 0, 0, 0)
#define REFUSE2(m, err, code, item, idx, a, b) \
	refuse(m, err, JAILHOUSE_REASON_##code, item, idx, a, b, 0, 0)
#define REFUSE3(m, err, code, item, idx, a, b, c)     refuse(m, err, JAILHOUSE_REASON_##code, item, idx, a, b, c, 0)
#define REFUSE4(m, err, code, item, idx, a, b, c, d)  refuse(m, err, JAILHOUSE_REASON_##code, item, idx, a, b, c, d)
/* -ENOMEM with the pool's figures, for any allocation that has just failed. */
int refuse_no_memory(struct machine *m, unsigned int pages);
void clear_reason(struct machine *m);
/* Up to eight characters as an argument for {Ns}. */
u64 reason_text(const char *text);
/* Counts an event that a waiter in the driver may want to see. */
void count_event(struct machine *m);
/* Records an access of the root cell in learning mode (JAILHOUSE_LEARNED_...). True: answer it, do not stop. */
bool learn_access(struct percpu *cpu, u32 kind, u64 address, unsigned int size, bool write);

/* ---- violation.c ---- */

/*
 * The guest on this CPU did what it may not: fills the failure record, prints the register dump, parks the CPU. The
 * line that says what happened has been printed by the caller.
 */
void violation(struct percpu *cpu, u64 address, u32 code, u64 a0, u64 a1, u64 a2, u64 a3);
#define VIOLATION(cpu, addr, code, a0, a1, a2, a3) violation(cpu, addr, JAILHOUSE_REASON_##code, a0, a1, a2, a3)
/* For a0: which way a denied access went. */
static inline u64 access_arg(bool write)
{
	return write ? JAILHOUSE_ARG_WRITE : JAILHOUSE_ARG_READ;
}
/* The hypervisor itself failed on this CPU. Prints, records, stops the CPU for good. */
void __noreturn panic_stop(struct percpu *cpu, u32 code, u64 a0, u64 a1, u64 a2, u64 a3);

/* ---- cpu.c: control of CPUs ---- */

/* Runs on the CPU itself after a kick: does what percpu->requests asks for. */
void cpu_handle_requests(struct percpu *cpu);
/* Stops if it has been asked to, and may belong to another cell behind it. True: it has stopped. on: the CPU itself. */
bool cpu_stand_still(struct percpu *cpu);
void cpu_request(struct percpu *target, u32 requests);
/*
 * Stops a CPU inside the hypervisor. False: it did not come within a second (refuse CPU_LOST was written). The request
 * stands then: whenever the CPU comes, it stays.
 */
bool cpu_stop(struct percpu *target);
/* Lets a stopped CPU go on, with more requests to do first. */
void cpu_release(struct percpu *target, u32 requests);
/* All CPUs of the root cell but the caller's. Nothing is stopped if it fails. */
bool cpus_stop_root(struct percpu *caller);
void cpus_release_root(struct percpu *caller, u32 requests);
/* Milliseconds from now as arch_time(). */
u64 deadline_ms(const struct machine *m, u64 ms);
bool deadline_passed(u64 deadline);

static inline void wait_until(u64 deadline)
{
	while (!deadline_passed(deadline))
		arch_relax();
}

/* ---- cell.c and neighbours: life cycle, called by hypercall.c with the request held ---- */

int cell_create(struct percpu *cpu, u64 config_address);
int cell_start(struct percpu *cpu, u32 id);
int cell_set_loadable(struct percpu *cpu, u32 id);
int cell_destroy(struct percpu *cpu, u32 id);
struct cell *cell_by_id(struct machine *m, u32 id);
/* False if another configuration than the cell's lies at this address of the root cell. */
bool cell_has_config(struct percpu *cpu, const struct cell *cell, u64 address);

/* config-check.c: validates a configuration against the machine; no side effects. */
int cell_config_check(struct machine *m, const struct jailhouse_cell_desc *config, u32 size, struct percpu *caller);
/* The part of it that needs only the fixed head: kind and revision, name, id. */
int cell_identity_check(struct machine *m, const struct jailhouse_cell_desc *config);
int system_config_check(struct machine *m, const struct jailhouse_system *config, u32 size);
/* RAM that has to be zeroed when it changes hands. */
bool mem_is_scrubbed(const struct cell *cell, const struct jailhouse_memory *mem);

/* What arch_region_flags makes of a region on every architecture. */
static inline unsigned int region_access(const struct jailhouse_memory *mem)
{
	return (mem->flags & JAILHOUSE_MEM_READ ? PG_READ : 0) | (mem->flags & JAILHOUSE_MEM_WRITE ? PG_WRITE : 0) |
	       (mem->flags & JAILHOUSE_MEM_EXECUTE ? PG_EXEC : 0) |
	       (mem->flags & JAILHOUSE_MEM_NO_HUGEPAGES ? PG_NO_HUGE : 0);
}

/* Where configurations do not mark devices: what is neither code nor reachable by DMA may be one. */
static inline bool region_may_be_device(const struct jailhouse_memory *mem)
{
	return (mem->flags & JAILHOUSE_MEM_IO) ||
	       !(mem->flags & (JAILHOUSE_MEM_EXECUTE | JAILHOUSE_MEM_DMA | JAILHOUSE_MEM_LOADABLE |
			       JAILHOUSE_MEM_COMM_REGION | JAILHOUSE_MEM_ROOTSHARED));
}

/* regions.c: memory regions of a cell */
int regions_map_cell(struct cell *cell);
/* The root cell's, without what is intercepted and without the hypervisor's memory but for what it may read. */
int regions_map_root(struct machine *m);
/*
 * Takes the cell's memory from the root cell and gives it back; the root's CPUs are stopped. Only the preparation can
 * fail; it changes nothing that the root sees, and regions_tidy_root undoes it if the memory is not taken after all.
 */
int regions_prepare_root(struct cell *cell);
void regions_tidy_root(struct cell *cell);
void regions_take_from_root(struct cell *cell);
void regions_give_to_root(struct cell *cell);
/* Shows or hides the loadable regions in the root cell; cannot fail. Root CPUs are stopped. */
void regions_show_loadable(struct cell *cell);
void regions_hide_loadable(struct cell *cell);

/* comm.c: communication region and its messages */
void comm_init(struct cell *cell);
/* The state word, which the cell can write: read once per decision, any value is possible. */
u32 comm_cell_state(const struct cell *cell);
void cell_set_state(struct cell *cell, u32 state);
/* -EAGAIN: not answered yet, call again; 0 approved; -EPERM denied. */
int comm_request_shutdown(struct percpu *cpu, struct cell *cell);
void comm_send_reconfig(struct machine *m);

/* scrub.c */
#define SCRUB_RAM    1 /* what only this cell has */
#define SCRUB_SHARED 2 /* its part of links */
void scrub_start(struct cell *cell, u32 what);
/* True when done; updates the progress in the info page. */
bool scrub_finished(struct cell *cell);
/* on: CPUs of the cell. Comes back to stop, or when nothing is left to do; of SCRUB_SHARED alone, when all is done. */
void scrub_work(struct percpu *cpu);

/*
 * clean.c: what the loader or an earlier run of this CPU's cell has left in caches gets to where a guest without caches
 * looks. For architectures whose guests begin so, before the first of them does. Part of arch_cpu_reset(). False: the
 * CPU is to stop, and the reset has been asked for again.
 */
bool cell_clean_memory(struct percpu *cpu);

/* hypercall.c */
long hypercall(struct percpu *cpu, unsigned long code, unsigned long arg1, unsigned long arg2);
/*
 * For what a CPU of the root cell does to it on its own account: waits until no request runs, and then holds it. False:
 * the CPU has lost its cell by then.
 */
bool request_wait(struct percpu *cpu);
void request_leave(struct request *request);

/* guest-memory.c: copies from memory that a cell can read, or says no. Addresses are guest-physical. */
bool guest_read(struct percpu *cpu, struct cell *cell, u64 addr, void *buf, unsigned int size);

#endif /* !HYPERVISOR_MACHINE_H */
