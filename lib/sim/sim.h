/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The simulation: a hosted hypervisor, and around it what driver and Linux do on a real machine.
 * What the files of this directory share.
 *
 * Locks, in this order: sim_machine.lock (a management request), .state (what is looked at), .calls
 * (a hypercall), and the innermost one of guests.c. Guests never take the first three: whoever
 * holds one of them may be waiting for the CPU of that guest.
 */
#ifndef LIB_SIM_SIM_H
#define LIB_SIM_SIM_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <hosted.h>
#include <jailhouse/cell-config.h>
#include <jailhouse/hypercall.h>
#include <jailhouse/image.h>
#include <jailhouse/info.h>
#include <jailhouse/ioctl.h>
#include <jailhouse/reason.h>

#include "backend/sim-library.h"

struct jh_event_ring;

/* As the driver has them */
#define SIM_MAX_CELL_CONFIG   (16 * 4096)
#define SIM_MAX_SYSTEM_CONFIG (1024 * 1024)

#define SIM_TAG_SIZE  (JAILHOUSE_SIM_NAME_MAX + 1)
#define SIM_ARGS_SIZE (JAILHOUSE_SIM_ARGUMENTS_MAX + 1)

/* ---- guests.c: programs by name ---- */

struct sim_guest;

/* What a cell runs. */
struct sim_program {
	struct sim_guest *guest; /* NULL: nothing. A reference. */
	char name[SIM_TAG_SIZE]; /* of the image, "" if it is none of ours */
	char arguments[SIM_ARGS_SIZE];
};

/* As in struct jh_sim_library */
int sim_guest_register(const char *name, jailhouse_sim_guest guest, void *user);
int sim_guest_unregister(const char *name);
/* The program that an image asks for. The reference goes back by sim_program_put(). */
void sim_program_get(struct sim_program *program, const void *image, size_t size);
void sim_program_put(struct sim_program *program);

/* ---- guest-run.c: a CPU in a guest ---- */

/* What the machine has for each of its CPUs; the inner lock protects it. */
struct sim_slot {
	struct sim_program program;
};

/* Sets what the CPU runs from its next start on. */
void sim_slot_set(struct sim_slot *slot, const struct sim_program *program);
/* A hosted_program; the argument is a struct sim_slot. */
void sim_slot_run(struct hosted_cpu *cpu, void *arg);

/* ---- builtin.c ---- */

struct sim_builtin {
	const char *name;
	jailhouse_sim_guest guest;
};

extern const struct sim_builtin sim_builtins[];
extern const size_t sim_num_builtins;

/* ---- link-guests.c ---- */

/* Sends each message back that comes through a channel with peer 0 of the first link. */
void sim_guest_channel_echo(struct jailhouse_sim_cpu *cpu, void *user);
/* Sends a number each time that some milliseconds are over, 100 without arguments. */
void sim_guest_channel_count(struct jailhouse_sim_cpu *cpu, void *user);

/* ---- machine.c: the machine and its hypervisor ---- */

struct sim_cell {
	struct sim_cell *next;
	uint32_t id;
	char name[JAILHOUSE_CELL_NAME_MAXLEN + 1];
	struct jailhouse_cell_desc *config; /* of the root cell: inside the system's */
	uint32_t config_size;
	uint32_t cpus; /* assigned now */
	bool load_failed;
	int last_state; /* as last reported by an event; see events.c for this and the next */
	uint32_t last_failed; /* CPUs whose failure was reported in this life */
	bool changing;  /* a request is under way; with .state */
};

/* What is left of a session. */
struct sim_snapshot {
	bool has_info, has_console;
	uint32_t num_records;
	struct jailhouse_virt_console console;
	struct jailhouse_info info;
	struct jailhouse_cpu_record record[HOSTED_MAX_CPUS];
};

struct sim_local;

#define SIM_MAX_LINK_FILES 64

struct sim_machine {
	pthread_mutex_t lock;
	pthread_mutex_t calls;

	pthread_mutex_t state; /* protects what follows */
	pthread_cond_t wake;   /* of the watcher */
	unsigned int refs;     /* open files */
	bool enabled, permissive;
	struct hosted_machine *hw; /* NULL unless enabled */
	struct jailhouse_system *config;
	uint32_t config_size;
	uint32_t num_cpus;      /* ids are below */
	uint32_t cpus;          /* in the system */
	struct sim_cell *cells; /* root first */
	uint32_t session;
	uint32_t event_base;
	struct jh_event_ring *events;
	struct sim_snapshot snapshot;
	struct sim_local *files;
	pthread_t watcher;
	bool watching, quit;

