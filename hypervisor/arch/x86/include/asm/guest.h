/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Contracts between the files of the x86 architecture: what a guest does, independent of the CPU vendor. Each
 * handler runs on the CPU whose guest has exited, cpu->arch.regs holds the guest's registers.
 *
 * Handlers return true if the instruction is done and RIP may be moved past it; false if they have called violation()
 * or injected an exception.
 */
#ifndef ASM_GUEST_H
#define ASM_GUEST_H

#include <hypervisor/machine.h>
#include <asm/x86.h>

/* ---- guest state, given by vendor code (svm/vcpu.c) ---- */

struct guest_segment {
	u64 base;
	u32 limit;
	u16 selector;
	u16 rights; /* bits 0-7 type, S, DPL, P; 8-11 AVL, L, DB, G */
};

#define SEGMENT_LONG 0x200 /* rights: L */
#define SEGMENT_BIG  0x400 /* rights: D/B */

enum guest_segment_id { SEG_ES, SEG_CS, SEG_SS, SEG_DS, SEG_FS, SEG_GS };

/*
 * vcpu_rip(), vcpu_rsp(), vcpu_rflags(), vcpu_cr0(), vcpu_cr3(), vcpu_cr4(), vcpu_efer(), vcpu_segment(),
 * vcpu_set_rip(), and vcpu_skip(), which moves RIP, cut to 32 bit outside 64-bit code, and clears the interrupt shadow
 */
#include <asm/vcpu.h>

void vcpu_inject_exception(struct percpu *cpu, unsigned int vector, bool has_error_code, u32 error_code);
/* #GP with code 0; false, as what handlers return then. */
static inline bool vcpu_inject_gp(struct percpu *cpu)
{
	vcpu_inject_exception(cpu, X86_VECTOR_GP, true, 0);
	return false;
}
/* Makes PAT of the guest effective (0 = all uncached). */
void vcpu_set_pat(struct percpu *cpu, u64 pat);
/* SVME stays set whatever the guest writes. False: bits that the CPU does not have, or LME changed under paging. */
bool vcpu_set_efer(struct percpu *cpu, u64 efer);
/* Guest state becomes the parking loop. Part of arch_cpu_park(). */
void vcpu_park(struct percpu *cpu);
/* Guest state as after power-on (`init`: as after INIT, which keeps DEBUGCTL, PAT and the MTRR enable bit). */
void vcpu_reset(struct percpu *cpu, u32 cs_selector, u64 cs_base, u64 rip, bool init);
/* Calls x86_take_interrupts() in a state where the hypervisor can take interrupts at all; SVM: with GIF set. */
void vcpu_take_interrupts(struct percpu *cpu);

/* Code size of the guest: 16, 32 or 64 bit. */
static inline unsigned int segment_code_bits(const struct guest_segment *cs, u64 efer)
{
	if ((efer & X86_EFER_LMA) && (cs->rights & SEGMENT_LONG))
		return 64;
	return cs->rights & SEGMENT_BIG ? 32 : 16;
}

static inline unsigned int guest_code_bits(const struct percpu *cpu)
{
	struct guest_segment cs;

	vcpu_segment(cpu, SEG_CS, &cs);
	return segment_code_bits(&cs, vcpu_efer(cpu));
}

/* ---- guest-memory (walk.c): translation by the guest's own page tables ---- */

/*
 * Guest-physical address of a linear one, following the guest's paging mode (none, 2-level, PAE, 4-
 * or 5-level), reading tables only from memory that the cell can read. False: not mapped.
 */
bool guest_translate(struct percpu *cpu, u64 linear, u64 *phys);
/*
 * To be called before the guest runs for the first time and at each change of stage 2: pages of guest memory that are
 * still mapped are not used any more.
 */
void guest_forget_memory(struct percpu *cpu);
/*
 * Reads up to a page at a linear address for the instruction decoder; page crossings included. Returns bytes read.
 * *trail: how the address was translated, if all of it was 64-bit paging of one page that stays mapped.
 */
unsigned int guest_fetch(struct percpu *cpu, u64 linear, u8 *buf, unsigned int size, struct guest_trail *trail);

/* ---- insn.c, and decode.c: see asm/insn.h ---- */

/*
 * The instruction at RIP, decoded. NULL: it cannot be read, is none of the supported ones or goes in the other
 * direction than `write`; the reason has been printed. Valid until the next call.
 */
const struct mmio_insn *guest_insn(struct percpu *cpu, bool write);
/* Reads bytes from RIP on, for reports. Returns bytes read. */
unsigned int guest_code(struct percpu *cpu, u8 *bytes, unsigned int size);

/* ---- mmio.c ---- */

/*
 * A nested page fault by an access of an instruction (not by its fetch, nor by a page-table walk):
 * dispatches to a window or reports. `write` as the hardware says. Moves RIP itself, counts
 * VMEXITS_MMIO.
 */
bool guest_mmio(struct percpu *cpu, u64 guest_phys, bool write);
/* guest_insn(), but calls violation() besides, also for accesses across pages. For windows that are not in the map. */
const struct mmio_insn *guest_mmio_decode(struct percpu *cpu, u64 guest_phys, bool write);
/* Value that the decoded instruction writes; and putting a read result into its register. */
u64 guest_mmio_value(struct percpu *cpu, const struct mmio_insn *insn);
void guest_mmio_result(struct percpu *cpu, const struct mmio_insn *insn, u64 value);

