/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Layout of a CPU's area and of the hypervisor's address space at EL2; shared with assembly. */
#ifndef ASM_AREA_H
#define ASM_AREA_H

#define IMAGE_FORMAT	"elf64-littleaarch64"
#define IMAGE_WITHOUT_DATA
#define LINK_BASE	0x800000000000 /* entry 256 of the first level: no RAM has such addresses */
#define TEMP_BASE	0x804000000000 /* windows of arch_map_temp */
#define REMAP_BASE	0x806000000000 /* device registers */
#define HOST_LEVELS	4

#define PERCPU_SIZE	0x5000
/* struct guest_frame, at the top of the stack */
#define FRAME_LINUX	256
#define FRAME_SHORT	408
#define FRAME_BRANCHES	440
#define GUEST_FRAME	448

/* Counters that the short exits of entry.S count in: offset of percpu.stats */
#define PERCPU_STATS	4136

/* What an FIQ leaves as syndrome: a class that the architecture does not have */
#define EXIT_FIQ	0xfc000000

/* Stage 1 of EL2: attributes 0 normal write-back, 1 device nGnRE. Source: DDI 0487, MAIR_EL2, TCR_EL2, SCTLR_EL2. */
#define MAIR_EL2_VALUE	0x04ff
#define TCR_EL2_VALUE	0x80803510 /* 48 bits, 4 KiB, write-back and inner shareable walks; RES1; without PS */
#define SCTLR_EL2_VALUE	0x30c5183d /* RES1, I, SA, C, M; not A, see meson.build */

#ifndef __ASSEMBLER__

#include <hypervisor/image.h>
#include <asm/short-exit.h>

struct guest_frame {
	struct guest_regs regs;
	struct linux_state linux_state;
	struct short_exit short_exit;
	u64 branches; /* what arm64_vectors_branches does: a number of branches, or the id of a call to the firmware */
};
JAILHOUSE_ASSERT_OFFSET(struct guest_frame, branches, FRAME_BRANCHES);
JAILHOUSE_ASSERT_OFFSET(struct guest_frame, short_exit, FRAME_SHORT);
JAILHOUSE_ASSERT_OFFSET(struct percpu, stats, PERCPU_STATS);
JAILHOUSE_ASSERT_SIZE(struct guest_frame, GUEST_FRAME);
JAILHOUSE_ASSERT_OFFSET(struct guest_frame, linux_state, FRAME_LINUX);

/* entry.S; and where it goes on if the instruction is undefined */
void arm64_firmware_call(u64 x[18]);
extern u8 arm64_firmware_absent[];
/* Vectors that first make the CPU forget the branches of the guest; see errata.c. */
extern u8 arm64_vectors_branches[];

#include <asm/percpu-area.h>

#endif /* !__ASSEMBLER__ */
#endif /* !ASM_AREA_H */
