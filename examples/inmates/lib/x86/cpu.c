/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Features of the CPU, and what has to be switched on before C code runs. */
#include <inmate.h>

#define MXCSR_RESET 0x1f80

struct x86_cpu_features x86_cpu_features;

/* Set for the hypercalls of the public header. */
bool jailhouse_use_vmcall;

static void find_features(void)
{
	unsigned int eax = 1, ebx, ecx = 0, edx;

	cpuid(&eax, &ebx, &ecx, &edx);
	x86_cpu_features.fpu = !!(edx & X86_FEATURE_FPU);
	x86_cpu_features.fxsr = !!(edx & X86_FEATURE_FXSR);
	x86_cpu_features.sse = !!(edx & X86_FEATURE_SSE);
	x86_cpu_features.sse2 = !!(edx & X86_FEATURE_SSE2);
	x86_cpu_features.sse3 = !!(ecx & X86_FEATURE_SSE3);
	x86_cpu_features.sse4_1 = !!(ecx & X86_FEATURE_SSE4_1);
	x86_cpu_features.sse4_2 = !!(ecx & X86_FEATURE_SSE4_2);
	x86_cpu_features.pclmulqdq = !!(ecx & X86_FEATURE_PCLMULQDQ);
	x86_cpu_features.xsave = !!(ecx & X86_FEATURE_XSAVE);
	x86_cpu_features.avx = !!(ecx & X86_FEATURE_AVX);
}

/* VMMCALL is for AMD, "AuthenticAMD" in EBX, EDX, ECX; all others take VMCALL. */
static void choose_hypercall(void)
{
	unsigned int eax = 0, ebx, ecx = 0, edx;

	cpuid(&eax, &ebx, &ecx, &edx);
	jailhouse_use_vmcall = !(ebx == 0x68747541 && edx == 0x69746e65 && ecx == 0x444d4163);
}

static void enable_fpu(void)
{
	const u32 mxcsr = MXCSR_RESET;
	u64 wanted = X86_XCR0_X87 | X86_XCR0_SSE | X86_XCR0_AVX;

	if (x86_cpu_features.fpu)
		asm volatile("fninit");
	if (x86_cpu_features.fxsr)
		write_cr4(read_cr4() | X86_CR4_OSFXSR | X86_CR4_OSXMMEXCPT);
	if (x86_cpu_features.sse)
		asm volatile("ldmxcsr %0" : : "m"(mxcsr));
	if (x86_cpu_features.xsave) {
		write_cr4(read_cr4() | X86_CR4_OSXSAVE);
		write_xcr0(wanted & cpuid_edax(0xd, 0));
	}
}

static void check_comm_region(void)
{
	if (memcmp(comm_region->signature, COMM_REGION_MAGIC, sizeof(comm_region->signature)) !=
		    0 ||
	    comm_region->revision != COMM_REGION_ABI_REVISION) {
		comm_region->cell_state = JAILHOUSE_CELL_FAILED_COMM_REV;
		stop();
	}
}

/* Called by the start code of each CPU. Every CPU finds the same features. */
void arch_cpu_init(void)
{
	check_comm_region();
	find_features();
	choose_hypercall();
	enable_fpu();
}
