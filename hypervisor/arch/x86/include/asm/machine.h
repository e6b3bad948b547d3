/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The architecture's part of machine, CPU and cell on x86. */
#ifndef ASM_MACHINE_H
#define ASM_MACHINE_H

#include <hypervisor/base.h>
#include <hypervisor/paging.h>
#include <asm/insn.h>
#include <asm/vendor.h> /* struct vendor_percpu, struct vendor_cell: SVM or VMX */

struct percpu;

#define X86_MAX_IOAPICS 8

/* General registers of the guest, in the order of their numbers in instructions. */
enum { REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP, REG_RSI, REG_RDI, REG_R8 };

struct guest_regs {
	u64 r[16]; /* [REG_RSP] is filled by vendor code on demand: see vcpu_rsp() */
};

/* What LGDT, LIDT, SGDT and SIDT take */
struct table_pointer {
	u16 limit;
	u64 base;
} __attribute__((packed));

/* What the entry finds of Linux; vendor code keeps what only its own instructions can save. */
struct linux_state {
	u64 rsp, rip;	/* behind the call of the entry */
	u64 cr0, cr3, cr4, efer, pat;
	struct table_pointer gdt, idt;
	u16 cs, ds, es, ss;
};

/* CPU_REQ_ARCH: what to do, set under arch.event_lock */
#define X86_EVENT_INIT 0x1
#define X86_EVENT_SIPI 0x2

/* Pages of guest memory that walk.c keeps mapped: tables, one of each level, and code */
#define X86_GUEST_PAGES (MAX_WALK_LEVELS + X86_KNOWN_INSNS)
#define WINDOW_PAGES	32 /* of a CPU: those of arch_map_temp(), and these */

struct arch_percpu {
	struct guest_regs *regs; /* on the stack of this CPU while in the hypervisor */
	u32 apic_id;
	bool wait_for_sipi;
	bool x2apic;		/* mode of this CPU's APIC now */
	bool root_x2apic;	/* mode that Linux had chosen */
	u32 root_ldr, root_svr, root_tpr; /* of Linux, in xAPIC mode */
	bool pat_enabled;	/* MTRR enable bit as the guest sees it */
	u64 guest_pat;		/* shadow; effective while pat_enabled */
	spinlock_t event_lock;
	u32 events;
	u8 sipi_vector;
	u32 cf8;		/* the guest's address port */
	u64 msr_fixup;		/* where a #GP of read_msr_safe or write_msr_safe continues, 0: there is none */
	u32 kick_pending;	/* an NMI is on its way to this CPU; atomic */
	bool nmi_taken;		/* an NMI has come while the hypervisor let it in */
	bool nmi_pending;	/* an NMI of the platform waits for delivery to the root cell */
	u64 *temp_pte;		/* this CPU's window, see arch_map_temp */
	u8 *temp_base;
	u64 guest_pages[X86_GUEST_PAGES]; /* guest-physical addresses, see walk.c */
	struct known_insn insns[X86_KNOWN_INSNS];
	struct linux_state linux_state;
	struct vendor_percpu vendor;
};

struct ioapic_cell; /* ioapic.c */

struct arch_cell {
	u8 *io_bitmap;		/* IO_BITMAP_PAGES pages, bit set = trapped; see pio.c */
	bool x2apic;		/* the cell's CPUs are in x2APIC mode */
	struct ioapic_cell *ioapic;
	struct vendor_cell vendor;
};

struct ioapic { /* ioapic.c */
	u64 phys;
	u8 *regs;
	unsigned int pins;
	bool has_eoi;		/* EOI register, from version 0x20 on */
	spinlock_t lock;	/* index and data register */
};

struct arch_machine {
	struct page_table hv_table;	/* the hypervisor's own page tables */
	unsigned int paging_levels;	/* 4 or 5, of Linux, hypervisor and nested tables */
	unsigned int phys_bits;
	bool x2apic;			/* root cell's mode */
	bool has_x2apic;		/* all CPUs have it and the configuration does not forbid it: cells get it */
	void *apic_base;		/* mapped xAPIC page */
	void *drop_idt;			/* gates that drop interrupts, see take-interrupts.c */
	u64 remap_next;			/* next free address for arch_map_device */
	spinlock_t pci_lock;		/* CF8/CFC of the machine */
	u8 *mmconfig;			/* mapped, or NULL */
	u8 *mmconfig_pages;
	struct ioapic ioapics[X86_MAX_IOAPICS];
	unsigned int num_ioapics;
	u8 *msr_bitmap_cells;	/* of all cells but the root */
	u8 *parking_page;		/* real-mode halt loop */
	struct page_table parking_table;
	u32 apic_khz;
	u8 cpu_of_apic_id[256];		/* logical CPU, 0xff = none; valid for ids below 255 */
};

#endif /* !ASM_MACHINE_H */
