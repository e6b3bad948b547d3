// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Calls to the firmware: PSCI and SMCCC, by SMC and HVC. Source: Arm DEN 0022D, DEN 0028. */
#include "fake-arm.h"
#include <pthread.h>
#include <hypervisor/arch/cpu.h>
#include <hypervisor/unit.h>

#define VERSION	       0x84000000U
#define SUSPEND	       0x84000001U
#define OFF	       0x84000002U
#define ON	       0x84000003U
#define INFO	       0x84000004U
#define MIGRATE_TYPE   0x84000006U
#define SYSTEM_OFF     0x84000008U
#define SYSTEM_RESET   0x84000009U
#define FEATURES       0x8400000aU
#define AS_64	       0x40000000U
#define SUCCESS	       0
#define NOT_SUPPORTED  -1
#define DENIED	       -3
#define ALREADY_ON     -4
#define STUB_ERROR     0xbadca11

#define EC_SMC64 0x17ULL
#define EC_HVC64 0x16ULL

extern const struct unit *const arch_units[];

/* The whole way from the exit; the program counter has to be behind the instruction. */
static s64 call(struct percpu *cpu, u64 ec, u64 id, u64 x1, u64 x2, u64 x3)
{
	const u64 args[] = { id, x1, x2, x3 };
	struct guest_regs before;
	u64 pc;

	on(cpu);
	memcpy(cpu->arch.regs->x, args, sizeof(args));
	before = *cpu->arch.regs;
	/* HVC has its return address behind it already. */
	pc = el2()->elr_el2 = 0x1000;
	el2()->esr_el2 = ec << 26 | ESR_LONG;
	guest_exit(cpu);
	if (cpu->arch.regs->x[0] != 0 || id != ON) /* it may have been started anew */
		assert_int_equal(el2()->elr_el2, ec == EC_SMC64 ? pc + 4 : pc);
	/* Forwarded calls return more than one register, nothing else does. */
	if (fake.firmware_calls == 0)
		assert_memory_equal(&before.x[1], &cpu->arch.regs->x[1], 30 * 8);
	return (s64)cpu->arch.regs->x[0];
}

static s64 smc(struct percpu *cpu, u64 id, u64 x1, u64 x2, u64 x3)
{
	return call(cpu, EC_SMC64, id, x1, x2, x3);
}

static s64 hvc(struct percpu *cpu, u64 id, u64 x1, u64 x2, u64 x3)
{
	return call(cpu, EC_HVC64, id, x1, x2, x3);
}

static u32 power_of(struct percpu *cpu)
{
	return __atomic_load_n(&cpu->arch.power, __ATOMIC_ACQUIRE);
}

static void set_off(struct percpu *cpu)
{
	cpu->arch.power = CPU_OFF;
	cpu->arch.parked = true;
}

static void take_requests(struct percpu *cpu)
{
	cpu_handle_requests(on(cpu));
}

static void simple_functions(void **state)
{
	(void)state;
	for (unsigned int n = 0; n < 2; n++) {
		s64 (*conduit)(struct percpu *, u64, u64, u64, u64) = n ? hvc : smc;

		assert_int_equal(conduit(CELL_CPU, VERSION, 0, 0, 0), 0x10001);
		assert_int_equal(conduit(CELL_CPU, MIGRATE_TYPE, 0, 0, 0), 2);
		assert_int_equal(conduit(CELL_CPU, VERSION | AS_64, 0, 0, 0), NOT_SUPPORTED);
		assert_int_equal(conduit(CELL_CPU, MIGRATE_TYPE | AS_64, 0, 0, 0), NOT_SUPPORTED);
	}
	assert_int_equal(CELL_CPU->stats[JAILHOUSE_CPU_STAT_VMEXITS_PSCI], 8);
	assert_int_equal(CELL_CPU->stats[JAILHOUSE_CPU_STAT_VMEXITS_TOTAL], 8);
	/* The upper half of the register does not count in an SMC; in an HVC it is no function id. */
	assert_int_equal(smc(CELL_CPU, 0xabcdULL << 32 | VERSION, 0, 0, 0), 0x10001);
	assert_int_equal(hvc(CELL_CPU, 0xabcdULL << 32 | VERSION, 0, 0, 0), NOT_SUPPORTED);
	assert_int_equal(fake.firmware_calls, 0);
}

