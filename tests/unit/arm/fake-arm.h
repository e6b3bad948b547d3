/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A machine for unit tests of the ARM architectures: four CPUs, of which the cell has numbers 2 and 3. Registers are
 * data, the interrupt controller and firmware are models that write down in order what they were asked for. Memory,
 * page tables, requests to CPUs are the real ones.
 */
#ifndef FAKE_ARM_H
#define FAKE_ARM_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "../fake-core.h"
#include <asm/area.h>
#include <asm/exit.h>
#include <asm/gic.h>
#include <asm/guest.h>
#include <asm/paging.h>
#include <asm/sysregs.h>

#define FAKE_CPUS    4
#define FAKE_REGIONS 4
#define FAKE_POOL    64 /* pages */
#define POOL_PHYS    0x7c003000ULL /* no multiple of a root's size */
#define HV_PHYS	     0x7c000000ULL
#define CELL_MEMORY  0x70000000ULL /* what arch_map_temp() shows begins here */
#define CELL_PAGES   64
#define MPIDR(id)    ((id) < 2 ? (u64)(id) : 0x100000100ULL + (id))
#define SVE_ON	     0x22ffULL /* CPTR_EL2 as Linux leaves it: neither SVE nor SME trap */
#define STUB_ELR     0x40080000ULL

struct fake_config {
	struct jailhouse_cell_desc desc;
	u8 cpu_set[8];
	struct jailhouse_memory mem[FAKE_REGIONS];
} __attribute__((packed));

/* A line that was cleaned, by its address in guest memory */
#define MAX_CLEANED 8192

struct fake {
	FAKE_CORE_MEMBERS
	struct machine machine;
	struct percpu_area areas[FAKE_CPUS];
	struct el2 el2[FAKE_CPUS];
	unsigned int running; /* CPU id */
	struct cell cell;
	struct fake_config cell_config, root_config;
	struct jailhouse_system system;
	struct jailhouse_info info;
	struct jailhouse_image_header header;
	struct jailhouse_comm_region *comm;
	u8 *pool_memory, *cell_memory;

	bool no_trace;
	char trace[2048]; /* what was asked of hardware, in order, separated by blanks */
	void (*on_flush)(u64 vttbr); /* at a TLB flush on all CPUs */
	void (*on_wait)(struct percpu *cpu, bool guest_irqs);
	int gic_result; /* of cpu_init */

	u64 firmware[18]; /* of the last call */
	unsigned int firmware_calls;
	u64 firmware_results[18];
	bool (*on_firmware)(u64 x[18]); /* false: what stands above */
	unsigned long call[3]; /* of the last hypercall */
	long call_result;
	u32 gic_register; /* the one that the interrupt controller knows */
	u64 gic_value;
	bool gic_forbids; /* ... and does not allow */
	struct mmio_access access; /* the last one */
	enum mmio_result access_result;
	u64 access_value;
	bool unmapped;	  /* stage 1 of the guest */
	u64 stage1_page;
	unsigned int dsbs;
	const u8 *cleaned[MAX_CLEANED];
	unsigned int num_cleaned;
	jmp_buf out;
};

extern struct fake fake;

#define fake_cpu(id) (&fake.areas[id].cpu)
#define ROOT	     (&fake.machine.root)
#define CELL	     (&fake.cell)
#define ROOT_CPU     fake_cpu(0)
#define CELL_CPU     fake_cpu(2)
#define CELL_CPU2    fake_cpu(3)

/* For cmocka. The second one has stage 2 for 40 bits, and all CPUs run their guests. */
int fake_setup(void **state);
int fake_setup_guests(void **state);
int fake_teardown(void **state);

/* From now on that one runs. */
struct percpu *on(struct percpu *cpu);
/* Stage 2 for a PARange: all that is common, each CPU's root, and the tables of both cells. */
void fake_start(unsigned int pa_range);
void fake_set_region(struct fake_config *config, unsigned int n, u64 phys, u64 virt, u64 size, u64 flags);

/*
 * Stage 2 as hardware walks it, by VTTBR and VTCR alone. Source: Arm DDI 0487, D8.2 and D8.3. False: a fault.
 */
struct walk {
	u64 phys;
	unsigned int level; /* of the last entry: 1, 2, 3 */
	bool read, write, execute, device;
};
bool hardware_walk(u64 vttbr, u64 vtcr, u64 ipa, struct walk *walk);
/* By the registers of that CPU as they are. */
bool reaches(const struct percpu *cpu, u64 ipa, struct walk *walk);

/* Exactly this was asked for since the last time. */
#define assert_trace(text)                              \
	do {                                            \
		assert_string_equal(fake.trace, text);  \
		fake.trace[0] = 0;                      \
	} while (0)
/* The statement does not come back, but goes to WHERE: "linux", "guest", "stop", "panic". */
#define assert_leaves(statement, where)                        \
	do {                                                   \
		if (setjmp(fake.out) == 0) {                   \
			statement;                             \
			fail_msg("it has come back");          \
		}                                              \
		assert_non_null(strstr(fake.trace, where));    \
	} while (0)

#define FAKE_TEST(name)	  cmocka_unit_test_setup_teardown(name, fake_setup, fake_teardown)
#define GUEST_TEST(name)  cmocka_unit_test_setup_teardown(name, fake_setup_guests, fake_teardown)

#endif /* !FAKE_ARM_H */
