/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Between the page tables and the code that switches the MMU on. */
#ifndef INMATE_MEM_H
#define INMATE_MEM_H

/* Indices of memory types in MAIR */
#define MEM_ATTR_NORMAL 0
#define MEM_ATTR_DEVICE 1

/* Write-back, read- and write-allocate; device without gathering, reordering, early acknowledgement */
#define MEM_MAIR 0xff

#ifndef __ASSEMBLY__
#include <inmate.h>

extern u64 mem_root[];

/** mem_init() - map the inmate and the communication region. The MMU is still off. */
void mem_init(void);
#endif

#endif /* !INMATE_MEM_H */
