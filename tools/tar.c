/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <assert.h>
#include <string.h>

#include "tar.h"

#define BLOCK     512
#define NAME_SIZE 100

/* Numbers are text in octal. */
struct header {
	char name[NAME_SIZE];
	char mode[8];
	char uid[8];
	char gid[8];
	char size[12];
	char mtime[12];
	char checksum[8];
	char type;
	char link[NAME_SIZE];
	char magic[8];
	char owner[32];
	char group[32];
	char device[16];
	char prefix[155];
	char padding[12];
};
static_assert(sizeof(struct header) == BLOCK, "a header is a block");

static void set_checksum(struct header *header)
{
	const unsigned char *byte = (const unsigned char *)header;
	unsigned int sum = 0;
	size_t n;

	/* Of the header with blanks in place of the sum */
	memset(header->checksum, ' ', sizeof(header->checksum));
	for (n = 0; n < sizeof(*header); n++)
		sum += byte[n];
	snprintf(header->checksum, sizeof(header->checksum), "%06o", sum & 0777777);
}

static void pad(FILE *file, size_t size)
{
	static const char zero[BLOCK];

	if (size % BLOCK)
		fwrite(zero, 1, BLOCK - size % BLOCK, file);
}

bool tar_add(FILE *file, const char *name, const void *data, size_t size)
{
	struct header header;

	if (strlen(name) >= NAME_SIZE)
		return false;
	memset(&header, 0, sizeof(header));
	memcpy(header.name, name, strlen(name));
	strcpy(header.mode, "0000644");
	strcpy(header.uid, "0000000");
	strcpy(header.gid, "0000000");
	if (snprintf(header.size, sizeof(header.size), "%011llo", (unsigned long long)size) >=
	    (int)sizeof(header.size))
		return false;
	strcpy(header.mtime, "00000000000");
	header.type = '0';
	memcpy(header.magic, "ustar\00000", 8);
	set_checksum(&header);
	fwrite(&header, sizeof(header), 1, file);
	if (size > 0)
		fwrite(data, 1, size, file);
	pad(file, size);
	return true;
}

void tar_end(FILE *file)
{
	static const char zero[2 * BLOCK];

	fwrite(zero, 1, sizeof(zero), file);
}
