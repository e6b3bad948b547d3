/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * ioctls of /dev/jailhouse.
 *
 * Two sets live side by side: the legacy numbers (type 0), kept for existing tools, and our own (type 0xBC), which
 * carry sizes, accept only zero in what they do not know, and return a reason with each failure.
 *
 * Rules for our own set: `size` is sizeof(struct) as the caller knows it; a larger one whose surplus is not zero gets
 * E2BIG, a smaller one is completed with zeros. Unknown flags get EINVAL with BAD_ARGUMENT. Pointers are __u64. Every
 * call can fail with EFAULT, EINTR and ENODEV (driver going away). On failure `reason` tells why (code 0: nothing to
 * add to the errno); it is written on success too, then with code 0.
 */
#ifndef JAILHOUSE_IOCTL_H
#define JAILHOUSE_IOCTL_H

#include <linux/ioctl.h>
#include <jailhouse/types.h>
#include <jailhouse/events.h>
#include <jailhouse/reason.h>
#include <jailhouse/info.h>

/* ---- legacy set ---- */

#define JAILHOUSE_CELL_ID_NAMELEN 31
#define JAILHOUSE_CELL_ID_UNUSED  (-1)

struct jailhouse_cell_create {
	__u64 config_address;
	__u32 config_size;
	__u32 padding;
};
JAILHOUSE_ASSERT_SIZE(struct jailhouse_cell_create, 16);

struct jailhouse_preload_image {
	__u64 source_address;
	__u64 size;
	__u64 target_address;	/* as the cell sees it */
	__u64 padding;
};
JAILHOUSE_ASSERT_SIZE(struct jailhouse_preload_image, 32);

/* id >= 0 selects by id; -1 selects by name, which is at most 31 characters and terminated. */
struct jailhouse_cell_id {
	__s32 id;
	__u32 padding;
	char name[JAILHOUSE_CELL_ID_NAMELEN + 1];
};
JAILHOUSE_ASSERT_SIZE(struct jailhouse_cell_id, 40);

/* For the array at its end, which is younger than C89 and not known to C++. */
__extension__ struct jailhouse_cell_load {
	struct jailhouse_cell_id cell_id;
	__u32 num_preload_images;
	__u32 padding;
	struct jailhouse_preload_image image[];
};
JAILHOUSE_ASSERT_SIZE(struct jailhouse_cell_load, 48);

#define JAILHOUSE_ENABLE       _IOW(0, 0, void *)
#define JAILHOUSE_DISABLE      _IO(0, 1)
#define JAILHOUSE_CELL_CREATE  _IOW(0, 2, struct jailhouse_cell_create)
#define JAILHOUSE_CELL_LOAD    _IOW(0, 3, struct jailhouse_cell_load)
#define JAILHOUSE_CELL_START   _IOW(0, 4, struct jailhouse_cell_id)
#define JAILHOUSE_CELL_DESTROY _IOW(0, 5, struct jailhouse_cell_id)

/* ---- our own set ---- */

#define JAILHOUSE_IOC_MAGIC 0xBC
/* Counts up when a struct grows or a call is added. */
#define JAILHOUSE_IOC_ABI   3

/* jailhouse_ioc_info.state */
#define JAILHOUSE_IOC_ENABLED	 0x1 /* the hypervisor runs */
#define JAILHOUSE_IOC_PERMISSIVE 0x2 /* in learning mode */

/* Always available, with and without a running hypervisor. */
struct jailhouse_ioc_info {
	__u32 size;
	__u32 abi;		/* JAILHOUSE_IOC_ABI of the driver */
	__u32 state;		/* JAILHOUSE_IOC_ENABLED... */
	__u32 isolation;	/* JAILHOUSE_ISOLATION_..., while enabled */
	__u64 features;		/* JAILHOUSE_IMAGE_... of the running image */
	__u8 build_id[20];	/* of the running image, else zero */
	__u32 num_cells;	/* root included, 0 if not enabled */
	__u32 max_cpus;		/* CPU ids are below this */
	__u32 tsc_khz;
	__u32 mem_pool_size;	/* pages of 4 KiB */
	__u32 mem_pool_used;
	__u64 core_size;	/* bytes of the hypervisor image with bss */
	__u64 percpu_size;	/* bytes for each CPU */
	__u64 stop_last;	/* ticks that the last management request stopped the root cell's CPUs */
	__u64 stop_max;		/* the longest of these */
	__u32 event_seq;	/* see poll() */
	__u32 learned_total;	/* accesses found in learning mode */
	__u64 dropped_nmis;
	__u64 dropped_pci_writes;
	__u64 denied_msrs;
	__u64 suppressed_lines;
	char driver_version[32];
	struct jailhouse_reason reason;
};

