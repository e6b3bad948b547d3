/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * State of a CPU and memory across owners: one inmate fills all that it can, the next one compares
 * all that it finds with the values after reset.
 */
#include "hostile.h"

#define PATTERN_LOW 0x5a5a5a00UL

#define MSR_SYSENTER_CS    0x174
#define MSR_SYSENTER_ESP   0x175
#define MSR_SYSENTER_EIP   0x176
#define MSR_DEBUGCTL       0x1d9
#define MSR_PAT            0x277
#define MSR_SPEC_CTRL      0x48
#define MSR_XSS            0xda0
#define MSR_STAR           0xc0000081
#define MSR_LSTAR          0xc0000082
#define MSR_CSTAR          0xc0000083
#define MSR_SFMASK         0xc0000084
#define MSR_FS_BASE        0xc0000100
#define MSR_GS_BASE        0xc0000101
#define MSR_KERNEL_GS_BASE 0xc0000102
#define MSR_TSC_AUX        0xc0000103

#define PAT_RESET 0x0007040600070406

#define EFER_SVME   0x1000
#define EFER_SCE    0x1
#define EFER_NXE    0x800
#define CR4_VMXE    0x2000
#define CR4_PKE     0x400000
#define CR0_RESET   0x10 /* but for CD and NW: a hypervisor may start its cells with caches on */
#define CR0_CACHE   0x60000000
#define DR6_RESET   0xffff0ff0
#define DR7_RESET   0x400
#define FCW_RESET   0x40
#define FCW_INIT    0x37f
#define MXCSR_RESET 0x1f80

#define FEATURE_PKU    (1 << 3)  /* CPUID leaf 7, ECX */
#define FEATURE_RDTSCP (1 << 27) /* CPUID leaf 0x80000001, EDX */

#define X2APIC_TPR       0x808
#define X2APIC_ISR       0x810
#define X2APIC_IRR       0x820
#define X2APIC_ESR       0x828
#define X2APIC_LVT_FIRST 0x832
#define X2APIC_LVT_LAST  0x837

#define VECTOR_TIMER      0x3f
#define VECTOR_IN_SERVICE 0x32
#define VECTOR_REQUESTED  0x22
#define TIMER_TIMEOUT     (3600 * NS_PER_SEC)
#define TDCR_DIVIDE_BY_1  0xb
#define TPR_MAX           0xff

#define SPIV_RESET    0xff
#define LVT_MASKED    0x10000
#define TDCR_EXPECTED 3

/* The image that FXSAVE writes (AMD64 manual, volume 5) */
struct fxsave {
	u16 fcw, fsw;
	u8 tags, reserved;
	u16 opcode;
	u64 ip, data_pointer;
	u32 mxcsr, mxcsr_mask;
	u64 st[8][2];
	u64 xmm[16][2];
	u8 unused[96];
};

/* Written by layout.S before anything else has run. */
struct early_state {
	u32 gprs[8]; /* EAX EBX ECX EDX ESI EDI EBP ESP */
	u32 flags;
	u32 cr0, cr2, cr3, cr4;
	u32 dr0, dr1, dr2, dr3, dr6, dr7;
	u64 efer;
	u64 xcr0;
	u64 fs_base, gs_base;
	u16 gdt_limit;
	u32 gdt_base;
	u16 pad1;
	u16 idt_limit;
	u32 idt_base;
	u16 pad2;
	u16 segments[8]; /* CS DS ES FS GS SS */
} __attribute__((packed));

JAILHOUSE_ASSERT_SIZE(struct early_state, 8 * 4 + 4 + 4 * 4 + 6 * 4 + 4 * 8 + 8 + 8 + 8 * 2);
JAILHOUSE_ASSERT_SIZE(struct fxsave, 512);

extern struct early_state early_state;
extern struct fxsave early_fxsave;

struct expected_msr {
	const char *name;
	u32 msr;
	u64 value;
	/* What state-fill writes */
	u64 pattern;
};

static const struct expected_msr msrs[] = {
	{"SYSENTER_CS", MSR_SYSENTER_CS, 0, 0x5a58},
	{"SYSENTER_ESP", MSR_SYSENTER_ESP, 0, PATTERN_LOW},
	{"SYSENTER_EIP", MSR_SYSENTER_EIP, 0, PATTERN_LOW},
	{"DEBUGCTL", MSR_DEBUGCTL, 0, 0x1},
	{"PAT", MSR_PAT, PAT_RESET, 0x0106040501060405},
	{"SPEC_CTRL", MSR_SPEC_CTRL, 0, 0x1},
	{"XSS", MSR_XSS, 0, 0x100},
	{"TSC_DEADLINE", MSR_TSC_DEADLINE, 0, 1UL << 62},
	{"STAR", MSR_STAR, 0, STATE_PATTERN},
	{"LSTAR", MSR_LSTAR, 0, PATTERN_LOW},
	{"CSTAR", MSR_CSTAR, 0, PATTERN_LOW},
	{"SFMASK", MSR_SFMASK, 0, PATTERN_LOW},
	{"KERNEL_GS_BASE", MSR_KERNEL_GS_BASE, 0, PATTERN_LOW},
	{"PERF_EVENT0", 0xc0010000, 0, 0x130076},
	{"PERF_EVENT0 (core)", 0xc0010200, 0, 0x130076},
	{"PERF_EVENT0 (Intel)", 0x186, 0, 0x13003c},
	{"PERF_GLOBAL_CTRL", 0x38f, 0, 0x1},
};

