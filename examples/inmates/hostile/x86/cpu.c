/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Attacks by instructions, control registers and exceptions. */
#include "hostile.h"

#define RFLAGS_RESERVED 0x00002
#define RFLAGS_TF       0x00100
#define RFLAGS_AC       0x40000

#define DR7_WRITE_8_AT_DR0 (0x2 | 1 << 16 | 2 << 18) /* global, on writes, 8 bytes */

#define EFER_SVME 0x1000

#define WBINVD_ROUNDS   100
#define CPUID_PER_ROUND 1000

void triple_fault(void)
{
	static const struct {
		u16 limit;
		u64 base;
	} __attribute__((packed)) empty = {0, 0};

	asm volatile("lidt %0\n\tud2" : : "m"(empty));
}

void invd(void)
{
	asm volatile("invd" : : : "memory");
}

void wbinvd(void)
{
	unsigned int n;

	for (n = 0; n < WBINVD_ROUNDS; n++)
		asm volatile("wbinvd" : : : "memory");
	SURVIVED("%u times", WBINVD_ROUNDS);
}

static void do_write_cr0(unsigned long value, unsigned long unused)
{
	(void)unused;
	write_cr0(value);
}

static void do_write_cr4(unsigned long value, unsigned long unused)
{
	(void)unused;
	write_cr4(value);
}

/* CPUID makes the hypervisor meet the new value, in case that it was not intercepted. */
static void try_cr(void (*write)(unsigned long, unsigned long), unsigned long (*read)(void),
		   unsigned long bits)
{
	unsigned long before = read(), after;

	if (trap_call(write, before ^ bits, 0) != NO_TRAP)
		return;
	cpuid_eax(0, 0);
	after = read();
	write(before, 0);
	if (after != before)
		BREACH("bits 0x%lx accepted", bits);
}

void cr0_reserved(void)
{
	unsigned int bit;

	for (bit = 32; bit < 64; bit++)
		try_cr(do_write_cr0, read_cr0, 1UL << bit);
	if (!judged)
		SURVIVED("denied or ignored");
}

/* These count as survived even if the CPU takes them: then it does the guest no good. */
static void try_invalid_cr(void (*write)(unsigned long, unsigned long), unsigned long value,
			   unsigned long good_value, const char *what)
{
	int vector = trap_call(write, value, 0);

	cpuid_eax(0, 0);
	write(good_value, 0);
	SURVIVED("%s: %s", what, trap_name(vector));
}

void cr0_invalid(void)
{
	unsigned long cr0 = read_cr0();

	try_invalid_cr(do_write_cr0, cr0 | X86_CR0_NW, cr0, "NW without CD");
	try_invalid_cr(do_write_cr0, cr0 & ~X86_CR0_PE, cr0, "PG without PE");
}

void cr0_cache(void)
{
	unsigned long cr0 = read_cr0();
	int vector = trap_call(do_write_cr0, cr0 | X86_CR0_CD, 0);
	u64 start = rdtsc();
	unsigned int n;

	for (n = 0; n < 10000; n++)
		asm volatile("" : : : "memory");
	write_cr0(cr0);
	SURVIVED("%s, loop took %llu ticks", trap_name(vector), rdtsc() - start);
}

void cr4_reserved(void)
{
	unsigned int bit;

	/* What lies between 26 and 31 is reserved as well. */
	for (bit = 26; bit < 64; bit++)
		try_cr(do_write_cr4, read_cr4, 1UL << bit);
	if (!judged)
		SURVIVED("denied or ignored");
}

void cr4_invalid(void)
{
	unsigned long cr4 = read_cr4();

	try_invalid_cr(do_write_cr4, cr4 & ~X86_CR4_PAE, cr4, "PAE off");
}

static void do_xsetbv(unsigned long index, unsigned long value)
{
	asm volatile("xsetbv" : : "a"((u32)value), "d"((u32)(value >> 32)), "c"((u32)index));
}

