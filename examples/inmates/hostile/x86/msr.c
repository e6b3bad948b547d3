/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Attacks by MSRs. A write counts as denied if it raises #GP, as ignored if the register reads as
 * before, and as a breach if the new value is there. A read counts as denied if it raises #GP;
 * where a class does not allow reads, a value is a breach.
 */
#include "hostile.h"

struct msr_access {
	u32 msr;
	/* Written, unless it is a pure read */
	u64 value;
};

struct msr_class {
	const char *name;
	/* Reads must be denied or give 0, too. */
	bool secret;
	bool read_only;
	/* A change is no breach: the registers belong to this CPU alone. */
	bool own;
	const struct msr_access *accesses;
	unsigned int num;
};

#define ACCESSES(...)                                         \
	.accesses = (const struct msr_access[]){__VA_ARGS__}, \
	.num = ARRAY_SIZE(((const struct msr_access[]){__VA_ARGS__}))

#define EFER_RESERVED (1UL << 63 | 1 << 20 | EFER_LME)

static const struct msr_class classes[] = {
	{"msr-apicbase",
	 ACCESSES({MSR_APICBASE, 0xfee01800}, {MSR_APICBASE, 0}, {MSR_APICBASE, 0xfee00400})},
	{"msr-unknown-read", .secret = true, .read_only = true,
	 ACCESSES({0x2000, 0}, {0xc0012000, 0}, {0xdeadbeef, 0}, {0xffffffff, 0})},
	{"msr-unknown-write", ACCESSES({0x1ffe, 1}, {0x2000, 1}, {0xc0001ffe, 1}, {0xc0011ffe, 1},
				       {0xc0012000, 1}, {0xdeadbeef, ~0ULL}, {0xffffffff, ~0ULL})},
	/* KVM's clock takes an address that it writes to. */
	{"msr-hv-range", .secret = true,
	 ACCESSES({0x40000000, 1}, {0x40000001, 0x1001}, {0x400000f0, 1}, {0x4b564d00, 0x1001},
		  {0x4b564d01, 0x1001}, {0x11, 0x1001}, {0x12, 0x1001})},
	{"msr-hsave", .secret = true, ACCESSES({0xc0010117, 0x1000})},
	{"msr-vm-cr", ACCESSES({0xc0010114, 0x1a})},
	{"msr-syscfg", ACCESSES({0xc0010010, 0x740000}, {0xc0010015, 0x1})},
	{"msr-iorr", ACCESSES({0xc0010016, 0x1018}, {0xc0010017, 0x800}, {0xc0010018, 0x1018},
			      {0xc0010019, 0x800})},
	{"msr-top-mem", ACCESSES({0xc001001a, 0x800000}, {0xc001001d, 0x800000})},
	{"msr-smm",
	 ACCESSES({0xc0010111, 0x1000}, {0xc0010112, 0x1000}, {0xc0010113, 0x3}, {0xc0010116, 0x1},
		  {0xc0010118, 0x1}, {0xc0010119, 0x1}, {0xc001011a, 0x1000}, {0x9b, 0x1},
		  {0x9e, 0x1000}, {0x1f2, 0x1000}, {0x1f3, 0x800})},
	{"msr-mtrr", ACCESSES({0x200, 0x6}, {0x201, 0x800}, {0x20e, 0x6}, {0x20f, 0x800},
			      {0x250, 0x1111}, {0x258, 0x1111}, {0x268, 0x1111}, {0x26f, 0x1111})},
	{"msr-microcode", ACCESSES({0x79, 0x1000}, {0xc0010020, 0x1000}, {0x8b, 0x1})},
	{"msr-misc-enable", ACCESSES({0x1a0, 0x1}, {0xe2, 0x5}, {0x199, 0x100}, {0x19b, 0x1},
				     {0xc0010062, 0x1}, {0xc0010064, 0x1})},
	{"msr-perf", ACCESSES({0xc0010000, 0x530076}, {0xc0010001, 0x530076},
			      {0xc0010200, 0x530076}, {0xc001020a, 0x530076}, {0x186, 0x53003c},
			      {0x187, 0x53003c}, {0x38d, 0x333}, {0x38f, 0x7})},
	{"msr-mce", ACCESSES({0x17a, 0x4}, {0x17b, 0}, {0x400, 0}, {0x401, 1UL << 63})},
	{"msr-vmx",
	 ACCESSES({0x3a, 0x5}, {0x480, 0x1}, {0x150, 0x8000001100000000}, {0x560, 0x1000},
		  {0x561, 0x1000}, {0x3f1, 0x1}, {0x600, 0x1000}, {0x570, 0x1}, {0x610, 0x1})},
	{"msr-cache", ACCESSES({0xc8f, 0x100000000}, {0xc90, 0x1}, {0xc91, 0x1}, {0xd90, 0x1})},
	{"msr-x2apic-range", .secret = true,
	 ACCESSES({0x840, 0x1}, {0x850, 0x10000}, {0x87f, 0x1}, {0x8ff, 0x1}, {0xbff, 0x1})},
	{"msr-efer", ACCESSES({MSR_EFER, EFER_RESERVED})},
};

