/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A simulated machine for fuzz targets of the hypervisor, laid out like qemu-q35, and what must always hold on it. */
#ifndef HOSTED_FUZZ_H
#define HOSTED_FUZZ_H

#include <stddef.h>
#include <hypervisor/machine.h>
#include <hosted.h>

#define FUZZ_CPUS     4
#define CONFIG_PHYS   0x10000000UL /* in Linux' memory */
#define CELLS_PHYS    0x3a600000UL
#define CELLS_SIZE    0x04c00000UL
#define FUZZ_HV_PHYS  0x3a000000UL
#define FUZZ_HV_SIZE  0x00180000UL
#define FUZZ_SUBPAGE  0xfed40100UL
#define FUZZ_IOAPIC   0xfec00000UL
#define FUZZ_MMCONFIG 0xb0000000UL
/* A link with one end in the root cell */
#define FUZZ_LINK     0x0020
#define FUZZ_SHMEM    0x3fe80000UL
#define FUZZ_PEERS    3
#define FUZZ_VECTORS  4

/* Ends the program, which saves the input. */
#define require(condition)                                                            \
	do {                                                                          \
		if (!(condition))                                                     \
			fuzz_failed(__FILE__, __LINE__, #condition);                  \
	} while (0)
void fuzz_failed(const char *file, int line, const char *condition) __attribute__((noreturn));

/* What is left of an input; behind its end are zeros. */
struct input {
	const u8 *data;
	size_t left;
};

/* The next bytes as a number, the lowest first. */
static inline u64 take(struct input *in, unsigned int bytes)
{
	u64 value = 0;

	for (unsigned int n = 0; n < bytes && in->left > 0; n++, in->left--)
		value |= (u64)*in->data++ << 8 * n;
	return value;
}

struct fuzz_machine {
	struct hosted_machine *hw;
	struct machine *m;
	/* with no cell but the root */
	unsigned long pool_used;
	u64 root_hash;
	unsigned int root_windows;
	bool broken; /* a CPU of the root cell has failed: good for this input only */
};

/* The machine, running; the same one again unless something has broken it. */
struct fuzz_machine *fuzz_start(void);
/* Back to the root cell alone, which must look as at the start. */
void fuzz_end(struct fuzz_machine *f);
/* As Linux does after a cell's end: each CPU is its own again, and takes jobs. */
void fuzz_bring_back_cpus(struct fuzz_machine *f);
/* Enters the hypervisor again after a disable. */
void fuzz_enable(struct fuzz_machine *f);

/* The device of peer `id`, with its regions added to the configuration. */
struct config;
struct jailhouse_pci_device fuzz_link(struct config *config, unsigned int id);

/* What holds after every request. */
void fuzz_check(const struct fuzz_machine *f);
/* Of what the root cell sees. */
u64 fuzz_root_hash(const struct fuzz_machine *f);

/* A management request on CPU 0, to its end if it asks to be repeated. */
long fuzz_manage(struct fuzz_machine *f, unsigned long code, unsigned long arg);
/* Writes into a communication region as the cell could. */
void fuzz_set_word(struct cell *cell, unsigned long offset, u32 value);

#endif /* !HOSTED_FUZZ_H */
