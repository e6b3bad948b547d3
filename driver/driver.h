/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * State of the driver and the functions that its files offer each other.
 *
 * Two locks, taken in this order:
 *
 *   jh.lock   a mutex: one management request at a time. It is held for as long as a request takes,
 *             which may be seconds (votes, zeroing of memory).
 *   jh.state  a reader-writer semaphore, written only by the holder of jh.lock and only for the
 *             moment of a change: whether the hypervisor runs, the list of cells, their CPU sets,
 *             and the hypervisor memory. Whoever reads these or makes a hypercall holds one of the
 *             two locks. kobjects are never removed under it, as their readers take it.
 *
 * A function that refuses a request fills in a struct jailhouse_reason by jh_refuse() and returns
 * the errno; the ioctl layer logs the sentence once and hands the reason to the caller.
 */
#ifndef JH_DRIVER_H
#define JH_DRIVER_H

#include <linux/cpumask.h>
#include <linux/kobject.h>
#include <linux/list.h>
#include <linux/miscdevice.h>
#include <linux/mutex.h>
#include <linux/rwsem.h>
#include <linux/types.h>
#include <linux/wait.h>

#include <jailhouse/cell-config.h>
#include <jailhouse/hypercall.h>
#include <jailhouse/image.h>
#include <jailhouse/info.h>
#include <jailhouse/ioctl.h>

#define JH_VERSION "0.1.0"

/* The hypervisor maps 16 pages of a cell's configuration. */
#define JH_MAX_CELL_CONFIG   (16 * 4096)
#define JH_MAX_SYSTEM_CONFIG (1024 * 1024)
#define JH_MAX_CPU_SET	     4096

/* Hypervisor memory, from enable until the next enable or the end of the module */
struct jh_memory {
	phys_addr_t phys;
	size_t size;
	void *base;			/* cached mapping; read-only while the hypervisor runs */
	struct jailhouse_image_header header; /* as filled in; the root can't see it later */
	bool core_file;			/* sysfs file exists */
};

/* What is kept of a session after its end */
struct jh_snapshot {
	bool has_console;
	struct jailhouse_virt_console console;
	bool has_info;
	struct jailhouse_info info;
	u32 num_records;
	struct jailhouse_cpu_record record[];
};

struct jh_pci_claim {
	struct list_head entry;		/* jh_cell.pci_devices */
	struct pci_dev *dev;
	char *old_driver;		/* NULL: none was bound */
	char *old_override;		/* NULL: none was set */
};

struct jh_cell {
	struct kobject kobj;
	struct kobject *stats;		/* statistics/ */
	struct list_head entry;		/* jh.cells, in order of creation, root first */
	struct list_head cpu_dirs;	/* sysfs directories below stats */
	u32 id;
	char name[JAILHOUSE_CELL_NAME_MAXLEN + 1];
	bool alive;			/* the hypervisor knows it */
	bool load_failed;		/* its memory holds parts of images */
	int last_state;			/* as last reported by an event; see events.c for this and the next */
	bool changing;			/* a request is under way; written with jh.state for writing */
	struct jailhouse_cell_desc *config; /* root: inside jh.config */
	size_t config_size;
	struct list_head pci_devices;
	cpumask_var_t cpus;		/* assigned now */
	cpumask_var_t failed;		/* of these, as last looked at; see events.c for this and the next */
	cpumask_var_t last_failed;	/* whose failure was reported in this life */
	cpumask_var_t offlined;		/* taken offline for this cell */
};

struct jh_driver {
	struct miscdevice misc;
	struct device *root_dev;	/* /sys/devices/jailhouse */
	struct kobject *cells_kobj;
	struct mutex lock;
	struct rw_semaphore state;
	bool enabled;
	bool permissive;
	bool suspending;		/* between PM_*_PREPARE and PM_POST_* */
	struct list_head cells;
	struct jh_cell *root;		/* NULL if not enabled */
	struct cpumask owned;		/* CPUs that Linux may use while enabled */
	struct cpumask system;		/* CPUs of the system configuration */
	struct jailhouse_system *config; /* as accepted */
	u32 config_size;
	struct jh_memory mem;
	struct jh_snapshot *snapshot;	/* of the last session, or room for this one */
	u32 session;			/* counts enable attempts, for readers of the console */
	atomic_t event_base;		/* events of the driver and of past sessions */
};

