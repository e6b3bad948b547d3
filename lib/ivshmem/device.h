/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* IVSHMEM devices inside the library: what the ways to reach one have in common. */
#ifndef LIB_IVSHMEM_DEVICE_H
#define LIB_IVSHMEM_DEVICE_H

#include <jailhouse/ivshmem-peer.h>
#include <jailhouse/ivshmem.h>

#include "internal.h"

#define JH_IVSHMEM_MAX_PEERS 65536u

/* A mapped piece; `base` is NULL if there is none. */
struct jh_section {
	void *base;
	uint64_t size;
};

struct jailhouse_ivshmem {
	const struct jh_ivshmem_ops *ops;
	struct jailhouse *jh; /* may be NULL */
	struct jailhouse_ivshmem_info info;
	char name[16]; /* PCI address, for sentences */
	uint32_t id, max_peers, vectors;
	int fd; /* to poll */
	bool announced; /* a state was set */
	struct jh_section regs, state_table, rw, inputs, output;
	uint64_t output_size; /* of each peer */
	void *own; /* of the way it is reached */
};

/* Each returns 0 or fills the error and returns its code. */
struct jh_ivshmem_ops {
	/* Sets all of the device but what `info` says, and leaves the rest to close() if it fails. */
	int (*open)(struct jailhouse_ivshmem *device, struct jailhouse_error *error);
	void (*close)(struct jailhouse_ivshmem *device);
	/* An offset of <jailhouse/ivshmem.h>; NULL: `regs` is mapped. */
	int (*read)(struct jailhouse_ivshmem *device, uint32_t reg, uint32_t *ret_value,
		    struct jailhouse_error *error);
	int (*write)(struct jailhouse_ivshmem *device, uint32_t reg, uint32_t value,
		     struct jailhouse_error *error);
	/* Makes the descriptor unreadable. Before interrupts are enabled. */
	int (*take_events)(struct jailhouse_ivshmem *device, struct jailhouse_error *error);
};

extern const struct jh_ivshmem_ops jh_ivshmem_uio;
extern const struct jh_ivshmem_ops jh_ivshmem_memory;
extern const struct jh_ivshmem_ops jh_ivshmem_sim;
extern const struct jh_ivshmem_ops jh_ivshmem_vfio;

/* ---- find.c ---- */

/* "0000:00:0e.0" */
void jh_ivshmem_format(char name[16], const struct jailhouse_ivshmem_info *info);

/* "0001:00:0e.0", or without the domain. */
bool jh_ivshmem_parse(const char *text, uint32_t *ret_domain, uint32_t *ret_bdf);

/* ---- names.c ---- */

/* Fills in the names of links, as far as the machine's map of links has them. */
void jh_ivshmem_name_links(struct jailhouse_ivshmem_info *info, size_t count);
/* A name of the form FILE:LINK. Returns 1 and the address in the map, 0 if it is none, or an error. */
int jh_ivshmem_resolve(const char *name, char address[16], struct jailhouse_error *error);

/* ---- memory.c ---- */

/* Maps all sections through /dev/mem, at the places that the vendor capability names; registers are mapped. */
int jh_ivshmem_map_sections(struct jailhouse_ivshmem *device,
			    const struct jailhouse_ivshmem_vendor_cap *cap,
			    struct jailhouse_error *error);

/* ---- sim.c ---- */

/* Calls `entry` for each device of a simulated root cell, with what is known of it. */
int jh_ivshmem_sim_list(struct jailhouse *jh,
			int (*entry)(void *context, const struct jailhouse_ivshmem_info *info),
			void *context, struct jailhouse_error *error);

/* ---- device.c ---- */

/* A file below the root of the machine. Returns a descriptor or an error that names it. */
int jh_ivshmem_open_file(const struct jailhouse_ivshmem *device, int flags,
			 struct jailhouse_error *error, const char *format, ...) JH_PRINTF(4, 5);

/* Maps a part of a file; `what` is for the sentence. */
int jh_ivshmem_map(const struct jailhouse_ivshmem *device, struct jh_section *section, int fd,
		   uint64_t offset, uint64_t size, bool writable, const char *what,
		   struct jailhouse_error *error);
void jh_ivshmem_unmap(struct jh_section *section);
void jh_ivshmem_unmap_all(struct jailhouse_ivshmem *device);

#endif /* !LIB_IVSHMEM_DEVICE_H */