static void check_early_registers(void)
{
	static const char *const gprs[] = {"EAX", "EBX", "ECX", "EDX", "ESI", "EDI", "EBP", "ESP"};
	static const char *const segments[] = {"CS", "DS", "ES", "FS", "GS", "SS"};
	const struct early_state *s = &early_state;
	unsigned int n;

	for (n = 0; n < ARRAY_SIZE(gprs); n++)
		state_check(gprs[n], s->gprs[n], 0);
	for (n = 0; n < ARRAY_SIZE(segments); n++)
		state_check(segments[n], s->segments[n], 0);
	state_check("EFLAGS", s->flags, 2);
	state_check("CR0", s->cr0 & ~CR0_CACHE, CR0_RESET);
	state_check("CR2", s->cr2, 0);
	state_check("CR3", s->cr3, 0);
	state_check("CR4", s->cr4 & ~CR4_VMXE, 0);
	state_check("EFER", s->efer & ~EFER_SVME, 0);
	state_check("FS base", s->fs_base, 0);
	state_check("GS base", s->gs_base, 0);
	state_check("DR0", s->dr0, 0);
	state_check("DR1", s->dr1, 0);
	state_check("DR2", s->dr2, 0);
	state_check("DR3", s->dr3, 0);
	state_check("DR6", s->dr6, DR6_RESET);
	state_check("DR7", s->dr7, DR7_RESET);
	state_check("GDT limit", s->gdt_limit, 0xffff);
	state_check("GDT base", s->gdt_base, 0);
	state_check("IDT limit", s->idt_limit, 0xffff);
	state_check("IDT base", s->idt_base, 0);
	if (x86_cpu_features.xsave)
		state_check("XCR0", s->xcr0, X86_XCR0_X87);
}

static void read_xmm(u64 xmm[16][2])
{
	static struct fxsave now __attribute__((aligned(16)));

	asm volatile("fxsave %0" : "=m"(now));
	memcpy(xmm, now.xmm, sizeof(now.xmm));
}

static void check_fpu(void)
{
	const struct fxsave *f = &early_fxsave;
	u64 xmm[16][2];
	u64 ored = 0;
	unsigned int n;

	if (f->fcw != FCW_INIT)
		state_check("FCW", f->fcw, FCW_RESET);
	state_check("FSW", f->fsw, 0);
	state_check("FPU tags", f->tags, 0);
	state_check("FPU opcode", f->opcode, 0);
	state_check("FPU instruction pointer", f->ip, 0);
	state_check("FPU data pointer", f->data_pointer, 0);
	state_check("MXCSR", f->mxcsr, MXCSR_RESET);

	for (n = 0; n < 8; n++)
		ored |= f->st[n][0] | (f->st[n][1] & 0xffff);
	state_check("ST0-7", ored, 0);

	/* The library does not touch these. Real mode sees half of them only. */
	read_xmm(xmm);
	for (ored = 0, n = 0; n < 16; n++)
		ored |= xmm[n][0] | xmm[n][1];
	state_check("XMM0-15", ored, 0);
}

