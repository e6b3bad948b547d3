/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Layout of a CPU's area and of the hypervisor's address space; shared with assembly. */
#ifndef ASM_AREA_H
#define ASM_AREA_H

#define IMAGE_FORMAT	"elf64-x86-64"
#define LINK_BASE	0x400000000000 /* entry 128 of the fourth level: free in the tables that the driver builds */
#define TEMP_BASE	0x404000000000 /* windows of arch_map_temp */
#define REMAP_BASE	0x406000000000 /* device registers */

#define PERCPU_SIZE	0x8000
#define GUEST_FRAME	160 /* struct guest_frame, at the top of the stack */

#define HV_CS		0x08
#define HV_DS		0x10
#define HV_TSS		0x18

#ifndef __ASSEMBLER__

#include <hypervisor/image.h>

/* What the entry and exit paths find at the stack pointer. */
struct guest_frame {
	struct guest_regs regs;
	struct percpu *cpu;
	u64 vmcb_phys;
	u64 host_vmcb_phys;
	u64 reserved;
};
JAILHOUSE_ASSERT_SIZE(struct guest_frame, GUEST_FRAME);

struct tss {
	u32 reserved0;
	u64 rsp[3];
	u64 reserved1;
	u64 ist[7];
	u64 reserved2;
	u16 reserved3;
	u16 io_map;
} __attribute__((packed));

struct percpu_area {
	struct percpu cpu; /* two pages with what follows */
	u64 gdt[5];
	struct tss tss;
	u8 fault_stack[1024] __attribute__((aligned(16))); /* for double faults: the guard page was hit */
	u8 vmcb[PAGE_SIZE] __attribute__((aligned(4096)));
	u8 host_vmcb[PAGE_SIZE];
	u8 hsave[PAGE_SIZE];
	u8 guard[PAGE_SIZE]; /* not mapped */
	u8 stack[2 * PAGE_SIZE - GUEST_FRAME];
	struct guest_frame frame;
};
JAILHOUSE_ASSERT_SIZE(struct percpu_area, PERCPU_SIZE);

static inline struct percpu_area *cpu_area(struct percpu *cpu)
{
	return container_of(cpu, struct percpu_area, cpu);
}

struct exception_frame {
	u64 regs[9];
	u64 vector, error_code;
	u64 rip, cs, rflags, rsp, ss;
};

/* exceptions.c */
void exceptions_init_cpu(struct percpu *cpu);
void exceptions_load(struct percpu *cpu); /* GDT, IDT, TSS */
void exception_handler(struct exception_frame *frame);

/* setup.c */
int entry_main(struct percpu *cpu);

/* wipe.c: registers that no control block switches get their reset values */
void x86_wipe_registers(struct percpu *cpu);
/* wipe-msrs.c: its part; by the vendor's table (asm/msr-rules.h) */
void x86_wipe_msrs(struct percpu *cpu);

/* ---- vendor contract, svm/ ---- */

/*
 * Checks the CPU and switches virtualization on, still in Linux' address space. Saves what Linux has in registers that
 * only the vendor's instructions reach. Undone by vendor_disable, which restores them.
 */
int vendor_enable(struct percpu *cpu);
void vendor_disable(struct percpu *cpu);
/* What cells will share; all CPUs are known. */
int vendor_machine_init_late(struct machine *m);
/* The control block of a CPU of the root cell, from linux_state. */
void vendor_cpu_init(struct percpu *cpu);
/* The CPU has another cell: tables and bitmaps. */
void vendor_set_cell(struct percpu *cpu);
int vendor_cell_init(struct cell *cell);
void __noreturn vendor_run(struct guest_frame *frame);
/* Native execution behind the guest's current instruction. */
void __noreturn vendor_leave(struct percpu *cpu);

#endif /* !__ASSEMBLER__ */
#endif /* !ASM_AREA_H */
