/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* IVSHMEM devices through vfio-pci, on a machine of files with a model of VFIO's ioctls. */
#include <errno.h>
#include <fcntl.h>
#include <linux/vfio.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <jailhouse/ivshmem-peer.h>

#include "ivshmem-tree.h"
#include "os.h"
#include "unit.h"

#define DIR         "sys/bus/pci/devices/" TREE_MEMORY
#define CONFIG      TREE_PAGE /* in the file that stands for the device */
#define COMMAND     4
#define MAX_VECTORS 16

static struct jailhouse_error error = JAILHOUSE_ERROR_INIT;

/* What the kernel knows; `fail` is the request that it refuses. */
static struct {
	unsigned long fail;
	int fail_errno;
	int version;
	uint32_t group_flags, msix, intx, region_flags;
	int container;
	unsigned long iommu;
	int32_t event[MAX_VECTORS];
	uint32_t index, events, unmasked;
} vfio;

static int set_irqs(const struct vfio_irq_set *set)
{
	assert_true(set->count <= MAX_VECTORS);
	if (set->flags == (VFIO_IRQ_SET_DATA_NONE | VFIO_IRQ_SET_ACTION_UNMASK)) {
		assert_int_equal(set->index, VFIO_PCI_INTX_IRQ_INDEX);
		vfio.unmasked++;
		return 0;
	}
	assert_int_equal(set->flags, VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER);
	assert_int_equal(set->argsz, sizeof(*set) + set->count * sizeof(int32_t));
	vfio.index = set->index;
	vfio.events = set->count;
	memcpy(vfio.event, set->data, set->count * sizeof(int32_t));
	return 0;
}

static int get_region(struct vfio_region_info *info)
{
	assert_int_equal(info->argsz, sizeof(*info));
	info->flags = vfio.region_flags;
	info->size = TREE_PAGE;
	info->offset = info->index == VFIO_PCI_CONFIG_REGION_INDEX ? CONFIG : 0;
	return 0;
}

static int get_irqs(struct vfio_irq_info *info)
{
	assert_int_equal(info->argsz, sizeof(*info));
	info->count = info->index == VFIO_PCI_MSIX_IRQ_INDEX ? vfio.msix : vfio.intx;
	info->flags = VFIO_IRQ_INFO_EVENTFD |
		      (info->index == VFIO_PCI_INTX_IRQ_INDEX ? VFIO_IRQ_INFO_AUTOMASKED : 0);
	return 0;
}

static int get_device(const char *name)
{
	char path[128];

	assert_string_equal(name, TREE_MEMORY);
	snprintf(path, sizeof(path), "%sdevice", jh_os_root());
	return jh_os_open(path, O_RDWR);
}

static int answer(int fd, unsigned long request, void *arg)
{
	if (request == vfio.fail)
		return -vfio.fail_errno;
	switch (request) {
	case VFIO_GET_API_VERSION:
		vfio.container = fd;
		return vfio.version;
	case VFIO_GROUP_GET_STATUS:
		((struct vfio_group_status *)arg)->flags = vfio.group_flags;
		return 0;
	case VFIO_GROUP_SET_CONTAINER:
		assert_int_equal(*(int *)arg, vfio.container);
		return 0;
	case VFIO_SET_IOMMU:
		assert_int_equal(fd, vfio.container);
		vfio.iommu = (unsigned long)(uintptr_t)arg;
		return 0;
	case VFIO_GROUP_GET_DEVICE_FD:
		return get_device(arg);
	case VFIO_DEVICE_GET_REGION_INFO:
		return get_region(arg);
	case VFIO_DEVICE_GET_IRQ_INFO:
		return get_irqs(arg);
	case VFIO_DEVICE_SET_IRQS:
		return set_irqs(arg);
	default:
		return -ENOTTY;
	}
}

static int setup(void **state)
{
	static const unsigned char pages[2 * TREE_PAGE];
	struct jailhouse_ivshmem_regs *regs;

	if (tree_setup(state) != 0)
		return -1;
	tree_add_memory();
	tree_link(DIR "/driver", "../../../bus/pci/drivers/vfio-pci");
	tree_link(DIR "/iommu_group", "../../../kernel/iommu_groups/7");
	tree_text("dev/vfio/vfio", "");
	tree_text("dev/vfio/7", "");
	tree_text("dev/vfio/noiommu-7", "");
	tree_file("device", pages, sizeof(pages));
	memcpy((char *)tree_map("device", 1) + JAILHOUSE_IVSHMEM_CFG_VENDOR_CAP,
	       (char *)tree_map(DIR "/config", 0) + JAILHOUSE_IVSHMEM_CFG_VENDOR_CAP,
	       JAILHOUSE_IVSHMEM_VENDOR_CAP_SIZE);
	regs = tree_map("device", 0);
	regs->max_peers = 3;
	memset(&vfio, 0, sizeof(vfio));
	vfio.version = VFIO_API_VERSION;
	vfio.group_flags = VFIO_GROUP_FLAGS_VIABLE;
	vfio.region_flags = VFIO_REGION_INFO_FLAG_MMAP;
	vfio.msix = 2;
	vfio.intx = 1;
	tree_ioctl = answer;
	return 0;
}

