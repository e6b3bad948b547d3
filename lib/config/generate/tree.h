/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Parts of a machine's device tree */
#ifndef LIB_CONFIG_GENERATE_TREE_H
#define LIB_CONFIG_GENERATE_TREE_H

#include "config/dt.h"
#include "config/generate/machine.h"

/* ---- tree-gic.c, tree-devices.c ---- */

/* The node is an interrupt controller, maybe ours. */
int jh_tree_gic(struct jailhouse_machine *machine, const struct jh_dt *dt);
/* The node is something else. */
int jh_tree_device(struct jailhouse_machine *machine, const struct jh_dt *dt);
bool jh_tree_is_gic(const struct jh_dt *dt);

#endif /* !LIB_CONFIG_GENERATE_TREE_H */