static void check_avx(void)
{
	static u8 upper[16] __attribute__((aligned(16)));
	u64 ored = 0;
	unsigned int n;

	if (!x86_cpu_features.avx)
		return;
#define UPPER_HALF(reg)                                                           \
	do {                                                                      \
		asm volatile("vextractf128 $1, %%ymm" #reg ", %0" : "=m"(upper)); \
		for (n = 0; n < sizeof(upper); n++)                               \
			ored |= upper[n];                                         \
	} while (0)
	UPPER_HALF(0);
	UPPER_HALF(1);
	UPPER_HALF(7);
	UPPER_HALF(8);
	UPPER_HALF(15);
#undef UPPER_HALF
	state_check("YMM, upper halves", ored, 0);
}

static void check_msrs(void)
{
	unsigned int n;
	u64 value;

	for (n = 0; n < ARRAY_SIZE(msrs); n++)
		if (try_rdmsr(msrs[n].msr, &value) == NO_TRAP)
			state_check(msrs[n].name, value, msrs[n].value);
	if ((cpuid_edx(0x80000001, 0) & FEATURE_RDTSCP) &&
	    try_rdmsr(MSR_TSC_AUX, &value) == NO_TRAP)
		state_check("TSC_AUX", value, 0);
}

static void check_pkru(void)
{
	u32 value;

	if (!(cpuid_ecx(7, 0) & FEATURE_PKU))
		return;
	write_cr4(read_cr4() | CR4_PKE);
	asm volatile("rdpkru" : "=a"(value) : "c"(0) : "edx");
	state_check("PKRU", value, 0);
}

static void check_apic(void)
{
	u64 in_service = 0, requested = 0;
	unsigned int n, reg;

	for (n = 0; n < 8; n++) {
		in_service |= apic_read(X2APIC_ISR + n);
		requested |= apic_read(X2APIC_IRR + n);
	}
	state_check("APIC ISR", in_service, 0);
	state_check("APIC IRR", requested, 0);
	state_check("APIC TPR", apic_read(X2APIC_TPR), 0);
	state_check("APIC SVR", apic_read(X2APIC_SPIV), SPIV_RESET);
	if (!cmdline_parse_bool("sticky-esr", false))
		state_check("APIC ESR", apic_read(X2APIC_ESR), 0);
	state_check("APIC initial count", apic_read(X2APIC_TMICT), 0);
	state_check("APIC divide configuration", apic_read(X2APIC_TDCR), TDCR_EXPECTED);
	for (reg = X2APIC_LVT_FIRST; reg <= X2APIC_LVT_LAST; reg++)
		state_check("APIC LVT", apic_read(reg), LVT_MASKED);
}

void state_print(void)
{
	check_early_registers();
	check_fpu();
	check_avx();
	check_msrs();
	check_pkru();
	check_apic();
	state_check_ram();
	state_report();
}

static void fill_fpu(void)
{
	static struct fxsave image __attribute__((aligned(16)));

	memset(&image, 0x5a, sizeof(image));
	image.fcw = 0x27f;
	image.fsw = 0;
	image.tags = 0xff;
	image.mxcsr = 0x1fa0; /* a sticky flag */
	asm volatile("fxrstor %0" : : "m"(image));

#define FILL_YMM(reg) asm volatile("vinsertf128 $1, %%xmm" #reg ", %%ymm" #reg ", %%ymm" #reg : :)
	if (x86_cpu_features.avx) {
		FILL_YMM(0);
		FILL_YMM(1);
		FILL_YMM(7);
		FILL_YMM(8);
		FILL_YMM(15);
	}
#undef FILL_YMM
}

static void fill_debug_registers(void)
{
	/* Addresses of nothing, and enabled in DR7 for execution */
	asm volatile("mov %0, %%dr0\n\t"
		     "mov %0, %%dr1\n\t"
		     "mov %0, %%dr2\n\t"
		     "mov %0, %%dr3\n\t"
		     "mov %1, %%dr6\n\t"
		     "mov %2, %%dr7"
		     :
		     : "r"(PATTERN_LOW), "r"(DR6_RESET | 0xfUL), "r"(DR7_RESET | 0x3ffUL));
}

static unsigned int fill_msrs(void)
{
	unsigned int n, filled = 0;

	for (n = 0; n < ARRAY_SIZE(msrs); n++)
		if (try_wrmsr(msrs[n].msr, msrs[n].pattern) == NO_TRAP)
			filled++;
	try_wrmsr(MSR_FS_BASE, PATTERN_LOW);
	try_wrmsr(MSR_GS_BASE, PATTERN_LOW);
	try_wrmsr(MSR_TSC_AUX, PATTERN_LOW);
	try_wrmsr(MSR_EFER, read_msr(MSR_EFER) | EFER_SCE | EFER_NXE);
	return filled;
}

static void __attribute__((noreturn)) fill_end(void)
{
	apic_write(X2APIC_TPR, TPR_MAX);
	comm_region->cell_state = JAILHOUSE_CELL_SHUT_DOWN;
	asm volatile("mov %0, %%cr2\n\t"
		     "mov %0, %%rbx\n\t"
		     "mov %0, %%rcx\n\t"
		     "mov %0, %%rdx\n\t"
		     "mov %0, %%rsi\n\t"
		     "mov %0, %%rdi\n\t"
		     "mov %0, %%rbp\n\t"
		     "mov %0, %%r8\n\t"
		     "mov %0, %%r15\n\t"
		     "1:\tcli\n\t"
		     "hlt\n\t"
		     "jmp 1b"
		     :
		     : "a"(STATE_PATTERN));
	__builtin_unreachable();
}

/* One interrupt is left in service: its handler never comes back. */
static void keep_in_service(unsigned int vector)
{
	(void)vector;
	fill_end();
}

static void fill_apic(void)
{
	unsigned int reg;

	irq_init(keep_in_service);
	apic_timer_init(VECTOR_TIMER);
	for (reg = X2APIC_LVT_FIRST + 1; reg <= X2APIC_LVT_LAST; reg++)
		apic_write(reg, LVT_MASKED | VECTOR_TIMER);
	apic_write(X2APIC_TDCR, TDCR_DIVIDE_BY_1);
	apic_timer_set(TIMER_TIMEOUT);
	/* The first one is taken, the second one stays requested. */
	irq_send_ipi(cpu_id(), VECTOR_IN_SERVICE);
	irq_send_ipi(cpu_id(), VECTOR_REQUESTED);
}

void state_fill(void)
{
	unsigned int filled;

	state_fill_ram();
	fill_fpu();
	fill_debug_registers();
	filled = fill_msrs();
	SURVIVED("%u MSRs, FPU, debug, APIC and memory filled", filled);
	fill_apic();
	enable_irqs();
	halt();
}
