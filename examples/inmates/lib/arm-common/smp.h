/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Between the start of other CPUs and the code that they begin with. */
#ifndef INMATE_SMP_H
#define INMATE_SMP_H

#include <inmate.h>

/** struct smp_start - what a CPU begins with; read by the start code */
struct smp_start {
	void *stack_top;
	void (*entry)(void);
};

/** smp_entry - where the start code of another CPU begins; the context of PSCI is a struct smp_start */
extern char smp_entry[];

void smp_cpu_main(void (*entry)(void));

#endif /* !INMATE_SMP_H */
