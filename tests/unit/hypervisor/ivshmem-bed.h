/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the tests of IVSHMEM devices share: links between the root cell and others, and software at their ends. */
#ifndef IVSHMEM_BED_H
#define IVSHMEM_BED_H

#include <jailhouse/ivshmem.h>
#include <jailhouse/pci_defs.h>
#include "testbed.h"

#define LINK	   0x0020 /* bdf: pin 1 of INTx */
#define SHMEM	   (INMATE_START + 15 * MIB) /* not in ROOT_INMATE here */
#define SHMEM_SIZE MIB
#define SECTION	   PAGE_SIZE
#define OUTPUT(id) (SHMEM + (2 + (id)) * SECTION)
#define BAR0	   0xe0000000U
#define BAR1	   0xe0010000U
#define VECTOR	   0x40U
#define MSI(cpu)   (0xfee00000U | (cpu) << 12)

#define CMD_MEMORY   0x2U
#define CMD_MASTER   0x4U
#define CMD_INTX_OFF 0x400U

enum op { OP_LOAD, OP_STORE, OP_READ, OP_WRITE }; /* memory; configuration space */

/* Software on a CPU that does one thing after the other as it is told. */
struct end {
	struct testbed *tb;
	unsigned int cpu;
	bool in_root;
	u16 bdf;
	u64 bar0, bar1;
	/* for the thread of the CPU */
	enum op op;
	u64 address, value;
	unsigned int size;
	u32 asked, done; /* atomic */
};

/* A machine whose root cell leaves room for SHMEM, with `peers` peers of the link. */
void ivshmem_root(struct testbed *tb, unsigned int peers, unsigned int vectors);
/* Adds the device of peer `id` with its regions to a configuration, and returns it. */
struct jailhouse_pci_device *add_link(struct config *config, u16 bdf, unsigned int id, unsigned int peers,
				      unsigned int vectors);
/* A cell with one page of RAM on one CPU, which is peer `id` of the link. */
void ivshmem_cell(struct config *config, unsigned int id, unsigned int peers, unsigned int vectors);
/* Puts software on the CPU; for a cell, before its start. */
void end_init(struct testbed *tb, struct end *end, unsigned int cpu, bool in_root);
/* Creates and starts ivshmem_cell(), on the CPU with the number of the peer. */
void start_peer(struct testbed *tb, struct end *end, unsigned int id, unsigned int peers, unsigned int vectors);
/* Starts it, again if it runs, and waits until its CPU has been reset. */
void restart_peer(struct testbed *tb, unsigned int id);

/* One access. False: the CPU was stopped for it. */
bool end_do(struct end *end, enum op op, u64 address, unsigned int size, u64 *value);
u32 config_read(struct end *end, u16 reg, unsigned int size);
bool config_write(struct end *end, u16 reg, unsigned int size, u32 value);
u32 reg_read(struct end *end, u32 reg);
bool reg_write(struct end *end, u32 reg, u32 value);
/* Without waiting for its end. */
void reg_write_begin(struct end *end, u32 reg, u32 value);
bool end_wait(struct end *end);

/* BARs at their places, decoding and bus mastering; every vector at VECTOR + n of this CPU; interrupts enabled. */
void end_open(struct end *end, unsigned int vectors);
void set_vector(struct end *end, unsigned int n, u32 address, u32 data, u32 control);

/* Interrupts that were raised at a CPU since the last call. */
unsigned int raised(struct testbed *tb, unsigned int cpu);
/* Everything is as if none had come, but for exactly `count` with this number. */
#define assert_raised(tb, cpu, count, number) check_raised(tb, cpu, count, number, __FILE__, __LINE__)
void check_raised(struct testbed *tb, unsigned int cpu, unsigned int count, int number, const char *file, int line);
/* Why the CPU was stopped. */
#define assert_violation(tb, cpu, name) \
	assert_int_equal(hosted_record((tb)->hw, cpu)->reason.code, JAILHOUSE_REASON_##name)
u32 table_entry(struct testbed *tb, unsigned int id);

#endif /* !IVSHMEM_BED_H */