static unsigned int denied, ignored, changed;

static void judge_read(const struct msr_class *class, u32 msr)
{
	u64 value;

	if (try_rdmsr(msr, &value) != NO_TRAP)
		denied++;
	else if (class->secret && (class->read_only || value))
		BREACH("MSR 0x%x reads as 0x%llx", msr, value);
	else
		ignored++;
}

static void judge_write(const struct msr_class *class, const struct msr_access *access)
{
	u64 before = 0, after = 0;
	int readable = try_rdmsr(access->msr, &before);

	if (try_wrmsr(access->msr, access->value) != NO_TRAP) {
		denied++;
		return;
	}
	if (readable == NO_TRAP && try_rdmsr(access->msr, &after) == NO_TRAP && after != before) {
		changed++;
		if (!class->own)
			BREACH("MSR 0x%x changed from 0x%llx to 0x%llx", access->msr, before,
			       after);
		try_wrmsr(access->msr, before);
		return;
	}
	ignored++;
}

static const struct msr_class *find_class(void)
{
	unsigned int n;

	for (n = 0; n < ARRAY_SIZE(classes); n++)
		if (strcmp(classes[n].name, current_test->name) == 0)
			return &classes[n];
	return NULL;
}

static void report(void)
{
	if (!judged && current_test->outcome != STOPPED)
		SURVIVED("%u accesses denied by #GP, %u without effect, %u changed", denied,
			 ignored, changed);
}

void run_msr_class(void)
{
	const struct msr_class *class = find_class();
	unsigned int n;

	if (!class) {
		UNEXPECTED("no such class of MSRs");
		return;
	}
	for (n = 0; n < class->num; n++) {
		if (class->secret)
			judge_read(class, class->accesses[n].msr);
		if (!class->read_only)
			judge_write(class, &class->accesses[n]);
	}
	report();
}

/* The low bits are the memory type for all addresses that no range covers. */
void msr_mtrr_default(void)
{
	u64 before = read_msr(MSR_MTRR_DEF_TYPE), after;
	u64 other_type = (before & 0xff) == 6 ? 0 : 6;

	if (try_wrmsr(MSR_MTRR_DEF_TYPE, MTRR_ENABLE | other_type) != NO_TRAP) {
		SURVIVED("denied by #GP");
		return;
	}
	after = read_msr(MSR_MTRR_DEF_TYPE);
	if ((after & 0xff) == other_type)
		BREACH("default type changed from 0x%llx to 0x%llx", before, after);
	else
		SURVIVED("still 0x%llx", after);
}

void msr_tsc(void)
{
	static const u32 msrs[] = {0x10, 0x3b};
	u64 before = rdtsc();
	unsigned int n;

	for (n = 0; n < ARRAY_SIZE(msrs); n++) {
		if (try_wrmsr(msrs[n], n == 0 ? 0 : -before) != NO_TRAP)
			denied++;
		else
			ignored++;
	}
	if (rdtsc() < before)
		BREACH("the TSC went back from %llu to %llu", before, rdtsc());
	report();
}

/* Types 2 and 3 do not exist, nor any above 7. */
void msr_pat(void)
{
	write_msr(0x277, 0x0007040600070402);
	BREACH("accepted, reads 0x%llx", read_msr(0x277));
}

void msr_scan(void)
{
	static const u32 bases[] = {0, 0xc0000000, 0xc0010000};
	unsigned int n, msr, values = 0;
	u64 value;

	for (n = 0; n < ARRAY_SIZE(bases); n++) {
		for (msr = 0; msr < 0x2000; msr++) {
			if (try_rdmsr(bases[n] + msr, &value) == NO_TRAP)
				values++;
			else
				denied++;
		}
	}
	SURVIVED("%u values read, %u denied", values, denied);
}
