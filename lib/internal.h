/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the files of the library share. Nothing here is exported. */
#ifndef LIB_INTERNAL_H
#define LIB_INTERNAL_H

#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jailhouse/reason.h>
#include <jailhouse/info.h>
#include <jailhouse/jailhouse.h>

#define JH_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#define JH_ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

#define JH_DEFAULT_NODE	 "/dev/jailhouse"
#define JH_DEFAULT_SYSFS "/sys/devices/jailhouse"

/* CPU sets have at most 4096 bytes, so ids are below this. */
#define JH_MAX_CPUS	 (4096 * 8)
#define JH_MAX_CPU_WORDS (JH_MAX_CPUS / 64)

/* A simulated machine has the architecture of its configuration, and registers of its own. */
#define JH_ARCH_SIM 0xffffu

struct jh_backend;

struct jh_sim_library;
struct jh_sim_file;

/* What takes ioctls and is read: a descriptor of a device node, or a file of a simulation. */
struct jh_channel {
	int fd; /* to poll; -1: none */
	const struct jh_sim_library *library; /* NULL: a device node */
	struct jh_sim_file *file;
};

/* All but the log settings and the monitor is constant after open, so that calls need no lock. */
struct jailhouse {
	const struct jh_backend *backend;
	struct jh_channel channel; /* to the device node, which may be one that may not be opened */
	int fd_error;	  /* negative errno that says why */
	unsigned int arch; /* JAILHOUSE_X86, ...; of this machine. JH_ARCH_SIM: any */
	char *node;
	char *sysfs;
	pthread_mutex_t monitor_lock; /* protects the following and what is done with it */
	struct jailhouse_monitor *monitor; /* of the connection itself, once it is asked for */
	pthread_mutex_t log_lock; /* protects the following */
	int log_level;
	jailhouse_log_func log_callback;
	void *log_user;
};

struct jailhouse_cell {
	uint32_t id;
	int state;
	uint32_t flags;
	uint32_t isolation;
	size_t words; /* of each of the two masks */
	char name[32];
	uint64_t masks[]; /* assigned, failed */
};

struct jailhouse_cells {
	size_t count;
	size_t room;
	struct jailhouse_cell **cell;
};

#define JH_STAT_NAME_SIZE 40

struct jailhouse_stats {
	size_t num_counters;
	size_t num_cpus;
	char (*name)[JH_STAT_NAME_SIZE];
	uint32_t *cpu;
	uint64_t *value; /* [cpu][counter] */
};

struct jailhouse_access_list {
	size_t count;
	uint64_t total;
	struct jailhouse_learned *access;
};

/* ---- error.c ---- */

/* Fills an error with a sentence of the library. Returns code. */
int jh_error_set(struct jailhouse_error *error, int code, int sys_errno, const char *format, ...)
	JH_PRINTF(4, 5);

/* Fills an error from a reason of parser, driver or hypervisor. Returns the code that fits. */
int jh_error_from_reason(struct jailhouse_error *error, const struct jailhouse_reason *reason,
			 int sys_errno);

/* Hands on an error that was collected elsewhere, because it might not have mattered. */
int jh_error_copy(struct jailhouse_error *error, const struct jailhouse_error *from);

int jh_error_no_memory(struct jailhouse_error *error);

/* A parameter that should not be. */
int jh_error_argument(struct jailhouse_error *error, const char *what);

/* ---- reason.c ---- */

/* JAILHOUSE_ERR_... for a reason, JAILHOUSE_ERR_REFUSED if none fits better. */
int jh_reason_to_code(uint32_t reason);

/* The sentence, always terminated. */
void jh_reason_format(char *buffer, size_t size, const struct jailhouse_reason *reason);

/* ---- log.c ---- */

void jh_log(struct jailhouse *jh, int level, const char *format, ...) JH_PRINTF(3, 4);

/* ---- arch.c ---- */

/* JAILHOUSE_X86, ... for the machine field of uname(); -1 if there is none. */
int jh_arch_from_machine(const char *machine);

/* Name of an exit counter without "vmexits_", NULL if unknown. */
const char *jh_arch_stat_name(unsigned int arch, unsigned int counter);

/* Name of an entry of jailhouse_cpu_record.regs, never NULL below JAILHOUSE_NUM_REGS. */
const char *jh_arch_register_name(unsigned int arch, unsigned int index);

/* ---- uri.c ---- */

struct jh_uri {
	bool sim;
	char *node; /* of a simulation: path of the socket, NULL for a machine in the process */
	char *sysfs;
};

/* Splits a URI into allocated strings. Returns 0 or an error code. */
int jh_uri_parse(const char *text, struct jh_uri *ret_uri, struct jailhouse_error *error);
void jh_uri_free(struct jh_uri *uri);

/* ---- cells.c ---- */

/* A cell without CPUs; NULL without memory. */
struct jailhouse_cell *jh_cell_new(size_t words);

/* ---- stats.c ---- */

/* Room for names and values, all zero; NULL without memory. */
struct jailhouse_stats *jh_stats_new(size_t num_counters, size_t num_cpus);

/* Length is bounded and the first NUL ends it; the result is terminated. */
void jh_copy_name(char *dest, size_t size, const char *src, size_t src_size);

#endif /* !LIB_INTERNAL_H */
