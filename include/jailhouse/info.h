/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The info page: what the hypervisor tells the driver without being called.
 *
 * It lies at jailhouse_image_header.info_page and stays mapped read-only into the root cell while the hypervisor runs.
 * After a failed enable and after disable the driver reads it from the memory of the image. Each part has one writer at
 * a time; a reader that needs a consistent copy checks the part's sequence number before and after (odd: being
 * written).
 */
#ifndef JAILHOUSE_INFO_H
#define JAILHOUSE_INFO_H

#include <jailhouse/types.h>
#include <jailhouse/reason.h>

#define JAILHOUSE_INFO_SIGNATURE "LIBJHINF" /* 8 characters, no terminator */

/* info.isolation: what the hypervisor cannot keep apart on this machine */
#define JAILHOUSE_ISOLATION_NO_DMA	 0x1 /* no IOMMU is driven: devices of a cell reach all memory */
#define JAILHOUSE_ISOLATION_NO_MSI_REMAP 0x2 /* devices can write any interrupt message */

/* info.progress_phase */
#define JAILHOUSE_PHASE_IDLE  0
#define JAILHOUSE_PHASE_VOTE  1 /* waiting for the answer of a cell */
#define JAILHOUSE_PHASE_SCRUB 2 /* zeroing memory */

/* learned[].kind: accesses of the root cell that the configuration does not allow (learning mode) */
#define JAILHOUSE_LEARNED_MEM 1 /* address: guest physical */
#define JAILHOUSE_LEARNED_PIO 2 /* address: port */
#define JAILHOUSE_LEARNED_MSR 3 /* address: MSR number */
#define JAILHOUSE_LEARNED_PCI 4 /* address: bdf << 12 | register */

struct jailhouse_learned {
	__u32 kind;
	__u16 size;	/* bytes of the access, 0 if unknown */
	__u16 write;	/* 1: written at least once, 2: read at least once, 3: both */
	__u64 address;
	__u64 count;
};
JAILHOUSE_ASSERT_SIZE(struct jailhouse_learned, 24);

#define JAILHOUSE_NUM_LEARNED 96

struct jailhouse_info {
	char signature[8] JAILHOUSE_NONSTRING;
	__u32 abi;		/* JAILHOUSE_IMAGE_ABI */
	__u32 event_seq; /* counts each change that a waiter may want to see: states, failures, end
			    of progress */
	__u32 reason_seq;	/* sequence of `reason` */
	__u32 isolation;	/* JAILHOUSE_ISOLATION_... */
	struct jailhouse_reason reason; /* of the last refused request */
	/* progress of the management request under way */
	__u32 progress_phase;	/* JAILHOUSE_PHASE_... */
	__u32 progress_cell;	/* id */
	__u64 progress_done;	/* bytes zeroed */
	__u64 progress_total;	/* bytes to zero */
	/* time that the other CPUs of the root cell were stopped by a management request, in ticks of tsc_khz */
	__u64 stop_last;	/* the last one, also if it was refused; 0: it did not stop them */
	__u64 stop_max;		/* of all since enable */
	__u32 tsc_khz;
	__u32 num_records;	/* failure records, one per CPU id below it */
	__u64 records;		/* offset of the first record from the start of the image */
	__u64 record_stride;	/* bytes from one record to the next */
	/* dropped things, for diagnosis */
	__u64 dropped_nmis;	/* NMI IPIs between guests */
	__u64 dropped_pci_writes; /* of the root cell, to functions that are not listed */
	__u64 denied_msrs;	/* accesses answered with #GP */
	__u64 suppressed_lines;	/* console lines of cells beyond the rate limit */
	__u32 learned_total;	/* distinct accesses seen, also beyond the table */
	__u32 learned_count;	/* valid entries of learned[] */
	struct jailhouse_learned learned[JAILHOUSE_NUM_LEARNED];
};

/* struct jailhouse_cpu_record.kind */
#define JAILHOUSE_RECORD_NONE	   0
#define JAILHOUSE_RECORD_VIOLATION 1 /* the guest did what it may not: CPU parked */
#define JAILHOUSE_RECORD_PANIC	   2 /* the hypervisor failed on this CPU: CPU stopped for good */

/* Indices into regs[] on x86 */
#define JAILHOUSE_REG_X86_RAX	 0 /* then RBX RCX RDX RSI RDI RBP RSP R8..R15 */
#define JAILHOUSE_REG_X86_RIP	 16
#define JAILHOUSE_REG_X86_RFLAGS 17
#define JAILHOUSE_REG_X86_CR0	 18
#define JAILHOUSE_REG_X86_CR2	 19
#define JAILHOUSE_REG_X86_CR3	 20
#define JAILHOUSE_REG_X86_CR4	 21
#define JAILHOUSE_REG_X86_EFER	 22
#define JAILHOUSE_REG_X86_CS	 23 /* selector | attributes << 16 */
#define JAILHOUSE_REG_X86_CSBASE 24

/* Indices into regs[] on ARM64 */
#define JAILHOUSE_REG_ARM64_X0	   0 /* then X1 to X30 */
#define JAILHOUSE_REG_ARM64_SP	   31
#define JAILHOUSE_REG_ARM64_PC	   32
#define JAILHOUSE_REG_ARM64_PSTATE 33
#define JAILHOUSE_REG_ARM64_ESR	   34 /* ESR_EL2: why it stopped */
#define JAILHOUSE_REG_ARM64_FAR	   35

/* Indices into regs[] on ARMv7 */
#define JAILHOUSE_REG_ARM_R0	0 /* then R1 to R14, of the mode that it was in */
#define JAILHOUSE_REG_ARM_PC	15
#define JAILHOUSE_REG_ARM_CPSR	16
#define JAILHOUSE_REG_ARM_HSR	17 /* why it stopped */
#define JAILHOUSE_REG_ARM_HDFAR 18

#define JAILHOUSE_NUM_REGS 36

/*
 * Why a CPU stopped; kept until the CPU is started again or changes its cell.
 */
struct jailhouse_cpu_record {
	__u32 seq;	/* odd while being written; 0: never written */
	__u32 kind;	/* JAILHOUSE_RECORD_... */
	__u32 cpu;	/* logical CPU id */
	__u32 cell;	/* id of the cell it ran */
	struct jailhouse_reason reason;
	__u64 address;	/* faulting guest-physical address, port or MSR, as the reason says */
	__u32 insn_len; /* valid bytes of insn[], 0: could not be read */
	__u32 num_regs; /* valid entries of regs[] */
	__u8 insn[16];
	__u64 regs[JAILHOUSE_NUM_REGS];
};
JAILHOUSE_ASSERT_SIZE(struct jailhouse_cpu_record, 384);

#endif /* !JAILHOUSE_INFO_H */
