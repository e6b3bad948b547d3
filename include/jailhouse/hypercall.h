/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What software in a cell, and the driver in the root cell, say to the hypervisor: hypercalls, and
 * the communication region with its messages.
 *
 * The part of the architecture comes from <asm/jailhouse_hypercall.h>. It is found without help in
 * the source tree (-Iinclude) and when installed (<prefix>/include). Code that includes it by that
 * name adds include/arch/ARCH, installed <prefix>/include/jailhouse/arch/ARCH, to its include path;
 * ARCH is x86, arm or arm64.
 */
#ifndef JAILHOUSE_HYPERCALL_H
#define JAILHOUSE_HYPERCALL_H

#include <jailhouse/types.h>
#include <jailhouse/console.h>

/*
 * Hypercalls. The result is a negative Linux error number or a value that is not negative.
 * "Root" means that other cells get -EPERM. Codes 1 to 4 may give -EAGAIN: the hypervisor goes on
 * working, and the caller repeats the call with the same arguments after a while.
 */
#define JAILHOUSE_HC_DISABLE             0 /* root, on each of its CPUs */
#define JAILHOUSE_HC_CELL_CREATE         1 /* root; physical address of the configuration */
#define JAILHOUSE_HC_CELL_START          2 /* root; cell ID */
#define JAILHOUSE_HC_CELL_SET_LOADABLE   3 /* root; cell ID */
#define JAILHOUSE_HC_CELL_DESTROY        4 /* root; cell ID */
#define JAILHOUSE_HC_HYPERVISOR_GET_INFO 5 /* JAILHOUSE_INFO_* */
#define JAILHOUSE_HC_CELL_GET_STATE      6 /* root; cell ID */
#define JAILHOUSE_HC_CPU_GET_INFO        7 /* logical CPU of the cell, JAILHOUSE_CPU_INFO_* */
#define JAILHOUSE_HC_DEBUG_CONSOLE_PUTC  8 /* character; the cell needs the permission */

/* Argument of JAILHOUSE_HC_HYPERVISOR_GET_INFO; sizes are in pages of 4 KiB */
#define JAILHOUSE_INFO_MEM_POOL_SIZE   0
#define JAILHOUSE_INFO_MEM_POOL_USED   1
#define JAILHOUSE_INFO_REMAP_POOL_SIZE 2
#define JAILHOUSE_INFO_REMAP_POOL_USED 3
#define JAILHOUSE_INFO_NUM_CELLS       4 /* with the root cell */

/* Second argument of JAILHOUSE_HC_CPU_GET_INFO; a counter is added to the base */
#define JAILHOUSE_CPU_INFO_STATE     0
#define JAILHOUSE_CPU_INFO_STAT_BASE 1000

/* JAILHOUSE_CPU_INFO_STATE */
#define JAILHOUSE_CPU_RUNNING 0 /* also when halted or switched off */
#define JAILHOUSE_CPU_FAILED  2 /* stopped after a violation */

/* Counters of exits, since the CPU came to its cell. The architecture adds its own. */
#define JAILHOUSE_CPU_STAT_VMEXITS_TOTAL      0
#define JAILHOUSE_CPU_STAT_VMEXITS_MMIO       1
#define JAILHOUSE_CPU_STAT_VMEXITS_MANAGEMENT 2
#define JAILHOUSE_CPU_STAT_VMEXITS_HYPERCALL  3
#define JAILHOUSE_GENERIC_CPU_STATS           4

/* jailhouse_comm_region.msg_to_cell and .reply_from_cell: nothing there */
#define JAILHOUSE_MSG_NONE 0

/* jailhouse_comm_region.msg_to_cell */
#define JAILHOUSE_MSG_SHUTDOWN_REQUEST   1 /* to be approved or denied */
#define JAILHOUSE_MSG_RECONFIG_COMPLETED 2 /* information; another cell came or went */

/* jailhouse_comm_region.reply_from_cell */
#define JAILHOUSE_MSG_UNKNOWN          1
#define JAILHOUSE_MSG_REQUEST_DENIED   2
#define JAILHOUSE_MSG_REQUEST_APPROVED 3
#define JAILHOUSE_MSG_RECEIVED         4

/* jailhouse_comm_region.cell_state. In the last three the cell is not asked any more. */
#define JAILHOUSE_CELL_RUNNING         0
#define JAILHOUSE_CELL_RUNNING_LOCKED  1 /* no cell may be created or destroyed now */
#define JAILHOUSE_CELL_SHUT_DOWN       2
#define JAILHOUSE_CELL_FAILED          3
#define JAILHOUSE_CELL_FAILED_COMM_REV 4 /* the cell can't work with this revision */

/* jailhouse_comm_region.flags */
#define JAILHOUSE_COMM_FLAG_DBG_PUTC_PERMITTED 0x0001
#define JAILHOUSE_COMM_FLAG_DBG_PUTC_ACTIVE    0x0002

#define JAILHOUSE_COMM_HAS_DBG_PUTC_PERMITTED(flags) \
	(!!(JAILHOUSE_COMM_FLAG_DBG_PUTC_PERMITTED & (flags)))
#define JAILHOUSE_COMM_HAS_DBG_PUTC_ACTIVE(flags) \
	(!!(JAILHOUSE_COMM_FLAG_DBG_PUTC_ACTIVE & (flags)))

/* jailhouse_comm_region.revision and .signature (stored without the NUL) */
#define COMM_REGION_ABI_REVISION 2
#define COMM_REGION_MAGIC        "JHCOMM"

/**
 * COMM_REGION_GENERIC_HEADER - first members of struct jailhouse_comm_region
 *
 * signature, revision: COMM_REGION_MAGIC, COMM_REGION_ABI_REVISION; a guest checks both.
 * cell_state: JAILHOUSE_CELL_*; the cell sets RUNNING_LOCKED, SHUT_DOWN and the failures.
 * msg_to_cell: JAILHOUSE_MSG_*; the cell polls it, no interrupt is raised.
 * reply_from_cell: JAILHOUSE_MSG_*; answered by jailhouse_send_reply_from_cell().
 * flags: JAILHOUSE_COMM_FLAG_*.
 * console: as in the configuration of the cell.
 * pci_mmconfig_base: physical address of the PCI configuration window, 0 for none.
 */
#define COMM_REGION_GENERIC_HEADER             \
	char signature[6] JAILHOUSE_NONSTRING; \
	__u16 revision;                        \
	volatile __u32 cell_state;             \
	volatile __u32 msg_to_cell;            \
	volatile __u32 reply_from_cell;        \
	__u32 flags;                           \
	struct jailhouse_console console;      \
	__u64 pci_mmconfig_base

#if defined(__x86_64__) || defined(__i386__)
#include "arch/x86/asm/jailhouse_hypercall.h"
#elif defined(__aarch64__)
#include "arch/arm64/asm/jailhouse_hypercall.h"
#elif defined(__arm__)
#include "arch/arm/asm/jailhouse_hypercall.h"
#endif

#if defined(__x86_64__) || defined(__i386__) || defined(__aarch64__) || defined(__arm__)
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_comm_region, signature, 0);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_comm_region, revision, 6);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_comm_region, cell_state, 8);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_comm_region, msg_to_cell, 12);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_comm_region, reply_from_cell, 16);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_comm_region, flags, 20);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_comm_region, console, 24);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_comm_region, pci_mmconfig_base, 56);
#endif

#endif /* !JAILHOUSE_HYPERCALL_H */