static int teardown(void **state)
{
	tree_ioctl = NULL;
	return tree_teardown(state);
}

static struct jailhouse_ivshmem *open_device(void)
{
	struct jailhouse_ivshmem *device = NULL;

	if (jailhouse_ivshmem_open(NULL, TREE_MEMORY, &device, &error) != 0)
		fail_msg("%s", error.text);
	return device;
}

static int open_files(void)
{
	char path[32];
	int n, count = 0;

	for (n = 0; n < 64; n++) {
		snprintf(path, sizeof(path), "/proc/self/fd/%d", n);
		count += access(path, F_OK) == 0;
	}
	return count;
}

static void expect_failure(int code, const char *text)
{
	struct jailhouse_ivshmem *device = NULL;
	int before = open_files();

	assert_int_equal(jailhouse_ivshmem_open(NULL, TREE_MEMORY, &device, &error), code);
	assert_null(device);
	if (!strstr(error.text, text))
		fail_msg("\"%s\" is not in \"%s\"", text, error.text);
	assert_int_equal(open_files(), before);
}

static void a_device_of_vfio_is_opened_with_its_group(void **state)
{
	int before = open_files();
	struct jailhouse_ivshmem *device = open_device();
	uint8_t *config = tree_map("device", 1);
	size_t size;

	(void)state;
	assert_int_equal(jailhouse_ivshmem_get_access(device), JAILHOUSE_IVSHMEM_ACCESS_VFIO);
	assert_int_equal(jailhouse_ivshmem_get_max_peers(device), 3);
	assert_int_equal(vfio.iommu, VFIO_TYPE1v2_IOMMU);
	assert_int_equal(config[COMMAND], 6);
	assert_int_equal(config[JAILHOUSE_IVSHMEM_CFG_PRIV_CNTL], JAILHOUSE_IVSHMEM_PRIV_ONESHOT);
	strcpy(jailhouse_ivshmem_get_output(device, &size), "from peer 0");
	assert_int_equal(size, TREE_PAGE);
	assert_string_equal(tree_map("dev/mem", TREE_BASE / TREE_PAGE + 1), "from peer 0");
	jailhouse_ivshmem_close(device);
	assert_int_equal(open_files(), before);
}

static void without_an_iommu_the_group_has_another_name(void **state)
{
	struct jailhouse_ivshmem_info info = JAILHOUSE_IVSHMEM_INFO_INIT;

	(void)state;
	tree_remove(DIR "/iommu_group");
	tree_text("groups/7/name", "vfio-noiommu\n");
	tree_link(DIR "/iommu_group", "../../../../../groups/7");
	assert_int_equal(jailhouse_ivshmem_find(NULL, TREE_MEMORY, &info, &error), 0);
	assert_string_equal(info.node, "vfio/noiommu-7");
	jailhouse_ivshmem_close(open_device());
	assert_int_equal(vfio.iommu, VFIO_NOIOMMU_IOMMU);
}

static void all_messages_come_to_one_descriptor(void **state)
{
	struct jailhouse_ivshmem *device = open_device();
	struct jailhouse_ivshmem_regs *regs = tree_map("device", 0);
	uint64_t one = 1;

	(void)state;
	assert_int_equal(vfio.index, VFIO_PCI_MSIX_IRQ_INDEX);
	assert_int_equal(vfio.events, 2);
	assert_int_equal(vfio.event[0], jailhouse_ivshmem_get_fd(device));
	assert_int_equal(vfio.event[1], jailhouse_ivshmem_get_fd(device));
	assert_int_equal(jailhouse_ivshmem_wait(device, 0, &error), 0);
	assert_int_equal(write(vfio.event[1], &one, sizeof(one)), sizeof(one));
	assert_int_equal(jailhouse_ivshmem_wait(device, 0, &error), 1);
	regs->int_control = 0;
	assert_int_equal(jailhouse_ivshmem_arm(device, &error), 0);
	assert_int_equal(regs->int_control, JAILHOUSE_IVSHMEM_INT_ENABLE);
	assert_int_equal(jailhouse_ivshmem_wait(device, 0, &error), 0);
	assert_int_equal(vfio.unmasked, 0);
	jailhouse_ivshmem_close(device);
}

static void messages_are_no_more_than_a_device_can_have(void **state)
{
	(void)state;
	vfio.msix = 2048;
	jailhouse_ivshmem_close(open_device());
	assert_int_equal(vfio.events, MAX_VECTORS);
}