static void unknown_functions(void **state)
{
	static const u32 unknown[] = { 0x84000005, 0x84000007, 0x8400000b, 0x84000010, 0x8400ffff, 0xc4000005,
		0xc4000002, 0xc4000008, 0xc4000009, 0xc400000a, 0x04000000, 0x84ff0000, 0x8700ff01, 0x80000002,
		0x80ffffff, 0xc0000000,
		/* other owners: CPU, vendor, OEM, hypervisor, trusted applications and systems */
		0x81000000, 0x82000000, 0xc3000001, 0x85000000, 0x86000000, 0xb0000000, 0xbf000000, 0x0, 0x32000000 };

	(void)state;
	for (unsigned int n = 0; n < ARRAY_LEN(unknown); n++) {
		assert_int_equal(smc(CELL_CPU, unknown[n], 1, 2, 3), NOT_SUPPORTED);
		assert_int_equal(hvc(CELL_CPU, unknown[n], 1, 2, 3), NOT_SUPPORTED);
	}
	assert_int_equal(fake.firmware_calls, 0);
	assert_trace("");
}

static void features(void **state)
{
	static const u32 both[] = { VERSION, SUSPEND, SUSPEND | AS_64, OFF, ON, ON | AS_64, INFO, INFO | AS_64,
		MIGRATE_TYPE, FEATURES, 0x80000000 };
	static const u32 none[] = { OFF | AS_64, VERSION | AS_64, 0x84000005, 0x8400000e, 0xc400000e, 0x84000012, 0,
		SYSTEM_OFF | AS_64, 0xc0000000, 0x80000001 };

	(void)state;
	for (unsigned int n = 0; n < ARRAY_LEN(both); n++) {
		assert_int_equal(smc(CELL_CPU, FEATURES, both[n], 0, 0), SUCCESS);
		assert_int_equal(smc(ROOT_CPU, FEATURES, both[n], 0, 0), SUCCESS);
	}
	for (unsigned int n = 0; n < ARRAY_LEN(none); n++)
		assert_int_equal(smc(ROOT_CPU, FEATURES, none[n], 0, 0), NOT_SUPPORTED);
	assert_int_equal(smc(ROOT_CPU, FEATURES, SYSTEM_RESET, 0, 0), SUCCESS);
	assert_int_equal(smc(CELL_CPU, FEATURES, SYSTEM_RESET, 0, 0), NOT_SUPPORTED);
	assert_int_equal(smc(CELL_CPU, FEATURES, SYSTEM_OFF, 0, 0), NOT_SUPPORTED);
}

/* ---- CPU_ON ---- */

static void wild_targets(void **state)
{
	static const u64 wild[] = { 4, 0x100, ~0ULL, 0x80000000 | MPIDR(3), MPIDR(3) | 1ULL << 40, MPIDR(3) & ~0U,
		0x103, MPIDR(3) << 32, MPIDR(0), MPIDR(1) };

	(void)state;
	set_off(CELL_CPU2);
	set_off(fake_cpu(1));
	for (unsigned int n = 0; n < ARRAY_LEN(wild); n++) {
		assert_int_equal(smc(CELL_CPU, ON | AS_64, wild[n], 0x1000, 0), DENIED);
		assert_int_equal(smc(CELL_CPU, INFO | AS_64, wild[n], 0, 0), DENIED);
	}
	/* Nobody was woken, least of all one of another cell. */
	assert_int_equal(CELL_CPU2->requests | fake_cpu(1)->requests, 0);
	assert_trace("");
	assert_int_equal(power_of(fake_cpu(1)), CPU_OFF);
	/* The 32-bit form cannot name it. */
	assert_int_equal(smc(CELL_CPU, ON, MPIDR(3), 0, 0), DENIED);
}

