/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The architecture's part of machine, CPU and cell on the host: links to the simulated hardware. */
#ifndef ASM_MACHINE_H
#define ASM_MACHINE_H

#include <hypervisor/base.h>

struct hosted_machine;
struct hosted_cpu;

struct arch_machine {
	struct hosted_machine *hw;
};

struct arch_percpu {
	struct hosted_cpu *hw;
};

struct arch_cell {
	u32 starts; /* how often a CPU began at the reset address; atomic */
};

#endif /* !ASM_MACHINE_H */
