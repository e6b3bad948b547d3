/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* x86 part of inmate.h, for 64-bit and 32-bit inmates. */
#ifndef INMATE_ARCH_INMATE_H
#define INMATE_ARCH_INMATE_H

#include <asm/regs.h>

#define COMM_REGION_BASE 0x100000

/* Selectors in the GDT that the start code loads */
#define INMATE_CS32 0x8
#define INMATE_CS64 0x10
#define INMATE_DS32 0x18

/* The IDT has gates for 32 exceptions and as many interrupts. */
#define FIRST_INTERRUPT_VECTOR 32
#define MAX_INTERRUPT_VECTORS  32

#define X2APIC_ID       0x802
#define X2APIC_EOI      0x80b
#define X2APIC_SPIV     0x80f
#define X2APIC_ICR      0x830
#define X2APIC_LVTT     0x832
#define X2APIC_TMICT    0x838
#define X2APIC_TDCR     0x83e
#define APIC_LVL_ASSERT (1 << 14)

#define SMP_MAX_CPUS 255

/* Interrupt that a CPU of the cell may raise on another one */
#define INMATE_IPI 40

#ifndef __ASSEMBLY__

#ifdef __x86_64__
#define BITS_PER_LONG  64
#define HUGE_PAGE_SIZE (2 * 1024 * 1024ULL)
#else
#define BITS_PER_LONG  32
#define HUGE_PAGE_SIZE (4 * 1024 * 1024ULL)
#endif
#define PAGE_SIZE      4096ULL
#define PAGE_MASK      (~(PAGE_SIZE - 1))
#define HUGE_PAGE_MASK (~(HUGE_PAGE_SIZE - 1))

static inline void cpu_relax(void)
{
	asm volatile("pause" : : : "memory");
}

static inline void enable_irqs(void)
{
	asm volatile("sti" : : : "memory");
}

static inline void disable_irqs(void)
{
	asm volatile("cli" : : : "memory");
}

/** halt() - sleep for ever, except for interrupts if they are on */
static inline void __attribute__((noreturn)) halt(void)
{
	while (1)
		asm volatile("hlt" : : : "memory");
}

/** stop() - sleep for ever */
static inline void __attribute__((noreturn)) stop(void)
{
	disable_irqs();
	halt();
}