#define JAILHOUSE_IOC_ENABLE_PERMISSIVE 0x1

struct jailhouse_ioc_enable {
	__u32 size;
	__u32 flags;		/* JAILHOUSE_IOC_ENABLE_... */
	__u64 config_address;	/* user pointer to a system configuration */
	__u32 config_size;	/* bytes; the counts in the configuration must fit */
	__u32 reserved;
	struct jailhouse_reason reason;
};

struct jailhouse_ioc_disable {
	__u32 size;
	__u32 flags;		/* 0 */
	struct jailhouse_reason reason;
};

struct jailhouse_ioc_cell_create {
	__u32 size;
	__u32 flags;		/* 0 */
	__u64 config_address;	/* user pointer to a cell configuration */
	__u32 config_size;
	__u32 id;		/* result: id of the new cell */
	struct jailhouse_reason reason;
};

/* Start, shutdown and destroy. */
struct jailhouse_ioc_cell {
	__u32 size;
	__u32 flags;		/* 0 */
	struct jailhouse_cell_id cell_id;
	struct jailhouse_reason reason;
};

/* Shuts the cell down, makes its memory loadable and copies the images in order, up to the first error. */
struct jailhouse_ioc_cell_load {
	__u32 size;
	__u32 flags;		/* 0 */
	struct jailhouse_cell_id cell_id;
	__u64 images;		/* user pointer to an array of struct jailhouse_preload_image */
	__u32 num_images;	/* at most JAILHOUSE_IOC_MAX_IMAGES */
	__u32 reserved;
	struct jailhouse_reason reason;
};
#define JAILHOUSE_IOC_MAX_IMAGES 64

#define JAILHOUSE_IOC_SYSTEM_CONFIG 0xffffffffu

/* Reads a configuration back as it was accepted. */
struct jailhouse_ioc_get_config {
	__u32 size;
	__u32 cell;		/* cell id, 0 = root cell part is inside JAILHOUSE_IOC_SYSTEM_CONFIG */
	__u64 buffer;		/* user pointer */
	__u32 buffer_size;	/* bytes; too small: ERANGE, config_size tells */
	__u32 config_size;	/* result */
	struct jailhouse_reason reason;
};

/* State and resources of one cell. EINVAL if not enabled, ENOENT if unknown. */
struct jailhouse_ioc_cell_info {
	__u32 size;
	__u32 reserved;
	struct jailhouse_cell_id cell_id; /* in: which; out: id and name */
	__s32 state;		/* JAILHOUSE_CELL_..., or -EINVAL for a number that the cell made up */
	__u32 flags;		/* of its configuration */
	__u32 num_cpus;		/* assigned now */
	__u32 num_failed_cpus;
	__u32 isolation;	/* JAILHOUSE_ISOLATION_... */
	__u32 cpu_mask_words;	/* in: 64-bit words at cpu_mask/failed_mask; out: words needed */
	__u64 cpu_mask;		/* user pointer, may be 0 */
	__u64 failed_mask;	/* user pointer, may be 0 */
	struct jailhouse_reason reason;
};

/* Calls f(id, ...) for the next cell: returns the lowest id that is >= cell. ENOENT at the end. */
struct jailhouse_ioc_next_cell {
	__u32 size;
	__u32 cell;		/* in: first candidate; out: id */
	struct jailhouse_reason reason;
};

/* All exit counters of one CPU at once. EINVAL for a CPU that is not in the system. */
#define JAILHOUSE_IOC_MAX_STATS 32
struct jailhouse_ioc_cpu_stats {
	__u32 size;
	__u32 cpu;
	__u32 cell;		/* result: id of the owner */
	__u32 num_stats;	/* result: valid entries */
	__u32 stats[JAILHOUSE_IOC_MAX_STATS]; /* index = JAILHOUSE_CPU_STAT_... */
	struct jailhouse_reason reason;
};

struct jailhouse_ioc_cpu_record {
	__u32 size;
	__u32 cpu;
	struct jailhouse_cpu_record record; /* kind JAILHOUSE_RECORD_NONE: this CPU did not fail */
	struct jailhouse_reason reason;
};

