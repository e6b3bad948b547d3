/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the header of this image says. */
#ifndef ASM_IMAGE_H
#define ASM_IMAGE_H

#include <asm/area.h>

#define IMAGE_ARCHITECTURE JAILHOUSE_ARM
#define IMAGE_FEATURES	   0

#endif /* !ASM_IMAGE_H */