#define X86_DEFINE_PORT(letter, type)                                             \
	static inline void out##letter(type value, u16 port)                      \
	{                                                                         \
		asm volatile("out" #letter " %0, %1" : : "a"(value), "Nd"(port)); \
	}                                                                         \
	static inline type in##letter(u16 port)                                   \
	{                                                                         \
		type value;                                                       \
		asm volatile("in" #letter " %1, %0" : "=a"(value) : "Nd"(port));  \
		return value;                                                     \
	}

X86_DEFINE_PORT(b, u8)
X86_DEFINE_PORT(w, u16)
X86_DEFINE_PORT(l, u32)

/*
 * Accesses to device registers: MOV with the address in a register, as hypervisors decode little
 * else.
 */
#define X86_DEFINE_MMIO(bits, insn, constraint)                                                   \
	static inline u##bits mmio_read##bits(void *address)                                      \
	{                                                                                         \
		u##bits value;                                                                    \
		asm volatile(insn " (%1), %0" : "=" constraint(value) : "r"(address) : "memory"); \
		return value;                                                                     \
	}                                                                                         \
	static inline void mmio_write##bits(void *address, u##bits value)                         \
	{                                                                                         \
		asm volatile(insn " %0, (%1)" : : constraint(value), "r"(address) : "memory");    \
	}

X86_DEFINE_MMIO(8, "movb", "q")
X86_DEFINE_MMIO(16, "movw", "r")
X86_DEFINE_MMIO(32, "movl", "r")
#ifdef __x86_64__
X86_DEFINE_MMIO(64, "movq", "r")
#else
/* There is no such instruction. The halves go one after the other, the lower one first. */
static inline u64 mmio_read64(void *address)
{
	u32 low = mmio_read32(address);

	return low | (u64)mmio_read32((u32 *)address + 1) << 32;
}

static inline void mmio_write64(void *address, u64 value)
{
	mmio_write32(address, value);
	mmio_write32((u32 *)address + 1, value >> 32);
}
#endif

static inline u64 read_msr(unsigned int msr)
{
	u32 low, high;

	asm volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(msr) : "memory");
	return low | (u64)high << 32;
}

static inline void write_msr(unsigned int msr, u64 value)
{
	asm volatile("wrmsr" : : "c"(msr), "a"((u32)value), "d"((u32)(value >> 32)) : "memory");
}

static inline u64 rdtsc(void)
{
	u32 low, high;

	asm volatile("rdtsc" : "=a"(low), "=d"(high) : : "memory");
	return low | (u64)high << 32;
}

/*
 * Local APIC. Registers are named by the numbers of their x2APIC MSRs. They are accessed as MSRs,
 * whatever mode the APIC is in: a hypervisor below emulates that. On bare metal in xAPIC mode the
 * parameter apic=mmio selects the memory-mapped registers instead.
 */
u32 apic_read(unsigned int reg);
void apic_write(unsigned int reg, u32 value);
/** apic_send_ipi() - write the interrupt command register. @dest: APIC ID, @icr: lower half */
void apic_send_ipi(unsigned int dest, u32 icr);
/** apic_init() - software-enable the local APIC of this CPU */
void apic_init(void);

/** cpu_id() - APIC ID of this CPU */
unsigned int cpu_id(void);

/** irq_send_ipi() - raise an interrupt on a CPU. @cpu_id: its APIC ID, @vector: 32 to 63 */
void irq_send_ipi(unsigned int cpu_id, unsigned int vector);

/** idt - the interrupt descriptor table, two longs per gate, shared by all CPUs */
extern unsigned long idt[];
/** stack - top of the stack that the next CPU started by smp_start_cpu() will take */
extern void *stack;

/** idt_init() - load the IDT on this CPU */
void idt_init(void);
/** idt_set_gate() - install an interrupt gate. @vector: 0 to 63, @entry: address of the code */
void idt_set_gate(unsigned int vector, unsigned long entry);

/** struct excp_frame - registers at an exception, in the order that they stand on the stack */
struct excp_frame {
#ifdef __x86_64__
	unsigned long r15, r14, r13, r12, r11, r10, r9, r8;
#endif
	unsigned long bp, di, si, dx, cx, bx, ax;
	unsigned long vector, error;
	unsigned long ip, cs, flags;
#ifdef __x86_64__
	unsigned long sp, ss;
#endif
};

/**
 * excp_reporting_init() - report exceptions
 *
 * From now on exceptions 0 to 20 set the cell state to FAILED, print the registers, and stop the
 * CPU.
 */
void excp_reporting_init(void);

/**
 * excp_hook - asked before an exception is reported, NULL for none
 *
 * Returns true if the exception is dealt with; then the CPU goes on with the registers of the
 * frame.
 */
extern bool (*excp_hook)(struct excp_frame *frame);

enum ioapic_trigger_mode {
	TRIGGER_EDGE = 0,
	TRIGGER_LEVEL_ACTIVE_HIGH = 1 << 15,
	TRIGGER_LEVEL_ACTIVE_LOW = (1 << 15) | (1 << 13),
};

/** ioapic_init() - make the IOAPIC accessible */
void ioapic_init(void);
/** ioapic_pin_set_vector() - unmask a pin and send its interrupt to this CPU */
void ioapic_pin_set_vector(unsigned int pin, enum ioapic_trigger_mode trigger_mode,
			   unsigned int vector);

/* Not in the 32-bit library from here on */

/** pci_msi_set_vector() - enable the MSI of a function, sent to this CPU */
void pci_msi_set_vector(u16 bdf, unsigned int vector);
/** pci_msix_set_vector() - enable one MSI-X vector of a function, sent to this CPU */
void pci_msix_set_vector(u16 bdf, unsigned int vector, u32 index);

/**
 * pm_timer_read() - time in nanoseconds from the ACPI PM timer
 *
 * The 24 bits of the timer are extended in software, per CPU: call it at least every 4 seconds.
 * Falls back to the TSC where there is no PM timer.
 */
unsigned long long pm_timer_read(void);

/** tsc_init() - learn the frequency of the TSC. Return: Hz */
unsigned long tsc_init(void);
/** tsc_read_ns() - time in nanoseconds from the TSC, after tsc_init() */
unsigned long tsc_read_ns(void);

/**
 * apic_timer_init() - prepare the APIC timer of this CPU
 * @vector: 32 to 63
 *
 * Return: frequency in kHz: of the TSC in deadline mode, else the input of the timer
 */
unsigned long apic_timer_init(unsigned int vector);
/** apic_timer_set() - start the timer for one shot. @timeout_ns: from now on */
void apic_timer_set(unsigned long long timeout_ns);

/* CPUs that have arrived, with their APIC IDs in order of arrival */
extern volatile u32 smp_num_cpus;
extern u8 smp_cpu_ids[SMP_MAX_CPUS];

/** smp_wait_for_all_cpus() - wait until all CPUs of the cell have arrived */
void smp_wait_for_all_cpus(void);
/**
 * smp_start_cpu() - start another CPU by INIT and SIPI
 * @cpu_id: its APIC ID
 * @entry: runs on it with a stack of one page from the heap, interrupts off
 *
 * Returns when the CPU has begun.
 */
void smp_start_cpu(unsigned int cpu_id, void (*entry)(void));

/* Between the parts of the library */
unsigned long arch_irq_save(void);
void arch_irq_restore(unsigned long flags);
void arch_cpu_init(void);

#endif /* !__ASSEMBLY__ */

#endif /* !INMATE_ARCH_INMATE_H */
