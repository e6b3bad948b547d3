// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* RDMSR and WRMSR of guests, by the rules of the vendor's table. */
#include <hypervisor/machine.h>
#include <asm/apic.h>
#include <asm/guest.h>
#include <asm/msr-rules.h>
#include <asm/x86.h>

#define X2APIC_RANGE 0x100 /* MSRs that the architecture reserves for it */

static const struct msr_rule no_rule = {
	.cell_read = MSR_DIRECT,
	.cell_write = MSR_DENY,
	.root_read = MSR_DIRECT,
	.root_write = MSR_DIRECT,
};

/* The rule for an MSR; *last is the end of the range to which it, or the lack of one, applies. */
static const struct msr_rule *find_rule(u32 msr, u32 *last)
{
	unsigned int low = 0, high = msr_num_rules, mid;

	while (low < high) {
		mid = (low + high) / 2;
		if (msr_rules[mid].last < msr)
			low = mid + 1;
		else
			high = mid;
	}
	if (low == msr_num_rules) {
		*last = ~0U;
		return &no_rule;
	}
	if (msr < msr_rules[low].first) {
		*last = msr_rules[low].first - 1;
		return &no_rule;
	}
	*last = msr_rules[low].last;
	return &msr_rules[low];
}

static enum msr_action rule_action(const struct msr_rule *rule, bool write, bool root)
{
	if (root)
		return write ? rule->root_write : rule->root_read;
	return write ? rule->cell_write : rule->cell_read;
}

static bool is_x2apic(u32 msr)
{
	return msr - MSR_X2APIC_BASE < X2APIC_RANGE;
}

bool msr_trapped(const struct machine *m, u32 msr, bool write, bool root, bool x2apic)
{
	unsigned int reg = msr - MSR_X2APIC_BASE;
	u32 last;

	(void)m;
	if (!is_x2apic(msr))
		return rule_action(find_rule(msr, &last), write, root) != MSR_DIRECT;
	if (!x2apic)
		return true;
	/* AMD's extended registers are beyond 0x83f. */
	return write && (apic_write_moderated(reg) || (!root && msr > MSR_X2APIC_END));
}

u32 msr_same_until(u32 msr)
{
	u32 last;

	find_rule(msr, &last);
	return is_x2apic(msr) ? msr : last;
}

static bool deny(struct percpu *cpu, u32 msr, bool write)
{
	__atomic_fetch_add(&cpu->machine->info->denied_msrs, 1, __ATOMIC_RELAXED);
	learn_access(cpu, JAILHOUSE_LEARNED_MSR, msr, 8, write);
	return vcpu_inject_gp(cpu);
}

static bool stop(struct percpu *cpu, u32 msr, bool write, u64 value)
{
	cpu_printk(cpu, "FATAL: Unhandled MSR %s: %x\n", write ? "write" : "read", msr);
	VIOLATION(cpu, msr, MSR_ACCESS, access_arg(write), msr, value, 0);
	return false;
}

/* What a cell is stopped for is answered with #GP in the root cell, whose kernel may be trying. */
static bool stop_or_deny(struct percpu *cpu, u32 msr, u64 value)
{
	return cell_is_root(cpu->cell) ? deny(cpu, msr, true) : stop(cpu, msr, true, value);
}

/* ---- emulated ones ---- */

static bool read_emulated(struct percpu *cpu, u32 msr, u64 *value)
{
	switch (msr) {
	case MSR_PAT:
		*value = cpu->arch.guest_pat;
		return true;
	case MSR_MTRR_DEF_TYPE:
		if (!read_msr_safe(cpu, msr, value))
			return vcpu_inject_gp(cpu);
		*value = (*value & ~MTRR_ENABLE) | (cpu->arch.pat_enabled ? MTRR_ENABLE : 0);
		return true;
	case MSR_EFER:
		/* With SVME: this is how KVM finds virtualization in use, and gives up without a splat. */
		*value = vcpu_efer(cpu);
		return true;
	default:
		return deny(cpu, msr, false);
	}
}

/* Each byte is a memory type; 2, 3 and those above 7 do not exist. */
static bool pat_valid(u64 pat)
{
	return !(pat & 0xf8f8f8f8f8f8f8f8ULL) && !((pat >> 1) & ~(pat >> 2) & 0x0101010101010101ULL);
}

