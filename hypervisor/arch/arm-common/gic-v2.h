/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Between the two files of the GICv2: hardware, and what guests see of it. */
#ifndef GIC_V2_H
#define GIC_V2_H

#include "gic-internal.h"

int gicv2_add_windows(struct cell *cell);
void gicv2_remove_windows(struct cell *cell);
enum mmio_result gicv2_distributor(struct percpu *cpu, u32 reg, struct mmio_access *access);

#endif /* !GIC_V2_H */