void xsetbv_bad(void)
{
	static const struct {
		u32 index;
		u64 value;
	} bad[] = {
		{0, 0},             /* x87 must be on */
		{0, 5},             /* AVX without SSE */
		{0, 1UL << 62 | 1}, /* LWP is not there */
		{0, ~0UL},
		{1, 1},
		{0xffffffff, 1},
	};
	unsigned int n;
	int vector = NO_TRAP;

	for (n = 0; n < ARRAY_SIZE(bad); n++) {
		vector = trap_call(do_xsetbv, bad[n].index, bad[n].value);
		if (vector == NO_TRAP)
			BREACH("xcr%u = 0x%llx accepted", bad[n].index, bad[n].value);
	}
	if (!judged)
		SURVIVED("%u values denied by %s", n, trap_name(vector));
}

struct instruction {
	const char *name;
	void (*execute)(unsigned long a, unsigned long b);
};

#define INSTRUCTION(name, code)                                                         \
	static void do_##name(unsigned long a, unsigned long b)                         \
	{                                                                               \
		asm volatile(code : : "a"(a), "c"(b), "d"(0L), "m"(memory) : "memory"); \
	}

/* Operand of those that take memory */
static u64 memory[2] __attribute__((aligned(16))) = {0x1000, 0};

INSTRUCTION(vmrun, ".byte 0x0f, 0x01, 0xd8")
INSTRUCTION(vmload, ".byte 0x0f, 0x01, 0xda")
INSTRUCTION(vmsave, ".byte 0x0f, 0x01, 0xdb")
INSTRUCTION(stgi, ".byte 0x0f, 0x01, 0xdc")
INSTRUCTION(clgi, ".byte 0x0f, 0x01, 0xdd")
INSTRUCTION(skinit, ".byte 0x0f, 0x01, 0xde")
INSTRUCTION(invlpga, ".byte 0x0f, 0x01, 0xdf")
INSTRUCTION(vmxon, "vmxon %3")
INSTRUCTION(vmptrld, "vmptrld %3")
INSTRUCTION(vmclear, "vmclear %3")
INSTRUCTION(vmlaunch, "vmlaunch")
INSTRUCTION(vmresume, "vmresume")
INSTRUCTION(vmxoff, "vmxoff")
INSTRUCTION(invept, "invept %3, %%rax")
INSTRUCTION(rsm, "rsm")
INSTRUCTION(getsec, ".byte 0x0f, 0x37")
INSTRUCTION(monitor, "monitor")

static void expect_exceptions(const struct instruction *list, unsigned int num)
{
	unsigned int n;

	/* Page 0x1000 holds the command line, so that nothing is lost if one gets through. */
	for (n = 0; n < num; n++)
		if (trap_call(list[n].execute, 0x1000, 1) == NO_TRAP)
			BREACH("%s was executed", list[n].name);
	if (!judged)
		SURVIVED("%u instructions denied", num);
}

void svm_insns(void)
{
	static const struct instruction list[] = {
		{"VMRUN", do_vmrun},     {"VMLOAD", do_vmload}, {"VMSAVE", do_vmsave},
		{"STGI", do_stgi},       {"CLGI", do_clgi},     {"SKINIT", do_skinit},
		{"INVLPGA", do_invlpga},
	};
	u64 efer = read_msr(MSR_EFER);

	/* Without the bit the CPU itself would refuse. */
	try_wrmsr(MSR_EFER, efer | EFER_SVME);
	expect_exceptions(list, ARRAY_SIZE(list));
}

void vmx_insns(void)
{
	static const struct instruction list[] = {
		{"VMXON", do_vmxon},       {"VMPTRLD", do_vmptrld},   {"VMCLEAR", do_vmclear},
		{"VMLAUNCH", do_vmlaunch}, {"VMRESUME", do_vmresume}, {"VMXOFF", do_vmxoff},
		{"INVEPT", do_invept},
	};

	expect_exceptions(list, ARRAY_SIZE(list));
}

