/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What libjailhouse asks of libjailhouse-sim.so, which it loads on demand. Both are of the same
 * release; another one is refused by its number.
 *
 * The simulation plays the device node: a file takes the driver's ioctls, with pointers into the
 * caller's memory, and is read for the console. So all of the backend for the driver works on it.
 */
#ifndef LIB_BACKEND_SIM_LIBRARY_H
#define LIB_BACKEND_SIM_LIBRARY_H

#include <linux/ioctl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <jailhouse/reason.h>
#include <jailhouse/sim.h>

/* The only symbol of the shared object, a struct jh_sim_library. */
#define JH_SIM_SYMBOL "jailhouse_sim_library"
#define JH_SIM_SONAME "libjailhouse-sim.so.0"

/* Counts up with each change of this file. */
#define JH_SIM_ABI 2

/* Beyond what the driver knows: an access by the root cell's Linux. ENOENT: no such CPU; EIO: it
 * was stopped. */
struct jh_sim_access {
	uint32_t size;
	uint32_t cpu;
	uint64_t address;
	uint64_t value;
	uint32_t width;
	uint32_t write;
	struct jailhouse_reason reason;
};
#define JH_SIM_IOC_ACCESS _IOWR(0xBD, 0, struct jh_sim_access)

/*
 * The root cell's end of an IVSHMEM link, on a file for links. The memory is a file of the process that the
 * simulation runs in: descriptor `fd` of process `pid`; the sections follow each other in it.
 */
struct jh_sim_link {
	uint32_t size;
	uint32_t domain;
	uint32_t bdf;
	uint32_t pid;
	uint32_t fd;
	uint32_t max_peers;
	uint64_t state_table_size;
	uint64_t rw_section_size;
	uint64_t output_section_size;
	struct jailhouse_reason reason;
};
/* Switches the device on. ENODEV: not enabled; ENOENT: no such device; EOPNOTSUPP: its memory. */
#define JH_SIM_IOC_LINK _IOWR(0xBD, 2, struct jh_sim_link)

/* A register of it. ENODEV: the session in which it was opened is over; EIO: the CPU was stopped. */
struct jh_sim_link_reg {
	uint32_t size;
	uint32_t reg;
	uint32_t value;
	uint32_t write;
	struct jailhouse_reason reason;
};
#define JH_SIM_IOC_LINK_REG _IOWR(0xBD, 3, struct jh_sim_link_reg)

/* A file is for one of these. */
enum jh_sim_use {
	JH_SIM_CONTROL, /* ioctls */
	JH_SIM_CONSOLE, /* read; the descriptor is readable when read() would not wait */
	JH_SIM_FOLLOW,  /* the same, and reads wait for text */
	JH_SIM_MONITOR, /* readable after a change, until JAILHOUSE_IOC_ACK_EVENTS */
	JH_SIM_LINK,    /* readable after an interrupt of an IVSHMEM device; read() takes it */
	JH_SIM_NUM_USES
};

struct jh_sim_file;

/* What a struct jailhouse_sim_cpu starts with. The meanings are those of sim.h. */
struct jh_sim_cpu_ops {
	uint32_t (*get_id)(const struct jailhouse_sim_cpu *cpu);
	uint32_t (*get_index)(const struct jailhouse_sim_cpu *cpu);
	uint32_t (*get_cell)(const struct jailhouse_sim_cpu *cpu);
	const char *(*get_arguments)(const struct jailhouse_sim_cpu *cpu);
	uint64_t (*get_time)(const struct jailhouse_sim_cpu *cpu);
	int (*access)(struct jailhouse_sim_cpu *cpu, bool write, uint64_t address, uint32_t width,
		      uint64_t *value);
	int (*call)(struct jailhouse_sim_cpu *cpu, uint32_t code, uint64_t arg1, uint64_t arg2,
		    int64_t *ret_result);
	int (*print)(struct jailhouse_sim_cpu *cpu, const char *text);
	int (*get_comm)(const struct jailhouse_sim_cpu *cpu, uint64_t *ret_address);
	int (*wait)(struct jailhouse_sim_cpu *cpu, uint64_t timeout_ns);
	int (*reply)(struct jailhouse_sim_cpu *cpu, uint32_t reply);
	int (*set_state)(struct jailhouse_sim_cpu *cpu, uint32_t state);
	int (*pci)(struct jailhouse_sim_cpu *cpu, bool write, uint16_t bdf, uint16_t reg,
		   uint32_t width, uint32_t *value);
	void *(*map)(struct jailhouse_sim_cpu *cpu, uint64_t address, uint64_t size);
	int (*take_interrupt)(struct jailhouse_sim_cpu *cpu);
};

struct jh_sim_cpu_head {
	const struct jh_sim_cpu_ops *ops;
};

/* All return 0 or a negative errno unless said otherwise. */
struct jh_sim_library {
	uint32_t abi; /* JH_SIM_ABI */

	/*
	 * A control file of a new machine (path NULL), or of the one behind the socket at a path:
	 * ENOENT or ECONNREFUSED: nobody is there; EPERM: it is somebody else's; EPROTO: it is no
	 * server of this release.
	 */
	int (*open)(const char *path, struct jh_sim_file **ret_file);
	/* One more file of the same machine. */
	int (*reopen)(struct jh_sim_file *file, enum jh_sim_use use, struct jh_sim_file **ret_file);
	/* Ends the machine of a process with its last file. */
	void (*close)(struct jh_sim_file *file);
	/* To poll for POLLIN; POLLHUP: the server is gone. -1 for a control file. */
	int (*get_fd)(const struct jh_sim_file *file);
	/* As the driver; ENODEV: the server is gone. */
	int (*ioctl)(struct jh_sim_file *file, unsigned long request, void *arg);
	/*
	 * As the driver, with JAILHOUSE_MODE_EAGAIN: a length, EAGAIN: nothing now, EPERM, and
	 * ENOLINK: the hypervisor does not run and has left nothing, ENODEV: the server is gone.
	 */
	ssize_t (*read)(struct jh_sim_file *file, void *buffer, size_t size);

	/* EEXIST, ENOMEM; ENOENT, EBUSY. */
	int (*register_guest)(const char *name, jailhouse_sim_guest guest, void *user);
	int (*unregister_guest)(const char *name);
};

#endif /* !LIB_BACKEND_SIM_LIBRARY_H */
