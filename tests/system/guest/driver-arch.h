/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the tests of the driver's own interface have to know of the architecture; a file driver-arch-*.c each. */
#ifndef TESTS_SYSTEM_DRIVER_ARCH_H
#define TESTS_SYSTEM_DRIVER_ARCH_H

#include <stddef.h>
#include <stdint.h>

#include <jailhouse/cell-config.h>
#include <jailhouse/info.h>

/* Instructions, as an image or a cell gets them */
struct test_code {
	const void *data;
	size_t size;
};

struct test_values {
	const uint64_t *value;
	size_t count;
};

struct test_arch {
	uint16_t number, other_number; /* JAILHOUSE_X86, ...: this one, and one that is wrong */
	const char *image;	       /* file of the hypervisor */
	uint64_t features;	       /* JAILHOUSE_IMAGE_...: what it has to have here */
	struct test_values wrong_features;
	uint64_t link_base;
	struct test_values wrong_link_bases;

	struct test_code refuse; /* of an image: returns TEST_IMAGE_ERROR from the entry */
	uint64_t refuse_marks;	 /* what it has made of the reason's first argument on four CPUs */
	int boot_cpu_stays;	 /* with the root cell: nothing can start it */
	int may_stay_offline;	 /* a CPU that Linux has switched off is in the hands of firmware */
	/* Of a cell. The last byte of each is never reached. */
	struct test_code idle;
	struct test_code locked;    /* says so in the communication region at 0x1000, then as idle */
	struct test_code violation; /* stores to what it does not have */
	struct test_code violation_of_one; /* of two CPUs that start one does that; load it anew for the next life */

	/* The record of that violation: reason, its argument 1, register with the address of the instruction */
	unsigned int violation_reason;
	uint64_t violation_address;
	unsigned int pc_register;
	uint64_t violation_pc;

	/* What the root cell does not have: access it; kind and place of the entry that learning makes of it */
	void (*stray_read)(void);
	void (*stray_write)(void);
	unsigned int stray_kind;
	uint64_t stray_read_address, stray_write_address;

	/* Copies what the driver fills in by itself before it passes the configuration on. */
	void (*copy_filled_in)(struct jailhouse_system *to, const struct jailhouse_system *from);
};

extern const struct test_arch test_arch;

/* What the guest of a simulated machine stores to in a violation; see guest-sim.c. */
#define TEST_SIM_NOWHERE 0x7f0012345678ULL

#endif /* !TESTS_SYSTEM_DRIVER_ARCH_H */
