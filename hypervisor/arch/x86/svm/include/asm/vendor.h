/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* SVM's part of CPU and cell. VMX has a header of the same name; the include path chooses. */
#ifndef ASM_VENDOR_H
#define ASM_VENDOR_H

#include <jailhouse/types.h>

struct vmcb;

struct vendor_percpu {
	struct vmcb *vmcb;	/* the guest's control block, one page */
	u64 vmcb_phys;
	u64 host_vmcb_phys;	/* VMSAVE area of the hypervisor: FS, GS, TR, LDTR, MSRs of system calls */
	bool in_nmi;		/* the guest handles an NMI that was injected, IRET is intercepted */
	bool flush_by_asid;	/* CPUID 0x8000000a EDX bit 6 */
	u64 saved_vm_cr, saved_hsave; /* of Linux */
	u64 efer_mask;		/* EFER bits that this CPU has */
};

struct vendor_cell {
	u8 *msr_bitmap;		/* MSR permission map, 2 pages, shared by cells of one kind */
};

#endif /* !ASM_VENDOR_H */