/* Without MTRRs all memory of a guest is uncached. */
static void update_pat(struct percpu *cpu)
{
	vcpu_set_pat(cpu, cpu->arch.pat_enabled ? cpu->arch.guest_pat : 0);
}

static bool write_pat(struct percpu *cpu, u64 value)
{
	if (!pat_valid(value)) {
		if (cell_is_root(cpu->cell))
			return vcpu_inject_gp(cpu);
		cpu_printk(cpu, "FATAL: Invalid PAT value: %llx\n", value);
		VIOLATION(cpu, MSR_PAT, PAT_VALUE, value, 0, 0, 0);
		return false;
	}
	cpu->arch.guest_pat = value;
	update_pat(cpu);
	return true;
}

static bool write_emulated(struct percpu *cpu, u32 msr, u64 value)
{
	switch (msr) {
	case MSR_APICBASE:
		return value == read_msr(msr) || stop_or_deny(cpu, msr, value);
	case MSR_PAT:
		return write_pat(cpu, value);
	case MSR_MTRR_DEF_TYPE:
		cpu->arch.pat_enabled = value & MTRR_ENABLE;
		update_pat(cpu);
		return true;
	case MSR_EFER:
		return vcpu_set_efer(cpu, value) || vcpu_inject_gp(cpu);
	default:
		return deny(cpu, msr, true);
	}
}

/* ---- exits ---- */

static bool read_msr_for_guest(struct percpu *cpu, u32 msr, u64 *value)
{
	u32 last;

	if (is_x2apic(msr))
		return guest_apic_read(cpu, msr - MSR_X2APIC_BASE, value, true);
	switch (rule_action(find_rule(msr, &last), false, cell_is_root(cpu->cell))) {
	case MSR_DIRECT:
		return read_msr_safe(cpu, msr, value) || vcpu_inject_gp(cpu);
	case MSR_EMULATE:
		return read_emulated(cpu, msr, value);
	case MSR_STOP:
		return stop(cpu, msr, false, 0);
	default:
		return deny(cpu, msr, false);
	}
}

bool guest_rdmsr(struct percpu *cpu)
{
	u64 *r = cpu->arch.regs->r;
	u64 value;

	cpu->stats[JAILHOUSE_CPU_STAT_VMEXITS_MSR_OTHER]++;
	if (!read_msr_for_guest(cpu, (u32)r[REG_RCX], &value))
		return false;
	r[REG_RAX] = (u32)value;
	r[REG_RDX] = value >> 32;
	return true;
}

/* Linux rewrites much that stays the same when a CPU comes online; only a change would do harm. */
static bool changes_nothing(struct percpu *cpu, const struct msr_rule *rule, u32 msr, u64 value)
{
	u64 current;

	return cell_is_root(cpu->cell) && rule->root_read == MSR_DIRECT &&
	       read_msr_safe(cpu, msr, &current) && current == value;
}

bool guest_wrmsr(struct percpu *cpu)
{
	const u64 *r = cpu->arch.regs->r;
	u64 value = (u32)r[REG_RAX] | r[REG_RDX] << 32;
	u32 msr = (u32)r[REG_RCX], last;
	const struct msr_rule *rule;

	if (is_x2apic(msr)) {
		cpu->stats[msr == MSR_X2APIC_BASE + APIC_ICR ? JAILHOUSE_CPU_STAT_VMEXITS_MSR_X2APIC_ICR :
							       JAILHOUSE_CPU_STAT_VMEXITS_MSR_OTHER]++;
		return guest_apic_write(cpu, msr - MSR_X2APIC_BASE, value, true);
	}
	cpu->stats[JAILHOUSE_CPU_STAT_VMEXITS_MSR_OTHER]++;
	rule = find_rule(msr, &last);
	switch (rule_action(rule, true, cell_is_root(cpu->cell))) {
	case MSR_DIRECT:
		return write_msr_safe(cpu, msr, value) || vcpu_inject_gp(cpu);
	case MSR_DROP:
		return true;
	case MSR_EMULATE:
		return write_emulated(cpu, msr, value);
	case MSR_STOP:
		return stop(cpu, msr, true, value);
	default:
		return changes_nothing(cpu, rule, msr, value) || deny(cpu, msr, true);
	}
}
