/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Layout of a CPU's area and of the hypervisor's address space in Hyp mode; shared with assembly. */
#ifndef ASM_AREA_H
#define ASM_AREA_H

#define IMAGE_FORMAT	"elf32-littlearm"
#define IMAGE_WITHOUT_DATA
/* 3.5 GiB and up; the hypervisor memory, which is mapped identically at times, has to be below. */
#define LINK_BASE	0xe0000000
#define TEMP_BASE	0xe7000000 /* windows of arch_map_temp */
#define REMAP_BASE	0xe8000000 /* device registers, to the end */
#define HOST_LEVELS	3

#define PERCPU_SIZE	0x5000
/* struct guest_frame, at the top of the stack */
#define FRAME_LINUX	56
#define FRAME_SHORT	128
#define GUEST_FRAME	152

/* Counters that the short exits of entry.S count in: offset of percpu.stats */
#define PERCPU_STATS	4128

/* Stage 1 of Hyp mode: attributes 0 normal write-back, 1 device. Source: DDI 0406C, HMAIR0, HTCR, HSCTLR. */
#define HMAIR0_VALUE	0x04ff
#define HTCR_VALUE	0x80803500 /* 32 bits, write-back and inner shareable walks; RES1 */
#define HSCTLR_SET	0x00001005 /* I, C, M */
#define HSCTLR_CLEAR	0x42280002 /* TE, EE, FI, WXN, A: Arm code, little-endian */

#ifndef __ASSEMBLER__

#include <hypervisor/image.h>
#include <asm/short-exit.h>

struct guest_frame {
	struct guest_regs regs;
	struct linux_state linux_state;
	struct short_exit short_exit;
};
JAILHOUSE_ASSERT_OFFSET(struct guest_frame, short_exit, FRAME_SHORT);
JAILHOUSE_ASSERT_OFFSET(struct percpu, stats, PERCPU_STATS);
JAILHOUSE_ASSERT_SIZE(struct guest_frame, GUEST_FRAME);
JAILHOUSE_ASSERT_OFFSET(struct guest_frame, linux_state, FRAME_LINUX);

#include <asm/percpu-area.h>

#endif /* !__ASSEMBLER__ */
#endif /* !ASM_AREA_H */
