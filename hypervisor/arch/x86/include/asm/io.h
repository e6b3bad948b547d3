/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Access to ports and device registers by functions, so that host tests can put a model in their
 * place. */
#ifndef ASM_IO_H
#define ASM_IO_H

#include <hypervisor/base.h>

/* size: 1, 2 or 4 bytes */
u32 io_in(u16 port, unsigned int size);
void io_out(u16 port, unsigned int size, u32 value);
u32 reg_read(const void *address, unsigned int size);
void reg_write(void *address, unsigned int size, u32 value);

#endif /* !ASM_IO_H */