void smm_insns(void)
{
	static const struct instruction list[] = {{"RSM", do_rsm}, {"GETSEC", do_getsec}};

	expect_exceptions(list, ARRAY_SIZE(list));
}

void mwait(void)
{
	int vector;

	disable_irqs();
	vector = trap_call(do_monitor, (unsigned long)memory, 0);
	if (vector != NO_TRAP) {
		SURVIVED("MONITOR raised %s", trap_name(vector));
		return;
	}
	SURVIVED("sleeping");
	while (1)
		asm volatile("monitor\n\tmwait" : : "a"(memory), "c"(0), "d"(0) : "memory");
}

void cpuid_loop(void)
{
	unsigned int n;

	SURVIVED("exits begin");
	while (1) {
		for (n = 0; n < CPUID_PER_ROUND; n++)
			cpuid_eax(0x40000000, 0);
		heartbeat_once();
	}
}

/* Each instruction of the loop raises #DB, and the handler goes back to it. */
void db_loop(void)
{
	SURVIVED("loop begins");
	trap_loop = true;
	asm volatile("push %0\n\t"
		     "popf\n"
		     "1:\tpause\n\t"
		     "jmp 1b"
		     :
		     : "r"((unsigned long)RFLAGS_TF | RFLAGS_RESERVED)
		     : "memory", "cc");
}

/* The frame of #DB is pushed to where a write raises #DB, always to the same place by an IST. */
void db_push(void)
{
	static char ist_stack[256] __attribute__((aligned(16)));

	load_tss((unsigned long)ist_stack + sizeof(ist_stack));
	idt[TRAP_DB * 2] |= 1UL << 32;
	trap_loop = true;

	SURVIVED("loop begins");
	asm volatile("mov %0, %%dr0\n\t"
		     "mov %1, %%dr7\n\t"
		     "push %2\n\t"
		     "popf\n"
		     "1:\tpause\n\t"
		     "jmp 1b"
		     :
		     : "r"(ist_stack + sizeof(ist_stack) - 8), "r"((long)DR7_WRITE_8_AT_DR0),
		       "r"((unsigned long)RFLAGS_TF | RFLAGS_RESERVED)
		     : "memory", "cc");
}

extern char user_misaligned[];

asm("user_misaligned:\n\t"
    "mov 1(%rsp), %eax\n\t"
    "ud2");

/* The access raises #AC in ring 3, and the handler goes back to it. */
void ac_loop(void)
{
	int vector;

	write_cr0(read_cr0() | X86_CR0_AM);
	vector = user_call((void (*)(void))user_misaligned, RFLAGS_RESERVED | RFLAGS_AC);
	if (vector != TRAP_AC) {
		SURVIVED("this CPU raises no #AC (%s)", trap_name(vector));
		return;
	}
	SURVIVED("loop begins");
	trap_loop = true;
	user_call((void (*)(void))user_misaligned, RFLAGS_RESERVED | RFLAGS_AC);
}

void ud_loop(void)
{
	SURVIVED("loop begins");
	trap_loop = true;
	asm volatile("ud2");
}

void movss_loop(void)
{
	SURVIVED("loop begins");
	disable_irqs();
	asm volatile("1:\tmov %0, %%ss\n\t"
		     "mov %0, %%ss\n\t"
		     "mov %0, %%ss\n\t"
		     "mov %0, %%ss\n\t"
		     "jmp 1b"
		     :
		     : "r"(INMATE_DS32));
}

void spin(void)
{
	SURVIVED("loop begins");
	disable_irqs();
	while (1)
		cpu_relax();
}

void spin_hard(void)
{
	SURVIVED("loop begins");
	disable_irqs();
	asm volatile("1:\tjmp 1b");
}

void cli_hlt(void)
{
	SURVIVED("sleeping");
	stop();
}
