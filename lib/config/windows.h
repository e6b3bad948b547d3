/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Registers that the hypervisor keeps for itself. */
#ifndef LIB_CONFIG_WINDOWS_H
#define LIB_CONFIG_WINDOWS_H

#include <jailhouse/config.h>

enum jh_window_kind {
	JH_WINDOW_MMCONFIG,
	JH_WINDOW_IOMMU,
	JH_WINDOW_IRQCHIP,
};

struct jh_window {
	enum jh_window_kind kind;
	uint64_t base;
	uint64_t size;    /* never 0 */
	const char *what; /* "the GIC's distributor" */
};

/* Calls `window` for each of a system; for none of a cell. */
void jh_for_each_window(const struct jailhouse_config *config,
			void (*window)(void *user, const struct jh_window *window), void *user);

#endif /* !LIB_CONFIG_WINDOWS_H */