/* ---- pio.c: unit and handler ---- */

extern const struct unit pio_unit;
#define IO_BITMAP_PAGES 3 /* SVM: 12 KiB (65536 ports + 3 bytes for accesses that wrap); VMX uses the first two */

/*
 * One IN or OUT, size 1, 2, 4. `string`: INS, OUTS or REP. Values are in RAX. False: forbidden; the line has been
 * printed and violation() called.
 */
bool guest_pio(struct percpu *cpu, u16 port, unsigned int size, bool in, bool string);

/* ---- pci-ports.c: 0xcf8-0xcff; false: forbidden, the line has been printed and violation() called ---- */
bool guest_pci_port(struct percpu *cpu, u16 port, unsigned int size, bool in, u32 *value);
int x86_pci_init(struct machine *m);

/* ---- ioapic.c ---- */
extern const struct unit ioapic_unit;

/* ---- msr.c ---- */
/* Results for RDMSR/WRMSR exits; count VMEXITS_MSR_OTHER or VMEXITS_MSR_X2APIC_ICR. */
bool guest_rdmsr(struct percpu *cpu);
bool guest_wrmsr(struct percpu *cpu);
/* Permission bits for the vendor's bitmap: true = trap. */
bool msr_trapped(const struct machine *m, u32 msr, bool write, bool root, bool x2apic);
/* The last MSR from `msr` on for which msr_trapped() gives the same: to fill bitmaps by ranges. */
u32 msr_same_until(u32 msr);

/* ---- msr-safe.c: false if the CPU raises #GP; its handler continues at cpu->arch.msr_fixup if that is not 0 ---- */
bool read_msr_safe(struct percpu *cpu, u32 msr, u64 *value);
bool write_msr_safe(struct percpu *cpu, u32 msr, u64 value);

/* ---- take-interrupts.c ---- */
/*
 * Opens interrupts for a moment with gates that return at once, without EOI: the highest requested vector of the APIC
 * moves into service and is dropped. An NMI in between is handled as at any other time.
 */
void x86_take_interrupts(struct percpu *cpu);
/* Prepares one page of gates for it; the hypervisor's IDT is loaded. */
void x86_fill_drop_idt(void *page);

/* ---- cpuid.c: counts VMEXITS_CPUID ---- */
void guest_cpuid(struct percpu *cpu);

/* ---- apic.c: the real APIC ---- */
/* On one CPU, before apic_cpu_init on all: root's mode, mapping of the registers. */
int apic_init(struct machine *m);
int apic_cpu_init(struct percpu *cpu);
/* Register number as in x2APIC (offset >> 4), in the mode that this CPU is in. */
u32 apic_read(struct percpu *cpu, unsigned int reg);
void apic_write(struct percpu *cpu, unsigned int reg, u32 value);
/* The same for values and registers of guests. False: the CPU does not take it (#GP in x2APIC mode). */
bool apic_write_checked(struct percpu *cpu, unsigned int reg, u32 value);
void apic_send_nmi(struct percpu *cpu, u32 apic_id);
void apic_send_fixed(struct percpu *cpu, u32 apic_id, u8 vector);
/*
 * Cells run in x2APIC mode where the CPU has it; brings this CPU into the mode that its cell wants. On the way back to
 * xAPIC mode the APIC is reset, and gets the root's LDR, TPR and SVR again.
 */
void apic_set_mode(struct percpu *cpu, bool x2apic);
/* As after INIT: software-disabled, all vectors masked, nothing in service or requested. Divider 16. */
void apic_clear(struct percpu *cpu);
/* Input clock of the timer, which goes on as before. 0 if the CPU has TSC deadlines or the timer does not run. */
u32 apic_measure_khz(struct percpu *cpu);

/* ---- apic-guest.c: what guests may do with it ---- */
/* `msr`: by an x2APIC MSR, else by the xAPIC page. The CPU may be in either mode for MSRs. */
bool guest_apic_write(struct percpu *cpu, unsigned int reg, u64 value, bool msr);
/*
 * The short way for x2APIC MSRs of registers that concern this CPU only, on a CPU in xAPIC mode; counts
 * VMEXITS_MSR_OTHER. False: not an MSR, a value or a mode for this way, nothing was done.
 */
bool guest_apic_wrmsr_plain(struct percpu *cpu, u32 msr, u32 low, u32 high);
bool guest_apic_read(struct percpu *cpu, unsigned int reg, u64 *value, bool msr);
/* xAPIC page: a trapped access. Moves RIP itself, counts VMEXITS_XAPIC. */
bool guest_xapic_page(struct percpu *cpu, u64 guest_phys, bool write);

/* MSR writes that need a look also on a CPU in x2APIC mode. */
bool apic_write_moderated(unsigned int reg);

/* True if `apic_id` is a CPU of the cell. */
bool cell_has_apic_id(const struct cell *cell, u32 apic_id);
/*
 * True if the cell has all CPUs that a destination means; logical flat or cluster mode as the cell
 * uses. For IOAPIC and MSI.
 */
bool cell_owns_destination(const struct cell *cell, u32 destination, bool logical);
/* The bit of a message's logical destination that means this CPU of the cell; 0: none. */
u32 cell_logical_bit(const struct cell *cell, const struct percpu *cpu);

#endif /* !ASM_GUEST_H */