/* Accesses found in learning mode, from index `start` on. Stay readable after disable until the next enable. */
struct jailhouse_ioc_learned {
	__u32 size;
	__u32 start;
	__u64 buffer;		/* user pointer to struct jailhouse_learned[] */
	__u32 count;		/* in: entries at buffer; out: entries written */
	__u32 total; /* result: distinct accesses seen (more than the table holds, if it was too
			small) */
	struct jailhouse_reason reason;
};

/* File mode bits, per open file. Default 0 = legacy read(). */
#define JAILHOUSE_MODE_EAGAIN 0x1 /* non-blocking read() of the console gives EAGAIN instead of 0 if nothing is new */
#define JAILHOUSE_MODE_EVENTS 0x2 /* for events, not for the console: see poll(); read() gives EINVAL. ABI 2 */
struct jailhouse_ioc_mode {
	__u32 size;
	__u32 mode;
	struct jailhouse_reason reason;
};

/*
 * poll(): POLLIN console text or a gap, and for who asks for that, POLLERR console not permitted, POLLHUP not enabled
 * and no stored log. POLLPRI there are events that this file has not read, or the event sequence number moved, since
 * its last ACK_EVENTS (or open). With JAILHOUSE_MODE_EVENTS POLLIN says the same as POLLPRI and nothing is said of the
 * console.
 *
 * ACK_EVENTS also passes over all events up to now.
 */
struct jailhouse_ioc_events {
	__u32 size;
	__u32 event_seq;	/* result */
	struct jailhouse_reason reason;
};

/* What has happened. */
struct jailhouse_ioc_event {
	__u32 type;		/* JAILHOUSE_EVENT_... */
	__u32 cell;		/* id */
	__u64 seq;		/* counts all events since the driver was loaded, from 1 on */
	__u64 time;		/* CLOCK_MONOTONIC, in nanoseconds, when it was noticed */
	__u64 lost;		/* LOST: how many, from number seq on */
	__s32 state;		/* of the cell from now on, as in jailhouse_ioc_cell_info */
	__u32 cpu;		/* CPU_FAILED, and FAILED with a reason: the CPU that it is of */
	char name[JAILHOUSE_CELL_ID_NAMELEN + 1]; /* of the cell */
	struct jailhouse_reason reason; /* code 0: none */
	__u64 reserved;		/* 0 */
};
JAILHOUSE_ASSERT_SIZE(struct jailhouse_ioc_event, 128);

/*
 * Takes the next events of this file, in order; a file begins with what happens after it was opened. The driver keeps
 * the last 256. Never waits. A fault gives those that were copied before it, if there are any. ABI 2.
 */
struct jailhouse_ioc_read_events {
	__u32 size;
	__u32 flags;		/* 0 */
	__u64 buffer;		/* user pointer to struct jailhouse_ioc_event[] */
	__u32 event_size;	/* of one there: 128 or more, a multiple of 8, at most 4096; a surplus is zeroed */
	__u32 count;		/* in: room at buffer; out: events written, 0: nothing is new */
	struct jailhouse_reason reason;
};

/* jailhouse_ioc_register.kind */
#define JAILHOUSE_HARDWARE_MSR	  1 /* x86; the number is that of the MSR */
#define JAILHOUSE_HARDWARE_VTD	  2 /* the number is the offset in the IOMMU's registers, as for the next one */
#define JAILHOUSE_HARDWARE_AMD_VI 3
#define JAILHOUSE_HARDWARE_BASE	  0xffffffffu /* in place of an offset: where the unit's registers are */
#define JAILHOUSE_HARDWARE_ARM	  4 /* the number is one of the following */

#define JAILHOUSE_ARM_MIDR   1 /* MIDR_EL1 */
#define JAILHOUSE_ARM_PFR    2 /* ID_AA64PFR0_EL1; on ARMv7 ID_PFR1 */
#define JAILHOUSE_ARM_MMFR   3 /* ID_AA64MMFR0_EL1; on ARMv7 ID_MMFR0 */
#define JAILHOUSE_ARM_CNTFRQ 4
#define JAILHOUSE_ARM_AT_EL2 5 /* 1: Linux was started at EL2, 0: it was not. Of the machine, as the next one */
#define JAILHOUSE_ARM_GIC    6 /* the version of the GIC that Linux drives, 0: none */