static void cpu_on(void **state)
{
	(void)state;
	set_off(CELL_CPU2);
	el2()->sctlr_el1 = 1;
	fake.el2[3].vbar_el1 = 0x1234;
	assert_int_equal(smc(CELL_CPU, ON | AS_64, MPIDR(3), ~0ULL, 0x123456789abcULL), SUCCESS);
	assert_trace("flush-all kick(3) ");
	assert_int_equal(power_of(CELL_CPU2), CPU_ON_PENDING);
	assert_int_equal(smc(CELL_CPU, INFO | AS_64, MPIDR(3), 0, 0), CPU_ON_PENDING);
	/* Once is enough. */
	assert_int_equal(smc(CELL_CPU, ON | AS_64, MPIDR(3), 0x5000, 5), ALREADY_ON);
	assert_int_equal(hvc(CELL_CPU, ON | AS_64, MPIDR(3), 0x5000, 5), ALREADY_ON);
	take_requests(CELL_CPU2);
	assert_false(CELL_CPU2->arch.parked);
	assert_int_equal(power_of(CELL_CPU2), CPU_ON);
	/* As after reset: where it was told to, whatever address that is, and with nothing of its former life */
	assert_int_equal(el2()->elr_el2, ~0ULL);
	assert_int_equal(el2()->spsr_el2, PSTATE_EL1H_MASKED);
	assert_int_equal(el2()->sctlr_el1, 0x30d00800);
	assert_int_equal(el2()->vbar_el1, 0);
	assert_int_equal(CELL_CPU2->arch.regs->x[0], 0x123456789abcULL);
	for (unsigned int n = 1; n < 31; n++)
		assert_int_equal(CELL_CPU2->arch.regs->x[n], 0);
	assert_int_equal(smc(CELL_CPU, INFO | AS_64, MPIDR(3), 0, 0), CPU_ON);
	assert_int_equal(smc(CELL_CPU, ON | AS_64, MPIDR(3), 0x5000, 5), ALREADY_ON);
	/* PSCI knows three states. */
	CELL_CPU2->arch.power = CPU_ON_CLAIMED;
	assert_int_equal(smc(CELL_CPU, INFO | AS_64, MPIDR(3), 0, 0), CPU_ON_PENDING);
	/* Itself */
	assert_int_equal(smc(CELL_CPU, ON | AS_64, MPIDR(2), 0x5000, 5), ALREADY_ON);
	assert_int_equal(smc(CELL_CPU, INFO | AS_64, MPIDR(2), 0, 0), CPU_ON);
}

/* Only the lower halves count. */
static void cpu_on_32(void **state)
{
	(void)state;
	set_off(fake_cpu(1));
	assert_int_equal(smc(ROOT_CPU, ON, 0xffULL << 32 | 1, 0xffULL << 32 | 0x4000, 0xffULL << 32 | 7), SUCCESS);
	take_requests(fake_cpu(1));
	assert_int_equal(el2()->elr_el2, 0x4000);
	assert_int_equal(fake_cpu(1)->arch.regs->x[0], 7);
	assert_int_equal(smc(ROOT_CPU, INFO, 0xffULL << 32 | 1, 0, 0), CPU_ON);
}

/* One that was stopped by a violation is the root cell's business until the cell is started again. */
static void cpu_on_failed(void **state)
{
	(void)state;
	set_off(CELL_CPU2);
	CELL_CPU2->failed = true;
	assert_int_equal(smc(CELL_CPU, ON | AS_64, MPIDR(3), 0x1000, 0), DENIED);
	assert_int_equal(smc(CELL_CPU, INFO | AS_64, MPIDR(3), 0, 0), CPU_OFF);
	assert_int_equal(CELL_CPU2->requests, 0);
	assert_int_equal(power_of(CELL_CPU2), CPU_OFF);
}