extern struct jh_driver jh;

/* An open file */
struct jh_file {
	struct mutex lock;		/* one reader at a time */
	u32 mode;			/* JAILHOUSE_MODE_... */
	u32 acked;			/* event sequence number */
	u64 event;			/* number of the last event that was read; see events.c */
	u32 session;			/* that head belongs to */
	u32 head;			/* next character of the console */
	bool log_read;			/* stored log of that session is read */
	bool log_end;			/* its end is reported */
};

/* ---- info.c: reasons, info page, failure records ---- */

int jh_refuse(struct jailhouse_reason *r, int error, u32 code, u32 item, u32 index, u64 a, u64 b,
	      u64 c, u64 d);
#define jh_refuse_item(r, error, code, item, index) \
	jh_refuse(r, error, code, item, index, 0, 0, 0, 0)
#define jh_refuse_args(r, error, code, a, b) \
	jh_refuse(r, error, code, JAILHOUSE_ITEM_NONE, 0, a, b, 0, 0)
u64 jh_pack(const char *string);
void jh_log_reason(const char *what, const struct jailhouse_reason *r);
const struct jailhouse_info *jh_info(void);
void jh_info_reason(struct jailhouse_reason *r, int error);
int jh_info_record(u32 cpu, struct jailhouse_cpu_record *record);
struct jh_snapshot *jh_snapshot_alloc(u32 num_records);
void jh_snapshot_take(void);

/* ---- config.c ---- */

int jh_config_get_system(u64 address, u64 size, struct jailhouse_system **config,
			 u32 *config_size, struct jailhouse_reason *r);
int jh_config_get_cell(u64 address, u64 size, struct jailhouse_cell_desc **config,
		       size_t *config_size, struct jailhouse_reason *r);
void jh_config_put_cell(struct jailhouse_cell_desc *config, size_t config_size);
bool jh_config_has_cpu(const struct jailhouse_cell_desc *cell, u32 cpu);
u32 jh_config_max_cpus(const struct jailhouse_cell_desc *cell);
int jh_config_check_memory(const struct jailhouse_cell_desc *cell, struct jailhouse_reason *r);

/* ---- image.c ---- */

int jh_image_load(struct jailhouse_system *config, u32 config_size, u32 max_cpus, u32 enable_flags,
		  struct jailhouse_reason *r);
void jh_image_release(void);

/* ---- enable.c, disable.c ---- */

int jh_enable(u64 address, u64 size, u32 flags, struct jailhouse_reason *r);
int jh_disable(struct jailhouse_reason *r);
int jh_disable_locked(struct jailhouse_reason *r);
int jh_lock(struct jailhouse_reason *r);
int jh_lock_enabled(struct jailhouse_reason *r);
static inline void jh_unlock(void)
{
	mutex_unlock(&jh.lock);
}

/* ---- cell.c ---- */

struct jh_cell *jh_cell_alloc(const char *name, bool root);
struct jh_cell *jh_cell_find(const struct jailhouse_cell_id *id);
struct jh_cell *jh_cell_by_id(u32 id);
int jh_cell_unknown(const struct jailhouse_cell_id *id, struct jailhouse_reason *r);
int jh_lock_cell(const struct jailhouse_cell_id *id, struct jh_cell **cell, struct jailhouse_reason *r);
int jh_cell_create(u64 address, u64 size, u32 *id, struct jailhouse_reason *r);
int jh_cell_destroy(const struct jailhouse_cell_id *id, struct jailhouse_reason *r);
int jh_cell_destroy_locked(struct jh_cell *cell, struct jailhouse_reason *r);

/* ---- load.c ---- */

/* Gets descriptor @index of a request; -EFAULT if it can't. */
typedef int (*jh_image_fn)(void *context, u32 index, struct jailhouse_preload_image *image);

int jh_cell_load(const struct jailhouse_cell_id *id, u32 num_images, jh_image_fn get_image,
		 void *context, struct jailhouse_reason *r);
int jh_cell_start(const struct jailhouse_cell_id *id, struct jailhouse_reason *r);

/* ---- hypercall.c ---- */

