/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The area of a CPU, and what the assembly of both ARM architectures and their C code call of each other. */
#ifndef ASM_PERCPU_AREA_H
#define ASM_PERCPU_AREA_H

struct percpu_area {
	struct percpu cpu; /* two pages with what follows */
	u8 guard[PAGE_SIZE] __attribute__((aligned(4096))); /* not mapped */
	u8 stack[2 * PAGE_SIZE - GUEST_FRAME];
	struct guest_frame frame;
};
JAILHOUSE_ASSERT_SIZE(struct percpu_area, PERCPU_SIZE);

static inline struct percpu_area *cpu_area(struct percpu *cpu)
{
	return container_of(cpu, struct percpu_area, cpu);
}

/* entry.S: back to Linux natively, with what the frame of this CPU holds. */
void linux_leave(struct percpu *cpu) __noreturn;
/* Into the guest. */
void guest_resume(struct percpu *cpu) __noreturn;
/* The page in which the MMU goes off. */
extern u8 host_identity[];

int entry_main(struct percpu *cpu);
void guest_exit(struct percpu *cpu);
void own_exception(struct percpu *cpu, unsigned long vector);

#endif /* !ASM_PERCPU_AREA_H */