/* ---- CPU_OFF and CPU_SUSPEND ---- */

static void switch_on_sleeper(struct percpu *cpu, bool guest_irqs)
{
	assert_ptr_equal(cpu, CELL_CPU2);
	assert_false(guest_irqs); /* none of them may wake it */
	assert_int_equal(power_of(cpu), CPU_OFF);
	assert_true(cpu->arch.parked);
	fake.on_wait = NULL;
	assert_int_equal(smc(CELL_CPU, ON | AS_64, MPIDR(3), 0x7000, 0), SUCCESS);
	on(cpu);
}

static void cpu_off(void **state)
{
	(void)state;
	fake.on_wait = switch_on_sleeper;
	on(CELL_CPU2);
	CELL_CPU2->arch.regs->x[0] = OFF;
	el2()->elr_el2 = 0x1000;
	el2()->esr_el2 = EC_SMC64 << 26 | ESR_LONG;
	/* It comes back with the next CPU_ON. */
	guest_exit(CELL_CPU2);
	assert_int_equal(el2()->elr_el2, 0x7000);
	assert_int_equal(power_of(CELL_CPU2), CPU_ON);
	assert_trace("gic-reset(3) wait(3,kick) flush-all kick(3) simd debug(16,4) gic-on(3) forget-code kick-end(3) "
		     "publish ");
}

static void cpu_suspend(void **state)
{
	(void)state;
	for (unsigned int n = 0; n < 2; n++) {
		assert_int_equal(smc(CELL_CPU, SUSPEND | (n ? AS_64 : 0), 0x10000 * n, 0x5000, 1), SUCCESS);
		assert_trace("wait(2,guest) ");
		assert_int_equal(power_of(CELL_CPU), CPU_ON);
	}
}

/* ---- CPU_ON against the start of the cell, and against itself ---- */

static void drop_wakeups(bool starts)
{
	arch_cpu_drop_wakeups(CELL_CPU, starts);
	arch_cpu_drop_wakeups(CELL_CPU2, starts);
}

/* A start switches all CPUs but the first off, and a call that was under way does not survive it. */
static void start_after_cpu_on(void **state)
{
	(void)state;
	fake.cell_config.desc.cpu_reset_address = 0x100;
	set_off(CELL_CPU2);
	assert_int_equal(smc(CELL_CPU, ON | AS_64, MPIDR(3), 0x5000, 0), SUCCESS);
	/* The root cell comes before the target has looked: both CPUs are in the hypervisor. */
	drop_wakeups(true);
	assert_int_equal(power_of(CELL_CPU2), CPU_OFF);
	__atomic_fetch_or(&CELL_CPU->requests, CPU_REQ_RESET, __ATOMIC_ACQ_REL);
	__atomic_fetch_or(&CELL_CPU2->requests, CPU_REQ_RESET, __ATOMIC_ACQ_REL);
	take_requests(CELL_CPU2);
	assert_true(CELL_CPU2->arch.parked);
	assert_int_equal(power_of(CELL_CPU2), CPU_OFF);
	take_requests(CELL_CPU);
	assert_int_equal(el2()->elr_el2, 0x100);
	assert_int_equal(power_of(CELL_CPU), CPU_ON);
	/* Now it works as ever. */
	assert_int_equal(smc(CELL_CPU, ON | AS_64, MPIDR(3), 0x6000, 0), SUCCESS);
	take_requests(CELL_CPU2);
	assert_int_equal(el2()->elr_el2, 0x6000);
}

/* The first CPU is there first and switches on the second, whose own reset is still to come. */
static void cpu_on_before_reset(void **state)
{
	(void)state;
	drop_wakeups(true);
	CELL_CPU->requests = CELL_CPU2->requests = CPU_REQ_RESET;
	take_requests(CELL_CPU);
	assert_int_equal(smc(CELL_CPU, ON | AS_64, MPIDR(3), 0x6000, 0), SUCCESS);
	take_requests(CELL_CPU2);
	assert_int_equal(power_of(CELL_CPU2), CPU_ON);
	assert_false(CELL_CPU2->arch.parked);
	assert_int_equal(el2()->elr_el2, 0x6000);
}

