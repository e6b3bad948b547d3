// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Calls to the firmware: PSCI is answered here, since CPUs belong to cells; the root cell's calls to its own services
 * are forwarded. Source: Arm DEN 0022D (PSCI 1.1), DEN 0028 (SMCCC 1.1).
 */
#include <hypervisor/arch/cpu.h>
#include <asm/gic.h>
#include <asm/guest.h>

#define CALL_OWNER(id)	   (((id) >> 24) & 0x3f)
#define CALL_IS_64(id)	   ((id) & 0x40000000)
#define CALL_NUMBER(id)	   ((id) & ~0x40000000U)
#define OWNER_ARCH	   0
#define OWNER_SIP	   2
#define OWNER_STANDARD	   4
#define OWNER_TRUSTED_OS   48

#define SMCCC_VERSION	   0x80000000U
#define SMCCC_WORKAROUND_2 0x80007fffU

#define PSCI_VERSION	   0x84000000U
#define PSCI_CPU_SUSPEND   0x84000001U
#define PSCI_CPU_OFF	   0x84000002U
#define PSCI_CPU_ON	   0x84000003U
#define PSCI_AFFINITY_INFO 0x84000004U
#define PSCI_MIGRATE_INFO_TYPE 0x84000006U
#define PSCI_SYSTEM_OFF	   0x84000008U
#define PSCI_SYSTEM_RESET  0x84000009U
#define PSCI_FEATURES	   0x8400000aU

#define VERSION_1_1	   0x10001
#define NO_MIGRATION	   2

#define RET_SUCCESS	   0UL
#define RET_NOT_SUPPORTED  ((u64)-1)
#define RET_DENIED	   ((u64)-3)
#define RET_ALREADY_ON	   ((u64)-4)

/* Ids of the kernel's stub for HVC, below which it has an answer for each. */
#define STUB_CALLS	   4
#define STUB_ERROR	   0xbadca11UL

static struct percpu *cpu_by_mpidr(const struct cell *cell, u64 mpidr)
{
	struct machine *m = cell->machine;

	for_each_cell_cpu(id, cell)
		if (machine_cpu(m, id)->arch.mpidr == mpidr)
			return machine_cpu(m, id);
	return NULL;
}

static u64 cpu_on(struct percpu *cpu, u64 mpidr, u64 entry, u64 context)
{
	struct percpu *target = cpu_by_mpidr(cpu->cell, mpidr);
	u32 off = CPU_OFF;

	/* One that was stopped by a violation waits for the root cell to look at it. */
	if (!target || __atomic_load_n(&target->failed, __ATOMIC_ACQUIRE))
		return RET_DENIED;
	/* Two steps: a request that is older, and means nothing any more, may make the target look at any time. */
	if (!__atomic_compare_exchange_n(&target->arch.power, &off, CPU_ON_CLAIMED, false, __ATOMIC_ACQ_REL,
					 __ATOMIC_ACQUIRE))
		return RET_ALREADY_ON;
	target->arch.on_entry = entry;
	target->arch.on_context = context;
	__atomic_store_n(&target->arch.power, CPU_ON_PENDING, __ATOMIC_RELEASE);
	cpu_request(target, CPU_REQ_ARCH);
	return RET_SUCCESS;
}

