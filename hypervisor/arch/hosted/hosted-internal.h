/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The simulated hardware, shared by the files of this directory. */
#ifndef HOSTED_INTERNAL_H
#define HOSTED_INTERNAL_H

#include <pthread.h>
#include <setjmp.h>
#include <time.h>
#include <hypervisor/machine.h>
#include <hosted.h>

#define TLB_SIZE	   64
#define HOSTED_MAX_DEVICES 16
#define HOSTED_MAX_PCI	   16
#define HOSTED_MAX_MAPPED  64
#define HOSTED_MAX_SHARED  16
#define PCI_SPACE	   4096
#define HOSTED_INTERRUPTS  1024

/* A translation that the CPU goes on using until it is told to forget it, whatever the tables say by now. */
struct tlb_entry {
	bool valid;
	u64 page;  /* guest-physical */
	u64 phys;
	unsigned int flags; /* PG_... */
};

enum job_phase { JOB_NONE, JOB_WAITING, JOB_RUNNING, JOB_DONE, JOB_LOST };

struct hosted_cpu {
	struct hosted_machine *hw;
	struct percpu *cpu; /* valid while not native */
	unsigned int id;
	pthread_t thread;
	bool has_thread;

	/* under hw->lock */
	bool enter;	/* call the entry */
	bool inside;	/* the call has not returned, and the CPU is no guest yet */
	int result;	/* of the entry */
	enum hosted_cpu_state state; /* written by its own thread */
	enum job_phase job_phase;
	hosted_program job, program;
	void *job_arg, *program_arg;

	pthread_cond_t wake; /* what the CPU itself waits for, with hw->lock */
	bool waiting; /* for a kick or a job; under hw->lock */
	u32 kicked;   /* atomic; set under hw->lock */
	bool nudged;  /* with hw->lock */
	u32 pending[HOSTED_INTERRUPTS / 32]; /* under hw->lock, as the next two */
	unsigned int num_pending, num_raised;

	/* the CPU's own */
	bool moved; /* the hypervisor has changed its state: what runs on it must not go on */
	jmp_buf guest_out, native_out;
	jmp_buf *guard; /* of vm_try: what comes before both */
	jmp_buf *left;	/* and where the CPU goes when the program has returned: one of both, or NULL */
	struct tlb_entry tlb[TLB_SIZE];
	bool caches_off;
	u8 *nowhere; /* ARCH_TEMP_PAGES pages without memory behind them */
	u64 last_address, last_value;
};

struct hosted_io {
	u64 start, size;
	hosted_device device; /* NULL: registers are memory */
	void *arg;
	u8 *memory;
};

struct hosted_pci {
	u16 bdf;
	u8 *space;
};

struct hosted_mapping {
	void *virt;
	void *cost; /* page of the pool that stands for page tables */
};

/* See cache.c. */
struct hosted_cache {
	u8 *memory; /* RAM itself; NULL: there is no cache */
	u8 *lines;  /* state of each */
	pthread_mutex_t lock; /* innermost */
};

struct hosted_machine {
	struct machine core;
	struct hosted_setup setup;
	struct hosted_faults faults;
	struct hosted_counters counters;
	struct hosted_cpu cpus[HOSTED_MAX_CPUS];
	pthread_mutex_t lock; /* innermost: nothing of the core is called with it */
	pthread_cond_t changed; /* states and jobs of CPUs, for all others */
	u32 quit; /* atomic */

	u8 *ram_mapping; /* with room on both sides */
	u8 *ram; /* through the cache, if there is one */
	struct hosted_cache cache;
	struct hosted_io devices[HOSTED_MAX_DEVICES];
	unsigned int num_devices;
	struct hosted_pci pci[HOSTED_MAX_PCI];
	unsigned int num_pci;
	struct hosted_mapping mapped[HOSTED_MAX_MAPPED];
	u8 *nowhere; /* devices that are not there */
	int shared[HOSTED_MAX_SHARED]; /* files behind parts of RAM */
	u64 shared_start[HOSTED_MAX_SHARED];
	unsigned int num_shared;

	u8 uart_lcr, uart_divider[2];
	char *text;
	size_t text_size, text_room;
};

/* machine.c: a time from now on, for the condition of a machine */
void hosted_deadline(u64 ns, struct timespec *ret_time);

/* cpu.c */
int hosted_start_cpu(struct hosted_cpu *hc);
/* Of the CPU that this thread is. */
struct hosted_machine *hosted_current(void);
void hosted_set_state(struct hosted_cpu *hc, enum hosted_cpu_state state);
/* Ends what runs on the CPU. `out` is its guest_out or native_out. */
void __noreturn hosted_leave(struct hosted_cpu *hc, jmp_buf *out);
/* Guest code ends here if its CPU has something else to do. */
void hosted_check_moved(struct hosted_cpu *hc);

/* interrupts.c: a new owner, or a reset */
void hosted_clear_interrupts(struct hosted_cpu *hc);

/* memory.c */
const struct hosted_io *hosted_find_device(const struct hosted_machine *hw, u64 phys, unsigned int size);
void hosted_device_access(struct hosted_machine *hw, u64 phys, struct mmio_access *access, bool cached);
void hosted_memory_access(u8 *host, struct mmio_access *access);
void hosted_flush(struct hosted_cpu *hc);
bool hosted_translate(struct hosted_cpu *hc, u64 address, unsigned int right, u64 *phys);

/* cache.c */
bool hosted_cache_init(struct hosted_machine *hw);
void hosted_cache_free(struct hosted_machine *hw);
/* A mapping through the cache: its lines may be in it from now on. Nothing without a cache. */
void hosted_cache_touch(struct hosted_machine *hw, const u8 *ram, unsigned long size);
void hosted_cache_access(struct hosted_machine *hw, u8 *ram, struct mmio_access *access, bool cached);
void hosted_cache_clean(struct hosted_machine *hw, const u8 *ram, unsigned long size);

/* paging.c: by levels - 4 and largest page */
extern const struct paging_format hosted_formats[2][3];

/* comm-ARCH.c */
void hosted_fill_comm(struct cell *cell);

/* On real machines an instruction does this, which others see before or after it. */
static inline void hosted_count(struct hosted_cpu *hc, unsigned int stat)
{
	publish(&hc->cpu->stats[stat], hc->cpu->stats[stat] + 1);
}

static inline struct hosted_machine *machine_hw(const struct machine *m)
{
	return m->arch.hw;
}

#endif /* !HOSTED_INTERNAL_H */