/* The cell is destroyed, and Linux goes on and switches the CPU on before that has come to its park. */
static void cpu_on_before_park(void **state)
{
	(void)state;
	CELL_CPU2->arch.power = CPU_ON_PENDING; /* of its former life */
	drop_wakeups(false);
	assert_int_equal(power_of(CELL_CPU2), CPU_OFF);
	CELL_CPU2->cell = ROOT;
	CELL_CPU2->requests = CPU_REQ_SET_CELL | CPU_REQ_PARK;
	assert_int_equal(smc(ROOT_CPU, ON | AS_64, MPIDR(3), 0x6000, 7), SUCCESS);
	take_requests(CELL_CPU2);
	assert_int_equal(power_of(CELL_CPU2), CPU_ON);
	assert_false(CELL_CPU2->arch.parked);
	assert_int_equal(el2()->elr_el2, 0x6000);
	assert_int_equal(CELL_CPU2->arch.regs->x[0], 7);
}

/* A cell may get a CPU that the root cell has not switched off. */
static void given_away_while_on(void **state)
{
	(void)state;
	CELL_CPU2->cell = CELL_CPU->cell = ROOT;
	CELL_CPU2->arch.power = CPU_ON_PENDING;
	drop_wakeups(false);
	CELL_CPU2->cell = CELL_CPU->cell = CELL;
	for (unsigned int id = 2; id < FAKE_CPUS; id++) {
		fake_cpu(id)->requests = CPU_REQ_SET_CELL | CPU_REQ_PARK;
		take_requests(fake_cpu(id));
		assert_true(fake_cpu(id)->arch.parked);
		assert_int_equal(power_of(fake_cpu(id)), CPU_OFF);
	}
}

#define ROUNDS 20000

static u32 end_of_test;

/* Calls as fast as they can come, each with an entry that is told by the context. */
static void *switch_on(void *unused)
{
	struct guest_regs regs = { 0 };

	(void)unused;
	CELL_CPU->arch.regs = &regs;
	for (u64 n = 1; !__atomic_load_n(&end_of_test, __ATOMIC_ACQUIRE); n++) {
		regs.x[0] = ON | AS_64;
		regs.x[1] = MPIDR(3);
		regs.x[2] = n << 12;
		regs.x[3] = n;
		guest_smc(CELL_CPU);
	}
	return NULL;
}

/*
 * The target looks at a request that is not the one of this call, as one that a start has left: it must never begin
 * where an earlier call wanted to.
 */
static void cpu_on_is_one_step(void **state)
{
	pthread_t caller;
	u64 last = 0, begun;
	bool sound = true;

	(void)state;
	end_of_test = 0;
	set_off(CELL_CPU2);
	/* The kick is of no interest, and the trace is for one thread. */
	CELL_CPU2->arch.revoked = true;
	fake.no_trace = true;
	on(CELL_CPU2);
	assert_int_equal(pthread_create(&caller, NULL, switch_on, NULL), 0);
	for (unsigned int n = 0; n < ROUNDS && sound;) {
		psci_handle_request(CELL_CPU2);
		if (power_of(CELL_CPU2) != CPU_ON)
			continue;
		n++;
		begun = el2()->elr_el2 >> 12;
		sound = begun == CELL_CPU2->arch.regs->x[0] && begun > last;
		last = begun;
		__atomic_store_n(&CELL_CPU2->arch.power, CPU_OFF, __ATOMIC_RELEASE);
	}
	__atomic_store_n(&end_of_test, 1, __ATOMIC_RELEASE);
	pthread_join(caller, NULL);
	assert_true(sound);
}

/* ---- the end of the machine ---- */

