/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * ARMv7 part of <jailhouse/hypercall.h>.
 *
 * HVC with the immediate JAILHOUSE_HVC_CODE; the code goes in r0, arguments in r1 and r2, the
 * result comes back in r0. The caller takes r1 to r3 as destroyed.
 */
#ifndef JAILHOUSE_HYPERCALL_H
/* The generic part comes first; it includes this file again. */
#include <jailhouse/hypercall.h>
#elif !defined(JAILHOUSE_ASM_HYPERCALL_H)
#define JAILHOUSE_ASM_HYPERCALL_H

/* Immediate of the HVC instruction */
#define JAILHOUSE_HVC_CODE                     0x4a48

/* Counters besides the generic ones */
#define JAILHOUSE_CPU_STAT_VMEXITS_MAINTENANCE JAILHOUSE_GENERIC_CPU_STATS
#define JAILHOUSE_CPU_STAT_VMEXITS_VIRQ        (JAILHOUSE_GENERIC_CPU_STATS + 1)
#define JAILHOUSE_CPU_STAT_VMEXITS_VSGI        (JAILHOUSE_GENERIC_CPU_STATS + 2)
#define JAILHOUSE_CPU_STAT_VMEXITS_PSCI        (JAILHOUSE_GENERIC_CPU_STATS + 3)
#define JAILHOUSE_CPU_STAT_VMEXITS_SMCCC       (JAILHOUSE_GENERIC_CPU_STATS + 4)
#define JAILHOUSE_CPU_STAT_VMEXITS_CP15        (JAILHOUSE_GENERIC_CPU_STATS + 5)
#define JAILHOUSE_NUM_CPU_STATS                (JAILHOUSE_GENERIC_CPU_STATS + 6)

/**
 * struct jailhouse_comm_region - page that the hypervisor shares with a cell
 * @gic_version: 2 or 3
 * @padding: 0
 * @gicd_base: address of the GIC distributor
 * @gicc_base: GICv2: address of the CPU interface
 * @gicr_base: GICv3: address of the first redistributor
 * @vpci_irq_base: SPI number (interrupt ID minus 32) of INTA of the cell's virtual PCI host
 *
 * The other members are described at COMM_REGION_GENERIC_HEADER.
 */
struct jailhouse_comm_region {
	COMM_REGION_GENERIC_HEADER;
	__u8 gic_version;
	__u8 padding[7];
	__u64 gicd_base;
	__u64 gicc_base;
	__u64 gicr_base;
	__u32 vpci_irq_base;
} JAILHOUSE_PACKED;

JAILHOUSE_ASSERT_SIZE(struct jailhouse_comm_region, 100);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_comm_region, gic_version, 64);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_comm_region, padding, 65);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_comm_region, gicd_base, 72);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_comm_region, gicc_base, 80);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_comm_region, gicr_base, 88);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_comm_region, vpci_irq_base, 96);

/* Argument and result of a hypercall */
typedef __u32 __jh_arg;

/* The instruction, with JAILHOUSE_HVC_CODE; an asm template can't take the macro. */
#define JAILHOUSE_HVC                          ".arch_extension virt\n\thvc #0x4a48"

/**
 * jailhouse_call_arg2() - hypercall with two arguments
 * @num: JAILHOUSE_HC_*
 * @arg1: first argument
 * @arg2: second argument
 *
 * Return: a value, or a negative error number as seen by a cast to a signed type
 */
JAILHOUSE_INLINE __jh_arg jailhouse_call_arg2(__jh_arg num, __jh_arg arg1, __jh_arg arg2)
{
	register __jh_arg num_result __asm__("r0") = num;
	register __jh_arg reg1 __asm__("r1") = arg1;
	register __jh_arg reg2 __asm__("r2") = arg2;

	__asm__ __volatile__(JAILHOUSE_HVC
			     : "+r"(num_result), "+r"(reg1), "+r"(reg2)
			     :
			     : "r3", "memory");
	return num_result;
}

/* Hypercall with one argument */
JAILHOUSE_INLINE __jh_arg jailhouse_call_arg1(__jh_arg num, __jh_arg arg1)
{
	register __jh_arg num_result __asm__("r0") = num;
	register __jh_arg reg1 __asm__("r1") = arg1;

	__asm__ __volatile__(JAILHOUSE_HVC : "+r"(num_result), "+r"(reg1) : : "r2", "r3", "memory");
	return num_result;
}

/* Hypercall without arguments */
JAILHOUSE_INLINE __jh_arg jailhouse_call(__jh_arg num)
{
	register __jh_arg num_result __asm__("r0") = num;

	__asm__ __volatile__(JAILHOUSE_HVC : "+r"(num_result) : : "r1", "r2", "r3", "memory");
	return num_result;
}

/**
 * jailhouse_send_msg_to_cell() - hand a message to a cell (hypervisor side)
 * @comm_region: communication region of the cell
 * @msg: JAILHOUSE_MSG_* to the cell
 */
JAILHOUSE_INLINE void jailhouse_send_msg_to_cell(struct jailhouse_comm_region *comm_region,
						 __u32 msg)
{
	comm_region->reply_from_cell = JAILHOUSE_MSG_NONE;
	/* The old answer must be gone before the cell can see the message. */
	__asm__ __volatile__("dmb ishst" : : : "memory");
	comm_region->msg_to_cell = msg;
}

/**
 * jailhouse_send_reply_from_cell() - answer a message (cell side)
 * @comm_region: communication region of the cell
 * @reply: JAILHOUSE_MSG_* from the cell
 */
JAILHOUSE_INLINE void jailhouse_send_reply_from_cell(struct jailhouse_comm_region *comm_region,
						     __u32 reply)
{
	comm_region->msg_to_cell = JAILHOUSE_MSG_NONE;
	/* The message must be gone before the answer arrives: the next one may follow. */
	__asm__ __volatile__("dmb ishst" : : : "memory");
	comm_region->reply_from_cell = reply;
}

#endif /* !JAILHOUSE_ASM_HYPERCALL_H */