	pthread_mutex_t link_lock; /* innermost: taken inside the hypervisor; protects the following */
	int link_fds[SIM_MAX_LINK_FILES];
	unsigned int num_link_fds;

	struct sim_slot slots[HOSTED_MAX_CPUS];
};

struct sim_machine *sim_machine_new(void);
void sim_machine_free(struct sim_machine *m);

int sim_enable(struct sim_machine *m, const void *config, uint32_t size, bool permissive,
	       struct jailhouse_reason *r);
int sim_disable(struct sim_machine *m, struct jailhouse_reason *r);

/* A hypercall by Linux on any CPU of the root cell but those of a mask. -EIO if there is none. */
long sim_call(struct sim_machine *m, uint32_t avoid, unsigned long code, unsigned long arg1,
	      unsigned long arg2);
/* A management request, repeated until it has come to its end. */
int sim_request(struct sim_machine *m, uint32_t avoid, unsigned long code, unsigned long arg,
		struct jailhouse_reason *r);

int sim_refuse(struct jailhouse_reason *r, int error, uint32_t code, uint32_t item, uint32_t index,
	       uint64_t a, uint64_t b, uint64_t c, uint64_t d);
#define SIM_REFUSE(r, error, code, item, index) \
	sim_refuse(r, error, JAILHOUSE_REASON_##code, JAILHOUSE_ITEM_##item, index, 0, 0, 0, 0)
int sim_refuse_no_memory(struct jailhouse_reason *r);
int sim_refuse_not_enabled(struct jailhouse_reason *r);

/* Copies what the hypervisor may be writing at the moment. */
void sim_copy(void *to, const void *from, size_t size);
/* The record of a CPU of this session or the last one. -EINVAL, or -EAGAIN. With .state. */
int sim_record(struct sim_machine *m, uint32_t cpu, struct jailhouse_cpu_record *record);

/* ---- cells.c: their life. With .lock and the hypervisor running where not said otherwise. ---- */

struct sim_cell *sim_cell_find(struct sim_machine *m, const struct jailhouse_cell_id *id);
int sim_cell_unknown(const struct jailhouse_cell_id *id, struct jailhouse_reason *r);
void sim_cell_free(struct sim_cell *cell);
int sim_cell_state(struct sim_machine *m, const struct sim_cell *cell);
bool sim_cpu_failed(struct sim_machine *m, uint32_t cpu);
/* CPUs of a cell that were stopped by a violation. */
uint32_t sim_cell_failed_cpus(struct sim_machine *m, const struct sim_cell *cell);
/* The CPUs of a configuration below 32. */
uint32_t sim_config_cpus(const struct jailhouse_cell_desc *config);

int sim_cell_destroy(struct sim_machine *m, struct sim_cell *cell, struct jailhouse_reason *r);
int sim_ioc_create(struct sim_machine *m, struct jailhouse_ioc_cell_create *q);
int sim_ioc_load(struct sim_machine *m, struct jailhouse_ioc_cell_load *q);
int sim_ioc_shutdown(struct sim_machine *m, struct jailhouse_ioc_cell *q);
int sim_ioc_start(struct sim_machine *m, struct jailhouse_ioc_cell *q);
int sim_ioc_destroy(struct sim_machine *m, struct jailhouse_ioc_cell *q);

/* ---- query.c: ioctls that only look ---- */

int sim_ioc_info(struct sim_machine *m, struct jailhouse_ioc_info *q);
int sim_ioc_get_config(struct sim_machine *m, struct jailhouse_ioc_get_config *q);
int sim_ioc_cell_info(struct sim_machine *m, struct jailhouse_ioc_cell_info *q);
int sim_ioc_next_cell(struct sim_machine *m, struct jailhouse_ioc_next_cell *q);
int sim_ioc_stats(struct sim_machine *m, struct jailhouse_ioc_cpu_stats *q);
int sim_ioc_record(struct sim_machine *m, struct jailhouse_ioc_cpu_record *q);
int sim_ioc_learned(struct sim_machine *m, struct jailhouse_ioc_learned *q);
int sim_ioc_access(struct sim_machine *m, struct jh_sim_access *q);

/* ---- events.c ---- */

/* With .state. */
uint32_t sim_event_seq(struct sim_machine *m);
/*
 * Before a request for a cell that may change its state, and if it was refused. A change is reported by
 * sim_event(), with the state that the cell, if there is one, has got by it. All without .state, and
 * with .lock.
 */
void sim_event_begin(struct sim_machine *m, struct sim_cell *cell);
void sim_event_cancel(struct sim_machine *m, struct sim_cell *cell);
void sim_event(struct sim_machine *m, uint32_t type, struct sim_cell *cell, int state,
	       const struct jailhouse_reason *reason);
/* The number of the last event. With .state. */
uint64_t sim_event_last(const struct sim_machine *m);
/* ioctls of a file. With .state. */
int sim_ioc_ack_events(struct sim_local *file, struct jailhouse_ioc_events *q);
int sim_ioc_read_events(struct sim_local *file, struct jailhouse_ioc_read_events *q);
/* Text may have come. Without .state. */
void sim_tell_files(struct sim_machine *m);
int sim_watch(struct sim_machine *m);
void sim_unwatch(struct sim_machine *m);

/* ---- console.c. All with .state. ---- */

struct sim_console {
	uint32_t session;
	uint32_t head;
	bool log_read, log_end;
};

/* A length, 0: nothing now, -EPERM, -ENOLINK. */
ssize_t sim_console_read(struct sim_machine *m, struct sim_console *c, void *buffer, size_t size);
/* Would a read give text, or fail with EPERM? */
bool sim_console_readable(struct sim_machine *m, struct sim_console *c);
/* A consistent copy of the ring that is being written. */
void sim_console_copy(struct jailhouse_virt_console *copy,
		      const struct jailhouse_virt_console *ring);

/* ---- links.c: the root cell's ends of IVSHMEM links. With .state. ---- */

/* Makes the memory of links something that other processes can map. Before the hypervisor runs. */
void sim_links_share(struct hosted_machine *hw, const struct jailhouse_cell_desc *root);
/* A hosted_setup.interrupt; the argument is the machine. */
void sim_links_interrupt(void *arg, unsigned int cpu, unsigned int number);
/* A file that is to become readable by interrupts, or no longer. False: there are too many. */
bool sim_links_add(struct sim_machine *m, int signal_fd);
void sim_links_remove(struct sim_machine *m, int signal_fd);

struct sim_link {
	uint32_t session; /* 0: not open */
	uint32_t index;	  /* of the device in the root cell's configuration */
	uint64_t registers;
};

int sim_ioc_link(struct sim_machine *m, struct sim_link *link, struct jh_sim_link *q);
int sim_ioc_link_reg(struct sim_machine *m, const struct sim_link *link,
		     struct jh_sim_link_reg *q);

/* ---- local.c: files of a machine of this process; the file that all files start with ---- */

struct sim_file_ops {
	int (*reopen)(struct jh_sim_file *file, enum jh_sim_use use, struct jh_sim_file **ret_file);
	void (*close)(struct jh_sim_file *file);
	int (*ioctl)(struct jh_sim_file *file, unsigned long request, void *arg);
	/* Never waits. EAGAIN: nothing now, 0: the last text of a session has been read. */
	ssize_t (*read)(struct jh_sim_file *file, void *buffer, size_t size);
};

struct jh_sim_file {
	const struct sim_file_ops *ops;
	enum jh_sim_use use;
	int fd; /* -1 for control */
};

struct sim_local {
	struct jh_sim_file file;
	struct sim_machine *m;
	struct sim_local *next; /* with .state, like the rest */
	int signal_fd;          /* the end of the pipe that makes the file readable */
	bool readable;
	uint32_t acked;
	uint64_t event; /* the last one that was read */
	struct sim_console console;
	struct sim_link link;
};

/* With the first file, a new machine. */
int sim_local_open(struct jh_sim_file **ret_file);
int sim_local_open_on(struct sim_machine *m, enum jh_sim_use use, struct jh_sim_file **ret_file);
/* With .state: makes the file readable or not. */
void sim_local_tell(struct sim_local *file);

/* ---- client.c ---- */

int sim_client_open(const char *path, struct jh_sim_file **ret_file);

#endif /* !LIB_SIM_SIM_H */