static void end_of_machine(void **state)
{
	(void)state;
	assert_int_equal(smc(CELL_CPU, SYSTEM_OFF, 0, 0, 0), NOT_SUPPORTED);
	assert_int_equal(hvc(CELL_CPU, SYSTEM_RESET, 0, 0, 0), NOT_SUPPORTED);
	assert_int_equal(fake.firmware_calls, 0);
	assert_no_log();
	/* Firmware that does not do it says so. */
	fake.firmware_results[0] = (u64)-6;
	assert_int_equal(smc(ROOT_CPU, SYSTEM_OFF, 0, 0, 0), -6);
	assert_int_equal(fake.firmware[0], SYSTEM_OFF);
	assert_log("switches off");
	assert_int_equal(hvc(ROOT_CPU, SYSTEM_RESET, 0, 0, 0), -6);
	assert_int_equal(fake.firmware[0], SYSTEM_RESET);
	assert_int_equal(fake.firmware_calls, 2);
	assert_log("resets");
	assert_int_equal(smc(ROOT_CPU, SYSTEM_OFF | AS_64, 0, 0, 0), NOT_SUPPORTED);
	assert_int_equal(fake.firmware_calls, 2);
}

/* ---- SMCCC ---- */

#define SMCCC_VERSION  0x80000000U
#define ARCH_FEATURES  0x80000001U
#define WORKAROUND_1   0x80008000U
#define WORKAROUND_2   0x80007fffU
#define WORKAROUND_3   0x80003fffU

static void architecture_calls(void **state)
{
	static const u32 workarounds[] = { WORKAROUND_1, WORKAROUND_2, WORKAROUND_3 };

	(void)state;
	assert_int_equal(smc(CELL_CPU, SMCCC_VERSION, 0, 0, 0), 0x10001);
	assert_int_equal(hvc(CELL_CPU, SMCCC_VERSION, 0, 0, 0), 0x10001);
	assert_int_equal(smc(CELL_CPU, ARCH_FEATURES, SMCCC_VERSION, 0, 0), SUCCESS);
	assert_int_equal(smc(CELL_CPU, ARCH_FEATURES, ARCH_FEATURES, 0, 0), SUCCESS);
	assert_int_equal(smc(CELL_CPU, ARCH_FEATURES, 0x80000002, 0, 0), NOT_SUPPORTED);
	assert_int_equal(smc(CELL_CPU, ARCH_FEATURES, VERSION, 0, 0), NOT_SUPPORTED);
	assert_int_equal(CELL_CPU->stats[JAILHOUSE_CPU_STAT_VMEXITS_SMCCC], 6);
	assert_int_equal(CELL_CPU->stats[JAILHOUSE_CPU_STAT_VMEXITS_PSCI], 0);
	/* Firmware knows what it does against the CPU's weaknesses. */
	for (unsigned int n = 0; n < ARRAY_LEN(workarounds); n++) {
		fake.firmware_results[0] = n;
		assert_int_equal(smc(CELL_CPU, ARCH_FEATURES, workarounds[n], 0, 0), n);
		assert_int_equal(fake.firmware[0], ARCH_FEATURES);
		assert_int_equal(fake.firmware[1], workarounds[n]);
	}
	assert_int_equal(smc(CELL_CPU, WORKAROUND_2, 1, 0, 0), 2);
	assert_int_equal(fake.firmware[0], WORKAROUND_2);
	assert_int_equal(fake.firmware[1], 1);
	assert_int_equal(smc(CELL_CPU, WORKAROUND_1, 0, 0, 0), WORKAROUND_1);
	assert_int_equal(fake.firmware[0], WORKAROUND_1);
	assert_int_equal(smc(CELL_CPU, WORKAROUND_3, 0, 0, 0), WORKAROUND_3);
	assert_int_equal(fake.firmware[0], WORKAROUND_3);
	assert_int_equal(fake.firmware_calls, 6);
}