struct jailhouse_ioc_register {
	__u32 kind;		/* JAILHOUSE_HARDWARE_... */
	__u32 unit;		/* CPU; IOMMU, counted in the order of the ACPI table; 0 if of the machine */
	__u64 number;
	__u64 value;
};
JAILHOUSE_ASSERT_SIZE(struct jailhouse_ioc_register, 24);

#define JAILHOUSE_IOC_MACHINE 0xffffffffu

/*
 * What only the kernel can read of the hardware, and changes nothing. Registers that a CPU does not have are left
 * out. Not while the hypervisor runs, as Linux then sees of them what that shows: EBUSY. A CPU that is not online:
 * ENXIO. ABI 3.
 */
struct jailhouse_ioc_hardware {
	__u32 size;
	__u32 cpu;		/* whose registers; JAILHOUSE_IOC_MACHINE: those of no CPU */
	__u64 buffer;		/* user pointer to struct jailhouse_ioc_register[] */
	__u32 count;		/* in: room at buffer; out: how many there are, of which the first are written */
	__u32 reserved;		/* 0 */
	struct jailhouse_reason verdict; /* why ENABLE would refuse this machine as such; code 0: it would not */
	struct jailhouse_reason reason;
};

#define JAILHOUSE_IOC_GET_INFO	   _IOWR(JAILHOUSE_IOC_MAGIC, 0, struct jailhouse_ioc_info)
#define JAILHOUSE_IOC_ENABLE	   _IOWR(JAILHOUSE_IOC_MAGIC, 1, struct jailhouse_ioc_enable)
#define JAILHOUSE_IOC_DISABLE	   _IOWR(JAILHOUSE_IOC_MAGIC, 2, struct jailhouse_ioc_disable)
#define JAILHOUSE_IOC_CELL_CREATE  _IOWR(JAILHOUSE_IOC_MAGIC, 3, struct jailhouse_ioc_cell_create)
#define JAILHOUSE_IOC_CELL_LOAD	   _IOWR(JAILHOUSE_IOC_MAGIC, 4, struct jailhouse_ioc_cell_load)
#define JAILHOUSE_IOC_CELL_START   _IOWR(JAILHOUSE_IOC_MAGIC, 5, struct jailhouse_ioc_cell)
#define JAILHOUSE_IOC_CELL_DESTROY _IOWR(JAILHOUSE_IOC_MAGIC, 6, struct jailhouse_ioc_cell)
#define JAILHOUSE_IOC_CELL_SHUTDOWN _IOWR(JAILHOUSE_IOC_MAGIC, 7, struct jailhouse_ioc_cell)
#define JAILHOUSE_IOC_GET_CONFIG   _IOWR(JAILHOUSE_IOC_MAGIC, 8, struct jailhouse_ioc_get_config)
#define JAILHOUSE_IOC_CELL_INFO	   _IOWR(JAILHOUSE_IOC_MAGIC, 9, struct jailhouse_ioc_cell_info)
#define JAILHOUSE_IOC_NEXT_CELL	   _IOWR(JAILHOUSE_IOC_MAGIC, 10, struct jailhouse_ioc_next_cell)
#define JAILHOUSE_IOC_CPU_STATS	   _IOWR(JAILHOUSE_IOC_MAGIC, 11, struct jailhouse_ioc_cpu_stats)
#define JAILHOUSE_IOC_CPU_RECORD   _IOWR(JAILHOUSE_IOC_MAGIC, 12, struct jailhouse_ioc_cpu_record)
#define JAILHOUSE_IOC_LEARNED	   _IOWR(JAILHOUSE_IOC_MAGIC, 13, struct jailhouse_ioc_learned)
#define JAILHOUSE_IOC_SET_MODE	   _IOWR(JAILHOUSE_IOC_MAGIC, 14, struct jailhouse_ioc_mode)
#define JAILHOUSE_IOC_ACK_EVENTS   _IOWR(JAILHOUSE_IOC_MAGIC, 15, struct jailhouse_ioc_events)
#define JAILHOUSE_IOC_READ_EVENTS  _IOWR(JAILHOUSE_IOC_MAGIC, 16, struct jailhouse_ioc_read_events)
#define JAILHOUSE_IOC_HARDWARE	   _IOWR(JAILHOUSE_IOC_MAGIC, 17, struct jailhouse_ioc_hardware)

#endif /* !JAILHOUSE_IOCTL_H */