void psci_handle_request(struct percpu *cpu)
{
	u32 pending = CPU_ON_PENDING;

	if (!__atomic_compare_exchange_n(&cpu->arch.power, &pending, CPU_ON, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
		return;
	guest_wipe(cpu);
	if (cpu->machine->arch.gic->cpu_on)
		cpu->machine->arch.gic->cpu_on(cpu);
	guest_reset(cpu, cpu->arch.on_entry, cpu->arch.on_context);
	cpu->arch.parked = false;
}

static void cpu_off(struct percpu *cpu)
{
	cpu->machine->arch.gic->cpu_reset(cpu);
	cpu->arch.parked = true;
	__atomic_store_n(&cpu->arch.power, CPU_OFF, __ATOMIC_RELEASE);
}

static u64 affinity_info(const struct percpu *cpu, u64 mpidr)
{
	const struct percpu *target = cpu_by_mpidr(cpu->cell, mpidr);
	u32 power;

	if (!target)
		return RET_DENIED;
	power = __atomic_load_n(&target->arch.power, __ATOMIC_ACQUIRE);
	return MIN(power, (u32)CPU_ON_PENDING);
}

/* Kept out of the frequent calls, whose stack frames would grow by theirs. */
#define RARE __attribute__((noinline, cold))

/* The root cell may end the machine. */
static RARE u64 system_end(struct percpu *cpu, u32 id)
{
	u64 x[18] = { id };

	if (!cell_is_root(cpu->cell))
		return RET_NOT_SUPPORTED;
	cpu_printk(cpu, "The root cell %s the machine\n", id == PSCI_SYSTEM_OFF ? "switches off" : "resets");
	arch_firmware_call(x);
	return x[0];
}

static bool has_function(const struct percpu *cpu, u32 id)
{
	switch (CALL_NUMBER(id)) {
	case PSCI_CPU_SUSPEND:
	case PSCI_CPU_ON:
	case PSCI_AFFINITY_INFO:
		return true;
	case PSCI_VERSION:
	case PSCI_CPU_OFF:
	case PSCI_MIGRATE_INFO_TYPE:
	case PSCI_FEATURES:
	case SMCCC_VERSION:
		return !CALL_IS_64(id);
	case PSCI_SYSTEM_OFF:
	case PSCI_SYSTEM_RESET:
		return !CALL_IS_64(id) && cell_is_root(cpu->cell);
	default:
		return false;
	}
}

static u64 psci(struct percpu *cpu, u32 id, const u64 x[4])
{
	u64 mask = CALL_IS_64(id) ? ~0ULL : ~0U;

	cpu->stats[JAILHOUSE_CPU_STAT_VMEXITS_PSCI]++;
	if (!has_function(cpu, id))
		return RET_NOT_SUPPORTED;
	switch (CALL_NUMBER(id)) {
	case PSCI_CPU_SUSPEND:
		/* Whatever state is asked for: one that keeps everything is always allowed. */
		gic_wait(cpu, true);
		return RET_SUCCESS;
	case PSCI_CPU_OFF:
		cpu_off(cpu);
		return RET_SUCCESS;
	case PSCI_CPU_ON:
		return cpu_on(cpu, x[1] & mask, x[2] & mask, x[3] & mask);
	case PSCI_AFFINITY_INFO:
		return affinity_info(cpu, x[1] & mask);
	case PSCI_VERSION:
		return VERSION_1_1;
	case PSCI_MIGRATE_INFO_TYPE:
		return NO_MIGRATION;
	case PSCI_FEATURES:
		return has_function(cpu, (u32)x[1]) ? RET_SUCCESS : RET_NOT_SUPPORTED;
	default:
		return system_end(cpu, id);
	}
}

/* Mitigations of the firmware, which it knows best. */
static RARE u64 arch_feature(u32 id)
{
	u64 x[18] = { SMCCC_ARCH_FEATURES, id };

	switch (id) {
	case SMCCC_VERSION:
	case SMCCC_ARCH_FEATURES:
		return RET_SUCCESS;
	case SMCCC_WORKAROUND_1:
	case SMCCC_WORKAROUND_2:
	case SMCCC_WORKAROUND_3:
		arch_firmware_call(x);
		return x[0];
	default:
		return RET_NOT_SUPPORTED;
	}
}

static RARE bool arch_call(struct percpu *cpu, u32 id, u64 x[4])
{
	u64 call[18] = { id, x[1] };

	cpu->stats[JAILHOUSE_CPU_STAT_VMEXITS_SMCCC]++;
	switch (id) {
	case SMCCC_VERSION:
		x[0] = VERSION_1_1;
		return true;
	case SMCCC_ARCH_FEATURES:
		x[0] = arch_feature((u32)x[1]);
		return true;
	case SMCCC_WORKAROUND_1:
	case SMCCC_WORKAROUND_3:
		/* Only its effect counts, and it changes no register. */
		arch_firmware_call(call);
		return true;
	case SMCCC_WORKAROUND_2:
		arch_firmware_call(call);
		x[0] = call[0];
		return true;
	default:
		return false;
	}
}

static bool is_forwarded(const struct percpu *cpu, u32 id)
{
	unsigned int owner = CALL_OWNER(id);
	bool allowed = cell_is_root(cpu->cell) || (cpu->cell->config->flags & JAILHOUSE_CELL_SMC_ALLOW);

	return allowed &&
	       ((owner >= OWNER_SIP && owner <= 6 && owner != OWNER_STANDARD) || owner >= OWNER_TRUSTED_OS);
}

static RARE void forward(struct percpu *cpu)
{
	u64 x[18];

	cpu->stats[JAILHOUSE_CPU_STAT_VMEXITS_SMCCC]++;
	for (unsigned int n = 0; n < ARRAY_LEN(x); n++)
		x[n] = guest_reg(cpu->arch.regs, n);
	arch_firmware_call(x);
	/* SMCCC 1.1 keeps registers 4 to 17, older firmware may return more; it was asked to, so it may. */
	for (unsigned int n = 0; n < 8; n++)
		guest_set_reg(cpu->arch.regs, n, x[n]);
}

static __attribute__((noinline)) void other_call(struct percpu *cpu)
{
	struct guest_regs *regs = cpu->arch.regs;
	u64 x[4] = { guest_reg(regs, 0), guest_reg(regs, 1), guest_reg(regs, 2), guest_reg(regs, 3) };
	u32 id = (u32)x[0];

	if (CALL_OWNER(id) == OWNER_STANDARD) {
		x[0] = psci(cpu, id, x);
	} else if (CALL_OWNER(id) == OWNER_ARCH) {
		if (!arch_call(cpu, id, x))
			x[0] = RET_NOT_SUPPORTED;
	} else if (is_forwarded(cpu, id)) {
		forward(cpu);
		return;
	} else {
		cpu->stats[JAILHOUSE_CPU_STAT_VMEXITS_SMCCC]++;
		x[0] = RET_NOT_SUPPORTED;
	}
	guest_set_reg(regs, 0, x[0]);
}

/* This one needs nothing of what the others need. It is how the cost of a call is measured. */
void guest_smc(struct percpu *cpu)
{
	if (unlikely(guest_reg(cpu->arch.regs, 0) != PSCI_VERSION)) {
		other_call(cpu);
		return;
	}
	cpu->stats[JAILHOUSE_CPU_STAT_VMEXITS_PSCI]++;
	guest_set_reg(cpu->arch.regs, 0, VERSION_1_1);
}

/*
 * HVC #0 is the other conduit. KVM in the root cell calls its stub with it, which is us now: it gets the stub's answer
 * for what it does not know.
 */
void guest_hvc(struct percpu *cpu)
{
	u64 id = guest_reg(cpu->arch.regs, 0);

	if ((id & 0x80000000U) && id <= ~0U)
		guest_smc(cpu);
	else
		guest_set_reg(cpu->arch.regs, 0,
			      cell_is_root(cpu->cell) && id < STUB_CALLS ? STUB_ERROR : RET_NOT_SUPPORTED);
}