int jh_request(u32 code, unsigned long arg, struct jailhouse_reason *r);
int jh_cell_state(const struct jh_cell *cell);
bool jh_cpu_failed(u32 cpu);
u32 jh_cpu_stat(u32 cpu, u32 stat);
u32 jh_hypervisor_info(u32 type);

/* ---- events.c ---- */

void jh_events_exit(void);
u32 jh_event_seq(void);
void jh_event_begin(struct jh_cell *cell);
void jh_event_cancel(struct jh_cell *cell);
void jh_event(u32 type, struct jh_cell *cell, int state, const struct jailhouse_reason *reason);
void jh_events_open(struct jh_file *f);
u32 jh_events_acknowledge(struct jh_file *f);
bool jh_events_pending(const struct jh_file *f);
int jh_events_read(struct jh_file *f, struct jailhouse_ioc_read_events *q);
void jh_events_watch(void);
extern wait_queue_head_t jh_wait;

/* ---- console.c ---- */

ssize_t jh_console_copy(char *buf);
void jh_console_snapshot(struct jailhouse_virt_console *copy,
			 const struct jailhouse_virt_console *ring);
bool jh_console_moved(u32 *tail);
ssize_t jh_console_read(struct file *file, char __user *buf, size_t count, loff_t *pos);
__poll_t jh_console_poll(struct jh_file *f);

/* ---- ioctl*.c ---- */

long jh_ioctl(struct file *file, unsigned int cmd, unsigned long arg);
long jh_ioctl_legacy(unsigned int cmd, unsigned long arg);
int jh_query_info(struct jailhouse_ioc_info *q);
int jh_query_config(struct jailhouse_ioc_get_config *q);
int jh_query_cell(struct jailhouse_ioc_cell_info *q);
int jh_query_next_cell(struct jailhouse_ioc_next_cell *q);
int jh_query_stats(struct jailhouse_ioc_cpu_stats *q);
int jh_query_record(struct jailhouse_ioc_cpu_record *q);
int jh_query_learned(struct jailhouse_ioc_learned *q);

/* ---- hardware.c ---- */

#define JH_MAX_REGISTERS 512

struct jh_registers {
	u32 count;
	struct jailhouse_ioc_register reg[JH_MAX_REGISTERS];
};

int jh_query_hardware(struct jailhouse_ioc_hardware *q);
/* Adds one, if there is room left. In any context. */
void jh_register(struct jh_registers *list, u32 kind, u32 unit, u64 number, u64 value);

/* ---- notify.c ---- */

int jh_notify_init(void);
void jh_notify_exit(void);

/* ---- sysfs.c, sysfs-cell.c ---- */

int jh_sysfs_init(void);
void jh_sysfs_exit(void);
int jh_sysfs_core_add(size_t size);
void jh_sysfs_core_remove(void);
extern const struct kobj_type jh_cell_type;
int jh_sysfs_cell_add(struct jh_cell *cell);
void jh_sysfs_cell_remove(struct jh_cell *cell);
int jh_sysfs_cpu_add(struct jh_cell *cell, u32 cpu);
void jh_sysfs_cpu_remove(struct jh_cell *cell, u32 cpu);

/* ---- pci.c ---- */

#ifdef CONFIG_PCI
int jh_pci_init(void);
void jh_pci_exit(void);
int jh_pci_claim(struct jh_cell *cell, struct jailhouse_reason *r);
void jh_pci_release(struct jh_cell *cell);
void jh_pci_add_virtual(void);
void jh_pci_remove_virtual(void);
#ifdef CONFIG_X86
static inline void jh_pci_host_add(void)
{
}
static inline void jh_pci_host_remove(void)
{
}
#else
/* pci-host.c */
void jh_pci_host_add(void);
void jh_pci_host_remove(void);
#endif
#else
static inline int jh_pci_init(void)
{
	return 0;
}
static inline void jh_pci_exit(void)
{
}
static inline int jh_pci_claim(struct jh_cell *cell, struct jailhouse_reason *r)
{
	return 0;
}
static inline void jh_pci_release(struct jh_cell *cell)
{
}
static inline void jh_pci_add_virtual(void)
{
}
static inline void jh_pci_remove_virtual(void)
{
}
#endif

#endif /* !JH_DRIVER_H */