static void an_interrupt_line_is_unmasked_before_the_next_event(void **state)
{
	struct jailhouse_ivshmem *device;

	(void)state;
	vfio.msix = 0;
	device = open_device();
	assert_int_equal(vfio.index, VFIO_PCI_INTX_IRQ_INDEX);
	assert_int_equal(vfio.events, 1);
	assert_int_equal(jailhouse_ivshmem_arm(device, &error), 0);
	assert_int_equal(vfio.unmasked, 1);
	vfio.fail = VFIO_DEVICE_SET_IRQS;
	vfio.fail_errno = EIO;
	assert_int_equal(jailhouse_ivshmem_arm(device, &error), JAILHOUSE_ERR_IO);
	jailhouse_ivshmem_close(device);
}

static void after_the_end_the_peer_sees_nobody(void **state)
{
	struct jailhouse_ivshmem *device = open_device();
	struct jailhouse_ivshmem_regs *regs = tree_map("device", 0);

	(void)state;
	assert_int_equal(jailhouse_ivshmem_set_state(device, 1, &error), 0);
	assert_int_equal(jailhouse_ivshmem_arm(device, &error), 0);
	jailhouse_ivshmem_close(device);
	assert_int_equal(regs->state, 0);
	assert_int_equal(regs->int_control, 0);
}

static void each_refusal_of_the_kernel_is_told(void **state)
{
	static const struct {
		unsigned long request;
		int sys_errno, code;
		const char *text;
	} refusals[] = {
		{VFIO_GET_API_VERSION, EIO, JAILHOUSE_ERR_IO, "version"},
		{VFIO_GROUP_GET_STATUS, EIO, JAILHOUSE_ERR_IO, "state of the group"},
		{VFIO_GROUP_SET_CONTAINER, EBUSY, JAILHOUSE_ERR_BUSY, "group to container"},
		{VFIO_SET_IOMMU, EPERM, JAILHOUSE_ERR_PERMISSION, "kind of IOMMU"},
		{VFIO_GROUP_GET_DEVICE_FD, ENODEV, JAILHOUSE_ERR_IO, "device"},
		{VFIO_DEVICE_GET_REGION_INFO, EINVAL, JAILHOUSE_ERR_IO, "region"},
		{VFIO_DEVICE_GET_IRQ_INFO, EINVAL, JAILHOUSE_ERR_IO, "interrupts"},
		{VFIO_DEVICE_SET_IRQS, ENOSPC, JAILHOUSE_ERR_IO, "interrupts to a descriptor"},
	};
	size_t n;

	(void)state;
	for (n = 0; n < ARRAY_LEN(refusals); n++) {
		vfio.fail = refusals[n].request;
		vfio.fail_errno = refusals[n].sys_errno;
		expect_failure(refusals[n].code, refusals[n].text);
	}
}

static void what_vfio_can_not_do_is_named(void **state)
{
	uint8_t *config = tree_map("device", 1);

	(void)state;
	vfio.version++;
	expect_failure(JAILHOUSE_ERR_NOT_SUPPORTED, "is not known");
	vfio.version--;
	vfio.group_flags = 0;
	expect_failure(JAILHOUSE_ERR_BUSY, "not bound to vfio-pci");
	vfio.group_flags = VFIO_GROUP_FLAGS_VIABLE;
	vfio.region_flags = 0;
	expect_failure(JAILHOUSE_ERR_NOT_SUPPORTED, "does not map its registers");
	vfio.region_flags = VFIO_REGION_INFO_FLAG_MMAP;
	vfio.msix = vfio.intx = 0;
	expect_failure(JAILHOUSE_ERR_NOT_SUPPORTED, "no interrupts");
	vfio.intx = 1;
	config[JAILHOUSE_IVSHMEM_CFG_VENDOR_CAP] = 5;
	expect_failure(JAILHOUSE_ERR_PROTOCOL, "vendor capability");
	tree_remove("dev/vfio/7");
	expect_failure(JAILHOUSE_ERR_NO_DEVICE, "dev/vfio/7");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_device_of_vfio_is_opened_with_its_group, setup,
						teardown),
		cmocka_unit_test_setup_teardown(without_an_iommu_the_group_has_another_name, setup,
						teardown),
		cmocka_unit_test_setup_teardown(all_messages_come_to_one_descriptor, setup,
						teardown),
		cmocka_unit_test_setup_teardown(messages_are_no_more_than_a_device_can_have, setup,
						teardown),
		cmocka_unit_test_setup_teardown(an_interrupt_line_is_unmasked_before_the_next_event,
						setup, teardown),
		cmocka_unit_test_setup_teardown(after_the_end_the_peer_sees_nobody, setup,
						teardown),
		cmocka_unit_test_setup_teardown(each_refusal_of_the_kernel_is_told, setup,
						teardown),
		cmocka_unit_test_setup_teardown(what_vfio_can_not_do_is_named, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
