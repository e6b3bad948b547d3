/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What guest-bench has to know of the architecture; each has a file guest-bench-ARCH.c. */
#ifndef TESTS_BENCH_GUEST_BENCH_H
#define TESTS_BENCH_GUEST_BENCH_H

#include <stdbool.h>
#include <stdint.h>

#include <jailhouse/cell-config.h>

#define EXIT_SAMPLES     2000 /* of exit-bench, for each operation */
#define BENCH_OPERATIONS 4

struct bench_arch {
	const char *cell_4m;     /* configuration: RAM of 1 + 3 MiB, does not ask to be asked */
	const char *trace_clock; /* of the kernel's tracer: one that counts instructions; NULL: not traced */
	bool has_direct_idle;    /* cells may be allowed to idle without an exit; and the root cell
				    always does */
	/* Puts in what is known of this machine, as measuring it would leave an error in each
	 * jitter. */
	void (*adjust_system)(struct jailhouse_system *config);
	/* What exit-bench must have counted at least; ends with a NULL or is full. */
	struct {
		const char *counter;
		unsigned int least;
	} operations[BENCH_OPERATIONS];
};

extern const struct bench_arch bench_arch;

/* ---- guest-bench.c ---- */

void figure(const char *name, double value);
/* Returns the seconds that the call took. */
double enable(void);
/* An exit counter of a cell */
uint64_t exits(uint32_t id, const char *name);

/* ---- guest-bench-irqs.c: test cases ---- */

void threaded_interrupts(void **state);

/* ---- guest-bench-links.c: test cases, and what is around all of them ---- */

int setup_links(void **state);
int teardown_links(void **state);
void doorbells(void **state);
void messages_between_two_that_are_awake(void **state);

#endif /* !TESTS_BENCH_GUEST_BENCH_H */
