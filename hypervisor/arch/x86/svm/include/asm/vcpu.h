/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* SVM's part of asm/guest.h that is short enough to be had without a call: all of it lies in the control block. */
#ifndef ASM_VCPU_H
#define ASM_VCPU_H

#include <asm/vmcb.h>

static inline struct vmcb *vmcb_of(const struct percpu *cpu)
{
	return cpu->arch.vendor.vmcb;
}

#define VCPU_FIELD(name)                                      \
	static inline u64 vcpu_##name(const struct percpu *cpu) \
	{                                                       \
		return vmcb_of(cpu)->name;                      \
	}
VCPU_FIELD(rip)
VCPU_FIELD(rsp)
VCPU_FIELD(rflags)
VCPU_FIELD(cr0)
VCPU_FIELD(cr3)
VCPU_FIELD(cr4)
VCPU_FIELD(efer)

static inline void vcpu_set_rip(struct percpu *cpu, u64 rip)
{
	vmcb_of(cpu)->rip = rip;
	vmcb_of(cpu)->interrupt_shadow = 0;
}

static inline void vcpu_segment(const struct percpu *cpu, enum guest_segment_id id, struct guest_segment *segment)
{
	const struct vmcb_segment *from = &(&vmcb_of(cpu)->es)[id];

	segment->base = from->base;
	segment->limit = from->limit;
	segment->selector = from->selector;
	segment->rights = from->attrib;
}

static inline bool in_64bit_code(const struct vmcb *vmcb)
{
	return (vmcb->efer & X86_EFER_LMA) && (vmcb->cs.attrib & SEGMENT_LONG);
}

static inline void vmcb_skip(struct vmcb *vmcb, unsigned int length)
{
	vmcb->rip += length;
	if (unlikely(!in_64bit_code(vmcb)))
		vmcb->rip &= 0xffffffff;
	vmcb->interrupt_shadow = 0;
}

static inline void vcpu_skip(struct percpu *cpu, unsigned int length)
{
	vmcb_skip(vmcb_of(cpu), length);
}

/*
 * A kick that was taken outside of its exit. What it was sent for is looked at before the guest runs again, but the
 * next one must send its NMI. If none has come, one may still be on its way: its exit must know that it is no NMI of
 * the platform.
 */
static inline void svm_forget_taken_kick(struct percpu *cpu)
{
	if (cpu->arch.nmi_taken)
		__atomic_store_n(&cpu->arch.kick_pending, 0, __ATOMIC_SEQ_CST);
	cpu->arch.nmi_taken = false;
}

#endif /* !ASM_VCPU_H */