/* To the services of the board: the root cell's, and of those cells that may. */
static void forwarded_calls(void **state)
{
	static const u32 forwarded[] = { 0x82000001, 0xc2000001, 0x83000000, 0x85000000, 0x86000001, 0xb0000000,
		0xb2000000, 0xbf00ff01, 0x32000000 };
	static const u32 kept[] = { 0x81000000, 0x84000005, 0x87000000, 0x90000000, 0xaf000000, 0x80000002 };

	(void)state;
	for (unsigned int n = 0; n < 18; n++)
		fake.firmware_results[n] = 0x100 + n;
	for (unsigned int n = 0; n < ARRAY_LEN(forwarded); n++) {
		for (unsigned int reg = 0; reg < 31; reg++)
			ROOT_CPU->arch.regs->x[reg] = 0x200 + reg;
		assert_int_equal(smc(ROOT_CPU, forwarded[n], 1, 2, 3), 0x100);
		assert_int_equal(fake.firmware_calls, 1);
		assert_int_equal(fake.firmware[0], forwarded[n]);
		for (unsigned int reg = 1; reg < 4; reg++)
			assert_int_equal(fake.firmware[reg], reg);
		for (unsigned int reg = 4; reg < 18; reg++)
			assert_int_equal(fake.firmware[reg], 0x200 + reg);
		for (unsigned int reg = 0; reg < 31; reg++)
			assert_int_equal(ROOT_CPU->arch.regs->x[reg], (reg < 8 ? 0x100 : 0x200) + reg);
		assert_int_equal(smc(CELL_CPU, forwarded[n], 1, 2, 3), NOT_SUPPORTED);
		fake.cell_config.desc.flags = JAILHOUSE_CELL_SMC_ALLOW;
		assert_int_equal(smc(CELL_CPU, forwarded[n], 1, 2, 3), 0x100);
		fake.cell_config.desc.flags = 0;
		assert_int_equal(fake.firmware_calls, 2);
		fake.firmware_calls = 0;
	}
	for (unsigned int n = 0; n < ARRAY_LEN(kept); n++)
		assert_int_equal(smc(ROOT_CPU, kept[n], 1, 2, 3), NOT_SUPPORTED);
	assert_int_equal(fake.firmware_calls, 0);
}

/* HVC #0 with what is no function id: Linux' KVM asks the stub that it takes for present. */
static void stub_calls(void **state)
{
	(void)state;
	for (u64 id = 0; id < 4; id++) {
		assert_int_equal(hvc(ROOT_CPU, id, 0, 0, 0), STUB_ERROR);
		assert_int_equal(hvc(CELL_CPU, id, 0, 0, 0), NOT_SUPPORTED);
	}
	assert_int_equal(hvc(ROOT_CPU, 4, 0, 0, 0), NOT_SUPPORTED);
	assert_int_equal(hvc(ROOT_CPU, ~0ULL, 0, 0, 0), NOT_SUPPORTED);
	assert_int_equal(hvc(ROOT_CPU, 0x7fffffff, 0, 0, 0), NOT_SUPPORTED);
	assert_int_equal(fake.firmware_calls, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		GUEST_TEST(simple_functions),
		GUEST_TEST(unknown_functions),
		GUEST_TEST(features),
		GUEST_TEST(wild_targets),
		GUEST_TEST(cpu_on),
		GUEST_TEST(cpu_on_32),
		GUEST_TEST(cpu_on_failed),
		GUEST_TEST(cpu_off),
		GUEST_TEST(cpu_suspend),
		GUEST_TEST(start_after_cpu_on),
		GUEST_TEST(cpu_on_before_reset),
		GUEST_TEST(cpu_on_before_park),
		GUEST_TEST(given_away_while_on),
		GUEST_TEST(cpu_on_is_one_step),
		GUEST_TEST(end_of_machine),
		GUEST_TEST(architecture_calls),
		GUEST_TEST(forwarded_calls),
		GUEST_TEST(stub_calls),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
