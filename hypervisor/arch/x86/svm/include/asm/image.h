/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the header of this image says. */
#ifndef ASM_IMAGE_H
#define ASM_IMAGE_H

#include <asm/area.h>

#define IMAGE_ARCHITECTURE JAILHOUSE_X86
#define IMAGE_FEATURES	   JAILHOUSE_IMAGE_SVM

#endif /* !ASM_IMAGE_H */
