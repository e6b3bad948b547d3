/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The real ones, but for those that are instructions. */
#ifndef FAKE_HOST_REGS_H
#define FAKE_HOST_REGS_H

#define host_set_tables real_host_set_tables
#define host_flush_page real_host_flush_page
#define host_counter	real_host_counter
#define host_clean_line real_host_clean_line
#define guest_translate real_guest_translate
#include "../../../../hypervisor/arch/arm64/include/asm/host-regs.h"
#undef host_set_tables
#undef host_flush_page
#undef host_counter
#undef host_clean_line
#undef guest_translate

void host_set_tables(u64 root);
void host_flush_page(const void *virt);
u64 host_counter(void);
void host_clean_line(const void *line);
bool guest_translate(u64 virt, u64 *page);

#endif /* !FAKE_HOST_REGS_H */
