/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * x86 part of <jailhouse/hypercall.h>, for 32-bit and 64-bit code.
 *
 * The code goes in EAX, arguments in RDI and RSI (EDI and ESI in 32-bit code); the result comes
 * back in EAX. Only ring 0 may call.
 */
#ifndef JAILHOUSE_HYPERCALL_H
/* The generic part comes first; it includes this file again. */
#include <jailhouse/hypercall.h>
#elif !defined(JAILHOUSE_ASM_HYPERCALL_H)
#define JAILHOUSE_ASM_HYPERCALL_H

/*
 * CPUID: bit 31 of ECX in leaf 1 tells of a hypervisor, this leaf of which one: "Jailhouse\0\0\0"
 * in EBX, ECX, EDX.
 */
#define JAILHOUSE_CPUID_SIGNATURE                 0x40000000
/* CPUID leaf of features; none are defined */
#define JAILHOUSE_CPUID_FEATURES                  0x40000001

/* Counters besides the generic ones */
#define JAILHOUSE_CPU_STAT_VMEXITS_PIO            JAILHOUSE_GENERIC_CPU_STATS
#define JAILHOUSE_CPU_STAT_VMEXITS_XAPIC          (JAILHOUSE_GENERIC_CPU_STATS + 1)
#define JAILHOUSE_CPU_STAT_VMEXITS_CR             (JAILHOUSE_GENERIC_CPU_STATS + 2)
#define JAILHOUSE_CPU_STAT_VMEXITS_CPUID          (JAILHOUSE_GENERIC_CPU_STATS + 3)
#define JAILHOUSE_CPU_STAT_VMEXITS_XSETBV         (JAILHOUSE_GENERIC_CPU_STATS + 4)
#define JAILHOUSE_CPU_STAT_VMEXITS_EXCEPTION      (JAILHOUSE_GENERIC_CPU_STATS + 5)
#define JAILHOUSE_CPU_STAT_VMEXITS_MSR_OTHER      (JAILHOUSE_GENERIC_CPU_STATS + 6)
#define JAILHOUSE_CPU_STAT_VMEXITS_MSR_X2APIC_ICR (JAILHOUSE_GENERIC_CPU_STATS + 7)
#define JAILHOUSE_NUM_CPU_STATS                   (JAILHOUSE_GENERIC_CPU_STATS + 8)

/**
 * struct jailhouse_comm_region - page that the hypervisor shares with a cell
 * @pm_timer_address: port of the ACPI PM timer, 0 for none
 * @num_cpus: CPUs of the cell
 * @tsc_khz: frequency of the TSC, 0 if not known
 * @apic_khz: input frequency of the APIC timer, 0 if not known
 *
 * The other members are described at COMM_REGION_GENERIC_HEADER.
 */
struct jailhouse_comm_region {
	COMM_REGION_GENERIC_HEADER;
	__u16 pm_timer_address;
	__u16 num_cpus;
	__u32 tsc_khz;
	__u32 apic_khz;
} JAILHOUSE_PACKED;

JAILHOUSE_ASSERT_SIZE(struct jailhouse_comm_region, 76);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_comm_region, pm_timer_address, 64);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_comm_region, num_cpus, 66);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_comm_region, tsc_khz, 68);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_comm_region, apic_khz, 72);

/*
 * Defined and set by the program that makes hypercalls: VMCALL (Intel) or VMMCALL (AMD). The wrong
 * one is an undefined instruction.
 */
__extension__ extern bool jailhouse_use_vmcall;

/**
 * jailhouse_call_arg2() - hypercall with two arguments
 * @num: JAILHOUSE_HC_*
 * @arg1: first argument
 * @arg2: second argument
 *
 * Return: a value, or a negative error number as seen by a cast to int
 */
JAILHOUSE_INLINE __u32 jailhouse_call_arg2(__u32 num, unsigned long arg1, unsigned long arg2)
{
	__u32 result;

	if (jailhouse_use_vmcall)
		__asm__ __volatile__("vmcall"
				     : "=a"(result)
				     : "a"(num), "D"(arg1), "S"(arg2)
				     : "memory");
	else
		__asm__ __volatile__("vmmcall"
				     : "=a"(result)
				     : "a"(num), "D"(arg1), "S"(arg2)
				     : "memory");
	return result;
}

/* Hypercall with one argument */
JAILHOUSE_INLINE __u32 jailhouse_call_arg1(__u32 num, unsigned long arg1)
{
	__u32 result;

	if (jailhouse_use_vmcall)
		__asm__ __volatile__("vmcall" : "=a"(result) : "a"(num), "D"(arg1) : "memory");
	else
		__asm__ __volatile__("vmmcall" : "=a"(result) : "a"(num), "D"(arg1) : "memory");
	return result;
}

/* Hypercall without arguments */
JAILHOUSE_INLINE __u32 jailhouse_call(__u32 num)
{
	__u32 result;

	if (jailhouse_use_vmcall)
		__asm__ __volatile__("vmcall" : "=a"(result) : "a"(num) : "memory");
	else
		__asm__ __volatile__("vmmcall" : "=a"(result) : "a"(num) : "memory");
	return result;
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
	__asm__ __volatile__("mfence" : : : "memory");
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
	__asm__ __volatile__("mfence" : : : "memory");
	comm_region->reply_from_cell = reply;
}

#endif /* !JAILHOUSE_ASM_HYPERCALL_H */
