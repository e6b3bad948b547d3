/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What an architecture brings: a port of the driver is one implementation of these functions.
 * All are called with jh.lock held, in process context, unless stated otherwise.
 */
#ifndef JH_ARCH_H
#define JH_ARCH_H

#include "driver.h"

/* jailhouse_system.architecture of this machine */
extern const u8 jh_arch_architecture;

/* Name of the hypervisor image for this machine, in the firmware path. After jh_arch_check(). */
const char *jh_arch_image_name(void);

/* What sets this image apart, at most eight characters, for the reason IMAGE_MISSING */
const char *jh_arch_image_kind(void);

/* One of the JAILHOUSE_IMAGE_... features that the image must have, 0 for any */
u64 jh_arch_image_feature(void);

/* Called without lock, also while the hypervisor runs: can the hypervisor run on this machine at all? */
int jh_arch_check(struct jailhouse_reason *r);

/* Fill in what the configuration leaves to the driver, and this architecture's header fields. */
int jh_arch_complete(struct jailhouse_system *config, struct jailhouse_image_header *header,
		     struct jailhouse_reason *r);

/*
 * Make what the entry needs: page tables. jh.mem is set up with the image in it. Undone by
 * jh_arch_release(), which may also be called when nothing was prepared.
 */
int jh_arch_prepare(struct jailhouse_reason *r);
void jh_arch_release(void);

/*
 * Call the image's entry on all online CPUs, or the hypercall DISABLE. CPU hotplug is disabled by
 * the caller. Returns 0 or the error of the image, which then is the same on all CPUs. If the image
 * was not called at all, the reason is filled in, else it is left as it is.
 */
int jh_arch_enter(struct jailhouse_reason *r);
int jh_arch_leave(void);

/* The highest physical address that there may be */
u64 jh_arch_phys_limit(void);

/*
 * The memory of the hypervisor is not free: print how to keep it from Linux. Returns the kernel
 * argument that does so, at most eight characters.
 */
const char *jh_arch_hint_reserve(u64 start, u64 size);

/* After a refusal by the image: print what the user can do about it, if there is something. */
void jh_arch_hint(const struct jailhouse_reason *r);

/* Was this CPU, which is offline, ever run by Linux? Then it still executes Linux' code. */
bool jh_arch_cpu_was_online(u32 cpu);

/* May this CPU be given to a cell? */
int jh_arch_check_cell_cpu(u32 cpu, struct jailhouse_reason *r);

/*
 * Make code that was written to the memory of a cell or the hypervisor visible for those who run
 * it, even with their caches off.
 */
void jh_arch_sync_code(void *start, size_t size);

/*
 * For `hardware check`. Called without jh.lock, but with jh.state, and not while the hypervisor runs. An error: this
 * CPU is offline.
 */
int jh_arch_cpu_registers(struct jh_registers *list, u32 cpu);
void jh_arch_machine_registers(struct jh_registers *list);

/* Files in statistics/ beyond the generic ones */
struct jh_stat_attribute {
	struct kobj_attribute attr;
	u32 stat;			/* JAILHOUSE_CPU_STAT_... */
};
ssize_t jh_stat_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf);
#define JH_STAT(file, number)                                                                      \
	static struct jh_stat_attribute jh_stat_##file = {                                         \
		.attr = __ATTR(file, 0444, jh_stat_show, NULL),                                    \
		.stat = JAILHOUSE_CPU_STAT_##number,                                               \
	}
extern const struct attribute_group jh_arch_stat_group;

#endif /* !JH_ARCH_H */
