/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef ASM_PAGING_H
#define ASM_PAGING_H

#include <hypervisor/paging.h>

/* The hypervisor's own tables, and the nested tables of AMD (APM vol. 2, 5.3 and 15.25); 4 and 5 levels. */
extern const struct paging_format x86_host_format[2];
extern const struct paging_format x86_nested_format[2];

#endif /* !ASM_PAGING_H */
