/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* State of the fake guest, see asm/guest.h: functions of fake.c, so that a test can bring its own. */
#ifndef ASM_VCPU_H
#define ASM_VCPU_H

u64 vcpu_rip(const struct percpu *cpu);
void vcpu_set_rip(struct percpu *cpu, u64 rip);
u64 vcpu_rsp(const struct percpu *cpu);
u64 vcpu_rflags(const struct percpu *cpu);
u64 vcpu_cr0(const struct percpu *cpu);
u64 vcpu_cr3(const struct percpu *cpu);
u64 vcpu_cr4(const struct percpu *cpu);
u64 vcpu_efer(const struct percpu *cpu);
void vcpu_segment(const struct percpu *cpu, enum guest_segment_id id, struct guest_segment *segment);
void vcpu_skip(struct percpu *cpu, unsigned int length);

#endif /* !ASM_VCPU_H */
